#include "adaptive.h"

#include <float.h>

orr_status orr_adaptive_prepare(orr_adaptive *a, orr_problem *p)
{
    a->h = a->first_step;
    a->longest = 0;
    return orr_motion_prepare(&a->motion, p);
}

double orr_adaptive_begin(const orr_adaptive *a, double limit, double first)
{
    double h = a->h > 0 ? a->h : first;
    if (a->max_step > 0 && h > a->max_step)
        h = a->max_step;
    return fmin(h, fabs(limit));
}

bool orr_adaptive_too_short(const orr_adaptive *a, double t, double h)
{
    const double clock = 4.5e-16; /* two units in the last place */
    return !(h > a->min_step && h > clock * fabs(t) && h > clock * a->longest);
}

void orr_adaptive_accept(orr_adaptive *a, double done, double next, double limit)
{
    done = fabs(done);
    if (done < fabs(limit) || next > a->h || next < done)
        a->h = next;
    if (done > a->longest)
        a->longest = done;
}

double orr_pull_noise(const orr_problem *p, size_t i, double acc)
{
    const orr_bodies *b = p->bodies;
    const double *x = b->pos, *y = x + b->stride, *z = y + b->stride;
    const double cancelled = 0.1, soft2 = p->softening * p->softening;
    double pulls = 0, unsure = 0;
    double from = fabs(x[i]) + fabs(y[i]) + fabs(z[i]);
    for (size_t j = 0; p->softening >= 0 && j < b->n_active; j++) {
        if (j == i)
            continue;
        double dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
        double pull = b->gm[j] / (dx * dx + dy * dy + dz * dz + soft2);
        double to = fabs(x[j]) + fabs(y[j]) + fabs(z[j]);
        double apart = fabs(dx) + fabs(dy) + fabs(dz);
        pulls += pull;
        unsure += pull * (1 + (from + to) / apart);
    }
    return acc < cancelled * pulls && unsure < INFINITY ? DBL_EPSILON * unsure : 0;
}

bool orr_error_is_noise(const orr_problem *p, size_t i, double h, double kick2, size_t part,
                        double error2)
{
    /* An estimate is a sum of accelerations with weights of both signs: it has the noise of each,
     * and the tables' sums of |weights| are below 20. */
    const double parts = 64;
    h = fabs(h);
    double noise = parts * h * orr_pull_noise(p, i, sqrt(kick2) / h) * (part == 0 ? h : 1);
    return error2 <= noise * noise;
}

double orr_worst_error(const orr_problem *p, double h, const double *v0, const double *moved,
                       const double *error)
{
    const orr_bodies *b = p->bodies;
    const size_t n = 3 * b->stride;
    double worst = 0;
    for (size_t i = 0; i < b->n; i++)
        for (size_t part = 0; part < 2; part++) {
            double wrong = 0, scale = 0, kick = 0;
            for (size_t axis = 0; axis < 3; axis++) {
                size_t at = axis * b->stride + i;
                double v = v0[at] * (part == 0 ? h : 1), d = moved[part * n + at];
                wrong += error[part * n + at] * error[part * n + at];
                scale += d * d + v * v;
                kick += moved[n + at] * moved[n + at];
            }
            double relative = wrong / scale;
            if (wrong > 0 && !(relative <= worst) &&
                !orr_error_is_noise(p, i, h, kick, part, wrong))
                worst = relative;
        }
    return sqrt(worst);
}

double orr_time_scale(const orr_problem *p, const double *acc, size_t pair[2])
{
    enum { MOST_PAIRS = 1 << 27 }; /* half a second */
    const orr_bodies *b = p->bodies;
    double least = INFINITY; /* of the fourth powers */
    size_t every = pair ? 1 : 1 + (size_t)((double)b->n * (double)b->n_active / MOST_PAIRS);
    for (size_t i = 0; i < b->n; i++)
        for (size_t j = i % every; j < i && j < b->n_active; j += every) {
            double d2 = 0, u2 = 0, a2 = 0;
            for (size_t c = 0; c < 3; c++) {
                size_t at = c * b->stride;
                double d = b->pos[at + i] - b->pos[at + j], u = b->vel[at + i] - b->vel[at + j];
                double a = acc[at + i] - acc[at + j];
                d2 += d * d;
                u2 += u * u;
                a2 += a * a;
            }
            double closing = INFINITY;
            if (u2 > 0)
                closing = fmin(closing, d2 / u2 * (d2 / u2));
            if (a2 > 0)
                closing = fmin(closing, d2 / a2);
            if (closing >= least)
                continue;
            least = closing;
            if (pair)
                pair[0] = j, pair[1] = i;
        }
    return sqrt(sqrt(least));
}
