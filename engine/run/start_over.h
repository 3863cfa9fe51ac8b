/* start_over.h - a run whose file has no checkpoint. */
#ifndef ORRERY_RUN_START_OVER_H
#define ORRERY_RUN_START_OVER_H

#include "checkpoint.h"
#include "listener.h"

/* ORR_OK: the run was killed before its first checkpoint, and *c, with no runs in it, tells how it
 * was started; *resolved, to be freed, is its scenario with all numbers.  Or *over: it has come to
 * its end, and there is nothing to do.  Else it cannot be done, as *why tells; `text` is what was
 * wrong with the checkpoint. */
orr_status orr_start_over(const char *first, const orr_run_def *def, const char *text,
                          const orr_listener *listener, checkpoint *c, char **resolved, bool *over,
                          orr_diagnosis *why);

/* The schedules of a run that begins anew, and room for their rows. */
void orr_begin_schedules(checkpoint *c, const orr_scenario *s);

#endif
