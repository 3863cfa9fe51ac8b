/* grid.c - the state of the last whole step, put aside while a state off it is shown. */
#include "sim_internal.h"

#include <stdlib.h>
#include <string.h>

orr_status orr_sim_leave_grid(orr_sim *sim)
{
    if (sim->grid.valid)
        return ORR_OK;
    orr_saved *s = &sim->grid;
    size_t length = 3 * sim->bodies.stride, bytes = length * sizeof(double);
    size_t size = sim->method->state_size + orr_arena_used(&sim->memory);
    if (s->length != length || s->integrator_size != size) {
        orr_saved_free(s);
        s->pos = malloc(bytes);
        s->vel = malloc(bytes);
        s->integrator = malloc(size);
        if (!s->pos || !s->vel || !s->integrator) {
            orr_saved_free(s);
            return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a state between steps");
        }
        s->length = length;
        s->integrator_size = size;
    }
    memcpy(s->pos, sim->bodies.pos, bytes);
    memcpy(s->vel, sim->bodies.vel, bytes);
    memcpy(s->integrator, sim->state, sim->method->state_size);
    orr_arena_save(&sim->memory, (char *)s->integrator + sim->method->state_size);
    s->t = sim->t;
    s->last = sim->last;
    s->unsynchronised = sim->unsynchronised;
    s->valid = true;
    return ORR_OK;
}

void orr_sim_return_to_grid(orr_sim *sim)
{
    orr_saved *s = &sim->grid;
    if (!s->valid)
        return;
    memcpy(sim->bodies.pos, s->pos, s->length * sizeof(double));
    memcpy(sim->bodies.vel, s->vel, s->length * sizeof(double));
    memcpy(sim->state, s->integrator, sim->method->state_size);
    orr_arena_restore(&sim->memory, (char *)s->integrator + sim->method->state_size);
    sim->t = s->t;
    sim->last = s->last;
    sim->problem.t = s->t.high;
    sim->unsynchronised = s->unsynchronised;
    s->valid = false;
}
