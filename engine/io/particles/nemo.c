/* nemo.c - snapshots of NEMO, in its structured binary files, of either byte order.
 *
 *     item   short magic; char type[], 0; char tag[], 0; int dimensions[], 0; data
 *     magic  011222 (octal): one value; 013222: an array, which alone has dimensions
 *     type   c b s i l h f d, "(" begins a set, ")" ends it (without a tag)
 *
 *     set SnapShot
 *         set Parameters   int Nobj, double Time
 *         set Particles    real Mass[n], PhaseSpace[n][2][3] or Position[n][3], Velocity[n][3],
 *                          int Key[n]
 *
 * A file holds many snapshots; those after the first often have no masses, which are then those of
 * before.  Barnes, Hut & Teuben, NEMO: filestruct(5NEMO), snapshot(5NEMO); Teuben 1995, ASP Conf.
 * 77, 398. */
#include <stdlib.h>
#include <string.h>

#include "particles.h"

enum { ONE = 0x0992, MANY = 0x0b92, DEEPEST = 8, MOST_DIMENSIONS = 8, LONGEST = 64 };

/* An array in the file. */
typedef struct array {
    off_t at; /* 0: none */
    size_t width;
} array;

typedef struct snapshot {
    uint64_t n; /* 0: not known yet */
    array mass, phase, pos, vel, key;
    bool has_time, has_softening;
    double time;
} snapshot;

typedef struct item {
    char type, tag[LONGEST];
    int rank;
    uint64_t dims[MOST_DIMENSIONS];
    size_t width;
    off_t data;
    uint64_t bytes;
} item;

typedef struct own {
    orr_bytes bytes;
    size_t found;
    snapshot now, chosen;
    array last_mass;
    uint64_t last_mass_n;
    double *phase; /* [ORR_MOST_ROWS][2][3] */
} own;

static bool recognise(const orr_particle_file *f, int64_t file)
{
    (void)file;
    if (f->started < 4)
        return false;
    unsigned low = f->start[0], high = f->start[1];
    bool ours = (low == 0x92 && (high == 0x09 || high == 0x0b)) ||
                (high == 0x92 && (low == 0x09 || low == 0x0b));
    return ours && strchr("acbsilhfd([", f->start[2]) && f->start[2] && !f->start[3];
}

/* ---- items ---- */

static orr_status damaged(orr_particle_file *f, off_t at)
{
    return orr_particles_fail(f, "cut off or damaged: no item of NEMO at byte %lld", (long long)at);
}

/* A text that ends with 0; *at moves behind it. */
static orr_status read_text(orr_particle_file *f, const orr_bytes *b, off_t *at, char *out)
{
    size_t n = b->size - *at < LONGEST ? (size_t)(b->size - *at) : LONGEST;
    ORR_TRY(orr_bytes_read(f, b, *at, out, n));
    const char *end = memchr(out, 0, n);
    if (!end)
        return damaged(f, *at);
    *at += end - out + 1;
    return ORR_OK;
}

static size_t width_of(char type)
{
    static const char types[] = "acbsilhfd";
    static const size_t widths[] = {1, 1, 1, 2, 4, 8, 2, 4, 8};
    const char *p = strchr(types, type);
    return p && type ? widths[p - types] : 0;
}

/* The dimensions of an array, ended by 0. */
static orr_status read_dimensions(orr_particle_file *f, const orr_bytes *b, off_t *at, item *out)
{
    unsigned char bytes[4];
    while (true) {
        ORR_TRY(orr_bytes_read(f, b, *at, bytes, 4));
        uint32_t dim = orr_get_u32(bytes, b->swapped);
        *at += 4;
        if (dim == 0)
            return ORR_OK;
        if (out->rank == MOST_DIMENSIONS || out->bytes > (uint64_t)b->size)
            return damaged(f, *at);
        out->dims[out->rank++] = dim;
        out->bytes *= dim; /* both below 2^32 or the size of the file */
    }
}

/* The item at *at, which moves behind its data. */
static orr_status read_item(orr_particle_file *f, orr_bytes *b, off_t *at, item *out)
{
    unsigned char magic[2];
    char type[LONGEST];
    *out = (item){0};
    ORR_TRY(orr_bytes_read(f, b, *at, magic, 2));
    unsigned native = magic[0] | (unsigned)magic[1] << 8,
             other = magic[1] | (unsigned)magic[0] << 8;
    const uint16_t one = 1;
    bool little = *(const unsigned char *)&one == 1, swapped = other == ONE || other == MANY;
    unsigned number = swapped ? other : native;
    off_t begin = *at;
    if (number != ONE && number != MANY)
        return damaged(f, begin);
    b->swapped = swapped == little;
    *at += 2;
    ORR_TRY(read_text(f, b, at, type));
    out->type = type[0];
    out->width = width_of(type[0]);
    bool is_set = type[0] == '(' || type[0] == ')';
    if (type[1] || (!is_set && out->width == 0))
        return damaged(f, begin);
    if (type[0] != ')')
        ORR_TRY(read_text(f, b, at, out->tag));
    out->bytes = out->width;
    if (number == MANY)
        ORR_TRY(read_dimensions(f, b, at, out));
    out->data = *at;
    if (is_set)
        return ORR_OK;
    if (out->bytes > (uint64_t)(b->size - *at))
        return orr_particles_fail(f, "cut off: '%s' goes beyond the end of the file", out->tag);
    *at += (off_t)out->bytes;
    return ORR_OK;
}

/* ---- snapshots ---- */

static bool is_shape(const item *i, int rank, uint64_t second, uint64_t third)
{
    return (i->type == 'f' || i->type == 'd') && i->rank == rank &&
           (rank < 2 || i->dims[1] == second) && (rank < 3 || i->dims[2] == third);
}

/* An array of the bodies. */
static orr_status take_array(orr_particle_file *f, const item *i)
{
    own *o = f->own;
    snapshot *s = &o->now;
    bool softening = strcmp(i->tag, "Eps") == 0;
    array *to = strcmp(i->tag, "Mass") == 0 && is_shape(i, 1, 0, 0)         ? &s->mass
                : strcmp(i->tag, "PhaseSpace") == 0 && is_shape(i, 3, 2, 3) ? &s->phase
                : strcmp(i->tag, "Position") == 0 && is_shape(i, 2, 3, 0)   ? &s->pos
                : strcmp(i->tag, "Velocity") == 0 && is_shape(i, 2, 3, 0)   ? &s->vel
                : strcmp(i->tag, "Key") == 0 && i->rank == 1 && (i->type == 'i' || i->type == 'l')
                    ? &s->key
                    : NULL;
    s->has_softening = s->has_softening || softening;
    if (!to)
        return ORR_OK;
    if (s->n && s->n != i->dims[0])
        return orr_particles_fail(f, "'%s' is of %llu bodies, what stands before it of %llu",
                                  i->tag, (unsigned long long)i->dims[0], (unsigned long long)s->n);
    s->n = i->dims[0];
    *to = (array){i->data, i->width};
    return ORR_OK;
}

static orr_status take_parameter(orr_particle_file *f, const orr_bytes *b, const item *i)
{
    unsigned char bytes[8];
    own *o = f->own;
    if (i->rank > 0)
        return ORR_OK;
    if (strcmp(i->tag, "Nobj") == 0 && i->type == 'i') {
        ORR_TRY(orr_bytes_read(f, b, i->data, bytes, 4));
        o->now.n = orr_get_u32(bytes, b->swapped);
    } else if (strcmp(i->tag, "Time") == 0 && (i->type == 'd' || i->type == 'f')) {
        ORR_TRY(orr_bytes_read(f, b, i->data, bytes, i->width));
        o->now.time = orr_get_real(bytes, i->width, b->swapped);
        o->now.has_time = true;
    }
    return ORR_OK;
}

/* A snapshot is complete: is it the one? */
static void end_snapshot(orr_particle_file *f)
{
    own *o = f->own;
    snapshot *s = &o->now;
    if (s->mass.at) {
        o->last_mass = s->mass;
        o->last_mass_n = s->n;
    } else if (o->last_mass.at && o->last_mass_n == s->n) {
        s->mass = o->last_mass;
    }
    if (s->n > 0 && (s->phase.at || (s->pos.at && s->vel.at))) {
        if (o->found == f->index)
            o->chosen = *s;
        o->found++;
    }
}

/* Items up to the end of the set (depth > 0) or of the file; inside is the set of the snapshot. */
static orr_status read_set(orr_particle_file *f, orr_bytes *b, off_t *at, const char *set,
                           int depth)
{
    item i;
    if (depth > DEEPEST)
        return damaged(f, *at);
    while (*at < b->size) {
        ORR_TRY(read_item(f, b, at, &i));
        if (i.type == ')')
            return depth > 0 ? ORR_OK : damaged(f, *at);
        bool inside = depth > 0 && strcmp(set, "SnapShot") == 0;
        if (i.type == '(') {
            bool is_snapshot = depth == 0 && strcmp(i.tag, "SnapShot") == 0;
            bool is_part =
                inside && (strcmp(i.tag, "Parameters") == 0 || strcmp(i.tag, "Particles") == 0);
            if (is_snapshot)
                ((own *)f->own)->now = (snapshot){0};
            ORR_TRY(read_set(f, b, at, is_snapshot || is_part ? i.tag : "", depth + 1));
            if (is_snapshot)
                end_snapshot(f);
        } else if (strcmp(set, "Particles") == 0) {
            ORR_TRY(take_array(f, &i));
        } else if (strcmp(set, "Parameters") == 0) {
            ORR_TRY(take_parameter(f, b, &i));
        }
    }
    return depth > 0 ? orr_particles_fail(f, "cut off inside of a set") : ORR_OK;
}

static orr_status open_file(orr_particle_file *f)
{
    own *o = f->own;
    off_t at = 0;
    o->bytes.file = -1;
    ORR_TRY(orr_bytes_open(f, f->path, &o->bytes));
    ORR_TRY(read_set(f, &o->bytes, &at, "", 0));
    ORR_TRY(orr_particles_choose(f, o->found));
    const snapshot *s = &o->chosen;
    f->n[0] = (size_t)s->n;
    f->has_mass[0] = s->mass.at != 0;
    f->has_id = s->key.at != 0;
    f->has_time = s->has_time;
    f->time = s->time;
    f->untaken = s->has_softening ? "softening" : NULL;
    return ORR_OK;
}

/* ---- rows ---- */

/* Positions and velocities that stand together. */
static orr_status read_phase(orr_particle_file *f, size_t from, size_t n)
{
    own *o = f->own;
    const array *a = &o->chosen.phase;
    ORR_TRY(orr_bytes_reals(f, &o->bytes, a->at + (off_t)(from * 6 * a->width), a->width, 6 * n,
                            o->phase));
    for (size_t k = 0; k < n; k++)
        for (size_t c = 0; c < 3; c++) {
            f->rows.pos[3 * k + c] = o->phase[6 * k + c];
            f->rows.vel[3 * k + c] = o->phase[6 * k + 3 + c];
        }
    return ORR_OK;
}

static orr_status read_array(orr_particle_file *f, const array *a, size_t from, size_t n,
                             size_t components, double *out)
{
    const own *o = f->own;
    return orr_bytes_reals(f, &o->bytes, a->at + (off_t)(from * components * a->width), a->width,
                           components * n, out);
}

static orr_status read_rows(orr_particle_file *f, size_t from, size_t n, orr_rows *rows)
{
    own *o = f->own;
    const snapshot *s = &o->chosen;
    const orr_buffers *b = &f->rows;
    if (s->phase.at) {
        ORR_TRY(read_phase(f, from, n));
    } else {
        ORR_TRY(read_array(f, &s->pos, from, n, 3, b->pos));
        ORR_TRY(read_array(f, &s->vel, from, n, 3, b->vel));
    }
    if (s->mass.at)
        ORR_TRY(read_array(f, &s->mass, from, n, 1, b->mass));
    if (s->key.at)
        ORR_TRY(orr_bytes_ids(f, &o->bytes, s->key.at + (off_t)(from * s->key.width), s->key.width,
                              n, b->id));
    *rows = (orr_rows){.first = from,
                       .n = n,
                       .pos = b->pos,
                       .vel = b->vel,
                       .mass = s->mass.at ? b->mass : NULL,
                       .id = s->key.at ? b->id : NULL};
    return ORR_OK;
}

static orr_status read(orr_particle_file *f, orr_take_rows *take, void *user)
{
    own *o = f->own;
    o->phase = malloc(6 * ORR_MOST_ROWS * sizeof *o->phase);
    if (!o->phase)
        return ORR_E_NO_MEMORY;
    for (size_t from = 0; from < f->n[0]; from += ORR_MOST_ROWS) {
        orr_rows rows;
        size_t n = f->n[0] - from < ORR_MOST_ROWS ? f->n[0] - from : ORR_MOST_ROWS;
        ORR_TRY(read_rows(f, from, n, &rows));
        ORR_TRY(take(user, &rows));
    }
    return ORR_OK;
}

static void close_file(orr_particle_file *f)
{
    own *o = f->own;
    orr_bytes_close(&o->bytes);
    free(o->phase);
}

static const char *const kinds[ORR_MOST_KINDS] = {"bodies"};

const orr_particle_format orr_particles_nemo = {
    .entry =
        {"nemo", "snapshots of NEMO (mkplummer, gyrfalcON, ...), structured binary",
         "Teuben 1995, ASP Conf. 77, 398; filestruct(5NEMO), snapshot(5NEMO)",
         "    Of a file with several snapshots 'index:' chooses one, from 0.  It has no units: "
         "say\n"
         "    them, or 'units: nbody' where lengths and speeds are those of the scenario and G = "
         "1.\n"
         "    Masses that only the first snapshot has hold for the others too; keys become ids."},
    .kinds = kinds,
    .own_size = sizeof(own),
    .recognise = recognise,
    .open = open_file,
    .read = read,
    .close = close_file,
};
