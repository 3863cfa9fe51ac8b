/* compose.h - symplectic splitting methods from their coefficients.
 *
 * A method is a table of coefficients and one line: ORR_COMPOSED_METHOD for compositions of
 * leapfrog steps, ORR_SPLIT_METHOD for general kicks and drifts. */
#ifndef ORRERY_INTEGRATORS_COMPOSE_H
#define ORRERY_INTEGRATORS_COMPOSE_H

#include "motion.h"

typedef struct orr_composition {
    orr_motion motion;
    bool have_acc; /* acc belongs to the present positions */
    double *acc;
} orr_composition;

extern const orr_field orr_composition_fields[];
orr_status orr_composition_prepare(void *state, orr_problem *p);

/* Symmetric composition of leapfrog steps (drift-kick-drift) of lengths
 * weights[0] h, ..., weights[n-1] h, ..., weights[0] h: 2 n - 1 of them. */
orr_status orr_compose_leapfrog(orr_composition *self, orr_problem *p, double h,
                                const double *weights, size_t n, orr_step_report *report);

/* Symmetric splitting, kick and drift in turn, beginning and ending with the first kind:
 * c[0], c[1], ..., c[n-1], ..., c[1], c[0], of which the middle one stands once. */
orr_status orr_compose_split(orr_composition *self, orr_problem *p, double h, bool kick_first,
                             const double *c, size_t n, orr_step_report *report);

/* A whole method from its table: such methods differ in nothing else. */
#define ORR_COMPOSITION(identifier, name_, order_, evaluations_, summary_, reference_)             \
    const orr_integrator orr_integrator_##identifier = {                                           \
        .name = (name_),                                                                           \
        .summary = (summary_),                                                                     \
        .reference = (reference_),                                                                 \
        .kind = "splitting",                                                                       \
        .order = (order_),                                                                         \
        .evaluations = (int)(evaluations_),                                                        \
        .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE | ORR_TAKES_BOUNDARY,                            \
        .fields = orr_composition_fields,                                                          \
        .state_size = sizeof(orr_composition),                                                     \
        .prepare = orr_composition_prepare,                                                        \
        .step = step,                                                                              \
    };

#define ORR_COMPOSED_METHOD(identifier, name_, order_, weights, summary_, reference_)              \
    static orr_status step(void *self, orr_problem *p, double h, orr_step_report *report)          \
    {                                                                                              \
        return orr_compose_leapfrog(self, p, h, weights, sizeof weights / sizeof *weights,         \
                                    report);                                                       \
    }                                                                                              \
    ORR_COMPOSITION(identifier, name_, order_, 2 * (sizeof weights / sizeof *weights) - 1,         \
                    summary_, reference_)

enum { DRIFT_FIRST = 0, KICK_FIRST = 1 };

#define ORR_SPLIT_METHOD(identifier, name_, order_, first, c, summary_, reference_)                \
    static orr_status step(void *self, orr_problem *p, double h, orr_step_report *report)          \
    {                                                                                              \
        return orr_compose_split(self, p, h, (first), c, sizeof c / sizeof *c, report);            \
    }                                                                                              \
    ORR_COMPOSITION(identifier, name_, order_, sizeof c / sizeof *c - 1, summary_, reference_)

#endif
