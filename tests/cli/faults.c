/* faults.c - preloaded into the program: its FAULT_AT-th call that changes a file goes wrong.
 * FAULT_KIND: kill (half of the bytes are written, then SIGKILL), cut (the power is: the same, and
 * of what was written since the last fsync() of a file any part is undone), full (no space from
 * then on), io (that one call fails with EIO).  FAULT_COUNT names a file that gets the number of
 * calls.  FAULT_NO_LOCKS: the file system has none. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FINE, KILL, FULL, IO };
static atomic_long calls;

/* The function that is meant (ISO C has no cast from an object to a function). */
#define NEXT(name) (*(__typeof__(&name) *)&(void *[]){dlsym(RTLD_NEXT, #name)}[0])

/* ---- what a power cut would undo ---- */

typedef struct change {
    int fd;
    ino_t file; /* which another fd may sync */
    off_t at;
    ssize_t n;
    char *old;
} change;
static change *changes;
static size_t n_changes;
static pthread_mutex_t lock =
    PTHREAD_MUTEX_INITIALIZER; /* checkpoints have a thread of their own */

static ino_t file_of(int fd)
{
    struct stat s;
    return fstat(fd, &s) == 0 ? s.st_ino : 0;
}

static void remember(int fd, size_t n, off_t at)
{
    const char *kind = getenv("FAULT_KIND");
    if (!kind || strcmp(kind, "cut") != 0)
        return;
    pthread_mutex_lock(&lock);
    changes = realloc(changes, (n_changes + 1) * sizeof *changes);
    change *c = &changes[n_changes++];
    *c = (change){.fd = fd, .file = file_of(fd), .at = at, .old = calloc(n, 1)};
    c->n = pread(fd, c->old, n, at);
    pthread_mutex_unlock(&lock);
}

static void synced(int fd)
{
    size_t kept = 0;
    ino_t file = file_of(fd);
    pthread_mutex_lock(&lock);
    for (size_t k = 0; k < n_changes; k++)
        if (changes[k].file != file)
            changes[kept++] = changes[k];
        else
            free(changes[k].old);
    n_changes = kept;
    pthread_mutex_unlock(&lock);
}

static void undo_some(void)
{
    uint64_t random = (uint64_t)atomic_load(&calls);
    pthread_mutex_lock(&lock); /* for good: the process ends here */
    for (size_t k = n_changes; k-- > 0;) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        if (random >> 63 && changes[k].n > 0)
            (void)!NEXT(pwrite)(changes[k].fd, changes[k].old, (size_t)changes[k].n, changes[k].at);
    }
}

/* ---- what goes wrong ---- */

static int verdict(int fd)
{
    struct stat s;
    if (fd >= 0 && (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)))
        return FINE; /* the terminal */
    const char *at = getenv("FAULT_AT"), *kind = getenv("FAULT_KIND");
    long k = atomic_fetch_add(&calls, 1) + 1, bad = at ? atol(at) : 0;
    if (!bad || !kind || k < bad)
        return FINE;
    if (strcmp(kind, "full") == 0)
        return FULL;
    return k > bad ? FINE : strcmp(kind, "io") == 0 ? IO : KILL;
}

static int refuse(int what)
{
    if (what == KILL) {
        undo_some();
        raise(SIGKILL);
    }
    errno = what == FULL ? ENOSPC : EIO;
    return -1;
}

ssize_t write(int fd, const void *data, size_t n)
{
    int what = verdict(fd);
    if (what == KILL)
        (void)!NEXT(write)(fd, data, n / 2);
    return what ? refuse(what) : NEXT(write)(fd, data, n);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
    int what = verdict(fd);
    remember(fd, n, at);
    if (what == KILL)
        (void)!NEXT(pwrite)(fd, data, n / 2, at);
    return what ? refuse(what) : NEXT(pwrite)(fd, data, n, at);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
    int what = verdict(fd);
    remember(fd, n, at);
    if (what == KILL)
        (void)!NEXT(pwrite64)(fd, data, n / 2, at);
    return what ? refuse(what) : NEXT(pwrite64)(fd, data, n, at);
}

size_t fwrite(const void *data, size_t size, size_t n, FILE *file)
{
    if (fileno(file) < 0) /* in memory */
        return NEXT(fwrite)(data, size, n, file);
    int what = verdict(fileno(file));
    if (what == KILL) {
        NEXT(fwrite)(data, size, n / 2, file);
        fflush(file);
    }
    return what ? (refuse(what), (size_t)0) : NEXT(fwrite)(data, size, n, file);
}

int fsync(int fd)
{
    int what = verdict(fd);
    if (!what)
        synced(fd);
    return what ? refuse(what) : NEXT(fsync)(fd);
}

int fdatasync(int fd)
{
    int what = verdict(fd);
    return what ? refuse(what) : NEXT(fdatasync)(fd);
}

int ftruncate(int fd, off_t size)
{
    int what = verdict(fd);
    return what ? refuse(what) : NEXT(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    int what = verdict(fd);
    return what ? refuse(what) : NEXT(ftruncate64)(fd, size);
}

int fallocate(int fd, int mode, off_t from, off_t size)
{
    int what = verdict(fd);
    return what ? refuse(what) : NEXT(fallocate)(fd, mode, from, size);
}

int fallocate64(int fd, int mode, off64_t from, off64_t size)
{
    int what = verdict(fd);
    return what ? refuse(what) : NEXT(fallocate64)(fd, mode, from, size);
}

int rename(const char *from, const char *to)
{
    int what = verdict(-1);
    return what ? refuse(what) : NEXT(rename)(from, to);
}

int link(const char *from, const char *to)
{
    int what = verdict(-1);
    return what ? refuse(what) : NEXT(link)(from, to);
}

int fcntl(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *); /* or an int, in the same register */
    va_end(list);
    if ((command == F_OFD_SETLK || command == F_OFD_GETLK) && getenv("FAULT_NO_LOCKS")) {
        errno = ENOLCK;
        return -1;
    }
    return NEXT(fcntl)(fd, command, argument);
}

__attribute__((destructor)) static void count(void)
{
    const char *path = getenv("FAULT_COUNT");
    FILE *out = path ? fopen(path, "w") : NULL;
    if (out) {
        fprintf(out, "%ld\n", atomic_load(&calls));
        fclose(out);
    }
}
