/* Suzuki's fractal: five leapfrog steps, four of them forwards; smaller errors than Yoshida 4.
 * Suzuki 1990, Phys. Lett. A 146, 319. */
#include "shared/compose.h"

/* 1 / (4 - 4^(1/3)) */
#define W 0.41449077179437573714
static const double weights[] = {W, W, 1 - 4 * W};

ORR_COMPOSED_METHOD(suzuki4, "suzuki4", 4, weights,
                    "Suzuki's five leapfrog steps: fourth order, five evaluations, small error.",
                    "10.1016/0375-9601(90)90962-N")
