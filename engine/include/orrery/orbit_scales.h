/* orbit_scales.h - the time scales of a system: its bound orbits, the shortest of them, and how its
 * mass is shared out.  Pure. */
#ifndef ORRERY_ORBIT_SCALES_H
#define ORRERY_ORBIT_SCALES_H

#include <stdbool.h>
#include <stdint.h>

#include <orrery/bodies.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_orbit_scale {
    uint64_t body, around;    /* ids */
    double period, peri_time; /* [time]: of the orbit, and of a circle through the pericentre */
    double a, e;
} orr_orbit_scale;

typedef struct orr_orbit_scales {
    orr_orbit_scale shortest; /* of the bound orbit with the shortest pericentre time scale */
    bool has_orbit;           /* else `shortest` says nothing */
    size_t n_bound, n_unbound;
    uint64_t first_unbound;
    size_t n_satellites; /* that orbit another body than the heaviest */
    orr_orbit_scale first_satellite;
    bool dominated;    /* one body holds more than 90 % of the mass */
    bool cluster;      /* so many bodies without a dominant one that orbits of pairs say little */
    double mass_ratio; /* largest mass over the sum of all others; INFINITY: there are none */
} orr_orbit_scales;

/* Looks at the first 20 000 bodies, each around the tightest of the heaviest. */
ORR_API orr_orbit_scales orr_orbit_scales_of(const orr_bodies *b);

/* So many steps in the shortest pericentre time scale, rounded down to two digits [time]; 0: there
 * is no orbit. */
ORR_API double orr_orbit_step(const orr_orbit_scales *s, double steps);

/* The step that will do for leapfrog, with energy errors of 1e-3 to 1e-4; 0: there is no orbit. */
ORR_API double orr_leapfrog_step(const orr_orbit_scales *s);

#ifdef __cplusplus
}
#endif

#endif
