#include "block_steps.h"

#include <math.h>

orr_status orr_block_steps_prepare(orr_block_steps *s, orr_problem *p)
{
    const bool soft = p->softening > 0;
    s->used = s->criterion;
    if (s->criterion == ORR_BY_SITUATION)
        s->used = soft ? ORR_BY_ACCELERATION : p->has_tides ? ORR_BY_TIDES : ORR_BY_NONE;
    if (s->used == ORR_BY_ACCELERATION && !soft) {
        p->reason = "criterion 'acceleration' needs the softening of gravity as its length; for "
                    "points take 'tides'";
        return ORR_E_INCOMPATIBLE;
    }
    if (s->used == ORR_BY_TIDES && !p->has_tides) {
        p->reason = "criterion 'tides', which points need, asks gravity for its gradient, which "
                    "this solver does not give; soften it, or take solver direct or fmm";
        return ORR_E_INCOMPATIBLE;
    }
    return ORR_OK;
}

double orr_step_wanted(const orr_block_steps *s, const orr_problem *p, size_t i, const double *acc,
                       const double *tides)
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

unsigned orr_level_at(uint64_t tick)
{
    unsigned level = ORR_MOST_LEVEL;
    while (level > 0 && tick % orr_ticks_of(level - 1) == 0)
        level--;
    return level;
}

unsigned orr_level_for(double h, double wanted, unsigned least)
{
    unsigned level = least;
    double step = ldexp(fabs(h), -(int)least);
    for (; step > wanted && level <= ORR_MOST_LEVEL; level++)
        step *= 0.5;
    return level;
}
