/* two_sum.h - a sum of two numbers, and exactly what rounding takes from it.
 * Knuth 1997, The Art of Computer Programming 2, 4.2.2, theorem B: for any a and b
 * high + low = a + b, without a branch on which is the larger.  For vectors: vec_two_sum() in
 * kernels/simd.h. */
#ifndef ORRERY_BASE_TWO_SUM_H
#define ORRERY_BASE_TWO_SUM_H

typedef struct orr_two {
    double high, low;
} orr_two;

static inline orr_two orr_two_sum(double a, double b)
{
    double s = a + b, seen = s - a;
    return (orr_two){s, (a - (s - seen)) + (b - seen)};
}

#endif
