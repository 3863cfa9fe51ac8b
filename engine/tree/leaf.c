/* leaf.c - the bodies of a leaf: from the expansion of their cell, from multipoles, from bodies. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "walk.h"

static void flush_near(orr_walker *w)
{
    if (w->near.n_spans > 0)
        w->walk->rules->near(&w->near);
    w->near.n_spans = w->span_bodies = 0;
}

static void flush_direct(orr_walker *w)
{
    const orr_walk *walk = w->walk;
    if (w->n_direct > 0)
        walk->rules->far->m2p(&walk->sources->far, w->direct, w->n_direct, walk->eps, &w->near);
    w->n_direct = 0;
}

static void add_span(orr_walker *w, uint32_t begin, uint32_t n)
{
    while (n > 0) {
        if (w->near.n_spans == ORR_SPANS || w->span_bodies == ORR_NEAR_SOURCES)
            flush_near(w);
        uint32_t room = ORR_NEAR_SOURCES - (uint32_t)w->span_bodies, part = n < room ? n : room;
        orr_span *last = w->near.n_spans > 0 ? &w->spans[w->near.n_spans - 1] : NULL;
        if (last && last->begin + last->n == begin)
            last->n += part;
        else
            w->spans[w->near.n_spans++] = (orr_span){begin, part};
        w->span_bodies += part;
        begin += part;
        n -= part;
    }
}

static void add_bodies(orr_walker *w, uint32_t c)
{
    const orr_tree *sources = w->walk->sources;
    const orr_cell *s = &sources->cells[c];
    if (sources->point && sources->point[c] != UINT32_MAX)
        add_span(w, sources->point[c], 1);
    else
        add_span(w, s->begin, s->n);
}

/* Multipoles of a source on the bodies of a leaf: the bound of the last order, with the leaf's
 * nearest point for the target. */
static bool is_direct(const orr_walk *walk, const orr_cell *t, uint32_t c)
{
    const orr_cell *s = &walk->sources->cells[c];
    double d0 = s->z[0] - t->z[0], d1 = s->z[1] - t->z[1], d2 = s->z[2] - t->z[2];
    double r = sqrt(d0 * d0 + d1 * d1 + d2 * d2) - t->rho, x = s->rho / r, xp = 1;
    if (!(s->rho < ORR_APART * r) || r - s->rho <= walk->compact)
        return false;
    for (int n = 0; n < walk->order; n++)
        xp *= x;
    double power = (double)walk->sources->power[(size_t)c * ORR_POWER_ROW + (size_t)walk->order];
    return 8 * power * xp * s->gm < t->pull * walk->accuracy * r * r;
}

/* What is not far enough for an expansion of the leaf. */
static size_t place_near(orr_walker *w, const orr_cell *t, uint32_t c, size_t top)
{
    const orr_walk *walk = w->walk;
    const orr_cell *s = &walk->sources->cells[c];
    if (s->n <= walk->rules->few_sources) {
        add_bodies(w, c);
    } else if (is_direct(walk, t, c)) {
        if (w->n_direct == ORR_LIST)
            flush_direct(w);
        w->direct[w->n_direct++] = c;
    } else if (s->children > 0) {
        top = orr_push_children(walk->sources, c, w->stack, top);
    } else {
        add_bodies(w, c);
    }
    return top;
}

/* again: the row has its expansions already. */
static void sift(orr_walker *w, const orr_cell *t, size_t depth, size_t row, bool again)
{
    uint32_t near[ORR_BLOCK];
    size_t top = w->lists->n[depth], n_far = w->n_far;
    memcpy(w->stack, w->lists->at[depth], top * sizeof *w->stack);
    while (top > 0) {
        size_t n = top < ORR_BLOCK ? top : ORR_BLOCK, n_near;
        top -= n;
        n_near = orr_split_far(w, t, row, w->stack + top, n, near);
        if (again)
            w->n_far = n_far;
        for (size_t k = 0; k < n_near; k++)
            top = place_near(w, t, near[k], top);
    }
}

/* The outputs of a body lie anywhere; they come from memory while its leaf is worked on. */
static void fetch_outputs(const orr_walk *walk, size_t i)
{
    const orr_eval *r = walk->request;
    for (size_t axis = 0; axis < 3 && r->want & ORR_WANT_ACC; axis++)
        __builtin_prefetch(&r->acc[axis * walk->stride + i], 1);
    if (r->want & ORR_WANT_POTENTIAL)
        __builtin_prefetch(&r->phi[i], 1);
}

static size_t padded_of(const orr_near *l)
{
    return (l->n_targets + 15) / 16 * 16;
}

/* All outputs are 0. */
static void clear(const orr_near *l)
{
    size_t bytes = padded_of(l) * sizeof(double);
    if (l->want & ORR_WANT_ACC) {
        memset(l->ax, 0, bytes);
        memset(l->ay, 0, bytes);
        memset(l->az, 0, bytes);
    }
    if (l->want & ORR_WANT_POTENTIAL)
        memset(l->phi, 0, bytes);
    for (size_t c = 0; c < 6 && l->want & ORR_WANT_TIDES; c++)
        memset(l->tides[c], 0, bytes);
}

/* The wanted ones of bodies from *at on, as many as there is room for. */
static void pack(orr_walker *w, const orr_cell *t, uint32_t *at)
{
    const orr_tree *targets = w->walk->targets;
    const uint32_t *wanted = w->walk->wanted;
    size_t n = 0;
    uint32_t k = *at;
    for (; k < t->begin + t->n && n < ORR_LEAF_TARGETS; k++) {
        if (wanted && wanted[k + 1] == wanted[k])
            continue;
        w->place[0][n] = targets->x[k];
        w->place[1][n] = targets->y[k];
        w->place[2][n] = targets->z[k];
        fetch_outputs(w->walk, w->index[n++] = targets->order[k]);
    }
    *at = k;
    w->near.n_targets = n;
    for (size_t i = n; i < padded_of(&w->near); i++)
        for (size_t axis = 0; axis < 3; axis++)
            w->place[axis][i] = t->z[axis];
    clear(&w->near);
}

/* To the outputs, in the user's order. */
static void unpack(const orr_walker *w)
{
    const orr_eval *r = w->walk->request;
    size_t stride = w->walk->stride, n = w->near.n_targets;
    for (size_t i = 0; i < n && w->near.want & ORR_WANT_ACC; i++) {
        double *acc = r->acc + w->index[i];
        acc[0] += w->near.ax[i];
        acc[stride] += w->near.ay[i];
        acc[2 * stride] += w->near.az[i];
    }
    for (size_t i = 0; i < n && w->near.want & ORR_WANT_POTENTIAL; i++)
        r->phi[w->index[i]] += w->near.phi[i];
    for (size_t c = 0; c < 6 && w->near.want & ORR_WANT_TIDES; c++)
        for (size_t i = 0; i < n; i++)
            r->tides[w->index[i] + c * stride] += w->near.tides[c][i];
}

static bool is_finite(const orr_near *l)
{
    double sum = 0; /* stays 0 unless a number is not finite */
    for (size_t i = 0; i < l->n_targets; i++) {
        if (l->want & ORR_WANT_ACC)
            sum += 0 * l->ax[i] + 0 * l->ay[i] + 0 * l->az[i];
        if (l->want & ORR_WANT_POTENTIAL)
            sum += 0 * l->phi[i];
        for (size_t c = 0; c < 6 && l->want & ORR_WANT_TIDES; c++)
            sum += 0 * l->tides[c][i];
    }
    return sum == 0;
}

/* Where distances differ so much that they leave the range of floats (1e19 and more beside 1): pair
 * by pair in double. */
static void sum_in_double(orr_walker *w)
{
    orr_near all = w->near;
    const orr_span every = {0, (uint32_t)w->walk->sources->n};
    clear(&w->near);
    all.spans = &every;
    all.n_spans = 1;
    orr_near_plain(&all);
}

void orr_leaf_visit(orr_walker *w, const orr_cell *t, size_t depth, size_t row)
{
    const orr_walk *walk = w->walk;
    for (uint32_t at = t->begin; at < t->begin + t->n;) {
        bool again = at > t->begin;
        pack(w, t, &at);
        memcpy(w->near.center, t->z, sizeof t->z);
        w->near.scale = w->scale[depth];
        sift(w, t, depth, row, again);
        orr_flush_far(w, row);
        flush_near(w);
        flush_direct(w);
        if (w->has_row[row])
            walk->rules->far->l2p(&w->rows, row, &w->near);
        if (!is_finite(&w->near))
            sum_in_double(w);
        unpack(w);
    }
}

orr_status orr_leaf_make(orr_walker *w, orr_arena *scratch)
{
    const orr_walk *walk = w->walk;
    const orr_tree *sources = walk->sources;
    enum { N = ORR_LEAF_TARGETS };
    double *numbers = orr_arena_alloc_raw(scratch, (size_t)(3 + 4 + 6) * N * sizeof *numbers);
    w->index = orr_arena_alloc_raw(scratch, N * sizeof *w->index);
    w->spans = orr_arena_alloc_raw(scratch, ORR_SPANS * sizeof *w->spans);
    w->direct = orr_arena_alloc_raw(scratch, ORR_LIST * sizeof *w->direct);
    void *room = orr_arena_alloc_raw(scratch, orr_near_room(ORR_NEAR_SOURCES));
    if (!numbers || !w->index || !w->spans || !w->direct || !room)
        return ORR_E_NO_MEMORY;
    for (size_t axis = 0; axis < 3; axis++)
        w->place[axis] = numbers + axis * N;
    w->near = (orr_near){
        .x = sources->x,
        .y = sources->y,
        .z = sources->z,
        .gm = sources->gm,
        .spans = w->spans,
        .tx = w->place[0],
        .ty = w->place[1],
        .tz = w->place[2],
        .gm_scale = sources->total_gm / (double)sources->n,
        .softening = walk->rules->softening,
        .want = walk->request->want & (ORR_WANT_ACC | ORR_WANT_POTENTIAL | ORR_WANT_TIDES),
        .ax = numbers + (size_t)3 * N,
        .ay = numbers + (size_t)4 * N,
        .az = numbers + (size_t)5 * N,
        .phi = numbers + (size_t)6 * N,
        .room = room};
    for (size_t c = 0; c < 6; c++)
        w->near.tides[c] = numbers + (7 + c) * N;
    return ORR_OK;
}
