/* known_problems.c - the list of problems with published answers. */
#include "known_problems.h"

static const double leapfrog_table[] = {1.0730e-4}, mercury[] = {42.9805}, kozai[] = {0.838047},
                    laskar[] = {4.257482, 28.2449, -26.347841}, node_and_apse[] = {18.613, 8.849};

/* Sun and Mercury (elements of J2000) with the Sun's relativity. */
const char orr_sun_and_mercury[] =
    "units: { length: au, mass: Msun, time: day }\n"
    "integrator: { method: wh, step: 0.5 day, relativity: potential }\n"
    "run: { to: 37000 day }\n"
    "output: { file: none.h5, every: 1000 day }\n"
    "bodies:\n"
    "  - { name: Sun, GM: 1.32712440041e20 m3/s2 }\n"
    "  - { name: Mercury, role: test, orbit: { around: Sun, a: 0.38709927 au, e: 0.20563593, M: 0 "
    "deg } "
    "}\n";

#define PLACES(list)  .places = list, .problem.n = 3 * sizeof list / sizeof *list
#define NUMBERS(list) .expected = list, .problem.n = sizeof list / sizeof *list

/* clang-format off */
static const orr_problem_entry problems[] = {
    {{"Feynman's planet, by hand in 1963",
      "Feynman Lectures I-9-7, full digits of his scheme", "feynman-1963", NULL, 14},
     PLACES(reference_feynman)},
    {{"Kepler e = 0.5: leapfrog's energy",
      "100 orbits of 1000 steps, computed", "kepler", "leapfrog, step: 0.001 yr, compensated: false", 4},
     NUMBERS(leapfrog_table), .measure = orr_measure_energy_of_orbits},
    {{"Pleiades, t = 3",
      "Hairer, Norsett & Wanner; quadruple precision", "pleiades", "taylor", 12},
     PLACES(reference_pleiades)},
    {{"Arenstorf's orbit closes",
      "Hairer, Norsett & Wanner, p. 129", "arenstorf", "dop853", 10},
     PLACES(reference_arenstorf)},
    {{"Figure-eight, t = 100",
      "Chenciner & Montgomery 2000; quadruple", "figure-eight", "taylor", 11},
     PLACES(reference_eight_100)},
    {{"Pythagorean problem, t = 10",
      "Burrau 1913; quadruple precision", "pythagorean", "regularized", 12},
     PLACES(reference_burrau)},
    {{"Pythagorean problem, t = 50",
      "the same", "pythagorean", "regularized", 7},
     PLACES(reference_burrau_late)},
    {{"Outer planets, 200 000 days",
      "Hairer, Lubich & Wanner; quadruple precision", "outer-planets", "taylor", 11},
     PLACES(reference_outer)},
    {{"Mercury's perihelion [\"/century]",
      "6 pi GM / (c^2 a (1 - e^2)) an orbit", NULL, NULL, 3.3},
     NUMBERS(mercury), .measure = orr_measure_precession},
    {{"the same, Einstein-Infeld-Hoffmann",
      "the same", "mercury-precession", NULL, 3.3},
     NUMBERS(mercury), .measure = orr_measure_precession},
    {{"Moon: node 18.6, apse 8.85 [yr]",
      "Chapront-Touze & Chapront 1988, mean motions", "solar-system-jpl", NULL, 2.5},
     NUMBERS(node_and_apse), .measure = orr_measure_month},
    {{"Kozai-Lidov: greatest e",
      "sqrt(1 - 5/3 cos^2 65 deg), lowest order", "kozai-lidov", NULL, 2.5},
     NUMBERS(kozai), .measure = orr_measure_eccentricity},
    {{"g5, g6, s6 [\"/yr], 10 Myr",
      "Laskar et al. 2011, table 6", "planets", NULL, 3.3, .takes_long = true},
     NUMBERS(laskar), .until = "10 Myr", .measure = orr_measure_secular_frequencies}};
/* clang-format on */

const orr_problem_entry *orr_problem_entry_at(size_t i)
{
    return i < sizeof problems / sizeof *problems ? &problems[i] : NULL;
}
