/* sweep.h - bodies on the way between the start and other dates; private to epochs.c.
 *
 * A sweep is a simulation with the scenario's forces and the method ias15: it takes all of them,
 * and is exact to round-off, whatever the scenario itself integrates with. */
#ifndef ORRERY_IO_SWEEP_H
#define ORRERY_IO_SWEEP_H

#include "io/scenario/internal.h"

typedef struct orr_sweep {
    loader *l;
    const size_t *index; /* [bodies] by id: the place in the scenario */
    const bool *core;    /* [bodies] by id: on the way already when it is set down, perhaps */
    orr_held *reason;    /* for whom it is made: where errors are said */
    orr_sim *sim;        /* NULL: no body is on the way yet */
    double t;            /* [time] where it is */
    double h;            /* [time] the last step, without sign; 0: none yet */
    double t0, far;      /* [time] from here to there, and back if `returns` */
    bool returns;
    bool watches;   /* two bodies that touch are an error */
    double *before; /* [2 * 3 stride] positions and velocities at the step before; NULL: no radii */
    double t_before;
    double steps;  /* so far */
    bool too_far;  /* the way takes more steps than are worth waiting for */
    double missed; /* the largest relative shift of the bodies there when it was set down */
    uint64_t touched[2];
    bool touch;
} orr_sweep;

/* Takes the bodies; there may be none. */
orr_status orr_sweep_begin(orr_sweep *w, orr_bodies *bodies);
orr_status orr_sweep_to(orr_sweep *w, double t);
/* Go on with the bodies of `from`, w itself or one at the same time, and set down those whose
 * primaries are there: who is there already is moved. */
orr_status orr_sweep_join(orr_sweep *w, const orr_sweep *from, orr_held **held, size_t n);
/* The same for bodies as they are. */
orr_status orr_sweep_add(orr_sweep *w, const orr_sweep *from, const orr_bodies *more);
/* NULL: none. */
const orr_bodies *orr_sweep_bodies(const orr_sweep *w);
void orr_sweep_end(orr_sweep *w);

/* The state of `held` among bodies; false if one that it is relative to is not among them. */
bool orr_held_among(const orr_held *held, const orr_bodies *bodies, orr_state *out);
/* The relative state after `time` on the two-body orbit. */
orr_state orr_held_later(const orr_held *held, double time);

/* ---- touch.c ---- */

/* Two bodies that touch in the step before this state, if there are any. */
bool orr_sweep_touch(const orr_bodies *b, const double *before, double h, size_t found[2]);

#endif
