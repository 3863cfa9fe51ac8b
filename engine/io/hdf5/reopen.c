/* reopen.c - the output file of a run that was stopped or killed, opened to go on in it.  The
 * file may have been changed since: every shape is checked before a row is written. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "part.h"
#include "writer.h"

orr_writer_place orr_writer_tell(const orr_writer *w)
{
    return (orr_writer_place){.segment = w->segment,
                              .frames = w->frames,
                              .diagnostics = w->diagnostics,
                              .events = w->events,
                              .left_frames = w->left_frames,
                              .left_diagnostics = w->left_diagnostics};
}

hid_t orr_writer_open_rows(const orr_writer *w, size_t rows, int n_tail, const hsize_t *tail,
                           const char *group, const char *name)
{
    char path[200];
    hsize_t dims[4] = {0};
    snprintf(path, sizeof path, "%s/%s", group, name);
    hid_t d = H5Dopen2(w->file, path, H5P_DEFAULT);
    if (d < 0)
        return d;
    hid_t space = H5Dget_space(d), type = H5Dget_type(d);
    bool fits = orr_h5_is_number(type) && H5Sget_simple_extent_ndims(space) == 1 + n_tail &&
                H5Sget_simple_extent_dims(space, dims, NULL) >= 0 && dims[0] >= rows &&
                (n_tail == 0 || memcmp(dims + 1, tail, (size_t)n_tail * sizeof *tail) == 0);
    H5Tclose(type);
    H5Sclose(space);
    if (fits)
        return d;
    H5Dclose(d);
    return -1;
}

static size_t rows_of(hid_t dataset)
{
    hsize_t dims[4] = {0};
    hid_t space = dataset >= 0 ? H5Dget_space(dataset) : -1;
    if (space >= 0)
        H5Sget_simple_extent_dims(space, dims, NULL);
    if (space >= 0)
        H5Sclose(space);
    return (size_t)dims[0];
}

static bool open_frames(orr_writer *w)
{
    const char *position = "particles/all/position", *velocity = "particles/all/velocity";
    const hsize_t plain[2] = {w->n, 3}, each[3] = {w->members, w->n, 3};
    const hsize_t *tail = w->members ? each : plain;
    int n_tail = w->members ? 3 : 2;
    w->position = orr_writer_open_rows(w, w->frames, n_tail, tail, position, "value");
    w->room_frames = rows_of(w->position);
    w->velocity = orr_writer_open_rows(w, w->room_frames, n_tail, tail, velocity, "value");
    w->time = orr_writer_open_rows(w, w->room_frames, 0, NULL, position, "time");
    w->step = orr_writer_open_rows(w, w->room_frames, 0, NULL, position, "step");
    w->sums = orr_writer_open_rows(w, w->room_frames, 0, NULL, "particles/all", "checksum");
    return w->position >= 0 && w->velocity >= 0 && w->time >= 0 && w->step >= 0 && w->sums >= 0;
}

static bool open_observables(orr_writer *w)
{
    char group[100];
    const hsize_t plain[1] = {3}, each[2] = {w->members, 3};
    bool good = true;
    for (size_t k = 0; k < ORR_OBSERVABLES && good; k++) {
        if (!orr_observable_is_there(k, w->def.provenance.shadow))
            continue;
        snprintf(group, sizeof group, "observables/%s", orr_observables[k].name);
        if (k == 0) {
            w->observed_time = orr_writer_open_rows(w, w->diagnostics, 0, NULL, group, "time");
            w->room_diagnostics = rows_of(w->observed_time);
            w->observed_step = orr_writer_open_rows(w, w->room_diagnostics, 0, NULL, group, "step");
            good = w->observed_time >= 0 && w->observed_step >= 0;
        }
        int n_tail = (w->members > 0) + (orr_observables[k].components > 1);
        w->observed[k] = orr_writer_open_rows(w, w->room_diagnostics, n_tail,
                                              w->members ? each : plain, group, "value");
        good = good && w->observed[k] >= 0;
    }
    return good;
}

static bool open_events(orr_writer *w)
{
    const orr_table t = orr_writer_events(w); /* files before 1.3 have fewer columns */
    w->room_events = orr_table_open(&t, w->file, "events");
    return w->room_events > 0 && w->room_events >= w->events &&
           w->event[ORR_EVENT_COLUMN_type] >= 0 && w->event[ORR_EVENT_COLUMN_a] >= 0 &&
           w->event[ORR_EVENT_COLUMN_b] >= 0;
}

static hid_t open_scalar(const orr_writer *w, const char *path)
{
    hid_t d = H5Dopen2(w->file, path, H5P_DEFAULT);
    hid_t space = d >= 0 ? H5Dget_space(d) : -1;
    bool fits = space >= 0 && H5Sget_simple_extent_npoints(space) == 1;
    if (space >= 0)
        H5Sclose(space);
    if (d >= 0 && !fits) {
        H5Dclose(d);
        return -1;
    }
    return d;
}

static bool open_status(orr_writer *w)
{
    w->n_frames = open_scalar(w, "status/n_frames");
    w->n_diagnostics = open_scalar(w, "status/n_diagnostics");
    w->n_events = open_scalar(w, "status/n_events");
    w->state = open_scalar(w, "status/state");
    w->wall = open_scalar(w, "status/wall_seconds");
    return w->n_frames >= 0 && w->n_diagnostics >= 0 && w->n_events >= 0 && w->state >= 0 &&
           w->wall >= 0;
}

static bool open_outcomes(orr_writer *w)
{
    if (w->members == 0)
        return true;
    w->outcomes = orr_writer_open_rows(w, w->members, 0, NULL, "ensemble", "outcome");
    w->endings = orr_writer_open_rows(w, w->members, 0, NULL, "ensemble", "failed_at");
    return rows_of(w->outcomes) == w->members && rows_of(w->endings) == w->members &&
           orr_h5_read_rows(w->outcomes, H5T_NATIVE_INT, 0, w->members, w->outcome) &&
           orr_h5_read_rows(w->endings, H5T_NATIVE_DOUBLE, 0, w->members, w->ended);
}

/* The file holds the text of the scenario that the run has. */
static bool has_scenario(const orr_writer *w)
{
    size_t n = w->def.yaml_size;
    if (!w->def.yaml)
        return H5Lexists(w->file, "scenario/yaml", H5P_DEFAULT) == 0;
    hid_t d = H5Dopen2(w->file, "scenario/yaml", H5P_DEFAULT), type = d < 0 ? -1 : H5Dget_type(d);
    hid_t space = d < 0 ? -1 : H5Dget_space(d);
    bool same = type >= 0 && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 &&
                H5Tget_size(type) == n && H5Sget_simple_extent_npoints(space) == 1;
    char *text = same ? malloc(n) : NULL;
    same = text && H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) >= 0 &&
           memcmp(text, w->def.yaml, n) == 0;
    free(text);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    if (d >= 0)
        H5Dclose(d);
    return same;
}

/* What an earlier run of the same scenario has written already. */
static void read_counts(orr_writer *w)
{
    const hid_t counters[3] = {w->n_frames, w->n_diagnostics, w->n_events};
    const size_t rooms[3] = {w->room_frames, w->room_diagnostics, w->room_events};
    for (int k = 0; k < 3; k++)
        if (H5Dread(counters[k], H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &w->had[k]) <
                0 ||
            w->had[k] > rooms[k])
            w->had[k] = 0;
}

/* What w->path names, to write in it; its rooms are found out. */
static orr_status open_segment(orr_writer *w)
{
    hid_t access_ = orr_h5_access();
    w->file = H5Fopen(w->path, H5F_ACC_RDWR, access_);
    H5Pclose(access_);
    if (w->file < 0)
        return orr_writer_fail(w, ORR_E_FILE, "'%s' cannot be opened to go on in it", w->path);
    errno = 0;
    if (!has_scenario(w))
        return errno == ENOMEM
                   ? orr_writer_write_failed(w)
                   : orr_writer_fail(w, ORR_E_FORMAT, "'%s' is the file of another run", w->path);
    errno = 0;
    if (!open_frames(w) || !open_observables(w) || !open_events(w) || !open_status(w) ||
        !open_outcomes(w) || !orr_writer_fields_open(w) || !orr_elements_open(w))
        return errno == ENOMEM
                   ? orr_writer_write_failed(w)
                   : orr_writer_fail(w, ORR_E_FORMAT, "'%s' is not the file of that run", w->path);
    return ORR_OK;
}

bool orr_writer_made(const orr_writer *w, const char *path)
{
    orr_part *r;
    orr_diagnosis ignored;
    if (orr_part_open(path, &r, &ignored) != ORR_OK)
        return false;
    char *yaml = orr_part_scenario(r, false);
    const orr_file_info *i = orr_part_info(r);
    bool same =
        (w->def.yaml ? yaml && strcmp(yaml, w->def.yaml) == 0
                     : !orr_part_has(r, "scenario/yaml") && strcmp(i->title, w->def.title) == 0) &&
        i->n_bodies == w->n && i->n_members == w->members;
    free(yaml);
    orr_part_close(r);
    return same;
}

/* Outcomes as they were at a place: a member that failed after it may fail again. */
static bool forget_outcomes(orr_writer *w, const orr_status *status)
{
    for (size_t k = 0; k < w->members; k++)
        if (status[k] == ORR_OK)
            w->outcome[k] = ORR_OK, w->ended[k] = NAN;
    return w->members == 0 || (orr_h5_write(w->outcomes, H5T_NATIVE_INT, w->outcome) &&
                               orr_h5_write(w->endings, H5T_NATIVE_DOUBLE, w->ended));
}

orr_status orr_writer_resume(const char *path, const orr_writer_def *def, const orr_bodies *bodies,
                             const orr_status *outcomes, const orr_writer_place *place,
                             orr_writer **out, orr_diagnosis *why)
{
    *out = NULL;
    orr_writer *w;
    ORR_TRY(orr_writer_new(path, def, bodies, &w, why));
    w->again = true;
    w->segment = place->segment;
    w->frames = place->frames;
    w->diagnostics = place->diagnostics;
    w->events = place->events;
    w->left_frames = place->left_frames;
    w->left_diagnostics = place->left_diagnostics;
    orr_h5_silence silence = orr_h5_begin();
    orr_h5_opening(path);
    orr_status status = orr_writer_claim(w);
    if (status == ORR_OK)
        status = open_segment(w);
    orr_h5_opening(NULL);
    if (status == ORR_OK && place->frames == 0)
        read_counts(w);
    if (status == ORR_OK && !(forget_outcomes(w, outcomes) && orr_writer_set_state(w, "running")))
        status = orr_writer_write_failed(w);
    if (status != ORR_OK) {
        (void)orr_writer_close_datasets(w);
        if (w->file > 0)
            H5Fclose(w->file);
    }
    orr_h5_end(silence);
    if (status != ORR_OK) {
        snprintf(why->file, sizeof why->file, "%.500s", path);
        snprintf(why->text, sizeof why->text, "%s", w->message);
        orr_writer_release(w);
        return status;
    }
    *out = w;
    return ORR_OK;
}
