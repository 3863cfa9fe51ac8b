/* team.h - independent tasks, shared out to a team of threads.
 *
 * Work comes in phases: all tasks of one phase are done before the next begins.  Within a phase any
 * thread may do any task, so tasks must not share what they write; results then do not depend on
 * how many threads there are, nor on which of them does what.
 *
 * A team is never much slower than one thread, whatever else runs on the machine: no thread waits
 * for one that has not begun (any thread that is free takes a task), and where waiting for started
 * tasks costs more than the others' work gains, one thread works alone for a while. */
#ifndef ORRERY_BASE_TEAM_H
#define ORRERY_BASE_TEAM_H

#include <stddef.h>

/* Task k of a phase. */
typedef void orr_task(void *context, size_t phase, size_t k);

/* Do tasks 0 .. tasks - 1 of phases 0 .. phases - 1 with up to so many threads, the caller one of
 * them; returns when all are done.  Less than some 20 microseconds of work is not worth a team. */
void orr_team_run(int threads, size_t phases, size_t tasks, orr_task *task, void *context);

/* The same, whatever was seen of the machine before: for tests, and for one phase of many long tasks,
 * where the only wait, at its end, is short beside the work. */
void orr_team_play(int threads, size_t phases, size_t tasks, orr_task *task, void *context);

/* How many threads a team has unless told: the processors that this process may use. */
int orr_processors(void);

#endif
