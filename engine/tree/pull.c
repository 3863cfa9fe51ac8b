/* pull.c - how strongly bodies are pulled, about: what errors are measured by.
 *
 * A walk as in walk.c, but of the lowest order: each source cell is a point mass, and what pulls a
 * cell pulls all of its bodies alike.  The strength of a body is the length of the sum, but not
 * less than a part of the sum of lengths, which does not vanish where forces balance (Dehnen 2014,
 * sec. 4).  Within a factor of two or so is good enough. */
#include "tree.h"

#include <math.h>

#include "base/arena.h"
#include "workspace.h"

enum { MOST_TREES = 2, SECOND = 1 << 30 /* in a list: a cell of the second tree of sources */ };

static const double balanced = 0.3; /* that part of the sum of lengths */

typedef struct strength {
    double g[3], f; /* the sum, and the sum of lengths [1/length2] */
} strength;

typedef struct pulls {
    orr_tree *targets;
    const orr_tree *sources[MOST_TREES];
    double weight[MOST_TREES]; /* of a tree among all */
    double eps2;
    orr_lists *lists; /* [rules->threads] */
    int n_lists;
} pulls;

/* A body does not pull itself.  What is pulled least in a cell is taken to be its heaviest body: a
 * star among planetesimals feels those alone. */
static double others_in(const orr_tree *tree, const orr_cell *cell)
{
    double most = 0, sum = 0;
    for (uint32_t k = cell->begin; k < cell->begin + cell->n; k++) {
        double gm = tree->gm[k];
        sum += gm < most ? gm : most;
        most = gm > most ? gm : most;
    }
    return tree->total_gm > 0 ? sum / tree->total_gm : 0;
}

static void add_point(const pulls *p, const orr_cell *t, const orr_cell *s, double weight,
                      strength *sum)
{
    double d[3], r2 = p->eps2;
    for (size_t axis = 0; axis < 3; axis++) {
        d[axis] = s->z[axis] - t->z[axis];
        r2 += d[axis] * d[axis];
    }
    double both2 = t->rho * t->rho + s->rho * s->rho;
    r2 = r2 > both2 ? r2 : both2; /* neighbours, and the cell itself */
    if (!(r2 > 0))
        return;
    double gm = s == t ? others_in(p->targets, t) : s->gm;
    double f = weight * gm / r2, per_r = f / sqrt(r2);
    sum->f += f;
    for (size_t axis = 0; axis < 3; axis++)
        sum->g[axis] += per_r * d[axis];
}

/* Sources of a list that are not far enough from t go on to the next list, or count as they are. */
static void sift(const pulls *p, orr_lists *lists, const orr_cell *t, size_t depth, strength *sum)
{
    uint32_t stack[ORR_EXPANDED];
    uint32_t *next = lists->at[depth + 1];
    uint32_t n_next = 0;
    for (uint32_t k = 0; k < lists->n[depth]; k++) {
        size_t top = 0;
        stack[top++] = lists->at[depth][k];
        while (top > 0) {
            uint32_t entry = stack[--top], second = entry & SECOND;
            const orr_tree *sources = p->sources[second != 0];
            const orr_cell *s = &sources->cells[entry ^ second];
            double d0 = s->z[0] - t->z[0], d1 = s->z[1] - t->z[1], d2 = s->z[2] - t->z[2];
            double both = t->rho + s->rho;
            bool is_far = both * both < d0 * d0 + d1 * d1 + d2 * d2;
            if (!is_far && s->children > 0 && (t->children == 0 || s->rho > t->rho)) {
                for (uint32_t c = 0; c < s->children; c++)
                    stack[top++] = (s->first + c) | second;
            } else if (!is_far && t->children > 0 && n_next < ORR_LIST) {
                next[n_next++] = entry;
            } else {
                add_point(p, t, s, p->weight[second != 0], sum);
            }
        }
    }
    lists->n[depth + 1] = n_next;
}

static double length_of(const strength *s)
{
    double g = sqrt(s->g[0] * s->g[0] + s->g[1] * s->g[1] + s->g[2] * s->g[2]);
    return fmax(g, balanced * s->f);
}

/* The least strength among the bodies of a cell. */
static double visit(const pulls *p, orr_lists *lists, uint32_t c, size_t depth, strength sum)
{
    orr_cell *t = &p->targets->cells[c];
    sift(p, lists, t, depth, &sum);
    t->pull = t->children > 0 ? INFINITY : length_of(&sum);
    for (uint32_t k = 0; k < t->children; k++)
        t->pull = fmin(t->pull, visit(p, lists, t->first + k, depth + 1, sum));
    return t->pull;
}

static void visit_cut(void *context, size_t phase, size_t k)
{
    const pulls *p = context;
    uint32_t path[ORR_TREE_DEPTH];
    size_t depth = orr_path_to(p->targets, p->targets->cuts[k], path);
    strength sum = {0};
    int which;
    (void)phase;
    orr_lists *lists = orr_lists_take(p->lists, p->n_lists, &which);
    lists->n[0] = 0;
    for (uint32_t tree = 0; tree < MOST_TREES && p->sources[tree]; tree++)
        lists->at[0][lists->n[0]++] = tree ? SECOND : 0;
    for (size_t d = 0; d < depth; d++)
        sift(p, lists, &p->targets->cells[path[d]], d, &sum);
    visit(p, lists, path[depth], depth, sum);
    orr_lists_give(p->lists, which);
}

orr_status orr_tree_pulls(orr_tree *targets, const orr_tree *const sources[], size_t n_sources,
                          const orr_tree_rules *rules, orr_arena *scratch)
{
    pulls p = {.targets = targets, .n_lists = rules->threads};
    double total = 0;
    for (size_t k = 0; k < n_sources; k++)
        total += sources[k]->total_gm;
    for (size_t k = 0; k < n_sources; k++) {
        p.sources[k] = sources[k];
        p.weight[k] = total > 0 ? sources[k]->total_gm / total : 0;
    }
    if (rules->kind == ORR_FULL)
        p.eps2 = rules->softening.eps * rules->softening.eps;
    orr_arena_mark before = orr_arena_here(scratch);
    p.lists = orr_lists_make(rules->threads, scratch);
    if (!p.lists)
        return ORR_E_NO_MEMORY;
    orr_walk_cuts(rules->threads, targets, visit_cut, &p);
    for (size_t c = targets->n_top; c-- > 0;) {
        orr_cell *t = &targets->cells[c];
        if (t->children == 0 || t->first >= targets->n_top)
            continue;
        t->pull = INFINITY;
        for (uint32_t k = 0; k < t->children; k++)
            t->pull = fmin(t->pull, targets->cells[t->first + k].pull);
    }
    orr_arena_release(scratch, before);
    return ORR_OK;
}
