/* generator.h - groups of bodies from a few numbers and a seed.
 *
 * Positions and velocities are relative to the primary (or to the given centre).  The same seed
 * gives the same bits on every machine: the random numbers, the logarithms and the sines are ours.
 * To add one see engine/generators/generators.def. */
#ifndef ORRERY_GENERATOR_H
#define ORRERY_GENERATOR_H

#include <stddef.h>
#include <stdint.h>

#include <orrery/field.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_generator_context {
    double G;     /* in the units of the problem */
    double mu;    /* GM of the primary; 0 if there is none */
    size_t count; /* bodies to make, >= 1 */
    uint64_t seed;
} orr_generator_context;

/* Called once a body, in order: its relative state, and its mass over the mean mass of the group's
 * bodies (1: all are equal). */
typedef orr_status orr_emit_fn(void *user, const double pos[3], const double vel[3], double weight);

enum orr_generator_trait { ORR_NEEDS_PRIMARY = 1, ORR_SELF_BOUND = 2 /* needs a mass */ };

typedef struct orr_generator {
    const char *name, *summary, *reference;
    unsigned traits;
    const orr_field *fields;
    size_t state_size;
    /* mass is the group's total GM [length3/time2]. */
    orr_status (*make)(const void *self, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user);
} orr_generator;

ORR_API const orr_generator *orr_generator_at(size_t i);
ORR_API const orr_generator *orr_generator_find(const char *name);

#ifdef __cplusplus
}
#endif

#endif
