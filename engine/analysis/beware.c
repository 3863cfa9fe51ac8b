/* beware.c - what is likely to go wrong in a run of a scenario. */
#include "beware.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <orrery/force_error.h>

/* Steps in the shortest pericentre time scale below which an orbit is not followed; with methods
 * that solve Kepler orbits exactly, below which the planets' pulls on each other are not. */
static const double least_steps = 15, least_kepler_steps = 8;

/* Part of the shortest period in which nothing goes round. */
static const double little = 0.02;

/* Orbits over which an energy error that grows with time is seen: 1e-5 in all for block steps that
 * suit clusters, and 1e-12 in each for a good method that is not symplectic. */
static const double lasting_orbits = 10, many_orbits = 1e4;

/* Bodies from which on steps that are made for outputs alone are felt. */
static const double many_bodies = 1000;

/* [bytes] that are rarely written on purpose. */
static const double large_output = 20e9;

__attribute__((format(printf, 2, 3))) static void warn(orr_advice *a, const char *format, ...)
{
    if (a->n_warnings == ORR_MOST_ADVICE)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(a->warnings[a->n_warnings++], sizeof a->warnings[0], format, arguments);
    va_end(arguments);
}

/* An option of the scenario, or what it is without; 0: the method or force has none of that name. */
static double option_of(const orr_field *fields, const orr_option *options, size_t n,
                        const char *name)
{
    const orr_field *f = orr_field_find(fields, name);
    double value = f ? f->fallback : 0;
    for (size_t k = 0; f && k < n; k++)
        if (strcmp(options[k].name, name) == 0)
            value = options[k].number;
    return value;
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
static bool loses_members(const orr_scenario *s, const orr_orbit_scales *o)
{
    const double few = 10, half = 0.5;
    for (size_t k = 1; k < s->n_forces; k++)
        if (strcmp(s->forces[k].type->name, "external") == 0)
            return true;
    double most = 0, total = 0;
    for (size_t i = 0; i < s->bodies.n; i++) {
        most = fmax(most, s->bodies.gm[i]);
        total += s->bodies.gm[i];
    }
    return (double)s->bodies.n > few && (!o->dominated || most < half * total);
}

/* Lengths of time that do not go together. */
static void beware_of_times(const orr_scenario *s, orr_advice *a)
{
    const orr_orbit_scales *o = &a->orbits;
    const char *unit = s->units.dimensionless ? "" : s->units.time_name, *gap = *unit ? " " : "";
    double span = orr_scenario_span(s), part = o->has_orbit ? span / o->shortest.period : 1;
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
             span, gap, unit, part, orr_names_get(&s->names, o->shortest.body), o->shortest.period,
             gap, unit);
}

/* The accuracy parameter of block steps, if it is one for star clusters: where an orbit lasts for
 * hundreds of periods (Sun, five planets, 400 periods), the defaults lead to energy errors of 1e-5,
 * these to 4e-8; else 0. */
static double lasting_eta(const orr_scenario *s)
{
    double lasting = s->integrator->order == 4 ? 0.002 : 0.2;
    double eta = option_of(s->integrator->fields, s->integrator_options, s->n_integrator_options,
                           "tolerance");
    bool blocks = s->integrator->traits & ORR_NEEDS_SUBSETS;
    return blocks && eta > 2 * lasting ? lasting : 0;
}

/* A step or a method that does not suit the shortest orbit. */
static void beware_of_method(const orr_scenario *s, orr_advice *a)
{
    const orr_orbit_scale *o = &a->orbits.shortest;
    const orr_integrator *m = s->integrator;
    const char *unit = s->units.dimensionless ? "" : s->units.time_name;
    const char *body = orr_names_get(&s->names, o->body);
    double steps = o->peri_time / s->step, orbits = orr_scenario_span(s) / o->period;
    bool solves_orbits = m->traits & ORR_NEEDS_STAR;
    double least = solves_orbits ? least_kepler_steps : least_steps;
    if (s->step > 0 && steps < least)
        warn(a,
             "the step is too long: %s passes its pericentre on a time scale of %.4g%s%s, only "
             "%.2g steps; with fewer than %g %s",
             body, o->peri_time, *unit ? " " : "", unit, steps, least,
             solves_orbits ? "the planets' pulls on each other are not followed"
                           : "an orbit is not followed");
    if (orbits > lasting_orbits && lasting_eta(s) > 0)
        warn(a,
             "%s takes the steps that suit star clusters; over %.3g orbits of %s its energy error "
             "grows to 1e-5, or far more: for planets and lasting binaries take 'tolerance: %g', "
             "or another method",
             m->name, orbits, body, lasting_eta(s));
    if (m->order == 1 && !(m->traits & ORR_SYMPLECTIC))
        warn(a, "%s gains energy without end; it is here for comparison", m->name);
    else if (s->step > 0 && !(m->traits & (ORR_SYMPLECTIC | ORR_REVERSIBLE)) &&
             orbits > many_orbits)
        warn(a,
             "%s is not symplectic: over %.2g orbits of %s its energy error grows in proportion to "
             "time; prefer a symplectic method",
             m->name, orbits, body);
}

static void beware_of_bodies(const orr_scenario *s, orr_advice *a)
{
    const orr_orbit_scales *o = &a->orbits;
    if (!takes_satellites(s) && o->n_satellites > 0)
        warn(a,
             "%s orbits %s, not the star; in these coordinates %s takes it for a planet, which is "
             "wrong for steps that are not far shorter than its month. Take 'coordinates: jacobi', "
             "or put both at their barycentre",
             orr_names_get(&s->names, o->first_satellite.body),
             orr_names_get(&s->names, o->first_satellite.around), s->integrator->name);
    if (o->n_unbound > 0 && !loses_members(s, o))
        warn(a, "%zu bod%s not bound to the others, the first is %s", o->n_unbound,
             o->n_unbound == 1 ? "y is" : "ies are", orr_names_get(&s->names, o->first_unbound));
}

static void beware_of_output(const orr_scenario *s, orr_advice *a)
{
    const orr_element_choice *c = &s->output.elements;
    double number = s->output.float_positions ? sizeof(float) : sizeof(double);
    double bodies = (double)s->bodies.n, chosen = c->of ? (double)c->n_of : bodies;
    double row = bodies * 6 * number + sizeof(double) * (double)c->n_quantities * chosen;
    double bytes = (orr_scenario_span(s) / s->output.every + 1) * row;
    if ((double)s->bodies.n > many_bodies && s->output.every < s->step / 2)
        warn(a,
             "output.every (%.4g) is shorter than the step (%.4g), and each output takes a step of "
             "its own: the run takes some %.2g times as long as with output: { every: %.4g }",
             s->output.every, s->step, s->step / s->output.every, s->step);
    if (bytes > large_output)
        warn(a, "the output will take %.3g GB; make output.every longer or write precision: float",
             bytes / 1e9);
}

/* Gravity that is less accurate than it was to be, on a few bodies.  Not their root of the mean
 * square: one body whose pulls balance, as a star in the middle of a belt, has a large relative
 * error of a small force. */
static void beware_of_forces(const orr_scenario *s, orr_advice *a)
{
    enum { FEW = 100, USUAL = 4 /* times the accuracy: that 99 in 100 bodies stay within */ };
    orr_force_error e;
    if (orr_scenario_force_error(s, FEW, false, 0, &e) == ORR_OK && e.accuracy > 0 &&
        (e.most_99 > USUAL * e.accuracy || e.median > e.accuracy))
        warn(a,
             "the forces are less accurate than they were to be: of %zu bodies, 1 in 100 has a "
             "relative error above %.2g (median %.2g), asked for was %.2g; take a smaller "
             "'accuracy'",
             e.sampled, e.most_99, e.median, e.accuracy);
}

/* Methods that choose their steps, or iterate, until an error is left that is far below that of the
 * forces, which jumps when a body changes its cell. */
static void beware_of_rough_forces(const orr_scenario *s, orr_advice *a)
{
    const orr_integrator *m = s->integrator;
    const orr_force_choice *gravity = &s->forces[0];
    if (s->n_forces == 0 || !(m->traits & ORR_SEEKS_DIGITS))
        return;
    double accuracy =
        option_of(gravity->type->fields, gravity->options, gravity->n_options, "accuracy");
    double tolerance =
        option_of(m->fields, s->integrator_options, s->n_integrator_options, "tolerance");
    if (accuracy > 0 && tolerance < accuracy)
        warn(a,
             "%s seeks more digits than solver '%s' has: its forces are good to %.2g, and their "
             "errors jump as bodies move, so steps become tiny or find no end; take leapfrog or "
             "block-leapfrog, or solver: direct",
             m->name, gravity->type->name, accuracy);
}

void orr_beware(const orr_scenario *s, orr_advice *a)
{
    beware_of_times(s, a);
    if (s->n_without_velocity > 0 && s->bodies.n > 1)
        warn(a,
             "%s has a position and no velocity, so it starts at rest%s; if that is meant, write "
             "velocity: [0, 0, 0]",
             orr_names_get(&s->names, s->first_without_velocity),
             s->n_without_velocity > 1 ? ", like others" : "");
    if (a->orbits.has_orbit)
        beware_of_method(s, a);
    beware_of_bodies(s, a);
    beware_of_output(s, a);
    beware_of_forces(s, a);
    beware_of_rough_forces(s, a);
    if (*s->note)
        warn(a, "%s", s->note);
}
