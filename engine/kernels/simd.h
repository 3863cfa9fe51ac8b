/* simd.h - vectors of the machine's width, and blocks of eight lanes made of them.
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

/* Functions that must melt into their callers, so that what is constant there vanishes.  Under
 * sanitizers they need not: that code would be ten times as large, and take minutes to compile. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MELT static inline
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#undef MELT
#define MELT static inline
#endif
#ifndef MELT
#define MELT static inline __attribute__((always_inline))
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

/* a b + c with one rounding: exact on every machine, slow where it is not an instruction. */
static inline vec vec_fma(vec a, vec b, vec c)
{
#if VEC_DOUBLES == 8
    return (vec)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif VEC_DOUBLES == 4
    return (vec)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
    return (vec){fma(a[0], b[0], c[0]), fma(a[1], b[1], c[1])};
#endif
}

/* a + b, and in *low exactly what rounding takes from it: base/two_sum.h, lane by lane. */
static inline vec vec_two_sum(vec a, vec b, vec *low)
{
    vec s = a + b, seen = s - a;
    *low = (a - (s - seen)) + (b - seen);
    return s;
}

/* c - a b with one rounding. */
static inline vec vec_fnma(vec a, vec b, vec c)
{
    return vec_fma(-a, b, c);
}

static inline vec vec_abs(vec v)
{
    return (vec)((vec_mask)v & INT64_MAX);
}

/* a where mask is set, else b. */
static inline vec vec_select(vec_mask mask, vec a, vec b)
{
    return (vec)(((vec_mask)a & mask) | ((vec_mask)b & ~mask));
}

static inline int vec_any(vec_mask mask)
{
#if VEC_DOUBLES == 8
    return _mm512_movepi64_mask((__m512i)mask) != 0;
#elif VEC_DOUBLES == 4
    return _mm256_movemask_pd((__m256d)mask) != 0;
#else
    return (mask[0] | mask[1]) != 0;
#endif
}

/* 1 / sqrt(x) for normal x > 0, to about one unit in the last place, without the divider: the
 * exponent-halving integer guess (3.4 %; Lomont 2003) and two steps of fourth order.  Twelve
 * operations where square root and division wait for one unit; the same bits everywhere. */
static inline vec vec_inverse_sqrt(vec x)
{
    typedef uint64_t vec_bits __attribute__((vector_size(8 * VEC_DOUBLES)));
    vec y = (vec)(UINT64_C(0x5FE6EB50C7B537A9) - ((vec_bits)x >> 1));
    for (int k = 0; k < 2; k++) {
        vec e = vec_fnma(x * y, y, vec_set(1)), s = vec_fma(e, vec_set(0.3125), vec_set(0.375));
        y = vec_fma(y * e, vec_fma(e, s, vec_set(0.5)), y);
    }
    return y;
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
