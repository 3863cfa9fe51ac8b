/* repair_rows.c - tables of a damaged file: which rows are whole, and those moved up.
 *
 * A table is some datasets with the same number of rows, the times first.  It is read, sifted and
 * written in blocks of rows: HDF5 takes some 10 us a call, however few bytes it moves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "repair.h"
#include "io/body_fields.h"

enum {
    MOST_COLUMNS = 6 + ORR_ORBITALS + ORR_OBSERVABLES + ORR_MOST_FIELDS,
    BLOCK = 1 << 18
}; /* [numbers] of the widest column */

typedef struct column {
    hid_t set, type;
    size_t width; /* numbers in a row; all have 8 bytes */
    char *data;   /* [block][width] */
} column;

typedef struct table {
    column columns[MOST_COLUMNS]; /* the first: times */
    size_t n, rows, block;
    bool *readable; /* [block] */
    bool has_sums;  /* of snapshots */
    double begin;   /* [time] where the run begins */
    double last;    /* [time] of the row that was kept last; NaN: there is none */
    size_t kept;
} table;

static bool add(table *t, hid_t set, hid_t type, size_t width)
{
    if (set < 0 || t->n == MOST_COLUMNS) {
        if (set >= 0)
            H5Dclose(set);
        return false;
    }
    t->columns[t->n++] = (column){.set = set, .type = type, .width = width};
    return true;
}

static bool allocate(repair *r, table *t)
{
    size_t widest = 1;
    for (size_t c = 0; c < t->n; c++)
        widest = t->columns[c].width > widest ? t->columns[c].width : widest;
    t->block = widest < BLOCK ? BLOCK / widest : 1;
    t->block = t->block < t->rows ? t->block : t->rows ? t->rows : 1;
    t->readable = malloc(t->block * sizeof *t->readable);
    bool good = t->readable != NULL;
    for (size_t c = 0; c < t->n && good; c++)
        good = (t->columns[c].data = malloc(8 * t->block * t->columns[c].width)) != NULL;
    t->begin = r->t_start;
    t->last = NAN;
    r->no_memory = !good;
    return good;
}

static void release(table *t)
{
    for (size_t c = 0; c < t->n; c++) {
        free(t->columns[c].data);
        H5Dclose(t->columns[c].set);
    }
    free(t->readable);
}

/* Rows [at, at + n), one by one where a block cannot be read. */
static void read_column(table *t, column *c, size_t at, size_t n)
{
    if (orr_h5_read_rows(c->set, c->type, at, n, c->data))
        return;
    for (size_t k = 0; k < n; k++)
        if (!orr_h5_read_rows(c->set, c->type, at + k, 1, c->data + 8 * k * c->width))
            t->readable[k] = false;
}

static const double *numbers(const table *t, size_t c, size_t k)
{
    return (const double *)(const void *)(t->columns[c].data + 8 * k * t->columns[c].width);
}

/* Times go away from the start of the run, one way. */
static bool is_later(const table *t, double time)
{
    double since = time - t->begin, before = t->last - t->begin;
    return isfinite(time) && (isnan(before) || (fabs(since) > fabs(before) && since * before >= 0));
}

/* Is row k of the block, the file's row at + k, whole, and later than those before? */
typedef bool is_whole(table *t, size_t k, size_t at, void *user);

/* Rows of a block that are whole, to behind those that were kept. */
static bool sift(table *t, size_t at, size_t n, is_whole *whole, void *user)
{
    size_t first = t->kept, m = 0;
    for (size_t k = 0; k < n; k++)
        t->readable[k] = true;
    read_column(t, &t->columns[0], at, n);
    bool some = false;
    for (size_t k = 0; k < n; k++)
        some = some || isfinite(*numbers(t, 0, k));
    for (size_t c = 1; c < t->n && some; c++)
        read_column(t, &t->columns[c], at, n);
    for (size_t k = 0; k < n && some; k++) {
        if (!whole(t, k, at, user))
            continue;
        t->last = *numbers(t, 0, k);
        for (size_t c = 0; c < t->n && m < k; c++) {
            size_t bytes = 8 * t->columns[c].width;
            memcpy(t->columns[c].data + m * bytes, t->columns[c].data + k * bytes, bytes);
        }
        m++;
    }
    t->kept += m;
    bool good = true;
    for (size_t c = 0; c < t->n && m > 0 && (first != at || m < n) && good; c++)
        good =
            orr_h5_write_rows(t->columns[c].set, t->columns[c].type, first, m, t->columns[c].data);
    return good;
}

/* No times behind the last row. */
static bool clear_rest(table *t)
{
    column *times = &t->columns[0];
    const double nothing = NAN;
    for (size_t k = 0; k < t->block; k++)
        memcpy(times->data + 8 * k, &nothing, sizeof nothing);
    bool good = true;
    for (size_t k = t->kept; k < t->rows && good; k += t->block)
        good = orr_h5_write_rows(times->set, times->type, k,
                                 t->rows - k < t->block ? t->rows - k : t->block, times->data);
    return good;
}

static bool mend(repair *r, table *t, is_whole *whole, void *user, double from, double to)
{
    bool good = true;
    for (size_t at = 0; at < t->rows && good; at += t->block) {
        size_t n = t->rows - at < t->block ? t->rows - at : t->block;
        good = sift(t, at, n, whole, user) &&
               orr_repair_goes_on(r, from + (to - from) * (double)(at + n) / (double)t->rows);
    }
    return good && clear_rest(t);
}

/* ---- snapshots ---- */

enum { VELOCITY = 1, POSITION, STEP, SUM }; /* columns */

typedef struct frames {
    repair *r;
    size_t written; /* rows, as far as is known */
} frames;

static bool has_its_sum(const table *t, size_t k)
{
    size_t width = t->columns[POSITION].width;
    uint64_t want, sum = orr_h5_sum_begin(*numbers(t, 0, k));
    bool something = false;
    for (size_t c = VELOCITY; c <= POSITION; c++) {
        const double *row = numbers(t, c, k);
        sum = orr_h5_sum(sum, row, width, false);
        for (size_t i = 0; i < width && !something; i++)
            something = row[i] != 0;
    }
    if (!t->has_sums)
        return something;
    memcpy(&want, numbers(t, SUM, k), sizeof want);
    return want == sum;
}

static bool frame_is_whole(table *t, size_t k, size_t at, void *user)
{
    frames *f = user;
    orr_repair_report *p = f->r->report;
    double time = *numbers(t, 0, k);
    if (!is_later(t, time))
        return false;
    if (at + k >= f->written)
        f->written = at + k + 1;
    if (t->readable[k] && has_its_sum(t, k))
        return true;
    p->t_lost_first = isnan(p->t_lost_first) ? time : p->t_lost_first;
    p->t_lost_last = time;
    return false;
}

/* Elements and further fields that are stored beside the states move with them. */
static void add_beside(repair *r, table *t, const char *group)
{
    char path[120];
    hsize_t dims[4] = {0};
    snprintf(path, sizeof path, "particles/all/%s/value", group);
    for (int rank = 2; rank <= 4; rank++) {
        hid_t d = orr_h5_numbers(r->file, path, rank, dims);
        if (d < 0)
            continue;
        double width =
            (double)dims[1] * (rank > 2 ? (double)dims[2] : 1) * (rank > 3 ? (double)dims[3] : 1);
        if (dims[0] == t->rows && width >= 1 && width < 1e12)
            (void)add(t, d, H5T_NATIVE_DOUBLE, (size_t)width);
        else
            H5Dclose(d);
        return;
    }
}

static bool open_frames(repair *r, table *t)
{
    hsize_t dims[4], times[4] = {0}, steps[4] = {0}, sums[4] = {0};
    hid_t position, velocity;
    int rank = orr_h5_frames(r->file, &position, &velocity, dims);
    double width = (double)dims[1] * (double)dims[2] * (rank == 4 ? (double)dims[3] : 1);
    bool fits = rank > 0 && width >= 1 && width * (double)dims[0] * 4 < 1e15;
    size_t n = fits ? (size_t)width : 1;
    t->rows = (size_t)dims[0];
    bool good = add(t, orr_h5_numbers(r->file, "particles/all/position/time", 1, times),
                    H5T_NATIVE_DOUBLE, 1);
    good = add(t, velocity, H5T_NATIVE_DOUBLE, n) && good;
    good = add(t, position, H5T_NATIVE_DOUBLE, n) && good;
    good = add(t, orr_h5_numbers(r->file, "particles/all/position/step", 1, steps),
               H5T_NATIVE_INT64, 1) &&
           good;
    good = good && fits && times[0] == dims[0] && steps[0] == dims[0];
    t->has_sums = good && add(t, orr_h5_numbers(r->file, "particles/all/checksum", 1, sums),
                              H5T_NATIVE_UINT64, 1);
    r->report->has_sums = t->has_sums;
    char group[100];
    for (size_t k = 0; k < ORR_ORBITALS && good; k++) {
        snprintf(group, sizeof group, "elements/%s", orr_orbital_at(k)->name);
        add_beside(r, t, group);
    }
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_moving_field_at(k)) && good; k++)
        add_beside(r, t, f->name);
    return good && (!t->has_sums || sums[0] == dims[0]);
}

bool orr_repair_frames(repair *r)
{
    orr_repair_report *p = r->report;
    table t = {0};
    frames f = {.r = r, .written = p->counted_frames};
    p->t_lost_first = p->t_lost_last = NAN;
    bool good = open_frames(r, &t) && allocate(r, &t) && mend(r, &t, frame_is_whole, &f, 0.5, 0.9);
    p->frames = t.kept;
    p->lost_frames = f.written > t.kept ? f.written - t.kept : 0;
    release(&t);
    return good;
}

/* ---- diagnostics ---- */

static bool row_is_whole(table *t, size_t k, size_t at, void *user)
{
    (void)at, (void)user;
    if (!t->readable[k] || !is_later(t, *numbers(t, 0, k)))
        return false;
    bool something = false;
    for (size_t c = 2; c < t->n && !something; c++)
        for (size_t i = 0; i < t->columns[c].width && !something; i++)
            something = numbers(t, c, k)[i] != 0;
    return something;
}

/* The k-th observable, if it is there (not every run has a shadow). */
static void add_observable(repair *r, table *t, size_t k)
{
    char path[80];
    hsize_t dims[4] = {0};
    snprintf(path, sizeof path, "observables/%s/value", orr_observables[k].name);
    for (int rank = 1; rank <= 3; rank++) {
        hid_t d = orr_h5_numbers(r->file, path, rank, dims);
        if (d < 0)
            continue;
        double width = rank < 2 ? 1 : (double)dims[1] * (rank < 3 ? 1 : (double)dims[2]);
        if (dims[0] == t->rows && width >= 1 && width < 1e9)
            (void)add(t, d, H5T_NATIVE_DOUBLE, (size_t)width);
        else
            H5Dclose(d);
        return;
    }
}

bool orr_repair_diagnostics(repair *r)
{
    hsize_t times[4] = {0}, steps[4] = {0};
    table t = {0};
    bool good = add(&t, orr_h5_numbers(r->file, "observables/kinetic_energy/time", 1, times),
                    H5T_NATIVE_DOUBLE, 1);
    good = add(&t, orr_h5_numbers(r->file, "observables/kinetic_energy/step", 1, steps),
               H5T_NATIVE_INT64, 1) &&
           good && times[0] == steps[0];
    t.rows = (size_t)times[0];
    for (size_t k = 0; k < ORR_OBSERVABLES && good; k++)
        add_observable(r, &t, k);
    good = good && allocate(r, &t) && mend(r, &t, row_is_whole, NULL, 0.9, 1);
    r->report->diagnostics = t.kept;
    release(&t);
    return good;
}

/* ---- events ---- */

/* All up to the first that is none: who looks for what happened wants no gaps. */
static size_t count_events(hid_t time, hid_t kind, size_t rows)
{
    enum { SOME = 4096 };
    double t[SOME];
    int type[SOME];
    for (size_t at = 0; at < rows; at += SOME) {
        size_t n = rows - at < SOME ? rows - at : SOME;
        if (!orr_h5_read_rows(time, H5T_NATIVE_DOUBLE, at, n, t) ||
            !orr_h5_read_rows(kind, H5T_NATIVE_INT, at, n, type))
            return at;
        for (size_t k = 0; k < n; k++)
            if (!isfinite(t[k]) || type[k] < 1 || type[k] > ORR_REMOVAL)
                return at + k;
    }
    return rows;
}

bool orr_repair_events(repair *r)
{
    hsize_t times[4] = {0}, kinds[4] = {0};
    hid_t time = orr_h5_numbers(r->file, "events/time", 1, times);
    hid_t kind = orr_h5_numbers(r->file, "events/type", 1, kinds);
    bool good = time >= 0 && kind >= 0 && times[0] == kinds[0];
    r->report->events = good ? count_events(time, kind, (size_t)times[0]) : 0;
    if (time >= 0)
        H5Dclose(time);
    if (kind >= 0)
        H5Dclose(kind);
    return good;
}
