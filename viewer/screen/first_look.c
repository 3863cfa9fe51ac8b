/* first_look.c - from where a system is seen first, and how fast its clock goes. */
#include <math.h>
#include <stdlib.h>

#include <orrery/osculating.h>

#include "viewer.h"

/* The direction of the angular momentum: orbits are seen from above. */
void viewer_find_north(const orr_bodies *b, double north[3], bool *flat)
{
    double center[3], l[3] = {0}, size = 0, velocity[3] = {0}, gm = 0;
    frame_barycentre(b, center);
    for (size_t i = 0; i < b->n; i++) {
        gm += b->gm[i];
        for (size_t c = 0; c < 3; c++)
            velocity[c] += b->gm[i] * b->vel[i + c * b->stride];
    }
    *flat = true;
    for (size_t i = 0; i < b->n; i++) {
        orr_body body = orr_bodies_get(b, i);
        double w = gm > 0 ? body.gm : 1;
        *flat = *flat && body.pos[2] == 0 && body.vel[2] == 0;
        for (int k = 0; k < 3; k++) {
            int a = (k + 1) % 3, d = (k + 2) % 3;
            double u = gm > 0 ? velocity[d] / gm : 0, s = gm > 0 ? velocity[a] / gm : 0;
            l[k] += w * ((body.pos[a] - center[a]) * (body.vel[d] - u) -
                         (body.pos[d] - center[d]) * (body.vel[a] - s));
        }
    }
    for (int k = 0; k < 3; k++)
        size += l[k] * l[k];
    for (int k = 0; k < 3; k++)
        north[k] = size > 0 && isfinite(size) && !*flat ? l[k] / sqrt(size) : k == 2;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* From where everything is seen: all of few bodies with their orbits, nine tenths of many. */
double viewer_radius_of_all(const pane *p, const double center[3])
{
    enum { MOST = 4096 };
    static double r[MOST];
    const orr_bodies *b = p->now.bodies;
    size_t n = 0, every = b->n / MOST + 1;
    for (size_t i = 0; i < b->n; i += every) {
        double r2 = 0, farthest;
        orr_elements el;
        orr_orbit o;
        for (size_t c = 0; c < 3; c++)
            r2 += pow(b->pos[i + c * b->stride] - center[c], 2);
        farthest = sqrt(r2);
        if (i < p->n_around && p->around[i] < b->n &&
            orr_osculating_pair(b, i, p->around[i], &el, &o) == ORR_OK && el.e < 1 &&
            o.a * (1 + el.e) < 4 * farthest) /* comets go where they go */
            farthest = fmax(farthest, o.a * (1 + el.e));
        if (isfinite(farthest))
            r[n++] = farthest;
    }
    qsort(r, n, sizeof *r, by_size);
    double radius = n == 0 ? 1 : n <= 60 ? r[n - 1] : r[n * 9 / 10];
    return radius > 0 ? radius : 1;
}

/* How long body i takes to go round, if nothing is known but how far out and how fast it is. */
static double turn_of(const orr_bodies *b, size_t i, const double center[3])
{
    double r2 = 0, v2 = 0;
    for (size_t c = 0; c < 3; c++) {
        r2 += pow(b->pos[i + c * b->stride] - center[c], 2);
        v2 += pow(b->vel[i + c * b->stride], 2);
    }
    return 6.283185307179586 * sqrt(r2 / v2);
}

/* How fast the clock goes at first: a typical orbit takes eight seconds, a file is played with
 * thirty snapshots a second. */
double viewer_first_rate(const pane *p)
{
    const subject *s = &p->source->subject;
    double span = s->t_last - s->t_first, rate = span / 60;
    if (!s->live)
        return p->now.n_frames > 1 ? span / (double)(p->now.n_frames - 1) * 30 : span / 10;
    const orr_bodies *b = p->now.bodies;
    static double periods[VIEWER_MOST_AROUND];
    double center[3];
    size_t n = 0;
    for (size_t i = 0; i < p->n_around; i++) {
        orr_elements el;
        orr_orbit o;
        if (p->around[i] < b->n && orr_osculating_pair(b, i, p->around[i], &el, &o) == ORR_OK &&
            el.e < 1)
            periods[n++] = o.period;
    }
    frame_barycentre(b, center);
    for (size_t i = 0; n == 0 && i < b->n && i < VIEWER_MOST_AROUND; i++) {
        double turn = turn_of(b, i, center);
        if (turn > 0 && isfinite(turn))
            periods[i] = turn;
        else
            periods[i] = fabs(span) / 8;
    }
    if (n == 0)
        n = b->n < VIEWER_MOST_AROUND ? b->n : VIEWER_MOST_AROUND;
    qsort(periods, n, sizeof *periods, by_size);
    rate = fmin(fabs(rate) * 6, periods[n / 2] / 8);
    /* one, two or five of something */
    double power = pow(10, floor(log10(rate))), digit = rate / power;
    rate = (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10) * power;
    return span < 0 ? -rate : rate;
}
