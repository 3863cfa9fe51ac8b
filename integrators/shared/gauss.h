/* gauss.h - implicit Runge-Kutta methods on Gauss-Legendre nodes, for x'' = a(t, x, v), solved by
 * fixed-point iteration down to round-off.
 *
 * Hairer, McLachlan & Razakarivony 2008, BIT 48, 231, doi 10.1007/s10543-008-0170-3: iterated until
 * nothing changes any more, with compensated sums and weights of more than double precision, the
 * energy error is a random walk (Brouwer's law). */
#ifndef ORRERY_INTEGRATORS_GAUSS_H
#define ORRERY_INTEGRATORS_GAUSS_H

#include "motion.h"

typedef struct orr_gauss_table {
    size_t stages;
    const double *c, *a, *aa, *b, *bb, *b_low, *bb_low;
} orr_gauss_table;

typedef struct orr_gauss {
    orr_motion motion;
    double h;        /* [time] of the last step; 0: none */
    double *f;       /* [stages][3 stride] accelerations at the nodes */
    double *guess;   /* the same, for the first guess */
    double *x0, *v0; /* [3 stride] */
} orr_gauss;

orr_status orr_gauss_prepare(const orr_gauss_table *table, orr_gauss *self, orr_problem *p);
orr_status orr_gauss_step(const orr_gauss_table *table, orr_gauss *self, orr_problem *p, double h,
                          orr_step_report *report);

#define ORR_GAUSS_METHOD(identifier, name_, order_, stages_, summary_)                             \
    static const orr_gauss_table table = {                                                         \
        .stages = (stages_),                                                                       \
        .c = c,                                                                                    \
        .a = a,                                                                                    \
        .aa = aa,                                                                                  \
        .b = b,                                                                                    \
        .bb = bb,                                                                                  \
        .b_low = b_low,                                                                            \
        .bb_low = bb_low,                                                                          \
    };                                                                                             \
    static orr_status prepare(void *self, orr_problem *p)                                          \
    {                                                                                              \
        return orr_gauss_prepare(&table, self, p);                                                 \
    }                                                                                              \
    static orr_status step(void *self, orr_problem *p, double h, orr_step_report *report)          \
    {                                                                                              \
        return orr_gauss_step(&table, self, p, h, report);                                         \
    }                                                                                              \
    static const orr_field fields[] = {ORR_MOTION_FIELDS(1),                                       \
                                       ORR_STATE_VALUE(orr_gauss, h),                              \
                                       ORR_STATE_KEPT(orr_gauss, f),                               \
                                       ORR_STATE_ROOM(orr_gauss, guess),                           \
                                       ORR_STATE_ROOM(orr_gauss, x0),                              \
                                       ORR_STATE_ROOM(orr_gauss, v0),                              \
                                       {0}};                                                       \
    const orr_integrator orr_integrator_##identifier = {                                           \
        .name = (name_),                                                                           \
        .summary = (summary_),                                                                     \
        .reference = "10.1090/S0025-5718-1964-0159424-9",                                          \
        .kind = "implicit Runge-Kutta",                                                            \
        .order = (order_),                                                                         \
        .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE | ORR_TAKES_VELOCITY_FORCES |                    \
                  ORR_COUPLES_BODIES | ORR_SEEKS_DIGITS,                                           \
        .fields = fields,                                                                          \
        .state_size = sizeof(orr_gauss),                                                           \
        .prepare = prepare,                                                                        \
        .step = step,                                                                              \
    };

#endif
