/* close_group.h - a few bodies under what Newton's pulls are more than far ones within a changeover
 * radius (see orr_eval.changeover), as exactly as is asked for.
 *
 * The leapfrog with extrapolation to zero step, in time or, where bodies come so close that steps in
 * time would be many, in the fictitious time of the logarithmic Hamiltonian (Mikkola & Tanikawa
 * 1999, MNRAS 310, 745; Preto & Tremaine 1999, AJ 118, 2532):
 *
 *     dt = ds / (T + B)  in drifts,  dt = ds / (U + U0)  in kicks,  B = U0 + U - T constant
 *
 * U0 keeps time going where no two bodies are near.  Positions are kept in twice the precision, so
 * that separations are never differences of large numbers. */
#ifndef ORRERY_INTEGRATORS_CLOSE_GROUP_H
#define ORRERY_INTEGRATORS_CLOSE_GROUP_H

#include "extrapolation.h"

enum { ORR_MOST_CLOSE = 512 };

typedef struct orr_close {
    double changeover; /* [length]; set by the owner */
    double tolerance;  /* of a step: relative to separations and speeds; set by the owner */
    orr_gbs gbs;
    /* Of a group: masses; positions and velocities [3] a body, with what rounding took from them;
     * all of it is of the group that is being moved. */
    size_t n;
    double *gm, *x, *x_low, *w, *w_low;
    double *work; /* for steps */
    double floor, binding;
    bool in_time; /* steps are in time, not in fictitious time */
    uint64_t evaluations;
} orr_close;

/* A member `close` of a method's state. */
#define ORR_CLOSE_FIELDS(block)                                                                    \
    ORR_STATE_UNSAVED(block, close.changeover), ORR_STATE_UNSAVED(block, close.tolerance),         \
        ORR_STATE_ROOM(block, close.gbs.table), ORR_STATE_ROOM(block, close.gbs.correction),       \
        ORR_STATE_UNSAVED(block, close.gbs.n), ORR_STATE_UNSAVED(block, close.gbs.target),         \
        ORR_STATE_UNSAVED(block, close.gbs.was_rejected), ORR_STATE_UNSAVED(block, close.n),       \
        ORR_STATE_ROOM(block, close.gm), ORR_STATE_ROOM(block, close.x),                           \
        ORR_STATE_ROOM(block, close.x_low), ORR_STATE_ROOM(block, close.w),                        \
        ORR_STATE_ROOM(block, close.w_low), ORR_STATE_ROOM(block, close.work),                     \
        ORR_STATE_UNSAVED(block, close.floor), ORR_STATE_UNSAVED(block, close.binding),            \
        ORR_STATE_UNSAVED(block, close.in_time), ORR_STATE_UNSAVED(block, close.evaluations)

/* Room for groups of up to `most` bodies, kept with orr_keep(). */
void orr_close_prepare(orr_close *g, size_t most, orr_arena *memory);

/* Move the group (gm, x, x_low, w, w_low of n bodies, about a point that moves with their centre of
 * mass) by h [time].  ORR_E_STEP_TOO_SMALL where two points meet. */
orr_status orr_close_advance(orr_close *g, double h);

#endif
