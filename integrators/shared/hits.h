/* hits.h - bodies with radii that touch inside a small step of an accurate method, and become one.
 */
#ifndef ORRERY_SHARED_HITS_H
#define ORRERY_SHARED_HITS_H

#include <orrery/problem.h>

enum { ORR_MOST_HITS = 32 };

/* One body that became part of another, until the step stands. */
typedef struct orr_hit {
    size_t gone, heir; /* index in the bodies of the problem */
    double gm, radius; /* of the heir, afterwards */
    orr_event event;
} orr_hit;

typedef struct orr_hits {
    orr_hit hit[ORR_MOST_HITS];
    size_t n;
} orr_hits;

/* The bodies of an accurate integration, which of the bodies they are, and who may hit whom. */
typedef struct orr_party {
    orr_bodies *b;
    const size_t *index; /* [n] in the bodies of the problem; NULL: they are these */
    bool (*may_hit)(const void *user, size_t i, size_t j); /* NULL: everybody */
    const void *user;
    double *start, *speed; /* [3 stride] positions and velocities before a small step */
    double *radius;        /* [n], -1: is no more; NULL: nobody looks at hits */
    double star;           /* GM of a star that stands at the origin, or 0 */
    orr_hits *hits;        /* what happened */
} orr_party;

/* Take radii from the bodies of p, and memory from its scratch. */
orr_status orr_party_watch(orr_party *a, const orr_problem *p);

/* The first contact in the small step h [time] that led from (start, speed) to where the bodies
 * are: which part of it, and the pair; above 1: none. */
double orr_first_contact(const orr_party *a, double h, size_t pair[2]);

/* The lighter of the pair becomes part of the other, at time t: mass, momentum and centre of mass
 * stay, volumes add. */
orr_status orr_merge(orr_party *a, const orr_problem *p, const size_t pair[2], double t);

#endif
