#include "hits.h"

#include <math.h>

#include "core/repmath.h"

static double square(double x)
{
    return x * x;
}

/* The square of the separation of a pair at part u of a small step h: cubic by the positions and
 * velocities at both ends. */
static double separation2(const orr_party *a, size_t i, size_t j, double h, double u)
{
    double sum = 0;
    for (size_t c = 0; c < 3; c++) {
        size_t x = i + c * a->b->stride, y = j + c * a->b->stride;
        double d0 = a->start[y] - a->start[x], v0 = h * (a->speed[y] - a->speed[x]);
        double d1 = a->b->pos[y] - a->b->pos[x], v1 = h * (a->b->vel[y] - a->b->vel[x]);
        double c2 = 3 * (d1 - d0) - 2 * v0 - v1, c3 = 2 * (d0 - d1) + v0 + v1;
        sum += square(d0 + u * (v0 + u * (c2 + u * c3)));
    }
    return sum;
}

/* At which part of the small step h the pair first touches; 2: it does not. */
static double contact(const orr_party *a, size_t i, size_t j, double h)
{
    enum { PARTS = 16 };
    double limit2 = square(a->radius[i] + a->radius[j]), least = INFINITY, best = 0;
    if (!(limit2 > 0))
        return 2;
    for (int k = 0; k <= PARTS; k++) { /* the least separation: looked for, then closed in on */
        double d2 = separation2(a, i, j, h, (double)k / PARTS);
        if (d2 < least)
            least = d2, best = (double)k / PARTS;
    }
    for (double width = 0.5 / PARTS; width > 1e-12; width /= 2)
        for (int side = -1; side <= 1; side += 2) {
            double u = fmin(1, fmax(0, best + side * width)), d2 = separation2(a, i, j, h, u);
            if (d2 < least)
                least = d2, best = u;
        }
    if (least >= limit2)
        return 2;
    double low = 0, high = best;
    for (int k = 0; k < 60 && separation2(a, i, j, h, 0) > limit2; k++) {
        double u = low + (high - low) / 2;
        if (separation2(a, i, j, h, u) > limit2)
            low = u;
        else
            high = u;
    }
    return low > 0 ? high : 0;
}

double orr_first_contact(const orr_party *a, double h, size_t pair[2])
{
    double first = 2;
    for (size_t i = 0; i < a->b->n; i++)
        for (size_t j = i + 1; j < a->b->n; j++) {
            if (a->radius[i] < 0 || a->radius[j] < 0 || (a->may_hit && !a->may_hit(a->user, i, j)))
                continue;
            double u = contact(a, i, j, h);
            if (u < first)
                first = u, pair[0] = i, pair[1] = j;
        }
    return first;
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

/* The lighter one becomes part of the other: mass, momentum and centre of mass stay, volumes add.
 */
orr_status orr_merge(orr_party *a, const orr_problem *p, const size_t pair[2], double t)
{
    orr_bodies *b = a->b;
    size_t i = pair[0], j = pair[1];
    size_t heir = b->gm[i] >= b->gm[j] ? i : j, gone = heir == i ? j : i;
    if (a->hits->n == ORR_MOST_HITS)
        return ORR_E_RANGE;
    double gm = b->gm[i] + b->gm[j], part = gm > 0 ? b->gm[gone] / gm : 0, d2 = 0;
    double before = energy_of(a, i) + energy_of(a, j);
    for (size_t c = 0; c < 3; c++)
        d2 += square(b->pos[j + c * b->stride] - b->pos[i + c * b->stride]);
    before -= b->gm[i] * b->gm[j] / sqrt(d2);
    for (size_t c = 0; c < 3; c++) {
        size_t to = heir + c * b->stride, from = gone + c * b->stride;
        b->pos[to] += part * (b->pos[from] - b->pos[to]);
        b->vel[to] += part * (b->vel[from] - b->vel[to]);
    }
    double r = a->radius[heir], s = a->radius[gone];
    a->radius[heir] = part > 0 ? orr_cbrt(r * r * r + s * s * s) : r;
    a->radius[gone] = -1;
    b->gm[heir] = gm;
    b->gm[gone] = 0;
    size_t to = a->index ? a->index[heir] : heir, from = a->index ? a->index[gone] : gone;
    a->hits->hit[a->hits->n++] = (orr_hit){.gone = from,
                                           .heir = to,
                                           .gm = gm,
                                           .radius = a->radius[heir],
                                           .event = {.t = t,
                                                     .kind = ORR_MERGER,
                                                     .a = p->bodies->id[from],
                                                     .b = p->bodies->id[to],
                                                     .separation = sqrt(d2),
                                                     .energy = before - energy_of(a, heir)}};
    return ORR_OK;
}

orr_status orr_party_watch(orr_party *a, const orr_problem *p)
{
    size_t bytes = a->b->stride * sizeof(double);
    a->start = orr_arena_alloc(p->scratch, 3 * bytes);
    a->speed = orr_arena_alloc(p->scratch, 3 * bytes);
    a->radius = orr_arena_alloc(p->scratch, bytes);
    if (!a->start || !a->speed || !a->radius)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < a->b->n; k++)
        a->radius[k] = p->bodies->radius[a->index ? a->index[k] : k];
    return ORR_OK;
}
