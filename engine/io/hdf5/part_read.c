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
        bool good = mass && orr_part_array(r, "mass", H5T_NATIVE_DOUBLE, n, mass);
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
    if (colors && !orr_part_array(r, "color", H5T_NATIVE_UINT32, r->info.n_bodies, colors)) {
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
    size_t n = r->info.n_bodies;
    bool good = orr_part_array(r, "gm", H5T_NATIVE_DOUBLE, n, r->bodies.gm) &&
                orr_part_array(r, "radius", H5T_NATIVE_DOUBLE, n, r->bodies.radius);
    orr_status status = orr_part_summarise(r, why);
    orr_h5_end(silence);
    if (status != ORR_OK)
        return status;
    return good ? ORR_OK
                : orr_part_fail(r, why, ORR_E_FORMAT, "damaged: no masses of member %zu", k);
}

/* Masses and radii at a snapshot, and what is known of bodies that are no more. */
static void set_masses(const orr_part *r, double t, orr_bodies *into)
{
    const orr_file_info *i = &r->info;
    size_t n = r->bodies.n;
    double direction = i->n_frames < 2 ? 0 : i->t_last < i->t_first ? -1 : 1;
    memcpy(into->gm, r->bodies.gm, n * sizeof *into->gm);
    memcpy(into->radius, r->bodies.radius, n * sizeof *into->radius);
    for (size_t k = 0; k < r->n_changes; k++) {
        const orr_change *c = &r->changes[k];
        bool in_force = c->time == t || (direction != 0 && direction * c->time < direction * t);
        if (in_force && c->member == (int64_t)r->member && c->body >= 0 && (size_t)c->body < n) {
            into->gm[c->body] = c->gm;
            into->radius[c->body] = c->radius;
        }
    }
    for (size_t k = 0; k < n; k++)
        if (isnan(into->pos[k]))
            into->gm[k] = into->radius[k] = 0;
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
    *t = orr_part_time(r, k);
    orr_h5_end(silence);
    if (!good)
        return orr_part_fail(r, why, ORR_E_FORMAT, "damaged: snapshot %zu cannot be read", k);
    set_masses(r, *t, into);
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
