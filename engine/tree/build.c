/* build.c - a tree from bodies: keys, order, cells.
 *
 * Memory: 4 bytes a body for the order, 32 for sorted copies of places and masses; these hold the
 * keys first, since they are not needed at the same time. */
#include "tree.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/team.h"
#include "cells.h"
#include "key.h"

enum { CHUNKS = 64, LEAST_CHUNK = 8192, MOST_NESTS_DEPTH = 5 };

typedef struct builder {
    orr_tree *tree;
    const double *x[3], *gm; /* of the user, bodies [first, first + n) */
    size_t first, n, chunks;
    orr_cube cube;
    orr_where where[CHUNKS];
    double sum[CHUNKS];          /* of gm */
    uint64_t *keys, *spare_keys; /* in the memory of tree->z, tree->x */
    uint32_t *spare_order, *counts;
    orr_nest *nests;
    size_t n_nests, room_nests, leaf;
    int threads;
    orr_arena *scratch;
} builder;

static size_t chunk_begin(const builder *b, size_t chunk)
{
    return b->n * chunk / b->chunks;
}

static void run(builder *b, orr_task *task)
{
    orr_team_run(b->threads, 1, b->chunks, task, b);
}

/* ---- keys ---- */

static void look(void *context, size_t phase, size_t chunk)
{
    builder *b = context;
    size_t from = chunk_begin(b, chunk), to = chunk_begin(b, chunk + 1);
    (void)phase;
    b->where[chunk] = orr_where_of(b->x, NULL, b->first + from, to - from);
    b->sum[chunk] = 0;
    for (size_t k = from; k < to; k++)
        b->sum[chunk] += b->gm[b->first + k];
}

static void number(void *context, size_t phase, size_t chunk)
{
    builder *b = context;
    size_t from = chunk_begin(b, chunk), to = chunk_begin(b, chunk + 1);
    (void)phase;
    orr_keys_of(&b->cube, b->x, NULL, b->first + from, to - from, b->keys + from);
    for (size_t k = from; k < to; k++)
        b->tree->order[k] = (uint32_t)(b->first + k);
}

static void gather(void *context, size_t phase, size_t chunk)
{
    builder *b = context;
    orr_tree *tree = b->tree;
    (void)phase;
    for (size_t k = chunk_begin(b, chunk); k < chunk_begin(b, chunk + 1); k++) {
        size_t i = tree->order[k];
        tree->x[k] = b->x[0][i];
        tree->y[k] = b->x[1][i];
        tree->z[k] = b->x[2][i];
        tree->gm[k] = b->gm[i];
    }
}

/* ---- many bodies with one key ---- */

static orr_status add_nest(builder *b, orr_nest nest)
{
    if (b->n_nests == b->room_nests) {
        size_t room = 2 * b->room_nests + 64;
        orr_nest *more = orr_arena_alloc_raw(b->scratch, room * sizeof *more);
        if (!more)
            return ORR_E_NO_MEMORY;
        if (b->n_nests)
            memcpy(more, b->nests, b->n_nests * sizeof *more);
        b->nests = more;
        b->room_nests = room;
    }
    b->nests[b->n_nests++] = nest;
    return ORR_OK;
}

/* Bodies [begin, begin + n) have one key: sort them by finer ones, if they are not in one point. */
static orr_status make_nest(builder *b, uint32_t depth, size_t begin, size_t n)
{
    orr_where w = orr_where_of(b->x, b->tree->order, begin, n);
    orr_cube cube = orr_cube_around(&w);
    if (!(cube.side > 0))
        return ORR_OK;
    uint64_t *keys = orr_arena_alloc_raw(b->scratch, n * sizeof *keys);
    if (!keys)
        return ORR_E_NO_MEMORY;
    orr_keys_of(&cube, b->x, b->tree->order, begin, n, keys);
    orr_sort_keys(keys, b->tree->order + begin, n, b->spare_keys, b->spare_order, b->counts,
                  b->threads);
    if (keys[0] == keys[n - 1])
        return ORR_OK; /* finer than doubles are */
    return add_nest(b, (orr_nest){(uint32_t)begin, (uint32_t)n, depth, keys});
}

/* Runs of equal keys, longer than a leaf, among keys of bodies [base, base + n). */
static orr_status find_nests(builder *b, const uint64_t *keys, uint32_t depth, size_t base,
                             size_t n)
{
    for (size_t k = 0; k + b->leaf < n;) {
        if (keys[k] != keys[k + b->leaf]) {
            k++;
            continue;
        }
        size_t end = k + b->leaf + 1;
        while (end < n && keys[end] == keys[k])
            end++;
        ORR_TRY(make_nest(b, depth, base + k, end - k));
        k = end;
    }
    return ORR_OK;
}

/* Level by level, so that the list is sorted by depth and begin. */
static orr_status find_all_nests(builder *b)
{
    ORR_TRY(find_nests(b, b->keys, 0, 0, b->n));
    size_t from = 0;
    for (uint32_t depth = 1; depth < MOST_NESTS_DEPTH && from < b->n_nests; depth++) {
        size_t to = b->n_nests;
        for (; from < to; from++) {
            orr_nest nest = b->nests[from];
            ORR_TRY(find_nests(b, nest.keys, depth, nest.begin, nest.n));
        }
    }
    return ORR_OK;
}

/* ---- many bodies in one point ---- */

/* One body for all of a leaf with too many in one place. */
static orr_status make_points(builder *b)
{
    orr_tree *tree = b->tree;
    tree->n_points = 0;
    tree->point = NULL;
    for (size_t c = 0; c < tree->n_cells; c++) {
        const orr_cell *cell = &tree->cells[c];
        if (cell->children > 0 || cell->n <= b->leaf || cell->rho > 0)
            continue;
        if (!tree->point) {
            tree->point = orr_arena_alloc_raw(b->scratch, tree->n_cells * sizeof *tree->point);
            if (!tree->point)
                return ORR_E_NO_MEMORY;
            for (size_t k = 0; k < tree->n_cells; k++)
                tree->point[k] = UINT32_MAX;
        }
        size_t at = tree->n + tree->n_points++;
        tree->point[c] = (uint32_t)at;
        tree->x[at] = cell->z[0];
        tree->y[at] = cell->z[1];
        tree->z[at] = cell->z[2];
        tree->gm[at] = cell->gm * tree->total_gm;
    }
    return ORR_OK;
}

/* ---- all of it ---- */

static orr_status allocate(builder *b)
{
    orr_tree *tree = b->tree;
    size_t room = b->n + b->n / b->leaf + 16;
    tree->order = orr_arena_alloc_raw(b->scratch, b->n * sizeof *tree->order);
    tree->x = orr_arena_alloc_raw(b->scratch, room * sizeof(double));
    tree->y = orr_arena_alloc_raw(b->scratch, room * sizeof(double));
    tree->z = orr_arena_alloc_raw(b->scratch, room * sizeof(double));
    tree->gm = orr_arena_alloc_raw(b->scratch, room * sizeof(double));
    b->counts = orr_arena_alloc_raw(b->scratch, ORR_SORT_COUNTS * sizeof *b->counts);
    if (!tree->order || !tree->x || !tree->y || !tree->z || !tree->gm || !b->counts)
        return ORR_E_NO_MEMORY;
    b->spare_keys = (void *)tree->x;
    b->spare_order = (void *)tree->y;
    b->keys = (void *)tree->z;
    return ORR_OK;
}

static orr_status sort_bodies(builder *b)
{
    orr_where where;
    run(b, look);
    where = b->where[0];
    for (size_t chunk = 1; chunk < b->chunks; chunk++)
        where = orr_where_both(where, b->where[chunk]);
    if (!where.finite)
        return ORR_E_NOT_FINITE;
    for (size_t chunk = 0; chunk < b->chunks; chunk++)
        b->tree->total_gm += b->sum[chunk];
    for (size_t axis = 0; axis < 3; axis++)
        b->tree->extent = fmax(b->tree->extent, where.high[axis] - where.low[axis]);
    b->cube = orr_cube_around(&where);
    run(b, number);
    orr_sort_keys(b->keys, b->tree->order, b->n, b->spare_keys, b->spare_order, b->counts,
                  b->threads);
    return find_all_nests(b);
}

orr_status orr_tree_build(orr_tree *out, const orr_bodies *bodies, size_t first, size_t n,
                          bool sources, const orr_tree_rules *rules, orr_arena *scratch)
{
    size_t s = bodies->stride;
    *out = (orr_tree){.n = n};
    builder b = {.tree = out,
                 .x = {bodies->pos, bodies->pos + s, bodies->pos + 2 * s},
                 .gm = bodies->gm,
                 .first = first,
                 .n = n,
                 .chunks = 1 + n / LEAST_CHUNK < CHUNKS ? 1 + n / LEAST_CHUNK : CHUNKS,
                 .leaf = rules->leaf,
                 .threads = rules->threads,
                 .scratch = scratch};
    ORR_TRY(allocate(&b));
    ORR_TRY(sort_bodies(&b));
    orr_sorted sorted = {b.keys, b.nests, n, b.n_nests, rules->leaf, rules->threads};
    ORR_TRY(orr_cells_make(out, &sorted, scratch));
    run(&b, gather); /* the keys are gone now */
    ORR_TRY(orr_cells_fill(out, sources, rules, scratch));
    return sources ? make_points(&b) : ORR_OK;
}

double orr_tree_bytes(size_t n, bool sources, const orr_tree_rules *rules)
{
    /* Cells: leaves are a third full on average, and every seventh cell or so is none. */
    double bodies = (double)n, cells = 1 + 3.5 * bodies / (double)rules->leaf;
    double row = sources ? (double)orr_far_multipoles(rules->kind, rules->order) : 0;
    double cell = 64 + (sources ? 4 * row + 4 * ORR_POWER_ROW + 5 * 8 : 0);
    return 36 * bodies + 32 * bodies / (double)rules->leaf + cells * cell + 300000;
}
