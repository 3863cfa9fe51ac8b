/* vector.h - the few operations on flat vectors that integrators need.
 *
 * Vectors are `bodies->stride * 3` long, 64-byte aligned and never overlap.  Threaded above a
 * measured length; every element is computed alike, so the bits do not depend on threads. */
#ifndef ORRERY_VECTOR_H
#define ORRERY_VECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* y += a x */
ORR_API void orr_axpy(size_t n, double *y, double a, const double *x, int threads);

/* y += a x with the part lost to rounding carried in low (same length, starts as 0):
 * Neumaier's form of Kahan's sum, exact to twice the precision of y. */
ORR_API void orr_axpy_compensated(size_t n, double *y, double *low, double a, const double *x,
                                  int threads);

/* The same without even the rounding of the product a x, by Dekker's splitting (1971, doi
 * 10.1007/BF01397083); for |a|, |x| below 1e290. */
ORR_API void orr_axpy_exact(size_t n, double *y, double *low, double a, const double *x,
                            int threads);

/* out = sum_k c_k s^(k - first), k = first .. terms - 1, by Horner's rule, where coefficient k is
 * the vector at c + k n; derivative: with k c_k in place of c_k. */
ORR_API void orr_polynomial(size_t n, double *out, size_t first, size_t terms, const double *c,
                            double s, bool derivative);

/* Each body ahead by its own time dt[i], by Taylor's theorem: out[m] = sum_k f[m + k] dt^k / k! for
 * m < outputs, where f[0 .. terms - 1] (at most 8) are positions, velocities, accelerations, ...;
 * all laid out like bodies->pos, with dt [stride]. */
ORR_API void orr_predict(size_t n, size_t stride, const double *dt, size_t terms,
                         const double *const f[], size_t outputs, double *const out[]);

/* Bodies in groups of equal steps, whose factors are told by group: y += factor x for the n bodies
 * `which` (ascending), with the part lost to rounding carried in low (NULL: not carried), each with
 * the bits of orr_axpy_compensated() or orr_axpy(). */
ORR_API void orr_axpy_grouped(size_t n, const size_t *which, size_t stride,
                              const unsigned char *group, const double *factor, double *y,
                              double *low, const double *x, int threads);

/* out = x + a (v + b w) for the first n bodies; a, b by group. */
ORR_API void orr_predict_grouped(size_t n, size_t stride, const unsigned char *group,
                                 const double *a, const double *b, const double *x, const double *v,
                                 const double *w, double *out, int threads);

/* True if no element is infinite or NaN. */
ORR_API bool orr_all_finite(size_t n, const double *x);

#ifdef __cplusplus
}
#endif

#endif
