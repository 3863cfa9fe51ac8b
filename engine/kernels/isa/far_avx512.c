#define VEC_DOUBLES 8
#define KIND        ORR_HARMONIC
#define EXPANSIONS  "far_harmonic.h"
#define FAR_KERNELS orr_far_harmonic_avx512
#include "kernels/gravity/far.inc.h"
