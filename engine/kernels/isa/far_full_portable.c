#define VEC_DOUBLES 2
#define KIND        ORR_FULL
#define EXPANSIONS  "far_full.h"
#define FAR_KERNELS orr_far_full_portable
#include "kernels/gravity/far.inc.h"
