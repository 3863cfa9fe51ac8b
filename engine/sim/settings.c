/* settings.c - what a simulation was told, to be read again. */
#include "sim_internal.h"

orr_sim_def orr_sim_definition(const orr_sim *sim)
{
    return (orr_sim_def){.G = sim->G,
                         .t = sim->problem.t,
                         .step = sim->step,
                         .threads = sim->problem.threads,
                         .speed_of_light = sim->problem.speed_of_light,
                         .name = sim->name,
                         .name_user = sim->name_user,
                         .time_unit = *sim->time_unit ? sim->time_unit : NULL,
                         .length_unit = *sim->length_unit ? sim->length_unit : NULL};
}

const char *orr_sim_name(const orr_sim *sim, uint64_t id)
{
    return sim->name ? sim->name(sim->name_user, id) : NULL;
}

const orr_integrator *orr_sim_integrator(const orr_sim *sim)
{
    return sim->method;
}

orr_status orr_sim_integrator_option(const orr_sim *sim, const char *name, orr_option *out,
                                     char text[ORR_MOST_CHOICE_TEXT])
{
    return orr_fields_get(sim->method->fields, sim->state, name, out, text);
}

const orr_force *orr_sim_force(const orr_sim *sim, size_t k)
{
    return k < sim->n_forces ? sim->forces[k].type : NULL;
}

orr_status orr_sim_force_option(const orr_sim *sim, size_t k, const char *name, orr_option *out,
                                char text[ORR_MOST_CHOICE_TEXT])
{
    if (k >= sim->n_forces)
        return ORR_E_ARGUMENT;
    return orr_fields_get(sim->forces[k].type->fields, sim->forces[k].state, name, out, text);
}

orr_observe_fn *orr_sim_observer(const orr_sim *sim, void **user)
{
    if (user)
        *user = sim->observe_user;
    return sim->observe;
}

bool orr_sim_stop_requested(const orr_sim *sim)
{
    return atomic_load(&sim->stop) != 0;
}

orr_time orr_sim_time(const orr_sim *sim)
{
    return sim->grid.valid ? sim->grid.t : sim->t;
}

int orr_sim_direction(const orr_sim *sim)
{
    double last = sim->grid.valid ? sim->grid.last : sim->last;
    return (last > 0) - (last < 0);
}
