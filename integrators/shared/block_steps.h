/* block_steps.h - steps that are a longest one, halved: which of them a body takes, on a time line of
 * whole numbers.
 *
 *     level 0  |---------------|      A body of level k takes 2^k steps in the longest one, of 2^40
 *     level 1  |-------|-------|      ticks.  It may go to shorter steps at any of its times, to
 *     level 2  |---|---|---|---|      longer ones only where their grid has a point.
 *
 * What step a body wants:
 *
 *     acceleration  dt = sqrt(2 eta eps / |a|)    so that a step cannot be longer than it takes to
 *                                                 fall through eta of the softening length eps:
 *                                                 Power et al. 2003, MNRAS 338, 14,
 *                                                 doi 10.1046/j.1365-8711.2003.05925.x
 *     tides         dt = eta |T|^(-1/2)           |T|: Frobenius norm of the gradient of the
 *                                                 acceleration, so eta of the time in which
 *                                                 separations change: Dehnen & Read 2011,
 *                                                 doi 10.1140/epjp/i2011-11055-3 */
#ifndef ORRERY_INTEGRATORS_BLOCK_STEPS_H
#define ORRERY_INTEGRATORS_BLOCK_STEPS_H

#include "motion.h"

enum { ORR_MOST_LEVEL = 40 };

/* Indices into the choices of the option `criterion`; NONE: nothing tells, all take the longest. */
enum { ORR_BY_SITUATION, ORR_BY_ACCELERATION, ORR_BY_TIDES, ORR_BY_NONE };

typedef struct orr_block_steps {
    int criterion, used; /* as asked for, and what that means for these forces */
    double eta;
    int deepest; /* level */
} orr_block_steps;

/* Options of a member `steps` of the struct `block`. */
#define ORR_BLOCK_STEPS_FIELDS(block)                                                              \
    {.name = "criterion",                                                                          \
     .type = ORR_CHOICE,                                                                           \
     .offset = offsetof(block, steps.criterion),                                                   \
     .role = ORR_OPTION,                                                                           \
     .choices = "automatic|acceleration|tides",                                                    \
     .doc = "step that a body wants: acceleration (needs softening eps): sqrt(2 eta eps / |a|); "  \
            "tides: eta / sqrt(|gradient of the pull of the bodies|), which costs more; "          \
            "automatic: acceleration where gravity is softened, else tides"},                      \
        {.name = "eta",                                                                            \
         .type = ORR_DOUBLE,                                                                       \
         .offset = offsetof(block, steps.eta),                                                     \
         .fallback = 0.025,                                                                        \
         .min = 1e-6,                                                                              \
         .max = 1e6,                                                                               \
         .role = ORR_OPTION,                                                                       \
         .doc = "accuracy of that step"},                                                          \
        {.name = "deepest",                                                                        \
         .type = ORR_INT,                                                                          \
         .offset = offsetof(block, steps.deepest),                                                 \
         .fallback = 20,                                                                           \
         .min = 0,                                                                                 \
         .max = ORR_MOST_LEVEL,                                                                    \
         .role = ORR_OPTION,                                                                       \
         .doc = "so many times the step may be halved; a body that wants more ends the run"},      \
        ORR_STATE_VALUE(block, steps.used)

/* Decides what the criterion means here; ORR_E_INCOMPATIBLE with p->reason if it cannot be. */
orr_status orr_block_steps_prepare(orr_block_steps *s, orr_problem *p);

/* The step [time] that body i wants; tides: [6 stride], or NULL. */
double orr_step_wanted(const orr_block_steps *s, const orr_problem *p, size_t i, const double *acc,
                       const double *tides);

/* Ticks in a step of a level. */
static inline uint64_t orr_ticks_of(unsigned level)
{
    return (uint64_t)1 << (ORR_MOST_LEVEL - level);
}

/* The lowest level whose grid has a point at `tick`, which is not 0: bodies of this level and of
 * higher ones have come to the end of a step. */
unsigned orr_level_at(uint64_t tick);

/* The lowest level, of `least` and higher, whose step is not longer than wanted, if the longest is h;
 * more than ORR_MOST_LEVEL: too short. */
unsigned orr_level_for(double h, double wanted, unsigned least);

#endif
