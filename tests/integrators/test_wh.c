/* Wisdom-Holman: orders in step and masses, coordinates, particles, relativity, refusals, bits. */
#include "check.h"

#include <orrery/orrery.h>

#include <stdlib.h>

#include "random_bodies.h"
#include "shared/planets.h"

static orr_sim *make(const orr_bodies *b, const char *method, double step, const orr_option *o,
                     size_t n)
{
    orr_bodies copy = {0};
    CHECK_OK(orr_bodies_copy(&copy, b));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &copy;
    def.step = step;
    def.threads = 1;
    def.speed_of_light = 100;
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(method), o, n));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    return sim;
}

/* Star and three planets with masses in proportion to eps. */
static orr_bodies system_of(double eps, size_t test)
{
    orr_bodies b = random_planets(3, test, 11);
    for (size_t k = 1; k < b.n_active; k++)
        b.gm[k] *= eps;
    return b;
}

static double greatest_energy_error(const orr_bodies *b, double step, const orr_option *o, size_t n)
{
    orr_sim *sim = make(b, "wh", step, o, n);
    orr_conserved c;
    CHECK_OK(orr_sim_run_until(sim, 0));
    CHECK_OK(orr_sim_conserved(sim, &c));
    double start = c.kinetic + c.potential, worst = 0;
    for (int k = 1; k <= 100; k++) {
        CHECK_OK(orr_sim_run_until(sim, k * 1.3));
        CHECK_OK(orr_sim_conserved(sim, &c));
        worst = fmax(worst, fabs((c.kinetic + c.potential) / start - 1));
    }
    orr_sim_destroy(sim);
    return worst;
}

/* The energy error of each scheme, where the masses rule and where their squares do: orders in the
 * step, measured; eps is the scale of planetary masses (1: 1e-4 of the star). */
static void orders(void **state)
{
    (void)state;
    static const struct {
        const char *scheme, *corrector, *coordinates;
        double eps, step; /* the larger of two steps, a factor of 2 apart */
        double order;     /* of the error in the step */
        double power;     /* of the (relative) error in the masses, when these shrink by 4 */
    } cases[] = {
        {"leapfrog", "none", "jacobi", 1, 0.2, 2, 1},
        {"leapfrog", "none", "democratic-heliocentric", 1, 0.2, 2, 1},
        {"leapfrog", "none", "whds", 1, 0.2, 2, 1},
        {"leapfrog", "none", "barycentric", 1, 0.2, 2, 1},
        {"leapfrog", "3", "jacobi", 0.01, 0.5, 4, 1},
        {"leapfrog", "5", "jacobi", 1e-3, 0.5, 6, 1},
        {"leapfrog", "17", "jacobi", 30, 0.2, 2, 2},
        {"leapfrog", "17", "whds", 30, 0.2, 2, 2},
        {"modified-kick", "17", "jacobi", 30, 0.3, 4, 2},
        {"lazy", "17", "jacobi", 30, 0.3, 4, 2},
        {"composition", "17", "jacobi", 30, 0.3, 4, 2},
        {"saba2", "none", "jacobi", 0.01, 1, 4, 1},
        {"saba3", "none", "jacobi", 30, 0.2, 2, 2},
        {"sabac2", "none", "jacobi", 0.01, 1, 4, 1},
        {"sabac4", "none", "jacobi", 30, 0.5, 4, 2},
        {"saba-8-4", "none", "jacobi", 30, 0.8, 4, 2},
        {"saba-10-4", "none", "jacobi", 30, 0.8, 4, 2},
        {"saba-8-6-4", "none", "democratic-heliocentric", 30, 1, 4, 2},
        {"saba-10-6-4", "none", "jacobi", 30, 1, 4, 2},
        {"sbab2", "none", "jacobi", 0.01, 0.8, 4, 1},
        {"sbab3", "none", "jacobi", 30, 0.2, 2, 2},
        {"sbabc3", "none", "jacobi", 30, 0.5, 4, 2},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const orr_option o[] = {{"scheme", 0, 0, cases[k].scheme},
                                {"corrector", 0, 0, cases[k].corrector},
                                {"coordinates", 0, 0, cases[k].coordinates}};
        orr_bodies b = system_of(cases[k].eps, 0), light = system_of(cases[k].eps / 4, 0);
        double e1 = greatest_energy_error(&b, cases[k].step, o, 3);
        double e2 = greatest_energy_error(&b, cases[k].step / 2, o, 3);
        double e3 = greatest_energy_error(&light, cases[k].step, o, 3);
        print_message("%-14s %-5s %-24s step^%.2f mass^%.2f  (%.1e)\n", cases[k].scheme,
                      cases[k].corrector, cases[k].coordinates, log2(e1 / e2), log2(e1 / e3) / 2, e1);
        orr_bodies_free(&b);
        orr_bodies_free(&light);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(orders)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
