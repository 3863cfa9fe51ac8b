#include <orrery/elements.h>

#include <math.h>
#include <stdbool.h>

#include "math/reproducible.h"

#define TWO_PI (2 * ORR_PI)

static double wrap_positive(double angle)
{
    angle = fmod(angle, TWO_PI);
    if (angle < 0)
        angle += TWO_PI;
    return angle < TWO_PI ? angle : 0;
}

static double wrap_signed(double angle)
{
    angle = fmod(angle, TWO_PI);
    if (angle > ORR_PI)
        angle -= TWO_PI;
    return angle <= -ORR_PI ? angle + TWO_PI : angle;
}

/* E - e sin E without cancellation for small E and e near 1:
 * (1 - e) E + e (E - sin E), the last by its series. */
static double kepler_left(double e, double E, double sin_E)
{
    if (fabs(E) > 0.5)
        return E - e * sin_E;
    double z = E * E, p = 0;
    for (int n = 17; n >= 5; n -= 2)
        p = -z / (n * (n - 1)) * (1 + p);
    return (1 - e) * E + e * E * z / 6 * (1 + p);
}

/* e sinh H - H, likewise. */
static double kepler_left_hyperbolic(double e, double H, double sinh_H)
{
    if (fabs(H) > 0.5)
        return e * sinh_H - H;
    double z = H * H, p = 0;
    for (int n = 17; n >= 5; n -= 2)
        p = z / (n * (n - 1)) * (1 + p);
    return (e - 1) * H + e * H * z / 6 * (1 + p);
}

/* Solve left(E) = M on [low, high] by Newton's method kept inside the bracket. */
static bool solve_kepler(double e, double M, bool hyperbolic, double low, double high, double *out)
{
    double E = 0.5 * (low + high);
    if (M == 0) { /* where a relative tolerance would have nothing to hold on to */
        *out = 0;
        return true;
    }
    if (!hyperbolic && M + e < high)
        E = M + 0.85 * e < high ? M + 0.85 * e : high; /* Danby 1988 */
    for (int k = 0; k < 200; k++) {
        double s, c, f, slope;
        if (hyperbolic) {
            s = orr_sinh(E);
            c = orr_cosh(E);
            f = kepler_left_hyperbolic(e, E, s) - M;
            slope = e * c - 1;
        } else {
            orr_sincos(E, &s, &c);
            f = kepler_left(e, E, s) - M;
            slope = 1 - e * c;
        }
        if (f > 0)
            high = E;
        else
            low = E;
        double next = E - f / slope;
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        if (f == 0 || fabs(next - E) <= 1e-16 * fabs(E) || next == E) {
            *out = f == 0 ? E : next;
            return true;
        }
        E = next;
    }
    *out = E; /* a last-bit limit cycle: either end is right */
    return high - low <= 1e-14 * fabs(E);
}

double orr_true_from_eccentric(double e, double E)
{
    double s, c;
    if (e < 1) {
        orr_sincos(E, &s, &c);
        double one_minus_e = 1 - e;
        /* cos E - e = (1 - e) - 2 sin^2(E/2): exact for small E */
        double sh, ch;
        orr_sincos(E / 2, &sh, &ch);
        return orr_atan2(sqrt(one_minus_e * (1 + e)) * s, one_minus_e - 2 * sh * sh);
    }
    if (e == 1)
        return 2 * orr_atan2(E, 1);
    double half = orr_sinh(E / 2);
    return orr_atan2(sqrt((e - 1) * (e + 1)) * orr_sinh(E), (e - 1) - 2 * half * half);
}

orr_status orr_true_from_mean(double e, double M, double *f)
{
    if (!(e >= 0) || !isfinite(e) || !isfinite(M))
        return ORR_E_ARGUMENT;
    double E;
    if (e < 1) {
        double m = fabs(wrap_signed(M));
        if (!solve_kepler(e, m, false, 0, ORR_PI, &E))
            return ORR_E_NO_CONVERGENCE;
        E = wrap_signed(M) < 0 ? -E : E;
    } else if (e == 1) {
        /* Barker's equation, s + s^3/3 = M, with s = tan(f/2) */
        double w = 1.5 * fabs(M), root = orr_cbrt(w + sqrt(w * w + 1));
        double s = root - 1 / root;
        if (fabs(M) < 0.2) /* the difference cancels: polish by Newton */
            for (int k = 0; k < 3; k++)
                s -= (s + s * s * s / 3 - fabs(M)) / (1 + s * s);
        E = M < 0 ? -s : s;
    } else {
        double m = fabs(M), high = 1;
        while (kepler_left_hyperbolic(e, high, orr_sinh(high)) < m && high < 700)
            high *= 2;
        if (!solve_kepler(e, m, true, 0, high, &E))
            return ORR_E_NO_CONVERGENCE;
        E = M < 0 ? -E : E;
    }
    *f = orr_true_from_eccentric(e, E);
    return ORR_OK;
}

/* e + cos f and 1 + e cos f cancel far out on orbits near a parabola: with half of f they do not,
 *     e + cos f = (1 + e) cos^2(f/2) - (1 - e) sin^2(f/2),    1 + e cos f = the same with +. */
static void far_out(double e, double f, double *e_plus_c, double *one_plus_ec)
{
    double sh, ch;
    orr_sincos(f / 2, &sh, &ch);
    double near = (1 + e) * ch * ch, rest = (1 - e) * sh * sh;
    *e_plus_c = near - rest;
    *one_plus_ec = near + rest;
}

static bool is_far_out(double e, double cos_f)
{
    return e > 0.9 && e < 1.1 && cos_f < -0.5;
}

orr_status orr_state_from_elements(const orr_elements *el, double mu, orr_state *out)
{
    double sf, cf, si, ci, sO, cO, sw, cw;
    orr_sincos(el->f, &sf, &cf);
    double e_plus_c = el->e + cf, denominator = 1 + el->e * cf;
    if (is_far_out(el->e, cf))
        far_out(el->e, el->f, &e_plus_c, &denominator);
    if (!(mu > 0) || !(el->q > 0) || !(el->e >= 0) || !(denominator > 0))
        return ORR_E_ARGUMENT;
    orr_sincos(el->i, &si, &ci);
    orr_sincos(el->Omega, &sO, &cO);
    orr_sincos(el->omega, &sw, &cw);

    /* unit vectors to the pericentre (P) and 90 degrees ahead of it (Q) */
    const double P[3] = {cO * cw - sO * sw * ci, sO * cw + cO * sw * ci, sw * si};
    const double Q[3] = {-cO * sw - sO * cw * ci, -sO * sw + cO * cw * ci, cw * si};
    double p = el->q * (1 + el->e);
    double r = p / denominator, speed = sqrt(mu / p);
    for (int k = 0; k < 3; k++) {
        out->pos[k] = r * (cf * P[k] + sf * Q[k]);
        out->vel[k] = speed * (e_plus_c * Q[k] - sf * P[k]);
    }
    return ORR_OK;
}

static void cross(const double a[3], const double b[3], double out[3])
{
    for (int k = 0; k < 3; k++) {
        int k1 = (k + 1) % 3, k2 = (k + 2) % 3;
        out[k] = a[k1] * b[k2] - a[k2] * b[k1];
    }
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

orr_status orr_elements_from_state(const orr_state *rel, double mu, orr_elements *out)
{
    double h[3];
    cross(rel->pos, rel->vel, h);
    double r = sqrt(dot(rel->pos, rel->pos)), h2 = dot(h, h), h_length = sqrt(h2);
    if (!(mu > 0) || !(h2 > 0) || !isfinite(h2) || !(r > 0))
        return ORR_E_ARGUMENT;
    double p = h2 / mu;
    double e_cos_f = p / r - 1;
    double e_sin_f = h_length * dot(rel->pos, rel->vel) / (mu * r);

    out->e = sqrt(e_cos_f * e_cos_f + e_sin_f * e_sin_f);
    out->q = p / (1 + out->e);
    if (!isfinite(out->e) || !(out->q > 0))
        return ORR_E_ARGUMENT; /* the numbers leave the range of a double */
    double xy = sqrt(h[0] * h[0] + h[1] * h[1]);
    out->i = orr_atan2(xy, h[2]);
    out->Omega = xy > 0 ? wrap_positive(orr_atan2(h[0], -h[1])) : 0;

    /* argument of latitude u = omega + f, from the node n and h x n */
    double node[3] = {1, 0, 0}, ahead[3];
    if (xy > 0) {
        node[0] = -h[1] / xy;
        node[1] = h[0] / xy;
    }
    cross(h, node, ahead);
    double u = orr_atan2(dot(rel->pos, ahead) / h_length, dot(rel->pos, node));
    out->f = out->e > 0 ? orr_atan2(e_sin_f, e_cos_f) : wrap_signed(u);
    out->omega = out->e > 0 ? wrap_positive(u - out->f) : 0;
    return ORR_OK;
}

orr_orbit orr_orbit_of(const orr_elements *el, double mu)
{
    orr_orbit o = {0};
    double e = el->e, s, c;
    orr_sincos(el->f, &s, &c);
    double e_plus_c = e + c, one_plus_ec = 1 + e * c;
    if (is_far_out(e, c))
        far_out(e, el->f, &e_plus_c, &one_plus_ec);
    o.a = el->q / (1 - e);
    if (e < 1) {
        double root = sqrt((1 - e) * (1 + e));
        o.E = orr_atan2(root * s, e_plus_c);
        double sE, cE;
        orr_sincos(o.E, &sE, &cE);
        o.M = kepler_left(e, o.E, sE);
        o.n = sqrt(mu / (o.a * o.a * o.a));
        o.period = TWO_PI / o.n;
    } else if (e == 1) {
        double sh, ch;
        orr_sincos(el->f / 2, &sh, &ch);
        o.a = INFINITY;
        o.E = sh / ch;
        o.M = o.E + o.E * o.E * o.E / 3;
        o.n = sqrt(mu / (2 * el->q * el->q * el->q));
        o.period = INFINITY;
    } else {
        double sinh_H = sqrt((e - 1) * (e + 1)) * s / one_plus_ec;
        o.E = orr_asinh(sinh_H);
        o.M = kepler_left_hyperbolic(e, o.E, sinh_H);
        o.n = sqrt(mu / -(o.a * o.a * o.a));
        o.period = INFINITY;
    }
    o.t_peri = o.M / o.n;
    o.pomega = wrap_positive(el->Omega + el->omega);
    o.L = wrap_positive(el->Omega + el->omega + o.M);
    return o;
}
