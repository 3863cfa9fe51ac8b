/* Explicit Euler: x += h v, v += h a(x), both from the old state.
 *
 * First order; spirals outward and gains energy without end.  Here to be compared with, and as the
 * shortest example of the integrator contract.  Euler 1768, Institutionum calculi integralis I,
 * 650. */
#include "shared/motion.h"

typedef struct euler {
    orr_motion motion;
    double *acc;
} euler;

static orr_status prepare(void *state, orr_problem *p)
{
    euler *self = state;
    orr_keep(p->memory, &self->acc, orr_motion_length(p));
    return orr_motion_prepare(&self->motion, p);
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    euler *self = state;
    ORR_TRY(orr_accelerate(p, p->t, self->acc, report));
    orr_drift(&self->motion, p, h, p->bodies->vel); /* before the kick: with the old velocity */
    orr_kick(&self->motion, p, h, self->acc);
    report->h_done = h;
    return ORR_OK;
}

static const orr_field fields[] = {ORR_MOTION_FIELDS(0), ORR_STATE_ROOM(euler, acc), {0}};

const orr_integrator orr_integrator_euler = {
    .name = "euler",
    .summary = "Explicit Euler: first order, spirals outward; for comparison only.",
    .reference = "Euler 1768, Institutionum calculi integralis I, par. 650",
    .kind = "Runge-Kutta",
    .order = 1,
    .evaluations = 1,
    .traits = ORR_TAKES_VELOCITY_FORCES | ORR_TAKES_BOUNDARY,
    .fields = fields,
    .state_size = sizeof(euler),
    .prepare = prepare,
    .step = step,
};
