/* elements.h - Keplerian elements and states, pure functions.
 *
 * The elements used here have no singular case among conics: pericentre distance q, eccentricity e
 * (ellipse, parabola, hyperbola), and the true anomaly f.  Everything else is derived.
 * Formulae: Murray & Dermott 1999, Solar System Dynamics, ch. 2; Danby 1992, ch. 6. */
#ifndef ORRERY_ELEMENTS_H
#define ORRERY_ELEMENTS_H

#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_state {
    double pos[3], vel[3];
} orr_state;

typedef struct orr_elements {
    double q;     /* pericentre distance [length], > 0 */
    double e;     /* eccentricity, >= 0; exactly 1 is a parabola */
    double i;     /* inclination, 0 .. pi; given: also negative, the orbit turned the other way */
    double Omega; /* longitude of the ascending node, 0 .. 2 pi; 0 if i is 0 or pi */
    double omega; /* argument of pericentre, 0 .. 2 pi; 0 if e is 0 */
    double f;     /* true anomaly, -pi .. pi */
} orr_elements;

/* What follows from the elements and mu = G(m1 + m2).  For e >= 1 period is infinite.  A
 * parabola has infinite a; n = sqrt(mu / (2 q^3)), and M = n (t - T) is Barker's: s + s^3/3 = M
 * with s = tan(f/2).  M = n t_peri on every orbit; near e = 1, where n and M go through zero,
 * t_peri stays good. */
typedef struct orr_orbit {
    double a;      /* semi-major axis [length], negative for hyperbolae */
    double period; /* [time] */
    double n;      /* mean motion [1/time] */
    double M;      /* mean anomaly, -pi .. pi for ellipses */
    double E;      /* eccentric (hyperbolic, parabolic: tan(f/2)) anomaly */
    double pomega; /* longitude of pericentre, Omega + omega, 0 .. 2 pi */
    double L;      /* mean longitude, 0 .. 2 pi */
    double t_peri; /* time since pericentre passage [time] */
} orr_orbit;

/* Relative state from elements.  ORR_E_ARGUMENT: q or mu not positive, e negative, or f beyond the
 * asymptote of a hyperbola. */
ORR_API ORR_CHECKED orr_status orr_state_from_elements(const orr_elements *el, double mu,
                                                       orr_state *out);

/* Elements from a relative state.  Errors grow as 1/e for omega and f, as 1/sin i for Omega and
 * omega, and as 1/(1-e) for a; their sums stay good.  Straight-line motion: ORR_E_ARGUMENT. */
ORR_API ORR_CHECKED orr_status orr_elements_from_state(const orr_state *rel, double mu,
                                                       orr_elements *out);

/* Derived quantities; needs valid elements and mu > 0. */
ORR_API orr_orbit orr_orbit_of(const orr_elements *el, double mu);

/* True anomaly from mean anomaly M (parabola: as in orr_orbit).  Solves Kepler's equation to the
 * last bits; any finite M.  ORR_E_NO_CONVERGENCE is not known to happen. */
ORR_API ORR_CHECKED orr_status orr_true_from_mean(double e, double M, double *f);

/* True anomaly from eccentric anomaly (hyperbola: hyperbolic anomaly; parabola: tan(f/2)). */
ORR_API double orr_true_from_eccentric(double e, double E);

#ifdef __cplusplus
}
#endif

#endif
