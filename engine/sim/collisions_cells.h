/* collisions_cells.h - boxes in cells: which of many boxes overlap. */
#ifndef ORRERY_SIM_COLLISIONS_CELLS_H
#define ORRERY_SIM_COLLISIONS_CELLS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/status.h>

#include "base/arena.h"

typedef struct orr_box {
    double middle[3], half[3];
    uint32_t owner, image; /* of the caller */
} orr_box;

enum { ORR_MOST_LEVELS = 24 };

/* Cells of one size, a table that repeats itself: cell i is in place i modulo 2^bits. */
typedef struct orr_level {
    double size; /* [length] of a cell: twice the largest half of its boxes, or more */
    int bits[3];
    uint32_t *start; /* [places + 1] the first box in each place */
} orr_level;

typedef struct orr_grid {
    const orr_box *boxes; /* [n] in the order of levels and places */
    size_t n;
    orr_level levels[ORR_MOST_LEVELS]; /* from large boxes to small ones */
    int n_levels;
} orr_grid;

/* Sorts the boxes (into memory of the arena); those with a value that is not finite are left out.
 * ORR_E_NO_MEMORY. */
orr_status orr_grid_make(const orr_box *boxes, size_t n, orr_arena *memory, orr_grid *out);

typedef orr_status orr_overlap_fn(void *user, const orr_box *a, const orr_box *b);

/* Calls fn for every pair of boxes that overlap, once. */
orr_status orr_grid_pairs(const orr_grid *cells, orr_overlap_fn *fn, void *user);
/* Calls fn(one, other) for every box that overlaps this one, which need not be one of them. */
orr_status orr_grid_around(const orr_grid *cells, const orr_box *one, orr_overlap_fn *fn,
                           void *user);

bool orr_box_is_finite(const orr_box *one);

/* Of finite boxes. */
static inline bool orr_boxes_overlap(const orr_box *a, const orr_box *b)
{
    double apart = -INFINITY; /* without branches: most are near misses */
    for (int c = 0; c < 3; c++) {
        double d = fabs(a->middle[c] - b->middle[c]) - (a->half[c] + b->half[c]);
        apart = d > apart ? d : apart;
    }
    return apart <= 0;
}

#endif
