/* Yoshida 4 (also Forest and Ruth): three leapfrog steps, the middle one backwards.
 * Yoshida 1990, Phys. Lett. A 150, 262; Forest & Ruth 1990, Physica D 43, 105. */
#include "shared/compose.h"

/* 1 / (2 - 2^(1/3)) and what makes the sum 1 */
#define W 1.35120719195965763405
static const double weights[] = {W, 1 - 2 * W};

ORR_COMPOSED_METHOD(
    yoshida4, "yoshida4", 4, weights,
    "Triple jump of leapfrog (Yoshida, Forest-Ruth): fourth order, three evaluations.",
    "10.1016/0375-9601(90)90092-3")
