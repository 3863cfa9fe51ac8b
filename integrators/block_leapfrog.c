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
 * `splitting: hierarchical` is in shared/hierarchy.h. */
#include "base/team.h"
#include "shared/block_steps.h"

#include <math.h>
#include <string.h>

enum { BLOCK, HIERARCHICAL };

/* Bodies a task; fewer bodies than two of them are not worth a team (bench: kernels). */
enum { CHUNK = 1 << 12 };

typedef struct block_leapfrog {
    orr_motion motion;
    orr_block_steps steps;
    int splitting;  /* index into its choices */
    bool ready;     /* acc and wanted belong to the present positions */
    double *acc;    /* [3 stride] each body's at its own time */
    double *wanted; /* [stride] the step that each body wants from there */
    double *from;   /* [3 stride] places at their own times */
    double *dt;     /* [stride] since then */
    double *tides;  /* [6 stride], or NULL */
    unsigned char *level;
    size_t *moving; /* indices of those that end a step now */
} block_leapfrog;

static orr_status prepare(void *state, orr_problem *p)
{
    block_leapfrog *self = state;
    const size_t n = p->bodies->n, stride = p->bodies->stride;
    ORR_TRY(orr_block_steps_prepare(&self->steps, p));
    self->ready = false;
    self->tides = NULL;
    orr_keep(p->memory, &self->acc, 3 * stride);
    orr_keep(p->memory, &self->wanted, stride);
    orr_keep(p->memory, &self->from, 3 * stride);
    orr_keep(p->memory, &self->dt, stride);
    orr_keep(p->memory, &self->level, n);
    orr_keep(p->memory, &self->moving, n);
    if (self->steps.used == ORR_BY_TIDES)
        orr_keep(p->memory, &self->tides, 6 * stride);
    return orr_motion_prepare(&self->motion, p);
}

/* What the tasks of one time on the line share: they write of their own bodies alone. */
typedef struct moment {
    block_leapfrog *self;
    orr_problem *p;
    double h;                         /* the longest step [time] */
    uint64_t tick;                    /* now */
    size_t n;                         /* of the bodies that end a step */
    double since[ORR_MOST_LEVEL + 1]; /* the time from a body's own to now, by its level */
} moment;

static void on_chunks(moment *m, size_t n, orr_task *task)
{
    orr_team_run(n < 2 * CHUNK ? 1 : m->p->threads, 1, (n + CHUNK - 1) / CHUNK, task, m);
}

static size_t end_of_chunk(size_t c, size_t n)
{
    return (c + 1) * CHUNK < n ? (c + 1) * CHUNK : n;
}

/* All bodies to now; those that end a step are corrected by arrive(). */
static void predict(void *context, size_t phase, size_t c)
{
    (void)phase;
    moment *m = context;
    block_leapfrog *self = m->self;
    orr_bodies *b = m->p->bodies;
    const size_t first = c * CHUNK, last = end_of_chunk(c, b->n);
    for (size_t i = first; i < last; i++)
        self->dt[i] = m->since[self->level[i]];
    const double *const f[] = {self->from + first, b->vel + first};
    double *const out[] = {b->pos + first};
    orr_predict(last - first, b->stride, self->dt + first, 2, f, 1, out);
}

/* y += h rate, of one body. */
static void advance(const orr_bodies *b, size_t i, double *y, double *low, double h,
                    const double *rate)
{
    for (size_t at = i; at < 3 * b->stride; at += b->stride) {
        if (low)
            orr_add_compensated(&y[at], &low[at], h * rate[at]);
        else
            y[at] += h * rate[at];
    }
}

/* The ends of the steps that end now, in place. */
static void arrive(void *context, size_t phase, size_t c)
{
    (void)phase;
    moment *m = context;
    block_leapfrog *self = m->self;
    orr_bodies *b = m->p->bodies;
    for (size_t k = c * CHUNK; k < end_of_chunk(c, m->n); k++) {
        const size_t i = self->moving[k];
        advance(b, i, self->from, self->motion.pos_low, m->since[self->level[i]], b->vel);
        for (size_t at = i; at < 3 * b->stride; at += b->stride)
            b->pos[at] = self->from[at];
    }
}

/* The half kick that ends a step. */
static void close_steps(void *context, size_t phase, size_t c)
{
    (void)phase;
    moment *m = context;
    block_leapfrog *self = m->self;
    orr_bodies *b = m->p->bodies;
    for (size_t k = c * CHUNK; k < end_of_chunk(c, m->n); k++) {
        const size_t i = self->moving[k];
        advance(b, i, b->vel, self->motion.vel_low, m->since[self->level[i]] / 2, self->acc);
        self->wanted[i] = orr_step_wanted(&self->steps, m->p, i, self->acc, self->tides);
    }
}

/* The next step's level, and the half kick that begins it. */
static void open_steps(void *context, size_t phase, size_t c)
{
    (void)phase;
    moment *m = context;
    block_leapfrog *self = m->self;
    orr_bodies *b = m->p->bodies;
    const unsigned least = m->tick > 0 ? orr_level_at(m->tick) : 0;
    for (size_t k = c * CHUNK; k < end_of_chunk(c, m->n); k++) {
        const size_t i = self->moving[k];
        const unsigned level = orr_level_for(m->h, self->wanted[i], least);
        self->level[i] = (unsigned char)level;
        advance(b, i, b->vel, self->motion.vel_low, ldexp(m->h, -(int)level) / 2, self->acc);
    }
}

static unsigned finest(const block_leapfrog *self, size_t n)
{
    unsigned char most = 0;
    for (size_t i = 0; i < n; i++)
        most = self->level[i] > most ? self->level[i] : most;
    return most;
}

/* Forces on the bodies that end a step; on all, if they include all massive ones: what is found for
 * these may not hang on what test bodies do. */
static orr_status evaluate(moment *m, double t, orr_step_report *report)
{
    block_leapfrog *self = m->self;
    const orr_bodies *b = m->p->bodies;
    const size_t massive = b->n_active + b->n_passive;
    const bool all =
        m->n >= massive && m->n > 0 && (massive == 0 || self->moving[massive - 1] == massive - 1);
    report->evaluations++;
    return m->p->eval(m->p, (orr_eval){.t = t,
                                       .want = ORR_WANT_ACC | (self->tides ? ORR_WANT_TIDES : 0u),
                                       .acc = self->acc,
                                       .tides = self->tides,
                                       .targets = all ? NULL : self->moving,
                                       .n_targets = m->n});
}

/* Who wants a shorter step than there is: told in the report. */
static orr_status too_deep(const moment *m, orr_step_report *report)
{
    const block_leapfrog *self = m->self;
    const orr_bodies *b = m->p->bodies;
    for (size_t k = 0; k < m->n; k++)
        if (self->level[self->moving[k]] > self->steps.deepest) {
            report->failed_after = ldexp(m->h, -ORR_MOST_LEVEL) * (double)m->tick;
            report->failed_body = &b->id[self->moving[k]];
            return ORR_E_STEP_TOO_SMALL;
        }
    return ORR_OK;
}

/* The bodies that end a step at the tick: their number. */
static size_t find_moving(block_leapfrog *self, const orr_bodies *b, unsigned level)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        self->moving[n] = i;
        n += self->level[i] >= level;
    }
    return n;
}

static orr_status begin(moment *m, orr_step_report *report)
{
    block_leapfrog *self = m->self;
    orr_bodies *b = m->p->bodies;
    m->tick = 0;
    memset(self->level, 0, b->n);
    m->n = find_moving(self, b, 0);
    memcpy(self->from, b->pos, 3 * b->stride * sizeof *b->pos);
    if (!self->ready) {
        ORR_TRY(evaluate(m, m->p->t, report));
        for (size_t i = 0; i < b->n; i++)
            self->wanted[i] = orr_step_wanted(&self->steps, m->p, i, self->acc, self->tides);
    }
    on_chunks(m, m->n, open_steps);
    return too_deep(m, report);
}

/* On to the next time at which a body ends a step. */
static orr_status go_on(moment *m, orr_step_report *report)
{
    block_leapfrog *self = m->self;
    orr_bodies *b = m->p->bodies;
    const unsigned deepest = finest(self, b->n);
    m->tick += orr_ticks_of(deepest);
    const double unit = ldexp(m->h, -ORR_MOST_LEVEL), when = (double)m->tick * unit;
    const unsigned least = orr_level_at(m->tick);
    for (unsigned k = 0; k <= deepest; k++)
        m->since[k] = k < least ? (double)(m->tick % orr_ticks_of(k)) * unit : ldexp(m->h, -(int)k);
    m->n = find_moving(self, b, least);
    if (m->n < b->n)
        on_chunks(m, b->n, predict);
    on_chunks(m, m->n, arrive);
    ORR_TRY(evaluate(m, m->p->t + when, report));
    on_chunks(m, m->n, close_steps);
    if (least == 0)
        return ORR_OK;
    on_chunks(m, m->n, open_steps);
    return too_deep(m, report);
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    block_leapfrog *self = state;
    moment m = {.self = self, .p = p, .h = h};
    orr_status status = begin(&m, report);
    while (status == ORR_OK && m.tick < orr_ticks_of(0))
        status = go_on(&m, report);
    self->ready = status == ORR_OK;
    report->h_done = h;
    return status;
}

static const orr_field fields[] = {
    ORR_MOTION_FIELDS(1),
    ORR_BLOCK_STEPS_FIELDS(block_leapfrog),
    {.name = "splitting",
     .type = ORR_CHOICE,
     .offset = offsetof(block_leapfrog, splitting),
     .role = ORR_OPTION,
     .choices = "block|hierarchical",
     .doc =
         "block: a body that ends a step feels all; hierarchical: two bodies pull each other with "
         "the longer of their steps, so that momentum stays"},
    ORR_STATE_VALUE(block_leapfrog, ready),
    ORR_STATE_KEPT(block_leapfrog, acc),
    ORR_STATE_KEPT(block_leapfrog, wanted),
    ORR_STATE_ROOM(block_leapfrog, from),
    ORR_STATE_ROOM(block_leapfrog, dt),
    ORR_STATE_ROOM(block_leapfrog, tides),
    ORR_STATE_ROOM(block_leapfrog, level),
    ORR_STATE_ROOM(block_leapfrog, moving),
    {0}};

const orr_integrator orr_integrator_block_leapfrog = {
    .name = "block-leapfrog",
    .summary = "Leapfrog, every body with its own step, halved as it needs: many softened bodies.",
    .reference = "10.1086/191344",
    .kind = "splitting",
    .order = 2,
    .traits = ORR_TAKES_BOUNDARY,
    .fields = fields,
    .state_size = sizeof(block_leapfrog),
    .prepare = prepare,
    .step = step,
};
