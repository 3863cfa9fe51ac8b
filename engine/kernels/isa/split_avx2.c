#define SPLIT       orr_split_avx2
#define VEC_DOUBLES 4
#include "kernels/wisdom_holman/splitting.inc.h"
