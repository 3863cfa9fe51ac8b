#define SPLIT       orr_split_portable
#define VEC_DOUBLES 2
#include "kernels/wisdom_holman/splitting.inc.h"
