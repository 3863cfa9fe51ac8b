#include "block_steps.h"

#include <math.h>

orr_status orr_block_steps_prepare(orr_block_steps *s, orr_problem *p)
{
    const bool soft = p->softening > 0;
    s->used = s->criterion;
    if (s->criterion == ORR_BY_SITUATION)
        s->used = soft ? ORR_BY_ACCELERATION : p->has_tides ? ORR_BY_TIDES : ORR_BY_NONE;
    orr_keep(p->memory, &s->tau, p->bodies->stride);
    orr_keep(p->memory, &s->taken, p->bodies->stride);
    orr_keep(p->memory, &s->wanted, p->bodies->stride);
    if (s->used == ORR_BY_ACCELERATION && !soft) {
        p->reason = "criterion 'acceleration' needs the softening of gravity as its length; for "
                    "points take 'tides'";
        return ORR_E_INCOMPATIBLE;
    }
    if (s->used == ORR_BY_TIDES && !p->has_tides) {
        p->reason = "criterion 'tides' needs the gradient of gravity, which no force here gives; "
                    "gravity by 'direct' or 'fmm' does";
        return ORR_E_INCOMPATIBLE;
    }
    return ORR_OK;
}

unsigned orr_steps_need(const orr_block_steps *s)
{
    return s->used == ORR_BY_TIDES ? ORR_WANT_ACC | ORR_WANT_TIDES : ORR_WANT_ACC;
}

static double time_scale(const orr_block_steps *s, const orr_problem *p, size_t i,
                         const double *acc, const double *tides)
{
    const size_t stride = p->bodies->stride;
    double sum = 0;
    if (s->used == ORR_BY_ACCELERATION) {
        for (size_t axis = 0; axis < 3; axis++)
            sum += acc[axis * stride + i] * acc[axis * stride + i];
        return sqrt(2 * s->eta * p->softening / sqrt(sum));
    }
    if (s->used == ORR_BY_TIDES) {
        static const double times[] = {1, 2, 2, 1, 2, 1}; /* xx xy xz yy yz zz in the matrix */
        for (size_t k = 0; k < 6; k++)
            sum += times[k] * (tides[k * stride + i] * tides[k * stride + i]);
        return s->eta / sqrt(sqrt(sum));
    }
    return INFINITY;
}

void orr_steps_measure(orr_block_steps *s, const orr_problem *p, size_t i, const double *acc,
                       const double *tides, bool first)
{
    const double tau = time_scale(s, p, i, acc, tides);
    if (first)
        s->taken[i] = INFINITY;
    double slope = first ? 0 : (tau - s->tau[i]) / s->taken[i];
    slope = slope > 1 ? 1 : slope < -1 ? -1 : slope;
    s->tau[i] = tau;
    s->wanted[i] = tau < INFINITY ? tau * (1 + slope / 2) : tau;
}

/* What is not a number lets the step be: the simulation will see it. */
static unsigned level_for(double h, double wanted, unsigned least)
{
    unsigned level = least;
    double step = ldexp(fabs(h), -(int)least);
    for (; step > wanted && level <= ORR_MOST_LEVEL; level++)
        step *= 0.5;
    return level;
}

unsigned orr_steps_choose(orr_block_steps *s, size_t i, double h, unsigned least)
{
    const double wanted = s->wanted[i], taken = s->taken[i];
    const unsigned stay = level_for(h, wanted < taken ? wanted : taken, least);
    const unsigned grow = level_for(h, wanted / 2, least);
    const unsigned level = grow < stay ? grow : stay;
    s->taken[i] = ldexp(fabs(h), -(int)level);
    return level;
}

orr_status orr_steps_too_short(const orr_problem *p, size_t i, double after,
                               orr_step_report *report)
{
    report->failed_after = after;
    report->failed_body = &p->bodies->id[i];
    return ORR_E_STEP_TOO_SMALL;
}

unsigned orr_level_at(uint64_t tick)
{
    unsigned level = ORR_MOST_LEVEL;
    while (level > 0 && tick % orr_ticks_of(level - 1) == 0)
        level--;
    return level;
}
