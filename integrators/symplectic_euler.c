/* Symplectic Euler, kick then drift or drift then kick.
 *
 *     kick-drift: v += h a(x), x += h v          drift-kick: x += h v, v += h a(x)
 *
 * First order, symplectic: the energy error stays bounded where explicit Euler's grows.
 * Hairer, Lubich & Wanner 2006, Geometric Numerical Integration, I.1.2, doi 10.1007/3-540-30666-8
 */
#include "shared/motion.h"

typedef struct symplectic_euler {
    orr_motion motion;
    int form; /* index into the choices below */
    double *acc;
} symplectic_euler;

enum { KICK_DRIFT, DRIFT_KICK };

static orr_status prepare(void *state, orr_problem *p)
{
    symplectic_euler *self = state;
    orr_keep(p->memory, &self->acc, orr_motion_length(p));
    return orr_motion_prepare(&self->motion, p);
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    symplectic_euler *self = state;
    if (self->form == DRIFT_KICK)
        orr_drift(&self->motion, p, h, p->bodies->vel);
    double t = self->form == DRIFT_KICK ? p->t + h : p->t;
    ORR_TRY(orr_accelerate(p, t, self->acc, report));
    orr_kick(&self->motion, p, h, self->acc);
    if (self->form == KICK_DRIFT)
        orr_drift(&self->motion, p, h, p->bodies->vel);
    report->h_done = h;
    return ORR_OK;
}

static const orr_field fields[] = {ORR_MOTION_FIELDS(0),
                                   ORR_STATE_ROOM(symplectic_euler, acc),
                                   {.name = "form",
                                    .type = ORR_CHOICE,
                                    .offset = offsetof(symplectic_euler, form),
                                    .role = ORR_OPTION,
                                    .choices = "kick-drift|drift-kick",
                                    .doc = "which of the two comes first"},
                                   {0}};

const orr_integrator orr_integrator_symplectic_euler = {
    .name = "symplectic-euler",
    .summary =
        "Symplectic Euler: first order, bounded energy error; the simplest method that lasts.",
    .reference = "10.1007/3-540-30666-8",
    .kind = "splitting",
    .order = 1,
    .evaluations = 1,
    .traits = ORR_SYMPLECTIC | ORR_TAKES_BOUNDARY,
    .fields = fields,
    .state_size = sizeof(symplectic_euler),
    .prepare = prepare,
    .step = step,
};
