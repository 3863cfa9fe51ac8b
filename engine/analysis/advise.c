/* advise.c - what follows from the time scales of a scenario for method and step. */
#include <orrery/advise.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <orrery/osculating.h>
#include <orrery/primaries.h>

#include "beware.h"

/* Steps for each circular period at the pericentre: with blanes-moan6 they keep the relative energy
 * error of that orbit below 1e-9 (Kepler problem, e = 0.5: 3e-11, e = 0.9: 2e-10). */
static const double fine_steps = 40;

/* Wisdom-Holman: steps in the time scale of a pericentre; and orbits from which on it pays. */
static const double kepler_steps = 16, many_orbits = 1e4;

/* Ratio of masses from which on orbits about the star are those of a planetary system, and bodies
 * of which all pairs are looked at (a millisecond). */
static const double least_star = 10;
enum { MOST_CROSSING = 300 };

/* Pairs beyond which a power series costs more than a splitting method of the same purpose. */
static const double most_series_pairs = 500;

static double pairs(const orr_bodies *b)
{
    double active = (double)b->n_active, others = (double)(b->n - b->n_active);
    return active * ((active - 1) / 2 + others);
}

static bool is_softened(const orr_scenario *s)
{
    for (size_t k = 0; s->n_forces > 0 && k < s->forces[0].n_options; k++)
        if (strcmp(s->forces[0].options[k].name, "softening") == 0)
            return s->forces[0].options[k].number > 0;
    return false;
}

__attribute__((format(printf, 2, 3))) static void say(orr_advice *a, const char *format, ...)
{
    size_t used = strlen(a->reason);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(a->reason + used, sizeof a->reason - used, format, arguments);
    va_end(arguments);
}

/* A star and what moves around it, moons, planets of both stars: would Wisdom-Holman take it? */
static bool is_hierarchy(const orr_scenario *s, const orr_advice *a)
{
    orr_bodies copy = {0};
    orr_sim *sim = NULL;
    if (a->orbits.n_unbound > 0 || s->bodies.n < (s->ensemble.members > 1 ? 2u : 3u) ||
        is_softened(s) || s->n_forces > 1)
        return false;
    bool good = orr_bodies_copy(&copy, &s->bodies) == ORR_OK;
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &copy;
    good = good && orr_sim_create(&def, &sim) == ORR_OK;
    good = good && orr_sim_set_integrator(sim, orr_integrator_find("wh"), NULL, 0) == ORR_OK;
    good = good && orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0) == ORR_OK;
    good = good && orr_sim_run_until(sim, 0) == ORR_OK;
    orr_sim_destroy(sim);
    orr_bodies_free(&copy);
    return good;
}

/* A handful of points of which none dominates, fewer than the regularised chain gets slow with. */
static bool is_few_body(const orr_scenario *s, const orr_advice *a)
{
    enum { HANDFUL = 10 };
    const orr_bodies *b = &s->bodies;
    return !a->orbits.dominated && b->n_active > 2 && b->n <= HANDFUL && b->n_passive == 0 &&
           !is_softened(s) && s->n_forces == 1;
}

static void regularise(orr_advice *a)
{
    a->method = "regularized";
    a->step = 0;
    say(a, "%s",
        "No body dominates, so close encounters are to be expected: regularised motion keeps every "
        "digit through them, and chooses its own steps");
}

/* Two bodies with mass whose distances from the star overlap, by their orbits as they are. */
static bool do_orbits_cross(const orr_scenario *s, const orr_advice *a, uint64_t pair[2])
{
    const orr_bodies *b = &s->bodies;
    size_t primaries[ORR_MOST_PRIMARIES], star = 0;
    if (a->orbits.mass_ratio < least_star || b->n_active > MOST_CROSSING ||
        orr_heaviest(b, primaries, NULL) == 0)
        return false;
    star = primaries[0];
    for (size_t i = 0; i < b->n_active; i++)
        for (size_t j = 0; j < b->n_active; j++) {
            orr_elements in, out;
            orr_orbit o, p;
            if (i == j || i == star || j == star || b->gm[i] == 0 || b->gm[j] == 0 ||
                orr_osculating_pair(b, i, star, &in, &o) != ORR_OK ||
                orr_osculating_pair(b, j, star, &out, &p) != ORR_OK)
                continue;
            if (in.e < 1 && out.e < 1 && o.a <= p.a && o.a * (1 + in.e) > out.q) {
                pair[0] = b->id[i], pair[1] = b->id[j];
                return true;
            }
        }
    return false;
}

static void recommend(const orr_scenario *s, orr_advice *a)
{
    const char *unit = s->units.dimensionless ? "" : s->units.time_name, *gap = *unit ? " " : "";
    const orr_bodies *b = &s->bodies;
    a->step = orr_orbit_step(&a->orbits, fine_steps);
    a->leapfrog_step = orr_leapfrog_step(&a->orbits);
    say(a,
        "the fastest motion is %s around %s (period %.4g%s%s, e = %.3g, pericentre time scale "
        "%.4g%s%s), %.4g orbits in this run. ",
        orr_names_get(&s->names, a->orbits.shortest.body),
        orr_names_get(&s->names, a->orbits.shortest.around), a->orbits.shortest.period, gap, unit,
        a->orbits.shortest.e, a->orbits.shortest.peri_time, gap, unit,
        orr_scenario_span(s) / a->orbits.shortest.period);
    bool hierarchy = is_hierarchy(s, a),
         tangled = !a->orbits.dominated && b->n_active > 2 && !hierarchy;
    double orbits = orr_scenario_span(s) / a->orbits.shortest.period;
    bool many = s->ensemble.members > 1;
    if (is_few_body(s, a) && !hierarchy) {
        regularise(a);
    } else if (hierarchy && (orbits > many_orbits || pairs(b) > most_series_pairs || many)) {
        a->method = "wh";
        a->step = orr_orbit_step(&a->orbits, kepler_steps);
        say(a,
            "Orbits lie one around the other, so each Kepler orbit is solved exactly, in long "
            "steps. It is symplectic: with corrector: 17 the energy error stays "
            "below some 1e-11, however long the run. %s reaches round-off for several times the "
            "work",
            pairs(b) > most_series_pairs ? "ias15" : "taylor");
        if (many)
            say(a, ". Of an ensemble it steps several members at once in the registers of a core, "
                   "groups of them on all cores");
        uint64_t pair[2];
        if (a->orbits.n_satellites == 0 && do_orbits_cross(s, a, pair))
            say(a, ". The orbits of %s and %s cross: if bodies can meet, take trace",
                orr_names_get(&s->names, pair[0]), orr_names_get(&s->names, pair[1]));
    } else if (s->n_forces > 1) {
        a->method = "ias15";
        a->step = 0;
        say(a, "%s", "It takes every force, to round-off, and chooses its own steps");
    } else if (pairs(b) <= most_series_pairs || tangled) {
        a->method = "taylor";
        say(a,
            "It reaches round-off and chooses its own steps. blanes-moan6 with a step of %.3g%s%s "
            "keeps the energy error bounded below 1e-9, however long the run",
            a->step, gap, unit);
        a->step = 0;
    } else {
        a->method = "blanes-moan6";
        say(a,
            "The method is symplectic, so the energy error stays bounded, and of sixth order: "
            "below 1e-9 with this step. Leapfrog takes half the work for some 1e-4, with a step "
            "of %.3g%s%s; taylor reaches round-off, for several times the work",
            a->leapfrog_step, gap, unit);
    }
}

static void recommend_without_orbit(const orr_scenario *s, orr_advice *a)
{
    bool cluster = a->orbits.cluster;
    const double most_exact = 20000; /* bodies for which every pair can be summed often */
    a->step = s->step;
    if (is_few_body(s, a)) {
        regularise(a);
    } else if (cluster && !is_softened(s) && (double)s->bodies.n_active <= most_exact) {
        a->method = "hermite6";
        a->step = 0;
        say(a, "%s",
            "a star cluster of points without a dominant body: block time steps follow close "
            "pairs and quiet outskirts alike; energy error near 1e-7 a time unit");
    } else if (cluster) {
        a->method = "leapfrog";
        say(a, "%s",
            "a star cluster without a dominant body: leapfrog with softening is robust; shorten "
            "the step until the energy error satisfies you");
    } else {
        a->method = s->n_forces > 1 ? "ias15" : "taylor";
        a->step = 0;
        say(a, "%s",
            "no body is bound to a heavier one, so there is no orbit to resolve; an adaptive "
            "method finds its own steps");
    }
}

static void recommend_in_box(const orr_scenario *s, orr_advice *a)
{
    bool sheet = s->boundary.kind == ORR_SHEARING_SHEET;
    a->method = sheet ? "sei" : "leapfrog";
    a->step = s->step;
    say(a, "%s",
        sheet ? "a shearing sheet goes with sei alone; with a step of a hundredth of the orbit or "
                "less, so that neighbours move by less than a radius"
              : "in a box the fixed steps of leapfrog do; bodies should move by less than their "
                "distances in one");
}

orr_advice orr_scenario_advise(const orr_scenario *s)
{
    orr_advice a = {.orbits = orr_orbit_scales_of(&s->bodies), .method = "leapfrog"};
    if (s->boundary.kind != ORR_BOUNDARY_NONE)
        recommend_in_box(s, &a);
    else if (a.orbits.has_orbit)
        recommend(s, &a);
    else
        recommend_without_orbit(s, &a);
    orr_beware(s, &a);
    return a;
}
