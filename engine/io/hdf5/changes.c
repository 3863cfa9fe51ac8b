#include "changes.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const orr_change_column orr_change_columns[ORR_CHANGE_COLUMNS] = {
    {"time",
     "of the first snapshot with these values; NaN: row not written",
     offsetof(orr_change, time),
     ORR_COLUMN_DOUBLE,
     {0, 0, 1, 0}},
    {"member",
     "of the ensemble; 0 where there is none",
     offsetof(orr_change, member),
     ORR_COLUMN_INT64,
     {0, 0, 0, 0}},
    {"body",
     "place on the body axis, from 0",
     offsetof(orr_change, body),
     ORR_COLUMN_INT64,
     {0, 0, 0, 0}},
    {"gm",
     "from then on; 0: the body is no more",
     offsetof(orr_change, gm),
     ORR_COLUMN_DOUBLE,
     {3, 0, -2, 0}},
    {"mass", "gm / G", offsetof(orr_change, mass), ORR_COLUMN_DOUBLE, {0, 1, 0, 0}},
    {"radius", "from then on", offsetof(orr_change, radius), ORR_COLUMN_DOUBLE, {1, 0, 0, 0}},
    {"checksum",
     "of the row; see h5.h",
     offsetof(orr_change, checksum),
     ORR_COLUMN_UINT64,
     {0, 0, 0, 0}}};

static hid_t type_of(const orr_change_column *c)
{
    return c->kind == ORR_COLUMN_DOUBLE  ? H5T_NATIVE_DOUBLE
           : c->kind == ORR_COLUMN_INT64 ? H5T_NATIVE_INT64
                                         : H5T_NATIVE_UINT64;
}

static uint64_t sum_of(const orr_change *row)
{
    const double values[] = {(double)row->member, (double)row->body, row->gm, row->mass,
                             row->radius};
    return orr_h5_sum(orr_h5_sum_begin(row->time), values, sizeof values / sizeof *values, false);
}

bool orr_changes_create(hid_t all, const orr_units *u, size_t rows, hid_t d[ORR_CHANGE_COLUMNS])
{
    hid_t create = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(create, false);
    hid_t group = H5Gcreate2(all, "changes", H5P_DEFAULT, create, H5P_DEFAULT);
    H5Pclose(create);
    const hsize_t room = rows;
    bool good = group >= 0;
    for (int k = 0; k < ORR_CHANGE_COLUMNS && good; k++) {
        const orr_change_column *c = &orr_change_columns[k];
        d[k] = orr_h5_dataset(group, c->name, type_of(c), 1, &room);
        good = d[k] >= 0 && orr_h5_describe(d[k], u, c->dim, c->doc);
    }
    if (group >= 0)
        H5Gclose(group);
    return good && orr_changes_clear(d, 0, rows);
}

size_t orr_changes_open(hid_t file, hid_t d[ORR_CHANGE_COLUMNS])
{
    size_t rows = 0;
    bool good = true;
    for (int k = 0; k < ORR_CHANGE_COLUMNS; k++) {
        char path[80];
        hsize_t dims[4] = {0};
        snprintf(path, sizeof path, "particles/all/changes/%s", orr_change_columns[k].name);
        d[k] = orr_h5_numbers(file, path, 1, dims);
        rows = k ? rows : (size_t)dims[0];
        good = good && d[k] >= 0 && dims[0] == rows;
    }
    return good ? rows : 0;
}

bool orr_changes_write(const hid_t d[ORR_CHANGE_COLUMNS], size_t k, const orr_change *row)
{
    bool good = true;
    orr_change whole = *row;
    whole.checksum = sum_of(row);
    for (int c = ORR_CHANGE_COLUMNS - 1; c >= 0 && good; c--) /* the time last: it makes the row */
        good = orr_h5_write_rows(d[c], type_of(&orr_change_columns[c]), k, 1,
                                 (const char *)&whole + orr_change_columns[c].offset);
    return good;
}

bool orr_changes_clear(const hid_t d[ORR_CHANGE_COLUMNS], size_t k, size_t rows)
{
    enum { CHUNK = 1024 };
    double none[CHUNK];
    int64_t zero[CHUNK] = {0};
    for (size_t i = 0; i < CHUNK; i++)
        none[i] = NAN;
    bool good = true;
    for (; k < rows && good; k += CHUNK) {
        hsize_t count = rows - k < CHUNK ? rows - k : CHUNK;
        for (int c = 0; c < ORR_CHANGE_COLUMNS && good; c++) {
            bool real = orr_change_columns[c].kind == ORR_COLUMN_DOUBLE;
            good = orr_h5_write_rows(d[c], type_of(&orr_change_columns[c]), k, count,
                                     real ? (void *)none : (void *)zero);
        }
    }
    return good;
}

static orr_status read_columns(const hid_t d[ORR_CHANGE_COLUMNS], size_t rows, orr_change **out,
                               size_t *n, double *damaged)
{
    double *column = malloc(rows * sizeof *column);
    orr_change *all = calloc(rows, sizeof *all);
    orr_status status = column && all ? ORR_OK : ORR_E_NO_MEMORY;
    for (int c = 0; c < ORR_CHANGE_COLUMNS && status == ORR_OK; c++) {
        /* all types have eight bytes */
        if (!orr_h5_read_rows(d[c], type_of(&orr_change_columns[c]), 0, rows, column))
            status = ORR_E_FORMAT;
        for (size_t k = 0; k < rows && status == ORR_OK; k++)
            memcpy((char *)&all[k] + orr_change_columns[c].offset, &column[k], 8);
    }
    free(column);
    if (status != ORR_OK) {
        free(all);
        return status;
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
    orr_status status = there ? read_columns(d, room, rows, n, damaged) : ORR_OK;
    if (d[0] >= 0 && !there)
        status = ORR_E_FORMAT;
    for (int c = 0; c < ORR_CHANGE_COLUMNS; c++)
        if (d[c] >= 0)
            H5Dclose(d[c]);
    return status;
}
