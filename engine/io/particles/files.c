/* files.c - bytes of a file at a place, as numbers of either byte order. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "particles.h"

orr_status orr_bytes_open(orr_particle_file *f, const char *path, orr_bytes *out)
{
    struct stat info;
    *out = (orr_bytes){.file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (out->file < 0) {
        (void)orr_particles_fail(f, "cannot open '%.200s': %s", path, strerror(errno));
        return ORR_E_FILE;
    }
    if (fstat(out->file, &info) != 0 || !S_ISREG(info.st_mode)) {
        orr_bytes_close(out);
        return orr_particles_fail(f, "'%.200s' is no file of bytes, but a folder or a device",
                                  path);
    }
    out->size = info.st_size;
    return ORR_OK;
}

void orr_bytes_close(orr_bytes *b)
{
    if (b->file >= 0)
        close(b->file);
    b->file = -1;
}

orr_status orr_bytes_read(orr_particle_file *f, const orr_bytes *b, off_t at, void *out, size_t n)
{
    char *to = out;
    while (n > 0) {
        ssize_t got = pread(b->file, to, n, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            (void)orr_particles_fail(f, "cannot read: %s", strerror(errno));
            return ORR_E_FILE;
        }
        if (got == 0)
            return orr_particles_fail(f, "it is cut off, after %lld bytes", (long long)b->size);
        to += got, at += got, n -= (size_t)got;
    }
    return ORR_OK;
}

uint32_t orr_get_u32(const void *p, bool swapped)
{
    uint32_t x;
    memcpy(&x, p, sizeof x);
    return swapped ? __builtin_bswap32(x) : x;
}

uint64_t orr_get_u64(const void *p, bool swapped)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return swapped ? __builtin_bswap64(x) : x;
}

double orr_get_real(const void *p, size_t width, bool swapped)
{
    if (width == 4) {
        uint32_t bits = orr_get_u32(p, swapped);
        float x;
        memcpy(&x, &bits, sizeof x);
        return (double)x;
    }
    uint64_t bits = orr_get_u64(p, swapped);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

enum { SLICE = 65536 }; /* bytes */

orr_status orr_bytes_reals(orr_particle_file *f, const orr_bytes *b, off_t at, size_t width,
                           size_t n, double *out)
{
    unsigned char slice[SLICE];
    for (size_t done = 0; done < n;) {
        size_t some = n - done < SLICE / width ? n - done : SLICE / width;
        ORR_TRY(orr_bytes_read(f, b, at + (off_t)(done * width), slice, some * width));
        for (size_t k = 0; k < some; k++)
            out[done + k] = orr_get_real(slice + k * width, width, b->swapped);
        done += some;
    }
    return ORR_OK;
}

orr_status orr_bytes_ids(orr_particle_file *f, const orr_bytes *b, off_t at, size_t width, size_t n,
                         uint64_t *out)
{
    unsigned char slice[SLICE];
    for (size_t done = 0; done < n;) {
        size_t some = n - done < SLICE / width ? n - done : SLICE / width;
        ORR_TRY(orr_bytes_read(f, b, at + (off_t)(done * width), slice, some * width));
        for (size_t k = 0; k < some; k++)
            out[done + k] = width == 4 ? orr_get_u32(slice + k * 4, b->swapped)
                                       : orr_get_u64(slice + k * 8, b->swapped);
        done += some;
    }
    return ORR_OK;
}

orr_status orr_buffers_make(orr_buffers *b)
{
    *b = (orr_buffers){.pos = malloc(3 * ORR_MOST_ROWS * sizeof *b->pos),
                       .vel = malloc(3 * ORR_MOST_ROWS * sizeof *b->vel),
                       .mass = malloc(ORR_MOST_ROWS * sizeof *b->mass),
                       .id = malloc(ORR_MOST_ROWS * sizeof *b->id)};
    if (b->pos && b->vel && b->mass && b->id)
        return ORR_OK;
    orr_buffers_free(b);
    return ORR_E_NO_MEMORY;
}

void orr_buffers_free(orr_buffers *b)
{
    free(b->pos), free(b->vel), free(b->mass), free(b->id);
    *b = (orr_buffers){0};
}

bool orr_sibling(const char *path, size_t k, char *out, size_t size)
{
    static const char *const endings[] = {".hdf5", ".h5"};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *end = name + strlen(name), *dot = NULL;
    for (size_t e = 0; e < LENGTH_OF(endings); e++) {
        size_t length = strlen(endings[e]);
        if (end > name + length && strcmp(end - length, endings[e]) == 0)
            end -= length;
    }
    for (const char *p = name; p < end; p++)
        dot = *p == '.' ? p : dot;
    if (!dot || dot + 1 == end || dot + 1 + strspn(dot + 1, "0123456789") < end)
        return false;
    int n = snprintf(out, size, "%.*s%zu%s", (int)(dot + 1 - path), path, k, end);
    return n > 0 && (size_t)n < size;
}
