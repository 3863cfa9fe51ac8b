/* sort.c - radix sort from the lowest digit up: six passes of 11 bits over 63-bit keys.
 *
 * Each pass counts the digits of every chunk, turns counts into places (digit by digit, and within
 * a digit chunk by chunk), and moves keys there.  Stable, so the result does not depend on how the
 * chunks are cut. */
#include "key.h"

#include <string.h>

#include "base/team.h"

enum { DIGIT = 11, DIGITS = 1 << DIGIT, PASSES = 6, LEAST_CHUNK = 16384 };

typedef struct sorting {
    uint64_t *keys[2];
    uint32_t *order[2];
    uint32_t *counts; /* [chunks][DIGITS] */
    size_t n, chunks;
} sorting;

static void count(const sorting *s, const uint64_t *keys, unsigned shift, size_t chunk)
{
    uint32_t *counts = s->counts + chunk * DIGITS;
    memset(counts, 0, DIGITS * sizeof *counts);
    for (size_t k = s->n * chunk / s->chunks; k < s->n * (chunk + 1) / s->chunks; k++)
        counts[keys[k] >> shift & (DIGITS - 1)]++;
}

static void counts_to_places(const sorting *s)
{
    uint32_t place = 0;
    for (size_t digit = 0; digit < DIGITS; digit++)
        for (size_t chunk = 0; chunk < s->chunks; chunk++) {
            uint32_t *counts = s->counts + chunk * DIGITS, n = counts[digit];
            counts[digit] = place;
            place += n;
        }
}

static void move(const sorting *s, size_t from, unsigned shift, size_t chunk)
{
    const uint64_t *keys = s->keys[from];
    const uint32_t *order = s->order[from];
    uint64_t *new_keys = s->keys[1 - from];
    uint32_t *new_order = s->order[1 - from], *places = s->counts + chunk * DIGITS;
    for (size_t k = s->n * chunk / s->chunks; k < s->n * (chunk + 1) / s->chunks; k++) {
        uint32_t place = places[keys[k] >> shift & (DIGITS - 1)]++;
        new_keys[place] = keys[k];
        new_order[place] = order[k];
    }
}

/* Phases: count, places, move of each digit in turn. */
static void sort_chunk(void *context, size_t phase, size_t chunk)
{
    const sorting *s = context;
    size_t pass = phase / 3, from = pass % 2;
    unsigned shift = (unsigned)(DIGIT * pass);
    if (phase % 3 == 0)
        count(s, s->keys[from], shift, chunk);
    else if (phase % 3 == 2)
        move(s, from, shift, chunk);
    else if (chunk == 0)
        counts_to_places(s);
}

void orr_sort_keys(uint64_t *keys, uint32_t *order, size_t n, uint64_t *spare_keys,
                   uint32_t *spare_order, uint32_t *counts, int threads)
{
    sorting s = {{keys, spare_keys}, {order, spare_order}, counts, n, 1};
    while (s.chunks < ORR_SORT_CHUNKS && n / s.chunks > LEAST_CHUNK)
        s.chunks *= 2;
    orr_team_run(threads, (size_t)(3 * PASSES), s.chunks, sort_chunk, &s);
}
