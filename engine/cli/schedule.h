/* schedule.h - times 0, every, 2 every, ... and the end, without the end twice. */
#ifndef ORRERY_CLI_SCHEDULE_H
#define ORRERY_CLI_SCHEDULE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct schedule {
    double every, span;
    uint64_t k;
    bool over;
} schedule;

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

#endif
