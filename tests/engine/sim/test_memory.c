/* Memory stays flat: what a force takes for an evaluation is given back after it, however many
 * evaluations a step has. */
#include "check.h"

#include <orrery/orrery.h>

#include "random_bodies.h"
#include "sim/sim_internal.h"
#include "simulate.h"

static size_t held(const orr_sim *sim)
{
    return orr_arena_held(&sim->memory) + orr_arena_held(&sim->force_memory) +
           orr_arena_held(&sim->scratch);
}

static size_t most; /* of scratch that was held in an evaluation */

static orr_status watch(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    (void)state, (void)b, (void)r;
    most = orr_arena_held(scratch) > most ? orr_arena_held(scratch) : most;
    return ORR_OK;
}

static const orr_field none[] = {{0}};
static const orr_force watcher = {
    .name = "watcher", .traits = ORR_VELOCITY, .fields = none, .add = watch};

/* Scratch of one evaluation of EIH for n bodies [byte], with what rounds it up. */
static size_t evaluation(size_t n)
{
    return (n * n + 4 * n) * sizeof(double) + 3 * 64 + 64 * 1024;
}

static void of(size_t n, const char *method, double step, double until, double end)
{
    orr_bodies b = n < 20 ? random_planets(n - 1, 0, 5) : random_bodies(n, 0, 0, 5);
    orr_sim *sim = simulate(&b, method, step, NULL, 0);
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("relativity"), NULL, 0));
    CHECK_OK(orr_sim_add_force(sim, &watcher, NULL, 0));
    most = 0;
    CHECK_OK(orr_sim_run_until(sim, until));
    const size_t first = most, kept = held(sim);
    CHECK(orr_sim_count(sim).evaluations > 20 && first > 0);
    CHECK(first <= evaluation(n) + 100 * n * sizeof(double)); /* and some of the method's own */
    CHECK_OK(orr_sim_run_until(sim, end));
    CHECK(most == first && held(sim) == kept);
    CHECK(orr_arena_used(&sim->scratch) == 0);
    orr_conserved unused;
    CHECK_OK(orr_sim_conserved(sim, &unused));
    CHECK(held(sim) == kept);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

static void over_steps_and_evaluations(void **state)
{
    (void)state;
    of(14, "ias15", 0, 5, 60);
    of(14, "dop853", 0, 5, 60);
    of(800, "ias15", 0, 1e-9, 3e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(over_steps_and_evaluations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
