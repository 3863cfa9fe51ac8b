/* wh_hierarchy.h - Jacobi coordinates of a hierarchy: moons of planets, planets of both stars of a
 * binary.
 *
 * Pairs of neighbours are joined, the closest first, and move on as one, until all are one.  Each
 * joint is a coordinate: the way from the centre of mass of one side to that of the other. */
#ifndef ORRERY_SHARED_TREE_H
#define ORRERY_SHARED_TREE_H

#include <stdbool.h>

#include <orrery/bodies.h>
#include <orrery/splitting.h>

enum { ORR_MOST_IN_TREE = 64 };

/* Leaves [first, middle) on one side, the heavier, [middle, last) on the other. */
typedef struct orr_joint {
    size_t first, middle, last;
    size_t side[2]; /* a leaf, or ORR_MOST_IN_TREE + the joint below */
    double gm[2];   /* of the sides */
} orr_joint;

typedef struct orr_wh_hierarchy {
    size_t n;                      /* leaves */
    size_t body[ORR_MOST_IN_TREE]; /* index in the bodies of the leaves */
    double gm[ORR_MOST_IN_TREE];
    orr_joint joint[ORR_MOST_IN_TREE]; /* n - 1 of them, those below before those above */
    size_t star;                       /* the leaf that is the heaviest body */
    double gr;                         /* 6 (G m0)^2/c^2 of the star, or 0 */
} orr_wh_hierarchy;

/* The hierarchy of the active bodies as they move now; false: there is none, or they are too many.
 */
bool orr_wh_hierarchy_make(orr_wh_hierarchy *t, const orr_bodies *b);

/* It is one body with the others around it, one outside the other. */
bool orr_wh_hierarchy_is_chain(const orr_wh_hierarchy *t);

/* Coordinates, in lane k that of joint k, and the strength of its Kepler orbit. */
void orr_wh_hierarchy_take(const orr_wh_hierarchy *t, const orr_bodies *b, size_t c, bool velocity,
                           double *out);
double orr_wh_hierarchy_strength(const orr_wh_hierarchy *t, size_t k);

/* Component c of the positions or velocities, from that of the centre of mass. */
void orr_wh_hierarchy_give(const orr_wh_hierarchy *t, const orr_bodies *b, size_t c, bool velocity,
                           const double *in, double center);

/* Kick by all that the Kepler orbits leave out, for `time`, at positions moved on by `lazy` times
 * the accelerations there. */
void orr_wh_hierarchy_kick(const orr_wh_hierarchy *t, const orr_planets *l, double time,
                           double lazy);

#endif
