/* ensemble.h - `orrery run` and `orrery resume` of a scenario with `ensemble:`. */
#ifndef ORRERY_CLI_ENSEMBLE_H
#define ORRERY_CLI_ENSEMBLE_H

#include "checkpoint.h"

/* Runs all members, writes one file, reports. */
exit_code run_ensemble(const arguments *a, const orr_scenario *s);

/* Goes on with all members of a run that was stopped. */
exit_code resume_ensemble(const arguments *a, const checkpoint *from, const orr_scenario *s);

/* What a dry run says of the file that it would write. */
void promise_output(const arguments *a, const orr_scenario *s, const orr_bodies *bodies,
                    const char *output);

/* If others are not kept from writing its file. */
void warn_of_writer(const orr_writer *w);

/* Where, when and how; texts live until the next call. */
orr_provenance provenance_of(const arguments *a, long threads);

#endif
