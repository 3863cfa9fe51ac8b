#define NEAR        orr_near_avx512
#define VEC_DOUBLES 8
#include "kernels/gravity/near.inc.h"
