/* McLachlan's best symmetric composition of five leapfrog steps of fourth order.
 * McLachlan 1995, SIAM J. Sci. Comput. 16, 151. */
#include "shared/compose.h"

#define A 0.28
#define B 0.62546642846767004501
static const double weights[] = {A, B, 1 - 2 * (A + B)};

ORR_COMPOSED_METHOD(mclachlan4, "mclachlan4", 4, weights,
                    "McLachlan's five leapfrog steps: fourth order, five evaluations.",
                    "10.1137/0916010")
