/* disc_gravity.c - see disc_gravity.h.  v^2 = 2 y^2 (I0 K0 - I1 K1), y = R/2; the Bessel functions
 * from their integrals (Abramowitz & Stegun 1972, 9.6.16, 9.6.24), for which the trapezoidal rule
 * converges exponentially. */
#include "disc_gravity.h"

#include <math.h>

#include "core/math/reproducible.h"

/* I_n(y) e^-y, n = 0, 1. */
static double bessel_i(int n, double y)
{
    enum { POINTS = 64 };
    double sum = 0;
    for (int k = 0; k < POINTS; k++) {
        double s, c;
        orr_sincos(ORR_PI * (k + 0.5) / POINTS, &s, &c);
        sum += orr_exp(y * (c - 1)) * (n ? c : 1);
    }
    return sum / POINTS;
}

/* K_n(y) e^y. */
static double bessel_k(int n, double y)
{
    const double step = 0.04;
    double sum = 0.5, term = 1;
    for (int k = 1; term > 1e-17 * sum; k++) {
        double c = orr_cosh(step * k);
        term = orr_exp(y * (1 - c)) * (n ? c : 1);
        sum += term;
    }
    return step * sum;
}

double orr_disc_circular_square(double R)
{
    double y = R / 2;
    if (y >
        60) /* I0 K0 - I1 K1 is a difference of nearly equal numbers: 1/(4 y^3) (1 + 9/8 y^-2) */
        return (1 + 9 / (8 * y * y)) / R;
    return 2 * y * y * (bessel_i(0, y) * bessel_k(0, y) - bessel_i(1, y) * bessel_k(1, y));
}
