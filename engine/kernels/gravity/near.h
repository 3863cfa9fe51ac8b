/* near.h - pulls of bodies that are near: a list of sources on the bodies of one leaf.
 *
 * Differences to the leaf's centre are taken in double and divided by `scale`, pairs are computed in
 * float and summed in float over one list, lists are added up in double.  Pairs so close that the
 * floats would lose their difference are summed in double.  Same bits on every instruction set:
 * sixteen lanes everywhere, + - * / sqrt and fma with one rounding, no approximate instruction. */
#ifndef ORRERY_KERNELS_GRAVITY_NEAR_H
#define ORRERY_KERNELS_GRAVITY_NEAR_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/gravity/softening.h"

/* Bodies [begin, begin + n) in the order of the tree. */
typedef struct orr_span {
    uint32_t begin, n;
} orr_span;

typedef struct orr_near {
    const double *x, *y, *z, *gm; /* sources, in the order of the tree [length], [length3/time2];
                                     readable for eight more than there are */
    const orr_span *spans;        /* those that pull */
    size_t n_spans;
    /* The bodies that are pulled, packed; 64-byte aligned, room for a multiple of 16, any finite
     * values behind the last. */
    const double *tx, *ty, *tz;
    size_t n_targets;
    double center[3]; /* near which the targets are [length] */
    double scale;     /* [length] about the size of the leaf, > 0: no float leaves its range */
    double gm_scale;  /* [length3/time2] likewise for the masses */
    orr_softening softening; /* law and length */
    unsigned want;           /* ORR_WANT_ACC, ORR_WANT_POTENTIAL, ORR_WANT_TIDES */
    double *ax, *ay, *az;    /* added to, packed as the targets are */
    double *phi;             /* likewise; see orr_softening_self() for what a body does to itself */
    double *tides[6];        /* xx xy xz yy yz zz */
    void *room;              /* orr_near_room() bytes, 64-byte aligned */
} orr_near;

/* Scratch for lists of up to so many sources. */
size_t orr_near_room(size_t sources);

/* Pairs at distance 0 pull nothing.  Their potential is that of the softening at 0, also of a body
 * on itself, or none without softening. */
typedef void orr_near_fn(const orr_near *list);

extern orr_near_fn orr_near_plain, orr_near_portable, orr_near_avx2, orr_near_avx512;

#endif
