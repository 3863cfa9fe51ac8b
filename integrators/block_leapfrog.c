/* Leapfrog with individual block steps: kick-drift-kick, each body at its own pace, for many softened
 * bodies: galaxies, large clusters.  Hernquist & Katz 1989, doi 10.1086/191344; Springel 2005,
 * doi 10.1111/j.1365-2966.2005.09655.x; steps: shared/block_steps.h.
 *
 *     k/2 ----- drift ----- k/2 k/2 ----- drift ----- k/2      body of level 1
 *     k/2 --- k --- k --- k --- k --- k --- k --- k   k/2      body of level 3
 *
 * At each time at which some body ends a step, all others are brought there by their drift, and those
 * that end a step are asked for: the forces walk over these alone.  A body's place is a function of
 * its own last time, so who else is looked at changes nothing of it.
 *
 * `splitting: hierarchical` is in shared/block_hierarchy.h. */
#include "shared/block_steps.h"
#include "shared/block_hierarchy.h"

#include <math.h>
#include <string.h>

enum { BLOCK, HIERARCHICAL };

typedef struct block_leapfrog {
    orr_motion motion;
    orr_block_steps steps;
    int splitting; /* index into its choices */
    bool ready;    /* acc and the wishes of steps belong to the present positions */
    double *acc;   /* [3 stride] each body's at its own time; [9 stride] with tides behind it */
    double *from;  /* [3 stride] places at their own times */
    unsigned char *level;
    size_t *moving; /* indices of those that end a step now */
} block_leapfrog;

static bool has_tides(const block_leapfrog *self)
{
    return (orr_steps_need(&self->steps) & ORR_WANT_TIDES) != 0;
}

static orr_status prepare(void *state, orr_problem *p)
{
    block_leapfrog *self = state;
    const size_t n = p->bodies->n, stride = p->bodies->stride;
    if (self->splitting == HIERARCHICAL && p->other_forces) {
        p->reason = "splitting 'hierarchical' takes the mutual gravity of the bodies and no other "
                    "force; leave it out";
        return ORR_E_INCOMPATIBLE;
    }
    ORR_TRY(orr_block_steps_prepare(&self->steps, p));
    self->ready = false;
    orr_keep(p->memory, &self->acc, (has_tides(self) ? 9 : 3) * stride);
    orr_keep(p->memory, &self->from, 3 * stride);
    orr_keep(p->memory, &self->level, n);
    orr_keep(p->memory, &self->moving, n);
    return orr_motion_prepare(&self->motion, p);
}

/* A time at which some bodies end a step. */
typedef struct moment {
    block_leapfrog *self;
    orr_problem *p;
    double h;      /* the longest step [time] */
    uint64_t tick; /* now */
    size_t n;      /* of these bodies */
} moment;

typedef double by_level[ORR_MOST_LEVEL + 2]; /* one more: of those that want too short a step */

/* The pull of half a step on the bodies that end one, or begin one. */
static void kick(const moment *m)
{
    const block_leapfrog *self = m->self;
    const orr_bodies *b = m->p->bodies;
    by_level half;
    for (int k = 0; k < ORR_MOST_LEVEL + 2; k++)
        half[k] = ldexp(m->h, -k) / 2;
    orr_axpy_grouped(m->n, self->moving, b->stride, self->level, half, b->vel, self->motion.vel_low,
                     self->acc, m->p->threads);
}

/* All bodies to now: those that end a step are there for good; others where the parabola is that
 * their half kick and their drift stand for. */
static void drift(const moment *m)
{
    const block_leapfrog *self = m->self;
    orr_bodies *b = m->p->bodies;
    const double unit = ldexp(m->h, -ORR_MOST_LEVEL);
    by_level since = {0},
             ahead = {0}; /* of the body's own time; half of the time to its next one */
    for (unsigned k = 0; k <= ORR_MOST_LEVEL; k++) {
        const uint64_t ticks = m->tick % orr_ticks_of(k);
        since[k] = ticks > 0 ? (double)ticks * unit : ldexp(m->h, -(int)k);
        ahead[k] = (since[k] - ldexp(m->h, -(int)k)) / 2;
    }
    if (m->n < b->n)
        orr_predict_grouped(b->n, b->stride, self->level, since, ahead, self->from, b->vel,
                            self->acc, b->pos, m->p->threads);
    orr_axpy_grouped(m->n, self->moving, b->stride, self->level, since, self->from,
                     self->motion.pos_low, b->vel, m->p->threads);
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t k = 0; k < m->n; k++) {
            const size_t at = axis * b->stride + self->moving[k];
            b->pos[at] = self->from[at];
        }
}

/* Forces on the bodies that end a step; on all, if all massive ones do: what is found for these may
 * not hang on test bodies. */
static orr_status evaluate(const moment *m, double t, orr_step_report *report)
{
    const block_leapfrog *self = m->self;
    const orr_bodies *b = m->p->bodies;
    const size_t massive = b->n_active + b->n_passive;
    const bool all = m->n >= massive && (massive == 0 || self->moving[massive - 1] < massive);
    report->evaluations++;
    return m->p->eval(m->p, (orr_eval){.t = t,
                                       .want = orr_steps_need(&self->steps),
                                       .acc = self->acc,
                                       .tides = self->acc + 3 * b->stride,
                                       .targets = all ? NULL : self->moving,
                                       .n_targets = m->n});
}

static void measure(const moment *m, bool first)
{
    block_leapfrog *self = m->self;
    for (size_t k = 0; k < m->n; k++)
        orr_steps_measure(&self->steps, m->p, self->moving[k], self->acc,
                          self->acc + 3 * m->p->bodies->stride, first);
}

/* New steps for the bodies that ended one. */
static orr_status open_steps(const moment *m, orr_step_report *report)
{
    block_leapfrog *self = m->self;
    const unsigned least = orr_level_at(m->tick);
    for (size_t k = 0; k < m->n; k++) {
        const size_t i = self->moving[k];
        const unsigned level = orr_steps_choose(&self->steps, i, m->h, least);
        if (level > (unsigned)self->steps.deepest)
            return orr_steps_too_short(m->p, i, ldexp(m->h, -ORR_MOST_LEVEL) * (double)m->tick,
                                       report);
        self->level[i] = (unsigned char)level;
    }
    kick(m);
    return ORR_OK;
}

/* The bodies of this level and of higher ones. */
static size_t find_moving(block_leapfrog *self, const orr_bodies *b, unsigned level)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        self->moving[n] = i;
        n += self->level[i] >= level;
    }
    return n;
}

static unsigned finest(const block_leapfrog *self, size_t n)
{
    unsigned char most = 0;
    for (size_t i = 0; i < n; i++)
        most = self->level[i] > most ? self->level[i] : most;
    return most;
}

/* All bodies stand where their steps begin, and their forces there are known. */
static orr_status begin(moment *m, orr_step_report *report)
{
    block_leapfrog *self = m->self;
    m->n = find_moving(self, m->p->bodies, 0);
    if (!self->ready) {
        ORR_TRY(evaluate(m, m->p->t, report));
        measure(m, true);
    }
    return ORR_OK;
}

/* On to the next time at which a body ends a step. */
static orr_status go_on(moment *m, orr_step_report *report)
{
    block_leapfrog *self = m->self;
    const orr_bodies *b = m->p->bodies;
    m->tick += orr_ticks_of(finest(self, b->n));
    m->n = find_moving(self, b, orr_level_at(m->tick));
    drift(m);
    ORR_TRY(evaluate(m, m->p->t + (double)m->tick * ldexp(m->h, -ORR_MOST_LEVEL), report));
    kick(m);
    measure(m, false);
    return m->tick < orr_ticks_of(0) ? open_steps(m, report) : ORR_OK;
}

static orr_status block_step(moment *m, orr_step_report *report)
{
    const orr_bodies *b = m->p->bodies;
    memcpy(m->self->from, b->pos, 3 * b->stride * sizeof *b->pos);
    ORR_TRY(open_steps(m, report));
    while (m->tick < orr_ticks_of(0))
        ORR_TRY(go_on(m, report));
    return ORR_OK;
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    block_leapfrog *self = state;
    moment m = {.self = self, .p = p, .h = h};
    const orr_block_hierarchy hierarchy = {&self->motion, &self->steps, self->level, self->acc};
    ORR_TRY(begin(&m, report));
    self->ready = false;
    if (self->splitting == HIERARCHICAL)
        ORR_TRY(orr_block_hierarchy_step(&hierarchy, p, h, report));
    else
        ORR_TRY(block_step(&m, report));
    self->ready = true;
    report->h_done = h;
    return ORR_OK;
}

static const orr_field fields[] = {
    ORR_MOTION_FIELDS(1),
    ORR_BLOCK_STEPS_FIELDS(block_leapfrog),
    {.name = "splitting",
     .type = ORR_CHOICE,
     .offset = offsetof(block_leapfrog, splitting),
     .role = ORR_OPTION,
     .choices = "block|hierarchical",
     .doc = "block: a body that ends a step feels all; hierarchical: two bodies pull each other "
            "with the longer of their steps, so that momentum stays"},
    ORR_STATE_VALUE(block_leapfrog, ready),
    ORR_STATE_KEPT(block_leapfrog, acc),
    ORR_STATE_ROOM(block_leapfrog, from),
    ORR_STATE_ROOM(block_leapfrog, level),
    ORR_STATE_ROOM(block_leapfrog, moving),
    {0}};

const orr_integrator orr_integrator_block_leapfrog = {
    .name = "block-leapfrog",
    .summary = "Leapfrog, every body with its own step, halved as it needs: many softened bodies.",
    .reference = "10.1086/191344",
    .kind = "splitting",
    .order = 2,
    .fields = fields,
    .state_size = sizeof(block_leapfrog),
    .prepare = prepare,
    .step = step,
};
