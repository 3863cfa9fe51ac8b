/* Yoshida 6, solution A: seven leapfrog steps.
 * Yoshida 1990, Phys. Lett. A 150, 262; digits: Hairer, Lubich & Wanner 2006, V.3. */
#include "shared/compose.h"

static const double weights[] = {0.78451361047755726382, 0.23557321335935813368,
                                 -1.17767998417887100695, 1.31518632068391121889};

ORR_COMPOSED_METHOD(yoshida6, "yoshida6", 6, weights, "Seven leapfrog steps: sixth order.",
                    "10.1016/0375-9601(90)90092-3")
