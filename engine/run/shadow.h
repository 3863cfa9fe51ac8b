/* shadow.h - a second simulation beside the first, which differs by next to nothing: how far they
 * part tells until when positions mean anything. */
#ifndef ORRERY_RUN_SHADOW_H
#define ORRERY_RUN_SHADOW_H

#include <orrery/scenario.h>

typedef struct shadow {
    orr_scenario s;
    orr_sim *sim;   /* NULL: there is none */
    double size;    /* rms distance from the centre of mass at the start */
    double apart;   /* rms distance of the two at last */
    double lost_at; /* [time] from which on it was above a hundredth of the size; NAN: not yet */
} shadow;

/* kind "step": half the step.  "ulp": every body moved by a unit in the last place of x.  Takes the
 * scenario, loaded as that of the run.  ORR_E_ARGUMENT: no such kind, or no step to halve. */
orr_status orr_shadow_begin(shadow *w, const orr_scenario *s, const char *kind, orr_diagnosis *why);

/* Bring it to the time of the snapshot, and measure. */
orr_status orr_shadow_follow(shadow *w, orr_snapshot now);

void orr_shadow_end(shadow *w);

#endif
