#define NAME        "portable"
#define KERNELS     orr_kernels_portable
#define NEAR        orr_near_portable
#define SPLIT       orr_split_portable
#define FAR         orr_far_portable
#define VEC_DOUBLES 2
#include "kernels/pair/p2p.inc.h"
#include "kernels/pair/taylor.inc.h"
#include "kernels/pair/single_target.inc.h"
#include "kernels/pair/few_targets.inc.h"
#include "kernels/pair/packed_targets.inc.h"
#include "kernels/kernel_table.inc.h"
