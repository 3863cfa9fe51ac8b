/* Bulirsch & Stoer's extrapolation method, with control of order and step: robust and efficient for
 * smooth problems, round-off within reach.
 *
 * Gragg 1965, doi 10.1137/0702030; Bulirsch & Stoer 1966, doi 10.1007/BF02165234.  The basic method
 * is the leapfrog (Stoermer's rule) where forces do not depend on velocities, which needs half the
 * work of Gragg's modified midpoint rule, used where they do. */
#include "shared/adaptive.h"
#include "shared/extrapolation.h"

#include <string.h>

typedef struct bulirsch_stoer {
    orr_adaptive adaptive;
    orr_gbs gbs;
    bool have_acc;
    double *acc0; /* [3 stride] at the start of the step */
    double *start,
        *mid; /* [6 stride] positions and velocities: at the start; of the midpoint rule */
    double *acc;
} bulirsch_stoer;

/* One try of a step, for the extrapolation. */
typedef struct attempt {
    bulirsch_stoer *self;
    orr_problem *p;
    orr_step_report *report;
    double h; /* [time] */
} attempt;

static orr_status prepare(void *state, orr_problem *p)
{
    bulirsch_stoer *self = state;
    const size_t n = orr_motion_length(p);
    orr_gbs_prepare(&self->gbs, 2 * n, p->memory);
    orr_keep(p->memory, &self->start, 2 * n);
    orr_keep(p->memory, &self->mid, 2 * n);
    orr_keep(p->memory, &self->acc0, n);
    orr_keep(p->memory, &self->acc, n);
    self->have_acc = false;
    return orr_adaptive_prepare(&self->adaptive, p);
}

/* Put start + increment into the bodies. */
static void place(const attempt *a, const double *increment)
{
    const bulirsch_stoer *self = a->self;
    const size_t n = orr_motion_length(a->p);
    const orr_bodies *b = a->p->bodies;
    for (size_t i = 0; i < n; i++) {
        b->pos[i] = self->start[i] + increment[i];
        b->vel[i] = self->start[n + i] + increment[n + i];
    }
}

/* Kick-drift-kick, in increments, so that round-off is that of the increments. */
static orr_status leapfrog(const attempt *a, double h, int steps, double *dx)
{
    bulirsch_stoer *self = a->self;
    orr_problem *p = a->p;
    const size_t n = orr_motion_length(p);
    double *dv = dx + n, *v0 = self->start + n;
    for (size_t i = 0; i < n; i++) {
        dv[i] = h / 2 * self->acc0[i];
        dx[i] = 0;
    }
    for (int k = 1; k <= steps; k++) {
        for (size_t i = 0; i < n; i++) {
            dx[i] += h * (v0[i] + dv[i]);
            p->bodies->pos[i] = self->start[i] + dx[i];
        }
        ORR_TRY(orr_accelerate(p, p->t + k * h, self->acc, a->report));
        orr_axpy(n, dv, k < steps ? h : h / 2, self->acc, p->threads);
    }
    return ORR_OK;
}

/* Gragg's modified midpoint rule for y = (pos, vel), in increments: z_(m+1) = z_(m-1) + 2 h f(z_m).
 */
static orr_status midpoint(const attempt *a, double h, int steps, double *now)
{
    bulirsch_stoer *self = a->self;
    orr_problem *p = a->p;
    const size_t n = orr_motion_length(p);
    double *before = self->mid;
    memset(before, 0, 2 * n * sizeof *before);
    for (size_t i = 0; i < n; i++) {
        now[i] = h * self->start[n + i];
        now[n + i] = h * self->acc0[i];
    }
    for (int m = 1; m <= steps; m++) {
        place(a, now);
        ORR_TRY(orr_accelerate(p, p->t + m * h, self->acc, a->report));
        const double *f = p->bodies->vel;
        bool last = m == steps; /* the end: (z_m + z_(m-1) + h f(z_m)) / 2 */
        for (size_t i = 0; i < n; i++) {
            double fx = f[i], fv = self->acc[i], x = now[i], v = now[n + i];
            now[i] = last ? (x + before[i] + h * fx) / 2 : before[i] + 2 * h * fx;
            now[n + i] = last ? (v + before[n + i] + h * fv) / 2 : before[n + i] + 2 * h * fv;
            before[i] = x;
            before[n + i] = v;
        }
    }
    return ORR_OK;
}

static orr_status march(void *user, double H, int steps, double *increment)
{
    attempt *a = user;
    a->h = H;
    return a->p->velocity_forces ? midpoint(a, H / steps, steps, increment)
                                 : leapfrog(a, H / steps, steps, increment);
}

static double size(void *user, const double *increment, const double *correction)
{
    const attempt *a = user;
    const double *v0 = a->self->start + orr_motion_length(a->p);
    return orr_worst_error(a->p, a->h, v0, increment, correction) / a->self->adaptive.tolerance;
}

static orr_status step(void *state, orr_problem *p, double h_limit, orr_step_report *report)
{
    bulirsch_stoer *self = state;
    orr_adaptive *adaptive = &self->adaptive;
    const size_t n = orr_motion_length(p), bytes = n * sizeof(double);
    attempt a = {.self = self, .p = p, .report = report};
    if (!self->have_acc || p->velocity_forces)
        ORR_TRY(orr_accelerate(p, p->t, self->acc0, report));
    memcpy(self->start, p->bodies->pos, bytes);
    memcpy(self->start + n, p->bodies->vel, bytes);
    double first = adaptive->h > 0 ? 0 : 0.2 * orr_time_scale(p, self->acc0, NULL);
    double h = orr_adaptive_begin(adaptive, h_limit, isfinite(first) ? first : 1);
    const orr_gbs_system system = {.march = march, .size = size, .user = &a, .cost = 1};
    for (;; report->rejected++) {
        orr_gbs_result result;
        bool too_short = orr_adaptive_too_short(adaptive, p->t, h) && h < fabs(h_limit);
        if (!too_short)
            ORR_TRY(orr_gbs_try(&self->gbs, &system, copysign(h, h_limit), &result));
        memcpy(p->bodies->pos, self->start, bytes);
        memcpy(p->bodies->vel, self->start + n, bytes);
        if (too_short)
            return ORR_E_STEP_TOO_SMALL;
        if (result.accepted) {
            orr_drift(&adaptive->motion, p, 1, result.increment);
            orr_kick(&adaptive->motion, p, 1, result.increment + n);
            orr_adaptive_accept(adaptive, h, h * result.factor, h_limit);
            break;
        }
        h *= result.factor;
    }
    ORR_TRY(orr_accelerate(p, p->t + copysign(h, h_limit), self->acc0, report));
    self->have_acc = true;
    report->h_done = copysign(h, h_limit);
    return ORR_OK;
}

static const orr_field fields[] = {
    ORR_ADAPTIVE_FIELDS(1e-14, 1e-15, "error of a step, relative to what it moves"),
    ORR_STATE_VALUE(bulirsch_stoer, have_acc),
    ORR_STATE_KEPT(bulirsch_stoer, acc0),
    ORR_STATE_ROOM(bulirsch_stoer, start),
    ORR_STATE_ROOM(bulirsch_stoer, mid),
    ORR_STATE_ROOM(bulirsch_stoer, acc),
    ORR_GBS_FIELDS(bulirsch_stoer),
    {0}};

const orr_integrator orr_integrator_bulirsch_stoer = {
    .name = "bulirsch-stoer",
    .summary = "Extrapolation, order and step chosen as it goes: smooth problems, any force.",
    .reference = "10.1007/BF02165234",
    .kind = "extrapolation",
    .order = 0,
    .traits = ORR_ADAPTIVE | ORR_COUPLES_BODIES | ORR_SEEKS_DIGITS | ORR_TAKES_VELOCITY_FORCES,
    .fields = fields,
    .state_size = sizeof(bulirsch_stoer),
    .prepare = prepare,
    .step = step,
};
