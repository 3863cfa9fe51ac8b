/* force_error.h - how good approximate gravity is, and how long it takes.  (library
 * orrery_analysis)
 *
 *     orr_force_error e;
 *     if (orr_scenario_force_error(&scenario, 1000, true, 0, &e) == ORR_OK && e.sampled)
 *         printf("%g\n", e.rms); */
#ifndef ORRERY_FORCE_ERROR_H
#define ORRERY_FORCE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/scenario.h>
#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Error of accelerations by mutual gravity, over those of direct summation with the same softening.
 */
typedef struct orr_force_error {
    size_t sampled;  /* bodies; 0: gravity is exact, and nothing else is said */
    double accuracy; /* that was asked for */
    double rms, median, most_99 /* that 99 in 100 do not exceed */, largest;
    double seconds; /* that the accelerations of all bodies took; 0: not measured */
} orr_force_error;

/* Of bodies of the initial state, as many as `sample` or as there are, evenly chosen in their order.
 * timed: all accelerations are found, else those of the sample only, which is cheaper.  threads: 0
 * for all processors.  The scenario has its bodies, so no simulation was made of it yet.
 * ORR_E_NO_MEMORY, ORR_E_NOT_FINITE. */
ORR_API ORR_CHECKED orr_status orr_scenario_force_error(const orr_scenario *s, size_t sample,
                                                        bool timed, int threads,
                                                        orr_force_error *out);

#ifdef __cplusplus
}
#endif

#endif
