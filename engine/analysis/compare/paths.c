/* paths.c - the ways of the bodies, as a method has them. */
#include <math.h>
#include <stdlib.h>

#include <orrery/primaries.h>

#include "analysis/work.h"
#include "comparing.h"

/* Positions at the points, about the centre; stops where the method does. */
static void follow(orr_sim *sim, double t, double span, orr_paths *p)
{
    for (; p->n < p->points; p->n++) {
        if (orr_sim_run_until(sim, t + span * (double)p->n / (double)(p->points - 1)) != ORR_OK)
            break;
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        for (size_t i = 0; i < p->n_bodies && b->n == p->n_bodies; i++)
            for (size_t d = 0; d < 2; d++)
                p->xy[(2 * i + d) * p->points + p->n] =
                    b->pos[i + d * b->stride] -
                    (p->center == SIZE_MAX ? 0 : b->pos[p->center + d * b->stride]);
    }
}

orr_status orr_comparison_paths(const orr_comparison *c, const orr_trial *t, double span,
                                size_t points, orr_paths *out, orr_diagnosis *why)
{
    const comparing *w = orr_comparing_of(c);
    orr_scenario s;
    orr_sim *sim;
    *out = (orr_paths){0};
    if (points < 2)
        return orr_refuse(ORR_E_ARGUMENT, why, "a path has two points or more");
    ORR_TRY(orr_compare_load_trial(w, (size_t)(t - c->trials), &s, why));
    orr_paths p = {.n_bodies = s.bodies.n,
                   .points = points,
                   .center = orr_dominant_body(&s.bodies, ORR_PART_CENTRE)};
    p.xy = calloc(2 * p.n_bodies, points * sizeof *p.xy);
    orr_status status = p.xy ? orr_sim_from_scenario(&s, 1, &sim, why)
                             : orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    if (status == ORR_OK) {
        follow(sim, s.t_start, span, &p);
        orr_sim_destroy(sim);
        *out = p;
    } else {
        free(p.xy);
    }
    orr_scenario_free(&s);
    return status;
}

void orr_paths_free(orr_paths *p)
{
    free(p->xy);
    *p = (orr_paths){0};
}
