/* adaptive.h - what all methods that choose their own steps have in common.
 *
 * A method's state begins with an orr_adaptive and its field table with ORR_ADAPTIVE_FIELDS();
 * step() begins with orr_adaptive_begin(), cuts the step at most by `limit`, and after an accepted
 * step calls orr_adaptive_accept() with the step that it would take next.
 *
 * With a loose tolerance and max_step every step is max_step long: so the tests measure orders. */
#ifndef ORRERY_INTEGRATORS_ADAPTIVE_H
#define ORRERY_INTEGRATORS_ADAPTIVE_H

#include <math.h>

#include "motion.h"

typedef struct orr_adaptive {
    orr_motion motion;
    double tolerance, min_step, max_step, first_step;
    double h;       /* length of the next step [time]; 0: not chosen yet */
    double longest; /* accepted so far [time] */
} orr_adaptive;

#define ORR_ADAPTIVE_FIELDS(default_tolerance, least_tolerance, tolerance_doc)                     \
    {.name = "tolerance",                                                                          \
     .type = ORR_DOUBLE,                                                                           \
     .offset = offsetof(orr_adaptive, tolerance),                                                  \
     .fallback = (default_tolerance),                                                              \
     .min = (least_tolerance),                                                                     \
     .max = 1e6,                                                                                   \
     .role = ORR_OPTION,                                                                           \
     .doc = (tolerance_doc)},                                                                      \
        {.name = "first_step",                                                                     \
         .type = ORR_DOUBLE,                                                                       \
         .dim = {0, 0, 1, 0},                                                                      \
         .offset = offsetof(orr_adaptive, first_step),                                             \
         .max = 1e300,                                                                             \
         .role = ORR_OPTION,                                                                       \
         .doc = "length of the first step; 0: chosen by the method"},                              \
        {.name = "min_step",                                                                       \
         .type = ORR_DOUBLE,                                                                       \
         .dim = {0, 0, 1, 0},                                                                      \
         .offset = offsetof(orr_adaptive, min_step),                                               \
         .max = 1e300,                                                                             \
         .role = ORR_OPTION,                                                                       \
         .doc = "a shorter step than this ends the run; 0: what the clock can still tell"},        \
        {.name = "max_step",                                                                       \
         .type = ORR_DOUBLE,                                                                       \
         .dim = {0, 0, 1, 0},                                                                      \
         .offset = offsetof(orr_adaptive, max_step),                                               \
         .max = 1e300,                                                                             \
         .role = ORR_OPTION,                                                                       \
         .doc = "no step is longer than this; 0: no such limit"},                                  \
        ORR_STATE_FIELD(ORR_STATE, "next_step", orr_adaptive, h),                                  \
        ORR_STATE_FIELD(ORR_STATE, "longest_step", orr_adaptive, longest), ORR_MOTION_FIELDS(1)

orr_status orr_adaptive_prepare(orr_adaptive *a, orr_problem *p);

/* The length to try first, not longer than |limit|, without sign; first: the method's own idea of
 * the very first one, used where the user gave none. */
double orr_adaptive_begin(const orr_adaptive *a, double limit, double first);

/* True if a step of length h is too short to be taken at time t. */
bool orr_adaptive_too_short(const orr_adaptive *a, double t, double h);

/* The step `done` was taken, `next` is wanted then.  A step that was cut by its limit says little
 * about how long the next may be: the old wish stays, unless the new one is longer, or shorter than
 * what was done. */
void orr_adaptive_accept(orr_adaptive *a, double done, double next, double limit);

/* What rounding leaves uncertain in the acceleration of body i [length/time2], if the pulls on it
 * cancel: those of two planets on opposite sides of a star, say, whose difference is rounding noise
 * that no step is short enough for.  0 if acc, the size of that acceleration, is not much less than
 * the sum of its parts: then rounding is far below any tolerance, and nothing changes.
 *
 * A pull GM/r^2 is known to eps of it, and, since coordinates are rounded, to another eps |x|/r. */
double orr_pull_noise(const orr_problem *p, size_t i, double acc);

/* True if an estimated error of body i (squared; of the position: part 0, of the velocity: part 1)
 * after a step h is no more than rounding makes where pulls cancel.  kick2: the square of the
 * change of its velocity.  It costs a pass over the bodies: ask for the worst ones only. */
bool orr_error_is_noise(const orr_problem *p, size_t i, double h, double kick2, size_t part,
                        double error2);

/* The largest error over bodies, relative: of positions to the way of a step h, of velocities v0 to
 * the speed.  moved, error: [6 stride], positions then velocities.  Rounding noise does not count.
 */
double orr_worst_error(const orr_problem *p, double h, const double *v0, const double *moved,
                       const double *error);

/* The shortest time [time] in which a pair would close its separation by its relative velocity or
 * acceleration: a first guess of a step is a fraction of it.  Infinite for bodies at rest.
 * pair: the indices of that pair; NULL: a guess will do, and of more than 1e8 pairs some are looked
 * at. */
double orr_time_scale(const orr_problem *p, const double *acc, size_t pair[2]);

#endif
