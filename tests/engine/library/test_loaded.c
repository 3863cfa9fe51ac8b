/* The shared library opened by dlopen(), as other languages do: nothing of it is linked. */
#include "check.h"

#include <orrery/orrery.h>

#include <dlfcn.h>
#include <stdlib.h>

static void *library;

/* LOADED(orr_sim_step): a pointer to that function, of its type. */
#define LOADED(name)                                                                               \
    __typeof__(&name) name##_;                                                                     \
    do {                                                                                           \
        void *loaded_at = dlsym(library, #name);                                                   \
        assert_non_null(loaded_at);                                                                \
        memcpy(&name##_, &loaded_at, sizeof loaded_at);                                            \
    } while (0)

static int load(void **state)
{
    (void)state;
    library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        print_error("%s\n", dlerror());
    return !library;
}

static void sizes_and_version_fit(void **state)
{
    (void)state;
    LOADED(orr_abi_compare);
    LOADED(orr_type_size_at);
    char why[300];
#define SIZE(type) {#type, sizeof(type)},
    orr_type_size mine[] = {ORR_ABI_TYPES(SIZE)};
    const size_t n = sizeof mine / sizeof *mine;
    CHECK(n > 40);
    CHECK_OK(orr_abi_compare_(ORR_VERSION, mine, n, why, sizeof why));
    assert_string_equal(why, "");
    for (size_t k = 0; k < n; k++)
        assert_string_equal(mine[k].name, orr_type_size_at_(k)->name);
    assert_null(orr_type_size_at_(n));

    mine[7].size += 8;
    assert_int_equal(orr_abi_compare_(ORR_VERSION, mine, n, why, sizeof why), ORR_E_INCOMPATIBLE);
    assert_non_null(strstr(why, mine[7].name));
    mine[7].size -= 8;
    mine[3].name = "orr_of_tomorrow";
    assert_int_equal(orr_abi_compare_(ORR_VERSION, mine, n, why, sizeof why), ORR_E_INCOMPATIBLE);
    assert_non_null(strstr(why, "no structure 'orr_of_tomorrow'"));
    assert_int_equal(orr_abi_compare_("0.0.9", mine, n, why, sizeof why), ORR_E_INCOMPATIBLE);
    assert_non_null(strstr(why, "0.0.9"));
}

/* A circle of radius 1 and period 2 pi comes back; its state goes through save and restore. */
static void runs_and_saves(void **state)
{
    (void)state;
    LOADED(orr_bodies_init);
    LOADED(orr_bodies_add);
    LOADED(orr_bodies_get);
    LOADED(orr_sim_def_default);
    LOADED(orr_sim_create);
    LOADED(orr_sim_destroy);
    LOADED(orr_sim_set_integrator);
    LOADED(orr_sim_add_force);
    LOADED(orr_force_find);
    LOADED(orr_integrator_find);
    LOADED(orr_sim_run_until);
    LOADED(orr_sim_snapshot);
    LOADED(orr_sim_save);
    LOADED(orr_sim_restore);

    static const char *const methods[] = {"ias15", "wh", "leapfrog", "gauss12", "hermite4"};
    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
        orr_bodies bodies;
        CHECK_OK(orr_bodies_init_(&bodies, 2));
        CHECK_OK(orr_bodies_add_(&bodies, (orr_body){.gm = 1}, NULL));
        CHECK_OK(orr_bodies_add_(
            &bodies, (orr_body){.pos = {1}, .vel = {0, 1}, .id = 1, .role = ORR_TEST}, NULL));
        orr_sim_def def = orr_sim_def_default_();
        def.bodies = &bodies;
        def.step = 0.001;
        def.threads = 1;
        orr_sim *sim;
        CHECK_OK(orr_sim_create_(&def, &sim));
        CHECK_OK(orr_sim_set_integrator_(sim, orr_integrator_find_(methods[m]), NULL, 0));
        CHECK_OK(orr_sim_add_force_(sim, orr_force_find_("direct"), NULL, 0));
        CHECK_OK(orr_sim_run_until_(sim, 3.1));

        void *data;
        size_t size;
        CHECK_OK(orr_sim_save_(sim, &data, &size));
        CHECK_OK(orr_sim_run_until_(sim, 6.283185307179586));
        orr_body once = orr_bodies_get_(orr_sim_snapshot_(sim).bodies, 1);
        CHECK_NEAR(once.pos[0], 1, 1e-5);
        CHECK_NEAR(once.pos[1], 0, 1e-3); /* hermite4 least of all */
        CHECK_OK(orr_sim_restore_(sim, data, size));
        CHECK_OK(orr_sim_run_until_(sim, 6.283185307179586));
        orr_body again = orr_bodies_get_(orr_sim_snapshot_(sim).bodies, 1);
        CHECK_BITS(once.pos[0], again.pos[0]);
        CHECK_BITS(once.vel[1], again.vel[1]);
        free(data);
        orr_sim_destroy_(sim);
    }
}

#if ORR_WITH_IO
/* A plugin that calls the library finds it, although that was opened with RTLD_LOCAL. */
static void plugin_finds_it(void **state)
{
    (void)state;
    LOADED(orr_scenario_parse);
    LOADED(orr_scenario_free);
    LOADED(orr_sim_from_scenario);
    LOADED(orr_sim_run_until);
    LOADED(orr_sim_force);
    LOADED(orr_sim_destroy);
    const char *text = "units: { G: 1 }\n"
                       "integrator: { method: leapfrog, step: 0.01 }\n"
                       "run: { to: 1 }\n"
                       "output: { file: unused.h5, every: 1 }\n"
                       "forces: [{ plugin: \"" PLUGIN "\" }]\n"
                       "bodies:\n"
                       "  - { name: A, mass: 1 }\n"
                       "  - { name: B, role: test, position: [1, 0, 0], velocity: [0, 1, 0] }\n";
    orr_scenario s;
    orr_diagnosis why;
    orr_sim *sim;
    orr_status status = orr_scenario_parse_(
        "text", text, strlen(text), &(orr_scenario_changes){.allow_plugins = true}, &s, &why);
    if (status != ORR_OK)
        print_error("%d: %s\n", why.line, why.text);
    CHECK_OK(status);
    CHECK_OK(orr_sim_from_scenario_(&s, 1, &sim, &why));
    assert_string_equal(orr_sim_force_(sim, 1)->name, "calling");
    CHECK_OK(orr_sim_run_until_(sim, 1));
    orr_sim_destroy_(sim);
    orr_scenario_free_(&s);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_version_fit),
        cmocka_unit_test(runs_and_saves),
#if ORR_WITH_IO
        cmocka_unit_test(plugin_finds_it)
#endif
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
