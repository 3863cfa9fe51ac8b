/* King's model of a globular cluster: a lowered isothermal sphere with an edge.  King 1966, doi
 * 10.1086/109857; Binney & Tremaine 2008, section 4.3.3.
 *
 * In units of the King radius r0 and the parameter sigma: f(E) ~ e^E - 1, W'' + 2 W'/r =
 * -9 rho(W)/rho(W0), W(0) = W0, and the edge is where W = 0. */
#include "spherical_make.h"

#include <math.h>

typedef struct king {
    double radius, w0;
} king;

enum { NODES = 3000 };

/* e^W erf(sqrt W) - sqrt(4 W/pi) (1 + 2 W/3) = 2/sqrt(pi) sum_{n>=2} 2^n W^(n+1/2) / (2n + 1)!! */
static double density(double w)
{
    if (!(w > 0))
        return 0;
    double term = 4 * w * w * sqrt(w) / 15, sum = 0;
    for (int n = 2; term > 1e-17 * sum; n++) {
        sum += term;
        term *= 2 * w / (2 * n + 3);
    }
    return 2 / sqrt(ORR_PI) * sum;
}

/* d(W, W')/dr */
static void rates(double center, double r, const double y[2], double out[2])
{
    out[0] = y[1];
    out[1] = -9 * density(y[0]) / center - 2 * y[1] / r;
}

static void runge_kutta(double center, double r, double h, double y[2])
{
    double k[4][2], at[2];
    const double part[4] = {0, 0.5, 0.5, 1};
    for (int m = 0; m < 4; m++) {
        for (int c = 0; c < 2; c++)
            at[c] = y[c] + (m ? part[m] * h * k[m - 1][c] : 0);
        rates(center, r + part[m] * h, at, k[m]);
    }
    for (int c = 0; c < 2; c++)
        y[c] += h / 6 * (k[0][c] + 2 * k[1][c] + 2 * k[2][c] + k[3][c]);
}

/* Where W falls to 0, by steps of a fixed part of r from the start of the series; then tables of
 * NODES radii up to there. */
static double find_edge(double w0, double first, double factor)
{
    double center = density(w0), r = first, y[2] = {w0 - 1.5 * r * r, -3 * r};
    for (int k = 0; k < 1000000; k++) {
        double h = r * (factor - 1), before[2] = {y[0], y[1]};
        runge_kutta(center, r, h, y);
        if (!(y[0] > 0)) { /* beyond the edge the pull is that of the whole: W = c (1/r - 1/edge) */
            double mass = -r * r * before[1];
            return 1 / (1 / r - before[0] / mass);
        }
        r += h;
    }
    return NAN;
}

static void integrate(double w0, double first, double edge, orr_spherical *s)
{
    double center = density(w0), y[2] = {w0 - 1.5 * first * first, -3 * first}, r = first;
    double step = orr_log(edge / first) / (NODES - 1);
    for (size_t k = 0; k < NODES; k++) {
        s->r[k] = r;
        s->mass[k] = -r * r * y[1];
        s->psi[k] = fmax(y[0], 0);
        s->f[k] = orr_exp(s->psi[k]) - 1;
        double next = first * orr_exp(step * (double)(k + 1));
        runge_kutta(center, r, next - r, y);
        r = next;
    }
    s->psi[NODES - 1] = s->f[NODES - 1] = 0;
}

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    const king *self = state;
    orr_spherical s;
    double first = 1e-3, edge = find_edge(self->w0, first, 1.001);
    ORR_TRY(orr_spherical_new(NODES, &s));
    integrate(self->w0, first, edge, &s);
    orr_spherical_bound(&s);
    double mass = s.mass[NODES - 1]; /* in r0 sigma^2 / G */
    orr_status status =
        isfinite(edge) ? orr_emit_spherical(&s, context->count, context->seed, self->radius,
                                            sqrt(gm / (mass * self->radius)), INFINITY, emit, user)
                       : ORR_E_ARGUMENT;
    orr_spherical_free(&s);
    return status;
}

static const orr_field fields[] = {
    {.name = "radius",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(king, radius),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "King radius r0; the edge is at r0 10^c, c = 0.67 for W0 = 3, 1.25 for 6, 2.12 for 9"},
    {.name = "W0",
     .offset = offsetof(king, w0),
     .fallback = 6,
     .min = 0.1,
     .max = 15,
     .role = ORR_OPTION,
     .doc = "depth of the potential in the middle, over sigma^2"},
    {0}};

const orr_generator orr_generator_king = {
    .name = "king",
    .summary = "King's model of a globular cluster, in equilibrium.",
    .reference = "10.1086/109857",
    .traits = ORR_SELF_BOUND,
    .fields = fields,
    .state_size = sizeof(king),
    .make = make,
};
