/* structure.c - what an output file holds: groups, datasets with room for all rows, what is
 * written once.  The layout is in the README; who makes and names the file is create.c. */
#include <orrery/isa.h>
#include <orrery/version.h>

#include <inttypes.h>
#include <math.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

static bool write_root(orr_writer *w)
{
    const orr_writer_def *d = &w->def;
    hid_t f = w->file;
    bool good = orr_h5_attribute_text(f, "format", "orrery") &&
                orr_h5_attribute_text(f, "format_version", "1.3") &&
                orr_h5_attribute_text(f, "conventions", "H5MD-1.1") &&
                orr_h5_attribute_text(f, "title", d->title) &&
                orr_h5_attribute_text(f, "frame", d->frame) &&
                orr_h5_attribute_text(f, "origin", d->origin) &&
                orr_h5_attribute_double(f, "G", d->units.G) &&
                orr_h5_attribute_double(f, "t_start", d->t_start);
    if (d->epoch) {
        char exact[64];
        orr_date_exact_text(d->epoch, exact, sizeof exact);
        good = good && orr_h5_attribute_text(f, "epoch", exact) &&
               orr_h5_attribute_double(f, "epoch_jd", orr_date_jd(d->epoch)) &&
               orr_h5_attribute_text(f, "time_scale", orr_timescale_at(d->epoch->scale)->name);
    }
    hid_t h5md = orr_h5_group(f, "h5md"), author = orr_h5_group(h5md, "author"),
          creator = orr_h5_group(h5md, "creator");
    good = good && orr_h5_attribute_int(h5md, "version", (int[]){1, 1}, 2) &&
           orr_h5_attribute_text(author, "name", "unknown") &&
           orr_h5_attribute_text(creator, "name", "orrery") &&
           orr_h5_attribute_text(creator, "version", ORR_VERSION);
    H5Gclose(author), H5Gclose(creator), H5Gclose(h5md);

    hid_t scenario = orr_h5_group(f, "scenario");
    if (d->yaml) {
        char sum[SHA256_DIGEST_STRING_LENGTH];
        SHA256Data((const uint8_t *)d->yaml, d->yaml_size, sum);
        good = good && orr_h5_text(scenario, "yaml", d->yaml, "the scenario as given") &&
               orr_h5_text(scenario, "resolved", d->resolved, "with all defaults and numbers") &&
               orr_h5_attribute_text(scenario, "sha256", sum);
    }
    if (w->def.provenance.origin)
        good = good && orr_h5_text(scenario, "origin", w->def.provenance.origin,
                                   "where it was, and what the command line changed");
    H5Gclose(scenario);

    orr_build build = orr_build_info();
    const orr_provenance *p = &w->def.provenance;
    hid_t made = orr_h5_group(f, "provenance");
    good = good && orr_h5_attribute_text(made, "version", build.version) &&
           orr_h5_attribute_text(made, "commit", build.commit) &&
           orr_h5_attribute_text(made, "compiler", build.compiler) &&
           orr_h5_attribute_text(made, "flags", build.flags) &&
           orr_h5_attribute_text(made, "instruction_set", orr_isa()) &&
           orr_h5_attribute_text(made, "method", d->method) &&
           orr_h5_attribute_int(made, "threads", &p->threads, 1) &&
           orr_h5_attribute_text(made, "host", p->host ? p->host : "") &&
           orr_h5_attribute_text(made, "command_line", p->command_line ? p->command_line : "") &&
           orr_h5_attribute_text(made, "start", p->start ? p->start : "") &&
           orr_h5_attribute_int(made, "segment", &w->segment, 1);
    H5Gclose(made);
    return good;
}

/* The name of a body; may use the buffer. */
static const char *name_of(const orr_writer *w, uint64_t id, char buffer[32])
{
    const char *name = w->def.name ? w->def.name(w->def.name_user, id) : NULL;
    if (!name)
        snprintf(buffer, 32, "body %" PRIu64, id);
    return name ? name : buffer;
}

size_t orr_writer_longest_name(const orr_writer *w)
{
    char buffer[32];
    size_t longest = 1;
    for (size_t i = 0; i < w->n; i++) {
        size_t length = strlen(name_of(w, w->ids[i], buffer));
        longest = length > longest ? length : longest;
    }
    return longest;
}

static bool write_names(orr_writer *w, hid_t all)
{
    char buffer[32];
    const size_t longest = w->longest_name;
    char *text = calloc(w->n, longest);
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, longest);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    for (size_t i = 0; text && i < w->n; i++) {
        const char *name = name_of(w, w->ids[i], buffer);
        memcpy(text + i * longest, name, strlen(name));
    }
    hsize_t n = w->n;
    hid_t d = orr_h5_dataset(all, "name", type, 1, &n);
    bool good = text && d >= 0 && orr_h5_write(d, type, text) &&
                orr_h5_attribute_text(d, "description", "names of the bodies");
    good = orr_h5_close(d) && good;
    H5Tclose(type);
    free(text);
    return good;
}

/* each: of an ensemble, one row a member. */
static bool write_constant(orr_writer *w, hid_t all, const char *name, hid_t type, const void *data,
                           bool each, orr_dimension dim, const char *doc)
{
    const hsize_t dims[2] = {w->members, w->n};
    bool rows = each && w->members;
    hid_t d = orr_h5_dataset(all, name, type, rows ? 2 : 1, rows ? dims : dims + 1);
    bool good =
        d >= 0 && orr_h5_write(d, type, data) && orr_h5_describe(d, &w->def.units, dim, doc);
    return orr_h5_close(d) && good;
}

static bool write_bodies(orr_writer *w, hid_t all)
{
    size_t n = w->n;
    bool good = write_names(w, all) &&
                write_constant(w, all, "id", H5T_NATIVE_UINT64, w->ids, false, ORR_DIMENSIONLESS,
                               "number of the body in the scenario, from 0") &&
                write_constant(w, all, "role", H5T_NATIVE_UCHAR, w->role, false, ORR_DIMENSIONLESS,
                               "0 active, 1 passive, 2 test");
    for (size_t i = 0; i < w->copies * n; i++) /* the buffer is free until the first snapshot */
        w->buffer[i] = w->gm[i] / w->def.units.G;
    good = good &&
           write_constant(w, all, "mass", H5T_NATIVE_DOUBLE, w->buffer, true, ORR_MASS, "gm / G") &&
           orr_writer_fields_create(w, all);
    if (good && w->def.colors) {
        uint32_t *colors = calloc(n, sizeof *colors);
        for (size_t i = 0; colors && i < n; i++)
            colors[i] = w->ids[i] < w->def.n_colors ? w->def.colors[w->ids[i]] : 0;
        good = colors && write_constant(w, all, "color", H5T_NATIVE_UINT32, colors, false,
                                        ORR_DIMENSIONLESS, "0xRRGGBB, 0: none");
        free(colors);
    }
    return good;
}

/* [rows] of NaN for times (rows not yet written are seen by it) and of -1 for steps. */
static bool clock_datasets(orr_writer *w, hid_t parent, hsize_t rows, hid_t *time, hid_t *step)
{
    *time = orr_h5_dataset(parent, "time", H5T_NATIVE_DOUBLE, 1, &rows);
    *step = orr_h5_dataset(parent, "step", H5T_NATIVE_INT64, 1, &rows);
    bool good = *time >= 0 && *step >= 0 &&
                orr_h5_describe(*time, &w->def.units, ORR_TIME,
                                "time after the epoch; NaN: row not written") &&
                orr_h5_attribute_text(*step, "description", "whole steps of the integrator done");
    enum { CHUNK = 4096 };
    double empty[CHUNK];
    int64_t none[CHUNK];
    for (size_t k = 0; k < CHUNK; k++)
        empty[k] = NAN, none[k] = -1;
    for (hsize_t row = 0; good && row < rows; row += CHUNK) {
        hsize_t count = rows - row < CHUNK ? rows - row : CHUNK;
        good = orr_h5_write_rows(*time, H5T_NATIVE_DOUBLE, row, count, empty) &&
               orr_h5_write_rows(*step, H5T_NATIVE_INT64, row, count, none);
    }
    return good;
}

/* A compressed dataset cannot be allocated at once; it trades safety for size, as documented. */
static hid_t rows_dataset(orr_writer *w, hid_t parent, const char *name)
{
    hid_t type = w->def.float_positions ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
    const hsize_t most = 4000000 / 24, n = w->n < most ? w->n : most;
    const hsize_t plain[3] = {w->room_frames, w->n, 3}, plain_chunk[3] = {1, n, 3};
    const hsize_t each[4] = {w->room_frames, w->members, w->n, 3}, each_chunk[4] = {1, 1, n, 3};
    const hsize_t *dims = w->members ? each : plain, *chunk = w->members ? each_chunk : plain_chunk;
    int rank = w->members ? 4 : 3;
    if (w->def.compression == ORR_UNCOMPRESSED)
        return orr_h5_dataset(parent, name, type, rank, dims);
    hid_t space = H5Screate_simple(rank, dims, NULL), create = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(create, rank, chunk);
    H5Pset_shuffle(create);
    H5Pset_deflate(create, 4);
    H5Pset_obj_track_times(create, false);
    hid_t d = H5Dcreate2(parent, name, type, space, H5P_DEFAULT, create, H5P_DEFAULT);
    H5Pclose(create);
    H5Sclose(space);
    return d;
}

/* Of every snapshot, to know later whether it is as it was written: the disk may have lost a page
 * of a row that was counted already. */
static bool sums_dataset(orr_writer *w, hid_t all)
{
    const hsize_t rows = w->room_frames;
    w->sums = orr_h5_dataset(all, "checksum", H5T_NATIVE_UINT64, 1, &rows);
    return w->sums >= 0 &&
           orr_h5_attribute_text(w->sums, "description",
                                 "of time, velocities and positions of a snapshot; see h5.h");
}

/* H5MD wants one boundary word a dimension, and edges; a sheet's shear is one more attribute. */
static bool write_box(orr_writer *w, hid_t all)
{
    const orr_boundary *b = &w->def.boundary;
    const size_t length = b->kind == ORR_BOUNDARY_NONE ? 4 : 8;
    char words[3][8] = {"", "", ""}, text[24];
    for (int c = 0; c < 3; c++)
        memcpy(words[c], b->size[c] > 0 ? "periodic" : "none\0\0\0\0", 8);
    for (size_t c = 0; c < 3; c++)
        memcpy(text + c * length, words[c], length);
    hid_t box = orr_h5_group(all, "box"), word = H5Tcopy(H5T_C_S1);
    H5Tset_size(word, length);
    H5Tset_strpad(word, H5T_STR_NULLPAD);
    hsize_t three = 3;
    hid_t space = H5Screate_simple(1, &three, NULL);
    hid_t boundary = H5Acreate2(box, "boundary", word, space, H5P_DEFAULT, H5P_DEFAULT);
    bool good = H5Awrite(boundary, word, text) >= 0 &&
                orr_h5_attribute_int(box, "dimension", (int[]){3}, 1);
    if (b->kind != ORR_BOUNDARY_NONE) {
        hid_t edges = H5Acreate2(box, "edges", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT);
        good = good && H5Awrite(edges, H5T_NATIVE_DOUBLE, b->size) >= 0 &&
               orr_h5_attribute_text(box, "kind",
                                     b->kind == ORR_PERIODIC ? "periodic" : "shearing_sheet");
        H5Aclose(edges);
    }
    H5Aclose(boundary), H5Sclose(space), H5Tclose(word), H5Gclose(box);
    return good;
}

static bool write_particles(orr_writer *w)
{
    const orr_units *u = &w->def.units;
    hid_t particles = orr_h5_group(w->file, "particles"), all = orr_h5_group(particles, "all");
    hid_t position = orr_h5_group(all, "position"), velocity = orr_h5_group(all, "velocity");
    bool good = write_box(w, all) && write_bodies(w, all);

    /* times before rows: a file that is cut off in the midst of them keeps those before */
    good = good && clock_datasets(w, position, w->room_frames, &w->time, &w->step) &&
           sums_dataset(w, all);
    w->position = rows_dataset(w, position, "value");
    w->velocity = rows_dataset(w, velocity, "value");
    good = good &&
           orr_h5_describe(w->position, u, ORR_LENGTH,
                           w->members ? "positions [time][member][body][x y z]"
                                      : "positions [time][body][x y z]") &&
           orr_h5_describe(w->velocity, u, ORR_SPEED,
                           w->members ? "velocities [time][member][body][x y z]"
                                      : "velocities [time][body][x y z]") &&
           H5Lcreate_hard(position, "time", velocity, "time", H5P_DEFAULT, H5P_DEFAULT) >= 0 &&
           H5Lcreate_hard(position, "step", velocity, "step", H5P_DEFAULT, H5P_DEFAULT) >= 0 &&
           orr_elements_create(w, all) && orr_writer_moving_create(w, all);
    H5Gclose(position), H5Gclose(velocity), H5Gclose(all), H5Gclose(particles);
    return good;
}

static bool write_observables(orr_writer *w)
{
    hid_t parent = orr_h5_group(w->file, "observables");
    bool good = true;
    for (size_t k = 0; k < ORR_OBSERVABLES && good; k++) {
        const orr_column *o = &orr_observables[k];
        if (!orr_observable_is_there(k, w->def.provenance.shadow))
            continue;
        hid_t g = orr_h5_group(parent, o->name);
        const hsize_t one[2] = {w->room_diagnostics, 3},
                      each[3] = {w->room_diagnostics, w->members, 3};
        int rank = (w->members ? 2 : 1) + (o->components > 1);
        w->observed[k] =
            orr_h5_dataset(g, "value", H5T_NATIVE_DOUBLE, rank, w->members ? each : one);
        good = orr_h5_describe(w->observed[k], &w->def.units, o->dim, o->doc);
        if (good && k == 0)
            good = clock_datasets(w, g, w->room_diagnostics, &w->observed_time, &w->observed_step);
        else if (good) { /* one clock for all */
            char from[64];
            snprintf(from, sizeof from, "%s/time", orr_observables[0].name);
            good = H5Lcreate_hard(parent, from, g, "time", H5P_DEFAULT, H5P_DEFAULT) >= 0;
            snprintf(from, sizeof from, "%s/step", orr_observables[0].name);
            good = good && H5Lcreate_hard(parent, from, g, "step", H5P_DEFAULT, H5P_DEFAULT) >= 0;
        }
        H5Gclose(g);
    }
    H5Gclose(parent);
    return good;
}

/* What differs between members, and how each fared. */
static bool write_ensemble(orr_writer *w)
{
    const orr_ensemble *e = w->def.ensemble;
    if (!w->members)
        return true;
    const hsize_t members = w->members;
    hid_t g = orr_h5_group(w->file, "ensemble"), parameters = orr_h5_group(g, "parameters");
    bool good = true;
    for (size_t j = 0; j < e->parameters && good; j++) {
        for (size_t k = 0; k < w->members; k++) /* the buffer is free until the first snapshot */
            w->buffer[k] = e->numbers[k * e->parameters + j];
        const char *text = e->values[j], *unit = text + strcspn(text, " "); /* "1.5 au" */
        hid_t d = orr_h5_dataset(parameters, e->paths[j], H5T_NATIVE_DOUBLE, 1, &members);
        good = d >= 0 && orr_h5_write(d, H5T_NATIVE_DOUBLE, w->buffer) &&
               orr_h5_attribute_text(d, "units", *unit ? unit + 1 : unit) &&
               orr_h5_attribute_text(d, "description", "as written in the scenario");
        good = orr_h5_close(d) && good;
    }
    w->outcomes = orr_h5_dataset(g, "outcome", H5T_NATIVE_INT, 1, &members);
    w->endings = orr_h5_dataset(g, "failed_at", H5T_NATIVE_DOUBLE, 1, &members);
    good = good && w->outcomes >= 0 && w->endings >= 0 &&
           orr_h5_write(w->outcomes, H5T_NATIVE_INT, w->outcome) &&
           orr_h5_write(w->endings, H5T_NATIVE_DOUBLE, w->ended) &&
           orr_h5_attribute_text(w->outcomes, "description",
                                 "0: good; else the error that ended this member") &&
           orr_h5_describe(w->endings, &w->def.units, ORR_TIME,
                           "time of the last good output of a member that failed; NaN: none did");
    H5Gclose(parameters), H5Gclose(g);
    return good;
}

static hid_t counter(hid_t status, const char *name, hid_t type, const void *value, const char *doc)
{
    hid_t d = orr_h5_dataset(status, name, type, 0, NULL);
    if (d >= 0 &&
        (!orr_h5_write(d, type, value) || !orr_h5_attribute_text(d, "description", doc))) {
        H5Dclose(d);
        return -1;
    }
    return d;
}

static hid_t state_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 16);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

bool orr_writer_set_state(orr_writer *w, const char *state)
{
    char padded[16] = {0};
    snprintf(padded, sizeof padded, "%s", state);
    hid_t type = state_type();
    bool good = orr_h5_write(w->state, type, padded);
    H5Tclose(type);
    return good;
}

orr_table orr_writer_events(orr_writer *w)
{
    return (orr_table){
        .columns = orr_event_columns, .n = ORR_EVENT_COLUMNS, .set = w->event, .G = w->def.units.G};
}

static bool write_status_and_events(orr_writer *w)
{
    int64_t zero = 0; /* with a sign, so that n - 1 is a whole number in every language */
    double seconds = 0;
    char running[16] = "running";
    hid_t status = orr_h5_group(w->file, "status"), type = state_type();
    w->n_frames = counter(status, "n_frames", H5T_NATIVE_INT64, &zero, "snapshots in this file");
    w->n_diagnostics =
        counter(status, "n_diagnostics", H5T_NATIVE_INT64, &zero, "rows of /observables");
    w->n_events = counter(status, "n_events", H5T_NATIVE_INT64, &zero, "rows of /events");
    w->state = counter(status, "state", type, running,
                       "running, finished, stopped, failed, continued (in the next segment)");
    w->wall = counter(status, "wall_seconds", H5T_NATIVE_DOUBLE, &seconds, "since the start");
    H5Tclose(type);
    H5Gclose(status);
    bool good = w->n_frames >= 0 && w->n_diagnostics >= 0 && w->n_events >= 0 && w->state >= 0 &&
                w->wall >= 0;

    hid_t events = orr_h5_group(w->file, "events");
    const orr_table table = orr_writer_events(w);
    good = good && orr_table_create(&table, events, &w->def.units, w->room_events, NULL);
    H5Gclose(events);
    return good;
}

bool orr_writer_write_structure(orr_writer *w)
{
    return write_root(w) && write_particles(w) && write_observables(w) && write_ensemble(w) &&
           write_status_and_events(w);
}

bool orr_writer_close_datasets(orr_writer *w)
{
    hid_t *ids[] = {&w->position,      &w->velocity,      &w->time,          &w->step,
                    &w->sums,          &w->observed_time, &w->observed_step, &w->n_frames,
                    &w->n_diagnostics, &w->n_events,      &w->state,         &w->wall,
                    &w->outcomes,      &w->endings};
    bool good = orr_elements_close(w);
    for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
        good = orr_h5_close(*ids[k]) && good;
        *ids[k] = 0;
    }
    for (size_t k = 0; k < ORR_OBSERVABLES; k++) {
        good = orr_h5_close(w->observed[k]) && good;
        w->observed[k] = 0;
    }
    const orr_table events = orr_writer_events(w);
    good = orr_table_close(&events) && good;
    return orr_writer_fields_close(w) && good;
}
