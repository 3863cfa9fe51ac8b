/* Adaptive Taylor series method: the power series in time of every coordinate, by recurrences, to
 * an order that follows from the tolerance, and a step that follows from the series itself.
 *
 * Jorba & Zou 2005, Exp. Math. 14, 99, doi 10.1080/10586458.2005.10128904 (order, step);
 * Biscani & Izzo 2021, MNRAS 504, 2614, doi 10.1093/mnras/stab1032 (the N-body problem).
 *
 *     order  P = 1 - ln(tolerance) / 2,      step  h = R / e^2 exp(-0.7 / (P - 1)):
 *
 * with these the work for a given time is least, and the last term is as small as the tolerance.
 *
 * R is the radius of convergence, estimated from the two last orders.  We take it from separations
 * of pairs, the least of all, where the paper takes coordinates: so the step does not depend on
 * where the origin is or how fast it moves, and a moon gets the same relative accuracy as a planet.
 * Inside a step the series is the solution: dense output costs nothing. */
#include "shared/adaptive.h"

#include <string.h>

#include "core/math/reproducible.h"

typedef struct taylor {
    orr_adaptive adaptive;
    int order;          /* 0: from the tolerance */
    int degree;         /* orders of the acceleration that are asked for: 0 .. degree */
    double unit;        /* [time] of the next series, a power of two: keeps its terms near one */
    double series_unit; /* of the last one */
    double *series;     /* [degree + 3][3 stride] positions */
    double *forward;    /* [3 stride] increment of a step */
    double *low;        /* [2][3 stride] what rounding took from coefficients 0 and 1 */
    double *acc, *acc1, *acc_low; /* order 1; acc_low: what rounding took from orders 0 and 1 */
} taylor;

enum { MOST_ORDER = 60 };

static size_t terms(const taylor *self)
{
    return (size_t)self->degree + 3;
}

static orr_status prepare(void *state, orr_problem *p)
{
    taylor *self = state;
    size_t n = orr_motion_length(p);
    int order = self->order;
    if (order == 0)
        order = (int)ceil(1 - orr_log(self->adaptive.tolerance) / 2);
    self->degree = (order < 4 ? 4 : order > MOST_ORDER ? MOST_ORDER : order) - 1;
    self->unit = 0;
    orr_keep(p->memory, &self->series, terms(self) * n);
    orr_keep(p->memory, &self->low, 2 * n);
    orr_keep(p->memory, &self->forward, n);
    orr_keep(p->memory, &self->acc, n);
    orr_keep(p->memory, &self->acc1, n);
    orr_keep(p->memory, &self->acc_low, 2 * n);
    return orr_adaptive_prepare(&self->adaptive, p);
}

static double power_of_two_near(double x)
{
    int exponent;
    (void)frexp(x, &exponent);
    return ldexp(1, exponent);
}

/* Before the first step nothing is known about the time scale. */
static orr_status choose_unit(taylor *self, orr_problem *p, orr_step_report *report)
{
    ORR_TRY(orr_accelerate(p, p->t, self->acc, report));
    double scale = orr_time_scale(p, self->acc, NULL);
    self->unit = isfinite(scale) && scale > 0 ? power_of_two_near(scale / 8) : 1;
    return ORR_OK;
}

/* x'' = a: coefficient k + 2 of the positions is that of the acceleration over (k + 1)(k + 2). */
static orr_status expand(taylor *self, orr_problem *p, double growth[2], orr_step_report *report)
{
    const size_t n = orr_motion_length(p);
    double *c = self->series, unit = self->unit;
    for (size_t i = 0; i < n; i++) {
        c[i] = p->bodies->pos[i];
        c[n + i] = p->bodies->vel[i] * unit;
    }
    const orr_motion *motion = &self->adaptive.motion;
    for (size_t i = 0; motion->compensated && i < n; i++) {
        self->low[i] = motion->pos_low[i];
        self->low[n + i] = motion->vel_low[i] * unit;
    }
    orr_eval request = {.t = p->t,
                        .want = ORR_WANT_SERIES,
                        .acc = self->acc,
                        .series = c,
                        .series_low = self->low,
                        .most_degree = self->degree};
    for (int k = 0; k <= self->degree; k++) {
        request.degree = k;
        request.acc_low = k < 2 ? self->acc_low + (size_t)k * n : NULL;
        request.growth = &growth[(self->degree - k) % 2];
        ORR_TRY(p->eval(p, request));
        if (k == 1)
            memcpy(self->acc1, self->acc, n * sizeof(double));
        /* Divided, not multiplied by a rounded inverse: the same rounding error in every step would
         * add up in proportion to time, where random ones add up as its square root. */
        double divisor = (double)(k + 1) * (double)(k + 2) / (unit * unit);
        double *next = c + (size_t)(k + 2) * n;
        for (size_t axis = 0; axis < n; axis += n / 3)
            for (size_t i = axis; i < axis + p->bodies->n; i++)
                next[i] = self->acc[i] / divisor;
    }
    report->evaluations++;
    return ORR_OK;
}

/* The step in which the last terms reach the tolerance, from |c_k| / |c_0| of the last two orders,
 * squared. */
static double longest(const taylor *self, const double growth[2])
{
    double log_radius = INFINITY;
    for (int k = 0; k < 2; k++)
        if (growth[k] > 0)
            log_radius = fmin(log_radius, orr_log(growth[k]) / (-2.0 * (self->degree - k)));
    if (log_radius == INFINITY)
        return 16 * self->unit; /* nothing bends: free motion is exact */
    return self->unit * orr_exp(log_radius - 2 - 0.7 / self->degree);
}

static orr_status step(void *state, orr_problem *p, double h_limit, orr_step_report *report)
{
    taylor *self = state;
    const size_t n = orr_motion_length(p);
    double growth[2];
    if (self->unit == 0)
        ORR_TRY(choose_unit(self, p, report));
    ORR_TRY(expand(self, p, growth, report));
    if (!isfinite(growth[0] + growth[1]))
        return ORR_E_STEP_TOO_SMALL;

    double next = longest(self, growth), first = self->adaptive.first_step;
    self->adaptive.h = self->adaptive.longest == 0 && first > 0 ? fmin(first, next) : next;
    double h = orr_adaptive_begin(&self->adaptive, h_limit, next);
    if (orr_adaptive_too_short(&self->adaptive, p->t, h) && h < fabs(h_limit))
        return ORR_E_STEP_TOO_SMALL;
    h = copysign(h, h_limit);
    double s = h / self->unit;
    if (fabs(h) < fabs(h_limit)) { /* 24 bits, so that s^2 is exact */
        s = (double)(float)s;
        h = s * self->unit;
    }
    /* h v, h a and h^2/2 a' without any rounding; then the rest */
    const orr_motion *motion = &self->adaptive.motion;
    const double *c = self->series, half_square = s * s * self->unit / 2;
    double *rest = self->forward;
    orr_drift_exactly(motion, p, s, c + n);
    orr_polynomial(n, rest, 2, terms(self), c, s, false);
    for (size_t i = 0; i < n; i++)
        rest[i] = s * rest[i] + self->low[n + i];
    orr_drift(motion, p, s, rest);
    orr_kick_exactly(motion, p, 2 * s / self->unit, c + 2 * n);
    orr_kick(motion, p, h, self->acc_low);
    orr_kick_exactly(motion, p, half_square, self->acc1);
    orr_kick(motion, p, half_square, self->acc_low + n);
    orr_polynomial(n, rest, 4, terms(self), c, s, true);
    orr_kick(motion, p, s * s * s / self->unit, rest);
    orr_adaptive_accept(&self->adaptive, h, next, INFINITY);
    self->series_unit = self->unit;
    self->unit = power_of_two_near(fmin(next, 1e200));
    report->h_done = h;
    return ORR_OK;
}

static orr_status interpolate(void *state, orr_problem *p, double s, double *pos, double *vel,
                              orr_step_report *report)
{
    (void)report;
    const taylor *self = state;
    const size_t n = orr_motion_length(p);
    double unit = self->series_unit;
    orr_polynomial(n, pos, 0, terms(self), self->series, s / unit, false);
    orr_polynomial(n, vel, 1, terms(self), self->series, s / unit, true);
    for (size_t i = 0; i < n; i++)
        vel[i] /= unit;
    return ORR_OK;
}

static const orr_field fields[] = {
    /* far below round-off, which adds up as the square root of time, truncation in proportion */
    ORR_ADAPTIVE_FIELDS(1e-18, 1e-20, "size of the last term of a step, relative to separations"),
    ORR_STATE_VALUE(taylor, degree),
    ORR_STATE_VALUE(taylor, unit),
    ORR_STATE_VALUE(taylor, series_unit),
    ORR_STATE_KEPT(taylor, series),
    ORR_STATE_ROOM(taylor, forward),
    ORR_STATE_ROOM(taylor, low),
    ORR_STATE_ROOM(taylor, acc),
    ORR_STATE_ROOM(taylor, acc1),
    ORR_STATE_ROOM(taylor, acc_low),
    {.name = "order",
     .type = ORR_INT,
     .offset = offsetof(taylor, order),
     .min = 0,
     .max = MOST_ORDER,
     .role = ORR_OPTION,
     .doc = "order of the series; 0: from the tolerance (22 for 1e-18)"},
    {0}};

const orr_integrator orr_integrator_taylor = {
    .name = "taylor",
    .summary = "Taylor series of order 22: every digit of a double, at the least cost.",
    .reference = "10.1080/10586458.2005.10128904",
    .kind = "Taylor series",
    .order = 22,
    .evaluations = 1,
    .traits = ORR_ADAPTIVE | ORR_COUPLES_BODIES | ORR_NEEDS_SERIES,
    .fields = fields,
    .state_size = sizeof(taylor),
    .prepare = prepare,
    .step = step,
    .interpolate = interpolate,
};
