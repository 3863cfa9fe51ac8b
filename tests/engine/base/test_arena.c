#include "check.h"

#include "base/arena.h"

static void aligned_and_zeroed(void **state)
{
    (void)state;
    orr_arena a = {0};
    for (size_t size = 0; size < 200000; size = size * 2 + 1) {
        unsigned char *p = orr_arena_alloc(&a, size);
        CHECK(p && (uintptr_t)p % 64 == 0);
        for (size_t k = 0; k < size; k++)
            CHECK(p[k] == 0);
        memset(p, 0xff, size);
    }
    orr_arena_reset(&a);
    unsigned char *again = orr_arena_alloc(&a, 1000);
    for (size_t k = 0; k < 1000; k++)
        CHECK(again[k] == 0);
    CHECK(orr_arena_alloc(&a, (size_t)-1) == NULL);
    orr_arena_free(&a);
}

static void saves_and_restores(void **state)
{
    (void)state;
    orr_arena a = {0};
    double *p = orr_arena_alloc(&a, 80), *q = orr_arena_alloc(&a, 500000);
    for (int k = 0; k < 10; k++)
        p[k] = k;
    q[60000] = 7;
    void *copy = test_malloc(orr_arena_used(&a));
    orr_arena_save(&a, copy);
    p[3] = q[60000] = -1;
    orr_arena_restore(&a, copy);
    CHECK(p[3] == 3 && q[60000] == 7);
    test_free(copy);
    orr_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(aligned_and_zeroed),
                                       cmocka_unit_test(saves_and_restores)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
