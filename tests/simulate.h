/* simulate.h - a simulation of a copy of some bodies under their gravity, for tests. */
#ifndef ORRERY_TESTS_SIMULATE_H
#define ORRERY_TESTS_SIMULATE_H

#include <orrery/orrery.h>

#include "check.h"

/* On one thread; step 0 for adaptive methods. */
static inline orr_sim *simulate_with(const orr_bodies *b, const char *method, double step,
                                     const orr_option *options, size_t n, double speed_of_light)
{
    orr_bodies copy = {0};
    CHECK_OK(orr_bodies_copy(&copy, b));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &copy;
    def.step = step;
    def.threads = 1;
    def.speed_of_light = speed_of_light;
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(method), options, n));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    return sim;
}

/* With the speed of light 100. */
static inline orr_sim *simulate(const orr_bodies *b, const char *method, double step,
                                const orr_option *options, size_t n)
{
    return simulate_with(b, method, step, options, n, 100);
}

#endif
