/* Sums of which most pairs are in single precision: equal bits everywhere, close to those in double.
 */
#include "check.h"

#include <orrery/force.h>
#include <orrery/isa.h>

#include <stdlib.h>

#include "base/arena.h"
#include "kernels/kernels.h"
#include "random_bodies.h"

/* The state of `direct` with this option, all else being zero. */
static void *direct_with(double softening)
{
    const orr_force *direct = orr_force_find("direct");
    void *state = calloc(1, direct->state_size);
    const orr_option option = {"softening", softening, 0, NULL};
    orr_fields_defaults(direct->fields, state);
    CHECK_OK(orr_fields_set(direct->fields, state, &option));
    return state;
}

static double *accelerations(const orr_bodies *b)
{
    double *acc = aligned_alloc(64, 3 * b->stride * 8);
    memset(acc, 0, 3 * b->stride * 8);
    orr_eval r = {.want = ORR_WANT_ACC, .threads = 1, .acc = acc};
    orr_arena scratch = {0};
    void *direct = direct_with(0);
    CHECK_OK(orr_force_find("direct")->add(direct, b, &r, &scratch));
    free(direct);
    orr_arena_free(&scratch);
    return acc;
}

/* Acceleration, jerk and snap of every third body of b, coarse or not. */
static double *of_few(const orr_bodies *b, const double *acc_now, bool coarse, bool snap,
                      int threads)
{
    size_t length = 3 * b->stride, targets[2000], n = 0;
    double *out = aligned_alloc(64, 3 * length * 8);
    memset(out, 0, 3 * length * 8);
    for (size_t i = 0; i < b->n; i += 3)
        targets[n++] = i;
    orr_eval r = {.want = snap ? ORR_WANT_SNAP : ORR_WANT_JERK,
                  .threads = threads,
                  .acc = out,
                  .jerk = out + length,
                  .snap = out + 2 * length,
                  .acc_now = acc_now,
                  .coarse = coarse,
                  .targets = targets,
                  .n_targets = n};
    orr_arena scratch = {0};
    void *direct = direct_with(0);
    CHECK_OK(orr_force_find("direct")->add(direct, b, &r, &scratch));
    free(direct);
    orr_arena_free(&scratch);
    return out;
}

/* Largest difference over the largest value, of the derivatives k of the targets. */
static double apart(const orr_bodies *b, const double *a, const double *e, size_t k)
{
    double worst = 0, size = 0;
    for (size_t at = k * 3 * b->stride; at < (k + 1) * 3 * b->stride; at++) {
        worst = fmax(worst, fabs(a[at] - e[at]));
        size = fmax(size, fabs(e[at]));
    }
    return worst / size;
}

/* Most pairs in single precision: the same bits everywhere, right to some 1e-8; to the last bit
 * where close pairs are all that counts. */
static void coarse_sums(void **state)
{
    (void)state;
    static const size_t of[][3] = {{256, 0, 0}, {777, 0, 0}, {1030, 0, 57}, {1100, 9, 3}};
    for (size_t k = 0; k < 8; k++) {
        const bool snap = k % 2;
        orr_bodies b = random_bodies(of[k / 2][0], of[k / 2][1], of[k / 2][2], k + 9);
        double *acc_now = accelerations(&b);
        CHECK_OK(orr_isa_select("portable"));
        double *exact = of_few(&b, acc_now, false, snap, 1);
        double *coarse = of_few(&b, acc_now, true, snap, 1);
        CHECK(apart(&b, coarse, exact, 0) < 5e-8);
        CHECK(apart(&b, coarse, exact, 1) < 1e-7);
        CHECK(!snap || apart(&b, coarse, exact, 2) < 1e-7);
        CHECK((memcmp(coarse, exact, 3 * b.stride * 8) == 0) == (b.n_passive > 0));
        const orr_kernels *kernels;
        for (size_t v = 0; (kernels = orr_kernels_at(v)); v++)
            for (int threads = 1; threads <= 3; threads++) {
                CHECK_OK(orr_isa_select(kernels->name));
                double *again = of_few(&b, acc_now, true, snap, threads);
                CHECK(memcmp(coarse, again, 9 * b.stride * 8) == 0);
                free(again);
            }
        free(acc_now), free(exact), free(coarse);
        orr_bodies_free(&b);
    }
}

/* Numbers that leave the range of floats, or pairs that lose their digits in it: as exact as
 * without. */
static void coarse_sums_of_wide_ranges(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        orr_bodies b = random_bodies(300, 0, 0, 77);
        if (k == 0)
            b.pos[7] = 1e9;
        if (k == 1)
            b.gm[7] = 1e-30;
        for (size_t at = 0; k == 2 && at < 3 * b.stride; at++)
            b.pos[at] *= 1e30, b.vel[at] *= 1e-12;
        if (k == 3) /* closer than floats can tell, by masses that are nearly nothing */
            for (size_t c = 0; c < 3; c++) {
                b.pos[c * b.stride + 1] = b.pos[c * b.stride] + 1e-11;
                b.gm[1] = 1e-8 * b.gm[2];
            }
        double *acc_now = accelerations(&b);
        double *exact = of_few(&b, acc_now, false, true, 1);
        double *coarse = of_few(&b, acc_now, true, true, 1);
        for (size_t d = 0; d < 3; d++)
            CHECK(apart(&b, coarse, exact, d) < 1e-7);
        CHECK(k == 2 || k == 3 || memcmp(coarse, exact, 9 * b.stride * 8) == 0);
        free(acc_now), free(exact), free(coarse);
        orr_bodies_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(coarse_sums),
                                       cmocka_unit_test(coarse_sums_of_wide_ranges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
