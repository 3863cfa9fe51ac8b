/* create.c - the output file of a run, with room for every row.
 *
 * Everything has its place from the start: contiguous datasets [rows][...] allocated at once and
 * reserved on disk, in the oldest format.  A snapshot then overwrites bytes in place and moves no
 * metadata, so a killed process leaves a file that every reader opens.  (64 kills of such a writer
 * lost nothing that was acknowledged, where extendible datasets and growing groups did.)  The file
 * is made under a temporary name and gets its own when it is whole. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "writer.h"

/* Reserve every byte on disk now, so that a full disk is an error at the start, not after a week.
 * (Other errors mean a file system that cannot reserve.) */
static orr_status reserve(orr_writer *w, int fd, double bytes)
{
    if (fallocate(fd, 0, 0, (off_t)bytes) == 0 ||
        (errno != ENOSPC && errno != EFBIG && errno != EDQUOT))
        return ORR_OK;
    return orr_writer_fail(
        w, ORR_E_FILE,
        "no room for '%s': the run needs %.3g MB (%s); make 'output.every' longer or write "
        "elsewhere with -o",
        w->path, bytes / 1e6, strerror(errno));
}

static orr_status reserve_all(orr_writer *w)
{
    int *fd = NULL;
    hsize_t size = 0;
    if (H5Fget_vfd_handle(w->file, H5P_DEFAULT, (void **)&fd) < 0 || !fd ||
        H5Fget_filesize(w->file, &size) < 0)
        return ORR_OK; /* another driver: nothing to reserve */
    return reserve(w, *fd, (double)size);
}

/* About what the file will take: rows, what stays the same, texts, and HDF5's own. */
enum { STRUCTURE = 65536 }; /* [bytes] at most, of groups, headers and attributes */

/* [bytes] of a row of all observables, with its time and step. */
static double largest_diagnostics(void)
{
    return orr_columns_bytes(orr_observables, ORR_OBSERVABLES) + 16;
}

static double estimate(const orr_writer *w, double row)
{
    double rows = w->def.compression == ORR_GZIP ? 0 : (double)w->room_frames * row;
    double copies = (double)w->copies;
    if (w->def.compression == ORR_GZIP) /* which is for states only */
        rows = (double)w->room_frames * (orr_elements_bytes(w) + orr_writer_fields_row(w));
    return rows + largest_diagnostics() * copies * (double)w->room_diagnostics +
           90 * copies * (double)w->n + orr_writer_fields_bytes(w) +
           orr_columns_bytes(orr_event_columns, ORR_EVENT_COLUMNS) * (double)w->room_events +
           orr_changes_bytes() * (double)w->room_changes +
           (double)(w->def.yaml_size + (w->def.resolved ? strlen(w->def.resolved) : 0)) +
           (double)(w->def.provenance.origin ? strlen(w->def.provenance.origin) : 0) + STRUCTURE;
}

/* Give the finished file its name: never over an existing one, unless forced. */
static orr_status publish(orr_writer *w, bool force)
{
    if (force ? rename(w->part, w->path) == 0 : link(w->part, w->path) == 0) {
        if (!force)
            unlink(w->part);
        return ORR_OK;
    }
    if (errno == EEXIST)
        return orr_writer_fail(
            w, ORR_E_EXISTS,
            "'%s' exists already; choose another with -o, or replace it with --force", w->path);
    if (!force && access(w->path, F_OK) != 0 && rename(w->part, w->path) == 0)
        return ORR_OK; /* a file system without links */
    return orr_writer_fail(w, ORR_E_FILE, "cannot write '%s': %s", w->path, strerror(errno));
}

static size_t smaller(size_t a, double b)
{
    return b < 1 ? 1 : (double)a < b ? a : (size_t)b;
}

/* Rows for changes of mass: mergers of all that have one, or as many as cost little beside the
 * rest; where more happens, the run goes on in the next file. */
static size_t room_for_changes(const orr_writer *w)
{
    const size_t most = 65536;
    size_t massive = 0;
    for (size_t k = 0; k < w->copies * w->n && massive < most; k++)
        massive += w->gm[k] > 0;
    return 2 * massive < most ? 2 * massive + 1 : most;
}

/* One a body and some more, but not so many that a large run is about them. */
static size_t room_for_events(const orr_writer *w)
{
    const size_t most = 65536;
    return w->copies * w->n + 64 < most ? w->copies * w->n + 64 : most;
}

static bool is_large(double bytes)
{
    return bytes > 20 * STRUCTURE;
}

static double bytes_of_frame(const orr_writer *w)
{
    return (double)(w->copies * w->n) * (w->def.float_positions ? 24 : 48) + 24 +
           orr_elements_bytes(w) + orr_writer_fields_row(w);
}

static double bytes_of_diagnostics(const orr_writer *w)
{
    double bytes = 0;
    for (size_t k = 0; k < ORR_OBSERVABLES; k++)
        if (orr_observable_is_there(k, w->def.provenance.shadow))
            bytes += orr_column_bytes(&orr_observables[k]);
    return bytes * (double)w->copies + 16;
}

static void make_rooms(orr_writer *w)
{
    w->room_frames = smaller(w->left_frames, 0.75 * w->def.segment_bytes / bytes_of_frame(w));
    w->room_diagnostics =
        smaller(w->left_diagnostics,
                0.25 * w->def.segment_bytes / (largest_diagnostics() * (double)w->copies));
    w->room_changes = room_for_changes(w);
    w->room_events = room_for_events(w);
}

/* [bytes] of a file with one row of each and the first n bodies, made in memory. */
static double bytes_with(orr_writer *w, size_t n, bool large)
{
    hsize_t size = 0;
    const size_t all = w->n;
    hid_t access_ = orr_h5_access();
    H5Pset_fapl_core(access_, 512, false); /* grows in pieces of 512 bytes */
    if (large)
        H5Pset_meta_block_size(access_, STRUCTURE);
    w->room_frames = w->room_diagnostics = 1;
    w->room_changes = room_for_changes(w);
    w->room_events = room_for_events(w);
    w->n = n;
    w->file = H5Fcreate(w->path, H5F_ACC_TRUNC, H5P_DEFAULT, access_);
    H5Pclose(access_);
    bool good = w->file >= 0 && orr_writer_write_structure(w) && orr_writer_close_datasets(w) &&
                H5Fflush(w->file, H5F_SCOPE_GLOBAL) >= 0 && H5Fget_filesize(w->file, &size) >= 0;
    if (w->file >= 0)
        H5Fclose(w->file);
    w->file = 0;
    w->n = all;
    return good ? (double)size : NAN;
}

/* The same with all bodies: all that is not rows.  What many bodies take is in proportion to their
 * number, so that it need not be made to be known; but for a field that none of the first ones
 * has. */
static double bytes_of_structure(orr_writer *w, bool large)
{
    enum { FEW = 4096 }; /* each of their columns is larger than what HDF5 puts together */
    const size_t n = w->n;
    if (n <= 4 * FEW)
        return bytes_with(w, n, large);
    double one = bytes_with(w, FEW, large), two = bytes_with(w, 2 * FEW, large);
    double more = (double)(n - 2 * FEW) / FEW;
    w->n = 2 * FEW;
    double fields = orr_writer_fields_bytes(w);
    w->n = n;
    return two + (two - one) * more + orr_writer_fields_bytes(w) - fields * (double)n / (2 * FEW);
}

double orr_writer_bytes(orr_writer *w)
{
    const double structure[2] = {bytes_of_structure(w, false), bytes_of_structure(w, true)};
    double bytes = 0, frames = (double)w->left_frames, diagnostics = (double)w->left_diagnostics;
    while (frames >= 1) { /* file by file: each ends where room for one of the two does */
        w->left_frames = (size_t)frames;
        w->left_diagnostics = diagnostics >= 1 ? (size_t)diagnostics : 1;
        make_rooms(w);
        double f = (double)w->room_frames, d = (double)w->room_diagnostics;
        bytes += (f - 1) * bytes_of_frame(w) + (d - 1) * bytes_of_diagnostics(w) +
                 structure[is_large(estimate(w, bytes_of_frame(w)))];
        if (w->def.compression == ORR_GZIP) /* what does not compress, its place in a list */
            bytes += 2 * f * (double)w->copies * 128;
        double part = fmin(fmin(f / frames, d / fmax(diagnostics, 1)), 1);
        frames = fmin(frames * (1 - part), frames - 1);
        diagnostics *= 1 - part;
    }
    return bytes;
}

/* Make the next file of the run. */
orr_status orr_writer_create_segment(orr_writer *w)
{
    bool there = access(w->path, F_OK) == 0;
    /* A killed run may have been further than its last checkpoint. */
    bool own = there && w->again && orr_writer_made(w, w->path);
    if (there && !own && !w->force)
        return orr_writer_fail(
            w, ORR_E_EXISTS,
            "'%s' exists already; choose another with -o, or replace it with --force", w->path);
    double row = bytes_of_frame(w);
    make_rooms(w);
    w->frames = w->diagnostics = w->events = w->changes = 0;

    snprintf(w->part, sizeof w->part, "%s.part-%ld", w->path, (long)getpid());
    int fd = open(w->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return orr_writer_fail(w, ORR_E_FILE, "cannot create '%s': %s", w->path, strerror(errno));
    /* HDF5 survives no failed write: see that there is room before it writes anything */
    orr_status status = reserve(w, fd, estimate(w, row));
    close(fd);
    if (status != ORR_OK) {
        unlink(w->part);
        return status;
    }
    errno = 0;
    hid_t access_ = orr_h5_access();
    if (is_large(estimate(w, row))) /* structure before rows: what is cut off can be repaired */
        H5Pset_meta_block_size(access_, STRUCTURE);
    w->file = H5Fcreate(w->part, H5F_ACC_TRUNC, H5P_DEFAULT, access_);
    H5Pclose(access_);
    if (w->file < 0 || !orr_writer_write_structure(w) || H5Fflush(w->file, H5F_SCOPE_GLOBAL) < 0)
        status = orr_writer_write_failed(w);
    if (status == ORR_OK)
        status = reserve_all(w);
    if (status == ORR_OK)
        status = publish(w, w->force || own);
    if (status != ORR_OK) {
        (void)orr_writer_close_datasets(w);
        if (w->file > 0)
            H5Fclose(w->file);
        w->file = 0;
        unlink(w->part);
    }
    return status;
}
