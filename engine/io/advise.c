/* advise.c - time scales of a scenario, and what follows from them for method and step. */
#include <orrery/scenario.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <orrery/osculating.h>
#include <orrery/primaries.h>

enum { MOST_BODIES = 20000, MOST_WARNINGS = 8 };

/* Steps for each circular period at the pericentre: with blanes-moan6 they keep the relative energy
 * error of that orbit below 1e-9 (Kepler problem, e = 0.5: 3e-11, e = 0.9: 2e-10), with leapfrog
 * near 1e-3 to 1e-4; fewer than the last do not follow it. */
static const double fine_steps = 40, leapfrog_steps = 250, least_steps = 15;

/* Wisdom-Holman: steps in the time scale of a pericentre, fewest steps there; and orbits from which
 * on it pays. */
static const double kepler_steps = 16, least_kepler_steps = 8, many_orbits = 1e4;

__attribute__((format(printf, 2, 3))) static void warn(orr_advice *a, const char *format, ...)
{
    if (a->n_warnings == MOST_WARNINGS)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(a->warnings[a->n_warnings++], sizeof a->warnings[0], format, arguments);
    va_end(arguments);
}

/* The tightest bound orbit of body i around a heavier one; false if there is none. */
static bool tightest(const orr_bodies *b, size_t i, const size_t *primaries, size_t n,
                     orr_orbit_scale *out)
{
    orr_body body = orr_bodies_get(b, i);
    bool found = false;
    for (size_t k = 0; k < n; k++) {
        size_t j = primaries[k];
        orr_body around = orr_bodies_get(b, j);
        if (j == i || around.gm < body.gm || (around.gm == body.gm && j > i))
            continue;
        orr_elements el;
        orr_orbit o;
        if (orr_osculating_pair(b, i, j, &el, &o) != ORR_OK || !(el.e < 1))
            continue;
        double mu = body.gm + around.gm;
        if (found && o.period >= out->period)
            continue;
        double circular = 2 * 3.14159265358979324 * sqrt(el.q * el.q * el.q / mu);
        *out = (orr_orbit_scale){.body = body.id,
                                 .around = around.id,
                                 .period = o.period,
                                 .peri_time = circular / sqrt(1 + el.e),
                                 .a = o.a,
                                 .e = el.e};
        found = true;
    }
    return found;
}

/* Is body i bound to all the others together? */
static bool is_bound(const orr_bodies *b, size_t i)
{
    const orr_body body = orr_bodies_get(b, i);
    double mass = 0, v[3] = {0}, potential = 0, kinetic = 0;
    for (size_t j = 0; j < b->n_active && j < ORR_MOST_PRIMARIES; j++) {
        if (j == i)
            continue;
        orr_body other = orr_bodies_get(b, j);
        double r2 = 0;
        for (int c = 0; c < 3; c++) {
            r2 += (other.pos[c] - body.pos[c]) * (other.pos[c] - body.pos[c]);
            v[c] += other.gm * other.vel[c];
        }
        mass += other.gm;
        potential -= other.gm / sqrt(r2);
    }
    for (int c = 0; c < 3 && mass > 0; c++)
        kinetic += 0.5 * (body.vel[c] - v[c] / mass) * (body.vel[c] - v[c] / mass);
    return kinetic * mass + (mass + body.gm) * potential < 0;
}

/* Two digits, rounded down: enough for advice. */
static double two_digits(double x)
{
    double scale = pow(10, floor(log10(x)) - 1);
    return floor(x / scale) * scale;
}

/* Pairs beyond which a power series costs more than a splitting method of the same purpose. */
static const double most_series_pairs = 500;

static double pairs(const orr_bodies *b)
{
    double active = (double)b->n_active, others = (double)(b->n - b->n_active);
    return active * ((active - 1) / 2 + others);
}

static bool is_softened(const orr_scenario *s)
{
    for (size_t k = 0; k < s->forces[0].n_options; k++)
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
    if (a->n_unbound > 0 || s->bodies.n < (s->ensemble.members > 1 ? 2u : 3u) || is_softened(s) ||
        s->n_forces > 1)
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

/* A handful of points of which none dominates. */
static bool is_few_body(const orr_scenario *s, const orr_advice *a)
{
    const orr_bodies *b = &s->bodies;
    return !a->dominated && b->n_active > 2 && b->n <= 10 && b->n_passive == 0 && !is_softened(s) &&
           s->n_forces == 1;
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
    enum { MOST = 300 };
    const orr_bodies *b = &s->bodies;
    size_t primaries[ORR_MOST_PRIMARIES], star = 0;
    if (a->mass_ratio < 10 || b->n_active > MOST || orr_heaviest(b, primaries, NULL) == 0)
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
    a->step = two_digits(a->shortest.peri_time / fine_steps);
    a->leapfrog_step = two_digits(a->shortest.peri_time / leapfrog_steps);
    say(a,
        "the fastest motion is %s around %s (period %.4g%s%s, e = %.3g, pericentre time scale "
        "%.4g%s%s), %.4g orbits in this run. ",
        orr_names_get(&s->names, a->shortest.body), orr_names_get(&s->names, a->shortest.around),
        a->shortest.period, gap, unit, a->shortest.e, a->shortest.peri_time, gap, unit,
        orr_scenario_span(s) / a->shortest.period);
    bool hierarchy = is_hierarchy(s, a), tangled = !a->dominated && b->n_active > 2 && !hierarchy;
    double orbits = orr_scenario_span(s) / a->shortest.period;
    bool many = s->ensemble.members > 1;
    if (is_few_body(s, a) && !hierarchy) {
        regularise(a);
    } else if (hierarchy && (orbits > many_orbits || pairs(b) > most_series_pairs || many)) {
        a->method = "wh";
        a->step = two_digits(a->shortest.peri_time / kepler_steps);
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
        if (a->n_satellites == 0 && do_orbits_cross(s, a, pair))
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

static void recommend_without_orbit(const orr_scenario *s, orr_advice *a, bool cluster)
{
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

/* Of the methods that split off Kepler orbits, those in Jacobi coordinates follow moons around
 * their planets; those without a choice of coordinates integrate close pairs accurately. */
static bool takes_satellites(const orr_scenario *s)
{
    const orr_field *f = orr_field_find(s->integrator->fields, "coordinates");
    if (!(s->integrator->traits & ORR_NEEDS_STAR) || !f)
        return true;
    for (size_t k = 0; k < s->n_integrator_options; k++)
        if (strcmp(s->integrator_options[k].name, f->name) == 0)
            return strcmp(s->integrator_options[k].text, "jacobi") == 0;
    return true;
}

/* A cluster or a galaxy, which loses members; or something in a field of its own. */
static bool is_crowd(const orr_scenario *s, const orr_advice *a)
{
    const double few = 10;
    for (size_t k = 1; k < s->n_forces; k++)
        if (strcmp(s->forces[k].type->name, "external") == 0)
            return true;
    double most = 0, total = 0;
    for (size_t i = 0; i < s->bodies.n; i++) {
        most = fmax(most, s->bodies.gm[i]);
        total += s->bodies.gm[i];
    }
    return (double)s->bodies.n > few && (!a->dominated || most < 0.5 * total);
}

/* Lengths of time that do not go together. */
static void beware_of_times(const orr_scenario *s, orr_advice *a)
{
    const double little = 0.02; /* of the shortest period, in which nothing goes round */
    const char *unit = s->units.dimensionless ? "" : s->units.time_name, *gap = *unit ? " " : "";
    double span = orr_scenario_span(s), part = a->has_orbit ? span / a->shortest.period : 1;
    if (s->step > span)
        warn(a, "the step (%.4g%s%s) is longer than the whole run (%.4g%s%s)", s->step, gap, unit,
             span, gap, unit);
    if (s->output.every > span)
        warn(a,
             "output.every (%.4g%s%s) is longer than the whole run (%.4g%s%s): only its two ends "
             "are written",
             s->output.every, gap, unit, span, gap, unit);
    if (part < little)
        warn(a,
             "the run (%.4g%s%s) is short: it covers %.2g of the shortest period, that of %s "
             "(%.4g%s%s)",
             span, gap, unit, part, orr_names_get(&s->names, a->shortest.body), a->shortest.period,
             gap, unit);
}

/* The accuracy parameter of block steps, if it is one for star clusters: where an orbit lasts for
 * hundreds of periods (Sun, five planets, 400 periods), the defaults lead to energy errors of 1e-5,
 * these to 4e-8; else 0. */
static double lasting_eta(const orr_scenario *s)
{
    const orr_field *f = orr_field_find(s->integrator->fields, "tolerance");
    double lasting = s->integrator->order == 4 ? 0.002 : 0.2, eta = f ? f->fallback : 0;
    for (size_t k = 0; k < s->n_integrator_options; k++)
        if (strcmp(s->integrator_options[k].name, "tolerance") == 0)
            eta = s->integrator_options[k].number;
    bool blocks = s->integrator->traits & ORR_NEEDS_SUBSETS;
    return blocks && eta > 2 * lasting ? lasting : 0;
}

static void beware(const orr_scenario *s, orr_advice *a)
{
    const char *unit = s->units.dimensionless ? "" : s->units.time_name;
    beware_of_times(s, a);
    if (s->n_without_velocity > 0 && s->bodies.n > 1)
        warn(a,
             "%s has a position and no velocity, so it starts at rest%s; if that is meant, write "
             "velocity: [0, 0, 0]",
             orr_names_get(&s->names, s->first_without_velocity),
             s->n_without_velocity > 1 ? ", like others" : "");
    if (a->has_orbit) {
        double steps = a->shortest.peri_time / s->step,
               orbits = orr_scenario_span(s) / a->shortest.period;
        const char *body = orr_names_get(&s->names, a->shortest.body);
        bool solves_orbits = s->integrator->traits & ORR_NEEDS_STAR;
        double least = solves_orbits ? least_kepler_steps : least_steps;
        if (s->step > 0 && steps < least)
            warn(a,
                 "the step is too long: %s passes its pericentre on a time scale of %.4g%s%s, only "
                 "%.2g steps; with fewer than %g %s",
                 body, a->shortest.peri_time, *unit ? " " : "", unit, steps, least,
                 solves_orbits ? "the planets' pulls on each other are not followed"
                               : "an orbit is not followed");
        if (orbits > 10 && lasting_eta(s) > 0)
            warn(a,
                 "%s takes the steps that suit star clusters; over %.3g orbits of %s its energy "
                 "error grows to 1e-5, or far more: for planets and lasting binaries take "
                 "'tolerance: "
                 "%g', or another method",
                 s->integrator->name, orbits, body, lasting_eta(s));
        if (s->integrator->order == 1 && !(s->integrator->traits & ORR_SYMPLECTIC))
            warn(a, "%s gains energy without end; it is here for comparison", s->integrator->name);
        else if (s->step > 0 && !(s->integrator->traits & (ORR_SYMPLECTIC | ORR_REVERSIBLE)) &&
                 orbits > 1e4)
            warn(
                a,
                "%s is not symplectic: over %.2g orbits of %s its energy error grows in proportion "
                "to time; prefer a symplectic method",
                s->integrator->name, orbits, body);
    }
    if (!takes_satellites(s) && a->n_satellites > 0)
        warn(a,
             "%s orbits %s, not the star; in these coordinates %s takes it for a planet, which is "
             "wrong for steps that are not far shorter than its month. Take 'coordinates: jacobi', "
             "or put both at their barycentre",
             orr_names_get(&s->names, a->first_satellite.body),
             orr_names_get(&s->names, a->first_satellite.around), s->integrator->name);
    if (a->n_unbound > 0 && !is_crowd(s, a))
        warn(a, "%zu bod%s not bound to the others, the first is %s", a->n_unbound,
             a->n_unbound == 1 ? "y is" : "ies are", orr_names_get(&s->names, a->first_unbound));
    const orr_element_choice *c = &s->output.elements;
    double bodies = (double)s->bodies.n,
           row = bodies * (s->output.float_positions ? 24 : 48) +
                 8 * (double)c->n_quantities * (c->of ? (double)c->n_of : bodies);
    double bytes = (orr_scenario_span(s) / s->output.every + 1) * row;
    if (bytes > 20e9)
        warn(a, "the output will take %.3g GB; make output.every longer or write precision: float",
             bytes / 1e9);
}

orr_advice orr_scenario_advise(const orr_scenario *s)
{
    orr_advice a = {.method = "leapfrog"};
    const orr_bodies *b = &s->bodies;
    size_t primaries[ORR_MOST_PRIMARIES], n;
    double total;
    n = orr_heaviest(b, primaries, &total);
    if (n > 0) {
        double largest = b->gm[primaries[0]];
        a.mass_ratio = total > largest ? largest / (total - largest) : INFINITY;
        a.dominated = largest > 0.9 * total;
    }
    /* in a cluster everybody moves in the field of all: pairs say little about it */
    bool cluster = b->n_active > 50 && !a.dominated;
    for (size_t i = 0; i < b->n && i < MOST_BODIES && !cluster; i++) {
        orr_orbit_scale o;
        if (n > 0 && i == primaries[0])
            continue;
        if (!is_bound(b, i) && a.n_unbound++ == 0)
            a.first_unbound = b->id[i];
        if (!tightest(b, i, primaries, n, &o))
            continue;
        a.n_bound++;
        if (n > 0 && o.around != b->id[primaries[0]] && a.n_satellites++ == 0)
            a.first_satellite = o;
        if (!a.has_orbit || o.peri_time < a.shortest.peri_time)
            a.shortest = o;
        a.has_orbit = true;
    }
    if (a.has_orbit)
        recommend(s, &a);
    else
        recommend_without_orbit(s, &a, cluster);
    beware(s, &a);
    if (*s->note)
        warn(&a, "%s", s->note);
    return a;
}
