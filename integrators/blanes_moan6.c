/* Blanes & Moan, Runge-Kutta-Nystrom splitting of order 6 (SRKN 11b).
 * Blanes & Moan 2002, J. Comput. Appl. Math. 142, 313. */
#include "shared/compose.h"

#define B1 0.0414649985182624
#define A1 0.123229775946271
#define B2 0.198128671918067
#define A2 0.290553797799558
#define B3 (-0.0400061921041533)
#define A3 (-0.127049212625417)
#define B4 0.0752539843015807
#define A4 (-0.246331761062075)
#define B5 (-0.0115113874206879)
#define A5 0.357208872795928
#define B6 (0.5 - (B1 + B2 + B3 + B4 + B5))
#define A6 (1 - 2 * (A1 + A2 + A3 + A4 + A5))
/* kick, drift, ..., drift (the middle) */
static const double c[] = {B1, A1, B2, A2, B3, A3, B4, A4, B5, A5, B6, A6};

ORR_SPLIT_METHOD(blanes_moan6, "blanes-moan6", 6, KICK_FIRST, c,
                 "Runge-Kutta-Nystrom splitting: sixth order, eleven evaluations, tiny error.",
                 "10.1016/S0377-0427(01)00492-7")
