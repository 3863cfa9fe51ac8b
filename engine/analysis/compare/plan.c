/* plan.c - which methods, with which steps or tolerances, and at which times they are looked at. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/work.h"
#include "plan.h"

/* The classroom's question. */
static const char *const classroom[] = {"euler", "symplectic-euler", "leapfrog", "rk4", "yoshida4"};
enum { CLASSROOM = sizeof classroom / sizeof *classroom };

/* A force that lives in a method would make it answer another question than the others. */
static bool has_relativity(const orr_scenario *s)
{
    for (size_t k = 0; k < s->n_integrator_options; k++) {
        const orr_option *o = &s->integrator_options[k];
        if (strcmp(o->name, "relativity") == 0)
            return o->text && strcmp(o->text, "none") != 0;
    }
    return false;
}

static orr_status add(comparing *w, const orr_integrator *m, const char *parameter, double number,
                      orr_diagnosis *why)
{
    orr_comparison *c = &w->c;
    if (c->n == ORR_MOST_TRIALS)
        return orr_refuse(ORR_E_ARGUMENT, why, "more than %d runs are too many for one comparison",
                          ORR_MOST_TRIALS);
    bool adaptive = m->traits & ORR_ADAPTIVE, own = m == c->scenario->integrator;
    bool unit = !adaptive && *c->time_unit && !strpbrk(parameter, " ");
    const char *key = adaptive ? "tolerance" : "step";
    orr_trial *t = &w->trials[c->n];
    trial_work *work = &w->work[c->n++];
    t->method = m;
    t->parameter = number;
    if (own) /* keeps the options of the scenario */
        snprintf(work->set[0], sizeof work->set[0], "integrator.%s=%s", key, parameter);
    else
        snprintf(work->set[0], sizeof work->set[0], "integrator={ method: %s, %s: %s }", m->name,
                 key, parameter);
    snprintf(work->set[1], sizeof work->set[1], "expect=[]");
    snprintf(work->set[2], sizeof work->set[2],
             own && c->without_relativity ? "integrator.relativity=none" : "expect=[]");
    snprintf(t->label, sizeof t->label, "%s %s%s%s", key, parameter, unit ? " " : "",
             unit ? c->time_unit : "");
    return ORR_OK;
}

/* Each of a list of texts; a step may have a unit. */
static orr_status add_texts(comparing *w, const orr_integrator *m, const char *field,
                            const char *const *texts, size_t n, orr_diagnosis *why)
{
    orr_dimension dim = m->traits & ORR_ADAPTIVE ? ORR_DIMENSIONLESS : ORR_TIME;
    for (size_t k = 0; k < n; k++) {
        char message[300];
        double value;
        bool good = orr_quantity_parse(texts[k], &w->c.scenario->units, dim, &value, message,
                                       sizeof message) == ORR_OK;
        if (!good || !(value > 0)) {
            orr_refuse(ORR_E_ARGUMENT, why, "%s",
                       good ? "a value must be greater than zero" : message);
            snprintf(why->file, sizeof why->file, "%s", field);
            return ORR_E_ARGUMENT;
        }
        ORR_TRY(add(w, m, texts[k], value, why));
    }
    return ORR_OK;
}

static orr_status add_numbers(comparing *w, const orr_integrator *m, double base,
                              const double *factors, size_t n, orr_diagnosis *why)
{
    for (size_t k = 0; k < n; k++) {
        char text[40];
        snprintf(text, sizeof text, "%.10g", base * factors[k]);
        ORR_TRY(add(w, m, text, base * factors[k], why));
    }
    return ORR_OK;
}

static orr_status add_method(comparing *w, const orr_integrator *m, double base, orr_diagnosis *why)
{
    const double steps[] = {4, 2, 1, 0.5, 0.25}, looser[] = {1e4, 1e2, 1};
    const double step_like = 1e-3; /* a larger "tolerance" is a measure of steps */
    const orr_comparison_def *def = &w->def;
    for (size_t k = 0; k < w->c.n; k++)
        if (w->trials[k].method == m)
            return ORR_OK;                                 /* named twice */
    double work = m->evaluations > 1 ? m->evaluations : 1; /* so that all do the same */
    if (!(m->traits & ORR_ADAPTIVE))
        return def->n_steps ? add_texts(w, m, "steps", def->steps, def->n_steps, why)
                            : add_numbers(w, m, work * base, steps, 5, why);
    if (def->n_tolerances)
        return add_texts(w, m, "tolerances", def->tolerances, def->n_tolerances, why);
    const orr_field *f = orr_field_find(m->fields, "tolerance");
    if (f && f->fallback >= step_like)
        return add_numbers(w, m, f->fallback, steps, 5, why);
    double fallback = f ? f->fallback : 1e-9, most = f && f->max > f->min ? f->max : 1;
    size_t first = fallback * looser[0] <= most ? 0 : fallback * looser[1] <= most ? 1 : 2;
    return add_numbers(w, m, fallback, looser + first, 3 - first, why);
}

static orr_status add_methods(comparing *w, const orr_orbit_scales *orbits, orr_diagnosis *why)
{
    enum { STEPS = 10000 }; /* in the run, where neither the scenario nor an orbit says more */
    const orr_comparison_def *def = &w->def;
    const orr_scenario *s = def->scenario;
    double leapfrog = orr_leapfrog_step(orbits);
    double base = s->step > 0 ? s->step : leapfrog > 0 ? leapfrog : orr_scenario_span(s) / STEPS;
    for (size_t k = 0; k < def->n_methods; k++)
        ORR_TRY(add_method(w, def->methods[k], base, why));
    for (size_t k = 0; !def->n_methods && k < CLASSROOM; k++)
        ORR_TRY(add_method(w, orr_integrator_find(classroom[k]), base, why));
    return def->n_methods ? ORR_OK : add_method(w, s->integrator, base, why);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Evenly for the eye, and in geometric progression for laws of growth: from the first orbit on. */
static void sample_times(comparing *w)
{
    const orr_comparison *c = &w->c;
    double end = c->scenario->t_end - c->scenario->t_start, parts = 2000;
    if (c->period > 0 && fabs(end) / c->period > parts)
        parts = fmin(fabs(end) / c->period, 1e6);
    double first = end / parts;
    for (size_t k = 1; k <= UNIFORM; k++)
        w->times[k] = end * (double)k / UNIFORM;
    for (size_t k = 0; k < GEOMETRIC; k++)
        w->times[UNIFORM + 1 + k] = first * pow(parts, ((double)k + 0.5) / GEOMETRIC);
    qsort(w->times, TIMES, sizeof *w->times, ascending);
    for (size_t k = 0; end < 0 && k < TIMES / 2; k++) { /* away from 0 */
        double swap = w->times[k];
        w->times[k] = w->times[TIMES - 1 - k];
        w->times[TIMES - 1 - k] = swap;
    }
}

/* Two bodies with mass, or one in a field. */
static bool does_energy_tell(const orr_scenario *s)
{
    size_t massive = 0;
    for (size_t i = 0; i < s->bodies.n; i++)
        massive += s->bodies.gm[i] > 0;
    if (s->boundary.kind == ORR_SHEARING_SHEET) /* its sides do work */
        return false;
    return massive > 1 || (massive == 1 && s->n_forces > 1);
}

orr_status orr_compare_plan(comparing *w, orr_diagnosis *why)
{
    const orr_scenario *s = w->def.scenario;
    orr_orbit_scales orbits = orr_orbit_scales_of(&s->bodies);
    w->c.scenario = s;
    w->c.time_unit = s->units.dimensionless ? "" : s->units.time_name;
    w->c.period = orbits.has_orbit ? orbits.shortest.period : NAN;
    w->c.energy_tells = does_energy_tell(s);
    w->c.without_relativity = has_relativity(s);
    if (!(orr_scenario_span(s) > 0))
        return orr_refuse(ORR_E_INCOMPATIBLE, why,
                          "there is nothing to compare in a run of no length");
    sample_times(w);
    return add_methods(w, &orbits, why);
}
