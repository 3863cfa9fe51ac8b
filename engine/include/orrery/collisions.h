/* collisions.h - what happens to bodies with radii that touch, how close others came, and who is
 * taken out: for every method that can run the bodies.
 *
 * A contact is the first moment at which the distance of two centres is the sum of the radii, found
 * to the accuracy of the method's own dense output, whatever the step. */
#ifndef ORRERY_COLLISIONS_H
#define ORRERY_COLLISIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/bodies.h>
#include <orrery/problem.h>
#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_sim orr_sim;

/* What becomes of two bodies that touch. */
typedef enum orr_contact_rule {
    ORR_CONTACT_IGNORE, /* nobody looks */
    ORR_CONTACT_MERGE,  /* the lighter becomes part of the other: mass, momentum, centre of mass,
                           angular momentum (spin) and volume stay */
    ORR_CONTACT_BOUNCE, /* hard spheres without friction */
    ORR_CONTACT_STOP,   /* the run ends at the contact */
    ORR_CONTACT_LOG,    /* they go on through each other, but it is written down */
    ORR_CONTACT_REMOVE  /* the lighter is taken out, with its mass */
} orr_contact_rule;
/* Names for scenarios, in the same order. */
#define ORR_CONTACT_RULE_NAMES "ignore|merge|bounce|stop|log|remove"

/* Icy spheres: 0.34 (v / 1 cm/s)^-0.234, which is 1 at 0.00995 cm/s. */
#define ORR_RESTITUTION_POWER (-0.234)
#define ORR_BRIDGES_SPEED     9.948e-5 /* [m/s] */

/* How contacts are taken into the steps.
 *   by step: the step is taken back and ends at the contact, to the accuracy of the method: for few
 *            contacts
 *   inside:  the step is taken once; all contacts in it, in the order of time, on the ways that it
 *            gave, and who bounced goes on freely to its end: for many bodies, under a method with
 *            fixed steps of kicks and drifts (ORR_TAKES_CONTACTS).  Pairs too slow to come off part
 *            without loss there, where by step they merge.
 *   auto:    inside with a boundary, or with more than 1000 massive bodies where the method can */
typedef enum orr_resolve { ORR_RESOLVE_AUTO, ORR_RESOLVE_BY_STEP, ORR_RESOLVE_INSIDE } orr_resolve;
#define ORR_RESOLVE_NAMES "auto|step|inside"

/* Two bodies at the moment of contact, positions and velocities as they are then; a is the lighter
 * one (of equals: the later one). */
typedef struct orr_contact {
    double t; /* [time] */
    orr_body a, b;
    bool a_stays, b_stays; /* both true before the rule is asked */
} orr_contact;

/* A rule of one's own: change the bodies (pos, vel, gm, radius, spin) and say who stays.  id and
 * role must stay.  *stop: the run ends here.  Called on one thread, in the order of time.  An error
 * ends the run with the message of that status. */
typedef orr_status orr_contact_fn(void *user, orr_contact *contact, bool *stop);

/* Approaches that are written down: closest distances below one of these. */
typedef struct orr_within {
    double distance; /* [length], or 0 */
    double hill;     /* in Hill radii about the dominant body, the greater of both bodies'; or 0 */
} orr_within;

typedef struct orr_collisions {
    orr_contact_rule rule;
    double restitution;       /* bounce: part of the normal velocity that is left, 0 to 1 */
    double restitution_speed; /* [length/time] above it the part fades as speed^-0.234 (icy spheres:
                                 Bridges, Hatzes & Lin 1984, doi 10.1038/309333a0); 0: it does not */
    orr_resolve resolve;      /* how contacts are taken into the steps */
    bool unrecorded;          /* contacts after which both go on are not events */
    orr_contact_fn *decide;   /* instead of `rule`; NULL: none */
    void *user;
    const orr_within *within; /* copied */
    size_t n_within;
    double remove_beyond;      /* [length] from the dominant body, or the centre of mass where none
                                  dominates; 0: never */
    double remove_within_hill; /* test bodies closer to a planet than so many of its Hill radii;
                                  0: never */
} orr_collisions;

ORR_API orr_collisions orr_collisions_default(void); /* ignore, restitution 1 */

/* ORR_E_ARGUMENT (orr_sim_message() says why): a value out of range. */
ORR_API ORR_CHECKED orr_status orr_sim_set_collisions(orr_sim *sim, const orr_collisions *c);
/* As set; `within` is borrowed from the simulation. */
ORR_API orr_collisions orr_sim_collisions(const orr_sim *sim);

#ifdef __cplusplus
}
#endif

#endif
