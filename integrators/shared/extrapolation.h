/* extrapolation.h - Gragg, Bulirsch & Stoer's method over any symmetric basic method.
 *
 * A big step H is made by 2, 4, 6, ... small ones; the error of each such result is a series in
 * h^2, so polynomials in h^2 through the first k results, taken at h = 0 (Aitken & Neville), are of
 * order 2 k.  Order and H follow from the work per unit step (Deuflhard 1983,
 * doi 10.1007/BF01418332; Hairer, Norsett & Wanner 1993, Solving ODEs I, II.9). */
#ifndef ORRERY_INTEGRATORS_EXTRAPOLATION_H
#define ORRERY_INTEGRATORS_EXTRAPOLATION_H

#include <orrery/field.h>
#include <orrery/problem.h>

enum { ORR_GBS_ROWS = 10 }; /* 2, 4, ... 20 small steps */

typedef struct orr_gbs {
    size_t n;                    /* length of the state */
    int target;                  /* row at which convergence is expected */
    bool was_rejected;           /* the last try was */
    double *table[ORR_GBS_ROWS]; /* [n] each: increments of the state over H */
    double *correction;          /* [n] */
} orr_gbs;

typedef struct orr_gbs_system {
    /* The increment of the state over H by n small steps, from the state that user knows. */
    orr_status (*march)(void *user, double H, int n, double *increment);
    /* Size of a correction of an increment, relative to the tolerance: 1 will just do. */
    double (*size)(void *user, const double *increment, const double *correction);
    void *user;
    int cost; /* evaluations in a big step beside those of the small ones */
} orr_gbs_system;

typedef struct orr_gbs_result {
    bool accepted;
    const double *increment; /* [n], valid until the next try */
    double factor;           /* of H for the next step or try */
} orr_gbs_result;

/* Begin with states of length n; memory is kept with orr_keep(). */
void orr_gbs_prepare(orr_gbs *g, size_t n, orr_arena *memory);

/* The state of a method whose member `gbs` it is. */
#define ORR_GBS_FIELDS(block)                                                                      \
    ORR_STATE_VALUE(block, gbs.n), ORR_STATE_VALUE(block, gbs.target),                             \
        ORR_STATE_VALUE(block, gbs.was_rejected), ORR_STATE_ROOM(block, gbs.table),                \
        ORR_STATE_ROOM(block, gbs.correction)

/* Try one big step. */
orr_status orr_gbs_try(orr_gbs *g, const orr_gbs_system *system, double H, orr_gbs_result *out);

#endif
