/* horizons.c - vector tables and osculating elements of JPL Horizons, as text or CSV.
 *
 *     Target body name: 1 Ceres (A801 AA)          {source: JPL#48}
 *     Center body name: Sun (10)                   {source: DE441}
 *     Output units    : AU-D
 *     Reference frame : Ecliptic of J2000.0
 *     $$SOE
 *     2458849.500000000 = A.D. 2020-Jan-01 00:00:00.0000 TDB
 *      X = 1.007608869187381E+00 Y =-2.390064275223502E+00 Z =-1.332124522752402E-01
 *     $$EOE
 *
 * A file is one block or more, a body each; of each block the row at the wanted date is taken: that
 * of `epoch:` in the group, else the scenario's start; a single row goes with its own date.
 * https://ssd.jpl.nasa.gov/horizons/manual.html */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/tables/tables.h"

enum { NAME, EPOCH, FIRST, MOST = 12, MOST_FIELDS = 40 };

static const orr_alias vectors[] = {
    {"name", COL_NAME, NULL}, {"epoch", COL_EPOCH, "JD"}, {"X", COL_X, NULL},
    {"Y", COL_Y, NULL},       {"Z", COL_Z, NULL},         {"VX", COL_VX, NULL},
    {"VY", COL_VY, NULL},     {"VZ", COL_VZ, NULL},
};
static const orr_alias elements[] = {
    {"name", COL_NAME, NULL},
    {"epoch", COL_EPOCH, "JD"},
    {"EC", COL_ELEMENTS + EL_E, NULL},
    {"QR", COL_ELEMENTS + EL_Q, NULL},
    {"A", COL_ELEMENTS + EL_A, NULL},
    {"IN", COL_ELEMENTS + EL_I, "deg"},
    {"OM", COL_ELEMENTS + EL_NODE, "deg"},
    {"W", COL_ELEMENTS + EL_ARGUMENT, "deg"},
    {"Tp", COL_ELEMENTS + EL_PERI_TIME, "JD"},
    {"MA", COL_ELEMENTS + EL_MEAN, "deg"},
};

/* What the lines above a block say. */
typedef struct preface {
    char target[ORR_LONGEST_NAME + 1], centre[ORR_LONGEST_NAME + 1];
    char site[60], units[16], frame[120], type[60], gm[80], labels[400];
    bool closed; /* a line of asterisks was behind the labels */
} preface;

typedef struct own {
    preface now, next;
    bool csv, elements, in_block;
    int place[MOST_FIELDS];   /* of CSV: the column of ours that this field is; -1: none */
    char first[40], last[40]; /* dates of the present block */
    size_t rows;
} own;

/* "Sun (10)   {source: DE441}" -> "Sun"; "1 Ceres (A801 AA)" stays. */
static void body_name(char *out, size_t size, const char *text)
{
    char copy[200];
    snprintf(copy, sizeof copy, "%.*s", (int)strcspn(text, "{"), text);
    char *name = orr_trim(copy), *open = strrchr(name, '(');
    if (open && open > name && open[1 + strspn(open + 1, "-0123456789")] == ')')
        *open = 0;
    snprintf(out, size, "%.80s", orr_trim(name));
}

static void read_preface(preface *p, const char *line)
{
    const char *colon = strchr(line, ':');
    char key[40], value[200];
    if (!colon || colon - line > 30) {
        if (strchr(line, '*')) {
            p->closed = true;
            return;
        }
        size_t used = p->closed ? 0 : strlen(p->labels); /* the last of them count */
        snprintf(p->labels + used, sizeof p->labels - used, " %s", line);
        p->closed = false;
        return;
    }
    snprintf(key, sizeof key, "%.*s", (int)(colon - line), line);
    snprintf(value, sizeof value, "%.199s", colon + 1);
    const char *name = orr_trim(key), *text = orr_trim(value);
    if (strcmp(name, "Target body name") == 0)
        body_name(p->target, sizeof p->target, text);
    else if (strcmp(name, "Center body name") == 0)
        body_name(p->centre, sizeof p->centre, text);
    else if (strcmp(name, "Center-site name") == 0)
        snprintf(p->site, sizeof p->site, "%.59s", text);
    else if (strcmp(name, "Output units") == 0)
        snprintf(p->units, sizeof p->units, "%.*s", (int)strcspn(text, ", "), text);
    else if (strcmp(name, "Output type") == 0)
        snprintf(p->type, sizeof p->type, "%.59s", text);
    else if (strcmp(name, "Keplerian GM") == 0)
        snprintf(p->gm, sizeof p->gm, "%.79s", text);
    else if (strcmp(name, "Reference frame") == 0 || strcmp(name, "Coordinate systm") == 0) {
        size_t used = strlen(p->frame);
        snprintf(p->frame + used, sizeof p->frame - used, "; %s", text);
    }
}

/* ---- the start of a block ---- */

static orr_status find_centre(orr_table *t, const preface *p)
{
    loader *l = t->l;
    const orr_yaml *stated = orr_yaml_get(t->group->node, "center");
    const orr_yaml *around = orr_yaml_get(t->group->node, "around");
    size_t sun = orr_names_find(&l->s->names, &l->index, "Sun");
    t->centre = t->group->centre;
    if (strncmp(p->centre, "Solar System Barycenter", 23) == 0) {
        static const double zero[3];
        if (around)
            return orr_yaml_fail(&l->doc, around, ORR_E_FORMAT,
                                 "'%s' is relative to the solar-system barycentre, no body: leave "
                                 "out 'around'",
                                 t->path);
        if (sun < l->n_explicit && memcmp(l->states[sun].pos, zero, sizeof zero) == 0)
            return orr_table_fail(t, NULL,
                                  "positions are relative to the solar-system barycentre, but the "
                                  "scenario has its Sun at the origin; ask Horizons for '@sun'");
        return ORR_OK;
    }
    if (around) {
        const char *same = stated && stated->kind == ORR_SCALAR    ? stated->text
                           : !stated && around->kind == ORR_SCALAR ? around->text
                                                                   : "";
        if (strcmp(same, p->centre) == 0)
            return ORR_OK;
        return orr_table_fail(t, NULL,
                              "positions are relative to '%s', which is not 'around:'; if it is "
                              "the same, write 'center: %s'",
                              p->centre, p->centre);
    }
    size_t id = orr_names_find(&l->s->names, &l->index, p->centre);
    if (id >= l->n_explicit)
        return orr_table_fail(t, NULL,
                              "positions are relative to '%s'; write 'around:' and the name of "
                              "that body",
                              p->centre);
    ORR_TRY(orr_primary_of(l, id, &t->centre));
    t->centre.shift = t->group->centre.shift;
    for (int k = 0; k < 3; k++) {
        t->centre.state.pos[k] = t->centre.shift.pos[k] + t->centre.state.pos[k];
        t->centre.state.vel[k] = t->centre.shift.vel[k] + t->centre.state.vel[k];
    }
    return ORR_OK;
}

static orr_status find_axes(orr_table *t, const preface *p)
{
    if (strstr(p->frame, "B1950") || strstr(p->frame, "FK4") || strstr(p->frame, "of Date") ||
        strstr(p->frame, "ody"))
        return orr_table_fail(t, NULL, "axes that are not known here: '%s'", p->frame + 2);
    if (strstr(p->frame, "Ecliptic") || strstr(p->frame, "ecliptic"))
        return orr_table_axes(t, "ecliptic");
    if (strstr(p->frame, "ICRF") || strstr(p->frame, "J2000"))
        return orr_table_axes(t, "equator");
    return orr_table_fail(t, NULL, "no line 'Reference frame : ...' above $$SOE");
}

/* Which fields of a CSV row are ours. */
static void place_fields(orr_table *t, const char *labels)
{
    own *o = t->own;
    char copy[400];
    size_t n = 0;
    snprintf(copy, sizeof copy, "%s", labels);
    for (size_t k = 0; k < MOST_FIELDS; k++)
        o->place[k] = -1;
    o->csv = strchr(labels, ',') != NULL;
    for (char *p = copy, *end; o->csv && p && n < MOST_FIELDS; p = end ? end + 1 : NULL) {
        end = strchr(p, ',');
        if (end)
            *end = 0;
        const char *label = orr_trim(p);
        o->place[n] = strncmp(label, "JD", 2) == 0 ? EPOCH : -1;
        for (size_t k = FIRST; k < t->n_columns; k++)
            if (strcmp(label, t->columns[k].heading) == 0)
                o->place[n] = (int)k;
        n++;
    }
}

static orr_status make_columns(orr_table *t, const preface *p, bool is_elements)
{
    static const struct {
        const char *units, *length, *speed;
    } known[] = {{"AU-D", "au", "au/day"}, {"KM-S", "km", "km/s"}, {"KM-D", "km", "km/day"}};
    size_t u = 0;
    while (u < LENGTH_OF(known) && strcmp(p->units, known[u].units) != 0)
        u++;
    if (u == LENGTH_OF(known))
        return orr_table_fail(t, NULL, "no line 'Output units : AU-D' (or KM-S, KM-D) above $$SOE");
    orr_alias columns[MOST];
    const orr_alias *from = is_elements ? elements : vectors;
    size_t n = is_elements ? LENGTH_OF(elements) : LENGTH_OF(vectors);
    for (size_t k = 0; k < n; k++) {
        columns[k] = from[k];
        orr_dimension dim = orr_column_dimension(columns[k].meaning);
        if (dim.length == 1)
            columns[k].unit = dim.time ? known[u].speed : known[u].length;
    }
    free(t->columns);
    t->columns = NULL;
    memset(t->has, 0, sizeof t->has);
    return orr_fixed_columns(t, columns, n);
}

static orr_status begin(orr_table *t)
{
    own *o = t->own;
    o->now = o->next;
    preface *p = &o->now;
    o->in_block = true;
    o->rows = 0;
    memset(&o->next, 0, sizeof o->next);
    memcpy(o->next.target, p->target, sizeof p->target);
    bool is_elements = strstr(p->labels, "QR") != NULL,
         is_vectors = strstr(p->labels, "VX") != NULL;
    if (!is_elements && !is_vectors)
        return orr_table_fail(t, NULL,
                              "this is neither a table of vectors (with velocities) nor of "
                              "elements; ask Horizons for one of these");
    if (!*p->target || !*p->centre)
        return orr_table_fail(t, NULL, "no line '%s body name: ...' above $$SOE",
                              *p->target ? "Center" : "Target");
    if (*p->site && !strstr(p->site, "BODY") && !strstr(p->site, "CENTRIC"))
        return orr_table_fail(t, NULL,
                              "positions are relative to '%s' on '%s'; ask Horizons for its centre",
                              p->site, p->centre);
    if (*p->type && strncmp(p->type, "GEOMETRIC", 9) != 0)
        return orr_table_fail(t, NULL, "'%s': only geometric states are where the body is",
                              p->type);
    if (t->columns && o->elements != is_elements)
        return orr_table_fail(t, NULL, "vectors and elements in one file");
    o->elements = is_elements;
    ORR_TRY(make_columns(t, p, is_elements));
    place_fields(t, p->labels);
    if (strstr(p->labels, "JDUT"))
        strcpy(t->columns[EPOCH].scale, "UTC");
    char message[200];
    t->mu = 0;
    if (*p->gm && orr_quantity_parse(p->gm, &t->l->s->units, ORR_GM, &t->mu, message,
                                     sizeof message) != ORR_OK)
        return orr_table_fail(t, NULL, "Keplerian GM: %s", message);
    ORR_TRY(find_centre(t, p));
    return find_axes(t, p);
}

/* Read up to the next block; *more is false if there is none. */
static orr_status find_block(orr_table *t, bool *more)
{
    own *o = t->own;
    for (;;) {
        ORR_TRY(orr_table_line(t, more));
        if (!*more)
            return ORR_OK;
        const char *line = t->lines.line;
        if (t->lines.number == 1 && *line == '{')
            return orr_table_fail(t, NULL, "this is JSON; ask Horizons for 'format=text'");
        if (strncmp(line, "$$SOE", 5) == 0)
            return begin(t);
        read_preface(&o->next, line);
    }
}

static orr_status head(orr_table *t)
{
    bool more;
    ORR_TRY(find_block(t, &more));
    return more ? ORR_OK
                : orr_table_fail(t, NULL, "no $$SOE in this file: it is not a table of Horizons");
}

/* ---- rows ---- */

/* "X = 1.0E+00 Y =-2.3E+00", or the numbers alone, in order. */
static orr_status keep_values(orr_table *t, size_t *unlabelled, char **room)
{
    const char *p = t->lines.line;
    bool labelled = strchr(p, '=') != NULL;
    while (*(p += strspn(p, " "))) {
        size_t k = t->n_columns;
        if (labelled) {
            size_t length = strcspn(p, " =");
            for (k = FIRST; k < t->n_columns; k++)
                if (strlen(t->columns[k].heading) == length &&
                    memcmp(t->columns[k].heading, p, length) == 0)
                    break;
            p += length;
            p += strspn(p, " =");
        } else if (*unlabelled < t->n_columns) {
            k = (*unlabelled)++;
        }
        size_t length = strcspn(p, " ");
        if (k < t->n_columns)
            ORR_TRY(orr_copy_cell(t, k, p, length, room));
        p += length;
    }
    return ORR_OK;
}

static orr_status keep_fields(orr_table *t, const own *o, char **room)
{
    const char *p = t->lines.line;
    for (size_t n = 0; n < MOST_FIELDS && *p; n++) {
        size_t length = strcspn(p, ",");
        if (o->place[n] >= 0)
            ORR_TRY(orr_copy_cell(t, (size_t)o->place[n], p, length, room));
        p += length + (p[length] == ',');
    }
    return ORR_OK;
}

/* Is a row of this Julian date the one that is wanted? */
static orr_status is_wanted(orr_table *t, const char *date, bool *yes)
{
    char text[80];
    double time;
    const char *scale = *t->columns[EPOCH].scale ? t->columns[EPOCH].scale : "TDB";
    snprintf(text, sizeof text, "JD %s %s", date, scale);
    const orr_cell at = {t->lines.line, t->lines.number, 1};
    ORR_TRY(orr_table_date(t, &at, text, &time));
    double second = t->l->s->units.dimensionless ? 1 : 1 / t->l->s->units.time;
    double wanted = t->group->has_epoch ? t->group->epoch : t->l->s->t_start;
    *yes = fabs(time - wanted) < 1e-3 * second;
    return ORR_OK;
}

static orr_status not_there(orr_table *t)
{
    const own *o = t->own;
    return orr_table_fail(t, NULL,
                          "no row of '%s' is at %s; its rows go from JD %s to %s: write one of "
                          "these as 'epoch:', or ask Horizons for that date",
                          o->now.target,
                          t->group->has_epoch ? "the group's epoch" : "the scenario's start",
                          o->first, o->last);
}

typedef struct scan {
    bool found, taking; /* the wanted row was met; the present one is kept */
    size_t unlabelled;  /* the column of the next number without a label */
    char *room;
} scan;

/* How long the Julian date is with which a row begins; 0: the line is not the first of a row. */
static size_t date_length(const own *o, const char *line)
{
    size_t n = strspn(line, "0123456789.");
    bool stated = o->csv ? line[n] == ',' || line[n] == ' '
                         : strstr(line, "A.D.") || strstr(line, "B.C.") || strstr(line, "AD ") ||
                               strstr(line, "BC ");
    return n > 7 && n < sizeof o->first && stated ? n : 0;
}

static orr_status read_line(orr_table *t, const char *line, scan *s)
{
    own *o = t->own;
    size_t digits = date_length(o, line);
    if (!digits)
        return s->taking && !o->csv ? keep_values(t, &s->unlabelled, &s->room) : ORR_OK;
    snprintf(o->last, sizeof o->last, "%.*s", (int)digits, line);
    if (!o->rows++)
        memcpy(o->first, o->last, sizeof o->first);
    bool wanted;
    ORR_TRY(is_wanted(t, o->last, &wanted));
    s->taking = !s->found && (wanted || o->rows == 1);
    s->found = s->found || wanted;
    if (!s->taking)
        return ORR_OK;
    s->room = t->copies;
    s->unlabelled = FIRST;
    return o->csv ? keep_fields(t, o, &s->room) : orr_copy_cell(t, EPOCH, line, digits, &s->room);
}

static orr_status next(orr_table *t, bool *more)
{
    own *o = t->own;
    scan s = {.room = t->copies};
    *more = true;
    if (!o->in_block)
        ORR_TRY(find_block(t, more));
    if (!*more)
        return ORR_OK;
    o->in_block = false;
    for (size_t k = 0; k < t->n_columns; k++)
        t->cells[k] = (orr_cell){"", t->lines.number, 1};
    for (;;) {
        ORR_TRY(orr_table_line(t, more));
        if (!*more)
            return orr_table_fail(t, NULL, "the file ends before $$EOE");
        const char *line = t->lines.line + strspn(t->lines.line, " ");
        if (strncmp(line, "$$EOE", 5) == 0)
            break;
        ORR_TRY(read_line(t, line, &s));
    }
    if (!o->rows)
        return orr_table_fail(t, NULL, "no row between $$SOE and $$EOE");
    if (!s.found && (o->rows > 1 || t->group->has_epoch))
        return not_there(t);
    t->cells[NAME] = (orr_cell){o->now.target, t->lines.number, 1};
    return ORR_OK;
}

static bool recognise(const char *line)
{
    return strncmp(line, "****", 4) == 0 || strncmp(line, "API VERSION", 11) == 0;
}

const orr_catalogue orr_catalogue_horizons = {
    .entry = {"horizons", "JPL Horizons, vectors or elements, text or CSV: the row at the start",
              "https://ssd.jpl.nasa.gov/horizons/manual.html",
              "    Units, axes and centre are read from the file, which may have several bodies.  "
              "Of each\n"
              "    the row at the group's 'epoch:' is taken, else at the scenario's start; a "
              "single row\n"
              "    goes with its own date.  'center: NAME' says that 'around:' is what the file "
              "calls so.\n"
              "    Masses are not read: give GM or mass, or 'role: test'."},
    .traits = ORR_MAKES_PRIMARY | ORR_AXES_IN_FILE,
    .scale = "TDB",
    .own_size = sizeof(own),
    .recognise = recognise,
    .head = head,
    .next = next,
};
