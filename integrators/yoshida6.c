/* Yoshida 6, solution A: seven leapfrog steps.
 * Yoshida 1990, Phys. Lett. A 150, 262; digits: Hairer, Lubich & Wanner 2006, V.3. */
#include "shared/compose.h"

static const double weights[] = {0.78451361047755726382, 0.23557321335935813368,
                                 -1.17767998417887100695, 1.31518632068391121889};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_leapfrog(state, p, h, weights, sizeof weights / sizeof *weights, report);
}

const orr_integrator orr_integrator_yoshida6 = {
    .name = "yoshida6",
    .summary = "Seven leapfrog steps: sixth order.",
    .reference = "10.1016/0375-9601(90)90092-3",
    .order = 6,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
