/* Yoshida 8: fifteen leapfrog steps, the set of his five with the smallest coefficients.
 * Yoshida 1990, Phys. Lett. A 150, 262, table 2. */
#include "shared/compose.h"

#define W1 0.914844246229740
#define W2 0.253693336566229
#define W3 (-1.44485223686048)
#define W4 (-0.158240635368243)
#define W5 1.93813913762276
#define W6 (-1.96061023297549)
#define W7 0.102799849391985
static const double weights[] = {W1, W2, W3, W4,
                                 W5, W6, W7, 1 - 2 * (W1 + W2 + W3 + W4 + W5 + W6 + W7)};

ORR_COMPOSED_METHOD(yoshida8, "yoshida8", 8, weights,
                    "Fifteen leapfrog steps: eighth order; prefer kahan-li8 or suzuki-umeno8.",
                    "10.1016/0375-9601(90)90092-3")
