/* The problems with known answers that fixed-step methods reach.  Set-ups are the gallery's. */
#include "check.h"

#include <orrery/scenario.h>

#include <stdlib.h>

#include "core/math/reproducible.h"

static orr_scenario load(const char *name, const char *const *set, size_t n)
{
    char path[512];
    orr_scenario s;
    orr_diagnosis why;
    const orr_scenario_changes changes = {.set = set, .n_set = n};
    snprintf(path, sizeof path, "%s/scenarios/%s.yaml", SOURCE_DIR, name);
    if (orr_scenario_load(path, &changes, &s, &why) != ORR_OK)
        print_error("%s:%d: %s\n", why.file, why.line, why.text);
    CHECK(s.integrator != NULL);
    return s;
}

static orr_sim *simulate(orr_scenario *s)
{
    orr_sim *sim;
    orr_diagnosis why;
    CHECK_OK(orr_sim_from_scenario(s, 1, &sim, &why));
    return sim;
}

/* ---- Feynman 1963: every printed digit ---- */

static const double feynman[][9] =
    {/* t, x, vx(t+.05), ax, y, vy(t+.05), ay, r, 1/r^3 */
     {0.0, 0.500, -0.200, -4.000, 0.000, 1.630, 0.000, 0.500, 8.000},
     {0.1, 0.480, -0.568, -3.685, 0.163, 1.505, -1.251, 0.507, 7.677},
     {0.2, 0.423, -0.858, -2.897, 0.313, 1.290, -2.146, 0.527, 6.847},
     {0.3, 0.337, -1.054, -1.958, 0.443, 1.033, -2.569, 0.556, 5.805},
     {0.4, 0.232, -1.165, -1.112, 0.546, 0.772, -2.617, 0.593, 4.794},
     {0.5, 0.115, -1.211, -0.454, 0.623, 0.527, -2.449, 0.634, 3.931},
     {0.6, -0.006, -1.209, 0.018, 0.676, 0.308, -2.190, 0.676, 3.241},
     {0.7, -0.127, -1.175, 0.342, 0.706, 0.117, -1.911, 0.718, 2.705},
     {0.8, -0.244, -1.119, 0.559, 0.718, -0.048, -1.646, 0.758, 2.292},
     {0.9, -0.356, -1.048, 0.702, 0.713, -0.189, -1.408, 0.797, 1.974},
     {1.0, -0.461, -0.969, 0.796, 0.694, -0.309, -1.200, 0.833, 1.728},
     {1.1, -0.558, -0.883, 0.856, 0.664, -0.411, -1.019, 0.867, 1.536},
     {1.2, -0.646, -0.794, 0.895, 0.623, -0.497, -0.862, 0.897, 1.385},
     {1.3, -0.725, -0.702, 0.919, 0.573, -0.569, -0.726, 0.924, 1.267},
     {1.4, -0.795, -0.608, 0.933, 0.516, -0.630, -0.605, 0.948, 1.174},
     {1.5, -0.856, -0.514, 0.942, 0.453, -0.680, -0.498, 0.969, 1.100},
     {1.6, -0.908, -0.420, 0.947, 0.385, -0.720, -0.402, 0.986, 1.043},
     {1.7, -0.950, -0.325, 0.950, 0.313, -0.751, -0.313, 1.000, 1.000},
     {1.8, -0.982, -0.229, 0.952, 0.238, -0.774, -0.230, 1.010, 0.969},
     {1.9, -1.005, -0.134, 0.953, 0.160, -0.790, -0.152, 1.018, 0.949},
     {2.0, -1.018, -0.038, 0.955, 0.081, -0.797, -0.076, 1.022, 0.938},
     {2.1, -1.022, 0.057, 0.957, 0.002, -0.797, -0.002, 1.022, 0.936},
     {2.2, -1.017, 0.153, 0.959, -0.078, -0.790, 0.074, 1.020, 0.944}};

static void feynman_table(void **state)
{
    (void)state;
    orr_scenario s = load("feynman-1963", NULL, 0);
    orr_sim *sim = simulate(&s);
    for (size_t k = 0; k < sizeof feynman / sizeof *feynman; k++) {
        const double *row = feynman[k];
        CHECK_OK(orr_sim_run_until(sim, row[0]));
        orr_body p = orr_bodies_get(orr_sim_snapshot(sim).bodies, 1);
        double r = sqrt(p.pos[0] * p.pos[0] + p.pos[1] * p.pos[1]), w = 1 / (r * r * r);
        /* at t = 0 the first half kick is still to come: v(0.05) = v(0) + 0.05 a(0) */
        double kick = k == 0 ? 0.05 : 0;
        const double got[8] = {p.pos[0],
                               p.vel[0] - kick * p.pos[0] * w,
                               -p.pos[0] * w,
                               p.pos[1],
                               p.vel[1] - kick * p.pos[1] * w,
                               -p.pos[1] * w,
                               r,
                               w};
        for (int c = 0; c < 8; c++)
            CHECK_NEAR(got[c], row[c + 1], 0.000500001); /* half a unit of the last digit */
    }
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

/* ---- the drift table of the Kepler problem ---- */

typedef struct drift_row {
    const char *e;
    int steps;     /* an orbit */
    double max[4]; /* euler, symplectic-euler (kick-drift), leapfrog, -; 0: not checked */
    double final_leapfrog, final_rk4;
} drift_row;

static const drift_row drift[] = {
    {"0", 100, {8.5374e-1, 3.9517e-3, 3.8734e-6}, -4.2e-8, 1.7107e-5},
    {"0", 1000, {6.5675e-1, 3.9479e-5, 3.8962e-10}, 0, 1.7088e-10},
    {"0.1", 100, {8.7285e-1, 9.9834e-3, 4.2530e-4}, -5.4e-5, 2.3313e-5},
    {"0.1", 1000, {6.6783e-1, 6.8587e-4, 4.2199e-6}, -5.7e-11, 2.3295e-10},
    {"0.5", 100, {1.1424, 1.2387e-1, 1.0845e-2}, -1.06e-2, 2.9761e-3},
    {"0.5", 1000, {8.9348e-1, 9.0782e-3, 1.0730e-4}, -1.38e-5, 2.9697e-8},
    {"0.5", 10000, {5.5152e-1, 8.7875e-4, 1.0729e-6}, -1.5e-11, 2.2e-13},
    {"0.9", 1000, {3.4397, 9.3430e-1, 9.9943e-2}, -9.33e-2, 3.5744e-2},
    {"0.9", 10000, {1.4475, 7.0861e-2, 9.8500e-4}, -9.2e-4, 3.5535e-7},
};

/* Largest and final (E - E0)/E0 over 100 orbits, looked at after every step.  E0 < 0: positive is
 * more tightly bound. */
static void energy_drift(const drift_row *row, const char *method, const char *form, double *worst,
                         double *last)
{
    char set[5][96];
    const char *list[5] = {set[0], set[1], set[2], set[3], set[4]};
    snprintf(set[0], sizeof set[0], "bodies.1.orbit.e=%s", row->e);
    snprintf(set[1], sizeof set[1],
             "integrator={ method: %s, step: %.17g yr, compensated: false%s }", method,
             1.0 / row->steps, form);
    /* the table was computed in units with period 2 pi: the mass ratio does not matter */
    orr_scenario s = load("kepler", list, 2);
    orr_sim *sim = simulate(&s);
    orr_conserved c;
    CHECK_OK(orr_sim_conserved(sim, &c));
    double e0 = c.kinetic + c.potential;
    *worst = 0;
    for (int k = 0; k < 100 * row->steps; k++) {
        CHECK_OK(orr_sim_step(sim, 1));
        CHECK_OK(orr_sim_conserved(sim, &c));
        *last = (c.kinetic + c.potential) / e0 - 1;
        *worst = fmax(*worst, fabs(*last));
    }
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

static void near_printed(const char *what, const drift_row *row, double got, double printed,
                         double digits)
{
    /* one unit of the last digit, and the round-off of 1e5 uncompensated steps */
    double unit = pow(10, floor(log10(fabs(printed))) - digits) + 5e-14;
    if (!(fabs(got - printed) <= unit))
        print_error("%s, e = %s, %d steps: %.6e, table %.4e\n", what, row->e, row->steps, got,
                    printed);
    CHECK(fabs(got - printed) <= unit);
}

static void kepler_drift_table(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof drift / sizeof *drift; k++) {
        const drift_row *row = &drift[k];
        double worst, last;
        energy_drift(row, "euler", "", &worst, &last);
        near_printed("euler", row, worst, row->max[0], 4);
        energy_drift(row, "symplectic-euler", ", form: kick-drift", &worst, &last);
        /* the table's K-D is "kick, then drift"; its digits carry over to round-off */
        near_printed("symplectic-euler", row, worst, row->max[1], 4);
        energy_drift(row, "leapfrog", "", &worst, &last);
        near_printed("leapfrog", row, worst, row->max[2], 4);
        if (fabs(row->final_leapfrog) > 1e-9)
            near_printed("leapfrog, final", row, last, row->final_leapfrog, 1);
        energy_drift(row, "rk4", "", &worst, &last);
        if (row->final_rk4 > 1e-11) /* below, the table shows the round-off of its own run */
            near_printed("rk4, final", row, last, row->final_rk4, 3);
    }
}

/* ---- convergence to reference solutions at the theoretical order ---- */

/* Error of the listed positions (and how many) at t after steps of the given length. */
static double error_at(const char *name, const char *method, double step, double t,
                       const double (*want)[3], size_t n, const size_t *which)
{
    char set[3][128];
    const char *list[3] = {set[0], set[1], set[2]};
    snprintf(set[0], sizeof set[0], "integrator={ method: %s, step: %.17g }", method, step);
    snprintf(set[1], sizeof set[1], "expect=[]");
    orr_scenario s = load(name, list, 2);
    orr_sim *sim = simulate(&s);
    CHECK_OK(orr_sim_run_until(sim, t));
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        orr_body b = orr_bodies_get(orr_sim_snapshot(sim).bodies, which[k]);
        for (int c = 0; c < 3; c++)
            sum += (b.pos[c] - want[k][c]) * (b.pos[c] - want[k][c]);
    }
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return sqrt(sum);
}

static void converges(const char *name, const char *method, int order, double step, double t,
                      const double (*want)[3], size_t n, const size_t *which, double tolerance)
{
    double coarse = error_at(name, method, step, t, want, n, which);
    double fine = error_at(name, method, step / 2, t, want, n, which);
    print_message("%-14s %-10s error %.2e at step %.3g, order %.3f\n", name, method, fine, step / 2,
                  log2(coarse / fine));
    CHECK_NEAR(log2(coarse / fine), order, tolerance);
}

static void pleiades(void **state)
{
    (void)state;
    static const double want[7][3] = {{0.37061391439705129009395, -3.9434375855173920552779, 0},
                                      {3.2372840920572330928033, -3.2713809739725499279207, 0},
                                      {-3.2225590324183233471001, 5.2250818434565441924387, 0},
                                      {0.65970914557753083593500, -2.5906124349774695108112, 0},
                                      {0.34255817071565797903774, 1.1982136933922746375140, 0},
                                      {1.5621721014006310160457, -0.24296823449358234091611, 0},
                                      {-0.70030929222124953851473, 1.0914492404289797478821, 0}};
    static const size_t which[7] = {0, 1, 2, 3, 4, 5, 6};
    converges("pleiades", "leapfrog", 2, 2e-5, 3, want, 7, which, 0.1);
    converges("pleiades", "rk4", 4, 2e-5, 3, want, 7, which, 0.15);
}

static void arenstorf(void **state)
{
    (void)state;
    /* t = T/4: the rotating position of the reference, turned by T/4 */
    const double T = 17.0652165601579625588917206249, x = -0.088719213309300746254123,
                 y = 1.102775755630899388616857;
    double s = sin(T / 4), c = cos(T / 4);
    const double want[1][3] = {{c * x - s * y, s * x + c * y, 0}};
    static const size_t which[1] = {2};
    converges("arenstorf", "leapfrog", 2, 1e-5, T / 4, want, 1, which, 0.1);
    converges("arenstorf", "rk4", 4, 5e-5, T / 4, want, 1, which, 0.15);
}

static void outer_planets(void **state)
{
    (void)state;
    static const double at_200000[3][3] = {
        {2.6110795701128633601, -5.0795254967879869638, -2.2447206778530572445},
        {-7.6691362473913092588, -4.0520522454878257950, -1.3311156697113814695},
        {36.566950698822604380, -13.767684401259625256, -15.043469221823263494}};
    static const size_t which[3] = {1, 2, 5};
    converges("outer-planets", "leapfrog", 2, 5, 200000, at_200000, 3, which, 0.1);
    /* over long times rk4's energy drift, of order 5, takes over: look earlier */
    static const double at_10000[2][3] = {
        {4.7616886218133672698, -1.4985316562061406698, -0.75853432347025401642},
        {7.0843466396727544787, -6.3784134214123004671, -2.9393716783127347176}};
    converges("outer-planets", "rk4", 4, 5, 10000, at_10000, 2, which, 0.15);
}

static void figure_eight(void **state)
{
    (void)state;
    static const double want[1][3] = {{0.99358291475877291565, 0.21920494688173158353, 0}};
    static const size_t which[1] = {0};
    converges("figure-eight", "leapfrog", 2, 0.002, 1, want, 1, which, 0.1);
    converges("figure-eight", "rk4", 4, 0.02, 1, want, 1, which, 0.1);
}

/* Growth laws: leapfrog's energy error stays, its phase error grows in proportion to time; rk4's
 * energy error grows in proportion to time. */
static void growth_laws(void **state)
{
    (void)state;
    double energy[2][2], phase[2];
    const char *methods[2] = {"leapfrog", "rk4"};
    for (int m = 0; m < 2; m++) {
        char set[96];
        const char *list[1] = {set};
        snprintf(set, sizeof set, "integrator={ method: %s, step: 0.001 yr }", methods[m]);
        orr_scenario s = load("kepler", list, 1);
        orr_sim *sim = simulate(&s);
        orr_conserved c;
        CHECK_OK(orr_sim_conserved(sim, &c));
        double e0 = c.kinetic + c.potential;
        orr_body start = orr_bodies_get(orr_sim_snapshot(sim).bodies, 1);
        for (int part = 0; part < 2; part++) {
            CHECK_OK(orr_sim_run_until(sim, part ? 40 : 10));
            CHECK_OK(orr_sim_conserved(sim, &c));
            energy[m][part] = fabs((c.kinetic + c.potential) / e0 - 1);
            orr_body now = orr_bodies_get(orr_sim_snapshot(sim).bodies, 1);
            if (m == 0)
                phase[part] = hypot(now.pos[0] - start.pos[0], now.pos[1] - start.pos[1]);
        }
        orr_sim_destroy(sim);
        orr_scenario_free(&s);
    }
    CHECK_NEAR(phase[1] / phase[0], 4, 0.6);
    CHECK_NEAR(energy[1][1] / energy[1][0], 4, 0.05);
    CHECK(energy[0][1] < 2e-5);
}

/* Io, Europa, Ganymede: mean motions [degrees/day] and the resonance n1 - 3 n2 + 2 n3 = 0, in which
 * the angle of Laplace, here by true longitudes, swings about 180 degrees. */
static void resonance(const char *scenario, const char *integrator, double span, double n[3],
                      double angle[2])
{
    const char *set[] = {integrator, "expect=[]"};
    const double degree = ORR_PI / 180;
    orr_scenario s = load(scenario, set, 2);
    orr_sim *sim = simulate(&s);
    double turned[3] = {0}, before[3];
    angle[0] = 360, angle[1] = 0;
    for (double t = 0; t <= span; t += 0.25) {
        double at[3], laplace;
        CHECK_OK(orr_sim_run_until(sim, t));
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        orr_body jupiter = orr_bodies_get(b, 0);
        for (size_t k = 0; k < 3; k++) {
            orr_body moon = orr_bodies_get(b, k + 1);
            double x = moon.pos[0] - jupiter.pos[0], y = moon.pos[1] - jupiter.pos[1];
            double z = moon.pos[2] - jupiter.pos[2], tilt = 25.5 * degree; /* the orbits' to ICRF */
            at[k] = orr_atan2(y * cos(tilt) + z * sin(tilt), x);
            turned[k] += t > 0 ? fmod(at[k] - before[k] + 4 * ORR_PI, 2 * ORR_PI) : 0;
            before[k] = at[k];
        }
        laplace = fmod((at[0] - 3 * at[1] + 2 * at[2]) / degree + 3600, 360);
        angle[0] = fmin(angle[0], laplace);
        angle[1] = fmax(angle[1], laplace);
    }
    for (int k = 0; k < 3; k++)
        n[k] = turned[k] / degree / span;
    print_message("%s: mean motions %.6f %.6f %.6f deg/d, n1 - 3 n2 + 2 n3 = %.1e, angle from %.0f "
                  "to %.0f\n",
                  scenario, n[0], n[1], n[2], n[0] - 3 * n[1] + 2 * n[2], angle[0], angle[1]);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

/* Twenty years.  Without Jupiter's oblateness Wisdom-Holman's Io is slower by twice 3/2 J2 (R/a)^2
 * = 6e-4, since the state is that of the real one; with it the mean motions are the real ones. */
static void laplace_resonance(void **state)
{
    (void)state;
    const double reference[3] = {203.488955790, 101.374724735, 50.317609207};
    double n[3], angle[2];
    resonance("galilean-moons", "integrator={ method: wh, step: 0.08 day, corrector: 7 }", 7305, n,
              angle);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(n[k] / reference[k], 1, 1.3e-3);
    CHECK_NEAR(n[0] - 3 * n[1] + 2 * n[2], 0, 0.01);
    CHECK(angle[0] > 100 && angle[1] < 260);
    resonance("jupiter-moons", "integrator={ method: ias15 }", 7305, n, angle);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(n[k] / reference[k], 1, 5e-6);
    CHECK_NEAR(n[0] - 3 * n[1] + 2 * n[2], 0, 2e-4);
    CHECK(angle[0] > 174 && angle[1] < 186);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feynman_table), cmocka_unit_test(kepler_drift_table),
        cmocka_unit_test(pleiades),      cmocka_unit_test(arenstorf),
        cmocka_unit_test(outer_planets), cmocka_unit_test(figure_eight),
        cmocka_unit_test(growth_laws),   cmocka_unit_test(laplace_resonance)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
