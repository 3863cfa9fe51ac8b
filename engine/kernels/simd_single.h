/* simd_single.h - vectors of the machine's width in single precision, twice as many lanes as in
 * double; blocks of sixteen lanes are made of VECS of them.  See simd.h. */
#ifndef ORRERY_KERNELS_SIMD_SINGLE_H
#define ORRERY_KERNELS_SIMD_SINGLE_H

#include "simd.h"

enum { VEC_FLOATS = 2 * VEC_DOUBLES };

typedef float vecf __attribute__((vector_size(8 * VEC_DOUBLES)));
typedef float vecf_half __attribute__((vector_size(4 * VEC_DOUBLES)));
typedef int32_t vecf_mask __attribute__((vector_size(8 * VEC_DOUBLES)));

MELT vecf vecf_load(const float *p)
{
    return *(const vecf *)p;
}

MELT vecf vecf_sqrt(vecf v)
{
#if VEC_DOUBLES == 8
    return (vecf)_mm512_sqrt_ps((__m512)v);
#elif VEC_DOUBLES == 4
    return (vecf)_mm256_sqrt_ps((__m256)v);
#else
    return (vecf){sqrtf(v[0]), sqrtf(v[1]), sqrtf(v[2]), sqrtf(v[3])};
#endif
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

#endif
