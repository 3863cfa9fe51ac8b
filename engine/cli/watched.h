/* watched.h - a run in a thread, and a window that shows it. */
#ifndef ORRERY_CLI_WATCHED_H
#define ORRERY_CLI_WATCHED_H

#include "job.h"

/* job_go() with a window beside it.  Closing the window leaves the run going on; without a window
 * (no display) the run goes on too, with a warning. */
exit_code watched_go(job *j);

#endif
