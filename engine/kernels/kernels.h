/* kernels.h - pair gravity, once in readable form (p2p.inc.h), compiled for several instruction
 * sets.
 *
 *     p2p_portable.c  p2p_avx2.c  p2p_avx512.c      choose a vector width, include p2p.inc.h
 *     dispatch.c                                    picks a table once
 *
 * All variants do the same IEEE operations (+ - * / sqrt, no contraction) on every number in the
 * same order, so their results are equal bit for bit; tests/engine/kernels/test_variants.c asserts
 * it with ==. */
#ifndef ORRERY_KERNELS_H
#define ORRERY_KERNELS_H

#include <stddef.h>

/* One gravity problem: inputs and outputs are 64-byte-aligned arrays, padded to a multiple of 8. */
typedef struct orr_p2p {
    const double *x, *y, *z, *gm;
    const double *vx, *vy, *vz; /* for jerk only */
    double eps2;                /* squared Plummer softening length */
    double *ax, *ay, *az;
    double *jx, *jy, *jz;
    double *phi;
} orr_p2p;

/* Add the pull of sources [first, last) on up to eight targets [target, target + 8), target = 0
 * (mod 8), to those with index in [low, high).  A body does not pull itself. */
typedef void orr_pull(const orr_p2p *g, size_t target, size_t low, size_t high, size_t first,
                      size_t last);

typedef struct orr_kernels {
    const char *name;
    orr_pull *acc;      /* acceleration */
    orr_pull *acc_jerk; /* acceleration and jerk */
    orr_pull *phi;      /* potential */
    /* Acceleration of all bodies of two disjoint ranges on each other, both ways from one square
     * root and one division a pair.  i0, i1 = 0 (mod 8), or i1 the end of a padded array. */
    void (*mutual)(const orr_p2p *g, size_t i0, size_t i1, size_t j0, size_t j1);
} orr_kernels;

/* The table in use, and all tables this machine can run (iterate from 0 until NULL). */
const orr_kernels *orr_kernels_selected(void);
const orr_kernels *orr_kernels_at(size_t i);

extern const orr_kernels orr_kernels_portable, orr_kernels_avx2, orr_kernels_avx512;

#endif
