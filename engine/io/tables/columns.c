/* columns.c - what the columns of a table mean: from their headings, from the format's own names,
 * and from what the group says:
 *
 *     columns: { om: Omega, w: omega }    names
 *     units:   { a: au, i: deg, tp: JD }  units of columns without brackets
 *     ignore:  [q, H]  or  ignore: rest   what is left out, known or not
 *     default: { e: 0, i: 90 deg }        what blank cells and absent columns mean */
#include <stdlib.h>
#include <string.h>

#include "tables.h"

static const struct {
    const char *name;
    orr_dimension dim;
} plain[COL_ELEMENTS] = {
    [COL_NAME] = {"name", {0, 0, 0, 0}},
    [COL_HOST] = {"host", {0, 0, 0, 0}},
    [COL_GM] = {"GM", {3, 0, -2, 0}},
    [COL_MASS] = {"mass", {0, 1, 0, 0}},
    [COL_RADIUS] = {"radius", {1, 0, 0, 0}},
    [COL_DIAMETER] = {"diameter", {1, 0, 0, 0}},
    [COL_DENSITY] = {"density", {-3, 1, 0, 0}},
    [COL_X] = {"x", {1, 0, 0, 0}},
    [COL_Y] = {"y", {1, 0, 0, 0}},
    [COL_Z] = {"z", {1, 0, 0, 0}},
    [COL_VX] = {"vx", {1, 0, -1, 0}},
    [COL_VY] = {"vy", {1, 0, -1, 0}},
    [COL_VZ] = {"vz", {1, 0, -1, 0}},
    [COL_EPOCH] = {"epoch", {0, 0, 1, 0}},
    [COL_TRANSIT] = {"transit", {0, 0, 1, 0}},
    [COL_STAR_OMEGA] = {"star_omega", {0, 0, 0, 1}},
    [COL_STAR_MASS] = {"star_mass", {0, 1, 0, 0}},
    [COL_STAR_RADIUS] = {"star_radius", {1, 0, 0, 0}},
};

const char *orr_column_name(int meaning)
{
    return meaning < COL_ELEMENTS ? plain[meaning].name : orr_element_keys[meaning - COL_ELEMENTS];
}

orr_dimension orr_column_dimension(int meaning)
{
    return meaning < COL_ELEMENTS ? plain[meaning].dim
                                  : orr_element_dimension(meaning - COL_ELEMENTS);
}

bool orr_column_is_time(int meaning)
{
    return meaning == COL_EPOCH || meaning == COL_TRANSIT || meaning == COL_ELEMENTS + EL_PERI_TIME;
}

static bool is_text(int meaning)
{
    return meaning == COL_NAME || meaning == COL_HOST;
}

orr_status orr_make_columns(orr_table *t, size_t n)
{
    t->columns = calloc(n + 1, sizeof *t->columns);
    if (!t->columns)
        return ORR_E_NO_MEMORY;
    t->n_columns = n;
    for (size_t k = 0; k < n; k++)
        t->columns[k].meaning = COL_UNUSED;
    return ORR_OK;
}

/* ---- units ---- */

/* "JD", "MJD TT": the number is a date. */
static bool date_unit(orr_column *c, const char *unit)
{
    size_t length = strcspn(unit, " ");
    bool julian = length == 2 && memcmp(unit, "JD", 2) == 0;
    bool modified = length == 3 && memcmp(unit, "MJD", 3) == 0;
    bool barycentric = length == 3 && memcmp(unit, "BJD", 3) == 0;
    if (!julian && !modified && !barycentric)
        return false;
    c->form = modified ? FORM_MJD : FORM_JD;
    if (unit[length])
        snprintf(c->scale, sizeof c->scale, "%.7s", unit + length + 1);
    else if (barycentric)
        strcpy(c->scale, "TDB");
    return true;
}

static orr_status set_unit(orr_table *t, orr_column *c, const orr_cell *at)
{
    char trial[64], message[300];
    c->factor = 1;
    c->form = is_text(c->meaning) ? FORM_TEXT : FORM_NUMBER;
    if (c->form == FORM_TEXT)
        return ORR_OK;
    if (orr_column_is_time(c->meaning)) {
        if (strcmp(c->unit, "packed") == 0) {
            c->form = FORM_PACKED;
            return ORR_OK;
        }
        if (strcmp(c->unit, "YYYYMMDD") == 0) {
            c->form = FORM_CALENDAR;
            return ORR_OK;
        }
        c->form = *c->unit ? FORM_INTERVAL : FORM_DATE;
        if (date_unit(c, c->unit))
            return ORR_OK;
    }
    orr_dimension dim = orr_column_dimension(c->meaning);
    c->bare_angle = !*c->unit && dim.angle && t->l->s->units.angle == 0;
    if (c->bare_angle)
        return ORR_OK;
    snprintf(trial, sizeof trial, "1 %s", c->unit);
    if (orr_quantity_parse(*c->unit ? trial : "1", &t->l->s->units, dim, &c->factor, message,
                           sizeof message) != ORR_OK)
        return orr_table_fail(t, at, "column '%s': %s%s", c->heading, message,
                              orr_column_is_time(c->meaning) ? "; of a date it is JD or MJD" : "");
    return ORR_OK;
}

/* ---- what the group says ---- */

/* The value of `map: { heading: value }` in the group, or NULL. */
static const orr_yaml *of_group(const orr_table *t, const char *map, const char *heading)
{
    return orr_yaml_get(orr_yaml_get(t->group->node, map), heading);
}

static bool is_ignored(const orr_table *t, const char *heading)
{
    orr_yaml *ignore = orr_yaml_get(t->group->node, "ignore");
    for (const orr_yaml *item = ignore ? ignore->first : NULL; item; item = item->next)
        if (item->kind == ORR_SCALAR && strcmp(item->text, heading) == 0)
            return true;
    return false;
}

static bool ignores_rest(const orr_table *t)
{
    const orr_yaml *ignore = orr_yaml_get(t->group->node, "ignore");
    return t->format->traits & ORR_REST_UNUSED ||
           (ignore && ignore->kind == ORR_SCALAR && strcmp(ignore->text, "rest") == 0);
}

/* ---- headings ---- */

/* "a (au)" of papers -> "a [au]", where that is a unit and the group does not speak of "a (au)". */
static void bracket_unit(const orr_table *t, char *heading)
{
    char *open = strrchr(heading, '('), *close = open ? strchr(open, ')') : NULL, unit[32];
    if (!close || close[1] || open == heading || close - open > (long)sizeof unit ||
        of_group(t, "columns", heading) || of_group(t, "units", heading) || is_ignored(t, heading))
        return;
    snprintf(unit, sizeof unit, "%.*s", (int)(close - open - 1), open + 1);
    orr_column dated;
    if (!orr_is_unit(unit) && !date_unit(&dated, unit))
        return;
    *open = '[';
    *close = ']';
}

/* "a [au]" -> "a", "au". */
static orr_status split(orr_table *t, char *heading, orr_column *c, const orr_cell *at)
{
    bracket_unit(t, heading);
    char *bracket = strchr(heading, '[');
    if (bracket) {
        char *close = strchr(bracket, ']');
        if (!close || close[1] || (size_t)(close - bracket) > sizeof c->unit)
            return orr_table_fail(t, at, "a unit is written in brackets, such as 'a [au]'");
        *close = *bracket = 0;
        snprintf(c->unit, sizeof c->unit, "%s", orr_trim(bracket + 1));
    }
    snprintf(c->heading, sizeof c->heading, "%s", orr_trim(heading));
    return ORR_OK;
}

/* What the format, or the plain table, calls so. */
static void find_meaning(const orr_table *t, const char *name, orr_column *c)
{
    int rank = 0;
    for (const orr_alias *a = t->format->aliases; a && a->heading; a++, rank++)
        if (strcmp(a->heading, name) == 0) {
            c->meaning = a->meaning;
            c->rank = rank;
            if (!*c->unit && a->unit)
                snprintf(c->unit, sizeof c->unit, "%s", a->unit);
            return;
        }
    for (int m = 0; m < COL_COUNT; m++)
        if (strcmp(orr_column_name(m), name) == 0) {
            c->meaning = m;
            c->rank = -1;
            return;
        }
}

bool orr_knows_heading(const orr_table *t, char *heading)
{
    orr_column c = {.meaning = COL_UNUSED};
    if (is_ignored(t, heading) || of_group(t, "columns", heading))
        return true;
    bracket_unit(t, heading);
    heading[strcspn(heading, "[")] = 0;
    find_meaning(t, orr_trim(heading), &c);
    return c.meaning != COL_UNUSED;
}

static orr_status unknown_heading(orr_table *t, const orr_column *c, const orr_cell *at)
{
    const char *names[COL_COUNT];
    for (int m = 0; m < COL_COUNT; m++)
        names[m] = orr_column_name(m);
    orr_table_fail(t, at,
                   "there is no column '%.60s' (to leave it out, write 'ignore: [%.60s]', or "
                   "'ignore: rest' for all that are unknown; if it is one under another name, "
                   "'columns: { %.60s: NAME }')",
                   c->heading, c->heading, c->heading);
    orr_yaml_hint(&t->l->doc, c->heading, names, COL_COUNT);
    return ORR_E_FORMAT;
}

static orr_status claim(orr_table *t, size_t k, const orr_cell *at)
{
    orr_column *c = &t->columns[k];
    for (size_t j = 0; j < k; j++)
        if (t->columns[j].meaning == c->meaning && t->columns[j].rank == c->rank)
            return orr_table_fail(t, at, "two columns '%s'", orr_column_name(c->meaning));
    t->has_several[c->meaning] = t->has[c->meaning];
    t->has[c->meaning] = true;
    return set_unit(t, c, at);
}

orr_status orr_read_heading(orr_table *t, size_t k, const orr_cell *at)
{
    orr_column *c = &t->columns[k];
    char heading[ORR_LONGEST_HEADING + 40], name[ORR_LONGEST_HEADING];
    if (strlen(at->text) >= sizeof heading)
        return orr_table_fail(t, at, "this heading is longer than %d bytes", ORR_LONGEST_HEADING);
    strcpy(heading, at->text);
    ORR_TRY(split(t, heading, c, at));
    strcpy(name, c->heading);
    const orr_yaml *renamed = of_group(t, "columns", c->heading);
    const orr_yaml *unit = of_group(t, "units", c->heading);
    if (renamed) {
        orr_column stated = {0};
        ORR_TRY(orr_need_kind(t->l, renamed, ORR_SCALAR));
        snprintf(heading, sizeof heading, "%s", renamed->text);
        ORR_TRY(split(t, heading, &stated, at));
        strcpy(name, stated.heading);
        if (*stated.unit && *c->unit)
            return orr_yaml_fail(&t->l->doc, renamed, ORR_E_FORMAT,
                                 "the heading of '%s' states a unit already: [%s]", c->heading,
                                 c->unit);
        if (*stated.unit)
            strcpy(c->unit, stated.unit);
    }
    if (is_ignored(t, c->heading))
        return ORR_OK;
    char written[sizeof c->unit];
    strcpy(written, c->unit);
    find_meaning(t, name, c);
    if (c->meaning == COL_UNUSED && renamed) {
        const char *names[COL_COUNT];
        for (int m = 0; m < COL_COUNT; m++)
            names[m] = orr_column_name(m);
        orr_yaml_fail(&t->l->doc, renamed, ORR_E_FORMAT, "no column means '%.60s'", name);
        orr_yaml_hint(&t->l->doc, name, names, COL_COUNT);
        return ORR_E_FORMAT;
    }
    if (c->meaning == COL_UNUSED)
        return ignores_rest(t) ? ORR_OK : unknown_heading(t, c, at);
    if (!unit)
        unit = of_group(t, "units", orr_column_name(c->meaning));
    if (unit) {
        orr_column dated;
        ORR_TRY(orr_need_kind(t->l, unit, ORR_SCALAR));
        bool counts_days = strcmp(written, "day") == 0 || strcmp(written, "days") == 0 ||
                           strcmp(written, "d") == 0;
        /* 'T [day]' may well be a Julian date, which counts days */
        if (*written && !(counts_days && date_unit(&dated, unit->text)))
            return orr_yaml_fail(&t->l->doc, unit, ORR_E_FORMAT,
                                 "the heading of '%s' states a unit already: [%s]", c->heading,
                                 written);
        snprintf(c->unit, sizeof c->unit, "%s", unit->text);
    }
    return claim(t, k, at);
}

orr_status orr_fixed_columns(orr_table *t, const orr_alias *columns, size_t n)
{
    ORR_TRY(orr_make_columns(t, n));
    for (size_t k = 0; k < n; k++) {
        orr_column *c = &t->columns[k];
        snprintf(c->heading, sizeof c->heading, "%s", columns[k].heading);
        if (columns[k].meaning == COL_UNUSED || is_ignored(t, c->heading))
            continue;
        c->meaning = columns[k].meaning;
        c->rank = (int)k;
        if (columns[k].unit)
            snprintf(c->unit, sizeof c->unit, "%s", columns[k].unit);
        ORR_TRY(claim(t, k, NULL));
    }
    return ORR_OK;
}

/* ---- once all columns are known ---- */

static orr_status check_keys(orr_table *t, const char *key)
{
    const orr_yaml *map = orr_yaml_get(t->group->node, key);
    if (!map)
        return ORR_OK;
    ORR_TRY(orr_need_kind(t->l, map, ORR_MAP));
    for (const orr_yaml *item = map->first; item; item = item->next) {
        if (item->used)
            continue;
        const char *names[64];
        size_t n = 0;
        for (size_t k = 0; k < t->n_columns && n < LENGTH_OF(names); k++)
            names[n++] = t->columns[k].heading;
        orr_yaml_fail_key(&t->l->doc, item, ORR_E_FORMAT, "'%s' has no column '%.60s'", t->path,
                          item->key);
        orr_yaml_hint(&t->l->doc, item->key, names, n);
        return ORR_E_FORMAT;
    }
    return ORR_OK;
}

static orr_status read_defaults(orr_table *t)
{
    orr_yaml *map = orr_yaml_get(t->group->node, "default");
    if (!map)
        return ORR_OK;
    ORR_TRY(orr_need_kind(t->l, map, ORR_MAP));
    const char *names[COL_COUNT];
    for (int m = 0; m < COL_COUNT; m++) {
        names[m] = orr_column_name(m);
        const orr_yaml *node = is_text(m) ? NULL : orr_yaml_get(map, names[m]);
        if (!node)
            continue;
        if (orr_column_is_time(m))
            ORR_TRY(orr_read_time(t->l, node, &t->fallback[m]));
        else
            ORR_TRY(orr_read_quantity(t->l, node, orr_column_dimension(m), &t->fallback[m]));
        t->falls_back[m] = true;
    }
    return orr_yaml_no_unknown(&t->l->doc, map, names, COL_COUNT);
}

orr_status orr_check_columns(orr_table *t)
{
    ORR_TRY(check_keys(t, "columns"));
    ORR_TRY(check_keys(t, "units"));
    return read_defaults(t);
}
