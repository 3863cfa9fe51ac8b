/* channel.c - a wait-free triple buffer.
 *
 *     producer owns `back`      middle (shared)      consumer owns `front`
 *            fill it  -- exchange -->  | fresh |  <-- exchange --  if it is fresh
 *
 * Each side owns one buffer and swaps it with the middle one by a single atomic exchange. */
#include <orrery/snapshot.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { BUFFERS = 3, INDEX = 3, FRESH = 4 };

struct orr_channel {
    orr_bodies bodies[BUFFERS];
    orr_snapshot snapshots[BUFFERS];
    int back, front;   /* of the producer, of the consumer */
    atomic_int middle; /* index, FRESH if the consumer has not seen it */
    bool any;          /* the consumer has fetched something */
};

orr_status orr_channel_create(size_t capacity, orr_channel **out)
{
    *out = NULL;
    orr_channel *c = calloc(1, sizeof *c);
    orr_status status = c ? ORR_OK : ORR_E_NO_MEMORY;
    for (int k = 0; k < BUFFERS && status == ORR_OK; k++)
        status = orr_bodies_init(&c->bodies[k], capacity);
    if (status != ORR_OK) {
        orr_channel_destroy(c);
        return status;
    }
    c->back = 0;
    c->front = 1;
    atomic_init(&c->middle, 2);
    *out = c;
    return ORR_OK;
}

void orr_channel_destroy(orr_channel *c)
{
    for (int k = 0; c && k < BUFFERS; k++)
        orr_bodies_free(&c->bodies[k]);
    free(c);
}

orr_status orr_channel_publish(orr_channel *c, const orr_snapshot *s)
{
    ORR_TRY(orr_bodies_assign(&c->bodies[c->back], s->bodies));
    c->snapshots[c->back] = *s;
    c->snapshots[c->back].bodies = &c->bodies[c->back];
    c->back = atomic_exchange(&c->middle, c->back | FRESH) & INDEX;
    return ORR_OK;
}

const orr_snapshot *orr_channel_latest(orr_channel *c)
{
    if (atomic_load(&c->middle) & FRESH) {
        c->front = atomic_exchange(&c->middle, c->front) & INDEX;
        c->any = true;
    }
    return c->any ? &c->snapshots[c->front] : NULL;
}
