/* Every instruction set, every number of threads: equal bits. */
#include "check.h"

#include <orrery/force.h>
#include <orrery/isa.h>

#include <stdlib.h>

#include "base/arena.h"
#include "kernels/kernels.h"
#include "random_bodies.h"

typedef struct field {
    double *acc, *jerk, *phi;
} field;

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

static field evaluate(const orr_bodies *b, unsigned want, int threads, double softening)
{
    size_t s = b->stride;
    field f = {aligned_alloc(64, 3 * s * 8), aligned_alloc(64, 3 * s * 8),
               aligned_alloc(64, s * 8)};
    memset(f.acc, 0, 3 * s * 8);
    memset(f.jerk, 0, 3 * s * 8);
    memset(f.phi, 0, s * 8);
    orr_eval r = {.want = want, .threads = threads, .acc = f.acc, .jerk = f.jerk, .phi = f.phi};
    orr_arena scratch = {0};
    void *direct = direct_with(softening);
    CHECK_OK(orr_force_find("direct")->add(direct, b, &r, &scratch));
    free(direct);
    orr_arena_free(&scratch);
    return f;
}

static void release(field f)
{
    free(f.acc), free(f.jerk), free(f.phi);
}

static bool equal(const orr_bodies *b, field f, field g)
{
    for (size_t c = 0; c < 3; c++)
        if (memcmp(f.acc + c * b->stride, g.acc + c * b->stride, b->n * 8) ||
            memcmp(f.jerk + c * b->stride, g.jerk + c * b->stride, b->n * 8))
            return false;
    return memcmp(f.phi, g.phi, b->n * 8) == 0;
}

/* active, passive, test: all remainders of blocks; the last ones are shared by a team of threads */
static const size_t sizes[][3] = {{1, 0, 0},    {2, 0, 0},       {9, 0, 0},       {11, 3, 5},
                                  {33, 0, 0},   {40, 9, 50},     {257, 0, 0},     {300, 20, 13},
                                  {700, 0, 3},  {3, 0, 999},     {1100, 60, 70},  {2049, 0, 0},
                                  {2300, 5, 3}, {11, 2, 190001}, {2048, 1003, 10}};

enum { SMALL = 11 }; /* so many of them are small */

static void variants_and_threads(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        orr_bodies b = random_bodies(sizes[k][0], sizes[k][1], sizes[k][2], k + 1);
        for (unsigned want = 1; want < 8; want += k < SMALL ? 1 : want) {
            CHECK_OK(orr_isa_select("portable"));
            field reference = evaluate(&b, want, 1, 0.01);
            const orr_kernels *kernels;
            for (size_t v = 0; (kernels = orr_kernels_at(v)); v++) {
                CHECK_OK(orr_isa_select(kernels->name));
                for (int threads = 1; threads <= 16; threads += threads < 3 ? 1 : 5) {
                    field f = evaluate(&b, want, threads, 0.01);
                    if (!equal(&b, reference, f))
                        print_error("%s, %d threads, size %zu, want %u\n", kernels->name, threads,
                                    k, want);
                    CHECK(equal(&b, reference, f));
                    release(f);
                }
            }
            release(reference);
        }
        orr_bodies_free(&b);
    }
}

/* Against the formula in long double, body by body. */
static void against_the_formula(void **state)
{
    (void)state;
    for (size_t k = 0; k < SMALL + 1; k++) {
        orr_bodies b = random_bodies(sizes[k][0], sizes[k][1], sizes[k][2], k + 100);
        double eps = 0.05;
        field f = evaluate(&b, ORR_WANT_ACC | ORR_WANT_JERK | ORR_WANT_POTENTIAL, 2, eps);
        field mutual = evaluate(&b, ORR_WANT_ACC, 2, eps);
        double worst = 0;
        for (size_t i = 0; i < b.n; i++) {
            orr_body t = orr_bodies_get(&b, i);
            long double a[3] = {0}, jerk[3] = {0}, phi = 0, size_a = 1e-30L, size_j = 1e-30L;
            for (size_t j = 0; j < b.n; j++) {
                orr_body s = orr_bodies_get(&b, j);
                bool acts = s.role == ORR_ACTIVE || (s.role == ORR_PASSIVE && t.role == ORR_ACTIVE);
                if (j == i || !acts)
                    continue;
                long double d[3], u[3], r2 = (long double)eps * (long double)eps, w = 0;
                for (int c = 0; c < 3; c++) {
                    d[c] = (long double)s.pos[c] - (long double)t.pos[c];
                    u[c] = (long double)s.vel[c] - (long double)t.vel[c];
                    r2 += d[c] * d[c];
                    w += d[c] * u[c];
                }
                long double g = (long double)s.gm / (r2 * sqrtl(r2));
                phi -= (long double)s.gm / sqrtl(r2);
                for (int c = 0; c < 3; c++) {
                    a[c] += g * d[c];
                    jerk[c] += g * (u[c] - 3 * w / r2 * d[c]);
                    size_a += fabsl(g * d[c]);
                    size_j += fabsl(g * u[c]) + fabsl(3 * g * w / r2 * d[c]);
                }
            }
            for (size_t c = 0; c < 3; c++) {
                size_t at = c * b.stride + i;
                worst = fmax(worst, fabs(f.acc[at] - (double)a[c]) / (double)size_a);
                worst = fmax(worst, fabs(mutual.acc[at] - (double)a[c]) / (double)size_a);
                worst = fmax(worst, fabs(f.jerk[at] - (double)jerk[c]) / (double)size_j);
            }
            worst = fmax(worst, fabs(f.phi[i] - (double)phi) / (1e-30 + fabs((double)phi)));
        }
        /* a few roundings in each term, and a random walk of roundings along the sum */
        CHECK(worst < 0x1p-53 * (16 + sqrt((double)(sizes[k][0] + sizes[k][1]))));
        release(f);
        release(mutual);
        orr_bodies_free(&b);
    }
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
        double *acc_now = evaluate(&b, ORR_WANT_ACC, 1, 0).acc;
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
        double *acc_now = evaluate(&b, ORR_WANT_ACC, 1, 0).acc;
        double *exact = of_few(&b, acc_now, false, true, 1);
        double *coarse = of_few(&b, acc_now, true, true, 1);
        for (size_t d = 0; d < 3; d++)
            CHECK(apart(&b, coarse, exact, d) < 1e-7);
        CHECK(k == 2 || k == 3 || memcmp(coarse, exact, 9 * b.stride * 8) == 0);
        free(acc_now), free(exact), free(coarse);
        orr_bodies_free(&b);
    }
}

/* Some targets, and nothing but their accelerations. */
static void accelerations_of_few(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(40, 3, 5, 4);
    const size_t targets[] = {0, 7, 39, 41, 47};
    double *all = evaluate(&b, ORR_WANT_ACC, 1, 0).acc;
    _Alignas(64) static double few[3 * 48];
    CHECK(b.stride == 48);
    memset(few, 0, sizeof few);
    orr_eval r = {
        .want = ORR_WANT_ACC, .threads = 1, .acc = few, .targets = targets, .n_targets = 5};
    orr_arena scratch = {0};
    void *direct = direct_with(0);
    CHECK_OK(orr_force_find("direct")->add(direct, &b, &r, &scratch));
    for (size_t k = 0; k < 5; k++)
        for (size_t c = 0; c < 3; c++) {
            size_t at = targets[k] + c * b.stride;
            CHECK_NEAR(few[at], all[at], 1e-13 * (1 + fabs(all[at])));
        }
    free(direct), free(all);
    orr_arena_free(&scratch);
    orr_bodies_free(&b);
}

static void unknown_variant(void **state)
{
    (void)state;
    CHECK(orr_isa_select("sse9") == ORR_E_UNKNOWN_NAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variants_and_threads), cmocka_unit_test(against_the_formula),
        cmocka_unit_test(coarse_sums),          cmocka_unit_test(coarse_sums_of_wide_ranges),
        cmocka_unit_test(accelerations_of_few), cmocka_unit_test(unknown_variant)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
