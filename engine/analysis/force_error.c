/* force_error.c - see force_error.h.  The yardstick is the force `direct` on the sampled bodies, and
 * for the compact law, which that has not, a plain loop. */
#include <orrery/force_error.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/force.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/team.h"

typedef struct comparison {
    const orr_bodies *b;
    size_t *targets, n;
    double *measured, *exact; /* [3 stride] */
    int threads;
    orr_arena scratch;
} comparison;

static double number_of(const orr_force *type, const void *state, const char *name)
{
    const orr_field *f = orr_field_find(type->fields, name);
    return f ? orr_field_get(f, state) : 0;
}

/* Accelerations by a force with options, of the targets or of all. */
static orr_status accelerate(comparison *c, const orr_force *type, void *state, bool all,
                             double *acc)
{
    orr_eval r = {.want = ORR_WANT_ACC, .threads = c->threads, .acc = acc};
    if (!all) {
        r.targets = c->targets;
        r.n_targets = c->n;
    }
    memset(acc, 0, 3 * c->b->stride * sizeof *acc);
    return type->add(state, c->b, &r, &c->scratch);
}

/* ---- the compact law ---- */

/* Wendland's C2 density within H: GM(r) / r^3 over GM/H^3. */
static double within(double q2)
{
    double q = sqrt(q2);
    return 14 + q2 * (-84 + q * (140 + q * (-90 + 21 * q)));
}

typedef struct compact_sum {
    const comparison *c;
    double H;
} compact_sum;

static void sum_compact(void *context, size_t phase, size_t k)
{
    const compact_sum *m = context;
    const orr_bodies *b = m->c->b;
    size_t i = m->c->targets[k], s = b->stride, na = b->n_active;
    size_t sources = i < na ? na + b->n_passive : na;
    double sum[3] = {0, 0, 0}, H2 = m->H * m->H;
    (void)phase;
    for (size_t j = 0; j < sources; j++) {
        double d[3] = {b->pos[j] - b->pos[i], b->pos[s + j] - b->pos[s + i],
                       b->pos[2 * s + j] - b->pos[2 * s + i]};
        double r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        double w = r2 < H2 ? within(r2 / H2) / (H2 * m->H) : 1 / (r2 * sqrt(r2));
        for (size_t axis = 0; axis < 3; axis++)
            sum[axis] += b->gm[j] * w * d[axis];
    }
    for (size_t axis = 0; axis < 3; axis++)
        m->c->exact[axis * s + i] = sum[axis];
}

/* ---- both ---- */

static orr_status exact_ones(comparison *c, const orr_force *type, const void *state)
{
    double softening = number_of(type, state, "softening");
    if (softening > 0 && number_of(type, state, "softening_law") > 0) {
        compact_sum m = {c, 3 * softening};
        orr_team_run(c->threads, 1, c->n, sum_compact, &m);
        return ORR_OK;
    }
    const orr_force *direct = orr_force_find("direct");
    void *own = calloc(1, direct->state_size);
    if (!own)
        return ORR_E_NO_MEMORY;
    orr_fields_defaults(direct->fields, own);
    orr_status status =
        orr_fields_set(direct->fields, own, &(orr_option){"softening", softening, 0, NULL});
    if (status == ORR_OK)
        status = accelerate(c, direct, own, false, c->exact);
    free(own);
    return status;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static orr_status weigh(const comparison *c, orr_force_error *out)
{
    double *errors = malloc(c->n * sizeof *errors), sum = 0;
    if (!errors)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < c->n; k++) {
        double error2 = 0, size2 = 0;
        for (size_t at = c->targets[k]; at < 3 * c->b->stride; at += c->b->stride) {
            double error = c->measured[at] - c->exact[at];
            error2 += error * error;
            size2 += c->exact[at] * c->exact[at];
        }
        errors[k] = size2 > 0 ? sqrt(error2 / size2) : 0;
        sum += errors[k] * errors[k];
    }
    qsort(errors, c->n, sizeof *errors, by_size);
    out->sampled = c->n;
    out->rms = sqrt(sum / (double)c->n);
    out->median = errors[c->n / 2];
    out->most_99 = errors[(c->n * 99 + 99) / 100 - 1];
    out->largest = errors[c->n - 1];
    free(errors);
    return ORR_OK;
}

static orr_status compare(comparison *c, const orr_force_choice *gravity, bool timed,
                          orr_force_error *out)
{
    void *state = calloc(1, gravity->type->state_size);
    if (!state)
        return ORR_E_NO_MEMORY;
    orr_fields_defaults(gravity->type->fields, state);
    orr_status status = ORR_OK;
    for (size_t k = 0; k < gravity->n_options && status == ORR_OK; k++)
        status = orr_fields_set(gravity->type->fields, state, &gravity->options[k]);
    out->accuracy = number_of(gravity->type, state, "accuracy");
    if (status == ORR_OK)
        status = accelerate(c, gravity->type, state, timed, c->measured);
    if (status == ORR_OK && timed) { /* once more: memory is there now, as in a run */
        double from = orr_clock();
        orr_arena_reset(&c->scratch);
        status = accelerate(c, gravity->type, state, true, c->measured);
        out->seconds = orr_clock() - from;
    }
    orr_arena_reset(&c->scratch);
    if (status == ORR_OK)
        status = exact_ones(c, gravity->type, state);
    if (status == ORR_OK)
        status = weigh(c, out);
    free(state);
    return status;
}

orr_status orr_scenario_force_error(const orr_scenario *s, size_t sample, bool timed, int threads,
                                    orr_force_error *out)
{
    *out = (orr_force_error){0};
    const orr_bodies *b = &s->bodies;
    if (s->n_forces == 0 || !orr_field_find(s->forces[0].type->fields, "accuracy") || b->n == 0)
        return ORR_OK;
    comparison c = {.b = b,
                    .n = sample < b->n ? sample : b->n,
                    .threads = threads ? threads : orr_processors(),
                    .scratch = {.is_scratch = true}};
    c.targets = malloc((c.n + 1) * sizeof *c.targets);
    c.measured = orr_allocate_large(3 * b->stride * sizeof(double));
    c.exact = orr_allocate_large(3 * b->stride * sizeof(double));
    orr_status status = ORR_E_NO_MEMORY;
    if (c.targets && c.measured && c.exact && c.n > 0) {
        for (size_t k = 0; k < c.n; k++)
            c.targets[k] = k * b->n / c.n; /* in whole numbers: none twice */
        status = compare(&c, &s->forces[0], timed, out);
    }
    free(c.targets);
    free(c.measured);
    free(c.exact);
    orr_arena_free(&c.scratch);
    return status;
}
