#include "changes.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define COLUMN(name, kind, ...)                                                                    \
    {                                                                                              \
#name, 1, ORR_COLUMN_##kind, offsetof(orr_change, name), false, __VA_ARGS__                \
    }

/* clang-format off */
const orr_column orr_change_columns[ORR_CHANGE_COLUMNS] = {
    COLUMN(time, DOUBLE, {0, 0, 1, 0}, "of the first snapshot with these values; NaN: row not written"),
    COLUMN(member, INT64, {0, 0, 0, 0}, "of the ensemble; 0 where there is none"),
    COLUMN(body, INT64, {0, 0, 0, 0}, "place on the body axis, from 0"),
    COLUMN(gm, DOUBLE, {3, 0, -2, 0}, "from then on; 0: the body is no more"),
    COLUMN(mass, DOUBLE, {0, 1, 0, 0}, "gm / G"),
    COLUMN(radius, DOUBLE, {1, 0, 0, 0}, "from then on"),
    COLUMN(checksum, UINT64, {0, 0, 0, 0}, "of the row; see h5.h"),
};
/* clang-format on */

orr_table orr_changes_table(hid_t d[ORR_CHANGE_COLUMNS])
{
    return (orr_table){.columns = orr_change_columns, .n = ORR_CHANGE_COLUMNS, .set = d};
}

static uint64_t sum_of(const orr_change *row)
{
    const double values[] = {(double)row->member, (double)row->body, row->gm, row->mass,
                             row->radius};
    return orr_h5_sum(orr_h5_sum_begin(row->time), values, sizeof values / sizeof *values, false);
}

bool orr_changes_create(hid_t all, const orr_units *u, size_t rows, hid_t d[ORR_CHANGE_COLUMNS])
{
    const orr_table t = orr_changes_table(d);
    hid_t group = orr_h5_group(all, "changes");
    bool good = orr_table_create(&t, group, u, rows, NULL);
    if (group >= 0)
        H5Gclose(group);
    return good;
}

size_t orr_changes_open(hid_t file, hid_t d[ORR_CHANGE_COLUMNS])
{
    const orr_table t = orr_changes_table(d);
    size_t rows = orr_table_open(&t, file, "particles/all/changes");
    for (int k = 0; k < ORR_CHANGE_COLUMNS; k++)
        rows = d[k] >= 0 ? rows : 0;
    return rows;
}

bool orr_changes_write(hid_t d[ORR_CHANGE_COLUMNS], size_t k, const orr_change *row)
{
    const orr_table t = orr_changes_table(d);
    orr_change whole = *row;
    whole.checksum = sum_of(row);
    return orr_table_write(&t, k, 1, &whole, sizeof whole);
}

static orr_status read_rows(hid_t d[ORR_CHANGE_COLUMNS], size_t rows, orr_change **out, size_t *n,
                            double *damaged)
{
    const orr_table t = orr_changes_table(d);
    orr_change *all = calloc(rows, sizeof *all);
    if (!all)
        return ORR_E_NO_MEMORY;
    if (!orr_table_read(&t, 0, rows, all, sizeof *all)) {
        free(all);
        return ORR_E_FORMAT;
    }
    while (*n < rows && !isnan(all[*n].time) && all[*n].checksum == sum_of(&all[*n]))
        ++*n;
    *damaged = *n < rows ? all[*n].time : NAN;
    *out = all;
    return ORR_OK;
}

orr_status orr_changes_read(hid_t file, orr_change **rows, size_t *n, double *damaged)
{
    hid_t d[ORR_CHANGE_COLUMNS];
    *rows = NULL;
    *n = 0;
    *damaged = NAN;
    size_t room = orr_changes_open(file, d);
    /* a damaged file may claim any size */
    bool there = room > 0 && room < 100000000 && H5Dget_storage_size(d[0]) >= room * 8;
    orr_status status = there ? read_rows(d, room, rows, n, damaged) : ORR_OK;
    if (d[0] >= 0 && !there)
        status = ORR_E_FORMAT;
    const orr_table t = orr_changes_table(d);
    (void)orr_table_close(&t);
    return status;
}
