/* Yoshida 8: fifteen leapfrog steps, the set of his five with the smallest coefficients.
 * Yoshida 1990, Phys. Lett. A 150, 262, table 2. */
#include "shared/compose.h"

#define W1 0.914844246229740
#define W2 0.253693336566229
#define W3 (-1.44485223686048)
#define W4 (-0.158240635368243)
#define W5 1.93813913762276
#define W6 (-1.96061023297549)
#define W7 0.102799849391985
static const double weights[] = {W1, W2, W3, W4,
                                 W5, W6, W7, 1 - 2 * (W1 + W2 + W3 + W4 + W5 + W6 + W7)};

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return orr_compose_leapfrog(state, p, h, weights, sizeof weights / sizeof *weights, report);
}

const orr_integrator orr_integrator_yoshida8 = {
    .name = "yoshida8",
    .summary = "Fifteen leapfrog steps: eighth order; prefer kahan-li8 or suzuki-umeno8.",
    .reference = "10.1016/0375-9601(90)90092-3",
    .order = 8,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = orr_composition_fields,
    .state_size = sizeof(orr_composition),
    .prepare = orr_composition_prepare,
    .step = step,
};
