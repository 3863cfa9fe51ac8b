/* collisions.c - the rules for contacts, approaches and removal, as they are set and asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/primaries.h>

#include "collisions_internal.h"

orr_collisions orr_collisions_default(void)
{
    return (orr_collisions){.restitution = 1};
}

void orr_contacts_free(orr_contacts *c)
{
    if (!c)
        return;
    free(c->within);
    free(c->found);
    free(c->queue.at);
    free(c->samples[0].pos);
    orr_saved_free(&c->end);
    orr_arena_free(&c->memory);
    free(c);
}

void orr_contacts_forget(orr_sim *sim)
{
    if (sim->contacts)
        sim->contacts->known = false;
}

/* What is wrong with these rules, or NULL. */
static const char *wrong(const orr_sim *sim, const orr_collisions *c)
{
    if (!c || (c->n_within && !c->within))
        return "no rules are given";
    bool hill = c->remove_within_hill > 0;
    if ((int)c->rule < 0 || c->rule > ORR_CONTACT_REMOVE)
        return "no such rule";
    if (!(c->restitution >= 0 && c->restitution <= 1))
        return "restitution is a number from 0 to 1";
    if (!(c->restitution_speed >= 0 && c->restitution_speed <= ORR_LARGEST))
        return "restitution_speed is a speed, or 0";
    if ((int)c->resolve < 0 || c->resolve > ORR_RESOLVE_INSIDE)
        return "no such way to take contacts into the steps";
    if (!(c->remove_beyond >= 0 && c->remove_beyond <= ORR_LARGEST))
        return "remove_beyond is a distance, or 0";
    if (!(c->remove_within_hill >= 0 && c->remove_within_hill <= 1000))
        return "remove_within_hill is a number of Hill radii from 0 to 1000";
    for (size_t k = 0; k < c->n_within; k++) {
        const orr_within *w = &c->within[k];
        if (!(w->distance >= 0 && w->hill >= 0 && w->distance <= ORR_LARGEST && w->hill <= 1e6))
            return "within: distances and numbers of Hill radii are not negative";
        if (w->distance == 0 && w->hill == 0)
            return "within: a distance, or a number of Hill radii, above 0";
        hill = hill || w->hill > 0;
    }
    if (hill && orr_dominant_body(&sim->bodies, ORR_PART_CENTRE) == SIZE_MAX)
        return "Hill radii are those about a body that has more than 60 % of all mass, and there "
               "is none: give distances";
    return NULL;
}

orr_status orr_sim_set_collisions(orr_sim *sim, const orr_collisions *c)
{
    const char *why = wrong(sim, c);
    if (why)
        return orr_sim_fail(sim, ORR_E_ARGUMENT, "collisions: %s", why);
    orr_contacts *fresh = calloc(1, sizeof *fresh);
    size_t bytes = c->n_within * sizeof *c->within;
    if (fresh)
        fresh->within = malloc(bytes ? bytes : 1);
    if (!fresh || !fresh->within) {
        free(fresh);
        return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for collisions");
    }
    if (bytes)
        memcpy(fresh->within, c->within, bytes);
    fresh->rules = *c;
    fresh->rules.within = fresh->within;
    fresh->fresh = sim->counters.steps == 0;
    orr_status status =
        sim->method->traits & ORR_REMOVES_TESTS ? orr_sim_begin_afresh(sim) : ORR_OK;
    if (status != ORR_OK) {
        orr_contacts_free(fresh);
        return status;
    }
    orr_contacts_free(sim->contacts);
    sim->contacts = fresh;
    if (sim->massive)
        ORR_TRY(orr_sim_set_collisions(sim->massive, c));
    bool other = sim->prepared && orr_sim_is_to_be_divided(sim) != (sim->massive != NULL);
    return other ? orr_sim_begin_afresh(sim) : ORR_OK;
}

orr_collisions orr_sim_collisions(const orr_sim *sim)
{
    return sim->contacts ? sim->contacts->rules : orr_collisions_default();
}

bool orr_contacts_look(const orr_sim *sim)
{
    if (!sim->contacts || sim->bodies.n < 2)
        return false;
    const orr_collisions *r = &sim->contacts->rules;
    if (r->n_within > 0 || r->remove_beyond > 0 || r->remove_within_hill > 0)
        return true;
    if (r->rule == ORR_CONTACT_IGNORE && !r->decide)
        return false;
    for (size_t i = 0; i < sim->bodies.n; i++)
        if (sim->bodies.radius[i] > 0)
            return true;
    return false;
}

/* The radius of all test bodies, but for a thousandth of the smallest one that they may hit; false:
 * they differ, and a method that knows one radius cannot look after them. */
static bool radius_of_tests(const orr_bodies *b, double *radius)
{
    double least = INFINITY, most = 0, smallest = INFINITY;
    for (size_t i = 0; i < b->n; i++) {
        bool test = i >= b->n_active + b->n_passive;
        least = test ? fmin(least, b->radius[i]) : least;
        most = test ? fmax(most, b->radius[i]) : most;
        smallest = !test && b->radius[i] > 0 ? fmin(smallest, b->radius[i]) : smallest;
    }
    *radius = most;
    return most - least <= 1e-3 * smallest;
}

const orr_removal *orr_contacts_removal(orr_sim *sim)
{
    orr_contacts *c = sim->contacts;
    if (!c)
        return NULL;
    const orr_collisions *r = &c->rules;
    bool goes = r->rule == ORR_CONTACT_IGNORE || r->rule == ORR_CONTACT_MERGE ||
                r->rule == ORR_CONTACT_REMOVE;
    double radius = 0;
    goes = goes && (r->rule == ORR_CONTACT_IGNORE || radius_of_tests(&sim->bodies, &radius));
    c->by_method = sim->method->traits & ORR_REMOVES_TESTS && goes && !r->decide &&
                   r->n_within == 0 && sim->bodies.n > sim->bodies.n_active + sim->bodies.n_passive;
    c->removal = (orr_removal){.beyond = r->remove_beyond,
                               .within_hill = r->remove_within_hill,
                               .hits = r->rule != ORR_CONTACT_IGNORE,
                               .radius = radius,
                               .kind = r->rule == ORR_CONTACT_MERGE ? ORR_MERGER : ORR_REMOVAL};
    return c->by_method ? &c->removal : NULL;
}

/* Pericentre and apocentre of body i about the star, from the first sample. */
static void range_of(const orr_sim *sim, size_t star, size_t i, double range[2])
{
    const orr_bodies *b = &sim->bodies;
    const orr_sample *at = &sim->contacts->samples[0];
    double r2 = 0, v2 = 0, xv = 0, mu = b->gm[star] + b->gm[i];
    for (size_t c = 0; c < 3; c++) {
        double x = at->pos[i + c * b->stride] - at->pos[star + c * b->stride];
        double v = at->vel[i + c * b->stride] - at->vel[star + c * b->stride];
        r2 += x * x, v2 += v * v, xv += x * v;
    }
    double a = 1 / (2 / sqrt(r2) - v2 / mu);
    double e = sqrt(fmax(0, 1 - (r2 * v2 - xv * xv) / (mu * a)));
    range[0] = a > 0 ? a * (1 - e) : 0;
    range[1] = a > 0 ? a * (1 + e) : INFINITY;
}

bool orr_massive_apart(const orr_sim *sim)
{
    const orr_bodies *b = &sim->bodies;
    const double margin = 0.1; /* of each: what a few hundred steps may change */
    size_t n = b->n_active + b->n_passive, star = orr_dominant_body(b, ORR_PART_CENTRE);
    if (sim->contacts->rules.rule == ORR_CONTACT_IGNORE)
        return true;
    if (star >= b->n)
        return false;
    for (size_t i = 0; i < n; i++) {
        double one[2], other[2];
        if (i == star)
            continue;
        range_of(sim, star, i, one);
        if (one[0] * (1 - margin) <= b->radius[i] + b->radius[star])
            return false;
        for (size_t j = 0; j < i; j++) {
            double touch = b->radius[i] + b->radius[j];
            if (j == star || !(touch > 0))
                continue;
            range_of(sim, star, j, other);
            bool inside = one[1] * (1 + margin) + touch < other[0] * (1 - margin);
            bool outside = other[1] * (1 + margin) + touch < one[0] * (1 - margin);
            if (!inside && !outside)
                return false;
        }
    }
    return true;
}

orr_status orr_drop_gone(orr_sim *sim)
{
    orr_bodies *b = &sim->bodies;
    if (!sim->contacts || !sim->contacts->by_method)
        return ORR_OK;
    for (size_t i = b->n; i-- > b->n_active + b->n_passive;)
        if (isnan(b->pos[i]))
            ORR_TRY(orr_bodies_remove(b, i));
    return orr_bodies_shrink(b);
}
