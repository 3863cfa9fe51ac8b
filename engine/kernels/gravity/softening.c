/* softening.c - see softening.h. */
#include "kernels/gravity/softening.h"

#include <math.h>

/* Compact: Wendland's C2 density of radius H, rho = 21/(2 pi) (1 - r)^4 (1 + 4 r) in its units. */
double orr_softening_potential(const orr_softening *s, double r2)
{
    const double H = 3 * s->eps;
    if (s->law == ORR_SOFTEN_COMPACT && r2 < H * H) {
        const double x2 = r2 / (H * H), x = sqrt(x2);
        return (3 + x2 * (-7 + x2 * (21 + x * (-28 + x * (15 - 3 * x))))) / H;
    }
    if (s->law == ORR_SOFTEN_PLUMMER)
        r2 += s->eps * s->eps;
    return r2 > 0 ? 1 / sqrt(r2) : 0;
}

double orr_softening_self(const orr_softening *s)
{
    return s->eps > 0 ? 1 / s->eps : 0; /* of both laws: the compact one has 3/H */
}
