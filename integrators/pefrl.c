/* Position-extended Forest-Ruth-like: fourth order, four evaluations, errors far below Forest-Ruth.
 * Omelyan, Mryglod & Folk 2002, Comput. Phys. Commun. 146, 188. */
#include "shared/compose.h"

#define XI     0.1786178958448091
#define LAMBDA (-0.2123418310626054)
#define CHI    (-0.06626458266981849)
/* drift, kick, drift, kick, drift (the middle) */
static const double c[] = {XI, 0.5 - LAMBDA, CHI, LAMBDA, 1 - 2 * (CHI + XI)};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_split(state, p, h, false, c, sizeof c / sizeof *c, report);
}

const orr_integrator orr_integrator_pefrl = {
    .name = "pefrl",
    .summary = "Optimised Forest-Ruth: fourth order, four evaluations, small error.",
    .reference = "10.1016/S0010-4655(02)00451-4",
    .order = 4,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
