/* The radix sort against the definition: in order, stable, nothing lost; numbers as keys. */
#include "check.h"

#include <stdlib.h>

#include "base/sort.h"

enum { MOST = 5000 };

static void sorts(void **state)
{
    (void)state;
    static orr_keyed items[MOST], room[MOST];
    static bool seen[MOST];
    const uint64_t masks[] = {0, 3, 0xffff, 0xff00ff00, UINT64_MAX}; /* many equal ones, and none */
    const size_t counts[] = {0, 1, 2, 17, MOST};
    uint64_t seed = 5;
    for (size_t m = 0; m < 5; m++)
        for (size_t t = 0; t < 5; t++) {
            size_t n = counts[t];
            for (size_t k = 0; k < n; k++) {
                (void)check_random(&seed);
                items[k] = (orr_keyed){(seed ^ seed >> 29) & masks[m], k};
            }
            orr_sort_keyed(items, room, n);
            memset(seen, 0, sizeof seen);
            for (size_t k = 0; k < n; k++) {
                CHECK(items[k].value < n && !seen[items[k].value]);
                seen[items[k].value] = true;
                if (k > 0)
                    CHECK(items[k - 1].key < items[k].key || (items[k - 1].key == items[k].key &&
                                                              items[k - 1].value < items[k].value));
            }
        }
}

static void keys_of_numbers(void **state)
{
    (void)state;
    const double order[] = {-INFINITY, -1e300, -1.5, -1, -5e-324, 0, 5e-324, 1, 1.5, INFINITY};
    enum { N = sizeof order / sizeof *order };
    for (size_t k = 0; k < N; k++) {
        CHECK_BITS(orr_double_of_key(orr_key_of_double(order[k])), order[k]);
        if (k > 0)
            CHECK(orr_key_of_double(order[k - 1]) < orr_key_of_double(order[k]));
    }
    CHECK(orr_key_of_double(-0.0) == orr_key_of_double(0.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sorts), cmocka_unit_test(keys_of_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
