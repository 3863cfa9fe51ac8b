#include <orrery/vector.h>

#include <math.h>

#include "base/parallel.h"

/* Below this many elements a team of threads costs more than it saves (measured: bench kernels). */
enum { PARALLEL_FROM = 1 << 16 };

void orr_axpy(size_t n, double *restrict y, double a, const double *restrict x, int threads)
{
    (void)threads;
    ORR_PARALLEL_FOR(threads, n >= PARALLEL_FROM)
    for (size_t k = 0; k < n; k++)
        y[k] += a * x[k];
}

void orr_axpy_compensated(size_t n, double *restrict y, double *restrict low, double a,
                          const double *restrict x, int threads)
{
    (void)threads;
    ORR_PARALLEL_FOR(threads, n >= PARALLEL_FROM)
    for (size_t k = 0; k < n; k++) {
        double d = a * x[k] + low[k];
        double sum = y[k] + d;
        double d_seen = sum - y[k]; /* Knuth's two-sum: sum + low is exactly y + d */
        low[k] = (y[k] - (sum - d_seen)) + (d - d_seen);
        y[k] = sum;
    }
}

void orr_add_scaled(size_t n, double *restrict out, const double *restrict y, double a,
                    const double *restrict x, int threads)
{
    (void)threads;
    ORR_PARALLEL_FOR(threads, n >= PARALLEL_FROM)
    for (size_t k = 0; k < n; k++)
        out[k] = y[k] + a * x[k];
}

bool orr_all_finite(size_t n, const double *x, int threads)
{
    /* 0 times a finite number is 0; times infinity or NaN it is NaN, and NaN stays in a sum */
    (void)threads;
    double lane[8] = {0};
    size_t k = 0;
    for (; k + 8 <= n; k += 8)
        for (size_t c = 0; c < 8; c++)
            lane[c] += 0.0 * x[k + c];
    for (; k < n; k++)
        lane[0] += 0.0 * x[k];
    double sum = 0;
    for (size_t c = 0; c < 8; c++)
        sum += lane[c];
    return sum == 0;
}
