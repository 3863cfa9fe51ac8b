/* Which methods, with which steps or tolerances. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/advise.h>

#include "compare.h"

/* The classroom's question. */
static const char *const classroom[] = {"euler", "symplectic-euler", "leapfrog", "rk4", "yoshida4"};

/* A force that lives in a method would make it answer another question than the others. */
bool without_relativity(const orr_scenario *s)
{
    for (size_t k = 0; k < s->n_integrator_options; k++) {
        const orr_option *o = &s->integrator_options[k];
        if (strcmp(o->name, "relativity") == 0)
            return o->text && strcmp(o->text, "none") != 0;
    }
    return false;
}

static bool add(comparison *c, const orr_integrator *m, const char *parameter, double number)
{
    if (c->n == MOST_TRIALS) {
        print_error("more than %d runs are too many for one comparison", MOST_TRIALS);
        return false;
    }
    trial *t = calloc(1, sizeof *t);
    if (!t) {
        print_error("out of memory");
        return false;
    }
    bool adaptive = m->traits & ORR_ADAPTIVE;
    const char *key = adaptive ? "tolerance" : "step";
    t->method = m;
    t->parameter = number;
    if (m == c->s.integrator) { /* keeps the options of the scenario */
        snprintf(t->set[0], sizeof t->set[0], "integrator.%s=%s", key, parameter);
    } else {
        snprintf(t->set[0], sizeof t->set[0], "integrator={ method: %s, %s: %s }", m->name, key,
                 parameter);
    }
    snprintf(t->set[1], sizeof t->set[1], "expect=[]");
    if (m == c->s.integrator && without_relativity(&c->s))
        snprintf(t->set[2], sizeof t->set[2], "integrator.relativity=none");
    else
        snprintf(t->set[2], sizeof t->set[2], "expect=[]");
    snprintf(t->label, sizeof t->label, "%s %s%s%s", key, parameter,
             !adaptive && *c->unit && !strpbrk(parameter, " ") ? " " : "",
             !adaptive && *c->unit && !strpbrk(parameter, " ") ? c->unit : "");
    c->trials[c->n++] = t;
    return true;
}

/* Each of a list given by the user; a step may have a unit. */
static bool add_each(comparison *c, const orr_integrator *m, const char *option, const char *list)
{
    orr_dimension dim = m->traits & ORR_ADAPTIVE ? ORR_DIMENSIONLESS : ORR_TIME;
    while (*list) {
        size_t n = strcspn(list, ",");
        char text[64], message[300];
        double value;
        snprintf(text, sizeof text, "%.*s", (int)n, list + strspn(list, " "));
        bool good =
            orr_quantity_parse(text, &c->s.units, dim, &value, message, sizeof message) == ORR_OK;
        if (!good || !(value > 0)) {
            print_error("--%s: %s", option, good ? "a value must be greater than zero" : message);
            return false;
        }
        if (!add(c, m, text, value))
            return false;
        list += n + (list[n] == ',');
    }
    return true;
}

static bool add_numbers(comparison *c, const orr_integrator *m, double base, const double *factors,
                        size_t n)
{
    for (size_t k = 0; k < n; k++) {
        char text[40];
        snprintf(text, sizeof text, "%.10g", base * factors[k]);
        if (!add(c, m, text, base * factors[k]))
            return false;
    }
    return true;
}

static bool add_method(comparison *c, const orr_integrator *m, double base)
{
    const double steps[] = {4, 2, 1, 0.5, 0.25}, looser[] = {1e4, 1e2, 1};
    const double step_like = 1e-3; /* a larger "tolerance" is a measure of steps */
    const char *steps_wish = value_of(c->a, "steps"), *wish = value_of(c->a, "tolerances");
    for (size_t k = 0; k < c->n; k++)
        if (c->trials[k]->method == m)
            return true;                                   /* named twice */
    double work = m->evaluations > 1 ? m->evaluations : 1; /* so that all do the same */
    if (!(m->traits & ORR_ADAPTIVE))
        return steps_wish ? add_each(c, m, "steps", steps_wish)
                          : add_numbers(c, m, work * base, steps, 5);
    if (wish)
        return add_each(c, m, "tolerances", wish);
    const orr_field *f = orr_field_find(m->fields, "tolerance");
    if (f && f->fallback >= step_like)
        return add_numbers(c, m, f->fallback, steps, 5);
    double fallback = f ? f->fallback : 1e-9, most = f && f->max > f->min ? f->max : 1;
    size_t first = fallback * looser[0] <= most ? 0 : fallback * looser[1] <= most ? 1 : 2;
    return add_numbers(c, m, fallback, looser + first, 3 - first);
}

bool plan(comparison *c)
{
    const char *list = value_of(c->a, "methods");
    orr_advice advice = orr_scenario_advise(&c->s);
    double base = c->s.step > 0              ? c->s.step
                  : advice.leapfrog_step > 0 ? advice.leapfrog_step
                                             : orr_scenario_span(&c->s) / 10000;
    if (list)
        while (*list) {
            size_t n = strcspn(list, ",");
            char name[64];
            snprintf(name, sizeof name, "%.*s", (int)n, list + strspn(list, " "));
            const orr_integrator *m = find_method("methods", name);
            if (!m || !add_method(c, m, base))
                return false;
            list += n + (list[n] == ',');
        }
    else if (given(c->a, "all"))
        for (size_t k = 0; orr_integrator_at(k); k++) {
            if (!add_method(c, orr_integrator_at(k), base))
                return false;
        }
    else {
        for (size_t k = 0; k < sizeof classroom / sizeof *classroom; k++)
            if (!add_method(c, orr_integrator_find(classroom[k]), base))
                return false;
        return add_method(c, c->s.integrator, base);
    }
    return true;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Evenly for the eye, and in geometric progression for laws of growth: from the first orbit on. */
void sample_times(comparison *c)
{
    double end = c->s.t_end - c->s.t_start, parts = 2000;
    if (c->period > 0 && fabs(end) / c->period > parts)
        parts = fmin(fabs(end) / c->period, 1e6);
    double first = end / parts;
    for (size_t k = 1; k <= UNIFORM; k++)
        c->t[k] = end * (double)k / UNIFORM;
    for (size_t k = 0; k < GEOMETRIC; k++)
        c->t[UNIFORM + 1 + k] = first * pow(parts, ((double)k + 0.5) / GEOMETRIC);
    qsort(c->t, TIMES, sizeof *c->t, ascending);
    for (size_t k = 0; end < 0 && k < TIMES / 2; k++) { /* away from 0 */
        double swap = c->t[k];
        c->t[k] = c->t[TIMES - 1 - k];
        c->t[TIMES - 1 - k] = swap;
    }
}
