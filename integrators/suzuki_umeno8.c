/* Suzuki & Umeno 8: fifteen leapfrog steps, with smaller errors than Yoshida's of the same length.
 * Suzuki & Umeno 1993; McLachlan 1995, SIAM J. Sci. Comput. 16, 151; digits: Hairer, Lubich &
 * Wanner 2006, V.3. */
#include "shared/compose.h"

static const double weights[] = {0.74167036435061295345, -0.40910082580003159400,
                                 0.19075471029623837995, -0.57386247111608226666,
                                 0.29906418130365592384, 0.33462491824529818378,
                                 0.31529309239676659663, -0.79688793935291635402};

ORR_COMPOSED_METHOD(suzuki_umeno8, "suzuki-umeno8", 8, weights,
                    "Fifteen leapfrog steps: eighth order.", "10.1137/0916010")
