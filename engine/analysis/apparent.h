/* apparent.h - where a body is seen: light time, aberration, precession and nutation. */
#ifndef ORRERY_ANALYSIS_APPARENT_H
#define ORRERY_ANALYSIS_APPARENT_H

#include <orrery/bodies.h>

typedef struct orr_sighting {
    double direction[3]; /* a unit vector */
    double distance;     /* [length] that the light has come */
    double light_time;   /* [time] */
} orr_sighting;

/* Body `target` as seen from the centre of body `observer` now, in the axes of the bodies: where it
 * was when the light left (by its velocity and Newtonian acceleration), turned by the observer's
 * motion.  The bending of light by the Sun (below 0.004" beyond 90 degrees from it) is left out. */
orr_sighting orr_apparent_place(const orr_bodies *b, size_t observer, size_t target,
                                double speed_of_light);

/* Turn a vector from ICRF to a plane tilted by this obliquity [arcsec]. */
void orr_turn_to_plane(double v[3], double obliquity);

/* Turn a vector from ICRF to the true equator and equinox of a Julian date (TT), to half an arc
 * second: precession of IAU 2006, the largest terms of nutation. */
void orr_turn_to_equinox(double v[3], double jd);

#endif
