/* The force `fmm` against direct summation: error distributions, roles, subsets, threads,
 * instruction sets, and bodies that are in no good shape. */
#include "check.h"

#include <orrery/force.h>
#include <orrery/isa.h>

#include <stdlib.h>

#include "base/arena.h"
#include "random_bodies.h"

typedef struct answer {
    double *acc, *phi, *tides; /* [3 stride], [stride], [6 stride] */
} answer;

typedef struct question {
    const char *force, *law;
    double accuracy, softening;
    unsigned want;
    int threads;
    const size_t *targets;
    size_t n_targets;
} question;

static orr_status ask(question q, const orr_bodies *b, answer *out)
{
    const orr_force *f = orr_force_find(q.force);
    void *state = calloc(1, f->state_size);
    orr_arena scratch = {.is_scratch = true}, memory = {.remembers = true};
    orr_fields_defaults(f->fields, state);
    if (q.accuracy > 0)
        CHECK_OK(orr_fields_set(f->fields, state, &(orr_option){"accuracy", q.accuracy, 0, NULL}));
    if (q.law)
        CHECK_OK(orr_fields_set(f->fields, state, &(orr_option){"softening_law", 0, 0, q.law}));
    CHECK_OK(orr_fields_set(f->fields, state, &(orr_option){"softening", q.softening, 0, NULL}));
    size_t bytes = b->stride * sizeof(double);
    *out = (answer){aligned_alloc(64, 3 * bytes), aligned_alloc(64, bytes),
                    aligned_alloc(64, 6 * bytes)};
    memset(out->acc, 0, 3 * bytes);
    memset(out->phi, 0, bytes);
    memset(out->tides, 0, 6 * bytes);
    orr_eval r = {.want = q.want ? q.want : ORR_WANT_ACC,
                  .threads = q.threads ? q.threads : 1,
                  .acc = out->acc,
                  .phi = out->phi,
                  .tides = out->tides,
                  .targets = q.targets,
                  .n_targets = q.n_targets};
    orr_status status = f->add(state, b, &r, &scratch);
    free(state);
    orr_arena_free(&scratch);
    orr_arena_free(&memory);
    return status;
}

static answer answer_of(question q, const orr_bodies *b)
{
    answer a;
    CHECK_OK(ask(q, b, &a));
    return a;
}

static void forget(answer *a)
{
    free(a->acc);
    free(a->phi);
    free(a->tides);
}

/* A Plummer sphere of total GM 1 and radius 3 pi/16. */
static orr_bodies plummer(size_t active, size_t passive, size_t test)
{
    orr_bodies b = random_bodies(active, passive, test, 11);
    uint64_t seed = 3;
    for (size_t i = 0; i < b.n; i++) {
        double r = 3 * M_PI / 16 / sqrt(pow(0.999 * check_random(&seed), -2.0 / 3) - 1);
        double z = 2 * check_random(&seed) - 1, angle = 2 * M_PI * check_random(&seed);
        b.pos[i] = r * sqrt(1 - z * z) * cos(angle);
        b.pos[b.stride + i] = r * sqrt(1 - z * z) * sin(angle);
        b.pos[2 * b.stride + i] = r * z;
        b.gm[i] = i < active + passive ? 1.0 / (double)(active + passive) : 0;
    }
    return b;
}

typedef struct errors {
    double rms, median, most_99, largest;
} errors;

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static errors errors_of(const orr_bodies *b, const answer *a, const answer *exact)
{
    double *e = malloc(b->n * sizeof *e), sum = 0;
    for (size_t i = 0; i < b->n; i++) {
        double error2 = 0, size2 = 0;
        for (size_t at = i; at < 3 * b->stride; at += b->stride) {
            error2 += (a->acc[at] - exact->acc[at]) * (a->acc[at] - exact->acc[at]);
            size2 += exact->acc[at] * exact->acc[at];
        }
        sum += error2 / size2;
        e[i] = sqrt(error2 / size2);
    }
    qsort(e, b->n, sizeof *e, by_size);
    errors out = {sqrt(sum / (double)b->n), e[b->n / 2], e[b->n * 99 / 100], e[b->n - 1]};
    free(e);
    return out;
}

/* ---- how good ---- */

static void errors_are_as_stated(void **state)
{
    (void)state;
    orr_bodies b = plummer(4000, 0, 0);
    answer exact = answer_of((question){.force = "direct"}, &b);
    for (double accuracy = 1e-2; accuracy > 3e-7; accuracy /= 3) {
        answer a = answer_of((question){.force = "fmm", .accuracy = accuracy}, &b);
        errors e = errors_of(&b, &a, &exact);
        print_message("%.1e: rms %.1e median %.1e 99 %% %.1e largest %.1e\n", accuracy, e.rms,
                      e.median, e.most_99, e.largest);
        CHECK(e.rms < 0.7 * accuracy && e.rms > 0.05 * accuracy);
        CHECK(e.most_99 < 2.3 * accuracy);
        CHECK(e.largest < 10 * accuracy);
        forget(&a);
    }
    forget(&exact);
    orr_bodies_free(&b);
}

/* Potential and energy; Plummer's law, which both forces have. */
static void potentials_and_energies(void **state)
{
    (void)state;
    orr_bodies b = plummer(3000, 1000, 500);
    question q = {.force = "direct", .softening = 0.02, .want = ORR_WANT_ACC | ORR_WANT_POTENTIAL};
    answer exact = answer_of(q, &b);
    q.force = "fmm";
    q.accuracy = 1e-4;
    answer a = answer_of(q, &b);
    CHECK(errors_of(&b, &a, &exact).rms < 1e-4);
    for (size_t i = 0; i < b.n; i++)
        CHECK_NEAR(a.phi[i] / exact.phi[i], 1, 1e-4);
    double energy[2];
    for (int k = 0; k < 2; k++) {
        const orr_force *f = orr_force_find(k ? "fmm" : "direct");
        void *self = calloc(1, f->state_size);
        orr_arena scratch = {.is_scratch = true};
        orr_fields_defaults(f->fields, self);
        CHECK_OK(orr_fields_set(f->fields, self, &(orr_option){"softening", 0.02, 0, NULL}));
        CHECK_OK(f->energy(self, &b, 0, 1, &scratch, &energy[k]));
        orr_arena_free(&scratch);
        free(self);
    }
    CHECK_NEAR(energy[1] / energy[0], 1, 2e-5);
    forget(&a);
    forget(&exact);
    orr_bodies_free(&b);
}

/* ---- the same bits ---- */

static void same(const orr_bodies *b, const answer *a, const answer *other)
{
    for (size_t i = 0; i < b->n; i++)
        for (size_t c = 0; c < 3; c++)
            CHECK_BITS(a->acc[c * b->stride + i], other->acc[c * b->stride + i]);
}

static void threads_and_instructions(void **state)
{
    (void)state;
    static const char *const laws[] = {NULL, "plummer", "compact"};
    static const char *const sets[] = {"portable", "avx2", "avx512"};
    const char *before = orr_isa();
    orr_bodies b = plummer(5000, 500, 500);
    for (size_t law = 0; law < 3; law++) {
        question q = {.force = "fmm", .softening = law ? 0.01 : 0, .law = laws[law]};
        answer one = answer_of(q, &b);
        for (size_t k = 0; k < 3; k++) {
            q.threads = (int[]){2, 3, 7}[k];
            answer many = answer_of(q, &b);
            same(&b, &one, &many);
            forget(&many);
        }
        for (size_t k = 0; k < 3; k++)
            if (orr_isa_select(sets[k]) == ORR_OK) {
                answer other = answer_of(q, &b);
                same(&b, &one, &other);
                forget(&other);
            }
        CHECK_OK(orr_isa_select(before));
        forget(&one);
    }
    orr_bodies_free(&b);
}

/* Some targets: the very bits that they have among all; the others keep what they had. */
static void subsets(void **state)
{
    (void)state;
    orr_bodies b = plummer(4000, 200, 300);
    answer all = answer_of((question){.force = "fmm"}, &b);
    size_t targets[90];
    for (size_t k = 0; k < 90; k++)
        targets[k] = k * 50 + k % 7;
    answer some = answer_of((question){.force = "fmm", .targets = targets, .n_targets = 90}, &b);
    for (size_t i = 0, k = 0; i < b.n; i++) {
        bool asked = k < 90 && targets[k] == i;
        k += asked;
        for (size_t c = 0; c < 3; c++)
            CHECK_BITS(some.acc[c * b.stride + i], asked ? all.acc[c * b.stride + i] : 0);
    }
    forget(&all);
    forget(&some);
    orr_bodies_free(&b);
}

/* Test bodies change nothing of what the massive ones do. */
static void test_bodies_do_nothing(void **state)
{
    (void)state;
    orr_bodies with = plummer(2000, 300, 700), without = {0};
    CHECK_OK(orr_bodies_copy(&without, &with));
    while (without.n > 2300)
        CHECK_OK(orr_bodies_remove(&without, without.n - 1));
    with.pos[with.n - 1] = 1e9;
    answer a = answer_of((question){.force = "fmm"}, &with);
    answer alone = answer_of((question){.force = "fmm"}, &without);
    for (size_t i = 0; i < without.n; i++)
        for (size_t c = 0; c < 3; c++)
            CHECK_BITS(a.acc[c * with.stride + i], alone.acc[c * without.stride + i]);
    forget(&a);
    forget(&alone);
    orr_bodies_free(&with);
    orr_bodies_free(&without);
}

/* ---- bad shapes ---- */

/* As by direct summation, within a few times the accuracy of 1e-3; where forces balance, of what is
 * common. */
static void agrees(const orr_bodies *b, double softening)
{
    answer exact = answer_of((question){.force = "direct", .softening = softening}, b);
    answer a = answer_of(
        (question){.force = "fmm", .accuracy = 1e-3, .softening = softening, .threads = 2}, b);
    double common = 0;
    for (size_t i = 0; i < b->n; i++)
        common +=
            hypot(exact.acc[i], hypot(exact.acc[b->stride + i], exact.acc[2 * b->stride + i]));
    common /= (double)b->n;
    for (size_t i = 0; i < b->n; i++) {
        double error2 = 0, size2 = 0;
        for (size_t at = i; at < 3 * b->stride; at += b->stride) {
            CHECK(isfinite(a.acc[at]));
            error2 += (a.acc[at] - exact.acc[at]) * (a.acc[at] - exact.acc[at]);
            size2 += exact.acc[at] * exact.acc[at];
        }
        CHECK_NEAR(sqrt(error2), 0, 1e-2 * sqrt(size2) + 2e-3 * common);
    }
    forget(&a);
    forget(&exact);
}

static void few_bodies(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 40; n += n < 4 ? 1 : 12) {
        orr_bodies b = random_bodies(n, 0, n / 3, n);
        agrees(&b, 0);
        agrees(&b, 0.1);
        orr_bodies_free(&b);
    }
    orr_bodies none = random_bodies(0, 0, 5, 1); /* nothing attracts */
    agrees(&none, 0);
    orr_bodies_free(&none);
}

static void scale(orr_bodies *b, double length, double gm)
{
    for (size_t k = 0; k < 3 * b->stride; k++)
        b->pos[k] *= length;
    for (size_t i = 0; i < b->n; i++)
        b->gm[i] *= gm;
}

static void any_units(void **state)
{
    (void)state;
    static const double units[][2] = {{1e20, 1e31}, {1, 1e-300}, {1e-12, 1}, {1e12, 1e-20}};
    for (size_t k = 0; k < 4; k++) {
        orr_bodies b = plummer(2000, 100, 100);
        scale(&b, units[k][0], units[k][1]);
        agrees(&b, 0);
        agrees(&b, 0.01 * units[k][0]);
        orr_bodies_free(&b);
    }
}

static void all_in_one_point(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(20000, 0, 100, 4);
    for (size_t i = 0; i < b.n; i++)
        for (size_t c = 0; c < 3; c++)
            b.pos[c * b.stride + i] = (double)c + 0.1;
    answer a = answer_of(
        (question){.force = "fmm", .softening = 0.5, .want = ORR_WANT_ACC | ORR_WANT_POTENTIAL},
        &b);
    double total = 0;
    for (size_t i = 0; i < b.n; i++)
        total += b.gm[i];
    for (size_t i = 0; i < b.n; i++) {
        CHECK_BITS(a.acc[i], 0);
        CHECK_NEAR(a.phi[i], -(total - b.gm[i]) / 0.5, 1e-6);
    }
    forget(&a);
    b.pos[7] = 3; /* one of them elsewhere */
    agrees(&b, 0.5);
    orr_bodies_free(&b);
}

static void far_apart(void **state)
{
    (void)state;
    orr_bodies b = plummer(6000, 0, 0);
    scale(&b, 1e4, 1);
    for (size_t i = 0; i < b.n / 2; i++)
        b.pos[i] += 1e12;
    agrees(&b, 0);
    b.pos[2 * b.stride + 5] = -1e15;
    agrees(&b, 100);
    orr_bodies_free(&b);
}

static void many_masses(void **state)
{
    (void)state;
    orr_bodies b = plummer(4000, 0, 0);
    for (size_t i = 0; i < b.n; i++) {
        b.gm[i] *= pow(10, -12 * (double)(i % 13) / 12);
        if (i % 5 == 0)
            b.gm[i] = 0;
        if (i % 3 == 0)
            b.pos[2 * b.stride + i] *= 1e-6; /* flat, too */
    }
    agrees(&b, 0);
    agrees(&b, 0.02);
    orr_bodies_free(&b);
}

/* A star among planetesimals that are a millionth of its mass in all: it does not pull itself, so
 * its acceleration by them is as good as theirs by it, though it shares a leaf with some. */
static void heavy_one_among_many(void **state)
{
    (void)state;
    for (double accuracy = 1e-3; accuracy > 5e-6; accuracy /= 10) {
        orr_bodies b = plummer(3000, 0, 0);
        for (size_t i = 1; i < b.n; i++)
            b.gm[i] *= 1e-6;
        for (size_t axis = 0; axis < 3; axis++)
            b.pos[axis * b.stride] = (double[]){0.2, -0.1, 0.05}[axis];
        b.gm[0] = 1;
        answer exact = answer_of((question){.force = "direct"}, &b);
        answer a = answer_of((question){.force = "fmm", .accuracy = accuracy}, &b);
        double error2 = 0, size2 = 0;
        for (size_t at = 0; at < 3 * b.stride; at += b.stride) {
            error2 += pow(a.acc[at] - exact.acc[at], 2);
            size2 += pow(exact.acc[at], 2);
        }
        print_message("star: %.1e: %.1e\n", accuracy, sqrt(error2 / size2));
        CHECK(sqrt(error2 / size2) < 0.3 * accuracy);
        forget(&a);
        forget(&exact);
        orr_bodies_free(&b);
    }
}

static void not_a_number(void **state)
{
    (void)state;
    orr_bodies b = plummer(3000, 100, 100);
    for (size_t k = 0; k < 3; k++) {
        double *x = &b.pos[(size_t[]){77, 3050, 3150}[k]], was = *x;
        *x = k == 1 ? INFINITY : NAN;
        answer a;
        CHECK(ask((question){.force = "fmm"}, &b, &a) == ORR_E_NOT_FINITE);
        forget(&a);
        *x = was;
    }
    orr_bodies_free(&b);
}

/* Radii over so many powers of ten that no unit brings them into floats: finite, and right. */
static void wide_ranges(void **state)
{
    (void)state;
    enum { N = 600 };
    for (double least = 1e-6; least > 1e-41; least *= 1e-7) {
        orr_bodies b = random_bodies(N, 0, 0, 11);
        uint64_t seed = 3;
        for (size_t i = 0; i < N; i++) {
            double r = pow(least, check_random(&seed)), z = 2 * check_random(&seed) - 1;
            double angle = 6.283185307179586 * check_random(&seed), across = sqrt(1 - z * z);
            b.pos[i] = r * across * cos(angle);
            b.pos[b.stride + i] = r * across * sin(angle);
            b.pos[2 * b.stride + i] = r * z;
            b.gm[i] = 1.0 / N;
        }
        answer d = answer_of((question){.force = "direct"}, &b);
        answer f = answer_of((question){.force = "fmm", .accuracy = 1e-3}, &b);
        for (size_t at = 0; at < N; at++)
            CHECK(isfinite(f.acc[at]) && isfinite(f.acc[at + 2 * b.stride]));
        errors e = errors_of(&b, &f, &d);
        if (least > 1e-15)
            CHECK(e.rms < 1e-3 && e.most_99 < 2e-3 && e.largest < 4e-3);
        else /* the middles of cells are not known better than to 1e-16 of the whole */
            CHECK(e.median < 1e-3 && e.most_99 < 1e-2 && e.largest < 0.1);
        forget(&d), forget(&f);
        orr_bodies_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(errors_are_as_stated),
                                       cmocka_unit_test(potentials_and_energies),
                                       cmocka_unit_test(threads_and_instructions),
                                       cmocka_unit_test(subsets),
                                       cmocka_unit_test(test_bodies_do_nothing),
                                       cmocka_unit_test(few_bodies),
                                       cmocka_unit_test(any_units),
                                       cmocka_unit_test(all_in_one_point),
                                       cmocka_unit_test(far_apart),
                                       cmocka_unit_test(many_masses),
                                       cmocka_unit_test(wide_ranges),
                                       cmocka_unit_test(heavy_one_among_many),
                                       cmocka_unit_test(not_a_number)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
