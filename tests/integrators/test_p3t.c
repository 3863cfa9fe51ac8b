/* p3t: what it integrates is Newton's law of points, however it is split. */
#include "check.h"

#include <orrery/orrery.h>

#include "random_bodies.h"

static orr_sim *simulate(const orr_bodies *b, const char *method, double step, double changeover,
                         int threads)
{
    const orr_option radius = {"changeover", changeover, 0, NULL};
    bool p3t = strcmp(method, "p3t") == 0;
    orr_sim_def def = orr_sim_def_default();
    orr_bodies taken; /* by the simulation */
    CHECK_OK(orr_bodies_init(&taken, 1));
    CHECK_OK(orr_bodies_copy(&taken, b));
    def.bodies = &taken;
    def.step = step;
    def.threads = threads;
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(method), &radius, p3t ? 1 : 0));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    return sim;
}

/* Distance of body k in two simulations. */
static double apart(const orr_sim *a, const orr_sim *b, size_t k)
{
    orr_body one = orr_bodies_get(orr_sim_snapshot(a).bodies, k);
    orr_body other = orr_bodies_get(orr_sim_snapshot(b).bodies, k);
    double sum = 0;
    for (size_t c = 0; c < 3; c++)
        sum += pow(one.pos[c] - other.pos[c], 2);
    return sqrt(sum);
}

static orr_bodies three(double x)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 3));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .pos = {-x}, .vel = {0, 0.1}}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 0.5, .pos = {x, 0.02}, .vel = {0, -0.2}, .id = 1},
                            NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 0.7, .pos = {0, 1}, .vel = {0.3}, .id = 2}, NULL));
    return b;
}

/* All are near: one group, wholly inside of the changeover; far pulls are next to nothing. */
static void a_group_is_exact(void **state)
{
    (void)state;
    orr_bodies b = three(0.3);
    orr_sim *exact = simulate(&b, "ias15", 0.01, 0, 1), *sim = simulate(&b, "p3t", 0.01, 1e4, 1);
    CHECK_OK(orr_sim_run_until(exact, 1));
    CHECK_OK(orr_sim_run_until(sim, 1));
    for (size_t k = 0; k < 3; k++)
        CHECK(apart(exact, sim, k) < 1e-8);
    orr_sim_destroy(exact);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

/* Bodies cross the changeover radius: second order. */
static void crossing_is_of_second_order(void **state)
{
    (void)state;
    orr_bodies b = three(0.3);
    orr_sim *exact = simulate(&b, "ias15", 0.01, 0, 1);
    CHECK_OK(orr_sim_run_until(exact, 1));
    double error[2];
    for (int k = 0; k < 2; k++) {
        orr_sim *sim = simulate(&b, "p3t", ldexp(1, -10 - k), 0.7, 1);
        CHECK_OK(orr_sim_run_until(sim, 1));
        error[k] = apart(exact, sim, 0) + apart(exact, sim, 1) + apart(exact, sim, 2);
        orr_sim_destroy(sim);
    }
    print_message("%.2e %.2e\n", error[0], error[1]);
    CHECK(error[0] < 1e-3);
    CHECK_NEAR(log2(error[0] / error[1]), 2, 0.3);
    orr_sim_destroy(exact);
    orr_bodies_free(&b);
}

static double energy(orr_sim *sim)
{
    orr_conserved c;
    CHECK_OK(orr_sim_conserved(sim, &c));
    return c.kinetic + c.potential;
}

/* Two points that fall on each other nearly head-on, many times. */
static void close_encounters_keep_the_energy(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .pos = {-1e-3}, .vel = {0, 1e-3}}, NULL));
    CHECK_OK(
        orr_bodies_add(&b, (orr_body){.gm = 1, .pos = {1e-3}, .vel = {0, -1e-3}, .id = 1}, NULL));
    orr_sim *sim = simulate(&b, "p3t", 0.01, 10, 1);
    double before = energy(sim);
    CHECK_OK(orr_sim_run_until(sim, 0.1));
    CHECK_NEAR(energy(sim) / before, 1, 1e-6);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

/* The same bits for any number of threads; test bodies change none of massive ones. */
static void same_bits(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(300, 0, 0, 5), more = random_bodies(300, 0, 0, 5);
    CHECK_OK(orr_bodies_add(&more, (orr_body){.pos = {0.5, 0.5, 0.5}, .id = 999, .role = ORR_TEST},
                            NULL));
    orr_sim *one = simulate(&b, "p3t", 0.01, 0, 1), *two = simulate(&b, "p3t", 0.01, 0, 2);
    orr_sim *with = simulate(&more, "p3t", 0.01, 0, 1);
    CHECK_OK(orr_sim_run_until(one, 0.1));
    CHECK_OK(orr_sim_run_until(two, 0.1));
    CHECK_OK(orr_sim_run_until(with, 0.1));
    for (size_t k = 0; k < 300; k++)
        CHECK(apart(one, two, k) == 0 && apart(one, with, k) == 0);
    orr_sim_destroy(one);
    orr_sim_destroy(two);
    orr_sim_destroy(with);
    orr_bodies_free(&b);
    orr_bodies_free(&more);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_is_exact), cmocka_unit_test(crossing_is_of_second_order),
        cmocka_unit_test(close_encounters_keep_the_energy), cmocka_unit_test(same_bits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
