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
    bool hill = c->remove_within_hill > 0;
    if ((int)c->rule < 0 || c->rule > ORR_CONTACT_REMOVE)
        return "no such rule";
    if (!(c->restitution >= 0 && c->restitution <= 1))
        return "restitution is a number from 0 to 1";
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
               "is "
               "none: give distances";
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
    orr_contacts_free(sim->contacts);
    sim->contacts = fresh;
    return ORR_OK;
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
