/* The problems with known answers, to the digits that a double can hold, by every method that means
 * to reach them.  Set-ups are the gallery's; the values were computed in quadruple precision
 * (references in scenarios/ and in the shared list of reference problems). */
#include "check.h"
#include "analysis/reference_values.h"

#include <orrery/scenario.h>

#define PLACES(table) table, sizeof table / sizeof *table

/* The largest coordinate error over points of a problem, met in the order of their times. */
static double error_of(const char *name, const char *integrator, const reference_place *want,
                       size_t n)
{
    char path[512], set[200];
    const char *list[] = {set, "expect=[]"};
    const orr_scenario_changes changes = {.set = list, .n_set = 2};
    orr_scenario s;
    orr_diagnosis why;
    orr_sim *sim;
    snprintf(path, sizeof path, "%s/scenarios/%s.yaml", SOURCE_DIR, name);
    snprintf(set, sizeof set, "integrator={ method: %s }", integrator);
    CHECK_OK(orr_scenario_load(path, &changes, &s, &why));
    CHECK_OK(orr_sim_from_scenario(&s, 1, &sim, &why));
    double worst = 0;
    for (size_t k = 0; k < n; k++) {
        orr_status status = orr_sim_run_until(sim, want[k].t);
        if (status != ORR_OK)
            print_error("%s with %s: %s\n", name, integrator, orr_sim_message(sim));
        CHECK_OK(status);
        orr_body b = orr_bodies_get(orr_sim_snapshot(sim).bodies, want[k].body);
        for (int c = 0; c < 3; c++)
            worst = fmax(worst, fabs(b.pos[c] - want[k].pos[c]));
    }
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return worst;
}

static void all_methods(const char *name, const char *const *methods, const reference_place *want,
                        size_t n, double bound)
{
    for (size_t m = 0; methods[m]; m++) {
        double error = error_of(name, methods[m], want, n);
        print_message("%-14s %-28s error %.1e\n", name, methods[m], error);
        if (!(error < bound))
            print_error("%s with %s: %.2e is not below %.0e\n", name, methods[m], error, bound);
        CHECK(error < bound);
    }
}

static void pleiades(void **state)
{
    (void)state;
    static const char *const methods[] = {
        "ias15",   "taylor",         "dop853",      "rkn12",
        "verner9", "bulirsch-stoer", "regularized", "gauss12, step: 0.0005",
        NULL};
    all_methods("pleiades", methods, PLACES(reference_pleiades), 1e-11);
}

/* The state comes back to its start, turned by T. */
static void arenstorf(void **state)
{
    (void)state;
    static const char *const methods[] = {"ias15",   "taylor",         "dop853", "rkn12",
                                          "verner9", "bulirsch-stoer", NULL};
    all_methods("arenstorf", methods, PLACES(reference_arenstorf), 1e-9);
}

static void figure_eight(void **state)
{
    (void)state;
    static const char *const methods[] = {
        "ias15",   "taylor",         "dop853",      "rkn12",
        "verner9", "bulirsch-stoer", "regularized", "gauss12, step: 0.02",
        NULL};
    all_methods("figure-eight", methods, PLACES(reference_eight), 1e-12);
}

static void pythagorean(void **state)
{
    (void)state;
    static const char *const methods[] = {"ias15",   "taylor",         "dop853",      "rkn12",
                                          "verner9", "bulirsch-stoer", "regularized", NULL};
    static const char *const best[] = {"regularized", "regularized, form: ttl", NULL};
    all_methods("pythagorean", methods, PLACES(reference_burrau), 1e-8);
    all_methods("pythagorean", best, PLACES(reference_burrau), 1e-11);
    all_methods("pythagorean", best, PLACES(reference_burrau_late), 1e-6);
}

static void outer_planets(void **state)
{
    (void)state;
    static const char *const methods[] = {
        "ias15",   "taylor",         "dop853",      "rkn12",
        "verner9", "bulirsch-stoer", "regularized", "gauss12, step: 100 day",
        NULL};
    all_methods("outer-planets", methods, PLACES(reference_outer), 1e-10);
}

/* ---- collisions that are no obstacle to regularised motion ---- */

static orr_sim *binary(double e, const char *method)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 2));
    double u = sqrt((1 - e) / (1 + e)); /* from the apocentre, a = 1, total mass 1 */
    for (size_t k = 0; k < 2; k++) {
        double side = k ? 0.5 : -0.5;
        CHECK_OK(orr_bodies_add(
            &b, (orr_body){.pos = {side * (1 + e)}, .vel = {0, side * u}, .gm = 0.5, .id = k},
            NULL));
    }
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    def.threads = 1;
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(method), NULL, 0));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    return sim;
}

static void eccentric_binaries(void **state)
{
    (void)state;
    static const double eccentricities[] = {0, 0.5, 0.9, 0.99, 0.999999, 1};
    const double period = 2 * 3.14159265358979323846;
    for (int k = 0; k < 6; k++) {
        double e = eccentricities[k];
        orr_sim *sim = binary(e, "regularized");
        CHECK_OK(orr_sim_run_until(sim, 100 * period));
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        double x = b->pos[1] - b->pos[0] - (1 + e), y = b->pos[b->stride + 1] - b->pos[b->stride];
        print_message("e = %-9g 100 orbits: error %.1e\n", e, hypot(x, y));
        CHECK(hypot(x, y) < (e < 0.9 ? 1e-9 : 1e-10));
        orr_sim_destroy(sim);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pleiades),      cmocka_unit_test(arenstorf),
        cmocka_unit_test(figure_eight),  cmocka_unit_test(pythagorean),
        cmocka_unit_test(outer_planets), cmocka_unit_test(eccentric_binaries)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
