/* step.c - one step of the method for all bodies, or several at once, and the books after it. */
#include "collisions_internal.h"

#include <orrery/vector.h>

#include "sim_time.h"

orr_status orr_sim_remove_now(orr_sim *sim, uint64_t id)
{
    size_t i = orr_bodies_find(&sim->bodies, id);
    if (i < sim->bodies.n)
        ORR_TRY(orr_bodies_remove(&sim->bodies, i));
    sim->prepared = false;
    return orr_bodies_shrink(&sim->bodies);
}

/* The bodies to be removed are test bodies. */
static bool are_tests(const orr_sim *sim)
{
    const orr_bodies *b = &sim->bodies;
    for (size_t k = 0; k < sim->n_removed; k++)
        if (orr_bodies_find(b, sim->removed[k]) < b->n_active + b->n_passive)
            return false;
    return true;
}

orr_status orr_sim_remove_marked(orr_sim *sim)
{
    if (sim->n_removed == 0)
        return ORR_OK;
    bool tests = are_tests(sim), forgotten = tests && sim->method->forget;
    orr_contacts_forget(sim);
    if (sim->unsynchronised && !forgotten)
        ORR_TRY(orr_sim_synchronize(sim));
    for (size_t k = 0; k < sim->n_removed; k++) {
        size_t i = orr_bodies_find(&sim->bodies, sim->removed[k]);
        if (i < sim->bodies.n && forgotten)
            sim->method->forget(sim->state, &sim->problem, i);
        if (i < sim->bodies.n)
            ORR_TRY(orr_bodies_remove(&sim->bodies, i));
    }
    sim->n_removed = 0;
    if (forgotten)
        return ORR_OK;
    ORR_TRY(orr_drop_gone(sim));
    sim->prepared = false;
    sim->keep_massive = tests;
    orr_status status = orr_bodies_shrink(&sim->bodies);
    status = status == ORR_OK ? orr_sim_prepare(sim) : status;
    sim->keep_massive = false;
    return status;
}

/* After n steps: books, checks, time. */
orr_status orr_sim_arrive(orr_sim *sim, orr_status status, const orr_step_report *report,
                          uint64_t n)
{
    orr_arena_reset(&sim->scratch);
    sim->counters.evaluations += report->evaluations;
    sim->counters.rejected += report->rejected;
    sim->failed_after = report->failed_after;
    if (status == ORR_E_NOT_FINITE)
        return orr_sim_not_finite(sim, report);
    if (status != ORR_OK)
        return orr_sim_failed(sim, status, report);
    /* a position that is not finite comes from such a velocity; methods with coordinates of their
     * own look there, and show removed bodies as not a number */
    if (!sim->method->steps && !orr_all_finite(3 * sim->bodies.stride, sim->bodies.vel))
        return orr_sim_not_finite(sim, report);
    sim->unsynchronised = report->unsynchronised;
    for (uint64_t k = 0; k < n; k++)
        sim->t = orr_time_later(sim->t, report->h_done);
    sim->problem.t = sim->t.high;
    return orr_sim_remove_marked(sim);
}

orr_status orr_sim_advance(orr_sim *sim, double h, uint64_t n, double *done)
{
    bool divided = sim->massive && !sim->problem.aside;
    return divided ? orr_sim_advance_divided(sim, h, done) : orr_sim_advance_all(sim, h, n, done);
}

/* One step, or n of a method that takes several at once. */
orr_status orr_sim_advance_all(orr_sim *sim, double h, uint64_t n, double *done)
{
    orr_step_report report = {0};
    sim->problem.t = sim->t.high;
    sim->n_removed = 0;
    orr_status status = sim->method->steps
                            ? sim->method->steps(sim->state, &sim->problem, h, n, &report)
                            : sim->method->step(sim->state, &sim->problem, h, &report);
    ORR_TRY(orr_sim_arrive(sim, status, &report, n));
    if (!sim->stays_outside)
        orr_sim_wrap(sim);
    *done = report.h_done;
    return ORR_OK;
}
