/* Direct gravity: every pair, no approximation beyond the optional Plummer softening.
 *
 * Which acts on which:       source active   passive   test
 *          target active             yes       yes      no
 *                 passive            yes       no       no
 *                 test               yes       no       no
 *
 * Many active bodies use Newton's third law: they are cut into blocks of 256, and pairs of blocks
 * are played off like a round-robin tournament by the circle method (Kirkman 1847): block m-1
 * stays, the others turn by one place a round.
 *
 *     round 0:  5 0 1        round 1:  5 1 2
 *               4 3 2                  0 4 3
 *
 * In a round every block plays once, so threads never write to the same block.  The order in which
 * a block meets the others does not depend on how many threads there are: same bits, no locks, no
 * extra memory. */
#include <orrery/force.h>

#include <math.h>
#include <string.h>

#include "base/team.h"
#include "core/math/accurate_sum.h"
#include "core/math/double_double.h"
#include "images.h"
#include "kernels/kernels.h"

enum {
    BLOCK = 256, /* bodies in a tournament block: 14 kB, stays in the first-level cache */
    TEAM = 32,   /* within a block: pairs of teams play mutually, inside a team one-sided */
    PARALLEL_FROM = 2000000, /* pairs below which waking threads costs more than it saves */
    FEW = 100,               /* massive bodies whose energy is summed in twice the precision */
    LEAST_BLOCKS = 8         /* so do rounds with fewer than four pairs of blocks (bench kernels) */
};

typedef struct direct {
    double softening;
    const orr_boundary *box; /* whose images pull, too; NULL: none */
    orr_series series;       /* set up by the first request for a series */
} direct;

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t round8(size_t n)
{
    return (n + 7) / 8 * 8;
}

static void pull_blocks(orr_pull *kernel, const orr_p2p *g, size_t low, size_t high, size_t first,
                        size_t last)
{
    for (size_t target = low / 8 * 8; target < high; target += 8)
        kernel(g, target, low, high, first, last);
}

/* Targets [low, high) in chunks, each a task. */
typedef struct pull_tasks {
    orr_pull *kernel;
    const orr_p2p *g;
    size_t low, high, first, last, chunk;
} pull_tasks;

static void pull_chunk(void *context, size_t phase, size_t c)
{
    const pull_tasks *t = context;
    size_t from = t->low / 8 * 8 + c * t->chunk;
    (void)phase;
    pull_blocks(t->kernel, t->g, from < t->low ? t->low : from, least(from + t->chunk, t->high),
                t->first, t->last);
}

/* All targets in [low, high) are pulled by sources [first, last). */
static void pull_range(orr_pull *kernel, const orr_p2p *g, size_t low, size_t high, size_t first,
                       size_t last, int threads)
{
    if (low >= high || first >= last)
        return;
    if ((high - low) * (last - first) < PARALLEL_FROM || threads == 1) {
        pull_blocks(kernel, g, low, high, first, last);
        return;
    }
    pull_tasks t = {kernel, g, low, high, first, last, 0};
    t.chunk = round8((high - low) / (8 * (size_t)threads) + 1);
    orr_team_run(threads, 1, (high - low / 8 * 8 + t.chunk - 1) / t.chunk, pull_chunk, &t);
}

/* The bodies of one block among themselves. */
static void within_block(const orr_kernels *kernels, const orr_p2p *g, size_t first, size_t last)
{
    for (size_t team = first; team < last; team += TEAM) {
        size_t end = least(team + TEAM, last);
        for (size_t target = team; target < end; target += 8)
            kernels->acc(g, target, team, end, team, end);
        for (size_t other = end; other < last; other += TEAM)
            kernels->mutual(g, team, end, other, least(other + TEAM, last));
    }
}

static void two_blocks(const orr_kernels *kernels, const orr_p2p *g, size_t a, size_t b, size_t n)
{
    size_t low = least(a, b), high = a < b ? b : a;
    if (high * BLOCK < n) /* else: a bye, there is an odd number of blocks */
        kernels->mutual(g, low * BLOCK, (low + 1) * BLOCK, high * BLOCK,
                        least((high + 1) * BLOCK, n));
}

typedef struct tournament {
    const orr_kernels *kernels;
    const orr_p2p *g;
    size_t n, blocks;
} tournament;

/* Task k of phase 0: block k within itself; of phase 1 + round: its k-th pair of blocks.  The side
 * of a pair that lies across lanes is always a full block, so bodies behind n are not touched. */
static void play(void *context, size_t phase, size_t k)
{
    const tournament *t = context;
    size_t players = t->blocks + t->blocks % 2, circle = players - 1;
    if (phase == 0) {
        within_block(t->kernels, t->g, k * BLOCK, least((k + 1) * BLOCK, t->n));
    } else if (k < players / 2) {
        size_t round = phase - 1, a = (round + k) % circle;
        two_blocks(t->kernels, t->g, a, k == 0 ? circle : (round + circle - k) % circle, t->n);
    }
}

/* Mutual accelerations of bodies [0, n). */
static void play_all(const orr_kernels *kernels, const orr_p2p *g, size_t n, int threads)
{
    tournament t = {kernels, g, n, (n + BLOCK - 1) / BLOCK};
    size_t rounds = t.blocks > 1 ? t.blocks + t.blocks % 2 - 1 : 0;
    orr_team_run(t.blocks < LEAST_BLOCKS ? 1 : threads, 1 + rounds, t.blocks, play, &t);
}

static orr_p2p view(const direct *self, const orr_bodies *b, const orr_eval *r)
{
    size_t s = b->stride;
    orr_p2p g = {.x = b->pos,
                 .y = b->pos + s,
                 .z = b->pos + 2 * s,
                 .gm = b->gm,
                 .vx = b->vel,
                 .vy = b->vel + s,
                 .vz = b->vel + 2 * s,
                 .eps2 = self->softening * self->softening};
    if (r->want & (ORR_WANT_ACC | ORR_WANT_JERK | ORR_WANT_SNAP))
        g.ax = r->acc, g.ay = r->acc + s, g.az = r->acc + 2 * s;
    if (r->want & ORR_WANT_SNAP) {
        g.bx = r->acc_now, g.by = r->acc_now + s, g.bz = r->acc_now + 2 * s;
        g.sx = r->snap, g.sy = r->snap + s, g.sz = r->snap + 2 * s;
    }
    if (r->want & (ORR_WANT_JERK | ORR_WANT_SNAP))
        g.jx = r->jerk, g.jy = r->jerk + s, g.jz = r->jerk + 2 * s;
    g.phi = r->phi;
    return g;
}

static void focus_on(const orr_kernels *kernels, const orr_p2p *g, int snap, size_t i, size_t na,
                     size_t massive)
{
    kernels->focus(g, snap, i, 0, na);
    if (i < na && massive > na)
        kernels->focus(g, snap, i, na, massive);
}

typedef struct focus_tasks {
    const orr_kernels *kernels;
    const orr_p2p *g;
    const size_t *targets; /* NULL: all, in their order */
    int snap;
    size_t n, na, massive, chunk;
} focus_tasks;

static void focus_chunk(void *context, size_t phase, size_t c)
{
    const focus_tasks *t = context;
    (void)phase;
    for (size_t k = c * t->chunk; k < least((c + 1) * t->chunk, t->n); k++)
        focus_on(t->kernels, t->g, t->snap, t->targets ? t->targets[k] : k, t->na, t->massive);
}

/* Some targets, or the snap: target by target. */
static void add_focus(const orr_kernels *kernels, const orr_p2p *g, const orr_bodies *b,
                      const orr_eval *r)
{
    focus_tasks t = {.kernels = kernels, .g = g, .targets = r->targets};
    t.snap = (r->want & ORR_WANT_SNAP) != 0;
    t.n = r->targets ? r->n_targets : b->n;
    t.na = b->n_active;
    t.massive = t.na + b->n_passive;
    int team = t.n * t.na < PARALLEL_FROM ? 1 : r->threads;
    t.chunk = team == 1 ? t.n : t.n / (8 * (size_t)team) + 1;
    orr_team_run(team, 1, t.n ? (t.n + t.chunk - 1) / t.chunk : 0, focus_chunk, &t);
}

/* Targets gathered side by side: accelerations of some bodies, tides of some or all. */
typedef struct packed_tasks {
    const orr_kernels *kernels;
    const orr_p2p *g;
    orr_packed t;
    size_t blocks, na, massive, chunk;
} packed_tasks;

static void packed_chunk(void *context, size_t phase, size_t c)
{
    const packed_tasks *t = context;
    (void)phase;
    for (size_t k = c * t->chunk; k < least((c + 1) * t->chunk, t->blocks); k++)
        t->kernels->packed(t->g, &t->t, 8 * k, t->na, t->massive);
}

/* Gathers the targets into `room`, which holds 13 arrays of room for them. */
static void pack(const orr_bodies *b, const orr_eval *r, size_t n, double *room, orr_packed *out)
{
    const size_t padded = round8(n);
    double *row[13];
    for (size_t k = 0; k < 13; k++)
        row[k] = room + k * padded;
    int64_t *number = (int64_t *)row[3]; /* as wide as a double */
    for (size_t k = 0; k < padded; k++) {
        const size_t i = k < n ? (r->targets ? r->targets[k] : k) : 0;
        for (size_t c = 0; c < 3; c++)
            row[c][k] = b->pos[i + c * b->stride];
        number[k] = k < n ? (int64_t)i : -1;
    }
    *out = (orr_packed){.x = row[0], .y = row[1], .z = row[2], .number = number};
    for (size_t c = 0; c < 3; c++)
        out->acc[c] = row[4 + c];
    for (size_t c = 0; c < 6 && r->want & ORR_WANT_TIDES; c++)
        out->tides[c] = row[7 + c];
}

static orr_status add_packed(const orr_kernels *kernels, const orr_p2p *g, const orr_bodies *b,
                             const orr_eval *r, orr_arena *scratch)
{
    const size_t n = r->targets ? r->n_targets : b->n;
    const bool acc = r->want & ORR_WANT_ACC && !(r->want & ORR_WANT_JERK); /* it comes with that */
    double *room = orr_arena_alloc(scratch, 13 * (round8(n) + 8) * sizeof *room);
    if (!room)
        return ORR_E_NO_MEMORY;
    packed_tasks t = {.kernels = kernels, .g = g, .blocks = round8(n) / 8, .na = b->n_active};
    t.massive = t.na + b->n_passive;
    pack(b, r, n, room, &t.t);
    int team = n * t.na < PARALLEL_FROM ? 1 : r->threads;
    t.chunk = team == 1 ? t.blocks : t.blocks / (8 * (size_t)team) + 1;
    orr_team_run(team, 1, t.blocks ? (t.blocks + t.chunk - 1) / t.chunk : 0, packed_chunk, &t);
    for (size_t k = 0; k < n; k++) {
        const size_t i = r->targets ? r->targets[k] : k;
        for (size_t c = 0; c < 3 && acc; c++)
            r->acc[i + c * b->stride] += t.t.acc[c][k];
        for (size_t c = 0; c < 6 && r->want & ORR_WANT_TIDES; c++)
            r->tides[i + c * b->stride] += t.t.tides[c][k];
    }
    return ORR_OK;
}

/* ---- power series ---- */

static orr_status start_series(direct *self, const orr_bodies *b, const orr_eval *r)
{
    enum { MOST_BYTES = 2000000000 };
    size_t na = b->n_active, room = (size_t)r->most_degree + 1;
    size_t pairs = na * (na - 1) / 2 + na * (b->n - na), blocks = (pairs + 7) / 8;
    size_t row = 8 * blocks + 16, history = blocks * (5 * room + 7) * 8;
    if (na == 0 || pairs == 0)
        return ORR_OK;
    if ((double)pairs * (double)room > MOST_BYTES / 40)
        return ORR_E_NO_MEMORY;
    double *at;
    orr_keep(r->memory, &at, 12 * row + 16 + history + 3 * (2 * na + 16));
    ORR_TRY(orr_kept(r->memory));
    double *history_at = at, *d = at + history, *f = d + 3 * row + 8;
    double *d_low = f + 3 * row, *f_low = d_low + 3 * row + 8;
    double *twice = f_low + 3 * row, *twice_low = twice + 2 * na + 16;
    double *gm_twice = twice_low + 2 * na + 16;
    for (size_t i = 0; i < na; i++)
        gm_twice[i] = gm_twice[na + i] = b->gm[i];
    self->series = (orr_series){.n = b->n,
                                .n_active = na,
                                .n_passive = b->n_passive,
                                .stride = b->stride,
                                .pairs = pairs,
                                .row = row,
                                .room = (int)room,
                                .eps2 = self->softening * self->softening,
                                .gm = b->gm,
                                .gm_twice = gm_twice,
                                .twice = twice,
                                .twice_low = twice_low,
                                .d = d,
                                .f = f,
                                .d_low = d_low,
                                .f_low = f_low,
                                .history = history_at};
    size_t slot = 0; /* the order of the slots, see pair/taylor.inc.h */
    for (size_t shift = 1; shift <= na / 2 && pairs < 16; shift++)
        for (size_t k = 0; k < (2 * shift == na ? na / 2 : na) && slot < 16; k++, slot++) {
            self->series.first[slot] = (unsigned char)k;
            self->series.second[slot] = (unsigned char)((k + shift) % na);
        }
    return ORR_OK;
}

static orr_status add_series(direct *self, const orr_bodies *b, const orr_eval *r)
{
    if (r->degree == 0 && self->series.room != r->most_degree + 1)
        ORR_TRY(start_series(self, b, r));
    if (self->series.pairs > 0) {
        size_t at = (size_t)r->degree * 3 * b->stride;
        const double *low = r->series_low && r->degree < 2 ? r->series_low + at : NULL;
        orr_kernels_selected()->series(&self->series, r->degree, r->series + at, low, r->acc,
                                       r->acc_low, r->growth);
    }
    return ORR_OK;
}

/* Accelerations, or with the jerk, of all bodies. */
static void pull_all(const orr_kernels *kernels, orr_pull *kernel, const orr_p2p *g,
                     const orr_bodies *b, const orr_eval *r)
{
    const size_t na = b->n_active, massive = na + b->n_passive;
    if (r->want & ORR_WANT_JERK || na <= TEAM)
        pull_range(kernel, g, 0, na, 0, na, r->threads);
    else
        play_all(kernels, g, na, r->threads);
    pull_range(kernel, g, na, b->n, 0, na, r->threads);
    pull_range(kernel, g, 0, na, na, massive, r->threads);
}

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    (void)p;
    (void)memory;
    direct *self = state;
    self->series = (orr_series){0}; /* its memory is gone */
    return ORR_OK;
}

static void enter_box(void *state, const orr_boundary *box)
{
    ((direct *)state)->box = box;
}

static bool is_newtonian(const void *state)
{
    const direct *self = state;
    return self->softening == 0;
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    direct *self = state;
    const orr_kernels *kernels = orr_kernels_selected();
    if (r->want & ORR_WANT_SERIES)
        return add_series(self, b, r);
    orr_p2p g = view(self, b, r);
    size_t na = b->n_active, massive = na + b->n_passive;
    const bool jerk = r->want & (ORR_WANT_JERK | ORR_WANT_SNAP);
    if (jerk && (r->targets || r->want & ORR_WANT_SNAP)) {
        add_focus(kernels, &g, b, r);
        return ORR_OK;
    }
    if (r->targets || r->want & ORR_WANT_TIDES)
        ORR_TRY(add_packed(kernels, &g, b, r, scratch));
    if (r->targets)
        return ORR_OK;
    if (r->want & (ORR_WANT_ACC | ORR_WANT_JERK)) {
        orr_pull *kernel = jerk ? kernels->acc_jerk : kernels->acc;
        if (jerk || !(r->want & ORR_WANT_TIDES)) /* else the acceleration came with them */
            pull_all(kernels, kernel, &g, b, r);
        ORR_TRY(
            orr_pull_of_images(self->box, r->t, kernel, &g, b, r->threads, scratch, pull_range));
    }
    if (r->want & ORR_WANT_POTENTIAL) {
        pull_range(kernels->phi, &g, 0, b->n, 0, na, r->threads);
        pull_range(kernels->phi, &g, 0, na, na, massive, r->threads);
        ORR_TRY(orr_pull_of_images(self->box, r->t, kernels->phi, &g, b, r->threads, scratch,
                                   pull_range));
    }
    return ORR_OK;
}

/* Pair by pair in twice the precision: so few bodies are integrated to the last digit, and their
 * energy must show it. */
static double exact_energy(const direct *self, const orr_bodies *b)
{
    size_t na = b->n_active, massive = na + b->n_passive;
    orr_two sum = {0, 0};
    for (size_t i = 0; i < massive; i++)
        for (size_t j = 0; j < i && j < na; j++) {
            orr_two q = orr_two_product(self->softening, self->softening);
            for (size_t axis = 0; axis < 3; axis++) {
                const double *x = b->pos + axis * b->stride;
                orr_two d = orr_two_sum(x[i], -x[j]);
                q = orr_two_add(q, orr_two_multiply(d, d));
            }
            orr_two pair = orr_two_product(b->gm[i], b->gm[j]);
            sum = orr_two_add(sum, orr_two_multiply(pair, orr_two_inverse_sqrt(q)));
        }
    return -sum.high;
}

/* Half of the active pairs seen twice, plus the passive bodies in the field of the active ones. */
static orr_status energy_in_box(const direct *self, const orr_bodies *b, int threads,
                                orr_arena *scratch, double *out)
{
    size_t na = b->n_active, massive = na + b->n_passive;
    if (massive <= FEW) {
        *out = exact_energy(self, b);
        return ORR_OK;
    }
    double *phi = orr_arena_alloc(scratch, b->stride * sizeof *phi);
    if (!phi)
        return ORR_E_NO_MEMORY;
    memset(phi, 0, b->stride * sizeof *phi);
    orr_eval request = {.want = ORR_WANT_POTENTIAL, .threads = threads, .phi = phi};
    orr_p2p g = view(self, b, &request);
    pull_range(orr_kernels_selected()->phi, &g, 0, massive, 0, na, threads);
    orr_sum sum = {0};
    for (size_t i = 0; i < massive; i++)
        orr_sum_add(&sum, b->gm[i] * phi[i] * (i < na ? 0.5 : 1.0));
    *out = orr_sum_value(&sum);
    return ORR_OK;
}

static orr_status energy(const void *state, const orr_bodies *b, double t, int threads,
                         orr_arena *scratch, double *out)
{
    const direct *self = state;
    const orr_eval request = {.want = ORR_WANT_POTENTIAL};
    const orr_p2p g = view(self, b, &request);
    double images;
    ORR_TRY(orr_energy_of_images(self->box, t, orr_kernels_selected()->phi, &g, b, threads, scratch,
                                 pull_range, &images));
    ORR_TRY(energy_in_box(self, b, threads, scratch, out));
    *out += images;
    return ORR_OK;
}

static const orr_field fields[] = {
    {.name = "softening",
     .type = ORR_DOUBLE,
     .dim = {1, 0, 0, 0},
     .offset = offsetof(direct, softening),
     .fallback = 0,
     .min = 0,
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "Plummer softening length: pairs feel 1/(r^2 + softening^2)^(1/2)"},
    ORR_STATE_UNSAVED(direct, box),
    ORR_STATE_UNSAVED(direct, series),
    {0}};

const orr_force orr_force_direct = {
    .name = "direct",
    .summary = "Every pair of bodies, exactly; cost grows as N^2.",
    .reference = "Plummer softening: Aarseth 1963, 1963MNRAS.126..223A",
    .traits = ORR_SELF_GRAVITY | ORR_CONSERVATIVE | ORR_HAS_JERK | ORR_HAS_SERIES |
              ORR_HAS_SUBSETS | ORR_HAS_TIDES | ORR_FORCE_TAKES_BOUNDARY,
    .fields = fields,
    .state_size = sizeof(direct),
    .prepare = prepare,
    .is_newtonian = is_newtonian,
    .enter_box = enter_box,
    .add = add,
    .energy = energy,
};
