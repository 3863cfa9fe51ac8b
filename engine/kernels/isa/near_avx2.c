#define NEAR        orr_near_avx2
#define VEC_DOUBLES 4
#include "kernels/gravity/near.inc.h"
