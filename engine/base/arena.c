/* arena.c - see arena.h. */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = 64, CHUNK = 64 * 1024, HUGE = 1 << 21, NOT_A_NUMBER = 0xFF };

struct orr_arena_chunk {
    orr_arena_chunk *next;
    size_t size, used;
    _Alignas(ALIGNMENT) unsigned char data[];
};

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define ORR_POISON 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || !defined(NDEBUG)
#define ORR_POISON 1
#endif
#ifndef ORR_POISON
#define ORR_POISON 0
#endif

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void *orr_allocate_large(size_t size)
{
#ifdef MADV_HUGEPAGE
    if (size >= 4 * (size_t)HUGE && size <= SIZE_MAX - HUGE) {
        size = (size + HUGE - 1) / HUGE * HUGE;
        void *p = aligned_alloc(HUGE, size);
        if (p)
            (void)madvise(p, size, MADV_HUGEPAGE);
        return p;
    }
#endif
    return size <= SIZE_MAX - ALIGNMENT ? aligned_alloc(ALIGNMENT, round_up(size)) : NULL;
}

/* Keep the larger of a chunk and the spare one, free the other. */
static void put_by(orr_arena *arena, orr_arena_chunk *c)
{
    if (!arena->spare || c->size > arena->spare->size) {
        free(arena->spare);
        arena->spare = c;
    } else {
        free(c);
    }
}

/* A chunk with room for `size` bytes, on top of the others. */
static orr_arena_chunk *new_chunk(orr_arena *arena, size_t size)
{
    size_t room = size > CHUNK ? size : CHUNK;
    orr_arena_chunk *c = arena->spare;
    if (c && c->size >= size) {
        arena->spare = NULL;
        room = c->size;
    } else {
        c = orr_allocate_large(sizeof *c + room);
    }
    if (!c)
        return NULL;
    *c = (orr_arena_chunk){.next = arena->chunks, .size = room};
    arena->chunks = c;
    return c;
}

/* Room for one more in the list of blocks. */
static bool grow(orr_arena *arena)
{
    if (arena->n_blocks < arena->room_blocks)
        return true;
    size_t room = 2 * arena->room_blocks + 32;
    orr_block *more = realloc(arena->blocks, room * sizeof *more);
    if (!more)
        return false;
    arena->blocks = more;
    arena->room_blocks = room;
    return true;
}

static void *allocate(orr_arena *arena, size_t size, bool zeroed)
{
    if (size > (size_t)-1 / 2 || (arena->remembers && !grow(arena)))
        return NULL;
    size_t rounded = round_up(size ? size : 1);
    orr_arena_chunk *c = arena->chunks;
    if ((!c || c->size - c->used < rounded) && !(c = new_chunk(arena, rounded)))
        return NULL;
    unsigned char *p = c->data + c->used;
    c->used += rounded;
    if (arena->remembers)
        arena->blocks[arena->n_blocks++] = (orr_block){p, size};
    if (zeroed || ORR_POISON)
        memset(p, zeroed ? 0 : NOT_A_NUMBER, rounded);
    else if (!arena->is_scratch)
        memset(p + size, 0, rounded - size);
    return p;
}

void *orr_arena_alloc(orr_arena *arena, size_t size)
{
    return allocate(arena, size, !arena->is_scratch);
}

void *orr_arena_alloc_raw(orr_arena *arena, size_t size)
{
    return allocate(arena, size, false);
}

void orr_keep_block(orr_arena *arena, void *slot, size_t count, size_t size)
{
    bool sane = size && count <= SIZE_MAX / 2 / size;
    void *block = sane ? allocate(arena, count * size, true) : NULL;
    arena->failed |= !block;
    memcpy(slot, &block, sizeof block); /* all pointers to objects look alike */
}

orr_status orr_kept(const orr_arena *arena)
{
    return arena->failed ? ORR_E_NO_MEMORY : ORR_OK;
}

orr_arena_mark orr_arena_here(const orr_arena *arena)
{
    return (orr_arena_mark){arena->chunks, arena->chunks ? arena->chunks->used : 0};
}

void orr_arena_release(orr_arena *arena, orr_arena_mark mark)
{
    while (arena->chunks != mark.chunk) {
        orr_arena_chunk *c = arena->chunks;
        arena->chunks = c->next;
        put_by(arena, c);
    }
    if (mark.chunk && ORR_POISON)
        memset(mark.chunk->data + mark.used, NOT_A_NUMBER, mark.chunk->used - mark.used);
    if (mark.chunk)
        mark.chunk->used = mark.used;
}

void orr_arena_reset(orr_arena *arena)
{
    orr_arena_release(arena, (orr_arena_mark){NULL, 0});
    arena->n_blocks = 0;
    arena->failed = false;
}

void orr_arena_free(orr_arena *arena)
{
    orr_arena_reset(arena);
    free(arena->spare);
    free(arena->blocks);
    *arena = (orr_arena){.is_scratch = arena->is_scratch, .remembers = arena->remembers};
}

size_t orr_arena_used(const orr_arena *arena)
{
    size_t used = 0;
    for (const orr_arena_chunk *c = arena->chunks; c; c = c->next)
        used += c->used;
    return used;
}

size_t orr_arena_held(const orr_arena *arena)
{
    size_t held = arena->spare ? arena->spare->size : 0;
    for (const orr_arena_chunk *c = arena->chunks; c; c = c->next)
        held += c->size;
    return held;
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
