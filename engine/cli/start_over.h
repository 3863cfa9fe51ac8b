/* start_over.h - `orrery resume` of a file that has no checkpoint. */
#ifndef ORRERY_CLI_START_OVER_H
#define ORRERY_CLI_START_OVER_H

#include "checkpoint.h"

/* True: the run was killed before its first checkpoint, and *c, with no runs in it, tells how it
 * was started; *resolved, to be freed, is its scenario with all numbers.  False: there is nothing
 * to do, or it cannot be done, as *code tells and a message says; `why` is what was wrong with the
 * checkpoint. */
bool start_over(const arguments *a, const char *first, const char *why, checkpoint *c,
                char **resolved, exit_code *code);

/* Nothing is left to be done for a run whose checkpoint is that of its end. */
exit_code nothing_left(const arguments *a, const char *first);

/* The schedules of a run that begins anew, and room for their rows. */
void begin_schedules(checkpoint *c, const orr_scenario *s);

#endif
