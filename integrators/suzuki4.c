/* Suzuki's fractal: five leapfrog steps, four of them forwards; smaller errors than Yoshida 4.
 * Suzuki 1990, Phys. Lett. A 146, 319. */
#include "shared/compose.h"

/* 1 / (4 - 4^(1/3)) */
#define W 0.41449077179437573714
static const double weights[] = {W, W, 1 - 4 * W};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_leapfrog(state, p, h, weights, sizeof weights / sizeof *weights, report);
}

const orr_integrator orr_integrator_suzuki4 = {
    .name = "suzuki4",
    .summary = "Suzuki's five leapfrog steps: fourth order, five evaluations, small error.",
    .reference = "10.1016/0375-9601(90)90962-N",
    .order = 4,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
