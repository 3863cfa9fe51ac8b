/* run_command.h - a run as a command of the program: options, signals, the line of its progress, a
 * window, words and an exit code around orrery/run.h. */
#ifndef ORRERY_CLI_RUN_COMMAND_H
#define ORRERY_CLI_RUN_COMMAND_H

#include <orrery/run.h>

#include "progress.h"
#include "viewer/sources/feed.h"

typedef struct run_command {
    const arguments *a;
    orr_run *run;
    progress p;
    feed *view; /* of a window that shows the run; NULL: there is none */
} run_command;

/* What the options say of a run, that begins or that goes on; *c hears of it. */
exit_code define_run(run_command *c, const arguments *a, orr_run_def *def);

/* c->run from where it is to its end, or until it is stopped; says how it went. */
exit_code go(run_command *c);

/* The same with a window beside it (run_in_window.c).  Closing the window leaves the run going on;
 * without a window (no display) the run goes on too, with a warning. */
exit_code go_in_window(run_command *c);

/* Says why a run could not begin. */
exit_code cannot_run(orr_status status, const orr_diagnosis *why);

/* ---- in words (run_words.c) ---- */

/* How it went; expectations, too, if it came to its end. */
exit_code tell_result(const arguments *a, const orr_run *run, exit_code code);

/* What would be done; bytes: of the output. */
void tell_plan(const orr_scenario *s, const char *output, double bytes);

#endif
