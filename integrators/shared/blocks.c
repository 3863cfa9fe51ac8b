#include "blocks.h"

#include <string.h>

enum { MOST_LEVEL = 40 };

static const uint64_t WHOLE = (uint64_t)1 << MOST_LEVEL; /* ticks in a block */

static uint64_t ticks_of(unsigned level)
{
    return WHOLE >> level;
}

orr_status orr_blocks_prepare(void *state, orr_problem *p)
{
    orr_blocks *self = state;
    const size_t n = p->bodies->n, length = orr_motion_length(p);
    for (size_t k = 0; k < ORR_MOST_DERIVATIVES; k++)
        orr_keep(p->memory, &self->f[k], length);
    for (size_t k = 0; k < 3; k++) {
        orr_keep(p->memory, &self->now[k], length);
        orr_keep(p->memory, &self->then[k], length);
    }
    for (size_t k = 0; k < 2; k++) {
        orr_keep(p->memory, &self->f_low[k], length);
        orr_keep(p->memory, &self->start[k], length);
    }
    orr_keep(p->memory, &self->dt, p->bodies->stride);
    orr_keep(p->memory, &self->level, n);
    orr_keep(p->memory, &self->tick, n);
    orr_keep(p->memory, &self->moving, n);
    self->ready = false;
    return orr_adaptive_prepare(&self->adaptive, p);
}

static double length_of(const orr_bodies *b, const double *x, size_t i)
{
    double sum = 0;
    for (size_t axis = 0; axis < 3; axis++)
        sum += x[axis * b->stride + i] * x[axis * b->stride + i];
    return sqrt(sum);
}

/* Forces at the bodies' present positions on all or some; acc_now is needed for the snap. */
static orr_status evaluate(const orr_hermite *scheme, orr_blocks *self, orr_problem *p, double t,
                           const double *acc_now, size_t n_targets, orr_step_report *report)
{
    report->evaluations++;
    return p->eval(p, (orr_eval){.t = t,
                                 .want = scheme->want,
                                 .acc = self->then[0],
                                 .jerk = self->then[1],
                                 .snap = self->then[2],
                                 .acc_now = acc_now,
                                 .coarse = self->adaptive.tolerance >= scheme->coarse_from,
                                 .targets = self->moving,
                                 .n_targets = n_targets});
}

/* ---- levels ---- */

/* The coarsest level whose step is not longer than wanted; more than MOST_LEVEL: too short. */
static unsigned level_for(double D, double wanted)
{
    unsigned level = 0;
    while (level <= MOST_LEVEL && !(ldexp(D, -(int)level) <= wanted))
        level++;
    return level;
}

/* After a step that ended at `tick`: finer at once, coarser by one where the grid allows. */
static orr_status choose_level(orr_blocks *self, size_t i, uint64_t tick, double wanted)
{
    unsigned level = level_for(self->adaptive.h, wanted), old = self->level[i];
    if (level > MOST_LEVEL || ldexp(self->adaptive.h, -(int)level) <= self->adaptive.min_step)
        return ORR_E_STEP_TOO_SMALL;
    if (level < old)
        level = tick % ticks_of(old - 1) == 0 ? old - 1 : old;
    self->level[i] = (unsigned char)level;
    return ORR_OK;
}

/* The time [time] in which the pulls on body i will change by the bodies' falling alone: where all
 * are still slow, the jerk that is there already says little.  The mean over pulls of
 * sqrt(separation / acceleration). */
static double free_fall_time(const orr_problem *p, const double *acc, size_t i)
{
    const orr_bodies *b = p->bodies;
    double pulls = 0, changes = 0, soft2 = p->softening * p->softening;
    for (size_t j = 0; j < b->n_active; j++) {
        double d2 = 0, a2 = 0;
        for (size_t c = 0; c < 3 && j != i; c++) {
            size_t at = c * b->stride;
            double d = b->pos[at + i] - b->pos[at + j], a = acc[at + i] - acc[at + j];
            d2 += d * d;
            a2 += a * a;
        }
        if (d2 > 0) {
            double pull = b->gm[j] / (d2 + soft2);
            pulls += pull;
            changes += pull * sqrt(sqrt(a2 / d2));
        }
    }
    return changes > 0 ? pulls / changes : INFINITY;
}

/* How many bodies choose the length of a block: test bodies would change what massive ones do. */
static size_t deciding(const orr_bodies *b)
{
    size_t massive = b->n_active + b->n_passive;
    return massive > 1 ? massive : b->n;
}

static orr_status start(const orr_hermite *scheme, orr_blocks *self, orr_problem *p,
                        orr_step_report *report)
{
    orr_bodies *b = p->bodies;
    const size_t bytes = 3 * b->stride * sizeof(double);
    for (size_t i = 0; i < b->n; i++)
        self->moving[i] = i;
    memcpy(self->f[0], b->pos, bytes);
    memcpy(self->f[1], b->vel, bytes);
    ORR_TRY(orr_accelerate(p, p->t, self->now[2], report));
    ORR_TRY(evaluate(scheme, self, p, p->t, self->now[2], b->n, report));
    for (size_t k = 0; k + 2 < scheme->derivatives && k < 3; k++)
        memcpy(self->f[2 + k], self->then[k], bytes);

    /* First steps are cautious, whatever the tolerance: of the higher derivatives nothing is known.
     * 0.02 is the eta that Aarseth recommends for the fourth order; the sixth, whose errors are to
     * be smaller, begins with shorter ones still. */
    const double cautious = scheme->derivatives == 4 ? 0.02 : 0.003;
    const size_t n = deciding(b);
    orr_bodies few = *b;
    orr_problem theirs = *p;
    few.n = n;
    theirs.bodies = &few;
    double scale = 0.1 * orr_time_scale(&theirs, self->then[0], NULL), frequency = 0;
    for (size_t i = 0; i < b->n; i++) {
        double acc = length_of(b, self->then[0], i), jerk = length_of(b, self->then[1], i);
        double wanted = jerk > 0 ? acc / jerk : scale;
        double snap = scheme->derivatives == 6 ? length_of(b, self->then[2], i) : 0;
        if (snap > 0)
            wanted = fmin(wanted, sqrt(acc / snap));
        double falling = scheme->derivatives == 4 ? free_fall_time(p, self->then[0], i) : INFINITY;
        if (wanted > 10 * falling) /* another order of magnitude: the jerk is still to come */
            wanted = falling;
        if (wanted < scale && acc <= scheme->noise * orr_pull_noise(p, i, acc))
            wanted = scale; /* the pulls on it cancel: their ratios are those of noise */
        self->dt[i] = fmin(self->adaptive.tolerance, cautious) * wanted;
        if (i < n)
            frequency += 1 / self->dt[i] / (double)n;
    }
    /* some 1.3 / cautious typical steps, six (nine) levels down: most bodies have room for longer
     * steps, and few need the last of the levels */
    double D =
        self->adaptive.first_step > 0 ? self->adaptive.first_step : 1.3 / cautious / frequency;
    if (self->adaptive.max_step > 0 && (D > self->adaptive.max_step || !isfinite(D)))
        D = self->adaptive.max_step;
    else if (isfinite(D) && D > 0)
        D = ldexp(1, ilogb(D));
    else
        D = 1;
    self->adaptive.h = D;
    for (size_t i = 0; i < b->n; i++) {
        unsigned level = level_for(D, self->dt[i]);
        if (level > MOST_LEVEL)
            return ORR_E_STEP_TOO_SMALL;
        self->level[i] = (unsigned char)level;
        self->tick[i] = 0;
    }
    self->ready = true;
    return ORR_OK;
}

/* ---- one time at which some bodies move ---- */

/* Of acc and its derivatives: those that are evaluated; as many more follow from both ends. */
static size_t evaluated_by(const orr_hermite *scheme)
{
    return scheme->derivatives == 4 ? 2 : 3;
}

/* Correct body i at the end of its step.  last: keep the result; else it is for the next round.
 * size: of acc and its derivatives at the end. */
static void correct(const orr_hermite *scheme, orr_blocks *self, orr_bodies *b, size_t i, bool last,
                    double size[6])
{
    const size_t evaluated = evaluated_by(scheme);
    memset(size, 0, 6 * sizeof *size);
    for (size_t axis = 0; axis < 3; axis++) {
        size_t at = axis * b->stride + i;
        double f[ORR_MOST_DERIVATIVES], then[3], higher[4], dx, dv;
        for (size_t k = 0; k < scheme->derivatives; k++)
            f[k] = self->f[k][at];
        for (size_t k = 0; k < evaluated; k++)
            then[k] = self->then[k][at];
        scheme->correct(self->dt[i], f, then, &dx, &dv, higher);
        for (size_t k = 0; k < evaluated; k++) {
            size[k] += then[k] * then[k];
            size[evaluated + k] += higher[k] * higher[k];
        }
        if (!last) {
            b->pos[at] = f[0] + dx;
            b->vel[at] = f[1] + dv;
            self->now[2][at] = then[0];
            continue;
        }
        orr_add_compensated(&self->f[0][at], &self->f_low[0][at], dx);
        orr_add_compensated(&self->f[1][at], &self->f_low[1][at], dv);
        for (size_t k = 0; k < evaluated; k++)
            self->f[2 + k][at] = then[k];
        if (scheme->derivatives == 6)
            self->f[5][at] = higher[0];
    }
    for (size_t k = 0; k < 2 * evaluated; k++)
        size[k] = sqrt(size[k]);
}

/* The step that body i wants after this one, of dt.  One that would be the shortest of all is
 * looked at twice: where pulls cancel down to rounding, the higher derivatives are differences of
 * noise, over powers of dt, and the shorter the step, the greater. */
static double wanted_by(const orr_hermite *scheme, const orr_blocks *self, const orr_problem *p,
                        size_t i, const double size[6], double shortest)
{
    if (size[1] == 0 && size[2] == 0 && size[3] == 0)
        return INFINITY; /* nothing changes its pull */
    double wanted = scheme->criterion(self->adaptive.tolerance, size), dt = fabs(self->dt[i]);
    if (wanted >= shortest)
        return wanted;
    const size_t evaluated = evaluated_by(scheme);
    double most = 0, power = evaluated == 2 ? dt : dt * dt;
    for (size_t k = evaluated; k < 2 * evaluated; k++)
        most = fmax(most, size[k] * (power *= dt));
    return most <= scheme->noise * orr_pull_noise(p, i, size[0]) ? INFINITY : wanted;
}

/* All bodies whose step ends at `tick` (or all, if `end`) move there, `when` after the start of the
 * block; shortest: the shortest step of massive bodies, and of all. */
static orr_status move(const orr_hermite *scheme, orr_blocks *self, orr_problem *p, uint64_t tick,
                       double when, bool end, double unit, const double shortest[2],
                       orr_step_report *report)
{
    orr_bodies *b = p->bodies;
    size_t n_moving = 0, massive = deciding(b);
    for (size_t i = 0; i < b->n; i++) {
        self->dt[i] =
            end ? when - (double)self->tick[i] * unit : (double)(tick - self->tick[i]) * unit;
        if (end || tick - self->tick[i] == ticks_of(self->level[i]))
            self->moving[n_moving++] = i;
    }
    double *out[3] = {b->pos, b->vel, self->now[2]};
    orr_predict(b->n, b->stride, self->dt, scheme->derivatives, (const double *const *)self->f, 3,
                out);
    for (int round = 1; round <= self->iterations; round++) {
        ORR_TRY(evaluate(scheme, self, p, p->t + when, self->now[2], n_moving, report));
        for (size_t k = 0; k < n_moving; k++) {
            size_t i = self->moving[k];
            double size[6];
            correct(scheme, self, b, i, round == self->iterations, size);
            if (round < self->iterations)
                continue;
            self->tick[i] = tick;
            if (end)
                continue;
            double wanted = wanted_by(scheme, self, p, i, size, shortest[i >= massive]);
            ORR_TRY(choose_level(self, i, tick, wanted));
        }
    }
    return ORR_OK;
}

static unsigned finest(const orr_blocks *self, size_t n)
{
    unsigned char most = 0;
    for (size_t i = 0; i < n; i++)
        most = self->level[i] > most ? self->level[i] : most;
    return most;
}

orr_status orr_blocks_step(const orr_hermite *scheme, orr_blocks *self, orr_problem *p,
                           double limit, orr_step_report *report)
{
    orr_bodies *b = p->bodies;
    const size_t bytes = 3 * b->stride * sizeof(double);
    if (!self->ready)
        ORR_TRY(start(scheme, self, p, report));
    memcpy(self->start[0], b->pos, bytes);
    memcpy(self->start[1], b->vel, bytes);
    double D = copysign(self->adaptive.h, limit), unit = ldexp(D, -MOST_LEVEL);
    bool cut = fabs(limit) < fabs(D), end = false;
    double done = cut ? limit : D;
    double when = 0;
    orr_status status = ORR_OK;
    for (uint64_t tick = 0; tick < WHOLE && !end && status == ORR_OK;) {
        unsigned deepest = finest(self, b->n);
        unsigned massive = deciding(b) < b->n ? finest(self, deciding(b)) : deepest;
        double shortest[2] = {ldexp(fabs(D), -(int)massive), ldexp(fabs(D), -(int)deepest)};
        tick += ticks_of(deepest);
        when = (double)tick * unit;
        end = cut && fabs(when) >= fabs(limit) * (1 - 1e-15);
        status = move(scheme, self, p, tick, end ? limit : when, end, unit, shortest, report);
    }
    if (status != ORR_OK) {
        memcpy(self->now[0], b->pos, bytes);
        report->failed_after = when;
        report->failed_at = self->now[0];
    }
    memcpy(b->pos, status == ORR_OK ? self->f[0] : self->start[0], bytes);
    memcpy(b->vel, status == ORR_OK ? self->f[1] : self->start[1], bytes);
    self->ready = status == ORR_OK && !cut;
    for (size_t i = 0; i < b->n; i++)
        self->tick[i] = 0;
    report->h_done = done;
    return status;
}
