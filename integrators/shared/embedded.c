#include "embedded.h"

#include <string.h>

#include "core/math/reproducible.h"

orr_status orr_embedded_prepare(const orr_embedded_table *table, orr_embedded *self, orr_problem *p)
{
    const size_t n = 2 * orr_motion_length(p);
    orr_keep(p->memory, &self->k, table->all * n);
    orr_keep(p->memory, &self->y0, n);
    orr_keep(p->memory, &self->dy, n);
    orr_keep(p->memory, &self->rows, (table->rows + 3) * n);
    self->have_first = self->have_dense = false;
    self->error = 1;
    return orr_adaptive_prepare(&self->adaptive, p);
}

static void combine(size_t length, double *out, const double *weights, size_t count,
                    const double *k, int threads)
{
    memset(out, 0, length * sizeof *out);
    for (size_t s = 0; s < count; s++)
        if (weights[s] != 0)
            orr_axpy(length, out, weights[s], k + s * length, threads);
}

/* Derivative number s, at t + c h and y0 + h sum_j a_sj k_j. */
static orr_status stage(const orr_embedded_table *table, orr_embedded *self, orr_problem *p,
                        size_t s, double h, orr_step_report *report)
{
    const size_t n = orr_motion_length(p);
    double *k = self->k + s * 2 * n, *pos = p->bodies->pos, *vel = p->bodies->vel;
    combine(2 * n, k, table->a + s * table->all, s, self->k, p->threads);
    for (size_t i = 0; i < n; i++) {
        pos[i] = self->y0[i] + h * k[i];
        vel[i] = self->y0[n + i] + h * k[n + i];
    }
    memcpy(k, vel, n * sizeof *k);
    return orr_accelerate(p, self->t + table->c[s] * h, k + n, report);
}

/* The largest estimate over bodies, as orr_worst_error() has it. */
static double worst_error(const orr_embedded_table *table, const orr_embedded *self,
                          const orr_problem *p, double h, const double *e5, const double *e3)
{
    const orr_bodies *b = p->bodies;
    const size_t n = orr_motion_length(p);
    double worst = 0;
    for (size_t i = 0; i < b->n; i++)
        for (size_t part = 0; part < 2; part++) {
            double five = 0, three = 0, scale = 0, kick = 0;
            for (size_t axis = 0; axis < 3; axis++) {
                size_t at = axis * b->stride + i;
                double v = self->y0[n + at] * (part == 0 ? h : 1), d = h * self->dy[part * n + at];
                five += h * e5[part * n + at] * (h * e5[part * n + at]);
                three += h * e3[part * n + at] * (h * e3[part * n + at]);
                scale += v * v + d * d;
                kick += h * self->dy[n + at] * (h * self->dy[n + at]);
            }
            if (table->e3)
                five = five > 0 ? five * five / (five + 0.01 * three) : 0;
            double relative = five / scale;
            if (five > 0 && !(relative <= worst) && !orr_error_is_noise(p, i, h, kick, part, five))
                worst = relative;
        }
    return sqrt(worst) / self->adaptive.tolerance;
}

orr_status orr_embedded_step(const orr_embedded_table *table, orr_embedded *self, orr_problem *p,
                             double limit, orr_step_report *report)
{
    orr_adaptive *adaptive = &self->adaptive;
    const size_t n = orr_motion_length(p), bytes = n * sizeof(double), last = table->stages;
    double *e5 = orr_arena_alloc(p->scratch, 4 * bytes), *e3 = e5 + 2 * n;
    if (!e5)
        return ORR_E_NO_MEMORY;
    self->t = p->t;
    memcpy(self->y0, p->bodies->pos, bytes);
    memcpy(self->y0 + n, p->bodies->vel, bytes);
    if (!self->have_first)
        ORR_TRY(stage(table, self, p, 0, 0, report));
    else
        memcpy(self->k, self->k + last * 2 * n, 2 * bytes);
    self->have_first = self->have_dense = false;
    double first = adaptive->h > 0 ? 0 : 0.02 * orr_time_scale(p, self->k + n, NULL);
    double h = orr_adaptive_begin(adaptive, limit, isfinite(first) ? first : 1);
    bool rejected = false;
    const double exponent = 1.0 / table->error_order;
    for (;; report->rejected++) {
        bool too_short = orr_adaptive_too_short(adaptive, p->t, h) && h < fabs(limit);
        double signed_h = copysign(h, limit), error = NAN;
        if (!too_short) {
            for (size_t s = 1; s < table->stages; s++)
                ORR_TRY(stage(table, self, p, s, signed_h, report));
            combine(2 * n, self->dy, table->b, table->stages, self->k, p->threads);
            ORR_TRY(stage(table, self, p, last, signed_h, report));
            combine(2 * n, e5, table->e5, last + 1, self->k, p->threads);
            if (table->e3)
                combine(2 * n, e3, table->e3, last + 1, self->k, p->threads);
            error = worst_error(table, self, p, signed_h, e5, e3);
        }
        memcpy(p->bodies->pos, self->y0, bytes);
        memcpy(p->bodies->vel, self->y0 + n, bytes);
        if (too_short)
            return ORR_E_STEP_TOO_SMALL;
        if (error <= 1) {
            double e = fmax(error, 1e-10);
            double factor = 0.9 * orr_pow(e, -0.7 * exponent) *
                            orr_pow(fmax(self->error, 1e-10), 0.4 * exponent);
            factor = fmin(fmax(factor, 0.2), rejected ? 1 : 6);
            self->error = e;
            self->h = signed_h;
            self->have_first = true;
            orr_adaptive_accept(adaptive, h, h * factor, limit);
            report->h_done = signed_h;
            break;
        }
        rejected = true;
        h *= isfinite(error) ? fmax(0.1, 0.9 * orr_pow(error, -exponent)) : 0.1;
    }
    orr_drift(&adaptive->motion, p, self->h, self->dy);
    orr_kick(&adaptive->motion, p, self->h, self->dy + n);
    return ORR_OK;
}

/* Coefficients of the interpolant: y0 + x (r0 + (1-x)(r1 + x (r2 + (1-x)(r3 + ...)))). */
static orr_status prepare_dense(const orr_embedded_table *table, orr_embedded *self, orr_problem *p,
                                orr_step_report *report)
{
    const size_t n2 = 2 * orr_motion_length(p), bytes = n2 / 2 * sizeof(double);
    double *keep = orr_arena_alloc(p->scratch, 2 * bytes);
    if (!keep)
        return ORR_E_NO_MEMORY;
    memcpy(keep, p->bodies->pos, bytes);
    memcpy(keep + n2 / 2, p->bodies->vel, bytes);
    orr_status status = ORR_OK;
    for (size_t s = table->stages + 1; s < table->all && status == ORR_OK; s++)
        status = stage(table, self, p, s, self->h, report);
    memcpy(p->bodies->pos, keep, bytes);
    memcpy(p->bodies->vel, keep + n2 / 2, bytes);
    ORR_TRY(status);
    const double *f0 = self->k, *f1 = self->k + table->stages * n2;
    double *r = self->rows, h = self->h;
    for (size_t i = 0; i < n2; i++) {
        double d = h * self->dy[i];
        r[i] = d;
        r[n2 + i] = h * f0[i] - d;
        r[2 * n2 + i] = 2 * d - h * (f0[i] + f1[i]);
    }
    for (size_t m = 0; m < table->rows; m++) {
        double *row = r + (3 + m) * n2;
        combine(n2, row, table->dense + m * table->all, table->all, self->k, p->threads);
        for (size_t i = 0; i < n2; i++)
            row[i] *= h;
    }
    self->have_dense = true;
    return ORR_OK;
}

orr_status orr_embedded_interpolate(const orr_embedded_table *table, orr_embedded *self,
                                    orr_problem *p, double s, double *pos, double *vel,
                                    orr_step_report *report)
{
    const size_t n = orr_motion_length(p), rows = table->rows + 3;
    if (!self->have_dense)
        ORR_TRY(prepare_dense(table, self, p, report));
    double x = s / self->h;
    for (size_t i = 0; i < 2 * n; i++) {
        double y = 0;
        for (size_t m = rows; m-- > 0;)
            y = (y + self->rows[m * 2 * n + i]) * (m % 2 == 0 ? x : 1 - x);
        *(i < n ? &pos[i] : &vel[i - n]) = self->y0[i] + y;
    }
    return ORR_OK;
}
