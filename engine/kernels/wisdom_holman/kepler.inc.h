/* kepler.inc.h - motion along Kepler orbits in universal variables, lane by lane.
 *
 * With G_k(beta, X) = X^k c_k(beta X^2) (Stumpff 1947; Stiefel & Scheifele 1971), eta = x . v,
 * beta = 2 mu/r - v^2, zeta = mu - beta r, the universal Kepler equation (Rein & Tamayo 2015, doi
 * 10.1093/mnras/stv1257)
 *
 *     F(X) = r X + eta G2 + zeta G3 - h = 0         F' = r + eta G1 + zeta G2 = new distance
 *
 * is solved for X; then
 *
 *     x += f x + g v       f = -mu G2/r        g = r G1 + eta G2
 *     v += f' x + g' v     f' = -mu G1/(r r')  g' = -mu G2/r'
 *
 * What limits the speed is the chain of operations that wait for each other, so:
 *  - the guess is the fourth-order series of X in h: within 1e-3 for steps up to a tenth of a
 *    period;
 *  - one evaluation of G gives all derivatives of F there; the correction d is found by reverting
 *    that Taylor series to third order and one Newton step on the series itself: error ~ d^6;
 *  - the G at X + d follow by their addition theorem, as a polynomial in d, without a second
 *    evaluation of the series.
 * Lanes whose correction is too large go round again; those that need more than that (steps beyond
 * a radian of eccentric anomaly, close pericentres) are done one by one by orr_kepler_any().  What
 * a lane gets never depends on its neighbours.
 *
 * Constants that are not exact (1/6, 1/24, ...) enter as high + low parts: a rounded one, repeated
 * every step, would be a friction (it changes the determinant f g' - f' g = 1). */

#include "kernels/kernels.h"
#include "kernels/simd.h"

typedef struct kepler_factors {
    vec f, g, fdot, gdot; /* f and g' without their 1 */
} kepler_factors;

/* Coefficients 1/(2k + n)!, with signs, from k = 1 on: high and low part of the first, the rest. */
static const double series2[9] = {
    -0x1.5555555555555p-5,  -0x1.5555555555555p-59, 0x1.6c16c16c16c17p-10,
    -0x1.a01a01a01a01ap-16, 0x1.27e4fb7789f5cp-22,  -0x1.1eed8eff8d898p-29,
    0x1.93974a8c07c9dp-37,  -0x1.ae7f3e733b81fp-45, 0x1.6827863b97d97p-53};
static const double series3[9] = {
    -0x1.1111111111111p-7,  -0x1.1111111111111p-63, 0x1.a01a01a01a01ap-13,
    -0x1.71de3a556c734p-19, 0x1.ae64567f544e4p-26,  -0x1.6124613a86d09p-33,
    0x1.ae7f3e733b81fp-41,  -0x1.952c77030ad4ap-49, 0x1.2f49b46814157p-57};
static const double sixth[2] = {0x1.5555555555555p-3, 0x1.5555555555555p-57};

/* s[0] + s[1] + s[2] z + ... + s[8] z^7 by Estrin's scheme. */
static inline vec estrin(const double *s, vec z, vec z2, vec z4)
{
    vec a = vec_fma(vec_set(s[2]), z, vec_set(s[1])), b = vec_fma(vec_set(s[4]), z, vec_set(s[3]));
    vec c = vec_fma(vec_set(s[6]), z, vec_set(s[5])), d = vec_fma(vec_set(s[8]), z, vec_set(s[7]));
    return vec_set(s[0]) + vec_fma(z4, vec_fma(z2, d, c), vec_fma(z2, b, a));
}

static inline vec dot(const vec a[3], const vec b[3])
{
    return vec_fma(a[2], b[2], vec_fma(a[1], b[1], a[0] * b[0]));
}

/* Lanes that kepler() could not do. */
static __attribute__((noinline)) void kepler_rest(kepler_factors *k, const vec x[3], const vec v[3],
                                                  vec mu, vec h, vec_mask todo)
{
    for (int l = 0; l < VEC_DOUBLES; l++)
        if (todo[l]) {
            double out[4];
            orr_kepler_any((double[3]){x[0][l], x[1][l], x[2][l]},
                           (double[3]){v[0][l], v[1][l], v[2][l]}, mu[l], h[l], out);
            k->f[l] = out[0];
            k->g[l] = out[1];
            k->fdot[l] = out[2];
            k->gdot[l] = out[3];
        }
}

MELT kepler_factors kepler(const vec x[3], const vec v[3], vec mu, vec h)
{
    const vec one = vec_set(1), half = vec_set(0.5);
    vec r2 = dot(x, x), eta = dot(x, v), v2 = dot(v, v), ir = vec_inverse_sqrt(r2), r0 = r2 * ir;
    vec beta = vec_fma(mu + mu, ir, -v2), zeta = vec_fma(v2, r0, -mu);

    /* X = u s, s + p s^2 + q s^3 + ... = 1 */
    vec u = h * ir, t = u * ir, p = half * eta * t, q = vec_set(1.0 / 6) * zeta * (u * t);
    vec p2 = p * p, w = vec_fma(vec_set(1.0 / 12), beta * (u * u), vec_set(5) * (q - p2));
    vec X = u * vec_fma(p, w - one, vec_fma(p2, vec_set(2), one - q));

    vec G0, G1, G2, G3, r, d;
    vec_mask good;
    for (int round = 0;; round++) {
        vec X2 = X * X, z = beta * X2, z2 = z * z, z4 = z2 * z2, X3 = X2 * X;
        vec s2 = estrin(series2, z, z2, z4), s3 = estrin(series3, z, z2, z4);
        G2 = vec_fma(X2 * z, s2, half * X2);
        G3 = vec_fma(X3, vec_set(sixth[0]), vec_fma(X3 * z, s3, X3 * vec_set(sixth[1])));
        G1 = vec_fnma(beta, G3, X);
        G0 = vec_fnma(beta, G2, one);
        vec F = vec_fma(zeta, G3, vec_fma(eta, G2, vec_fma(r0, X, -h)));
        r = vec_fma(zeta, G2, vec_fma(eta, G1, r0));
        vec F2 = vec_fma(zeta, G1, eta * G0), F3 = vec_fma(zeta, G0, -(beta * eta) * G1);
        vec i = one / r, a2 = half * F2 * i, a3 = vec_set(1.0 / 6) * F3 * i;
        vec n = -F * i, b = vec_fma(vec_set(2) * a2, a2, -a3); /* Newton's step and its reversion */
        d = n * vec_fma(n, vec_fma(n, b, -a2), one);
        vec d2 = d * d, high = vec_fma(d, F3 * vec_set(1.0 / 120), F2 * vec_set(1.0 / 24));
        vec low = vec_fma(d, F3 * vec_set(1.0 / 6), half * F2);
        vec P = vec_fma(d2, vec_fnma(beta * d2, high, low), vec_fma(d, r, F));
        vec slope = vec_fma(d2, vec_fma(vec_set(4) * a2, a2, vec_set(-3) * a3),
                            vec_fnma(vec_set(2) * a2, d, one));
        vec again = vec_fnma(P * i, slope, d);
        /* near enough for the series, and the series itself far inside its convergence */
        vec n_a2 = vec_abs(n * a2), n2_a3 = vec_abs(n * n * a3);
        good = (vec_mask)((vec_abs(n) <= vec_set(0x1p-8) * vec_abs(X)) & (vec_abs(z) <= one) &
                          (n_a2 <= vec_set(0x1p-9)) & (n2_a3 <= vec_set(0x1p-17)));
        vec_mask bad = ~good;
        if (!vec_any(bad) || round == 2) {
            d = again;
            break;
        }
        X = vec_select(good, X, X + d);
    }

    /* G(X + d): G1' = G0, G2' = G1, G0' = -beta G1 */
    vec bG1 = beta * G1, bG0 = beta * G0, d2 = d * d, bd2 = beta * d2, bd4 = bd2 * d2;
    vec sixth_d = d * vec_set(1.0 / 6), e = vec_fnma(bd2, vec_set(1.0 / 20), one);
    /* small terms first: one that is below half a unit of a rounded sum would always be lost */
    vec G1d = vec_fma(d2, vec_fnma(sixth_d, bG0, -half * bG1), d * G0);
    G1d = G1 + vec_fma(bd4, vec_fma(d * vec_set(1.0 / 120), bG0, bG1 * vec_set(1.0 / 24)), G1d);
    vec G2d = vec_fma(d2, vec_fnma(sixth_d * bG1, e, half * G0), d * G1);
    G2d = G2 + vec_fnma(bd4, G0 * vec_fma(bd2, vec_set(-1.0 / 720), vec_set(1.0 / 24)), G2d);

    vec mu_ir = mu * ir, mu_in = mu / vec_fma(zeta, G2d, vec_fma(eta, G1d, r0));
    kepler_factors out = {-(mu_ir * G2d), vec_fma(r0, G1d, eta * G2d), -(mu_in * ir) * G1d,
                          -(mu_in * G2d)};
    vec_mask todo = ~good;
    if (__builtin_expect(vec_any(todo), 0))
        kepler_rest(&out, x, v, mu, h, todo);
    return out;
}
