/* particles.h - snapshots of other N-body codes as bodies; private to engine/io.
 *
 *     registry.c       the formats, and which one a file is
 *     files.c          bytes of a file at a place, of either order
 *     gadget.c         GADGET's binary formats 1 and 2
 *     gadget_hdf5.c    HDF5 of GADGET, AREPO, SWIFT
 *     tipsy.c, nemo.c, amuse.c, nbody6.c
 *     amuse_units.c    AMUSE's units, which are written as Python
 *     h5_columns.c     attributes and rows of HDF5
 *     scales.c         `units:`, h and a: what the numbers are in the units of the scenario
 *     identities.c     ids: no two are the same
 *     group.c          `snapshot:` of a group: all of it together
 *
 * A format says what is in its file (open), of which nothing but counts is believed before it is
 * compared with the size of the file, and then hands rows on, some thousands at a time, which are
 * put where the bodies are: nothing is in memory twice. */
#ifndef ORRERY_IO_PARTICLES_H
#define ORRERY_IO_PARTICLES_H

#include <stdint.h>
#include <sys/types.h>

#include "io/scenario/internal.h"

enum {
    ORR_MOST_KINDS = 7,    /* of particles: gas, halo, ... */
    ORR_MOST_ROWS = 32768, /* handed on at a time */
    ORR_PROBE_BYTES = 4096
};

/* Some rows of one kind; what is NULL comes with others. */
typedef struct orr_rows {
    size_t kind, first, n;   /* [first, first + n) of its kind, counted over all files */
    const double *pos, *vel; /* [n][3] */
    const double *mass;      /* [n] */
    const uint64_t *id;      /* [n] */
} orr_rows;

/* What one unit of the file is, in SI, and which powers of h and of the scale factor a go with it.
 * 0: the file does not say. */
typedef struct orr_particle_scales {
    double length, mass, speed; /* [m] [kg] [m/s] */
    double h_power;             /* of length and mass; -1: kpc/h */
    double speed_a_power;       /* 1/2: v = sqrt(a) u (GADGET); of lengths it is 1 */
} orr_particle_scales;

/* Room for rows. */
typedef struct orr_buffers {
    double *pos, *vel, *mass; /* [ORR_MOST_ROWS] of 3, 3, 1 */
    uint64_t *id;
} orr_buffers;

typedef struct orr_particle_format orr_particle_format;

/* A snapshot that is open. */
typedef struct orr_particle_file {
    const orr_particle_format *format;
    const char *path;
    const unsigned char *start; /* [started] its first bytes */
    size_t started;
    off_t size;
    bool is_hdf5;
    bool index_given;       /* `index:` of a file that holds several */
    size_t index, n_inside; /* which of how many */
    size_t most;            /* bodies that fit */
    bool wanted[ORR_MOST_KINDS];

    /* what open() says */
    size_t n[ORR_MOST_KINDS];
    bool has_mass[ORR_MOST_KINDS];
    bool has_id;
    bool has_time;
    double time; /* in the units of the file */
    orr_particle_scales scales;
    bool comoving;
    double a, h, omega_m, omega_l; /* 0: not said */
    const char *untaken;           /* of what is there and is not read: "softening"; or NULL */

    orr_buffers rows; /* for read() */
    void *own;        /* of the format */
    char wrong[400];
} orr_particle_file;

typedef orr_status orr_take_rows(void *user, const orr_rows *rows);

struct orr_particle_format {
    orr_catalogue_entry entry;
    const char *const *kinds; /* [ORR_MOST_KINDS] names, as far as there are some */
    size_t own_size;
    /* Do these bytes begin such a file?  HDF5 is open as `file`, else that is -1. */
    bool (*recognise)(const orr_particle_file *f, int64_t file);
    orr_status (*open)(orr_particle_file *f);
    /* All rows of the kinds that are wanted, each once. */
    orr_status (*read)(orr_particle_file *f, orr_take_rows *take, void *user);
    void (*close)(orr_particle_file *f); /* NULL: nothing to do */
};

/* ---- registry.c ---- */

const orr_particle_format *orr_particle_format_at(size_t i);
/* Look at the file and open it by the format that it is; `wish` (may be NULL) must be that one.
 * f->path, index, most are set before.  To be closed in any case. */
orr_status orr_particles_open(orr_particle_file *f, const orr_particle_format *wish);
void orr_particles_close(orr_particle_file *f);
/* ORR_E_FORMAT, with the sentence in f->wrong. */
orr_status orr_particles_fail(orr_particle_file *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Which of several snapshots in the file is meant, of n; the error says how to choose. */
orr_status orr_particles_choose(orr_particle_file *f, size_t n);

/* ---- files.c ---- */

/* A file of bytes, those of numbers in either order. */
typedef struct orr_bytes {
    int file;
    off_t size;
    bool swapped;
} orr_bytes;

orr_status orr_bytes_open(orr_particle_file *f, const char *path, orr_bytes *out);
void orr_bytes_close(orr_bytes *b);
orr_status orr_bytes_read(orr_particle_file *f, const orr_bytes *b, off_t at, void *out, size_t n);
uint32_t orr_get_u32(const void *p, bool swapped);
uint64_t orr_get_u64(const void *p, bool swapped);
/* A float (width 4) or a double (8). */
double orr_get_real(const void *p, size_t width, bool swapped);
/* n reals, or whole numbers, that stand together. */
orr_status orr_bytes_reals(orr_particle_file *f, const orr_bytes *b, off_t at, size_t width,
                           size_t n, double *out);
orr_status orr_bytes_ids(orr_particle_file *f, const orr_bytes *b, off_t at, size_t width, size_t n,
                         uint64_t *out);
orr_status orr_buffers_make(orr_buffers *b);
void orr_buffers_free(orr_buffers *b);

/* "snap.0" -> "snap.3", "snap.0.hdf5" -> "snap.3.hdf5"; false: the name has no such number. */
bool orr_sibling(const char *path, size_t k, char *out, size_t size);

/* ---- gadget.c ---- */

extern const char *const orr_gadget_kinds[ORR_MOST_KINDS];

/* ---- scales.c ---- */

/* Factors from the file to the scenario. */
typedef struct orr_particle_factors {
    double pos, vel, gm;
    double flow; /* [1/time] added to velocities: times the position */
} orr_particle_factors;

/* From time and redshift of a header of GADGET's kind: is it comoving, and what is a?  Sets
 * f->comoving, f->a. */
orr_status orr_particles_expansion(orr_particle_file *f, double redshift);

orr_status orr_particle_factors_of(loader *l, orr_yaml *node, const orr_particle_file *f,
                                   orr_particle_factors *out);

/* ---- identities.c ---- */

/* *same: is some id there twice?  *which gets it. */
orr_status orr_find_repeated(const uint64_t *ids, size_t n, bool *same, uint64_t *which);

/* ---- group.c ---- */

orr_status orr_read_snapshot(loader *l, const orr_group *group, const orr_yaml *file);

#endif
