/* tree.h - an octree of bodies, and gravity by a walk of two trees.
 *
 *     bodies -> 63-bit Morton keys -> radix sort -> cells -> centres, radii, multipoles
 *               (key.c)               (sort.c)      (cells.c)  (upward.c)
 *
 *     for each target cell, from the root down, a list of source cells:
 *         far enough: expansion of the target cell (M2L); else handed to its children;
 *         at a leaf:  multipoles on bodies (M2P), or pairs (near.h)               (walk.c, leaf.c)
 *
 * The walk is one-sided: each target cell has its own lists, so tasks over target subtrees share
 * nothing that they write, only wanted targets are walked, and the bits do not depend on the
 * number of threads.  All is a pure function of the bodies and the rules.
 *
 * Dehnen 2002, doi 10.1006/jcph.2002.7026, and 2014, doi 10.1186/s40668-014-0001-7. */
#ifndef ORRERY_TREE_H
#define ORRERY_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/bodies.h>
#include <orrery/problem.h>

#include "kernels/gravity/far.h"

enum {
    ORR_TREE_DEPTH = 132, /* levels of cells, at most: six times 21 and the root */
    ORR_POWER_ROW = 16    /* floats a cell */
};

/* 64 bytes: what the walk looks at.  Bodies of a cell are contiguous, and so are its children. */
typedef struct orr_cell {
    double z[3];       /* centre of mass; without mass, the mean place [length] */
    double rho;        /* radius about it of all bodies [length] */
    double gm;         /* over that of the tree */
    double pull;       /* of targets: least pull on a body, see pull.c [1/length2] */
    uint32_t begin, n; /* bodies, in the order of the tree */
    uint32_t first;    /* child */
    uint32_t children; /* 0: a leaf */
} orr_cell;

/* How a tree is made and walked. */
typedef struct orr_tree_rules {
    const orr_far_kernels *far;
    orr_near_fn *near;
    orr_expansion kind;
    int order;       /* p */
    double accuracy; /* eps of Dehnen 2014: of a body's pull */
    orr_softening softening;
    size_t leaf;          /* most bodies in a leaf */
    uint32_t few_sources; /* fewer bodies than that are summed, not expanded, on a leaf */
    uint32_t few_pairs;   /* of a leaf and a cell: summed */
    int threads;
} orr_tree_rules;

typedef struct orr_tree {
    size_t n, n_cells;
    uint32_t *order;        /* place in the user's arrays of each body */
    double *x, *y, *z, *gm; /* in the order of the tree, [n + n_points] */
    orr_cell *cells;        /* [0]: the root */
    uint32_t *parent;       /* of the cells above and at the cuts [n_top] */
    size_t n_top;
    uint32_t *cuts; /* subtrees that are tasks */
    size_t n_cuts;
    double total_gm; /* [length3/time2] */
    double extent;   /* of the bodies' box [length] */
    uint32_t n_points;
    uint32_t *point; /* for a leaf with more bodies than one may have, all in one place: where in x,
                        y, z, gm one body stands for all; else UINT32_MAX.  NULL: there is none */
    /* Sources only: */
    orr_far_cells far;
    float *power; /* binomial(p, n) P_n, scaled as far.power() does [n_cells ORR_POWER_ROW] */
} orr_tree;

/* A tree of bodies [first, first + n) of b, n > 0; with multipoles if they are to be sources.  In
 * scratch.  ORR_E_NOT_FINITE if a position is not, ORR_E_NO_MEMORY. */
orr_status orr_tree_build(orr_tree *out, const orr_bodies *b, size_t first, size_t n, bool sources,
                          const orr_tree_rules *rules, orr_arena *scratch);

/* The same targets, shifted [length]: for orr_tree_walk() alone.  Shares all but places with `of`.
 * In scratch.  ORR_E_NO_MEMORY. */
orr_status orr_tree_shift_targets(orr_tree *out, const orr_tree *of, const double shift[3],
                                  orr_arena *scratch);

/* Bytes that a tree of n bodies takes, about. */
double orr_tree_bytes(size_t n, bool sources, const orr_tree_rules *rules);

/* cells[].pull of the targets, by all of the sources [n_sources]. */
orr_status orr_tree_pulls(orr_tree *targets, const orr_tree *const sources[], size_t n_sources,
                          const orr_tree_rules *rules, orr_arena *scratch);

/* Add what sources do to targets to the wanted outputs of the request.  wanted: those of the
 * targets that are, as counts of those before [targets->n + 1]; NULL: all.  share: of the mass of
 * all sources that pulls were found for. */
orr_status orr_tree_walk(const orr_tree *targets, const orr_tree *sources, const uint32_t *wanted,
                         double share, const orr_tree_rules *rules, size_t stride,
                         const orr_eval *request, orr_arena *scratch);

#endif
