/* checkpoint_writer.h - when checkpoints are due, and how they get to the disk: by a thread of its
 * own, so that the run waits for a copy of its state only.
 *
 * A checkpoint is written whole under another name and then gets its own, NAME.checkpoint; the one
 * before stays as NAME.checkpoint.before.  First the rows of the output that it counts on are made
 * safe from a power cut. */
#ifndef ORRERY_RUN_CHECKPOINT_WRITER_H
#define ORRERY_RUN_CHECKPOINT_WRITER_H

#include <pthread.h>

#include "checkpoint.h"
#include "io/lock.h"
#include "listener.h"

typedef struct checkpoint_writer {
    bool on;         /* false: this run keeps no checkpoints */
    bool to_the_end; /* also when it has ended */
    bool elsewhere;  /* not beside the output */
    char path[4200];
    orr_listener listener;
    orr_lock lock;                   /* of one that is elsewhere; else the output's guards it */
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
} checkpoint_writer;

/* From the scenario and the definition. */
void orr_checkpoints_configure(checkpoint_writer *w, const orr_run_def *def, const orr_scenario *s);

/* Nobody else has the file: before the output, whose first file is `first`, is opened.  wish: the
 * checkpoint's name, NULL: beside the output.  Errors: it would be in the way of others. */
orr_status orr_checkpoints_claim(checkpoint_writer *w, const char *first, const char *wish,
                                 orr_diagnosis *why);

/* What an earlier run of that name left must not be taken for the new one's: with its output it was
 * replaced; else somebody may still want it. */
void orr_checkpoints_leave_older(const checkpoint_writer *w, bool replaced);

void orr_checkpoints_end(checkpoint_writer *w);

/* Starts the clock. */
void orr_checkpoints_start(checkpoint_writer *w, uint64_t steps);

/* By the clock or by steps, is one due? */
bool orr_checkpoints_due(const checkpoint_writer *w, double now, uint64_t steps);

/* Writes c, whose runs it takes and frees.  wait: comes back when it is on the disk.  What cannot
 * be written costs a warning, since the run can go on. */
void orr_checkpoints_keep(checkpoint_writer *w, const checkpoint *c, uint64_t steps, bool wait);

/* No thread is at work any more. */
void orr_checkpoints_wait(checkpoint_writer *w);

/* Is there one on the disk? */
bool orr_checkpoints_has_one(const checkpoint_writer *w);

/* Nothing is left to be resumed. */
void orr_checkpoints_remove(const checkpoint_writer *w);

/* The last whole checkpoint of an output file, or of the one that wish names, in *c.  A damaged one
 * before which there is a whole one costs a warning; put_aside: it is renamed to
 * NAME.checkpoint.damaged.  ORR_E_FILE, with a text; ORR_E_NO_MEMORY. */
orr_status orr_checkpoints_read(const char *output, const char *wish, bool put_aside,
                                const orr_listener *listener, checkpoint *c, char *why,
                                size_t size);

#endif
