/* walk.c - the walk: which source cells act on which target cell, and how.
 *
 * A target cell takes the list of its parent's sources that were not far enough.  A source is far
 * enough if both spheres are well apart and the bound of Dehnen 2014, sec. 3, for the error of its
 * expansion is below `accuracy` times the least pull in the target cell:
 *
 *     8 max(rho_s, rho_t) / (rho_s + rho_t) sum_n binomial(p, n) P_n rho_t^(p-n) / R^(p+2)
 *
 * Else the larger of both is divided.  Lists are of limited length: when one is full, the children
 * work on what there is, and then on the rest; what lists do to a body is added up. */
#include "walk.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

enum { AHEAD = 8 /* cells that are on their way from memory while one is looked at */ };

/* ---- far enough? ---- */

/* R^n from R^2. */
static inline __attribute__((always_inline)) double power_of(double r2, int n)
{
    double product = n & 1 ? sqrt(r2) : 1;
    for (int k = 0; k < n / 2; k++)
        product *= r2;
    return product;
}

/* Which of up to ORR_BLOCK sources are far enough goes to the list of expansions, the others are
 * handed back in their order.  Without branches on what comes out: that is not to be guessed.
 * Lengths are over that of the tree, so that their powers stay in the range of doubles. */
static inline __attribute__((always_inline)) size_t
split(orr_walker *w, const orr_cell *t, const uint32_t *in, size_t n, uint32_t *near, int p)
{
    const orr_walk *walk = w->walk;
    const orr_cell *cells = walk->sources->cells;
    const float *powers = walk->sources->power;
    const double length = walk->sources->far.length, u = 1 / length, rt = t->rho * u;
    const double z[3] = {t->z[0], t->z[1], t->z[2]}, reach = walk->compact * u;
    const double limit = t->pull * length * length * walk->accuracy / 8;
    size_t n_far = w->n_far, n_near = 0;
    for (size_t k = 0; k < n; k++) {
        if (k + AHEAD < n) {
            __builtin_prefetch(&cells[in[k + AHEAD]]);
            __builtin_prefetch(powers + (size_t)in[k + AHEAD] * ORR_POWER_ROW);
        }
        const orr_cell *s = &cells[in[k]];
        const float *power = powers + (size_t)in[k] * ORR_POWER_ROW;
        double d0 = (s->z[0] - z[0]) * u, d1 = (s->z[1] - z[1]) * u, d2 = (s->z[2] - z[2]) * u;
        double r2 = d0 * d0 + d1 * d1 + d2 * d2, rs = s->rho * u, both = rs + rt;
        double sum = (double)power[0], power_s = 1;
        for (int m = 1; m <= p; m++) {
            power_s *= rs;
            sum = sum * rt + (double)power[m] * power_s;
        }
        bool is_far = (rs > rt ? rs : rt) * sum * s->gm < limit * both * power_of(r2, p + 2);
        is_far &= both * both < ORR_APART * ORR_APART * r2;
        is_far &= (both + reach) * (both + reach) < r2;
        w->far[n_far] = near[n_near] = in[k];
        n_far += is_far;
        n_near += !is_far;
    }
    w->n_far = n_far;
    return n_near;
}

size_t orr_split_far(orr_walker *w, const orr_cell *t, size_t row, const uint32_t *in, size_t n,
                     uint32_t near[ORR_BLOCK])
{
    if (w->n_far + n >= ORR_LIST)
        orr_flush_far(w, row);
    if (!(t->rho > 0)) { /* no expansion about a point: its body takes that of the source */
        memcpy(near, in, n * sizeof *in);
        return n;
    }
    switch (w->walk->order) {
    case 2:
        return split(w, t, in, n, near, 2);
    case 3:
        return split(w, t, in, n, near, 3);
    case 4:
        return split(w, t, in, n, near, 4);
    case 5:
        return split(w, t, in, n, near, 5);
    case 6:
        return split(w, t, in, n, near, 6);
    case 7:
        return split(w, t, in, n, near, 7);
    default:
        return split(w, t, in, n, near, 8);
    }
}

size_t orr_push_children(const orr_tree *sources, uint32_t c, uint32_t *stack, size_t top)
{
    const orr_cell *s = &sources->cells[c];
    for (uint32_t k = 0; k < s->children; k++) {
        stack[top] = s->first + k;
        top += sources->cells[s->first + k].gm > 0;
    }
    return top;
}

/* ---- cells ---- */

void orr_flush_far(orr_walker *w, size_t row)
{
    const orr_walk *walk = w->walk;
    if (w->n_far == 0)
        return;
    if (!w->has_row[row]) {
        memset(w->rows.locals + row * walk->row, 0, walk->row * sizeof(double));
        w->has_row[row] = true;
    }
    walk->rules->far->m2l(&w->rows, row, &walk->sources->far, w->far, w->n_far, walk->eps);
    w->n_far = 0;
}

static bool is_wanted(const orr_walk *walk, const orr_cell *t)
{
    return !walk->wanted || walk->wanted[t->begin + t->n] > walk->wanted[t->begin];
}

/* Rows of the children, and what their parent has. */
static void hand_down(orr_walker *w, const orr_cell *t, size_t depth, size_t row)
{
    const orr_tree *targets = w->walk->targets;
    size_t first = (depth + 1) * 8;
    bool has = w->has_row[row];
    for (uint32_t k = 0; k < t->children; k++) {
        const orr_cell *child = &targets->cells[t->first + k];
        double least = w->rows.length * 0x1p-50;
        for (size_t axis = 0; axis < 3; axis++)
            w->centre[axis][first + k] = child->z[axis];
        w->size[first + k] = child->rho > least ? child->rho : least;
        w->has_row[first + k] = has;
    }
    if (!has)
        return;
    memset(w->rows.locals + first * w->walk->row, 0, t->children * w->walk->row * sizeof(double));
    w->walk->rules->far->l2l(&w->rows, row, first, t->children);
}

static void visit(orr_walker *w, uint32_t c, size_t depth, size_t row);

/* The children of t work on what is handed on; `last`: and on the row of their parent. */
static void descend(orr_walker *w, const orr_cell *t, size_t depth, size_t row, bool last)
{
    bool has = w->has_row[row];
    w->has_row[row] = has && last;
    hand_down(w, t, depth, row);
    w->has_row[row] = has;
    for (uint32_t k = 0; k < t->children; k++) {
        bool on_path = depth + 1 > w->path_length || w->path[depth + 1] == t->first + k;
        if (on_path && is_wanted(w->walk, &w->walk->targets->cells[t->first + k]))
            visit(w, t->first + k, depth + 1, (depth + 1) * 8 + k);
    }
}

/* Sources of the parent's list: to the row of t, or to the list of its children. */
static void sift(orr_walker *w, const orr_cell *t, size_t depth, size_t row)
{
    const orr_tree *sources = w->walk->sources;
    uint32_t *stack = w->stack, *next = w->lists->at[depth + 1], near[ORR_BLOCK];
    uint32_t *n_next = &w->lists->n[depth + 1];
    size_t top = w->lists->n[depth];
    memcpy(stack, w->lists->at[depth], top * sizeof *stack);
    *n_next = 0;
    while (top > 0) {
        size_t n = top < ORR_BLOCK ? top : ORR_BLOCK, n_near;
        top -= n;
        n_near = orr_split_far(w, t, row, stack + top, n, near);
        if (*n_next + n_near > ORR_LIST) {
            orr_flush_far(w, row); /* its list is that of the children, too */
            descend(w, t, depth, row, false);
            *n_next = 0;
        }
        for (size_t k = 0; k < n_near; k++) {
            const orr_cell *s = &sources->cells[near[k]];
            if (s->rho > t->rho && s->children > 0)
                top = orr_push_children(sources, near[k], stack, top);
            else
                next[(*n_next)++] = near[k];
        }
    }
    orr_flush_far(w, row);
}

static void visit(orr_walker *w, uint32_t c, size_t depth, size_t row)
{
    const orr_cell *t = &w->walk->targets->cells[c];
    /* Not far below that of the parent, so that floats reach its surroundings. */
    w->scale[depth] = fmax(t->rho, depth > 0 ? w->scale[depth - 1] * 0x1p-8 : 0);
    if (!(w->scale[depth] > 0))
        w->scale[depth] = w->rows.length;
    if (t->children == 0) {
        orr_leaf_visit(w, t, depth, row);
        return;
    }
    sift(w, t, depth, row);
    descend(w, t, depth, row, true);
}

static void walk_cut(void *context, size_t phase, size_t k)
{
    const orr_walk *walk = context;
    const orr_tree *targets = walk->targets;
    int which;
    (void)phase;
    if (!is_wanted(walk, &targets->cells[targets->cuts[k]]))
        return;
    orr_lists *lists = orr_lists_take(walk->lists, walk->rules->threads, &which);
    orr_walker *w = &walk->walkers[which];
    w->path_length = orr_path_to(targets, targets->cuts[k], w->path);
    lists->at[0][0] = 0;
    lists->n[0] = 1;
    for (size_t axis = 0; axis < 3; axis++)
        w->centre[axis][0] = targets->cells[0].z[axis];
    w->size[0] = fmax(targets->cells[0].rho, w->rows.length * 0x1p-50);
    w->has_row[0] = false;
    visit(w, 0, 0, 0);
    orr_lists_give(walk->lists, which);
}

/* ---- workspace ---- */

static orr_status make_walker(orr_walk *walk, size_t k, orr_arena *scratch)
{
    enum { ROWS = 8 * (ORR_TREE_DEPTH + 1) };
    orr_walker *w = &walk->walkers[k];
    *w = (orr_walker){.walk = walk, .lists = &walk->lists[k]};
    double *numbers = orr_arena_alloc_raw(scratch, (size_t)ROWS * 4 * sizeof *numbers);
    double *locals = orr_arena_alloc_raw(scratch, ROWS * walk->row * sizeof *locals);
    w->has_row = orr_arena_alloc_raw(scratch, ROWS * sizeof *w->has_row);
    w->far = orr_arena_alloc_raw(scratch, (ORR_LIST + 1) * sizeof *w->far);
    w->stack = orr_arena_alloc_raw(scratch, ORR_STACK * sizeof *w->stack);
    if (!numbers || !locals || !w->has_row || !w->far || !w->stack)
        return ORR_E_NO_MEMORY;
    for (size_t axis = 0; axis < 3; axis++)
        w->rows.z[axis] = w->centre[axis] = numbers + axis * ROWS;
    w->rows.size = w->size = numbers + (size_t)3 * ROWS;
    w->rows.length = walk->sources->far.length;
    w->rows.mass = walk->sources->far.mass;
    w->rows.locals = locals;
    return orr_leaf_make(w, scratch);
}

orr_status orr_tree_walk(const orr_tree *targets, const orr_tree *sources, const uint32_t *wanted,
                         double share, const orr_tree_rules *rules, size_t stride,
                         const orr_eval *request, orr_arena *scratch)
{
    size_t threads = rules->threads > 1 ? (size_t)rules->threads : 1;
    orr_walk walk = {.targets = targets,
                     .sources = sources,
                     .wanted = wanted,
                     .rules = rules,
                     .request = request,
                     .stride = stride,
                     .order = rules->order,
                     .accuracy = rules->accuracy / share,
                     .row = orr_far_locals(rules->kind, rules->order)};
    if (!(sources->total_gm > 0))
        return ORR_OK;
    if (rules->kind == ORR_FULL)
        walk.eps = rules->softening.eps;
    else
        walk.compact = 3 * rules->softening.eps;
    orr_arena_mark before = orr_arena_here(scratch);
    orr_status status = ORR_E_NO_MEMORY;
    walk.lists = orr_lists_make(rules->threads, scratch);
    walk.walkers = orr_arena_alloc_raw(scratch, threads * sizeof *walk.walkers);
    if (walk.lists && walk.walkers) {
        status = ORR_OK;
        for (size_t k = 0; k < threads && status == ORR_OK; k++)
            status = make_walker(&walk, k, scratch);
        if (status == ORR_OK)
            orr_walk_cuts(rules->threads, targets, walk_cut, &walk);
    }
    orr_arena_release(scratch, before);
    return status;
}
