/* values.c - one value of a scenario: number with unit, word, date, option. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static const char *kind_name(orr_yaml_kind kind)
{
    return kind == ORR_MAP ? "a map" : kind == ORR_LIST ? "a list" : "a single value";
}

/* How a node is called in messages: 'key' or "this value". */
static const char *called(const orr_yaml *node, char *buffer, size_t size)
{
    bool until = node->source->argument && strncmp(node->source->file, "--until ", 8) == 0;
    if (until)
        snprintf(buffer, size, "the end of the run");
    else if (node->key)
        snprintf(buffer, size, "'%.60s'", node->key);
    else
        snprintf(buffer, size, "this value");
    return buffer;
}

orr_status orr_need_kind(loader *l, const orr_yaml *node, orr_yaml_kind kind)
{
    char name[80];
    if (node->kind == kind)
        return ORR_OK;
    bool empty = node->kind == ORR_SCALAR && !node->quoted && !*node->text;
    orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "%s must be %s, but is %s",
                  called(node, name, sizeof name), kind_name(kind),
                  empty ? "empty" : kind_name(node->kind));
    if (node->key)
        orr_show_example(&l->doc, node->key);
    return ORR_E_FORMAT;
}

const char *orr_shortest(double value, char text[32])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text;
}

/* What message says of the value of this node. */
static orr_status wrong_value(loader *l, const orr_yaml *node, const char *message)
{
    char name[80];
    return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "%s: %s", called(node, name, sizeof name),
                         message);
}

orr_status orr_read_quantity(loader *l, const orr_yaml *node, orr_dimension dim, double *out)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    char message[300];
    orr_status status =
        orr_quantity_parse(node->text, &l->s->units, dim, out, message, sizeof message);
    return status == ORR_OK ? ORR_OK : wrong_value(l, node, message);
}

orr_status orr_read_positive(loader *l, const orr_yaml *node, orr_dimension dim, double *out)
{
    char name[80];
    ORR_TRY(orr_read_quantity(l, node, dim, out));
    if (*out > 0)
        return ORR_OK;
    return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "%s must be greater than zero",
                         called(node, name, sizeof name));
}

orr_status orr_read_count(loader *l, const orr_yaml *node, double most, size_t *out)
{
    double value;
    char name[80];
    ORR_TRY(orr_read_quantity(l, node, ORR_DIMENSIONLESS, &value));
    if (!(value >= 0) || value != floor(value) || value > most)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "%s must be a whole number between 0 and %.0f",
                             called(node, name, sizeof name), most);
    *out = (size_t)value;
    return ORR_OK;
}

orr_status orr_read_choice(loader *l, const orr_yaml *node, const char *what,
                           const char *const *names, size_t n, size_t *out)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    for (size_t k = 0; k < n; k++)
        if (strcmp(names[k], node->text) == 0) {
            *out = k;
            return ORR_OK;
        }
    orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "there is no %s '%.60s'", what, node->text);
    orr_yaml_hint(&l->doc, node->text, names, n);
    return ORR_E_FORMAT;
}

orr_status orr_read_word(loader *l, orr_part part, const orr_yaml *node, size_t *out)
{
    static const char one_of[] = "one of ";
    const orr_key_doc *key = orr_key_find(part, node->key);
    char text[200];
    const char *words[16];
    size_t n = 0;
    snprintf(text, sizeof text, "%s", key->value + sizeof one_of - 1);
    for (char *rest = text, *word; n < LENGTH_OF(words) && (word = strsep(&rest, "|"));)
        words[n++] = word;
    return orr_read_choice(l, node, node->key, words, n, out);
}

orr_status orr_read_bool(loader *l, const orr_yaml *node, bool *out)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
    size_t k;
    static const char *const also[] = {"False", "True", "FALSE", "TRUE"}; /* YAML 1.2, 10.3.2 */
    for (k = 0; k < LENGTH_OF(also) && node->kind == ORR_SCALAR && !node->quoted; k++)
        if (strcmp(node->text, also[k]) == 0) {
            *out = k % 2;
            return ORR_OK;
        }
    ORR_TRY(orr_read_choice(l, node, "truth value", words, LENGTH_OF(words), &k));
    *out = k % 2;
    return ORR_OK;
}

orr_status orr_read_vector(loader *l, const orr_yaml *node, orr_dimension dim, double out[3])
{
    ORR_TRY(orr_need_kind(l, node, ORR_LIST));
    if (node->n != 3)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a vector has three components [x, y, z], here are %zu", node->n);
    const orr_yaml *item = node->first;
    for (int k = 0; k < 3; k++, item = item->next)
        ORR_TRY(orr_read_quantity(l, item, dim, &out[k]));
    return ORR_OK;
}

orr_status orr_read_text(loader *l, const orr_yaml *node, char **out)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    size_t size = strlen(node->text) + 1;
    *out = orr_arena_alloc(l->doc.memory, size);
    if (!*out)
        return ORR_E_NO_MEMORY;
    memcpy(*out, node->text, size);
    return ORR_OK;
}

orr_status orr_time_from_text(const orr_scenario *s, const char *text, double *t, char *message,
                              size_t size)
{
    return orr_time_read(text, &s->units, s->has_epoch ? &s->epoch : NULL, t, message, size);
}

void orr_scenario_date(const orr_scenario *s, double t, char *text, size_t size)
{
    if (s->has_epoch && !s->units.dimensionless) {
        char date[64];
        orr_date d = orr_date_plus(&s->epoch, t, s->units.time);
        orr_date_text(&d, 0, date, sizeof date);
        snprintf(text, size, "%s %s", date, orr_timescale_at((size_t)d.scale)->name);
        return;
    }
    char unit[64];
    orr_units_name(&s->units, ORR_TIME, unit, sizeof unit);
    snprintf(text, size, "t = %.10g%s%s", t, *unit ? " " : "", unit);
}

orr_status orr_read_time(loader *l, const orr_yaml *node, double *out)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    char message[300];
    orr_status status = orr_time_from_text(l->s, node->text, out, message, sizeof message);
    if (status == ORR_OK && *message)
        snprintf(l->s->note, sizeof l->s->note, "%.159s", message);
    return status == ORR_OK ? ORR_OK : wrong_value(l, node, message);
}

bool orr_like_julian_date(double number) /* of the years 0 to 9999 */
{
    return number > 1721000 && number < 5373500;
}

const char *orr_like_date(const orr_scenario *s, double number, double unit, bool bare)
{
    if (s->units.dimensionless)
        return NULL;
    double day = 86400 / s->units.time, year = 365.25 * day;
    bool in_days = fabs(unit / day - 1) < 1e-9, in_years = fabs(unit / year - 1) < 1e-9;
    double mjd = s->epoch_jd - 2400000.5, now = 2000 + (s->epoch_jd - 2451545) / 365.25;
    if ((in_days || bare) && orr_like_julian_date(number))
        return "JD";
    if (in_days && s->has_epoch && number > 15000 && fabs(number - mjd) < 36525)
        return "MJD";
    if (in_years && s->has_epoch && number > 1000 && fabs(number - now) < 200)
        return "year";
    return NULL;
}

orr_status orr_read_held_time(loader *l, const orr_yaml *node, double *out)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    char message[200], *end;
    if (!l->s->units.dimensionless && orr_is_bare_date(node->text) &&
        orr_bare_date_error(node->text, message, sizeof message) != ORR_OK)
        return wrong_value(l, node, message);
    ORR_TRY(orr_read_time(l, node, out));
    double number = strtod(node->text, &end);
    if (orr_date_is_meant(node->text))
        return ORR_OK;
    const char *what = number != 0 ? orr_like_date(l->s, number, *out / number, !*end) : NULL;
    if (!what)
        return ORR_OK;
    if (strcmp(what, "year") == 0)
        snprintf(message, sizeof message,
                 "'%.40s' after the epoch, or a year?  Write dates as 2020-05-31, and an interval "
                 "this long in kyr",
                 node->text);
    else
        snprintf(message, sizeof message,
                 "'%.40s' after the epoch, or a date?  Write %s %.15g, and an interval this long "
                 "in yr",
                 node->text, what, number);
    return wrong_value(l, node, message);
}

/* ---- options described by a field table ---- */

static orr_status bounds_error(loader *l, const orr_yaml *node, const orr_field *f)
{
    char unit[64] = "";
    orr_units_name(&l->s->units, f->dim, unit, sizeof unit);
    const char *gap = *unit ? " " : "";
    if (isinf(f->max))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'%s' must be at least %g%s%s", f->name,
                             f->min, gap, unit);
    return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'%s' must lie between %g and %g%s%s",
                         f->name, f->min, f->max, gap, unit);
}

static orr_status read_option(loader *l, const orr_yaml *node, const orr_field *f, orr_option *out)
{
    *out = (orr_option){.name = f->name};
    const char *choices[ORR_MOST_CHOICES];
    char names[ORR_MOST_CHOICES][32];
    size_t n = 0, chosen;
    switch (f->type) {
    case ORR_CHOICE:
        for (; n < ORR_MOST_CHOICES && orr_field_choice(f, (int)n, names[n], sizeof names[n]); n++)
            choices[n] = names[n];
        ORR_TRY(orr_read_choice(l, node, f->name, choices, n, &chosen));
        return orr_read_text(l, node, (char **)&out->text);
    case ORR_BODY: {
        size_t found;
        ORR_TRY(orr_find_body(l, node, l->s->names.n, &found));
        out->number = out->upper = (double)found;
        return ORR_OK;
    }
    case ORR_BOOL: {
        bool on;
        ORR_TRY(orr_read_bool(l, node, &on));
        out->number = on;
        return ORR_OK;
    }
    case ORR_RANGE:
        ORR_TRY(orr_need_kind(l, node, ORR_LIST));
        if (node->n != 2)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'%s' is a range: [lowest, highest]",
                                 f->name);
        ORR_TRY(orr_read_quantity(l, node->first, f->dim, &out->number));
        ORR_TRY(orr_read_quantity(l, node->first->next, f->dim, &out->upper));
        if (out->upper < out->number)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'%s': the lower bound comes first",
                                 f->name);
        break;
    case ORR_DOUBLE:
    case ORR_INT:
        ORR_TRY(orr_read_quantity(l, node, f->dim, &out->number));
        out->upper = out->number;
        if (f->type == ORR_INT && out->number != floor(out->number))
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'%s' must be a whole number",
                                 f->name);
    }
    if (f->min < f->max && (out->number < f->min || out->upper > f->max))
        return bounds_error(l, node, f);
    return ORR_OK;
}

orr_status orr_read_options(loader *l, orr_yaml *map, const orr_field *fields, orr_option **options,
                            size_t *n)
{
    size_t most = 0;
    for (const orr_field *f = fields; f && f->name; f++)
        most++;
    *n = 0;
    *options = orr_arena_alloc(l->doc.memory, (most + 1) * sizeof **options);
    if (!*options)
        return ORR_E_NO_MEMORY;
    for (const orr_field *f = fields; f && f->name; f++) {
        if (!(f->role & ORR_OPTION))
            continue;
        const orr_yaml *node = orr_yaml_get(map, f->name);
        if (node)
            ORR_TRY(read_option(l, node, f, &(*options)[(*n)++]));
        else if (f->role & ORR_REQUIRED)
            return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT, "'%s' is missing: %s", f->name,
                                 f->doc);
    }
    return ORR_OK;
}
