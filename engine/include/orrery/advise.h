/* advise.h - what `orrery check` advises: method and step for a scenario, and what to beware of.
 * (library orrery_analysis)
 *
 *     orr_advice a = orr_scenario_advise(&scenario);
 *     printf("%s: %s\n", a.method, a.reason);
 *     for (size_t k = 0; k < a.n_warnings; k++)
 *         printf("beware: %s\n", a.warnings[k]); */
#ifndef ORRERY_ADVISE_H
#define ORRERY_ADVISE_H

#include <stddef.h>

#include <orrery/orbit_scales.h>
#include <orrery/scenario.h>
#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum orr_advice_limits { ORR_MOST_ADVICE = 8 };

typedef struct orr_advice {
    orr_orbit_scales orbits; /* of the initial state */
    const char *method;      /* recommended integrator */
    double step;             /* [time] recommended with it; 0: it chooses */
    double leapfrog_step;    /* [time] that will do for leapfrog; 0: there is no orbit */
    char reason[900];        /* sentences; the last has no full stop */
    char warnings[ORR_MOST_ADVICE][300];
    size_t n_warnings;
} orr_advice;

/* Look at the initial state: time scales, hierarchy, what to use and what to beware of.  The
 * scenario has its bodies, so no simulation was made of it yet. */
ORR_API orr_advice orr_scenario_advise(const orr_scenario *s);

#ifdef __cplusplus
}
#endif

#endif
