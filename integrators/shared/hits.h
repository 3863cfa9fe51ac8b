/* hits.h - what happens to bodies with radii that touch inside a small step of an accurate method,
 * and how close the others came. */
#ifndef ORRERY_SHARED_HITS_H
#define ORRERY_SHARED_HITS_H

#include <orrery/problem.h>

/* What becomes of two bodies that touch; names for a field table in the same order. */
typedef enum orr_hit_rule {
    ORR_IGNORE,
    ORR_MERGE,  /* one becomes part of the other */
    ORR_BOUNCE, /* hard spheres without friction */
    ORR_LOG,    /* they go on through each other, but it is written down */
    ORR_STOP    /* the same, and the run ends */
} orr_hit_rule;
#define ORR_COLLISION_NAMES "ignore|merge|bounce|log|stop"

/* One thing that happened, until the step stands. */
typedef struct orr_hit {
    bool merged;       /* only then: */
    size_t gone, heir; /* index in the bodies of the problem */
    double gm, radius; /* of the heir, afterwards */
    orr_event event;
} orr_hit;

/* In the order of time. */
typedef struct orr_hits {
    orr_hit *hit; /* from the scratch of the problem */
    size_t n, room;
} orr_hits;

/* One more, in the order of time from the start of p's step. */
orr_status orr_hits_add(orr_hits *all, const orr_problem *p, orr_hit hit);

/* The bodies of an accurate integration, which of the bodies they are, and who may hit whom. */
typedef struct orr_party {
    orr_bodies *b;
    const size_t *index; /* [n] in the bodies of the problem; NULL: they are these */
    bool (*may_hit)(const void *user, size_t i, size_t j); /* NULL: everybody */
    const void *user;
    orr_hit_rule rule;
    double restitution; /* bounce: part of the normal velocity that is left */
    const double *near; /* [n] [length] approaches within the greater of two are told, with -1 none;
                           or NULL */
    double *start, *speed; /* [3 stride] positions and velocities before a small step */
    double *radius;        /* [n], -1: is no more; NULL: nobody looks */
    double star;           /* GM of a star that stands at the origin, or 0 */
    orr_hits *hits;        /* what happened */
} orr_party;

/* Take radii from the bodies of p, and memory from its scratch, if there is anything to look at. */
orr_status orr_party_watch(orr_party *a, const orr_problem *p);

/* The first contact in the small step h [time] that led from (start, speed) to where the bodies
 * are, after part `after` of it: which part, and the pair; above 1: none. */
double orr_first_contact(const orr_party *a, double h, double after, size_t pair[2]);

/* Do to the pair, which touches now, at time t, what the rule says, and write it down. */
orr_status orr_collide(orr_party *a, const orr_problem *p, const size_t pair[2], double t);

/* Write down who was closest in the small step h, which ended at time t. */
orr_status orr_note_approaches(orr_party *a, const orr_problem *p, double h, double t);

#endif
