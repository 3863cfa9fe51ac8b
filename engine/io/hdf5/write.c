/* write.c - rows into the output file, and its life cycle.
 *
 * A snapshot is acknowledged when its count is flushed, at most half a second after it was written:
 *
 *     velocity row k, position row k, checksum[k], step[k], time[k], flush, /status/n_frames, flush
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "writer.h"

static const double flush_interval = 0.5; /* [s] of wall time */

orr_status orr_writer_fail(orr_writer *w, orr_status code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(w->message, sizeof w->message, format, arguments);
    va_end(arguments);
    return code;
}

const char *orr_writer_path(const orr_writer *w)
{
    return w->path;
}

const char *orr_writer_message(const orr_writer *w)
{
    return w->message;
}

const char *orr_writer_warning(const orr_writer *w)
{
    return w->lock.warning;
}

/* Does its path still lead to the file that is written? */
enum { IN_ITS_PLACE, MOVED, DELETED };

static int whereabouts(const orr_writer *w)
{
    int *fd = NULL;
    struct stat open_file, named;
    if (w->file <= 0 || H5Fget_vfd_handle(w->file, H5P_DEFAULT, (void **)&fd) < 0 || !fd ||
        fstat(*fd, &open_file) != 0)
        return IN_ITS_PLACE; /* another driver: not to be told */
    if (open_file.st_nlink == 0)
        return DELETED;
    bool same = stat(w->path, &named) == 0 && named.st_ino == open_file.st_ino &&
                named.st_dev == open_file.st_dev;
    return same ? IN_ITS_PLACE : MOVED;
}

orr_status orr_writer_write_failed(orr_writer *w)
{
    int reason = errno;
    if (whereabouts(w) == DELETED)
        return orr_writer_fail(w, ORR_E_FILE,
                               "'%s' was deleted while the run wrote it: its snapshots are lost",
                               w->path);
    return orr_writer_fail(w, reason == ENOMEM ? ORR_E_NO_MEMORY : ORR_E_FILE,
                           "cannot write '%s': %s; rows already acknowledged are safe", w->path,
                           reason ? strerror(reason) : "HDF5 refused");
}

/* ---- life cycle ---- */

void orr_writer_release(orr_writer *w)
{
    orr_lock_release(&w->segment_lock);
    orr_lock_release(&w->lock);
    free(w->ids), free(w->role), free(w->buffer);
    free(w->outcome), free(w->ended), free(w->where);
    orr_writer_fields_release(w);
    orr_elements_release(w);
    free(w);
}

/* One sentence about a definition that is not valid; NULL: it is. */
static const char *fault_of(const orr_writer_def *def, const orr_bodies *b)
{
    const orr_units *u = &def->units;
    if (!b || b->n == 0)
        return "a file needs bodies";
    if (!(u->G > 0) || !(u->length > 0) || !(u->mass > 0) || !(u->time > 0))
        return "the units of the definition are not whole: see orr_units_named()";
    if (!isfinite(def->t_start))
        return "the time of the initial state is not finite";
    if ((def->yaml != NULL) != (def->resolved != NULL) || (!def->yaml && def->yaml_size))
        return "a scenario comes as given and as resolved, or not at all";
    if (!(def->segment_bytes >= 0))
        return "segment_bytes must be positive";
    return NULL;
}

/* What may be left out, at its default. */
static orr_writer_def whole(const orr_writer_def *given)
{
    orr_writer_def def = *given;
    def.title = def.title ? def.title : "";
    def.frame = def.frame ? def.frame : "inertial";
    def.origin = def.origin ? def.origin : "";
    def.method = def.method ? def.method : "";
    def.frames = def.frames > 0 ? def.frames : 1;
    def.diagnostics = def.diagnostics > 0 ? def.diagnostics : 1;
    def.segment_bytes = def.segment_bytes > 0 ? def.segment_bytes : 4e9;
    return def;
}

/* Room for what a writer keeps of the bodies; b[copies]. */
static bool keep_bodies(orr_writer *w, const orr_bodies *b)
{
    size_t n = w->n, copies = w->copies;
    w->ids = malloc(n * sizeof *w->ids);
    w->role = malloc(n);
    w->buffer = malloc(3 * copies * n * sizeof *w->buffer);
    w->outcome = calloc(copies, sizeof *w->outcome);
    w->ended = calloc(copies, sizeof *w->ended);
    w->where = malloc(n * sizeof *w->where);
    if (!w->ids || !w->role || !w->buffer || !w->outcome || !w->ended || !w->where ||
        orr_writer_fields_prepare(w, b) != ORR_OK)
        return false;
    for (size_t i = 0; i < n; i++) {
        w->ids[i] = b->id[i];
        w->role[i] = (unsigned char)orr_bodies_role(b, i);
    }
    w->longest_name = orr_writer_longest_name(w);
    for (size_t k = 0; k < copies; k++)
        w->ended[k] = NAN;
    return true;
}

orr_status orr_writer_new(const char *path, const orr_writer_def *def, const orr_bodies *b,
                          orr_writer **out, orr_diagnosis *why)
{
    *out = NULL;
    *why = (orr_diagnosis){0};
    snprintf(why->file, sizeof why->file, "%s", path);
    const char *fault = fault_of(def, b);
    if (fault) {
        snprintf(why->text, sizeof why->text, "%s", fault);
        return ORR_E_ARGUMENT;
    }
    orr_writer *w = calloc(1, sizeof *w);
    bool fits = strlen(path) < sizeof w->path - 32;
    if (w) {
        w->def = whole(def);
        w->n = b->n;
        w->members = def->ensemble ? def->ensemble->members : 0;
        w->copies = w->members ? w->members : 1;
        w->left_frames = w->def.frames;
        w->left_diagnostics = w->def.diagnostics;
        w->begun = orr_clock();
        snprintf(w->path, sizeof w->path, "%s", path);
    }
    if (w && fits && keep_bodies(w, b) && orr_elements_prepare(w) == ORR_OK) {
        *out = w;
        return ORR_OK;
    }
    if (w)
        orr_writer_release(w);
    snprintf(why->text, sizeof why->text, fits ? "out of memory" : "the path is too long");
    return fits ? ORR_E_NO_MEMORY : ORR_E_FILE;
}

orr_status orr_writer_create(const char *path, const orr_writer_def *def, const orr_bodies *bodies,
                             bool force, orr_writer **out, orr_diagnosis *why)
{
    *out = NULL;
    orr_writer *w;
    ORR_TRY(orr_writer_new(path, def, bodies, &w, why));
    w->force = force;
    orr_h5_silence silence = orr_h5_begin();
    orr_status status = orr_writer_claim(w);
    if (status == ORR_OK)
        status = orr_writer_create_segment(w);
    orr_h5_end(silence);
    if (status != ORR_OK) {
        snprintf(why->text, sizeof why->text, "%s", w->message);
        orr_writer_release(w);
        return status;
    }
    *out = w;
    return ORR_OK;
}

/* Events go into the file many at once: each has many columns. */
static bool write_events(orr_writer *w)
{
    const orr_table t = orr_writer_events(w);
    size_t n = w->n_pending;
    w->n_pending = 0;
    return n == 0 || orr_table_write(&t, w->events - n, n, w->pending, sizeof *w->pending);
}

static bool flush(orr_writer *w)
{
    const uint64_t *had = w->had; /* rows that come again, with the same bits */
    int64_t frames = (int64_t)(w->frames > had[0] ? w->frames : had[0]);
    int64_t diagnostics = (int64_t)(w->diagnostics > had[1] ? w->diagnostics : had[1]);
    int64_t events = (int64_t)(w->events > had[2] ? w->events : had[2]);
    double wall = orr_clock() - w->begun;
    w->next_flush = orr_clock() + flush_interval;
    errno = 0;
    /* first the data, then the counts that acknowledge it */
    return write_events(w) && H5Fflush(w->file, H5F_SCOPE_LOCAL) >= 0 &&
           orr_h5_write(w->n_diagnostics, H5T_NATIVE_INT64, &diagnostics) &&
           orr_h5_write(w->n_events, H5T_NATIVE_INT64, &events) &&
           orr_h5_write(w->wall, H5T_NATIVE_DOUBLE, &wall) &&
           orr_h5_write(w->n_frames, H5T_NATIVE_INT64, &frames) &&
           H5Fflush(w->file, H5F_SCOPE_LOCAL) >= 0 && whereabouts(w) != DELETED;
}

/* From the name of a file of the run to that of the one after it. */
static void next_path(const char *path, int segment, char next[4200])
{
    char first[4200], number[2][24];
    snprintf(number[0], sizeof number[0], ".%04d.h5", segment - 1);
    snprintf(number[1], sizeof number[1], ".%04d", segment - 1);
    snprintf(first, sizeof first, "%.4096s", path);
    for (int k = 0; k < 2 && segment > 1; k++) { /* cut the number off */
        size_t n = strlen(first), m = strlen(number[k]);
        if (n > m && strcmp(first + n - m, number[k]) == 0) {
            snprintf(first + n - m, sizeof first - (n - m), "%s", k ? "" : ".h5");
            break;
        }
    }
    orr_segment_path(first, segment, next);
}

/* The run goes on in NAME.0001.h5, ... */
static orr_status next_segment(orr_writer *w)
{
    if (!flush(w) || !orr_writer_set_state(w, "continued"))
        return orr_writer_write_failed(w);
    ORR_TRY(orr_writer_sync(w)); /* checkpoints look at the newest file only */
    bool good = orr_writer_close_datasets(w);
    good = H5Fclose(w->file) >= 0 && good;
    w->file = 0;
    if (!good)
        return orr_writer_write_failed(w);
    char next[4200];
    next_path(w->path, ++w->segment, next);
    snprintf(w->path, sizeof w->path, "%.4095s", next);
    memset(w->had, 0, sizeof w->had);
    ORR_TRY(orr_writer_claim(w));
    return orr_writer_create_segment(w);
}

/* Where the writer's bodies are among those of now; SIZE_MAX: no more. */
void orr_writer_find_all(const orr_writer *w, const orr_bodies *b)
{
    size_t at = 0;
    for (size_t i = 0; i < w->n; i++)
        w->where[i] = b && at < b->n && b->id[at] == w->ids[i] ? at++ : SIZE_MAX;
    if (!b || at == b->n)
        return;
    for (size_t i = 0; i < w->n; i++) { /* their order is another one now */
        size_t found = orr_bodies_find(b, w->ids[i]);
        w->where[i] = found < b->n ? found : SIZE_MAX;
    }
}

static orr_status append(orr_writer *w, double t, const orr_snapshot *members)
{
    bool full = w->frames == w->room_frames;
    ORR_TRY(orr_writer_note_changes(w, t, members, &full));
    if (full)
        ORR_TRY(next_segment(w));
    hid_t targets[2] = {w->velocity, w->position};
    int64_t step = 0;
    uint64_t sum = orr_h5_sum_begin(t);
    errno = 0;
    for (int p = 0; p < 2; p++) {
        double *to = w->buffer;
        for (size_t k = 0; k < w->copies; k++) {
            const orr_bodies *b = members[k].bodies;
            const double *from = !b ? NULL : p ? b->pos : b->vel;
            step = b && (int64_t)members[k].step > step ? (int64_t)members[k].step : step;
            orr_writer_find_all(w, b);
            for (size_t i = 0; i < w->n; i++)
                for (size_t c = 0; c < 3; c++)
                    *to++ = w->where[i] < SIZE_MAX ? from[c * b->stride + w->where[i]] : NAN;
        }
        if (!orr_h5_write_rows(targets[p], H5T_NATIVE_DOUBLE, w->frames, 1, w->buffer))
            return orr_writer_write_failed(w);
        sum = orr_h5_sum(sum, w->buffer, 3 * w->copies * w->n, w->def.float_positions);
    }
    ORR_TRY(orr_elements_append(w, members));
    ORR_TRY(orr_writer_append_moving(w, members));
    if (!orr_h5_write_rows(w->sums, H5T_NATIVE_UINT64, w->frames, 1, &sum) ||
        !orr_h5_write_rows(w->step, H5T_NATIVE_INT64, w->frames, 1, &step) ||
        !orr_h5_write_rows(w->time, H5T_NATIVE_DOUBLE, w->frames, 1, &t))
        return orr_writer_write_failed(w);
    w->frames++;
    w->left_frames -= w->left_frames > 1;
    return orr_clock() >= w->next_flush && !flush(w) ? orr_writer_write_failed(w) : ORR_OK;
}

static orr_status diagnose(orr_writer *w, double t, const orr_diagnostics *members)
{
    if (w->diagnostics == w->room_diagnostics)
        ORR_TRY(next_segment(w));
    int64_t step = 0;
    errno = 0;
    for (size_t k = 0; k < w->copies; k++)
        step = (int64_t)members[k].step > step ? (int64_t)members[k].step : step;
    for (size_t o = 0; o < ORR_OBSERVABLES; o++) {
        size_t width = (size_t)orr_observables[o].components;
        if (!orr_observable_is_there(o, w->def.provenance.shadow))
            continue;
        for (size_t k = 0; k < w->copies; k++)
            memcpy(w->buffer + k * width, (const char *)&members[k] + orr_observables[o].offset,
                   width * sizeof(double));
        if (!orr_h5_write_rows(w->observed[o], H5T_NATIVE_DOUBLE, w->diagnostics, 1, w->buffer))
            return orr_writer_write_failed(w);
    }
    if (!orr_h5_write_rows(w->observed_step, H5T_NATIVE_INT64, w->diagnostics, 1, &step) ||
        !orr_h5_write_rows(w->observed_time, H5T_NATIVE_DOUBLE, w->diagnostics, 1, &t))
        return orr_writer_write_failed(w);
    w->diagnostics++;
    w->left_diagnostics -= w->left_diagnostics > 1;
    return orr_clock() >= w->next_flush && !flush(w) ? orr_writer_write_failed(w) : ORR_OK;
}

orr_status orr_writer_append_members(orr_writer *w, double t, const orr_snapshot *s)
{
    orr_h5_silence silence = orr_h5_begin();
    orr_status status = w->file > 0 ? append(w, t, s) : ORR_E_FILE;
    orr_h5_end(silence);
    return status;
}

orr_status orr_writer_append(orr_writer *w, const orr_snapshot *s)
{
    return orr_writer_append_members(w, s->t, s);
}

orr_status orr_writer_diagnose_members(orr_writer *w, double t, const orr_diagnostics *d)
{
    orr_h5_silence silence = orr_h5_begin();
    orr_status status = w->file > 0 ? diagnose(w, t, d) : ORR_E_FILE;
    orr_h5_end(silence);
    return status;
}

orr_status orr_writer_diagnose(orr_writer *w, const orr_diagnostics *d)
{
    return orr_writer_diagnose_members(w, d->t, d);
}

orr_status orr_writer_member_failed(orr_writer *w, size_t k, orr_status why, double t)
{
    w->outcome[k] = why;
    w->ended[k] = t;
    orr_h5_silence silence = orr_h5_begin();
    bool good = w->file > 0 && orr_h5_write(w->outcomes, H5T_NATIVE_INT, w->outcome) &&
                orr_h5_write(w->endings, H5T_NATIVE_DOUBLE, w->ended);
    orr_h5_end(silence);
    return good ? ORR_OK : orr_writer_write_failed(w);
}

orr_status orr_writer_event(orr_writer *w, size_t member, const orr_event *e)
{
    if (w->events == w->room_events)
        return ORR_E_RANGE;
    if (w->file <= 0)
        return orr_writer_write_failed(w);
    bool good = true;
    if (w->n_pending == sizeof w->pending / sizeof *w->pending) {
        orr_h5_silence silence = orr_h5_begin();
        errno = 0;
        good = write_events(w);
        orr_h5_end(silence);
    }
    w->pending[w->n_pending++] = (orr_event_row){.event = *e, .member = member};
    w->events++;
    return good ? ORR_OK : orr_writer_write_failed(w);
}

orr_status orr_writer_sync(orr_writer *w)
{
    ORR_TRY(orr_writer_flush(w));
    int *fd = NULL;
    errno = 0;
    bool good = H5Fget_vfd_handle(w->file, H5P_DEFAULT, (void **)&fd) >= 0 && fsync(*fd) == 0;
    return good ? ORR_OK : orr_writer_write_failed(w);
}

orr_status orr_writer_flush(orr_writer *w)
{
    orr_h5_silence silence = orr_h5_begin();
    orr_status status = w->file > 0 && flush(w) ? ORR_OK : orr_writer_write_failed(w);
    orr_h5_end(silence);
    return status;
}

orr_status orr_writer_close(orr_writer *w, const char *state, double wall_seconds,
                            orr_diagnosis *why)
{
    *why = (orr_diagnosis){0};
    if (!w)
        return ORR_OK;
    orr_h5_silence silence = orr_h5_begin();
    orr_status status = ORR_OK;
    if (w->file > 0) {
        memset(w->had, 0, sizeof w->had);
        bool good = flush(w) && orr_h5_write(w->wall, H5T_NATIVE_DOUBLE, &wall_seconds) &&
                    orr_writer_set_state(w, state);
        good = orr_writer_close_datasets(w) && good;
        if (!good)
            status = orr_writer_write_failed(w);
        else if (whereabouts(w) == MOVED)
            status = orr_writer_fail(w, ORR_E_FILE,
                                     "was moved or replaced while the run wrote it; all is in the "
                                     "file that was moved");
        if (H5Fclose(w->file) < 0 && status == ORR_OK)
            status = orr_writer_write_failed(w);
    }
    if (status != ORR_OK) {
        snprintf(why->file, sizeof why->file, "%.500s", w->path);
        snprintf(why->text, sizeof why->text, "%s", w->message);
    }
    orr_h5_end(silence);
    orr_writer_release(w);
    return status;
}
