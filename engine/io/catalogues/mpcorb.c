/* mpcorb.c - MPCORB.DAT of the Minor Planet Center, and files in its format (NEA.txt, Distant.txt).
 *
 * Fixed columns; au, degrees, heliocentric ecliptic of J2000.0, packed epoch (midnight).  What
 * stands above a line of dashes is a preface; a file may also begin with its first body.
 * Its TT is taken as TDB: they are 2 ms apart at most, in which Ceres goes 40 m, and the last digit
 * of an angle is 10 km. https://www.minorplanetcenter.net/iau/info/MPOrbitFormat.html */
#include <ctype.h>
#include <string.h>

#include "io/tables/tables.h"

static const struct {
    int from, to;
} places[] = {{1, 7},   {9, 13},  {15, 19}, {21, 25},  {27, 35},   {38, 46},   {49, 57},
              {60, 68}, {71, 79}, {81, 91}, {93, 103}, {106, 106}, {124, 126}, {167, 194}};

static const orr_alias columns[LENGTH_OF(places)] = {
    {"designation", COL_UNUSED, NULL},
    {"H", COL_UNUSED, NULL},
    {"G", COL_UNUSED, NULL},
    {"epoch", COL_EPOCH, "packed"},
    {"M", COL_ELEMENTS + EL_MEAN, "deg"},
    {"omega", COL_ELEMENTS + EL_ARGUMENT, "deg"},
    {"Omega", COL_ELEMENTS + EL_NODE, "deg"},
    {"i", COL_ELEMENTS + EL_I, "deg"},
    {"e", COL_ELEMENTS + EL_E, NULL},
    {"n", COL_UNUSED, NULL},
    {"a", COL_ELEMENTS + EL_A, "au"},
    {"U", COL_UNUSED, NULL},
    {"oppositions", COL_UNUSED, NULL},
    {"name", COL_NAME, NULL},
};
enum { DESIGNATION, NAME = LENGTH_OF(places) - 1 };

typedef struct own {
    bool in_body, waiting; /* behind the preface; the first body is in the line already */
} own;

/* A row has a designation and a packed epoch where they must be. */
static bool is_row(const char *line)
{
    char day[16], epoch[6];
    if (strlen(line) < 103 || line[0] == ' ' || line[7] != ' ' || line[19] != ' ')
        return false;
    memcpy(epoch, line + 20, 5);
    epoch[5] = 0;
    return orr_unpack_date(epoch, day);
}

static bool is_dashes(const char *line)
{
    size_t n = strspn(line, "-");
    return n > 20 && !line[n];
}

static orr_status head(orr_table *t)
{
    own *o = t->own;
    bool more;
    ORR_TRY(orr_fixed_columns(t, columns, LENGTH_OF(columns)));
    while (!o->in_body) {
        ORR_TRY(orr_table_line(t, &more));
        if (!more)
            return orr_table_fail(t, NULL, "no line of this file is in the format of MPCORB");
        o->waiting = is_row(t->lines.line);
        o->in_body = o->waiting || is_dashes(t->lines.line);
    }
    return ORR_OK;
}

/* "(1) Ceres" -> "1 Ceres". */
static char *plain_name(char *name)
{
    char *close = *name == '(' ? strchr(name, ')') : NULL;
    if (!close)
        return name;
    memmove(close, close + 1, strlen(close));
    return name + 1;
}

static orr_status next(orr_table *t, bool *more)
{
    own *o = t->own;
    *more = true;
    if (!o->waiting)
        do /* blank lines part the numbered from the others */
            ORR_TRY(orr_table_line(t, more));
        while (*more && !t->lines.line[strspn(t->lines.line, " ")]);
    o->waiting = false;
    if (!*more)
        return ORR_OK;
    if (t->lines.length < 103)
        return orr_table_fail(t, NULL,
                              "this line ends before the semi-major axis, column 93 to 103");
    char *room = t->copies;
    for (size_t k = 0; k < LENGTH_OF(places); k++)
        ORR_TRY(orr_take_columns(t, k, places[k].from, places[k].to, &room));
    t->cells[NAME].text = plain_name(t->cells[NAME].text);
    if (!*t->cells[NAME].text) /* files cut after the elements */
        t->cells[NAME] = t->cells[DESIGNATION];
    return ORR_OK;
}

const orr_catalogue orr_catalogue_mpcorb = {
    .entry =
        {"mpcorb", "MPCORB.DAT of the Minor Planet Center: packed epochs, ecliptic of J2000.0",
         "https://www.minorplanetcenter.net/iau/info/MPOrbitFormat.html",
         "    For where: designation, H, G, epoch, M, omega, Omega, i, e, n, a, U, oppositions,\n"
         "    name.  Test bodies, unless the group gives a role or mass.  TT is taken as TDB."},
    .traits = ORR_TEST_BODIES | ORR_ECLIPTIC | ORR_EPOCH_OR_START,
    .scale = "TDB",
    .own_size = sizeof(own),
    .recognise = is_row,
    .head = head,
    .next = next,
};
