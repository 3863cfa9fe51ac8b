/* loop.c - a run on its way: from one time at which something is due to the next.
 *
 * Between them the simulations are stopped at whole steps for a checkpoint, for a picture, or for
 * good; stopping changes no bit of what comes after. */
#include <math.h>

#include "base/clock.h"
#include "run_internal.h"

/* ---- requests; from any thread, and from signal handlers ---- */

static void stop_simulations(orr_run *r)
{
    for (size_t k = 0; k < r->n; k++)
        if (r->sims[k] && r->members[k].status == ORR_OK)
            orr_sim_request_stop(r->sims[k]);
}

void orr_run_request_stop(orr_run *r, const char *reason)
{
    atomic_store(&r->stop, reason ? reason : "stopped on request");
    stop_simulations(r);
}

void orr_run_request_checkpoint(orr_run *r)
{
    if (!r->checkpoints.on)
        return;
    atomic_store(&r->checkpoint_wanted, true);
    stop_simulations(r);
}

/* ---- after every step ---- */

static const double most_looks = 1e-3; /* [s] between two looks at the clock, about */

/* Whatever a step costs. */
static bool time_to_look(run_member *m, double *now)
{
    if (++m->looks < m->next_look)
        return false;
    *now = orr_clock();
    double since = *now - m->looked;
    if (since < most_looks / 2 && m->stride < (uint64_t)1 << 20)
        m->stride *= 2;
    else if (since > 2 * most_looks && m->stride > 1)
        m->stride /= 2;
    m->looked = *now;
    m->next_look = m->looks + m->stride;
    return true;
}

static void tell_progress(const orr_run *r, double t, uint64_t steps)
{
    if (!r->def.progress)
        return;
    orr_run_progress p = {.t = t,
                          .fraction = (t - r->s.t_start) / (r->s.t_end - r->s.t_start),
                          .steps = steps,
                          .energy_error = r->energy_error,
                          .wall_seconds = orr_clock() - r->started,
                          .members = r->ensemble ? r->n : 0};
    r->def.progress(r->def.user, &p);
}

/* Members of an ensemble are on many threads. */
static void watch(const orr_sim *sim, void *user)
{
    run_member *m = user;
    orr_run *r = m->run;
    double now;
    if (r->checkpoints.every_steps > 0) {
        uint64_t steps = orr_sim_count(sim).steps, more = steps - m->steps;
        m->steps = steps;
        if (atomic_fetch_add(&r->steps, more) + more >= r->checkpoints.next_step)
            orr_run_request_checkpoint(r);
    }
    if (!time_to_look(m, &now))
        return;
    if (orr_checkpoints_due(&r->checkpoints, now, 0))
        orr_run_request_checkpoint(r);
    if (r->ensemble)
        return;
    tell_progress(r, orr_sim_snapshot(sim).t, orr_sim_count(sim).steps);
    if (r->def.show && now >= r->next_view)
        stop_simulations(r);
}

static void begin_to_watch(orr_run *r)
{
    bool looks = r->checkpoints.on || (!r->ensemble && (r->def.progress || r->def.show));
    atomic_store(&r->steps, r->steps_before);
    for (size_t k = 0; k < r->n; k++) {
        run_member *m = &r->members[k];
        m->stride = 1;
        m->looked = orr_clock();
        m->steps = r->sims[k] ? orr_sim_count(r->sims[k]).steps : 0;
        if (r->sims[k] && looks)
            orr_sim_observe(r->sims[k], watch, m);
    }
}

/* ---- between two times ---- */

static void advance(orr_run *r, double t)
{
    if (r->ensemble)
        orr_sims_run_until(r->sims, r->n, t, r->def.threads, r->status);
    else
        r->status[0] = orr_sim_run_until(r->sims[0], t);
}

/* True if some did not come to the time that they were to reach; they may go on. */
static bool were_stopped(orr_run *r)
{
    bool some = false;
    for (size_t k = 0; k < r->n; k++)
        if (r->status[k] == ORR_E_STOPPED) {
            r->status[k] = ORR_OK;
            some = true;
        }
    return some;
}

/* A run of one ends with it; the state of the last whole step, if that is shown, is written. */
static orr_status check_failure(orr_run *r)
{
    orr_status status = r->status[0];
    if (status == ORR_OK)
        return ORR_OK;
    orr_refuse(status, &r->why, "%.700s", orr_sim_message(r->sims[0]));
    if (status == ORR_E_COLLISION)
        ORR_TRY(orr_run_save(r, true)); /* from where it may go on */
    if (status == ORR_E_COLLISION || status == ORR_E_STEP_TOO_SMALL)
        ORR_TRY(orr_run_write_last(r));
    return status;
}

/* Show where the run is: the state of the whole step. */
static void show(orr_run *r)
{
    if (!r->def.show)
        return;
    r->next_view = orr_clock() + r->def.show_every;
    if (orr_sim_run_until(r->sims[0], orr_sim_snapshot(r->sims[0]).t) == ORR_OK &&
        !r->def.show(r->def.user, r->sims[0]))
        r->def.show = NULL;
}

static orr_status stop_for_good(orr_run *r, const char *reason)
{
    orr_refuse(ORR_E_STOPPED, &r->why, "%.700s", reason);
    if (!r->ensemble) { /* saving left another state shown, perhaps */
        orr_status status = orr_sim_run_until(r->sims[0], orr_sim_snapshot(r->sims[0]).t);
        if (status != ORR_OK && status != ORR_E_STOPPED)
            return orr_refuse(status, &r->why, "%.700s", orr_sim_message(r->sims[0]));
        ORR_TRY(orr_run_write_last(r));
    }
    return ORR_E_STOPPED;
}

static bool checkpoint_is_due(const orr_run *r)
{
    return atomic_load(&r->checkpoint_wanted) ||
           orr_checkpoints_due(&r->checkpoints, orr_clock(), orr_run_steps(r));
}

/* Some were stopped at whole steps: for a checkpoint or a picture alone, or by the caller. */
static orr_status pause(orr_run *r)
{
    const char *reason = atomic_load(&r->stop);
    if (reason || checkpoint_is_due(r))
        ORR_TRY(orr_run_save(r, reason));
    show(r);
    return reason ? stop_for_good(r, reason) : ORR_OK;
}

static orr_status follow(orr_run *r)
{
    for (double t = r->resumed ? orr_run_next_time(r) : 0; isfinite(t); t = orr_run_next_time(r)) {
        double at = time_after(&r->s, t);
        advance(r, at);
        bool stopped = were_stopped(r);
        ORR_TRY(r->ensemble ? orr_run_count_failures(r, at) : check_failure(r));
        if (stopped) {
            ORR_TRY(pause(r));
            continue;
        }
        ORR_TRY(orr_run_attend(r, t));
        bool over = !isfinite(orr_run_next_time(r)); /* then the last state stays shown */
        if (!over && checkpoint_is_due(r))
            ORR_TRY(orr_run_save(r, false));
        if (r->ensemble)
            tell_progress(r, at, orr_run_steps(r));
    }
    return ORR_OK;
}

orr_status orr_run_go(orr_run *r)
{
    if (r->went)
        return orr_refuse(ORR_E_ARGUMENT, &r->why, "a run goes once");
    r->went = true;
    r->steps_before = orr_run_steps(r);
    orr_checkpoints_start(&r->checkpoints, r->steps_before);
    begin_to_watch(r);
    show(r);
    orr_status status = follow(r);
    show(r); /* the last state, for those who still look */
    return orr_run_finish(r, status);
}
