/* McLachlan's best symmetric composition of five leapfrog steps of fourth order.
 * McLachlan 1995, SIAM J. Sci. Comput. 16, 151. */
#include "shared/compose.h"

#define A 0.28
#define B 0.62546642846767004501
static const double weights[] = {A, B, 1 - 2 * (A + B)};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_leapfrog(state, p, h, weights, sizeof weights / sizeof *weights, report);
}

const orr_integrator orr_integrator_mclachlan4 = {
    .name = "mclachlan4",
    .summary = "McLachlan's five leapfrog steps: fourth order, five evaluations.",
    .reference = "10.1137/0916010",
    .order = 4,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
