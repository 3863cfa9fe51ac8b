/* measure.h - what is conserved, and by how much it was not. */
#ifndef ORRERY_RUN_MEASURE_H
#define ORRERY_RUN_MEASURE_H

#include <orrery/io.h>

/* The start of a run, and the worst since then. */
typedef struct measured {
    double e0, l0[3];
    double lost; /* energy that mergers took */
    orr_watch watch;
} measured;

/* Diagnostics of the state shown now; the first call makes it the reference.  False: no memory. */
bool orr_measure(orr_sim *sim, double step_size, bool first, measured *m, orr_diagnostics *out);

/* Do all forces come from an energy?  Else its change is no error. */
bool orr_is_conservative(const orr_scenario *s);

/* Rms distance from the centre of mass. */
double orr_system_size(const orr_bodies *b);

#endif
