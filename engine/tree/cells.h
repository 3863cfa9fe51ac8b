/* cells.h - cells of a tree from sorted keys. */
#ifndef ORRERY_TREE_CELLS_H
#define ORRERY_TREE_CELLS_H

#include "tree.h"

/* Bodies [begin, begin + n), whose keys are alike to the last bit, have keys of their own. */
typedef struct orr_nest {
    uint32_t begin, n, depth;
    uint64_t *keys; /* [n] */
} orr_nest;

/* Sorted bodies: keys [n], and those within them, sorted by depth and begin. */
typedef struct orr_sorted {
    const uint64_t *keys;
    const orr_nest *nests;
    size_t n, n_nests, leaf;
    int threads;
} orr_sorted;

/* Makes the cells, parent, cuts of a tree: places and numbers only. */
orr_status orr_cells_make(orr_tree *tree, const orr_sorted *sorted, orr_arena *scratch);

/* upward.c: centres, radii, masses, multipoles. */
orr_status orr_cells_fill(orr_tree *tree, bool sources, const orr_tree_rules *rules,
                          orr_arena *scratch);

#endif
