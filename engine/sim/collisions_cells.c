/* collisions_cells.c - which of many boxes overlap.
 *
 * Boxes go by their size into levels, each of half the size of the one before, and in a level by
 * their middles into cells twice as large as the largest half of a box: two boxes of a level that
 * overlap are in neighbouring cells, and a smaller one meets a larger one in the cells around its
 * place there.  The cells of a level are a table that repeats itself in space, so that it needs no
 * bounds; far boxes that share a place are told apart when they are compared.  Places that are
 * neighbours in x are neighbours in memory.
 * Hierarchical grids: Mirtich 1996, "Impulse-based dynamic simulation", thesis, Berkeley, 3.5. */
#include "collisions_cells.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static double size_of(const orr_box *one)
{
    double most = one->half[0] > one->half[1] ? one->half[0] : one->half[1];
    return most > one->half[2] ? most : one->half[2];
}

bool orr_box_is_finite(const orr_box *one)
{
    double sum = 0;
    for (int c = 0; c < 3; c++)
        sum += fabs(one->middle[c]) + one->half[c];
    return sum < INFINITY;
}

static int64_t cell_at(const orr_level *l, double x)
{
    double cell = floor(x / l->size);
    return fabs(cell) < 1e15 ? (int64_t)cell : 0;
}

static size_t place_at(const orr_level *l, int64_t x, int64_t y, int64_t z)
{
    uint64_t mx = ((uint64_t)1 << l->bits[0]) - 1, my = ((uint64_t)1 << l->bits[1]) - 1,
             mz = ((uint64_t)1 << l->bits[2]) - 1;
    return (((uint64_t)z & mz) << (l->bits[0] + l->bits[1])) | (((uint64_t)y & my) << l->bits[0]) |
           ((uint64_t)x & mx);
}

static size_t places(const orr_level *l)
{
    return (size_t)1 << (l->bits[0] + l->bits[1] + l->bits[2]);
}

/* The sizes of its table: about as many places as boxes, shared out so that the extent of the boxes
 * in each direction is covered as evenly as it can be. */
static void shape_table(orr_level *l, size_t n, const double extent[3])
{
    double cells[3];
    for (int c = 0; c < 3; c++) {
        cells[c] = extent[c] / l->size + 1;
        l->bits[c] = 0;
    }
    for (size_t have = 1; have < n; have *= 2) {
        int widest = 0;
        for (int c = 1; c < 3; c++)
            if (cells[c] > cells[widest])
                widest = c;
        if (cells[widest] <= 1)
            break;
        cells[widest] /= 2;
        l->bits[widest]++;
    }
}

static int level_of(double largest, double size)
{
    int k = size > 0 ? ilogb(largest / size) : ORR_MOST_LEVELS;
    return k < 0 ? 0 : k >= ORR_MOST_LEVELS ? ORR_MOST_LEVELS - 1 : k;
}

/* Where each box belongs: its level and its place there. */
typedef struct address {
    uint32_t level, place;
} address;

static orr_status make_levels(const orr_box *boxes, size_t n, orr_arena *memory, orr_grid *out,
                              int level_at[ORR_MOST_LEVELS], double *largest)
{
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
    size_t count[ORR_MOST_LEVELS] = {0};
    *largest = 0;
    for (size_t i = 0; i < n; i++)
        *largest = orr_box_is_finite(&boxes[i]) ? fmax(*largest, size_of(&boxes[i])) : *largest;
    for (size_t i = 0; i < n; i++) {
        if (!orr_box_is_finite(&boxes[i]))
            continue;
        count[level_of(*largest, size_of(&boxes[i]))]++;
        for (int c = 0; c < 3; c++) {
            low[c] = fmin(low[c], boxes[i].middle[c]);
            high[c] = fmax(high[c], boxes[i].middle[c]);
        }
    }
    for (int k = 0; k < ORR_MOST_LEVELS; k++) {
        level_at[k] = out->n_levels;
        if (count[k] == 0)
            continue;
        orr_level *l = &out->levels[out->n_levels++];
        const double extent[3] = {high[0] - low[0], high[1] - low[1], high[2] - low[2]};
        l->size = *largest > 0 ? 2 * ldexp(*largest, -k) : 1;
        shape_table(l, count[k], extent);
        l->start = orr_arena_alloc(memory, (places(l) + 1) * sizeof *l->start);
        if (!l->start)
            return ORR_E_NO_MEMORY;
        memset(l->start, 0, (places(l) + 1) * sizeof *l->start);
    }
    return ORR_OK;
}

orr_status orr_grid_make(const orr_box *boxes, size_t n, orr_arena *memory, orr_grid *out)
{
    int level_at[ORR_MOST_LEVELS];
    double largest;
    *out = (orr_grid){0};
    orr_box *sorted = orr_arena_alloc(memory, (n + 1) * sizeof *sorted);
    address *where = orr_arena_alloc(memory, (n + 1) * sizeof *where);
    if (!sorted || !where)
        return ORR_E_NO_MEMORY;
    out->boxes = sorted;
    ORR_TRY(make_levels(boxes, n, memory, out, level_at, &largest));
    for (size_t i = 0; i < n; i++) {
        if (!orr_box_is_finite(&boxes[i]))
            continue;
        int k = level_at[level_of(largest, size_of(&boxes[i]))];
        const orr_level *l = &out->levels[k];
        const double *x = boxes[i].middle;
        where[i].level = (uint32_t)k;
        where[i].place =
            (uint32_t)place_at(l, cell_at(l, x[0]), cell_at(l, x[1]), cell_at(l, x[2]));
        l->start[where[i].place]++;
        out->n++;
    }
    uint32_t sum = 0;
    for (int k = 0; k < out->n_levels; k++)
        for (size_t m = 0; m <= places(&out->levels[k]); m++) { /* to the ends of places ... */
            sum += out->levels[k].start[m];
            out->levels[k].start[m] = sum;
        }
    for (size_t i = n; i-- > 0;) /* ... which become their starts */
        if (orr_box_is_finite(&boxes[i]))
            sorted[--out->levels[where[i].level].start[where[i].place]] = boxes[i];
    return ORR_OK;
}

/* Cells from..to in one direction, as places of the table: each once. */
typedef struct span {
    int64_t from, to;
} span;

static span span_of(const orr_level *l, const orr_box *one, int c)
{
    double wide = one->half[c] + l->size / 2;
    span s = {cell_at(l, one->middle[c] - wide), cell_at(l, one->middle[c] + wide)};
    int64_t all = (int64_t)1 << l->bits[c];
    if (s.to - s.from >= all || s.to < s.from)
        s = (span){0, all - 1};
    return s;
}

/* Boxes `first` and later of a run of places in x. */
static orr_status visit(const orr_grid *cells, const orr_level *l, const orr_box *one, size_t place,
                        int64_t run, size_t first, orr_overlap_fn *fn, void *user)
{
    size_t from = l->start[place], to = l->start[place + (size_t)run];
    for (size_t k = from > first ? from : first; k < to; k++)
        if (orr_boxes_overlap(one, &cells->boxes[k]))
            ORR_TRY(fn(user, one, &cells->boxes[k]));
    return ORR_OK;
}

static orr_status visit_level(const orr_grid *cells, const orr_level *l, const orr_box *one,
                              size_t first, orr_overlap_fn *fn, void *user)
{
    const span x = span_of(l, one, 0), y = span_of(l, one, 1), z = span_of(l, one, 2);
    const int64_t wide = (int64_t)1 << l->bits[0];
    for (int64_t k = z.from; k <= z.to; k++)
        for (int64_t j = y.from; j <= y.to; j++)
            for (int64_t i = x.from; i <= x.to;) {
                int64_t here = i & (wide - 1), run = x.to - i + 1;
                if (run > wide - here)
                    run = wide - here; /* the table begins again */
                ORR_TRY(visit(cells, l, one, place_at(l, i, j, k), run, first, fn, user));
                i += run;
            }
    return ORR_OK;
}

orr_status orr_grid_pairs(const orr_grid *cells, orr_overlap_fn *fn, void *user)
{
    size_t k = 0;
    for (int level = 0; level < cells->n_levels; level++) {
        const orr_level *own = &cells->levels[level];
        for (size_t end = own->start[places(own)]; k < end; k++) {
            for (int other = 0; other < level; other++)
                ORR_TRY(visit_level(cells, &cells->levels[other], &cells->boxes[k], 0, fn, user));
            ORR_TRY(visit_level(cells, own, &cells->boxes[k], k + 1, fn, user));
        }
    }
    return ORR_OK;
}

orr_status orr_grid_around(const orr_grid *cells, const orr_box *one, orr_overlap_fn *fn,
                           void *user)
{
    for (int level = 0; level < cells->n_levels; level++)
        ORR_TRY(visit_level(cells, &cells->levels[level], one, 0, fn, user));
    return ORR_OK;
}
