/* Kahan & Li 6: nine leapfrog steps, errors a tenth of Yoshida 6.
 * Kahan & Li 1997, Math. Comp. 66, 1089; digits: Hairer, Lubich & Wanner 2006, V.3. */
#include "shared/compose.h"

static const double weights[] = {0.39216144400731413928, 0.33259913678935943860,
                                 -0.70624617255763935981, 0.08221359629355080023,
                                 0.79854399093482996340};

ORR_COMPOSED_METHOD(kahan_li6, "kahan-li6", 6, weights,
                    "Nine leapfrog steps: sixth order with small errors.",
                    "10.1090/S0025-5718-97-00873-9")
