/* block_steps.h - steps that are a longest one, halved: which of them a body takes, on a time line of
 * whole numbers.
 *
 *     level 0  |---------------|      A body of level k takes 2^k steps in the longest one, of 2^40
 *     level 1  |-------|-------|      ticks.  It may go to shorter steps at any of its times, to
 *     level 2  |---|---|---|---|      longer ones only where their grid has a point.
 *
 * The time tau in which its orbit bends, times eta or so:
 *
 *     acceleration  tau = sqrt(2 eta eps / |a|)   to fall through eta of the softening length eps:
 *                                                 Power et al. 2003, MNRAS 338, 14,
 *                                                 doi 10.1046/j.1365-8711.2003.05925.x
 *     tides         tau = eta |T|^(-1/2)          |T|: Frobenius norm of the gradient of the
 *                                                 acceleration; Dehnen & Read 2011, section 2,
 *                                                 doi 10.1140/epjp/i2011-11055-3
 *
 * Each change of a step costs energy; what it costs on the way in comes back on the way out, if both
 * are made at the same places.  So, after Dehnen 2017 (MNRAS 472, 1226), a body wants the tau that
 * there will be in the middle of its step, by the slope of the last one; and one that wanders about
 * the edge of a level is left there: it goes to a longer step only if it wants one twice as long as
 * that.  (N = 1e4, Plummer, softening 0.02: energy error of 1.2e-4 without, 9e-5 with the first,
 * 3.5e-5 with both, for 17 % more steps.) */
#ifndef ORRERY_INTEGRATORS_BLOCK_STEPS_H
#define ORRERY_INTEGRATORS_BLOCK_STEPS_H

#include "motion.h"

enum { ORR_MOST_LEVEL = 40 };

/* Indices into the choices of the option `criterion`; NONE: nothing tells, all take the longest. */
enum { ORR_BY_SITUATION, ORR_BY_ACCELERATION, ORR_BY_TIDES, ORR_BY_NONE };

typedef struct orr_block_steps {
    int criterion, used; /* as asked for, and what that means for these forces */
    double eta;
    int deepest;   /* level */
    double *tau;   /* [stride] at each body's own time */
    double *taken; /* [stride] the last step; infinite before the first */
    double *wanted;
} orr_block_steps;

/* Options and state of a member `steps` of the struct `block`. */
#define ORR_BLOCK_STEPS_FIELDS(block)                                                              \
    {.name = "criterion",                                                                          \
     .type = ORR_CHOICE,                                                                           \
     .offset = offsetof(block, steps.criterion),                                                   \
     .role = ORR_OPTION,                                                                           \
     .choices = "automatic|acceleration|tides",                                                    \
     .doc = "step of a body: acceleration: sqrt(2 eta softening / |a|); tides: eta / "             \
            "sqrt(|gradient of a|), of the bodies' gravity, which costs more; automatic: "         \
            "acceleration where gravity is softened, tides for points, the longest step where "    \
            "forces tell neither"},                                                                \
        {.name = "eta",                                                                            \
         .type = ORR_DOUBLE,                                                                       \
         .offset = offsetof(block, steps.eta),                                                     \
         .fallback = 0.025,                                                                        \
         .min = 1e-9,                                                                              \
         .max = 1e9,                                                                               \
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
        ORR_STATE_VALUE(block, steps.used), ORR_STATE_KEPT(block, steps.tau),                      \
        ORR_STATE_KEPT(block, steps.taken), ORR_STATE_KEPT(block, steps.wanted)

/* Decides what the criterion means here, and keeps memory; ORR_E_INCOMPATIBLE with p->reason if it
 * cannot be.  The caller asks orr_kept(). */
orr_status orr_block_steps_prepare(orr_block_steps *s, orr_problem *p);

/* What of the forces tells the step. */
unsigned orr_steps_need(const orr_block_steps *s);

/* Body i has come to the end of a step, with this acceleration there and these tides ([3 stride],
 * [6 stride] or NULL): its wish.  first: nothing is known of steps before. */
void orr_steps_measure(orr_block_steps *s, const orr_problem *p, size_t i, const double *acc,
                       const double *tides, bool first);

/* The level of its next step, of `least` and higher, if the longest step is h; more than
 * ORR_MOST_LEVEL: none is short enough. */
unsigned orr_steps_choose(orr_block_steps *s, size_t i, double h, unsigned least);

/* Tells in the report that body i wants a shorter step than `deepest` allows, `after` [time] from the
 * start of the step; ORR_E_STEP_TOO_SMALL. */
orr_status orr_steps_too_short(const orr_problem *p, size_t i, double after,
                               orr_step_report *report);

/* Ticks in a step of a level. */
static inline uint64_t orr_ticks_of(unsigned level)
{
    return (uint64_t)1 << (ORR_MOST_LEVEL - level);
}

/* The lowest level whose grid has a point at `tick`: bodies of this level and of higher ones have
 * come to the end of a step. */
unsigned orr_level_at(uint64_t tick);

#endif
