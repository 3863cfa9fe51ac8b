/* collisions_internal.h - what the files of collisions share.
 *
 *     collisions.c             the rules that are set, and who is looked at
 *     collisions_path.c        the way of a pair in a piece of a step
 *     collisions_candidates.c  which pairs may meet in a step, without asking all of them
 *     collisions_find.c        what happens in a step, to the accuracy of the method
 *     collisions_cells.c       which of many boxes overlap
 *     collisions_many.c        contacts of many bodies, inside a step
 *     collisions_queue.c       the next one of them
 *     collisions_outcome.c     what it makes of the bodies; events
 *     collisions_run.c         runs where somebody looks */
#ifndef ORRERY_SIM_COLLISIONS_INTERNAL_H
#define ORRERY_SIM_COLLISIONS_INTERNAL_H

#include <orrery/collisions.h>

#include "collisions_queue.h"
#include "sim_internal.h"

/* What is found in a step. */
typedef enum orr_found_kind {
    ORR_FOUND_CONTACT,
    ORR_FOUND_APPROACH, /* closest distance of a passage */
    ORR_FOUND_HILL      /* a test body came too close to a planet: it is taken out */
} orr_found_kind;

typedef struct orr_found {
    double s; /* [time] since the start of the step, with its sign */
    orr_found_kind kind;
    uint64_t lighter, heavier; /* ids */
    bool on_arc;               /* on the Kepler orbit of the pair, which the method missed; then */
    double d[3], v[3];         /* from the lighter to the heavier one */
    bool changes;              /* the bodies' motion: the step ends here */
    bool test_goes;            /* a test body is taken out; nothing else feels it */
    orr_event event;           /* as if nothing came of it */
} orr_found;

/* Positions and velocities of all bodies at one time of the step, laid out like bodies->pos. */
typedef struct orr_sample {
    double s;
    double *pos, *vel;
} orr_sample;

/* Present as soon as a rule is set. */
struct orr_contacts {
    orr_collisions rules;
    orr_within *within;  /* [rules.n_within], owned */
    orr_removal removal; /* of test bodies by the method itself: */
    bool by_method;      /* only then */
    size_t n_before;     /* events before the step that was tried */
    bool fresh;          /* bodies that touch now have not been told of */

    /* What was found in the step that begins at the grid state or, with dense output, ended there:
     * in the order of time; valid until bodies or steps change. */
    bool known;
    orr_time start;
    double h, request; /* [time] of that step, and what the method was asked for */
    orr_found *found;
    size_t n_found, room_found;

    /* For one look: */
    orr_arena memory;
    orr_saved end;         /* the end of the step, while states inside it are looked at */
    orr_sample samples[2]; /* its start and its end, synchronised */
    size_t stride;         /* of the samples */
    orr_queue queue;       /* of contacts inside a step */
};

/* ---- collisions.c ---- */

/* Somebody looks: a rule is set, and there are bodies that it may concern. */
bool orr_contacts_look(const orr_sim *sim);
void orr_contacts_free(orr_contacts *c);
/* What was found is of no use any more. */
void orr_contacts_forget(orr_sim *sim);

/* Before prepare(): what a method that looks after test bodies by itself is to do; NULL: nothing,
 * the engine looks. */
const orr_removal *orr_contacts_removal(orr_sim *sim);
/* No two massive bodies can touch in the next few hundred steps: their orbits keep well apart.
 * Looks at the first sample. */
bool orr_massive_apart(const orr_sim *sim);
/* Take out those that the method has taken out already, which are not a number. */
orr_status orr_drop_gone(orr_sim *sim);

/* ---- collisions_path.c ---- */

/* The way from one body to another in a piece of a step, 0 <= u <= 1: the cubic through both ends,
 * d(u) = d0 + u v0 + u^2 c2 + u^3 c3; v0, v1 are velocities times the length of the piece. */
typedef struct orr_path {
    double d0[3], v0[3], c2[3], c3[3], d1[3], v1[3];
} orr_path;

orr_path orr_path_make(const double d0[3], const double v0[3], const double d1[3],
                       const double v1[3], double g);
double orr_path_distance2(const orr_path *p, double u);
/* Half the rate of distance2. */
double orr_path_rate(const orr_path *p, double u);
/* Where the rate changes its sign between a and b. */
double orr_path_turn(const orr_path *p, double a, double b);
/* Where the pair, at a farther apart than `limit` and at b not, comes so close. */
double orr_path_crossing(const orr_path *p, double limit, double a, double b);

/* The Kepler orbit from the start of the piece, with a pull of GM times the square of its length,
 * comes within the limit in it: *u, where. */
bool orr_path_arc(const orr_path *p, double pull, double limit, double *u);

typedef enum orr_verdict {
    ORR_PATH_AWAY,   /* they do not come within the limit */
    ORR_PATH_SMOOTH, /* the cubic tells */
    ORR_PATH_SPLIT   /* the piece is too long to be sure */
} orr_verdict;

/* mu: GM of both; g [time] the length of the piece.  split: where to ask for one more state. */
/* turn2 [1/time2]: how fast others turn the two. */
orr_verdict orr_path_judge(const orr_path *p, double mu, double turn2, double limit, double g,
                           double *split);

/* ---- collisions_candidates.c ---- */

/* Which distances of a pair are looked for [length]; 0: none. */
typedef struct orr_limits {
    double touch, approach, hill;
} orr_limits;

/* What bodies bring to the limits of their pairs. */
typedef struct orr_reach {
    double *touch, *hill, *out; /* [n] radius; of its Hill sphere; the greatest of all */
    double *turn2;          /* [n] GM / r^3 of others' pulls: the square of how fast they turn */
    size_t star;            /* the dominant body, or SIZE_MAX */
    double near, near_hill; /* the greatest distances of `within` */
} orr_reach;

/* Of all bodies in the step whose ends are sampled; arrays from `memory`. */
orr_status orr_reach_of(const orr_sim *sim, orr_arena *memory, orr_reach *r);
orr_limits orr_limits_of(const orr_sim *sim, const orr_reach *r, size_t i, size_t j);

typedef orr_status orr_pair_fn(void *user, size_t i, size_t j);

/* Calls fn(i, j), i < j, for all pairs of which one is no test body and whose ways in the step h
 * may come within `reach` of each other.  ORR_E_NO_MEMORY. */
orr_status orr_candidates(const orr_bodies *b, const orr_sample ends[2], double h,
                          const orr_reach *reach, orr_arena *memory, orr_pair_fn *fn, void *user);

/* ---- collisions_find.c ---- */

/* Before and after a step that is tried: gives what happens in it in contacts->found. */
orr_status orr_look_before(orr_sim *sim);
orr_status orr_look_after(orr_sim *sim, double h);

/* All bodies as they are now, synchronised. */
orr_status orr_sample_now(orr_sim *sim, orr_sample *out);

/* ---- collisions_many.c ---- */

/* Contacts are done inside the step, all of them at once: many bodies, or a boundary. */
bool orr_contacts_are_many(const orr_sim *sim);
/* One step with its contacts; *done [time]. */
orr_status orr_step_many(orr_sim *sim, double h, double *done);
orr_status orr_run_many(orr_sim *sim, double t_end, bool once);

/* ---- collisions_outcome.c ---- */

/* Put a pair where it is on its Kepler orbit: its centre of mass stays as in `at`. */
void orr_put_on_arc(const orr_bodies *b, double *pos, double *vel, size_t light, size_t heavy,
                    const double d[3], const double v[3]);

/* An event of bodies i (lighter) and j in this state; of two bodies as they are; and what a contact
 * has made of them. */
orr_event orr_event_of(const orr_sim *sim, const orr_sample *at, size_t i, size_t j, double t);
orr_event orr_event_of_pair(const orr_body *first, const orr_body *second, double t);
void orr_event_after(orr_event *e, const orr_contact *x);

/* A body with its place and velocity of a sample. */
orr_body orr_body_in(const orr_bodies *b, const orr_sample *at, size_t i);

/* False, with nothing done: they would tremble on each other, too slow to come off: they attract
 * each other, the normal velocity is below a twentieth of that of escape, and along the surface they
 * are too slow for an orbit.  elastic: whatever the rules say. */
bool orr_bounce(orr_contact *x, const orr_collisions *rules, bool attract, bool elastic);

/* What the rule makes of them; *stop: the run ends. */
orr_status orr_contact_apply(orr_sim *sim, orr_contact *x, orr_event *e, bool *stop);

/* Energy times G of bodies i and j as in x: motion, their pull on each other, and on all others. */
double orr_energy_of_contact(const orr_sim *sim, const orr_contact *x, size_t i, size_t j);

/* Which of two bodies is the lighter one: of equals the later. */
size_t orr_lighter(const orr_bodies *b, size_t i, size_t j);

/* Write an event down, unless that was done in a step that was taken back. */
orr_status orr_tell(orr_sim *sim, const orr_event *e);

/* The bodies are at the contact: do what the rule says.  ORR_E_COLLISION: the run ends here. */
orr_status orr_collide_now(orr_sim *sim, const orr_found *f);

/* Take out who is too far away. */
orr_status orr_dismiss(orr_sim *sim);

/* ---- collisions_run.c ---- */

orr_status orr_run_looking(orr_sim *sim, double t_end);
orr_status orr_step_looking(orr_sim *sim, int direction);

/* Of massive bodies alone (test_bodies.c).  Try the next step, *h [time] long, or up to the first
 * contact in it, *cut.  With dense output it is behind then, else the simulation is at its end with
 * its start as grid state, or still at its start. */
orr_status orr_look_ahead(orr_sim *sim, int direction, double *h, bool *cut);
/* Take that step for good; tell and do what happens in it. */
orr_status orr_stand_ahead(orr_sim *sim, int direction, bool cut);

#endif
