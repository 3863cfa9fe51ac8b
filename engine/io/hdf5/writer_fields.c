/* writer_fields.c - what bodies have beside position and velocity, in the file that is written:
 *
 *     particles/all/gm, radius, NAME    of the fields that last, as the file begins
 *     particles/all/changes             what became of them; see changes.h
 *     particles/all/NAME/value          of further fields that move: one row a snapshot, as in H5MD
 *
 * NAME: a line of orrery/body_fields.def, there where some body has a value other than zero. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

/* ---- memory ---- */

orr_status orr_writer_fields_prepare(orr_writer *w, const orr_bodies *bodies)
{
    const orr_body_field *f;
    w->log = orr_changes_none();
    for (size_t k = 0; (f = orr_lasting_field_at(k)); k++) {
        /* most have no spin, and zeros that nobody wrote take no memory */
        double *to = w->kept[k] = calloc(w->copies * w->n * f->components, sizeof *to);
        if (!to)
            return ORR_E_NO_MEMORY;
        for (size_t m = 0; m < w->copies; m++)
            for (size_t i = 0; i < w->n; i++)
                for (size_t c = 0; c < f->components; c++, to++) {
                    double value = orr_field_value(&bodies[m], f, i, c);
                    if (value != 0)
                        *to = value;
                }
    }
    for (size_t k = 0; (f = orr_moving_field_at(k)); k++)
        for (size_t m = 0; m < w->copies; m++)
            w->moves[k] = w->moves[k] || orr_field_is_set(&bodies[m], f);
    w->gm = w->kept[ORR_LASTING_GM];
    w->radius = w->kept[ORR_LASTING_RADIUS];
    return ORR_OK;
}

void orr_writer_fields_release(orr_writer *w)
{
    for (size_t k = 0; k < ORR_MOST_FIELDS; k++)
        free(w->kept[k]);
}

static bool is_kept(const orr_writer *w, size_t k)
{
    size_t n = w->copies * w->n * orr_lasting_field_at(k)->components;
    for (size_t i = 0; i < n; i++)
        if (w->kept[k][i] != 0)
            return true;
    return false;
}

/* Columns that all files have. */
static bool is_required(size_t k)
{
    return k <= ORR_LASTING_RADIUS;
}

double orr_writer_fields_bytes(const orr_writer *w)
{
    double bytes = 0;
    const orr_body_field *f;
    for (size_t k = ORR_LASTING_RADIUS + 1; (f = orr_lasting_field_at(k)); k++)
        bytes += is_kept(w, k) ? 8 * (double)(f->components * w->copies * w->n) : 0;
    return bytes;
}

double orr_writer_fields_row(const orr_writer *w)
{
    double bytes = 0;
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_moving_field_at(k)); k++)
        bytes += w->moves[k] ? 8 * (double)(f->components * w->copies * w->n) : 0;
    return bytes;
}

/* ---- a new file ---- */

/* [member][body][component], without the axes that are not there; gives their number. */
static int shape(const orr_writer *w, const orr_body_field *f, hsize_t dims[3])
{
    int rank = 0;
    if (w->members)
        dims[rank++] = w->members;
    dims[rank++] = w->n;
    if (f->components > 1)
        dims[rank++] = f->components;
    return rank;
}

static bool create_constant(orr_writer *w, hid_t all, size_t k)
{
    const orr_body_field *f = orr_lasting_field_at(k);
    hsize_t dims[3];
    char doc[200];
    snprintf(doc, sizeof doc, "%.150s; as this file begins, later: changes", f->doc);
    hid_t d = orr_h5_dataset(all, f->name, H5T_NATIVE_DOUBLE, shape(w, f, dims), dims);
    bool good = d >= 0 && orr_h5_write(d, H5T_NATIVE_DOUBLE, w->kept[k]) &&
                orr_h5_describe(d, &w->def.units, f->dim, doc);
    return orr_h5_close(d) && good;
}

bool orr_writer_fields_create(orr_writer *w, hid_t all)
{
    bool left_out[ORR_MOST_FIELDS] = {false}, good = true;
    for (size_t k = 0; orr_lasting_field_at(k) && good; k++) {
        bool kept = is_required(k) || is_kept(w, k);
        left_out[k] = !kept && !w->def.bodies_merge;
        good = !kept || create_constant(w, all, k);
    }
    return good && orr_changes_create(&w->log, all, &w->def.units, w->room_changes, left_out);
}

bool orr_writer_moving_create(orr_writer *w, hid_t all)
{
    bool good = true;
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_moving_field_at(k)) && good; k++) {
        if (!w->moves[k])
            continue;
        hsize_t dims[4] = {w->room_frames};
        int rank = 1 + shape(w, f, dims + 1);
        hid_t g = orr_h5_group(all, f->name);
        w->moving[k] = orr_h5_dataset(g, "value", H5T_IEEE_F64LE, rank, dims);
        good = w->moving[k] >= 0 && orr_h5_describe(w->moving[k], &w->def.units, f->dim, f->doc) &&
               H5Lcreate_hard(all, "position/time", g, "time", H5P_DEFAULT, H5P_DEFAULT) >= 0 &&
               H5Lcreate_hard(all, "position/step", g, "step", H5P_DEFAULT, H5P_DEFAULT) >= 0;
        H5Gclose(g);
    }
    return good;
}

bool orr_writer_fields_close(orr_writer *w)
{
    bool good = orr_changes_close(&w->log);
    for (size_t k = 0; k < ORR_MOST_FIELDS; k++) {
        good = orr_h5_close(w->moving[k]) && good;
        w->moving[k] = 0;
    }
    return good;
}

/* ---- an old one ---- */

/* What the file has of the field as it begins; zeros where it has it not. */
static bool read_constant(orr_writer *w, size_t k)
{
    const orr_body_field *f = orr_lasting_field_at(k);
    hsize_t want[3], dims[4] = {0};
    char path[100];
    int rank = shape(w, f, want);
    snprintf(path, sizeof path, "particles/all/%s", f->name);
    if (!is_required(k) && H5Lexists(w->file, path, H5P_DEFAULT) <= 0) {
        memset(w->kept[k], 0, w->copies * w->n * f->components * sizeof(double));
        return true;
    }
    hid_t d = orr_h5_numbers(w->file, path, rank, dims);
    bool good = d >= 0 && memcmp(dims, want, (size_t)rank * sizeof *dims) == 0 &&
                orr_h5_read_rows(d, H5T_NATIVE_DOUBLE, 0, dims[0], w->kept[k]);
    (void)orr_h5_close(d);
    return good;
}

static void take_change(orr_writer *w, const orr_change *c)
{
    orr_body now = c->now;
    size_t place = (size_t)c->member * w->n + (size_t)c->body;
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_lasting_field_at(k)); k++)
        for (size_t x = 0; x < f->components && orr_changes_has(&w->log, k); x++)
            w->kept[k][place * f->components + x] = orr_body_values(&now, f)[x];
}

/* The log up to the snapshots that stay: all is kept as it is then. */
static bool open_log(orr_writer *w)
{
    double last = NAN, first = NAN, damaged; /* what is behind may not have reached the disk */
    size_t count = 0, n = 0;
    orr_change *all = NULL;
    w->room_changes = orr_changes_open(&w->log, w->file);
    bool good =
        w->room_changes > 0 && orr_changes_read(w->file, &all, &n, &damaged, NULL) == ORR_OK;
    if (good && w->frames > 0)
        good = orr_h5_read_rows(w->time, H5T_NATIVE_DOUBLE, 0, 1, &first) &&
               orr_h5_read_rows(w->time, H5T_NATIVE_DOUBLE, w->frames - 1, 1, &last);
    for (; good && count < n && fabs(all[count].time - first) <= fabs(last - first); count++) {
        const orr_change *c = &all[count];
        good = c->member >= 0 && (size_t)c->member < w->copies && c->body >= 0 &&
               (size_t)c->body < w->n;
        if (good)
            take_change(w, c);
    }
    w->changes = count;
    free(all);
    return good && (count == n || orr_changes_clear(&w->log, count, n));
}

bool orr_writer_fields_open(orr_writer *w)
{
    bool good = true;
    const orr_body_field *f;
    for (size_t k = 0; orr_lasting_field_at(k) && good; k++)
        good = read_constant(w, k);
    for (size_t k = 0; (f = orr_moving_field_at(k)) && good; k++) {
        hsize_t dims[3];
        char group[100];
        snprintf(group, sizeof group, "particles/all/%s", f->name);
        w->moves[k] = H5Lexists(w->file, group, H5P_DEFAULT) > 0;
        if (w->moves[k])
            w->moving[k] =
                orr_writer_open_rows(w, w->room_frames, shape(w, f, dims), dims, group, "value");
        good = w->moving[k] >= 0;
    }
    return good && open_log(w);
}

/* ---- rows ---- */

/* What changed since it was written last: *count bodies; *lacking: some in a field that the file
 * has no column for.  rows: each goes into the log; take: the new values count as written. */
static orr_status compare(orr_writer *w, double t, const orr_snapshot *members, bool rows,
                          bool take, size_t *count, bool *lacking)
{
    const orr_body_field *f;
    *count = 0;
    for (size_t m = 0; m < w->copies; m++) {
        const orr_bodies *b = members[m].bodies;
        if (!b)
            continue; /* it failed: nothing is known of it any more */
        orr_writer_find_all(w, b);
        for (size_t i = 0; i < w->n; i++) {
            size_t at = w->where[i], place = m * w->n + i;
            bool gone = at == SIZE_MAX, differs = false;
            orr_change row = {.time = t, .member = (int64_t)m, .body = (int64_t)i};
            if (gone && w->gm[place] == 0)
                continue; /* that of its position says it */
            for (size_t k = 0; (f = orr_lasting_field_at(k)); k++)
                for (size_t c = 0; c < f->components; c++) {
                    double *kept = &w->kept[k][place * f->components + c];
                    double now = gone ? 0 : orr_field_value(b, f, at, c);
                    orr_body_values(&row.now, f)[c] = now;
                    *lacking = *lacking || (now != *kept && !orr_changes_has(&w->log, k));
                    differs = differs || now != *kept;
                    if (take)
                        *kept = now;
                }
            *count += differs;
            row.mass = row.now.gm / w->def.units.G;
            if (differs && rows && !orr_changes_write(&w->log, w->changes++, &row))
                return orr_writer_write_failed(w);
        }
    }
    return ORR_OK;
}

/* Are these all of them, in their order, each as it was written last?  Almost always: then nothing
 * is to be looked for, body by body. */
static bool are_as_written(const orr_writer *w, size_t member, const orr_bodies *b)
{
    const orr_body_field *f;
    if (b->n != w->n || memcmp(b->id, w->ids, w->n * sizeof *w->ids) != 0)
        return false;
    for (size_t k = 0; (f = orr_lasting_field_at(k)); k++) {
        const double *kept = w->kept[k] + member * w->n * f->components;
        const double *now = orr_bodies_array(b, f);
        bool differ = false;
        for (size_t c = 0; c < f->components; c++)
            for (size_t i = 0; i < w->n; i++)
                differ |= kept[i * f->components + c] != now[c * b->stride + i];
        if (differ)
            return false;
    }
    return true;
}

orr_status orr_writer_note_changes(orr_writer *w, double t, const orr_snapshot *members, bool *full)
{
    size_t count = 0;
    bool lacking = false, all = true;
    const orr_body_field *f;
    for (size_t m = 0; m < w->copies && all; m++)
        all = !members[m].bodies || are_as_written(w, m, members[m].bodies);
    if (!all)
        ORR_TRY(compare(w, t, members, false, false, &count, &lacking));
    for (size_t k = 0; (f = orr_moving_field_at(k)); k++)
        for (size_t m = 0; m < w->copies && !w->moves[k]; m++)
            if (members[m].bodies && orr_field_is_set(members[m].bodies, f))
                lacking = w->moves[k] = true;
    *full = *full || lacking || count > w->room_changes - w->changes;
    return count > 0 ? compare(w, t, members, !*full, true, &count, &lacking) : ORR_OK;
}

orr_status orr_writer_append_moving(orr_writer *w, const orr_snapshot *members)
{
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_moving_field_at(k)); k++) {
        double *to = w->buffer;
        if (w->moving[k] <= 0)
            continue;
        for (size_t m = 0; m < w->copies; m++) {
            const orr_bodies *b = members[m].bodies;
            orr_writer_find_all(w, b);
            for (size_t i = 0; i < w->n; i++)
                for (size_t c = 0; c < f->components; c++)
                    *to++ = w->where[i] < SIZE_MAX ? orr_field_value(b, f, w->where[i], c) : NAN;
        }
        if (!orr_h5_write_rows(w->moving[k], H5T_NATIVE_DOUBLE, w->frames, 1, w->buffer))
            return orr_writer_write_failed(w);
    }
    return ORR_OK;
}
