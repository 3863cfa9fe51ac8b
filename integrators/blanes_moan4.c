/* Blanes & Moan, Runge-Kutta-Nystrom splitting of order 4 (SRKN 6b): six evaluations, tiny errors.
 * Blanes & Moan 2002, J. Comput. Appl. Math. 142, 313. */
#include "shared/compose.h"

#define B1 0.0829844064174052
#define A1 0.245298957184271
#define B2 0.396309801498368
#define A2 0.604872665711080
#define B3 (-0.0390563049223486)
#define A3 (0.5 - (A1 + A2))
#define B4 (1 - 2 * (B1 + B2 + B3))
/* kick, drift, ..., kick (the middle) */
static const double c[] = {B1, A1, B2, A2, B3, A3, B4};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_split(state, p, h, true, c, sizeof c / sizeof *c, report);
}

const orr_integrator orr_integrator_blanes_moan4 = {
    .name = "blanes-moan4",
    .summary = "Runge-Kutta-Nystrom splitting: fourth order, six evaluations, tiny error.",
    .reference = "10.1016/S0377-0427(01)00492-7",
    .order = 4,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
