/* Universal Kepler drift.  Formulas and names as in kernels/wisdom_holman/kepler.inc.h; here the
 * step may be many periods, and the orbit almost a straight line.
 *
 * - whole periods are taken off the step;
 * - F(X) grows without end (F' is a distance), so its root is kept in a bracket: Laguerre's
 *   iteration (Conway 1986, doi 10.1007/BF01234306), and halving where it leaves the bracket;
 * - Stumpff's functions by series for |z| <= 1/4, after halving X often enough, and doubling
 *   formulas without cancellation; far on hyperbolas in twice the precision. */
#include "kepler.h"

#include <float.h>
#include <math.h>

#include "math/double_double.h"

typedef struct stumpff {
    double g0, g1, g2, g3;
} stumpff;

static orr_two divide(orr_two a, double b)
{
    double q = a.high / b;
    orr_two back = orr_two_product(q, b);
    return orr_two_sum(q, ((a.high - back.high) - back.low + a.low) / b);
}

/* 1 - x */
static orr_two rest(orr_two x)
{
    return orr_two_add((orr_two){1, 0}, (orr_two){-x.high, -x.low});
}

/* Far on hyperbolas each doubling doubles the error: in twice the precision that does no harm, and
 * the result is rounded once. */
static stumpff evaluate_far(double beta, double X)
{
    enum { TERMS = 13 };
    int halvings = 0;
    double s = X;
    for (; fabs(beta * s * s) > 0.25 && halvings < 600; halvings++)
        s /= 2;
    orr_two b = {beta, 0}, s2 = orr_two_product(s, s), z = orr_two_multiply(b, s2);
    orr_two c2 = {1, 0}, c3 = {1, 0};
    for (int k = TERMS; k > 0; k--) {
        c2 = rest(divide(orr_two_multiply(z, c2), (2 * k + 1) * (2 * k + 2)));
        c3 = rest(divide(orr_two_multiply(z, c3), (2 * k + 2) * (2 * k + 3)));
    }
    orr_two g2 = divide(orr_two_multiply(s2, c2), 2), g0 = rest(orr_two_multiply(b, g2));
    orr_two g3 = divide(orr_two_multiply(orr_two_multiply((orr_two){s, 0}, s2), c3), 6);
    orr_two bend = orr_two_multiply(b, g3);
    orr_two g1 = orr_two_add((orr_two){s, 0}, (orr_two){-bend.high, -bend.low});
    for (; halvings > 0; halvings--) {
        orr_two sum = orr_two_add(g3, orr_two_multiply(g1, g2));
        g3 = (orr_two){2 * sum.high, 2 * sum.low};
        g2 = orr_two_multiply(g1, (orr_two){2 * g1.high, 2 * g1.low});
        g1 = orr_two_multiply(g0, (orr_two){2 * g1.high, 2 * g1.low});
        g0 = rest(orr_two_multiply(b, g2));
    }
    return (stumpff){g0.high, g1.high, g2.high, g3.high};
}

static stumpff evaluate(double beta, double X)
{
    double z = beta * X * X;
    int halvings = 0;
    if (z < -4)
        return evaluate_far(beta, X);
    for (; fabs(z) > 0.25 && halvings < 600; halvings++)
        z /= 4;
    double s = ldexp(X, -halvings), a = 1, b = 1;
    for (int k = 8; k > 0; k--) { /* 2 c2 and 6 c3 */
        a = 1 - z * a / ((2 * k + 1) * (2 * k + 2));
        b = 1 - z * b / ((2 * k + 2) * (2 * k + 3));
    }
    stumpff g = {.g2 = s * s * a / 2, .g3 = s * s * s * b / 6};
    g.g1 = s - beta * g.g3;
    g.g0 = 1 - beta * g.g2;
    for (; halvings > 0; halvings--) {
        double g2 = 2 * g.g1 * g.g1;
        g = (stumpff){1 - beta * g2, 2 * g.g0 * g.g1, g2, 2 * (g.g3 + g.g1 * g.g2)};
    }
    return g;
}

/* a . b, rounded once: products and sums carry what they lose (Ogita, Rump & Oishi 2005, doi
 * 10.1137/030601818). */
static double dot(const double *a, const double *b, int n)
{
    double sum = a[0] * b[0], low = fma(a[0], b[0], -sum);
    for (int c = 1; c < n; c++) {
        double product = a[c] * b[c];
        orr_two next = orr_two_sum(sum, product);
        low += fma(a[c], b[c], -product) + next.low;
        sum = next.high;
    }
    return sum + low;
}

typedef struct equation {
    double r0, eta, beta, zeta, h;
} equation;

static double lacking(const equation *e, double X, const stumpff *g)
{
    return dot((double[]){e->r0, e->eta, e->zeta, -1}, (double[]){X, g->g2, g->g3, e->h}, 4);
}

/* The root of F for h > 0, by steps that stay between low and high. */
static double solve(const equation *e, double low, double high, double X)
{
    for (int k = 0; k < 200; k++) {
        stumpff g = evaluate(e->beta, X);
        double F = lacking(e, X, &g), r = e->r0 + e->eta * g.g1 + e->zeta * g.g2;
        if (F == 0)
            break;
        if (F < 0)
            low = X;
        else /* or not a number: too far */
            high = X;
        double F2 = e->eta * g.g0 + e->zeta * g.g1;
        double root = sqrt(fabs(16 * r * r - 20 * F * F2)), next = X - 5 * F / (r + root);
        if (!(next > low && next < high))
            next = low + (high - low) / 2;
        if (fabs(next - X) <= DBL_EPSILON * fabs(next) || next == low || next == high) {
            X = next;
            break;
        }
        X = next;
    }
    return X;
}

void orr_kepler_any(const double x[3], const double v[3], double mu, double h, double out[4])
{
    double r0 = sqrt(dot(x, x, 3)), v2 = dot(v, v, 3), sign = h < 0 ? -1 : 1;
    equation e = {.r0 = r0, .h = fabs(h)};
    e.eta = sign * dot(x, v, 3);
    e.beta = fma(2, mu / r0, -v2);
    e.zeta = fma(v2, r0, -mu);
    double low = 0, high, X;
    if (!isfinite(r0 + v2 + mu + h)) {
        out[0] = out[1] = out[2] = out[3] = NAN;
        return;
    }
    if (e.beta > 0 && mu > 0) {
        /* |E - E0 - n h| <= 2 e, and the step lies within half a period of 0 */
        double n = e.beta * sqrt(e.beta) / mu, period = 6.283185307179586 / n;
        double whole = rint(e.h / period);
        if (whole != 0 && isfinite(whole)) /* the second term: what the rounded 2 pi lacks */
            e.h = fma(-whole, period, e.h) - whole * (2.4492935982947064e-16 / n);
        if (e.h < 0) {
            sign = -sign;
            e.h = -e.h;
            e.eta = -e.eta;
        }
        double mean = e.h * n, scale = sqrt(e.beta);
        high = (mean + 2.1) / scale;
        X = mean / scale;
    } else {
        high = e.h / r0;
        if (e.beta * high * high < -1)
            high = 1 / sqrt(-e.beta);
        for (int k = 0; k < 2000; k++, high *= 2) {
            stumpff g = evaluate(e.beta, high);
            double F = lacking(&e, high, &g);
            if (!(F < 0))
                break;
            low = high;
        }
        X = low + (high - low) / 2;
    }
    X = sign * solve(&e, low, high, X);
    e.eta *= sign; /* back to the direction of h */
    stumpff g = evaluate(e.beta, X);
    double r = dot((double[]){e.r0, e.eta, e.zeta}, (double[]){1, g.g1, g.g2}, 3);
    out[0] = -mu * g.g2 / r0;
    /* two forms of one number: the first loses nothing on long arcs that are almost straight */
    out[1] = e.beta > 0 ? r0 * g.g1 + e.eta * g.g2 : h - mu * g.g3;
    out[2] = -mu * g.g1 / (r0 * r);
    out[3] = -mu * g.g2 / r;
}
