/* spherical.h - models of spherical systems in equilibrium, with isotropic velocities: what the
 * generators of galaxies share.
 *
 * A model is a density profile; its own gravity, and that of other components, may hold it.  From
 * the profile come mass and potential by quadrature, and the distribution function by Eddington's
 * formula (Eddington 1916, 1916MNRAS..76..572E; Binney & Tremaine 2008, eq. 4.46):
 *
 *     f(E) = 1/(sqrt(8) pi^2) d/dE int_0^E dpsi (d rho/d psi) / sqrt(E - psi)
 *
 * Units: G = 1, lengths in the model's scale, masses in that of its group. */
#ifndef ORRERY_GENERATORS_SPHERICAL_H
#define ORRERY_GENERATORS_SPHERICAL_H

#include <stddef.h>

#include <orrery/status.h>

#include "random.h"

/* The density at r > 0, up to a factor, and its logarithmic slope d ln rho / d ln r < 0. */
typedef double orr_profile_fn(const void *model, double r, double *slope);

/* One component: its profile and its whole mass. */
typedef struct orr_component {
    orr_profile_fn *profile;
    const void *model;
    double mass;
} orr_component;

typedef struct orr_spherical {
    size_t n;
    double *r;     /* [n] ascending */
    double *mass;  /* [n] of the component that is drawn, within r; the last is all of it */
    double *psi;   /* [n] depth of the potential of all components, > 0, descending */
    double *f;     /* [n] distribution function of the component at energy psi */
    double *bound; /* [n] upper bound of q^2 f(psi (1 - q^2)) over 0 < q < 1 */
} orr_spherical;

/* Tables of component `which` of `n`, for r_least <= r <= r_most; to be freed by
 * orr_spherical_free() in any case.  ORR_E_ARGUMENT: its distribution function would be negative, no
 * isotropic velocities hold such a profile up. */
orr_status orr_spherical_make(const orr_component *components, size_t n, size_t which,
                              double r_least, double r_most, orr_spherical *out);

/* The same from tables of r, mass, psi, f that the caller has filled: `bound` is made. */
orr_status orr_spherical_new(size_t n, orr_spherical *out);
void orr_spherical_bound(orr_spherical *s);
void orr_spherical_free(orr_spherical *s);

/* The mass of all components within r, and the depth of their potential there, as the tables have
 * them (linear between nodes); `mass` of one component. */
double orr_spherical_mass(const orr_spherical *s, double r);

/* A body drawn from the model, within r_cut (infinite: anywhere). */
void orr_spherical_draw(const orr_spherical *s, double r_cut, orr_random *random, double pos[3],
                        double vel[3]);

#endif
