/* sbdb.c - JPL's Small-Body Database, as its query page and API give it in CSV.
 *
 * au, degrees, heliocentric ecliptic of J2000.0 (IAU 1976: 84381.448"), epoch and tp as Julian
 * dates in TDB, GM in km3/s2, diameter in km.  Everything holds at the row's own epoch, so that a
 * file without that column needs the group's.  https://ssd-api.jpl.nasa.gov/doc/sbdb_query.html */
#include <string.h>

#include "io/tables/tables.h"

enum { UNUSED_FORCES = 4 };

static const orr_alias aliases[] = {
    {"full_name", COL_NAME, NULL},
    {"name", COL_NAME, NULL},
    {"pdes", COL_NAME, NULL},
    {"spkid", COL_NAME, NULL},
    {"epoch", COL_EPOCH, "JD"},
    {"epoch_mjd", COL_EPOCH, "MJD"},
    {"epoch_cal", COL_EPOCH, "YYYYMMDD"},
    {"e", COL_ELEMENTS + EL_E, NULL},
    {"a", COL_ELEMENTS + EL_A, "au"},
    {"q", COL_ELEMENTS + EL_Q, "au"},
    {"i", COL_ELEMENTS + EL_I, "deg"},
    {"om", COL_ELEMENTS + EL_NODE, "deg"},
    {"w", COL_ELEMENTS + EL_ARGUMENT, "deg"},
    {"ma", COL_ELEMENTS + EL_MEAN, "deg"},
    {"tp", COL_ELEMENTS + EL_PERI_TIME, "JD"},
    {"tp_cal", COL_ELEMENTS + EL_PERI_TIME, "YYYYMMDD"},
    {"per", COL_ELEMENTS + EL_P, "day"},
    {"per_y", COL_ELEMENTS + EL_P, "yr"},
    {"GM", COL_GM, "km3/s2"},
    {"diameter", COL_DIAMETER, "km"},
    {0},
};

static const char *const signature[] = {"e", "i", "om", "w", NULL};

/* Angles of another equinox are another plane's. */
static orr_status check_equinox(const orr_table *t)
{
    for (size_t k = 0; k < t->n_columns; k++) {
        const orr_cell *at = &t->cells[k];
        if (strcmp(t->columns[k].heading, "equinox") == 0 && !orr_is_blank(at->text) &&
            strcmp(at->text, "J2000") != 0 && strcmp(at->text, "J2000.0") != 0)
            return orr_table_fail(t, at, "equinox '%.20s': only elements of J2000 are read",
                                  at->text);
    }
    return ORR_OK;
}

/* Where forces of Marsden's kind are given, say that they are not used. */
static void count_forces(orr_table *t)
{
    static const char *const forces[UNUSED_FORCES] = {"A1", "A2", "A3", "DT"};
    bool any = false;
    for (size_t k = 0; k < t->n_columns; k++)
        for (size_t j = 0; j < UNUSED_FORCES; j++)
            any = any || (strcmp(t->columns[k].heading, forces[j]) == 0 &&
                          !orr_is_blank(t->cells[k].text));
    t->n_unused += any;
}

static orr_status finish(orr_table *t, orr_row *row)
{
    /* the period is derived from them with JPL's GM of the Sun, whatever goes round here */
    if (row->has[COL_ELEMENTS + EL_A] || row->has[COL_ELEMENTS + EL_Q])
        row->has[COL_ELEMENTS + EL_P] = false;
    count_forces(t);
    return check_equinox(t);
}

const orr_catalogue orr_catalogue_sbdb = {
    .entry =
        {"sbdb", "JPL's Small-Body Database, CSV: au, deg, JD TDB, ecliptic of J2000.0",
         "https://ssd.jpl.nasa.gov/tools/sbdb_query.html",
         "    Columns full_name (else name, pdes, spkid), epoch, e, a, q, per, i, om, w, ma, tp,\n"
         "    GM, diameter; others are left out.  Test bodies, unless the group gives a role or "
         "mass.\n"
         "    A plain 'table:' with the headings e, i, om and w is read so, too."},
    .traits = ORR_REST_UNUSED | ORR_TEST_BODIES | ORR_ECLIPTIC | ORR_COMPLETE,
    .aliases = aliases,
    .signature = signature,
    .scale = "TDB",
    .head = orr_separated_head,
    .next = orr_separated_next,
    .finish = finish,
};
