/* Expansions against sums over bodies in double, their translations, their range; equal bits on
 * every instruction set. */
#include "check.h"

#include <orrery/problem.h>

#include <stdlib.h>

#include "kernels/kernels.h"

enum { BODIES = 40, CELLS = 48 };

/* Cells with their bodies: cell c has bodies [c BODIES, c BODIES + n_of[c]). */
typedef struct cells {
    const orr_far_kernels *k;
    orr_far_cells far;
    size_t n, n_of[CELLS];
    double z[3][CELLS], size[CELLS], gm[CELLS];
    double x[3][CELLS * BODIES], m[CELLS * BODIES];
} cells;

static cells *cells_new(const char *isa, orr_expansion kind, int p, double length, double mass)
{
    cells *s = calloc(1, sizeof *s);
    const orr_kernels *k;
    for (size_t i = 0; (k = orr_kernels_at(i)); i++)
        if (strcmp(k->name, isa) == 0)
            s->k = k->far(kind, p);
    CHECK(s->k != NULL);
    size_t floats = CELLS * orr_far_multipoles((orr_expansion)kind, p) * sizeof(float);
    size_t doubles = CELLS * orr_far_locals((orr_expansion)kind, p) * sizeof(double);
    s->far = (orr_far_cells){.z = {s->z[0], s->z[1], s->z[2]},
                             .size = s->size,
                             .gm = s->gm,
                             .length = length,
                             .mass = mass,
                             .multipoles = aligned_alloc(64, floats),
                             .locals = aligned_alloc(64, doubles)};
    memset(s->far.multipoles, 0xFF, floats);
    memset(s->far.locals, 0, doubles);
    return s;
}

static void cells_free(cells *s)
{
    free(s->far.multipoles);
    free(s->far.locals);
    free(s);
}

/* Center of mass and size of cell c from bodies of it and of the cells behind it. */
static void bound(cells *s, size_t c, size_t first, size_t n)
{
    double sum = 0, z[3] = {0}, size = 0;
    for (size_t q = first; q < first + n; q++)
        for (size_t i = q * BODIES; i < q * BODIES + s->n_of[q]; i++) {
            sum += s->m[i];
            for (int a = 0; a < 3; a++)
                z[a] += s->m[i] * s->x[a][i];
        }
    for (int a = 0; a < 3; a++)
        s->z[a][c] = z[a] / sum;
    for (size_t q = first; q < first + n; q++)
        for (size_t i = q * BODIES; i < q * BODIES + s->n_of[q]; i++)
            size = fmax(size, hypot(hypot(s->x[0][i] - s->z[0][c], s->x[1][i] - s->z[1][c]),
                                    s->x[2][i] - s->z[2][c]));
    s->gm[c] = sum;
    s->size[c] = fmax(size, s->far.length * 0x1p-50);
}

/* One more cell: bodies in a ball about a point; P2M. */
static size_t add_ball(cells *s, const double at[3], double radius, size_t n, uint64_t seed)
{
    size_t c = s->n++;
    s->n_of[c] = n;
    for (size_t i = c * BODIES; i < c * BODIES + n; i++) {
        double d[3], r2;
        do {
            r2 = 0;
            for (int a = 0; a < 3; a++) {
                d[a] = 2 * check_random(&seed) - 1;
                r2 += d[a] * d[a];
            }
        } while (r2 > 1);
        for (int a = 0; a < 3; a++)
            s->x[a][i] = at[a] + radius * d[a];
        s->m[i] = s->far.mass / 64 * (0.2 + check_random(&seed)) / (double)n;
    }
    bound(s, c, c, 1);
    s->k->p2m(&s->far, c, s->x[0], s->x[1], s->x[2], s->m, c * BODIES, n);
    return c;
}

/* What bodies get: potential, accelerations, tides. */
typedef struct pulls {
    size_t n;
    _Alignas(64) double at[3][64], out[10][64];
} pulls;

static void place(pulls *b, const cells *s, size_t c)
{
    memset(b, 0, sizeof *b);
    b->n = s->n_of[c];
    for (int a = 0; a < 3; a++)
        for (size_t i = 0; i < b->n; i++)
            b->at[a][i] = s->x[a][c * BODIES + i];
}

static double unit_of = 1; /* about the size of the cells */

static orr_near view_of(pulls *b, unsigned want)
{
    orr_near near = {.tx = b->at[0],
                     .ty = b->at[1],
                     .tz = b->at[2],
                     .n_targets = b->n,
                     .center = {b->at[0][0], b->at[1][0], b->at[2][0]},
                     .scale = unit_of,
                     .want = want,
                     .phi = b->out[0],
                     .ax = b->out[1],
                     .ay = b->out[2],
                     .az = b->out[3]};
    for (int k = 0; k < 6; k++)
        near.tides[k] = b->out[4 + k];
    return near;
}

static const unsigned everything = ORR_WANT_ACC | ORR_WANT_POTENTIAL | ORR_WANT_TIDES;

static pulls by_local(const cells *s, size_t c)
{
    pulls b;
    place(&b, s, c);
    orr_near near = view_of(&b, everything);
    s->k->l2p(&s->far, c, &near);
    return b;
}

static pulls by_multipoles(const cells *s, size_t c, const uint32_t *list, size_t n, double eps)
{
    pulls b;
    place(&b, s, c);
    orr_near near = view_of(&b, everything);
    s->k->m2p(&s->far, list, n, eps, &near);
    return b;
}

/* The same from the bodies of the sources. */
static pulls exact(const cells *s, size_t c, const uint32_t *list, size_t n, double eps)
{
    pulls b;
    place(&b, s, c);
    for (size_t i = 0; i < b.n; i++)
        for (size_t k = 0; k < n; k++)
            for (size_t j = list[k] * BODIES; j < list[k] * BODIES + s->n_of[list[k]]; j++) {
                double x = s->x[0][j] - b.at[0][i], y = s->x[1][j] - b.at[1][i];
                double z = s->x[2][j] - b.at[2][i], r2 = x * x + y * y + z * z + eps * eps;
                double h = 1 / sqrt(r2), f = s->m[j] * h * h * h, g = 3 * f * h * h;
                double add[10] = {-s->m[j] * h, f * x,     f * y,         f * z,     g * x * x - f,
                                  g * x * y,    g * x * z, g * y * y - f, g * y * z, g * z * z - f};
                for (int q = 0; q < 10; q++)
                    b.out[q][i] += add[q];
            }
    return b;
}

/* Largest difference of potential, acceleration, tides, relative to the largest of them. */
typedef struct errors {
    double of[3];
} errors;

static errors compare(const pulls *a, const pulls *b)
{
    static const int first[] = {0, 1, 4, 10};
    errors e = {{0}};
    for (int part = 0; part < 3; part++) {
        double worst = 0, most = 0;
        for (size_t i = 0; i < a->n; i++) {
            double d = 0, size = 0;
            for (int q = first[part]; q < first[part + 1]; q++) {
                d += pow(a->out[q][i] - b->out[q][i], 2);
                size += pow(b->out[q][i], 2);
            }
            worst = fmax(worst, sqrt(d));
            most = fmax(most, sqrt(size));
        }
        e.of[part] = worst / most;
    }
    return e;
}

#define EACH_KERNEL(isa, kind, p)                                                                  \
    const orr_kernels *isa;                                                                        \
    for (size_t isa##_i = 0; (isa = orr_kernels_at(isa##_i)); isa##_i++)                           \
        for (int kind = ORR_HARMONIC; kind <= ORR_FULL; kind++)                                    \
            for (int p = ORR_LEAST_ORDER; p <= ORR_MOST_ORDER; p++)

static double softening_of(int kind)
{
    return kind == ORR_FULL ? 1.5 : 0;
}

/* Errors fall by the opening angle with each order, down to the rounding of floats: 37 balls of
 * radius 1 at distance 7 and more on one, theta = (1 + 1) / 7. */
static void against_sums(void **state)
{
    (void)state;
    EACH_KERNEL(isa, kind, p)
    {
        cells *s = cells_new(isa->name, (orr_expansion)kind, p, 64, 3);
        double eps = softening_of(kind), theta = 2.0 / 7;
        size_t t = add_ball(s, (double[]){3, -2, 1}, 1, BODIES - 3, 17);
        uint32_t list[37];
        for (uint32_t k = 0; k < 37; k++) {
            double u = 0.05 + 0.9 * (k + 0.5) / 37, v = 2.4 * k, w = sqrt(4 * u * (1 - u));
            double r = 7 + 0.2 * k;
            list[k] = (uint32_t)add_ball(
                s, (double[]){3 + r * w * cos(v), -2 + r * w * sin(v), 1 + r * (2 * u - 1)}, 1,
                1 + k, 100 + k);
        }
        s->k->m2l(&s->far, t, &s->far, list, 37, eps);
        pulls right = exact(s, t, list, 37, eps), local = by_local(s, t),
              multipole = by_multipoles(s, t, list, 37, eps);
        errors far = compare(&local, &right), near = compare(&multipole, &right);
        for (int part = 0; part < 3; part++) {
            CHECK_NEAR(far.of[part], 0, 2 * pow(theta, p + 1 - part) + 2e-6);
            CHECK_NEAR(near.of[part], 0, 2 * pow(theta, p + 1 - part) + 2e-6);
        }
        cells_free(s);
    }
}

/* The field of one set of bodies on a cell, by lists of every length up to two vectors: the sum of
 * what single sources do. */
static void lists_of_any_length(void **state)
{
    (void)state;
    for (int kind = ORR_HARMONIC; kind <= ORR_FULL; kind++) {
        cells *s = cells_new("portable", (orr_expansion)kind, 4, 64, 3);
        size_t t = add_ball(s, (double[]){0, 0, 0}, 1, 9, 5),
               row = orr_far_locals((orr_expansion)kind, 4);
        uint32_t list[33];
        double single[40] = {0};
        CHECK(row <= 40);
        for (uint32_t k = 0; k < 33; k++)
            list[k] = (uint32_t)add_ball(s, (double[]){6, 0.5 * k - 8, 4}, 1, 1 + k, 50 + k);
        for (size_t n = 0; n <= 33; n++) {
            double *to = s->far.locals + t * row;
            memset(to, 0, row * sizeof *to);
            s->k->m2l(&s->far, t, &s->far, list, n, softening_of(kind));
            for (size_t k = 0; k < row; k++)
                CHECK_NEAR(to[k], single[k], 1e-6 * (fabs(single[0]) + fabs(single[4])));
            pulls all = by_multipoles(s, t, list, n, softening_of(kind)), sum = {0};
            for (size_t k = 0; k < n; k++) {
                pulls one = by_multipoles(s, t, list + k, 1, softening_of(kind));
                for (size_t i = 0; i < 9; i++)
                    sum.out[1][i] += one.out[1][i];
            }
            for (size_t i = 0; i < 9; i++)
                CHECK_NEAR(all.out[1][i], sum.out[1][i], 1e-6 * (1e-30 + fabs(sum.out[1][0])));
            if (n == 33)
                break;
            memset(to, 0, row * sizeof *to);
            s->k->m2l(&s->far, t, &s->far, list + n, 1, softening_of(kind));
            for (size_t k = 0; k < row; k++)
                single[k] += to[k];
        }
        cells_free(s);
    }
}

/* Multipoles of a parent from those of its children are those from its bodies; power is that of a
 * single body, GM r^n. */
static void upward(void **state)
{
    (void)state;
    EACH_KERNEL(isa, kind, p)
    {
        for (size_t n = 1; n <= 8; n++) {
            cells *s = cells_new(isa->name, (orr_expansion)kind, p, 64, 3);
            for (size_t k = 0; k < n; k++)
                add_ball(s,
                         (double[]){k & 1 ? 1 : 2, k & 2 ? 0.3 * (double)k : 1.2, k & 4 ? 1.7 : 1},
                         0.4, 1 + (k * 7) % 4, 3 + k);
            size_t parent = s->n, whole = parent + 1,
                   row = orr_far_multipoles((orr_expansion)kind, p);
            bound(s, parent, 0, n);
            s->k->m2m(&s->far, parent, 0, n);
            for (size_t c = 0; c < n; c++)
                for (size_t i = c * BODIES; i < c * BODIES + s->n_of[c]; i++) {
                    size_t to = whole * BODIES + s->n_of[whole]++;
                    for (int axis = 0; axis < 3; axis++)
                        s->x[axis][to] = s->x[axis][i];
                    s->m[to] = s->m[i];
                }
            bound(s, whole, whole, 1);
            s->k->p2m(&s->far, whole, s->x[0], s->x[1], s->x[2], s->m, whole * BODIES,
                      s->n_of[whole]);
            const float *a = s->far.multipoles + parent * row, *b = a + row;
            for (size_t k = 8; k < row; k++)
                CHECK_NEAR((double)a[k], (double)b[k], 2e-6);
            cells_free(s);
        }
    }
}

static void power_of_a_pair(void **state)
{
    (void)state;
    EACH_KERNEL(isa, kind, p)
    {
        cells *s = cells_new(isa->name, (orr_expansion)kind, p, 4, 1);
        float power[ORR_MOST_ORDER + 1];
        /* two equal bodies at +- r: even orders have all, odd ones nothing, however they lie */
        for (int k = 0; k < 2; k++) {
            s->x[0][k] = 1 + (k ? 0.3 : -0.3);
            s->x[1][k] = 1 + (k ? -0.5 : 0.5);
            s->x[2][k] = 1 + (k ? 0.7 : -0.7);
            s->m[k] = 0.5;
        }
        s->n_of[0] = 2;
        bound(s, 0, 0, 1);
        s->k->p2m(&s->far, 0, s->x[0], s->x[1], s->x[2], s->m, 0, 2);
        s->k->power(&s->far, 0, power);
        for (int n = 0; n <= p; n++)
            CHECK_NEAR((double)power[n], n % 2 == 0, 1e-6);
        cells_free(s);
    }
}

/* Moving a polynomial is exact: bodies get from a child's locals what they get from the parent's,
 * and folding loses nothing. */
static void downward(void **state)
{
    (void)state;
    EACH_KERNEL(isa, kind, p)
    {
        cells *s = cells_new(isa->name, (orr_expansion)kind, p, 64, 3);
        size_t t = add_ball(s, (double[]){0, 0, 0}, 1, BODIES, 5);
        uint32_t far[] = {(uint32_t)add_ball(s, (double[]){7, 1, -3}, 1, 30, 6)};
        s->k->m2l(&s->far, t, &s->far, far, 1, softening_of(kind));
        pulls right = by_local(s, t);
        for (size_t n = 1; n <= 8; n++) {
            size_t first = s->n;
            for (size_t k = 0; k < n; k++) { /* cells with the bodies of t, centred elsewhere */
                size_t c = first + k;
                s->n_of[c] = s->n_of[t];
                for (int axis = 0; axis < 3; axis++) {
                    memcpy(s->x[axis] + c * BODIES, s->x[axis] + t * BODIES,
                           BODIES * sizeof(double));
                    s->z[axis][c] = s->z[axis][t] + 0.1 * (double)(k + 1) - 0.2 * axis;
                }
                s->size[c] = 0.5;
            }
            memset(s->far.locals + first * orr_far_locals((orr_expansion)kind, p), 0,
                   n * orr_far_locals((orr_expansion)kind, p) * sizeof(double));
            s->k->l2l(&s->far, t, first, n);
            for (size_t k = 0; k < n; k++) {
                pulls moved = by_local(s, first + k);
                errors e = compare(&moved, &right);
                for (int part = 0; part < 3; part++)
                    CHECK_NEAR(e.of[part], 0, 1e-12);
            }
        }
        cells_free(s);
    }
}

/* 1/r by both kinds. */
static void folded_is_full(void **state)
{
    (void)state;
    for (int p = ORR_LEAST_ORDER; p <= ORR_MOST_ORDER; p++) {
        pulls got[2][2];
        for (int kind = ORR_HARMONIC; kind <= ORR_FULL; kind++) {
            cells *s = cells_new(orr_kernels_at(0)->name, (orr_expansion)kind, p, 64, 3);
            size_t t = add_ball(s, (double[]){0, 0, 0}, 1, 20, 5);
            uint32_t list[20];
            for (uint32_t k = 0; k < 20; k++)
                list[k] = (uint32_t)add_ball(s, (double[]){4 + 0.1 * k, 1, -3}, 1, 30, 6 + k);
            s->k->m2l(&s->far, t, &s->far, list, 20, 0);
            got[kind][0] = by_local(s, t);
            got[kind][1] = by_multipoles(s, t, list, 20, 0);
            cells_free(s);
        }
        for (int way = 0; way < 2; way++) {
            errors e = compare(&got[0][way], &got[1][way]);
            for (int part = 0; part < 3; part++)
                CHECK_NEAR(e.of[part], 0, 2e-5);
        }
    }
}

/* Units that are powers of two change no bit but the exponents; every instruction set gives the
 * same; one body, and all in one point. */
static void scales_and_sets(void **state)
{
    static const int length[] = {0, 66, -40, 150, -200, -6};
    static const int mass[] = {0, -700, 500, -300, 300, -990};
    (void)state;
    for (int kind = ORR_HARMONIC; kind <= ORR_FULL; kind++)
        for (int p = ORR_LEAST_ORDER; p <= ORR_MOST_ORDER; p++) {
            pulls first[2];
            for (int unit = 0; unit < 6; unit++) {
                const orr_kernels *isa;
                for (size_t v = 0; (isa = orr_kernels_at(v)); v++) {
                    double l = ldexp(1, length[unit]), m = ldexp(1, mass[unit]);
                    cells *s = cells_new(isa->name, (orr_expansion)kind, p, 64 * l, 3 * m);
                    size_t parent, t = add_ball(s, (double[]){3 * l, 0, l}, l, 37, 5);
                    uint32_t list[21];
                    for (uint32_t k = 0; k < 17; k++)
                        list[k] =
                            (uint32_t)add_ball(s, (double[]){(7 + 0.3 * k) * l, -l, l * k / 3},
                                               k > 14 ? 0 : l, k == 16 ? 1 : 2 + k, 100 + k);
                    parent = s->n++;
                    bound(s, parent, list[0], 8);
                    s->k->m2m(&s->far, parent, list[0], 8);
                    list[17] = (uint32_t)parent;
                    s->k->m2l(&s->far, t, &s->far, list, 18, softening_of(kind) * l);
                    unit_of = l;
                    pulls got[2] = {by_local(s, t),
                                    by_multipoles(s, t, list, 18, softening_of(kind) * l)};
                    unit_of = 1;
                    for (int way = 0; way < 2; way++)
                        for (size_t i = 0; i < got[way].n; i++)
                            for (int q = 0; q < 10; q++) {
                                int power = q < 1 ? 1 : q < 4 ? 2 : 3;
                                double w =
                                    ldexp(got[way].out[q][i], power * length[unit] - mass[unit]);
                                got[way].out[q][i] = w;
                                CHECK(isfinite(w));
                                if (unit > 0 || v > 0)
                                    CHECK_BITS(w, first[way].out[q][i]);
                            }
                    if (unit == 0 && v == 0)
                        memcpy(first, got, sizeof got);
                    cells_free(s);
                }
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_sums),    cmocka_unit_test(lists_of_any_length),
        cmocka_unit_test(upward),          cmocka_unit_test(power_of_a_pair),
        cmocka_unit_test(downward),        cmocka_unit_test(folded_is_full),
        cmocka_unit_test(scales_and_sets),
    };
    return cmocka_run_group_tests_name("expansions", tests, NULL, NULL);
}
