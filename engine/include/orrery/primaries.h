/* primaries.h - who moves around whom: the heaviest bodies, the one that dominates, the one whose
 * sphere of influence a body is in.  Pure. */
#ifndef ORRERY_PRIMARIES_H
#define ORRERY_PRIMARIES_H

#include <orrery/bodies.h>

#ifdef __cplusplus
extern "C" {
#endif

enum orr_most_primaries {
    ORR_MOST_PRIMARIES = 64
}; /* bodies that others may move around: the heaviest */

/* The indices of the heaviest active bodies, the heaviest first (of equal ones the first); returns
 * how many there are.  *total (may be NULL) gets the GM of all active bodies. */
ORR_API size_t orr_heaviest(const orr_bodies *b, size_t out[ORR_MOST_PRIMARIES], double *total);

/* The body that holds more than 60 % of all mass, which the others move around; SIZE_MAX: none. */
ORR_API size_t orr_dominant_body(const orr_bodies *b);

/* How far apart two bodies are. */
ORR_API double orr_separation(const orr_bodies *b, size_t i, size_t j);

/* For bodies first <= i < last, around[i - first] gets the index of the body that body i moves
 * around, SIZE_MAX if there is none: of those that are at least three times as heavy the one with
 * the smallest Hill sphere that body i is in; that of a body heavier than all others together has
 * no end. */
ORR_API void orr_primaries_find(const orr_bodies *b, size_t first, size_t last, size_t *around);

#ifdef __cplusplus
}
#endif

#endif
