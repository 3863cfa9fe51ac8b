/* lock.c - see lock.h.  fcntl(2): "Open file description locks (non-POSIX)", "Leases". */
#include "lock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RECORD = 400 }; /* [bytes] at most, of what the holder of a lock says of itself */

static orr_status fail(orr_diagnosis *why, orr_status code, const char *format, const char *path,
                       const char *detail)
{
    *why = (orr_diagnosis){0};
    snprintf(why->text, sizeof why->text, format, path, detail);
    return code;
}

/* ---- names ---- */

/* One lock file for all names that lead to a file: links are followed, also where the file itself
 * is not there yet. */
static void name_of_lock(const char *path, char name[4400])
{
    char folder[4200];
    char *whole = realpath(path, NULL);
    if (whole) {
        snprintf(name, 4400, "%.4096s.lock", whole);
        free(whole);
        return;
    }
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
    snprintf(folder, sizeof folder, "%.*s.", slash ? (int)(slash - path) + 1 : 0, path);
    whole = realpath(folder, NULL);
    snprintf(name, 4400, "%.4096s/%.255s.lock", whole ? whole : folder, last);
    free(whole);
}

bool orr_is_same_file(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

bool orr_first_of(const char *path, char first[4096])
{
    size_t n = strlen(path);
    const char *ending = n > 3 && strcmp(path + n - 3, ".h5") == 0 ? ".h5" : "";
    n -= strlen(ending);
    const char *number = n > 5 ? path + n - 5 : "";
    if (*number != '.' || strspn(number + 1, "0123456789") != 4 || number + 5 != path + n)
        return false;
    snprintf(first, 4096, "%.*s%s", (int)(n - 5), path, ending);
    return true;
}

/* NAME.part-PID of writers that were killed; while the lock is held none is at work. */
static void sweep(const orr_lock *l)
{
    char folder[sizeof l->path], start[300], name[sizeof l->path + 300];
    const char *slash = strrchr(l->path, '/');
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - l->path) + 1, l->path);
    int stem = (int)(strlen(slash + 1) - strlen(".lock"));
    snprintf(start, sizeof start, "%.*s.part-", stem, slash + 1);
    size_t length = strlen(start);
    DIR *all = opendir(folder);
    for (struct dirent *e; all && (e = readdir(all));) {
        const char *number = e->d_name + length;
        if (strncmp(e->d_name, start, length) == 0 && *number &&
            strspn(number, "0123456789") == strlen(number)) {
            snprintf(name, sizeof name, "%s%s", folder, e->d_name);
            (void)unlink(name);
        }
    }
    if (all)
        closedir(all);
}

/* ---- the holder ---- */

static void write_record(int fd)
{
    char text[RECORD], host[256] = "", stamp[40];
    time_t now = time(NULL);
    struct tm utc;
    gethostname(host, sizeof host - 1);
    strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S UTC", gmtime_r(&now, &utc));
    int n = snprintf(text, sizeof text, "process %ld on host %.200s since %s\n", (long)getpid(),
                     host, stamp);
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n)
        return; /* the lock is held without its words */
}

/* The one line of a lock file; it may be just about to be written. */
static void read_record(int fd, char text[RECORD])
{
    ssize_t n = 0;
    for (int tries = 0; tries < 20 && n <= 0; tries++) {
        if (tries)
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        n = pread(fd, text, RECORD - 1, 0);
    }
    text[n > 0 ? n : 0] = 0;
    text[strcspn(text, "\n")] = 0;
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            *p = '?';
}

static orr_status busy(int fd, const char *path, orr_diagnosis *why)
{
    char who[RECORD];
    read_record(fd, who);
    return fail(why, ORR_E_BUSY, "'%.300s' is being written by %s; wait for it, or stop it", path,
                *who ? who : "another process");
}

/* A lease for reading is refused as long as the file is open anywhere for writing. */
static bool has_writer(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    (void)fcntl(fd, F_SETSIG, SIGURG); /* ignored; a lease that is broken sends it */
    bool has = fcntl(fd, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
    (void)fcntl(fd, F_SETLEASE, F_UNLCK);
    close(fd);
    return has;
}

static orr_status written_elsewhere(const char *path, orr_diagnosis *why)
{
    return has_writer(path) ? fail(why, ORR_E_BUSY,
                                   "'%.300s' is being written by another process%s; wait for it, "
                                   "or stop it",
                                   path, ", under another name")
                            : ORR_OK;
}

/* ---- the lock ---- */

/* 1: it is ours; 0: another's; -1: there are none here (errno). */
static int try_to_lock(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
        return 1;
    return errno == EAGAIN || errno == EACCES ? 0 : -1;
}

/* The former holder may have removed the file between our opening it and our locking it. */
static bool is_still_there(int fd, const char *path)
{
    struct stat ours, there;
    return fstat(fd, &ours) == 0 && lstat(path, &there) == 0 && ours.st_dev == there.st_dev &&
           ours.st_ino == there.st_ino;
}

/* Of another user, perhaps: a lock that is not held may go, if the folder allows it. */
static int open_lock_file(const char *name)
{
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    int fd = open(name, flags, 0666);
    if (fd >= 0 || errno != EACCES)
        return fd;
    int old = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    bool free_ = old >= 0 && fcntl(old, F_OFD_GETLK, &whole) == 0 && whole.l_type == F_UNLCK;
    if (old < 0 || !free_) {
        errno = EACCES;
        return old; /* it is held: to be read */
    }
    close(old);
    errno = EACCES;
    return unlink(name) == 0 ? open(name, flags, 0666) : -1;
}

orr_status orr_lock_take(orr_lock *l, const char *path, orr_diagnosis *why)
{
    *l = (orr_lock){0};
    name_of_lock(path, l->path);
    for (int tries = 0; tries < 1000; tries++) {
        int fd = open_lock_file(l->path);
        if (fd < 0)
            return fail(why, ORR_E_FILE, "cannot create '%.300s': %s", path, strerror(errno));
        int got = try_to_lock(fd);
        if (got < 0 && errno != EBADF) { /* EBADF: open for reading alone, and held */
            snprintf(l->warning, sizeof l->warning,
                     "this file system has no locks (%s): see to it that no other process writes "
                     "'%.100s'",
                     strerror(errno), path);
            unlink(l->path);
            close(fd);
            return ORR_OK;
        }
        if (got > 0 && !is_still_there(fd, l->path)) {
            close(fd);
            continue;
        }
        orr_status status = got > 0 ? written_elsewhere(path, why) : busy(fd, path, why);
        if (status != ORR_OK) {
            if (got > 0)
                unlink(l->path);
            close(fd);
            return status;
        }
        l->held = true;
        l->fd = fd;
        write_record(fd);
        sweep(l);
        return ORR_OK;
    }
    return fail(why, ORR_E_BUSY, "'%.300s': %s", path,
                "its lock comes and goes; other processes are starting to write it");
}

orr_status orr_lock_ask(const char *path, orr_diagnosis *why)
{
    char name[4400];
    name_of_lock(path, name);
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return written_elsewhere(path, why);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    bool held = fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    orr_status status = held ? busy(fd, path, why) : written_elsewhere(path, why);
    close(fd);
    return status;
}

void orr_lock_release(orr_lock *l)
{
    if (!l->held)
        return;
    if (is_still_there(l->fd, l->path))
        unlink(l->path);
    close(l->fd);
    l->held = false;
}
