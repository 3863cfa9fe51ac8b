#include "work.h"

#include <math.h>
#include <stdio.h>

orr_status orr_refuse_of_sim(orr_status status, const orr_sim *sim, orr_diagnosis *why)
{
    const char *message = orr_sim_message(sim);
    return orr_refuse(status, why, "%.700s", *message ? message : orr_status_text(status));
}

orr_status orr_sim_of(const orr_scenario *s, int threads, orr_sim **out, orr_diagnosis *why)
{
    orr_scenario copy = *s; /* shares all but the bodies, which the simulation takes */
    copy.bodies = (orr_bodies){0};
    orr_status status = orr_bodies_copy(&copy.bodies, &s->bodies);
    if (status != ORR_OK)
        return orr_refuse(status, why, "%s", orr_status_text(status));
    status = orr_sim_from_scenario(&copy, threads, out, why);
    orr_bodies_free(&copy.bodies);
    return status;
}

bool orr_is_cancelled(const int *cancel)
{
    return cancel && __atomic_load_n(cancel, __ATOMIC_RELAXED) != 0;
}

void orr_attend(const orr_sim *sim, void *attention)
{
    const orr_attention *a = attention;
    if (orr_is_cancelled(a->cancel))
        orr_sim_request_stop(a->sim);
    if (!a->progress || a->to == a->from)
        return;
    double part = (orr_sim_snapshot(sim).t - a->from) / (a->to - a->from);
    a->progress(a->user, a->what, fmin(1, part)); /* a step may end beyond */
}
