#define NAME        "avx2"
#define KERNELS     orr_kernels_avx2
#define NEAR        orr_near_avx2
#define SPLIT       orr_split_avx2
#define FAR         orr_far_avx2
#define VEC_DOUBLES 4
#include "kernels/pair/p2p.inc.h"
#include "kernels/pair/taylor.inc.h"
#include "kernels/pair/single_target.inc.h"
#include "kernels/pair/few_targets.inc.h"
#include "kernels/pair/packed_targets.inc.h"
#include "kernels/kernel_table.inc.h"
