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

static bool touch(const orr_bodies *b, const double *before, double h, size_t i, size_t j)
{
    const size_t stride = b->stride;
    double sum = b->radius[i] + b->radius[j];
    pair p;
    if (i == j || !(sum > 0))
        return false;
    difference(before, stride, i, j, p.x0);
    difference(before + 3 * stride, stride, i, j, p.v0);
    difference(b->pos, stride, i, j, p.x1);
    difference(b->vel, stride, i, j, p.v1);
    double ends = fmin(length(p.x0), length(p.x1));
    double way = fabs(h) * fmax(length(p.v0), length(p.v1));
    return ends - way <= sum && least_distance(&p, h) <= sum;
}

/* The largest speed, squared. */
static double fastest(const double *v, const orr_bodies *b)
{
    const double *x = v, *y = v + b->stride, *z = y + b->stride;
    double most = 0;
    for (size_t i = 0; i < b->n; i++)
        most = fmax(most, x[i] * x[i] + y[i] * y[i] + z[i] * z[i]);
    return most;
}

bool orr_sweep_touch(const orr_bodies *b, const double *before, double h, size_t found[2])
{
    const double *x = b->pos, *y = x + b->stride, *z = y + b->stride;
    double v2 = fmax(fastest(b->vel, b), fastest(before + 3 * b->stride, b)), largest = 0;
    for (size_t i = 0; i < b->n; i++)
        largest = fmax(largest, b->radius[i]);
    for (size_t j = 0; j < b->n_active + b->n_passive; j++) {
        /* the way on the curve is at most 1.5 times that at the faster end */
        double reach = 3 * fabs(h) * sqrt(v2) + largest + b->radius[j], reach2 = reach * reach;
        for (size_t i = 0; i < b->n; i++) {
            double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
            if (dx * dx + dy * dy + dz * dz > reach2 || !touch(b, before, h, i, j))
                continue;
            found[0] = i, found[1] = j;
            return true;
        }
    }
    return false;
}
