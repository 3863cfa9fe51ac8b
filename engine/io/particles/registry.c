/* registry.c - the formats of snapshots, and which one a file is: by what is in it, never by its
 * name. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "h5_columns.h"
#include "io/kinds.h"

#define ORR_PARTICLES(name) extern const orr_particle_format orr_particles_##name;
#include "formats.def"
#undef ORR_PARTICLES

static const orr_particle_format *const all[] = {
#define ORR_PARTICLES(name) &orr_particles_##name,
#include "formats.def"
#undef ORR_PARTICLES
};

const orr_particle_format *orr_particle_format_at(size_t i)
{
    return i < LENGTH_OF(all) ? all[i] : NULL;
}

const orr_catalogue_entry *orr_snapshot_format_at(size_t i)
{
    return i < LENGTH_OF(all) ? &all[i]->entry : NULL;
}

orr_status orr_particles_fail(orr_particle_file *f, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(f->wrong, sizeof f->wrong, format, arguments);
    va_end(arguments);
    return ORR_E_FORMAT;
}

orr_status orr_particles_choose(orr_particle_file *f, size_t n)
{
    f->n_inside = n;
    if (n == 0)
        return orr_particles_fail(f, "there is no snapshot with positions in it");
    if (f->index_given && f->index >= n)
        return orr_particles_fail(f, "it holds %zu snapshots, index 0 to %zu", n, n - 1);
    if (!f->index_given && n > 1)
        return orr_particles_fail(f, "it holds %zu snapshots: choose one, index: 0 to %zu", n,
                                  n - 1);
    return ORR_OK;
}

/* All formats that this file could be. */
static size_t recognised(orr_particle_file *f, const orr_particle_format *found[])
{
    size_t n = 0;
    orr_h5_silence silence = orr_h5_begin();
    hid_t file = f->is_hdf5 ? orr_h5_file_open(f, f->path) : -1;
    for (size_t i = 0; i < LENGTH_OF(all); i++)
        if (all[i]->recognise(f, file))
            found[n++] = all[i];
    orr_h5_file_close(file);
    orr_h5_end(silence);
    return n;
}

static orr_status unknown(orr_particle_file *f)
{
    const char *what;
    if (f->is_hdf5)
        return orr_particles_fail(
            f, "this HDF5 file is cut off, or no snapshot of GADGET, AREPO, SWIFT or AMUSE; the "
               "output of a run of ours becomes a scenario by `orrery export --for scenario`");
    orr_file_kind kind = orr_kind_of_bytes((const char *)f->start, f->started, &what);
    return orr_particles_fail(f, "%s%s is no snapshot that is known: see `orrery list snapshots`",
                              kind == ORR_FILE_UNKNOWN ? "" : "this file, ",
                              kind == ORR_FILE_UNKNOWN ? "this file" : what);
}

/* Which format, if it is one and the wished one. */
static orr_status settle(orr_particle_file *f, const orr_particle_format *wish)
{
    const orr_particle_format *found[LENGTH_OF(all)];
    size_t n = recognised(f, found);
    for (size_t k = 0; wish && k < n; k++)
        if (found[k] == wish) {
            f->format = wish;
            return ORR_OK;
        }
    if (n == 0)
        return unknown(f);
    if (wish)
        return orr_particles_fail(f, "its content is that of 'format: %s', not of '%s'",
                                  found[0]->entry.name, wish->entry.name);
    if (n > 1)
        return orr_particles_fail(f, "it could be '%s' and '%s': say which, with 'format:'",
                                  found[0]->entry.name, found[1]->entry.name);
    f->format = found[0];
    return ORR_OK;
}

/* Its first bytes. */
static orr_status probe(orr_particle_file *f)
{
    static const unsigned char hdf5[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    orr_bytes b;
    ORR_TRY(orr_bytes_open(f, f->path, &b));
    f->size = b.size;
    f->started = b.size < ORR_PROBE_BYTES ? (size_t)b.size : ORR_PROBE_BYTES;
    unsigned char *start = malloc(ORR_PROBE_BYTES);
    orr_status status = start ? orr_bytes_read(f, &b, 0, start, f->started) : ORR_E_NO_MEMORY;
    f->start = start;
    orr_bytes_close(&b);
    f->is_hdf5 = status == ORR_OK && f->started > 8 && memcmp(start, hdf5, 8) == 0;
    return status;
}

orr_status orr_particles_open(orr_particle_file *f, const orr_particle_format *wish)
{
    ORR_TRY(probe(f));
    if (f->size == 0)
        return orr_particles_fail(f, "this file is empty");
    ORR_TRY(settle(f, wish));
    f->own = calloc(1, f->format->own_size + 1);
    if (!f->own)
        return ORR_E_NO_MEMORY;
    ORR_TRY(f->format->open(f));
    if (f->index_given && f->n_inside == 0)
        return orr_particles_fail(f, "a file of this kind holds one snapshot: leave out 'index'");
    return ORR_OK;
}

void orr_particles_close(orr_particle_file *f)
{
    if (f->own && f->format->close)
        f->format->close(f);
    orr_buffers_free(&f->rows);
    free(f->own);
    free((void *)(uintptr_t)f->start);
    f->own = NULL;
    f->start = NULL;
}
