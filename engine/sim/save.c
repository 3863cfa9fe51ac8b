/* save.c - the state of a simulation as one block of bytes, and back.
 *
 * Methods and forces keep what they like in their state blocks and arenas, pointers included.  So
 * all of that memory is copied as it is, and every word that points into it is written as "segment,
 * offset" and pointed anew when it is read:
 *
 *     [header][block sizes][relocations][bytes of the blocks ...]
 *
 *     segments: bodies' arrays, states, chunks of arenas (these are the blocks), and without
 *     contents: the simulation itself
 *
 * A word that is no pointer but looks like one would have to lie in the few address ranges of these
 * segments: as a double it would be 1e-310.
 *
 * No state may point into the program (saving says so).  What is left are numbers and structures of
 * C: any build from the same sources (ORR_STATE_ID), by any compiler and for any machine with the
 * same byte order and layout, goes on with them. */
#include "sim_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/hash.h"
#include "state_id.h" /* written by CMake */

/* The program from its first to its last byte, by the linker. */
extern const char __executable_start __attribute__((weak, visibility("hidden")));
extern const char end __attribute__((visibility("hidden")));

enum { MOST_SEGMENTS = 512, SIM = 0, PROGRAM = 1, FIXED = 2, NAME = 48, MOST_SPARE = 1 << 20 };

typedef struct segment {
    unsigned char *at;
    size_t size;
} segment;

typedef struct header {
    char magic[8], state_id[40];
    uint64_t layout;    /* of this machine's words and structures */
    uint64_t size, sum; /* of all bytes after this header and of it with sum = 0 */
    uint64_t n_blocks, n_relocations;
    uint64_t n, n_active, n_passive, stride, capacity;
    uint64_t state_size, n_forces, force_sizes[ORR_MOST_FORCES];
    uint64_t memory_chunks, force_chunks, n_events;
    char method[NAME], forces[ORR_MOST_FORCES][NAME];
    orr_time t;
    double shown, last, free[2];
    orr_sim_counters counters;
    double softening;
    int32_t unsynchronised, velocity_forces;
} header;

typedef struct block_size {
    uint64_t size, room; /* room: of an arena's chunk */
} block_size;

typedef struct relocation {
    uint32_t block, segment;
    uint64_t offset, to;
} relocation;

static const char magic[8] = "ORRIMG4";

/* Differs where bytes have another order, or structures other sizes. */
static uint64_t layout_here(void)
{
    return ((sizeof(header) * 1000 + sizeof(orr_sim)) * 1000 + sizeof(orr_event)) * 100 +
           sizeof(long double);
}

/* FNV-1a over words, in four lanes: to notice damage. */
static uint64_t sum_of(const unsigned char *data, size_t size)
{
    const uint64_t start = ORR_HASH_START;
    uint64_t lane[4] = {start, start + 1, start + 2, start + 3}, sum = start, word[4];
    size_t k = 0;
    for (; k + sizeof word <= size; k += sizeof word) {
        memcpy(word, data + k, sizeof word);
        for (int i = 0; i < 4; i++)
            lane[i] = orr_hash_word_mixed(lane[i], word[i]);
    }
    for (int i = 0; i < 4; i++)
        sum = orr_hash_word(sum, lane[i]);
    return orr_hash_bytes(sum, data + k, size - k);
}

static uint64_t sum_of_all(const header *h, const unsigned char *data, size_t size)
{
    header zero = *h;
    zero.sum = 0;
    return sum_of((const unsigned char *)&zero, sizeof zero) ^
           sum_of(data + sizeof zero, size - sizeof zero);
}

/* The blocks in their order: the arrays of the bodies, the method's state, those of the forces,
 * chunks of both arenas, events. */
static size_t collect(const orr_sim *sim, segment *s, size_t *room, size_t most)
{
    const orr_bodies *b = &sim->bodies;
    size_t n = 0, used, size;
    void *at;
    for (const orr_body_field *f; (f = orr_body_field_at(n)); n++)
        s[n] = (segment){orr_bodies_array(b, f), f->components * b->stride * 8};
    s[n++] = (segment){sim->state, sim->method->state_size};
    for (size_t k = 0; k < sim->n_forces; k++)
        s[n++] = (segment){sim->forces[k].state, sim->forces[k].type->state_size};
    memset(room, 0, n * sizeof *room);
    const orr_arena *arenas[2] = {&sim->memory, &sim->force_memory};
    for (int a = 0; a < 2; a++)
        for (size_t k = 0; (at = orr_arena_chunk_at(arenas[a], k, &used, &size)); k++) {
            if (n + 1 >= most)
                return 0;
            room[n] = size;
            s[n++] = (segment){at, used};
        }
    room[n] = 0;
    s[n++] = (segment){(unsigned char *)sim->events, sim->n_events * sizeof *sim->events};
    return n;
}

static size_t body_fields(void)
{
    size_t n = 0;
    while (orr_body_field_at(n))
        n++;
    return n;
}

static size_t count_chunks(const orr_arena *arena)
{
    size_t n = 0, used, size;
    while (orr_arena_chunk_at(arena, n, &used, &size))
        n++;
    return n;
}

static void fixed_segments(orr_sim *sim, segment out[FIXED])
{
    out[SIM] = (segment){(unsigned char *)sim, sizeof *sim};
    const char *start = &__executable_start; /* a shared library has none */
    out[PROGRAM] = (segment){(unsigned char *)start, start ? (size_t)(&end - start) : 0};
}

/* From the lowest to one past the highest address of all. */
static void span_of(const segment *all, size_t n, uint64_t span[2])
{
    span[0] = UINT64_MAX, span[1] = 0;
    for (size_t k = 0; k < n; k++) {
        uint64_t base = (uint64_t)(uintptr_t)all[k].at;
        if (!base)
            continue;
        span[0] = base < span[0] ? base : span[0];
        span[1] = base + all[k].size > span[1] ? base + all[k].size : span[1];
    }
}

/* Into which segment a word points; -1: none.  One past the end counts, after all others. */
static int find(const segment *all, size_t n, const uint64_t span[2], uint64_t word, uint64_t *to)
{
    if (word < span[0] || word > span[1]) /* most words are numbers, far from any address */
        return -1;
    for (int past = 0; past < 2; past++)
        for (size_t k = 0; k < n; k++) {
            uint64_t base = (uint64_t)(uintptr_t)all[k].at;
            if (base && word >= base && word - base < all[k].size + (uint64_t)past) {
                *to = word - base;
                return (int)k;
            }
        }
    return -1;
}

typedef struct relocations {
    relocation *list;
    size_t n, room;
} relocations;

static bool append(relocations *r, relocation one)
{
    if (r->n == r->room) {
        size_t room = 2 * r->room + 256;
        relocation *more = realloc(r->list, room * sizeof *more);
        if (!more)
            return false;
        r->list = more, r->room = room;
    }
    r->list[r->n++] = one;
    return true;
}

/* All words of the blocks but the last (events, which hold no pointers) that point somewhere. */
static orr_status find_pointers(orr_sim *sim, const segment *all, size_t n, relocations *out)
{
    uint64_t span[2], word, to;
    span_of(all, FIXED + n, span);
    for (size_t k = 0; k + 1 < n; k++) {
        const segment *s = &all[FIXED + k];
        for (size_t w = 0; w + 8 <= s->size; w += 8) {
            memcpy(&word, s->at + w, 8);
            int where = find(all, FIXED + n, span, word, &to);
            if (where == PROGRAM)
                return orr_sim_fail(sim, ORR_E_INCOMPATIBLE,
                                    "the state of %s or of a force points into the program",
                                    sim->method->name);
            if (where >= 0 && !append(out, (relocation){.block = (uint32_t)k,
                                                        .segment = (uint32_t)where,
                                                        .offset = w,
                                                        .to = to}))
                return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a saved state");
        }
    }
    return ORR_OK;
}

static header describe(const orr_sim *sim, size_t n_blocks, size_t n_relocations)
{
    header h = {.state_id = ORR_STATE_ID,
                .layout = layout_here(),
                .n_blocks = n_blocks,
                .n_relocations = n_relocations,
                .n = sim->bodies.n,
                .n_active = sim->bodies.n_active,
                .n_passive = sim->bodies.n_passive,
                .stride = sim->bodies.stride,
                .capacity = sim->bodies.capacity,
                .state_size = sim->method->state_size,
                .n_forces = sim->n_forces,
                .memory_chunks = count_chunks(&sim->memory),
                .force_chunks = count_chunks(&sim->force_memory),
                .n_events = sim->n_events,
                .t = sim->t,
                .shown = sim->problem.t,
                .last = sim->last,
                .free = {sim->free[0], sim->free[1]},
                .counters = sim->counters,
                .softening = sim->problem.softening,
                .unsynchronised = sim->unsynchronised,
                .velocity_forces = sim->problem.velocity_forces};
    memcpy(h.magic, magic, sizeof magic);
    strncpy(h.method, sim->method->name, NAME - 1);
    for (size_t k = 0; k < sim->n_forces; k++) {
        strncpy(h.forces[k], sim->forces[k].type->name, NAME - 1);
        h.force_sizes[k] = sim->forces[k].type->state_size;
    }
    return h;
}

/* Memory for many bytes that are written once: huge pages, where there are such, cost a tenth of
 * the time of small ones. */
static unsigned char *allocate(size_t size)
{
    enum { HUGE = 1 << 21 };
#ifdef MADV_HUGEPAGE
    if (size >= 4 * (size_t)HUGE) {
        size = (size + HUGE - 1) / HUGE * HUGE;
        unsigned char *p = aligned_alloc(HUGE, size);
        if (p)
            (void)madvise(p, size, MADV_HUGEPAGE);
        return p;
    }
#endif
    return malloc(size);
}

orr_status orr_sim_save(orr_sim *sim, void **data, size_t *size)
{
    segment all[FIXED + MOST_SEGMENTS];
    size_t room[MOST_SEGMENTS], start[MOST_SEGMENTS];
    relocations moved = {0};
    *data = NULL;
    orr_sim_return_to_grid(sim);
    sim->problem.t = sim->t.high;
    ORR_TRY(orr_sim_prepare(sim));
    fixed_segments(sim, all);
    size_t n = collect(sim, all + FIXED, room, MOST_SEGMENTS);
    if (n == 0)
        return orr_sim_fail(sim, ORR_E_NO_MEMORY, "the state is in too many pieces to be saved");
    orr_status status = find_pointers(sim, all, n, &moved);
    header h = describe(sim, n, moved.n);
    size_t front = sizeof h + n * sizeof(block_size) + moved.n * sizeof(relocation);
    h.size = front;
    for (size_t k = 0; k < n; k++) {
        start[k] = h.size;
        h.size += all[FIXED + k].size;
    }
    unsigned char *out = status == ORR_OK ? allocate(h.size) : NULL;
    if (status == ORR_OK && !out)
        status = orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a saved state");
    if (out) {
        for (size_t k = 0; k < n; k++) {
            block_size b = {.size = all[FIXED + k].size, .room = room[k]};
            memcpy(out + sizeof h + k * sizeof b, &b, sizeof b);
            if (b.size)
                memcpy(out + start[k], all[FIXED + k].at, b.size);
        }
        if (moved.n)
            memcpy(out + front - moved.n * sizeof *moved.list, moved.list,
                   moved.n * sizeof *moved.list);
        for (size_t k = 0; k < moved.n; k++) /* so that equal states have equal bytes */
            memset(out + start[moved.list[k].block] + moved.list[k].offset, 0, 8);
        h.sum = sum_of_all(&h, out, h.size);
        memcpy(out, &h, sizeof h);
        *data = out;
        *size = h.size;
    }
    free(moved.list);
    return status;
}

/* ---- back ---- */

bool orr_saved_is_whole(const void *data, size_t size)
{
    header h;
    if (size < sizeof h)
        return false;
    memcpy(&h, data, sizeof h);
    bool whole = memcmp(h.magic, magic, sizeof magic) == 0 && h.size == size;
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    whole = whole && sum_of_all(&h, data, size) == h.sum;
#endif
    return whole;
}

/* The blocks have the sizes that the header says, and every pointer leads into one of them. */
static bool blocks_fit(const header *h, const unsigned char *data, size_t size)
{
    block_size b[MOST_SEGMENTS];
    const size_t fields = body_fields();
    size_t front = sizeof *h + h->n_blocks * sizeof *b, n = h->n_blocks, total = 0;
    memcpy(b, data + sizeof *h, n * sizeof *b);
    for (size_t k = 0; k < n; k++) {
        uint64_t want = k < fields    ? 8 * h->stride * orr_body_field_at(k)->components
                        : k == fields ? h->state_size
                        : k <= fields + h->n_forces ? h->force_sizes[k - fields - 1]
                        : k + 1 == n                ? h->n_events * sizeof(orr_event)
                                                    : b[k].size;
        if (b[k].size != want || b[k].size > size || (total += b[k].size) > size)
            return false;
    }
    if (front + h->n_relocations * sizeof(relocation) + total != size)
        return false;
    for (size_t k = 0; k < h->n_relocations; k++) {
        relocation r;
        memcpy(&r, data + front + k * sizeof r, sizeof r);
        if (r.block >= n || r.segment >= FIXED + n || r.segment == PROGRAM ||
            r.offset > b[r.block].size || b[r.block].size - r.offset < 8 ||
            r.to > (r.segment == SIM ? sizeof(orr_sim) : b[r.segment - FIXED].size))
            return false;
    }
    return true;
}

/* What the state says of itself is whole, and belongs to this simulation and program. */
static orr_status check(orr_sim *sim, const header *h, const void *data, size_t size)
{
    size_t front = sizeof *h + h->n_blocks * sizeof(block_size);
    if (!orr_saved_is_whole(data, size))
        return orr_sim_fail(sim, ORR_E_FORMAT, "the saved state is damaged, or none at all");
    if (h->n_blocks > MOST_SEGMENTS || h->n_forces > ORR_MOST_FORCES || front > size ||
        h->n_relocations > (size - front) / sizeof(relocation) || h->n > h->stride ||
        h->n_active > h->n || h->n_passive > h->n - h->n_active || h->stride > size ||
        h->capacity != h->stride || h->n_events > size || h->memory_chunks > h->n_blocks ||
        h->n_blocks != body_fields() + 2 + h->n_forces + h->memory_chunks + h->force_chunks)
        return orr_sim_fail(sim, ORR_E_FORMAT, "the saved state contradicts itself");
    if (h->layout != layout_here())
        return orr_sim_fail(sim, ORR_E_FORMAT, "the state was saved on another kind of machine");
    if (strncmp(h->state_id, ORR_STATE_ID, sizeof h->state_id) != 0)
        return orr_sim_fail(sim, ORR_E_FORMAT,
                            "the state was saved by another version of the program");
    bool same = strncmp(h->method, sim->method->name, NAME) == 0 && h->n_forces == sim->n_forces &&
                h->state_size == sim->method->state_size;
    for (size_t k = 0; same && k < sim->n_forces; k++)
        same = strncmp(h->forces[k], sim->forces[k].type->name, NAME) == 0 &&
               h->force_sizes[k] == sim->forces[k].type->state_size;
    if (!same)
        return orr_sim_fail(sim, ORR_E_FORMAT,
                            "the state is that of another method or other forces");
    return blocks_fit(h, data, size)
               ? ORR_OK
               : orr_sim_fail(sim, ORR_E_FORMAT, "the saved state is damaged");
}

static orr_status make_room(orr_sim *sim, const header *h, const block_size *sizes)
{
    orr_bodies fresh = {0};
    ORR_TRY(orr_bodies_init(&fresh, h->capacity));
    if (fresh.stride != h->stride) {
        orr_bodies_free(&fresh);
        return ORR_E_FORMAT;
    }
    fresh.n = h->n, fresh.n_active = h->n_active, fresh.n_passive = h->n_passive;
    orr_bodies_free(&sim->bodies);
    sim->bodies = fresh;
    orr_arena_free(&sim->memory);
    orr_arena_free(&sim->force_memory);
    const block_size *chunk = sizes + body_fields() + 1 + h->n_forces;
    for (size_t k = 0; k < h->memory_chunks + h->force_chunks; k++) {
        uint64_t spare = chunk[k].room - chunk[k].size; /* of any size, in a forged state */
        if (!orr_arena_append(k < h->memory_chunks ? &sim->memory : &sim->force_memory,
                              chunk[k].size,
                              chunk[k].size + (spare < MOST_SPARE ? spare : MOST_SPARE)))
            return ORR_E_NO_MEMORY;
    }
    if (h->n_events > sim->room_events) {
        orr_event *more = realloc(sim->events, h->n_events * sizeof *more);
        if (!more)
            return ORR_E_NO_MEMORY;
        sim->events = more;
        sim->room_events = h->n_events;
    }
    sim->n_events = h->n_events;
    return ORR_OK;
}

orr_status orr_sim_restore(orr_sim *sim, const void *data, size_t size)
{
    header h;
    segment all[FIXED + MOST_SEGMENTS];
    block_size sizes[MOST_SEGMENTS];
    size_t room[MOST_SEGMENTS];
    const unsigned char *from = data;
    if (size < sizeof h)
        return orr_sim_fail(sim, ORR_E_FORMAT, "this is no saved state");
    memcpy(&h, data, sizeof h);
    ORR_TRY(check(sim, &h, data, size));
    memcpy(sizes, from + sizeof h, h.n_blocks * sizeof *sizes);
    orr_saved_free(&sim->grid);
    orr_status status = make_room(sim, &h, sizes);
    sim->prepared = false;
    fixed_segments(sim, all);
    size_t n = status == ORR_OK ? collect(sim, all + FIXED, room, MOST_SEGMENTS) : 0;
    bool fits = n == h.n_blocks;
    for (size_t k = 0; fits && k < n; k++)
        fits = all[FIXED + k].size == sizes[k].size;
    if (!fits)
        return orr_sim_fail(sim, status == ORR_OK ? ORR_E_FORMAT : status,
                            "the saved state does not fit this simulation");
    size_t front = sizeof h + n * sizeof(block_size);
    const unsigned char *bytes = from + front + h.n_relocations * sizeof(relocation);
    for (size_t k = 0; k < n; bytes += sizes[k].size, k++)
        if (sizes[k].size)
            memcpy(all[FIXED + k].at, bytes, sizes[k].size);
    for (size_t k = 0; k < h.n_relocations; k++) {
        relocation r;
        memcpy(&r, from + front + k * sizeof r, sizeof r);
        uint64_t word = (uint64_t)(uintptr_t)(all[r.segment].at + r.to);
        memcpy(all[FIXED + r.block].at + r.offset, &word, 8);
    }
    sim->t = h.t;
    sim->problem.t = h.shown;
    sim->last = h.last;
    sim->free[0] = h.free[0], sim->free[1] = h.free[1];
    sim->counters = h.counters;
    sim->unsynchronised = h.unsynchronised != 0;
    sim->problem.velocity_forces = h.velocity_forces != 0;
    sim->problem.softening = h.softening;
    sim->watched = 0;
    sim->n_removed = 0;
    sim->prepared = true;
    return ORR_OK;
}
