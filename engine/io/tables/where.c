/* where.c - which rows of a table are taken.
 *
 *     where: [ "a < 3", "H <= 15", "class = MBA", "full_name ~ Eros" ]   all of them hold
 *     only:  [ 433 Eros, Albert ]                                        these, each of them
 *     first: 1000                                                        no more than that
 *
 * A column is named by its heading or its meaning.  A bare number is in the units of the file; with
 * a unit it is converted.  A blank cell fulfils no condition but "!=". */
#include <stdlib.h>
#include <string.h>

#include "tables.h"

/* ---- reading ---- */

static orr_status find_column(orr_table *t, const orr_yaml *node, const char *name, size_t *out)
{
    const char *names[200];
    size_t n = 0;
    for (size_t k = 0; k < t->n_columns; k++) {
        if (strcmp(t->columns[k].heading, name) == 0) {
            *out = k;
            return ORR_OK;
        }
        if (n < LENGTH_OF(names))
            names[n++] = t->columns[k].heading;
    }
    for (size_t k = 0; k < t->n_columns; k++)
        if (t->columns[k].meaning >= 0 &&
            strcmp(orr_column_name(t->columns[k].meaning), name) == 0) {
            *out = k;
            return ORR_OK;
        }
    orr_yaml_fail(&t->l->doc, node, ORR_E_FORMAT, "there is no column '%.60s' in '%s'", name,
                  t->path);
    orr_yaml_hint(&t->l->doc, name, names, n);
    return ORR_E_FORMAT;
}

static orr_status read_condition(orr_table *t, const orr_yaml *node)
{
    static const struct {
        const char *text;
        char sign;
    } signs[] = {{"<=", 'l'}, {">=", 'g'}, {"!=", '!'}, {"==", '='},
                 {"<", '<'},  {">", '>'},  {"=", '='},  {"~", '~'}};
    ORR_TRY(orr_need_kind(t->l, node, ORR_SCALAR));
    if (t->n_conditions == ORR_MOST_CONDITIONS)
        return orr_yaml_fail(&t->l->doc, node, ORR_E_FORMAT, "more than %d conditions",
                             ORR_MOST_CONDITIONS);
    orr_condition *c = &t->conditions[t->n_conditions++];
    char *text;
    ORR_TRY(orr_read_text(t->l, node, &text));
    char *sign = text + strcspn(text, "<>=!~");
    size_t k = 0;
    while (k < LENGTH_OF(signs) && strncmp(sign, signs[k].text, strlen(signs[k].text)) != 0)
        k++;
    if (k == LENGTH_OF(signs))
        return orr_yaml_fail(&t->l->doc, node, ORR_E_FORMAT,
                             "'%.60s' is not a condition; write \"a < 3\", \"class = MBA\" or "
                             "\"name ~ Eros\" (signs: < <= > >= = != ~)",
                             node->text);
    *c = (orr_condition){.sign = signs[k].sign};
    char *value = orr_trim(sign + strlen(signs[k].text));
    *sign = 0;
    ORR_TRY(find_column(t, node, orr_trim(text), &c->column));
    c->text = value;
    c->is_number = c->sign != '~' && orr_plain_number(value, &c->number);
    const orr_column *column = &t->columns[c->column];
    if (!c->is_number && c->sign != '~' && column->form == FORM_NUMBER && column->meaning >= 0) {
        char message[300];
        if (orr_quantity_parse(value, &t->l->s->units, orr_column_dimension(column->meaning),
                               &c->number, message, sizeof message) != ORR_OK)
            return orr_yaml_fail(&t->l->doc, node, ORR_E_FORMAT, "column '%s': %s", column->heading,
                                 message);
        c->is_number = c->converted = true;
    }
    if (!c->is_number && !strchr("=!~", c->sign))
        return orr_yaml_fail(&t->l->doc, node, ORR_E_FORMAT,
                             "'%.60s' is not a number, so nothing is larger or smaller", value);
    return ORR_OK;
}

orr_status orr_read_where(orr_table *t)
{
    orr_yaml *group = t->group->node;
    const orr_yaml *where = orr_yaml_get(group, "where"), *first = orr_yaml_get(group, "first");
    t->only = orr_yaml_get(group, "only");
    t->first = SIZE_MAX;
    if (first)
        ORR_TRY(orr_read_count(t->l, first, 1e15, &t->first));
    if (where && where->kind == ORR_SCALAR)
        ORR_TRY(read_condition(t, where));
    else if (where) {
        ORR_TRY(orr_need_kind(t->l, where, ORR_LIST));
        for (const orr_yaml *node = where->first; node; node = node->next)
            ORR_TRY(read_condition(t, node));
    }
    if (!t->only)
        return ORR_OK;
    ORR_TRY(orr_need_kind(t->l, t->only, ORR_LIST));
    for (const orr_yaml *node = t->only->first; node; node = node->next)
        ORR_TRY(orr_need_kind(t->l, node, ORR_SCALAR));
    t->found = calloc(t->only->n + 1, sizeof *t->found);
    return t->found ? ORR_OK : ORR_E_NO_MEMORY;
}

/* ---- names ---- */

static bool same_text(const char *a, size_t length, const char *b)
{
    return strlen(b) == length && memcmp(a, b, length) == 0;
}

bool orr_same_body(const char *name, const char *wanted)
{
    if (strcmp(name, wanted) == 0)
        return true;
    const char *open = strstr(name, " ("), *p = name;
    size_t length = open && open > name ? (size_t)(open - name) : strlen(name);
    if (same_text(name, length, wanted))
        return true;
    size_t digits = strspn(p, "0123456789");
    if (digits && p[digits] == ' ') /* 433 Eros */
        return same_text(p, digits, wanted) ||
               same_text(p + digits + 1, length > digits ? length - digits - 1 : 0, wanted);
    return digits && p[digits] && p[digits + 1] == '/' && /* 1P/Halley */
           (same_text(p, digits + 1, wanted) || strcmp(p + digits + 2, wanted) == 0);
}

/* ---- rows ---- */

static bool holds(const orr_table *t, const orr_condition *c)
{
    const orr_column *column = &t->columns[c->column];
    const char *text = t->cells[c->column].text;
    if (orr_is_blank(text))
        return c->sign == '!';
    if (c->sign == '~')
        return strstr(text, c->text) != NULL;
    double value;
    if (c->is_number && orr_plain_number(text, &value)) {
        value *= c->converted ? column->factor : 1;
        return c->sign == '<'   ? value < c->number
               : c->sign == '>' ? value > c->number
               : c->sign == 'l' ? value <= c->number
               : c->sign == 'g' ? value >= c->number
               : c->sign == '=' ? value == c->number
                                : value != c->number;
    }
    bool same =
        column->meaning == COL_NAME ? orr_same_body(text, c->text) : strcmp(text, c->text) == 0;
    return c->sign == '=' ? same : c->sign == '!' && !same;
}

bool orr_row_wanted(orr_table *t)
{
    for (size_t k = 0; k < t->n_conditions; k++)
        if (!holds(t, &t->conditions[k]))
            return false;
    if (!t->only)
        return true;
    size_t item = 0;
    for (const orr_yaml *node = t->only->first; node; node = node->next, item++)
        for (size_t k = 0; k < t->n_columns; k++)
            if (t->columns[k].meaning == COL_NAME && orr_same_body(t->cells[k].text, node->text)) {
                bool again = t->found[item];
                t->found[item] = true;
                return !again; /* the first that is called so */
            }
    return false;
}

orr_status orr_check_wanted(orr_table *t)
{
    size_t item = 0;
    for (const orr_yaml *node = t->only ? t->only->first : NULL; node; node = node->next, item++)
        if (!t->found[item])
            return orr_yaml_fail(&t->l->doc, node, ORR_E_FORMAT, "no row of '%s' is called '%.60s'",
                                 t->path, node->text);
    if (t->taken)
        return ORR_OK;
    const orr_yaml *where = orr_yaml_get(t->group->node, "where");
    const orr_yaml *host = orr_yaml_get(t->group->node, "host");
    if (t->rows && host && !where)
        return orr_yaml_fail(&t->l->doc, host, ORR_E_FORMAT, "no row of '%s' has the host '%.60s'",
                             t->path, host->text);
    if (t->rows && where)
        return orr_yaml_fail(&t->l->doc, where, ORR_E_FORMAT,
                             "none of the %zu rows of '%s' fulfils this", t->rows, t->path);
    return orr_table_fail(t, NULL, "the table has a header but no rows%s",
                          t->rows ? " to take" : "");
}
