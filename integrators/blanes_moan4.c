/* Blanes & Moan, Runge-Kutta-Nystrom splitting of order 4 (SRKN 6b): six evaluations, tiny errors.
 * Blanes & Moan 2002, J. Comput. Appl. Math. 142, 313. */
#include "shared/compose.h"

#define B1 0.0829844064174052
#define A1 0.245298957184271
#define B2 0.396309801498368
#define A2 0.604872665711080
#define B3 (-0.0390563049223486)
#define A3 (0.5 - (A1 + A2))
#define B4 (1 - 2 * (B1 + B2 + B3))
/* kick, drift, ..., kick (the middle) */
static const double c[] = {B1, A1, B2, A2, B3, A3, B4};

ORR_SPLIT_METHOD(blanes_moan4, "blanes-moan4", 4, KICK_FIRST, c,
                 "Runge-Kutta-Nystrom splitting: fourth order, six evaluations, tiny error.",
                 "10.1016/S0377-0427(01)00492-7")
