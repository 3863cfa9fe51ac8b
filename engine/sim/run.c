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

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collisions_internal.h"
#include "sim_time.h"

static bool is_adaptive(const orr_sim *sim)
{
    return (sim->method->traits & ORR_ADAPTIVE) != 0;
}

void orr_sim_counted(orr_sim *sim, double h, uint64_t n)
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
                        orr_sim_name_of(sim, e->b, (char[64]){0}),
                        orr_sim_time_text(sim, e->t, when));
}

/* Whole steps; an adaptive method chooses the length of its one. */
orr_status orr_sim_whole_steps(orr_sim *sim, int direction, uint64_t n)
{
    double h = direction * (is_adaptive(sim) ? (double)INFINITY : sim->step);
    ORR_TRY(orr_sim_advance(sim, h, n, &h));
    orr_sim_counted(sim, h, n);
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
    int way = direction < 0 ? -1 : 1;
    if (orr_contacts_look(sim))
        return orr_step_looking(sim, way);
    while (orr_sim_unfinished(sim))
        ORR_TRY(orr_sim_whole_steps(sim, orr_sim_unfinished(sim), 1));
    do
        ORR_TRY(orr_sim_whole_steps(sim, way, 1));
    while (orr_sim_is_inside_leg(sim));
    return ORR_OK;
}

orr_status orr_sim_synchronize(orr_sim *sim)
{
    ORR_TRY(sim->method->synchronize(sim->state, &sim->problem));
    sim->unsynchronised = false;
    return ORR_OK;
}

orr_status orr_sim_go(orr_sim *sim, double s)
{
    double left = s, done = s;
    while (fabs(left) > 1e-15 * fabs(s)) {
        ORR_TRY(orr_sim_advance(sim, left, 1, &done));
        left -= done;
    }
    return sim->unsynchronised ? orr_sim_synchronize(sim) : ORR_OK;
}

/* Go from the grid point to t_end by shortened steps, on a copy of the grid state. */
static orr_status side_steps(orr_sim *sim, double t_end)
{
    double remaining = orr_time_until(sim->t, t_end), h = is_adaptive(sim) ? remaining : sim->step,
           done;
    bool meet = orr_contacts_look(sim) && orr_contacts_are_many(sim);
    while (!orr_is_round_off(remaining, t_end, h)) {
        ORR_TRY(meet ? orr_step_many(sim, remaining, &done)
                     : orr_sim_advance(sim, remaining, 1, &done));
        remaining = orr_time_until(sim->t, t_end);
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
    bool between = !orr_is_round_off(orr_time_until(sim->t, t_end), t_end, h);
    if (sim->unsynchronised || between)
        ORR_TRY(step_aside(sim, t_end, between));
    sim->problem.t = t_end; /* without the rounding of k h; orr_sim_advance() starts from sim->t */
    return ORR_OK;
}

/* The state s [time] after the start of the last whole step, by the method's dense output. */
orr_status orr_sim_interpolate(orr_sim *sim, double s, double *pos, double *vel)
{
    orr_step_report report = {0};
    orr_status status = sim->method->interpolate(sim->state, &sim->problem, s, pos, vel, &report);
    orr_arena_reset(&sim->scratch);
    sim->counters.evaluations += report.evaluations;
    return status == ORR_OK ? ORR_OK : orr_sim_failed(sim, status, &report);
}

/* Show the state at t_end inside the last whole step. */
orr_status orr_sim_look_back(orr_sim *sim, double t_end)
{
    size_t length = 3 * sim->bodies.stride;
    double *pos = malloc(2 * length * sizeof *pos), s = sim->last + orr_time_until(sim->t, t_end);
    if (!pos)
        return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a state between steps");
    orr_status status =
        orr_sim_interpolate(sim, s, pos, pos + length); /* may keep what it evaluates */
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

orr_status orr_sim_interpolate_to_bodies(orr_sim *sim, double s)
{
    size_t length = 3 * sim->bodies.stride;
    double *pos = malloc(2 * length * sizeof *pos);
    if (!pos)
        return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a state between steps");
    orr_status status = orr_sim_interpolate(sim, s, pos, pos + length);
    if (status == ORR_OK) {
        memcpy(sim->bodies.pos, pos, length * sizeof *pos);
        memcpy(sim->bodies.vel, pos + length, length * sizeof *pos);
    }
    free(pos);
    return status;
}

/* A stop was asked for: show the grid point. */
orr_status orr_sim_stop_here(orr_sim *sim)
{
    atomic_store(&sim->stop, 0);
    ORR_TRY(show(sim, sim->t.high));
    return orr_sim_fail(sim, ORR_E_STOPPED, "stopped at t = %.17g", sim->t.high);
}

bool orr_sim_must_stop(const orr_sim *sim)
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
    double remaining = orr_time_until(sim->t, t_end), h = remaining < 0 ? -sim->step : sim->step;
    bool whole = remaining / h >= 1 || orr_is_round_off(remaining - h, t_end, h);
    if (!whole || orr_is_round_off(remaining, t_end, h))
        return 0;
    return at_once(sim, remaining / h);
}

orr_status orr_sim_stepped(orr_sim *sim, orr_status status, const orr_step_report *report,
                           uint64_t n)
{
    ORR_TRY(orr_sim_arrive(sim, status, report, n));
    orr_sim_counted(sim, report->h_done, n);
    return ORR_OK;
}

orr_status orr_sim_show(orr_sim *sim, double t_end)
{
    return show(sim, t_end);
}

static orr_status run_fixed(orr_sim *sim, double t_end)
{
    int direction = orr_time_until(sim->t, t_end) < 0 ? -1 : 1;
    for (;;) {
        uint64_t n = orr_sim_steps_to(sim, t_end);
        if (n == 0)
            return show(sim, t_end);
        if (orr_sim_must_stop(sim))
            return orr_sim_stop_here(sim);
        ORR_TRY(orr_sim_whole_steps(sim, direction, n));
    }
}

/* With dense output: whole steps until t_end is behind. */
static orr_status run_dense(orr_sim *sim, double t_end)
{
    for (;;) {
        double remaining = orr_time_until(sim->t, t_end);
        if (orr_is_round_off(remaining, t_end, sim->last))
            return show(sim, t_end);
        if (sim->last != 0 && remaining / sim->last < 0 && remaining / sim->last >= -1)
            return orr_sim_look_back(sim, t_end);
        if (orr_sim_must_stop(sim))
            return orr_sim_stop_here(sim);
        ORR_TRY(orr_sim_whole_steps(sim, remaining < 0 ? -1 : 1, 1));
    }
}

/* Without: every step is tried freely; one that passes t_end is taken back, for side steps. */
static orr_status run_free(orr_sim *sim, double t_end)
{
    for (;;) {
        double remaining = orr_time_until(sim->t, t_end);
        if (orr_is_round_off(remaining, t_end, sim->last))
            return show(sim, t_end);
        if (orr_sim_must_stop(sim))
            return orr_sim_stop_here(sim);
        int direction = remaining < 0 ? -1 : 1;
        double *known = &sim->free[direction < 0];
        if (*known > fabs(remaining))
            return show(sim, t_end);
        double h;
        size_t events = sim->n_events;
        ORR_TRY(orr_sim_leave_grid(sim));
        orr_status status = orr_sim_advance(sim, direction < 0 ? -INFINITY : INFINITY, 1, &h);
        if (status == ORR_E_STEP_TOO_SMALL || status == ORR_E_NOT_FINITE) {
            /* somewhere in a step of many small ones; what comes before that is good */
            orr_sim_return_to_grid(sim);
            sim->n_events = events;
            *known = INFINITY;
            return show(sim, t_end);
        }
        ORR_TRY(status);
        if (fabs(h) > fabs(remaining) &&
            !orr_is_round_off(orr_time_until(sim->t, t_end), t_end, h)) {
            orr_sim_return_to_grid(sim);
            sim->n_events = events; /* they will come again */
            *known = fabs(h);
            return show(sim, t_end);
        }
        sim->grid.valid = false; /* the step stands */
        orr_sim_counted(sim, h, 1);
        ORR_TRY(orr_sim_watch(sim, h));
    }
}

orr_status orr_run_plain(orr_sim *sim, double t_end)
{
    sim->is_partial = false;
    if (!is_adaptive(sim))
        return run_fixed(sim, t_end);
    return sim->method->interpolate ? run_dense(sim, t_end) : run_free(sim, t_end);
}

orr_status orr_sim_run_until(orr_sim *sim, double t_end)
{
    if (!isfinite(t_end))
        return orr_sim_fail(sim, ORR_E_ARGUMENT, "the end time is not finite");
    orr_sim_return_to_grid(sim);
    ORR_TRY(orr_sim_prepare(sim));
    orr_status status = orr_sim_is_behind(sim, t_end) ? show(sim, t_end)
                        : orr_contacts_look(sim)      ? orr_run_looking(sim, t_end)
                                                      : orr_run_plain(sim, t_end);
    if (status == ORR_OK || status == ORR_E_STOPPED || status == ORR_E_COLLISION) {
        orr_status shown = orr_sim_show_massive(sim, sim->problem.t);
        return shown == ORR_OK ? status : shown;
    }
    return status;
}

orr_status orr_sim_state_at(orr_sim *sim, double t, double *pos, double *vel)
{
    bool was_shown = sim->grid.valid;
    double shown = sim->problem.t;
    orr_sim_return_to_grid(sim);
    double back = orr_time_until(sim->t, t), h = sim->last;
    size_t bytes = 3 * sim->bodies.stride * sizeof *pos;
    orr_status status = ORR_OK;
    if (!sim->prepared || h == 0 || !(back / h <= 1e-12) || !(back / h >= -1 - 1e-12)) {
        status = orr_sim_fail(sim, ORR_E_ARGUMENT, "t = %.17g is not inside the last step", t);
    } else if (sim->method->interpolate) {
        status = orr_sim_interpolate(sim, fabs(back) > fabs(h) ? 0 : h + back, pos, vel);
    } else {
        status = orr_sim_leave_grid(sim);
        if (status == ORR_OK)
            status = show(sim, t);
        memcpy(pos, sim->bodies.pos, bytes);
        memcpy(vel, sim->bodies.vel, bytes);
        orr_sim_return_to_grid(sim);
    }
    if (status == ORR_OK)
        status = orr_sim_massive_at(sim, t, pos, vel);
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
