/* known_problems.h - what is measured in problems with published answers. */
#ifndef ORRERY_ANALYSIS_KNOWN_PROBLEMS_H
#define ORRERY_ANALYSIS_KNOWN_PROBLEMS_H

#include <orrery/verify.h>

#include "reference_values.h"

/* A measurement under way: a simulation at the start of its scenario. */
typedef struct orr_measurement {
    orr_sim *sim;
    double t_end;    /* [time] of the scenario */
    orr_answer *out; /* [n] */
    size_t n;
} orr_measurement;

/* Fills out[].obtained. */
typedef orr_status orr_measure_fn(const orr_measurement *m);

/* A problem and how its numbers are found: places of bodies, or what a function measures. */
typedef struct orr_problem_entry {
    orr_known_problem problem; /* first */
    const char *until;         /* instead of run.to; NULL: to the end */
    const reference_place *places;
    const double *expected; /* [n] of measure */
    orr_measure_fn *measure;
} orr_problem_entry;

/* NULL from the end on. */
const orr_problem_entry *orr_problem_entry_at(size_t i);

/* The scenario of a problem that is in no gallery. */
extern const char orr_sun_and_mercury[];

/* known_measures.c */
orr_measure_fn orr_measure_energy_of_orbits; /* greatest relative error over 100 orbits */
orr_measure_fn orr_measure_precession;       /* of the perihelion of body 1 ["/century] */
orr_measure_fn orr_measure_month;            /* periods of the Moon's node and perigee [yr] */
orr_measure_fn orr_measure_eccentricity;     /* greatest one of body 1 about body 0 */

/* secular.c: g5, g6, s6 of the giant planets ["/yr] from ten million years. */
orr_measure_fn orr_measure_secular_frequencies;

#endif
