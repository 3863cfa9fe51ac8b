#define VEC_DOUBLES 2
#define KIND        ORR_HARMONIC
#define EXPANSIONS  "far_harmonic.h"
#define FAR_KERNELS orr_far_harmonic_portable
#include "kernels/gravity/far.inc.h"
