/* comets.c - CometEls.txt of the Minor Planet Center.
 *
 * Fixed columns; au, degrees, heliocentric ecliptic of J2000.0, pericentre as year, month and day
 * with a fraction, epoch as YYYYMMDD, blank where no perturbations were computed.
 * TT is taken as TDB, see mpcorb.c.
 * https://www.minorplanetcenter.net/iau/info/CometOrbitFormat.html (Ephemerides and Orbital
 * Elements Format) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/tables/tables.h"

static const struct {
    int from, to;
} places[] = {{1, 12},  {15, 29}, {31, 39}, {42, 49}, {52, 59},
              {62, 69}, {72, 79}, {82, 89}, {92, 95}, {103, 158}};

static const orr_alias columns[LENGTH_OF(places)] = {
    {"designation", COL_UNUSED, NULL},
    {"T", COL_ELEMENTS + EL_PERI_TIME, NULL},
    {"q", COL_ELEMENTS + EL_Q, "au"},
    {"e", COL_ELEMENTS + EL_E, NULL},
    {"omega", COL_ELEMENTS + EL_ARGUMENT, "deg"},
    {"Omega", COL_ELEMENTS + EL_NODE, "deg"},
    {"i", COL_ELEMENTS + EL_I, "deg"},
    {"epoch", COL_EPOCH, NULL},
    {"H", COL_UNUSED, NULL},
    {"name", COL_NAME, NULL},
};
enum { DESIGNATION, T, EPOCH = 7, NAME = LENGTH_OF(places) - 1 };

static orr_status head(orr_table *t)
{
    return orr_fixed_columns(t, columns, LENGTH_OF(columns));
}

static orr_status next(orr_table *t, bool *more)
{
    int year, month, day;
    double date;
    ORR_TRY(orr_table_content(t, more));
    if (!*more)
        return ORR_OK;
    if (t->lines.length < 79)
        return orr_table_fail(t, NULL, "this line ends before the inclination, column 72 to 79");
    char *room = t->copies;
    for (size_t k = 0; k < LENGTH_OF(places); k++)
        ORR_TRY(orr_take_columns(t, k, places[k].from, places[k].to, &room));
    orr_cell *peri = &t->cells[T], *epoch = &t->cells[EPOCH];
    char end;
    if (sscanf(peri->text, "%5d %2d %lf%c", &year, &month, &date, &end) != 3 || !(date < 100))
        return orr_table_fail(t, peri, "'%.20s' is not a time of pericentre, 2020 07 03.68",
                              peri->text);
    peri->text = room;
    room +=
        snprintf(room, 40, "%s%04d-%02d-%07.4f TDB", year < 0 ? "-" : "", abs(year), month, date) +
        1;
    if (!*epoch->text)
        return ORR_OK;
    if (sscanf(epoch->text, "%4d%2d%2d%c", &year, &month, &day, &end) != 3)
        return orr_table_fail(t, epoch, "'%.20s' is not an epoch, 20200531", epoch->text);
    epoch->text = room;
    snprintf(room, 40, "%04d-%02d-%02d TDB", year, month, day);
    if (!*t->cells[NAME].text)
        t->cells[NAME] = t->cells[DESIGNATION];
    return ORR_OK;
}

const orr_catalogue orr_catalogue_comets = {
    .entry =
        {"comets", "CometEls.txt of the Minor Planet Center: q and T, ecliptic of J2000.0",
         "https://www.minorplanetcenter.net/iau/info/CometOrbitFormat.html",
         "    For where: designation, T, q, e, omega, Omega, i, epoch, H, name.  A blank epoch is\n"
         "    the time of pericentre.  Test bodies, unless the group gives a role or mass."},
    .traits = ORR_TEST_BODIES | ORR_ECLIPTIC | ORR_EPOCH_OR_START,
    .scale = "TDB",
    .head = head,
    .next = next,
};
