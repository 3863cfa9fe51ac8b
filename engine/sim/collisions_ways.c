/* collisions_ways.c - where bodies and their images are in a step, and when two of them touch.
 *
 * A way is the cubic through both ends of the step or, after a contact, from there to the end.  In a
 * shearing sheet boxes around ways are taken in coordinates that shear along, y + 3/2 Omega x s with
 * x from the beginning of the way: they stay as small far out as in the middle. */
#include <math.h>
#include <string.h>

#include "collisions_many.h"

/* ---- images ---- */

void orr_find_images(orr_many *m)
{
    const orr_boundary *box = &m->sim->boundary;
    m->images[0] = (orr_image){0};
    m->n_images = 1;
    m->shear = box->kind == ORR_SHEARING_SHEET ? box->shear : 0;
    if (box->kind == ORR_BOUNDARY_NONE)
        return;
    int most[3];
    for (int c = 0; c < 3; c++)
        most[c] = box->size[c] > 0;
    for (int x = 0; x <= most[0]; x++)
        for (int y = -most[1]; y <= most[1]; y++)
            for (int z = -most[2]; z <= most[2]; z++) {
                bool later = x > 0 || (x == 0 && (y > 0 || (y == 0 && z > 0)));
                const int n[3] = {x, y, z};
                orr_image *one = &m->images[m->n_images];
                if (!later)
                    continue;
                one->speed = orr_image_of_box(box, m->c->start.high, n, one->shift);
                m->n_images++;
            }
}

/* ---- ways ---- */

typedef struct way {
    double x0[3], v0[3], x1[3], v1[3], g; /* g [time] its length, with the sign of the step */
} way;

static way way_of(const orr_many *m, size_t i)
{
    way w = {.g = m->h - m->begin[i]};
    for (size_t c = 0; c < 3; c++) {
        size_t at = i + c * m->b->stride;
        w.x0[c] = m->from->pos[at], w.v0[c] = m->from->vel[at];
        w.x1[c] = m->to->pos[at], w.v1[c] = m->to->vel[at];
    }
    return w;
}

/* The cubic is in the hull of its Bezier points. */
orr_box orr_box_of_way(const orr_many *m, size_t i, double margin)
{
    const way w = way_of(m, i);
    const double s[4] = {m->begin[i], m->begin[i] + w.g / 3, m->h - w.g / 3, m->h};
    double wide = m->b->radius[i] * (1 + margin) * 1.0000001;
    orr_box one = {.owner = (uint32_t)i};
    for (int c = 0; c < 3; c++) {
        double low = INFINITY, high = -INFINITY;
        const double x[4] = {w.x0[c], w.x0[c] + w.g / 3 * w.v0[c], w.x1[c] - w.g / 3 * w.v1[c],
                             w.x1[c]};
        for (int k = 0; k < 4; k++) {
            double at = x[k] + (c == 1 ? m->shear * w.x0[0] * s[k] : 0);
            low = at < low ? at : low, high = at > high ? at : high;
        }
        one.middle[c] = low + (high - low) / 2;
        one.half[c] = (high - low) / 2 + wide;
    }
    one.half[1] += 2 * fabs(m->shear * m->h) * one.half[0]; /* of the other's x */
    return one;
}

orr_box orr_box_shifted(const orr_many *m, const orr_box *one, uint32_t image)
{
    orr_box out = *one;
    for (int c = 0; c < 3; c++)
        out.middle[c] += m->images[image].shift[c];
    out.image = image;
    return out;
}

void orr_place_at(const orr_many *m, size_t i, uint32_t image, double s, double pos[3],
                  double vel[3])
{
    const way w = way_of(m, i);
    double u = w.g != 0 ? (s - m->begin[i]) / w.g : 1, g = w.g;
    for (int c = 0; c < 3; c++) {
        double move = w.x1[c] - w.x0[c], v0 = g * w.v0[c], v1 = g * w.v1[c];
        double c2 = 3 * move - 2 * v0 - v1, c3 = v0 + v1 - 2 * move;
        pos[c] = w.x0[c] + u * (v0 + u * (c2 + u * c3)) + m->images[image].shift[c];
        vel[c] = g != 0 ? (v0 + u * (2 * c2 + 3 * u * c3)) / g : w.v0[c];
    }
    pos[1] += m->images[image].speed * s;
    vel[1] += m->images[image].speed;
}

/* ---- two of them ---- */

/* Body i at s of the step; at the beginning of its way, as most are, as it stands there. */
static void state_at(const orr_many *m, size_t i, double s, double pos[3], double vel[3])
{
    if (s != m->begin[i]) {
        orr_place_at(m, i, 0, s, pos, vel);
        return;
    }
    for (size_t c = 0; c < 3; c++) {
        pos[c] = m->from->pos[i + c * m->b->stride];
        vel[c] = m->from->vel[i + c * m->b->stride];
    }
}

/* From i to the image of j, from s on. */
static orr_path path_of(const orr_many *m, size_t i, size_t j, uint32_t image, double s)
{
    double x0[3], v0[3], x1[3], v1[3], d0[3], d1[3], w0[3], w1[3];
    const orr_image *of = &m->images[image];
    state_at(m, i, s, x0, v0);
    state_at(m, j, s, x1, v1);
    for (size_t c = 0; c < 3; c++) {
        size_t at = i + c * m->b->stride, to = j + c * m->b->stride;
        d0[c] = x1[c] - x0[c] + of->shift[c], w0[c] = v1[c] - v0[c];
        d1[c] = m->to->pos[to] - m->to->pos[at] + of->shift[c];
        w1[c] = m->to->vel[to] - m->to->vel[at];
    }
    d0[1] += of->speed * s, w0[1] += of->speed;
    d1[1] += of->speed * m->h, w1[1] += of->speed;
    return orr_path_make(d0, w0, d1, w1, m->h - s);
}

/* The cubic stays out of reach, as its Bezier points tell: on the far side of a plane. */
static bool stays_away(const orr_path *p, double limit)
{
    double along[3], size2 = 0, least = INFINITY;
    for (int c = 0; c < 3; c++) {
        along[c] = p->d0[c] + p->d1[c];
        size2 += along[c] * along[c];
    }
    double parts[4] = {0};
    for (int c = 0; c < 3; c++) {
        parts[0] += along[c] * p->d0[c];
        parts[1] += along[c] * (p->d0[c] + p->v0[c] / 3);
        parts[2] += along[c] * (p->d1[c] - p->v1[c] / 3);
        parts[3] += along[c] * p->d1[c];
    }
    for (int k = 0; k < 4; k++)
        least = parts[k] < least ? parts[k] : least;
    return least > 0 && least * least > limit * limit * size2;
}

/* In a part of the way that begins out of touch: where they come into it; else NaN. */
static double touch_in(const orr_path *p, double limit, double a, double b, double rate_a,
                       double rate_b)
{
    double limit2 = limit * limit;
    if (orr_path_distance2(p, b) <= limit2)
        return orr_path_crossing(p, limit, a, b);
    if (!(rate_a < 0 && rate_b > 0))
        return NAN;
    double turn = orr_path_turn(p, a, b);
    return orr_path_distance2(p, turn) <= limit2 ? orr_path_crossing(p, limit, a, turn) : NAN;
}

/* Those that are in touch already meet when they approach: at once, or, where they may lie on each
 * other, a part of the step later, so that there is an end of it. */
double orr_next_touch(const orr_many *m, size_t i, size_t j, uint32_t image)
{
    enum { PARTS = 4, AT_ONCE = 8 };
    double s = fabs(m->begin[i]) > fabs(m->begin[j]) ? m->begin[i] : m->begin[j];
    double limit = m->b->radius[i] + m->b->radius[j], left = m->h - s;
    const orr_path p = path_of(m, i, j, image, s);
    const double shortest = 1e-6; /* of a step: what is left is for the next one */
    if (!(limit > 0) || fabs(left) <= shortest * fabs(m->h) || stays_away(&p, limit))
        return NAN;
    double a = 0, rate = orr_path_rate(&p, 0), distance2 = orr_path_distance2(&p, 0);
    bool in = distance2 <= limit * limit;
    if (in && rate < 0 && m->age[i] < AT_ONCE && m->age[j] < AT_ONCE)
        return s;
    for (int k = 1; k <= PARTS; k++) {
        double b = (double)k / PARTS, next = orr_path_rate(&p, b), u = NAN;
        for (; in && a < b; in = orr_path_distance2(&p, a) <= limit * limit) {
            a = fmin(b, a + ORR_CONTACT_LASTS * m->h / left);
            rate = orr_path_rate(&p, a);
            if (rate < 0 && orr_path_distance2(&p, a) <= limit * limit)
                return a < 1 ? s + a * left : NAN;
        }
        if (a < b)
            u = touch_in(&p, limit, a, b, rate, next);
        if (!isnan(u))
            return s + u * left;
        a = b, rate = next;
        in = orr_path_distance2(&p, b) <= limit * limit;
    }
    return NAN;
}
