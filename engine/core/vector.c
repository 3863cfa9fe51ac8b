#include <orrery/vector.h>

#include <math.h>

#include "base/team.h"
#include "base/two_sum.h"

/* Below this many elements a team of threads costs more than it saves (bench: kernels). */
enum { PARALLEL_FROM = 1 << 16, CHUNK = 1 << 13 };

/* One operation on elements [begin, end); the arguments that it does not use are NULL. */
typedef void range_operation(size_t begin, size_t end, double *out, double *y, double a,
                             const double *x);

typedef struct range_tasks {
    range_operation *operation;
    size_t n;
    double *out, *y, a;
    const double *x;
} range_tasks;

static void do_chunk(void *context, size_t phase, size_t c)
{
    const range_tasks *t = context;
    size_t end = (c + 1) * CHUNK;
    (void)phase;
    t->operation(c * CHUNK, end < t->n ? end : t->n, t->out, t->y, t->a, t->x);
}

/* The whole vector at once, or chunk by chunk on a team. */
static inline __attribute__((always_inline)) void apply(range_operation *operation, size_t n,
                                                        double *out, double *y, double a,
                                                        const double *x, int threads)
{
    if (n < PARALLEL_FROM) {
        operation(0, n, out, y, a, x);
        return;
    }
    range_tasks t = {operation, n, out, y, a, x};
    orr_team_run(threads, 1, (n + CHUNK - 1) / CHUNK, do_chunk, &t);
}

static void axpy(size_t begin, size_t end, double *restrict out, double *restrict y, double a,
                 const double *restrict x)
{
    (void)out;
    for (size_t k = begin; k < end; k++)
        y[k] += a * x[k];
}

static void axpy_compensated(size_t begin, size_t end, double *restrict low, double *restrict y,
                             double a, const double *restrict x)
{
    for (size_t k = begin; k < end; k++) {
        orr_two sum = orr_two_sum(y[k], a * x[k] + low[k]);
        low[k] = sum.low;
        y[k] = sum.high;
    }
}

/* The high half of a number: 26 bits. */
static inline double high_half(double a)
{
    double c = 134217729 * a; /* 2^27 + 1 */
    return c - (c - a);
}

static void axpy_exact(size_t begin, size_t end, double *restrict low, double *restrict y, double a,
                       const double *restrict x)
{
    double a_high = high_half(a), a_low = a - a_high;
    for (size_t k = begin; k < end; k++) {
        double x_high = high_half(x[k]), x_low = x[k] - x_high, product = a * x[k];
        double rest =
            ((a_high * x_high - product) + a_high * x_low + a_low * x_high) + a_low * x_low;
        orr_two sum = orr_two_sum(y[k], product);
        double d = sum.low + (rest + low[k]);
        y[k] = sum.high + d;
        low[k] = d - (y[k] - sum.high);
    }
}

void orr_axpy(size_t n, double *y, double a, const double *x, int threads)
{
    apply(axpy, n, NULL, y, a, x, threads);
}

void orr_axpy_compensated(size_t n, double *y, double *low, double a, const double *x, int threads)
{
    apply(axpy_compensated, n, low, y, a, x, threads);
}

void orr_axpy_exact(size_t n, double *y, double *low, double a, const double *x, int threads)
{
    apply(axpy_exact, n, low, y, a, x, threads);
}

/* ---- bodies in groups ---- */

typedef struct group_tasks {
    size_t n, stride;
    const size_t *which;
    const unsigned char *group;
    const double *a, *b, *x, *v, *w;
    double *y, *low;
} group_tasks;

static void axpy_group(void *context, size_t phase, size_t c)
{
    (void)phase;
    const group_tasks *t = context;
    for (size_t k = c * CHUNK; k < t->n && k < (c + 1) * CHUNK; k++) {
        const double factor = t->a[t->group[t->which[k]]];
        for (size_t axis = 0; axis < 3; axis++) {
            const size_t at = axis * t->stride + t->which[k];
            if (t->low)
                axpy_compensated(at, at + 1, t->low, t->y, factor, t->x);
            else
                axpy(at, at + 1, NULL, t->y, factor, t->x);
        }
    }
}

void orr_axpy_grouped(size_t n, const size_t *which, size_t stride, const unsigned char *group,
                      const double *factor, double *y, double *low, const double *x, int threads)
{
    group_tasks t = {.n = n,
                     .stride = stride,
                     .which = which,
                     .group = group,
                     .a = factor,
                     .x = x,
                     .y = y,
                     .low = low};
    orr_team_run(n < 2 * CHUNK ? 1 : threads, 1, (n + CHUNK - 1) / CHUNK, axpy_group, &t);
}

static void predict_group(void *context, size_t phase, size_t c)
{
    (void)phase;
    const group_tasks *t = context;
    const size_t end = (c + 1) * CHUNK < t->n ? (c + 1) * CHUNK : t->n;
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t i = c * CHUNK; i < end; i++) {
            const size_t at = axis * t->stride + i;
            const double a = t->a[t->group[i]], b = t->b[t->group[i]];
            t->y[at] = t->x[at] + a * (t->v[at] + b * t->w[at]);
        }
}

void orr_predict_grouped(size_t n, size_t stride, const unsigned char *group, const double *a,
                         const double *b, const double *x, const double *v, const double *w,
                         double *out, int threads)
{
    group_tasks t = {
        .n = n, .stride = stride, .group = group, .a = a, .b = b, .x = x, .v = v, .w = w, .y = out};
    orr_team_run(n < 2 * CHUNK ? 1 : threads, 1, (n + CHUNK - 1) / CHUNK, predict_group, &t);
}

/* Eight elements at a time, so that they stay in registers. */
enum { GROUP = 8 };

void orr_polynomial(size_t n, double *out, size_t first, size_t terms, const double *c, double s,
                    bool derivative)
{
    for (size_t at = 0; at < n; at += GROUP) { /* n is a multiple of 8: three strides */
        double y[GROUP] = {0};
        for (size_t k = terms; k-- > first;) {
            double weight = derivative ? (double)k : 1.0;
            for (size_t i = 0; i < GROUP; i++)
                y[i] = y[i] * s + weight * c[k * n + at + i];
        }
        for (size_t i = 0; i < GROUP; i++)
            out[at + i] = y[i];
    }
}

bool orr_all_finite(size_t n, const double *x)
{
    /* 0 times a finite number is 0; times infinity or NaN it is NaN, and NaN stays in a sum */
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
