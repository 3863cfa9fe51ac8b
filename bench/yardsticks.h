/* yardsticks.h - pair kernels to measure ours by: one-sided, AVX-512, with fused multiply-add. */
#ifndef ORRERY_BENCH_YARDSTICKS_H
#define ORRERY_BENCH_YARDSTICKS_H

#include "kernels/kernels.h"

/* Accelerations of all n bodies on each other; n = 0 (mod 16). */
typedef void yardstick(const orr_p2p *g, size_t n);

yardstick yardstick_exact; /* double square root and division */
yardstick yardstick_rsqrt; /* rsqrt14 and two Newton steps: fast, bits differ between makers */
yardstick yardstick_float; /* float square root and division as seed, one third-order step */

/* n fused multiply-adds of eight doubles, each waiting for the one before. */
double yardstick_chain(long n);

#endif
