/* Position-extended Forest-Ruth-like: fourth order, four evaluations, errors far below Forest-Ruth.
 * Omelyan, Mryglod & Folk 2002, Comput. Phys. Commun. 146, 188. */
#include "shared/compose.h"

#define XI     0.1786178958448091
#define LAMBDA (-0.2123418310626054)
#define CHI    (-0.06626458266981849)
/* drift, kick, drift, kick, drift (the middle) */
static const double c[] = {XI, 0.5 - LAMBDA, CHI, LAMBDA, 1 - 2 * (CHI + XI)};

ORR_SPLIT_METHOD(pefrl, "pefrl", 4, DRIFT_FIRST, c,
                 "Optimised Forest-Ruth: fourth order, four evaluations, small error.",
                 "10.1016/S0010-4655(02)00451-4")
