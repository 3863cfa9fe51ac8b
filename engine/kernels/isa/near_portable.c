#define NEAR        orr_near_portable
#define VEC_DOUBLES 2
#include "kernels/gravity/near.inc.h"
