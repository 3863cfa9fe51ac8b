/* blanks.c - cells without a value: what the group states as their default, what another column
 * says as well, and what cannot be done without. */
#include <string.h>

#include "tables.h"

/* Columns of which one is enough. */
static const int families[][8] = {
    {COL_ELEMENTS + EL_A, COL_ELEMENTS + EL_Q, COL_ELEMENTS + EL_P, -1},
    {COL_ELEMENTS + EL_MEAN, COL_ELEMENTS + EL_PERI_TIME, COL_ELEMENTS + EL_MEAN_LONGITUDE,
     COL_ELEMENTS + EL_TRUE, COL_ELEMENTS + EL_ECCENTRIC, COL_TRANSIT, -1},
    {COL_ELEMENTS + EL_ARGUMENT, COL_ELEMENTS + EL_PERI_LONGITUDE, COL_STAR_OMEGA, -1},
    {COL_GM, COL_MASS, -1},
    {COL_RADIUS, COL_DIAMETER, COL_DENSITY, -1},
    {COL_ELEMENTS + EL_E, -1},
    {COL_ELEMENTS + EL_I, -1},
    {COL_ELEMENTS + EL_NODE, -1},
    {COL_EPOCH, -1},
    {COL_X, -1},
    {COL_Y, -1},
    {COL_Z, -1},
    {COL_VX, -1},
    {COL_VY, -1},
    {COL_VZ, -1},
};
enum { SIZE, PHASE, ARGUMENT, MASS, RADIUS, ECCENTRICITY, INCLINATION, NODE, EPOCH };

static bool known(const orr_row *row, const int *family)
{
    for (; *family >= 0; family++)
        if (row->has[*family])
            return true;
    return false;
}

static orr_status blank(orr_table *t, const orr_row *row, const int *family)
{
    int m = *family, k = -1;
    for (const int *member = family; *member >= 0 && k < 0; member++)
        if ((k = row->column[*member]) >= 0)
            m = *member;
    const char *examples[COL_COUNT] = {[COL_ELEMENTS + EL_I] = "90 deg",
                                       [COL_ELEMENTS + EL_NODE] = "0 deg",
                                       [COL_ELEMENTS + EL_E] = "0",
                                       [COL_ELEMENTS + EL_ARGUMENT] = "90 deg",
                                       [COL_ELEMENTS + EL_MEAN] = "0 deg",
                                       [COL_STAR_OMEGA] = "90 deg",
                                       [COL_MASS] = "1 Mearth"};
    return orr_table_fail(t, k >= 0 ? &t->cells[k] : NULL,
                          "row %zu, column '%s' is blank; state in the group what blanks mean, "
                          "'default: { %s: %s }', or leave the row out with 'where:'",
                          t->rows, k >= 0 ? t->columns[k].heading : orr_column_name(m),
                          orr_column_name(m), examples[m] ? examples[m] : "VALUE");
}

/* A circle has no pericentre, so no omega. */
static void circles(orr_table *t, orr_row *row)
{
    int e = COL_ELEMENTS + EL_E, omega = COL_ELEMENTS + EL_ARGUMENT;
    bool columns = t->has[e] || t->has[omega] || t->has[COL_STAR_OMEGA];
    if (!columns || known(row, families[ARGUMENT]))
        return;
    if (!row->has[e] && t->has[e]) {
        row->value[e] = 0;
        row->has[e] = true;
        t->n_circular++;
    }
    if (row->value[e] == 0 && !row->has[COL_TRANSIT]) {
        row->value[omega] = 0;
        row->has[omega] = true;
    }
}

/* Does the table say something about this, or must it be known anyway? */
static bool is_asked(const orr_table *t, const orr_row *row, size_t f)
{
    unsigned traits = t->format->traits;
    bool asked = (f == MASS && traits & ORR_MASS_OR_TEST) ||
                 (f == PHASE && traits & ORR_PHASE_OR_PERICENTRE);
    for (const int *m = families[f]; *m >= 0; m++)
        asked = asked || row->column[*m] >= 0;
    return asked;
}

/* What a row can do without, as the format has it; counted for the notes. */
static bool does_without(orr_table *t, orr_row *row, size_t f)
{
    unsigned traits = t->format->traits;
    switch (f) {
    case RADIUS:
        t->n_points += t->group->radius == 0;
        return true;
    case MASS:
        if (row->role == ORR_TEST || t->group->gm > 0)
            return true;
        if (!(traits & ORR_MASS_OR_TEST))
            return false;
        row->role = ORR_TEST;
        t->n_massless++;
        return true;
    case EPOCH:
        t->n_epochless += traits & ORR_EPOCH_OR_START && !row->peri_is_date;
        return traits & ORR_EPOCH_OR_START;
    case PHASE:
        t->n_phaseless += (traits & ORR_PHASE_OR_PERICENTRE) != 0;
        return traits & ORR_PHASE_OR_PERICENTRE;
    case ARGUMENT:
        return row->has[COL_TRANSIT] && row->value[COL_ELEMENTS + EL_E] == 0;
    default:
        return false;
    }
}

orr_status orr_fill_blanks(orr_table *t, orr_row *row)
{
    for (size_t f = 0; f < LENGTH_OF(families); f++) {
        if (known(row, families[f]))
            continue;
        for (const int *m = families[f]; *m >= 0; m++)
            if (t->falls_back[*m]) {
                row->value[*m] = t->fallback[*m];
                row->has[*m] = true;
            }
    }
    circles(t, row);
    for (size_t f = 0; f < LENGTH_OF(families); f++)
        if (!known(row, families[f]) && is_asked(t, row, f) && !does_without(t, row, f))
            return blank(t, row, families[f]);
    return ORR_OK;
}

orr_status orr_check_complete(orr_table *t)
{
    static const int needed[] = {SIZE, ECCENTRICITY, INCLINATION, NODE, ARGUMENT, PHASE};
    for (size_t k = 0; k < LENGTH_OF(needed); k++) {
        bool there = false;
        for (const int *m = families[needed[k]]; *m >= 0; m++)
            there = there || t->has[*m] || t->falls_back[*m];
        if (!there)
            return orr_table_fail(t, NULL,
                                  "no column for '%s': is this a file of catalogue '%s'?  A "
                                  "column of another name is stated by 'columns: { NAME: %s }'",
                                  orr_column_name(*families[needed[k]]), t->format->entry.name,
                                  orr_column_name(*families[needed[k]]));
    }
    if (!t->has[COL_EPOCH] && !t->falls_back[COL_EPOCH] && !t->group->has_epoch)
        return orr_table_fail(t, NULL,
                              "no column 'epoch', the date at which these elements hold: state it "
                              "in the group, 'epoch: 2020-05-31 TDB'");
    return ORR_OK;
}
