#include "block_hierarchy.h"

#include <math.h>
#include <string.h>

static const double far_away = 1e60; /* as the padding of bodies */

/* Some bodies, and what they do to each other. */
typedef struct set {
    size_t n, room;
    size_t *member; /* indices, ascending */
    double *pull;   /* [rows][room] acceleration, tides */
    double *slower; /* [rows][room] what pairs of lower levels add to that, as known last */
    uint64_t tick;  /* at which the pulls are so */
    bool valid;
} set;

typedef struct run {
    const orr_block_hierarchy *self;
    orr_problem *p;
    orr_step_report *report;
    double h;
    size_t rows;    /* 3; 9 with tides */
    double *total;  /* [rows][stride] of each body, as far as it is known now */
    orr_bodies few; /* room for the bodies of a set */
    double *answer; /* [rows][stride] their forces */
    set sets[ORR_MOST_LEVEL + 2];
} run;

static double *doubles(const run *r, size_t n)
{
    return orr_arena_alloc(r->p->scratch, n * sizeof(double));
}

/* Room for the bodies of a set, with all their fields. */
static orr_status make_few(run *r)
{
    const orr_bodies *b = r->p->bodies;
    const orr_body_field *f;
    r->few = *b;
    for (size_t k = 0; (f = orr_body_field_at(k)); k++) {
        double *room = doubles(r, f->components * b->stride);
        if (!room)
            return ORR_E_NO_MEMORY;
        memcpy((char *)&r->few + f->array, &room, sizeof room);
    }
    return ORR_OK;
}

/* The bodies of a set side by side, their padding as that of the bodies. */
static void gather(run *r, const set *s)
{
    const orr_bodies *b = r->p->bodies;
    orr_bodies *few = &r->few;
    few->n = s->n;
    few->n_active = few->n_passive = 0;
    few->stride = (s->n + 7) / 8 * 8;
    for (size_t k = 0; k < s->n; k++) {
        few->n_active += s->member[k] < b->n_active;
        few->n_passive += s->member[k] >= b->n_active && s->member[k] < b->n_active + b->n_passive;
    }
    const orr_body_field *f;
    for (size_t field = 0; (f = orr_body_field_at(field)); field++)
        for (size_t c = 0; c < f->components; c++) {
            const uint64_t *from = (const uint64_t *)orr_bodies_array(b, f) + c * b->stride;
            uint64_t *to = (uint64_t *)orr_bodies_array(few, f) + c * few->stride;
            for (size_t k = 0; k < s->n; k++)
                to[k] = from[s->member[k]];
        }
    for (size_t k = s->n; k < few->stride; k++) { /* kernels may look there: far, without mass */
        few->gm[k] = 0;
        for (size_t c = 0; c < 3; c++) {
            few->pos[k + c * few->stride] = far_away;
            few->vel[k + c * few->stride] = 0;
        }
    }
}

/* The pulls of a set on itself. */
static orr_status evaluate(run *r, set *s, uint64_t tick)
{
    orr_problem *p = r->p;
    orr_bodies *all = p->bodies;
    gather(r, s);
    p->bodies = &r->few;
    r->report->evaluations++;
    orr_status status =
        p->eval(p, (orr_eval){.t = p->t + (double)tick * ldexp(r->h, -ORR_MOST_LEVEL),
                              .want = orr_steps_need(r->self->steps),
                              .acc = r->answer,
                              .tides = r->answer + 3 * r->few.stride});
    p->bodies = all;
    for (size_t row = 0; row < r->rows; row++)
        memcpy(s->pull + row * s->room, r->answer + row * r->few.stride, s->n * sizeof(double));
    s->tick = tick;
    s->valid = status == ORR_OK;
    return status;
}

/* The members of A of higher levels, and their pulls on each other: those of before, if they are the
 * same bodies at the same time. */
static orr_status split(run *r, const set *A, unsigned level, uint64_t tick, set *F)
{
    const unsigned char *levels = r->self->level;
    size_t n = 0;
    bool same = F->valid && F->tick == tick;
    for (size_t k = 0; k < A->n; k++)
        if (levels[A->member[k]] > level) {
            same = same && n < F->n && F->member[n] == A->member[k];
            n++;
        }
    if (same && n == F->n)
        return ORR_OK;
    F->valid = false;
    if (n > F->room) {
        F->room = n + n / 4; /* a set may grow in each of its steps */
        F->member = orr_arena_alloc(r->p->scratch, F->room * sizeof *F->member);
        F->pull = doubles(r, r->rows * F->room);
        F->slower = doubles(r, r->rows * F->room);
        if (!F->member || !F->pull || !F->slower)
            return ORR_E_NO_MEMORY;
    }
    F->n = 0;
    for (size_t k = 0; k < A->n; k++)
        if (levels[A->member[k]] > level)
            F->member[F->n++] = A->member[k];
    return n > 0 ? evaluate(r, F, tick) : ORR_OK;
}

static void add(double *y, double *low, double increment)
{
    if (low)
        orr_add_compensated(y, low, increment);
    else
        *y += increment;
}

/* h/2 of the pulls between members of A that are not both in F. */
static void kick(run *r, const set *A, const set *F, double half)
{
    const orr_motion *m = r->self->motion;
    const orr_bodies *b = r->p->bodies;
    for (size_t c = 0; c < 3; c++)
        for (size_t k = 0, next = 0; k < A->n; k++) {
            const bool fast = next < F->n && F->member[next] == A->member[k];
            double pull = A->pull[c * A->room + k] - (fast ? F->pull[c * F->room + next] : 0);
            const size_t at = c * b->stride + A->member[k];
            next += fast;
            if (pull != 0)
                add(&b->vel[at], m->vel_low ? &m->vel_low[at] : NULL, half * pull);
        }
}

/* The bodies of A that are not in F. */
static void drift(run *r, const set *A, const set *F, double h)
{
    const orr_motion *m = r->self->motion;
    const orr_bodies *b = r->p->bodies;
    for (size_t c = 0; c < 3; c++)
        for (size_t k = 0, next = 0; k < A->n; k++) {
            const size_t at = c * b->stride + A->member[k];
            if (next < F->n && F->member[next] == A->member[k])
                next++;
            else
                add(&b->pos[at], m->pos_low ? &m->pos_low[at] : NULL, h * b->vel[at]);
        }
}

/* What the members of F get from the slower pairs of A and before. */
static void count_slower(const run *r, const set *A, set *F)
{
    for (size_t row = 0; row < r->rows; row++)
        for (size_t k = 0, next = 0; next < F->n; k++)
            if (A->member[k] == F->member[next]) {
                const size_t of_A = row * A->room + k, of_F = row * F->room + next;
                F->slower[of_F] = A->slower[of_A] + (A->pull[of_A] - F->pull[of_F]);
                next++;
            }
}

/* The wishes of the members of A, who have come to the end of their steps. */
static void measure(run *r, const set *A)
{
    const size_t stride = r->p->bodies->stride;
    for (size_t row = 0; row < r->rows; row++)
        for (size_t k = 0; k < A->n; k++) {
            const size_t at = row * A->room + k;
            r->total[row * stride + A->member[k]] = A->slower[at] + A->pull[at];
        }
    for (size_t k = 0; k < A->n; k++)
        orr_steps_measure(r->self->steps, r->p, A->member[k], r->total, r->total + 3 * stride,
                          false);
}

static orr_status choose(run *r, const set *A, unsigned level, uint64_t tick)
{
    for (size_t k = 0; k < A->n; k++) {
        const size_t i = A->member[k];
        const unsigned own = orr_steps_choose(r->self->steps, i, r->h, level);
        if (own > (unsigned)r->self->steps->deepest)
            return orr_steps_too_short(r->p, i, (double)tick * ldexp(r->h, -ORR_MOST_LEVEL),
                                       r->report);
        r->self->level[i] = (unsigned char)own;
    }
    return ORR_OK;
}

/* One step of a level from a tick, of bodies whose pulls on each other are known there and then are
 * known at its end.  known: their wishes are measured there by the caller. */
static orr_status advance(run *r, set *A, unsigned level, uint64_t tick, bool known)
{
    ORR_TRY(choose(r, A, level, tick));
    unsigned lowest = ORR_MOST_LEVEL + 1;
    for (size_t k = 0; k < A->n; k++)
        lowest = r->self->level[A->member[k]] < lowest ? r->self->level[A->member[k]] : lowest;
    const uint64_t half_way = orr_ticks_of(level) / 2;
    if (lowest > level) { /* nobody takes this step */
        ORR_TRY(advance(r, A, level + 1, tick, false));
        return advance(r, A, level + 1, tick + half_way, known);
    }
    const double h = ldexp(r->h, -(int)level);
    set *F = &r->sets[level + 1];
    ORR_TRY(split(r, A, level, tick, F));
    kick(r, A, F, h / 2);
    drift(r, A, F, h);
    if (F->n > 0) {
        count_slower(r, A, F);
        ORR_TRY(advance(r, F, level + 1, tick, false));
        ORR_TRY(advance(r, F, level + 1, tick + half_way, true));
    }
    ORR_TRY(evaluate(r, A, tick + 2 * half_way));
    kick(r, A, F, h / 2);
    if (!known)
        measure(r, A);
    return ORR_OK;
}

orr_status orr_block_hierarchy_step(const orr_block_hierarchy *self, orr_problem *p, double h,
                                    orr_step_report *report)
{
    const size_t n = p->bodies->n, stride = p->bodies->stride;
    run r = {.self = self, .p = p, .report = report, .h = h};
    r.rows = orr_steps_need(self->steps) & ORR_WANT_TIDES ? 9 : 3;
    r.total = doubles(&r, 9 * stride);
    r.answer = doubles(&r, 9 * stride);
    set *all = &r.sets[0];
    *all = (set){.n = n, .room = stride, .pull = self->pull, .valid = true};
    all->slower = doubles(&r, r.rows * stride);
    all->member = orr_arena_alloc(p->scratch, n * sizeof *all->member);
    if (!r.total || !r.answer || !all->slower || !all->member)
        return ORR_E_NO_MEMORY;
    ORR_TRY(make_few(&r));
    memset(all->slower, 0, r.rows * stride * sizeof *all->slower);
    for (size_t i = 0; i < n; i++)
        all->member[i] = i;
    return advance(&r, all, 0, 0, false);
}
