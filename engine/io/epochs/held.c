/* held.c - bodies whose state holds at some date, relative to other bodies: most of them
 * are known at once; others wait for the sweep of epochs.c. */
#include <stdlib.h>
#include <string.h>

#include "io/scenario/internal.h"

bool orr_must_wait(const loader *l, const orr_held *held)
{
    return held->t != l->s->t_start || held->around.waits;
}

/* Keep one for the sweep. */
static orr_status keep(loader *l, const orr_held *held, uint64_t id)
{
    if (l->n_held == l->room_held) {
        size_t room = l->room_held ? 2 * l->room_held : 16;
        orr_held *more = realloc(l->held, room * sizeof *more);
        if (!more)
            return ORR_E_NO_MEMORY;
        l->held = more;
        l->room_held = room;
    }
    l->held[l->n_held] = *held;
    l->held[l->n_held++].id = id;
    return ORR_OK;
}

orr_status orr_append_held(loader *l, const orr_yaml *node, const char *name, orr_body body,
                           const orr_held *held)
{
    bool waits = orr_must_wait(l, held);
    uint64_t id = l->s->bodies.n;
    for (int k = 0; k < 3; k++) { /* a place in the list is all that it has while it waits */
        body.pos[k] = waits ? 0 : held->around.state.pos[k] + held->state.pos[k];
        body.vel[k] = waits ? 0 : held->around.state.vel[k] + held->state.vel[k];
    }
    ORR_TRY(orr_append_body(l, node, name, body));
    return waits ? keep(l, held, id) : ORR_OK;
}

orr_status orr_append_state(loader *l, const orr_yaml *node, const char *name, orr_body body,
                            const orr_primary *around, double t)
{
    orr_held held = {.t = t, .node = node};
    if (around)
        held.around = *around;
    held.mu = held.around.gm + body.gm;
    memcpy(held.state.pos, body.pos, sizeof body.pos);
    memcpy(held.state.vel, body.vel, sizeof body.vel);
    return orr_append_held(l, node, name, body, &held);
}

orr_status orr_hold_orbit(loader *l, const orr_yaml *node, const orr_element_set *set, double mu,
                          const orr_plane *plane, const orr_primary *around, orr_held *out)
{
    char message[200];
    double t = orr_elements_hold_at(set, l->s->t_start);
    *out = (orr_held){.t = t, .around = *around, .mu = mu, .node = node, .has_carried = true};
    out->by_pericentre = !set->has_epoch && set->has[EL_PERI_TIME] && set->peri_is_date;
    orr_status status =
        orr_elements_to_state(set, t, t, mu, plane, &out->state, message, sizeof message);
    if (status == ORR_OK && t != l->s->t_start)
        status = orr_elements_to_state(set, t, l->s->t_start, mu, plane, &out->carried, message,
                                       sizeof message);
    else
        out->carried = out->state;
    return status == ORR_E_FORMAT ? orr_yaml_fail(&l->doc, node, status, "%s", message) : status;
}

orr_status orr_append_orbit(loader *l, const orr_yaml *node, const char *name, orr_body body,
                            const orr_element_set *set, double mu, const orr_plane *plane,
                            const orr_primary *around)
{
    orr_held held;
    ORR_TRY(orr_hold_orbit(l, node, set, mu, plane, around, &held));
    return orr_append_held(l, node, name, body, &held);
}
