/* collisions_reach.c - how far from each body is looked in a step: radii, Hill radii, the distances
 * that are to be told; and how fast pairs may turn there. */
#include <math.h>

#include <orrery/primaries.h>

#include "collisions_internal.h"
#include "core/math/reproducible.h"

orr_limits orr_limits_of(const orr_sim *sim, const orr_reach *r, size_t i, size_t j)
{
    const orr_bodies *b = &sim->bodies;
    const orr_collisions *rules = &sim->contacts->rules;
    orr_limits l = {.touch = r->touch[i] + r->touch[j], .approach = r->near};
    if (i == r->star || j == r->star)
        return l;
    double hill = fmax(r->hill[i], r->hill[j]);
    l.approach = fmax(l.approach, r->near_hill * hill);
    if (j >= b->n_active + b->n_passive)
        l.hill = rules->remove_within_hill * hill;
    return l;
}

/* The greatest GM / r^3 at both ends of the step: of all massive bodies where they are few, else of
 * the dominant one. */
static void how_they_turn(const orr_sim *sim, orr_reach *r)
{
    enum { FEW = 64 };
    const orr_bodies *b = &sim->bodies;
    size_t star = orr_dominant_body(b, ORR_PART_CENTRE);
    size_t first = b->n_active > FEW ? star : 0, last = b->n_active > FEW ? star + 1 : b->n_active;
    if (first >= b->n)
        return;
    for (int end = 0; end < 2; end++) {
        const double *x = sim->contacts->samples[end].pos;
        for (size_t m = first; m < last; m++)
            for (size_t i = 0; i < b->n; i++) {
                double r2 = 0;
                for (size_t c = 0; c < 3; c++) {
                    double d = x[i + c * b->stride] - x[m + c * b->stride];
                    r2 += d * d;
                }
                if (i != m && r2 > 0)
                    r->turn2[i] = fmax(r->turn2[i], b->gm[m] / (r2 * sqrt(r2)));
            }
    }
}

orr_status orr_reach_of(const orr_sim *sim, orr_arena *memory, orr_reach *r)
{
    const orr_bodies *b = &sim->bodies;
    const orr_collisions *rules = &sim->contacts->rules;
    const double *x = sim->contacts->samples[0].pos;
    *r = (orr_reach){.star = SIZE_MAX};
    double **arrays[] = {&r->touch, &r->hill, &r->out, &r->turn2};
    for (int k = 0; k < 4; k++)
        if (!(*arrays[k] = orr_arena_alloc(memory, b->n * sizeof(double))))
            return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < rules->n_within; k++) {
        r->near = fmax(r->near, rules->within[k].distance);
        r->near_hill = fmax(r->near_hill, rules->within[k].hill);
    }
    double hills = fmax(r->near_hill, rules->remove_within_hill);
    how_they_turn(sim, r);
    if (hills > 0)
        r->star = orr_dominant_body(b, ORR_PART_CENTRE);
    bool touching = rules->rule != ORR_CONTACT_IGNORE || rules->decide;
    for (size_t i = 0; i < b->n; i++) {
        r->touch[i] = touching ? b->radius[i] : 0;
        if (r->star < b->n && i != r->star && b->gm[i] > 0) {
            double d2 = 0;
            for (size_t c = 0; c < 3; c++) {
                double d = x[i + c * b->stride] - x[r->star + c * b->stride];
                d2 += d * d;
            }
            r->hill[i] = sqrt(d2) * orr_cbrt(b->gm[i] / (3 * b->gm[r->star]));
        }
        r->out[i] = fmax(fmax(r->touch[i], r->near / 2), hills * r->hill[i]);
    }
    return ORR_OK;
}
