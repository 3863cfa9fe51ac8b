/* collisions_many.c - runs in which contacts are done inside the steps.
 *
 * The method takes its step as if nobody met.  Between both ends all contacts are done in the order
 * of time (collisions_meet.c), and bodies are put where those lead them.  What the method keeps of
 * the forces at the end of the step is found anew then. */
#include "collisions_many.h"

#include <math.h>
#include <string.h>

#include "sim_time.h"

enum { MANY = 1000 };

/* Rules that need the moment itself, of all bodies. */
static bool needs_moment(const orr_collisions *r)
{
    return r->decide || r->rule == ORR_CONTACT_STOP || r->n_within > 0 || r->remove_within_hill > 0;
}

bool orr_contacts_are_many(const orr_sim *sim)
{
    if (!sim->contacts)
        return false;
    const orr_collisions *r = &sim->contacts->rules;
    bool boxed = sim->boundary.kind != ORR_BOUNDARY_NONE;
    bool can = sim->method->traits & ORR_TAKES_CONTACTS && !needs_moment(r);
    bool many = sim->bodies.n_active + sim->bodies.n_passive > MANY;
    return can &&
           (boxed || r->resolve == ORR_RESOLVE_INSIDE || (r->resolve == ORR_RESOLVE_AUTO && many));
}

orr_status orr_contacts_check(orr_sim *sim)
{
    if (!sim->contacts || !orr_contacts_look(sim))
        return ORR_OK;
    const orr_collisions *r = &sim->contacts->rules;
    bool boxed = sim->boundary.kind != ORR_BOUNDARY_NONE;
    if (!boxed && r->resolve != ORR_RESOLVE_INSIDE)
        return ORR_OK;
    const char *what = boxed ? "with a boundary" : "with resolve: inside";
    if (!(sim->method->traits & ORR_TAKES_CONTACTS) && r->rule != ORR_CONTACT_IGNORE)
        return orr_sim_fail(
            sim, ORR_E_INCOMPATIBLE,
            "collisions %s are done inside the steps, which integrator '%s' cannot; "
            "leapfrog and sei can",
            what, sim->method->name);
    if (boxed && r->resolve == ORR_RESOLVE_BY_STEP)
        return orr_sim_fail(sim, ORR_E_INCOMPATIBLE,
                            "collisions with a boundary are done inside the steps: leave out "
                            "resolve: step");
    if (needs_moment(r))
        return orr_sim_fail(
            sim, ORR_E_INCOMPATIBLE,
            "collisions %s merge, bounce, remove or log; they do not stop, look for "
            "approaches or Hill radii, or ask a rule of one's own",
            what);
    if (boxed && r->remove_beyond > 0)
        return orr_sim_fail(sim, ORR_E_INCOMPATIBLE,
                            "remove_beyond means nothing in a box: who leaves comes in again");
    return ORR_OK;
}

static orr_status prepare_many(orr_sim *sim, double h, orr_many *m)
{
    orr_contacts *c = sim->contacts;
    size_t n = sim->bodies.n;
    *m = (orr_many){.sim = sim, .c = c, .b = &sim->bodies, .h = h};
    m->from = &c->samples[0], m->to = &c->samples[1];
    m->begin = orr_arena_alloc(&c->memory, n * sizeof *m->begin);
    m->age = orr_arena_alloc(&c->memory, n * sizeof *m->age);
    m->gone = orr_arena_alloc(&c->memory, n * sizeof *m->gone);
    m->strays = orr_arena_alloc(&c->memory, n * sizeof *m->strays);
    if (!m->begin || !m->age || !m->gone || !m->strays)
        return ORR_E_NO_MEMORY;
    memset(m->begin, 0, n * sizeof *m->begin);
    memset(m->age, 0, n * sizeof *m->age);
    memset(m->gone, 0, n * sizeof *m->gone);
    orr_find_images(m);
    return ORR_OK;
}

/* Bodies that met go to the ends of their ways. */
static orr_status put_back(orr_many *m)
{
    orr_bodies *b = m->b;
    if (m->sim->unsynchronised)
        ORR_TRY(orr_sim_synchronize(m->sim));
    for (size_t i = 0; i < b->n; i++)
        for (size_t c = 0; c < 3 && m->age[i] > 0 && !m->gone[i]; c++) {
            b->pos[i + c * b->stride] = m->to->pos[i + c * b->stride];
            b->vel[i + c * b->stride] = m->to->vel[i + c * b->stride];
        }
    return ORR_OK;
}

static orr_status resolve(orr_sim *sim, double h, bool *changed)
{
    orr_contacts *c = sim->contacts;
    orr_many m;
    c->samples[1].s = h;
    ORR_TRY(orr_sample_now(sim, &c->samples[1]));
    ORR_TRY(prepare_many(sim, h, &m));
    ORR_TRY(orr_meet_all(&m));
    *changed = m.contacts > 0 && c->rules.rule != ORR_CONTACT_LOG;
    return *changed ? put_back(&m) : ORR_OK;
}

/* A side step shows where who bounces is; others are whole until their step is taken. */
static bool looks_aside(const orr_sim *sim)
{
    return !sim->problem.aside || sim->contacts->rules.rule == ORR_CONTACT_BOUNCE;
}

orr_status orr_step_many(orr_sim *sim, double h, double *done)
{
    orr_contacts *c = sim->contacts;
    bool changed = false;
    ORR_TRY(orr_look_before(sim));
    sim->stays_outside = true;
    orr_status status = orr_sim_advance(sim, h, 1, done);
    sim->stays_outside = false;
    if (status == ORR_OK && looks_aside(sim)) {
        status = resolve(sim, *done, &changed);
        orr_arena_reset(&c->memory);
        if (status == ORR_E_NO_MEMORY)
            return orr_sim_fail(sim, status, "out of memory for collisions");
        if (status == ORR_E_NO_CONVERGENCE)
            return orr_sim_fail(
                sim, status,
                "bodies lie on each other and touch without end in one step: take a "
                "shorter step, or a greater restitution");
    }
    ORR_TRY(status);
    orr_sim_wrap(sim);
    if (!changed || sim->problem.aside)
        return ORR_OK;
    if (sim->n_removed > 0)
        return orr_sim_remove_marked(sim);
    sim->prepared = false;
    return orr_sim_prepare(sim);
}

orr_status orr_run_many(orr_sim *sim, double t_end, bool once)
{
    sim->is_partial = false;
    for (;;) {
        int direction = orr_time_until(sim->t, t_end) < 0 ? -1 : 1;
        if (orr_sim_steps_to(sim, t_end) == 0)
            return orr_sim_show(sim, t_end);
        if (orr_sim_must_stop(sim))
            return orr_sim_stop_here(sim);
        if (!orr_contacts_look(sim) || !orr_contacts_are_many(sim))
            return orr_run_looking(sim, t_end);
        double h;
        ORR_TRY(orr_step_many(sim, direction * sim->step, &h));
        sim->contacts->fresh = false;
        orr_sim_counted(sim, h, 1);
        ORR_TRY(orr_dismiss(sim));
        if (once)
            return ORR_OK;
    }
}
