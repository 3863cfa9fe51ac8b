/* motion.h - drift and kick, with or without compensated sums.
 *
 * A method's state begins with an orr_motion and its field table with ORR_MOTION_FIELDS();
 * prepare() calls orr_motion_prepare(). */
#ifndef ORRERY_INTEGRATORS_MOTION_H
#define ORRERY_INTEGRATORS_MOTION_H

#include <orrery/integrator.h>
#include <orrery/vector.h>

#include "base/two_sum.h"

typedef struct orr_motion {
    bool compensated;
    double *pos_low, *vel_low; /* what rounding took from pos and vel; NULL if not compensated */
} orr_motion;

/* The option `compensated`; by_default where round-off would otherwise show before truncation. */
#define ORR_MOTION_FIELDS(by_default)                                                              \
    {.name = "compensated",                                                                        \
     .type = ORR_BOOL,                                                                             \
     .offset = offsetof(orr_motion, compensated),                                                  \
     .fallback = (by_default),                                                                     \
     .max = 1,                                                                                     \
     .role = ORR_OPTION,                                                                           \
     .doc = "carry what rounding takes from positions and velocities (Kahan's sum)"},              \
        ORR_STATE_KEPT(orr_motion, pos_low), ORR_STATE_KEPT(orr_motion, vel_low)

/* Adds to *y, and keeps in *low what rounding takes: for methods that keep their own state. */
static inline void orr_add_compensated(double *y, double *low, double increment)
{
    orr_two sum = orr_two_sum(*y, increment + *low);
    *low = sum.low;
    *y = sum.high;
}

/* The end of a prepare(): keeps the low parts; ORR_E_NO_MEMORY for any orr_keep() that failed. */
orr_status orr_motion_prepare(orr_motion *m, orr_problem *p);

/* Length of the vectors pos, vel, acc of a problem, padding included. */
size_t orr_motion_length(const orr_problem *p);

void orr_drift(const orr_motion *m, orr_problem *p, double h, const double *vel); /* pos += h vel */
void orr_kick(const orr_motion *m, orr_problem *p, double h, const double *acc);  /* vel += h acc */

/* The same, without the rounding of the product, which in long steps of high order is all that is
 * left of round-off: for the leading term alone. */
void orr_drift_exactly(const orr_motion *m, orr_problem *p, double h, const double *vel);
void orr_kick_exactly(const orr_motion *m, orr_problem *p, double h, const double *acc);

/* Acceleration at time t, state as in p->bodies; counts in report. */
orr_status orr_accelerate(orr_problem *p, double t, double *acc, orr_step_report *report);

#endif
