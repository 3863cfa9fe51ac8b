/* run.c - steps, and landing on times between them.
 *
 *     grid:     |-------|-------|-------|-------|---> t = t0 + k h
 *     outputs:              ^             ^
 *                       side step     side step
 *
 * To show a state between grid points, the grid state is put aside, one shortened step is taken,
 * and the next call goes back to the grid.  The trajectory never knows that somebody looked. */
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

static const char *name_of(const orr_sim *sim, size_t index, char buffer[64])
{
    uint64_t id = sim->bodies.id[index];
    const char *name = sim->name ? sim->name(sim->name_user, id) : NULL;
    if (!name)
        snprintf(buffer, 64, "body %llu", (unsigned long long)id);
    return name ? name : buffer;
}

/* Name the two closest bodies: where a step failed, they are most often the reason. */
static orr_status blame(orr_sim *sim, double t)
{
    const orr_bodies *b = &sim->bodies;
    size_t limit = b->n < 3000 ? b->n : 3000, found[2] = {0, 0};
    double least = INFINITY;
    const double *x = b->pos, *y = x + b->stride, *z = y + b->stride;
    for (size_t i = 0; i < limit; i++) {
        if (!isfinite(x[i] + y[i] + z[i]))
            return orr_sim_fail(sim, ORR_E_NOT_FINITE,
                                "%s left the finite numbers in the step after t = %.17g: a "
                                "collision of point masses, or a step that is too long",
                                name_of(sim, i, (char[64]){0}), t);
        for (size_t j = 0; j < i && j < b->n_active; j++) {
            double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
            double r2 = dx * dx + dy * dy + dz * dz;
            if (r2 < least)
                least = r2, found[0] = j, found[1] = i;
        }
    }
    return orr_sim_fail(sim, ORR_E_NOT_FINITE,
                        "the step after t = %.17g gave a velocity that is not finite; closest are "
                        "%s and %s, %.6g apart",
                        t, name_of(sim, found[0], (char[64]){0}),
                        name_of(sim, found[1], (char[64]){0}), sqrt(least));
}

static orr_status advance(orr_sim *sim, double h)
{
    orr_step_report report = {0};
    sim->problem.t = sim->t.high;
    orr_status status = sim->method->step(sim->state, &sim->problem, h, &report);
    orr_arena_reset(&sim->scratch);
    sim->counters.evaluations += report.evaluations;
    if (status != ORR_OK)
        return orr_sim_fail(sim, status, "%s at t = %.17g: %s", sim->method->name, sim->t.high,
                            orr_status_text(status));
    /* a position that is not finite comes from such a velocity */
    if (!orr_all_finite(3 * sim->bodies.stride, sim->bodies.vel))
        return blame(sim, sim->t.high);
    sim->unsynchronised = report.unsynchronised;
    sim->t = later(sim->t, report.h_done);
    sim->problem.t = sim->t.high;
    return ORR_OK;
}

static orr_status whole_step(orr_sim *sim, double h)
{
    ORR_TRY(advance(sim, h));
    sim->counters.steps++;
    if (sim->observe)
        sim->observe(sim, sim->observe_user);
    return ORR_OK;
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
    return whole_step(sim, direction < 0 ? -sim->step : sim->step);
}

/* Show the state at t_end, remaining [time] after the grid point where the simulation is. */
static orr_status show(orr_sim *sim, double t_end, double remaining, double h)
{
    bool between = !is_round_off(remaining, t_end, h);
    if (sim->unsynchronised || between)
        ORR_TRY(orr_sim_leave_grid(sim));
    if (between)
        ORR_TRY(advance(sim, remaining));
    if (sim->unsynchronised)
        ORR_TRY(sim->method->synchronize(sim->state, &sim->problem));
    sim->problem.t = t_end; /* without the rounding of k h; advance() starts from sim->t */
    return ORR_OK;
}

orr_status orr_sim_run_until(orr_sim *sim, double t_end)
{
    if (!isfinite(t_end))
        return orr_sim_fail(sim, ORR_E_ARGUMENT, "the end time is not finite");
    orr_sim_return_to_grid(sim);
    ORR_TRY(orr_sim_prepare(sim));
    double h = until(sim->t, t_end) < 0 ? -sim->step : sim->step;
    for (;;) {
        double remaining = until(sim->t, t_end);
        bool whole = remaining / h >= 1 || is_round_off(remaining - h, t_end, h);
        if (!whole || is_round_off(remaining, t_end, h))
            return show(sim, t_end, remaining, h);
        if (atomic_load_explicit(&sim->stop, memory_order_relaxed)) {
            atomic_store(&sim->stop, 0);
            orr_status status = show(sim, sim->t.high, 0, h);
            return status ? status
                          : orr_sim_fail(sim, ORR_E_STOPPED, "stopped at t = %.17g", sim->t.high);
        }
        ORR_TRY(whole_step(sim, h));
    }
}

void orr_sim_request_stop(orr_sim *sim)
{
    atomic_store(&sim->stop, 1);
}
