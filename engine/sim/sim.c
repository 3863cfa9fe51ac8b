/* sim.c - life cycle and wiring: which forces and which method act on which bodies. */
#include "collisions_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/team.h"
#include "core/conserved.h"

orr_status orr_sim_fail(orr_sim *sim, orr_status code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sim->message, sizeof sim->message, format, arguments);
    va_end(arguments);
    return code;
}

const char *orr_sim_message(const orr_sim *sim)
{
    return sim->message;
}

static void clear_targets(const orr_eval *r, size_t stride)
{
    for (size_t k = 0; k < r->n_targets; k++)
        for (size_t c = 0; c < 3; c++) {
            size_t at = r->targets[k] + c * stride;
            r->acc[at] = 0;
            if (r->want & (ORR_WANT_JERK | ORR_WANT_SNAP))
                r->jerk[at] = 0;
            if (r->want & ORR_WANT_SNAP)
                r->snap[at] = 0;
            if (r->want & ORR_WANT_TIDES)
                r->tides[at] = r->tides[at + 3 * stride] = 0;
        }
}

/* A force that tells of all bodies only: what it says of the targets. */
static orr_status add_to_targets(orr_force_use *f, const orr_bodies *b, const orr_eval *r,
                                 orr_arena *scratch)
{
    const size_t stride = b->stride, bytes = 3 * stride * sizeof(double);
    const bool tides = r->want & ORR_WANT_TIDES && f->type->traits & ORR_HAS_TIDES;
    double *all = orr_arena_alloc(scratch, 3 * bytes);
    if (!all)
        return ORR_E_NO_MEMORY;
    memset(all, 0, 3 * bytes);
    orr_eval whole = *r;
    whole.targets = NULL;
    whole.acc = all;
    whole.tides = all + 3 * stride;
    if (!tides)
        whole.want &= ~(unsigned)ORR_WANT_TIDES;
    ORR_TRY(f->type->add(f->state, b, &whole, scratch));
    for (size_t k = 0; k < r->n_targets; k++)
        for (size_t c = 0; c < 3; c++) {
            const size_t at = r->targets[k] + c * stride;
            r->acc[at] += whole.acc[at];
            if (tides) {
                r->tides[at] += whole.tides[at];
                r->tides[at + 3 * stride] += whole.tides[at + 3 * stride];
            }
        }
    return ORR_OK;
}

/* The sum of all forces, in the order they were added, so that rounding is reproducible. */
static orr_status evaluate(orr_problem *p, orr_eval r)
{
    orr_sim *sim = (orr_sim *)p;
    size_t bytes = 3 * p->bodies->stride * sizeof(double);
    r.threads = p->threads;
    r.memory = &sim->force_memory;
    if (r.targets) {
        clear_targets(&r, p->bodies->stride);
    } else {
        if (r.want & ~(unsigned)(ORR_WANT_POTENTIAL | ORR_WANT_TIDES))
            memset(r.acc, 0, bytes);
        if (r.want & (ORR_WANT_JERK | ORR_WANT_SNAP))
            memset(r.jerk, 0, bytes);
        if (r.want & ORR_WANT_SNAP)
            memset(r.snap, 0, bytes);
        if (r.want & ORR_WANT_POTENTIAL)
            memset(r.phi, 0, bytes / 3);
        if (r.want & ORR_WANT_TIDES)
            memset(r.tides, 0, 2 * bytes);
    }
    if (r.want & ORR_WANT_SERIES)
        *r.growth = 0;
    if (r.acc_low)
        memset(r.acc_low, 0, bytes);
    for (size_t k = 0; k < sim->n_forces; k++) {
        orr_arena_mark before = orr_arena_here(p->scratch);
        orr_force_use *f = &sim->forces[k];
        orr_status status = r.targets && !(f->type->traits & ORR_HAS_SUBSETS)
                                ? add_to_targets(f, p->bodies, &r, p->scratch)
                                : f->type->add(f->state, p->bodies, &r, p->scratch);
        orr_arena_release(p->scratch, before); /* a step may have hundreds of evaluations */
        ORR_TRY(status);
    }
    return ORR_OK;
}

/* Room for one more at the end of a list. */
static orr_status grow(void **list, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return ORR_OK;
    size_t more = *room ? 2 * *room : 64;
    void *moved = realloc(*list, more * size);
    if (!moved)
        return ORR_E_NO_MEMORY;
    *list = moved;
    *room = more;
    return ORR_OK;
}

/* Events of side steps will come again on the grid, and are forgotten. */
static orr_status record(orr_problem *p, const orr_event *event)
{
    orr_sim *sim = (orr_sim *)p;
    if (p->aside)
        return ORR_OK;
    ORR_TRY(grow((void **)&sim->events, sim->n_events, &sim->room_events, sizeof *sim->events));
    sim->events[sim->n_events] = *event;
    sim->events[sim->n_events++].energy /= sim->G;
    return ORR_OK;
}

static orr_status mark_removed(orr_problem *p, uint64_t id)
{
    orr_sim *sim = (orr_sim *)p;
    ORR_TRY(grow((void **)&sim->removed, sim->n_removed, &sim->room_removed, sizeof *sim->removed));
    sim->removed[sim->n_removed++] = id;
    return ORR_OK;
}

const orr_event *orr_sim_events(const orr_sim *sim, size_t *n)
{
    *n = sim->n_events;
    return sim->events;
}

orr_sim_def orr_sim_def_default(void)
{
    return (orr_sim_def){.G = 1, .step = 1};
}

/* What is wrong with a definition, a sentence; NULL: nothing. */
static const char *fault_of(const orr_sim_def *def)
{
    if (!def->bodies || def->bodies->n == 0)
        return "a simulation needs bodies";
    if (!(def->G > 0) || !isfinite(def->G))
        return "G must be positive and finite";
    if (!isfinite(def->t))
        return "the time of the initial state is not finite";
    if (!(def->step >= 0) || !isfinite(def->step))
        return "a step must be positive and finite, or 0 where the method chooses it";
    if (!(def->speed_of_light >= 0))
        return "the speed of light must be positive, or 0 where it is unknown";
    if (def->threads < 0)
        return "the number of threads must be positive, or 0 for all processors";
    return NULL;
}

static orr_status refuse(const orr_sim_def *def, orr_status status, const char *text)
{
    if (def->why) {
        *def->why = (orr_diagnosis){0};
        snprintf(def->why->text, sizeof def->why->text, "%s", text);
    }
    return status;
}

orr_status orr_sim_create(const orr_sim_def *def, orr_sim **out)
{
    *out = NULL;
    const char *fault = fault_of(def);
    if (fault)
        return refuse(def, ORR_E_ARGUMENT, fault);
    orr_sim *sim = calloc(1, sizeof *sim);
    if (!sim)
        return refuse(def, ORR_E_NO_MEMORY, orr_status_text(ORR_E_NO_MEMORY));
    orr_status status = orr_bodies_shrink(def->bodies); /* vector operations walk over spare room */
    if (status != ORR_OK) {
        free(sim);
        return refuse(def, status, orr_status_text(status));
    }
    sim->bodies = *def->bodies;
    *def->bodies = (orr_bodies){0};
    sim->scratch.is_scratch = true;
    sim->memory.remembers = sim->force_memory.remembers = true;
    sim->G = def->G;
    sim->step = def->step;
    sim->t.high = def->t;
    sim->name = def->name;
    sim->name_user = def->name_user;
    snprintf(sim->time_unit, sizeof sim->time_unit, "%s", def->time_unit ? def->time_unit : "");
    snprintf(sim->length_unit, sizeof sim->length_unit, "%s",
             def->length_unit ? def->length_unit : "");
    sim->problem = (orr_problem){.bodies = &sim->bodies,
                                 .t = def->t,
                                 .speed_of_light = def->speed_of_light,
                                 .threads = def->threads ? def->threads : orr_processors(),
                                 .memory = &sim->memory,
                                 .scratch = &sim->scratch,
                                 .eval = evaluate,
                                 .record = record,
                                 .remove = mark_removed};
    status = orr_sim_set_integrator(sim, orr_integrator_find("leapfrog"), NULL, 0);
    if (status != ORR_OK) {
        refuse(def, status, sim->message);
        orr_sim_destroy(sim);
        return status;
    }
    *out = sim;
    return ORR_OK;
}

void orr_saved_free(orr_saved *s)
{
    free(s->motion);
    free(s->integrator);
    *s = (orr_saved){0};
}

void orr_sim_destroy(orr_sim *sim)
{
    if (!sim)
        return;
    for (size_t k = 0; k < sim->n_forces; k++)
        free(sim->forces[k].state);
    free(sim->state);
    free(sim->events);
    free(sim->removed);
    orr_contacts_free(sim->contacts);
    orr_saved_free(&sim->grid);
    orr_sim_destroy(sim->massive);
    orr_arena_free(&sim->memory);
    orr_arena_free(&sim->scratch);
    orr_arena_free(&sim->force_memory);
    orr_bodies_free(&sim->bodies);
    free(sim);
}

/* A fresh state block with defaults and options. */
static orr_status new_state(orr_sim *sim, const char *owner, const orr_field *fields, size_t size,
                            const orr_option *options, size_t n, void **out)
{
    void *state = calloc(1, size ? size : 1);
    if (!state)
        return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for %s", owner);
    orr_fields_defaults(fields, state);
    for (size_t k = 0; k < n; k++) {
        orr_status status = orr_fields_set(fields, state, &options[k]);
        if (status != ORR_OK) {
            free(state);
            return orr_sim_fail(sim, status, "%s: option '%s': %s", owner, options[k].name,
                                orr_status_text(status));
        }
    }
    *out = state;
    return ORR_OK;
}

/* A method that does well with a force, whatever it gives: high orders want smooth forces, which
 * those to an accuracy are not. */
static const char *other_method(const orr_force *force)
{
    return orr_field_find(force->fields, "accuracy") ? "leapfrog or block-leapfrog" : "ias15";
}

/* One sentence for a force that the method cannot take; true if all is well. */
static bool compatible(orr_sim *sim, const orr_integrator *method, const orr_force *force,
                       const void *state)
{
    static const struct {
        unsigned method, force;
        const char *what;
    } needs[] = {{ORR_NEEDS_JERK, ORR_HAS_JERK, "the time derivative (jerk)"},
                 {ORR_NEEDS_SERIES, ORR_HAS_SERIES, "the Taylor series"},
                 {ORR_NEEDS_SUBSETS, ORR_HAS_SUBSETS, "the accelerations of single bodies"},
                 {ORR_NEEDS_CHANGEOVER, ORR_HAS_CHANGEOVER, "far pairs alone"}};
    if (force->traits & ORR_VELOCITY && !(method->traits & ORR_TAKES_VELOCITY_FORCES)) {
        orr_sim_fail(sim, ORR_OK,
                     "integrator '%s' cannot take force '%s', which depends on velocity; ias15, "
                     "dop853, bulirsch-stoer and others can",
                     method->name, force->name);
        return false;
    }
    if (method->traits & ORR_OWN_GRAVITY && !(force->traits & ORR_SELF_GRAVITY)) {
        orr_sim_fail(sim, ORR_OK,
                     "integrator '%s' computes the mutual gravity of points itself and cannot take "
                     "force '%s'; ias15 can",
                     method->name, force->name);
        return false;
    }
    if (method->traits & ORR_OWN_GRAVITY && !force->is_newtonian) {
        orr_sim_fail(
            sim, ORR_OK,
            "integrator '%s' computes the gravity of points itself and cannot take that of "
            "force '%s', which may be another law; %s can",
            method->name, force->name, other_method(force));
        return false;
    }
    if (method->traits & ORR_OWN_GRAVITY && !force->is_newtonian(state)) {
        orr_sim_fail(sim, ORR_OK,
                     "integrator '%s' computes the gravity of points itself and cannot soften it; "
                     "leave out 'softening'",
                     method->name);
        return false;
    }
    unsigned gives = force->traits;
    if (!(gives & ORR_SELF_GRAVITY))
        gives |= ORR_HAS_CHANGEOVER; /* it has no pairs */
    for (size_t k = 0; k < sizeof needs / sizeof *needs; k++)
        if (method->traits & needs[k].method && !(gives & needs[k].force)) {
            orr_sim_fail(sim, ORR_OK,
                         "integrator '%s' needs %s of force '%s', which does not give it; %s does "
                         "without",
                         method->name, needs[k].what, force->name, other_method(force));
            return false;
        }
    return true;
}

/* What is shown is the state from now on; everything is prepared afresh. */
static void go_on_from_here(orr_sim *sim)
{
    sim->grid.valid = sim->prepared = sim->unsynchronised = false;
    sim->last = sim->free[0] = sim->free[1] = 0;
    sim->is_partial = false;
    sim->t = (orr_time){sim->problem.t, 0};
    if (sim->contacts)
        sim->contacts->fresh = true;
}

/* Velocities to the time of positions, where somebody will go on from them. */
static orr_status synchronize_shown(orr_sim *sim)
{
    if (sim->grid.valid || !sim->unsynchronised)
        return ORR_OK;
    orr_status status = sim->method->synchronize(sim->state, &sim->problem);
    return status == ORR_OK ? ORR_OK : orr_sim_fail(sim, status, "%s", orr_status_text(status));
}

orr_status orr_sim_begin_afresh(orr_sim *sim)
{
    ORR_TRY(synchronize_shown(sim));
    go_on_from_here(sim);
    return ORR_OK;
}

orr_status orr_sim_set_step(orr_sim *sim, double step)
{
    if (!(step > 0) || !isfinite(step))
        return orr_sim_fail(sim, ORR_E_ARGUMENT, "a step must be positive and finite");
    ORR_TRY(synchronize_shown(sim));
    sim->step = step;
    go_on_from_here(sim);
    return ORR_OK;
}

orr_status orr_sim_set_integrator(orr_sim *sim, const orr_integrator *type,
                                  const orr_option *options, size_t n)
{
    if (!type)
        return orr_sim_fail(sim, ORR_E_UNKNOWN_NAME, "no such integrator");
    for (size_t k = 0; k < sim->n_forces; k++)
        if (!compatible(sim, type, sim->forces[k].type, sim->forces[k].state))
            return ORR_E_INCOMPATIBLE;
    void *state;
    ORR_TRY(new_state(sim, type->name, type->fields, type->state_size, options, n, &state));
    orr_status status = synchronize_shown(sim);
    if (status != ORR_OK) {
        free(state);
        return status;
    }
    free(sim->state);
    sim->state = state;
    sim->method = type;
    go_on_from_here(sim);
    return ORR_OK;
}

orr_status orr_sim_add_force(orr_sim *sim, const orr_force *type, const orr_option *options,
                             size_t n)
{
    if (!type)
        return orr_sim_fail(sim, ORR_E_UNKNOWN_NAME, "no such force");
    if (sim->n_forces == ORR_MOST_FORCES)
        return orr_sim_fail(sim, ORR_E_ARGUMENT, "at most %d forces", (int)ORR_MOST_FORCES);
    for (size_t k = 0; k < sim->n_forces; k++)
        if (sim->forces[k].type->traits & type->traits & ORR_SELF_GRAVITY)
            return orr_sim_fail(sim, ORR_E_INCOMPATIBLE, "gravity is already solved by '%s'",
                                sim->forces[k].type->name);
    void *state;
    ORR_TRY(new_state(sim, type->name, type->fields, type->state_size, options, n, &state));
    if (!compatible(sim, sim->method, type, state)) {
        free(state);
        return ORR_E_INCOMPATIBLE;
    }
    orr_sim_return_to_grid(sim);
    sim->forces[sim->n_forces++] = (orr_force_use){type, state};
    sim->prepared = false;
    return ORR_OK;
}

orr_softening orr_sim_softening(const orr_sim *sim)
{
    orr_softening most = {ORR_SOFTEN_PLUMMER, sim->method->traits & ORR_OWN_GRAVITY ? 0 : -1};
    for (size_t k = 0; k < sim->n_forces; k++) {
        const orr_field *f = orr_field_find(sim->forces[k].type->fields, "softening");
        const orr_field *law = orr_field_find(sim->forces[k].type->fields, "softening_law");
        const char *state = sim->forces[k].state;
        double s = 0;
        int chosen = ORR_SOFTEN_PLUMMER;
        if (f && f->type == ORR_DOUBLE)
            memcpy(&s, state + f->offset, sizeof s);
        if (law && law->type == ORR_CHOICE)
            memcpy(&chosen, state + law->offset, sizeof chosen);
        if (f && s > most.eps)
            most = (orr_softening){(orr_softening_law)chosen, s};
    }
    return most;
}

orr_status orr_sim_prepare(orr_sim *sim)
{
    if (sim->prepared)
        return ORR_OK;
    orr_saved_free(&sim->grid);
    orr_contacts_forget(sim);
    orr_arena_reset(&sim->memory);
    orr_arena_reset(&sim->force_memory);
    sim->last = sim->free[0] = sim->free[1] = 0;
    ORR_TRY(orr_boundary_check(sim));
    ORR_TRY(orr_contacts_check(sim));
    sim->problem.velocity_forces = sim->problem.has_tides = sim->problem.other_forces = false;
    sim->problem.removal = orr_contacts_removal(sim);
    sim->problem.softening = orr_sim_softening(sim).eps;
    sim->watched = 0;
    for (size_t k = 0; k < sim->n_forces; k++) {
        const orr_force *type = sim->forces[k].type;
        sim->problem.velocity_forces |= (type->traits & ORR_VELOCITY) != 0;
        sim->problem.other_forces |= !(type->traits & ORR_SELF_GRAVITY);
        sim->problem.has_tides |= type->traits & ORR_SELF_GRAVITY && type->traits & ORR_HAS_TIDES;
        sim->problem.reason = NULL;
        orr_status status =
            type->prepare ? type->prepare(sim->forces[k].state, &sim->problem, &sim->force_memory)
                          : ORR_OK;
        if (status != ORR_OK)
            return orr_sim_fail(
                sim, status, "force '%s': %s", type->name,
                sim->problem.reason ? sim->problem.reason : orr_status_text(status));
    }
    if (!(sim->method->traits & ORR_ADAPTIVE) && !(sim->step > 0))
        return orr_sim_fail(sim, ORR_E_ARGUMENT, "%s takes steps of a fixed length; none is given",
                            sim->method->name);
    ORR_TRY(orr_sim_divide(sim));
    if (sim->method->prepare) {
        sim->problem.reason = NULL;
        orr_status status = sim->method->prepare(sim->state, &sim->problem);
        const char *why = sim->problem.reason ? sim->problem.reason : orr_status_text(status);
        if (status != ORR_OK)
            return orr_sim_fail(sim, status, "%s: %s", sim->method->name, why);
    }
    sim->prepared = true;
    return ORR_OK;
}

orr_status orr_sim_edit(orr_sim *sim, orr_edit_fn *edit, void *user)
{
    bool was_shown = sim->grid.valid;
    if (!was_shown &&
        sim->unsynchronised) { /* on the side, so that a refused edit leaves no trace */
        ORR_TRY(orr_sim_leave_grid(sim));
        ORR_TRY(sim->method->synchronize(sim->state, &sim->problem));
    }
    orr_bodies copy = {0};
    orr_status status = orr_bodies_copy(&copy, &sim->bodies);
    if (status == ORR_OK)
        status = edit(&copy, user);
    if (status == ORR_OK)
        status = copy.n > 0 ? orr_bodies_shrink(&copy) : ORR_E_ARGUMENT;
    if (status != ORR_OK) {
        orr_bodies_free(&copy);
        if (!was_shown)
            orr_sim_return_to_grid(sim);
        return orr_sim_fail(sim, status, "the edit was not accepted: %s", orr_status_text(status));
    }
    orr_bodies_free(&sim->bodies);
    sim->bodies = copy;
    go_on_from_here(sim);
    return ORR_OK;
}

orr_status orr_sim_conserved(orr_sim *sim, orr_conserved *out)
{
    ORR_TRY(orr_sim_prepare(sim)); /* energies need what forces find out there */
    *out = (orr_conserved){0};
    orr_conserved_motion(&sim->bodies, sim->G, out);
    for (size_t k = 0; k < sim->n_forces; k++) {
        const orr_force_use *f = &sim->forces[k];
        double energy = 0;
        if (f->type->energy)
            ORR_TRY(f->type->energy(f->state, &sim->bodies, sim->problem.t, sim->problem.threads,
                                    &sim->scratch, &energy));
        out->potential += energy / sim->G;
    }
    if (sim->prepared && sim->method->potential)
        out->potential += sim->method->potential(sim->state, &sim->problem) / sim->G;
    orr_arena_reset(&sim->scratch);
    return ORR_OK;
}

orr_snapshot orr_sim_snapshot(const orr_sim *sim)
{
    return (orr_snapshot){.t = sim->problem.t, .step = sim->counters.steps, .bodies = &sim->bodies};
}

orr_sim_counters orr_sim_count(const orr_sim *sim)
{
    orr_sim_counters c = sim->counters;
    if (sim->massive) {
        c.evaluations += sim->massive->counters.evaluations;
        c.rejected += sim->massive->counters.rejected;
    }
    return c;
}
