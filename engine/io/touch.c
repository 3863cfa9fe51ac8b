/* touch.c - do bodies touch within a step?  The path between its ends is the cubic through both
 * states; looked at where the ends are close enough for it to matter. */
#include <math.h>

#include "sweep.h"

enum { LOOKS = 32 };

typedef struct pair {
    double x0[3], v0[3], x1[3], v1[3];
} pair;

static double length(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* The least distance on the way, from h * LOOKS points; a parabola through squares is exact enough
 * in between for steps that follow the motion. */
static double least_distance(const pair *p, double h)
{
    double least = INFINITY, last[2] = {INFINITY, INFINITY};
    for (int k = 0; k <= LOOKS; k++) {
        double s = (double)k / LOOKS, r = 1 - s, d2 = 0;
        for (int c = 0; c < 3; c++) {
            double x = (1 + 2 * s) * r * r * p->x0[c] + s * s * (3 - 2 * s) * p->x1[c] +
                       h * (s * r * r * p->v0[c] - s * s * r * p->v1[c]);
            d2 += x * x;
        }
        double bend = last[0] - 2 * last[1] + d2, slope = (d2 - last[0]) / 2;
        if (k >= 2 && last[1] <= last[0] && last[1] <= d2 && bend > 0)
            least = fmin(least, last[1] - slope * slope / (2 * bend));
        least = fmin(least, d2);
        last[0] = last[1];
        last[1] = d2;
    }
    return sqrt(fmax(least, 0));
}

static void difference(const double *v, size_t stride, size_t i, size_t j, double out[3])
{
    for (size_t c = 0; c < 3; c++)
        out[c] = v[i + c * stride] - v[j + c * stride];
}

bool orr_sweep_touch(const orr_bodies *b, const double *before, double h, size_t found[2])
{
    const size_t stride = b->stride, massive = b->n_active + b->n_passive;
    for (size_t i = 0; i < b->n; i++)
        for (size_t j = 0; j < massive && j < i; j++) {
            double touch = b->radius[i] + b->radius[j];
            if (!(touch > 0))
                continue;
            pair p;
            difference(before, stride, i, j, p.x0);
            difference(before + 3 * stride, stride, i, j, p.v0);
            difference(b->pos, stride, i, j, p.x1);
            difference(b->vel, stride, i, j, p.v1);
            double ends = fmin(length(p.x0), length(p.x1));
            double way = fabs(h) * fmax(length(p.v0), length(p.v1));
            if (ends - way > touch || least_distance(&p, h) > touch)
                continue;
            found[0] = i, found[1] = j;
            return true;
        }
    return false;
}
