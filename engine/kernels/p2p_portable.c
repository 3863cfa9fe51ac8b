#define NAME        "portable"
#define KERNELS     orr_kernels_portable
#define SPLIT       orr_split_portable
#define VEC_DOUBLES 2
#include "p2p.inc.h"
#include "series.inc.h"
#include "focus.inc.h"
#include "table.inc.h"
