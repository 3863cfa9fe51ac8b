/* expect.c - `expect:` turns a scenario into a test. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/math/reproducible.h"
#include "internal.h"

enum {
    Q_ENERGY_ERROR,
    Q_ENERGY_ERROR_FINAL,
    Q_ANGULAR_MOMENTUM_ERROR,
    Q_DISPERSION,
    Q_CLUMPING,
    Q_POSITION,
    Q_VELOCITY,
    Q_DISTANCE,
    Q_RELATIVE_POSITION,
    Q_RETURN_DISTANCE,
    Q_COUNT
};

static const orr_quantity quantities[Q_COUNT] = {
    {"energy_error", {0, 0, 0, 0}, 0, 1, "largest |E - E0| / |E0| seen by the diagnostics"},
    {"energy_error_final", {0, 0, 0, 0}, 0, 1, "|E - E0| / |E0| at the end"},
    {"angular_momentum_error", {0, 0, 0, 0}, 0, 1, "largest |L - L0| / |L0|"},
    {"dispersion",
     {1, 0, -1, 0},
     0,
     1,
     "rms speed in one direction about the mean, in a shearing sheet about the shear"},
    {"clumping",
     {0, 0, 0, 0},
     0,
     1,
     "of bodies in a box: variance over mean of their numbers in cells of about 16, seen from "
     "above; "
     "1 at random"},
    {"position", {1, 0, 0, 0}, 1, 3, "of a body, in the axes of the file"},
    {"velocity", {1, 0, -1, 0}, 1, 3, "of a body"},
    {"distance", {1, 0, 0, 0}, 2, 1, "between two bodies, of: [A, B]"},
    {"relative_position", {1, 0, 0, 0}, 2, 3, "of A from B, of: [A, B], in the axes of the file"},
    {"return_distance", {1, 0, 0, 0}, 0, 1, "root sum square of all displacements from the start"},
};

const orr_quantity *orr_quantity_at(size_t i)
{
    return i < Q_COUNT ? &quantities[i] : orr_orbital_at(i - Q_COUNT);
}

static const char *const keys[] = {"quantity", "of",    "around", "at",    "value",
                                   "within",   "below", "above",  "plane", "gm"};
enum { MOST_QUANTITIES = Q_COUNT + ORR_ORBITALS };

static orr_status body_id(loader *l, const orr_yaml *node, uint64_t *id)
{
    size_t found;
    ORR_TRY(orr_find_body(l, node, l->s->names.n, &found));
    *id = found;
    return ORR_OK;
}

static orr_status read_subject(loader *l, orr_yaml *node, orr_yaml *of, orr_expectation *e)
{
    const orr_quantity *q = orr_quantity_at((size_t)e->quantity);
    if (q->bodies == 0 && !of)
        return ORR_OK;
    if (q->bodies == 0)
        return orr_yaml_fail_key(&l->doc, of, ORR_E_FORMAT,
                                 "'%s' is a property of all bodies: no 'of:'", q->name);
    if (!of)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'of:' is missing: the %s of which body?",
                             q->name);
    e->has_of = true;
    if (q->bodies == 1)
        return body_id(l, of, &e->of[0]);
    ORR_TRY(orr_need_kind(l, of, ORR_LIST));
    if (of->n != 2)
        return orr_yaml_fail(&l->doc, of, ORR_E_FORMAT, "two bodies are needed: of: [A, B]");
    ORR_TRY(body_id(l, of->first, &e->of[0]));
    return body_id(l, of->first->next, &e->of[1]);
}

static orr_status read_what(loader *l, const orr_yaml *node, orr_expectation *e)
{
    const char *names[MOST_QUANTITIES];
    size_t chosen, orbital = ORR_ORBITALS;
    for (size_t k = 0; k < MOST_QUANTITIES; k++)
        names[k] = orr_quantity_at(k)->name;
    if (node->kind == ORR_SCALAR)
        orbital = orr_orbital_find(node->text, strlen(node->text)); /* knows synonyms */
    chosen = Q_COUNT + orbital;
    if (orbital == ORR_ORBITALS)
        ORR_TRY(orr_read_choice(l, node, "quantity", names, MOST_QUANTITIES, &chosen));
    e->quantity = (int)chosen;
    return ORR_OK;
}

/* Times may be dates. */
static orr_status read_number(loader *l, const orr_yaml *node, const orr_quantity *q, double *out)
{
    return q->dim.time == 1 && q->dim.length == 0 ? orr_read_time(l, node, out)
                                                  : orr_read_quantity(l, node, q->dim, out);
}

static orr_status read_expectation(loader *l, orr_yaml *node, orr_expectation *e)
{
    ORR_TRY(orr_need_kind(l, node, ORR_MAP));
    *e = (orr_expectation){.at = NAN,
                           .below = NAN,
                           .above = NAN,
                           .file = node->source->file,
                           .line = node->source->argument ? 0 : node->line};
    orr_yaml *at[LENGTH_OF(keys)];
    for (size_t k = 0; k < LENGTH_OF(keys); k++)
        at[k] = orr_yaml_get(node, keys[k]);
    if (!at[0])
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'quantity' is missing");
    ORR_TRY(read_what(l, at[0], e));
    const orr_quantity *q = orr_quantity_at((size_t)e->quantity);
    ORR_TRY(read_subject(l, node, at[1], e));
    if (e->quantity < Q_COUNT && (at[2] || at[8] || at[9]))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "'%s' belongs to osculating elements only",
                             at[2]   ? "around"
                             : at[8] ? "plane"
                                     : "gm");
    if (e->quantity >= Q_COUNT && !at[2])
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "'around' is missing: elements are relative to a body, or to a "
                             "barycentre ([A, B], barycentre, jacobi)");
    if (at[2])
        ORR_TRY(orr_read_about(l, &(orr_about_nodes){.around = at[2], .plane = at[8], .gm = at[9]},
                               &e->about));
    if (at[3]) {
        ORR_TRY(orr_read_time(l, at[3], &e->at));
        if (e->quantity <= Q_ANGULAR_MOMENTUM_ERROR)
            return orr_yaml_fail_key(&l->doc, at[3], ORR_E_FORMAT,
                                     "'%s' is over the whole run: no 'at:'", q->name);
        const orr_scenario *s = l->s;
        if ((e->at - s->t_start) * (s->t_end - s->t_start) < 0 ||
            fabs(e->at - s->t_start) > orr_scenario_span(s))
            return orr_yaml_fail(&l->doc, at[3], ORR_E_FORMAT, "this time is outside of the run");
    }
    if (at[4]) {
        e->has_value = true;
        if (q->components == 3)
            ORR_TRY(orr_read_vector(l, at[4], q->dim, e->value));
        else
            ORR_TRY(read_number(l, at[4], q, e->value));
    }
    if (at[5])
        ORR_TRY(orr_read_positive(l, at[5], q->dim, &e->within));
    if (at[6])
        ORR_TRY(read_number(l, at[6], q, &e->below));
    if (at[7])
        ORR_TRY(read_number(l, at[7], q, &e->above));
    if (!at[4] != !at[5])
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'value' and 'within' belong together");
    if (!at[4] && !at[6] && !at[7])
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "say what is expected: 'below:', 'above:', or 'value:' and 'within:'");
    if (q->components == 3 && (at[6] || at[7]))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "a vector needs 'value:' and 'within:'");
    return ORR_OK;
}

orr_status orr_read_expectations(loader *l, orr_yaml *list)
{
    ORR_TRY(orr_need_kind(l, list, ORR_LIST));
    l->s->expect = orr_arena_alloc(l->doc.memory, (list->n + 1) * sizeof *l->s->expect);
    if (!l->s->expect)
        return ORR_E_NO_MEMORY;
    for (orr_yaml *node = list->first; node; node = node->next)
        ORR_TRY(read_expectation(l, node, &l->s->expect[l->s->n_expect++]));
    return ORR_OK;
}

bool orr_scenario_needs_initial(const orr_scenario *s)
{
    for (size_t k = 0; k < s->n_expect; k++)
        if (s->expect[k].quantity == Q_RETURN_DISTANCE)
            return true;
    return false;
}

/* ---- measuring ---- */

static double square(double x)
{
    return x * x;
}

static double return_distance(const orr_bodies *now, const orr_bodies *then)
{
    double sum = 0;
    for (size_t c = 0; then && c < 3; c++)
        for (size_t i = 0; i < now->n && i < then->n; i++)
            sum += square(now->pos[c * now->stride + i] - then->pos[c * then->stride + i]);
    return then ? sqrt(sum) : NAN;
}

/* NaN, with the reason in why[80], if there is none. */
static double element(const orr_expectation *e, const orr_bodies *now, double t, char *why)
{
    orr_centres centres = {0};
    orr_elements el;
    double mu, values[ORR_ORBITALS];
    size_t i = orr_bodies_find(now, e->of[0]);
    orr_status status = orr_centres_find(&centres, &e->about, now);
    if (status == ORR_OK)
        status = i < now->n ? orr_osculating(&centres, i, &el, &mu) : ORR_E_INCOMPATIBLE;
    orr_centres_free(&centres);
    if (status == ORR_OK) {
        orr_orbitals(&el, mu, t, values);
        return values[e->quantity - Q_COUNT];
    }
    snprintf(why, 80, "%s",
             status == ORR_E_INCOMPATIBLE ? "it is its own centre, or one of them is no more"
             : status == ORR_E_NO_MEMORY  ? "out of memory"
                                          : "straight-line motion has no elements");
    return NAN;
}

static void measure(const orr_scenario *s, const orr_expectation *e, const orr_bodies *now,
                    double t, const orr_watch *watch, double out[3], char *why)
{
    const orr_body none = {.pos = {NAN, NAN, NAN}, .vel = {NAN, NAN, NAN}};
    orr_body b[2] = {none, none};
    for (int k = 0; k < 2; k++) {
        size_t i = orr_bodies_find(now, e->of[k]);
        if (i < now->n)
            b[k] = orr_bodies_get(now, i);
    }
    out[1] = out[2] = 0;
    switch (e->quantity) {
    case Q_ENERGY_ERROR:
        out[0] = watch->energy_error_max;
        return;
    case Q_ENERGY_ERROR_FINAL:
        out[0] = watch->energy_error_final;
        return;
    case Q_ANGULAR_MOMENTUM_ERROR:
        out[0] = watch->angular_momentum_error_max;
        return;
    case Q_DISPERSION:
        out[0] = orr_dispersion(s, now);
        return;
    case Q_CLUMPING:
        out[0] = orr_clumping(s, now);
        return;
    case Q_POSITION:
        memcpy(out, b[0].pos, sizeof b[0].pos);
        return;
    case Q_VELOCITY:
        memcpy(out, b[0].vel, sizeof b[0].vel);
        return;
    case Q_DISTANCE:
        out[0] = sqrt(square(b[0].pos[0] - b[1].pos[0]) + square(b[0].pos[1] - b[1].pos[1]) +
                      square(b[0].pos[2] - b[1].pos[2]));
        return;
    case Q_RELATIVE_POSITION:
        for (int c = 0; c < 3; c++)
            out[c] = b[0].pos[c] - b[1].pos[c];
        return;
    case Q_RETURN_DISTANCE:
        out[0] = return_distance(now, watch->initial);
        return;
    default:
        out[0] = element(e, now, t, why);
    }
}

/* As it is told: with degrees. */
static void unit_of(const orr_scenario *s, orr_dimension dim, char *unit, size_t size)
{
    orr_dimension rest = {dim.length, dim.mass, dim.time, 0};
    char other[56];
    orr_units_name(&s->units, rest, other, sizeof other);
    snprintf(unit, size, "%s%s%s", dim.angle ? "deg" : "", dim.angle && *other ? " " : "", other);
}

bool orr_expectation_met(const orr_scenario *s, const orr_expectation *e, const orr_snapshot *now,
                         const orr_watch *watch, char *text, size_t size)
{
    const orr_quantity *q = orr_quantity_at((size_t)e->quantity);
    double got[3], miss = 0;
    char none[80] = "";
    measure(s, e, now->bodies, now->t, watch, got, none);
    for (int k = 0; k < q->components; k++) {
        double d = got[k] - e->value[k];
        if (q->dim.angle == 1 && q->dim.time == 0)
            d = remainder(d, 2 * ORR_PI);
        miss += d * d;
    }
    miss = sqrt(miss);
    bool met = true;
    char subject[200] = "", unit[64], wanted[200] = "";
    double scale = q->dim.angle == 1 ? 180 / ORR_PI : 1; /* people think in degrees */
    if (e->has_of)
        snprintf(subject, sizeof subject, q->bodies == 2 ? " of %s and %s" : " of %s",
                 orr_names_get(&s->names, e->of[0]), orr_names_get(&s->names, e->of[1]));
    unit_of(s, q->dim, unit, sizeof unit);
    if (e->has_value) {
        met = miss <= e->within;
        snprintf(wanted, sizeof wanted, "within %.3g of expected, off by %.3g", scale * e->within,
                 scale * miss);
    }
    if (!isnan(e->below)) {
        met = met && got[0] < e->below;
        snprintf(wanted, sizeof wanted, "below %.6g", scale * e->below);
    }
    if (!isnan(e->above)) {
        met = met && got[0] > e->above;
        snprintf(wanted + strlen(wanted), sizeof wanted - strlen(wanted), "%sabove %.6g",
                 *wanted ? " and " : "", scale * e->above);
    }
    if (q->components == 3)
        snprintf(text, size, "%s%s: [%.12g, %.12g, %.12g] %s (%s)", q->name, subject, got[0],
                 got[1], got[2], unit, wanted);
    else
        snprintf(text, size, "%s%s: %.12g%s%s (%s%s%s)", q->name, subject, scale * got[0],
                 *unit ? " " : "", unit, *none ? none : wanted, *none ? "; " : "",
                 *none ? wanted : "");
    return met;
}
