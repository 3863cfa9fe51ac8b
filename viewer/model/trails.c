/* trails.c - see trails.h. */
#include "trails.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 160000, LONGEST = 512, SHORTEST = 12 };

bool trails_create(trails *t, size_t n)
{
    size_t room = PLACES / (n ? n : 1);
    *t = (trails){.n = n, .room = room > LONGEST ? LONGEST : room < SHORTEST ? 0 : room};
    if (t->room == 0)
        return true;
    t->places = malloc(n * t->room * sizeof *t->places);
    t->head = calloc(n + 1, sizeof *t->head);
    t->used = calloc(n + 1, sizeof *t->used);
    t->length = calloc(n + 1, sizeof *t->length);
    if ((t->places || n == 0) && t->head && t->used && t->length)
        return true;
    trails_free(t);
    return false;
}

void trails_free(trails *t)
{
    free(t->places), free(t->head), free(t->used), free(t->length);
    *t = (trails){0};
}

void trails_clear(trails *t)
{
    if (t->room)
        memset(t->used, 0, t->n * sizeof *t->used);
}

void trails_set_length(trails *t, size_t i, double length)
{
    if (t->room && i < t->n)
        t->length[i] = length;
}

const trail_place *trails_get(const trails *t, size_t i, size_t k)
{
    if (t->room == 0 || i >= t->n || k >= t->used[i])
        return NULL;
    return &t->places[i * t->room + (t->head[i] + t->room - k) % t->room];
}

void trails_add(trails *t, size_t i, double time, const double pos[3])
{
    if (t->room == 0 || i >= t->n || !(t->length[i] > 0))
        return;
    const trail_place *newest = trails_get(t, i, 0), *before = trails_get(t, i, 1);
    double apart = newest ? time - newest->t : INFINITY;
    if (newest && before && apart * (newest->t - before->t) < 0)
        t->used[i] = 0; /* time turned round */
    else if (newest && fabs(apart) < t->length[i] / (double)(t->room - 4))
        return;
    t->head[i] = (t->head[i] + 1) % t->room;
    t->used[i] += t->used[i] < t->room;
    trail_place *place = &t->places[i * t->room + t->head[i]];
    place->t = time;
    memcpy(place->pos, pos, sizeof place->pos);
}
