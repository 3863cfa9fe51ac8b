/* cells.c - cells are ranges of the sorted keys with the same leading bits, found by bisection.
 *
 * A cell with one child is left out: what counts is where the keys of its first and last body part.
 * Bodies with the same key lie in one place of the grid; if they are many, and not in one point,
 * they have a grid of their own (a nest, see build.c), and the cells go on in that.
 *
 * The cells above the cuts come first, then the subtrees below each cut, one after another: first
 * all are counted, so that each knows its place, then made.  Where the cuts are hangs on the bodies
 * alone. */
#include "cells.h"

#include "base/arena.h"
#include "base/team.h"

enum { LEAST_CUT = 512, CUTS = 256, NO_PARENT = 0 };

/* Bodies [begin, begin + n), whose keys are keys[begin - base] ... */
typedef struct range {
    const uint64_t *keys;
    uint32_t base, begin, n, depth; /* depth: of nests */
} range;

typedef struct maker {
    orr_tree *tree;
    const orr_sorted *sorted;
    size_t cut;
    range *ranges;    /* of the cuts */
    uint32_t *blocks; /* where the cells below them begin [cuts + 1] */
    size_t n_top, n_cuts;
} maker;

static const orr_nest *find_nest(const orr_sorted *s, uint32_t depth, uint32_t begin)
{
    size_t low = 0, high = s->n_nests;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const orr_nest *nest = &s->nests[middle];
        if (nest->depth < depth || (nest->depth == depth && nest->begin < begin))
            low = middle + 1;
        else
            high = middle;
    }
    const orr_nest *nest = &s->nests[low];
    return low < s->n_nests && nest->depth == depth && nest->begin == begin ? nest : NULL;
}

/* Is it to be divided?  Then its first and last key are not the same, in its nest if need be. */
static bool is_divided(const orr_sorted *s, range *r)
{
    if (r->n <= s->leaf)
        return false;
    const uint64_t *keys = r->keys + (r->begin - r->base);
    if (keys[0] != keys[r->n - 1])
        return true;
    const orr_nest *nest = find_nest(s, r->depth, r->begin);
    if (!nest)
        return false;
    r->keys = nest->keys;
    r->base = nest->begin;
    r->depth++;
    return true;
}

/* The parts of a range that is divided; returns how many. */
static uint32_t divide(const range *r, range parts[8])
{
    const uint64_t *keys = r->keys + (r->begin - r->base);
    uint64_t first = keys[0], differ = first ^ keys[r->n - 1];
    unsigned shift = (unsigned)(63 - __builtin_clzll(differ)) / 3 * 3;
    uint64_t prefix = first >> (shift + 3);
    uint32_t parts_n = 0, at = 0;
    for (uint64_t digit = 0; digit < 8; digit++) {
        uint64_t end = ((prefix << 3 | digit) + 1) << shift; /* keys below it */
        uint32_t low = at, high = r->n;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (keys[middle] < end)
                low = middle + 1;
            else
                high = middle;
        }
        if (low > at)
            parts[parts_n++] = (range){r->keys, r->base, r->begin + at, low - at, r->depth};
        at = low;
    }
    return parts_n;
}

/* ---- above the cuts ---- */

static void place_cell(const maker *m, uint32_t self, const range *r, uint32_t first,
                       uint32_t children)
{
    orr_cell *cell = &m->tree->cells[self];
    cell->begin = r->begin;
    cell->n = r->n;
    cell->first = first;
    cell->children = children;
}

/* Count cells above the cuts, and cuts; if there is room for them, write them down. */
static void make_top(maker *m, range r, uint32_t self)
{
    orr_tree *tree = m->tree;
    if (r.n <= m->cut || !is_divided(m->sorted, &r)) {
        if (m->ranges) {
            tree->cuts[m->n_cuts] = self;
            m->ranges[m->n_cuts] = r;
        }
        m->n_cuts++;
        return;
    }
    range parts[8];
    uint32_t n = divide(&r, parts), first = (uint32_t)m->n_top;
    m->n_top += n;
    if (m->ranges)
        place_cell(m, self, &r, first, n);
    for (uint32_t k = 0; k < n; k++) {
        if (m->ranges)
            tree->parent[first + k] = self;
        make_top(m, parts[k], first + k);
    }
}

/* ---- below them ---- */

static uint32_t count_below(const orr_sorted *s, range r)
{
    if (!is_divided(s, &r))
        return 0;
    range parts[8];
    uint32_t n = divide(&r, parts), sum = n;
    for (uint32_t k = 0; k < n; k++)
        sum += count_below(s, parts[k]);
    return sum;
}

static void make_below(const maker *m, range r, uint32_t self, uint32_t *next)
{
    if (!is_divided(m->sorted, &r)) {
        place_cell(m, self, &r, 0, 0);
        return;
    }
    range parts[8];
    uint32_t n = divide(&r, parts), first = *next;
    *next += n;
    place_cell(m, self, &r, first, n);
    for (uint32_t k = 0; k < n; k++)
        make_below(m, parts[k], first + k, next);
}

static void count_cut(void *context, size_t phase, size_t k)
{
    const maker *m = context;
    (void)phase;
    m->blocks[k + 1] = count_below(m->sorted, m->ranges[k]);
}

static void make_cut(void *context, size_t phase, size_t k)
{
    const maker *m = context;
    uint32_t next = m->blocks[k];
    (void)phase;
    make_below(m, m->ranges[k], m->tree->cuts[k], &next);
}

orr_status orr_cells_make(orr_tree *tree, const orr_sorted *sorted, orr_arena *scratch)
{
    maker m = {.tree = tree, .sorted = sorted, .cut = sorted->n / CUTS, .n_top = 1};
    range all = {sorted->keys, 0, 0, (uint32_t)sorted->n, 0};
    if (m.cut < LEAST_CUT)
        m.cut = LEAST_CUT;
    make_top(&m, all, 0);
    tree->n_top = m.n_top;
    tree->n_cuts = m.n_cuts;
    tree->parent = orr_arena_alloc_raw(scratch, m.n_top * sizeof *tree->parent);
    tree->cuts = orr_arena_alloc_raw(scratch, m.n_cuts * sizeof *tree->cuts);
    range *ranges = orr_arena_alloc_raw(scratch, m.n_cuts * sizeof *ranges);
    m.blocks = orr_arena_alloc_raw(scratch, (m.n_cuts + 1) * sizeof *m.blocks);
    /* The cells above the cuts are few: into an array of their own first, since the number of the
     * others is not known yet. */
    orr_cell *top = orr_arena_alloc_raw(scratch, m.n_top * sizeof *top);
    if (!tree->parent || !tree->cuts || !ranges || !m.blocks || !top)
        return ORR_E_NO_MEMORY;
    m.ranges = ranges;
    m.n_top = 1;
    m.n_cuts = 0;
    tree->cells = top;
    tree->parent[0] = NO_PARENT;
    make_top(&m, all, 0);
    orr_team_run(sorted->threads, 1, m.n_cuts, count_cut, &m);
    m.blocks[0] = (uint32_t)m.n_top;
    for (size_t k = 0; k < m.n_cuts; k++)
        m.blocks[k + 1] += m.blocks[k];
    tree->n_cells = m.blocks[m.n_cuts];
    tree->cells = orr_arena_alloc_raw(scratch, tree->n_cells * sizeof *tree->cells);
    if (!tree->cells)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < m.n_top; k++)
        tree->cells[k] = top[k];
    orr_team_run(sorted->threads, 1, m.n_cuts, make_cut, &m);
    return ORR_OK;
}
