/* cmd_verify.c - `orrery verify`: problems with published answers, and how many digits agree. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/osculating.h>
#include <orrery/planes.h>

#include "cli/apparent.h"
#include "cli/progress.h"
#include "cli/published.h"
#include "cli/verify.h"

enum { MOST_FINDINGS = 24 };

typedef struct problem {
    const char *name, *scenario, *method; /* method: what stands behind integrator.method */
    const char *source;
    double needed; /* digits */
    const published_place *places;
    size_t n;
    measure_fn *measure;
    const double *expected; /* [n] of measure */
    bool takes_long;
} problem;

/* ---- other things ---- */

/* The greatest relative energy error at whole steps of so many. */
static bool energy_over(orr_scenario *s, uint64_t steps, double *worst)
{
    orr_diagnosis why;
    orr_sim *sim;
    orr_conserved c;
    *worst = 0;
    if (orr_sim_from_scenario(s, 1, &sim, &why) != ORR_OK)
        return false;
    bool good = orr_sim_conserved(sim, &c) == ORR_OK;
    double e0 = c.kinetic + c.potential;
    for (uint64_t k = 0; k < steps && good; k++) {
        good = orr_sim_step(sim, 1) == ORR_OK && orr_sim_conserved(sim, &c) == ORR_OK;
        *worst = fmax(*worst, fabs((c.kinetic + c.potential) / e0 - 1));
    }
    orr_sim_destroy(sim);
    return good;
}

static bool hundred_orbits(orr_scenario *s, finding *out, size_t n)
{
    (void)n;
    return energy_over(s, 100000, &out[0].obtained);
}

/* How far the line to the pericentre of body 1 turns in a century ["]. */
static bool precession(orr_scenario *s, finding *out, size_t n)
{
    orr_diagnosis why;
    orr_sim *sim;
    const double century = 36525, arc_second = 206264.80624709636;
    double angle[2] = {0};
    (void)n;
    if (orr_sim_from_scenario(s, 1, &sim, &why) != ORR_OK)
        return false;
    bool good = true;
    for (int k = 0; k < 2 && good; k++) { /* the mean over an orbit, at both ends */
        enum { SAMPLES = 400 };
        double sum = 0, period = 87.9692, first = 0;
        for (int i = 0; i < SAMPLES && good; i++) {
            orr_elements el;
            orr_orbit o = {.pomega = 0};
            good = orr_sim_run_until(sim, k * century + period * i / SAMPLES) == ORR_OK;
            const orr_bodies *b = orr_sim_snapshot(sim).bodies;
            good = good && orr_osculating_pair(b, 1, 0, &el, &o) == ORR_OK;
            first = k + i == 0 ? o.pomega : first;
            sum += remainder(o.pomega - first, 6.283185307179586) / SAMPLES;
        }
        angle[k] = sum;
    }
    out[0].obtained = (angle[1] - angle[0]) * arc_second;
    orr_sim_destroy(sim);
    return good;
}

/* Periods [Julian years] in which the node of the Moon goes round backwards and its perigee
 * forwards, on the ecliptic: slopes of least squares over a revolution of the node. */
static bool month(orr_scenario *s, finding *out, size_t n)
{
    enum { EARTH = 3, MOON = 4 };
    const double span = 18.613 * 365.25, tau = 6.283185307179586;
    const double ecliptic = orr_plane_find("ecliptic")->obliquity;
    orr_diagnosis why;
    orr_sim *sim;
    double before[2] = {0}, turned[2] = {0}, st[2] = {0}, stt = 0, mean_t = span / 2;
    if (n != 2 || orr_sim_from_scenario(s, 1, &sim, &why) != ORR_OK)
        return false;
    bool good = true;
    const uint64_t earth = orr_sim_snapshot(sim).bodies->id[EARTH];
    orr_about about = {.kind = ORR_ABOUT_BODIES,
                       .ids = &earth,
                       .n_ids = 1,
                       .has_plane = true,
                       .plane = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    for (int k = 0; k < 3; k++)
        to_plane(about.plane[k], ecliptic);
    orr_centres centres = {0};
    for (double t = 0; t <= span && good; t += 2) {
        orr_elements el;
        double mu = 0;
        good = orr_sim_run_until(sim, t) == ORR_OK &&
               orr_centres_find(&centres, &about, orr_sim_snapshot(sim).bodies) == ORR_OK &&
               orr_osculating(&centres, MOON, &el, &mu) == ORR_OK;
        const double now[2] = {el.Omega, el.Omega + el.omega};
        for (int k = 0; k < 2; k++) {
            turned[k] += t > 0 ? remainder(now[k] - before[k], tau) : 0;
            before[k] = now[k];
            st[k] += (t - mean_t) * turned[k];
        }
        stt += (t - mean_t) * (t - mean_t);
    }
    orr_centres_free(&centres);
    for (int k = 0; k < 2; k++)
        out[k].obtained = tau / fabs(st[k] / stt) / 365.25;
    orr_sim_destroy(sim);
    return good;
}

/* The greatest eccentricity of the planet of `kozai-lidov`. */
static bool greatest_eccentricity(orr_scenario *s, finding *out, size_t n)
{
    orr_diagnosis why;
    orr_sim *sim;
    double end = s->t_end;
    bool good = orr_sim_from_scenario(s, 1, &sim, &why) == ORR_OK;
    (void)n;
    if (!good)
        return false;
    for (int k = 0; k <= 1000 && good; k++) {
        orr_elements el;
        orr_orbit o;
        good = orr_sim_run_until(sim, end * k / 1000) == ORR_OK;
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        good = good && orr_osculating_pair(b, 1, 0, &el, &o) == ORR_OK;
        out[0].obtained = fmax(out[0].obtained, good ? el.e : 0);
    }
    orr_sim_destroy(sim);
    return good;
}

static const double leapfrog_table[] = {1.0730e-4}, mercury[] = {42.9805}, kozai[] = {0.838047},
                    laskar[] = {4.257482, 28.2449, -26.347841}, node_and_apse[] = {18.613, 8.849};

/* Sun and Mercury (elements of J2000) with the Sun's relativity. */
static const char sun_and_mercury[] =
    "units: { length: au, mass: Msun, time: day }\n"
    "integrator: { method: wh, step: 0.5 day, relativity: potential }\n"
    "run: { to: 37000 day }\n"
    "output: { file: none.h5, every: 1000 day }\n"
    "bodies:\n"
    "  - { name: Sun, GM: 1.32712440041e20 m3/s2 }\n"
    "  - { name: Mercury, role: test, orbit: { around: Sun, a: 0.38709927 au, e: 0.20563593, M: 0 "
    "deg } "
    "}\n";

#define PLACES(list)  .places = list, .n = sizeof list / sizeof *list
#define NUMBERS(list) .expected = list, .n = sizeof list / sizeof *list

static const problem problems[] = {
    {"Feynman's planet, by hand in 1963", "feynman-1963", NULL,
     "Feynman Lectures I-9-7, full digits of his scheme", 14, PLACES(published_feynman)},
    {"Kepler e = 0.5: leapfrog's energy", "kepler", "leapfrog, step: 0.001 yr, compensated: false",
     "100 orbits of 1000 steps, computed", 4, NUMBERS(leapfrog_table), .measure = hundred_orbits},
    {"Pleiades, t = 3", "pleiades", "taylor", "Hairer, Norsett & Wanner; quadruple precision", 12,
     PLACES(published_pleiades)},
    {"Arenstorf's orbit closes", "arenstorf", "dop853", "Hairer, Norsett & Wanner, p. 129", 10,
     PLACES(published_arenstorf)},
    {"Figure-eight, t = 100", "figure-eight", "taylor", "Chenciner & Montgomery 2000; quadruple",
     11, PLACES(published_eight_100)},
    {"Pythagorean problem, t = 10", "pythagorean", "regularized",
     "Burrau 1913; quadruple precision", 12, PLACES(published_burrau)},
    {"Pythagorean problem, t = 50", "pythagorean", "regularized", "the same", 7,
     PLACES(published_burrau_late)},
    {"Outer planets, 200 000 days", "outer-planets", "taylor",
     "Hairer, Lubich & Wanner; quadruple precision", 11, PLACES(published_outer)},
    {"Mercury's perihelion [\"/century]", NULL, NULL, "6 pi GM / (c^2 a (1 - e^2)) an orbit", 3.3,
     NUMBERS(mercury), .measure = precession},
    {"the same, Einstein-Infeld-Hoffmann", "mercury-precession", NULL, "the same", 3.3,
     NUMBERS(mercury), .measure = precession},
    {"Moon: node 18.6, apse 8.85 [yr]", "solar-system-jpl", NULL,
     "Chapront-Touze & Chapront 1988, mean motions", 2.5, NUMBERS(node_and_apse), .measure = month},
    {"Kozai-Lidov: greatest e", "kozai-lidov", NULL, "sqrt(1 - 5/3 cos^2 65 deg), lowest order",
     2.5, NUMBERS(kozai), .measure = greatest_eccentricity},
    {"g5, g6, s6 [\"/yr], 10 Myr", "planets", NULL, "Laskar et al. 2011, table 6", 3.3,
     NUMBERS(laskar), .measure = secular_frequencies, .takes_long = true}};

/* ---- running them ---- */

static bool load(const problem *p, orr_scenario *s, orr_diagnosis *why)
{
    char set[200], path[4400];
    const char *sets[2] = {"expect=[]", set};
    orr_scenario_changes changes = {.set = sets, .n_set = 1};
    if (p->method) {
        snprintf(set, sizeof set, "integrator={ method: %s }", p->method);
        changes.n_set = 2;
    }
    if (p->takes_long)
        changes.until = "10 Myr";
    if (!p->scenario)
        return orr_scenario_parse("built-in", sun_and_mercury, sizeof sun_and_mercury - 1,
                                  &(orr_scenario_changes){0}, s, why) == ORR_OK;
    if (!gallery_folder()) {
        *why = (orr_diagnosis){.text = "the gallery of scenarios is not installed"};
        return false;
    }
    snprintf(path, sizeof path, "%.4000s/%s.yaml", gallery_folder(), p->scenario);
    return orr_scenario_load(path, &changes, s, why) == ORR_OK;
}

static bool find_places(const problem *p, orr_scenario *s, finding *out)
{
    orr_diagnosis why;
    orr_sim *sim;
    bool good = orr_sim_from_scenario(s, 1, &sim, &why) == ORR_OK;
    if (!good)
        return false;
    for (size_t k = 0; k < p->n && good; k++) {
        const published_place *want = &p->places[k];
        good = orr_sim_run_until(sim, want->t) == ORR_OK;
        orr_body b = orr_bodies_get(orr_sim_snapshot(sim).bodies, want->body);
        double r2 = 0;
        for (int c = 0; c < 3; c++)
            r2 += want->pos[c] * want->pos[c];
        for (size_t c = 0; c < 3; c++)
            out[3 * k + c] =
                (finding){.expected = want->pos[c], .obtained = b.pos[c], .scale = sqrt(r2)};
    }
    orr_sim_destroy(sim);
    return good;
}

/* Digits that agree; a double holds 16. */
static double digits_of(const finding *f)
{
    double off = fabs(f->obtained - f->expected) / f->scale;
    return off > 0 ? fmin(16, -log10(off)) : isnan(off) ? -INFINITY : 16;
}

typedef struct result {
    finding worst;
    double digits, seconds;
    bool good;
} result;

static result solve(const problem *p)
{
    finding all[MOST_FINDINGS] = {{0}};
    result r = {.digits = INFINITY};
    orr_scenario s = {0};
    orr_diagnosis why = {0};
    double start = wall_clock();
    size_t n = p->places ? 3 * p->n : p->n;
    for (size_t k = 0; k < p->n && p->expected; k++)
        all[k] = (finding){.expected = p->expected[k], .scale = fabs(p->expected[k])};
    bool done = load(p, &s, &why);
    if (!done)
        print_diagnosis(&why);
    done = done && (p->places ? find_places(p, &s, all) : p->measure(&s, all, p->n));
    orr_scenario_free(&s);
    for (size_t k = 0; k < n && done; k++)
        if (digits_of(&all[k]) < r.digits) {
            r.digits = digits_of(&all[k]);
            r.worst = all[k];
        }
    r.digits = done ? r.digits : -INFINITY;
    r.good = r.digits >= p->needed;
    r.seconds = wall_clock() - start;
    return r;
}

static void tell(const arguments *a, const problem *p, const result *r)
{
    if (given(a, "json")) {
        json_begin("problem");
        json_text("name", p->name);
        json_number("expected", r->worst.expected);
        json_number("obtained", r->worst.obtained);
        json_number("digits", r->digits);
        json_number("needed", p->needed);
        json_text("state", r->good ? "ok" : "failed");
        json_number("seconds", r->seconds);
        json_end();
        return;
    }
    if (given(a, "quiet") && r->good)
        return;
    char took[32];
    int decimals = p->needed < 5 ? 7 : 15;
    printf("%-34s %21.*g %21.*g %5.1f  %4.1f  %7s  %s\n", p->name, decimals, r->worst.expected,
           decimals, r->worst.obtained, r->digits, p->needed, human_short(r->seconds, took),
           r->good ? "ok" : "FAILED");
    fflush(stdout);
}

static exit_code run(const arguments *a)
{
    size_t failed = 0, n = 0;
    double start = wall_clock();
    bool talk = !given(a, "quiet") && !given(a, "json");
    if (talk)
        printf("%-34s %21s %21s %5s  %4s  %7s\n", "problem (the worst of its numbers)", "expected",
               "obtained", "digits", "need", "time");
    for (size_t k = 0; k < sizeof problems / sizeof *problems; k++) {
        const problem *p = &problems[k];
        if (p->takes_long && !given(a, "long"))
            continue;
        if (talk && isatty(STDERR_FILENO))
            fprintf(stderr, "%s ...", p->name);
        result r = solve(p);
        if (talk && isatty(STDERR_FILENO))
            fputs("\r\033[K", stderr);
        tell(a, p, &r);
        failed += !r.good;
        n++;
    }
    char took[32];
    if (talk)
        printf("%zu of %zu problems solved to the digits needed, in %s\n", n - failed, n,
               human_seconds(wall_clock() - start, took));
    if (given(a, "sources"))
        for (size_t k = 0; k < sizeof problems / sizeof *problems; k++)
            printf("  %-34s %s\n", problems[k].name, problems[k].source);
    return failed ? EXIT_MISSED : EXIT_OK;
}

static const option_doc options[] = {{0, "long", NULL, "the one that takes two minutes as well"},
                                     {0, "sources", NULL, "say where the answers come from"},
                                     {'q', "quiet", NULL, "only what fails"},
                                     {0, "json", NULL, "machine-readable lines on standard output"},
                                     {0}};

const command command_verify = {
    .name = "verify",
    .summary = "solve problems with published answers, and compare",
    .usage = "verify [--long]",
    .help =
        "Solves problems whose answers are known, and shows how many digits agree. Digits are "
        "those\n"
        "of the error relative to the distance (positions) or to the number. Exit code 5 if one\n"
        "has fewer than it needs.",
    .options = options,
    .least_words = 0,
    .most_words = 0,
    .run = run,
};
