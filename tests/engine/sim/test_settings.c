/* Whatever is set in a simulation can be read again. */
#include "check.h"

#include <orrery/orrery.h>

static const char *name_of(const void *user, uint64_t id)
{
    return ((const char *const *)user)[id];
}

static orr_sim *make(const char *const *names)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.pos = {1}, .vel = {0, 1}, .gm = 1e-3, .id = 1}, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    def.G = 0.25;
    def.t = 3;
    def.step = 0.125;
    def.threads = 2;
    def.speed_of_light = 1e4;
    def.name = names ? name_of : NULL;
    def.name_user = names;
    def.time_unit = "yr";
    def.length_unit = "au";
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    return sim;
}

static void definition(void **state)
{
    (void)state;
    const char *const names[] = {"Sun", "Earth"};
    orr_sim *sim = make(names);
    orr_sim_def d = orr_sim_definition(sim);
    CHECK_BITS(d.G, 0.25);
    CHECK_BITS(d.t, 3);
    CHECK_BITS(d.step, 0.125);
    CHECK_BITS(d.speed_of_light, 1e4);
    assert_int_equal(d.threads, 2);
    assert_string_equal(d.time_unit, "yr");
    assert_string_equal(d.length_unit, "au");
    assert_ptr_equal(d.name, name_of);
    assert_ptr_equal(d.name_user, names);
    assert_null(d.bodies);
    assert_string_equal(orr_sim_name(sim, 1), "Earth");
    CHECK_OK(orr_sim_set_step(sim, 0.5));
    CHECK_BITS(orr_sim_definition(sim).step, 0.5);

    /* another one from it, with nothing forgotten */
    orr_bodies copy = {0};
    CHECK_OK(orr_bodies_copy(&copy, orr_sim_snapshot(sim).bodies));
    d.bodies = &copy;
    orr_sim *other;
    CHECK_OK(orr_sim_create(&d, &other));
    orr_sim_def e = orr_sim_definition(other);
    CHECK_BITS(e.G, d.G);
    assert_string_equal(e.time_unit, "yr");
    orr_sim_destroy(other);
    orr_sim_destroy(sim);
}

/* Every option of every method and force, as it was set and as it was left alone. */
static void options(void **state)
{
    (void)state;
    orr_sim *sim = make(NULL);
    assert_null(orr_sim_name(sim, 0));
    assert_string_equal(orr_sim_integrator(sim)->name, "leapfrog");
    char text[ORR_MOST_CHOICE_TEXT];
    orr_option got;
    size_t seen = 0;
    const orr_integrator *m;
    for (size_t i = 0; (m = orr_integrator_at(i)); i++)
        for (const orr_field *f = m->fields; f && f->name; f++) {
            if (!(f->role & ORR_OPTION) || f->role & ORR_REQUIRED)
                continue;
            double set = f->min < f->max ? f->max : f->fallback;
            char last[ORR_MOST_CHOICE_TEXT] = "";
            int choices = 0;
            while (f->type == ORR_CHOICE && orr_field_choice(f, choices, last, sizeof last))
                choices++;
            orr_option o = {.name = f->name, .number = set, .upper = set, .text = last};
            if (f->type == ORR_BOOL)
                o.number = 1;
            CHECK_OK(orr_sim_set_integrator(sim, m, &o, 1));
            CHECK(orr_sim_integrator(sim) == m);
            CHECK_OK(orr_sim_integrator_option(sim, f->name, &got, text));
            assert_string_equal(got.name, f->name);
            if (f->type == ORR_CHOICE)
                assert_string_equal(got.text, last);
            else
                CHECK_BITS(got.number, o.number);
            if (f->type == ORR_RANGE)
                CHECK_BITS(got.upper, o.upper);
            CHECK_OK(orr_sim_set_integrator(sim, m, &got, 1)); /* it is what is set */
            CHECK_OK(orr_sim_set_integrator(sim, m, NULL, 0));
            CHECK_OK(orr_sim_integrator_option(sim, f->name, &got, text));
            CHECK_BITS(got.number, f->fallback);
            seen++;
        }
    CHECK(seen > 20);
    assert_int_equal(orr_sim_integrator_option(sim, "nonsense", &got, text), ORR_E_UNKNOWN_NAME);

    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("ias15"), NULL, 0));
    assert_null(orr_sim_force(sim, 0));
    orr_option softening = {.name = "softening", .number = 0.01};
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), &softening, 1));
    CHECK(orr_sim_force(sim, 0) == orr_force_find("direct"));
    assert_null(orr_sim_force(sim, 1));
    CHECK_OK(orr_sim_force_option(sim, 0, "softening", &got, text));
    CHECK_BITS(got.number, 0.01);
    assert_int_equal(orr_sim_force_option(sim, 1, "softening", &got, text), ORR_E_ARGUMENT);
    assert_int_equal(orr_sim_force_option(sim, 0, "k", &got, text), ORR_E_UNKNOWN_NAME);
    orr_sim_destroy(sim);
}

static void count(const orr_sim *sim, void *user)
{
    (void)sim;
    ++*(int *)user;
}

/* A time whose low part matters; a landing between steps does not move it. */
static void time_and_direction(void **state)
{
    (void)state;
    orr_sim *sim = make(NULL);
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    CHECK_OK(orr_sim_set_step(sim, 0.1));
    assert_int_equal(orr_sim_direction(sim), 0);
    int calls = 0;
    void *user;
    assert_null(orr_sim_observer(sim, NULL));
    orr_sim_observe(sim, count, &calls);
    assert_ptr_equal(orr_sim_observer(sim, &user), count);
    assert_ptr_equal(user, &calls);
    for (int k = 0; k < 1000; k++)
        CHECK_OK(orr_sim_step(sim, 1));
    assert_int_equal(calls, 1000);
    orr_time t = orr_sim_time(sim);
    CHECK(t.low != 0);
    /* 3 + 1000 * 0.1, where 0.1 is the double: 0.1 + 5.551115123125783e-18 */
    CHECK_NEAR((t.high - 103) + t.low, 5.551115123125783e-15, 1e-22);
    assert_int_equal(orr_sim_direction(sim), 1);
    CHECK_OK(orr_sim_run_until(sim, 103.05));
    CHECK_BITS(orr_sim_snapshot(sim).t, 103.05);
    CHECK_BITS(orr_sim_time(sim).high, t.high);
    CHECK_BITS(orr_sim_time(sim).low, t.low);
    assert_int_equal(orr_sim_direction(sim), 1);
    CHECK_OK(orr_sim_run_until(sim, 90));
    assert_int_equal(orr_sim_direction(sim), -1);

    CHECK(!orr_sim_stop_requested(sim));
    orr_sim_request_stop(sim);
    CHECK(orr_sim_stop_requested(sim));
    orr_sim_destroy(sim);
}

static void create_says_why(void **state)
{
    (void)state;
    orr_diagnosis why;
    orr_bodies b = {0}, none = {0};
    CHECK_OK(orr_bodies_init(&b, 1));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
    static const struct {
        orr_sim_def def;
        const char *says;
    } cases[] = {{{.G = 0, .step = 1}, "G must be"},
                 {{.G = 1, .step = -1}, "step"},
                 {{.G = 1, .step = 1, .t = INFINITY}, "time"},
                 {{.G = 1, .step = 1, .speed_of_light = -3}, "speed of light"},
                 {{.G = 1, .step = 1, .threads = -1}, "threads"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        orr_sim_def def = cases[k].def;
        def.bodies = &b;
        def.why = &why;
        orr_sim *sim;
        assert_int_equal(orr_sim_create(&def, &sim), ORR_E_ARGUMENT);
        assert_null(sim);
        assert_non_null(strstr(why.text, cases[k].says));
    }
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &none;
    def.why = &why;
    orr_sim *sim;
    assert_int_equal(orr_sim_create(&def, &sim), ORR_E_ARGUMENT);
    assert_non_null(strstr(why.text, "bodies"));
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(definition), cmocka_unit_test(options),
                                       cmocka_unit_test(time_and_direction),
                                       cmocka_unit_test(create_says_why)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
