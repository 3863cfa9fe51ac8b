#define VEC_DOUBLES 8
#define KIND        ORR_FULL
#define EXPANSIONS  "far_full.h"
#define FAR_KERNELS orr_far_full_avx512
#include "kernels/gravity/far.inc.h"
