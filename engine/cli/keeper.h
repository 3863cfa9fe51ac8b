/* keeper.h - when checkpoints are due, and how they get to the disk: by a thread of its own, so
 * that the run waits for a copy of its state only.
 *
 * A checkpoint is written whole under another name and then gets its own, NAME.checkpoint; the one
 * before stays as NAME.checkpoint.before.  First the rows of the output that it counts on are made
 * safe from a power cut. */
#ifndef ORRERY_CLI_KEEPER_H
#define ORRERY_CLI_KEEPER_H

#include <pthread.h>

#include "checkpoint.h"
#include "io/lock.h"

typedef struct keeper {
    bool on;           /* false: this run keeps no checkpoints */
    bool to_the_end;   /* --keep-checkpoint: also when it has ended */
    checkpoint origin; /* scenario and command line; nothing in it is the keeper's */
    char path[4200], scenario[4200], until[64];
    char first[4200];                /* the output's first file */
    const char *elsewhere;           /* --checkpoint, or NULL */
    char *text;                      /* the origin, for the output file */
    orr_lock lock;                   /* of --checkpoint; else the output's guards it */
    double every, next;              /* [s] of wall time; every 0: not by the clock */
    uint64_t every_steps, next_step; /* 0: not by steps */
    schedule marks;                  /* by simulated time; every 0: not */
    /* what the thread works on */
    bool writing, good;
    pthread_t thread;
    char output[4200], why[700];
    void *head;
    size_t head_size, n_runs;
    saved_run *runs;
} keeper;

/* From the scenario and --checkpoint-every; false, with a message: that is no number. */
bool keeper_configure(keeper *k, const arguments *a, const orr_scenario *s);

/* Remember where a run comes from that begins now, before its output is opened; bodies: hash of
 * the scenario's.  False, with a message: its checkpoint would be in the way of others. */
bool keeper_begin(keeper *k, const arguments *a, const orr_scenario *s, uint64_t bodies,
                  const char *output);

/* The same for a run that goes on: c, which must outlive it, tells where it comes from. */
bool keeper_go_on(keeper *k, const arguments *a, const checkpoint *c);

/* What an earlier run of that name left must not be taken for the new one's: with its output it was
 * replaced; else somebody may still want it. */
void keeper_leave_older(const keeper *k, bool replaced);

void keeper_end(keeper *k);

/* Starts the clock. */
void keeper_start(keeper *k, uint64_t steps);

/* By the clock or by steps, is one due? */
bool keeper_due(const keeper *k, double now, uint64_t steps);

/* Writes c, whose runs it takes and frees.  wait: comes back when it is on the disk.  What cannot
 * be written costs a warning, since the run can go on. */
void keeper_keep(keeper *k, const checkpoint *c, uint64_t steps, bool wait);

/* No thread is at work any more. */
void keeper_wait(keeper *k);

/* How the run is resumed. */
void keeper_say(const keeper *k);

/* Is there one on the disk? */
bool keeper_has_one(const keeper *k);

/* Nothing is left to be resumed. */
void keeper_remove(const keeper *k);

/* The last whole checkpoint of an output file, or of the one that --checkpoint names, in *c.  A
 * damaged one before which there is a whole one costs a warning; put_aside: it is renamed to
 * NAME.checkpoint.damaged. */
bool keeper_read(const arguments *a, const char *output, bool put_aside, checkpoint *c, char *why,
                 size_t size);

#endif
