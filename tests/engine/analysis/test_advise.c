/* What is advised for a scenario, and what it is warned of. */
#include "check.h"
#include "scenario_of_text.h"

#include <orrery/advise.h>
#include <orrery/force_error.h>

#define UNITS "units: { length: au, mass: Msun, time: day }\n"
#define HEAD  UNITS "integrator: { method: leapfrog, step: 1 day }\nrun: { to: 1 yr }\n"

static bool warned(const orr_advice *a, const char *text)
{
    for (size_t k = 0; k < a->n_warnings; k++)
        if (strstr(a->warnings[k], text))
            return true;
    return false;
}

static void of_a_hot_planet(void **state)
{
    (void)state;
    orr_scenario s =
        good(HEAD "bodies:\n  - { name: Sun, mass: 1 }\n"
                  "  - { name: Hot, mass: 1 Mjup, orbit: { around: Sun, P: 10 day, e: 0.5 } }\n"
                  "  - { name: Gone, role: test, position: [1, 0, 0], velocity: [0, 1, 0] }\n");
    orr_advice a = orr_scenario_advise(&s);
    const orr_orbit_scales *o = &a.orbits;
    CHECK(o->has_orbit && o->shortest.body == 1 && o->shortest.around == 0 && o->dominated);
    CHECK_NEAR(o->shortest.period, 10, 1e-12);
    CHECK_NEAR(o->shortest.peri_time, 10 * pow(0.5, 1.5) / sqrt(1.5), 1e-12);
    CHECK(strcmp(a.method, "taylor") == 0 && a.step == 0 && strstr(a.reason, "blanes-moan6"));
    CHECK(a.leapfrog_step <= o->shortest.peri_time / 250);
    CHECK(o->n_unbound == 1 && o->first_unbound == 2);
    CHECK(a.n_warnings == 2 && strstr(a.warnings[0], "Hot") && strstr(a.warnings[1], "Gone"));
    orr_scenario_free(&s);
}

/* The steps of block methods suit star clusters; for orbits that last, `check` says what does. */
static void of_block_steps(void **state)
{
    (void)state;
    const struct {
        const char *method;
        const char *warns; /* NULL: not */
    } cases[] = {{"hermite6", "'tolerance: 0.2'"},
                 {"hermite4", "'tolerance: 0.002'"},
                 {"hermite6, tolerance: 0.2", NULL},
                 {"hermite4, tolerance: 0.003", NULL},
                 {"ias15", NULL}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[600];
        snprintf(text, sizeof text,
                 "units: { length: au, mass: Msun, time: yr }\nintegrator: { method: %s }\n"
                 "run: { to: 100 }\noutput: { every: 10 }\nbodies:\n  - { name: Sun, mass: 1 }\n"
                 "  - { name: Earth, mass: 3e-6, orbit: { around: Sun, a: 1 } }\n",
                 cases[k].method);
        orr_scenario s = good(text);
        orr_advice a = orr_scenario_advise(&s);
        CHECK(a.n_warnings == (cases[k].warns ? 1 : 0));
        if (cases[k].warns)
            CHECK(strstr(a.warnings[0], cases[k].warns));
        orr_scenario_free(&s);
    }
}

/* Which method for whom. */
static void methods(void **state)
{
    (void)state;
    const struct {
        const char *bodies, *method;
    } cases[] = {{"run: { to: 1e5 yr }\nbodies:\n  - { name: Sun, mass: 1 }\n" /* many orbits */
                  "  - { name: A, mass: 1e-3, orbit: { around: Sun, a: 1 } }\n"
                  "  - { name: B, mass: 1e-3, orbit: { around: Sun, a: 5 } }\n",
                  "wh"},
                 {"run: { to: 1 yr }\nbodies:\n" /* three of the same mass */
                  "  - { name: A, mass: 1, position: [1, 0, 0], velocity: [0, 0, 0] }\n"
                  "  - { name: B, mass: 1, position: [0, 1, 0], velocity: [0, 0, 0] }\n"
                  "  - { name: C, mass: 1, position: [-1, 0, 0], velocity: [0, 0, 0] }\n",
                  "regularized"},
                 {"run: { to: 1 yr }\nbodies:\n  - { name: Sun, mass: 1 }\n" /* nobody is bound */
                  "  - { name: Gone, role: test, position: [1, 0, 0], velocity: [0, 1, 0] }\n",
                  "taylor"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[900];
        snprintf(text, sizeof text, UNITS "integrator: { method: leapfrog, step: 1 day }\n%s",
                 cases[k].bodies);
        orr_scenario s = good(text);
        orr_advice a = orr_scenario_advise(&s);
        if (strcmp(a.method, cases[k].method) != 0)
            print_error("case %zu: %s\n", k, a.method);
        CHECK(strcmp(a.method, cases[k].method) == 0 && *a.reason);
        orr_scenario_free(&s);
    }
}

/* Each trap has its warning; a scenario without traps has none. */
static void warnings(void **state)
{
    (void)state;
    const struct {
        const char *step, *to, *every;
        const char *says; /* NULL: nothing */
    } cases[] = {{"1 day", "1 yr", "10 day", NULL},
                 {"30 day", "1 yr", "10 day", "the step is too long"},
                 {"1 day", "1 yr", "2 yr", "output.every"},
                 {"1 day", "5 day", "1 day", "the run (5 day) is short"},
                 {"1 day", "1e5 yr", "0.1 day", "the output will take"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[600];
        snprintf(text, sizeof text,
                 UNITS "integrator: { method: leapfrog, step: %s }\nrun: { to: %s }\n"
                       "output: { every: %s }\nbodies:\n  - { name: Sun, mass: 1 }\n"
                       "  - { name: Earth, mass: 3e-6, orbit: { around: Sun, a: 1 } }\n",
                 cases[k].step, cases[k].to, cases[k].every);
        orr_scenario s = good(text);
        orr_advice a = orr_scenario_advise(&s);
        CHECK(a.n_warnings == (cases[k].says ? 1 : 0));
        CHECK(!cases[k].says || warned(&a, cases[k].says));
        orr_scenario_free(&s);
    }
}

/* Gravity to an accuracy. */
static void of_trees(void **state)
{
    (void)state;
    const struct {
        const char *method, *every, *warns; /* NULL: of nothing */
    } cases[] = {{"leapfrog, step: 0.01", "0.1", NULL},
                 {"leapfrog, step: 0.01", "0.001", "10 times as long"},
                 {"block-leapfrog, step: 0.01", "0.1", NULL},
                 {"dop853", "0.1", "more digits"},
                 {"dopri5, tolerance: 1e-2", "0.1", NULL},
                 {"ias15", "0.1", "more digits"},
                 {"gauss8, step: 0.01", "0.1", "more digits"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[600];
        snprintf(text, sizeof text,
                 "units: { G: 1 }\nintegrator: { method: %s }\nrun: { to: 1 }\n"
                 "gravity: { solver: fmm, accuracy: 1e-3, softening: 0.05 }\n"
                 "output: { every: %s }\ngroups:\n"
                 "  - { generate: plummer, name: s, count: 1500, mass: 1, radius: 0.5, seed: 1 }\n",
                 cases[k].method, cases[k].every);
        orr_scenario s = good(text);
        orr_advice a = orr_scenario_advise(&s);
        CHECK(cases[k].warns ? warned(&a, cases[k].warns) : a.n_warnings == 0);
        orr_scenario_free(&s);
    }
}

/* As many bodies as are measured, or some more: each once (one seen twice counted twice). */
static void force_errors(void **state)
{
    (void)state;
    for (size_t n = 90; n <= 1100; n += 101) {
        char text[400];
        snprintf(text, sizeof text,
                 "units: { G: 1 }\nintegrator: { method: leapfrog, step: 0.01 }\nrun: { to: 1 }\n"
                 "gravity: { solver: fmm, accuracy: 1e-3 }\ngroups:\n"
                 "  - { generate: plummer, name: s, count: %zu, mass: 1, radius: 1, seed: 1 }\n",
                 n);
        orr_scenario s = good(text);
        orr_force_error e;
        CHECK_OK(orr_scenario_force_error(&s, 1000, false, 1, &e));
        CHECK(e.sampled == (n < 1000 ? n : 1000));
        CHECK(e.rms < 1e-3 && e.largest < 0.05);
        orr_scenario_free(&s);
    }
}

/* Numbers that are none. */
static void found_by_fuzzing(void **state)
{
    (void)state;
    orr_scenario s;
    orr_diagnosis why;
    CHECK_OK(orr_scenario_load(SOURCE_DIR "/tests/fuzz/found/exp-of-nan.yaml", NULL, &s, &why));
    CHECK(orr_scenario_advise(&s).method);
    orr_scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_hot_planet), cmocka_unit_test(of_block_steps),
        cmocka_unit_test(of_trees),        cmocka_unit_test(force_errors),
        cmocka_unit_test(methods),         cmocka_unit_test(warnings),
        cmocka_unit_test(found_by_fuzzing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
