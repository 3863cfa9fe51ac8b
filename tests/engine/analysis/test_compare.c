/* Methods compared, through the library, on orbits that are known. */
#include "check.h"
#include "scenario_of_text.h"
#include "temporary_folder.h"

#include <orrery/compare.h>

#include <stdlib.h>

static const char kepler[] =
    "units: { length: au, mass: Msun, time: yr }\nintegrator: { method: leapfrog, step: 0.01 }\n"
    "run: { to: 20 }\nbodies:\n  - { name: Sun, mass: 1 }\n"
    "  - { name: Planet, mass: 1e-6, orbit: { around: Sun, a: 1, e: 0.3 } }\n";

static void count(const char *sentence, void *user)
{
    CHECK(*sentence);
    ++*(int *)user;
}

/* Orders, growth and the reference of two methods of which theory says all. */
static void orders_and_growth(void **state)
{
    (void)state;
    orr_scenario s = good(kepler);
    const orr_integrator *const methods[] = {orr_integrator_find("leapfrog"),
                                             orr_integrator_find("rk4")};
    const char *const steps[] = {"0.01 yr", "0.005", "1 day"};
    orr_comparison_def def = {.scenario = &s,
                              .methods = methods,
                              .n_methods = 2,
                              .steps = steps,
                              .n_steps = 3,
                              .threads = 2};
    orr_comparison *c;
    orr_diagnosis why;
    CHECK_OK(orr_comparison_plan(&def, &c, &why));
    CHECK(c->n == 6 && c->threads == 2 && c->energy_tells && !c->without_relativity);
    CHECK_NEAR(c->period, 1, 1e-4);
    assert_string_equal(c->trials[1].label, "step 0.005 yr");
    CHECK_OK(orr_comparison_run(c));
    CHECK(c->end == ORR_COMPARISON_WHOLE && s.bodies.n == 2);
    CHECK(c->reference.there && c->reference.analytic && c->reference.n == 2);
    for (size_t k = 0; k < c->n; k++) {
        const orr_trial *t = &c->trials[k];
        CHECK(t->outcome == ORR_TRIAL_DONE && t->n == ORR_COMPARISON_TIMES && !t->kept);
        CHECK(t->evaluations >= t->steps && t->steps > 0 && t->seconds > 0);
        CHECK(t->growth == (t->method == methods[0] ? ORR_GROWTH_BOUNDED : ORR_GROWTH_LINEAR));
        CHECK(t->energy_max >= fabs(t->energy_end) && t->energy_max >= t->energy_rms);
    }
    CHECK_NEAR(c->trials[2].parameter, 1 / 365.25, 1e-15);
    CHECK(c->n_orders == 2);
    for (size_t k = 0; k < 2; k++)
        CHECK(c->orders[k].method == methods[k] && c->orders[k].points == 3);
    /* rk4 loses energy in proportion to h^5, so that in time its places go wrong by that */
    CHECK_NEAR(c->orders[0].order, 2, 0.1);
    CHECK(c->orders[1].order > 3.8 && c->orders[1].order < 5.2);
    /* an error of second order: four times as large with twice the step */
    CHECK_NEAR(c->trials[0].energy_max / c->trials[1].energy_max, 4, 0.2);
    int sentences = 0;
    orr_comparison_conclude(c, count, &sentences);
    CHECK(sentences >= 2);
    const orr_trial *typical[2];
    CHECK(orr_comparison_typical(c, typical, 2) == 2 && typical[0]->method != typical[1]->method);
    orr_comparison_free(c);
    orr_scenario_free(&s);
}

/* The way of a planet about its star: an ellipse with its focus at 0. */
static void paths(void **state)
{
    (void)state;
    enum { POINTS = 100 };
    orr_scenario s = good(kepler);
    const orr_integrator *const method = orr_integrator_find("ias15");
    orr_comparison_def def = {.scenario = &s, .methods = &method, .n_methods = 1};
    orr_comparison *c;
    orr_paths p;
    orr_diagnosis why;
    CHECK_OK(orr_comparison_plan(&def, &c, &why));
    CHECK_OK(orr_comparison_paths(c, &c->trials[0], c->period, POINTS, &p, &why));
    CHECK(p.n == POINTS && p.n_bodies == 2 && p.center == 0);
    const double *x = p.xy + 2 * POINTS, *y = x + POINTS;
    for (size_t k = 0; k < POINTS; k++) {
        CHECK(p.xy[k] == 0);
        double r = hypot(x[k], y[k]), focus = hypot(x[k] + 2 * 0.3, y[k]);
        CHECK_NEAR(r + focus, 2, 1e-6);
    }
    orr_paths_free(&p);
    CHECK(orr_comparison_paths(c, &c->trials[0], 1, 1, &p, &why) == ORR_E_ARGUMENT);
    orr_comparison_free(c);
    orr_scenario_free(&s);
}

/* What was run is found again in the folder, with the same numbers. */
static void kept(void **state)
{
    (void)state;
    orr_scenario s = good(kepler);
    const orr_integrator *const method = orr_integrator_find("yoshida4");
    orr_comparison_def def = {
        .scenario = &s, .methods = &method, .n_methods = 1, .folder = folder, .threads = 1};
    orr_comparison *c[2];
    orr_diagnosis why;
    for (int k = 0; k < 2; k++) {
        CHECK_OK(orr_comparison_plan(&def, &c[k], &why));
        CHECK_OK(orr_comparison_run(c[k]));
        for (size_t i = 0; i < c[k]->n; i++)
            CHECK(c[k]->trials[i].kept == (k == 1) && c[k]->trials[i].outcome == ORR_TRIAL_DONE);
    }
    for (size_t i = 0; i < c[0]->n; i++) {
        CHECK_BITS(c[0]->trials[i].energy_max, c[1]->trials[i].energy_max);
        CHECK_BITS(c[0]->trials[i].position[200], c[1]->trials[i].position[200]);
        CHECK(c[0]->trials[i].growth == c[1]->trials[i].growth);
    }
    orr_comparison_free(c[0]);
    orr_comparison_free(c[1]);
    orr_scenario_free(&s);
}

typedef struct listener {
    int cancel;
    size_t seen;
} listener;

static void listen(void *user, const orr_comparison_progress *p)
{
    listener *l = user;
    CHECK(p->part >= 0 && p->part <= 1);
    if (p->stage == ORR_COMPARING_RUNS && ++l->seen == 3)
        l->cancel = 1;
}

/* Somebody stops it, or the time is spent: it ends soon, with what is there. */
static void ends(void **state)
{
    (void)state;
    orr_scenario s = good(kepler);
    const orr_integrator *const method = orr_integrator_find("leapfrog");
    const char *const step[] = {"1e-8", "1e-2"};
    listener l = {0};
    orr_comparison_def def = {.scenario = &s,
                              .methods = &method,
                              .n_methods = 1,
                              .steps = step,
                              .n_steps = 2,
                              .threads = 2,
                              .progress = listen,
                              .progress_user = &l,
                              .cancel = &l.cancel};
    for (int k = 0; k < 2; k++) {
        orr_comparison *c;
        orr_diagnosis why;
        CHECK_OK(orr_comparison_plan(&def, &c, &why));
        CHECK(orr_comparison_run(c) == ORR_E_STOPPED);
        CHECK(c->end == (k ? ORR_COMPARISON_OUT_OF_TIME : ORR_COMPARISON_CANCELLED));
        CHECK(c->trials[0].outcome == ORR_TRIAL_CUT_OFF && *c->trials[0].why);
        int sentences = 0;
        orr_comparison_conclude(c, count, &sentences);
        orr_comparison_free(c);
        def.cancel = NULL;
        def.seconds_total = 0.5;
    }
    orr_scenario_free(&s);
}

static void refusals(void **state)
{
    (void)state;
    orr_scenario s = good(kepler);
    const char *const bad_step[] = {"1 kg"}, *const nothing[] = {"0"};
    orr_comparison_def def = {.scenario = &s, .steps = bad_step, .n_steps = 1};
    orr_comparison *c;
    orr_diagnosis why;
    CHECK(orr_comparison_plan(&def, &c, &why) == ORR_E_ARGUMENT && !c);
    assert_string_equal(why.file, "steps");
    def.steps = nothing;
    CHECK(orr_comparison_plan(&def, &c, &why) == ORR_E_ARGUMENT && strstr(why.text, "zero"));
    orr_comparison_free(NULL);
    orr_scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(orders_and_growth), cmocka_unit_test(paths),
                                       cmocka_unit_test(kept), cmocka_unit_test(ends),
                                       cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
