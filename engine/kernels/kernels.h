/* kernels.h - pair gravity, once in readable form (*.inc.h), compiled for several instruction
 * sets.
 *
 *     p2p_portable.c  p2p_avx2.c  p2p_avx512.c      choose a vector width, include *.inc.h:
 *     split_portable.c ...                          pair gravity; Kepler splittings
 *     dispatch.c                                    picks a table once
 *
 * All variants do the same IEEE operations (+ - * / sqrt, no contraction) on every number in the
 * same order, so their results are equal bit for bit; tests/engine/kernels/test_variants.c asserts
 * it with ==. */
#ifndef ORRERY_KERNELS_H
#define ORRERY_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include <orrery/splitting.h>

#include "core/kepler.h"
#include "kernels/gravity/far.h"

enum { ORR_MOST_BLOCKS = ORR_MOST_PLANETS / 8 };

/* One gravity problem: inputs and outputs are 64-byte-aligned arrays, padded to a multiple of 8. */
typedef struct orr_p2p {
    const double *x, *y, *z, *gm;
    const double *vx, *vy, *vz; /* for jerk only */
    double eps2;                /* squared Plummer softening length */
    double *ax, *ay, *az;
    double *jx, *jy, *jz;
    double *phi;
    const double *bx, *by, *bz; /* accelerations now, for snap only */
    double *sx, *sy, *sz;       /* snap */
} orr_p2p;

/* Add the pull of sources [first, last) on up to eight targets [target, target + 8), target = 0
 * (mod 8), to those with index in [low, high).  A body does not pull itself. */
typedef void orr_pull(const orr_p2p *g, size_t target, size_t low, size_t high, size_t first,
                      size_t last);

/* Power series in time of the gravity of all pairs; see pair/taylor.inc.h.  Arrays are 64-byte
 * aligned; d and f hold three rows of `row` slots, with eight spare ones before f and behind each
 * row. */
typedef struct orr_series {
    size_t n, n_active, n_passive, stride;
    size_t pairs, row;
    int room; /* orders 0 .. room - 1 */
    double eps2;
    const double *gm, *gm_twice; /* gm_twice: active ones, twice in a row */
    double *twice, *twice_low;   /* [2 n_active + 16] */
    double *d, *f, *d_low, *f_low;
    unsigned char first[16], second[16]; /* of up to 15 pairs, i and j; the rest: body 0 twice */
    double *history;                     /* [pairs / 8][5 room + 7][8] */
} orr_series;

/* Targets gathered from bodies; arrays 64-byte aligned and padded to a multiple of 8, with numbers
 * of -1 and finite places behind the last. */
typedef struct orr_packed {
    const double *x, *y, *z;
    const int64_t *number;     /* index among the bodies */
    double *acc[3], *tides[6]; /* overwritten; tides: xx xy xz yy yz zz, or NULL */
} orr_packed;

typedef struct orr_kernels {
    const char *name;
    orr_pull *acc;      /* acceleration */
    orr_pull *acc_jerk; /* acceleration and jerk */
    orr_pull *phi;      /* potential */
    /* Acceleration of all bodies of two disjoint ranges on each other, both ways from one square
     * root and one division a pair.  i0, i1 = 0 (mod 8), or i1 the end of a padded array. */
    void (*mutual)(const orr_p2p *g, size_t i0, size_t i1, size_t j0, size_t j1);
    /* Order k of the accelerations, added to acc [3 stride], from order k of the positions x
     * [3 stride] and what rounding took from it (low, may be NULL); the orders before must have
     * been asked for.  acc_low, growth: see orr_eval. */
    void (*series)(const orr_series *g, int k, const double *x, const double *low, double *acc,
                   double *acc_low, double *growth);
    /* Acceleration and jerk (and snap) of body i by sources [first, last), added to the outputs. */
    void (*focus)(const orr_p2p *g, int snap, size_t i, size_t first, size_t last);
    /* What sources [0, active), and [active, massive) on active ones, do to the eight targets from
     * `block` on. */
    void (*packed)(const orr_p2p *g, const orr_packed *t, size_t block, size_t active,
                   size_t massive);
    /* See orr_predict() in vector.h. */
    void (*predict)(size_t n, size_t stride, const double *dt, size_t terms,
                    const double *const f[], size_t outputs, double *const out[]);
    const struct orr_split_kernels *split;
    orr_far_choose *far; /* see gravity/far.h */
    orr_near_fn *near;   /* see gravity/near.h */
} orr_kernels;

/* See orrery/splitting.h. */
typedef struct orr_split_kernels {
    /* Systems in blocks [first, first + blocks) */
    void (*split)(const orr_planets *p, size_t first, size_t blocks, const orr_splitting_op *ops,
                  size_t n, uint64_t repeat);
    void (*kepler)(size_t n, double *const x[3], double *const v[3], const double *mu, double h);
    void (*particles)(const orr_particles *p, const orr_field_of_planets *f, size_t n, size_t first,
                      size_t last);
} orr_split_kernels;

extern const orr_split_kernels orr_split_portable, orr_split_avx2, orr_split_avx512;

/* The table in use, and all tables this machine can run (iterate from 0 until NULL). */
const orr_kernels *orr_kernels_selected(void);
const orr_kernels *orr_kernels_at(size_t i);

extern const orr_kernels orr_kernels_portable, orr_kernels_avx2, orr_kernels_avx512;

#endif
