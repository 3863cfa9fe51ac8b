/* primaries.h - who moves around whom, as the eye would say.  Pure. */
#ifndef ORRERY_VIEWER_PRIMARIES_H
#define ORRERY_VIEWER_PRIMARIES_H

#include <stdbool.h>

#include <orrery/bodies.h>
#include <orrery/elements.h>

enum { PRIMARIES_MOST = 64 }; /* bodies that others may move around: the heaviest */

/* How far apart two bodies are. */
double primaries_distance(const orr_bodies *b, size_t i, size_t j);

/* For bodies first <= i < last, around[i - first] gets the index of the body that body i moves
 * around, SIZE_MAX if there is none: of those that are at least three times as heavy the one with
 * the smallest Hill sphere that body i is in; that of a body heavier than all others together has
 * no end. */
void primaries_find(const orr_bodies *b, size_t first, size_t last, size_t *around);

/* The osculating orbit of body i about body j; false: there is none. */
bool primaries_orbit(const orr_bodies *b, size_t i, size_t j, orr_elements *el, orr_orbit *o);

#endif
