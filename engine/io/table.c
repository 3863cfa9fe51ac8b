/* table.c - `table:` - bodies from a CSV file.
 *
 *     # comment lines, blank lines
 *     name, a [au], e, i [deg], Omega [deg], omega [deg], M [deg]
 *     1 Ceres, 2.7666, 0.0786, 10.587, 80.266, 73.532, 334.327
 *
 * Columns are known by name; a unit stands in brackets (without one: the scenario's units).  Rows
 * give states (x y z vx vy vz) or elements, and optionally GM or mass, radius, name. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "quoting.h"
#include "scenario_internal.h"

enum {
    COL_NAME,
    COL_GM,
    COL_MASS,
    COL_RADIUS,
    COL_X,
    COL_Y,
    COL_Z,
    COL_VX,
    COL_VY,
    COL_VZ,
    COL_ELEMENTS,
    COL_COUNT = COL_ELEMENTS + EL_COUNT
};
enum { MOST_COLUMNS = 64, LONGEST_LINE = 65536 };

static const char *const plain_columns[COL_ELEMENTS] = {"name", "GM", "mass", "radius", "x",
                                                        "y",    "z",  "vx",   "vy",     "vz"};

typedef struct table {
    loader *l;
    const orr_group *group;
    FILE *file;
    const char *path;
    char *line;        /* the present one, cut at commas */
    char excerpt[256]; /* its beginning, uncut */
    int number;
    size_t n_columns;
    int meaning[MOST_COLUMNS]; /* COL_..., or -1: ignored */
    char unit[MOST_COLUMNS][48];
    bool has[COL_COUNT];
} table;

static orr_status fail(const table *t, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static orr_status fail(const table *t, const char *field, const char *format, ...)
{
    orr_diagnosis *why = t->l->doc.why;
    *why = (orr_diagnosis){.line = t->number,
                           .column = field && t->line ? (int)(field - t->line) + 1 : 1};
    snprintf(why->file, sizeof why->file, "%.500s", t->path);
    snprintf(why->excerpt, sizeof why->excerpt, "%s", t->excerpt);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
    return ORR_E_FORMAT;
}

/* The next line that is not empty and not a comment; false at the end of the file. */
static orr_status next_line(table *t, bool *more)
{
    *more = false;
    while (fgets(t->line, LONGEST_LINE, t->file)) {
        t->number++;
        size_t length = strlen(t->line);
        snprintf(t->excerpt, sizeof t->excerpt, "%.*s", (int)strcspn(t->line, "\r\n"), t->line);
        if (length == LONGEST_LINE - 1)
            return fail(t, NULL, "this line is longer than %d bytes", LONGEST_LINE - 2);
        if (length == 0)
            return fail(t, NULL, "a zero byte: this is not a text file");
        while (length && isspace((unsigned char)t->line[length - 1]))
            t->line[--length] = 0;
        char *p = t->line;
        while (isspace((unsigned char)*p))
            p++;
        if (*p && *p != '#') {
            *more = true;
            return ORR_OK;
        }
    }
    if (ferror(t->file))
        return fail(t, NULL, "cannot read the table: %s", strerror(errno));
    return ORR_OK;
}

/* Cut the line at commas outside of quotes; blanks around fields and quotes around them go. */
static orr_status cut(table *t, char *fields[MOST_COLUMNS], size_t *n)
{
    char *p = t->line;
    for (*n = 0;; (*n)++) {
        if (*n == MOST_COLUMNS)
            return fail(t, p, "more than %d columns", MOST_COLUMNS);
        while (*p == ' ' || *p == '\t')
            p++;
        bool quoted = *p == '"';
        char *start = quoted ? ++p : p;
        char *end = strchr(p, quoted ? '"' : ',');
        if (quoted && !end)
            return fail(t, start, "a quote is opened here and never closed");
        if (!end)
            end = p + strlen(p);
        char *after = quoted ? end + 1 : end;
        while (*after == ' ' || *after == '\t')
            after++;
        if (*after && *after != ',')
            return fail(t, after, "a comma is expected behind the quote");
        bool last = *after == 0;
        *end = 0;
        if (!quoted)
            while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
                *--end = 0;
        fields[*n] = start;
        if (last) {
            ++*n;
            return ORR_OK;
        }
        p = after + 1;
    }
}

static orr_dimension dimension(int column)
{
    if (column >= COL_ELEMENTS)
        return orr_element_dimension(column - COL_ELEMENTS);
    return column == COL_GM     ? ORR_GM
           : column == COL_MASS ? ORR_MASS
           : column >= COL_VX   ? ORR_SPEED
                                : ORR_LENGTH;
}

static const char *column_name(int column)
{
    return column < COL_ELEMENTS ? plain_columns[column] : orr_element_keys[column - COL_ELEMENTS];
}

static bool is_ignored(const table *t, const char *name)
{
    orr_yaml *ignore = orr_yaml_get(t->group->node, "ignore");
    for (const orr_yaml *item = ignore ? ignore->first : NULL; item; item = item->next)
        if (item->kind == ORR_SCALAR && strcmp(item->text, name) == 0)
            return true;
    return false;
}

static orr_status read_heading(table *t, size_t k, char *heading)
{
    char *bracket = strchr(heading, '[');
    char *unit = t->unit[k];
    *unit = 0;
    if (bracket) {
        char *close = strchr(bracket, ']');
        if (!close || close[1] || (size_t)(close - bracket) > sizeof t->unit[k] - 2)
            return fail(t, bracket, "a unit is written in brackets, such as 'a [au]'");
        snprintf(unit, sizeof t->unit[k], " %.*s", (int)(close - bracket - 1), bracket + 1);
        *bracket = 0;
        for (char *p = bracket; p > heading && (p[-1] == ' ' || p[-1] == '\t');)
            *--p = 0;
    }
    const char *names[COL_COUNT];
    t->meaning[k] = -1;
    for (int column = 0; column < COL_COUNT; column++) {
        names[column] = column_name(column);
        if (strcmp(heading, names[column]) != 0)
            continue;
        if (t->has[column])
            return fail(t, heading, "two columns '%s'", heading);
        t->has[column] = true;
        t->meaning[k] = column;
        char trial[64], message[300];
        double value;
        snprintf(trial, sizeof trial, "1%s", unit);
        if (column != COL_NAME && orr_quantity_parse(trial, &t->l->s->units, dimension(column),
                                                     &value, message, sizeof message) != ORR_OK)
            return fail(t, heading, "column '%s': %s", heading, message);
        return ORR_OK;
    }
    if (is_ignored(t, heading))
        return ORR_OK;
    fail(t, heading, "there is no column '%.60s' (to leave it out, write 'ignore: [%.60s]')",
         heading, heading);
    orr_yaml_hint(&t->l->doc, heading, names, COL_COUNT);
    return ORR_E_FORMAT;
}

static orr_status read_header(table *t)
{
    bool more;
    ORR_TRY(next_line(t, &more));
    if (!more)
        return fail(t, NULL, "the table is empty; its first line names the columns");
    char *fields[MOST_COLUMNS];
    ORR_TRY(cut(t, fields, &t->n_columns));
    for (size_t k = 0; k < t->n_columns; k++)
        ORR_TRY(read_heading(t, k, fields[k]));
    bool elements = false, state = t->has[COL_X] || t->has[COL_Y] || t->has[COL_Z];
    for (int k = 0; k < EL_COUNT; k++)
        elements = elements || t->has[COL_ELEMENTS + k];
    if (elements == state)
        return fail(t, NULL, "a table gives either x, y, z (and vx, vy, vz) or orbital elements");
    if (elements && !t->group->has_primary)
        return fail(t, NULL, "elements need 'around:' in the group, the body that is orbited");
    if (t->has[COL_GM] && t->has[COL_MASS])
        return fail(t, NULL, "give GM or mass, not both");
    if (t->group->role != ORR_TEST && !t->has[COL_GM] && !t->has[COL_MASS] && t->group->gm == 0)
        return fail(t, NULL,
                    "no column GM or mass, and the group gives none; or write 'role: test'");
    if (!t->has[COL_NAME] && !t->group->prefix)
        return fail(t, NULL, "no column 'name', and the group has none");
    return ORR_OK;
}

static orr_status read_value(const table *t, size_t column, const char *field, double *out)
{
    char text[160], message[300];
    snprintf(text, sizeof text, "%.100s%s", field, t->unit[column]);
    char *end;
    strtod(field, &end);
    while (*end == ' ')
        end++;
    if (*end || end == field)
        return fail(t, field, "column '%s': '%.60s' is not a number",
                    column_name(t->meaning[column]), field);
    if (orr_quantity_parse(text, &t->l->s->units, dimension(t->meaning[column]), out, message,
                           sizeof message) != ORR_OK)
        return fail(t, field, "column '%s': %s", column_name(t->meaning[column]), message);
    return ORR_OK;
}

static orr_status read_row(table *t, size_t row)
{
    char *fields[MOST_COLUMNS];
    size_t n;
    ORR_TRY(cut(t, fields, &n));
    if (n != t->n_columns)
        return fail(t, NULL, "this row has %zu fields, the header has %zu", n, t->n_columns);
    const orr_group *g = t->group;
    double value[COL_COUNT] = {0};
    char name[ORR_LONGEST_NAME + 24];
    snprintf(name, sizeof name, "%s-%zu", g->prefix ? g->prefix : "", row);
    for (size_t k = 0; k < n; k++) {
        int column = t->meaning[k];
        if (column < 0)
            continue;
        if (column != COL_NAME) {
            ORR_TRY(read_value(t, k, fields[k], &value[column]));
            continue;
        }
        char wrong[120];
        if (!orr_is_name(fields[k], ORR_LONGEST_NAME, wrong, sizeof wrong))
            return fail(t, fields[k], "%s", wrong);
        snprintf(name, sizeof name, "%s", fields[k]);
    }
    orr_body body = {.role = g->role, .gm = g->gm, .radius = g->radius};
    if (t->has[COL_GM])
        body.gm = value[COL_GM];
    if (t->has[COL_MASS])
        body.gm = value[COL_MASS] * t->l->s->units.G;
    if (t->has[COL_RADIUS])
        body.radius = value[COL_RADIUS];
    if (g->role == ORR_TEST)
        body.gm = 0;
    if (!(body.gm >= 0) || !(body.radius >= 0) || (g->role != ORR_TEST && body.gm == 0))
        return fail(t, NULL, "masses must be greater than zero and radii not negative");
    orr_state relative = {{value[COL_X], value[COL_Y], value[COL_Z]},
                          {value[COL_VX], value[COL_VY], value[COL_VZ]}};
    if (!t->has[COL_X] && !t->has[COL_Y] && !t->has[COL_Z]) {
        orr_element_set set = {.age = g->age, .start = t->l->s->t_start};
        for (int k = 0; k < EL_COUNT; k++) {
            set.has[k] = t->has[COL_ELEMENTS + k];
            set.value[k] = value[COL_ELEMENTS + k];
        }
        char message[200];
        orr_status status = orr_elements_to_state(&set, g->primary_gm + body.gm, &g->plane,
                                                  &relative, message, sizeof message);
        if (status != ORR_OK)
            return fail(t, NULL, "%s", message);
    }
    for (int k = 0; k < 3; k++) {
        body.pos[k] = g->centre.pos[k] + relative.pos[k];
        body.vel[k] = g->centre.vel[k] + relative.vel[k];
    }
    orr_status status = orr_append_body(t->l, g->node, name, body);
    if (status == ORR_E_FORMAT) { /* say it where it stands */
        char text[sizeof t->l->doc.why->text];
        snprintf(text, sizeof text, "%s", t->l->doc.why->text);
        return fail(t, NULL, "%s", text);
    }
    return status;
}

static orr_status read_rows(table *t)
{
    ORR_TRY(read_header(t));
    for (size_t row = 1;; row++) {
        bool more;
        ORR_TRY(next_line(t, &more));
        if (!more)
            return row > 1 ? ORR_OK : fail(t, NULL, "the table has a header but no rows");
        ORR_TRY(read_row(t, row));
    }
}

orr_status orr_read_table(loader *l, const orr_group *group, orr_yaml *file)
{
    ORR_TRY(orr_need_kind(l, file, ORR_SCALAR));
    if (l->changes && l->changes->no_files)
        return orr_yaml_fail(&l->doc, file, ORR_E_FORMAT, "tables are not allowed here");
    table *t = orr_arena_alloc(l->doc.memory, sizeof *t);
    char *line = orr_arena_alloc(l->doc.memory, LONGEST_LINE);
    if (!t || !line)
        return ORR_E_NO_MEMORY;
    t->l = l;
    t->group = group;
    t->line = line;
    struct stat info;
    t->path = orr_path_beside(l, file);
    if (!t->path)
        return ORR_E_NO_MEMORY;
    if (stat(t->path, &info) != 0)
        return orr_yaml_fail(&l->doc, file, ORR_E_FILE, "cannot open the table '%s': %s", t->path,
                             strerror(errno));
    if (!S_ISREG(info.st_mode))
        return orr_yaml_fail(&l->doc, file, ORR_E_FILE, "the table '%s' is not a file", t->path);
    t->file = fopen(t->path, "r");
    if (!t->file)
        return orr_yaml_fail(&l->doc, file, ORR_E_FILE, "cannot open the table '%s': %s", t->path,
                             strerror(errno));
    orr_status status = read_rows(t);
    fclose(t->file);
    return status;
}
