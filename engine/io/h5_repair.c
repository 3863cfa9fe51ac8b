/* h5_repair.c - what is left of an output file after a power cut, a copy that was broken off, or a
 * damaged disk, made into a file that everything opens.
 *
 * The layout (see h5_create.c) helps: all structure stands at places that are written once, before
 * the first snapshot.  What can be missing are bytes at the end, and pages of rows; each row tells
 * by its checksum.  Rows that are whole move up to where lost ones were. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "h5.h"

typedef struct repair {
    char part[4200];
    hid_t file, position, velocity, time, step, sums;
    double t_start;
    size_t rows, width; /* room for snapshots; numbers in one */
    double *buffer;     /* [width] */
    orr_repair_report *report;
    orr_diagnosis *why;
} repair;

static orr_status fail(repair *r, orr_status code, const char *path, const char *text)
{
    *r->why = (orr_diagnosis){0};
    snprintf(r->why->file, sizeof r->why->file, "%.500s", path);
    snprintf(r->why->text, sizeof r->why->text, "%s", text);
    return code;
}

/* ---- the bytes ---- */

static orr_status copy_bytes(repair *r, const char *path)
{
    char block[1 << 16];
    int from = open(path, O_RDONLY | O_CLOEXEC), to = -1;
    ssize_t n = -1;
    if (from >= 0)
        to = open(r->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    while (to >= 0 && (n = read(from, block, sizeof block)) > 0)
        if (write(to, block, (size_t)n) != n) {
            n = -1;
            break;
        }
    int reason = errno;
    if (from >= 0)
        close(from);
    bool good = to >= 0 && n == 0 && fsync(to) == 0;
    if (to >= 0)
        close(to);
    return good ? ORR_OK : fail(r, ORR_E_FILE, from < 0 ? path : r->part, strerror(reason));
}

/* The end of the file according to its first block (HDF5 File Format Specification 2.0, superblock
 * 0, with 8-byte addresses, which all our files have); HDF5 opens nothing shorter. */
static orr_status lengthen(repair *r, const char *path)
{
    static const unsigned char signature[9] = "\211HDF\r\n\032\n"; /* and version 0 */
    unsigned char start[48] = {0};
    uint64_t end = 0;
    struct stat info;
    int fd = open(r->part, O_RDWR | O_CLOEXEC);
    bool ours = fd >= 0 && fstat(fd, &info) == 0 && read(fd, start, sizeof start) == 48 &&
                memcmp(start, signature, sizeof signature) == 0 && start[13] == 8;
    for (int k = 7; k >= 0; k--)
        end = end << 8 | start[40 + k];
    orr_status status = ORR_OK;
    if (!ours)
        status = fail(r, ORR_E_FORMAT, path, "its start is not that of an output file of orrery");
    else if (end > (uint64_t)info.st_size) {
        r->report->missing_bytes = (double)end - (double)info.st_size;
        if (end > (uint64_t)INT64_MAX || ftruncate(fd, (off_t)end) != 0)
            status = fail(r, ORR_E_FILE, r->part, "cannot be made as long as it was");
    }
    if (fd >= 0)
        close(fd);
    return status;
}

/* ---- rows ---- */

static bool scalar(repair *r, const char *path, hid_t type, void *value, bool write)
{
    hid_t d = orr_h5_numbers(r->file, path, 0, NULL);
    bool good = d >= 0 && (write ? H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value)
                                 : H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value)) >= 0;
    return orr_h5_close(d < 0 ? 0 : d) && good;
}

static bool counter(repair *r, const char *path, size_t count)
{
    int64_t value = (int64_t)count;
    return scalar(r, path, H5T_NATIVE_INT64, &value, true);
}

static bool text(repair *r, const char *path, char old[16], const char *fresh)
{
    hid_t d = H5Dopen2(r->file, path, H5P_DEFAULT), type = d < 0 ? -1 : H5Dget_type(d);
    char buffer[16] = {0};
    bool good = type >= 0 && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 &&
                H5Tget_size(type) == sizeof buffer;
    hid_t space = good ? H5Dget_space(d) : -1;
    good = good && H5Sget_simple_extent_npoints(space) == 1 &&
           H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer) >= 0;
    if (good && old)
        snprintf(old, 16, "%.15s", buffer);
    memset(buffer, 0, sizeof buffer);
    snprintf(buffer, sizeof buffer, "%s", fresh ? fresh : "");
    good = good && (!fresh || orr_h5_write(d, type, buffer));
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    if (d >= 0)
        H5Dclose(d);
    return good;
}

static bool move_row(repair *r, size_t from, size_t to)
{
    double t;
    int64_t step;
    uint64_t sum;
    hid_t both[2] = {r->position, r->velocity};
    for (int p = 0; p < 2; p++)
        if (!orr_h5_read_rows(both[p], H5T_NATIVE_DOUBLE, from, 1, r->buffer) ||
            !orr_h5_write_rows(both[p], H5T_NATIVE_DOUBLE, to, 1, r->buffer))
            return false;
    return orr_h5_read_rows(r->time, H5T_NATIVE_DOUBLE, from, 1, &t) &&
           orr_h5_write_rows(r->time, H5T_NATIVE_DOUBLE, to, 1, &t) &&
           orr_h5_read_rows(r->step, H5T_NATIVE_INT64, from, 1, &step) &&
           orr_h5_write_rows(r->step, H5T_NATIVE_INT64, to, 1, &step) &&
           (r->sums < 0 || (orr_h5_read_rows(r->sums, H5T_NATIVE_UINT64, from, 1, &sum) &&
                            orr_h5_write_rows(r->sums, H5T_NATIVE_UINT64, to, 1, &sum)));
}

/* Times go away from the start of the run, one way. */
static bool is_later(const repair *r, double t, double last)
{
    double since = t - r->t_start, before = last - r->t_start;
    return isnan(last) || (fabs(since) > fabs(before) && since * before >= 0);
}

static bool mend_frames(repair *r)
{
    orr_repair_report *p = r->report;
    size_t kept = 0, written = p->counted_frames; /* rows, as far as is known */
    double last = NAN, nothing = NAN;
    p->t_lost_first = p->t_lost_last = NAN;
    for (size_t k = 0; k < r->rows; k++) {
        double t = NAN;
        orr_row_state state =
            orr_h5_row_is_whole(r->position, r->velocity, r->time, r->sums, k, r->width, r->buffer);
        if (!orr_h5_read_rows(r->time, H5T_NATIVE_DOUBLE, k, 1, &t))
            t = NAN;
        if (isfinite(t) && is_later(r, t, last) && k >= written)
            written = k + 1;
        if (state == ORR_ROW_LOST || !is_later(r, t, last)) {
            if (isfinite(t) && is_later(r, t, last)) {
                p->t_lost_first = isnan(p->t_lost_first) ? t : p->t_lost_first;
                p->t_lost_last = t;
            }
            continue;
        }
        if (kept < k && !move_row(r, k, kept))
            return false;
        last = t;
        kept++;
    }
    p->lost_frames = written > kept ? written - kept : 0;
    for (size_t k = kept; k < r->rows; k++)
        if (!orr_h5_write_rows(r->time, H5T_NATIVE_DOUBLE, k, 1, &nothing))
            return false;
    p->frames = kept;
    return counter(r, "status/n_frames", kept);
}

/* ---- diagnostics and events ---- */

/* The dataset that the k-th observable is in, with its width; -1: none. */
static hid_t observable(repair *r, size_t k, size_t rows, size_t *width)
{
    static const char *const names[] = {"kinetic_energy", "potential_energy", "energy_error",
                                        "momentum",       "angular_momentum", "center_of_mass",
                                        "step_size",      "shadow_distance"};
    char path[80];
    hsize_t dims[4] = {0};
    if (k >= sizeof names / sizeof *names)
        return -1;
    snprintf(path, sizeof path, "observables/%s/value", names[k]);
    for (int rank = 1; rank <= 3; rank++) {
        hid_t d = orr_h5_numbers(r->file, path, rank, dims);
        if (d < 0)
            continue;
        *width = rank < 2 ? 1 : dims[1] * (rank < 3 ? 1 : dims[2]);
        if (dims[0] == rows && *width <= r->width)
            return d;
        H5Dclose(d);
    }
    return -1;
}

/* Row k of all observables to row `to`; *something: not all of them are 0. */
static bool walk_row(repair *r, size_t rows, size_t k, size_t to, bool *something)
{
    bool good = true;
    *something = false;
    for (size_t o = 0; o < 8 && good; o++) {
        size_t width;
        hid_t d = observable(r, o, rows, &width);
        if (d < 0)
            continue; /* there is no shadow */
        good = orr_h5_read_rows(d, H5T_NATIVE_DOUBLE, k, 1, r->buffer);
        for (size_t i = 0; i < width && good; i++)
            *something = *something || r->buffer[i] != 0;
        if (to != k)
            good = good && orr_h5_write_rows(d, H5T_NATIVE_DOUBLE, to, 1, r->buffer);
        H5Dclose(d);
    }
    return good;
}

static bool mend_diagnostics(repair *r)
{
    hsize_t dims[4] = {0};
    hid_t time = orr_h5_numbers(r->file, "observables/kinetic_energy/time", 1, dims);
    hid_t step = orr_h5_numbers(r->file, "observables/kinetic_energy/step", 1, dims);
    size_t rows = dims[0], kept = 0;
    double last = NAN, nothing = NAN;
    bool good = time >= 0 && step >= 0, something;
    for (size_t k = 0; k < rows && good; k++) {
        double t = NAN;
        int64_t steps = 0;
        good = orr_h5_read_rows(time, H5T_NATIVE_DOUBLE, k, 1, &t) &&
               orr_h5_read_rows(step, H5T_NATIVE_INT64, k, 1, &steps);
        if (!good || !isfinite(t) || !is_later(r, t, last))
            continue;
        good = walk_row(r, rows, k, k, &something);
        if (!good || !something)
            continue;
        if (kept < k)
            good = walk_row(r, rows, k, kept, &something) &&
                   orr_h5_write_rows(time, H5T_NATIVE_DOUBLE, kept, 1, &t) &&
                   orr_h5_write_rows(step, H5T_NATIVE_INT64, kept, 1, &steps);
        last = t;
        kept++;
    }
    for (size_t k = kept; k < rows && good; k++)
        good = orr_h5_write_rows(time, H5T_NATIVE_DOUBLE, k, 1, &nothing);
    if (time >= 0)
        H5Dclose(time);
    if (step >= 0)
        H5Dclose(step);
    r->report->diagnostics = kept;
    return good && counter(r, "status/n_diagnostics", kept);
}

static bool mend_events(repair *r)
{
    hsize_t dims[4] = {0};
    hid_t time = orr_h5_numbers(r->file, "events/time", 1, dims);
    hid_t kind = orr_h5_numbers(r->file, "events/type", 1, dims);
    bool good = time >= 0 && kind >= 0;
    size_t n = 0;
    for (; good && n < dims[0]; n++) {
        double t = NAN;
        int type = 0;
        if (!orr_h5_read_rows(time, H5T_NATIVE_DOUBLE, n, 1, &t) || !isfinite(t) ||
            !orr_h5_read_rows(kind, H5T_NATIVE_INT, n, 1, &type) || type < 1 || type > 4)
            break;
    }
    if (time >= 0)
        H5Dclose(time);
    if (kind >= 0)
        H5Dclose(kind);
    r->report->events = n;
    return !good || counter(r, "status/n_events", n); /* the first files had none */
}

/* ---- all of it ---- */

static bool open_rows(repair *r)
{
    hsize_t dims[4], times[4] = {0}, steps[4] = {0};
    int rank = orr_h5_frames(r->file, &r->position, &r->velocity, dims);
    r->time = orr_h5_numbers(r->file, "particles/all/position/time", 1, times);
    r->step = orr_h5_numbers(r->file, "particles/all/position/step", 1, steps);
    r->sums = orr_h5_numbers(r->file, "particles/all/checksum", 1, steps);
    r->report->has_sums = r->sums >= 0;
    if (rank == 0 || r->time < 0 || r->step < 0 || times[0] != dims[0] || steps[0] != dims[0])
        return false;
    double width = (double)dims[1] * (double)dims[2] * (rank == 4 ? (double)dims[3] : 1);
    if (width * (double)dims[0] * 4 > 1e15 || width < 1)
        return false;
    if (!orr_h5_read_attribute_double(r->file, "t_start", &r->t_start) || !isfinite(r->t_start))
        r->t_start = 0; /* as before format 1.2 */
    r->rows = dims[0];
    r->width = (size_t)width;
    return true;
}

static orr_status mend(repair *r, const char *path)
{
    uint64_t frames = 0, diagnostics = 0;
    hid_t access_ = orr_h5_access();
    r->file = H5Fopen(r->part, H5F_ACC_RDWR, access_);
    H5Pclose(access_);
    if (r->file < 0 || !open_rows(r))
        return fail(r, ORR_E_FORMAT, path,
                    "its structure is damaged: HDF5 does not find the snapshots in it");
    r->buffer = malloc((r->width + 3) * sizeof *r->buffer);
    if (!r->buffer)
        return fail(r, ORR_E_NO_MEMORY, path, "out of memory for a snapshot");
    scalar(r, "status/n_frames", H5T_NATIVE_UINT64, &frames, false);
    scalar(r, "status/n_diagnostics", H5T_NATIVE_UINT64, &diagnostics, false);
    r->report->counted_frames = (size_t)frames;
    r->report->counted_diagnostics = (size_t)diagnostics;
    bool good = text(r, "status/state", r->report->state, NULL) && mend_frames(r) &&
                mend_diagnostics(r) && mend_events(r);
    static const char *const ends[] = {"finished", "failed", "continued"};
    bool ended = false;
    for (int k = 0; k < 3; k++)
        ended = ended || strcmp(r->report->state, ends[k]) == 0;
    good = good && (ended || text(r, "status/state", NULL, "stopped"));
    return good ? ORR_OK : fail(r, ORR_E_FORMAT, path, "HDF5 cannot mend it: /status is damaged");
}

static void close_all(repair *r)
{
    hid_t all[] = {r->position, r->velocity, r->time, r->step, r->sums};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (all[k] >= 0)
            H5Dclose(all[k]);
    free(r->buffer);
}

orr_status orr_repair(const char *path, const char *copy, bool force, orr_repair_report *report,
                      orr_diagnosis *why)
{
    repair r = {.file = -1, .report = report, .why = why};
    r.position = r.velocity = r.time = r.step = r.sums = -1;
    *report = (orr_repair_report){0};
    if (!force && access(copy, F_OK) == 0)
        return fail(&r, ORR_E_EXISTS, copy, "exists already; another name with -o, or --force");
    snprintf(r.part, sizeof r.part, "%.4096s.part-%ld", copy, (long)getpid());
    ORR_TRY(copy_bytes(&r, path));
    orr_status status = lengthen(&r, path);
    orr_h5_silence silence = orr_h5_begin();
    orr_h5_opening(path);
    if (status == ORR_OK)
        status = mend(&r, path);
    orr_h5_opening(NULL);
    close_all(&r);
    if (r.file >= 0 && H5Fclose(r.file) < 0 && status == ORR_OK)
        status = fail(&r, ORR_E_FILE, r.part, "cannot be written");
    orr_h5_end(silence);
    if (status == ORR_OK && rename(r.part, copy) != 0)
        status = fail(&r, ORR_E_FILE, copy, strerror(errno));
    if (status != ORR_OK)
        unlink(r.part);
    return status;
}
