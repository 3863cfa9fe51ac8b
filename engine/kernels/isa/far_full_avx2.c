#define VEC_DOUBLES 4
#define KIND        ORR_FULL
#define EXPANSIONS  "far_full.h"
#define FAR_KERNELS orr_far_full_avx2
#include "kernels/gravity/far.inc.h"
