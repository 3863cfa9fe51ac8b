/* walk.h - what walk.c and leaf.c share. */
#ifndef ORRERY_TREE_WALK_H
#define ORRERY_TREE_WALK_H

#include "tree.h"
#include "workspace.h"

enum {
    ORR_SPANS = 4096,        /* ranges of bodies in a list */
    ORR_NEAR_SOURCES = 8192, /* bodies in it */
    ORR_LEAF_TARGETS = 256,  /* bodies that are pulled at once */
    ORR_BLOCK = 64,          /* sources looked at at once; while they are divided, so many wait: */
    ORR_STACK = ORR_LIST + ORR_BLOCK * ORR_EXPANDED
};

/* Sum of radii over distance, at most. */
#define ORR_APART 0.9

typedef struct orr_walker orr_walker;

typedef struct orr_walk {
    const orr_tree *targets, *sources;
    const uint32_t *wanted; /* or NULL */
    const orr_tree_rules *rules;
    const orr_eval *request;
    size_t stride, row; /* doubles in a row of locals */
    int order;
    double accuracy;     /* of the pulls of all sources, over the share of these */
    double eps, compact; /* [length] of expansions, and the least distance for them */
    orr_lists *lists;    /* [threads], and so are these */
    orr_walker *walkers;
} orr_walk;

/* What one thread has. */
struct orr_walker {
    const orr_walk *walk;
    orr_lists *lists;
    uint32_t path[ORR_TREE_DEPTH]; /* to the subtree that is walked */
    size_t path_length;
    orr_far_cells rows; /* eight for each level: the children of a cell */
    double *centre[3], *size;
    bool *has_row;
    double scale[ORR_TREE_DEPTH + 1]; /* of lengths, on the way down */
    uint32_t *far;                    /* cells to be expanded about the target [ORR_LIST] */
    size_t n_far;
    uint32_t *stack; /* [ORR_STACK] */
    /* leaf.c: */
    orr_near near; /* bodies of the leaf */
    double *place[3];
    uint32_t *index; /* of these bodies in the user's arrays */
    orr_span *spans;
    size_t span_bodies;
    uint32_t *direct; /* cells whose multipoles act on bodies [ORR_LIST] */
    size_t n_direct;
};

/* Up to ORR_BLOCK sources: those that are far enough go to w->far, the others to near[]; returns
 * how many these are. */
size_t orr_split_far(orr_walker *w, const orr_cell *t, size_t row, const uint32_t *in, size_t n,
                     uint32_t near[ORR_BLOCK]);

/* Put the children of a source on a stack, returns its new height. */
size_t orr_push_children(const orr_tree *sources, uint32_t c, uint32_t *stack, size_t top);

/* The expansions in the list, added to a row of the target. */
void orr_flush_far(orr_walker *w, size_t row);

orr_status orr_leaf_make(orr_walker *w, orr_arena *scratch);
void orr_leaf_visit(orr_walker *w, const orr_cell *t, size_t depth, size_t row);

#endif
