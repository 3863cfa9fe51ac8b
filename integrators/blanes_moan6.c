/* Blanes & Moan, Runge-Kutta-Nystrom splitting of order 6 (SRKN 11b).
 * Blanes & Moan 2002, J. Comput. Appl. Math. 142, 313. */
#include "shared/compose.h"

#define B1 0.0414649985182624
#define A1 0.123229775946271
#define B2 0.198128671918067
#define A2 0.290553797799558
#define B3 (-0.0400061921041533)
#define A3 (-0.127049212625417)
#define B4 0.0752539843015807
#define A4 (-0.246331761062075)
#define B5 (-0.0115113874206879)
#define A5 0.357208872795928
#define B6 (0.5 - (B1 + B2 + B3 + B4 + B5))
#define A6 (1 - 2 * (A1 + A2 + A3 + A4 + A5))
/* kick, drift, ..., drift (the middle) */
static const double c[] = {B1, A1, B2, A2, B3, A3, B4, A4, B5, A5, B6, A6};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_split(state, p, h, true, c, sizeof c / sizeof *c, report);
}

const orr_integrator orr_integrator_blanes_moan6 = {
    .name = "blanes-moan6",
    .summary = "Runge-Kutta-Nystrom splitting: sixth order, eleven evaluations, tiny error.",
    .reference = "10.1016/S0377-0427(01)00492-7",
    .order = 6,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
