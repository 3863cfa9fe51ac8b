/* accurate_sum.h - Neumaier's compensated sum: the error does not grow with the number of terms.
 * Neumaier 1974, ZAMM 54, 39, doi 10.1002/zamm.19740540106 */
#ifndef ORRERY_CORE_ACCURATE_SUM_H
#define ORRERY_CORE_ACCURATE_SUM_H

#include <math.h>

typedef struct orr_sum {
    double high, low;
} orr_sum;

static inline void orr_sum_add(orr_sum *s, double x)
{
    double t = s->high + x;
    if (fabs(s->high) >= fabs(x))
        s->low += (s->high - t) + x;
    else
        s->low += (x - t) + s->high;
    s->high = t;
}

static inline double orr_sum_value(const orr_sum *s)
{
    return s->high + s->low;
}

#endif
