/* block-leapfrog: leapfrog itself where all bodies take one step; what both splittings keep, and that
 * they converge; which bodies, forces and steps it takes and refuses. */
#include "check.h"

#include "random_bodies.h"
#include "simulate.h"

#include <stdlib.h>

typedef struct setting {
    const char *splitting, *criterion;
    double softening, eta, step;
    int deepest, threads;
} setting;

static orr_sim *make(const orr_bodies *b, setting s)
{
    orr_bodies copy = {0};
    CHECK_OK(orr_bodies_copy(&copy, b));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &copy;
    def.step = s.step;
    def.threads = s.threads ? s.threads : 1;
    orr_sim *sim;
    const orr_option options[] = {{"splitting", 0, 0, s.splitting ? s.splitting : "block"},
                                  {"criterion", 0, 0, s.criterion ? s.criterion : "automatic"},
                                  {"eta", s.eta, 0, NULL},
                                  {"deepest", s.deepest, 0, NULL}};
    const orr_option softening = {"softening", s.softening, 0, NULL};
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("block-leapfrog"), options, 4));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), &softening, 1));
    return sim;
}

static uint64_t hash_of(const orr_sim *sim)
{
    return orr_bodies_hash(orr_sim_snapshot(sim).bodies);
}

static double energy_of(orr_sim *sim, double momentum[3])
{
    orr_conserved c;
    CHECK_OK(orr_sim_conserved(sim, &c));
    if (momentum)
        memcpy(momentum, c.momentum, sizeof c.momentum);
    return c.kinetic + c.potential;
}

static void one_step_for_all_is_leapfrog(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(40, 3, 5, 2);
    const setting s = {.softening = 0.1, .eta = 1e6, .step = 0.01};
    const setting nested = {
        .splitting = "hierarchical", .softening = 0.1, .eta = 1e6, .step = 0.01};
    orr_sim *sim = make(&b, s), *other = make(&b, nested), *plain = make(&b, s);
    CHECK_OK(orr_sim_set_integrator(plain, orr_integrator_find("leapfrog"), NULL, 0));
    CHECK_OK(orr_sim_run_until(sim, 0.537));
    CHECK_OK(orr_sim_run_until(other, 0.537));
    CHECK_OK(orr_sim_run_until(plain, 0.537));
    CHECK(hash_of(sim) == hash_of(plain));
    CHECK(hash_of(other) == hash_of(plain));
    orr_sim_destroy(sim), orr_sim_destroy(other), orr_sim_destroy(plain);
    orr_bodies_free(&b);
}

/* Error of the energy, and what becomes of the momentum, in units of its parts. */
static double keeps(const orr_bodies *b, setting s, double *momentum, uint64_t *evaluations)
{
    orr_sim *sim = make(b, s);
    double start[3], end[3], before = energy_of(sim, start);
    CHECK_OK(orr_sim_run_until(sim, 0.5));
    double error = fabs(energy_of(sim, end) / before - 1);
    *momentum = 0;
    for (int c = 0; c < 3; c++)
        *momentum = fmax(*momentum, fabs(end[c] - start[c]));
    *evaluations = orr_sim_count(sim).evaluations;
    orr_sim_destroy(sim);
    return error;
}

/* Steps of several levels: second order in all of them; momentum is that of the forces where action
 * is reaction, and only then. */
static void both_splittings(void **state)
{
    (void)state;
    static const char *const splittings[] = {"block", "hierarchical"};
    static const char *const criteria[] = {"acceleration", "tides"};
    orr_bodies b = random_bodies(150, 0, 0, 7);
    for (int k = 0; k < 4; k++) {
        setting s = {.splitting = splittings[k / 2], .criterion = criteria[k % 2]};
        s.softening = 0.05, s.step = 0.0625, s.deepest = 20;
        double error[2], momentum[2];
        for (int fine = 0; fine < 2; fine++) {
            uint64_t evaluations;
            s.eta = k % 2 ? (fine ? 0.004 : 0.016) : (fine ? 0.0005 : 0.008);
            error[fine] = keeps(&b, s, &momentum[fine], &evaluations);
            CHECK(evaluations > 9); /* some steps are halved */
        }
        print_message("%-12s %-12s energy %.1e %.1e, momentum %.1e %.1e\n", s.splitting,
                      s.criterion, error[0], error[1], momentum[0], momentum[1]);
        CHECK(error[0] < 3e-3 && error[1] < error[0] / 5);
        CHECK(k / 2 ? momentum[0] < 1e-15 : momentum[0] > 1e-12);
    }
    orr_bodies_free(&b);
}

/* Threads, a pause, and bodies without mass change no bit of what massive ones do. */
static void same_bits(void **state)
{
    (void)state;
    static const char *const splittings[] = {"block", "hierarchical"};
    orr_bodies b = random_bodies(60, 5, 0, 5), more = random_bodies(60, 5, 0, 5);
    uint64_t seed = 3;
    for (size_t k = 0; k < 30; k++) {
        orr_body body = {.id = 1000 + k, .role = ORR_TEST};
        for (int c = 0; c < 3; c++)
            body.pos[c] = 2 * check_random(&seed) - 0.5, body.vel[c] = check_random(&seed) - 0.5;
        CHECK_OK(orr_bodies_add(&more, body, NULL));
    }
    for (int k = 0; k < 4; k++) {
        setting s = {.splitting = splittings[k / 2], .softening = k % 2 ? 0 : 0.03, .deepest = 20};
        s.eta = k % 2 ? 0.02 : 0.01, s.step = 0.05;
        orr_sim *alone = make(&b, s), *again = make(&b, s);
        s.threads = 3;
        orr_sim *with = make(&more, s), *threads = make(&b, s);
        const double times[] = {0.05, 0.13, 0.4, 0.37, 0.5};
        for (int t = 0; t < 5; t++) {
            CHECK_OK(orr_sim_run_until(alone, times[t]));
            CHECK_OK(orr_sim_run_until(with, times[t]));
            const orr_bodies *x = orr_sim_snapshot(alone).bodies,
                             *y = orr_sim_snapshot(with).bodies;
            for (size_t c = 0; c < 3; c++)
                for (size_t i = 0; i < b.n; i++) {
                    CHECK_BITS(x->pos[i + c * x->stride], y->pos[i + c * y->stride]);
                    CHECK_BITS(x->vel[i + c * x->stride], y->vel[i + c * y->stride]);
                }
        }
        void *data;
        size_t size;
        CHECK_OK(orr_sim_run_until(threads, 0.5)); /* without looks on the way */
        CHECK(hash_of(threads) == hash_of(alone));
        CHECK_OK(orr_sim_save(alone, &data, &size));
        CHECK_OK(orr_sim_restore(again, data, size));
        free(data);
        CHECK_OK(orr_sim_run_until(again, 1));
        CHECK_OK(orr_sim_run_until(threads, 1));
        CHECK(hash_of(again) == hash_of(threads));
        orr_sim_destroy(alone), orr_sim_destroy(again);
        orr_sim_destroy(with), orr_sim_destroy(threads);
    }
    orr_bodies_free(&b), orr_bodies_free(&more);
}

/* A force that tells of all bodies only acts on those that are asked for: against ias15. */
static void other_forces(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(20, 0, 0, 4);
    const orr_option plummer[] = {
        {"model", 0, 0, "plummer"}, {"GM", 3, 0, NULL}, {"a", 0.5, 0, NULL}};
    orr_sim *sim = make(&b, (setting){.softening = 0.1, .eta = 1e-4, .step = 0.02, .deepest = 20});
    orr_sim *truth = make(&b, (setting){.softening = 0.1, .eta = 1, .step = 0.02});
    CHECK_OK(orr_sim_set_integrator(truth, orr_integrator_find("ias15"), NULL, 0));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("external"), plummer, 3));
    CHECK_OK(orr_sim_add_force(truth, orr_force_find("external"), plummer, 3));
    CHECK_OK(orr_sim_run_until(sim, 1));
    CHECK_OK(orr_sim_run_until(truth, 1));
    const orr_bodies *x = orr_sim_snapshot(sim).bodies, *y = orr_sim_snapshot(truth).bodies;
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < b.n; i++)
            CHECK_NEAR(x->pos[i + c * x->stride], y->pos[i + c * y->stride], 1e-4);
    CHECK(orr_sim_count(sim).evaluations > 60);
    orr_sim_destroy(truth);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

static void what_is_refused(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(20, 0, 0, 4);
    const setting bad[] = {
        {.criterion = "acceleration", .eta = 0.02, .step = 0.1, .deepest = 20},
        {.splitting = "hierarchical", .softening = 0.1, .eta = 0.02, .step = 0.1},
        {.softening = 0.1, .eta = 1e-3, .step = 1, .deepest = 2},
        {.splitting = "hierarchical", .softening = 0.1, .eta = 1e-3, .step = 1, .deepest = 2}};
    static const char *const says[] = {"softening", "no other force", "body ", "body "};
    const orr_option point[] = {{"model", 0, 0, "point"}, {"GM", 1, 0, NULL}};
    for (int k = 0; k < 4; k++) {
        orr_sim *sim = make(&b, bad[k]);
        if (k == 1)
            CHECK_OK(orr_sim_add_force(sim, orr_force_find("external"), point, 2));
        CHECK(orr_sim_run_until(sim, 3) == (k < 2 ? ORR_E_INCOMPATIBLE : ORR_E_STEP_TOO_SMALL));
        if (!strstr(orr_sim_message(sim), says[k]))
            print_error("%s\n", orr_sim_message(sim));
        CHECK(strstr(orr_sim_message(sim), says[k]));
        CHECK(k < 2 || strstr(orr_sim_message(sim), "deepest"));
        orr_sim_destroy(sim);
    }
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_step_for_all_is_leapfrog),
                                       cmocka_unit_test(both_splittings),
                                       cmocka_unit_test(same_bits), cmocka_unit_test(other_forces),
                                       cmocka_unit_test(what_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
