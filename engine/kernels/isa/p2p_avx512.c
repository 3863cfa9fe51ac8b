#define NAME        "avx512"
#define KERNELS     orr_kernels_avx512
#define NEAR        orr_near_avx512
#define SPLIT       orr_split_avx512
#define FAR         orr_far_avx512
#define VEC_DOUBLES 8
#include "kernels/pair/p2p.inc.h"
#include "kernels/pair/taylor.inc.h"
#include "kernels/pair/single_target.inc.h"
#include "kernels/pair/few_targets.inc.h"
#include "kernels/pair/packed_targets.inc.h"
#include "kernels/kernel_table.inc.h"
