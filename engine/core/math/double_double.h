/* double_double.h - numbers of twice the precision as unevaluated sums of two.
 * Dekker 1971, Numer. Math. 18, 224, doi 10.1007/BF01397083.  For sums that must show the last
 * digit of what they sum; without fused multiply-add, so the bits are the same everywhere. */
#ifndef ORRERY_CORE_DOUBLE_DOUBLE_H
#define ORRERY_CORE_DOUBLE_DOUBLE_H

#include <math.h>

#include "base/two_sum.h"

static inline orr_two orr_two_product(double a, double b)
{
    const double split = 134217729; /* 2^27 + 1 */
    double ca = split * a, cb = split * b, ah = ca - (ca - a), bh = cb - (cb - b);
    double al = a - ah, bl = b - bh, p = a * b;
    return (orr_two){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

static inline orr_two orr_two_add(orr_two a, orr_two b)
{
    orr_two s = orr_two_sum(a.high, b.high);
    return orr_two_sum(s.high, s.low + (a.low + b.low));
}

static inline orr_two orr_two_multiply(orr_two a, orr_two b)
{
    orr_two p = orr_two_product(a.high, b.high);
    return orr_two_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

/* 1 / sqrt(q), by one step of Newton's method. */
static inline orr_two orr_two_inverse_sqrt(orr_two q)
{
    double u = 1 / sqrt(q.high);
    orr_two one = orr_two_multiply(q, orr_two_product(u, u));
    return orr_two_sum(u, u * (((1 - one.high) - one.low) * 0.5));
}

#endif
