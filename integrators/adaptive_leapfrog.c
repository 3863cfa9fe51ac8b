/* Adaptive leapfrog that stays time-symmetric: long runs of eccentric orbits without energy drift.
 *
 * Huang & Leimkuhler 1997, SIAM J. Sci. Comput. 18, 239, doi 10.1137/S1064827595284658 (adaptive
 * Verlet); Hairer, Lubich & Wanner 2006, VIII.3.  With a density of steps z ~ 1/h that is averaged,
 * not computed, at the ends of a step, everything is explicit and reversible:
 *
 *     x += e / (2 z) v;   z' = 2 Z(x) - z;   v += e/2 (1/z + 1/z') a(x);   x += e / (2 z') v
 *
 * Z = 1 / (shortest time scale) = (sum_i (|a_i|^2 / |phi_i|)^4)^(1/8), since a^2 / phi is GM / r^3
 * for a pair: a smooth form of the maximum over bodies, blind to where the origin is. */
#include "shared/adaptive.h"

typedef struct adaptive_leapfrog {
    orr_adaptive adaptive; /* its tolerance is the step as a fraction of the time scale */
    double density;        /* z; 0: not chosen yet */
    double *acc, *phi;
} adaptive_leapfrog;

static orr_status prepare(void *state, orr_problem *p)
{
    adaptive_leapfrog *self = state;
    self->density = 0;
    orr_keep(p->memory, &self->acc, orr_motion_length(p));
    orr_keep(p->memory, &self->phi, p->bodies->stride);
    return orr_adaptive_prepare(&self->adaptive, p);
}

/* Accelerations here, and Z. */
static orr_status evaluate(adaptive_leapfrog *self, orr_problem *p, double t, double *Z,
                           orr_step_report *report)
{
    const orr_bodies *b = p->bodies;
    report->evaluations++;
    ORR_TRY(p->eval(p, (orr_eval){.t = t,
                                  .want = ORR_WANT_ACC | ORR_WANT_POTENTIAL,
                                  .acc = self->acc,
                                  .phi = self->phi}));
    double most = 0, sum = 0;
    for (int round = 0; round < 2; round++) /* first the largest, so that no power overflows */
        for (size_t i = 0; i < b->n; i++) {
            double a2 = 0;
            for (size_t axis = 0; axis < 3; axis++) {
                double a = self->acc[axis * b->stride + i];
                a2 += a * a;
            }
            double rate2 = self->phi[i] < 0 ? a2 / -self->phi[i] : 0;
            if (round == 0) {
                most = rate2 > most ? rate2 : most;
            } else if (most > 0) {
                double q = rate2 / most;
                sum += (q * q) * (q * q);
            }
        }
    *Z = sqrt(most * sqrt(sqrt(sum)));
    return ORR_OK;
}

/* To land at a given time: a plain leapfrog step. */
static orr_status plain(adaptive_leapfrog *self, orr_problem *p, double h, orr_step_report *report)
{
    const orr_motion *motion = &self->adaptive.motion;
    double Z;
    orr_drift(motion, p, h / 2, p->bodies->vel);
    ORR_TRY(evaluate(self, p, p->t + h / 2, &Z, report));
    if (Z > 0)
        self->density = Z;
    orr_kick(motion, p, h, self->acc);
    orr_drift(motion, p, h / 2, p->bodies->vel);
    report->h_done = h;
    return ORR_OK;
}

static orr_status step(void *state, orr_problem *p, double limit, orr_step_report *report)
{
    adaptive_leapfrog *self = state;
    orr_adaptive *adaptive = &self->adaptive;
    const orr_motion *motion = &adaptive->motion;
    double Z, e = copysign(adaptive->tolerance, limit), most = adaptive->max_step;
    if (self->density == 0) {
        ORR_TRY(evaluate(self, p, p->t, &Z, report));
        self->density = Z > 0 ? Z : 1;
    }
    double floor =
        most > 0 ? adaptive->tolerance / most : 0; /* densities below give longer steps */
    double z = fmax(self->density, floor), before = e / (2 * z);
    if (fabs(2 * before) > fabs(limit))
        return plain(self, p, limit, report);
    if (orr_adaptive_too_short(adaptive, p->t, fabs(2 * before)))
        return ORR_E_STEP_TOO_SMALL;
    if (isfinite(limit)) /* a step of both halves might go beyond it */
        return plain(self, p, limit / ceil(fabs(limit / (2 * before))), report);
    orr_drift(motion, p, before, p->bodies->vel);
    ORR_TRY(evaluate(self, p, p->t + before, &Z, report));
    double next = 2 * fmax(Z, floor) - z;
    if (!(next > 0.05 * Z)) /* the average ran away: the step was far too long */
        next = 0.05 * Z > 0 ? 0.05 * Z : z;
    next = fmax(next, floor);
    double after = e / (2 * next);
    orr_kick(motion, p, before + after, self->acc);
    orr_drift(motion, p, after, p->bodies->vel);
    self->density = next;
    orr_adaptive_accept(adaptive, before + after, fabs(2 * after), INFINITY);
    report->h_done = before + after;
    return ORR_OK;
}

static const orr_field fields[] = {
    ORR_ADAPTIVE_FIELDS(0.02, 1e-9, "step as a fraction of the shortest time scale"),
    ORR_STATE_VALUE(adaptive_leapfrog, density),
    ORR_STATE_ROOM(adaptive_leapfrog, acc),
    ORR_STATE_ROOM(adaptive_leapfrog, phi),
    {0}};

const orr_integrator orr_integrator_adaptive_leapfrog = {
    .name = "adaptive-leapfrog",
    .summary = "Leapfrog with time-symmetric adaptive steps: eccentric orbits, no energy drift.",
    .reference = "10.1137/S1064827595284658",
    .kind = "splitting",
    .order = 2,
    .evaluations = 1,
    .traits = ORR_ADAPTIVE | ORR_COUPLES_BODIES | ORR_REVERSIBLE,
    .fields = fields,
    .state_size = sizeof(adaptive_leapfrog),
    .prepare = prepare,
    .step = step,
};
