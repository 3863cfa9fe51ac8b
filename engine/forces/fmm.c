/* Gravity of many bodies by a tree: a fast multipole method with an adaptive criterion.
 *
 * Which acts on which is as in direct.c.  Active and passive bodies are trees of sources of their
 * own, and active, passive and test bodies trees of targets: test bodies never change a bit of what
 * others do.  The force is a pure function of the bodies: nothing is kept from one call to the
 * next. */
#include <orrery/force.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "core/images.h"
#include "core/math/accurate_sum.h"
#include "kernels/kernels.h"
#include "tree/tree.h"

typedef struct fmm {
    double softening, accuracy;
    int law;                 /* orr_softening_law */
    const orr_boundary *box; /* whose images pull, too; NULL: none */
    char reason[300];
} fmm;

/* What order is cheapest for an accuracy, and the bound of single expansions for it. */
static const struct {
    double from; /* accuracy */
    int order;
    size_t leaf;
    double bound; /* over the accuracy */
} choices[] = {{3e-3, 3, 32, 0.4}, {6e-4, 4, 32, 0.7}, {1.5e-4, 5, 64, 0.9},
               {1e-5, 6, 64, 1},   {1e-6, 7, 96, 1},   {0, 8, 96, 1}};

static orr_tree_rules rules_of(const fmm *self, int threads)
{
    size_t k = 0;
    while (self->accuracy < choices[k].from)
        k++;
    const orr_kernels *kernels = orr_kernels_selected();
    orr_softening s = {(orr_softening_law)self->law, self->softening};
    bool full = self->softening > 0 && s.law == ORR_SOFTEN_PLUMMER;
    orr_tree_rules rules = {.near = kernels->near,
                            .kind = full ? ORR_FULL : ORR_HARMONIC,
                            .order = choices[k].order,
                            .accuracy = self->accuracy * choices[k].bound,
                            .softening = s,
                            .leaf = choices[k].leaf,
                            .few_sources = 8,
                            .few_pairs = 64,
                            .threads = threads};
    rules.far = kernels->far(rules.kind, rules.order);
    return rules;
}

/* ---- roles ---- */

/* Bodies [first, first + n) as targets. */
typedef struct part {
    size_t first, n;
    orr_tree tree;
    uint32_t *wanted;
    size_t n_wanted;
} part;

/* How many targets stand before each body, in the order of the tree. */
static orr_status mark_wanted(part *p, const orr_eval *r, orr_arena *scratch)
{
    p->wanted = orr_arena_alloc_raw(scratch, (p->n + 1) * sizeof *p->wanted);
    unsigned char *mark = orr_arena_alloc_raw(scratch, p->n);
    if (!p->wanted || !mark)
        return ORR_E_NO_MEMORY;
    memset(mark, 0, p->n);
    for (size_t k = 0; k < r->n_targets; k++)
        if (r->targets[k] >= p->first && r->targets[k] < p->first + p->n)
            mark[r->targets[k] - p->first] = 1;
    p->wanted[0] = 0;
    for (size_t k = 0; k < p->n; k++)
        p->wanted[k + 1] = p->wanted[k] + mark[p->tree.order[k] - p->first];
    return ORR_OK;
}

static size_t targets_among(const orr_eval *r, size_t first, size_t n)
{
    size_t sum = r->targets ? 0 : n;
    for (size_t k = 0; r->targets && k < r->n_targets; k++)
        sum += r->targets[k] >= first && r->targets[k] < first + n;
    return sum;
}

typedef struct solving {
    const orr_bodies *b;
    const orr_boundary *box;
    double t; /* [time] */
    const orr_eval *r;
    const orr_tree_rules *rules;
    orr_arena *scratch;
    part active, passive, test;
} solving;

/* What images of sources do to a part. */
static orr_status pull_images(solving *s, part *p, const orr_tree *const sources[],
                              size_t n_sources, double total)
{
    int n[3];
    for (size_t k = 0; s->box && orr_ghost_at(s->box, k, n); k++) {
        double shift[3];
        orr_tree targets;
        orr_arena_mark before = orr_arena_here(s->scratch);
        (void)orr_image_of_box(s->box, s->t, n, shift);
        const double back[3] = {-shift[0], -shift[1], -shift[2]};
        ORR_TRY(orr_tree_shift_targets(&targets, &p->tree, back, s->scratch));
        for (size_t m = 0; m < n_sources; m++)
            ORR_TRY(orr_tree_walk(&targets, sources[m], p->wanted, sources[m]->total_gm / total,
                                  s->rules, s->b->stride, s->r, s->scratch));
        orr_arena_release(s->scratch, before);
    }
    return ORR_OK;
}

/* What sources do to a part. */
static orr_status pull_part(solving *s, part *p, const orr_tree *const sources[], size_t n)
{
    double total = 0;
    if (p->n_wanted == 0)
        return ORR_OK;
    if (s->r->targets && p->n_wanted < p->n)
        ORR_TRY(mark_wanted(p, s->r, s->scratch));
    ORR_TRY(orr_tree_pulls(&p->tree, sources, n, s->rules, s->scratch));
    for (size_t k = 0; k < n; k++)
        total += sources[k]->total_gm;
    for (size_t k = 0; k < n && total > 0; k++)
        ORR_TRY(orr_tree_walk(&p->tree, sources[k], p->wanted, sources[k]->total_gm / total,
                              s->rules, s->b->stride, s->r, s->scratch));
    return total > 0 ? pull_images(s, p, sources, n, total) : ORR_OK;
}

static orr_status build(solving *s, part *p, bool sources)
{
    return orr_tree_build(&p->tree, s->b, p->first, p->n, sources, s->rules, s->scratch);
}

/* The potential of an active body on itself is none. */
static void take_out_self(const solving *s)
{
    double self = orr_softening_self(&s->rules->softening);
    const part *p = &s->active;
    for (size_t k = 0; k < p->n && self > 0; k++)
        if (!p->wanted || p->wanted[k + 1] > p->wanted[k])
            s->r->phi[p->tree.order[k]] += self * p->tree.gm[k];
}

static orr_status solve(solving *s)
{
    const orr_bodies *b = s->b;
    size_t na = b->n_active, np = b->n_passive;
    s->active = (part){.first = 0, .n = na, .n_wanted = targets_among(s->r, 0, na)};
    s->passive = (part){.first = na, .n = np, .n_wanted = targets_among(s->r, na, np)};
    s->test = (part){.first = na + np, .n = b->n - na - np};
    s->test.n_wanted = targets_among(s->r, s->test.first, s->test.n);
    if (na == 0)
        return ORR_OK;
    ORR_TRY(build(s, &s->active, true));
    const orr_tree *sources[2] = {&s->active.tree, &s->passive.tree};
    bool passive_pull = np > 0 && s->active.n_wanted > 0;
    if (passive_pull || s->passive.n_wanted > 0)
        ORR_TRY(build(s, &s->passive, passive_pull));
    if (s->test.n_wanted > 0)
        ORR_TRY(build(s, &s->test, false));
    ORR_TRY(pull_part(s, &s->active, sources, passive_pull ? 2 : 1));
    ORR_TRY(pull_part(s, &s->passive, sources, 1));
    ORR_TRY(pull_part(s, &s->test, sources, 1));
    if (s->r->want & ORR_WANT_POTENTIAL && s->active.n_wanted > 0)
        take_out_self(s);
    return ORR_OK;
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    const fmm *self = state;
    orr_tree_rules rules = rules_of(self, r->threads);
    solving s = {.b = b, .box = self->box, .t = r->t, .r = r, .rules = &rules, .scratch = scratch};
    return solve(&s);
}

/* Half of the active pairs seen twice, plus the passive bodies in the field of the active ones. */
static orr_status energy(const void *state, const orr_bodies *b, double t, int threads,
                         orr_arena *scratch, double *out)
{
    const fmm *self = state;
    size_t na = b->n_active, massive = na + b->n_passive;
    double *phi = orr_arena_alloc_raw(scratch, b->stride * sizeof *phi);
    if (!phi)
        return ORR_E_NO_MEMORY;
    memset(phi, 0, b->stride * sizeof *phi);
    orr_bodies sources = *b; /* without test bodies; what passive ones do is seen from their side */
    sources.n = massive;
    orr_eval request = {.want = ORR_WANT_POTENTIAL, .threads = threads, .phi = phi};
    orr_tree_rules rules = rules_of(self, threads);
    solving s = {.b = &sources,
                 .box = self->box,
                 .t = t,
                 .r = &request,
                 .rules = &rules,
                 .scratch = scratch};
    ORR_TRY(solve(&s));
    orr_sum sum = {0};
    for (size_t i = 0; i < massive; i++)
        orr_sum_add(&sum, 0.5 * b->gm[i] * phi[i]);
    *out = orr_sum_value(&sum);
    return ORR_OK;
}

/* ---- before it begins ---- */

static double bytes_of(const orr_tree_rules *rules, const orr_bodies *b)
{
    size_t na = b->n_active, np = b->n_passive, nt = b->n - na - np;
    double sum = na > 0 ? orr_tree_bytes(na, true, rules) : 0;
    sum += np > 0 ? orr_tree_bytes(np, true, rules) : 0;
    sum += nt > 0 ? orr_tree_bytes(nt, false, rules) : 0;
    return sum;
}

static void enter_box(void *state, const orr_boundary *box)
{
    ((fmm *)state)->box = box;
}

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    fmm *self = state;
    (void)memory;
    orr_tree_rules rules = rules_of(self, p->threads);
    double needed = bytes_of(&rules, p->bodies), there = orr_memory_available();
    if (there > 0 && needed > there) {
        snprintf(self->reason, sizeof self->reason,
                 "the tree of %zu bodies would need %.3g GB of memory, and %.3g GB are free; take "
                 "fewer bodies, or a larger accuracy",
                 p->bodies->n, needed / 1e9, there / 1e9);
        p->reason = self->reason;
        return ORR_E_NO_MEMORY;
    }
    return ORR_OK;
}

static const orr_field fields[] = {
    {.name = "accuracy",
     .type = ORR_DOUBLE,
     .offset = offsetof(fmm, accuracy),
     .fallback = 3e-4,
     .min = 1e-7,
     .max = 3e-2,
     .role = ORR_OPTION,
     .doc = "relative error of the accelerations: the root of the mean square is about half of it, "
            "and 99 in 100 bodies stay within twice as much; `orrery check` measures it"},
    {.name = "softening",
     .type = ORR_DOUBLE,
     .dim = {1, 0, 0, 0},
     .offset = offsetof(fmm, softening),
     .fallback = 0,
     .min = 0,
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "softening length: see softening_law"},
    {.name = "softening_law",
     .type = ORR_CHOICE,
     .offset = offsetof(fmm, law),
     .fallback = ORR_SOFTEN_PLUMMER,
     .choices = "plummer|compact",
     .role = ORR_OPTION,
     .doc = "plummer: potential 1/(r^2 + softening^2)^(1/2) everywhere; compact: Newton's law "
            "beyond 3 softening, a smooth sphere within (Wendland C2), about twice as fast"},
    ORR_STATE_UNSAVED(fmm, box),
    ORR_STATE_UNSAVED(fmm, reason),
    {0}};

const orr_force orr_force_fmm = {
    .name = "fmm",
    .summary = "Many bodies by a tree of cells, to a stated accuracy; cost grows as N.",
    .reference = "Dehnen 2014, doi 10.1186/s40668-014-0001-7",
    .traits = ORR_SELF_GRAVITY | ORR_CONSERVATIVE | ORR_HAS_SUBSETS | ORR_HAS_TIDES |
              ORR_FORCE_TAKES_BOUNDARY,
    .fields = fields,
    .state_size = sizeof(fmm),
    .enter_box = enter_box,
    .prepare = prepare,
    .add = add,
    .energy = energy,
};
