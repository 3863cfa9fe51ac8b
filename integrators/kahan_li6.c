/* Kahan & Li 6: nine leapfrog steps, errors a tenth of Yoshida 6.
 * Kahan & Li 1997, Math. Comp. 66, 1089; digits: Hairer, Lubich & Wanner 2006, V.3. */
#include "shared/compose.h"

static const double weights[] = {0.39216144400731413928, 0.33259913678935943860,
                                 -0.70624617255763935981, 0.08221359629355080023,
                                 0.79854399093482996340};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_leapfrog(state, p, h, weights, sizeof weights / sizeof *weights, report);
}

const orr_integrator orr_integrator_kahan_li6 = {
    .name = "kahan-li6",
    .summary = "Nine leapfrog steps: sixth order with small errors.",
    .reference = "10.1090/S0025-5718-97-00873-9",
    .order = 6,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
