/* schedule.h - times since the start of a run, without their sign: 0, every, 2 every, ... and the
 * end, without the end twice. */
#ifndef ORRERY_RUN_SCHEDULE_H
#define ORRERY_RUN_SCHEDULE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include <orrery/scenario.h>

typedef struct schedule {
    double every, span;
    uint64_t k;
    uint64_t over; /* 1: the end was the last */
} schedule;

/* Of a file that may have been tampered with. */
static inline bool schedule_is_sound(const schedule *s)
{
    return s->every > 0 && s->span >= 0 && isfinite(s->span);
}

static inline double due(const schedule *s)
{
    double t = (double)s->k * s->every;
    return s->over ? INFINITY : t >= s->span * (1 - 1e-12) ? s->span : t;
}

static inline void done(schedule *s)
{
    s->over = due(s) == s->span;
    s->k++;
}

/* The time of the simulation that is `since` after the start.  A run that goes on from the midst of
 * another has the times of that one, to the last bit: where its start is a multiple of `every`, so
 * are they. */
static inline double time_after(const orr_scenario *s, double since)
{
    if (since == orr_scenario_span(s))
        return s->t_end;
    double t = (s->t_end < s->t_start ? -since : since) + s->t_start,
           every[2] = {s->output.every, s->output.diagnostics};
    for (int k = 0; k < 2 && s->t_start != 0; k++) {
        double grid = rint(t / every[k]) * every[k];
        if (fabs(grid - t) <= 4e-16 * fabs(t))
            return grid;
    }
    return t + 0.0; /* never -0 */
}

/* The same to another end.  What was written at the old end, between two rows, stays. */
static inline void reach(schedule *s, double span)
{
    if (s->over) { /* the first row behind the old end, or at it but for rounding */
        s->k = (uint64_t)floor(s->span / s->every * (1 - 1e-12)) + 1;
        s->k += (double)s->k * s->every == s->span;
    }
    s->over = 0;
    s->span = span;
}

/* Rows from now to the end, at most. */
static inline uint64_t rows_left(const schedule *s)
{
    double all = floor(s->span / s->every) + 3;
    return all > (double)s->k ? (uint64_t)(all - (double)s->k) : 1;
}

#endif
