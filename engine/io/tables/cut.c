/* cut.c - a line as fields: commas, semicolons, tabs, bars, or blanks; quotes as in RFC 4180. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

char *orr_trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    for (char *end = text + strlen(text); end > text && (end[-1] == ' ' || end[-1] == '\t');)
        *--end = 0;
    return text;
}

static orr_status stated_separator(orr_table *t, const orr_yaml *node)
{
    static const char *const names[] = {"comma", "semicolon", "tab", "bar", "blanks",
                                        ",",     ";",         "\t",  "|",   " "};
    size_t k;
    ORR_TRY(orr_read_choice(t->l, node, "separator", names, LENGTH_OF(names), &k));
    t->separator = ",;\t| "[k % 5];
    return ORR_OK;
}

/* Outside of quotes and of the brackets of units. */
static size_t count_of(const char *line, char separator)
{
    size_t n = 0;
    bool quoted = false, unit = false;
    for (const char *p = line; *p; p++) {
        quoted = *p == '"' ? !quoted : quoted;
        unit = !quoted && (*p == '[' ? true : *p == ']' ? false : unit);
        n += *p == separator && !quoted && !unit;
    }
    return n;
}

orr_status orr_find_separator(orr_table *t)
{
    static const char *const words[] = {"comma", "point"};
    const orr_yaml *stated = orr_yaml_get(t->group->node, "separator");
    const orr_yaml *decimal = orr_yaml_get(t->group->node, "decimal");
    const char *line = t->lines.line;
    size_t commas = count_of(line, ','), semicolons = count_of(line, ';'), word = 1;
    if (decimal)
        ORR_TRY(orr_read_choice(t->l, decimal, "decimal mark", words, 2, &word));
    t->decimal_comma = word == 0;
    if (stated)
        ORR_TRY(stated_separator(t, stated));
    else if (commas && semicolons)
        return orr_table_fail(t, NULL,
                              "commas and semicolons: which separates the columns?  Write "
                              "'separator: comma' or 'separator: semicolon' in the group");
    else
        t->separator = commas                                  ? ','
                       : semicolons                            ? ';'
                       : count_of(line, '\t')                  ? '\t'
                       : count_of(line, '|')                   ? '|'
                       : strpbrk(orr_trim(t->lines.line), " ") ? ' '
                                                               : ',';
    if (t->decimal_comma && t->separator == ',')
        return orr_table_fail(t, NULL, "a decimal comma in a table that commas separate");
    return ORR_OK;
}

/* A field in quotes, from behind the first; doubled quotes become one.  NULL: never closed. */
static char *unquote(char *from, char **after)
{
    char *to = from, *start = from;
    for (char *p = from; *p; p++) {
        if (*p == '"' && p[1] != '"') {
            *after = p + 1;
            *to = 0;
            return start;
        }
        p += *p == '"';
        *to++ = *p;
    }
    return NULL;
}

static orr_status too_many(const orr_table *t, const orr_cell *at)
{
    return orr_table_fail(t, at, "more than %d columns", ORR_MOST_COLUMNS);
}

/* Does this blank end the heading?  Not between a name and its unit in brackets, nor inside. */
static orr_status cut_blanks(orr_table *t, size_t *n)
{
    char *p = t->lines.line;
    for (*n = 0;;) {
        p += strspn(p, " \t");
        if (!*p)
            return ORR_OK;
        orr_cell here = {p, t->lines.number, (int)(p - t->lines.line) + 1};
        if (*n == ORR_MOST_COLUMNS)
            return too_many(t, &here);
        if (*p == '"') {
            here.text = unquote(p + 1, &p);
            if (!here.text)
                return orr_table_fail(t, &here, "a quote is opened here and never closed");
            t->cells[(*n)++] = here;
            continue;
        }
        char *end = p + strcspn(p, " \t");
        if (t->n_columns == 0) { /* the heading */
            char *next = end + strspn(end, " \t"), *close = NULL;
            char *inside = memchr(p, '[', (size_t)(end - p));
            if (*next == '[' || *next == '(')
                close = strchr(next, *next == '[' ? ']' : ')');
            if (inside)
                close = strchr(inside, ']');
            end = close ? close + 1 : end;
        }
        t->cells[(*n)++] = here;
        p = end + (*end != 0);
        *end = 0;
    }
}

orr_status orr_cut(orr_table *t, size_t *n)
{
    if (t->separator == ' ')
        return cut_blanks(t, n);
    char *p = t->lines.line;
    const char separator = t->separator;
    for (*n = 0;; ++*n) {
        while (*p == ' ' || (*p == '\t' && separator != '\t'))
            p++;
        orr_cell here = {p, t->lines.number, (int)(p - t->lines.line) + 1};
        if (*n == ORR_MOST_COLUMNS)
            return too_many(t, &here);
        char *after;
        if (*p == '"') {
            here.text = unquote(p + 1, &after);
            if (!here.text)
                return orr_table_fail(t, &here, "a quote is opened here and never closed");
            here.text = orr_trim(here.text);
            after += strspn(after, separator == '\t' ? " " : " \t");
        } else {
            after = p + strcspn(p, (char[]){separator, 0});
        }
        bool last = *after == 0;
        if (!last && *after != separator) {
            orr_cell there = {after, here.line, (int)(after - t->lines.line) + 1};
            return orr_table_fail(t, &there, "a separator is expected behind the quote");
        }
        if (*p != '"') {
            *after = 0;
            here.text = orr_trim(p);
        }
        t->cells[*n] = here;
        if (last) {
            ++*n;
            return ORR_OK;
        }
        p = after + 1;
    }
}

/* The first line that is not a comment, and a copy of the comment before it (or NULL). */
static orr_status first_content(orr_table *t, bool *more, char **comment)
{
    do {
        ORR_TRY(orr_table_line(t, more));
        if (!*more)
            return ORR_OK;
        char *p = t->lines.line + strspn(t->lines.line, " \t");
        if (*p && *p != '#')
            return ORR_OK;
        if (*p == '#') {
            free(*comment);
            *comment = strdup(p + strspn(p, "# "));
            if (!*comment)
                return ORR_E_NO_MEMORY;
        }
    } while (true);
}

/* Cells of a line, and how many of them are headings that are known; the line is cut up. */
static size_t count_headings(orr_table *t, char *line, size_t *n)
{
    size_t known = 0;
    char *kept = t->lines.line;
    orr_diagnosis why = *t->l->doc.why;
    t->lines.line = line;
    if (orr_cut(t, n) != ORR_OK) {
        *n = 0;
        *t->l->doc.why = why;
    }
    t->lines.line = kept;
    for (size_t k = 0; k < *n; k++)
        known += orr_knows_heading(t, t->cells[k].text);
    return known;
}

/* Do the headings stand in the comment above (numpy and astropy write them so)?  Then no cell of
 * this line is one, and most of the comment's are. */
static orr_status is_commented_head(orr_table *t, const char *comment, bool *yes)
{
    *yes = false;
    char *here = strdup(t->lines.line), *above = strdup(comment);
    size_t n = 0, named = 0;
    if (here && above && count_headings(t, here, &n) == 0) {
        size_t known = count_headings(t, above, &named);
        *yes = known > 1 && 2 * known > named && (named == n || (t->separator == ' ' && named < n));
    }
    orr_status status = here && above ? ORR_OK : ORR_E_NO_MEMORY;
    free(here);
    free(above);
    return status;
}

static orr_status read_headings(orr_table *t)
{
    size_t n;
    ORR_TRY(orr_cut(t, &n));
    if (n > 1 && !*t->cells[n - 1].text)
        n--; /* a separator at the end of the line */
    ORR_TRY(orr_detect_format(t, n));
    ORR_TRY(orr_make_columns(t, n));
    for (size_t k = 0; k < n; k++)
        ORR_TRY(orr_read_heading(t, k, &t->cells[k]));
    return ORR_OK;
}

static orr_status read_head(orr_table *t, char **comment)
{
    bool more;
    ORR_TRY(first_content(t, &more, comment));
    if (!more)
        return orr_table_fail(t, NULL, "the table is empty; its first line names the columns");
    ORR_TRY(orr_recognise(t));
    ORR_TRY(orr_find_separator(t));
    if (*comment)
        ORR_TRY(is_commented_head(t, *comment, &t->waiting));
    if (!t->waiting)
        return read_headings(t);
    char *row = t->lines.line;
    t->lines.line = *comment;
    orr_status status = read_headings(t);
    t->lines.line = row;
    return status;
}

orr_status orr_separated_head(orr_table *t)
{
    char *comment = NULL;
    orr_status status = read_head(t, &comment);
    free(comment);
    return status;
}

/* More words than columns: a name with blanks in it, if no other column holds text. */
static bool join_name(orr_table *t, size_t *n)
{
    size_t surplus = *n - t->n_columns, name = t->n_columns;
    for (size_t k = 0; k < t->n_columns; k++) {
        if (t->columns[k].meaning == COL_NAME && name == t->n_columns)
            name = k;
        else if (t->columns[k].meaning == COL_UNUSED || t->columns[k].form == FORM_TEXT)
            return false;
    }
    if (name == t->n_columns)
        return false;
    char *end = t->cells[name + surplus].text + strlen(t->cells[name + surplus].text);
    for (char *p = t->cells[name].text; p < end; p++)
        *p = *p ? *p : ' ';
    memmove(&t->cells[name + 1], &t->cells[name + surplus + 1],
            (t->n_columns - name - 1) * sizeof *t->cells);
    *n = t->n_columns;
    return true;
}

/* "1,5" -> "1.5", where the group says that commas are decimal. */
static void point_decimals(orr_table *t, size_t n)
{
    for (size_t k = 0; k < n && t->decimal_comma; k++) {
        char *comma = strchr(t->cells[k].text, ',');
        if (comma && !strchr(t->cells[k].text, '.') &&
            strspn(t->cells[k].text, "0123456789+-,eEdD") == strlen(t->cells[k].text))
            *comma = '.';
    }
}

orr_status orr_separated_next(orr_table *t, bool *more)
{
    size_t n;
    *more = true;
    if (!t->waiting)
        ORR_TRY(orr_table_content(t, more));
    t->waiting = false;
    if (!*more)
        return ORR_OK;
    ORR_TRY(orr_cut(t, &n));
    point_decimals(t, n);
    if (n == t->n_columns + 1 && !*t->cells[n - 1].text)
        n--;
    if (t->separator == ' ' && n > t->n_columns && join_name(t, &n))
        return ORR_OK;
    if (n == t->n_columns)
        return ORR_OK;
    if (t->separator == ' ')
        return orr_table_fail(t, NULL,
                              "this row has %zu words, the header has %zu; blank cells and names "
                              "with blanks need another separator, or quotes",
                              n, t->n_columns);
    return orr_table_fail(t, NULL, "this row has %zu fields, the header has %zu", n, t->n_columns);
}

orr_status orr_copy_cell(orr_table *t, size_t k, const char *text, size_t length, char **room)
{
    while (length && *text == ' ') {
        text++;
        length--;
    }
    while (length && text[length - 1] == ' ')
        length--;
    orr_cell here = {*room, t->lines.number, (int)(text - t->lines.line) + 1};
    if (length + 64 > (size_t)(t->copies + ORR_MOST_COPIES - *room))
        return orr_table_fail(t, &here, "this value is too long");
    memcpy(*room, text, length);
    (*room)[length] = 0;
    *room += length + 1;
    t->cells[k] = here;
    return ORR_OK;
}

orr_status orr_take_columns(orr_table *t, size_t k, int from, int to, char **room)
{
    size_t start = (size_t)from - 1, end = (size_t)to, length = t->lines.length;
    start = start < length ? start : length;
    end = end < length ? end : length;
    return orr_copy_cell(t, k, t->lines.line + start, end - start, room);
}
