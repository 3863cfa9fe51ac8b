/* Yoshida 4 (also Forest and Ruth): three leapfrog steps, the middle one backwards.
 * Yoshida 1990, Phys. Lett. A 150, 262; Forest & Ruth 1990, Physica D 43, 105. */
#include "shared/compose.h"

/* 1 / (2 - 2^(1/3)) and what makes the sum 1 */
#define W 1.35120719195965763405
static const double weights[] = {W, 1 - 2 * W};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_leapfrog(state, p, h, weights, sizeof weights / sizeof *weights, report);
}

const orr_integrator orr_integrator_yoshida4 = {
    .name = "yoshida4",
    .summary = "Triple jump of leapfrog (Yoshida, Forest-Ruth): fourth order, three evaluations.",
    .reference = "10.1016/0375-9601(90)90092-3",
    .order = 4,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
