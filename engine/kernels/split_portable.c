#define SPLIT       orr_split_portable
#define VEC_DOUBLES 2
#include "splitting.inc.h"
