/* Kahan & Li 8: seventeen leapfrog steps, for long runs near round-off.
 * Kahan & Li 1997, Math. Comp. 66, 1089; digits: Hairer, Lubich & Wanner 2006, V.3. */
#include "shared/compose.h"

static const double weights[] = {
    0.13020248308889008088, 0.56116298177510838456,  -0.38947496264484728641,
    0.15884190655515560090, -0.39590389413323757734, 0.18453964097831570709,
    0.25837438768632204729, 0.29501172360931029887,  -0.60550853383003451170};

ORR_COMPOSED_METHOD(kahan_li8, "kahan-li8", 8, weights,
                    "Seventeen leapfrog steps: eighth order with small errors.",
                    "10.1090/S0025-5718-97-00873-9")
