/* part_read.c - what an open output file tells. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "part_internal.h"
#include "io/quoting.h"

double orr_part_G(orr_part *r)
{
    double G = NAN;
    orr_h5_silence silence = orr_h5_begin();
    size_t n = r->info.n_bodies;
    if (!orr_h5_read_attribute_double(r->file, "G", &G)) { /* before 1.2: gm / mass */
        double *mass = malloc(n * sizeof *mass);
        bool good = mass && orr_part_array(r, "mass", H5T_NATIVE_DOUBLE, n, 1, mass);
        for (size_t k = 0; good && k < n && isnan(G); k++)
            G = mass[k] > 0 ? r->bodies.gm[k] / mass[k] : G;
        free(mass);
    }
    orr_h5_end(silence);
    return G;
}

uint32_t *orr_part_colors(orr_part *r)
{
    uint32_t *colors = calloc(r->info.n_bodies + 1, sizeof *colors);
    orr_h5_silence silence = orr_h5_begin();
    if (colors && !orr_part_array(r, "color", H5T_NATIVE_UINT32, r->info.n_bodies, 1, colors)) {
        free(colors);
        colors = NULL;
    }
    orr_h5_end(silence);
    return colors;
}

orr_status orr_part_times(orr_part *r, double *values, orr_diagnosis *why)
{
    hsize_t dims[4];
    orr_h5_silence silence = orr_h5_begin();
    hid_t d = orr_h5_numbers(r->file, "particles/all/position/time", 1, dims);
    bool good = d >= 0 && orr_h5_read_rows(d, H5T_NATIVE_DOUBLE, 0, r->info.n_frames, values);
    if (d >= 0)
        H5Dclose(d);
    orr_h5_end(silence);
    return good ? ORR_OK : orr_part_fail(r, why, ORR_E_FORMAT, "damaged: times cannot be read");
}

bool orr_part_parameter(orr_part *r, size_t j, char *set, size_t size)
{
    char name[200] = "", unit[64] = "", digits[32];
    double value = NAN;
    orr_h5_silence silence = orr_h5_begin();
    hsize_t dims[4] = {0};
    hid_t group = H5Gopen2(r->file, "ensemble/parameters", H5P_DEFAULT), d = -1;
    if (group >= 0 && H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, j, name,
                                         sizeof name, H5P_DEFAULT) > 0)
        d = orr_h5_numbers(group, name, 1, dims);
    bool good = d >= 0 && orr_h5_read_rows(d, H5T_NATIVE_DOUBLE, r->member, 1, &value);
    if (good)
        orr_h5_read_attribute_text(d, "units", unit, sizeof unit);
    if (d >= 0)
        H5Dclose(d);
    if (group >= 0)
        H5Gclose(group);
    orr_h5_end(silence);
    if (good)
        snprintf(set, size, "%s=%s%s%s", name, orr_shortest(value, digits), *unit ? " " : "", unit);
    return good;
}

orr_status orr_part_select(orr_part *r, size_t k, orr_diagnosis *why)
{
    size_t members = r->info.n_members, copies = members ? members : 1;
    if (k >= copies)
        return members
                   ? orr_part_fail(r, why, ORR_E_ARGUMENT,
                                   "there are %zu members, numbered from 0; not %zu", members, k)
                   : orr_part_fail(r, why, ORR_E_ARGUMENT,
                                   "this is not an ensemble: it has no members");
    r->member = k;
    orr_h5_silence silence = orr_h5_begin();
    orr_status fields = orr_part_fields(r), status = orr_part_summarise(r, why);
    orr_h5_end(silence);
    if (status != ORR_OK || fields == ORR_OK)
        return status;
    return orr_part_fail(r, why, fields,
                         fields == ORR_E_NO_MEMORY ? "out of memory for the masses of member %zu"
                                                   : "damaged: no masses of member %zu",
                         k);
}

static void take_change(const orr_part *r, const orr_change *change, orr_bodies *into)
{
    orr_body now = change->now;
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_lasting_field_at(k)); k++)
        for (size_t c = 0; c < f->components && r->logged[k]; c++)
            ((double *)orr_bodies_array(into, f))[c * into->stride + (size_t)change->body] =
                orr_body_values(&now, f)[c];
}

/* Masses, radii and other fields that last, at a snapshot, and what is known of those who are no
 * more. */
static void set_fields(const orr_part *r, double t, orr_bodies *into)
{
    const orr_file_info *i = &r->info;
    const orr_body_field *f;
    size_t n = r->bodies.n;
    double direction = i->n_frames < 2 ? 0 : i->t_last < i->t_first ? -1 : 1;
    orr_copy_lasting_fields(into, &r->bodies);
    for (size_t k = 0; k < r->n_changes; k++) {
        const orr_change *c = &r->changes[k];
        bool in_force = c->time == t || (direction != 0 && direction * c->time < direction * t);
        if (in_force && c->member == (int64_t)r->member && c->body >= 0 && (size_t)c->body < n)
            take_change(r, c, into);
    }
    for (size_t k = 0; (f = orr_lasting_field_at(k)); k++)
        for (size_t c = 0; c < f->components; c++)
            for (size_t b = 0; b < n; b++)
                if (isnan(into->pos[b]))
                    ((double *)orr_bodies_array(into, f))[c * into->stride + b] = 0;
}

/* Row k of a further field that moves; zeros where the file has it not. */
static bool read_moving(orr_part *r, const orr_body_field *f, size_t k, orr_bodies *into)
{
    char path[100];
    hsize_t dims[4] = {0};
    double *to = orr_bodies_array(into, f);
    size_t members = r->info.n_members ? r->info.n_members : 1, width = f->components;
    int rank = 2 + (r->info.n_members > 0) + (width > 1), at = 1;
    snprintf(path, sizeof path, "particles/all/%s/value", f->name);
    hid_t d = orr_h5_numbers(r->file, path, rank, dims);
    bool good = d >= 0 && dims[0] == r->info.room_frames;
    if (r->info.n_members)
        good = good && dims[at++] == members;
    good = good && dims[at] == into->n && (width == 1 || dims[at + 1] == width) &&
           orr_h5_read_rows(d, H5T_NATIVE_DOUBLE, k, 1, r->buffer);
    const double *shown = r->buffer + width * r->member * into->n;
    for (size_t i = 0; i < into->n; i++)
        for (size_t c = 0; c < width; c++)
            to[c * into->stride + i] = good ? shown[width * i + c] : 0;
    if (d >= 0)
        H5Dclose(d);
    return good || d < 0;
}

orr_status orr_part_read(orr_part *r, size_t k, orr_bodies *into, double *t, orr_diagnosis *why)
{
    if (k >= r->info.n_frames)
        return orr_part_fail(r, why, ORR_E_ARGUMENT,
                             "there are %zu snapshots, numbered from 0; not %zu", r->info.n_frames,
                             k);
    orr_h5_silence silence = orr_h5_begin();
    double *parts[2] = {into->pos, into->vel};
    hid_t from[2] = {r->position, r->velocity};
    const double *shown = r->buffer + 3 * r->member * into->n;
    bool good = true;
    for (int p = 0; p < 2 && good; p++) {
        good = orr_h5_read_rows(from[p], H5T_NATIVE_DOUBLE, k, 1, r->buffer);
        for (size_t i = 0; good && i < into->n; i++)
            for (size_t c = 0; c < 3; c++)
                parts[p][c * into->stride + i] = shown[3 * i + c];
    }
    const orr_body_field *f;
    for (size_t m = 0; (f = orr_moving_field_at(m)) && good; m++)
        good = read_moving(r, f, k, into);
    *t = orr_part_time(r, k);
    orr_h5_end(silence);
    if (!good)
        return orr_part_fail(r, why, ORR_E_FORMAT, "damaged: snapshot %zu cannot be read", k);
    set_fields(r, *t, into);
    return ORR_OK;
}

orr_status orr_part_column(orr_part *r, const char *name, int component, double *values,
                           orr_diagnosis *why)
{
    char path[160];
    bool clock = strcmp(name, "time") == 0;
    snprintf(path, sizeof path, "observables/%.60s/%s", clock ? "energy_error" : name,
             clock ? "time" : "value");
    orr_h5_silence silence = orr_h5_begin();
    hsize_t dims[4] = {0};
    int axis = r->info.n_members && !clock; /* of the members */
    hid_t d = orr_h5_numbers(r->file, path, 1 + axis, dims);
    bool vector = d < 0;
    if (vector)
        d = orr_h5_numbers(r->file, path, 2 + axis, dims);
    size_t n = r->info.n_diagnostics, width = vector ? 3 : 1, copies = 1;
    bool good = d >= 0 && dims[0] >= n && (!vector || (dims[1 + axis] == 3 && component < 3)) &&
                (!axis || dims[1] == r->info.n_members);
    if (good && axis)
        copies = r->info.n_members;
    double *rows = good ? malloc((width * copies * n + 1) * sizeof *rows) : NULL;
    good = rows && orr_h5_read_rows(d, H5T_NATIVE_DOUBLE, 0, n, rows);
    for (size_t k = 0; k < n && good; k++)
        values[k] =
            rows[(k * copies + (axis ? r->member : 0)) * width + (size_t)(vector ? component : 0)];
    free(rows);
    if (d >= 0)
        H5Dclose(d);
    orr_h5_end(silence);
    return good ? ORR_OK : orr_part_fail(r, why, ORR_E_FORMAT, "there is no column '%.60s'", name);
}

/* A block of events with row k; what files of earlier versions do not tell is not a number. */
static bool read_events(orr_part *r, size_t k)
{
    enum { BLOCK = 256 };
    const orr_table t = {
        .columns = orr_event_columns, .n = ORR_EVENT_COLUMNS, .set = r->event, .G = orr_part_G(r)};
    if (!r->events) {
        r->events = malloc(BLOCK * sizeof *r->events);
        r->room_events = r->events ? orr_table_open(&t, r->file, "events") : 0;
    }
    size_t first = k / BLOCK * BLOCK;
    size_t n = r->info.n_events - first < BLOCK ? r->info.n_events - first : BLOCK;
    r->first_event = first;
    r->n_read_events = 0;
    if (first + n > r->room_events || r->event[ORR_EVENT_COLUMN_type] < 0 ||
        r->event[ORR_EVENT_COLUMN_a] < 0 || r->event[ORR_EVENT_COLUMN_b] < 0)
        return false;
    memset(r->events, 0, n * sizeof *r->events);
    for (size_t c = 0; c < ORR_EVENT_COLUMNS; c++)
        for (size_t i = 0; i < n && r->event[c] < 0; i++)
            orr_column_unknown(&orr_event_columns[c], &r->events[i]);
    if (!orr_table_read(&t, first, n, r->events, sizeof *r->events))
        return false;
    r->n_read_events = n;
    return true;
}

orr_status orr_part_event(orr_part *r, size_t k, orr_event *out, uint64_t *member,
                          orr_diagnosis *why)
{
    *out = (orr_event){0};
    *member = 0;
    bool good = k < r->info.n_events;
    if (good && !(k >= r->first_event && k - r->first_event < r->n_read_events)) {
        orr_h5_silence silence = orr_h5_begin();
        good = read_events(r, k);
        orr_h5_end(silence);
    }
    if (!good)
        return orr_part_fail(r, why, ORR_E_FORMAT, "damaged: event %zu cannot be read", k);
    *out = r->events[k - r->first_event].event;
    *member = r->events[k - r->first_event].member;
    return ORR_OK;
}

void orr_part_unit(orr_part *r, const char *dataset, char *unit, size_t size)
{
    orr_h5_silence silence = orr_h5_begin();
    orr_part_attribute(r->file, dataset, "units", unit, size);
    orr_h5_end(silence);
}

bool orr_part_has(orr_part *r, const char *dataset)
{
    orr_h5_silence silence = orr_h5_begin();
    hid_t d = H5Dopen2(r->file, dataset, H5P_DEFAULT);
    (void)orr_h5_close(d);
    orr_h5_end(silence);
    return d >= 0;
}

static char *text_of(orr_part *r, const char *path)
{
    size_t size;
    orr_h5_silence silence = orr_h5_begin();
    char *text = orr_part_texts(r->file, path, 1, &size);
    orr_h5_end(silence);
    return text;
}

char *orr_part_scenario(orr_part *r, bool resolved)
{
    return text_of(r, resolved ? "scenario/resolved" : "scenario/yaml");
}

char *orr_part_origin(orr_part *r)
{
    return text_of(r, "scenario/origin");
}
