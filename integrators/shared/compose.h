/* compose.h - symplectic splitting methods from their coefficients.
 *
 * A method's state is an orr_composition, its field table orr_composition_fields, its prepare
 * orr_composition_prepare(); its step hands one of the tables below to the composer. */
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

#endif
