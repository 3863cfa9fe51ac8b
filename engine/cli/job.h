/* job.h - one run on its way: simulation, output file, what is due when, checkpoints.  Shared by
 * `run`, which begins one, and `resume`, which goes on. */
#ifndef ORRERY_CLI_JOB_H
#define ORRERY_CLI_JOB_H

#include "keeper.h"
#include "progress.h"
#include "shadow.h"
#include "viewer/sources/feed.h"

typedef struct job {
    const arguments *a;
    orr_scenario *s;
    orr_sim *sim;
    orr_writer *writer;
    orr_bodies initial;
    progress p;
    schedule frames, checks;
    double direction, started;
    measured m;
    shadow shadow;
    bool *attended, *met; /* by expectation */
    char (*texts)[512];
    bool energy_tells;        /* something massive moves in some field */
    double energy_off;        /* |E - E0| over |E0| or the energy of motion, the larger one; last */
    size_t events, unwritten; /* seen so far; for which there was no room */
    keeper keeper;            /* of checkpoints */
    uint64_t looks, next_look, stride; /* at the clock, after every `stride` steps */
    double looked;                     /* [s] when */
    feed *view;                        /* of a window that shows the run; NULL: there is none */
    double next_view;                  /* [s] */
    bool resumed;
    uint64_t steps_before; /* of those who ran it until now */
    char detail[800];      /* why it failed */
} job;

/* Memory for what is remembered of expectations, and --threads. */
exit_code job_prepare(job *j, long *threads);

/* From where it is to the end, or until it is stopped; closes the file and says how it went. */
exit_code job_go(job *j);

void job_clean_up(job *j);

#endif
