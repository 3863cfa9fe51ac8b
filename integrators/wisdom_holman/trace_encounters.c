/* What TRACE does not split: pairs that are close, with the star's pull, and systems in which
 * somebody is close to the star, by an accurate method that chooses its own steps. */
#include "trace_parts.h"

#include <math.h>
#include <string.h>

#include <orrery/integrator.h>

#include "wh_parts.h"

/* What those who meet feel: for the child method. */
typedef struct meeting {
    orr_problem problem; /* first: eval() gets from it to this */
    const orr_trace *all;
    const orr_encounter *e;
} meeting;

/* i < j */
static bool is_close(const orr_trace *all, const orr_encounter *e, size_t i, size_t j)
{
    if (j >= e->n_planets)
        return e->near[e->who[i]];
    return all->near[e->who[i] * all->n + e->who[j]];
}

/* Accelerations in an encounter: the star, which stands still, and close pairs. */
static orr_status feel(orr_problem *p, orr_eval r)
{
    const meeting *m = (const meeting *)p;
    const orr_bodies *b = p->bodies;
    memset(r.acc, 0, 3 * b->stride * sizeof *r.acc);
    for (size_t i = 0; i < b->n; i++) {
        double r2 = 0;
        for (size_t c = 0; c < 3; c++)
            r2 += b->pos[i + c * b->stride] * b->pos[i + c * b->stride];
        double pull = m->all->s.gm0 / (r2 * sqrt(r2));
        for (size_t c = 0; c < 3; c++)
            r.acc[i + c * b->stride] -= pull * b->pos[i + c * b->stride];
        for (size_t j = i + 1; j < b->n; j++) {
            if (!is_close(m->all, m->e, i, j))
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

/* Only pairs that are close may hit each other where the others are kicked; contacts of planets are
 * found once, not again beside every test body. */
static bool may_meet(const void *user, size_t i, size_t j)
{
    const meeting *m = user;
    return (!m->e->has_test || j >= m->e->n_planets) && is_close(m->all, m->e, i, j);
}

/* A contact changes the motion. */
static bool is_felt(const orr_party *a)
{
    return a->rule == ORR_MERGE || a->rule == ORR_BOUNCE;
}

static const orr_integrator *child_of(const orr_trace *self)
{
    const orr_field field = {.type = ORR_CHOICE, .choices = ORR_TRACE_CHILDREN};
    char name[32] = "";
    orr_field_choice(&field, self->by, name, sizeof name);
    return orr_integrator_find(name);
}

/* Problem p over time h by a child method, with memory that the engine takes back after the step;
 * `real` is the problem of which p is a part. */
static orr_status accurately(const orr_trace *self, const orr_problem *real, orr_problem *p,
                             orr_party *a, double h, orr_step_report *report)
{
    const orr_integrator *child = child_of(self);
    void *state = orr_arena_alloc(p->scratch, child->state_size);
    orr_arena *memory = p->memory;
    size_t bytes = 3 * p->bodies->stride * sizeof(double);
    if (!state)
        return ORR_E_NO_MEMORY;
    memset(state, 0, child->state_size);
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

static orr_party party_of(const orr_trace *self, orr_bodies *b, orr_hits *hits)
{
    return (orr_party){.b = b,
                       .rule = (orr_hit_rule)self->collisions,
                       .restitution = self->restitution,
                       .hits = hits};
}

/* Zeroed. */
static double *vector(orr_arena *scratch, size_t n)
{
    double *v = orr_arena_alloc(scratch, n * sizeof(double));
    return v ? memset(v, 0, n * sizeof(double)) : NULL;
}

orr_status orr_encounter_make(orr_encounter *e, const orr_trace *self, orr_arena *scratch,
                              const unsigned char *in, bool has_test)
{
    size_t m = 0;
    for (size_t k = 0; k < self->n; k++)
        m += in[k] != 0;
    size_t n = m + has_test, stride = (n + 7) / 8 * 8;
    *e = (orr_encounter){.n_planets = m, .has_test = has_test};
    orr_bodies *b = &e->bodies;
    *b = (orr_bodies){.n = n, .n_active = m, .stride = stride};
    orr_keep(scratch, &e->who, m + 1);
    orr_keep(scratch, &b->pos, 3 * stride);
    orr_keep(scratch, &b->vel, 3 * stride);
    orr_keep(scratch, &b->gm, stride);
    ORR_TRY(orr_kept(scratch));
    m = 0;
    for (size_t k = 0; k < self->n; k++) {
        if (!in[k])
            continue;
        for (size_t c = 0; c < 3; c++) {
            b->pos[m + c * stride] = self->qd[k + c * self->stride];
            b->vel[m + c * stride] = self->wd[k + c * self->stride];
        }
        b->gm[m] = self->gm0[k];
        e->who[m++] = k;
    }
    return ORR_OK;
}

/* Within which distance approaches are told. */
static orr_status tell_within(const orr_trace *self, const orr_problem *p, const orr_encounter *e,
                              orr_party *a)
{
    double *near = vector(p->scratch, a->b->n + 1);
    if (!near)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < e->n_planets; k++)
        near[k] = self->tell_within * sqrt(orr_trace_hill2(self, self->q, e->who[k]));
    a->near = near;
    return ORR_OK;
}

orr_status orr_encounter_run(const orr_trace *self, orr_problem *p, orr_encounter *e, double h,
                             orr_hits *hits, orr_step_report *report)
{
    meeting m = {.problem = {.bodies = &e->bodies,
                             .threads = 1,
                             .memory = p->scratch,
                             .scratch = p->scratch,
                             .eval = feel},
                 .all = self,
                 .e = e};
    size_t *index = orr_arena_alloc(p->scratch, (e->bodies.n + 1) * sizeof *index);
    if (!index)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < e->n_planets; k++)
        index[k] = self->body[e->who[k]];
    if (e->has_test)
        index[e->n_planets] = self->tests.first + e->test;
    orr_party a = party_of(self, &e->bodies, hits);
    a.index = index, a.may_hit = may_meet, a.user = &m, a.star = self->s.gm0;
    if (self->tell_within > 0)
        ORR_TRY(tell_within(self, p, e, &a));
    ORR_TRY(orr_party_watch(&a, p));
    return accurately(self, p, &m.problem, &a, h, report);
}

/* ---- all of it, in inertial coordinates ---- */

orr_status orr_trace_massive(const orr_trace *self, orr_problem *p, size_t tests, orr_bodies *out)
{
    const orr_bodies *all = p->bodies;
    const size_t n = self->n + 1, stride = (n + tests + 7) / 8 * 8;
    *out = (orr_bodies){.n = n + tests,
                        .n_active = all->n_active,
                        .n_passive = all->n_passive,
                        .stride = stride,
                        .capacity = stride};
    orr_keep(p->scratch, &out->pos, 3 * stride);
    orr_keep(p->scratch, &out->vel, 3 * stride);
    orr_keep(p->scratch, &out->gm, stride);
    orr_keep(p->scratch, &out->radius, stride);
    orr_keep(p->scratch, &out->id, stride);
    ORR_TRY(orr_kept(p->scratch));
    for (size_t i = 0; i < 3 * stride; i++)
        out->pos[i] = 1e60; /* spare lanes are far away */
    memcpy(out->gm, all->gm, n * sizeof *out->gm);
    memcpy(out->radius, all->radius, n * sizeof *out->radius);
    memcpy(out->id, all->id, n * sizeof *out->id);
    return ORR_OK;
}

static bool has_test(const void *user, size_t i, size_t j)
{
    const orr_bodies *b = user;
    size_t massive = b->n_active + b->n_passive;
    return j >= massive && i < massive;
}

/* As in an encounter, from the bodies themselves: planet k is where `body` says. */
static orr_status tell_all_within(const orr_trace *self, const orr_problem *p, orr_party *a)
{
    const orr_bodies *b = p->bodies;
    double *near = vector(p->scratch, b->n);
    if (!near)
        return ORR_E_NO_MEMORY;
    near[self->s.star] = -1;
    for (size_t k = 0; k < self->n && self->body[k] < b->n; k++)
        near[self->body[k]] = self->tell_within * sqrt(orr_trace_hill2(self, self->q0, k));
    a->near = near;
    return ORR_OK;
}

orr_status orr_trace_inertial(const orr_trace *self, orr_problem *p, orr_bodies *b, bool tests,
                              double h, orr_hits *hits, orr_step_report *report)
{
    orr_bodies *all = p->bodies;
    p->bodies = b;
    orr_party a = party_of(self, b, hits);
    if (tests)
        a.may_hit = has_test, a.user = b;
    orr_status status = self->tell_within > 0 ? tell_all_within(self, p, &a) : ORR_OK;
    if (status == ORR_OK)
        status = orr_party_watch(&a, p);
    if (status == ORR_OK)
        status = accurately(self, p, p, &a, h, report);
    p->bodies = all;
    return status;
}
