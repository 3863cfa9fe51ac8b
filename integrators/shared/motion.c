#include "motion.h"

size_t orr_motion_length(const orr_problem *p)
{
    return 3 * p->bodies->stride;
}

orr_status orr_motion_prepare(orr_motion *m, orr_problem *p)
{
    m->pos_low = m->vel_low = NULL;
    if (m->compensated) {
        orr_keep(p->memory, &m->pos_low, orr_motion_length(p));
        orr_keep(p->memory, &m->vel_low, orr_motion_length(p));
    }
    return orr_kept(p->memory);
}

static void advance(orr_problem *p, double *y, double *low, double h, const double *rate)
{
    if (low)
        orr_axpy_compensated(orr_motion_length(p), y, low, h, rate, p->threads);
    else
        orr_axpy(orr_motion_length(p), y, h, rate, p->threads);
}

void orr_drift(const orr_motion *m, orr_problem *p, double h, const double *vel)
{
    advance(p, p->bodies->pos, m->pos_low, h, vel);
}

void orr_kick(const orr_motion *m, orr_problem *p, double h, const double *acc)
{
    advance(p, p->bodies->vel, m->vel_low, h, acc);
}

static void advance_exactly(orr_problem *p, double *y, double *low, double h, const double *rate)
{
    if (low)
        orr_axpy_exact(orr_motion_length(p), y, low, h, rate, p->threads);
    else
        orr_axpy(orr_motion_length(p), y, h, rate, p->threads);
}

void orr_drift_exactly(const orr_motion *m, orr_problem *p, double h, const double *vel)
{
    advance_exactly(p, p->bodies->pos, m->pos_low, h, vel);
}

void orr_kick_exactly(const orr_motion *m, orr_problem *p, double h, const double *acc)
{
    advance_exactly(p, p->bodies->vel, m->vel_low, h, acc);
}

orr_status orr_accelerate(orr_problem *p, double t, double *acc, orr_step_report *report)
{
    report->evaluations++;
    return p->eval(p, (orr_eval){.t = t, .want = ORR_WANT_ACC, .acc = acc});
}
