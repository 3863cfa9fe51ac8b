/* workspace.h - lists of source cells, one for each level of the target's tree, for each thread. */
#ifndef ORRERY_TREE_WORKSPACE_H
#define ORRERY_TREE_WORKSPACE_H

#include <stdatomic.h>

#include "base/team.h"
#include "tree.h"

enum {
    ORR_LIST = 4096,                      /* cells in a list */
    ORR_EXPANDED = 7 * ORR_TREE_DEPTH + 9 /* cells that wait while one is divided down to a leaf */
};

typedef struct orr_lists {
    atomic_bool busy;
    uint32_t (*at)[ORR_LIST];
    uint32_t n[ORR_TREE_DEPTH + 1];
} orr_lists;

/* One for each thread; NULL: no memory. */
orr_lists *orr_lists_make(int threads, orr_arena *scratch);

/* One that nobody else has: there are as many as threads.  *which: its number. */
orr_lists *orr_lists_take(orr_lists *lists, int n, int *which);
void orr_lists_give(orr_lists *lists, int which);

/* A walk of each cut of a tree.  Many walks are not left to one thread because shorter phases before
 * (the sort) were held up by other processes. */
void orr_walk_cuts(int threads, const orr_tree *targets, orr_task *walk, void *context);

/* From the root to a cell at or above the cuts: path[0] = 0 ... path[returned] = cell. */
size_t orr_path_to(const orr_tree *tree, uint32_t cell, uint32_t path[ORR_TREE_DEPTH]);

#endif
