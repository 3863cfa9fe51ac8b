/* blocks.h - individual time steps in a hierarchy of powers of two: each body takes the step that
 * it needs, bodies of equal step move together, all meet at the end of the longest step.
 *
 *     level 0  |---------------|      A body of level k takes 2^k steps in a block of length D.
 *     level 1  |-------|-------|      It may go to shorter steps at any of its times, to longer
 *     level 2  |---|---|---|---|      ones only where the coarser grid has a point.
 *
 * Aarseth 1963 (individual steps); Makino 1991, PASJ 43, 859 (blocks).  Bodies that do not move at
 * a time are predicted by Taylor's theorem from their own last one. */
#ifndef ORRERY_INTEGRATORS_BLOCKS_H
#define ORRERY_INTEGRATORS_BLOCKS_H

#include "adaptive.h"

enum { ORR_MOST_DERIVATIVES = 6 }; /* of a body: pos, vel, acc, jerk, snap, crackle */

typedef struct orr_blocks {
    orr_adaptive adaptive; /* its `tolerance` is the accuracy parameter eta; h is D */
    int iterations;        /* of evaluation and correction in a step */
    bool ready;
    double *f[ORR_MOST_DERIVATIVES]; /* [3 stride] each: every body at its own time */
    double *f_low[2];                /* what rounding takes from pos and vel */
    double *start[2];                /* [3 stride] pos, vel at the start of the block */
    double *now[3], *then[3];        /* predicted; evaluated: acc, jerk, snap */
    double *dt;                      /* [stride] from a body's time to now */
    unsigned char *level;            /* [n] */
    uint64_t *tick;                  /* [n] a body's time, in 2^-40 of D */
    size_t *moving;                  /* [n] indices */
} orr_blocks;

/* The scheme that corrects and chooses steps. */
typedef struct orr_hermite {
    size_t derivatives; /* 4: up to jerk, 6: up to crackle */
    unsigned want;      /* ORR_WANT_JERK or ORR_WANT_SNAP */
    double noise;       /* what `higher` (times powers of dt) may make of an error in acc */
    double coarse_from; /* the eta from which 1e-8 of an acceleration is below the error of steps */
    /* One coordinate of one body: f at the start of a step dt; then: acc, jerk (and snap) at its
     * end.  *dx, *dv: the increments; higher: as many of the next derivatives of acc at the end. */
    void (*correct)(double dt, const double *f, const double *then, double *dx, double *dv,
                    double higher[4]);
    /* The step wanted, from |acc|, |jerk|, ... at the end. */
    double (*criterion)(double eta, const double *size);
} orr_hermite;

#define ORR_BLOCKS_FIELDS(eta_, doc_)                                                              \
    ORR_ADAPTIVE_FIELDS(eta_, 1e-6, doc_),                                                         \
        {.name = "iterations",                                                                     \
         .type = ORR_INT,                                                                          \
         .offset = offsetof(orr_blocks, iterations),                                               \
         .fallback = 1,                                                                            \
         .min = 1,                                                                                 \
         .max = 10,                                                                                \
         .role = ORR_OPTION,                                                                       \
         .doc = "evaluations and corrections in a step; from 3 on, steps are time-symmetric"},     \
        ORR_STATE_VALUE(orr_blocks, ready), ORR_STATE_KEPT(orr_blocks, f),                         \
        ORR_STATE_KEPT(orr_blocks, f_low), ORR_STATE_KEPT(orr_blocks, start),                      \
        ORR_STATE_ROOM(orr_blocks, now), ORR_STATE_ROOM(orr_blocks, then),                         \
        ORR_STATE_ROOM(orr_blocks, dt), ORR_STATE_KEPT(orr_blocks, level),                         \
        ORR_STATE_KEPT(orr_blocks, tick), ORR_STATE_ROOM(orr_blocks, moving)

orr_status orr_blocks_prepare(void *state, orr_problem *p);
orr_status orr_blocks_step(const orr_hermite *scheme, orr_blocks *self, orr_problem *p,
                           double limit, orr_step_report *report);

#endif
