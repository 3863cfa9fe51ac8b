/* softening.c - see softening.h. */
#include "kernels/gravity/softening.h"

double orr_softening_self(const orr_softening *s)
{
    return s->eps > 0 ? 1 / s->eps : 0; /* of both laws: the compact one has 3/H */
}
