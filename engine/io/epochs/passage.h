/* passage.h - what epochs.c and corrections.c share. */
#ifndef ORRERY_IO_PASSAGE_H
#define ORRERY_IO_PASSAGE_H

#include "sweep.h"

enum { ORR_MOST_PASSES = 30 }; /* for bodies with mass */

typedef struct orr_passage {
    loader *l;
    orr_bodies *bodies; /* of the scenario, at the start */
    size_t *index;      /* [bodies] by id: place */
    bool *known;        /* [bodies] by id: its state at the start is there */
    bool *core;         /* [bodies] by id */
    bool *comes;        /* [bodies] by id: on the present way back */
    orr_held **order;   /* [n_held] by date */
    orr_held **part;    /* [n_held] those of one way back, the farthest first */
    orr_state *last;    /* [n_held] of the pass before, as in l->held */
    orr_state *guess;   /* [n_held] relative, at the start, from the first pass that has all */
    bool has_guess;
    bool watches;  /* bodies must not touch */
    double missed; /* by how much bodies with mass missed their elements, relative */
} orr_passage;

/* Those that hold on one side of the start, the farthest first, into p->part; how many. */
size_t orr_choose(orr_passage *p, bool after, bool core);
/* The core, as it is known at the start, sets out for those; *w is to be ended, whatever happens.
 */
orr_status orr_set_out(const orr_passage *p, orr_sweep *w);
/* By how much a pass is off, and that before it. */
bool orr_has_converged(int pass, double now, double before);

/* From p->guess; p->watches if it has converged, *error is by how much elements are missed. */
orr_status orr_by_corrections(orr_passage *p, double *error);

#endif
