/* kernel_table.inc.h - the kernels of one instruction set. */
const orr_kernels KERNELS = {.name = NAME,
                             .acc = pull_acc,
                             .acc_far = pull_far,
                             .acc_jerk = pull_acc_jerk,
                             .phi = pull_phi,
                             .mutual = mutual,
                             .mutual_far = mutual_far,
                             .series = series,
                             .focus = focus,
                             .narrow = narrow,
                             .focus_narrow = focus_narrow,
                             .predict = predict,
                             .split = &SPLIT};
