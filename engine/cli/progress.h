/* progress.h - one line on a terminal that updates; a plain line now and then elsewhere. */
#ifndef ORRERY_CLI_PROGRESS_H
#define ORRERY_CLI_PROGRESS_H

#include "cli.h"

typedef struct progress {
    bool quiet, json, terminal;
    double t_start, t_end, wall_start, wall_last, energy_error;
    const char *unit;
    uint64_t steps, steps_last;
    bool line_open;
} progress;

progress progress_begin(bool quiet, bool json, double t_start, double t_end, const char *unit);

/* Of a run; energy_error NAN: it tells nothing. */
void progress_step(progress *p, double t, uint64_t steps, double energy_error);
/* Of an ensemble: `part` of the way, 0 to 1. */
void progress_members(progress *p, double part, size_t members);

/* "what 12 %, 4.2 s left" now and then; part from 0 to 1.  progress_count: "what 3 of 12, ...". */
void progress_part(progress *p, const char *what, double part);
void progress_count(progress *p, const char *what, uint64_t done, uint64_t all);

/* The same of a simulation on its way to p->t_end, with p->unit said first: for
 * orr_sim_observe(). */
void progress_run(const orr_sim *sim, void *user);

/* For what takes long before a run: an orr_loading_fn, user is a progress that loading_begin()
 * gave. Silent for two seconds. */
progress loading_begin(bool quiet);
void progress_loading(void *user, const char *what, double done);

/* Take the updating line away. */
void progress_end(progress *p);

double wall_clock(void); /* [s] */

/* Ctrl-C, SIGTERM and a closed terminal call the handler once; a second one ends the program. */
void catch_interrupts(void (*handler)(int));

/* "finished", "stopped" or "failed": what a run with this exit code says of itself. */
const char *ending(exit_code code);

#endif
