/* upward.c - from the leaves to the root: centres of mass, radii, masses, multipoles.
 *
 * The radius of a cell is the lesser of two bounds: about the spheres of its children, and from its
 * centre to the corners of the bodies' box (Dehnen 2002, sec. 2.1). */
#include "cells.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/team.h"

typedef struct box {
    double low[3], high[3];
} box;

typedef struct filling {
    orr_tree *tree;
    const orr_tree_rules *rules;
    box *boxes; /* of the cells above and at the cuts */
    double *centre[3], *size, *gm;
    bool sources;
} filling;

static double square(double v)
{
    return v * v;
}

static double distance2(const double a[3], const double b[3])
{
    return square(a[0] - b[0]) + square(a[1] - b[1]) + square(a[2] - b[2]);
}

/* ---- a leaf from its bodies ---- */

static void centre_of_bodies(const filling *f, orr_cell *cell, box *b)
{
    const double *const x[3] = {f->tree->x, f->tree->y, f->tree->z}, *gm = f->tree->gm;
    double sum = 0, rho2 = 0;
    for (uint32_t k = cell->begin; k < cell->begin + cell->n; k++)
        sum += gm[k];
    for (size_t axis = 0; axis < 3; axis++) {
        /* About the first body, so that bodies in one point have just that for a centre. */
        double origin = x[axis][cell->begin], mean = 0, low = origin, high = origin;
        for (uint32_t k = cell->begin; k < cell->begin + cell->n; k++) {
            double at = x[axis][k];
            mean += (at - origin) * (sum > 0 ? gm[k] / sum : 1.0 / cell->n);
            low = at < low ? at : low;
            high = at > high ? at : high;
        }
        cell->z[axis] = origin + mean;
        b->low[axis] = low;
        b->high[axis] = high;
    }
    for (uint32_t k = cell->begin; k < cell->begin + cell->n; k++) {
        double at[3] = {x[0][k], x[1][k], x[2][k]};
        rho2 = fmax(rho2, distance2(at, cell->z));
    }
    cell->rho = sqrt(rho2);
    cell->gm = f->tree->total_gm > 0 ? sum / f->tree->total_gm : 0;
}

/* ---- a cell from its children ---- */

static void centre_of_children(const filling *f, orr_cell *cell, const box *of_child, box *b)
{
    const orr_cell *child = &f->tree->cells[cell->first];
    double sum = 0, by_children = 0, by_box = 0;
    for (uint32_t k = 0; k < cell->children; k++)
        sum += child[k].gm;
    *b = of_child[0];
    for (size_t axis = 0; axis < 3; axis++) {
        double origin = child[0].z[axis], mean = 0;
        for (uint32_t k = 0; k < cell->children; k++) {
            double weight = sum > 0 ? child[k].gm / sum : (double)child[k].n / cell->n;
            mean += (child[k].z[axis] - origin) * weight;
            b->low[axis] = fmin(b->low[axis], of_child[k].low[axis]);
            b->high[axis] = fmax(b->high[axis], of_child[k].high[axis]);
        }
        double z = cell->z[axis] = origin + mean;
        by_box += square(fmax(z - b->low[axis], b->high[axis] - z));
    }
    for (uint32_t k = 0; k < cell->children; k++)
        by_children = fmax(by_children, child[k].rho + sqrt(distance2(child[k].z, cell->z)));
    cell->rho = fmin(by_children, sqrt(by_box));
    cell->gm = sum;
}

/* ---- multipoles ---- */

/* What the kernels see of cell c. */
static void place(const filling *f, size_t c)
{
    const orr_cell *cell = &f->tree->cells[c];
    double least = f->tree->far.length * 0x1p-50;
    for (size_t axis = 0; axis < 3; axis++)
        f->centre[axis][c] = cell->z[axis];
    f->size[c] = cell->rho > least ? cell->rho : least;
    f->gm[c] = cell->gm * f->tree->total_gm;
}

/* Binomial coefficients and powers, for the bound of walk.c. */
static void keep_power(const filling *f, size_t c)
{
    int p = f->rules->order;
    float *power = f->tree->power + c * ORR_POWER_ROW, binomial = 1;
    memset(power, 0, ORR_POWER_ROW * sizeof *power);
    f->rules->far->power(&f->tree->far, c, power);
    for (int n = 0; n <= p; n++) {
        power[n] *= binomial;
        binomial = binomial * (float)(p - n) / (float)(n + 1);
    }
}

static void expand(const filling *f, size_t c)
{
    const orr_tree *tree = f->tree;
    const orr_cell *cell = &tree->cells[c];
    const orr_far_kernels *far = f->rules->far;
    size_t row = orr_far_multipoles(f->rules->kind, f->rules->order);
    place(f, c);
    if (!(cell->gm > 0)) { /* never asked for, but by its parent */
        memset(tree->far.multipoles + c * row, 0, row * sizeof(float));
        return;
    }
    if (cell->children == 0)
        far->p2m(&tree->far, c, tree->x, tree->y, tree->z, tree->gm, cell->begin, cell->n);
    else
        far->m2m(&tree->far, c, cell->first, cell->children);
    keep_power(f, c);
}

/* ---- the order of things ---- */

static void fill_below(const filling *f, size_t c, box *out)
{
    orr_cell *cell = &f->tree->cells[c];
    box boxes[8];
    for (uint32_t k = 0; k < cell->children; k++)
        fill_below(f, cell->first + k, &boxes[k]);
    if (cell->children > 0)
        centre_of_children(f, cell, boxes, out);
    else
        centre_of_bodies(f, cell, out);
    if (f->sources)
        expand(f, c);
}

static void fill_cut(void *context, size_t phase, size_t k)
{
    const filling *f = context;
    uint32_t c = f->tree->cuts[k];
    (void)phase;
    fill_below(f, c, &f->boxes[c]);
}

static void fill_top(const filling *f)
{
    orr_tree *tree = f->tree;
    for (size_t c = tree->n_top; c-- > 0;) { /* children stand behind their parents */
        orr_cell *cell = &tree->cells[c];
        if (cell->children == 0 || cell->first >= tree->n_top)
            continue; /* at a cut */
        centre_of_children(f, cell, &f->boxes[cell->first], &f->boxes[c]);
        if (f->sources)
            expand(f, c);
    }
}

static orr_status allocate(filling *f, orr_arena *scratch)
{
    orr_tree *tree = f->tree;
    size_t n = tree->n_cells, row = orr_far_multipoles(f->rules->kind, f->rules->order);
    f->boxes = orr_arena_alloc_raw(scratch, tree->n_top * sizeof *f->boxes);
    if (!f->boxes)
        return ORR_E_NO_MEMORY;
    if (!f->sources)
        return ORR_OK;
    double *parts = orr_arena_alloc_raw(scratch, 5 * n * sizeof *parts);
    tree->far.multipoles = orr_arena_alloc_raw(scratch, n * row * sizeof(float));
    tree->power = orr_arena_alloc_raw(scratch, n * ORR_POWER_ROW * sizeof(float));
    if (!parts || !tree->far.multipoles || !tree->power)
        return ORR_E_NO_MEMORY;
    for (size_t axis = 0; axis < 3; axis++)
        tree->far.z[axis] = f->centre[axis] = parts + axis * n;
    tree->far.size = f->size = parts + 3 * n;
    tree->far.gm = f->gm = parts + 4 * n;
    int exponent;
    frexp(tree->extent, &exponent);
    tree->far.length = tree->extent > 0 ? ldexp(1, exponent) : 1;
    return ORR_OK;
}

orr_status orr_cells_fill(orr_tree *tree, bool sources, const orr_tree_rules *rules,
                          orr_arena *scratch)
{
    filling f = {.tree = tree, .rules = rules, .sources = sources};
    ORR_TRY(allocate(&f, scratch));
    tree->far.mass = tree->total_gm;
    orr_team_run(rules->threads, 1, tree->n_cuts, fill_cut, &f);
    fill_top(&f);
    return ORR_OK;
}
