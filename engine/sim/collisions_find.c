/* collisions_find.c - what happens in a step, to the accuracy of the method.
 *
 * Of each candidate the way is cut into pieces, until the cubic of a piece can be trusted
 * (collisions_path.c); the states between come from the method itself: its dense output, or
 * shortened steps from the start of the step.  On the last piece the cubic gives a first guess, and
 * Newton's method with the method's own states the time. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/primaries.h>

#include "collisions_internal.h"
#include "core/kepler.h"
#include "core/math/reproducible.h"
#include "sim_time.h"

enum { MOST_KEPT = 256, DEEPEST = 48 };

typedef struct finder {
    orr_sim *sim;
    orr_contacts *c;
    const orr_bodies *b;
    double h;
    orr_reach reach;
    bool moved; /* the simulation is not at the end of the step */
    orr_sample kept[MOST_KEPT];
    size_t n_kept, room, oldest;
} finder;

/* A pair and what is looked for. */
typedef struct question {
    size_t i, j;
    orr_found_kind kind;
    double limit, mu, turn2;
} question;

/* The pair at a time. */
typedef struct node {
    double s, d[3], v[3];
} node;

/* ---- states in the step ---- */

static bool is_dense(const orr_sim *sim)
{
    return sim->method->interpolate && sim->method->traits & ORR_ADAPTIVE;
}

/* By shortened steps from the start of the step. */
static orr_status step_to(finder *f, double s)
{
    orr_sim *sim = f->sim;
    if (!f->moved)
        ORR_TRY(orr_saved_take(sim, &f->c->end));
    f->moved = true;
    orr_saved_put(sim, &sim->grid);
    sim->problem.aside = true;
    orr_status status = orr_sim_go(sim, s);
    sim->problem.aside = false;
    return status;
}

static orr_status compute(finder *f, double s, orr_sample *out)
{
    orr_sim *sim = f->sim;
    size_t bytes = 3 * f->b->stride * sizeof(double);
    if (is_dense(sim))
        return orr_sim_interpolate(sim, s, out->pos, out->vel);
    ORR_TRY(step_to(f, s));
    memcpy(out->pos, f->b->pos, bytes);
    memcpy(out->vel, f->b->vel, bytes);
    return ORR_OK;
}

/* All bodies at time s of the step. */
static orr_status state_at(finder *f, double s, const orr_sample **out)
{
    for (int k = 0; k < 2; k++)
        if (f->c->samples[k].s == s) {
            *out = &f->c->samples[k];
            return ORR_OK;
        }
    for (size_t k = 0; k < f->n_kept; k++)
        if (f->kept[k].s == s) {
            *out = &f->kept[k];
            return ORR_OK;
        }
    size_t length = 3 * f->b->stride, at = f->n_kept;
    if (f->n_kept < f->room) {
        f->kept[at].pos = orr_arena_alloc(&f->c->memory, 2 * length * sizeof(double));
        if (!f->kept[at].pos)
            return ORR_E_NO_MEMORY;
        f->kept[at].vel = f->kept[at].pos + length;
        f->kept[at].s = NAN;
        f->n_kept++;
    } else {
        at = f->oldest++ % f->room;
    }
    orr_sample *one = &f->kept[at];
    one->s = NAN;
    ORR_TRY(compute(f, s, one));
    one->s = s;
    *out = one;
    return ORR_OK;
}

static node node_of(const finder *f, const question *q, const orr_sample *at)
{
    node a = {.s = at->s};
    for (size_t c = 0; c < 3; c++) {
        size_t i = q->i + c * f->b->stride, j = q->j + c * f->b->stride;
        a.d[c] = at->pos[j] - at->pos[i];
        a.v[c] = at->vel[j] - at->vel[i];
    }
    return a;
}

static orr_status node_at(finder *f, const question *q, double s, node *out)
{
    const orr_sample *at = NULL;
    ORR_TRY(state_at(f, s, &at));
    *out = node_of(f, q, at);
    return ORR_OK;
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Half the rate of the squared distance on the way that time goes. */
static double rate_of(const finder *f, const node *a)
{
    return f->h < 0 ? -dot(a->d, a->v) : dot(a->d, a->v);
}

/* ---- what was found ---- */

static bool comes_before(const orr_found *a, const orr_found *b)
{
    if (fabs(a->s) != fabs(b->s))
        return fabs(a->s) < fabs(b->s);
    if (a->heavier != b->heavier)
        return a->heavier < b->heavier;
    return a->lighter < b->lighter;
}

/* Told of just now: the run was stopped there, or goes on from there. */
static bool is_repeated(const finder *f, const orr_found *one)
{
    const orr_sim *sim = f->sim;
    if (sim->n_events == 0)
        return false;
    const orr_event *last = &sim->events[sim->n_events - 1];
    return last->kind == ORR_COLLISION && last->a == one->lighter && last->b == one->heavier &&
           fabs(one->s) <= 1e-9 * fabs(f->h) && fabs(last->t - one->event.t) <= 1e-9 * fabs(f->h);
}

static orr_status add_at(finder *f, const question *q, const orr_sample *at, const node *arc)
{
    orr_contacts *c = f->c;
    double s = at->s;
    if (c->n_found == c->room_found) {
        size_t room = c->room_found ? 2 * c->room_found : 16;
        orr_found *more = realloc(c->found, room * sizeof *more);
        if (!more)
            return ORR_E_NO_MEMORY;
        c->found = more, c->room_found = room;
    }
    size_t light = orr_lighter(f->b, q->i, q->j), heavy = light == q->i ? q->j : q->i;
    const orr_collisions *r = &c->rules;
    bool goes = q->kind == ORR_FOUND_HILL ||
                (!r->decide && (r->rule == ORR_CONTACT_MERGE || r->rule == ORR_CONTACT_REMOVE));
    bool contact = q->kind == ORR_FOUND_CONTACT;
    double t = orr_time_later(c->start, s).high;
    orr_found one = {.s = s,
                     .kind = q->kind,
                     .lighter = f->b->id[light],
                     .heavier = f->b->id[heavy],
                     .on_arc = arc != NULL,
                     .event = orr_event_of(f->sim, at, light, heavy, t)};
    for (int k = 0; k < 3 && arc; k++) { /* from i to j there */
        one.d[k] = light == q->i ? arc->d[k] : -arc->d[k];
        one.v[k] = light == q->i ? arc->v[k] : -arc->v[k];
    }
    one.test_goes =
        goes && q->kind != ORR_FOUND_APPROACH && q->j >= f->b->n_active + f->b->n_passive;
    one.changes = contact && !one.test_goes && (r->decide || r->rule != ORR_CONTACT_LOG);
    one.event.kind = contact ? ORR_COLLISION : ORR_ENCOUNTER;
    if (contact && !r->decide && r->rule == ORR_CONTACT_MERGE)
        one.event.kind = ORR_MERGER;
    if (contact && !r->decide && r->rule == ORR_CONTACT_REMOVE)
        one.event.kind = ORR_REMOVAL;
    if (one.test_goes)
        one.event.gm_after[0] = one.event.radius_after[0] = 0;
    if (contact && (r->decide || r->rule == ORR_CONTACT_STOP) && is_repeated(f, &one))
        return ORR_OK;
    size_t k = c->n_found++;
    for (; k > 0 && comes_before(&one, &c->found[k - 1]); k--)
        c->found[k] = c->found[k - 1];
    c->found[k] = one;
    return ORR_OK;
}

static orr_status add(finder *f, const question *q, double s)
{
    const orr_sample *at = NULL;
    ORR_TRY(state_at(f, s, &at));
    return add_at(f, q, at, NULL);
}

/* ---- when ---- */

/* Where the distance is least: from approaching at a to parting at b (regula falsi, Illinois). */
static orr_status find_turn(finder *f, const question *q, double a, double b, double guess,
                            double *found, double *distance)
{
    node x;
    ORR_TRY(node_at(f, q, a, &x));
    double fa = rate_of(f, &x), fb, s = guess;
    ORR_TRY(node_at(f, q, b, &x));
    fb = rate_of(f, &x);
    for (int k = 0; k < 60; k++) {
        ORR_TRY(node_at(f, q, s, &x));
        double fs = rate_of(f, &x);
        *found = s;
        *distance = sqrt(dot(x.d, x.d));
        if (fs == 0 || fabs(b - a) <= 8 * DBL_EPSILON * fabs(f->h))
            break;
        if (fs < 0) {
            a = s, fa = fs, fb = k % 3 == 2 ? fb / 2 : fb;
        } else {
            b = s, fb = fs, fa = k % 3 == 2 ? fa / 2 : fa;
        }
        double next = b - fb * ((b - a) / (fb - fa));
        if (!(next > fmin(a, b) && next < fmax(a, b)))
            next = a + (b - a) / 2;
        if (fabs(next - s) <= 4 * DBL_EPSILON * fmax(fabs(s), fabs(f->h) / 64))
            break;
        s = next;
    }
    return ORR_OK;
}

/* Where a crossing lies: from outside to inside, within a piece. */
typedef struct bracket {
    double begin, out, in, end;
} bracket;

/* What the cubic said of the bracket is to hold for the method; else the piece's own ends may, or the
 * least distance between.  *hit: there is a crossing. */
static orr_status be_sure(finder *f, const question *q, bracket *k, bool *hit)
{
    double limit2 = q->limit * q->limit, d;
    node x, y;
    ORR_TRY(node_at(f, q, k->out, &x));
    ORR_TRY(node_at(f, q, k->in, &y));
    if (dot(x.d, x.d) <= limit2) {
        k->in = k->out, k->out = k->begin;
        *hit = true;
        return ORR_OK;
    }
    *hit = dot(y.d, y.d) <= limit2;
    if (*hit)
        return ORR_OK;
    k->in = k->end;
    ORR_TRY(node_at(f, q, k->end, &y));
    *hit = dot(y.d, y.d) <= limit2;
    if (*hit || rate_of(f, &x) >= 0 || rate_of(f, &y) < 0)
        return ORR_OK;
    ORR_TRY(find_turn(f, q, k->out, k->end, k->out + (k->end - k->out) / 2, &k->in, &d));
    *hit = d <= q->limit;
    return ORR_OK;
}

/* The crossing of a bracket, beginning with a guess: Newton's method on d^2, kept between what was
 * seen.  *hit: they do touch. */
static orr_status find_crossing(finder *f, const question *q, bracket piece, double guess,
                                double *found, bool *hit)
{
    ORR_TRY(be_sure(f, q, &piece, hit));
    double limit2 = q->limit * q->limit, out = piece.out, in = piece.in;
    *found = in;
    bool between = guess >= fmin(out, in) && guess <= fmax(out, in);
    double s = between ? guess : out + (in - out) / 2;
    for (int k = 0; k < 60 && *hit; k++) {
        node a;
        ORR_TRY(node_at(f, q, s, &a));
        double miss = dot(a.d, a.d) - limit2, slope = 2 * dot(a.d, a.v), next = s - miss / slope;
        if (miss > 0)
            out = s;
        else
            in = *found = s;
        double low = fmin(out, in), high = fmax(out, in);
        bool near = fabs(next - s) <= 4 * DBL_EPSILON * fmax(fabs(s), fabs(f->h) / 64);
        if (miss <= 0 && near)
            break;
        if (near) /* a hair on, so that they touch */
            next = s + copysign(4 * DBL_EPSILON * fmax(fabs(s), fabs(f->h) / 64), f->h);
        bool slow = k >= 10 && k % 2 == 0; /* velocities that are not the rates of the positions */
        if (slow || !(next > low && next < high))
            next = low + (high - low) / 2;
        if (next == low || next == high)
            break;
        s = next;
    }
    return ORR_OK;
}

/* The cubic cannot tell whether they touch at their least distance, about *turn between a and b:
 * the method can.  *start, *turn: before it and at it; *distance: infinite if it is not there. */
static orr_status find_graze(finder *f, const question *q, double a, double b, double *start,
                             double *turn, double *distance)
{
    node x, y;
    ORR_TRY(node_at(f, q, a, &x));
    ORR_TRY(node_at(f, q, b, &y));
    *start = a;
    *distance = INFINITY;
    return rate_of(f, &x) < 0 && rate_of(f, &y) > 0 ? find_turn(f, q, a, b, *turn, turn, distance)
                                                    : ORR_OK;
}

/* ---- a piece whose cubic tells ---- */

static orr_status tell_approach(finder *f, const question *q, const node *a, const node *b,
                                const orr_path *p)
{
    if (!(rate_of(f, a) < 0) || rate_of(f, b) < 0)
        return ORR_OK;
    double g = b->s - a->s, s = b->s, d = 0, u = orr_path_turn(p, 0, 1);
    ORR_TRY(find_turn(f, q, a->s, b->s, a->s + u * g, &s, &d));
    return d < q->limit ? add(f, q, s) : ORR_OK;
}

/* Whether two that touch already are to be told of: at the start of the step. */
static bool counts_at_start(const finder *f, const question *q, const node *a)
{
    const orr_collisions *r = &f->c->rules;
    if (q->kind == ORR_FOUND_HILL)
        return true;
    if (r->decide || r->rule == ORR_CONTACT_BOUNCE)
        return rate_of(f, a) < 0;
    if (r->rule == ORR_CONTACT_LOG || r->rule == ORR_CONTACT_STOP)
        return f->c->fresh;
    return true;
}

/* From outside to inside in a piece; *hit: there was such a contact. */
static orr_status tell_contact(finder *f, const question *q, const node *a, const node *b,
                               const orr_path *p, bool *hit)
{
    enum { PARTS = 16 };
    const double close = 2e-3; /* twice what the cubic of a smooth piece may be wrong by */
    double limit2 = q->limit * q->limit, g = b->s - a->s, last = 0, last_rate = orr_path_rate(p, 0);
    bool outside = dot(a->d, a->d) > limit2;
    for (int k = 1; k <= PARTS; k++) {
        double u = (double)k / PARTS, rate = orr_path_rate(p, u), low = u;
        bool in = orr_path_distance2(p, u) <= limit2;
        if (!outside && in && last_rate > 0 && rate < 0) { /* out for a moment? */
            low = orr_path_turn(p, last, u);
            if (orr_path_distance2(p, low) > limit2)
                outside = true, last = low, low = u;
        } else if (outside && !in && last_rate < 0 && rate > 0) { /* in for a moment? */
            low = orr_path_turn(p, last, u);
            double d = sqrt(orr_path_distance2(p, low)), s = a->s + low * g;
            double start = a->s + last * g, guess = s;
            if (d <= q->limit)
                guess = a->s + orr_path_crossing(p, q->limit, last, low) * g;
            if (fabs(d - q->limit) < close * q->limit)
                ORR_TRY(find_graze(f, q, a->s + fmax(0, last - 1.0 / PARTS) * g,
                                   a->s + fmin(1, u + 1.0 / PARTS) * g, &start, &s, &d));
            if (d <= q->limit) {
                ORR_TRY(find_crossing(f, q, (bracket){a->s, start, s, b->s}, guess, &s, hit));
                return *hit ? add(f, q, s) : ORR_OK;
            }
        }
        if (outside && in) {
            double s, guess = orr_path_crossing(p, q->limit, last, u);
            double end = k == PARTS ? b->s : a->s + fmin(1, u + 1.0 / PARTS) * g;
            double before = a->s + fmax(0, last - 1.0 / PARTS) * g;
            ORR_TRY(
                find_crossing(f, q, (bracket){a->s, before, end, b->s}, a->s + guess * g, &s, hit));
            return *hit ? add(f, q, s) : ORR_OK;
        }
        outside = !in;
        last = u, last_rate = rate;
    }
    return ORR_OK;
}

static orr_status search(finder *f, const question *q, const node *a, const node *b, int depth,
                         bool *hit)
{
    double g = b->s - a->s, split = 0.5;
    orr_path p = orr_path_make(a->d, a->v, b->d, b->v, g);
    orr_verdict verdict = orr_path_judge(&p, q->mu, q->turn2, q->limit, g, &split);
    if (verdict == ORR_PATH_AWAY)
        return ORR_OK;
    if (verdict == ORR_PATH_SPLIT && depth < DEEPEST) {
        node middle;
        orr_status status = node_at(f, q, a->s + split * g, &middle);
        for (int k = 0; k < 8 && status != ORR_OK && status != ORR_E_NO_MEMORY; k++) {
            split /= 2; /* the method does not get there */
            status = node_at(f, q, a->s + split * g, &middle);
        }
        if (status == ORR_E_NO_MEMORY)
            return status;
        if (status == ORR_OK) { /* else the cubic must do */
            ORR_TRY(search(f, q, a, &middle, depth + 1, hit));
            return *hit ? ORR_OK : search(f, q, &middle, b, depth + 1, hit);
        }
    }
    if (q->kind == ORR_FOUND_APPROACH)
        return tell_approach(f, q, a, b, &p);
    return tell_contact(f, q, a, b, &p, hit);
}

/* The pull of all others on the pair, apart from what moves both alike [length/time2], at the start.
 */
static double tide(const finder *f, const question *q)
{
    const orr_bodies *b = f->b;
    const double *x = f->c->samples[0].pos;
    double a[3] = {0};
    for (size_t m = 0; m < b->n_active; m++)
        for (int k = 0; k < 2 && m != q->i && m != q->j; k++) {
            size_t body = k == 0 ? q->i : q->j;
            double d[3];
            for (size_t c = 0; c < 3; c++)
                d[c] = x[m + c * b->stride] - x[body + c * b->stride];
            double r2 = dot(d, d), pull = b->gm[m] / (r2 * sqrt(r2));
            for (int c = 0; c < 3; c++)
                a[c] += (k == 0 ? -pull : pull) * d[c];
        }
    return sqrt(dot(a, a));
}

/* The step is too long for the method to show a contact, but the pair is ruled by its own pull: its
 * Kepler orbit from the start of the step tells. */
static orr_status ask_arc(finder *f, const question *q, const node ends[2])
{
    double g = f->h, d2 = dot(ends[0].d, ends[0].d), u, out[4];
    if (!(q->mu > 0) || rate_of(f, &ends[0]) >= 0 || !(d2 > q->limit * q->limit))
        return ORR_OK;
    orr_path p = orr_path_make(ends[0].d, ends[0].v, ends[1].d, ends[1].v, g);
    if (!orr_path_arc(&p, q->mu * g * g, q->limit, &u) || tide(f, q) > 0.01 * q->mu / d2)
        return ORR_OK;
    node arc = {.s = u * g};
    orr_kepler_any(ends[0].d, ends[0].v, q->mu, arc.s, out);
    for (int c = 0; c < 3; c++) {
        arc.d[c] = ends[0].d[c] + (out[0] * ends[0].d[c] + out[1] * ends[0].v[c]);
        arc.v[c] = ends[0].v[c] + (out[2] * ends[0].d[c] + out[3] * ends[0].v[c]);
    }
    const orr_sample *at = NULL;
    ORR_TRY(state_at(f, arc.s, &at));
    size_t bytes = 3 * f->b->stride * sizeof(double);
    orr_sample there = {.s = arc.s,
                        .pos = orr_arena_alloc(&f->c->memory, bytes),
                        .vel = orr_arena_alloc(&f->c->memory, bytes)};
    if (!there.pos || !there.vel)
        return ORR_E_NO_MEMORY;
    memcpy(there.pos, at->pos, bytes);
    memcpy(there.vel, at->vel, bytes);
    size_t light = orr_lighter(f->b, q->i, q->j), heavy = light == q->i ? q->j : q->i;
    double sign = light == q->i ? 1 : -1, d[3], v[3];
    for (int c = 0; c < 3; c++)
        d[c] = sign * arc.d[c], v[c] = sign * arc.v[c];
    orr_put_on_arc(f->b, there.pos, there.vel, light, heavy, d, v);
    return add_at(f, q, &there, &arc);
}

static orr_status ask(finder *f, question q)
{
    if (!(q.limit > 0))
        return ORR_OK;
    bool hit = false;
    node ends[2] = {node_of(f, &q, &f->c->samples[0]), node_of(f, &q, &f->c->samples[1])};
    if (q.kind != ORR_FOUND_APPROACH && dot(ends[0].d, ends[0].d) <= q.limit * q.limit &&
        counts_at_start(f, &q, &ends[0]))
        return add(f, &q, 0);
    ORR_TRY(search(f, &q, &ends[0], &ends[1], 0, &hit));
    return hit || q.kind == ORR_FOUND_APPROACH ? ORR_OK : ask_arc(f, &q, ends);
}

static orr_status ask_pair(void *user, size_t i, size_t j)
{
    finder *f = user;
    if (f->c->by_method && j >= f->b->n_active + f->b->n_passive)
        return ORR_OK; /* the method looks */
    if (f->sim->massive && j < f->b->n_active + f->b->n_passive)
        return ORR_OK; /* found where the massive bodies are alone */
    orr_limits l = orr_limits_of(f->sim, &f->reach, i, j);
    question q = {.i = i,
                  .j = j,
                  .mu = f->b->gm[i] + f->b->gm[j],
                  .turn2 = fmax(f->reach.turn2[i], f->reach.turn2[j])};
    if (f->sim->problem.softening != 0) /* no pull between points: nothing is steep */
        q.mu = f->sim->problem.softening < 0 ? 0 : q.mu;
    q.kind = ORR_FOUND_CONTACT, q.limit = l.touch;
    ORR_TRY(ask(f, q));
    q.kind = ORR_FOUND_HILL, q.limit = l.hill;
    ORR_TRY(ask(f, q));
    q.kind = ORR_FOUND_APPROACH, q.limit = l.approach;
    return ask(f, q);
}

/* ---- the step ---- */

/* The bodies as they are, synchronised, into a sample. */
orr_status orr_sample_now(orr_sim *sim, orr_sample *out)
{
    size_t bytes = 3 * sim->bodies.stride * sizeof(double);
    orr_contacts *c = sim->contacts;
    if (sim->unsynchronised) {
        ORR_TRY(orr_saved_take(sim, &c->end));
        bool aside = sim->problem.aside;
        sim->problem.aside = true;
        orr_status status = orr_sim_synchronize(sim);
        sim->problem.aside = aside;
        ORR_TRY(status);
    }
    memcpy(out->pos, sim->bodies.pos, bytes);
    memcpy(out->vel, sim->bodies.vel, bytes);
    if (c->end.valid)
        orr_saved_put(sim, &c->end);
    c->end.valid = false;
    return ORR_OK;
}

orr_status orr_look_before(orr_sim *sim)
{
    orr_contacts *c = sim->contacts;
    size_t length = 3 * sim->bodies.stride;
    c->known = false;
    c->n_found = 0;
    c->start = sim->t;
    if (c->stride != sim->bodies.stride) {
        free(c->samples[0].pos);
        c->samples[0].pos = malloc(4 * length * sizeof(double));
        c->stride = c->samples[0].pos ? sim->bodies.stride : 0;
        if (!c->samples[0].pos)
            return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for collisions");
        c->samples[0].vel = c->samples[0].pos + length;
        c->samples[1].pos = c->samples[0].vel + length;
        c->samples[1].vel = c->samples[1].pos + length;
    }
    c->samples[0].s = 0;
    return orr_sample_now(sim, &c->samples[0]);
}

static orr_status look(finder *f)
{
    orr_contacts *c = f->c;
    size_t each = 48 * f->b->stride, most = ((size_t)64 << 20) / each;
    f->room = most < 8 ? 8 : most > MOST_KEPT ? MOST_KEPT : most;
    ORR_TRY(orr_reach_of(f->sim, &c->memory, &f->reach));
    return orr_candidates(f->b, c->samples, f->h, &f->reach, &c->memory, ask_pair, f);
}

orr_status orr_look_after(orr_sim *sim, double h)
{
    orr_contacts *c = sim->contacts;
    finder f = {.sim = sim, .c = c, .b = &sim->bodies, .h = h};
    c->samples[1].s = h;
    ORR_TRY(orr_sample_now(sim, &c->samples[1]));
    orr_status status = look(&f);
    if (f.moved)
        orr_saved_put(sim, &c->end);
    c->end.valid = false;
    orr_arena_reset(&c->memory);
    if (status != ORR_OK)
        return status == ORR_E_NO_MEMORY ? orr_sim_fail(sim, status, "out of memory for collisions")
                                         : status;
    c->h = h;
    c->known = true;
    return ORR_OK;
}
