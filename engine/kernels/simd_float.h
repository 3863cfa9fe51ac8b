/* simd_float.h - vectors of floats of the machine's width, beside simd.h.
 *
 * Sixteen lanes everywhere: one vector, two or four.  + - * / work on vecf; fma has one rounding,
 * also where it is no instruction. */
#ifndef ORRERY_KERNELS_SIMD_FLOAT_H
#define ORRERY_KERNELS_SIMD_FLOAT_H

#include "kernels/simd.h"
#if VEC_DOUBLES == 2 && defined(__SSE2__)
#include <immintrin.h>
#endif

enum { VEC_FLOATS = 2 * VEC_DOUBLES, BLOCKS = 16 / VEC_FLOATS };

typedef float vecf __attribute__((vector_size(8 * VEC_DOUBLES)));
typedef float vecf_half __attribute__((vector_size(4 * VEC_DOUBLES)));
typedef int32_t vecf_mask __attribute__((vector_size(8 * VEC_DOUBLES)));
typedef float vecf4 __attribute__((vector_size(16)));
typedef double vecd4 __attribute__((vector_size(32)));

static inline vecf vecf_set(float s)
{
    return s - (vecf){0};
}

static inline vecf vecf_load(const float *p)
{
    vecf v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

static inline vecf vecf_sqrt(vecf v)
{
#if VEC_DOUBLES == 8
    return (vecf)_mm512_sqrt_ps((__m512)v);
#elif VEC_DOUBLES == 4
    return (vecf)_mm256_sqrt_ps((__m256)v);
#else
    return (vecf){sqrtf(v[0]), sqrtf(v[1]), sqrtf(v[2]), sqrtf(v[3])};
#endif
}

#if VEC_DOUBLES == 2 && defined(__SSE2__) && !defined(FP_FAST_FMAF)
/* a b + c with one rounding.  The product is exact in double; the sum is rounded twice, which
 * matters only if the first rounding ends in the middle between two floats, or below the normal
 * ones: then fmaf(). */
__attribute__((noinline)) static vecf vecf_fma(vecf a, vecf b, vecf c)
{
    vecf a2 = __builtin_shufflevector(a, a, 2, 3, 2, 3);
    vecf b2 = __builtin_shufflevector(b, b, 2, 3, 2, 3);
    vecf c2 = __builtin_shufflevector(c, c, 2, 3, 2, 3);
    __m128d low = _mm_cvtps_pd((__m128)a) * _mm_cvtps_pd((__m128)b) + _mm_cvtps_pd((__m128)c);
    __m128d high = _mm_cvtps_pd((__m128)a2) * _mm_cvtps_pd((__m128)b2) + _mm_cvtps_pd((__m128)c2);
    vecf v = (vecf)_mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high));
    vecf_mask cut = __builtin_shufflevector((vecf_mask)low, (vecf_mask)high, 0, 2, 4, 6);
    vecf_mask top = __builtin_shufflevector((vecf_mask)low, (vecf_mask)high, 1, 3, 5, 7);
    vecf_mask middle = (cut & 0x1FFFFFFF) == 0x10000000;
    vecf_mask tiny = ((vecf_mask)v & 0x7FFFFFFF) <= 0x01000000;
    vecf_mask zero = (cut | (top & 0x7FFFFFFF)) == 0;
    if (_mm_movemask_ps((__m128)(middle | (tiny & ~zero))) != 0)
        for (int k = 0; k < 4; k++)
            v[k] = fmaf(a[k], b[k], c[k]);
    return v;
}
#else
/* a b + c with one rounding. */
static inline vecf vecf_fma(vecf a, vecf b, vecf c)
{
#if VEC_DOUBLES == 8
    return (vecf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif VEC_DOUBLES == 4
    return (vecf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
    vecf v;
    for (int k = 0; k < 4; k++)
        v[k] = fmaf(a[k], b[k], c[k]);
    return v;
#endif
}
#endif

/* a b - c with one rounding. */
static inline vecf vecf_fms(vecf a, vecf b, vecf c)
{
#if VEC_DOUBLES == 8
    return (vecf)_mm512_fmsub_ps((__m512)a, (__m512)b, (__m512)c);
#elif VEC_DOUBLES == 4
    return (vecf)_mm256_fmsub_ps((__m256)a, (__m256)b, (__m256)c);
#else
    return vecf_fma(a, b, -c);
#endif
}

/* v where it is at least `least` > 0, else 0: so that no product becomes denormal. */
static inline vecf vecf_flush(vecf v, float least)
{
    return (vecf)((vecf_mask)v & (vecf_mask)(v >= vecf_set(least)));
}

/* From doubles: one lane each, rounded. */
static inline vecf vecf_of(const double *p)
{
    vecf v;
    for (int k = 0; k < VEC_FLOATS; k++)
        v[k] = (float)p[k];
    return v;
}

/* Rounded to single precision, stored at p. */
MELT void vecf_store_rounded(float *p, vec v)
{
    *(vecf_half *)p = __builtin_convertvector(v, vecf_half);
}

/* p[0 .. VEC_FLOATS - 1] += v, in double precision. */
MELT void vecf_add_to(double *p, vecf v)
{
#if VEC_DOUBLES == 8
    vecf_half low = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
    vecf_half high = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#elif VEC_DOUBLES == 4
    vecf_half low = __builtin_shufflevector(v, v, 0, 1, 2, 3);
    vecf_half high = __builtin_shufflevector(v, v, 4, 5, 6, 7);
#else
    vecf_half low = __builtin_shufflevector(v, v, 0, 1);
    vecf_half high = __builtin_shufflevector(v, v, 2, 3);
#endif
    vec_store(p, vec_load(p) + __builtin_convertvector(low, vec));
    vec_store(p + VEC_DOUBLES, vec_load(p + VEC_DOUBLES) + __builtin_convertvector(high, vec));
}

/* *v and *w become 0 in all lanes but those where a <= most and b >= least; returns which those
 * others are, a bit a lane.  Lanes of NaN are among the others. */
MELT unsigned vecf_zero_unless(vecf *v, vecf *w, vecf a, float most, vecf b, float least)
{
#if VEC_DOUBLES == 8
    __mmask16 keep = _mm512_cmp_ps_mask((__m512)a, _mm512_set1_ps(most), _CMP_LE_OQ) &
                     _mm512_cmp_ps_mask((__m512)b, _mm512_set1_ps(least), _CMP_GE_OQ);
    *v = (vecf)_mm512_maskz_mov_ps(keep, (__m512)*v);
    *w = (vecf)_mm512_maskz_mov_ps(keep, (__m512)*w);
    return (unsigned)keep ^ 0xFFFF;
#else
    vecf_mask keep = (a <= most) & (b >= least);
    *v = (vecf)((vecf_mask)*v & keep);
    *w = (vecf)((vecf_mask)*w & keep);
#if VEC_DOUBLES == 4
    return (unsigned)_mm256_movemask_ps((__m256)~keep);
#else
    unsigned others = 0;
    for (int k = 0; k < VEC_FLOATS; k++)
        others |= keep[k] ? 0u : 1u << k;
    return others;
#endif
#endif
}

/* ---- four by four ---- */

#define VECF_PICK(a, b, p, q, r, s) __builtin_shufflevector(a, b, VECF_LANES(p, q, r, s))
#if VEC_DOUBLES == 8
#define VECF_LANES(p, q, r, s)                                                                     \
    p, q, r, s, p + 4, q + 4, r + 4, s + 4, p + 8, q + 8, r + 8, s + 8, p + 12, q + 12, r + 12,    \
        s + 12
#elif VEC_DOUBLES == 4
#define VECF_LANES(p, q, r, s) p, q, r, s, p + 4, q + 4, r + 4, s + 4
#else
#define VECF_LANES(p, q, r, s) p, q, r, s
#endif

/* Within each group of four lanes: rows become columns. */
static inline void vecf_transpose4(vecf v[4])
{
    enum { B = VEC_FLOATS };
    vecf a = VECF_PICK(v[0], v[1], 0, B, 1, B + 1), b = VECF_PICK(v[2], v[3], 0, B, 1, B + 1);
    vecf c = VECF_PICK(v[0], v[1], 2, B + 2, 3, B + 3);
    vecf d = VECF_PICK(v[2], v[3], 2, B + 2, 3, B + 3);
    v[0] = VECF_PICK(a, b, 0, 1, B, B + 1);
    v[1] = VECF_PICK(a, b, 2, 3, B + 2, B + 3);
    v[2] = VECF_PICK(c, d, 0, 1, B, B + 1);
    v[3] = VECF_PICK(c, d, 2, 3, B + 2, B + 3);
}

/* Lanes 4 g + k of v[k] from part[4 g + k]: then vecf_transpose4() gives lane i the numbers of
 * part i. */
static inline void vecf_columns(const vecf4 *part, vecf v[4])
{
    for (int k = 0; k < 4; k++) {
#if VEC_DOUBLES == 2
        v[k] = part[k];
#else
        typedef float vecf8 __attribute__((vector_size(32)));
        vecf8 low = __builtin_shufflevector(part[k], part[4 + k], 0, 1, 2, 3, 4, 5, 6, 7);
#if VEC_DOUBLES == 4
        v[k] = low;
#else
        vecf8 high = __builtin_shufflevector(part[8 + k], part[12 + k], 0, 1, 2, 3, 4, 5, 6, 7);
        v[k] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                                       15);
#endif
#endif
    }
    vecf_transpose4(v);
}

/* Sums of four rows of sixteen floats, always in the same order:
 * s_k = (v_k + v_(k+8)) + (v_(k+4) + v_(k+12)), (s_0 + s_2) + (s_1 + s_3). */
static inline vecf4 vecf_sum16(const float *rows)
{
    vecf4 s[4];
    for (int k = 0; k < 4; k++) {
        vecf4 v[4];
        __builtin_memcpy(v, rows + 16 * k, sizeof v);
        s[k] = (v[0] + v[2]) + (v[1] + v[3]);
    }
    vecf4 a = __builtin_shufflevector(s[0], s[1], 0, 4, 1, 5);
    vecf4 b = __builtin_shufflevector(s[2], s[3], 0, 4, 1, 5);
    vecf4 c = __builtin_shufflevector(s[0], s[1], 2, 6, 3, 7);
    vecf4 d = __builtin_shufflevector(s[2], s[3], 2, 6, 3, 7);
    vecf4 s0 = __builtin_shufflevector(a, b, 0, 1, 4, 5);
    vecf4 s1 = __builtin_shufflevector(a, b, 2, 3, 6, 7);
    vecf4 s2 = __builtin_shufflevector(c, d, 0, 1, 4, 5);
    vecf4 s3 = __builtin_shufflevector(c, d, 2, 3, 6, 7);
    return (s0 + s2) + (s1 + s3);
}

#endif
