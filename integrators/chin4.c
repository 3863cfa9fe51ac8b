/* Chin's forward method of fourth order (4A): all its steps go forwards, at the price of the
 * gradient of the squared acceleration in the middle; a tiny error for three evaluations.
 *
 * Suzuki 1995; Chin 1997, Phys. Lett. A 226, 344, doi 10.1016/S0375-9601(97)00003-0:
 *
 *     v += h/6 a,  x += h/2 v,  v += 2h/3 (a + h^2/48 grad |a|^2),  x += h/2 v,  v += h/6 a
 *
 * grad |a|^2 / 2 = (a . grad) a is the jerk that bodies would feel if they moved with velocities a:
 * the forces give it exactly. */
#include "shared/motion.h"

#include <string.h>

typedef struct chin4 {
    orr_motion motion;
    bool have_acc;
    double *acc, *jerk, *vel;
} chin4;

static orr_status prepare(void *state, orr_problem *p)
{
    chin4 *self = state;
    orr_keep(p->memory, &self->acc, orr_motion_length(p));
    orr_keep(p->memory, &self->jerk, orr_motion_length(p));
    orr_keep(p->memory, &self->vel, orr_motion_length(p));
    self->have_acc = false;
    return orr_motion_prepare(&self->motion, p);
}

/* acc + h^2/24 (acc . grad) acc */
static orr_status modified(chin4 *self, orr_problem *p, double h, orr_step_report *report)
{
    const size_t n = orr_motion_length(p), bytes = n * sizeof(double);
    double t = p->t + h / 2, *vel = p->bodies->vel;
    ORR_TRY(orr_accelerate(p, t, self->acc, report));
    memcpy(self->vel, vel, bytes);
    memcpy(vel, self->acc, bytes);
    report->evaluations++;
    orr_status status =
        p->eval(p, (orr_eval){.t = t, .want = ORR_WANT_JERK, .acc = self->acc, .jerk = self->jerk});
    memcpy(vel, self->vel, bytes);
    orr_axpy(n, self->acc, h * h / 24, self->jerk, p->threads);
    return status;
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    chin4 *self = state;
    if (!self->have_acc)
        ORR_TRY(orr_accelerate(p, p->t, self->acc, report));
    orr_kick(&self->motion, p, h / 6, self->acc);
    orr_drift(&self->motion, p, h / 2, p->bodies->vel);
    ORR_TRY(modified(self, p, h, report));
    orr_kick(&self->motion, p, 2 * h / 3, self->acc);
    orr_drift(&self->motion, p, h / 2, p->bodies->vel);
    ORR_TRY(orr_accelerate(p, p->t + h, self->acc, report));
    orr_kick(&self->motion, p, h / 6, self->acc);
    self->have_acc = true;
    report->h_done = h;
    return ORR_OK;
}

static const orr_field fields[] = {ORR_MOTION_FIELDS(1),       ORR_STATE_VALUE(chin4, have_acc),
                                   ORR_STATE_KEPT(chin4, acc), ORR_STATE_ROOM(chin4, jerk),
                                   ORR_STATE_ROOM(chin4, vel), {0}};

const orr_integrator orr_integrator_chin4 = {
    .name = "chin4",
    .summary = "Chin's forward splitting with the force gradient: fourth order, small error.",
    .reference = "10.1016/S0375-9601(97)00003-0",
    .kind = "splitting",
    .order = 4,
    .evaluations = 3,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE | ORR_NEEDS_JERK,
    .fields = fields,
    .state_size = sizeof(chin4),
    .prepare = prepare,
    .step = step,
};
