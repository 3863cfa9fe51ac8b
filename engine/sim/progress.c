/* progress.c - a run that goes on for ever in steps far below anything that happens in it is
 * stopped: what its method then follows is rounding noise, or a force whose time scale no orbit
 * shows.  Looked at every so many steps, all of which must have been so short: an encounter,
 * however close, has a short time scale of its own. */
#include "sim_internal.h"

#include <math.h>
#include <string.h>

#include "shared/adaptive.h"

enum { PATIENCE = 1 << 14 };

orr_status orr_sim_watch(orr_sim *sim, double h)
{
    const double least = 1e-10; /* of the shortest time scale */
    sim->longest_watched = sim->watched == 0 ? fabs(h) : fmax(sim->longest_watched, fabs(h));
    if (++sim->watched < PATIENCE)
        return ORR_OK;
    sim->watched = 0;
    const orr_field *f = orr_field_find(sim->method->fields, "max_step");
    double most = 0;
    if (f)
        memcpy(&most, (const char *)sim->state + f->offset, sizeof most);
    if (most > 0 && sim->longest_watched > 0.1 * most)
        return ORR_OK; /* as the user wants them */
    double *acc = orr_arena_alloc(&sim->scratch, 3 * sim->bodies.stride * sizeof *acc);
    if (!acc)
        return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a step");
    sim->problem.t = sim->t.high;
    orr_status status = sim->problem.eval(
        &sim->problem, (orr_eval){.t = sim->t.high, .want = ORR_WANT_ACC, .acc = acc});
    size_t pair[2] = {0, 0};
    double scale = orr_time_scale(&sim->problem, acc, pair);
    orr_arena_reset(&sim->scratch);
    if (status != ORR_OK || !(sim->longest_watched < least * scale) || !isfinite(scale))
        return status;
    const char *gap = *sim->time_unit ? " " : "";
    return orr_sim_fail(
        sim, ORR_E_STEP_TOO_SMALL,
        "%s at t = %.12g%s%s: no progress; the last %d steps were at most %.3g%s%s long, though "
        "nothing here happens faster than in %.3g%s%s (%s and %s).  What is left to it is rounding "
        "noise, or "
        "a force that changes as fast: loosen the tolerance, or take another method ('taylor', "
        "or one with a fixed 'step')",
        sim->method->name, sim->t.high, gap, sim->time_unit, PATIENCE, sim->longest_watched, gap,
        sim->time_unit, scale, gap, sim->time_unit,
        orr_sim_name_of(sim, sim->bodies.id[pair[1]], (char[64]){0}),
        orr_sim_name_of(sim, sim->bodies.id[pair[0]], (char[64]){0}));
}
