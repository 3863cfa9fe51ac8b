/* run_internal.h - what the files of this room share.
 *
 *     create.c    a run that begins: its members, its output file
 *     resume.c    a run that goes on from a checkpoint
 *     loop.c      from one time that is due to the next, stops and checkpoints between
 *     outputs.c   what happens at a time that is due
 *     saved.c     the run as a checkpoint, and back
 *     finish.c    closing the file; the report
 *
 * A run has n >= 1 members: one, which may use many threads and have a shadow beside it, or those
 * of an ensemble, which are shared out to the threads. */
#ifndef ORRERY_RUN_INTERNAL_H
#define ORRERY_RUN_INTERNAL_H

#include <stdatomic.h>

#include <orrery/run.h>

#include "checkpoint_writer.h"
#include "shadow.h"

typedef struct run_member {
    orr_run *run;
    orr_scenario *s, own; /* s: its own, or that of the run where there is one member */
    orr_bodies initial;   /* for expectations; empty if none needs it */
    orr_status status;
    measured m;
    double energy_off; /* |E - E0| over |E0| or the energy of motion, the larger one; last */
    size_t events;     /* seen so far */
    uint64_t steps;    /* that are in run->steps */
    uint64_t looks, next_look, stride; /* at the clock, after every `stride` steps */
    double looked;                     /* [s] when */
} run_member;

struct orr_run {
    orr_run_def def; /* for its callbacks; its texts are gone */
    orr_listener listener;
    orr_scenario s;
    orr_scenario_changes changes; /* with which s is read again; borrowed from origin */
    checkpoint origin;            /* where the run comes from */
    char *origin_text;            /* the same for the output file */
    bool ensemble, resumed, went;
    size_t n;
    run_member *members;   /* [n] */
    orr_sim **sims;        /* [n]; NULL: could not be made */
    orr_status *status;    /* [n] of the last advance */
    orr_bodies *bodies;    /* [n] initial, until the writer is open; borrowed */
    orr_snapshot *now;     /* [n] */
    orr_diagnostics *rows; /* [n] */
    size_t n_expect;       /* of each member */
    bool *measured, *met;  /* [n * n_expect] expectations */
    char (*texts)[512];    /* [n * n_expect] */
    shadow shadow;
    orr_writer *writer;
    char path[4200], first[4200]; /* of the output: the file that is written now, and the first */
    schedule frames, checks;
    checkpoint_writer checkpoints;
    double direction, started; /* +1 or -1; [s] of the clock */
    bool energy_tells;         /* something massive moves in some field */
    double energy_error;       /* for the progress */
    size_t events, unwritten, failed;
    uint64_t steps_before;  /* of those who ran it until now */
    _Atomic uint64_t steps; /* of all members, where checkpoints are counted by them */
    double next_view;       /* [s] */
    double over;            /* [s] when it ended; 0: not yet */
    orr_diagnosis why;
    orr_run_report report;
    /* set by other threads and by signal handlers */
    _Atomic(const char *) stop;
    atomic_bool checkpoint_wanted;
};

/* ---- create.c ---- */

/* An empty run; NULL: no memory. */
orr_run *orr_run_new(const orr_run_def *def);

/* Members, schedules and what is remembered of expectations, for the scenario in r->s. */
orr_status orr_run_prepare(orr_run *r, orr_diagnosis *why);

/* The scenario as it was read, once more; k: that member of it, -1: itself. */
orr_status orr_run_read_again(const orr_run *r, long k, orr_scenario *out, orr_diagnosis *why);

/* A shadow of that kind, where one is wanted (kind not NULL, not ""). */
orr_status orr_run_add_shadow(orr_run *r, const char *kind, orr_diagnosis *why);

/* Open the output: in `fresh`, or, where that is NULL, on from a place in the file `last`. */
orr_status orr_run_open(orr_run *r, const orr_run_def *def, const char *fresh, const char *last,
                        bool replace, orr_diagnosis *why);

/* The members' simulations at their start; one of an ensemble that cannot be made fails. */
orr_status orr_run_populate(orr_run *r, orr_diagnosis *why);

/* ORR_E_INCOMPATIBLE for all that says that a scenario is wrong. */
orr_status orr_run_unfit(orr_status status);

/* ---- outputs.c ---- */

/* Times since the start, without their sign; INFINITY: nothing is due any more. */
double orr_run_next_time(const orr_run *r);

/* All that is due at t. */
orr_status orr_run_attend(orr_run *r, double t);

/* Who failed since the last look, in an ensemble; at: [time]. */
orr_status orr_run_count_failures(orr_run *r, double at);

orr_status orr_run_write_events(orr_run *r);

/* The state that is shown, out of turn, unless it lies before what was written. */
orr_status orr_run_write_last(orr_run *r);

/* When the last snapshot was written; negative: none was. */
double orr_run_last_frame(const orr_run *r);

/* What the writer says went wrong, with its status. */
orr_status orr_run_lost_file(orr_run *r, orr_status status);

/* ---- saved.c ---- */

uint64_t orr_run_steps(const orr_run *r);

/* A checkpoint of all members, each at its last whole step (which is shown afterwards); failing
 * costs a warning, unless it is the output that cannot be written. */
orr_status orr_run_save(orr_run *r, bool wait);

/* What the run remembers of its past; then its simulations as they were. */
orr_status orr_run_recall(orr_run *r, const checkpoint *c, bool to_another_end, orr_diagnosis *why);
orr_status orr_run_restore(orr_run *r, const checkpoint *c, orr_diagnosis *why);

/* ---- finish.c ---- */

/* status: how the loop ended.  Gives the status of the run. */
orr_status orr_run_finish(orr_run *r, orr_status status);
void orr_run_fill_report(orr_run *r);

#endif
