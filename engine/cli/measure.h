/* measure.h - what is conserved, and by how much it was not. */
#ifndef ORRERY_CLI_MEASURE_H
#define ORRERY_CLI_MEASURE_H

#include "cli.h"

/* The start of a run, and the worst since then. */
typedef struct measured {
    double e0, l0[3];
    double lost; /* energy that mergers took */
    orr_watch watch;
} measured;

/* Diagnostics of the state shown now; the first call makes it the reference.  False: no memory. */
bool measure(orr_sim *sim, double step_size, bool first, measured *m, orr_diagnostics *out);

/* Rms distance from the centre of mass. */
/* Do all forces come from an energy?  Else its change is no error. */
bool is_conservative(const orr_scenario *s);

/* Energy that is won or lost in such a part of all is a sign that the result is none. */
#define MUCH_ENERGY 0.01

double system_size(const orr_bodies *b);

#endif
