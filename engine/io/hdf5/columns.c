#include "columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(orr_event_kind) == sizeof(int32_t), "the kind of an event is stored so");

const orr_column orr_event_columns[ORR_EVENT_COLUMNS] = {
#define ORR_EVENT_COLUMN(name, components, kind, member, times_G, dimension, doc)                  \
    {#name,     components, ORR_COLUMN_##kind, offsetof(orr_event_row, member), times_G,           \
     dimension, doc},
#include "columns.def"
};

const orr_column orr_observables[ORR_OBSERVABLES] = {
#define ORR_OBSERVABLE(name, components, member, when, dimension, doc)                             \
    {#name,     components, ORR_COLUMN_DOUBLE, offsetof(orr_diagnostics, member), false,           \
     dimension, doc},
#include "columns.def"
};

const char *orr_event_name(orr_event_kind kind)
{
    static const char *const names[] = {
        [ORR_COLLISION] = "collision", [ORR_ENCOUNTER] = "encounter", [ORR_ESCAPE] = "escape",
        [ORR_MERGER] = "merger",       [ORR_REMOVAL] = "removal",
    };
    return kind >= ORR_COLLISION && kind <= ORR_REMOVAL ? names[kind] : "?";
}

bool orr_observable_is_there(size_t k, bool shadow)
{
    enum { ALWAYS, SHADOW };
    static const int when[ORR_OBSERVABLES] = {
#define ORR_OBSERVABLE(name, components, member, when, dimension, doc) when,
#include "columns.def"
    };
    return k < ORR_OBSERVABLES && (when[k] == ALWAYS || shadow);
}

static hid_t type_of(const orr_column *c)
{
    switch (c->kind) {
    case ORR_COLUMN_INT32:
        return H5T_NATIVE_INT32;
    case ORR_COLUMN_INT64:
        return H5T_NATIVE_INT64;
    case ORR_COLUMN_UINT64:
        return H5T_NATIVE_UINT64;
    default:
        return H5T_NATIVE_DOUBLE;
    }
}

static size_t bytes_of(const orr_column *c)
{
    return (c->kind == ORR_COLUMN_INT32 ? 4 : 8) * (size_t)c->components;
}

double orr_column_bytes(const orr_column *c)
{
    return (double)bytes_of(c);
}

double orr_columns_bytes(const orr_column *columns, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += orr_column_bytes(&columns[k]);
    return sum;
}

/* ---- one column ---- */

enum { MOST_COMPONENTS = 3, BLOCK = 1024 };

/* Rows of one column between the file and records. */
static bool read_column(const orr_table *t, size_t k, size_t row, size_t n, char *records,
                        size_t size)
{
    const orr_column *c = &t->columns[k];
    size_t bytes = bytes_of(c);
    double block[BLOCK * MOST_COMPONENTS];
    bool good = true;
    for (size_t at = 0; at < n && good; at += BLOCK) {
        size_t count = n - at < BLOCK ? n - at : BLOCK;
        good = orr_h5_read_rows(t->set[k], type_of(c), row + at, count, block);
        for (size_t i = 0; i < count * (size_t)c->components && c->times_G; i++)
            block[i] *= t->G;
        for (size_t i = 0; i < count && good; i++)
            memcpy(records + (at + i) * size + c->offset, (const char *)block + i * bytes, bytes);
    }
    return good;
}

static bool write_column(const orr_table *t, size_t k, size_t row, size_t n, const char *records,
                         size_t size)
{
    const orr_column *c = &t->columns[k];
    size_t bytes = bytes_of(c);
    double block[BLOCK * MOST_COMPONENTS];
    bool good = true;
    for (size_t at = 0; at < n && good; at += BLOCK) {
        size_t count = n - at < BLOCK ? n - at : BLOCK;
        for (size_t i = 0; i < count; i++)
            memcpy((char *)block + i * bytes, records + (at + i) * size + c->offset, bytes);
        for (size_t i = 0; i < count * (size_t)c->components && c->times_G; i++)
            block[i] /= t->G;
        good = orr_h5_write_rows(t->set[k], type_of(c), row + at, count, block);
    }
    return good;
}

static bool clear_column(const orr_table *t, size_t k, size_t row, size_t rows)
{
    const orr_column *c = &t->columns[k];
    double none[BLOCK * MOST_COMPONENTS];
    for (size_t i = 0; i < BLOCK * MOST_COMPONENTS; i++)
        none[i] = NAN;
    if (c->kind != ORR_COLUMN_DOUBLE)
        memset(none, 0, sizeof none);
    bool good = true;
    for (; row < rows && good; row += BLOCK)
        good = orr_h5_write_rows(t->set[k], type_of(c), row,
                                 rows - row < BLOCK ? rows - row : BLOCK, none);
    return good;
}

/* Gives its rows; 0: it does not fit. */
static size_t open_column(const orr_table *t, size_t k, hid_t file, const char *group)
{
    const orr_column *c = &t->columns[k];
    char path[120];
    hsize_t dims[4] = {0};
    int rank = c->components > 1 ? 2 : 1;
    snprintf(path, sizeof path, "%s/%s", group, c->name);
    t->set[k] = orr_h5_numbers(file, path, rank, dims);
    bool fits = t->set[k] >= 0 && (rank == 1 || dims[1] == (hsize_t)c->components);
    return fits ? (size_t)dims[0] : 0;
}

void orr_column_unknown(const orr_column *c, void *record)
{
    const double none[MOST_COMPONENTS] = {NAN, NAN, NAN};
    if (c->kind == ORR_COLUMN_DOUBLE)
        memcpy((char *)record + c->offset, none, bytes_of(c));
}

/* ---- all of them ---- */

bool orr_table_create(const orr_table *t, hid_t group, const orr_units *u, size_t rows,
                      const bool *left_out)
{
    bool good = group >= 0;
    for (size_t k = 0; k < t->n; k++)
        t->set[k] = 0;
    for (size_t k = 0; k < t->n && good; k++) {
        const orr_column *c = &t->columns[k];
        const hsize_t dims[2] = {rows, (hsize_t)c->components};
        if (left_out && left_out[k])
            continue;
        t->set[k] = orr_h5_dataset(group, c->name, type_of(c), c->components > 1 ? 2 : 1, dims);
        good = t->set[k] >= 0 && orr_h5_describe(t->set[k], u, c->dim, c->doc);
    }
    return good && orr_table_clear(t, 0, rows);
}

size_t orr_table_open(const orr_table *t, hid_t file, const char *group)
{
    bool good = true;
    size_t rows = 0;
    for (size_t k = 0; k < t->n; k++) {
        size_t own = open_column(t, k, file, group);
        rows = k ? rows : own;
        good = good && (t->set[k] < 0 || own == rows);
    }
    return good ? rows : 0;
}

bool orr_table_write(const orr_table *t, size_t row, size_t n, const void *records, size_t size)
{
    bool good = true;
    for (size_t k = t->n; k-- > 0 && good;)
        good = t->set[k] <= 0 || write_column(t, k, row, n, records, size);
    return good;
}

bool orr_table_read(const orr_table *t, size_t row, size_t n, void *records, size_t size)
{
    bool good = true;
    for (size_t k = 0; k < t->n && good; k++)
        good = t->set[k] <= 0 || read_column(t, k, row, n, records, size);
    return good;
}

bool orr_table_clear(const orr_table *t, size_t row, size_t rows)
{
    bool good = true;
    for (size_t k = 0; k < t->n && good; k++)
        good = t->set[k] <= 0 || clear_column(t, k, row, rows);
    return good;
}

bool orr_table_close(const orr_table *t)
{
    bool good = true;
    for (size_t k = 0; k < t->n; k++) {
        good = orr_h5_close(t->set[k]) && good;
        t->set[k] = 0;
    }
    return good;
}
