/* boundary.c - the box that a simulation is in: which methods and forces can take one, and bodies
 * that leave it. */
#include "sim_internal.h"

#include <string.h>

#include "core/images.h"

/* 3/2 of the method's angular speed. */
static double shear_of(const orr_sim *sim)
{
    const orr_field *f = orr_field_find(sim->method->fields, "Omega");
    return sim->method->traits & ORR_SHEARS && f ? 1.5 * orr_field_get(f, sim->state) : 0;
}

/* What is wrong with a box by itself; NULL: nothing. */
static const char *wrong(const orr_boundary *b)
{
    if ((int)b->kind < 0 || b->kind > ORR_SHEARING_SHEET)
        return "no such boundary";
    bool closed = false;
    for (int c = 0; c < 3; c++) {
        if (!(b->size[c] >= 0 && b->size[c] <= ORR_LARGEST))
            return "the size of a box is a length, or 0 where it is open";
        if (b->ghosts[c] < 0 || b->ghosts[c] > ORR_MOST_GHOSTS)
            return "ghosts: a number of images from 0 to 50";
        closed = closed || b->size[c] > 0;
    }
    if (b->kind == ORR_PERIODIC && !closed)
        return "a periodic box has a size in one direction at least";
    if (b->kind == ORR_SHEARING_SHEET && !(b->size[0] > 0 && b->size[1] > 0))
        return "a shearing sheet needs its sizes in x and y";
    return NULL;
}

static void tell_forces(orr_sim *sim)
{
    const orr_boundary *box = sim->boundary.kind == ORR_BOUNDARY_NONE ? NULL : &sim->boundary;
    sim->problem.boundary = box;
    for (size_t k = 0; k < sim->n_forces; k++)
        if (sim->forces[k].type->enter_box)
            sim->forces[k].type->enter_box(sim->forces[k].state, box);
}

orr_status orr_boundary_check(orr_sim *sim)
{
    orr_boundary *b = &sim->boundary;
    tell_forces(sim);
    if (b->kind == ORR_BOUNDARY_NONE)
        return ORR_OK;
    const orr_integrator *m = sim->method;
    b->shear = b->kind == ORR_SHEARING_SHEET ? shear_of(sim) : 0;
    if (!(m->traits & ORR_TAKES_BOUNDARY))
        return orr_sim_fail(sim, ORR_E_INCOMPATIBLE,
                            "integrator '%s' keeps the ways of bodies from step to step and cannot "
                            "take a boundary; leapfrog, yoshida4, rk4 and sei can",
                            m->name);
    if (b->kind == ORR_SHEARING_SHEET && !(b->shear > 0))
        return orr_sim_fail(sim, ORR_E_INCOMPATIBLE,
                            "a shearing sheet needs the integrator 'sei' with its angular speed "
                            "'Omega': Hill's equations");
    if (b->kind == ORR_PERIODIC && m->traits & ORR_SHEARS && shear_of(sim) > 0 && b->size[0] > 0)
        return orr_sim_fail(sim, ORR_E_INCOMPATIBLE,
                            "with '%s' the box must be a shearing_sheet: in a periodic one bodies "
                            "that leave in x would come in with the wrong speed",
                            m->name);
    for (size_t k = 0; k < sim->n_forces; k++)
        if (!(sim->forces[k].type->traits & ORR_FORCE_TAKES_BOUNDARY))
            return orr_sim_fail(sim, ORR_E_INCOMPATIBLE,
                                "force '%s' knows no images of bodies and cannot take a boundary",
                                sim->forces[k].type->name);
    return ORR_OK;
}

orr_status orr_sim_set_boundary(orr_sim *sim, const orr_boundary *boundary)
{
    const char *why = boundary ? wrong(boundary) : "none is given";
    if (why)
        return orr_sim_fail(sim, ORR_E_ARGUMENT, "boundary: %s", why);
    const orr_boundary was = sim->boundary;
    if (was.kind == ORR_BOUNDARY_NONE && boundary->kind == ORR_BOUNDARY_NONE)
        return ORR_OK;
    sim->boundary = *boundary;
    orr_status status = orr_boundary_check(sim);
    if (status == ORR_OK)
        status = orr_contacts_check(sim);
    if (status == ORR_OK)
        return orr_sim_begin_afresh(sim);
    sim->boundary = was;
    tell_forces(sim);
    return status;
}

orr_boundary orr_sim_boundary(const orr_sim *sim)
{
    return sim->boundary;
}

void orr_sim_wrap(orr_sim *sim)
{
    orr_bodies *b = &sim->bodies;
    if (sim->boundary.kind == ORR_BOUNDARY_NONE)
        return;
    for (size_t i = 0; i < b->n; i++) {
        double pos[3], vel[3];
        for (size_t c = 0; c < 3; c++) {
            pos[c] = b->pos[i + c * b->stride];
            vel[c] = b->vel[i + c * b->stride];
        }
        if (orr_wrap(&sim->boundary, sim->problem.t, pos, vel))
            orr_bodies_move(b, i, pos, vel);
    }
}
