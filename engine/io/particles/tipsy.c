/* tipsy.c - TIPSY's files, as PKDGRAV, GASOLINE and ChaNGa write them: a header, then all gas, all
 * dark matter, all stars, a record each.  "Standard" files are big-endian with a header of 32
 * bytes; native ones have either order, and 28 or 32.  All numbers are floats, but positions, or
 * positions and velocities, may be doubles: the size of the file says which.
 *
 *     header  double time; int n, dimensions, n_gas, n_dark, n_stars (, padding)
 *     gas     mass pos[3] vel[3] rho temp softening metals phi
 *     dark    mass pos[3] vel[3] softening phi
 *     star    mass pos[3] vel[3] metals t_form softening phi
 *
 * Katz & Quinn, TIPSY: code for display and analysis of N-body simulations (1997). */
#include <stdlib.h>

#include "particles.h"

enum { GAS, DARK, STARS, KINDS };

typedef struct own {
    orr_bytes bytes;
    off_t header;
    size_t width_pos, width_vel, record[KINDS];
    unsigned char *slice; /* [ORR_MOST_ROWS] records */
} own;

/* The layout that this header and this size go with; false: none. */
static bool lay_out(const unsigned char *start, size_t started, off_t size, own *o,
                    uint32_t n[KINDS])
{
    static const size_t others[KINDS] = {6 * 4, 3 * 4, 5 * 4}; /* beside positions and velocities */
    for (int order = 0; order < 2 && started >= 28; order++) {
        o->bytes.swapped = order == 1;
        uint32_t all = orr_get_u32(start + 8, order == 1);
        for (size_t k = 0; k < KINDS; k++)
            n[k] = orr_get_u32(start + 16 + 4 * k, order == 1);
        if (orr_get_u32(start + 12, order == 1) != 3 || all == 0 ||
            (uint64_t)n[GAS] + n[DARK] + n[STARS] != all)
            continue;
        for (int way = 0; way < 6; way++) {
            uint64_t bytes = way % 2 ? 28 : 32;
            o->header = (off_t)bytes;
            o->width_pos = way / 2 > 0 ? 8 : 4;
            o->width_vel = way / 2 > 1 ? 8 : 4;
            for (size_t k = 0; k < KINDS; k++) {
                o->record[k] = others[k] + 3 * (o->width_pos + o->width_vel);
                bytes += (uint64_t)n[k] * o->record[k];
            }
            if (bytes == (uint64_t)size)
                return true;
        }
    }
    return false;
}

/* Three dimensions, and counts that add up: whole or not. */
static bool has_header(const orr_particle_file *f)
{
    for (int order = 0; order < 2 && f->started >= 28; order++) {
        uint64_t sum = 0;
        for (size_t k = 0; k < KINDS; k++)
            sum += orr_get_u32(f->start + 16 + 4 * k, order == 1);
        if (orr_get_u32(f->start + 12, order == 1) == 3 && sum > 0 &&
            orr_get_u32(f->start + 8, order == 1) == sum)
            return true;
    }
    return false;
}

static bool recognise(const orr_particle_file *f, int64_t file)
{
    (void)file;
    return !f->is_hdf5 && has_header(f);
}

static orr_status open_file(orr_particle_file *f)
{
    own *o = f->own;
    uint32_t n[KINDS];
    o->bytes.file = -1;
    if (!lay_out(f->start, f->started, f->size, o, n))
        return orr_particles_fail(
            f,
            "cut off, or more than one snapshot: its %lld bytes are not those of the particles "
            "in its header",
            (long long)f->size);
    bool swapped = o->bytes.swapped;
    ORR_TRY(orr_bytes_open(f, f->path, &o->bytes));
    o->bytes.swapped = swapped;
    for (size_t k = 0; k < KINDS; k++) {
        f->n[k] = n[k];
        f->has_mass[k] = true;
    }
    f->has_time = true;
    f->time = orr_get_real(f->start, 8, swapped);
    f->untaken = "softening";
    return ORR_OK;
}

/* Records as numbers; mass first, then positions and velocities. */
static void take_apart(const orr_particle_file *f, size_t kind, size_t n)
{
    const own *o = f->own;
    const orr_buffers *b = &f->rows;
    bool swapped = o->bytes.swapped;
    for (size_t i = 0; i < n; i++) {
        const unsigned char *p = o->slice + i * o->record[kind];
        b->mass[i] = orr_get_real(p, 4, swapped);
        p += 4;
        for (size_t c = 0; c < 3; c++, p += o->width_pos)
            b->pos[3 * i + c] = orr_get_real(p, o->width_pos, swapped);
        for (size_t c = 0; c < 3; c++, p += o->width_vel)
            b->vel[3 * i + c] = orr_get_real(p, o->width_vel, swapped);
    }
}

static orr_status read(orr_particle_file *f, orr_take_rows *take, void *user)
{
    own *o = f->own;
    off_t at = o->header;
    o->slice = malloc(ORR_MOST_ROWS * (6 * 4 + 6 * sizeof(double)));
    if (!o->slice)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < KINDS; at += (off_t)(f->n[k] * o->record[k]), k++)
        for (size_t from = 0; f->wanted[k] && from < f->n[k]; from += ORR_MOST_ROWS) {
            size_t n = f->n[k] - from < ORR_MOST_ROWS ? f->n[k] - from : ORR_MOST_ROWS;
            ORR_TRY(orr_bytes_read(f, &o->bytes, at + (off_t)(from * o->record[k]), o->slice,
                                   n * o->record[k]));
            take_apart(f, k, n);
            const orr_rows rows = {.kind = k,
                                   .first = from,
                                   .n = n,
                                   .pos = f->rows.pos,
                                   .vel = f->rows.vel,
                                   .mass = f->rows.mass};
            ORR_TRY(take(user, &rows));
        }
    return ORR_OK;
}

static void close_file(orr_particle_file *f)
{
    own *o = f->own;
    orr_bytes_close(&o->bytes);
    free(o->slice);
}

static const char *const kinds[ORR_MOST_KINDS] = {"gas", "dark", "stars"};

const orr_particle_format orr_particles_tipsy = {
    .entry =
        {"tipsy", "TIPSY, standard (big-endian) or native: PKDGRAV, GASOLINE, ChaNGa",
         "Katz & Quinn 1997, TIPSY: code for display and analysis of N-body simulations",
         "    Such a file has no units, but G = 1: 'units: { length: kpc, speed: 208 km/s, G: 1 "
         "}', or\n"
         "    'units: nbody' where lengths and speeds are those of the scenario.  It has no ids: "
         "bodies\n"
         "    are counted, gas first, then dark, then stars."},
    .kinds = kinds,
    .own_size = sizeof(own),
    .recognise = recognise,
    .open = open_file,
    .read = read,
    .close = close_file,
};
