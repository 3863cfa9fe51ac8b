/* Landing, directions, threads, edits, failures. */
#include "check.h"

#include <orrery/orrery.h>

#include "random_bodies.h"

/* Methods that take neither softening nor passive bodies. */
enum { POINTS_ALONE = ORR_OWN_GRAVITY | ORR_NEEDS_CHANGEOVER };

static orr_sim *make(const orr_bodies *b, const char *method, double step, int threads)
{
    orr_bodies copy = {0};
    CHECK_OK(orr_bodies_copy(&copy, b));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &copy;
    def.step = step;
    def.threads = threads;
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK(copy.n == 0);
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(method), NULL, 0));
    const orr_option soft = {"softening", 0.05, 0, NULL};
    size_t softened = !(orr_integrator_find(method)->traits & POINTS_ALONE);
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), &soft, softened));
    return sim;
}

static uint64_t hash(const orr_sim *sim)
{
    return orr_bodies_hash(orr_sim_snapshot(sim).bodies);
}

static void looking_changes_nothing(void **state)
{
    (void)state;
    orr_bodies with_passive = random_bodies(5, 1, 3, 9), without = random_bodies(5, 0, 3, 9);
    orr_bodies planets = random_planets(5, 3, 9);
    const orr_integrator *method;
    for (size_t m = 0; (method = orr_integrator_at(m)); m++) {
        bool own = method->traits & POINTS_ALONE, adaptive = method->traits & ORR_ADAPTIVE;
        const orr_bodies b = method->traits & ORR_NEEDS_STAR ? planets
                             : own                           ? without
                                                             : with_passive;
        orr_sim *plain = make(&b, method->name, 0.01, 1),
                *watched = make(&b, method->name, 0.01, 1);
        CHECK_OK(orr_sim_run_until(plain, 1.2345));
        uint64_t seed = 5;
        for (double t = 0; t < 1.2345; t += 0.03 * check_random(&seed)) {
            CHECK_OK(orr_sim_run_until(watched, t));
            CHECK_BITS(orr_sim_snapshot(watched).t, t);
            orr_conserved c;
            CHECK_OK(orr_sim_conserved(watched, &c));
        }
        CHECK_OK(orr_sim_run_until(watched, 1.2345));
        CHECK(hash(plain) == hash(watched));
        CHECK(orr_sim_count(plain).steps == orr_sim_count(watched).steps);
        CHECK(adaptive || orr_sim_count(plain).steps == 123);
        CHECK_BITS(orr_sim_snapshot(plain).t, 1.2345);
        orr_sim_destroy(plain);
        orr_sim_destroy(watched);
    }
    orr_bodies_free(&with_passive);
    orr_bodies_free(&without);
    orr_bodies_free(&planets);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(600, 20, 100, 4);
    orr_sim *one = make(&b, "leapfrog", 0.01, 1);
    CHECK_OK(orr_sim_run_until(one, 0.2));
    for (int threads = 2; threads <= 8; threads += 3) {
        orr_sim *many = make(&b, "leapfrog", 0.01, threads);
        CHECK_OK(orr_sim_run_until(many, 0.2));
        CHECK(hash(one) == hash(many));
        orr_sim_destroy(many);
    }
    orr_sim_destroy(one);
    orr_bodies_free(&b);

    orr_bodies many = random_bodies(1500, 20, 5, 8); /* enough for a team to share the targets */
    uint64_t want = 0;
    for (int threads = 1; threads <= 4; threads += 3) {
        orr_sim *sim = make(&many, "hermite6", 0, threads);
        CHECK_OK(orr_sim_run_until(sim, 1e-5));
        want = threads == 1 ? hash(sim) : want;
        CHECK(hash(sim) == want);
        orr_sim_destroy(sim);
    }
    orr_bodies_free(&many);
}

/* Every method, every instruction set, several teams: the same bits. */
static void every_method_same_bits(void **state)
{
    (void)state;
    orr_bodies with_passive = random_bodies(9, 2, 3, 6), without = random_bodies(9, 0, 3, 6);
    orr_bodies planets = random_planets(9, 40, 6);
    const orr_integrator *method;
    const char *before = orr_isa();
    for (size_t m = 0; (method = orr_integrator_at(m)); m++) {
        const orr_bodies *b = method->traits & ORR_NEEDS_STAR ? &planets
                              : method->traits & POINTS_ALONE ? &without
                                                              : &with_passive;
        const char *names[] = {"portable", "avx2", "avx512"};
        uint64_t want = 0;
        for (int k = 0; k < 3; k++)
            for (int threads = 1; threads <= 3; threads += 2) {
                if (orr_isa_select(names[k]) != ORR_OK)
                    continue;
                orr_sim *sim = make(b, method->name, 0.01, threads);
                CHECK_OK(orr_sim_run_until(sim, 0.3));
                if (k == 0 && threads == 1)
                    want = hash(sim);
                if (hash(sim) != want)
                    print_error("%s: other bits with %s, %d threads\n", method->name, names[k],
                                threads);
                CHECK(hash(sim) == want);
                orr_sim_destroy(sim);
            }
    }
    CHECK_OK(orr_isa_select(before));
    orr_bodies_free(&with_passive);
    orr_bodies_free(&without);
    orr_bodies_free(&planets);
}

/* Members of an ensemble, masses of stars too, for methods that go together and others: the bits of
 * each alone; one that fails does not disturb the others. */
static void ensembles(void **state)
{
    (void)state;
    enum { N = 37 };
    const char *methods[] = {"wh", "leapfrog", "ias15"};
    for (size_t planets = 1; planets <= 11; planets += 2)
        for (size_t m = 0; m < 3; m++)
            for (int threads = 1; threads <= 3; threads += 2) {
                orr_sim *together[N], *alone[N];
                orr_status status[N] = {0};
                for (size_t k = 0; k < N; k++) {
                    orr_bodies b = random_planets(planets + (k == 20), 0, k + 1);
                    b.gm[0] = 1 + 0.01 * (double)k;
                    together[k] = make(&b, methods[m], 0.1, 1);
                    alone[k] = make(&b, methods[m], 0.1, 1);
                    orr_bodies_free(&b);
                }
                status[3] = ORR_E_NOT_FINITE; /* it failed before */
                for (double t = 0.55; t < 3; t += 1.17) {
                    orr_sims_run_until(together, N, t, threads, status);
                    for (size_t k = 0; k < N; k++) {
                        if (k != 3) {
                            CHECK_OK(status[k]);
                            CHECK_OK(orr_sim_run_until(alone[k], t));
                            CHECK_BITS(orr_sim_snapshot(together[k]).t, t);
                        }
                        CHECK(hash(together[k]) == hash(alone[k]));
                    }
                }
                CHECK(status[3] == ORR_E_NOT_FINITE);
                for (size_t k = 0; k < N; k++) {
                    CHECK(orr_sim_count(together[k]).steps == orr_sim_count(alone[k]).steps);
                    orr_sim_destroy(together[k]);
                    orr_sim_destroy(alone[k]);
                }
            }
}

/* The layout of pairs in power series depends on how many there are of each role: all small cases,
 * every instruction set, against another method. */
static void series_of_all_roles(void **state)
{
    (void)state;
    const char *before = orr_isa();
    for (size_t active = 1; active <= 19; active++)
        for (size_t others = 0; others < 12; others += active < 12 ? 3 : 11) {
            orr_bodies b = random_bodies(active, others / 2, others - others / 2, active + others);
            const char *names[] = {"portable", "avx2", "avx512"};
            uint64_t want = 0;
            orr_sim *reference = make(&b, "ias15", 0, 1);
            CHECK_OK(orr_sim_run_until(reference, 0.1));
            for (int k = 0; k < 3; k++) {
                if (orr_isa_select(names[k]) != ORR_OK)
                    continue;
                orr_sim *sim = make(&b, "taylor", 0, 1);
                CHECK_OK(orr_sim_run_until(sim, 0.1));
                want = k == 0 ? hash(sim) : want;
                CHECK(hash(sim) == want);
                const orr_bodies *got = orr_sim_snapshot(sim).bodies,
                                 *other = orr_sim_snapshot(reference).bodies;
                for (size_t i = 0; i < b.n; i++)
                    for (size_t c = 0; c < 3; c++)
                        CHECK_NEAR(got->pos[c * b.stride + i], other->pos[c * b.stride + i], 2e-14);
                orr_sim_destroy(sim);
            }
            orr_sim_destroy(reference);
            orr_bodies_free(&b);
        }
    CHECK_OK(orr_isa_select(before));
}

static void there_and_back(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(4, 0, 0, 12);
    orr_sim *sim = make(&b, "leapfrog", 1.0 / 128, 1);
    CHECK_OK(orr_sim_run_until(sim, 1));
    CHECK_OK(orr_sim_run_until(sim, -1));
    CHECK_BITS(orr_sim_snapshot(sim).t, -1.0);
    CHECK_OK(orr_sim_run_until(sim, 0));
    const orr_bodies *now = orr_sim_snapshot(sim).bodies;
    for (size_t i = 0; i < 4; i++)
        for (size_t c = 0; c < 3; c++)
            CHECK_NEAR(now->pos[c * now->stride + i], b.pos[c * b.stride + i], 1e-13);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

static orr_status double_masses(orr_bodies *b, void *user)
{
    (void)user;
    for (size_t i = 0; i < b->n_active; i++)
        b->gm[i] *= 2;
    return ORR_OK;
}

static orr_status refuse(orr_bodies *b, void *user)
{
    (void)user;
    b->pos[0] = 1e9;
    return ORR_E_ARGUMENT;
}

static void edits(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(4, 0, 0, 12);
    orr_sim *sim = make(&b, "leapfrog", 0.01, 1);
    CHECK_OK(orr_sim_run_until(sim, 0.105));
    orr_conserved before, after;
    CHECK_OK(orr_sim_conserved(sim, &before));
    uint64_t h = hash(sim);
    CHECK(orr_sim_edit(sim, refuse, NULL) == ORR_E_ARGUMENT);
    CHECK(hash(sim) == h); /* no trace */
    CHECK_OK(orr_sim_edit(sim, double_masses, NULL));
    CHECK_OK(orr_sim_conserved(sim, &after));
    CHECK_NEAR(after.kinetic, 2 * before.kinetic, 1e-15);
    CHECK_NEAR(after.potential, 4 * before.potential, 1e-14);
    CHECK_OK(orr_sim_run_until(sim, 0.2));
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

/* With velocities half a step ahead: a refused edit changes no bit, and a change of method goes on
 * from the state that was shown. */
static void half_way_changes(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(4, 0, 0, 21);
    const orr_option half = {"form", 0, 0, "half-step"};
    uint64_t hashes[2];
    for (int refused = 0; refused < 2; refused++) {
        orr_sim *sim = make(&b, "leapfrog", 0.01, 1);
        CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("leapfrog"), &half, 1));
        for (int k = 0; k < 7; k++)
            CHECK_OK(orr_sim_step(sim, 1));
        if (refused)
            CHECK(orr_sim_edit(sim, refuse, NULL) == ORR_E_ARGUMENT);
        CHECK_OK(orr_sim_run_until(sim, 0.2));
        hashes[refused] = hash(sim);
        orr_sim_destroy(sim);
    }
    CHECK(hashes[0] == hashes[1]);

    orr_sim *sim = make(&b, "leapfrog", 0.01, 1), *whole = make(&b, "leapfrog", 0.01, 1);
    CHECK_OK(orr_sim_run_until(sim, 0.105)); /* between grid points */
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("rk4"), NULL, 0));
    CHECK_BITS(orr_sim_snapshot(sim).t, 0.105);
    CHECK_OK(orr_sim_run_until(sim, 0.2));
    CHECK_OK(orr_sim_run_until(whole, 0.2));
    const orr_bodies *p = orr_sim_snapshot(sim).bodies, *q = orr_sim_snapshot(whole).bodies;
    for (size_t i = 0; i < 4; i++)
        CHECK_NEAR(p->pos[i], q->pos[i], 1e-4);
    orr_sim_destroy(sim);
    orr_sim_destroy(whole);
    orr_bodies_free(&b);
}

/* Another step from where it is: as a simulation that begins there with that step. */
static void other_step(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(4, 0, 0, 22), middle = {0};
    orr_sim *sim = make(&b, "leapfrog", 0.01, 1);
    CHECK_OK(orr_sim_run_until(sim, 0.1));
    CHECK(orr_sim_set_step(sim, 0) == ORR_E_ARGUMENT);
    CHECK(orr_sim_set_step(sim, (double)NAN) == ORR_E_ARGUMENT);
    CHECK_OK(orr_bodies_copy(&middle, orr_sim_snapshot(sim).bodies));
    CHECK_OK(orr_sim_set_step(sim, 0.004));
    CHECK_OK(orr_sim_step(sim, 1));
    CHECK_NEAR(orr_sim_snapshot(sim).t, 0.104, 1e-15);
    orr_sim *fresh = make(&middle, "leapfrog", 0.004, 1);
    CHECK_OK(orr_sim_step(fresh, 1));
    CHECK(hash(sim) == hash(fresh));
    orr_sim_destroy(sim);
    orr_sim_destroy(fresh);
    orr_bodies_free(&b);
    orr_bodies_free(&middle);
}

static void collision_is_named(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.pos = {-1, 0, 0}, .gm = 1, .id = 7}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.pos = {-1, 0, 0}, .gm = 1, .id = 8}, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    CHECK(orr_sim_run_until(sim, 10) == ORR_E_NOT_FINITE);
    CHECK(strstr(orr_sim_message(sim), "body 7") && strstr(orr_sim_message(sim), "t = 0"));
    orr_sim_destroy(sim);
}

static void stops_on_request(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(3, 0, 0, 1);
    orr_sim *sim = make(&b, "leapfrog", 0.01, 1);
    orr_sim_request_stop(sim);
    CHECK(orr_sim_run_until(sim, 1) == ORR_E_STOPPED);
    CHECK(orr_sim_count(sim).steps == 0);
    CHECK_OK(orr_sim_run_until(sim, 1)); /* and goes on when asked again */
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

static void refuses(void **state)
{
    (void)state;
    orr_sim_def def = orr_sim_def_default();
    orr_sim *sim;
    CHECK(orr_sim_create(&def, &sim) == ORR_E_ARGUMENT && sim == NULL);
    orr_bodies b = random_bodies(2, 0, 0, 1);
    sim = make(&b, "leapfrog", 0.01, 1);
    CHECK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0) == ORR_E_INCOMPATIBLE);
    orr_option o = {"colour", 1, 0, NULL};
    CHECK(orr_sim_set_integrator(sim, orr_integrator_find("rk4"), &o, 1) == ORR_E_UNKNOWN_NAME);
    CHECK(strstr(orr_sim_message(sim), "colour"));
    CHECK(orr_sim_run_until(sim, NAN) == ORR_E_ARGUMENT);
    CHECK_OK(orr_sim_run_until(sim, 0.1)); /* the old method is still in place */
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
    for (int s = -12; s < 3; s++)
        CHECK(strlen(orr_status_text((orr_status)s)) > 3);
}

static orr_status drag_add(void *self, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    (void)self, (void)scratch;
    for (size_t k = 0; k < 3 * b->stride; k++)
        r->acc[k] -= 0.1 * b->vel[k];
    return ORR_OK;
}

/* A force from outside the registry; methods that cannot take it say so. */
static void velocity_forces(void **state)
{
    (void)state;
    static const orr_field none[] = {{0}};
    static const orr_force drag = {.name = "drag",
                                   .summary = "linear drag",
                                   .reference = "test",
                                   .traits = ORR_VELOCITY,
                                   .fields = none,
                                   .add = drag_add};
    orr_bodies b = random_bodies(1, 0, 0, 2);
    double v0 = b.vel[0];
    orr_sim *sim = make(&b, "leapfrog", 0.01, 1);
    CHECK(orr_sim_add_force(sim, &drag, NULL, 0) == ORR_E_INCOMPATIBLE);
    CHECK(strstr(orr_sim_message(sim), "leapfrog") && strstr(orr_sim_message(sim), "drag"));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("rk4"), NULL, 0));
    CHECK_OK(orr_sim_add_force(sim, &drag, NULL, 0));
    CHECK(orr_sim_set_integrator(sim, orr_integrator_find("leapfrog"), NULL, 0) ==
          ORR_E_INCOMPATIBLE);
    CHECK_OK(orr_sim_run_until(sim, 1));
    CHECK_NEAR(orr_sim_snapshot(sim).bodies->vel[0], v0 * exp(-0.1), 1e-11);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(looking_changes_nothing),
                                       cmocka_unit_test(threads_change_nothing),
                                       cmocka_unit_test(every_method_same_bits),
                                       cmocka_unit_test(ensembles),
                                       cmocka_unit_test(series_of_all_roles),
                                       cmocka_unit_test(there_and_back),
                                       cmocka_unit_test(edits),
                                       cmocka_unit_test(half_way_changes),
                                       cmocka_unit_test(other_step),
                                       cmocka_unit_test(collision_is_named),
                                       cmocka_unit_test(stops_on_request),
                                       cmocka_unit_test(refuses),
                                       cmocka_unit_test(velocity_forces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
