/* queue.h - a ring from one thread to another; neither waits. */
#ifndef ORRERY_VIEWER_QUEUE_H
#define ORRERY_VIEWER_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef struct queue {
    atomic_size_t written, read; /* items so far, by the one side and by the other */
    size_t room, size;           /* items, and bytes of one */
    char *items;
} queue;

static inline bool queue_create(queue *q, size_t room, size_t size)
{
    atomic_init(&q->written, 0);
    atomic_init(&q->read, 0);
    q->room = room;
    q->size = size;
    q->items = malloc(room * size);
    return q->items != NULL;
}

static inline void queue_free(queue *q)
{
    free(q->items);
    q->items = NULL;
}

/* Writer: false, and nothing happens, if it is full. */
static inline bool queue_put(queue *q, const void *item)
{
    size_t k = atomic_load_explicit(&q->written, memory_order_relaxed);
    if (k - atomic_load_explicit(&q->read, memory_order_acquire) == q->room)
        return false;
    memcpy(q->items + k % q->room * q->size, item, q->size);
    atomic_store_explicit(&q->written, k + 1, memory_order_release);
    return true;
}

/* Reader: false if it is empty. */
static inline bool queue_take(queue *q, void *item)
{
    size_t k = atomic_load_explicit(&q->read, memory_order_relaxed);
    if (k == atomic_load_explicit(&q->written, memory_order_acquire))
        return false;
    memcpy(item, q->items + k % q->room * q->size, q->size);
    atomic_store_explicit(&q->read, k + 1, memory_order_release);
    return true;
}

static inline bool queue_empty(queue *q)
{
    return atomic_load(&q->read) == atomic_load(&q->written);
}

#endif
