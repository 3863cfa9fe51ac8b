/* fit.c - orders of convergence and laws of growth, by least squares on logarithms. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "comparing.h"

typedef struct line {
    double slope, uncertainty, scatter; /* of a point about it */
    size_t n;
} line;

static line fit(const double *x, const double *y, size_t n)
{
    double mx = 0, my = 0, xx = 0, xy = 0, rest = 0;
    for (size_t k = 0; k < n; k++)
        mx += x[k] / (double)n, my += y[k] / (double)n;
    for (size_t k = 0; k < n; k++) {
        xx += (x[k] - mx) * (x[k] - mx);
        xy += (x[k] - mx) * (y[k] - my);
    }
    line l = {.slope = xx > 0 ? xy / xx : 0, .n = n};
    for (size_t k = 0; k < n; k++) {
        double d = y[k] - my - l.slope * (x[k] - mx);
        rest += d * d;
    }
    l.scatter = sqrt(rest / (double)n);
    l.uncertainty = n > 2 && xx > 0 ? sqrt(rest / (double)(n - 2) / xx) : NAN;
    return l;
}

/* Below this an energy error is rounding. */
static const double round_off = 2e-14;

/* M = a + b t^p by least squares of relative residuals, a and b not negative: the scatter. */
static double scatter_of_law(const double *t, const double *m, size_t n, double p)
{
    double ss = 0, sx = 0, xx = 0, sy = 0, xy = 0, rest = 0;
    for (size_t k = 0; k < n; k++) { /* weights 1/M: of u = 1/M, v = t^p/M, and 1 */
        double u = 1 / m[k], v = pow(t[k] / t[n - 1], p) / m[k];
        ss += u * u, sx += u * v, xx += v * v, sy += u, xy += v;
    }
    double det = ss * xx - sx * sx, a = det > 0 ? (sy * xx - xy * sx) / det : 0;
    a = fmax(0, fmin(a, m[0]));
    double b = fmax(0, (xy - a * sx) / xx);
    for (size_t k = 0; k < n; k++) {
        double d = (a + b * pow(t[k] / t[n - 1], p)) / m[k] - 1;
        rest += d * d;
    }
    return sqrt(rest / (double)n);
}

/* The criterion is told in the report: see how_to_read in report.c. */
void orr_compare_fit_growth(const orr_comparison *c, orr_trial *t)
{
    static const double powers[] = {0.5, 1, 1.5};
    static const orr_growth laws[] = {ORR_GROWTH_SQUARE_ROOT, ORR_GROWTH_LINEAR,
                                      ORR_GROWTH_THREE_HALVES};
    double x[TIMES], lx[TIMES], ly[TIMES], m[TIMES], most = 0, least = INFINITY;
    size_t n = 0, best = 0;
    for (size_t k = 1; k < t->n; k++) {
        most = fmax(most, fabs(t->energy[k]));
        if (fabs(c->times[k]) < fabs(c->times[TIMES - 1]) / 30 || !(most > 0))
            continue;
        x[n] = fabs(c->times[k]);
        lx[n] = log(x[n]);
        m[n] = most;
        ly[n++] = log(most);
    }
    t->growth = ORR_GROWTH_UNKNOWN;
    if (t->outcome != ORR_TRIAL_DONE || n < 10)
        return;
    line power = fit(lx, ly, n), exponent = fit(x, ly, n);
    t->slope = power.slope;
    for (size_t k = 0; k < 3; k++) {
        double scatter = scatter_of_law(x, m, n, powers[k]);
        if (scatter < least)
            least = scatter, best = k;
    }
    if (most < round_off)
        t->growth = ORR_GROWTH_ROUND_OFF;
    else if (most > 0.5)
        t->growth = ORR_GROWTH_LOST;
    else if (m[n - 1] < 1.5 * m[0] || power.slope < 0.2)
        t->growth = ORR_GROWTH_BOUNDED;
    else if (exponent.scatter < 0.5 * fmin(power.scatter, least) && m[n - 1] > 100 * m[0])
        t->growth = ORR_GROWTH_EXPONENTIAL;
    else
        t->growth = least < 0.1 ? laws[best] : ORR_GROWTH_OTHER;
}

const char *orr_growth_text(const orr_trial *t, char text[40])
{
    static const char *const names[] = {"round-off", "bounded",     "t^1/2", "linear", "t^3/2",
                                        "",          "exponential", "lost",  "-"};
    if (t->growth == ORR_GROWTH_OTHER)
        snprintf(text, 40, "t^%.1f", t->slope);
    else
        snprintf(text, 40, "%s", names[t->growth]);
    return text;
}

/* At the latest time at which three steps or more have an error that is neither as large as the
 * orbits nor near the floor of the reference, and lie on a line; if there is none, at the time at
 * which they do so best; else of two steps, without an uncertainty. */
static orr_fitted_order order_of(const orr_comparison *c, const orr_integrator *m)
{
    const double straight = 0.03; /* uncertainty of the order */
    orr_fitted_order o = {.method = m, .uncertainty = INFINITY};
    for (size_t k = TIMES - 1; k > 0 && !(o.points > 2 && o.uncertainty < straight); k--) {
        double x[ORR_MOST_TRIALS], y[ORR_MOST_TRIALS];
        size_t n = 0;
        for (size_t i = 0; i < c->n; i++) {
            const orr_trial *t = &c->trials[i];
            double floor = fmax(1e-13, 30 * c->reference.floor[k]);
            if (t->method != m || t->n <= k || !(t->position[k] < 0.03) ||
                !(t->position[k] > floor))
                continue;
            x[n] = log(t->parameter);
            y[n++] = log(t->position[k]);
        }
        line l = n > 1 ? fit(x, y, n) : (line){0};
        if (n > 2 ? l.uncertainty < o.uncertainty : n == 2 && o.points == 0)
            o = (orr_fitted_order){.method = m,
                                   .order = l.slope,
                                   .uncertainty = n > 2 ? l.uncertainty : INFINITY,
                                   .at = c->times[k],
                                   .points = n};
    }
    return o;
}

void orr_compare_fit_orders(orr_comparison *c)
{
    c->n_orders = 0;
    for (size_t i = 0; i < c->n; i++) {
        bool known = c->trials[i].method->traits & ORR_ADAPTIVE;
        for (size_t k = 0; k < c->n_orders; k++)
            known |= c->orders[k].method == c->trials[i].method;
        if (!known && c->reference.there)
            c->orders[c->n_orders++] = order_of(c, c->trials[i].method);
    }
}
