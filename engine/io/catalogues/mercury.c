/* mercury.c - big.in and small.in of Mercury (Chambers 1999, doi 10.1046/j.1365-8711.1999.02379.x).
 *
 *     )O+_06 Big-body initial data  (WARNING: Do not delete this line!!)
 *      style (Cartesian, Asteroidal, Cometary) = Asteroidal
 *      epoch (in days) = 2451000.5
 *     )---------------------------------------------------------------------
 *      JUPITER   m=9.547919384243266E-04 r=3.d0 d=1.33
 *       5.2 0.048 1.3   273.9 100.5 20.0     (a e I g n M; q e I g n T; x y z u v w)
 *       0. 0. 0.                              (spin)
 *
 * Lines that begin with ) are comments.  au, days, degrees, solar masses, g/cm3; g is omega, n is
 * Omega, T a Julian date.  Relative to the central body; the axes are whatever the author took, so
 * `plane:` may say which.  r, a distance of close encounters, belongs to Mercury's method and is
 * not used; nor are spin and the nongravitational a1, a2, a3.  Small bodies with a mass act on big
 * ones only: they are passive. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/tables/tables.h"

enum { NAME, MASS, DENSITY, EPOCH, FIRST, MOST = FIRST + 6, SPIN = 3 };

static const orr_alias cartesian[] = {
    {"name", COL_NAME, NULL}, {"m", COL_MASS, "Msun"}, {"d", COL_DENSITY, "g/cm3"},
    {"ep", COL_EPOCH, "JD"},  {"x", COL_X, "au"},      {"y", COL_Y, "au"},
    {"z", COL_Z, "au"},       {"u", COL_VX, "au/day"}, {"v", COL_VY, "au/day"},
    {"w", COL_VZ, "au/day"},
};
static const orr_alias asteroidal[] = {
    {"name", COL_NAME, NULL},
    {"m", COL_MASS, "Msun"},
    {"d", COL_DENSITY, "g/cm3"},
    {"ep", COL_EPOCH, "JD"},
    {"a", COL_ELEMENTS + EL_A, "au"},
    {"e", COL_ELEMENTS + EL_E, NULL},
    {"I", COL_ELEMENTS + EL_I, "deg"},
    {"g", COL_ELEMENTS + EL_ARGUMENT, "deg"},
    {"n", COL_ELEMENTS + EL_NODE, "deg"},
    {"M", COL_ELEMENTS + EL_MEAN, "deg"},
};
static const orr_alias cometary[] = {
    {"name", COL_NAME, NULL},
    {"m", COL_MASS, "Msun"},
    {"d", COL_DENSITY, "g/cm3"},
    {"ep", COL_EPOCH, "JD"},
    {"q", COL_ELEMENTS + EL_Q, "au"},
    {"e", COL_ELEMENTS + EL_E, NULL},
    {"I", COL_ELEMENTS + EL_I, "deg"},
    {"g", COL_ELEMENTS + EL_ARGUMENT, "deg"},
    {"n", COL_ELEMENTS + EL_NODE, "deg"},
    {"T", COL_ELEMENTS + EL_PERI_TIME, "JD"},
};

typedef struct own {
    bool small, dated, waiting;
    char epoch[40];
} own;

/* The next line that is not a comment. */
static orr_status content(orr_table *t, bool *more)
{
    do
        ORR_TRY(orr_table_line(t, more));
    while (*more && (t->lines.line[0] == ')' || !t->lines.line[strspn(t->lines.line, " \t")]));
    return ORR_OK;
}

static orr_status head(orr_table *t)
{
    own *o = t->own;
    bool more;
    ORR_TRY(orr_table_line(t, &more));
    if (!more || t->lines.line[0] != ')')
        return orr_table_fail(t, NULL,
                              "the first line of Mercury's big.in or small.in begins with "
                              "')O+_06'");
    o->small = strstr(t->lines.line, "mall") != NULL;
    ORR_TRY(content(t, &more));
    const char *style = more ? strchr(t->lines.line, '=') : NULL;
    style = style ? style + 1 + strspn(style + 1, " ") : "";
    if (strncasecmp(style, "car", 3) == 0)
        ORR_TRY(orr_fixed_columns(t, cartesian, MOST));
    else if (strncasecmp(style, "ast", 3) == 0)
        ORR_TRY(orr_fixed_columns(t, asteroidal, MOST));
    else if (strncasecmp(style, "com", 3) == 0)
        ORR_TRY(orr_fixed_columns(t, cometary, MOST));
    else
        return orr_table_fail(t, NULL,
                              "a line 'style (Cartesian, Asteroidal, Cometary) = ...' is "
                              "expected here");
    ORR_TRY(content(t, &more));
    const char *line = more ? t->lines.line + strspn(t->lines.line, " ") : "";
    const char *epoch = strncasecmp(line, "epoch", 5) == 0 ? strchr(line, '=') : NULL;
    o->waiting = more && !epoch;
    if (epoch) {
        o->dated = true;
        epoch += 1 + strspn(epoch + 1, " ");
        snprintf(o->epoch, sizeof o->epoch, "%.*s", (int)strcspn(epoch, " "), epoch);
    }
    return ORR_OK;
}

/* "m=9.5E-04", "m = 9.5E-04": the value behind the key, into a cell. */
static orr_status read_options(orr_table *t, char *p, char **room)
{
    for (; *(p += strspn(p, " \t"));) {
        char *key = p;
        size_t length = strcspn(p, " \t=");
        p += length;
        p += strspn(p, " \t");
        const orr_cell at = {key, t->lines.number, (int)(key - t->lines.line) + 1};
        if (*p != '=')
            return orr_table_fail(t, &at, "'%.*s' is not followed by '='", (int)length, key);
        p += 1 + strspn(p + 1, " \t");
        size_t size = strcspn(p, " \t");
        char first = (char)tolower((unsigned char)*key);
        bool epoch = length >= 2 && strncasecmp(key, "ep", 2) == 0;
        size_t k = epoch                            ? EPOCH
                   : first == 'm' && length == 1    ? MASS
                   : first == 'd' && length == 1    ? DENSITY
                   : strchr("rabc", first) && first ? MOST /* of Mercury's own */
                                                    : MOST + 1;
        if (k > MOST)
            return orr_table_fail(t, &at, "there is no '%.*s'; there are m, r, d, ep, a1, a2, a3",
                                  (int)length, key);
        double value;
        char text[64];
        snprintf(text, sizeof text, "%.*s", (int)(size < 63 ? size : 63), p);
        if (k == MOST && first == 'a' && orr_plain_number(text, &value) && value != 0)
            t->n_unused++;
        if (k < MOST)
            ORR_TRY(orr_copy_cell(t, k, p, size, room));
        p += size;
    }
    return ORR_OK;
}

/* Six numbers and the spin, over any number of lines. */
static orr_status read_numbers(orr_table *t, char **room)
{
    for (size_t n = 0; n < 6 + SPIN;) {
        bool more;
        ORR_TRY(content(t, &more));
        if (!more)
            return n >= 6 ? ORR_OK
                          : orr_table_fail(t, NULL, "the file ends inside of body '%s'",
                                           t->cells[NAME].text);
        for (char *p = t->lines.line; *(p += strspn(p, " \t,")); n++) {
            size_t size = strcspn(p, " \t,");
            if (n >= 6 + SPIN) {
                const orr_cell at = {p, t->lines.number, (int)(p - t->lines.line) + 1};
                return orr_table_fail(t, &at, "a body has six numbers and three of its spin");
            }
            if (n < 6)
                ORR_TRY(orr_copy_cell(t, FIRST + n, p, size, room));
            p += size;
        }
    }
    return ORR_OK;
}

static orr_status next(orr_table *t, bool *more)
{
    own *o = t->own;
    *more = true;
    if (!o->waiting)
        ORR_TRY(content(t, more));
    o->waiting = false;
    if (!*more)
        return ORR_OK;
    char *room = t->copies;
    for (size_t k = 0; k < MOST; k++)
        t->cells[k] = (orr_cell){"", t->lines.number, 1};
    if (o->dated)
        t->cells[EPOCH].text = o->epoch;
    char *name = t->lines.line + strspn(t->lines.line, " \t");
    size_t size = strcspn(name, " \t");
    ORR_TRY(orr_copy_cell(t, NAME, name, size, &room));
    ORR_TRY(read_options(t, name + size, &room));
    return read_numbers(t, &room);
}

static orr_status finish(orr_table *t, orr_row *row)
{
    const own *o = t->own;
    if (row->has[COL_MASS] && row->value[COL_MASS] == 0) {
        row->has[COL_MASS] = false;
        row->role = t->group->role_given ? row->role : ORR_TEST;
    } else if (o->small && !t->group->role_given && row->has[COL_MASS]) {
        row->role = ORR_PASSIVE;
    }
    return ORR_OK;
}

static bool recognise(const char *line)
{
    return strncmp(line, ")O+_06", 6) == 0;
}

const orr_catalogue orr_catalogue_mercury = {
    .entry =
        {"mercury", "big.in and small.in of Mercury: Cartesian, Asteroidal or Cometary",
         "Chambers 1999, doi 10.1046/j.1365-8711.1999.02379.x",
         "    m, d (for the radius), ep, and the six numbers; r, spin and a1 to a3 are not used.\n"
         "    The axes are the scenario's, or those of 'plane:'.  'ignore: [ep]' takes the bodies "
         "as\n"
         "    they are at the start.  Small bodies with a mass are passive."},
    .traits = ORR_MASS_OR_TEST | ORR_EPOCH_OR_START,
    .scale = "TDB",
    .own_size = sizeof(own),
    .recognise = recognise,
    .head = head,
    .next = next,
    .finish = finish,
};
