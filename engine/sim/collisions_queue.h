/* collisions_queue.h - meetings that are foreseen, the next one first. */
#ifndef ORRERY_SIM_COLLISIONS_QUEUE_H
#define ORRERY_SIM_COLLISIONS_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/status.h>

typedef struct orr_meeting {
    double s;              /* [time] since the start of the step, with its sign */
    uint32_t i, j;         /* bodies */
    uint32_t image;        /* of j; 0: j itself */
    uint32_t age_i, age_j; /* contacts of each before, when it was foreseen */
} orr_meeting;

/* A binary heap; of meetings at the same time the one with lower bodies first. */
typedef struct orr_queue {
    orr_meeting *at; /* [room], owned */
    size_t n, room;
} orr_queue;

orr_status orr_queue_put(orr_queue *q, const orr_meeting *m); /* ORR_E_NO_MEMORY */
bool orr_queue_take(orr_queue *q, orr_meeting *out);          /* false: there is none */

#endif
