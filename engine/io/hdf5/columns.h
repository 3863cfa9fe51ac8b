/* columns.h - tables of an output file: columns of numbers with as many rows each, described by a
 * list (columns.def, changes.c) from which they are made, filled, read and cleared. */
#ifndef ORRERY_IO_H5_COLUMNS_H
#define ORRERY_IO_H5_COLUMNS_H

#include "h5.h"

typedef enum orr_column_kind {
    ORR_COLUMN_DOUBLE,
    ORR_COLUMN_INT32,
    ORR_COLUMN_INT64,
    ORR_COLUMN_UINT64
} orr_column_kind;

typedef struct orr_column {
    const char *name;
    int components; /* more than one: [rows][components] */
    orr_column_kind kind;
    size_t offset;     /* in the record of a row */
    bool times_G;      /* the record has G times what the file has */
    orr_dimension dim; /* in the file */
    const char *doc;
} orr_column;

/* The columns of a table in an open file.  The first one is the time, by which a row counts as
 * written: NaN where it is not. */
typedef struct orr_table {
    const orr_column *columns;
    size_t n;
    hid_t *set; /* [n] 0 or less: the file has no such column */
    double G;
} orr_table;

/* Make the columns in a group, with so many empty rows; where `left_out` (may be NULL) is true of
 * one, its set is 0. */
bool orr_table_create(const orr_table *t, hid_t group, const orr_units *u, size_t rows,
                      const bool *left_out);

/* Open the columns that there are in `group` of a file; gives their number of rows.  0: the time is
 * not among them, or they do not fit each other. */
size_t orr_table_open(const orr_table *t, hid_t file, const char *group);

/* Rows [row, row + n) from or to records of `size` bytes each; what is read of a column that the
 * file has not stays as it is.  The time is written last: it makes the row. */
bool orr_table_write(const orr_table *t, size_t row, size_t n, const void *records, size_t size);
bool orr_table_read(const orr_table *t, size_t row, size_t n, void *records, size_t size);

/* Rows [row, rows) are not written. */
bool orr_table_clear(const orr_table *t, size_t row, size_t rows);

bool orr_table_close(const orr_table *t);

/* What the file does not tell: NaN, or 0 where that is no number. */
void orr_column_unknown(const orr_column *c, void *record);

double orr_column_bytes(const orr_column *c); /* of a row */
double orr_columns_bytes(const orr_column *columns, size_t n);

/* ---- /events ---- */

typedef struct orr_event_row {
    orr_event event; /* energy without G, as orr_sim_events() has it */
    uint64_t member;
} orr_event_row;

enum {
#define ORR_EVENT_COLUMN(name, components, kind, member, times_G, dimension, doc)                  \
    ORR_EVENT_COLUMN_##name,
#include "columns.def"
    ORR_EVENT_COLUMNS
};
extern const orr_column orr_event_columns[ORR_EVENT_COLUMNS];

/* ---- /observables ---- */

enum {
#define ORR_OBSERVABLE(name, components, member, when, dimension, doc) ORR_OBSERVABLE_##name,
#include "columns.def"
    ORR_OBSERVABLES
};
extern const orr_column orr_observables[ORR_OBSERVABLES]; /* of orr_diagnostics */

/* Has a run the k-th of them? */
bool orr_observable_is_there(size_t k, bool shadow);

#endif
