/* TRACE: planets that meet.  Wisdom-Holman in democratic heliocentric coordinates as long as
 * everybody keeps apart; pairs that come close are integrated with their Kepler motion by ias15
 * instead of being kicked, and where somebody passes close to the star the whole step is.  Who is
 * close is asked before and after the step, in the same way; if the step has brought new pairs
 * together it is taken back and done again with them.  So the choice is (almost) the same in both
 * directions of time, and the energy does not drift.  Lu, Hernandez & Rein 2024, MNRAS 533, 3708,
 * doi 10.1093/mnras/stae1982
 *
 *     H = sum (p^2/2m - G m0 m/q)  +  (sum p)^2/2 m0  -  sum over pairs G m m'/|q - q'|
 *         Kepler: drift               jump               kick, or with the drift where close
 *
 * A pair is close if, moving straight on for a step in either direction, it would come within
 * `hill_radii` of the greater of its Hill radii.  Somebody is close to the star where the period of
 * a circle is less than `pericentre_steps` steps. */
#include <orrery/integrator.h>

#include <math.h>
#include <string.h>

#include "core/math/reproducible.h"
#include "shared/hits.h"
#include "wisdom_holman/wh_planets.h"

typedef struct trace {
    double hill_radii, pericentre_steps, restitution, tell_within, remove_beyond;
    int collisions; /* orr_hit_rule */
    int by;         /* index into `children` */
    orr_hits hits;
    double *gm0;     /* at the start of the step */
    orr_wh_system s; /* democratic heliocentric, test bodies as well (as lanes without mass) */
    size_t n;        /* planets and test bodies */
    size_t stride;
    size_t *body;        /* [n] index in the bodies */
    double *gm, *mu;     /* [stride] */
    double *q, *w;       /* [3 stride] */
    double *q0, *w0;     /* at the start of the step */
    unsigned char *near; /* [n n] pairs that are close, above the diagonal */
    unsigned char *in;   /* [n] somebody is close to this one */
} trace;

/* What the closely meeting ones feel: for the child method. */
typedef struct encounter {
    orr_problem problem; /* first: eval() gets from it to this */
    const trace *all;
    size_t n;
    size_t *who; /* [n] */
} encounter;

static double *vector(orr_arena *memory, size_t n)
{
    return orr_arena_alloc(memory, n * sizeof(double));
}

/* ---- coordinates ---- */

static void take(trace *self, const orr_bodies *b)
{
    size_t star = self->s.star;
    for (size_t c = 0; c < 3; c++) {
        double mean = 0;
        for (size_t k = 0; k < self->n; k++)
            mean += self->gm[k] * (orr_component(b->vel, b, self->body[k], c) -
                                   orr_component(b->vel, b, star, c));
        mean /= self->s.total;
        for (size_t k = 0; k < self->n; k++) {
            size_t i = self->body[k], at = k + c * self->stride;
            self->q[at] = orr_component(b->pos, b, i, c) - orr_component(b->pos, b, star, c);
            self->w[at] = orr_component(b->vel, b, i, c) - orr_component(b->vel, b, star, c) - mean;
        }
    }
}

/* The bodies, with their centre of mass at rest at the origin, or where it is at that time. */
static void give(const trace *self, const orr_bodies *b, bool at_origin)
{
    double center[3] = {0}, velocity[3] = {0};
    if (!at_origin)
        orr_wh_center(&self->s, center, velocity);
    for (size_t c = 0; c < 3; c++) {
        double x = 0, v = 0;
        for (size_t k = 0; k < self->n; k++) {
            x += self->gm[k] * self->q[k + c * self->stride];
            v += self->gm[k] * self->w[k + c * self->stride];
        }
        double x0 = center[c] - x / self->s.total, *pos = b->pos + c * b->stride;
        double *vel = b->vel + c * b->stride;
        pos[self->s.star] = x0;
        vel[self->s.star] = velocity[c] - v / self->s.gm0;
        for (size_t k = 0; k < self->n; k++) {
            pos[self->body[k]] = x0 + self->q[k + c * self->stride];
            vel[self->body[k]] = velocity[c] + self->w[k + c * self->stride];
        }
    }
}

static orr_status prepare(void *state, orr_problem *p)
{
    trace *self = state;
    const orr_bodies *b = p->bodies;
    ORR_TRY(orr_wh_prepare(&self->s, p, ORR_DEMOCRATIC, 0, &(orr_removal){0}));
    size_t n = self->n = b->n - 1;
    self->stride = (n + 7) / 8 * 8;
    size_t length = 3 * self->stride;
    self->body = orr_arena_alloc(p->memory, (n + 1) * sizeof *self->body);
    self->gm = vector(p->memory, self->stride + 1);
    self->gm0 = vector(p->memory, self->stride + 1);
    self->mu = vector(p->memory, self->stride + 1);
    self->q = vector(p->memory, length + 1);
    self->w = vector(p->memory, length + 1);
    self->q0 = vector(p->memory, length + 1);
    self->w0 = vector(p->memory, length + 1);
    self->near = orr_arena_alloc(p->memory, n * n + 1);
    self->in = orr_arena_alloc(p->memory, n + 1);
    if (!self->body || !self->gm || !self->gm0 || !self->mu || !self->q || !self->w || !self->q0 ||
        !self->w0 || !self->near || !self->in)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < self->stride; k++)
        self->q[k] = 1; /* spare lanes are somewhere */
    for (size_t k = 0; k < n; k++) {
        self->body[k] = k < self->s.star ? k : k + 1;
        self->gm[k] = b->gm[self->body[k]];
        self->mu[k] = self->s.gm0;
    }
    take(self, b);
    return ORR_OK;
}

/* ---- who is close ---- */

static double distance2(const trace *self, size_t i, size_t j)
{
    double r2 = 0;
    for (size_t c = 0; c < 3; c++) {
        double d = self->q[j + c * self->stride] - self->q[i + c * self->stride];
        r2 += d * d;
    }
    return r2;
}

/* Of the pair, if both went straight on for up to a step forwards or backwards. */
static double least_distance2(const trace *self, size_t i, size_t j, double h)
{
    double d2 = 0, dv = 0, v2 = 0;
    for (size_t c = 0; c < 3; c++) {
        double d = self->q[j + c * self->stride] - self->q[i + c * self->stride];
        double v = self->w[j + c * self->stride] - self->w[i + c * self->stride];
        d2 += d * d;
        dv += d * v;
        v2 += v * v;
    }
    double t = v2 > 0 ? fmin(fabs(dv) / v2, fabs(h)) : 0;
    return d2 - 2 * t * fabs(dv) + t * t * v2;
}

static double hill_radius2(const trace *self, size_t i)
{
    double r2 = 0, size = orr_cbrt(self->gm[i] / (3 * self->s.gm0));
    for (size_t c = 0; c < 3; c++)
        r2 += self->q[i + c * self->stride] * self->q[i + c * self->stride];
    return r2 * size * size;
}

/* Marks close pairs; *added: somebody was not marked before.  True: somebody is close to the star.
 */
static bool look(trace *self, double h, bool *added)
{
    bool at_star = false;
    double slow = self->pericentre_steps * h / 6.283185307179586;
    double least = orr_cbrt(slow * slow * self->s.gm0);
    for (size_t i = 0; i < self->n; i++) {
        double r2 = 0, own = hill_radius2(self, i);
        for (size_t c = 0; c < 3; c++)
            r2 += self->q[i + c * self->stride] * self->q[i + c * self->stride];
        at_star |= r2 < least * least;
        for (size_t j = i + 1; j < self->n; j++) {
            unsigned char *near = &self->near[i * self->n + j];
            if (*near || (self->gm[i] == 0 && self->gm[j] == 0))
                continue;
            double limit2 = self->hill_radii * self->hill_radii * fmax(own, hill_radius2(self, j));
            if (least_distance2(self, i, j, h) > limit2)
                continue;
            *near = self->in[i] = self->in[j] = 1;
            *added = true;
        }
    }
    return at_star;
}

/* ---- the parts of a step ---- */

static void jump(trace *self, double h)
{
    for (size_t c = 0; c < 3; c++) {
        double *q = self->q + c * self->stride, *w = self->w + c * self->stride, sum = 0;
        for (size_t k = 0; k < self->n; k++)
            sum += self->gm[k] * w[k];
        for (size_t k = 0; k < self->n; k++)
            q[k] += h * (sum / self->s.gm0);
    }
}

static void kick(trace *self, double h)
{
    for (size_t i = 0; i < self->n; i++)
        for (size_t j = i + 1; j < self->n; j++) {
            if (self->near[i * self->n + j] || (self->gm[i] == 0 && self->gm[j] == 0))
                continue;
            double r2 = distance2(self, i, j), pull = h / (r2 * sqrt(r2));
            for (size_t c = 0; c < 3; c++) {
                double d = self->q[j + c * self->stride] - self->q[i + c * self->stride];
                self->w[i + c * self->stride] += self->gm[j] * pull * d;
                self->w[j + c * self->stride] -= self->gm[i] * pull * d;
            }
        }
}

/* Accelerations in an encounter: the star, which stands still, and close pairs. */
static orr_status feel(orr_problem *p, orr_eval r)
{
    const encounter *e = (const encounter *)p;
    const trace *all = e->all;
    const orr_bodies *b = p->bodies;
    memset(r.acc, 0, 3 * b->stride * sizeof *r.acc);
    for (size_t i = 0; i < e->n; i++) {
        double r2 = 0;
        for (size_t c = 0; c < 3; c++)
            r2 += b->pos[i + c * b->stride] * b->pos[i + c * b->stride];
        double pull = all->s.gm0 / (r2 * sqrt(r2));
        for (size_t c = 0; c < 3; c++)
            r.acc[i + c * b->stride] -= pull * b->pos[i + c * b->stride];
        for (size_t j = i + 1; j < e->n; j++) {
            if (!all->near[e->who[i] * all->n + e->who[j]])
                continue;
            double d[3], d2 = 0;
            for (size_t c = 0; c < 3; c++) {
                d[c] = b->pos[j + c * b->stride] - b->pos[i + c * b->stride];
                d2 += d[c] * d[c];
            }
            double i3 = 1 / (d2 * sqrt(d2));
            for (size_t c = 0; c < 3; c++) {
                r.acc[i + c * b->stride] += b->gm[j] * i3 * d[c];
                r.acc[j + c * b->stride] -= b->gm[i] * i3 * d[c];
            }
        }
    }
    return ORR_OK;
}

/* Only pairs that are close may hit each other where the others are kicked. */
static bool are_close(const void *user, size_t i, size_t j)
{
    const encounter *e = user;
    return e->all->near[e->who[i] * e->all->n + e->who[j]];
}

/* A contact changes the motion. */
static bool is_felt(const orr_party *a)
{
    return a->rule == ORR_MERGE || a->rule == ORR_BOUNCE;
}

/* Methods for encounters: accurate, adaptive, for any force. */
#define CHILDREN "ias15|bulirsch-stoer|dop853|verner9|rkn12"

static const orr_integrator *child_of(const trace *self)
{
    const orr_field field = {.type = ORR_CHOICE, .choices = CHILDREN};
    char name[32] = "";
    orr_field_choice(&field, self->by, name, sizeof name);
    return orr_integrator_find(name);
}

/* Problem p over time h by a child method, with memory that the engine takes back after the step;
 * `real` is the problem of which p is a part. */
static orr_status accurately(const trace *self, const orr_problem *real, orr_problem *p,
                             orr_party *a, double h, orr_step_report *report)
{
    const orr_integrator *child = child_of(self);
    void *state = orr_arena_alloc(p->scratch, child->state_size);
    orr_arena *memory = p->memory;
    size_t bytes = 3 * p->bodies->stride * sizeof(double);
    if (!state)
        return ORR_E_NO_MEMORY;
    orr_fields_defaults(child->fields, state);
    p->memory = p->scratch;
    orr_status status = child->prepare(state, p);
    double left = h, until = h; /* until: go no farther than this, there is a contact */
    size_t pair[2] = {0, 0};
    bool at_contact = false;
    while (status == ORR_OK && fabs(left) > 1e-14 * fabs(h)) {
        orr_step_report own = {0};
        if (a->radius) {
            memcpy(a->start, a->b->pos, bytes);
            memcpy(a->speed, a->b->vel, bytes);
        }
        status = child->step(state, p, at_contact ? until : left, &own);
        report->evaluations += own.evaluations;
        report->rejected += own.rejected;
        if (status != ORR_OK)
            break;
        double u = a->radius && !at_contact ? orr_first_contact(a, own.h_done, 0, pair) : 2;
        if (u <= 1 && is_felt(a)) {
            until = u * own.h_done; /* back, to the contact, and on from there */
            at_contact = true;
            memcpy(a->b->pos, a->start, bytes);
            memcpy(a->b->vel, a->speed, bytes);
        } else {
            left -= own.h_done;
            until -= own.h_done;
            double now = real->t + (h - left);
            for (; status == ORR_OK && u <= 1; u = orr_first_contact(a, own.h_done, u, pair))
                status = orr_collide(a, real, pair, now - (1 - u) * own.h_done);
            if (status == ORR_OK && a->radius)
                status = orr_note_approaches(a, real, own.h_done, now);
            if (!at_contact)
                continue;
        }
        if (status != ORR_OK || fabs(until) > 1e-14 * fabs(h))
            continue;
        at_contact = false;
        status = orr_collide(a, real, pair, real->t + (h - left));
        if (status == ORR_OK) {
            orr_fields_defaults(child->fields, state);
            status = child->prepare(state, p);
        }
    }
    p->memory = memory;
    return status;
}

static orr_party party_of(trace *self, orr_bodies *b)
{
    return (orr_party){.b = b,
                       .rule = (orr_hit_rule)self->collisions,
                       .restitution = self->restitution,
                       .hits = &self->hits};
}

/* Within which distance approaches are told: of those in an encounter, or of all bodies. */
static orr_status tell_within(const trace *self, const orr_problem *p, const encounter *e,
                              orr_party *a)
{
    size_t n = e ? e->n : self->n;
    double *near = vector(p->scratch, a->b->n);
    if (!near)
        return ORR_E_NO_MEMORY;
    if (!e)
        near[self->s.star] = -1;
    for (size_t k = 0; k < n; k++)
        near[e ? k : self->body[k]] =
            self->tell_within * sqrt(hill_radius2(self, e ? e->who[k] : k));
    a->near = near;
    return ORR_OK;
}

static orr_status drift(trace *self, orr_problem *p, double h, orr_step_report *report)
{
    size_t m = 0;
    for (size_t k = 0; k < self->n; k++)
        m += self->in[k];
    encounter e = {.all = self, .n = m};
    orr_bodies some = {.n = m, .n_active = m, .stride = (m + 7) / 8 * 8};
    if (m > 0) {
        e.who = orr_arena_alloc(p->scratch, m * sizeof *e.who);
        some.pos = vector(p->scratch, 3 * some.stride);
        some.vel = vector(p->scratch, 3 * some.stride);
        some.gm = vector(p->scratch, some.stride);
        if (!e.who || !some.pos || !some.vel || !some.gm)
            return ORR_E_NO_MEMORY;
        m = 0;
        for (size_t k = 0; k < self->n; k++) {
            if (!self->in[k])
                continue;
            for (size_t c = 0; c < 3; c++) {
                some.pos[m + c * some.stride] = self->q[k + c * self->stride];
                some.vel[m + c * some.stride] = self->w[k + c * self->stride];
            }
            some.gm[m] = self->gm[k];
            e.who[m++] = k;
        }
        e.problem = (orr_problem){.bodies = &some,
                                  .threads = 1,
                                  .memory = p->scratch,
                                  .scratch = p->scratch,
                                  .eval = feel};
        size_t *index = orr_arena_alloc(p->scratch, m * sizeof *index);
        if (!index)
            return ORR_E_NO_MEMORY;
        for (size_t k = 0; k < m; k++)
            index[k] = self->body[e.who[k]];
        orr_party a = party_of(self, &some);
        a.index = index, a.may_hit = are_close, a.user = &e, a.star = self->s.gm0;
        if (self->tell_within > 0)
            ORR_TRY(tell_within(self, p, &e, &a));
        ORR_TRY(orr_party_watch(&a, p));
        ORR_TRY(accurately(self, p, &e.problem, &a, h, report));
        for (size_t k = 0; k < m; k++)
            self->gm[e.who[k]] = some.gm[k];
    }
    double *q[3], *w[3];
    for (size_t c = 0; c < 3; c++)
        q[c] = self->q + c * self->stride, w[c] = self->w + c * self->stride;
    orr_kepler(self->n, q, w, self->mu, h);
    for (size_t k = 0; k < e.n; k++) /* these did not follow their Kepler orbits */
        for (size_t c = 0; c < 3; c++) {
            q[c][e.who[k]] = some.pos[k + c * some.stride];
            w[c][e.who[k]] = some.vel[k + c * some.stride];
        }
    return ORR_OK;
}

/* Somebody is close to the star: all of it, in inertial coordinates. */
static orr_status whole(trace *self, orr_problem *p, double h, orr_step_report *report)
{
    orr_party a = party_of(self, p->bodies);
    give(self, p->bodies, true);
    if (self->tell_within > 0)
        ORR_TRY(tell_within(self, p, NULL, &a));
    ORR_TRY(orr_party_watch(&a, p));
    ORR_TRY(accurately(self, p, p, &a, h, report));
    self->s.gm0 = p->bodies->gm[self->s.star];
    for (size_t k = 0; k < self->n; k++)
        self->gm[k] = p->bodies->gm[self->body[k]];
    take(self, p->bodies);
    return ORR_OK;
}

static orr_status advance(trace *self, orr_problem *p, double h, bool at_star,
                          orr_step_report *report)
{
    if (at_star)
        return whole(self, p, h, report);
    kick(self, h / 2);
    jump(self, h / 2);
    ORR_TRY(drift(self, p, h, report));
    jump(self, h / 2);
    kick(self, h / 2);
    return ORR_OK;
}

/* Who is too far from the star goes. */
static orr_status dismiss(const trace *self, orr_problem *p, double h)
{
    for (size_t k = 0; k < self->n; k++) {
        const orr_bodies *b = p->bodies;
        double r2 = 0;
        for (size_t c = 0; c < 3; c++)
            r2 += self->q[k + c * self->stride] * self->q[k + c * self->stride];
        if (r2 <= self->remove_beyond * self->remove_beyond)
            continue;
        orr_event e = {.t = p->t + h,
                       .kind = ORR_ESCAPE,
                       .a = b->id[self->body[k]],
                       .b = b->id[self->s.star],
                       .separation = sqrt(r2)};
        ORR_TRY(p->record(p, &e));
        ORR_TRY(p->remove(p, e.a));
    }
    return ORR_OK;
}

/* The step stands: what happened is told, and those who are no more go. */
static orr_status settle(const trace *self, orr_problem *p, double h)
{
    for (size_t k = 0; k < self->hits.n; k++) {
        const orr_hit *i = &self->hits.hit[k];
        ORR_TRY(p->record(p, &i->event));
        p->stop = p->stop || (self->collisions == ORR_STOP && i->event.kind == ORR_COLLISION);
        if (!i->merged)
            continue;
        p->bodies->gm[i->heir] = i->gm;
        p->bodies->gm[i->gone] = 0;
        p->bodies->radius[i->heir] = i->radius;
        ORR_TRY(p->remove(p, p->bodies->id[i->gone]));
    }
    return self->remove_beyond > 0 && !p->aside ? dismiss(self, p, h) : ORR_OK;
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    trace *self = state;
    size_t bytes = 3 * self->stride * sizeof(double);
    memcpy(self->q0, self->q, bytes);
    memcpy(self->w0, self->w, bytes);
    memcpy(self->gm0, self->gm, self->stride * sizeof(double));
    self->hits = (orr_hits){0};
    memset(self->near, 0, self->n * self->n);
    memset(self->in, 0, self->n);
    bool added = false, at_star = look(self, h, &added);
    ORR_TRY(advance(self, p, h, at_star, report));
    added = false;
    bool at_star_now = look(self, h, &added);
    if (!at_star && (added || at_star_now)) {
        memcpy(self->q, self->q0, bytes);
        memcpy(self->w, self->w0, bytes);
        memcpy(self->gm, self->gm0, self->stride * sizeof(double));
        self->hits.n = 0;
        report->rejected++;
        ORR_TRY(advance(self, p, h, at_star_now, report));
    }
    orr_wh_pass(&self->s, h, 1);
    give(self, p->bodies, false);
    ORR_TRY(settle(self, p, h));
    report->h_done = h;
    report->evaluations++;
    return ORR_OK;
}

static const orr_field fields[] = {
    {.name = "hill_radii",
     .offset = offsetof(trace, hill_radii),
     .fallback = 6,
     .min = 0.5,
     .max = 100,
     .role = ORR_OPTION,
     .doc = "a pair closer than this many Hill radii is integrated accurately"},
    {.name = "pericentre_steps",
     .offset = offsetof(trace, pericentre_steps),
     .fallback = 6,
     .min = 0.5,
     .max = 1000,
     .role = ORR_OPTION,
     .doc = "so is a body whose circular period is shorter than this many steps"},
    {.name = "encounters_by",
     .type = ORR_CHOICE,
     .offset = offsetof(trace, by),
     .role = ORR_OPTION,
     .choices = CHILDREN,
     .doc = "the method for what is integrated accurately"},
    {.name = "collisions",
     .type = ORR_CHOICE,
     .offset = offsetof(trace, collisions),
     .role = ORR_OPTION,
     .choices = ORR_COLLISION_NAMES,
     .doc = "of bodies with radii: the lighter becomes part of the other, they bounce, it is only "
            "written down, or the run stops"},
    {.name = "restitution",
     .offset = offsetof(trace, restitution),
     .fallback = 1,
     .max = 1,
     .role = ORR_OPTION,
     .doc = "bounce: part of the normal velocity that is left; pairs that cannot part merge"},
    {.name = "record_within_hill",
     .offset = offsetof(trace, tell_within),
     .max = 100,
     .role = ORR_OPTION,
     .doc = "write down approaches within this many Hill radii, at most hill_radii (0: none)"},
    {.name = "remove_beyond",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(trace, remove_beyond),
     .max = 1e50,
     .role = ORR_OPTION,
     .doc = "take bodies out beyond this distance from the star (0: never)"},
    {0}};

const orr_integrator orr_integrator_trace = {
    .name = "trace",
    .summary = "TRACE: Wisdom-Holman with close encounters resolved by ias15, reversible; for "
               "planets that meet and comets that graze the star.",
    .reference = "10.1093/mnras/stae1982",
    .kind = "hybrid",
    .order = 2,
    .evaluations = 0,
    .traits = ORR_REVERSIBLE | ORR_OWN_GRAVITY | ORR_NEEDS_STAR,
    .fields = fields,
    .state_size = sizeof(trace),
    .prepare = prepare,
    .step = step,
};
