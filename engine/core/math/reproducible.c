#include "reproducible.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* pi/2 in three parts; k times each of the first two is exact for |k| < 2^20 (Cody & Waite 1980).
 */
#define PI_2_A 1.57079632673412561417e+00
#define PI_2_B 6.07710050630396597660e-11
#define PI_2_C 2.02226624879595063154e-21
#define LN2_A  6.93147180369123816490e-01
#define LN2_B  1.90821492927058770002e-10

void orr_sincos(double x, double *s, double *c)
{
    if (!isfinite(x)) {
        *s = *c = NAN;
        return;
    }
    if (fabs(x) > 1e6)
        x = fmod(x, 2 * ORR_PI); /* exact; beyond this the caller's angle has no more digits */
    double k = floor(x * (2 / ORR_PI) + 0.5);
    double r0 = x - k * PI_2_A, w = k * PI_2_B;
    double r = r0 - w;
    double low = (r0 - r) - w - k * PI_2_C; /* what r lost */
    double z = r * r;

    /* Taylor series on |r| <= pi/4; the last terms are below 2^-60 */
    double ps =
        z * (-1. / 6 +
             z * (1. / 120 +
                  z * (-1. / 5040 + z * (1. / 362880 +
                                         z * (-1. / 39916800 + z * (1. / 6227020800 +
                                                                    z * (-1. / 1307674368000)))))));
    double sine = r + (r * ps + low * (1 - z / 2));
    double pc =
        z * z *
        (1. / 24 +
         z * (-1. / 720 + z * (1. / 40320 + z * (-1. / 3628800 + z * (1. / 479001600 +
                                                                      z * (-1. / 87178291200 +
                                                                           z / 20922789888000))))));
    double half = z / 2, one = 1 - half;
    double cosine = one + (((1 - one) - half) + (pc - r * low));

    switch ((long)k & 3) {
    case 0:
        *s = sine, *c = cosine;
        break;
    case 1:
        *s = cosine, *c = -sine;
        break;
    case 2:
        *s = -sine, *c = -cosine;
        break;
    default:
        *s = -cosine, *c = sine;
    }
}

/* atan on [0, 1]: from the nearest k/8, where atan is tabulated in two parts. */
static double atan_unit(double x)
{
    static const double high[9] = {0,
                                   1.24354994546761438157e-01,
                                   2.44978663126864143473e-01,
                                   3.58770670270572245020e-01,
                                   4.63647609000806093515e-01,
                                   5.58599315343562441427e-01,
                                   6.43501108793284370968e-01,
                                   7.18829999621624526895e-01,
                                   7.85398163397448278999e-01};
    static const double low[9] = {0,
                                  -3.12532414245393831072e-18,
                                  1.06987556187344513930e-17,
                                  -2.46238155826386348549e-17,
                                  2.26987774529616870924e-17,
                                  -5.45563054859162639417e-18,
                                  1.58347850514442861739e-17,
                                  -2.14783884444569830186e-17,
                                  3.06161699786838301793e-17};
    int k = (int)(x * 8 + 0.5);
    double c = k / 8.0;
    double t = (x - c) / (1 + x * c), z = t * t;
    double p =
        z * (-1. / 3 + z * (1. / 5 + z * (-1. / 7 + z * (1. / 9 + z * (-1. / 11 + z / 13)))));
    return high[k] + (t + (t * p + low[k]));
}

double orr_atan2(double y, double x)
{
    double ax = fabs(x), ay = fabs(y), a;
    if (!isfinite(x) || !isfinite(y))
        return NAN;
    if (ax == 0 && ay == 0)
        a = 0;
    else if (ay <= ax)
        a = atan_unit(ay / ax);
    else
        a = (PI_2_A - atan_unit(ax / ay)) + PI_2_B;
    if (x < 0)
        a = (2 * PI_2_A - a) + 2 * PI_2_B;
    return y < 0 ? -a : a;
}

double orr_exp(double x)
{
    if (isnan(x))
        return x;
    if (x > 709.7)
        return INFINITY;
    if (x < -745)
        return 0;
    double k = floor(x * (1 / 0.69314718055994530942) + 0.5);
    double r = (x - k * LN2_A) - k * LN2_B;
    double term = 1, sum = 0;
    for (int n = 1; n <= 14; n++) {
        term *= r / n;
        sum += term;
    }
    return ldexp(1 + sum, (int)k);
}

double orr_log(double x)
{
    int k = 0;
    double m = frexp(x, &k); /* [0.5, 1) */
    if (m < 0.70710678118654752440) {
        m *= 2;
        k--;
    }
    double f = m - 1, s = f / (2 + f), z = s * s, p = 0;
    for (int n = 21; n >= 3; n -= 2)
        p = z * (1.0 / n + p);
    /* log(1+f) = f - s (f - 2 p'), arranged so that f is added last */
    double half = f * f / 2;
    double tail = s * (half + 2 * p) - half; /* log(1+f) - f */
    return k * LN2_A + (f + (tail + k * LN2_B));
}

double orr_cbrt(double x)
{
    if (x == 0)
        return 0;
    int k = 0;
    double m = frexp(fabs(x), &k);
    int third = (k >= 0 ? k + 2 : k) / 3; /* ceil(k / 3) */
    m = ldexp(m, k - 3 * third);          /* [1/8, 1) */
    double y = 0.4 + 0.6 * m;
    for (int n = 0; n < 6; n++)
        y = y - (y - m / (y * y)) / 3;
    y = ldexp(y, third);
    return x < 0 ? -y : y;
}

double orr_sinh(double x)
{
    double a = fabs(x);
    if (a < 0.5) {
        double z = x * x, p = 0;
        for (int n = 17; n >= 3; n -= 2)
            p = z / (n * (n - 1)) * (1 + p);
        return x + x * p;
    }
    double e = orr_exp(a), s = (e - 1 / e) / 2;
    return x < 0 ? -s : s;
}

double orr_cosh(double x)
{
    double e = orr_exp(fabs(x));
    return (e + 1 / e) / 2;
}

double orr_asinh(double x)
{
    double a = fabs(x);
    double y = a < 0.5 ? a : orr_log(a + sqrt(a * a + 1));
    for (int n = 0; n < 3; n++) /* Newton on sinh y = a: good for small a too */
        y -= (orr_sinh(y) - a) / orr_cosh(y);
    return x < 0 ? -y : y;
}

double orr_pow(double x, double y)
{
    return orr_exp(y * orr_log(x));
}
