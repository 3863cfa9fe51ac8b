/* neighbours.h - groups of bodies that are near each other: each has a reach, two whose reaches
 * touch are of one group.  A hash table of cells as wide as most reaches; the few with longer ones
 * are compared with all.  The result does not depend on the table. */
#ifndef ORRERY_INTEGRATORS_NEIGHBOURS_H
#define ORRERY_INTEGRATORS_NEIGHBOURS_H

#include <orrery/problem.h>

typedef struct orr_groups {
    size_t n;       /* groups of two bodies or more */
    size_t *first;  /* [n + 1] where each begins among the members */
    size_t *member; /* indices of bodies, ascending in a group; groups by their first member */
} orr_groups;

/* For each of the first n bodies the nearest other one within `radius` [length] and its distance;
 * n and INFINITY if there is none.  Scratch memory; ORR_E_NO_MEMORY. */
orr_status orr_neighbours_nearest(orr_problem *p, size_t n, double radius, size_t *nearest,
                                  double *distance);

/* Groups among the first n bodies; reach [n] in lengths.  Scratch memory; ORR_E_NO_MEMORY. */
orr_status orr_groups_find(orr_problem *p, size_t n, const double *reach, orr_groups *out);

#endif
