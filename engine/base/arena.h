/* arena.h - aligned bump allocator.
 *
 *     chunk -> chunk -> chunk          each: [header][ used ........ | free ]
 *
 * Everything is freed at once; after a reset the largest chunk is kept, so a loop that allocates
 * the same every time touches malloc only in its first round. */
#ifndef ORRERY_BASE_ARENA_H
#define ORRERY_BASE_ARENA_H

#include <stddef.h>

#include <orrery/problem.h>

typedef struct orr_arena_chunk orr_arena_chunk;

struct orr_arena {
    orr_arena_chunk *chunks; /* newest first */
};

/* Forget all allocations; memory stays with the arena. */
void orr_arena_reset(orr_arena *arena);

/* Give all memory back. */
void orr_arena_free(orr_arena *arena);

/* Total bytes in use, and copying them out and in (to save and restore a state). */
size_t orr_arena_used(const orr_arena *arena);
void orr_arena_save(const orr_arena *arena, void *out);
void orr_arena_restore(orr_arena *arena, const void *in);

/* The chunks, newest first, to look at: where its data begins, how much is used, of how much; NULL
 * for no chunk k. */
void *orr_arena_chunk_at(const orr_arena *arena, size_t k, size_t *used, size_t *size);

/* Put a chunk of `size` bytes, of which `used` are taken, under the others: first the newest. */
void *orr_arena_append(orr_arena *arena, size_t used, size_t size);

#endif
