/* primaries.h - who moves around whom: the heaviest bodies, the one that dominates, the one whose
 * sphere of influence a body is in.  Pure. */
#ifndef ORRERY_PRIMARIES_H
#define ORRERY_PRIMARIES_H

#include <orrery/bodies.h>
#include <orrery/elements.h>

#ifdef __cplusplus
extern "C" {
#endif

enum orr_most_primaries {
    ORR_MOST_PRIMARIES = 64
}; /* bodies that others may move around: the heaviest */

/* The indices of the heaviest active bodies, the heaviest first (of equal ones the first); returns
 * how many there are.  *total (may be NULL) gets the GM of all active bodies. */
ORR_API size_t orr_heaviest(const orr_bodies *b, size_t out[ORR_MOST_PRIMARIES], double *total);

/* The heaviest active body (of equal ones the first); 0 if there is none. */
ORR_API size_t orr_heaviest_body(const orr_bodies *b);

/* Part of all mass that a body must hold to dominate.  It depends on what follows from it: */
#define ORR_PART_OUTWEIGHS                                                                         \
    0.5 /* more than all others together: what is unbound of everything else
                                * is its own, and it is the light by which pictures are drawn */
#define ORR_PART_CENTRE                                                                            \
    0.6 /* orbits are told about it, unless another centre is named: clearly
                                * more than the others, so that the two of a binary have none */
#define ORR_PART_KEPLERIAN                                                                         \
    0.9 /* orbits about it are ellipses that the others (less than a ninth of
                                * it) only perturb, so their periods tell which step will do */

/* The heaviest of all bodies, if it is not alone and holds more than that part of all mass;
 * SIZE_MAX: none does. */
ORR_API size_t orr_dominant_body(const orr_bodies *b, double part);

/* Where the centre of mass of all bodies is, and how fast; a body whose position is no number (in
 * files: one that is no more) does not count.  Returns the GM of those that do; 0: *out is 0.
 * Plain sums: conserved quantities (sim.h) are summed more carefully. */
ORR_API double orr_barycentre(const orr_bodies *b, orr_state *out);

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
