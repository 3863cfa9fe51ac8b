/* rows.c - the rows of a table as bodies: `table:` and `catalogue:` of a group.
 *
 *     # comment lines, blank lines
 *     name, a [au], e, i [deg], Omega [deg], omega [deg], M [deg]
 *     1 Ceres, 2.7666, 0.0786, 10.587, 80.266, 73.532, 334.327
 *
 * Columns are known by name; a unit stands in brackets (without one: the group's `units:`, else the
 * scenario's).  Rows give states (x y z vx vy vz) or elements, and optionally GM or mass, radius,
 * name, and the date (epoch) at which they hold. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/math/reproducible.h"
#include "io/quoting.h"
#include "tables.h"

const orr_catalogue orr_plain_table = {
    .entry = {"table", "columns under headings", "", ""},
    .head = orr_separated_head,
    .next = orr_separated_next,
};

orr_status orr_table_fail(const orr_table *t, const orr_cell *at, const char *format, ...)
{
    orr_diagnosis *why = t->l->doc.why;
    int line = at ? at->line : t->lines.number;
    *why = (orr_diagnosis){.line = line, .column = at && at->at > 0 ? at->at : 1};
    snprintf(why->file, sizeof why->file, "%.500s", t->path);
    if (line == t->lines.number)
        snprintf(why->excerpt, sizeof why->excerpt, "%s", t->excerpt);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
    return ORR_E_FORMAT;
}

orr_status orr_table_line(orr_table *t, bool *more)
{
    *more = orr_lines_next(&t->lines);
    if (t->lines.wrong)
        return orr_table_fail(t, NULL, "%s", t->lines.wrong);
    if (!*more)
        return ORR_OK;
    size_t shown = t->lines.length < sizeof t->excerpt ? t->lines.length : sizeof t->excerpt - 1;
    memcpy(t->excerpt, t->lines.line, shown);
    t->excerpt[shown] = 0;
    return ORR_OK;
}

orr_status orr_table_content(orr_table *t, bool *more)
{
    do {
        ORR_TRY(orr_table_line(t, more));
        if (!*more)
            return ORR_OK;
        const char *p = t->lines.line + strspn(t->lines.line, " \t");
        if (*p && *p != '#')
            return ORR_OK;
    } while (true);
}

/* ---- the head ---- */

static bool has_elements(const orr_table *t)
{
    for (int k = 0; k < EL_COUNT; k++)
        if (t->has[COL_ELEMENTS + k] || t->falls_back[COL_ELEMENTS + k])
            return true;
    return false;
}

static bool has_state(const orr_table *t)
{
    return t->has[COL_X] || t->has[COL_Y] || t->has[COL_Z];
}

/* Velocities along the axes that have positions, or none at all. */
static orr_status check_velocities(const orr_table *t)
{
    bool any = t->has[COL_VX] || t->has[COL_VY] || t->has[COL_VZ];
    for (int k = 0; any && k < 3; k++) {
        int there = COL_X + k, missing = COL_VX + k;
        if (t->has[missing]) {
            int other = missing;
            missing = there;
            there = other;
        }
        if (t->has[there] && !t->has[missing] && !t->falls_back[missing])
            return orr_table_fail(t, NULL,
                                  "there is a column '%s', but none for '%s': state it, 'default: "
                                  "{ %s: 0 }', if it is zero",
                                  orr_column_name(there), orr_column_name(missing),
                                  orr_column_name(missing));
    }
    return ORR_OK;
}

static orr_status check_head(orr_table *t)
{
    const orr_group *g = t->group;
    unsigned traits = t->format->traits;
    if (traits & ORR_COMPLETE)
        ORR_TRY(orr_check_complete(t));
    if (has_elements(t) == has_state(t))
        return orr_table_fail(t, NULL,
                              "a table gives either x, y, z (and vx, vy, vz) or orbital elements");
    ORR_TRY(check_velocities(t));
    if (has_elements(t) && g->centre.n == 0 && !(traits & ORR_MAKES_PRIMARY))
        return orr_table_fail(t, NULL,
                              "elements need 'around:' in the group, the body that is orbited");
    if (t->format == &orr_plain_table && t->has[COL_GM] && t->has[COL_MASS])
        return orr_table_fail(t, NULL, "give GM or mass, not both");
    bool massive = t->has[COL_GM] || t->has[COL_MASS] || t->falls_back[COL_GM] ||
                   t->falls_back[COL_MASS] || g->gm > 0;
    bool may_be_test = g->role == ORR_TEST || traits & (ORR_MASS_OR_TEST | ORR_TEST_BODIES);
    if (!massive && !may_be_test)
        return orr_table_fail(
            t, NULL, "no column GM or mass, and the group gives none; or write 'role: test'");
    if (!t->has[COL_NAME] && !g->prefix)
        return orr_table_fail(t, NULL, "no column 'name', and the group has none");
    return ORR_OK;
}

orr_status orr_table_axes(orr_table *t, const char *axes)
{
    const orr_yaml *stated = orr_yaml_get(t->group->node, "plane");
    const char *frame = t->l->s->frame;
    if (stated && axes && !t->detected)
        return orr_yaml_fail_key(&t->l->doc, stated, ORR_E_FORMAT,
                                 "the axes of this file are those of the %s: leave out 'plane'",
                                 axes);
    if (stated || !axes || (t->detected && strcmp(frame, "inertial") == 0)) {
        t->plane = t->group->plane;
        t->turned = stated != NULL;
        return ORR_OK;
    }
    if (strcmp(frame, "inertial") == 0)
        return orr_yaml_fail(&t->l->doc, t->group->node, ORR_E_FORMAT,
                             "the axes of '%s' are those of the %s of J2000.0: write 'frame: "
                             "ecliptic' or 'frame: icrf', the axes of the scenario",
                             t->path, axes);
    t->turned = true;
    t->plane = orr_plane_in_axes(t->l, orr_plane_find(axes));
    return ORR_OK;
}

orr_status orr_recognise(orr_table *t)
{
    const orr_catalogue *c;
    const char *first = t->excerpt + strspn(t->excerpt, " ");
    if (*first == '{' || *first == '<')
        return orr_table_fail(t, NULL, "this is %s, not a table: ask for CSV",
                              *first == '{' ? "JSON" : "HTML or XML");
    for (size_t i = 0; (c = orr_catalogue_format(i)); i++)
        if (c != t->format && c->recognise && c->recognise(t->excerpt))
            return orr_table_fail(t, NULL,
                                  "this is a file of catalogue '%s': write 'catalogue: %s, "
                                  "file: %s'",
                                  c->entry.name, c->entry.name, t->path);
    return ORR_OK;
}

/* A plain table whose headings are those of a catalogue is read as that one. */
orr_status orr_detect_format(orr_table *t, size_t n)
{
    const orr_catalogue *c;
    if (t->format != &orr_plain_table || orr_yaml_get(t->group->node, "columns"))
        return ORR_OK;
    for (size_t i = 0; (c = orr_catalogue_format(i)); i++) {
        size_t wanted = 0, found = 0;
        for (; c->signature && c->signature[wanted]; wanted++)
            for (size_t k = 0; k < n; k++)
                found += strcmp(t->cells[k].text, c->signature[wanted]) == 0;
        if (!wanted || found < wanted)
            continue;
        t->format = c;
        t->detected = true;
        free(t->own);
        t->own = calloc(1, c->own_size + 1);
        if (!t->own)
            return ORR_E_NO_MEMORY;
        return orr_note(t->l, "'%s' has the headings of catalogue '%s' and is read as that: %s",
                        t->path, c->entry.name, c->entry.summary);
    }
    return ORR_OK;
}

/* ---- rows ---- */

static orr_status read_name(orr_table *t, const orr_cell *cell, char *out, size_t size)
{
    char wrong[120];
    if (!orr_is_name(cell->text, ORR_LONGEST_NAME, wrong, sizeof wrong))
        return orr_table_fail(t, cell, "%s", wrong);
    snprintf(out, size, "%s", cell->text);
    return ORR_OK;
}

static orr_status read_cells(orr_table *t, orr_row *row)
{
    const orr_group *g = t->group;
    *row = (orr_row){.role = g->role};
    if (!g->role_given && t->format->traits & ORR_TEST_BODIES && g->gm == 0)
        row->role = ORR_TEST;
    if (!t->has[COL_NAME])
        snprintf(row->name, sizeof row->name, "%s-%zu", g->prefix ? g->prefix : "", t->rows);
    for (int m = 0; m < COL_COUNT; m++)
        row->column[m] = -1;
    for (size_t k = 0; k < t->n_columns; k++) {
        const orr_column *c = &t->columns[k];
        int m = c->meaning;
        if (m == COL_UNUSED || (row->has[m] && row->rank[m] < c->rank))
            continue;
        const char *text = t->cells[k].text;
        if (c->form == FORM_TEXT ? !*text && t->has_several[m] : orr_is_blank(text)) {
            row->column[m] = row->column[m] < 0 ? (int)k : row->column[m];
            continue;
        }
        if (m == COL_NAME)
            ORR_TRY(read_name(t, &t->cells[k], row->name, sizeof row->name));
        else if (m == COL_HOST)
            ORR_TRY(read_name(t, &t->cells[k], row->host, sizeof row->host));
        else
            ORR_TRY(orr_cell_value(t, k, &row->value[m]));
        if (m == COL_ELEMENTS + EL_PERI_TIME)
            row->peri_is_date = t->was_date;
        row->has[m] = true;
        row->column[m] = (int)k;
        row->rank[m] = c->rank;
    }
    return ORR_OK;
}

static orr_status weigh(orr_table *t, const orr_row *row, orr_body *body)
{
    const orr_group *g = t->group;
    const double G = t->l->s->units.G, *v = row->value;
    *body = (orr_body){.role = row->role, .gm = g->gm, .radius = g->radius};
    if (row->has[COL_GM])
        body->gm = v[COL_GM];
    else if (row->has[COL_MASS])
        body->gm = v[COL_MASS] * G;
    if (row->has[COL_RADIUS])
        body->radius = v[COL_RADIUS];
    else if (row->has[COL_DIAMETER])
        body->radius = v[COL_DIAMETER] / 2;
    else if (row->has[COL_DENSITY] && v[COL_DENSITY] > 0)
        body->radius = orr_cbrt(3 * (body->gm / G) / (4 * ORR_PI * v[COL_DENSITY]));
    if (row->role == ORR_TEST)
        body->gm = 0;
    if (!(body->gm >= 0) || !(body->radius >= 0) || (row->role != ORR_TEST && body->gm == 0))
        return orr_table_fail(t, NULL, "masses must be greater than zero and radii not negative");
    return ORR_OK;
}

static void turn(const orr_plane *plane, double v[3])
{
    double from[3] = {v[0], v[1], v[2]};
    for (int r = 0; r < 3; r++) {
        const double *m = plane->m[r];
        v[r] = m[0] * from[0] + m[1] * from[1] + m[2] * from[2];
    }
}

static orr_element_set elements_of(const orr_table *t, const orr_row *row)
{
    const orr_group *g = t->group;
    orr_element_set set = {.peri_is_date = row->peri_is_date};
    set.has_epoch = row->has[COL_EPOCH] || g->has_epoch;
    set.epoch = row->has[COL_EPOCH] ? row->value[COL_EPOCH] : g->epoch;
    for (int k = 0; k < EL_COUNT; k++) {
        set.has[k] = row->has[COL_ELEMENTS + k];
        set.value[k] = row->value[COL_ELEMENTS + k];
    }
    return set;
}

double orr_row_holds_at(const orr_table *t, const orr_row *row)
{
    orr_element_set set = elements_of(t, row);
    return orr_elements_hold_at(&set, t->l->s->t_start);
}

/* What went wrong with a row as a whole, where it stands. */
static orr_status say_here(orr_table *t, orr_status status)
{
    char text[sizeof t->l->doc.why->text];
    if (status != ORR_E_FORMAT)
        return status;
    snprintf(text, sizeof text, "%s", t->l->doc.why->text);
    return orr_table_fail(t, NULL, "%s", text);
}

static orr_status append_state(orr_table *t, const orr_row *row, orr_body body)
{
    const double *v = row->value;
    memcpy(body.pos, &v[COL_X], sizeof body.pos);
    memcpy(body.vel, &v[COL_VX], sizeof body.vel);
    if (!t->has[COL_VX] && !t->has[COL_VY] && !t->has[COL_VZ] && t->l->s->n_without_velocity++ == 0)
        t->l->s->first_without_velocity = t->l->s->bodies.n;
    if (t->turned) {
        turn(&t->plane, body.pos);
        turn(&t->plane, body.vel);
    }
    return say_here(t, orr_append_state(t->l, t->group->node, row->name, body, &t->centre,
                                        orr_row_holds_at(t, row)));
}

static orr_status append_orbit(orr_table *t, orr_row *row, orr_body body)
{
    static const orr_plane straight = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    double mu = t->mu > 0 ? t->mu : t->centre.gm + body.gm;
    ORR_TRY(orr_settle_observed(t, row, mu));
    ORR_TRY(orr_settle_elements(t, row, mu));
    orr_element_set set = elements_of(t, row);
    return say_here(t, orr_append_orbit(t->l, t->group->node, row->name, body, &set, mu,
                                        t->turned ? &t->plane : &straight, &t->centre));
}

static orr_status read_row(orr_table *t)
{
    orr_row row;
    orr_body body;
    ORR_TRY(read_cells(t, &row));
    if (t->format->finish)
        ORR_TRY(t->format->finish(t, &row));
    ORR_TRY(orr_fill_blanks(t, &row));
    ORR_TRY(weigh(t, &row, &body));
    return has_state(t) ? append_state(t, &row, body) : append_orbit(t, &row, body);
}

orr_status orr_table_append(orr_table *t, const char *name, orr_body body)
{
    return say_here(t, orr_append_body(t->l, t->group->node, name, body));
}

static orr_status read_rows(orr_table *t)
{
    ORR_TRY(t->format->head(t));
    ORR_TRY(orr_check_columns(t));
    ORR_TRY(check_head(t));
    if (!(t->format->traits & ORR_AXES_IN_FILE))
        ORR_TRY(orr_table_axes(t, t->format->traits & ORR_ECLIPTIC ? "ecliptic" : NULL));
    ORR_TRY(orr_read_where(t));
    while (t->taken < t->first) {
        bool more, skip = false;
        ORR_TRY(t->format->next(t, &more));
        if (!more)
            break;
        t->rows++;
        if (t->format->skip)
            ORR_TRY(t->format->skip(t, &skip));
        if (skip || !orr_row_wanted(t))
            continue;
        ORR_TRY(read_row(t));
        t->taken++;
    }
    return orr_check_wanted(t);
}

/* What was decided where the file says nothing. */
static orr_status tell(orr_table *t)
{
    const struct {
        size_t n;
        const char *text;
    } notes[] = {
        {t->n_circular, "have no e and no omega: their orbits are circles"},
        {t->n_points, "have no radius: they are points"},
        {t->n_massless, "have no mass: they are test bodies"},
        {t->n_epochless, "have no epoch: their elements are taken to hold at the start"},
        {t->n_edge_on, "have no inclination: they are seen edge-on, i = 90 deg"},
        {t->n_phaseless, "have no place on their orbit: they start at the pericentre"},
        {t->n_unused, "have what no force of the scenario takes from a table (A1, A2, A3 and the "
                      "like): it is not used"},
    };
    for (size_t k = 0; k < LENGTH_OF(notes); k++)
        if (notes[k].n)
            ORR_TRY(orr_note(t->l, "'%s': %zu of %zu rows %s", t->path, notes[k].n, t->taken,
                             notes[k].text));
    return ORR_OK;
}

static orr_status open_table(orr_table *t, const orr_yaml *file)
{
    const char *reason = "";
    t->cells = calloc(ORR_MOST_COLUMNS, sizeof *t->cells);
    t->copies = malloc(ORR_MOST_COPIES);
    t->own = calloc(1, t->format->own_size + 1);
    t->path = orr_path_beside(t->l, file);
    if (!t->cells || !t->copies || !t->own || !t->path)
        return ORR_E_NO_MEMORY;
    orr_status status = orr_lines_open(&t->lines, t->path, &reason);
    if (status == ORR_E_FILE)
        return orr_yaml_fail(&t->l->doc, file, ORR_E_FILE, "cannot open the table '%s': %s",
                             t->path, reason);
    return status;
}

orr_status orr_read_table(loader *l, const orr_group *group, const orr_catalogue *format,
                          const orr_yaml *file)
{
    ORR_TRY(orr_need_kind(l, file, ORR_SCALAR));
    if (l->changes && l->changes->no_files)
        return orr_yaml_fail(&l->doc, file, ORR_E_FORMAT, "tables are not allowed here");
    orr_table *t = calloc(1, sizeof *t);
    if (!t)
        return ORR_E_NO_MEMORY;
    t->l = l;
    t->group = group;
    t->format = format ? format : &orr_plain_table;
    t->centre = group->centre;
    orr_status status = open_table(t, file);
    if (status == ORR_OK)
        status = read_rows(t);
    if (status == ORR_OK)
        status = tell(t);
    orr_lines_close(&t->lines);
    free(t->cells);
    free(t->copies);
    free(t->columns);
    free(t->found);
    free(t->own);
    free(t);
    return status;
}
