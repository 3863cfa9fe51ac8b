/* runge_kutta.h - explicit Runge-Kutta steps from a tableau. */
#ifndef ORRERY_INTEGRATORS_RUNGE_KUTTA_H
#define ORRERY_INTEGRATORS_RUNGE_KUTTA_H

#include "motion.h"

/* Butcher's tableau: stage s evaluates at t + c[s] h, with y + h sum_j a[s * stages + j] k_j. */
typedef struct orr_tableau {
    size_t stages;
    const double *a, *b, *c;
} orr_tableau;

/* One step of y' = f(t, y), y = (pos, vel), f = (vel, acc). */
orr_status orr_runge_kutta_step(const orr_tableau *tableau, const orr_motion *m, orr_problem *p,
                                double h, orr_step_report *report);

#endif
