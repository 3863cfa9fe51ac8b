/* planes.h - the planes of reference that have a name.
 *
 * Each contains the x axis of the ICRF and is tilted about it by its obliquity.  There are several
 * ecliptics of J2000: the elements of JPL, of its Small-Body Database and of the Minor Planet
 * Center refer to the one of IAU 1976, which is therefore the "ecliptic" and that of `frame:
 * ecliptic`; the IAU has moved it by 0.042" since. */
#ifndef ORRERY_PLANES_H
#define ORRERY_PLANES_H

#include <stddef.h>

#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_named_plane {
    const char *name;
    double obliquity; /* to the equator of the ICRF [arcsec] */
    const char *doc;
} orr_named_plane;

/* Iterate with i from 0 until NULL. */
ORR_API const orr_named_plane *orr_plane_at(size_t i);
/* NULL: there is none of that name. */
ORR_API const orr_named_plane *orr_plane_find(const char *name);

#ifdef __cplusplus
}
#endif

#endif
