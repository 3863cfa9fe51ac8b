/* test_bodies.c - test bodies never change a bit of what massive bodies do.
 *
 * Where a method chooses one step for all bodies, or iterates until all have converged
 * (ORR_COUPLES_BODIES), massive bodies are a simulation of their own, `sim->massive`, which is the
 * one that there would be without test bodies.  The simulation itself holds all bodies; its method
 * takes whole steps of its own, as short as the worst of all bodies needs, and is cut where the
 * massive ones have a grid point.  There it takes over their bits:
 *
 *     massive  |-------------------------|------------------------|      a leg: from one grid
 *     all      |-----|-----|---|---|-----|--------|--------|------|      point to the next
 *
 * So test bodies are as accurate as the method makes them, in a field that is never more than the
 * error of one leg from that of the massive bodies.  What is shown are test bodies from here and
 * massive ones from there, each by its own dense output or side steps.
 *
 * A leg is begun by trying the step of the massive bodies.  Without dense output the grid of
 * `massive` stays at the start of the leg until all bodies have arrived, so that states inside the
 * leg are shown as it would show them alone; `ahead` says that it is at the end meanwhile. */
#include "sim_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collisions_internal.h"
#include "shared/adaptive.h"
#include "sim_time.h"

static bool is_adaptive(const orr_sim *sim)
{
    return (sim->method->traits & ORR_ADAPTIVE) != 0;
}

static bool is_dense(const orr_sim *sim)
{
    return is_adaptive(sim) && sim->method->interpolate;
}

static double between(orr_time from, orr_time to)
{
    return (to.high - from.high) + (to.low - from.low);
}

static bool same(orr_time a, orr_time b)
{
    return a.high == b.high && a.low == b.low;
}

static orr_status fail_as(orr_sim *sim, const orr_sim *massive, orr_status status)
{
    return status == ORR_OK ? ORR_OK : orr_sim_fail(sim, status, "%s", massive->message);
}

/* ---- who is divided ---- */

static size_t massive_in(const orr_bodies *b)
{
    return b->n_active + b->n_passive;
}

void orr_sim_undivide(orr_sim *sim)
{
    if (sim->massive) { /* what was done stays counted */
        sim->counters.evaluations += sim->massive->counters.evaluations;
        sim->counters.rejected += sim->massive->counters.rejected;
    }
    orr_sim_destroy(sim->massive);
    sim->massive = NULL;
    sim->n_carried = 0;
    sim->leg = (orr_leg){0};
}

static void *copy_of(const void *state, size_t size)
{
    void *copy = calloc(1, size ? size : 1);
    if (copy && size)
        memcpy(copy, state, size);
    return copy;
}

/* The bodies with mass of this simulation. */
static orr_status massive_bodies(const orr_sim *sim, orr_bodies *out)
{
    ORR_TRY(orr_bodies_init(out, massive_in(&sim->bodies)));
    orr_status status = ORR_OK;
    for (size_t i = 0; i < massive_in(&sim->bodies) && status == ORR_OK; i++)
        status = orr_bodies_add(out, orr_bodies_get(&sim->bodies, i), NULL);
    return status;
}

/* A simulation with the method, options and forces of sim. */
static orr_status make_massive(orr_sim *sim, orr_sim **out)
{
    orr_bodies bodies = {0};
    orr_sim_def def = {.bodies = &bodies,
                       .G = sim->G,
                       .t = sim->t.high,
                       .step = sim->step,
                       .threads = sim->problem.threads,
                       .speed_of_light = sim->problem.speed_of_light,
                       .name = sim->name,
                       .name_user = sim->name_user,
                       .time_unit = sim->time_unit,
                       .length_unit = sim->length_unit};
    orr_sim *m = NULL;
    orr_status status = massive_bodies(sim, &bodies);
    if (status == ORR_OK)
        status = orr_sim_create(&def, &m);
    orr_bodies_free(&bodies);
    ORR_TRY(status);
    *out = m;
    m->alone = true;
    free(m->state);
    m->method = sim->method;
    m->t = sim->t;
    m->problem.t = sim->problem.t;
    m->state = copy_of(sim->state, sim->method->state_size);
    for (size_t k = 0; k < sim->n_forces && m->state; k++) {
        const orr_force_use *f = &sim->forces[k];
        void *copy = copy_of(f->state, f->type->state_size);
        if (!copy)
            return ORR_E_NO_MEMORY;
        m->forces[m->n_forces++] = (orr_force_use){f->type, copy};
    }
    if (!m->state)
        return ORR_E_NO_MEMORY;
    if (sim->contacts) {
        ORR_TRY(orr_sim_set_collisions(m, &sim->contacts->rules));
        m->contacts->fresh = sim->contacts->fresh;
    }
    return ORR_OK;
}

/* A single body that nothing accelerates does not move, or goes straight on: there is nothing to be
 * kept apart. */
static orr_status is_at_rest(orr_sim *massive, bool *at_rest)
{
    const orr_bodies *b = &massive->bodies;
    *at_rest = false;
    if (b->n > 1)
        return ORR_OK;
    double *acc = orr_arena_alloc(&massive->scratch, 3 * b->stride * sizeof *acc);
    if (!acc)
        return ORR_E_NO_MEMORY;
    orr_status status = massive->problem.eval(
        &massive->problem, (orr_eval){.t = massive->t.high, .want = ORR_WANT_ACC, .acc = acc});
    *at_rest = acc[0] == 0 && acc[b->stride] == 0 && acc[2 * b->stride] == 0;
    orr_arena_reset(&massive->scratch);
    return status;
}

bool orr_sim_is_to_be_divided(const orr_sim *sim)
{
    const orr_bodies *b = &sim->bodies;
    return sim->method->traits & ORR_COUPLES_BODIES && massive_in(b) > 0 && massive_in(b) < b->n;
}

orr_status orr_sim_divide(orr_sim *sim)
{
    if (sim->massive && sim->keep_massive)
        return ORR_OK;
    orr_sim_undivide(sim);
    if (!orr_sim_is_to_be_divided(sim))
        return ORR_OK;
    bool at_rest = false;
    orr_status status = make_massive(sim, &sim->massive);
    if (status == ORR_OK && (status = orr_sim_prepare(sim->massive)) != ORR_OK)
        fail_as(sim, sim->massive, status);
    else if (status != ORR_OK)
        orr_sim_fail(sim, status, "%s", orr_status_text(status));
    if (status == ORR_OK)
        status = is_at_rest(sim->massive, &at_rest);
    if (status != ORR_OK || at_rest)
        orr_sim_undivide(sim);
    return status;
}

/* ---- legs ---- */

/* Where all bodies are on their grid. */
static orr_time here(const orr_sim *sim)
{
    return sim->grid.valid ? sim->grid.t : sim->t;
}

/* Contacts of massive bodies are looked for. */
static bool looks(const orr_sim *sim)
{
    return orr_contacts_look(sim->massive);
}

/* What happened to the massive bodies, among the rest in the order of time. */
static orr_status carry_events(orr_sim *sim)
{
    const orr_sim *m = sim->massive;
    double way = sim->leg.direction;
    for (; sim->n_carried < m->n_events; sim->n_carried++) {
        const orr_event e = m->events[sim->n_carried];
        ORR_TRY(orr_tell(sim, &e));
        size_t k = sim->n_events - 1;
        for (; k > 0 && (sim->events[k - 1].t - e.t) * way > 0; k--)
            sim->events[k] = sim->events[k - 1];
        sim->events[k] = e;
    }
    return ORR_OK;
}

/* All of the massive bodies, fewer of which there may be, to go on from. */
static orr_status carry_bodies(orr_sim *sim)
{
    orr_bodies *b = &sim->bodies;
    const orr_bodies *from = &sim->massive->bodies;
    if (sim->unsynchronised)
        ORR_TRY(orr_sim_synchronize(sim));
    for (size_t i = massive_in(b); i-- > 0;)
        if (orr_bodies_find(from, b->id[i]) >= from->n)
            ORR_TRY(orr_bodies_remove(b, i));
    ORR_TRY(orr_bodies_shrink(b));
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_body_field_at(k)); k++)
        for (size_t c = 0; c < f->components; c++)
            memcpy((char *)orr_bodies_array(b, f) + 8 * c * b->stride,
                   (char *)orr_bodies_array(from, f) + 8 * c * from->stride, 8 * from->n);
    sim->prepared = false;
    sim->keep_massive = true;
    orr_status status = orr_sim_prepare(sim);
    sim->keep_massive = false;
    return status;
}

static void take_over(orr_sim *sim)
{
    const orr_sim *m = sim->massive;
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_body_field_at(k)); k++)
        for (size_t c = 0; f->moves && c < f->components; c++)
            memcpy((char *)orr_bodies_array(&sim->bodies, f) + 8 * c * sim->bodies.stride,
                   (char *)orr_bodies_array(&m->bodies, f) + 8 * c * m->bodies.stride,
                   8 * m->bodies.n);
}

/* The massive bodies at the end of the leg; without dense output their grid stays at its start. */
static orr_status go_ahead(orr_sim *sim)
{
    orr_sim *m = sim->massive;
    orr_leg *leg = &sim->leg;
    orr_sim_return_to_grid(m);
    if (looks(sim)) {
        ORR_TRY(fail_as(sim, m, orr_look_ahead(m, leg->direction, &leg->h, &leg->cut)));
        leg->ahead = !leg->cut;
        leg->end = leg->cut ? orr_time_later(m->contacts->start, leg->h) : m->t;
        return ORR_OK;
    }
    if (is_dense(sim)) {
        ORR_TRY(fail_as(sim, m, orr_sim_step(m, leg->direction)));
        leg->h = m->last;
    } else {
        double h = leg->direction * (is_adaptive(sim) ? (double)INFINITY : sim->step);
        ORR_TRY(fail_as(sim, m, orr_sim_leave_grid(m)));
        orr_status status = orr_sim_advance(m, h, 1, &leg->h);
        if (status != ORR_OK) {
            orr_sim_return_to_grid(m);
            return fail_as(sim, m, status);
        }
    }
    leg->ahead = true;
    leg->end = m->t;
    return ORR_OK;
}

/* Without dense output: the massive bodies are back at the start of the leg, and know how long
 * their step is. */
static void come_back(orr_sim *sim)
{
    orr_leg *leg = &sim->leg;
    if (!leg->ahead || is_dense(sim))
        return;
    orr_sim_return_to_grid(sim->massive);
    if (is_adaptive(sim) && !looks(sim))
        sim->massive->free[leg->direction < 0] = fabs(leg->h);
    leg->ahead = false;
}

/* The step of the massive bodies stands, and what happens in it is done. */
static orr_status close_looking(orr_sim *sim)
{
    orr_sim *m = sim->massive;
    orr_leg *leg = &sim->leg;
    const size_t n = m->bodies.n;
    orr_status status = fail_as(sim, m, orr_stand_ahead(m, leg->direction, leg->cut));
    if (status != ORR_OK && status != ORR_E_COLLISION)
        return status;
    bool changed = leg->cut || m->bodies.n != n;
    leg->open = leg->ahead = leg->cut = false;
    sim->t = m->t;
    sim->problem.t = sim->t.high;
    ORR_TRY(carry_events(sim));
    if (changed) {
        ORR_TRY(fail_as(sim, m, orr_sim_prepare(m)));
        ORR_TRY(carry_bodies(sim));
    }
    return status;
}

/* All have arrived: the step of the massive bodies stands. */
static orr_status close_leg(orr_sim *sim)
{
    orr_sim *m = sim->massive;
    orr_leg *leg = &sim->leg;
    if (!leg->open || !same(here(sim), leg->end))
        return ORR_OK;
    if (looks(sim) && !leg->returns) /* not before what is shown */
        return sim->grid.valid ? ORR_OK : close_looking(sim);
    if (!leg->returns && !leg->ahead && !is_dense(sim))
        ORR_TRY(go_ahead(sim));
    leg->open = leg->ahead = false;
    if (leg->returns || is_dense(sim))
        return ORR_OK;
    m->grid.valid = false;
    m->last = leg->h;
    m->free[0] = m->free[1] = 0;
    m->counters.steps++;
    return is_adaptive(sim) ? fail_as(sim, m, orr_sim_watch(m, leg->h)) : ORR_OK;
}

static orr_status open_leg(orr_sim *sim, int direction)
{
    orr_sim *m = sim->massive;
    orr_leg *leg = &sim->leg;
    *leg = (orr_leg){.open = true, .direction = direction};
    orr_sim_return_to_grid(m);
    double known = m->free[direction < 0];
    if (known == INFINITY) { /* it was tried before */
        leg->open = false;
        return ORR_OK;
    }
    if (!looks(sim) && (!is_adaptive(sim) || known > 0)) {
        leg->h = direction * (is_adaptive(sim) ? known : sim->step);
        leg->end = orr_time_later(m->t, leg->h);
        return ORR_OK;
    }
    orr_status status = go_ahead(sim);
    leg->open = status == ORR_OK;
    if (is_dense(sim) || looks(sim) ||
        (status != ORR_E_STEP_TOO_SMALL && status != ORR_E_NOT_FINITE))
        return status;
    m->free[direction < 0] = INFINITY; /* as far as they can, by side steps: see run.c */
    return ORR_OK;
}

/* The step of all bodies, at most as far as the end of the leg; one that misses the end by little is
 * tried as far as that. */
static double cut(orr_sim *sim, double h)
{
    double left = between(sim->t, sim->leg.end), size = fabs(left);
    if (fabs(h) <= size * (1 + 1e-12))
        return copysign(h, left);
    if (!is_adaptive(sim))
        return left;
    double *wish = &((orr_adaptive *)sim->state)->h;
    if (*wish > 0.99 * size && *wish < size)
        *wish = size;
    return left;
}

/* At the end of the leg: the bits of the massive bodies. */
static orr_status arrive(orr_sim *sim)
{
    orr_leg *leg = &sim->leg;
    if (!orr_is_round_off(between(sim->t, leg->end), leg->end.high, leg->h))
        return ORR_OK;
    if (leg->cut) { /* they come when it is closed */
        sim->t = leg->end;
        sim->problem.t = sim->t.high;
        return ORR_OK;
    }
    if (leg->returns || is_dense(sim)) /* a state off it may be shown */
        orr_sim_return_to_grid(sim->massive);
    else if (!leg->ahead)
        ORR_TRY(go_ahead(sim));
    take_over(sim);
    sim->t = leg->end;
    sim->problem.t = sim->t.high;
    if (sim->method->follow)
        sim->method->follow(sim->state, &sim->problem);
    return ORR_OK;
}

/* In the other direction from inside a leg: first to the grid point where the massive bodies are. */
static orr_status turn_round(orr_sim *sim, int direction)
{
    orr_leg *leg = &sim->leg;
    come_back(sim);
    if (is_dense(sim)) { /* they have done the step */
        while (!same(sim->t, leg->end)) {
            double done;
            ORR_TRY(orr_sim_advance_all(sim, between(sim->t, leg->end), 1, &done));
            ORR_TRY(arrive(sim));
        }
        return close_leg(sim);
    }
    orr_sim_return_to_grid(sim->massive);
    *leg = (orr_leg){.open = true, .returns = true, .direction = direction, .end = sim->massive->t};
    return close_leg(sim);
}

orr_status orr_sim_advance_divided(orr_sim *sim, double h, double *done)
{
    int direction = h < 0 ? -1 : 1;
    ORR_TRY(close_leg(sim));
    if (sim->leg.open && sim->leg.direction != direction)
        ORR_TRY(turn_round(sim, direction));
    if (!sim->leg.open)
        ORR_TRY(open_leg(sim, direction));
    if (!sim->leg.open) /* the massive bodies cannot do a whole step */
        return orr_sim_advance_all(sim, h, 1, done);
    ORR_TRY(orr_sim_advance_all(sim, cut(sim, h), 1, done));
    return arrive(sim);
}

orr_status orr_sim_close_leg(orr_sim *sim)
{
    return sim->massive ? close_leg(sim) : ORR_OK;
}

orr_status orr_sim_begin_leg(orr_sim *sim, int *direction)
{
    if (!sim->massive)
        return ORR_OK;
    do {
        ORR_TRY(close_leg(sim));
        if (sim->leg.open && sim->leg.direction != *direction && is_dense(sim))
            *direction = sim->leg.direction;
        else if (sim->leg.open && sim->leg.direction != *direction)
            ORR_TRY(turn_round(sim, *direction));
        if (!sim->leg.open)
            ORR_TRY(open_leg(sim, *direction));
    } while (sim->leg.open && same(here(sim), sim->leg.end)); /* they meet here */
    return ORR_OK;
}

bool orr_sim_is_inside_leg(const orr_sim *sim)
{
    return sim->massive && sim->leg.open && !same(here(sim), sim->leg.end);
}

int orr_sim_unfinished(const orr_sim *sim)
{
    return orr_sim_is_inside_leg(sim) && is_dense(sim) ? sim->leg.direction : 0;
}

bool orr_sim_is_behind(orr_sim *sim, double t)
{
    orr_sim *m = sim->massive;
    if (!m || (!looks(sim) && close_leg(sim) != ORR_OK))
        return false;
    come_back(sim);
    double back = orr_time_until(here(sim), t),
           way = between(here(sim), m->grid.valid ? m->grid.t : m->t);
    if (is_dense(sim)) { /* inside the last step of the massive bodies, but not in that of all */
        orr_sim_return_to_grid(m);
        double start = way - m->last;
        return m->last != 0 && back / m->last < 0 && back / start <= 1 &&
               !(sim->last != 0 && back / sim->last < 0 && back / sim->last >= -1);
    }
    return sim->leg.open && way != 0 && back / way > 0 && back / way <= 1;
}

/* ---- what is shown ---- */

orr_status orr_sim_show_massive(orr_sim *sim, double t)
{
    orr_sim *m = sim->massive;
    if (!m)
        return ORR_OK;
    ORR_TRY(close_leg(sim));
    if (sim->leg.open)
        ORR_TRY(orr_sim_leave_grid(sim)); /* all bodies go on with theirs */
    come_back(sim);
    const orr_leg *leg = &sim->leg;
    if (leg->open && leg->cut && orr_is_round_off(t - leg->end.high, t, leg->h))
        return ORR_OK; /* not before all are there */
    ORR_TRY(fail_as(sim, m, orr_sim_run_until(m, t)));
    take_over(sim);
    return carry_events(sim);
}

orr_status orr_sim_massive_at(orr_sim *sim, double t, double *pos, double *vel)
{
    orr_sim *m = sim->massive;
    if (!m)
        return ORR_OK;
    ORR_TRY(close_leg(sim));
    const orr_bodies *b = &m->bodies;
    const size_t row = b->stride, bytes = 3 * row * sizeof(double);
    double *own = malloc(2 * bytes);
    if (!own)
        return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a state between steps");
    orr_status status;
    if (sim->leg.open && !is_dense(sim)) {
        come_back(sim);
        status = orr_sim_run_until(m, t);
        memcpy(own, b->pos, bytes);
        memcpy(own + 3 * row, b->vel, bytes);
    } else {
        status = orr_sim_state_at(m, t, own, own + 3 * row);
    }
    for (size_t c = 0; c < 3 && status == ORR_OK; c++) {
        memcpy(pos + c * sim->bodies.stride, own + c * row, b->n * sizeof *own);
        memcpy(vel + c * sim->bodies.stride, own + (3 + c) * row, b->n * sizeof *own);
    }
    free(own);
    return fail_as(sim, m, status);
}

orr_status orr_sim_save_massive(orr_sim *sim, void **data, size_t *size)
{
    *data = NULL;
    if (!sim->massive)
        return ORR_OK;
    if (!looks(sim))
        ORR_TRY(close_leg(sim));
    come_back(sim);
    return fail_as(sim, sim->massive, orr_sim_save(sim->massive, data, size));
}

orr_status orr_sim_restore_massive(orr_sim *sim, const void *data, size_t size, orr_sim **out)
{
    *out = NULL;
    orr_status status = make_massive(sim, out);
    if (status != ORR_OK)
        return orr_sim_fail(sim, status, "%s", orr_status_text(status));
    return fail_as(sim, *out, orr_sim_restore(*out, data, size));
}
