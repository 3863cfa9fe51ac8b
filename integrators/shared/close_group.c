#include "close_group.h"

#include <math.h>
#include <string.h>

#include "motion.h"

void orr_close_prepare(orr_close *g, size_t most, orr_arena *memory)
{
    orr_gbs_prepare(&g->gbs, 6 * most + 1, memory);
    orr_keep(memory, &g->gm, most);
    orr_keep(memory, &g->x, 3 * most);
    orr_keep(memory, &g->x_low, 3 * most);
    orr_keep(memory, &g->w, 3 * most);
    orr_keep(memory, &g->w_low, 3 * most);
    orr_keep(memory, &g->work, 15 * most);
}

/* Separation of bodies i and j; returns its square. */
static double separation(const double *x, const double *low, size_t i, size_t j, double d[3])
{
    double r2 = 0;
    for (size_t c = 0; c < 3; c++) {
        d[c] = (x[3 * j + c] - x[3 * i + c]) + (low[3 * j + c] - low[3 * i + c]);
        r2 += d[c] * d[c];
    }
    return r2;
}

/* Accelerations; returns U, the work that pulls within the changeover can do. */
static double pull(orr_close *g, const double *x, const double *low, double *acc)
{
    const double H = g->changeover, inverse_h = 1 / H, inverse_h3 = inverse_h / (H * H);
    double U = 0;
    g->evaluations++;
    memset(acc, 0, 3 * g->n * sizeof *acc);
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = i + 1; j < g->n; j++) {
            double d[3], r2 = separation(x, low, i, j, d);
            if (!(r2 < H * H))
                continue;
            double r = sqrt(r2), u = r * inverse_h, u2 = u * u;
            double far3 = 14 + u2 * (-84 + u * (140 + u * (-90 + 21 * u)));
            double far = 3 + u2 * (-7 + u2 * (21 + u * (-28 + u * (15 - 3 * u))));
            double f = 1 / (r2 * r) - far3 * inverse_h3;
            U += g->gm[i] * g->gm[j] * (1 / r - far * inverse_h);
            for (size_t c = 0; c < 3; c++) {
                acc[3 * i + c] += g->gm[j] * f * d[c];
                acc[3 * j + c] -= g->gm[i] * f * d[c];
            }
        }
    return U;
}

static double kinetic(const orr_close *g, const double *w)
{
    double sum = 0;
    for (size_t i = 0; i < g->n; i++)
        sum += g->gm[i] *
               (w[3 * i] * w[3 * i] + w[3 * i + 1] * w[3 * i + 1] + w[3 * i + 2] * w[3 * i + 2]);
    return sum / 2;
}

/* ---- the leapfrog ---- */

typedef struct moving {
    double *x, *x_low, *w, *w_low, *acc, t, t_low;
} moving;

static void drift(const orr_close *g, double ds, moving *m)
{
    double dt = g->in_time ? ds : ds / (kinetic(g, m->w) + g->binding);
    orr_add_compensated(&m->t, &m->t_low, dt);
    for (size_t i = 0; i < 3 * g->n; i++)
        orr_add_compensated(&m->x[i], &m->x_low[i], dt * m->w[i]);
}

static void kick(orr_close *g, double ds, moving *m)
{
    double U = pull(g, m->x, m->x_low, m->acc);
    double dt = g->in_time ? ds : ds / (U + g->floor);
    for (size_t i = 0; i < 3 * g->n; i++)
        orr_add_compensated(&m->w[i], &m->w_low[i], dt * m->acc[i]);
}

static orr_status march(void *user, double S, int steps, double *dy)
{
    orr_close *g = user;
    const size_t n3 = 3 * g->n, bytes = n3 * sizeof(double);
    moving m = {.x = g->work,
                .x_low = g->work + n3,
                .w = g->work + 2 * n3,
                .w_low = g->work + 3 * n3,
                .acc = g->work + 4 * n3};
    memcpy(m.x, g->x, bytes);
    memcpy(m.x_low, g->x_low, bytes);
    memcpy(m.w, g->w, bytes);
    memcpy(m.w_low, g->w_low, bytes);
    double ds = S / steps;
    drift(g, ds / 2, &m);
    for (int k = 1; k <= steps; k++) {
        kick(g, ds, &m);
        drift(g, k < steps ? ds : ds / 2, &m);
    }
    for (size_t i = 0; i < n3; i++) {
        dy[i] = (m.x[i] - g->x[i]) + (m.x_low[i] - g->x_low[i]);
        dy[n3 + i] = (m.w[i] - g->w[i]) + (m.w_low[i] - g->w_low[i]);
    }
    dy[2 * n3] = m.t + m.t_low;
    return ORR_OK;
}

/* Corrections of separations relative to them, of relative velocities to what the pair can have. */
static double size(void *user, const double *dy, const double *correction)
{
    const orr_close *g = user;
    const size_t n3 = 3 * g->n;
    double worst = 0;
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = i + 1; j < g->n; j++) {
            double r2[2] = {0}, v2[2] = {0}, x_error = 0, v_error = 0;
            for (size_t c = 0; c < 3; c++) {
                size_t a = 3 * i + c, b = 3 * j + c;
                double d = (g->x[b] - g->x[a]) + (g->x_low[b] - g->x_low[a]);
                double v = g->w[b] - g->w[a];
                double d1 = d + (dy[b] - dy[a]), v1 = v + (dy[n3 + b] - dy[n3 + a]);
                double dx = correction[b] - correction[a];
                double dv = correction[n3 + b] - correction[n3 + a];
                r2[0] += d * d, r2[1] += d1 * d1;
                v2[0] += v * v, v2[1] += v1 * v1;
                x_error += dx * dx, v_error += dv * dv;
            }
            double largest = fmax(r2[0], r2[1]);
            double escape2 = 2 * (g->gm[i] + g->gm[j]) / sqrt(fmin(r2[0], r2[1]));
            worst = fmax(worst, x_error / largest);
            worst = fmax(worst, v_error / (fmax(v2[0], v2[1]) + escape2));
            if (isnan(x_error + v_error))
                return NAN;
        }
    if (!g->in_time) {
        double dt = correction[2 * n3] / dy[2 * n3];
        worst = fmax(worst, dt * dt);
    }
    return isfinite(dy[2 * n3]) ? sqrt(worst) / g->tolerance : NAN;
}

/* ---- to a given time ---- */

static void apply(orr_close *g, const double *dy)
{
    const size_t n3 = 3 * g->n;
    for (size_t i = 0; i < n3; i++) {
        orr_add_compensated(&g->x[i], &g->x_low[i], dy[i]);
        orr_add_compensated(&g->w[i], &g->w_low[i], dy[n3 + i]);
    }
}

/* dt / ds at x + dy (dy may be NULL), inverted. */
static double rate(orr_close *g, const double *dy)
{
    const size_t n3 = 3 * g->n;
    double *x = g->work, *acc = g->work + 4 * n3;
    for (size_t i = 0; i < n3; i++)
        x[i] = g->x[i] + (dy ? dy[i] : 0);
    return pull(g, x, g->x_low, acc) + g->floor;
}

/* The shortest time in which two bodies of a group would go about each other, over 2 pi. */
static double shortest_time(const orr_close *g)
{
    double least = INFINITY;
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = i + 1; j < g->n; j++) {
            double d[3], r2 = separation(g->x, g->x_low, i, j, d);
            least = fmin(least, r2 * sqrt(r2) / (g->gm[i] + g->gm[j]));
        }
    return sqrt(least);
}

enum { MOST_TRIES = 100000000 };

/* In time, while that needs no more than some steps; *left: what is to be done otherwise. */
static orr_status advance_in_time(orr_close *g, const orr_gbs_system *system, double *left,
                                  bool massive)
{
    const double start = *left;
    double h = *left;
    g->in_time = true;
    g->gbs.target = 3;
    for (int tries = 0; *left != 0; tries++) {
        orr_gbs_result result;
        ORR_TRY(orr_gbs_try(&g->gbs, system, h, &result));
        if (!result.accepted) {
            h *= result.factor;
            if (massive && fabs(h) < 0.2 * fabs(start))
                return ORR_OK;
            if (!(fabs(h) > 1e-14 * fabs(start)))
                return ORR_E_STEP_TOO_SMALL;
            continue;
        }
        apply(g, result.increment);
        *left = fabs(h) < fabs(*left) ? *left - h : 0;
        h = fabs(h * result.factor) < fabs(*left) ? h * result.factor : *left;
    }
    return ORR_OK;
}

/* A step of ds that goes too far, by `over` [time] or more: shorten it to end at `left`. */
static orr_status land(orr_close *g, const orr_gbs_system *system, double left, double ds,
                       const double *increment, bool *done)
{
    const size_t at = 6 * g->n;
    double low = 0, high = fabs(ds);
    *done = false;
    for (int tries = 0; tries < 60; tries++) {
        double missing = left - increment[at];
        if (fabs(missing) <= 1e-15 * fabs(left)) {
            apply(g, increment);
            *done = true;
            return ORR_OK;
        }
        if (fabs(increment[at]) < fabs(left))
            low = fabs(ds);
        else
            high = fabs(ds);
        double better = fabs(ds + missing * rate(g, increment));
        if (!(better > low && better < high))
            better = (low + high) / 2;
        if (high - low <= 4.5e-16 * high || better == fabs(ds)) {
            apply(g, increment);
            *done = true;
            return ORR_OK;
        }
        ds = copysign(better, ds);
        orr_gbs_result result;
        ORR_TRY(orr_gbs_try(&g->gbs, system, ds, &result));
        if (!result.accepted)
            return ORR_OK;
        increment = result.increment;
    }
    return ORR_OK;
}

static orr_status advance_regularized(orr_close *g, const orr_gbs_system *system, double left)
{
    const size_t at = 6 * g->n;
    double ds = copysign(shortest_time(g) * rate(g, NULL), left);
    g->in_time = false;
    g->gbs.target = 5;
    g->gbs.was_rejected = false;
    for (int tries = 0; tries < MOST_TRIES; tries++) {
        orr_gbs_result result;
        ORR_TRY(orr_gbs_try(&g->gbs, system, ds, &result));
        if (!result.accepted) {
            ds *= result.factor;
            if (!(fabs(ds) > 1e-14 * rate(g, NULL) * shortest_time(g)))
                return ORR_E_STEP_TOO_SMALL;
            continue;
        }
        double dt = result.increment[at];
        if (fabs(dt) < fabs(left)) {
            left -= dt;
            apply(g, result.increment);
            ds *= result.factor;
            continue;
        }
        bool done;
        ORR_TRY(land(g, system, left, ds, result.increment, &done));
        if (done)
            return ORR_OK;
        ds /= 2;
    }
    return ORR_E_STEP_TOO_SMALL;
}

orr_status orr_close_advance(orr_close *g, double h)
{
    const orr_gbs_system system = {.march = march, .size = size, .user = g, .cost = 0};
    double left = h;
    g->gbs.n = 6 * g->n + 1;
    g->gbs.was_rejected = false;
    g->floor = 0;
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = i + 1; j < g->n; j++)
            g->floor += g->gm[i] * g->gm[j] / g->changeover;
    ORR_TRY(advance_in_time(g, &system, &left, g->floor > 0));
    if (left == 0)
        return ORR_OK;
    g->binding = rate(g, NULL) - kinetic(g, g->w);
    return advance_regularized(g, &system, left);
}
