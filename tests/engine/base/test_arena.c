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

/* What is allocated after a mark is given back, and its memory taken again. */
static void marks(void **state)
{
    (void)state;
    orr_arena a = {.is_scratch = true};
    double *before = orr_arena_alloc(&a, 800);
    for (int k = 0; k < 100; k++)
        before[k] = k;
    size_t used = orr_arena_used(&a), held = 0;
    for (int round = 0; round < 50; round++) {
        orr_arena_mark mark = orr_arena_here(&a);
        for (size_t size = 100; size < 3000000; size *= 7)
            memset(orr_arena_alloc(&a, size), 1, size);
        orr_arena_release(&a, mark);
        CHECK(orr_arena_used(&a) == used);
        if (round == 3)
            held = orr_arena_held(&a);
        CHECK(round < 3 || orr_arena_held(&a) == held);
    }
    for (int k = 0; k < 100; k++)
        CHECK(before[k] == k);
    orr_arena empty = {.is_scratch = true};
    orr_arena_mark start = orr_arena_here(&empty);
    CHECK(orr_arena_alloc(&empty, 1000));
    orr_arena_release(&empty, start);
    CHECK(orr_arena_used(&empty) == 0);
    orr_arena_free(&empty);
    orr_arena_free(&a);
    CHECK(orr_arena_held(&a) == 0);
}

static void keeps(void **state)
{
    (void)state;
    struct {
        double *x;
        unsigned char *y;
        uint64_t *z;
    } s = {0};
    for (int scratch = 0; scratch < 2; scratch++) { /* zeroed in either */
        orr_arena a = {.is_scratch = scratch, .remembers = !scratch};
        memset(orr_arena_alloc(&a, 5000), 0xff, 5000);
        orr_arena_reset(&a);
        orr_keep(&a, &s.x, 10);
        orr_keep(&a, &s.y, 3);
        CHECK_OK(orr_kept(&a));
        for (int k = 0; k < 10; k++)
            CHECK(s.x[k] == 0);
        CHECK(s.y[0] == 0 && s.y[2] == 0);
        CHECK(a.n_blocks == (scratch ? 0 : 2));
        if (!scratch)
            CHECK(a.blocks[0].data == (void *)s.x && a.blocks[0].size == 80 &&
                  a.blocks[1].size == 3);
        orr_keep(&a, &s.z, SIZE_MAX / 4); /* a failure is remembered until the next prepare() */
        CHECK(s.z == NULL && orr_kept(&a) == ORR_E_NO_MEMORY);
        orr_keep(&a, &s.z, 1);
        CHECK(s.z && orr_kept(&a) == ORR_E_NO_MEMORY);
        orr_arena_reset(&a);
        CHECK_OK(orr_kept(&a));
        CHECK(a.n_blocks == 0);
        orr_arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(aligned_and_zeroed),
                                       cmocka_unit_test(marks), cmocka_unit_test(keeps),
                                       cmocka_unit_test(saves_and_restores)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
