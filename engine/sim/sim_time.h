/* sim_time.h - times as unevaluated sums; private to engine/sim. */
#ifndef ORRERY_SIM_TIME_H
#define ORRERY_SIM_TIME_H

#include <float.h>
#include <math.h>

#include "base/two_sum.h"
#include "sim_internal.h"

static inline orr_time orr_time_later(orr_time t, double h)
{
    orr_two sum = orr_two_sum(t.high, h + t.low);
    return (orr_time){sum.high, sum.low};
}

static inline double orr_time_until(orr_time t, double t_end)
{
    return (t_end - t.high) - t.low;
}

/* Nothing is left to cover: what remains is the rounding of the times themselves. */
static inline bool orr_is_round_off(double remaining, double t_end, double h)
{
    return fabs(remaining) <= 4 * DBL_EPSILON * fmax(fabs(t_end), fabs(h));
}

#endif
