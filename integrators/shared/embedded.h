/* embedded.h - adaptive explicit Runge-Kutta methods with an embedded error estimate, a PI
 * controller and dense output, from their tables.
 *
 * Steps: Gustafsson 1991, doi 10.1145/210232.210242 (PI control); the rest as in Hairer, Norsett &
 * Wanner 1993, Solving ODEs I, II.4 to II.6. */
#ifndef ORRERY_INTEGRATORS_EMBEDDED_H
#define ORRERY_INTEGRATORS_EMBEDDED_H

#include "adaptive.h"

typedef struct orr_embedded_table {
    size_t stages; /* the last stage of a step, number `stages`, is the first of the next (FSAL) */
    size_t all;    /* with that one, and those which only dense output needs */
    const double *a, *c; /* [all][all], [all] */
    const double *b;     /* [stages] */
    /* Weights of the error estimate [stages + 1]; e3: NULL, or of a second, lower one: then the
     * error is e5^2 / sqrt(e5^2 + 0.01 e3^2). */
    const double *e5, *e3;
    int error_order; /* the estimate shrinks as h^error_order */
    size_t rows;     /* of dense [rows][all] */
    const double *dense;
} orr_embedded_table;

enum { ORR_EMBEDDED_ROWS = 7 };

typedef struct orr_embedded {
    orr_adaptive adaptive;
    bool have_first, have_dense;
    double error; /* of the last step, for the controller */
    double t, h;  /* [time] start and length of the last step */
    double *k;    /* [all][2 n] derivatives of (pos, vel) */
    double *y0;   /* [2 n] state at the start of the step */
    double *dy;   /* [2 n] increment */
    double *rows; /* [rows + 3][2 n] coefficients of dense output */
} orr_embedded;

#define ORR_EMBEDDED_STATE                                                                         \
    ORR_STATE_VALUE(orr_embedded, have_first), ORR_STATE_VALUE(orr_embedded, have_dense),          \
        ORR_STATE_VALUE(orr_embedded, error), ORR_STATE_VALUE(orr_embedded, t),                    \
        ORR_STATE_VALUE(orr_embedded, h), ORR_STATE_KEPT(orr_embedded, k),                         \
        ORR_STATE_KEPT(orr_embedded, y0), ORR_STATE_KEPT(orr_embedded, dy),                        \
        ORR_STATE_KEPT(orr_embedded, rows)

#define ORR_EMBEDDED_FIELDS(tolerance_)                                                            \
    ORR_ADAPTIVE_FIELDS(tolerance_, 1e-14, "error of a step, relative to what it moves"),          \
        ORR_EMBEDDED_STATE

orr_status orr_embedded_prepare(const orr_embedded_table *table, orr_embedded *self,
                                orr_problem *p);
orr_status orr_embedded_step(const orr_embedded_table *table, orr_embedded *self, orr_problem *p,
                             double limit, orr_step_report *report);
orr_status orr_embedded_interpolate(const orr_embedded_table *table, orr_embedded *self,
                                    orr_problem *p, double s, double *pos, double *vel,
                                    orr_step_report *report);

/* A whole method from its table: such methods differ in nothing else. */
#define ORR_EMBEDDED_METHOD(identifier, name_, order_, tolerance_, table, summary_, reference_)    \
    static orr_status prepare(void *self, orr_problem *p)                                          \
    {                                                                                              \
        return orr_embedded_prepare(&(table), self, p);                                            \
    }                                                                                              \
    static orr_status step(void *self, orr_problem *p, double h, orr_step_report *report)          \
    {                                                                                              \
        return orr_embedded_step(&(table), self, p, h, report);                                    \
    }                                                                                              \
    static orr_status interpolate(void *self, orr_problem *p, double s, double *pos, double *vel,  \
                                  orr_step_report *report)                                         \
    {                                                                                              \
        return orr_embedded_interpolate(&(table), self, p, s, pos, vel, report);                   \
    }                                                                                              \
    static const orr_field fields[] = {ORR_EMBEDDED_FIELDS(tolerance_), {0}};                      \
    const orr_integrator orr_integrator_##identifier = {                                           \
        .name = (name_),                                                                           \
        .summary = (summary_),                                                                     \
        .reference = (reference_),                                                                 \
        .kind = "Runge-Kutta",                                                                     \
        .order = (order_),                                                                         \
        .evaluations = STAGES,                                                                     \
        .traits =                                                                                  \
            ORR_ADAPTIVE | ORR_COUPLES_BODIES | ORR_TAKES_VELOCITY_FORCES | ORR_SEEKS_DIGITS,      \
        .fields = fields,                                                                          \
        .state_size = sizeof(orr_embedded),                                                        \
        .prepare = prepare,                                                                        \
        .step = step,                                                                              \
        .interpolate = interpolate,                                                                \
    };

#endif
