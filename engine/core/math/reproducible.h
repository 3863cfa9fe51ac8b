/* reproducible.h - elementary functions with the same bits on every machine.
 *
 * A C library may round sin or exp differently from the next version, or with FMA.  Initial states
 * come from these functions, and the same scenario must start from the same bits everywhere; so
 * they are made here of + - * / sqrt alone, good to about 1 ulp (tested against the C library). */
#ifndef ORRERY_CORE_REPMATH_H
#define ORRERY_CORE_REPMATH_H

#include <orrery/status.h>

#define ORR_PI 3.14159265358979323846

void orr_sincos(double x, double *s, double *c);
double orr_atan2(double y, double x); /* NaN unless both are finite */
double orr_exp(double x);
double orr_log(double x); /* x > 0 */
double orr_cbrt(double x);
double orr_sinh(double x);
double orr_cosh(double x);
double orr_asinh(double x);
double orr_pow(double x, double y); /* x > 0 */

#endif
