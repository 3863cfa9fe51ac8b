/* problem.h - everything that an integrator may see.  Tests build one around a toy force in ten
 * lines. */
#ifndef ORRERY_PROBLEM_H
#define ORRERY_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/bodies.h>
#include <orrery/boundary.h>
#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_arena orr_arena;

/* size bytes, 64-byte aligned; NULL if there is no memory.  From `memory` they are zeroed, from
 * `scratch` they hold anything. */
ORR_API void *orr_arena_alloc(orr_arena *arena, size_t size);

/* Memory that a state keeps until its next prepare(): `count` zeroed elements for the pointer
 * *slot, which is a member of the state.
 *
 *     orr_keep(p->memory, &self->acc, 3 * p->bodies->stride);
 *
 * A failure gives NULL and is remembered: orr_kept() tells it, once for all of prepare(), before
 * the memory is used.  The state's field table names the slot (ORR_KEPT, ORR_ROOM), so that it is
 * saved and restored. */
#define orr_keep(arena, slot, count) orr_keep_block((arena), (slot), (count), sizeof **(slot))
ORR_API void orr_keep_block(orr_arena *arena, void *slot, size_t count, size_t size);

/* ORR_E_NO_MEMORY if some orr_keep() since prepare() began found no memory. */
ORR_API ORR_CHECKED orr_status orr_kept(const orr_arena *arena);

/* With the jerk comes the acceleration, with the snap come both.  ORR_WANT_SERIES
 * stands alone. */
enum orr_want {
    ORR_WANT_ACC = 1,
    ORR_WANT_JERK = 2,
    ORR_WANT_POTENTIAL = 4,
    ORR_WANT_SNAP = 8,
    ORR_WANT_SERIES = 16,
    ORR_WANT_TIDES = 32
};

/* A request: "what are the accelerations now?"  Outputs are laid out like bodies->pos (phi: one
 * value a body, stride long), 64-byte aligned, padding included; only wanted ones are touched. */
typedef struct orr_eval {
    double t;      /* [time] */
    unsigned want; /* ORR_WANT_ACC | ORR_WANT_JERK | ORR_WANT_POTENTIAL */
    int threads;   /* how many threads may be used; set by the engine */
    double *acc;   /* [length/time2] */
    double *jerk;  /* [length/time3] */
    double *phi;   /* [length2/time2] */
    double *snap;  /* [length/time4] */
    double *tides; /* [1/time2] gradient of the acceleration, xx xy xz yy yz zz [6 stride] */

    /* ORR_WANT_SNAP: the accelerations of the bodies now, needed for it. */
    const double *acc_now;

    /* Only these bodies are wanted (ascending; ACC, JERK, SNAP, TIDES); the outputs of the others
     * keep what they hold.  NULL: all.  A force without ORR_HAS_SUBSETS is asked for all, and what
     * it says of ACC and TIDES is taken for these. */
    const size_t *targets;
    size_t n_targets;

    /* ORR_WANT_SERIES: positions are a power series in time, coefficient k at series + k 3 stride,
     * k = 0 .. degree; acc gets coefficient `degree` of the accelerations.  Asked for in turn with
     * degree = 0, 1, ... most_degree.  *growth gets the largest |coefficient|^2 / |coefficient 0|^2
     * over the separations of pairs: what limits the radius of convergence. */
    const double *series;
    const double *series_low; /* what rounding took from coefficients 0 and 1 [2 * 3 stride] */
    double *acc_low; /* degrees 0, 1: gets what rounding takes from acc, where a force knows it */
    int degree, most_degree;
    double *growth;

    orr_arena *memory; /* set by the engine: for what a force keeps until its next prepare() */
} orr_eval;

/* Something that happened to bodies, for the record. */
typedef enum orr_event_kind {
    ORR_COLLISION = 1, /* a came within the radius of b, or their radii touched */
    ORR_ENCOUNTER = 2, /* a came within the distance from b that was asked for */
    ORR_ESCAPE = 3,    /* a went farther from b than was asked for */
    ORR_MERGER = 4,    /* a became part of b */
    ORR_REMOVAL = 5    /* a touched b and was taken out */
} orr_event_kind;

typedef struct orr_event {
    double t; /* [time] */
    orr_event_kind kind;
    uint64_t a, b;     /* ids */
    double separation; /* [length] */
    double energy;     /* that bodies and their motion lost in it, times G [length5/time4] */
    /* Of a and b at that time, before it; zero where the kind has no such thing. */
    double gm[2], radius[2];             /* [length3/time2], [length] */
    double pos[2][3], vel[2][3];         /* [length], [length/time] */
    double gm_after[2], radius_after[2]; /* 0, 0 of who is no more */
    double speed;                        /* of a relative to b [length/time] */
    double angle; /* between the relative velocity and the line of centres [rad]: 0 head-on, pi/2
                     grazing */
} orr_event;

/* What becomes of test bodies, for a method that looks after them by itself (ORR_REMOVES_TESTS). */
typedef struct orr_removal {
    double beyond;       /* [length] from the star; 0: never */
    double within_hill;  /* of a planet's Hill radius; 0: never */
    bool hits;           /* within the radii of both */
    double radius;       /* [length] of the test bodies, for that */
    orr_event_kind kind; /* that a hit is recorded as */
} orr_removal;

typedef struct orr_problem {
    orr_bodies *bodies;
    double t;              /* [time] at the start of the step; the engine advances it */
    const char *reason;    /* set by a method that refuses in prepare(): a sentence, static */
    bool velocity_forces;  /* some force depends on velocities */
    bool other_forces;     /* some force is not the mutual gravity of the bodies */
    bool has_tides;        /* the mutual gravity of the bodies answers ORR_WANT_TIDES */
    int threads;           /* for the operations of vector.h */
    double speed_of_light; /* [length/time]; 0: unknown */
    const orr_boundary *boundary; /* of the box, at any time; NULL: none */
    double softening;   /* [length] of the pulls between bodies; negative: they do not attract */
    orr_arena *memory;  /* lives until the next prepare(); for orr_keep() */
    orr_arena *scratch; /* emptied by the engine after every step; not zeroed */
    /* Overwrites the wanted outputs with the sum over all forces. */
    orr_status (*eval)(struct orr_problem *p, orr_eval request);
    /* What is done now is for show and will be taken back: nothing may happen to bodies. */
    bool aside;
    /* Set by a method with fixed steps after an event: the run is to stop after this step. */
    bool stop;
    /* For methods with fixed steps, not while aside: after this step body `id` is no more, and
     * everything is prepared afresh. */
    orr_status (*remove)(struct orr_problem *p, uint64_t id);
    const orr_removal *removal; /* for ORR_REMOVES_TESTS, or NULL */
    /* Records an event, in the order of time. */
    orr_status (*record)(struct orr_problem *p, const orr_event *event);
} orr_problem;

typedef struct orr_step_report {
    double h_done;        /* [time] by which the state advanced; the engine adds it to t */
    double error;         /* estimated local error in the method's own measure, or 0 */
    uint64_t evaluations; /* of the force */
    uint64_t rejected;    /* tries thrown away */
    bool unsynchronised;  /* positions and velocities belong to different times now */
    /* Where a step of many small ones failed: time since its start, and the positions there (of the
     * method, laid out like bodies->pos; NULL: as in the bodies). */
    double failed_after;
    const double *failed_at;
    const uint64_t *failed_body; /* the id of the body that is why; NULL: none is */
} orr_step_report;

#ifdef __cplusplus
}
#endif

#endif
