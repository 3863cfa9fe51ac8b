/* Every instruction set, every number of threads: equal bits. */
#include "check.h"

#include <orrery/force.h>
#include <orrery/isa.h>

#include <stdlib.h>

#include "base/arena.h"
#include "kernels/kernels.h"
#include "random_bodies.h"

typedef struct field {
    double *acc, *jerk, *phi, *tides;
} field;

static double *zeros(size_t n)
{
    double *x = aligned_alloc(64, n * sizeof *x);
    memset(x, 0, n * sizeof *x);
    return x;
}

/* Of all bodies, or of n targets. */
static field evaluate_for(const orr_bodies *b, unsigned want, int threads, double softening,
                          const size_t *targets, size_t n)
{
    const orr_force *direct = orr_force_find("direct");
    void *self = calloc(1, direct->state_size);
    orr_fields_defaults(direct->fields, self);
    CHECK_OK(orr_fields_set(direct->fields, self, &(orr_option){"softening", softening, 0, NULL}));
    size_t s = b->stride;
    field f = {zeros(3 * s), zeros(3 * s), zeros(s), zeros(6 * s)};
    orr_eval r = {.want = want,
                  .threads = threads,
                  .acc = f.acc,
                  .jerk = f.jerk,
                  .phi = f.phi,
                  .tides = f.tides,
                  .targets = targets,
                  .n_targets = n};
    orr_arena scratch = {.is_scratch = true};
    CHECK_OK(direct->add(self, b, &r, &scratch));
    orr_arena_free(&scratch);
    free(self);
    return f;
}

static field evaluate(const orr_bodies *b, unsigned want, int threads, double softening)
{
    return evaluate_for(b, want, threads, softening, NULL, 0);
}

static void release(field f)
{
    free(f.acc), free(f.jerk), free(f.phi), free(f.tides);
}

static bool equal(const orr_bodies *b, field f, field g)
{
    for (size_t c = 0; c < 3; c++)
        if (memcmp(f.acc + c * b->stride, g.acc + c * b->stride, b->n * 8) ||
            memcmp(f.jerk + c * b->stride, g.jerk + c * b->stride, b->n * 8))
            return false;
    return memcmp(f.phi, g.phi, b->n * 8) == 0 && memcmp(f.tides, g.tides, 6 * b->stride * 8) == 0;
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

/* Some bodies and their tides: the same bits whoever else is asked for, on every instruction set with
 * every number of threads; the others are left alone; tides are the gradient of the acceleration. */
static void some_targets(void **state)
{
    (void)state;
    const unsigned want = ORR_WANT_ACC | ORR_WANT_TIDES;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        if (sizes[k][2] > 5000)
            continue;
        orr_bodies b = random_bodies(sizes[k][0], sizes[k][1], sizes[k][2], k + 1);
        field all = evaluate(&b, want, 1, 0.05), acc = evaluate(&b, ORR_WANT_ACC, 1, 0.05);
        size_t *targets = malloc(b.n * sizeof *targets), n = 0;
        for (size_t i = 0; i < b.n; i += 1 + (i * i) % 5)
            targets[n++] = i;
        const orr_kernels *kernels;
        for (size_t v = 0; (kernels = orr_kernels_at(v)); v++)
            for (int threads = 1; threads <= 3; threads += 2) {
                CHECK_OK(orr_isa_select(kernels->name));
                field some = evaluate_for(&b, want, threads, 0.05, targets, n);
                for (size_t i = 0, next = 0; i < b.n; i++) {
                    const bool asked = next < n && targets[next] == i;
                    next += asked;
                    for (size_t c = 0; c < 6; c++) {
                        const size_t at = i + c * b.stride;
                        CHECK_BITS(some.tides[at], asked ? all.tides[at] : 0);
                        if (c < 3)
                            CHECK_BITS(some.acc[at], asked ? all.acc[at] : 0);
                        if (c < 3)
                            CHECK_NEAR(all.acc[at], acc.acc[at], 1e-9 * (1 + fabs(acc.acc[at])));
                    }
                }
                release(some);
            }
        release(all), release(acc), free(targets);
        orr_bodies_free(&b);
    }
}

static void tides_are_the_gradient(void **state)
{
    (void)state;
    static const size_t place[3][3] = {{0, 1, 2}, {1, 3, 4}, {2, 4, 5}};
    orr_bodies b = random_bodies(20, 4, 6, 3);
    const double eps = 0.3, d = 1e-5;
    field at_rest = evaluate(&b, ORR_WANT_ACC | ORR_WANT_TIDES, 1, eps);
    for (size_t i = 0; i < b.n; i++)
        for (size_t c = 0; c < 3; c++) {
            double *x = &b.pos[i + c * b.stride], was = *x;
            *x = was + d;
            field up = evaluate(&b, ORR_WANT_ACC, 1, eps);
            *x = was - d;
            field down = evaluate(&b, ORR_WANT_ACC, 1, eps);
            *x = was;
            for (size_t a = 0; a < 3; a++)
                CHECK_NEAR((up.acc[i + a * b.stride] - down.acc[i + a * b.stride]) / (2 * d),
                           at_rest.tides[i + place[a][c] * b.stride], 1e-6);
            release(up), release(down);
        }
    release(at_rest);
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
        cmocka_unit_test(some_targets), cmocka_unit_test(tides_are_the_gradient),
        cmocka_unit_test(unknown_variant)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
