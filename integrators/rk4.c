/* The classical Runge-Kutta method: four evaluations, fourth order, not symplectic; its energy
 * error grows in proportion to time.  Kutta 1901, Z. Math. Phys. 46, 435. */
#include "shared/runge_kutta.h"

typedef struct rk4 {
    orr_motion motion;
} rk4;

static const double a[16] = {0,   0,   0, 0, /* */
                             0.5, 0,   0, 0, /* */
                             0,   0.5, 0, 0, /* */
                             0,   0,   1, 0};
static const double b[4] = {1. / 6, 1. / 3, 1. / 3, 1. / 6};
static const double c[4] = {0, 0.5, 0.5, 1};
static const orr_tableau tableau = {4, a, b, c};

static orr_status prepare(void *state, orr_problem *p)
{
    rk4 *self = state;
    return orr_motion_prepare(&self->motion, p);
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    rk4 *self = state;
    return orr_runge_kutta_step(&tableau, &self->motion, p, h, report);
}

static const orr_field fields[] = {ORR_MOTION_FIELDS(1), {0}};

const orr_integrator orr_integrator_rk4 = {
    .name = "rk4",
    .summary =
        "Classical Runge-Kutta: fourth order, accurate for some hundred orbits, then drifts.",
    .reference = "Kutta 1901, Z. Math. Phys. 46, 435",
    .kind = "Runge-Kutta",
    .order = 4,
    .evaluations = 4,
    .traits = ORR_TAKES_VELOCITY_FORCES | ORR_TAKES_BOUNDARY,
    .fields = fields,
    .state_size = sizeof(rk4),
    .prepare = prepare,
    .step = step,
};
