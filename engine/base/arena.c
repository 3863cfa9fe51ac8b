#include "arena.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, CHUNK = 64 * 1024 };

struct orr_arena_chunk {
    orr_arena_chunk *next;
    size_t size, used;
    _Alignas(ALIGNMENT) unsigned char data[];
};

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void *orr_arena_alloc(orr_arena *arena, size_t size)
{
    if (size > (size_t)-1 / 2)
        return NULL;
    size = round_up(size ? size : 1);
    orr_arena_chunk *c = arena->chunks;
    if (!c || c->size - c->used < size) {
        size_t room = size > CHUNK ? size : CHUNK;
        c = aligned_alloc(ALIGNMENT, sizeof *c + room);
        if (!c)
            return NULL;
        *c = (orr_arena_chunk){.next = arena->chunks, .size = room};
        arena->chunks = c;
    }
    void *p = c->data + c->used;
    c->used += size;
    return memset(p, 0, size);
}

void orr_arena_reset(orr_arena *arena)
{
    orr_arena_chunk *c = arena->chunks, *largest = NULL;
    while (c) {
        orr_arena_chunk *next = c->next;
        if (!largest || c->size > largest->size) {
            free(largest);
            largest = c;
        } else {
            free(c);
        }
        c = next;
    }
    if (largest) {
        largest->next = NULL;
        largest->used = 0;
    }
    arena->chunks = largest;
}

void orr_arena_free(orr_arena *arena)
{
    orr_arena_reset(arena);
    free(arena->chunks);
    arena->chunks = NULL;
}

size_t orr_arena_used(const orr_arena *arena)
{
    size_t used = 0;
    for (const orr_arena_chunk *c = arena->chunks; c; c = c->next)
        used += c->used;
    return used;
}

void orr_arena_save(const orr_arena *arena, void *out)
{
    unsigned char *p = out;
    for (const orr_arena_chunk *c = arena->chunks; c; p += c->used, c = c->next)
        memcpy(p, c->data, c->used);
}

void orr_arena_restore(orr_arena *arena, const void *in)
{
    const unsigned char *p = in;
    for (orr_arena_chunk *c = arena->chunks; c; p += c->used, c = c->next)
        memcpy(c->data, p, c->used);
}

void *orr_arena_chunk_at(const orr_arena *arena, size_t k, size_t *used, size_t *size)
{
    orr_arena_chunk *c = arena->chunks;
    for (; c && k > 0; k--)
        c = c->next;
    *used = c ? c->used : 0;
    *size = c ? c->size : 0;
    return c ? c->data : NULL;
}

void *orr_arena_append(orr_arena *arena, size_t used, size_t size)
{
    orr_arena_chunk **last = &arena->chunks;
    if (size > (size_t)-1 / 2 || used > size)
        return NULL;
    while (*last)
        last = &(*last)->next;
    orr_arena_chunk *c = aligned_alloc(ALIGNMENT, sizeof *c + round_up(size));
    if (!c)
        return NULL;
    *c = (orr_arena_chunk){.size = size, .used = used};
    *last = c;
    return memset(c->data, 0, used);
}
