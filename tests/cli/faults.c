/* faults.c - preloaded into the program: its FAULT_AT-th call that changes a file goes wrong.
 * FAULT_KIND: kill (half of the bytes are written, then SIGKILL), full (no space from then on), io
 * (that one call fails with EIO).  FAULT_COUNT names a file that gets the number of calls. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FINE, KILL, FULL, IO };
static atomic_long calls;

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
    if (what == KILL)
        raise(SIGKILL);
    errno = what == FULL ? ENOSPC : EIO;
    return -1;
}

/* The function that is meant (ISO C has no cast from an object to a function). */
#define NEXT(name) (*(__typeof__(&name) *)&(void *[]){dlsym(RTLD_NEXT, #name)}[0])

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
    if (what == KILL)
        (void)!NEXT(pwrite)(fd, data, n / 2, at);
    return what ? refuse(what) : NEXT(pwrite)(fd, data, n, at);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
    int what = verdict(fd);
    if (what == KILL)
        (void)!NEXT(pwrite64)(fd, data, n / 2, at);
    return what ? refuse(what) : NEXT(pwrite64)(fd, data, n, at);
}

int fsync(int fd)
{
    int what = verdict(fd);
    return what ? refuse(what == FULL ? FULL : what) : NEXT(fsync)(fd);
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

__attribute__((destructor)) static void count(void)
{
    const char *path = getenv("FAULT_COUNT");
    FILE *out = path ? fopen(path, "w") : NULL;
    if (out) {
        fprintf(out, "%ld\n", atomic_load(&calls));
        fclose(out);
    }
}
