/* osculating.h - the orbit that a body is on now, about a body, a barycentre, or all that come
 * before it; as numbers.
 *
 * What is undefined by nature has a convention, by which sums stay continuous and right:
 *     i = 0 or 180 deg: Omega = 0        e = 0: omega = 0, pericentre at the node
 * so that pomega = Omega + omega and L = pomega + M are good where Omega, omega and M are not.
 * For e >= 1 P and Q are infinite; for e = 1 a is infinite, M = n (t - T), n = sqrt(mu / 2 q^3) and
 * E = tan(f/2).  T is the passage of the pericentre that is nearest in time.
 * Murray & Dermott 1999, Solar System Dynamics, ch. 2. */
#ifndef ORRERY_OSCULATING_H
#define ORRERY_OSCULATING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/bodies.h>
#include <orrery/elements.h>
#include <orrery/units.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the quantities ---- */

/* Something that can be told of bodies. */
typedef struct orr_quantity {
    const char *name;
    orr_dimension dim;
    int bodies;     /* how many bodies it is of: 0 (all together), 1, 2 */
    int components; /* 1 or 3 */
    const char *doc;
} orr_quantity;

enum orr_orbitals_count { ORR_ORBITALS = 15 };

/* a, e, i, Omega, omega, pomega, M, f, E, L, T, P, q, Q, n; NULL from ORR_ORBITALS on. */
ORR_API const orr_quantity *orr_orbital_at(size_t k);

/* The number of the quantity with this name of so many bytes ("period" is P too); ORR_ORBITALS:
 * there is none. */
ORR_API size_t orr_orbital_find(const char *name, size_t length);

/* All of them, in that order, angles in radians.  t [time] is that of the state: T counts from the
 * same zero. */
ORR_API void orr_orbitals(const orr_elements *el, double mu, double t, double out[ORR_ORBITALS]);

/* ---- about what ---- */

typedef enum orr_about_kind {
    ORR_ABOUT_DOMINANT,   /* the body with more than 60 % of all mass */
    ORR_ABOUT_BODIES,     /* one body, or the barycentre of some */
    ORR_ABOUT_BARYCENTRE, /* of all bodies with mass */
    ORR_ABOUT_JACOBI,     /* the barycentre of all with mass that stand before it (a smaller id) */
    ORR_ABOUT_PRIMARY     /* each about its own: orr_primaries_find() */
} orr_about_kind;

/* The light of body `of` takes the share beta off its pull on body `on`, or on all test bodies
 * (Burns, Lamy & Soter 1979, doi 10.1016/0019-1035(79)90050-2). */
typedef struct orr_pressure {
    uint64_t of, on;
    bool on_tests;
    double beta;
} orr_pressure;

typedef struct orr_about {
    orr_about_kind kind;
    const uint64_t *ids; /* [n_ids] of ORR_ABOUT_BODIES */
    size_t n_ids;
    bool invariable;    /* the plane is that of the total angular momentum, x at its node on xy */
    bool has_plane;     /* false: the xy plane */
    double plane[3][3]; /* from the axes of the plane to those of the state */
    const orr_pressure *pressures;
    size_t n_pressures; /* 0: the whole GM counts */
} orr_about;

/* What an `about` means for the bodies as they are now.  All zeros is valid. */
typedef struct orr_centres {
    const orr_about *about;
    const orr_bodies *bodies;
    orr_state common; /* of the one centre that all have, unless the kind is jacobi or primary */
    double gm;        /* its mass; 0: there is none */
    size_t alone;     /* the index of the centre if it is one body; SIZE_MAX */
    double plane[3][3];
    bool turned;
    size_t n_massive, room; /* jacobi: bodies with mass, by id */
    uint64_t *massive;      /* [room] their ids */
    orr_state *before;      /* [room + 1] barycentre of the first k of them */
    double *before_gm;      /* [room + 1] */
    size_t *around;         /* [room] primary: of each body */
    double *pressing;       /* [room_pressures] GM of the source; 0: it is no more */
    size_t room_pressures;
} orr_centres;

/* Find the centres; may be called again for the next state.  Bodies without a finite position are
 * no more.  `about` and `b` are borrowed until the next call.  ORR_E_NO_MEMORY. */
ORR_API ORR_CHECKED orr_status orr_centres_find(orr_centres *c, const orr_about *about,
                                                const orr_bodies *b);
ORR_API void orr_centres_free(orr_centres *c);

/* The orbit of body i about its centre.  *mu gets G(m1 + m2): the GM of the centre, less what light
 * takes off, and that of the body unless the centre is a barycentre that it is part of.
 * ORR_E_INCOMPATIBLE: it has no centre, or is it, or is no more; ORR_E_ARGUMENT: there is no orbit
 * (straight-line motion, mu not positive). */
ORR_API ORR_CHECKED orr_status orr_osculating(const orr_centres *c, size_t i, orr_elements *el,
                                              double *mu);

/* The orbit of body i about body j, mu being the sum of both GM. */
ORR_API ORR_CHECKED orr_status orr_osculating_pair(const orr_bodies *b, size_t i, size_t j,
                                                   orr_elements *el, orr_orbit *orbit);

/* The number of the body that i is about; SIZE_MAX: it is about a barycentre, or nothing. */
ORR_API size_t orr_centre_body(const orr_centres *c, size_t i);

#ifdef __cplusplus
}
#endif

#endif
