/* wh_planets.h - a star, its planets and test particles in the coordinates of a splitting. */
#ifndef ORRERY_SHARED_PLANETS_H
#define ORRERY_SHARED_PLANETS_H

#include <orrery/problem.h>
#include <orrery/splitting.h>

#include "wh_hierarchy.h"

typedef struct orr_wh_system {
    orr_planets lanes;
    orr_wh_hierarchy *tree; /* Jacobi coordinates that are no chain: lane k is joint k; else NULL */
    orr_particles particles;
    size_t star, n;    /* index of the star in the bodies; planets */
    size_t *planet;    /* [n] index in the bodies of the planet in lane k, from the inside out */
    size_t n_test;     /* particles */
    size_t *lane_of;   /* [n_test] where particle k of the bodies lies */
    double *mass;      /* [n] GM of planets in lane order */
    double gm0, total; /* GM of the star, of all that attract */
    double gr;         /* 6 (G m0)^2/c^2, or 0 */
    double center[3], velocity[3]; /* of the centre of mass: where and how fast at the start */
    double elapsed, elapsed_low;   /* [time] since then, but for the last `steps` of h */
    double h;
    uint64_t steps;
    double *x, *offset, *common, *v, *v_offset; /* [operations] of orr_field_of_planets */
    orr_field_of_planets *fields;
    double *when; /* [operations] [time] of the kick */
} orr_wh_system;

/* Of the greatest mass: where a second one is greater than this part, the motion has no Kepler orbits
 * about the first. */
#define ORR_MOST_PLANET 0.1

/* The state of a method whose member `s` (a name or a path) is such a system. */
#define ORR_WH_FIELDS(block, s)                                                                    \
    ORR_STATE_VALUE(block, s.lanes.coordinates), ORR_STATE_VALUE(block, s.lanes.span),             \
        ORR_STATE_VALUE(block, s.lanes.blocks), ORR_STATE_VALUE(block, s.lanes.relativity),        \
        ORR_STATE_KEPT(block, s.lanes.q), ORR_STATE_KEPT(block, s.lanes.w),                        \
        ORR_STATE_KEPT(block, s.lanes.q_low), ORR_STATE_KEPT(block, s.lanes.w_low),                \
        ORR_STATE_KEPT(block, s.lanes.mu), ORR_STATE_KEPT(block, s.lanes.gm),                      \
        ORR_STATE_KEPT(block, s.lanes.star), ORR_STATE_KEPT(block, s.lanes.live),                  \
        ORR_STATE_KEPT(block, s.lanes.weight), ORR_STATE_KEPT(block, s.lanes.weight0),             \
        ORR_STATE_KEPT(block, s.lanes.factor), ORR_STATE_KEPT(block, s.lanes.inverse),             \
        ORR_STATE_KEPT(block, s.lanes.gr), ORR_STATE_KEPT(block, s.tree),                          \
        ORR_STATE_VALUE(block, s.particles.blocks), ORR_STATE_KEPT(block, s.particles.q),          \
        ORR_STATE_KEPT(block, s.particles.w), ORR_STATE_KEPT(block, s.particles.q_low),            \
        ORR_STATE_KEPT(block, s.particles.w_low), ORR_STATE_KEPT(block, s.particles.gone),         \
        ORR_STATE_KEPT(block, s.particles.why), ORR_STATE_KEPT(block, s.particles.inside),         \
        ORR_STATE_VALUE(block, s.particles.planets), ORR_STATE_KEPT(block, s.particles.gm),        \
        ORR_STATE_VALUE(block, s.particles.star), ORR_STATE_VALUE(block, s.particles.mu),          \
        ORR_STATE_VALUE(block, s.particles.gr), ORR_STATE_VALUE(block, s.particles.central),       \
        ORR_STATE_VALUE(block, s.particles.far2), ORR_STATE_VALUE(block, s.particles.star_radius), \
        ORR_STATE_VALUE(block, s.particles.looks), ORR_STATE_KEPT(block, s.particles.near2),       \
        ORR_STATE_VALUE(block, s.star), ORR_STATE_VALUE(block, s.n),                               \
        ORR_STATE_KEPT(block, s.planet), ORR_STATE_VALUE(block, s.n_test),                         \
        ORR_STATE_KEPT(block, s.lane_of), ORR_STATE_KEPT(block, s.mass),                           \
        ORR_STATE_VALUE(block, s.gm0), ORR_STATE_VALUE(block, s.total),                            \
        ORR_STATE_VALUE(block, s.gr), ORR_STATE_VALUE(block, s.center),                            \
        ORR_STATE_VALUE(block, s.velocity), ORR_STATE_VALUE(block, s.elapsed),                     \
        ORR_STATE_VALUE(block, s.elapsed_low), ORR_STATE_VALUE(block, s.h),                        \
        ORR_STATE_VALUE(block, s.steps), ORR_STATE_ROOM(block, s.x),                               \
        ORR_STATE_ROOM(block, s.offset), ORR_STATE_ROOM(block, s.common),                          \
        ORR_STATE_ROOM(block, s.v), ORR_STATE_ROOM(block, s.v_offset),                             \
        ORR_STATE_ROOM(block, s.fields), ORR_STATE_ROOM(block, s.when)

/* Component c of vector i of an array that is laid out like bodies->pos. */
static inline double orr_component(const double *v, const orr_bodies *b, size_t i, size_t c)
{
    return v[i + c * b->stride];
}

/* Choose the star (the greatest GM), sort planets by semi-major axis, take coordinates from the
 * bodies.  ORR_E_INCOMPATIBLE, with p->reason: no dominant body, passive bodies, too many planets,
 * bodies in the same place. */
orr_status orr_wh_prepare(orr_wh_system *s, orr_problem *p, orr_coordinates coordinates,
                          double speed_of_light);

/* The same in democratic coordinates, whatever the masses, with passive bodies among the planets and
 * without test particles: for a method that looks after all that itself. */
orr_status orr_wh_prepare_massive(orr_wh_system *s, orr_problem *p);

/* The coordinates of a state of the bodies; constants as prepared. */
void orr_wh_take(orr_wh_system *s, const orr_problem *p);

/* Write positions and velocities of the bodies. */
void orr_wh_give(const orr_wh_system *s, const orr_problem *p);

/* `repeat` times n operations, the first of them at time t [time].  Records what becomes of test
 * particles. */
orr_status orr_wh_split(orr_wh_system *s, orr_problem *p, double t, const orr_splitting_op *ops,
                        size_t n, uint64_t repeat);

/* The same for several systems at once, none of which has particles and all of which have the same
 * span and coordinates; memory is taken from scratch. */
orr_status orr_wh_split_batch(orr_wh_system *const *s, size_t systems, orr_arena *scratch,
                              const orr_splitting_op *ops, size_t n, uint64_t repeat);

/* All coordinates are finite. */
bool orr_wh_is_finite(const orr_wh_system *s);

/* Let n steps of h [time] pass for the centre of mass; how they are counted does not matter. */
void orr_wh_pass(orr_wh_system *s, double h, uint64_t n);

/* Position and velocity of the centre of mass now. */
void orr_wh_center(const orr_wh_system *s, double center[3], double velocity[3]);

/* The potential energy times G of relativity. */
double orr_wh_relativity(const orr_wh_system *s, const orr_problem *p);

#endif
