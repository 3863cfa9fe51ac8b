/* gadget.c - binary snapshots of GADGET-1, -2 and -3, formats 1 and 2, of either byte order, in one
 * file or in snap.0, snap.1, ...
 *
 *     format 1:  [256] header [256]  [n] positions [n]  [n] velocities [n]  [n] ids [n]  ...
 *     format 2:  before each of these a record of 8 bytes: [8] "POS " next [8]
 *
 * The numbers in brackets are Fortran's lengths of records, of 4 bytes, so those above 4 GiB are
 * known modulo 2^32 only.  Numbers are floats or doubles, ids of 4 or 8 bytes: which, the length
 * of a block tells.  Springel, User guide for GADGET-2, section 6 (2005); lengths and masses go
 * with 1/h, and in comoving runs velocities are u = v / sqrt(a). */
#include <stdlib.h>
#include <string.h>

#include "particles.h"

enum { POSITIONS, VELOCITIES, IDS, MASSES, BLOCKS, KINDS = 6, HEADER = 256, MOST_FILES = 100000 };

static const char labels[BLOCKS][5] = {"POS ", "VEL ", "ID  ", "MASS"};
static const char *const words[BLOCKS] = {"positions", "velocities", "ids", "masses"};

/* One of the files of a snapshot. */
typedef struct part {
    size_t n[KINDS];
    off_t at[BLOCKS]; /* 0: it is not there */
    size_t width[BLOCKS];
} part;

typedef struct header {
    uint32_t n[KINDS], n_files;
    uint64_t total[KINDS];
    double mass[KINDS], time, redshift, omega_m, omega_l, h;
} header;

typedef struct own {
    part *parts; /* [n_parts] */
    size_t n_parts;
    double mass[KINDS]; /* of each particle of a kind; 0: in the block */
} own;

/* ---- records ---- */

/* A first record of 256 or of 8 bytes, in which order? */
static bool first_record(const unsigned char *start, size_t n, uint32_t *length, bool *swapped)
{
    if (n < 4)
        return false;
    for (int order = 0; order < 2; order++) {
        *length = orr_get_u32(start, order == 1);
        *swapped = order == 1;
        if (*length == HEADER || *length == 8)
            return true;
    }
    return false;
}

static bool recognise(const orr_particle_file *f, int64_t file)
{
    (void)file;
    uint32_t length;
    bool swapped;
    if (!first_record(f->start, f->started, &length, &swapped))
        return false;
    if (length == 8)
        return f->started > 24 && memcmp(f->start + 4, "HEAD", 4) == 0;
    return f->started < HEADER + 8 || orr_get_u32(f->start + HEADER + 4, swapped) == HEADER;
}

/* A walk along the records of a file. */
typedef struct walk {
    orr_bytes bytes;
    bool labelled; /* format 2 */
    off_t at;
    size_t number; /* of the block, from 0: the header */
    char label[5];
} walk;

/* The length before the next record, and its label; *more is false at the end of the file. */
static orr_status next_record(orr_particle_file *f, walk *w, uint32_t *length, bool *more)
{
    unsigned char bytes[16];
    *more = w->at < w->bytes.size;
    if (!*more)
        return ORR_OK;
    if (w->labelled) {
        ORR_TRY(orr_bytes_read(f, &w->bytes, w->at, bytes, 16));
        if (orr_get_u32(bytes, w->bytes.swapped) != 8 ||
            orr_get_u32(bytes + 12, w->bytes.swapped) != 8)
            return orr_particles_fail(f, "damaged: no label of a block at byte %lld",
                                      (long long)w->at);
        memcpy(w->label, bytes + 4, 4);
        w->at += 16;
    }
    ORR_TRY(orr_bytes_read(f, &w->bytes, w->at, bytes, 4));
    *length = orr_get_u32(bytes, w->bytes.swapped);
    w->at += 4;
    w->number++;
    return ORR_OK;
}

/* Is a record of `bytes` here, that ends as it begins? */
static bool fits(orr_particle_file *f, const walk *w, uint32_t length, uint64_t bytes)
{
    unsigned char end[4];
    if ((uint32_t)bytes != length || bytes > (uint64_t)(w->bytes.size - w->at))
        return false;
    if (orr_bytes_read(f, &w->bytes, w->at + (off_t)bytes, end, 4) != ORR_OK)
        return false;
    return orr_get_u32(end, w->bytes.swapped) == length;
}

/* ---- header and blocks ---- */

static orr_status read_header(orr_particle_file *f, walk *w, header *h)
{
    unsigned char b[HEADER];
    uint32_t length = 0;
    bool more, swapped = w->bytes.swapped;
    ORR_TRY(next_record(f, w, &length, &more));
    if (!more || length != HEADER || !fits(f, w, length, HEADER))
        return orr_particles_fail(f,
                                  "cut off, or its header has not the 256 bytes of GADGET-1 to -3 "
                                  "(GADGET-4 writes that if told GADGET2_HEADER, or HDF5)");
    ORR_TRY(orr_bytes_read(f, &w->bytes, w->at, b, HEADER));
    w->at += HEADER + 4;
    for (size_t k = 0; k < KINDS; k++) {
        h->n[k] = orr_get_u32(b + 4 * k, swapped);
        h->mass[k] = orr_get_real(b + 24 + 8 * k, 8, swapped);
        h->total[k] = orr_get_u32(b + 96 + 4 * k, swapped) +
                      ((uint64_t)orr_get_u32(b + 168 + 4 * k, swapped) << 32);
    }
    h->time = orr_get_real(b + 72, 8, swapped);
    h->redshift = orr_get_real(b + 80, 8, swapped);
    h->n_files = orr_get_u32(b + 124, swapped);
    h->omega_m = orr_get_real(b + 136, 8, swapped);
    h->omega_l = orr_get_real(b + 144, 8, swapped);
    h->h = orr_get_real(b + 152, 8, swapped);
    return ORR_OK;
}

/* How many numbers a block holds. */
static uint64_t numbers_in(const own *o, const part *p, int block)
{
    uint64_t n = 0;
    for (size_t k = 0; k < KINDS; k++)
        n += block == MASSES && o->mass[k] != 0 ? 0 : p->n[k];
    return block <= VELOCITIES ? 3 * n : n;
}

/* Which block it is; BLOCKS: none that we read. */
static int block_of(const walk *w)
{
    int block = (int)w->number - 2; /* the header was the first */
    if (!w->labelled)
        return block < BLOCKS ? block : BLOCKS;
    for (block = 0; block < BLOCKS && memcmp(w->label, labels[block], 4) != 0;)
        block++;
    return block;
}

static orr_status read_block(orr_particle_file *f, walk *w, part *p, int block, uint32_t length)
{
    uint64_t n = numbers_in(f->own, p, block);
    if (p->at[block])
        return orr_particles_fail(f, "damaged: it has two blocks of %s", words[block]);
    for (size_t width = 4; width <= 8; width += 4)
        if (fits(f, w, length, n * width)) {
            p->at[block] = w->at;
            p->width[block] = width;
            w->at += (off_t)(n * width) + 4;
            return ORR_OK;
        }
    return orr_particles_fail(
        f,
        "cut off, or its block of %s (%u bytes) is not that of the particles in its header: "
        "%llu numbers of 4 or 8 bytes",
        words[block], length, (unsigned long long)n);
}

static orr_status read_blocks(orr_particle_file *f, walk *w, part *p)
{
    bool more, masses = numbers_in(f->own, p, MASSES) > 0;
    uint32_t length;
    while (true) {
        ORR_TRY(next_record(f, w, &length, &more));
        if (!more)
            break;
        int block = block_of(w);
        if (!w->labelled && block >= (masses ? BLOCKS : MASSES))
            break;
        if (block < BLOCKS && (block != MASSES || masses)) {
            ORR_TRY(read_block(f, w, p, block, length));
            continue;
        }
        if (!fits(f, w, length, length))
            return orr_particles_fail(f, "cut off, in block '%s'", w->label);
        w->at += (off_t)length + 4;
    }
    for (int block = POSITIONS; block <= VELOCITIES; block++)
        if (!p->at[block])
            return orr_particles_fail(f, "cut off: there is no block of %s", words[block]);
    return ORR_OK;
}

/* Header and blocks of one file. */
static orr_status read_part(orr_particle_file *f, const char *path, part *p, header *h)
{
    walk w = {.number = 0};
    uint32_t length = 0;
    unsigned char start[4];
    ORR_TRY(orr_bytes_open(f, path, &w.bytes));
    orr_status status = orr_bytes_read(f, &w.bytes, 0, start, 4);
    if (status == ORR_OK && !first_record(start, 4, &length, &w.bytes.swapped))
        status = orr_particles_fail(f, "'%.200s' is no file of this snapshot", path);
    w.labelled = length == 8;
    if (status == ORR_OK)
        status = read_header(f, &w, h);
    own *o = f->own;
    for (size_t k = 0; k < KINDS && status == ORR_OK; k++) {
        p->n[k] = h->n[k];
        if (p == o->parts)
            o->mass[k] = h->mass[k];
        else if (p->n[k] && h->mass[k] != o->mass[k])
            status = orr_particles_fail(f, "'%.200s' has other masses in its header", path);
    }
    if (status == ORR_OK)
        status = read_blocks(f, &w, p);
    orr_bytes_close(&w.bytes);
    return status;
}

/* Count over all files, and compare with what the first header promises. */
static orr_status add_up(orr_particle_file *f, const header *first)
{
    const own *o = f->own;
    uint64_t sum[KINDS] = {0}, promised = 0;
    f->has_id = true;
    bool has_masses = true;
    for (size_t m = 0; m < o->n_parts; m++) {
        const part *p = &o->parts[m];
        for (size_t k = 0; k < KINDS; k++)
            sum[k] += p->n[k];
        f->has_id = f->has_id && p->at[IDS];
        has_masses = has_masses && (p->at[MASSES] || numbers_in(o, p, MASSES) == 0);
    }
    for (size_t k = 0; k < KINDS; k++)
        promised += first->total[k];
    for (size_t k = 0; k < KINDS; k++) {
        if (promised && first->total[k] != sum[k])
            return orr_particles_fail(
                f, "its header promises %llu particles of type %zu, the files hold %llu",
                (unsigned long long)first->total[k], k, (unsigned long long)sum[k]);
        f->n[k] = (size_t)sum[k];
        f->has_mass[k] = o->mass[k] != 0 || has_masses;
    }
    return ORR_OK;
}

static orr_status open_files(orr_particle_file *f, size_t n)
{
    own *o = f->own;
    part *parts = calloc(n, sizeof *parts);
    if (!parts)
        return ORR_E_NO_MEMORY;
    parts[0] = o->parts[0];
    free(o->parts);
    o->parts = parts;
    o->n_parts = n;
    for (size_t m = 0; m < n; m++) {
        char path[4200];
        header h;
        if (!orr_sibling(f->path, m, path, sizeof path))
            return orr_particles_fail(f,
                                      "one of %zu files, whose names end in .0, .1, ...: this "
                                      "name does not",
                                      n);
        ORR_TRY(read_part(f, path, &parts[m], &h));
    }
    return ORR_OK;
}

static orr_status open_all(orr_particle_file *f)
{
    own *o = f->own;
    header h;
    o->parts = calloc(1, sizeof *o->parts);
    o->n_parts = 1;
    if (!o->parts)
        return ORR_E_NO_MEMORY;
    ORR_TRY(read_part(f, f->path, o->parts, &h));
    if (h.n_files > MOST_FILES)
        return orr_particles_fail(f, "damaged: a snapshot of %u files", h.n_files);
    if (h.n_files > 1) {
        o->parts[0] = (part){{0}, {0}, {0}};
        ORR_TRY(open_files(f, h.n_files));
    }
    ORR_TRY(add_up(f, &h));
    f->scales.h_power = -1;
    f->scales.speed_a_power = 0.5;
    f->has_time = true;
    f->time = h.time;
    f->h = h.h, f->omega_m = h.omega_m, f->omega_l = h.omega_l;
    return orr_particles_expansion(f, h.redshift);
}

/* ---- rows ---- */

typedef struct place {
    const part *p;
    const orr_bytes *bytes;
    size_t kind, first;    /* of this kind, in the files before */
    size_t before[BLOCKS]; /* particles of other kinds before these, in the block */
} place;

static orr_status read_rows(orr_particle_file *f, const place *at, size_t from, size_t n,
                            orr_take_rows *take, void *user)
{
    const own *o = f->own;
    const part *p = at->p;
    const orr_buffers *b = &f->rows;
    double *const reals[BLOCKS] = {b->pos, b->vel, NULL, b->mass};
    for (int block = 0; block < BLOCKS; block++) {
        size_t width = p->width[block], row = (block <= VELOCITIES ? 3 : 1) * width;
        off_t begin = p->at[block] + (off_t)((at->before[block] + from) * row);
        if (!p->at[block] || (block == MASSES && o->mass[at->kind] != 0))
            continue;
        if (block == IDS)
            ORR_TRY(orr_bytes_ids(f, at->bytes, begin, width, n, b->id));
        else
            ORR_TRY(orr_bytes_reals(f, at->bytes, begin, width, n * row / width, reals[block]));
    }
    bool constant = o->mass[at->kind] != 0;
    for (size_t k = 0; constant && k < n; k++)
        b->mass[k] = o->mass[at->kind];
    const orr_rows rows = {.kind = at->kind,
                           .first = at->first + from,
                           .n = n,
                           .pos = b->pos,
                           .vel = b->vel,
                           .mass = constant || p->at[MASSES] ? b->mass : NULL,
                           .id = p->at[IDS] ? b->id : NULL};
    return take(user, &rows);
}

static orr_status read_file(orr_particle_file *f, const orr_bytes *bytes, const part *p,
                            size_t first[KINDS], orr_take_rows *take, void *user)
{
    const own *o = f->own;
    place at = {.p = p, .bytes = bytes};
    for (size_t k = 0; k < KINDS; k++) {
        at.kind = k, at.first = first[k];
        for (size_t from = 0; f->wanted[k] && from < p->n[k]; from += ORR_MOST_ROWS) {
            size_t n = p->n[k] - from < ORR_MOST_ROWS ? p->n[k] - from : ORR_MOST_ROWS;
            ORR_TRY(read_rows(f, &at, from, n, take, user));
        }
        first[k] += p->n[k];
        for (int block = 0; block < BLOCKS; block++)
            at.before[block] += block == MASSES && o->mass[k] != 0 ? 0 : p->n[k];
    }
    return ORR_OK;
}

static orr_status read(orr_particle_file *f, orr_take_rows *take, void *user)
{
    own *o = f->own;
    size_t first[KINDS] = {0};
    for (size_t m = 0; m < o->n_parts; m++) {
        char path[4200];
        orr_bytes bytes;
        uint32_t length;
        bool swapped;
        unsigned char start[4];
        snprintf(path, sizeof path, "%.4100s", f->path);
        if (o->n_parts > 1 && !orr_sibling(f->path, m, path, sizeof path))
            return ORR_E_FORMAT;
        ORR_TRY(orr_bytes_open(f, path, &bytes));
        orr_status status = orr_bytes_read(f, &bytes, 0, start, 4);
        if (status == ORR_OK && first_record(start, 4, &length, &swapped)) {
            bytes.swapped = swapped;
            status = read_file(f, &bytes, &o->parts[m], first, take, user);
        }
        orr_bytes_close(&bytes);
        ORR_TRY(status);
    }
    return ORR_OK;
}

static void close_all(orr_particle_file *f)
{
    own *o = f->own;
    free(o->parts);
}

const char *const orr_gadget_kinds[ORR_MOST_KINDS] = {"gas",   "halo",     "disk",     "bulge",
                                                      "stars", "boundary", "neutrinos"};

const orr_particle_format orr_particles_gadget = {
    .entry = {"gadget", "binary snapshots of GADGET, formats 1 and 2, also of several files",
              "Springel 2005, doi 10.1111/j.1365-2966.2005.09655.x; User guide for GADGET-2, 6.1",
              "    The file does not say its units: 'units: gadget' are kpc/h, 1e10 Msun/h, km/s,\n"
              "    with h of the header.  Of several files name the first, snap.0.  Types: gas, "
              "halo,\n"
              "    disk, bulge, stars, boundary."},
    .kinds = orr_gadget_kinds,
    .own_size = sizeof(own),
    .recognise = recognise,
    .open = open_all,
    .read = read,
    .close = close_all,
};
