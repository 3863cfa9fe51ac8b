#include "gauss.h"

#include <math.h>
#include <string.h>

/* A step in which sweeps come closer to the solution by less than a factor of 3.5 each (1e-13 in
 * 24) is far too long: the stages then no longer belong to one motion, and the iteration, where it
 * ends at all, may end in a solution of its equations that is none of the problem's.  At an energy
 * error of 1e-9 a step takes some 5 sweeps, at 1e-2 up to 23. */
enum { MOST_STAGES = 8, MOST_ITERATIONS = 24 };

orr_status orr_gauss_prepare(const orr_gauss_table *table, orr_gauss *self, orr_problem *p)
{
    const size_t n = orr_motion_length(p);
    orr_keep(p->memory, &self->f, table->stages * n);
    orr_keep(p->memory, &self->guess, table->stages * n);
    orr_keep(p->memory, &self->x0, n);
    orr_keep(p->memory, &self->v0, n);
    self->h = 0;
    return orr_motion_prepare(&self->motion, p);
}

/* The accelerations of the last step were a polynomial through its nodes: continue it. */
static void first_guess(const orr_gauss_table *table, orr_gauss *self, size_t n, double h)
{
    const size_t s = table->stages;
    memcpy(self->guess, self->f, s * n * sizeof(double));
    memset(self->f, 0, s * n * sizeof(double));
    for (size_t i = 0; i < s; i++)
        for (size_t j = 0; j < s; j++) {
            double at = 1 + table->c[i] * h / self->h, weight = 1;
            for (size_t m = 0; m < s; m++)
                weight *= m == j ? 1 : (at - table->c[m]) / (table->c[j] - table->c[m]);
            orr_axpy(n, self->f + i * n, weight, self->guess + j * n, 1);
        }
}

static void weigh(size_t n, double *out, const double *weights, size_t count, const double *f,
                  int threads)
{
    memset(out, 0, n * sizeof *out);
    for (size_t j = 0; j < count; j++)
        orr_axpy(n, out, weights[j], f + j * n, threads);
}

/* Put the bodies at node i. */
static void place(const orr_gauss_table *table, const orr_gauss *self, orr_problem *p, size_t i,
                  double h)
{
    const size_t n = orr_motion_length(p), s = table->stages;
    double *pos = p->bodies->pos, *vel = p->bodies->vel;
    const double *low = self->motion.pos_low;
    weigh(n, pos, table->aa + i * s, s, self->f, p->threads);
    for (size_t k = 0; k < n; k++) {
        double way = table->c[i] * h * self->v0[k] + h * h * pos[k];
        pos[k] = self->x0[k] + (low ? way + low[k] : way);
    }
    if (!p->velocity_forces)
        return;
    weigh(n, vel, table->a + i * s, s, self->f, p->threads);
    for (size_t k = 0; k < n; k++)
        vel[k] = self->v0[k] + h * vel[k];
}

/* Node after node, each with the newest values of the others; *change: the largest of all. */
static orr_status sweep(const orr_gauss_table *table, orr_gauss *self, orr_problem *p, double h,
                        double *fresh, double *change, orr_step_report *report)
{
    const size_t n = orr_motion_length(p);
    *change = 0;
    for (size_t i = 0; i < table->stages; i++) {
        double *f = self->f + i * n, size = 0, moved = 0;
        place(table, self, p, i, h);
        ORR_TRY(orr_accelerate(p, p->t + table->c[i] * h, fresh, report));
        for (size_t k = 0; k < n; k++) {
            double d = fabs(fresh[k] - f[k]), a = fabs(fresh[k]);
            moved = d > moved ? d : moved;
            size = a > size ? a : size;
            f[k] = fresh[k];
        }
        if (moved > 0 && !(moved / size <= *change))
            *change = moved / size;
    }
    return ORR_OK;
}

orr_status orr_gauss_step(const orr_gauss_table *table, orr_gauss *self, orr_problem *p, double h,
                          orr_step_report *report)
{
    const size_t n = orr_motion_length(p), bytes = n * sizeof(double), s = table->stages;
    double *fresh = orr_arena_alloc(p->scratch, bytes);
    if (!fresh)
        return ORR_E_NO_MEMORY;
    memcpy(self->x0, p->bodies->pos, bytes);
    memcpy(self->v0, p->bodies->vel, bytes);
    if (self->h == 0) {
        ORR_TRY(orr_accelerate(p, p->t, fresh, report));
        for (size_t i = 0; i < s; i++)
            memcpy(self->f + i * n, fresh, bytes);
    } else {
        first_guess(table, self, n, h);
    }
    double change = INFINITY, last;
    int round = 0;
    do {
        last = change;
        ORR_TRY(sweep(table, self, p, h, fresh, &change, report));
    } while (change > 0 && (change < last || change > 1e-13) && ++round < MOST_ITERATIONS);
    memcpy(p->bodies->pos, self->x0, bytes);
    memcpy(p->bodies->vel, self->v0, bytes);
    if (!(change < 1e-12))
        return ORR_E_NO_CONVERGENCE;

    /* the low parts of the weights go into the compensated sums on their own */
    weigh(n, fresh, table->bb, s, self->f, p->threads);
    for (size_t k = 0; k < n; k++)
        fresh[k] = self->v0[k] + h * fresh[k];
    orr_drift(&self->motion, p, h, fresh);
    weigh(n, fresh, table->bb_low, s, self->f, p->threads);
    orr_drift(&self->motion, p, h * h, fresh);
    weigh(n, fresh, table->b, s, self->f, p->threads);
    orr_kick(&self->motion, p, h, fresh);
    weigh(n, fresh, table->b_low, s, self->f, p->threads);
    orr_kick(&self->motion, p, h, fresh);
    self->h = h;
    report->h_done = h;
    return ORR_OK;
}
