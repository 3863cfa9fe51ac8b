/* Contacts are found on the cubic through positions and velocities at both ends of a small step. */
#include "hits.h"

#include <math.h>
#include <string.h>

#include "core/math/reproducible.h"

static double square(double x)
{
    return x * x;
}

/* ---- when ---- */

/* The way from i to j in a small step, by its ends: d(u) = d0 + u v0 + u^2 c2 + u^3 c3. */
typedef struct way {
    double d0[3], v0[3], c2[3], c3[3];
} way;

static way way_of(const orr_party *a, size_t i, size_t j, double h)
{
    way w;
    for (size_t c = 0; c < 3; c++) {
        size_t x = i + c * a->b->stride, y = j + c * a->b->stride;
        double d0 = a->start[y] - a->start[x], v0 = h * (a->speed[y] - a->speed[x]);
        double d1 = a->b->pos[y] - a->b->pos[x], v1 = h * (a->b->vel[y] - a->b->vel[x]);
        w.d0[c] = d0;
        w.v0[c] = v0;
        w.c2[c] = 3 * (d1 - d0) - 2 * v0 - v1;
        w.c3[c] = 2 * (d0 - d1) + v0 + v1;
    }
    return w;
}

static double separation2(const way *w, double u)
{
    double sum = 0;
    for (int c = 0; c < 3; c++)
        sum += square(w->d0[c] + u * (w->v0[c] + u * (w->c2[c] + u * w->c3[c])));
    return sum;
}

/* Half the rate of separation2. */
static double parting(const way *w, double u)
{
    double sum = 0;
    for (int c = 0; c < 3; c++)
        sum += (w->d0[c] + u * (w->v0[c] + u * (w->c2[c] + u * w->c3[c]))) *
               (w->v0[c] + u * (2 * w->c2[c] + 3 * u * w->c3[c]));
    return sum;
}

/* They never come within `limit`: the way lies inside the hull of its Bezier points. */
static bool stays_away(const way *w, double limit)
{
    double far[3] = {0}, d = 0;
    for (int c = 0; c < 3; c++) {
        double end = w->v0[c] + w->c2[c] + w->c3[c];
        double last = w->v0[c] + 2 * w->c2[c] + 3 * w->c3[c];
        d += square(w->d0[c]);
        far[0] += square(w->v0[c] / 3);
        far[1] += square(end - last / 3);
        far[2] += square(end);
    }
    return sqrt(d) - limit > sqrt(fmax(far[0], fmax(far[1], far[2])));
}

/* Where separation2 - limit2 (or, with limit2 < 0, -parting) changes from positive at `out` to not
 * positive at `in`. */
static double bisect(const way *w, double limit2, double out, double in)
{
    for (int k = 0; k < 60; k++) {
        double u = out + (in - out) / 2;
        bool outside = limit2 < 0 ? parting(w, u) < 0 : separation2(w, u) > limit2;
        if (outside)
            out = u;
        else
            in = u;
    }
    return in;
}

enum { PARTS = 16 };

/* At which part of the small step, after `after`, the pair first comes into touch; 2: it does not.
 */
static double contact(const orr_party *a, size_t i, size_t j, double h, double after)
{
    double limit = a->radius[i] + a->radius[j], limit2 = limit * limit, last = after;
    way w = way_of(a, i, j, h);
    if (!(limit > 0) || stays_away(&w, limit))
        return 2;
    bool outside = separation2(&w, after) > limit2;
    if (!outside && after == 0 &&
        (a->rule == ORR_MERGE || (a->rule == ORR_BOUNCE && parting(&w, 0) < 0)))
        return 0;
    for (int k = 1; k <= PARTS; k++) {
        double u = after + (1 - after) * k / PARTS, least = u;
        if (outside && parting(&w, last) < 0 && parting(&w, u) > 0) /* closest between */
            least = bisect(&w, -1, last, u);
        if (outside && separation2(&w, least) <= limit2)
            return bisect(&w, limit2, last, least);
        outside = separation2(&w, u) > limit2;
        last = u;
    }
    return 2;
}

static bool concerns(const orr_party *a, size_t i, size_t j)
{
    return a->radius[i] >= 0 && a->radius[j] >= 0 && (!a->may_hit || a->may_hit(a->user, i, j));
}

double orr_first_contact(const orr_party *a, double h, double after, size_t pair[2])
{
    double first = 2;
    for (size_t i = 0; i < a->b->n && a->rule != ORR_IGNORE; i++)
        for (size_t j = i + 1; j < a->b->n; j++) {
            double u = concerns(a, i, j) ? contact(a, i, j, h, after) : 2;
            if (u < first)
                first = u, pair[0] = i, pair[1] = j;
        }
    return first;
}

/* ---- what ---- */

static size_t index_of(const orr_party *a, size_t i)
{
    return a->index ? a->index[i] : i;
}

/* In the order of time, which may go backwards. */
static orr_status write_down(orr_hits *all, const orr_problem *p, orr_hit hit, bool backwards)
{
    if (all->n == all->room) {
        size_t room = all->room ? 2 * all->room : 16;
        orr_hit *more = orr_arena_alloc(p->scratch, room * sizeof *more);
        if (!more)
            return ORR_E_NO_MEMORY;
        if (all->n)
            memcpy(more, all->hit, all->n * sizeof *more);
        all->hit = more;
        all->room = room;
    }
    size_t at = all->n++;
    for (; at > 0 && (backwards ? all->hit[at - 1].event.t < hit.event.t
                                : all->hit[at - 1].event.t > hit.event.t);
         at--)
        all->hit[at] = all->hit[at - 1];
    all->hit[at] = hit;
    return ORR_OK;
}

orr_status orr_hits_add(orr_hits *all, const orr_problem *p, orr_hit hit)
{
    return write_down(all, p, hit, hit.event.t < p->t);
}

static orr_event event_of(const orr_party *a, const orr_problem *p, size_t lighter, size_t heavier,
                          double t)
{
    return (orr_event){.t = t,
                       .kind = ORR_COLLISION,
                       .a = p->bodies->id[index_of(a, lighter)],
                       .b = p->bodies->id[index_of(a, heavier)]};
}

/* Energy of a body times G: of its motion, and in the field of a star at the origin. */
static double energy_of(const orr_party *a, size_t i)
{
    double v2 = 0, r2 = 0;
    for (size_t c = 0; c < 3; c++) {
        v2 += square(a->b->vel[i + c * a->b->stride]);
        r2 += square(a->b->pos[i + c * a->b->stride]);
    }
    return a->b->gm[i] * (v2 / 2 - (a->star > 0 ? a->star / sqrt(r2) : 0));
}

static double distance(const orr_bodies *b, size_t i, size_t j)
{
    double d2 = 0;
    for (size_t c = 0; c < 3; c++)
        d2 += square(b->pos[j + c * b->stride] - b->pos[i + c * b->stride]);
    return sqrt(d2);
}

/* The lighter one becomes part of the other: mass, momentum and centre of mass stay, volumes add.
 */
static orr_hit merge(orr_party *a, const orr_problem *p, size_t heir, size_t gone, double t)
{
    orr_bodies *b = a->b;
    double gm = b->gm[heir] + b->gm[gone], part = gm > 0 ? b->gm[gone] / gm : 0;
    double apart = distance(b, heir, gone), r = a->radius[heir], s = a->radius[gone];
    double before = energy_of(a, heir) + energy_of(a, gone) - b->gm[heir] * b->gm[gone] / apart;
    for (size_t c = 0; c < 3; c++) {
        size_t to = heir + c * b->stride, from = gone + c * b->stride;
        b->pos[to] += part * (b->pos[from] - b->pos[to]);
        b->vel[to] += part * (b->vel[from] - b->vel[to]);
    }
    a->radius[heir] = part > 0 ? orr_cbrt(r * r * r + s * s * s) : r;
    a->radius[gone] = -1;
    b->gm[heir] = gm;
    b->gm[gone] = 0;
    orr_hit hit = {.merged = true,
                   .gone = index_of(a, gone),
                   .heir = index_of(a, heir),
                   .gm = gm,
                   .radius = a->radius[heir],
                   .event = event_of(a, p, gone, heir, t)};
    hit.event.kind = ORR_MERGER;
    hit.event.separation = apart;
    hit.event.energy = before - energy_of(a, heir);
    return hit;
}

/* Hard spheres without friction: the normal part of the velocity is reversed, less what the impact
 * takes.  False, with nothing done: they would tremble on each other, too slow along the surface to
 * come off it. */
static bool bounce(orr_party *a, size_t heavier, size_t lighter, double *lost)
{
    const double tremble = 0.05; /* of the escape velocity */
    orr_bodies *b = a->b;
    double gm = b->gm[heavier] + b->gm[lighter], apart = distance(b, heavier, lighter);
    double part = gm > 0 ? b->gm[lighter] / gm : 0.5, normal = 0, v2 = 0;
    for (size_t c = 0; c < 3; c++) {
        size_t to = heavier + c * b->stride, from = lighter + c * b->stride;
        double v = b->vel[from] - b->vel[to];
        normal += v * (b->pos[from] - b->pos[to]) / apart;
        v2 += v * v;
    }
    double e = a->restitution, circular2 = gm / apart;
    if (e < 1 && square(e * normal) < square(tremble) * 2 * circular2 &&
        v2 - square(normal) < circular2)
        return false;
    for (size_t c = 0; c < 3; c++) {
        size_t to = heavier + c * b->stride, from = lighter + c * b->stride;
        double push = -(1 + e) * normal * (b->pos[from] - b->pos[to]) / apart;
        b->vel[from] += (1 - part) * push;
        b->vel[to] -= part * push;
    }
    *lost = b->gm[heavier] * part * (1 - e * e) * square(normal) / 2;
    return true;
}

orr_status orr_collide(orr_party *a, const orr_problem *p, const size_t pair[2], double t)
{
    bool swap = a->b->gm[pair[0]] < a->b->gm[pair[1]], backwards = t < p->t;
    size_t heavier = pair[swap], lighter = pair[!swap];
    orr_hit hit = {.event = event_of(a, p, lighter, heavier, t)};
    hit.event.separation = a->radius[heavier] + a->radius[lighter];
    if (a->rule == ORR_MERGE ||
        (a->rule == ORR_BOUNCE && !bounce(a, heavier, lighter, &hit.event.energy)))
        hit = merge(a, p, heavier, lighter, t);
    return write_down(a->hits, p, hit, backwards);
}

orr_status orr_note_approaches(orr_party *a, const orr_problem *p, double h, double t)
{
    for (size_t i = 0; i < a->b->n && a->near; i++)
        for (size_t j = i + 1; j < a->b->n; j++) {
            double limit = fmax(a->near[i], a->near[j]);
            if (!concerns(a, i, j) || fmin(a->near[i], a->near[j]) < 0)
                continue;
            way w = way_of(a, i, j, h);
            if (!(parting(&w, 0) < 0) || parting(&w, 1) < 0 || stays_away(&w, limit))
                continue;
            double u = bisect(&w, -1, 0, 1), d2 = separation2(&w, u);
            if (d2 >= limit * limit)
                continue;
            bool swap = a->b->gm[i] < a->b->gm[j];
            orr_hit hit = {.event = event_of(a, p, swap ? i : j, swap ? j : i, t - (1 - u) * h)};
            hit.event.kind = ORR_ENCOUNTER;
            hit.event.separation = sqrt(d2);
            ORR_TRY(write_down(a->hits, p, hit, h < 0));
        }
    return ORR_OK;
}

orr_status orr_party_watch(orr_party *a, const orr_problem *p)
{
    size_t bytes = a->b->stride * sizeof(double);
    if (p->aside || (a->rule == ORR_IGNORE && !a->near))
        return ORR_OK;
    a->start = orr_arena_alloc(p->scratch, 3 * bytes);
    a->speed = orr_arena_alloc(p->scratch, 3 * bytes);
    a->radius = orr_arena_alloc(p->scratch, bytes);
    if (!a->start || !a->speed || !a->radius)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < a->b->n; k++)
        a->radius[k] = p->bodies->radius[index_of(a, k)];
    return ORR_OK;
}
