/* Saved states: every method and force goes on with the bits of a simulation that never stopped, in
 * other memory and with other threads; damaged states are refused. */
#include "check.h"

#include <orrery/orrery.h>

#include <stdlib.h>

#include "random_bodies.h"
#include "sim/saved_state.h"

typedef struct setup {
    const orr_integrator *method;
    const orr_option *options;
    size_t n_options;
    const char *forces[4];
    const orr_option *force_options[4];
    size_t n_force_options[4];
    const orr_bodies *bodies;
    double step;
    double within_hill; /* test bodies so close to planets are taken out; 0: none */
} setup;

static orr_sim *make(const setup *s, int threads)
{
    orr_bodies copy = {0};
    CHECK_OK(orr_bodies_copy(&copy, s->bodies));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &copy;
    def.step = s->method->traits & ORR_ADAPTIVE ? 0 : s->step;
    def.threads = threads;
    def.speed_of_light = 100;
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, s->method, s->options, s->n_options));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    for (size_t k = 0; k < 4 && s->forces[k]; k++)
        CHECK_OK(orr_sim_add_force(sim, orr_force_find(s->forces[k]), s->force_options[k],
                                   s->n_force_options[k]));
    orr_collisions rules = orr_collisions_default();
    rules.remove_within_hill = s->within_hill;
    if (s->within_hill > 0)
        CHECK_OK(orr_sim_set_collisions(sim, &rules));
    return sim;
}

static uint64_t hash(const orr_sim *sim)
{
    return orr_bodies_hash(orr_sim_snapshot(sim).bodies);
}

static bool same(const orr_event *a, const orr_event *b)
{
    return a->t == b->t && a->kind == b->kind && a->a == b->a && a->b == b->b &&
           a->separation == b->separation && a->energy == b->energy;
}

/* Equal states have equal bytes, and all of them have names. */
static void saved_again_is_the_same(orr_sim *sim, const unsigned char *data, size_t size)
{
    void *copy;
    size_t copied;
    saved_item item;
    CHECK_OK(orr_sim_save(sim, &copy, &copied));
    CHECK(copied == size && memcmp(copy, data, size) == 0);
    free(copy);
    for (size_t at = sizeof(saved_header); at < size; at += sizeof item + (item.size + 7) / 8 * 8) {
        memcpy(&item, data + at, sizeof item);
        CHECK(strlen(item.name) < sizeof item.name - 1); /* not cut off */
        if (item.kind == SAVED_REST)
            print_error("state that no field names\n");
        CHECK(item.kind != SAVED_REST);
    }
}

/* To `first`, saved there (which lies between steps), on to `last`; and the same with no pause. */
static void goes_on(const setup *s, double first, double last)
{
    orr_sim *whole = make(s, 1), *paused = make(s, 1);
    void *data;
    size_t size;
    CHECK_OK(orr_sim_run_until(whole, first));
    CHECK_OK(orr_sim_run_until(whole, last));
    CHECK_OK(orr_sim_run_until(paused, first));
    if (orr_sim_save(paused, &data, &size) != ORR_OK) {
        print_error("%s\n", orr_sim_message(paused));
        fail();
    }
    uint64_t want = hash(whole);
    size_t n_want, n_got;
    const orr_event *events = orr_sim_events(whole, &n_want);
    for (int threads = 1; threads <= 3; threads += 2) {
        orr_sim *again = make(s, threads);
        if (threads == 3) /* that it was somewhere else does not matter */
            CHECK_OK(orr_sim_run_until(again, first / 3));
        CHECK_OK(orr_sim_restore(again, data, size));
        CHECK(hash(again) == hash(paused));
        if (threads == 1)
            saved_again_is_the_same(again, data, size);
        CHECK_OK(orr_sim_run_until(again, last));
        if (hash(again) != want)
            print_error("%s: other bits after a pause\n", s->method->name);
        CHECK(hash(again) == want);
        const orr_event *e = orr_sim_events(again, &n_got);
        CHECK(n_got == n_want);
        for (size_t k = 0; k < n_want; k++)
            CHECK(same(&e[k], &events[k]));
        CHECK(orr_sim_count(again).steps == orr_sim_count(whole).steps);
        orr_sim_destroy(again);
    }
    CHECK_OK(orr_sim_run_until(paused, last)); /* saving changed nothing */
    CHECK(hash(paused) == want);
    free(data);
    orr_sim_destroy(whole);
    orr_sim_destroy(paused);
}

static void every_method(void **state)
{
    (void)state;
    orr_bodies b = random_planets(4, 0, 9);
    size_t count = 0;
    for (; orr_integrator_at(count); count++) {
        const setup s = {.method = orr_integrator_at(count), .bodies = &b, .step = 0.05};
        goes_on(&s, 3.33, 11.7);
        goes_on(&s, 0.01, 5); /* before the first step is over */
    }
    CHECK(count >= 32);
    orr_bodies_free(&b);
}

static void every_force(void **state)
{
    (void)state;
    orr_bodies b = random_planets(3, 4, 9);
    b.radius[0] = 0.01;
    const orr_option J2 = {"J2", 0.01, 0, NULL}, k2 = {"k2", 0.1, 0, NULL},
                     rate = {"rate", 0.01, 0, NULL}, beta = {"beta", 0.1, 0, NULL};
    setup s = {.method = orr_integrator_find("ias15"),
               .forces = {"relativity", "harmonics", "tides", "radiation"},
               .force_options = {NULL, &J2, &k2, &beta},
               .n_force_options = {0, 1, 1, 1},
               .bodies = &b};
    goes_on(&s, 3.33, 11.7);
    s.forces[0] = "drag", s.force_options[0] = &rate, s.n_force_options[0] = 1;
    s.method = orr_integrator_find("dop853");
    goes_on(&s, 3.33, 11.7);
    orr_bodies_free(&b);
}

/* Particles, hierarchies, mergers, many bodies. */
static void special_states(void **state)
{
    (void)state;
    orr_bodies b = random_planets(3, 40, 5), cluster = random_bodies(200, 0, 30, 4);
    const orr_option wh[] = {{"corrector", 0, 0, "17"}, {"relativity", 0, 0, "potential"}},
                     trace[] = {{"collisions", 0, 0, "merge"}};
    setup s = {.method = orr_integrator_find("wh"),
               .options = wh,
               .n_options = 2,
               .bodies = &b,
               .step = 0.1,
               .within_hill = 3};
    goes_on(&s, 7.77, 60);
    for (size_t k = 1; k < b.n_active; k++)
        b.radius[k] = 0.3; /* somebody will merge */
    b.radius[0] = 0.3;
    s.within_hill = 0;
    s.method = orr_integrator_find("trace"), s.options = trace, s.n_options = 1;
    goes_on(&s, 3.3, 40);
    s = (setup){.method = orr_integrator_find("hermite6"), .bodies = &cluster};
    goes_on(&s, 0.013, 0.05);
    orr_bodies_free(&b);
    orr_bodies_free(&cluster);
}

static void damage(void **state)
{
    (void)state;
    orr_bodies b = random_planets(3, 2, 1);
    setup s = {.method = orr_integrator_find("ias15"), .bodies = &b};
    orr_sim *sim = make(&s, 1);
    void *data;
    size_t size;
    uint64_t seed = 3;
    CHECK_OK(orr_sim_run_until(sim, 2));
    CHECK_OK(orr_sim_save(sim, &data, &size));
    orr_sim *other = make(&s, 1);
    for (size_t cut = 0; cut < size; cut += 1 + size / 200)
        CHECK(orr_sim_restore(other, data, cut) == ORR_E_FORMAT);
    for (int k = 0; k < 3000; k++) { /* a flipped byte, wherever it is */
        unsigned char *at = (unsigned char *)data + (size_t)(check_random(&seed) * (double)size),
                      was = *at;
        *at ^= (unsigned char)(1 + 254 * check_random(&seed));
        CHECK(orr_sim_restore(other, data, size) == ORR_E_FORMAT);
        *at = was;
    }
    CHECK_OK(orr_sim_restore(other, data, size));
    CHECK(hash(other) == hash(sim));
    orr_sim_destroy(other);
    s.method = orr_integrator_find("rk4"), s.step = 0.1;
    other = make(&s, 1);
    CHECK(orr_sim_restore(other, data, size) == ORR_E_FORMAT);
    CHECK(strstr(orr_sim_message(other), "another method"));
    CHECK_OK(orr_sim_run_until(other, 1)); /* as if nothing had been asked */
    orr_sim_destroy(other);
    orr_sim_destroy(sim);
    free(data);
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_method),
                                       cmocka_unit_test(every_force),
                                       cmocka_unit_test(special_states), cmocka_unit_test(damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
