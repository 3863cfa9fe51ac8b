/* repair.c - what is left of an output file after a power cut, a copy that was broken off, or a
 * damaged disk, made into a file that everything opens.
 *
 * The layout (see structure.c) helps: all structure stands at places that are written once,
 * before the first snapshot.  What can be missing are bytes at the end, and pages of rows; each row
 * tells by its checksum.  Rows that are whole move up to where lost ones were. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "repair.h"
#include "io/lock.h"

static orr_status fail(repair *r, orr_status code, const char *path, const char *text)
{
    *r->why = (orr_diagnosis){0};
    snprintf(r->why->file, sizeof r->why->file, "%.500s", path);
    snprintf(r->why->text, sizeof r->why->text, "%s", text);
    return code;
}

/* ---- the bytes ---- */

bool orr_repair_goes_on(repair *r, double part)
{
    orr_h5_beat();
    r->stopped = r->stopped || (r->follow && !r->follow(part, r->user));
    return !r->stopped;
}

static bool write_all(int fd, const char *bytes, ssize_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, (size_t)n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done, n -= done;
    }
    return true;
}

static orr_status copy_bytes(repair *r, const char *path)
{
    char block[1 << 16];
    struct stat info;
    int from = open(path, O_RDONLY | O_CLOEXEC), to = -1;
    if (from < 0)
        return fail(r, ORR_E_FILE, path, strerror(errno));
    if (fstat(from, &info) != 0)
        info.st_size = 0;
    to = open(r->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    double done = 0, all = info.st_size > 0 ? (double)info.st_size : 1;
    ssize_t n = -1;
    bool good = to >= 0;
    while (good && (n = read(from, block, sizeof block)) > 0) {
        good = write_all(to, block, n) && orr_repair_goes_on(r, 0.5 * fmin(done / all, 1));
        done += (double)n;
    }
    good = good && n == 0 && fsync(to) == 0;
    int reason = errno;
    close(from);
    if (to >= 0)
        close(to);
    return good ? ORR_OK : fail(r, ORR_E_FILE, r->part, strerror(reason));
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

static orr_status mend(repair *r, const char *path)
{
    uint64_t frames = 0, diagnostics = 0;
    hid_t access_ = orr_h5_access();
    r->file = H5Fopen(r->part, H5F_ACC_RDWR, access_);
    H5Pclose(access_);
    orr_repair_report *p = r->report;
    if (!orr_h5_read_attribute_double(r->file, "t_start", &r->t_start) || !isfinite(r->t_start))
        r->t_start = 0;
    scalar(r, "status/n_frames", H5T_NATIVE_UINT64, &frames, false);
    scalar(r, "status/n_diagnostics", H5T_NATIVE_UINT64, &diagnostics, false);
    p->counted_frames = (size_t)frames;
    p->counted_diagnostics = (size_t)diagnostics;
    if (r->file < 0 || !orr_repair_frames(r))
        return fail(r, ORR_E_FORMAT, path,
                    "its structure is damaged: HDF5 does not find the snapshots in it");
    bool good = text(r, "status/state", p->state, NULL) &&
                counter(r, "status/n_frames", p->frames) && orr_repair_diagnostics(r) &&
                counter(r, "status/n_diagnostics", p->diagnostics) &&
                (!orr_repair_events(r) || /* the first files had none */
                 counter(r, "status/n_events", p->events));
    static const char *const ends[] = {"finished", "failed", "continued"};
    bool ended = false;
    for (int k = 0; k < 3; k++)
        ended = ended || strcmp(p->state, ends[k]) == 0;
    good = good && (ended || text(r, "status/state", NULL, "stopped"));
    return good ? ORR_OK : fail(r, ORR_E_FORMAT, path, "HDF5 cannot mend it: /status is damaged");
}

/* The copy, mended, under its temporary name. */
static orr_status make_copy(repair *r, const char *path)
{
    ORR_TRY(copy_bytes(r, path));
    ORR_TRY(lengthen(r, path));
    orr_h5_silence silence = orr_h5_begin();
    orr_h5_opening(path);
    orr_status status = mend(r, path);
    orr_h5_opening(NULL);
    if (r->file >= 0 && H5Fclose(r->file) < 0 && status == ORR_OK)
        status = fail(r, ORR_E_FILE, r->part, "cannot be written");
    orr_h5_end(silence);
    return status;
}

orr_status orr_repair(const char *path, const char *copy, bool force, orr_repair_follow *follow,
                      void *user, orr_repair_report *report, orr_diagnosis *why)
{
    orr_lock lock;
    repair r = {.file = -1, .report = report, .follow = follow, .user = user, .why = why};
    *report = (orr_repair_report){0};
    ORR_TRY(orr_lock_ask(path, why));
    if (orr_is_same_file(path, copy))
        return fail(&r, ORR_E_EXISTS, copy,
                    "the damaged file stays as it is; another name with -o");
    if (!force && access(copy, F_OK) == 0)
        return fail(&r, ORR_E_EXISTS, copy, "exists already; another name with -o, or --force");
    ORR_TRY(orr_lock_take(&lock, copy, why));
    snprintf(r.part, sizeof r.part, "%.4096s.part-%ld", copy, (long)getpid());
    orr_status status = make_copy(&r, path);
    if (r.no_memory)
        status = fail(&r, ORR_E_NO_MEMORY, path, "out of memory for its rows");
    if (r.stopped)
        status = fail(&r, ORR_E_STOPPED, copy, "stopped; nothing is left of it");
    if (status == ORR_OK && rename(r.part, copy) != 0)
        status = fail(&r, ORR_E_FILE, copy, strerror(errno));
    if (status != ORR_OK)
        unlink(r.part);
    orr_lock_release(&lock);
    return status;
}
