/* leaf.c - the bodies of a leaf: from the expansion of their cell, from multipoles, from bodies. */
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

/* again: the row has its expansions already. */
static void sift(orr_walker *w, const orr_cell *t, size_t depth, size_t row, bool again)
{
    const orr_walk *walk = w->walk;
    uint32_t stack[ORR_EXPANDED];
    for (uint32_t k = 0; k < w->lists->n[depth]; k++) {
        size_t top = 0;
        stack[top++] = w->lists->at[depth][k];
        while (top > 0) {
            uint32_t c = stack[--top];
            const orr_cell *s = &walk->sources->cells[c];
            switch (s->gm > 0 ? orr_act_on(w, t, c) : ORR_NOTHING) {
            case ORR_EXPAND:
                if (again)
                    break;
                if (w->n_far == ORR_LIST)
                    orr_flush_far(w, row);
                w->far[w->n_far++] = c;
                break;
            case ORR_DIRECT:
                if (w->n_direct == ORR_LIST)
                    flush_direct(w);
                w->direct[w->n_direct++] = c;
                break;
            case ORR_DIVIDE:
                for (uint32_t i = 0; i < s->children; i++)
                    stack[top++] = s->first + i;
                break;
            case ORR_SUM:
                add_bodies(w, c);
                break;
            default:
                break;
            }
        }
    }
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
        w->index[n++] = targets->order[k];
    }
    *at = k;
    w->near.n_targets = n;
    size_t padded = (n + 15) / 16 * 16;
    for (size_t i = n; i < padded; i++)
        for (size_t axis = 0; axis < 3; axis++)
            w->place[axis][i] = t->z[axis];
    if (w->near.want & ORR_WANT_ACC) {
        memset(w->near.ax, 0, padded * sizeof(double));
        memset(w->near.ay, 0, padded * sizeof(double));
        memset(w->near.az, 0, padded * sizeof(double));
    }
    if (w->near.want & ORR_WANT_POTENTIAL)
        memset(w->near.phi, 0, padded * sizeof(double));
    for (size_t c = 0; c < 6 && w->near.want & ORR_WANT_TIDES; c++)
        memset(w->near.tides[c], 0, padded * sizeof(double));
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
