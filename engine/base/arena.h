/* arena.h - aligned bump allocator.
 *
 *     chunk -> chunk -> chunk          each: [header][ used ........ | free ]
 *
 * Everything is freed at once, or back to a mark; the largest chunk that is no longer needed stays,
 * so a loop that allocates the same every time touches malloc only in its first round.
 *
 * Memory is zeroed, but scratch is not: it holds what was there before, and in debug and sanitized
 * builds 0xFF, so that code that counts on zeros is found out.  An arena that `remembers` knows each
 * allocation, so that what a state keeps can be saved block by block. */
#ifndef ORRERY_BASE_ARENA_H
#define ORRERY_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/problem.h>

typedef struct orr_arena_chunk orr_arena_chunk;

typedef struct orr_block {
    unsigned char *data;
    size_t size; /* as asked for */
} orr_block;

struct orr_arena {
    orr_arena_chunk *chunks; /* newest first */
    orr_arena_chunk *spare;  /* the largest that was given back */
    bool is_scratch;         /* set by the owner, before the first allocation; so is this: */
    bool remembers;
    bool failed;       /* an orr_keep() found no memory */
    orr_block *blocks; /* all allocations in their order, if it remembers */
    size_t n_blocks, room_blocks;
};

/* The same as orr_arena_alloc(), for memory that is written at once: it holds anything. */
void *orr_arena_alloc_raw(orr_arena *arena, size_t size);

/* malloc() for many bytes that are written once: huge pages, where there are such, cost a tenth of
 * the time of small ones.  64-byte aligned. */
void *orr_allocate_large(size_t size);

/* Forget all allocations; memory stays with the arena. */
void orr_arena_reset(orr_arena *arena);

/* Give all memory back. */
void orr_arena_free(orr_arena *arena);

/* A place to come back to: what is allocated from scratch after the mark is forgotten at the
 * release.  In between no older mark may be released. */
typedef struct orr_arena_mark {
    orr_arena_chunk *chunk;
    size_t used;
} orr_arena_mark;
orr_arena_mark orr_arena_here(const orr_arena *arena);
void orr_arena_release(orr_arena *arena, orr_arena_mark mark);

/* Bytes in use; bytes that the arena holds, free ones included. */
size_t orr_arena_used(const orr_arena *arena);
size_t orr_arena_held(const orr_arena *arena);

/* Copy the bytes in use out and in, to go back to a state. */
void orr_arena_save(const orr_arena *arena, void *out);
void orr_arena_restore(orr_arena *arena, const void *in);

#endif
