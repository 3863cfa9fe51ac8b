/* collisions_run.c - runs where somebody looks.
 *
 *     grid:    |-----------|-----------|
 *     a contact      x                      found by trying the whole step; then the step is taken
 *              |-----|-----|-----------|    again up to the contact, and from it to the same grid
 *
 * What is found depends on whole steps alone, never on where runs land: before a state inside a
 * step is shown, the whole step is tried.  With dense output the step is behind when it is asked
 * for, and what was found in it waits until the run gets there.  A test body that is taken out in a
 * step is taken out of its beginning: nobody else feels it. */
#include <math.h>
#include <string.h>

#include "collisions_internal.h"
#include "sim_time.h"

static bool is_adaptive(const orr_sim *sim)
{
    return (sim->method->traits & ORR_ADAPTIVE) != 0;
}

/* Where the next whole step ends. */
static orr_time goal_of(const orr_sim *sim, int direction)
{
    double way = orr_time_until(sim->t, sim->goal.high) + sim->goal.low;
    if (sim->is_partial && way * direction > 0)
        return sim->goal;
    return orr_time_later(sim->t, direction * sim->step);
}

static double length_of_next(const orr_sim *sim, int direction)
{
    if (is_adaptive(sim))
        return direction * (double)INFINITY;
    orr_time goal = goal_of(sim, direction);
    bool whole = !sim->is_partial || goal.high != sim->goal.high || goal.low != sim->goal.low;
    return whole ? direction * sim->step : (goal.high - sim->t.high) + (goal.low - sim->t.low);
}

/* A try failed: the longest part of the step that may be whole, 0: none. */
static double shorter(const orr_sim *sim, double h, double t)
{
    double next = isfinite(h) ? h / 2 : 0;
    if (sim->failed_after != 0)
        next = 0.9 * sim->failed_after;
    return fabs(next) > 1e-13 * fabs(t) && fabs(next) > 1e-13 * sim->step ? next : 0;
}

/* Try the next step, and look what happens in it.  The simulation is at its end then, and its start
 * is the grid state. */
static orr_status try_step(orr_sim *sim, int direction)
{
    orr_contacts *c = sim->contacts;
    ORR_TRY(orr_look_before(sim));
    ORR_TRY(orr_sim_leave_grid(sim));
    double h = 0;
    c->request = length_of_next(sim, direction);
    c->n_before = sim->n_events;
    for (int k = 0; k < 100; k++) {
        orr_status status = orr_sim_advance(sim, c->request, 1, &h);
        if (status == ORR_OK)
            return orr_look_after(sim, h);
        double next = shorter(sim, c->request, sim->grid.t.high);
        if (next == 0 || (status != ORR_E_STEP_TOO_SMALL && status != ORR_E_NOT_FINITE &&
                          status != ORR_E_NO_CONVERGENCE && status != ORR_E_RANGE))
            return status;
        orr_saved_put(sim, &sim->grid);
        sim->n_events = c->n_before;
        c->request = next;
    }
    return ORR_E_STEP_TOO_SMALL;
}

/* The step that was tried stands. */
static orr_status stand(orr_sim *sim, int direction)
{
    orr_contacts *c = sim->contacts;
    if (!is_adaptive(sim) && !sim->massive) {
        orr_time start = sim->t;
        sim->t = sim->grid.t;
        orr_time goal = goal_of(sim, direction);
        bool whole = c->request == length_of_next(sim, direction);
        sim->t = whole && sim->is_partial ? goal : start;
        sim->is_partial = !whole;
        sim->goal = goal;
    }
    sim->grid.valid = false;
    sim->problem.t = sim->t.high;
    c->fresh = c->known = false;
    orr_sim_counted(sim, c->h, 1);
    return is_adaptive(sim) ? orr_sim_watch(sim, c->h) : ORR_OK;
}

/* The bodies are at a contact; a test body's leaves the massive ones alone. */
static orr_status collide(orr_sim *sim, const orr_found *f)
{
    if (sim->massive && sim->contacts->rules.decide) { /* which may change them */
        ORR_TRY(orr_sim_show_massive(sim, sim->t.high));
        sim->grid.valid = false;
    }
    orr_status status = orr_collide_now(sim, f);
    if (status == ORR_OK || status == ORR_E_COLLISION) {
        orr_status prepared = orr_sim_prepare(sim);
        status = prepared == ORR_OK ? status : prepared;
    }
    sim->keep_massive = false;
    return status;
}

/* From the grid state to a contact, and what it makes of the bodies. */
static orr_status meet(orr_sim *sim, const orr_found *found, int direction)
{
    const orr_found f = *found;
    orr_time start = sim->t, goal = goal_of(sim, direction);
    if (f.s != 0) {
        ORR_TRY(orr_sim_go(sim, f.s));
        orr_sim_counted(sim, f.s, 1);
    } else if (sim->unsynchronised) {
        ORR_TRY(orr_sim_synchronize(sim));
    }
    sim->t = orr_time_later(start, f.s);
    double left = (goal.high - sim->t.high) + (goal.low - sim->t.low);
    bool has_goal = !is_adaptive(sim) && !sim->massive;
    sim->is_partial = has_goal && !orr_is_round_off(left, goal.high, 0);
    if (has_goal && !sim->is_partial)
        sim->t = goal;
    sim->goal = goal;
    sim->problem.t = sim->t.high;
    orr_contacts_forget(sim);
    return collide(sim, &f);
}

/* Events that were told before this step was tried again. */
static bool is_told(const orr_sim *sim, double told, double t)
{
    double start = sim->contacts->start.high, h = sim->contacts->h;
    return (told - start) * h > 0 && (told - t) * h >= 0;
}

/* Tell what happens in the known step up to part `to` [time] of it.  *cut: the first contact that
 * changes bodies there, or NULL; removed: test bodies are marked that go before it. */
static orr_status tell_until(orr_sim *sim, double to, const orr_found **cut, bool *removed)
{
    orr_contacts *c = sim->contacts;
    double told = c->n_before ? sim->events[c->n_before - 1].t : c->start.high;
    *cut = NULL;
    *removed = false;
    sim->n_removed = 0;
    for (size_t k = 0; k < c->n_found && !*cut; k++) {
        const orr_found *f = &c->found[k];
        if (fabs(f->s) > fabs(to))
            break;
        if (f->changes) {
            *cut = f;
            break;
        }
        bool gone = false;
        for (size_t m = 0; m < sim->n_removed; m++)
            gone = gone || sim->removed[m] == f->lighter || sim->removed[m] == f->heavier;
        if (gone)
            continue;
        if (!is_told(sim, told, f->event.t))
            ORR_TRY(orr_tell(sim, &f->event));
        if (f->test_goes) {
            ORR_TRY(sim->problem.remove(&sim->problem, f->lighter));
            *removed = true;
        }
    }
    return ORR_OK;
}

/* The method may have told of test bodies in the same step: all in the order of time. */
static void sort_events(orr_sim *sim)
{
    double h = sim->contacts->h;
    for (size_t k = sim->contacts->n_before; k < sim->n_events; k++) {
        orr_event e = sim->events[k];
        size_t at = k;
        for (; at > sim->contacts->n_before && (sim->events[at - 1].t - e.t) * h > 0; at--)
            sim->events[at] = sim->events[at - 1];
        sim->events[at] = e;
    }
}

/* Where only test bodies may meet others, and the method looks after them: as many steps as it
 * takes at once.  *n: how many were taken, 0: none. */
static orr_status many_steps(orr_sim *sim, double t_end, int direction, uint64_t *n)
{
    *n = 0;
    if (!sim->contacts->by_method || sim->is_partial || sim->contacts->known)
        return ORR_OK;
    if (sim->contacts->rules.rule != ORR_CONTACT_IGNORE)
        ORR_TRY(orr_look_before(sim));
    uint64_t most = orr_massive_apart(sim) ? orr_sim_steps_to(sim, t_end) : 0;
    if (most == 0)
        return ORR_OK;
    ORR_TRY(orr_sim_whole_steps(sim, direction, most));
    *n = most;
    sim->contacts->fresh = false;
    return orr_dismiss(sim);
}

/* Steps that are tried and taken back.  once: one step, or up to a contact in it. */
static orr_status run_trying(orr_sim *sim, double t_end, bool once)
{
    orr_contacts *c = sim->contacts;
    for (;;) {
        ORR_TRY(orr_sim_close_leg(sim));
        double remaining = orr_time_until(sim->t, t_end);
        if (orr_is_round_off(remaining, t_end, is_adaptive(sim) ? sim->last : sim->step))
            return orr_sim_show(sim, t_end);
        if (orr_sim_must_stop(sim))
            return orr_sim_stop_here(sim);
        if (!orr_contacts_look(sim))
            return orr_run_plain(sim, t_end);
        if (!once && !sim->is_partial && orr_contacts_are_many(sim)) /* more than before */
            return orr_run_many(sim, t_end, false);
        int direction = remaining < 0 ? -1 : 1;
        uint64_t many;
        ORR_TRY(orr_sim_begin_leg(sim, &direction));
        ORR_TRY(many_steps(sim, t_end, direction, &many));
        if (many > 0 && once)
            return ORR_OK;
        if (many > 0)
            continue;
        bool at_end = !c->known || (c->request < 0) != (direction < 0);
        if (at_end)
            ORR_TRY(try_step(sim, direction));
        else
            c->n_before = sim->n_events;
        const orr_found *cut;
        bool removed, whole = fabs(c->h) <= fabs(remaining) ||
                              orr_is_round_off(fabs(c->h) - fabs(remaining), t_end, c->h);
        size_t n_tried = sim->n_events; /* with those that the method told */
        ORR_TRY(tell_until(sim, whole ? c->h : remaining, &cut, &removed));
        if (at_end && (removed || cut || !whole)) {
            size_t n_own = sim->n_events - n_tried;
            if (n_tried > c->n_before && n_own > 0)
                memmove(&sim->events[c->n_before], &sim->events[n_tried],
                        n_own * sizeof *sim->events);
            sim->n_events = c->n_before + n_own;
            orr_sim_return_to_grid(sim);
            at_end = false;
        }
        if (removed) {
            ORR_TRY(orr_sim_remove_marked(sim));
        } else if (cut) {
            ORR_TRY(meet(sim, cut, direction));
            sort_events(sim);
            if (once)
                return ORR_OK;
        } else if (whole) {
            if (!at_end) {
                double h;
                ORR_TRY(orr_sim_leave_grid(sim));
                ORR_TRY(orr_sim_advance(sim, c->request, 1, &h));
            }
            sort_events(sim);
            ORR_TRY(stand(sim, direction));
            ORR_TRY(orr_dismiss(sim));
            if (once)
                return ORR_OK;
        } else {
            return orr_sim_show(sim, t_end);
        }
    }
}

/* ---- dense output: the step is behind ---- */

/* Go to time s of the last step, where something changes. */
static orr_status meet_behind(orr_sim *sim, const orr_found *found)
{
    const orr_found f = *found;
    orr_contacts *c = sim->contacts;
    orr_time then = orr_time_later(c->start, f.s);
    if (f.s != 0 || c->h != 0)
        ORR_TRY(orr_sim_interpolate_to_bodies(sim, f.s));
    sim->t = then;
    sim->problem.t = then.high;
    orr_contacts_forget(sim);
    sim->prepared = false;
    if (f.test_goes)
        ORR_TRY(orr_sim_remove_marked(sim));
    else
        return collide(sim, &f);
    return orr_sim_prepare(sim);
}

/* What happens in the last step. */
static orr_status look_behind(orr_sim *sim)
{
    orr_time now = sim->t;
    double h = sim->last;
    ORR_TRY(orr_look_before(sim)); /* room for the samples */
    sim->contacts->start = orr_time_later(now, -h);
    orr_sample *first = &sim->contacts->samples[0];
    ORR_TRY(orr_sim_interpolate(sim, 0, first->pos, first->vel));
    sim->contacts->request = h;
    return orr_look_after(sim, h);
}

static orr_status run_dense(orr_sim *sim, double t_end, bool once)
{
    orr_contacts *c = sim->contacts;
    for (;;) {
        double remaining = orr_time_until(sim->t, t_end);
        int direction = remaining < 0 ? -1 : 1;
        if (!orr_contacts_look(sim))
            return orr_run_plain(sim, t_end);
        if (sim->last != 0) {
            if (!c->known)
                ORR_TRY(look_behind(sim));
            double at = sim->last + remaining;
            bool inside = at / sim->last >= 0;
            const orr_found *cut = NULL;
            bool removed = false;
            double to = fabs(at) > fabs(sim->last) ? sim->last : at;
            c->n_before = sim->n_events;
            if (inside && c->n_found)
                ORR_TRY(tell_until(sim, to, &cut, &removed));
            if (removed) { /* by one: those after it will be found again */
                size_t k = 0;
                while (c->found[k].lighter != sim->removed[0] || !c->found[k].test_goes)
                    k++;
                sim->n_removed = 1;
                cut = &c->found[k];
            }
            if (cut) {
                ORR_TRY(meet_behind(sim, cut));
                if (once)
                    return ORR_OK;
                continue;
            }
        }
        if (orr_is_round_off(remaining, t_end, sim->last))
            return orr_sim_show(sim, t_end);
        if (sim->last != 0 && remaining / sim->last < 0 && remaining / sim->last >= -1)
            return orr_sim_look_back(sim, t_end);
        if (orr_sim_must_stop(sim))
            return orr_sim_stop_here(sim);
        ORR_TRY(orr_sim_close_leg(sim));
        size_t n = sim->bodies.n;
        ORR_TRY(orr_dismiss(sim));
        if (sim->bodies.n < n)
            continue;
        ORR_TRY(orr_sim_begin_leg(sim, &direction));
        ORR_TRY(orr_sim_whole_steps(sim, direction, 1));
        ORR_TRY(look_behind(sim));
        c->fresh = false;
        if (once)
            return ORR_OK;
    }
}

orr_status orr_run_looking(orr_sim *sim, double t_end)
{
    if (orr_contacts_are_many(sim))
        return orr_run_many(sim, t_end, false);
    return is_adaptive(sim) && sim->method->interpolate ? run_dense(sim, t_end, false)
                                                        : run_trying(sim, t_end, false);
}

/* One step, or up to a contact. */
static orr_status step_once(orr_sim *sim, int direction)
{
    const double far = direction * 1e300; /* finite: not a rounding of itself */
    return is_adaptive(sim) && sim->method->interpolate ? run_dense(sim, far, true)
                                                        : run_trying(sim, far, true);
}

orr_status orr_step_looking(orr_sim *sim, int direction)
{
    if (sim->massive) {
        while (orr_sim_unfinished(sim))
            ORR_TRY(step_once(sim, orr_sim_unfinished(sim)));
        do
            ORR_TRY(step_once(sim, direction));
        while (orr_sim_is_inside_leg(sim));
        return orr_sim_close_leg(sim);
    }
    if (is_adaptive(sim))
        return step_once(sim, direction);
    if (orr_contacts_are_many(sim))
        return orr_run_many(sim, direction * 1e300, true);
    return run_trying(sim, goal_of(sim, direction).high, false);
}

/* ---- massive bodies alone ---- */

/* The first contact in the known step. */
static const orr_found *first_cut(const orr_contacts *c)
{
    for (size_t k = 0; k < c->n_found; k++)
        if (c->found[k].changes)
            return &c->found[k];
    return NULL;
}

orr_status orr_look_ahead(orr_sim *sim, int direction, double *h, bool *cut)
{
    orr_contacts *c = sim->contacts;
    orr_sim_return_to_grid(sim);
    ORR_TRY(orr_sim_prepare(sim));
    if (is_adaptive(sim) && sim->method->interpolate) {
        ORR_TRY(step_once(sim, direction));
    } else if (!c->known || (c->request < 0) != (direction < 0)) {
        ORR_TRY(try_step(sim, direction));
    } else {
        ORR_TRY(orr_sim_leave_grid(sim));
        ORR_TRY(orr_sim_advance(sim, c->request, 1, h));
    }
    const orr_found *f = first_cut(c);
    *cut = f != NULL;
    *h = f ? f->s : c->h;
    if (f)
        orr_sim_return_to_grid(sim);
    return ORR_OK;
}

orr_status orr_stand_ahead(orr_sim *sim, int direction, bool cut)
{
    orr_sim_return_to_grid(sim);
    bool dense = is_adaptive(sim) && sim->method->interpolate;
    if (!dense || cut)
        return step_once(sim, direction);
    ORR_TRY(run_dense(sim, sim->t.high, false));
    return orr_dismiss(sim);
}
