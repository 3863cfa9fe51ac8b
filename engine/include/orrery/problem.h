/* problem.h - everything that an integrator may see.  Tests build one around a toy force in ten
 * lines. */
#ifndef ORRERY_PROBLEM_H
#define ORRERY_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/bodies.h>
#include <orrery/status.h>

typedef struct orr_arena orr_arena;

/* size bytes, 64-byte aligned, zeroed; NULL if there is no memory. */
ORR_API void *orr_arena_alloc(orr_arena *arena, size_t size);

/* Who wants the jerk gets the acceleration too. */
enum { ORR_WANT_ACC = 1, ORR_WANT_JERK = 2, ORR_WANT_POTENTIAL = 4 };

/* A request: "what are the accelerations now?"  Outputs are laid out like bodies->pos (phi: one
 * value a body, stride long), 64-byte aligned, padding included; only wanted ones are touched. */
typedef struct orr_eval {
    double t;      /* [time] */
    unsigned want; /* ORR_WANT_ACC | ORR_WANT_JERK | ORR_WANT_POTENTIAL */
    int threads;   /* how many threads may be used; set by the engine */
    double *acc;   /* [length/time2] */
    double *jerk;  /* [length/time3] */
    double *phi;   /* [length2/time2] */
} orr_eval;

typedef struct orr_problem {
    orr_bodies *bodies;
    double t;           /* [time] at the start of the step; the engine advances it */
    int threads;        /* for the operations of vector.h */
    orr_arena *memory;  /* lives until the next prepare(); saved and restored with the state */
    orr_arena *scratch; /* emptied by the engine after every step */
    /* Overwrites the wanted outputs with the sum over all forces. */
    orr_status (*eval)(struct orr_problem *p, orr_eval request);
} orr_problem;

typedef struct orr_step_report {
    double h_done;        /* [time] by which the state advanced; the engine adds it to t */
    double h_next;        /* proposal for the next step; fixed-step methods repeat h */
    double error;         /* estimated local error in the method's own measure, or 0 */
    uint64_t evaluations; /* of the force */
    uint64_t rejected;    /* tries thrown away */
    bool unsynchronised;  /* positions and velocities belong to different times now */
} orr_step_report;

#endif
