/* yardsticks_avx512.c - compiled with -mavx512f and -mfma; see yardsticks.h. */
#include "yardsticks.h"

#include <immintrin.h>

typedef __m512d vec;

static inline __attribute__((always_inline)) vec inverse_exact(vec x)
{
    return _mm512_div_pd(_mm512_set1_pd(1), _mm512_sqrt_pd(x));
}

static inline __attribute__((always_inline)) vec inverse_rsqrt(vec x)
{
    vec y = _mm512_rsqrt14_pd(x), half = _mm512_mul_pd(_mm512_set1_pd(0.5), x);
    for (int k = 0; k < 2; k++) {
        vec e = _mm512_fnmadd_pd(_mm512_mul_pd(half, y), y, _mm512_set1_pd(0.5));
        y = _mm512_fmadd_pd(y, e, y);
    }
    return y;
}

static inline __attribute__((always_inline)) vec inverse_float(vec x)
{
    __m256 seed = _mm256_div_ps(_mm256_set1_ps(1), _mm256_sqrt_ps(_mm512_cvtpd_ps(x)));
    vec y = _mm512_cvtps_pd(seed);
    vec e = _mm512_fnmadd_pd(_mm512_mul_pd(x, y), y, _mm512_set1_pd(1));
    vec p = _mm512_fmadd_pd(e, _mm512_set1_pd(0.375), _mm512_set1_pd(0.5));
    return _mm512_fmadd_pd(_mm512_mul_pd(y, e), p, y);
}

/* Two blocks of eight targets at a time, sources one by one: the fastest arrangement found. */
static inline __attribute__((always_inline)) void all_pairs(const orr_p2p *g, size_t n,
                                                            vec (*inverse)(vec))
{
    vec eps2 = _mm512_set1_pd(g->eps2);
    for (size_t i = 0; i < n; i += 16) {
        vec x[2], y[2], z[2], a[2], b[2], c[2];
        for (size_t u = 0; u < 2; u++) {
            x[u] = _mm512_loadu_pd(g->x + i + 8 * u);
            y[u] = _mm512_loadu_pd(g->y + i + 8 * u);
            z[u] = _mm512_loadu_pd(g->z + i + 8 * u);
            a[u] = b[u] = c[u] = _mm512_setzero_pd();
        }
        for (size_t j = 0; j < n; j++) {
            vec xj = _mm512_set1_pd(g->x[j]), yj = _mm512_set1_pd(g->y[j]);
            vec zj = _mm512_set1_pd(g->z[j]), gm = _mm512_set1_pd(g->gm[j]);
            for (size_t u = 0; u < 2; u++) {
                vec dx = _mm512_sub_pd(xj, x[u]), dy = _mm512_sub_pd(yj, y[u]);
                vec dz = _mm512_sub_pd(zj, z[u]);
                vec r2 =
                    _mm512_fmadd_pd(dx, dx, _mm512_fmadd_pd(dy, dy, _mm512_fmadd_pd(dz, dz, eps2)));
                vec q = inverse(r2);
                vec s = _mm512_mul_pd(_mm512_mul_pd(gm, q), _mm512_mul_pd(q, q));
                a[u] = _mm512_fmadd_pd(s, dx, a[u]);
                b[u] = _mm512_fmadd_pd(s, dy, b[u]);
                c[u] = _mm512_fmadd_pd(s, dz, c[u]);
            }
        }
        for (size_t u = 0; u < 2; u++) {
            _mm512_storeu_pd(g->ax + i + 8 * u, a[u]);
            _mm512_storeu_pd(g->ay + i + 8 * u, b[u]);
            _mm512_storeu_pd(g->az + i + 8 * u, c[u]);
        }
    }
}

void yardstick_exact(const orr_p2p *g, size_t n)
{
    all_pairs(g, n, inverse_exact);
}

void yardstick_rsqrt(const orr_p2p *g, size_t n)
{
    all_pairs(g, n, inverse_rsqrt);
}

void yardstick_float(const orr_p2p *g, size_t n)
{
    all_pairs(g, n, inverse_float);
}

double yardstick_chain(long n)
{
    vec x = _mm512_set1_pd(0.5), a = _mm512_set1_pd(0.999), b = _mm512_set1_pd(1e-3);
    for (long k = 0; k < n; k++)
        x = _mm512_fmadd_pd(x, a, b);
    return _mm512_reduce_add_pd(x);
}
