/* The problems with known answers, to the digits that a double can hold, by every method that means
 * to reach them.  Set-ups are the gallery's; the values were computed in quadruple precision
 * (references in scenarios/ and in the shared list of reference problems). */
#include "check.h"

#include <orrery/scenario.h>

typedef struct point {
    double t;
    size_t body;
    double pos[3];
} point;

/* The largest coordinate error over points of a problem, met in the order of their times. */
static double error_of(const char *name, const char *integrator, const point *want, size_t n)
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

static void all_methods(const char *name, const char *const *methods, const point *want, size_t n,
                        double bound)
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
    static const point want[] = {{3, 0, {0.37061391439705129009395, -3.9434375855173920552779, 0}},
                                 {3, 1, {3.2372840920572330928033, -3.2713809739725499279207, 0}},
                                 {3, 2, {-3.2225590324183233471001, 5.2250818434565441924387, 0}},
                                 {3, 3, {0.65970914557753083593500, -2.5906124349774695108112, 0}},
                                 {3, 4, {0.34255817071565797903774, 1.1982136933922746375140, 0}},
                                 {3, 5, {1.5621721014006310160457, -0.24296823449358234091611, 0}},
                                 {3, 6, {-0.70030929222124953851473, 1.0914492404289797478821, 0}}};
    static const char *const methods[] = {
        "ias15",   "taylor",         "dop853",      "rkn12",
        "verner9", "bulirsch-stoer", "regularized", "gauss12, step: 0.0005",
        NULL};
    all_methods("pleiades", methods, want, 7, 1e-11);
}

/* The state comes back to its start, turned by T. */
static void arenstorf(void **state)
{
    (void)state;
    const double T = 17.0652165601579625588917206249;
    const point want[] = {{T, 2, {0.994 * cos(T), 0.994 * sin(T), 0}}};
    static const char *const methods[] = {"ias15",   "taylor",         "dop853", "rkn12",
                                          "verner9", "bulirsch-stoer", NULL};
    all_methods("arenstorf", methods, want, 1, 1e-9);
}

static void figure_eight(void **state)
{
    (void)state;
    const double T = 6.32591398292621;
    const point want[] = {{1, 0, {0.99358291475877291565, 0.21920494688173158353, 0}},
                          {1, 2, {-0.94284863353462399510, -0.26606619287565463214, 0}},
                          {T, 0, {0.97000435669734, -0.24308753153583, 0}}};
    static const char *const methods[] = {
        "ias15",   "taylor",         "dop853",      "rkn12",
        "verner9", "bulirsch-stoer", "regularized", "gauss12, step: 0.02",
        NULL};
    all_methods("figure-eight", methods, want, 3, 1e-12);
}

static const point pythagorean_points[] = {
    {1, 0, {0.949550134839489248569, 2.773231694945563051673, 0}},
    {2, 2, {0.086503840414225983948, -0.748531267888727817693, 0}},
    {5, 1, {-2.278202696814356931857, -0.205449538723054137147, 0}},
    {10, 0, {0.778480410138085493109, 0.141392300290086168617, 0}},
    {10, 1, {-2.025092477978198586160, 0.097219384146058396503, 0}},
    {10, 2, {1.152985736299707573063, -0.162610887490898418372, 0}},
    {20, 0, {3.0042926366963992054, 0.51192523502468586560, 0}},
    {30, 1, {-0.8779838790318499568, -0.8659638277157471534, 0}},
    {40, 0, {-0.6220036918010971223, 1.858318157899772753, 0}},
    {50, 0, {-2.701461409265525, -3.797222682722448, 0}}};

static void pythagorean(void **state)
{
    (void)state;
    static const char *const methods[] = {"ias15",   "taylor",         "dop853",      "rkn12",
                                          "verner9", "bulirsch-stoer", "regularized", NULL};
    static const char *const best[] = {"regularized", "regularized, form: ttl", NULL};
    all_methods("pythagorean", methods, pythagorean_points, 6, 1e-8);
    all_methods("pythagorean", best, pythagorean_points, 6, 1e-11);
    all_methods("pythagorean", best, pythagorean_points, 10, 1e-6);
}

static void outer_planets(void **state)
{
    (void)state;
    static const point want[] = {
        {200000, 1, {2.6110795701128633601, -5.0795254967879869638, -2.2447206778530572445}},
        {200000, 2, {-7.6691362473913092588, -4.0520522454878257950, -1.3311156697113814695}},
        {200000, 5, {36.566950698822604380, -13.767684401259625256, -15.043469221823263494}}};
    static const char *const methods[] = {
        "ias15",   "taylor",         "dop853",      "rkn12",
        "verner9", "bulirsch-stoer", "regularized", "gauss12, step: 100 day",
        NULL};
    all_methods("outer-planets", methods, want, 3, 1e-10);
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
