#define SPLIT       orr_split_avx512
#define VEC_DOUBLES 8
#include "kernels/wisdom_holman/splitting.inc.h"
