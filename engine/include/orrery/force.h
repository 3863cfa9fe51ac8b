/* force.h - one contribution to the acceleration.  To add one see engine/forces/forces.def. */
#ifndef ORRERY_FORCE_H
#define ORRERY_FORCE_H

#include <orrery/field.h>
#include <orrery/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

enum orr_force_trait {
    ORR_SELF_GRAVITY = 1,   /* mutual gravity of the bodies; a simulation has exactly one */
    ORR_CONSERVATIVE = 2,   /* has energy() */
    ORR_VELOCITY = 4,       /* depends on velocities */
    ORR_TIME_DEPENDENT = 8, /* depends on t */
    ORR_HAS_JERK = 16,      /* answers ORR_WANT_JERK */
    ORR_HAS_SERIES = 32,    /* answers ORR_WANT_SERIES */
    ORR_HAS_SUBSETS = 64,   /* answers for some targets only; with ORR_HAS_JERK also WANT_SNAP */
    ORR_HAS_TIDES = 128,    /* answers ORR_WANT_TIDES */
    ORR_FORCE_TAKES_BOUNDARY = 256, /* with problem.boundary images pull, too; or it needs none */
    ORR_HAS_CHANGEOVER = 512        /* for ORR_SELF_GRAVITY: answers orr_eval.changeover */
};

typedef struct orr_force {
    const char *name, *summary, *reference;
    unsigned traits;
    const orr_field *fields;
    /* As for integrators: saved by the names of `fields`, and what none names as bytes.  A force
     * whose state is numbers needs to name no more than its options; one that keeps memory names
     * the pointers to it (ORR_STATE_KEPT). */
    size_t state_size;
    unsigned state_version;
    /* Optional: look at p->bodies and constants; ORR_E_INCOMPATIBLE with p->reason, a sentence.
     * What is kept until the next prepare() is from orr_keep(memory, ...). */
    orr_status (*prepare)(void *self, orr_problem *p, orr_arena *memory);
    /* True if this is Newton's law between points and nothing more; for ORR_SELF_GRAVITY.  NULL: it
     * is not. */
    bool (*is_newtonian)(const void *self);
    /* Optional, with ORR_FORCE_TAKES_BOUNDARY: the box whose images pull, borrowed while the
     * simulation lives; NULL: none.  Called before prepare(), and after a state is restored. */
    void (*enter_box)(void *self, const orr_boundary *box);
    /* Adds to the wanted outputs, never overwrites. */
    orr_status (*add)(void *self, const orr_bodies *b, const orr_eval *request, orr_arena *scratch);
    /* Potential energy times G [length5/time4] of this state; required if ORR_CONSERVATIVE.  With
     * ORR_VELOCITY: what the force adds to the conserved energy. */
    orr_status (*energy)(const void *self, const orr_bodies *b, double t, int threads,
                         orr_arena *scratch, double *out);
} orr_force;

/* A force in a shared library of its own, which a scenario names with `plugin:`: the library
 * defines
 *
 *     ORR_API const int orrery_force_version = ORR_FORCE_VERSION;
 *     ORR_API const orr_force orrery_force = { ... };
 *
 * The version changes when this header, field.h, problem.h or bodies.h do.  See scenarios/plugins.
 */
#define ORR_FORCE_VERSION 5

ORR_API const orr_force *orr_force_at(size_t i);
/* Also by the name that it had in older files (forces.def). */
ORR_API const orr_force *orr_force_find(const char *name);

#ifdef __cplusplus
}
#endif

#endif
