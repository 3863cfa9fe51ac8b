/* Leapfrog (Stoermer, Verlet): second order, symplectic, time-reversible, one force evaluation a
 * step.  Verlet 1967, Phys. Rev. 159, 98, doi 10.1103/PhysRev.159.98
 *
 *     kick-drift-kick   v += h/2 a, x += h v, v += h/2 a(x)   a is kept for the next step
 *     drift-kick-drift  x += h/2 v, v += h a(x), x += h/2 v
 *     half-step         v(h/2) = v(0) + h/2 a(0); then x += h v, v += h a(x) for ever:
 *                       Feynman's lecture (1963, I-9-6) computes the same orbit as kick-drift-kick,
 *                       with velocities known half a step ahead of positions.
 *
 * The half-step form shows velocities at the time of the positions unless `velocities: half-step`
 * asks for the ones that Feynman's table prints. */
#include "shared/motion.h"

typedef struct leapfrog {
    orr_motion motion;
    int form, velocities; /* indices into the choices below */
    bool have_acc;        /* acc belongs to the present positions */
    bool half_ahead;      /* velocities are h / 2 ahead */
    double h;             /* of the last step, for half_ahead */
    double *acc;
} leapfrog;

enum { KICK_DRIFT_KICK, DRIFT_KICK_DRIFT, HALF_STEP };
enum { SYNCHRONISED, AS_TABULATED };

static orr_status prepare(void *state, orr_problem *p)
{
    leapfrog *self = state;
    self->have_acc = self->half_ahead = false;
    orr_keep(p->memory, &self->acc, orr_motion_length(p));
    return orr_motion_prepare(&self->motion, p);
}

static orr_status need_acc(leapfrog *self, orr_problem *p, orr_step_report *report)
{
    if (self->have_acc)
        return ORR_OK;
    ORR_TRY(orr_accelerate(p, p->t, self->acc, report));
    self->have_acc = true;
    return ORR_OK;
}

static orr_status kick_drift_kick(leapfrog *self, orr_problem *p, double h, orr_step_report *report)
{
    ORR_TRY(need_acc(self, p, report));
    orr_kick(&self->motion, p, h / 2, self->acc);
    orr_drift(&self->motion, p, h, p->bodies->vel);
    ORR_TRY(orr_accelerate(p, p->t + h, self->acc, report));
    orr_kick(&self->motion, p, h / 2, self->acc);
    return ORR_OK;
}

static orr_status drift_kick_drift(leapfrog *self, orr_problem *p, double h,
                                   orr_step_report *report)
{
    orr_drift(&self->motion, p, h / 2, p->bodies->vel);
    ORR_TRY(orr_accelerate(p, p->t + h / 2, self->acc, report));
    orr_kick(&self->motion, p, h, self->acc);
    orr_drift(&self->motion, p, h / 2, p->bodies->vel);
    return ORR_OK;
}

static void step_back(leapfrog *self, orr_problem *p)
{
    if (self->half_ahead)
        orr_kick(&self->motion, p, -self->h / 2, self->acc);
    self->half_ahead = false;
}

static orr_status half_step(leapfrog *self, orr_problem *p, double h, orr_step_report *report)
{
    if (h != self->h)
        step_back(self, p);
    self->h = h;
    if (!self->half_ahead) {
        ORR_TRY(need_acc(self, p, report));
        orr_kick(&self->motion, p, h / 2, self->acc);
        self->half_ahead = true;
    }
    orr_drift(&self->motion, p, h, p->bodies->vel);
    ORR_TRY(orr_accelerate(p, p->t + h, self->acc, report));
    orr_kick(&self->motion, p, h, self->acc);
    return ORR_OK;
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    leapfrog *self = state;
    switch (self->form) {
    case DRIFT_KICK_DRIFT:
        ORR_TRY(drift_kick_drift(self, p, h, report));
        break;
    case HALF_STEP:
        ORR_TRY(half_step(self, p, h, report));
        break;
    default:
        ORR_TRY(kick_drift_kick(self, p, h, report));
    }
    report->h_done = h;
    report->unsynchronised = self->half_ahead;
    return ORR_OK;
}

static orr_status synchronize(void *state, orr_problem *p)
{
    leapfrog *self = state;
    if (self->velocities == SYNCHRONISED)
        step_back(self, p);
    return ORR_OK;
}

static const orr_field fields[] = {
    ORR_MOTION_FIELDS(1),
    ORR_STATE_VALUE(leapfrog, have_acc),
    ORR_STATE_VALUE(leapfrog, half_ahead),
    ORR_STATE_VALUE(leapfrog, h),
    ORR_STATE_KEPT(leapfrog, acc),
    {.name = "form",
     .type = ORR_CHOICE,
     .offset = offsetof(leapfrog, form),
     .role = ORR_OPTION,
     .choices = "kick-drift-kick|drift-kick-drift|half-step",
     .doc = "order of the parts of a step"},
    {.name = "velocities",
     .type = ORR_CHOICE,
     .offset = offsetof(leapfrog, velocities),
     .role = ORR_OPTION,
     .choices = "synchronised|half-step",
     .doc = "with form half-step: show velocities at the time of positions, or half a step later"},
    {0}};

const orr_integrator orr_integrator_leapfrog = {
    .name = "leapfrog",
    .summary = "Leapfrog (Verlet): second order, symplectic, reversible; robust and cheap.",
    .reference = "10.1103/PhysRev.159.98",
    .kind = "splitting",
    .order = 2,
    .evaluations = 1,
    .traits =
        ORR_SYMPLECTIC | ORR_REVERSIBLE | ORR_LAZY_SYNC | ORR_TAKES_BOUNDARY | ORR_TAKES_CONTACTS,
    .fields = fields,
    .state_size = sizeof(leapfrog),
    .prepare = prepare,
    .step = step,
    .synchronize = synchronize,
};
