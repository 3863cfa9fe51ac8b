/* workspace.c - see workspace.h. */
#include "workspace.h"

#include "base/arena.h"

orr_lists *orr_lists_make(int threads, orr_arena *scratch)
{
    size_t n = threads > 1 ? (size_t)threads : 1;
    orr_lists *lists = orr_arena_alloc_raw(scratch, n * sizeof *lists);
    for (size_t k = 0; lists && k < n; k++) {
        atomic_init(&lists[k].busy, false);
        lists[k].at = orr_arena_alloc_raw(scratch, (ORR_TREE_DEPTH + 1) * sizeof *lists[k].at);
        if (!lists[k].at)
            return NULL;
    }
    return lists;
}

orr_lists *orr_lists_take(orr_lists *lists, int n, int *which)
{
    for (int k = 0;; k = k + 1 < n ? k + 1 : 0)
        if (!atomic_exchange_explicit(&lists[k].busy, true, memory_order_acquire)) {
            *which = k;
            return &lists[k];
        }
}

void orr_lists_give(orr_lists *lists, int which)
{
    atomic_store_explicit(&lists[which].busy, false, memory_order_release);
}

void orr_walk_cuts(int threads, const orr_tree *targets, orr_task *walk, void *context)
{
    enum { MANY = 128 }; /* so that waiting for the last one costs a percent at most */
    if (targets->n_cuts >= MANY)
        orr_team_play(threads, 1, targets->n_cuts, walk, context);
    else
        orr_team_run(threads, 1, targets->n_cuts, walk, context);
}

size_t orr_path_to(const orr_tree *tree, uint32_t cell, uint32_t path[ORR_TREE_DEPTH])
{
    size_t depth = 0;
    for (uint32_t c = cell; c != 0; c = tree->parent[c])
        depth++;
    path[depth] = cell;
    for (size_t d = depth; d > 0; d--)
        path[d - 1] = tree->parent[path[d]];
    return depth;
}
