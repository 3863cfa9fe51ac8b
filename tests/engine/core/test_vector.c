#include "check.h"

#include <orrery/vector.h>

#include <stdlib.h>

enum { N = 200000 };

static double *vector(uint64_t seed)
{
    double *v = aligned_alloc(64, N * sizeof *v);
    for (size_t k = 0; k < N; k++)
        v[k] = check_random(&seed) - 0.5;
    return v;
}

static void same_bits_for_any_threads(void **state)
{
    (void)state;
    for (int threads = 2; threads <= 5; threads++) {
        double *y1 = vector(1), *y2 = vector(1), *low1 = vector(2), *low2 = vector(2);
        double *x = vector(3);
        orr_axpy_compensated(N, y1, low1, 0.1, x, 1);
        orr_axpy_compensated(N, y2, low2, 0.1, x, threads);
        orr_axpy(N, low1, 3, y1, 1);
        orr_axpy(N, low2, 3, y2, threads);
        CHECK(memcmp(y1, y2, N * 8) == 0 && memcmp(low1, low2, N * 8) == 0);
        free(y1), free(y2), free(low1), free(low2), free(x);
    }
}

static void compensation_keeps_what_rounding_takes(void **state)
{
    (void)state;
    double y[8] = {0}, low[8] = {0}, plain[8] = {0}, x[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    y[0] = plain[0] = 1e10;
    for (int k = 0; k < 1000000; k++) {
        orr_axpy_compensated(8, y, low, 1e-7, x, 1);
        orr_axpy(8, plain, 1e-7, x, 1);
    }
    CHECK_NEAR((y[0] - 1e10) + low[0], 0.1, 1e-12);
    CHECK(fabs(plain[0] - 1e10 - 0.1) > 1e-3); /* so the test can tell the difference */
}

static void finds_what_is_not_finite(void **state)
{
    (void)state;
    for (size_t n = 1; n < 40; n++)
        for (size_t bad = 0; bad < n; bad++) {
            double x[40] = {0};
            for (size_t k = 0; k < n; k++)
                x[k] = k % 2 ? 1e300 : -1e300;
            CHECK(orr_all_finite(n, x));
            x[bad] = bad % 2 ? NAN : INFINITY;
            CHECK(!orr_all_finite(n, x));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_bits_for_any_threads),
                                       cmocka_unit_test(compensation_keeps_what_rounding_takes),
                                       cmocka_unit_test(finds_what_is_not_finite)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
