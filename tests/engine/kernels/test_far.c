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
    size_t floats = CELLS * orr_far_multipoles(kind, p) * sizeof(float);
    size_t doubles = CELLS * orr_far_locals(kind, p) * sizeof(double);
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

static orr_near view_of(pulls *b, unsigned want)
{
    orr_near near = {.tx = b->at[0],
                     .ty = b->at[1],
                     .tz = b->at[2],
                     .n_targets = b->n,
                     .center = {b->at[0][0], b->at[1][0], b->at[2][0]},
                     .scale = 1,
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
        if (getenv("SHOW"))
            print_message("%-8s %d %d  %.1e %.1e %.1e   %.1e %.1e %.1e\n", isa->name, kind, p,
                          far.of[0], far.of[1], far.of[2], near.of[0], near.of[1], near.of[2]);
        for (int part = 0; part < 3; part++) {
            CHECK_NEAR(far.of[part], 0, 2 * pow(theta, p + 1 - part) + 2e-6);
            CHECK_NEAR(near.of[part], 0, 2 * pow(theta, p + 1 - part) + 2e-6);
        }
        cells_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_sums),
    };
    return cmocka_run_group_tests_name("expansions", tests, NULL, NULL);
}
