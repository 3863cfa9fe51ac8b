/* Kahan & Li 8: seventeen leapfrog steps, for long runs near round-off.
 * Kahan & Li 1997, Math. Comp. 66, 1089; digits: Hairer, Lubich & Wanner 2006, V.3. */
#include "shared/compose.h"

static const double weights[] = {
    0.13020248308889008088, 0.56116298177510838456,  -0.38947496264484728641,
    0.15884190655515560090, -0.39590389413323757734, 0.18453964097831570709,
    0.25837438768632204729, 0.29501172360931029887,  -0.60550853383003451170};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_leapfrog(state, p, h, weights, sizeof weights / sizeof *weights, report);
}

const orr_integrator orr_integrator_kahan_li8 = {
    .name = "kahan-li8",
    .summary = "Seventeen leapfrog steps: eighth order with small errors.",
    .reference = "10.1090/S0025-5718-97-00873-9",
    .order = 8,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
