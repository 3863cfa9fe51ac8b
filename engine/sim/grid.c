/* grid.c - the state of the last whole step, put aside while a state off it is shown. */
#include "sim_internal.h"

#include <stdlib.h>
#include <string.h>

/* Copy the fields that move with the steps out of the bodies, or back; gives their bytes. */
static size_t copy_motion(const orr_bodies *b, char *aside, bool back)
{
    size_t bytes = 0;
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_body_field_at(k)); k++) {
        size_t size = f->components * b->stride * 8;
        if (!f->moves)
            continue;
        if (aside && back)
            memcpy(orr_bodies_array(b, f), aside + bytes, size);
        else if (aside)
            memcpy(aside + bytes, orr_bodies_array(b, f), size);
        bytes += size;
    }
    return bytes;
}

orr_status orr_saved_take(orr_sim *sim, orr_saved *s)
{
    size_t bytes = copy_motion(&sim->bodies, NULL, false);
    size_t size = sim->method->state_size + orr_arena_used(&sim->memory);
    if (s->motion_size != bytes || s->integrator_size != size) {
        orr_saved_free(s);
        s->motion = malloc(bytes);
        s->integrator = malloc(size);
        if (!s->motion || !s->integrator) {
            orr_saved_free(s);
            return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a state between steps");
        }
        s->motion_size = bytes;
        s->integrator_size = size;
    }
    copy_motion(&sim->bodies, s->motion, false);
    memcpy(s->integrator, sim->state, sim->method->state_size);
    orr_arena_save(&sim->memory, (char *)s->integrator + sim->method->state_size);
    s->t = sim->t;
    s->last = sim->last;
    s->unsynchronised = sim->unsynchronised;
    s->valid = true;
    return ORR_OK;
}

void orr_saved_put(orr_sim *sim, const orr_saved *s)
{
    copy_motion(&sim->bodies, s->motion, true);
    memcpy(sim->state, s->integrator, sim->method->state_size);
    orr_arena_restore(&sim->memory, (const char *)s->integrator + sim->method->state_size);
    sim->t = s->t;
    sim->last = s->last;
    sim->problem.t = s->t.high;
    sim->unsynchronised = s->unsynchronised;
}

orr_status orr_sim_leave_grid(orr_sim *sim)
{
    return sim->grid.valid ? ORR_OK : orr_saved_take(sim, &sim->grid);
}

void orr_sim_return_to_grid(orr_sim *sim)
{
    if (sim->grid.valid)
        orr_saved_put(sim, &sim->grid);
    sim->grid.valid = false;
}
