/* work.h - what long work in this room shares: errors in words, a simulation of a scenario that is
 * kept, and being cancelled. */
#ifndef ORRERY_ANALYSIS_WORK_H
#define ORRERY_ANALYSIS_WORK_H

#include <orrery/scenario.h>

#include "base/refuse.h"

/* Fills *why with the message of a simulation, and gives the status back. */
orr_status orr_refuse_of_sim(orr_status status, const orr_sim *sim, orr_diagnosis *why);

/* A simulation of the scenario, which keeps its bodies and must outlive it. */
ORR_CHECKED orr_status orr_sim_of(const orr_scenario *s, int threads, orr_sim **out,
                                  orr_diagnosis *why);

/* Has the caller asked for an end?  cancel may be NULL. */
bool orr_is_cancelled(const int *cancel);

/* Watches a simulation on its way: tells progress, and stops it when the caller has asked for an
 * end.  For orr_sim_observe() with orr_attend(). */
typedef struct orr_attention {
    orr_sim *sim;
    const char *what;
    double from, to; /* [time] */
    orr_loading_fn *progress;
    void *user;
    const int *cancel;
} orr_attention;
void orr_attend(const orr_sim *sim, void *attention);

#endif
