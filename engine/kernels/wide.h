/* wide.h - vectors of the machine's width, and blocks of eight lanes made of them.
 *
 * Needs VEC_DOUBLES = 2, 4 or 8.  Uses the vector extensions of GCC and Clang: + - * / work on vec;
 * only what has no operator is named here.  Everything is static: nothing leaks into code that was
 * compiled for another instruction set. */
#ifndef ORRERY_KERNELS_WIDE_H
#define ORRERY_KERNELS_WIDE_H

#include <stddef.h>
#include <stdint.h>
#include <math.h>
#if VEC_DOUBLES > 2
#include <immintrin.h>
#endif

typedef double vec __attribute__((vector_size(8 * VEC_DOUBLES)));
typedef int64_t vec_mask __attribute__((vector_size(8 * VEC_DOUBLES)));

enum { VECS = 8 / VEC_DOUBLES }; /* machine vectors in a block of eight lanes */

static inline vec vec_set(double s)
{
    return s - (vec){0};
}

static inline vec vec_load(const double *p)
{
    return *(const vec *)p;
}

static inline void vec_store(double *p, vec v)
{
    *(vec *)p = v;
}

static inline vec vec_sqrt(vec v)
{
#if VEC_DOUBLES == 8
    return (vec)_mm512_sqrt_pd((__m512d)v);
#elif VEC_DOUBLES == 4
    return (vec)_mm256_sqrt_pd((__m256d)v);
#else
    return (vec){sqrt(v[0]), sqrt(v[1])};
#endif
}

/* v where mask is set, else 0 - whatever v is, infinities and NaN included. */
static inline vec vec_keep(vec v, vec_mask mask)
{
    return (vec)((vec_mask)v & mask);
}

/* first, first + 1, ... : the numbers of the lanes. */
static inline vec_mask vec_lanes(int64_t first)
{
    vec_mask m;
    for (int k = 0; k < VEC_DOUBLES; k++)
        m[k] = first + k;
    return m;
}

/* The sum of eight lanes, always in the order ((0+4)+(2+6)) + ((1+5)+(3+7)). */
static inline double vec_sum8(const vec *v)
{
    typedef double vec2 __attribute__((vector_size(16)));
#if VEC_DOUBLES == 2
    vec2 s = (v[0] + v[2]) + (v[1] + v[3]);
#else
    typedef double vec4 __attribute__((vector_size(32)));
#if VEC_DOUBLES == 8
    vec4 h = __builtin_shufflevector(v[0], v[0], 0, 1, 2, 3) +
             __builtin_shufflevector(v[0], v[0], 4, 5, 6, 7);
#else
    vec4 h = v[0] + v[1];
#endif
    vec2 s = __builtin_shufflevector(h, h, 0, 1) + __builtin_shufflevector(h, h, 2, 3);
#endif
    return s[0] + s[1];
}

#endif
