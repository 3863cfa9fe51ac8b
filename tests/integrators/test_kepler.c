/* The Kepler drift against itself in quadruple precision, for orbits from circles to hyperbolas and
 * steps from a thousandth of a period to a hundred periods. */
#include "check.h"

#include <orrery/force.h>
#include <orrery/isa.h>
#include <orrery/splitting.h>

#include <float.h>
#include <stdlib.h>

#include "core/kepler.h"

/* An orbit of GM = 1 and pericentre 1 at true anomaly f, turned in space. */
static void orbit(double e, double f, double x[3], double v[3])
{
    double p = 1 + e, r = p / (1 + e * cos(f)), s = 1 / sqrt(p);
    double a = r * cos(f), b = r * sin(f), u = -s * sin(f), w = s * (e + cos(f));
    for (int k = 0; k < 2; k++) {
        double *to = k ? v : x, P = k ? u : a, Q = k ? w : b;
        to[0] = 0.36 * P - 0.8 * Q;
        to[1] = 0.48 * P + 0.6 * Q;
        to[2] = 0.8 * P;
    }
}

#ifdef __SIZEOF_FLOAT128__
__extension__ typedef __float128 quad;

static quad square_root(quad x)
{
    quad s = sqrt((double)x);
    for (int k = 0; k < 3 && x > 0; k++)
        s = (s + x / s) / 2;
    return s;
}

/* Stumpff's functions: after halving, by series; then doubling. */
static void stumpff(quad beta, quad X, quad g[4])
{
    quad z = beta * X * X;
    int halvings = 0;
    for (; z > (quad)0.1 || z < (quad)-0.1; halvings++)
        z /= 4;
    quad s = X;
    for (int k = 0; k < halvings; k++)
        s /= 2;
    quad a = 1, b = 1;
    for (int k = 16; k > 0; k--) {
        a = 1 - z * a / ((2 * k + 1) * (2 * k + 2));
        b = 1 - z * b / ((2 * k + 2) * (2 * k + 3));
    }
    g[2] = s * s * a / 2;
    g[3] = s * s * s * b / 6;
    g[1] = s - beta * g[3];
    g[0] = 1 - beta * g[2];
    for (; halvings > 0; halvings--) {
        g[3] = 2 * (g[3] + g[1] * g[2]);
        g[2] = 2 * g[1] * g[1];
        g[1] = 2 * g[0] * g[1];
        g[0] = 1 - beta * g[2];
    }
}

static void exact(const double x[3], const double v[3], double mu, double h, quad out[6])
{
    quad r2 = 0, v2 = 0, eta = 0;
    for (int c = 0; c < 3; c++) {
        r2 += (quad)x[c] * x[c];
        v2 += (quad)v[c] * v[c];
        eta += (quad)x[c] * v[c];
    }
    quad r0 = square_root(r2), beta = 2 * mu / r0 - v2, zeta = mu - beta * r0;
    quad low = 0, high = h / r0, g[4], F, r, size = square_root(beta > 0 ? beta : -beta);
    if (high * size > 1)
        high = 1 / size;
    for (;; low = high, high *= 2) { /* F grows: the root lies between low and high */
        stumpff(beta, high, g);
        F = r0 * high + eta * g[2] + zeta * g[3] - h;
        if (F >= 0)
            break;
    }
    quad X = high;
    for (int k = 0; k < 300; k++) {
        stumpff(beta, X, g);
        F = r0 * X + eta * g[2] + zeta * g[3] - h;
        r = r0 + eta * g[1] + zeta * g[2];
        if (F > 0)
            high = X;
        else
            low = X;
        quad next = X - F / r, d = next - X;
        if (k < 20 || !(next > low && next < high))
            next = (low + high) / 2;
        else if ((d < 0 ? -d : d) < (quad)1e-31 * X)
            break;
        X = next;
    }
    stumpff(beta, X, g);
    r = r0 + eta * g[1] + zeta * g[2];
    for (int c = 0; c < 3; c++) {
        out[c] = x[c] * (1 - mu * g[2] / r0) + v[c] * (r0 * g[1] + eta * g[2]);
        out[c + 3] = v[c] * (1 - mu * g[2] / r) - x[c] * mu * g[1] / (r0 * r);
    }
}

static double norm(const quad v[3])
{
    return sqrt((double)(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]));
}

/* The natural scale of the end of a motion: its size, and what a change of the start by one part in
 * one (extrapolated from one in 1e11; position, velocity, GM and time) does to it.  Rounding the
 * start to doubles moves the end by up to DBL_EPSILON / 2 of this, so no method in doubles can do
 * better than about 1. */
static void natural_scale(const double orbit_and_time[8], const quad end[6], double scale[2])
{
    scale[0] = norm(end);
    scale[1] = norm(end + 3);
    for (int k = 0; k < 8; k++) {
        double moved[8], step = 1e-11;
        quad other[6];
        memcpy(moved, orbit_and_time, sizeof moved);
        moved[k] *= 1 + step;
        exact(moved, moved + 3, moved[6], moved[7], other);
        for (int c = 0; c < 6; c++)
            other[c] -= end[c];
        scale[0] += norm(other) / step;
        scale[1] += norm(other + 3) / step;
    }
}

/* The greatest error of a grid of true anomalies, in ulp of the natural scale. */
static double worst(double e, double periods, double direction)
{
    enum { LANES = 8 };
    static double q[3][LANES] __attribute__((aligned(64))),
        w[3][LANES] __attribute__((aligned(64)));
    static double mu[LANES] __attribute__((aligned(64)));
    double *x[3] = {q[0], q[1], q[2]}, *v[3] = {w[0], w[1], w[2]}, start[LANES][6];
    double a = e == 1 ? 1 : 1 / fabs(1 - e), h = periods * 6.283185307179586 * a * sqrt(a);
    double most = e < 1 ? 3.14 : e == 1 ? 2.2 : acos(-1 / e) - 0.25, found = 0;
    for (int k = 0; k < LANES; k++) {
        double s[6];
        orbit(e, most * (2. * k / (LANES - 1) - 1), s, s + 3);
        for (int c = 0; c < 3; c++)
            x[c][k] = s[c], v[c][k] = s[c + 3];
        memcpy(start[k], s, sizeof s);
        mu[k] = 1;
    }
    orr_kepler(LANES, x, v, mu, direction * h);
    for (int k = 0; k < LANES; k++) {
        double s[8] = {[6] = 1, [7] = h}, scale[2];
        memcpy(s, start[k], sizeof start[k]);
        for (int c = 3; c < 6; c++)
            s[c] *= direction; /* backwards is forwards with the velocity turned */
        quad want[6], error[6];
        exact(s, s + 3, 1, h, want);
        natural_scale(s, want, scale);
        for (int c = 0; c < 3; c++) {
            error[c] = x[c][k] - want[c];
            error[c + 3] = direction * v[c][k] - want[c + 3];
        }
        found = fmax(found, norm(error) / scale[0] / DBL_EPSILON);
        found = fmax(found, norm(error + 3) / scale[1] / DBL_EPSILON);
    }
    return found;
}

static void against_quadruple_precision(void **state)
{
    (void)state;
    const double e[] = {0, 1e-9, 0.01, 0.2056, 0.6, 0.9, 0.99, 0.999, 1, 1.001, 1.1, 1.5, 2, 5, 10};
    const double periods[] = {1e-3, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 3.3, 33.3, 100};
    for (size_t i = 0; i < sizeof e / sizeof *e; i++) {
        double row = 0;
        for (size_t j = 0; j < sizeof periods / sizeof *periods; j++)
            for (int d = -1; d <= 1; d += 2) {
                double here = worst(e[i], periods[j], d);
                row = fmax(row, here);
            }
        print_message("e = %-7g at most %.2f ulp\n", e[i], row);
        CHECK(row < (e[i] <= 1 ? 2 : 4)); /* on the way in along a hyperbola, terms of F cancel */
    }
}
#endif

/* The fast way against the careful one: half a million random orbits and steps. */
static void agrees_with_the_careful_way(void **state)
{
    (void)state;
    enum { LANES = 64 };
    static double q[3][LANES] __attribute__((aligned(64))),
        w[3][LANES] __attribute__((aligned(64)));
    static double mu[LANES] __attribute__((aligned(64)));
    double *x[3] = {q[0], q[1], q[2]}, *v[3] = {w[0], w[1], w[2]}, most = 0;
    uint64_t seed = 12;
    for (int round = 0; round < 10000; round++) {
        double start[LANES][6], h = 0.4 * check_random(&seed), e = check_random(&seed);
        e = round % 3 == 0 ? 1 + 2 * e : 0.99 * e;
        for (int k = 0; k < LANES; k++) {
            double limit = e < 1 ? 3.1415 : acos(-1 / e) - 0.3, *s = start[k];
            double scale = e < 1 ? 1 - e : 0.3; /* a = 1, or pericentre 0.3 */
            orbit(e, limit * (2 * check_random(&seed) - 1), s, s + 3);
            for (int c = 0; c < 3; c++) {
                x[c][k] = s[c] *= scale;
                v[c][k] = s[c + 3] /= sqrt(scale);
            }
            mu[k] = 1;
        }
        orr_kepler(LANES, x, v, mu, h);
        for (int k = 0; k < LANES; k++) {
            double out[4], d2 = 0, r2 = 0, *s = start[k];
            orr_kepler_any(s, s + 3, 1, h, out);
            for (int c = 0; c < 3; c++) {
                double want = s[c] + out[0] * s[c] + out[1] * s[c + 3];
                d2 += (want - x[c][k]) * (want - x[c][k]);
                r2 += want * want;
            }
            most = fmax(most, sqrt(d2 / r2));
        }
    }
    print_message("fast and careful way differ by %.1e of the distance at most\n", most);
    CHECK(most < 1e-12);
}

/* Millions of drifts along eight orbits: round-off walks at random (Brouwer 1937).  A term that is
 * lost whenever it is smaller than half a unit of the sum it goes into, or a rounded constant,
 * would add up: the energy of the third orbit, 1e-14 here, was off by 1e-12 before such a term was
 * found. */
static void round_off_is_unbiased(void **state)
{
    (void)state;
    enum { DRIFTS = 4000000 };
    static double arrays[17][64] __attribute__((aligned(64)));
    orr_planets p = {.coordinates = ORR_DEMOCRATIC, .span = 8, .blocks = 1};
    double *mu = arrays[12], *live = arrays[13];
    for (int c = 0; c < 3; c++) {
        p.q[c] = arrays[c], p.w[c] = arrays[3 + c];
        p.q_low[c] = arrays[6 + c], p.w_low[c] = arrays[9 + c];
    }
    p.mu = p.star = mu;
    p.live = live;
    p.gm = arrays[14];
    p.weight = p.weight0 = p.factor = p.inverse = p.gr = arrays[15];
    long double energy[8];
    for (int round = 0; round < 2; round++) {
        for (int k = 0; k < 8 && round == 0; k++) {
            double x[3], v[3], e = k % 2 ? 0.007 : 0.1 + 0.02 * k, a = pow(2, 0.7 * k - 1);
            orbit(e, 0.3 * k, x, v); /* pericentre 1 */
            double scale = a * (1 - e);
            for (int c = 0; c < 3; c++)
                p.q[c][k] = x[c] * scale, p.w[c][k] = v[c] / sqrt(scale);
            mu[k] = live[k] = 1;
        }
        for (int k = 0; k < 8; k++) {
            long double r2 = 0, v2 = 0;
            for (int c = 0; c < 3; c++) {
                long double x = (long double)p.q[c][k] + p.q_low[c][k];
                long double v = (long double)p.w[c][k] + p.w_low[c][k];
                r2 += x * x;
                v2 += v * v;
            }
            long double now = v2 / 2 - 1 / sqrtl(r2);
            if (round > 0)
                print_message("orbit %d: energy off by %.1e\n", k, (double)(now / energy[k] - 1));
            if (round > 0)
                CHECK(fabsl(now / energy[k] - 1) < 3e-13);
            energy[k] = now;
        }
        const orr_splitting_op op = {.drift = 0.13};
        if (round == 0)
            orr_split(&p, &op, 1, DRIFTS);
    }
}

/* The same bits on every instruction set, whatever the neighbours are. */
static void same_bits(void **state)
{
    (void)state;
    enum { N = 40 };
    static double q[3][N] __attribute__((aligned(64))), w[3][N] __attribute__((aligned(64)));
    static double mu[N] __attribute__((aligned(64)));
    double *x[3] = {q[0], q[1], q[2]}, *v[3] = {w[0], w[1], w[2]}, want[6][N];
    const char *names[] = {"portable", "avx2", "avx512"}, *before = orr_isa();
    for (int round = 0; round < 6; round++) {
        int isa = round % 3, shift = round < 3 ? 0 : 13;
        if (orr_isa_select(names[isa]) != ORR_OK)
            continue;
        uint64_t seed = 3;
        double body[N][7];
        for (int k = 0; k < N; k++) {
            for (int c = 0; c < 3; c++)
                body[k][c] = check_random(&seed) - 0.5,
                body[k][c + 3] = 2 * check_random(&seed) - 1;
            body[k][6] = k % 7 ? check_random(&seed) : 0;
        }
        for (int k = 0; k < N; k++) {
            const double *b = body[(k + shift) % N];
            for (int c = 0; c < 3; c++)
                x[c][k] = b[c], v[c][k] = b[c + 3];
            mu[k] = b[6];
        }
        orr_kepler(N, x, v, mu, 0.3);
        for (int k = 0; k < N; k++)
            for (int c = 0; c < 6; c++) {
                double *to = &want[c][(k + shift) % N], got = c < 3 ? x[c][k] : v[c - 3][k];
                if (round == 0)
                    *to = got;
                else
                    CHECK_BITS(got, *to);
            }
    }
    CHECK_OK(orr_isa_select(before));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef __SIZEOF_FLOAT128__
        cmocka_unit_test(against_quadruple_precision),
#endif
        cmocka_unit_test(agrees_with_the_careful_way), cmocka_unit_test(round_off_is_unbiased),
        cmocka_unit_test(same_bits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
