/* Brouwer's law: where only round-off is left, the energy error is a random walk, in proportion to
 * t^(1/2).  Brouwer 1937, AJ 46, 149, doi 10.1086/105423.
 *
 *     test_integrators_brouwer METHOD ORBITS RUNS
 *
 * integrates the Sun and the four giants for ORBITS revolutions of Jupiter, RUNS times with masses
 * that differ by a part in 1e7, and checks the root mean square of the energy error: below 1e-14 up
 * to 1e4 orbits; from 1e5 orbits on, its exponent of growth.  Without arguments: 1e4 orbits. */
#include "check.h"

#include <orrery/scenario.h>

#include <stdlib.h>

enum { MOST_TIMES = 40, LOOKS = 40 };

static const double period = 4332.6; /* of Jupiter [day] */

static double energy(orr_sim *sim)
{
    orr_conserved c;
    CHECK_OK(orr_sim_conserved(sim, &c));
    return c.kinetic + c.potential;
}

static orr_sim *giants(const char *method, int run, orr_scenario *s)
{
    char set[2][96], path[512];
    const char *list[] = {set[0], set[1], "recenter=true", "expect=[]"};
    const orr_scenario_changes changes = {.set = list, .n_set = 4};
    orr_diagnosis why;
    orr_sim *sim;
    snprintf(path, sizeof path, "%s/scenarios/outer-planets.yaml", SOURCE_DIR);
    snprintf(set[0], sizeof set[0], "integrator={ method: %s }", method);
    snprintf(set[1], sizeof set[1], "bodies.1.mass=%.17g", 0.000954786104043 * (1 + 1e-7 * run));
    CHECK_OK(orr_scenario_load(path, &changes, s, &why));
    CHECK_OK(orr_bodies_remove(&s->bodies, 5)); /* Pluto */
    CHECK_OK(orr_sim_from_scenario(s, 1, &sim, &why));
    return sim;
}

static void random_walk(const char *method, double orbits, int runs)
{
    double square[MOST_TIMES] = {0}, last = orbits * period;
    int times = 0;
    for (int run = 0; run < runs; run++) {
        orr_scenario s;
        orr_sim *sim = giants(method, run, &s);
        double e0 = energy(sim);
        times = 0;
        for (double t = last / 1000; t < last * 1.001; t *= pow(10, 0.2), times++) {
            double sum = 0; /* the mean of some looks: the walk, not the rounding of one look */
            for (int look = 0; look < LOOKS; look++) {
                CHECK_OK(orr_sim_run_until(sim, t + 137.0 * look));
                sum += energy(sim) / e0 - 1;
            }
            square[times] += pow(sum / LOOKS, 2) / runs;
        }
        orr_sim_destroy(sim);
        orr_scenario_free(&s);
    }
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int k = 0; k < times; k++) {
        double x = 0.2 * k * log(10), y = 0.5 * log(square[k]);
        sx += x, sy += y, sxx += x * x, sxy += x * y;
        print_message("%-10s %9.3g orbits: energy error %.2e\n", method,
                      orbits / 1000 * pow(10, 0.2 * k), sqrt(square[k]));
    }
    double exponent = (times * sxy - sx * sy) / (times * sxx - sx * sx);
    print_message("%-10s grows as t^%.2f\n", method, exponent);
    if (orbits <= 1e4)
        CHECK(sqrt(square[times - 1]) < 1e-14);
    if (orbits >= 1e5)
        CHECK(exponent > 0.35 && exponent < 0.65);
}

static char **arguments;

static void asked_for(void **state)
{
    (void)state;
    random_walk(arguments[1], strtod(arguments[2], NULL), (int)strtol(arguments[3], NULL, 10));
}

static void ten_thousand_orbits(void **state)
{
    (void)state;
    random_walk("taylor", 1e4, 2);
    random_walk("ias15", 1e4, 2);
}

int main(int argc, char **argv)
{
    arguments = argv;
    const struct CMUnitTest tests[] = {
        {.name = "random_walk", .test_func = argc == 4 ? asked_for : ten_thousand_orbits}};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
