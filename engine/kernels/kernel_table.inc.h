/* kernel_table.inc.h - the kernels of one instruction set. */
const orr_kernels KERNELS = {.name = NAME,
                             .acc = pull_acc,
                             .acc_jerk = pull_acc_jerk,
                             .phi = pull_phi,
                             .mutual = mutual,
                             .series = series,
                             .focus = focus,
                             .packed = packed,
                             .predict = predict,
                             .split = &SPLIT,
                             .far = orr_far_plain,
                             .near = NEAR};
