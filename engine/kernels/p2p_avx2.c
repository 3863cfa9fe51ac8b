#define NAME        "avx2"
#define KERNELS     orr_kernels_avx2
#define SPLIT       orr_split_avx2
#define VEC_DOUBLES 4
#include "p2p.inc.h"
#include "series.inc.h"
#include "focus.inc.h"
#include "table.inc.h"
