/* run.c - steps, and landing on times between them.
 *
 *     grid:     |-------|-------|-------|-------|---> t = t0 + k h, or as an adaptive method
 * chooses outputs:              ^             ^ on the side   on the side
 *
 * To show a state between grid points, the grid state is put aside; then the method's dense output
 * tells the state (it looks back: the whole step is taken first), or a shortened step leads there
 * (from the grid point before).  The next call goes back to the grid.  The trajectory never knows
 * that somebody looked. */
#include "sim_internal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/vector.h>

/* ---- putting the grid state aside ---- */

orr_status orr_sim_leave_grid(orr_sim *sim)
{
    if (sim->grid.valid)
        return ORR_OK;
    orr_saved *s = &sim->grid;
    size_t length = 3 * sim->bodies.stride, bytes = length * sizeof(double);
    size_t size = sim->method->state_size + orr_arena_used(&sim->memory);
    if (s->length != length || s->integrator_size != size) {
        orr_saved_free(s);
        s->pos = malloc(bytes);
        s->vel = malloc(bytes);
        s->integrator = malloc(size);
        if (!s->pos || !s->vel || !s->integrator) {
            orr_saved_free(s);
            return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a state between steps");
        }
        s->length = length;
        s->integrator_size = size;
    }
    memcpy(s->pos, sim->bodies.pos, bytes);
    memcpy(s->vel, sim->bodies.vel, bytes);
    memcpy(s->integrator, sim->state, sim->method->state_size);
    orr_arena_save(&sim->memory, (char *)s->integrator + sim->method->state_size);
    s->t = sim->t;
    s->last = sim->last;
    s->unsynchronised = sim->unsynchronised;
    s->valid = true;
    return ORR_OK;
}

void orr_sim_return_to_grid(orr_sim *sim)
{
    orr_saved *s = &sim->grid;
    if (!s->valid)
        return;
    memcpy(sim->bodies.pos, s->pos, s->length * sizeof(double));
    memcpy(sim->bodies.vel, s->vel, s->length * sizeof(double));
    memcpy(sim->state, s->integrator, sim->method->state_size);
    orr_arena_restore(&sim->memory, (char *)s->integrator + sim->method->state_size);
    sim->t = s->t;
    sim->last = s->last;
    sim->problem.t = s->t.high;
    sim->unsynchronised = s->unsynchronised;
    s->valid = false;
}

/* ---- time ---- */

static orr_time later(orr_time t, double h)
{
    double d = h + t.low, sum = t.high + d, seen = sum - t.high;
    return (orr_time){sum, (t.high - (sum - seen)) + (d - seen)};
}

static double until(orr_time t, double t_end)
{
    return (t_end - t.high) - t.low;
}

/* Nothing is left to cover: what remains is the rounding of the times themselves. */
static bool is_round_off(double remaining, double t_end, double h)
{
    return fabs(remaining) <= 4 * DBL_EPSILON * fmax(fabs(t_end), fabs(h));
}

/* ---- stepping ---- */

const char *orr_sim_name_of(const orr_sim *sim, uint64_t id, char buffer[64])
{
    const char *name = sim->name ? sim->name(sim->name_user, id) : NULL;
    if (!name)
        snprintf(buffer, 64, "body %llu", (unsigned long long)id);
    return name ? name : buffer;
}

/* Where and when a step failed. */
typedef struct failure {
    double t;
    const double *pos;
} failure;

static failure failure_of(const orr_sim *sim, const orr_step_report *report)
{
    return (failure){sim->t.high + report->failed_after,
                     report->failed_at ? report->failed_at : sim->bodies.pos};
}

/* The two closest bodies: where a step failed, they are most often the reason. */
static double closest(const orr_sim *sim, const double *pos, size_t found[2])
{
    const orr_bodies *b = &sim->bodies;
    size_t limit = b->n < 3000 ? b->n : 3000;
    double least = INFINITY;
    const double *x = pos, *y = x + b->stride, *z = y + b->stride;
    for (size_t i = 0; i < limit; i++)
        for (size_t j = 0; j < i && j < b->n_active; j++) {
            double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
            double r2 = dx * dx + dy * dy + dz * dz;
            if (r2 < least)
                least = r2, found[0] = j, found[1] = i;
        }
    return sqrt(least);
}

/* "Sun and stone, 0.0046 au apart" */
static const char *closest_text(const orr_sim *sim, const double *pos, char text[240])
{
    size_t found[2] = {0, 0};
    char first[64], second[64];
    double apart = closest(sim, pos, found);
    snprintf(text, 240, "%.80s and %.80s, %.6g%s%s apart",
             orr_sim_name_of(sim, sim->bodies.id[found[0]], first),
             orr_sim_name_of(sim, sim->bodies.id[found[1]], second), apart,
             *sim->length_unit ? " " : "", sim->length_unit);
    return text;
}

/* "t = 217.76 day" */
static const char *time_text(const orr_sim *sim, double t, char text[64])
{
    snprintf(text, 64, "t = %.12g%s%s", t, *sim->time_unit ? " " : "", sim->time_unit);
    return text;
}

static orr_status not_finite(orr_sim *sim, failure f)
{
    const orr_bodies *b = &sim->bodies;
    const double *x = f.pos, *y = x + b->stride, *z = y + b->stride;
    char when[64], pair[240];
    time_text(sim, f.t, when);
    for (size_t i = 0; i < b->n; i++)
        if (!isfinite(x[i] + y[i] + z[i]))
            return orr_sim_fail(sim, ORR_E_NOT_FINITE,
                                "%s left the finite numbers in the step after %s: a collision of "
                                "point masses, or a step that is too long",
                                orr_sim_name_of(sim, b->id[i], (char[64]){0}), when);
    return orr_sim_fail(sim, ORR_E_NOT_FINITE,
                        "the step after %s gave a velocity that is not finite; closest are %s",
                        when, closest_text(sim, f.pos, pair));
}

static orr_status failed(orr_sim *sim, orr_status status, failure f)
{
    const char *method = sim->method->name;
    char when[64], pair[240];
    time_text(sim, f.t, when);
    bool adaptive = (sim->method->traits & ORR_ADAPTIVE) != 0;
    if (status == ORR_E_NO_CONVERGENCE && !adaptive)
        return orr_sim_fail(sim, status,
                            "%s at %s: the iteration that solves for the step did not converge: "
                            "the step of %.6g%s%s is too long; try half of it, or a tenth",
                            method, when, sim->step, *sim->time_unit ? " " : "", sim->time_unit);
    if (status != ORR_E_STEP_TOO_SMALL || sim->bodies.n < 2)
        return orr_sim_fail(sim, status, "%s at %s: %s", method, when, orr_status_text(status));
    return orr_sim_fail(sim, status,
                        "%s at %s: the step fell below its minimum; closest are %s.  If points "
                        "collide, soften gravity, or give them radii and take 'trace'%s; else "
                        "loosen the tolerance or lower min_step",
                        method, when, closest_text(sim, f.pos, pair),
                        strcmp(method, "regularized") != 0 ? ", or take 'regularized'" : "");
}

/* Take out the bodies that are no more, and go on with the others. */
static orr_status bury(orr_sim *sim)
{
    for (size_t k = 0; k < sim->n_doomed; k++) {
        size_t i = orr_bodies_find(&sim->bodies, sim->doomed[k]);
        if (i < sim->bodies.n)
            ORR_TRY(orr_bodies_remove(&sim->bodies, i));
    }
    sim->n_doomed = 0;
    sim->prepared = false;
    orr_status status = orr_bodies_shrink(&sim->bodies);
    return status == ORR_OK ? orr_sim_prepare(sim) : status;
}

/* After n steps: books, checks, time. */
static orr_status arrive(orr_sim *sim, orr_status status, const orr_step_report *report, uint64_t n)
{
    orr_arena_reset(&sim->scratch);
    sim->counters.evaluations += report->evaluations;
    sim->counters.rejected += report->rejected;
    if (status == ORR_E_NOT_FINITE)
        return not_finite(sim, failure_of(sim, report));
    if (status != ORR_OK)
        return failed(sim, status, failure_of(sim, report));
    /* a position that is not finite comes from such a velocity; methods with coordinates of their
     * own look there, and show removed bodies as not a number */
    if (!sim->method->steps && !orr_all_finite(3 * sim->bodies.stride, sim->bodies.vel))
        return not_finite(sim, failure_of(sim, report));
    sim->unsynchronised = report->unsynchronised;
    for (uint64_t k = 0; k < n; k++)
        sim->t = later(sim->t, report->h_done);
    sim->problem.t = sim->t.high;
    return sim->n_doomed ? bury(sim) : ORR_OK;
}

/* One step, or n of a method that takes several at once. */
static orr_status advance(orr_sim *sim, double h, uint64_t n, double *done)
{
    orr_step_report report = {0};
    sim->problem.t = sim->t.high;
    sim->n_doomed = 0;
    orr_status status = sim->method->steps
                            ? sim->method->steps(sim->state, &sim->problem, h, n, &report)
                            : sim->method->step(sim->state, &sim->problem, h, &report);
    ORR_TRY(arrive(sim, status, &report, n));
    *done = report.h_done;
    return ORR_OK;
}

static bool is_adaptive(const orr_sim *sim)
{
    return (sim->method->traits & ORR_ADAPTIVE) != 0;
}

static void count(orr_sim *sim, double h, uint64_t n)
{
    orr_sim_counters *c = &sim->counters;
    double size = fabs(h);
    sim->last = h;
    sim->free[0] = sim->free[1] = 0;
    c->shortest = c->steps == 0 || size < c->shortest ? size : c->shortest;
    c->longest = size > c->longest ? size : c->longest;
    c->last = size;
    c->steps += n;
    if (sim->observe)
        sim->observe(sim, sim->observe_user);
}

/* The method asked to stop: the last collision is why. */
static orr_status touched(orr_sim *sim)
{
    const orr_event *e = sim->events + sim->n_events - 1;
    while (e > sim->events && e->kind != ORR_COLLISION)
        e--;
    sim->problem.stop = false;
    char when[64];
    return orr_sim_fail(sim, ORR_E_COLLISION,
                        "%s and %s touched at %s; the run stops after that step, as the scenario "
                        "says",
                        orr_sim_name_of(sim, e->a, (char[64]){0}),
                        orr_sim_name_of(sim, e->b, (char[64]){0}), time_text(sim, e->t, when));
}

/* Whole steps; an adaptive method chooses the length of its one. */
static orr_status whole_steps(orr_sim *sim, int direction, uint64_t n)
{
    double h = direction * (is_adaptive(sim) ? (double)INFINITY : sim->step);
    ORR_TRY(advance(sim, h, n, &h));
    count(sim, h, n);
    if (is_adaptive(sim))
        ORR_TRY(orr_sim_watch(sim, h));
    return sim->problem.stop ? touched(sim) : ORR_OK;
}

void orr_sim_observe(orr_sim *sim, orr_observe_fn *fn, void *user)
{
    sim->observe = fn;
    sim->observe_user = user;
}

orr_status orr_sim_step(orr_sim *sim, int direction)
{
    orr_sim_return_to_grid(sim);
    ORR_TRY(orr_sim_prepare(sim));
    return whole_steps(sim, direction < 0 ? -1 : 1, 1);
}

/* Go from the grid point to t_end by shortened steps, on a copy of the grid state. */
static orr_status side_steps(orr_sim *sim, double t_end)
{
    double remaining = until(sim->t, t_end), h = is_adaptive(sim) ? remaining : sim->step, done;
    while (!is_round_off(remaining, t_end, h)) {
        ORR_TRY(advance(sim, remaining, 1, &done));
        remaining = until(sim->t, t_end);
    }
    return ORR_OK;
}

/* Bring what is shown to t_end, aside from the grid. */
static orr_status step_aside(orr_sim *sim, double t_end, bool between)
{
    ORR_TRY(orr_sim_leave_grid(sim));
    sim->problem.aside = true;
    orr_status status = between ? side_steps(sim, t_end) : ORR_OK;
    if (status == ORR_OK && sim->unsynchronised)
        status = sim->method->synchronize(sim->state, &sim->problem);
    sim->problem.aside = false;
    return status;
}

/* Show the state at t_end, where the simulation is but for rounding, or not yet. */
static orr_status show(orr_sim *sim, double t_end)
{
    double h = is_adaptive(sim) ? sim->last : sim->step;
    bool between = !is_round_off(until(sim->t, t_end), t_end, h);
    if (sim->unsynchronised || between)
        ORR_TRY(step_aside(sim, t_end, between));
    sim->problem.t = t_end; /* without the rounding of k h; advance() starts from sim->t */
    return ORR_OK;
}

/* The state s [time] after the start of the last whole step, by the method's dense output. */
static orr_status interpolate(orr_sim *sim, double s, double *pos, double *vel)
{
    orr_step_report report = {0};
    orr_status status = sim->method->interpolate(sim->state, &sim->problem, s, pos, vel, &report);
    orr_arena_reset(&sim->scratch);
    sim->counters.evaluations += report.evaluations;
    return status == ORR_OK ? ORR_OK : failed(sim, status, failure_of(sim, &report));
}

/* Show the state at t_end inside the last whole step. */
static orr_status look_back(orr_sim *sim, double t_end)
{
    size_t length = 3 * sim->bodies.stride;
    double *pos = malloc(2 * length * sizeof *pos), s = sim->last + until(sim->t, t_end);
    if (!pos)
        return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a state between steps");
    orr_status status = interpolate(sim, s, pos, pos + length); /* may keep what it evaluates */
    if (status == ORR_OK)
        status = orr_sim_leave_grid(sim);
    if (status == ORR_OK) {
        memcpy(sim->bodies.pos, pos, length * sizeof *pos);
        memcpy(sim->bodies.vel, pos + length, length * sizeof *pos);
        sim->problem.t = t_end;
    }
    free(pos);
    return status;
}

/* A stop was asked for: show the grid point. */
static orr_status stop_here(orr_sim *sim)
{
    atomic_store(&sim->stop, 0);
    ORR_TRY(show(sim, sim->t.high));
    return orr_sim_fail(sim, ORR_E_STOPPED, "stopped at t = %.17g", sim->t.high);
}

static bool must_stop(const orr_sim *sim)
{
    return atomic_load_explicit(&sim->stop, memory_order_relaxed);
}

/* How many of the steps that remain a method may take at once: all but the last two, whose number
 * rounding might get wrong, and not so many that a request to stop would wait. */
enum { MOST_AT_ONCE = 512 };

static uint64_t at_once(const orr_sim *sim, double steps)
{
    if (!sim->method->steps || !(steps > 4))
        return 1;
    return steps - 2 < MOST_AT_ONCE ? (uint64_t)(steps - 2) : MOST_AT_ONCE;
}

uint64_t orr_sim_steps_to(const orr_sim *sim, double t_end)
{
    double remaining = until(sim->t, t_end), h = remaining < 0 ? -sim->step : sim->step;
    bool whole = remaining / h >= 1 || is_round_off(remaining - h, t_end, h);
    if (!whole || is_round_off(remaining, t_end, h))
        return 0;
    return at_once(sim, remaining / h);
}

orr_status orr_sim_stepped(orr_sim *sim, orr_status status, const orr_step_report *report,
                           uint64_t n)
{
    ORR_TRY(arrive(sim, status, report, n));
    count(sim, report->h_done, n);
    return ORR_OK;
}

orr_status orr_sim_show(orr_sim *sim, double t_end)
{
    return show(sim, t_end);
}

static orr_status run_fixed(orr_sim *sim, double t_end)
{
    int direction = until(sim->t, t_end) < 0 ? -1 : 1;
    for (;;) {
        uint64_t n = orr_sim_steps_to(sim, t_end);
        if (n == 0)
            return show(sim, t_end);
        if (must_stop(sim))
            return stop_here(sim);
        ORR_TRY(whole_steps(sim, direction, n));
    }
}

/* With dense output: whole steps until t_end is behind. */
static orr_status run_dense(orr_sim *sim, double t_end)
{
    for (;;) {
        double remaining = until(sim->t, t_end);
        if (is_round_off(remaining, t_end, sim->last))
            return show(sim, t_end);
        if (sim->last != 0 && remaining / sim->last < 0 && remaining / sim->last >= -1)
            return look_back(sim, t_end);
        if (must_stop(sim))
            return stop_here(sim);
        ORR_TRY(whole_steps(sim, remaining < 0 ? -1 : 1, 1));
    }
}

/* Without: every step is tried freely; one that passes t_end is taken back, for side steps. */
static orr_status run_free(orr_sim *sim, double t_end)
{
    for (;;) {
        double remaining = until(sim->t, t_end);
        if (is_round_off(remaining, t_end, sim->last))
            return show(sim, t_end);
        if (must_stop(sim))
            return stop_here(sim);
        int direction = remaining < 0 ? -1 : 1;
        double *known = &sim->free[direction < 0];
        if (*known > fabs(remaining))
            return show(sim, t_end);
        double h;
        size_t events = sim->n_events;
        ORR_TRY(orr_sim_leave_grid(sim));
        orr_status status = advance(sim, direction < 0 ? -INFINITY : INFINITY, 1, &h);
        if (status == ORR_E_STEP_TOO_SMALL || status == ORR_E_NOT_FINITE) {
            /* somewhere in a step of many small ones; what comes before that is good */
            orr_sim_return_to_grid(sim);
            sim->n_events = events;
            *known = INFINITY;
            return show(sim, t_end);
        }
        ORR_TRY(status);
        if (fabs(h) > fabs(remaining) && !is_round_off(until(sim->t, t_end), t_end, h)) {
            orr_sim_return_to_grid(sim);
            sim->n_events = events; /* they will come again */
            *known = fabs(h);
            return show(sim, t_end);
        }
        sim->grid.valid = false; /* the step stands */
        count(sim, h, 1);
        ORR_TRY(orr_sim_watch(sim, h));
    }
}

orr_status orr_sim_run_until(orr_sim *sim, double t_end)
{
    if (!isfinite(t_end))
        return orr_sim_fail(sim, ORR_E_ARGUMENT, "the end time is not finite");
    orr_sim_return_to_grid(sim);
    ORR_TRY(orr_sim_prepare(sim));
    if (!is_adaptive(sim))
        return run_fixed(sim, t_end);
    return sim->method->interpolate ? run_dense(sim, t_end) : run_free(sim, t_end);
}

orr_status orr_sim_state_at(orr_sim *sim, double t, double *pos, double *vel)
{
    bool was_shown = sim->grid.valid;
    double shown = sim->problem.t;
    orr_sim_return_to_grid(sim);
    double back = until(sim->t, t), h = sim->last;
    size_t bytes = 3 * sim->bodies.stride * sizeof *pos;
    orr_status status = ORR_OK;
    if (!sim->prepared || h == 0 || !(back / h <= 1e-12) || !(back / h >= -1 - 1e-12)) {
        status = orr_sim_fail(sim, ORR_E_ARGUMENT, "t = %.17g is not inside the last step", t);
    } else if (sim->method->interpolate) {
        status = interpolate(sim, fabs(back) > fabs(h) ? 0 : h + back, pos, vel);
    } else {
        status = orr_sim_leave_grid(sim);
        if (status == ORR_OK)
            status = show(sim, t);
        memcpy(pos, sim->bodies.pos, bytes);
        memcpy(vel, sim->bodies.vel, bytes);
        orr_sim_return_to_grid(sim);
    }
    if (was_shown) {
        orr_status again = orr_sim_run_until(sim, shown);
        return status == ORR_OK ? again : status;
    }
    return status;
}

void orr_sim_request_stop(orr_sim *sim)
{
    atomic_store(&sim->stop, 1);
}
