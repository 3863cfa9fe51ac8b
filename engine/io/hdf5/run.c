/* run.c - a run as it is read: its file, and those in which it goes on.
 *
 *     NAME.h5         continued     snapshots 0 .. n0
 *     NAME.0001.h5    continued     n0 .. n1
 *     NAME.0002.h5    running       n1 .. so far
 *
 * Opened by the name of its first file it is the whole run: snapshots, diagnostics and events are
 * counted through.  Opened by the name of a later one it is that file alone (info->segment says
 * which).  The first file stays open, for names; of the others one at a time, since there may be
 * thousands.  A file that is missing at the end is told in info->missing (its writer may be about
 * to make it); one that is missing in the midst is an error. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/math/reproducible.h"
#include "h5.h"
#include "io/body_fields.h"
#include "part.h"

enum { MOST_FILES = 9999 };

/* A file of the run: how much stands before it. */
typedef struct extent {
    size_t frames, diagnostics, events; /* before this file */
} extent;

/* A merger in a file before 1.2, where no masses are told: `heir` has the mass of both. */
typedef struct merger {
    double t;
    size_t gone, heir; /* places of the bodies */
} merger;

struct orr_reader {
    orr_part *first, *now; /* now: the one that was read from last */
    size_t at;             /* its number */
    extent *files;         /* [n_files + 1]: the last is the sum */
    size_t n_files, member;
    orr_bodies bodies;
    merger *mergers;
    size_t n_mergers;
    orr_file_info info;
    char path[4096];
};

static orr_status fail(const orr_reader *r, orr_diagnosis *why, orr_status code, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

static orr_status fail(const orr_reader *r, orr_diagnosis *why, orr_status code, const char *format,
                       ...)
{
    *why = (orr_diagnosis){0};
    snprintf(why->file, sizeof why->file, "%.500s", r->path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
    return code;
}

void orr_segment_path(const char *path, int segment, char out[4200])
{
    const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
    bool ending = dot && (!slash || dot > slash);
    int stem = ending ? (int)(dot - path) : (int)strlen(path);
    if (segment == 0)
        snprintf(out, 4200, "%.4096s", path);
    else
        snprintf(out, 4200, "%.*s.%04d%s", stem < 4096 ? stem : 4096, path, segment,
                 ending ? ".h5" : "");
}

/* ---- putting files together ---- */

static orr_status add_file(orr_reader *r, const orr_part *p, orr_diagnosis *why)
{
    extent *more = realloc(r->files, (r->n_files + 2) * sizeof *more);
    if (!more)
        return fail(r, why, ORR_E_NO_MEMORY, "out of memory");
    r->files = more;
    extent *e = more + r->n_files++;
    if (r->n_files == 1)
        *e = (extent){0};
    const orr_file_info *i = orr_part_info(p);
    e[1] = (extent){e->frames + i->n_frames, e->diagnostics + i->n_diagnostics,
                    e->events + i->n_events};
    return ORR_OK;
}

/* A file that was written without a scenario has its title. */
static bool same_run(const orr_reader *r, orr_part *p, int segment)
{
    const orr_file_info *a = orr_part_info(r->first), *b = orr_part_info(p);
    char *one = orr_part_scenario(r->first, false), *other = orr_part_scenario(p, false);
    bool none = !orr_part_has(r->first, "scenario/yaml") && !orr_part_has(p, "scenario/yaml");
    bool same =
        (none ? strcmp(a->title, b->title) == 0 : one && other && strcmp(one, other) == 0) &&
        a->n_bodies == b->n_bodies && a->n_members == b->n_members && b->segment == segment;
    free(one), free(other);
    return same;
}

/* What the whole has of one more file. */
static void extend(orr_reader *r, const orr_file_info *p)
{
    orr_file_info *i = &r->info;
    i->room_frames = i->n_frames + p->room_frames;
    i->room_diagnostics = i->n_diagnostics + p->room_diagnostics;
    i->n_frames += p->n_frames;
    i->n_diagnostics += p->n_diagnostics;
    i->n_events += p->n_events;
    i->n_lost += p->n_lost;
    i->masses_damaged = i->masses_damaged || p->masses_damaged;
    i->bytes += p->bytes;
    i->wall_seconds = p->wall_seconds;
    i->n_files++;
    memcpy(i->state, p->state, sizeof i->state);
    i->t_first = isnan(i->t_first) ? p->t_first : i->t_first;
    i->t_last = isnan(p->t_last) ? i->t_last : p->t_last;
    i->energy_error_max = fmax(i->energy_error_max, p->energy_error_max); /* of NaN: the other */
    i->energy_error_last =
        isnan(p->energy_error_last) ? i->energy_error_last : p->energy_error_last;
}

/* A later file is there, though this one is not. */
static bool has_gap(const orr_reader *r, int missing)
{
    for (int k = missing + 1; k < missing + 100; k++) {
        char path[4200];
        orr_segment_path(r->path, k, path);
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}

static orr_status open_next(orr_reader *r, int k, orr_part **p, orr_diagnosis *why)
{
    char path[4200];
    *p = NULL;
    orr_segment_path(r->path, k, path);
    if (access(path, F_OK) != 0) {
        if (has_gap(r, k))
            return fail(r, why, ORR_E_FILE,
                        "the run goes on in '%.300s', which is missing, though later files of it "
                        "are there",
                        path);
        snprintf(r->info.missing, sizeof r->info.missing, "%.500s", path);
        return ORR_OK;
    }
    ORR_TRY(orr_part_open(path, p, why));
    if (same_run(r, *p, k))
        return ORR_OK;
    orr_part_close(*p);
    *p = NULL;
    return fail(r, why, ORR_E_FORMAT, "the run goes on in '%.300s', but that is of another run",
                path);
}

/* All files after the first, as they are now; each is read with the member that is selected. */
static orr_status follow(orr_reader *r, orr_diagnosis *why)
{
    r->n_files = 0;
    r->info = *orr_part_info(r->first);
    r->info.n_files = 1;
    ORR_TRY(add_file(r, r->first, why));
    for (int k = 1; k <= MOST_FILES && r->info.segment == 0 &&
                    strcmp(r->info.state, "continued") == 0 && !*r->info.missing;
         k++) {
        orr_part *p;
        ORR_TRY(open_next(r, k, &p, why));
        if (!p)
            break;
        orr_status status = r->member ? orr_part_select(p, r->member, why) : ORR_OK;
        if (status == ORR_OK)
            status = add_file(r, p, why);
        if (status == ORR_OK)
            extend(r, orr_part_info(p));
        orr_part_close(p);
        ORR_TRY(status);
    }
    return ORR_OK;
}

/* The file that holds number k of something, counted by `offset` of its extent. */
static size_t file_of(const orr_reader *r, size_t offset, size_t k)
{
    size_t low = 0, high = r->n_files;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        size_t first = *(const size_t *)((const char *)&r->files[middle] + offset);
        if (first <= k)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Make file k the one that is read. */
static orr_status turn_to(orr_reader *r, size_t k, orr_diagnosis *why)
{
    if (k == r->at)
        return ORR_OK;
    if (r->now != r->first)
        orr_part_close(r->now);
    r->now = r->first;
    r->at = 0;
    if (k == 0)
        return ORR_OK;
    char path[4200];
    orr_part *p;
    orr_segment_path(r->path, (int)k, path);
    ORR_TRY(orr_part_open(path, &p, why));
    const orr_file_info *i = orr_part_info(p);
    orr_status status = r->member ? orr_part_select(p, r->member, why) : ORR_OK;
    if (status == ORR_OK && (i->n_bodies != r->info.n_bodies || i->n_members != r->info.n_members))
        status = fail(r, why, ORR_E_FORMAT, "'%.300s' is another file now", path);
    if (status != ORR_OK) {
        orr_part_close(p);
        return status;
    }
    r->now = p;
    r->at = k;
    return ORR_OK;
}

/* ---- masses in files before 1.2 ---- */

static orr_status find_mergers(orr_reader *r, orr_diagnosis *why)
{
    r->n_mergers = 0;
    if (strcmp(r->info.format_version, "1.0") != 0 && strcmp(r->info.format_version, "1.1") != 0)
        return ORR_OK;
    for (size_t k = 0; k < r->info.n_events; k++) {
        orr_event e;
        uint64_t member;
        size_t file = file_of(r, offsetof(extent, events), k);
        ORR_TRY(turn_to(r, file, why));
        ORR_TRY(orr_part_event(r->now, k - r->files[file].events, &e, &member, why));
        if (e.kind != ORR_MERGER || member != r->member)
            continue;
        merger *more = realloc(r->mergers, (r->n_mergers + 1) * sizeof *more);
        if (!more)
            return fail(r, why, ORR_E_NO_MEMORY, "out of memory");
        r->mergers = more;
        merger m = {e.t, orr_bodies_find(&r->bodies, e.a), orr_bodies_find(&r->bodies, e.b)};
        if (m.gone < r->bodies.n && m.heir < r->bodies.n)
            r->mergers[r->n_mergers++] = m;
    }
    return ORR_OK;
}

/* As merge() in engine/sim/collisions_outcome.c has it: masses add, and volumes. */
static void carry_out(const orr_reader *r, orr_bodies *b)
{
    const orr_bodies *start = orr_part_bodies(r->now);
    for (size_t k = 0; k < r->n_mergers; k++) { /* what both had, who are gone by now as well */
        const merger *m = &r->mergers[k];
        if (isnan(b->pos[m->gone])) {
            b->gm[m->gone] = start->gm[m->gone];
            b->radius[m->gone] = start->radius[m->gone];
            b->gm[m->heir] = start->gm[m->heir];
            b->radius[m->heir] = start->radius[m->heir];
        }
    }
    for (size_t k = 0; k < r->n_mergers; k++) {
        const merger *m = &r->mergers[k];
        if (!isnan(b->pos[m->gone]))
            continue;
        double x = b->radius[m->heir], y = b->radius[m->gone];
        if (b->gm[m->gone] > 0)
            b->radius[m->heir] = orr_cbrt(x * x * x + y * y * y);
        b->gm[m->heir] += b->gm[m->gone];
        b->gm[m->gone] = b->radius[m->gone] = 0;
    }
    for (size_t i = 0; i < b->n && r->n_mergers; i++)
        if (isnan(b->pos[i]))
            b->gm[i] = b->radius[i] = 0;
}

/* ---- what is offered ---- */

orr_status orr_reader_open(const char *path, orr_reader **out, orr_diagnosis *why)
{
    orr_diagnosis unread;
    why = why ? why : &unread;
    *out = NULL;
    orr_reader *r = calloc(1, sizeof *r);
    if (!r) {
        *why = (orr_diagnosis){.text = "out of memory"};
        return ORR_E_NO_MEMORY;
    }
    snprintf(r->path, sizeof r->path, "%s", path);
    orr_status status = orr_part_open(path, &r->first, why);
    r->now = r->first;
    if (status == ORR_OK && orr_bodies_copy(&r->bodies, orr_part_bodies(r->first)) != ORR_OK)
        status = fail(r, why, ORR_E_NO_MEMORY, "out of memory");
    if (status == ORR_OK)
        status = follow(r, why);
    if (status == ORR_OK)
        status = find_mergers(r, why);
    if (status != ORR_OK) {
        orr_reader_close(r);
        return status;
    }
    *out = r;
    return ORR_OK;
}

void orr_reader_close(orr_reader *r)
{
    if (!r)
        return;
    if (r->now != r->first)
        orr_part_close(r->now);
    orr_part_close(r->first);
    orr_bodies_free(&r->bodies);
    free(r->files);
    free(r->mergers);
    free(r);
}

const orr_file_info *orr_reader_info(const orr_reader *r)
{
    return &r->info;
}

const orr_bodies *orr_reader_bodies(const orr_reader *r)
{
    return &r->bodies;
}

const char *orr_reader_name(const orr_reader *r, size_t index)
{
    return orr_part_name(r->first, index);
}

uint32_t *orr_reader_colors(orr_reader *r)
{
    return orr_part_colors(r->first);
}

char *orr_reader_scenario(orr_reader *r, bool resolved)
{
    return orr_part_scenario(r->first, resolved);
}

char *orr_reader_origin(orr_reader *r)
{
    return orr_part_origin(r->first);
}

double orr_reader_G(orr_reader *r)
{
    return orr_part_G(r->first);
}

bool orr_reader_parameter(orr_reader *r, size_t j, char *set, size_t size)
{
    return orr_part_parameter(r->first, j, set, size);
}

size_t orr_reader_selected(const orr_reader *r)
{
    return r->member;
}

orr_status orr_reader_select(orr_reader *r, size_t k, orr_diagnosis *why)
{
    ORR_TRY(turn_to(r, 0, why));
    ORR_TRY(orr_part_select(r->first, k, why));
    r->member = k;
    const orr_bodies *start = orr_part_bodies(r->first);
    orr_copy_lasting_fields(&r->bodies, start);
    ORR_TRY(follow(r, why));
    return find_mergers(r, why);
}

orr_status orr_reader_times(orr_reader *r, double *values, orr_diagnosis *why)
{
    for (size_t k = 0; k < r->n_files; k++) {
        ORR_TRY(turn_to(r, k, why));
        if (orr_part_info(r->now)->n_frames < r->files[k + 1].frames - r->files[k].frames)
            return fail(r, why, ORR_E_FORMAT, "its files are other ones now");
        double *own = malloc((orr_part_info(r->now)->n_frames + 1) * sizeof *own);
        if (!own)
            return fail(r, why, ORR_E_NO_MEMORY, "out of memory");
        orr_status status = orr_part_times(r->now, own, why); /* it may have grown since */
        for (size_t i = r->files[k].frames; status == ORR_OK && i < r->files[k + 1].frames; i++)
            values[i] = own[i - r->files[k].frames];
        free(own);
        ORR_TRY(status);
    }
    return ORR_OK;
}

orr_status orr_reader_column(orr_reader *r, const char *name, int component, double *values,
                             orr_diagnosis *why)
{
    for (size_t k = 0; k < r->n_files; k++) {
        size_t first = r->files[k].diagnostics, n = r->files[k + 1].diagnostics - first;
        ORR_TRY(turn_to(r, k, why));
        size_t there = orr_part_info(r->now)->n_diagnostics;
        if (there < n)
            return fail(r, why, ORR_E_FORMAT, "its files are other ones now");
        double *own = malloc((there + 1) * sizeof *own);
        if (!own)
            return fail(r, why, ORR_E_NO_MEMORY, "out of memory");
        orr_status status = orr_part_column(r->now, name, component, own, why);
        if (status == ORR_OK)
            memcpy(values + first, own, n * sizeof *own);
        free(own);
        ORR_TRY(status);
    }
    return ORR_OK;
}

orr_status orr_reader_read(orr_reader *r, size_t k, double *t, orr_diagnosis *why)
{
    if (k >= r->info.n_frames)
        return fail(r, why, ORR_E_ARGUMENT, "there are %zu snapshots, numbered from 0; not %zu",
                    r->info.n_frames, k);
    size_t file = file_of(r, offsetof(extent, frames), k);
    ORR_TRY(turn_to(r, file, why));
    ORR_TRY(orr_part_read(r->now, k - r->files[file].frames, &r->bodies, t, why));
    carry_out(r, &r->bodies);
    return ORR_OK;
}

orr_row_state orr_reader_check(orr_reader *r, size_t k)
{
    orr_diagnosis ignored;
    size_t file = file_of(r, offsetof(extent, frames), k);
    if (k >= r->info.n_frames || turn_to(r, file, &ignored) != ORR_OK)
        return ORR_ROW_LOST;
    return orr_part_check(r->now, k - r->files[file].frames);
}

void orr_reader_unit(orr_reader *r, const char *dataset, char *unit, size_t size)
{
    orr_part_unit(r->first, dataset, unit, size);
}

bool orr_reader_has(orr_reader *r, const char *dataset)
{
    return orr_part_has(r->first, dataset);
}

orr_status orr_reader_event(orr_reader *r, size_t k, orr_event *out, uint64_t *member,
                            orr_diagnosis *why)
{
    uint64_t whose;
    *out = (orr_event){0};
    if (k >= r->info.n_events)
        return fail(r, why, ORR_E_ARGUMENT, "there is no event %zu", k);
    size_t file = file_of(r, offsetof(extent, events), k);
    ORR_TRY(turn_to(r, file, why));
    ORR_TRY(orr_part_event(r->now, k - r->files[file].events, out, &whose, why));
    if (member)
        *member = whose;
    return ORR_OK;
}

orr_status orr_reader_place(orr_reader *r, size_t k, orr_frame_place *out, orr_diagnosis *why)
{
    size_t file = file_of(r, offsetof(extent, frames), k);
    ORR_TRY(turn_to(r, file, why));
    *out = (orr_frame_place){.path = orr_part_path(r->now),
                             .row = k - r->files[file].frames,
                             .rows = orr_part_info(r->now)->room_frames};
    return ORR_OK;
}

orr_status orr_reader_elements(orr_reader *r, size_t k, size_t quantity, double *values,
                               uint64_t *ids, orr_diagnosis *why)
{
    if (k >= r->info.n_frames || quantity >= ORR_ORBITALS)
        return fail(r, why, ORR_E_ARGUMENT, "there is no snapshot %zu, or no such element", k);
    size_t file = file_of(r, offsetof(extent, frames), k);
    ORR_TRY(turn_to(r, file, why));
    if (orr_part_info(r->now)->n_elements != r->info.n_elements)
        return fail(r, why, ORR_E_FORMAT, "damaged: other elements in the files of the run");
    return orr_part_elements(r->now, k - r->files[file].frames, quantity, values, ids, why);
}
