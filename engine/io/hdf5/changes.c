#include "changes.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/* ---- columns ---- */

/* Places in the list: the fields that last come behind these, the checksum is the last. */
enum { TIME, MEMBER, BODY, MASS, FIELDS };

static void fixed_columns(orr_column c[FIELDS])
{
    c[TIME] = (orr_column){
        .name = "time",
        .kind = ORR_COLUMN_DOUBLE,
        .offset = offsetof(orr_change, time),
        .dim = ORR_TIME,
        .doc = "of the first snapshot with these values; NaN: row not written",
    };
    c[MEMBER] = (orr_column){
        .name = "member",
        .kind = ORR_COLUMN_INT64,
        .offset = offsetof(orr_change, member),
        .doc = "of the ensemble; 0 where there is none",
    };
    c[BODY] = (orr_column){
        .name = "body",
        .kind = ORR_COLUMN_INT64,
        .offset = offsetof(orr_change, body),
        .doc = "place on the body axis, from 0",
    };
    c[MASS] = (orr_column){
        .name = "mass",
        .kind = ORR_COLUMN_DOUBLE,
        .offset = offsetof(orr_change, mass),
        .dim = ORR_MASS,
        .doc = "gm / G",
    };
}

orr_change_log orr_changes_none(void)
{
    orr_change_log log = {.n = FIELDS};
    const orr_body_field *f;
    fixed_columns(log.columns);
    for (size_t k = 0; (f = orr_lasting_field_at(k)); k++)
        log.columns[log.n++] = (orr_column){
            .name = f->name,
            .components = (int)f->components,
            .kind = ORR_COLUMN_DOUBLE,
            .offset = offsetof(orr_change, now) + f->in_body,
            .dim = f->dim,
            .doc = k == ORR_LASTING_GM ? "from then on; 0: the body is no more" : "from then on",
        };
    log.columns[log.n++] = (orr_column){
        .name = "checksum",
        .kind = ORR_COLUMN_UINT64,
        .offset = offsetof(orr_change, checksum),
        .doc = "of the row; see h5.h",
    };
    for (size_t k = 0; k < log.n; k++)
        if (log.columns[k].components == 0)
            log.columns[k].components = 1;
    return log;
}

static orr_table table_of(orr_change_log *log)
{
    return (orr_table){.columns = log->columns, .n = log->n, .set = log->set};
}

bool orr_changes_has(const orr_change_log *log, size_t k)
{
    return log->set[FIELDS + k] > 0;
}

double orr_changes_bytes(void)
{
    const orr_change_log log = orr_changes_none();
    return orr_columns_bytes(log.columns, log.n);
}

/* ---- rows ---- */

static uint64_t sum_of(const orr_change_log *log, const orr_change *row)
{
    orr_body now = row->now;
    const double first[] = {(double)row->member, (double)row->body, now.gm, row->mass, now.radius};
    double further[3 * ORR_MOST_FIELDS];
    size_t n = 0;
    const orr_body_field *f;
    for (size_t k = ORR_LASTING_RADIUS + 1; (f = orr_lasting_field_at(k)); k++)
        for (size_t c = 0; c < f->components && orr_changes_has(log, k); c++)
            further[n++] = orr_body_values(&now, f)[c];
    uint64_t sum = orr_h5_sum_begin(row->time);
    sum = orr_h5_sum(sum, first, sizeof first / sizeof *first, false);
    return n > 0 ? orr_h5_sum(sum, further, n, false) : sum;
}

bool orr_changes_create(orr_change_log *log, hid_t all, const orr_units *u, size_t rows,
                        const bool left_out[ORR_MOST_FIELDS])
{
    bool out[ORR_MOST_FIELDS + 5] = {false};
    *log = orr_changes_none();
    for (size_t k = 0; orr_lasting_field_at(k); k++)
        out[FIELDS + k] = left_out[k];
    const orr_table t = table_of(log);
    hid_t group = orr_h5_group(all, "changes");
    bool good = orr_table_create(&t, group, u, rows, out);
    if (group >= 0)
        H5Gclose(group);
    return good;
}

size_t orr_changes_open(orr_change_log *log, hid_t file)
{
    *log = orr_changes_none();
    const orr_table t = table_of(log);
    size_t rows = orr_table_open(&t, file, "particles/all/changes");
    for (size_t k = 0; k < log->n; k++)
        if (log->set[k] < 0 && (k <= FIELDS + ORR_LASTING_RADIUS || k == log->n - 1))
            rows = 0;
    return rows;
}

bool orr_changes_close(orr_change_log *log)
{
    const orr_table t = table_of(log);
    return orr_table_close(&t);
}

bool orr_changes_write(orr_change_log *log, size_t k, const orr_change *row)
{
    const orr_table t = table_of(log);
    orr_change whole = *row;
    whole.checksum = sum_of(log, row);
    return orr_table_write(&t, k, 1, &whole, sizeof whole);
}

bool orr_changes_clear(orr_change_log *log, size_t k, size_t rows)
{
    const orr_table t = table_of(log);
    return orr_table_clear(&t, k, rows);
}

static orr_status read_rows(orr_change_log *log, size_t rows, orr_change **out, size_t *n,
                            double *damaged)
{
    const orr_table t = table_of(log);
    orr_change *all = calloc(rows, sizeof *all);
    if (!all)
        return ORR_E_NO_MEMORY;
    if (!orr_table_read(&t, 0, rows, all, sizeof *all)) {
        free(all);
        return ORR_E_FORMAT;
    }
    while (*n < rows && !isnan(all[*n].time) && all[*n].checksum == sum_of(log, &all[*n]))
        ++*n;
    *damaged = *n < rows ? all[*n].time : NAN;
    *out = all;
    return ORR_OK;
}

orr_status orr_changes_read(hid_t file, orr_change **rows, size_t *n, double *damaged,
                            bool has[ORR_MOST_FIELDS])
{
    orr_change_log log;
    *rows = NULL;
    *n = 0;
    *damaged = NAN;
    size_t room = orr_changes_open(&log, file);
    /* a damaged file may claim any size */
    bool there = room > 0 && room < 100000000 && H5Dget_storage_size(log.set[TIME]) >= room * 8;
    orr_status status = there ? read_rows(&log, room, rows, n, damaged) : ORR_OK;
    if (log.set[TIME] >= 0 && !there)
        status = ORR_E_FORMAT;
    for (size_t k = 0; has && orr_lasting_field_at(k); k++)
        has[k] = orr_changes_has(&log, k);
    (void)orr_changes_close(&log);
    return status;
}
