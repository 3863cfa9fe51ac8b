#define NAME        "avx512"
#define KERNELS     orr_kernels_avx512
#define SPLIT       orr_split_avx512
#define VEC_DOUBLES 8
#include "p2p.inc.h"
#include "series.inc.h"
#include "focus.inc.h"
#include "table.inc.h"
