/* trails.h - where bodies have been: a ring of places for each, in the frame that is shown.  Pure.
 *
 * Each body's ring is as long in time as its trail, so the Moon and Neptune have equally smooth
 * ones.  Many bodies have short rings: their memory is bounded. */
#ifndef ORRERY_VIEWER_TRAILS_H
#define ORRERY_VIEWER_TRAILS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct trail_place {
    double t, pos[3]; /* [time], [length] */
} trail_place;

typedef struct trails {
    size_t n, room;      /* bodies, and places of each; room 0: too many bodies for trails */
    trail_place *places; /* [n][room] */
    size_t *head, *used; /* [n] the newest, how many */
    double *length;      /* [n] [time] that is kept */
} trails;

/* Trails of n bodies; false: no memory. */
bool trails_create(trails *t, size_t n);
void trails_free(trails *t);

/* Forget all places (the frame changed, or time jumped). */
void trails_clear(trails *t);

/* How far back body i's trail goes [time]; what is older is not kept. */
void trails_set_length(trails *t, size_t i, double length);

/* Body i is at pos at time t.  Keeps it if it is far enough in time from the last; going the other
 * way in time is a new trail. */
void trails_add(trails *t, size_t i, double time, const double pos[3]);

/* The k-th newest place of body i, NULL if there are not so many. */
const trail_place *trails_get(const trails *t, size_t i, size_t k);

#endif
