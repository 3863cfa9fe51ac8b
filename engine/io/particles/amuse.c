/* amuse.c - particle sets that AMUSE wrote (write_set_to_file, "amuse" or "hdf5"), version 2 of its
 * layout, and version 1, which calls /data /particles.
 *
 *     /data/0000000001        attributes type = "particles", number_of_particles; later versions of
 *                             the set, 0000000002, ..., stand beside it
 *         keys [n]            ids
 *         attributes/mass, x, y, z, vx, vy, vz [n]   each with its "units", see amuse_units.c
 *
 * Portegies Zwart & McMillan 2018, doi 10.1088/978-0-7503-1320-9; amuse.readthedocs.io. */
#include <string.h>

#include "amuse_units.h"
#include "h5_columns.h"

enum { MASS, X, VX = X + 3, COLUMNS = VX + 3 };

static const char *const names[COLUMNS] = {"mass", "x", "y", "z", "vx", "vy", "vz"};

typedef struct own {
    char set[64];           /* "/data/0000000001" */
    double factor[COLUMNS]; /* to SI, or to the units of the N-body problem */
} own;

/* The group of the sets, or NULL. */
static const char *sets_in(hid_t file)
{
    static const char *const groups[] = {"data", "particles"};
    char path[80];
    for (size_t k = 0; k < 2; k++) {
        snprintf(path, sizeof path, "%s/0000000001/attributes", groups[k]);
        if (orr_h5_there(file, path))
            return groups[k];
    }
    return NULL;
}

static bool recognise(const orr_particle_file *f, int64_t file)
{
    (void)f;
    return file >= 0 && sets_in(file);
}

static orr_status choose_set(orr_particle_file *f, hid_t file)
{
    own *o = f->own;
    char path[80];
    size_t n = 0;
    const char *group = sets_in(file);
    do
        snprintf(path, sizeof path, "%s/%010zu", group, n + 1);
    while (orr_h5_there(file, path) && ++n < 1000000);
    ORR_TRY(orr_particles_choose(f, n));
    snprintf(o->set, sizeof o->set, "%s/%010zu", group, f->index + 1);
    return ORR_OK;
}

static orr_dimension dimension_of(size_t column)
{
    return column == MASS ? ORR_MASS : column < VX ? ORR_LENGTH : ORR_SPEED;
}

/* The unit of a column. */
static orr_status read_unit(orr_particle_file *f, hid_t dataset, size_t column, bool *si)
{
    own *o = f->own;
    char text[400];
    orr_amuse_unit unit;
    if (!orr_h5_attribute_words(dataset, "units", text, sizeof text))
        return orr_particles_fail(f, "'%s' has no units", names[column]);
    if (!orr_amuse_unit_read(text, &unit))
        return orr_particles_fail(f, "the units of '%s' are not understood: %.150s", names[column],
                                  text);
    orr_dimension d = dimension_of(column);
    if (memcmp(&d, &unit.dim, sizeof d) != 0)
        return orr_particles_fail(f, "the units of '%s' are not of its kind: %.150s", names[column],
                                  text);
    if (unit.si && unit.nbody)
        return orr_particles_fail(f, "the units of '%s' mix SI and N-body units: %.150s",
                                  names[column], text);
    if (column > 0 && *si != unit.si)
        return orr_particles_fail(f, "'%s' is in %s units, what stands before it is not",
                                  names[column], unit.si ? "SI" : "N-body");
    *si = unit.si;
    o->factor[column] = unit.factor;
    return ORR_OK;
}

static orr_status open_column(orr_particle_file *f, hid_t file, size_t column, orr_h5_column *c)
{
    const own *o = f->own;
    char path[160];
    snprintf(path, sizeof path, "%s/attributes/%s", o->set, names[column]);
    ORR_TRY(orr_h5_column_open(f, file, path, 1, c));
    if (c->dataset <= 0)
        return orr_particles_fail(f, "there is no attribute '%s'", names[column]);
    if (column > 0 && c->rows != f->n[0])
        return orr_particles_fail(f, "'%s' has %llu rows, the set has %zu particles", names[column],
                                  (unsigned long long)c->rows, f->n[0]);
    return ORR_OK;
}

static orr_status open_keys(orr_particle_file *f, hid_t file, orr_h5_column *c)
{
    const own *o = f->own;
    char path[160];
    snprintf(path, sizeof path, "%s/keys", o->set);
    ORR_TRY(orr_h5_column_open(f, file, path, 1, c));
    if (c->dataset > 0 && c->rows != f->n[0])
        return orr_particles_fail(f, "'keys' has %llu rows, the set has %zu particles",
                                  (unsigned long long)c->rows, f->n[0]);
    return ORR_OK;
}

static orr_status look(orr_particle_file *f, hid_t file)
{
    bool si = false;
    orr_h5_column c = {0};
    ORR_TRY(choose_set(f, file));
    for (size_t k = 0; k < COLUMNS; k++) {
        orr_status status = open_column(f, file, k, &c);
        if (status == ORR_OK && c.rows >> 48)
            status = orr_particles_fail(f, "damaged: %llu particles", (unsigned long long)c.rows);
        if (status == ORR_OK && k == 0)
            f->n[0] = (size_t)c.rows;
        if (status == ORR_OK)
            status = read_unit(f, c.dataset, k, &si);
        orr_h5_column_close(&c);
        ORR_TRY(status);
    }
    orr_status status = open_keys(f, file, &c);
    f->has_id = c.dataset > 0;
    f->has_mass[0] = true;
    orr_h5_column_close(&c);
    if (si)
        f->scales = (orr_particle_scales){.length = 1, .mass = 1, .speed = 1};
    return status;
}

static orr_status open_file(orr_particle_file *f)
{
    orr_h5_silence silence = orr_h5_begin();
    hid_t file = orr_h5_file_open(f, f->path);
    orr_status status = file < 0 ? ORR_E_FORMAT : look(f, file);
    orr_h5_file_close(file);
    orr_h5_end(silence);
    return status;
}

/* ---- rows ---- */

static orr_status read_rows(orr_particle_file *f, orr_h5_column columns[COLUMNS + 1], size_t from,
                            size_t n, orr_rows *rows)
{
    const own *o = f->own;
    const orr_buffers *b = &f->rows;
    double *one = b->mass; /* read last */
    for (size_t k = COLUMNS; k-- > 0;) {
        ORR_TRY(orr_h5_column_reals(f, &columns[k], from, n, one));
        double *to = k < VX ? b->pos : b->vel;
        for (size_t i = 0; i < n; i++)
            one[i] *= o->factor[k];
        for (size_t i = 0; i < n && k > MASS; i++)
            to[3 * i + (k - X) % 3] = one[i];
    }
    if (f->has_id)
        ORR_TRY(orr_h5_column_ids(f, &columns[COLUMNS], from, n, b->id));
    *rows = (orr_rows){.first = from,
                       .n = n,
                       .pos = b->pos,
                       .vel = b->vel,
                       .mass = b->mass,
                       .id = f->has_id ? b->id : NULL};
    return ORR_OK;
}

static orr_status read_all(orr_particle_file *f, hid_t file, orr_take_rows *take, void *user)
{
    orr_h5_column columns[COLUMNS + 1] = {{0}};
    orr_status status = ORR_OK;
    for (size_t k = 0; k < COLUMNS && status == ORR_OK; k++)
        status = open_column(f, file, k, &columns[k]);
    if (status == ORR_OK)
        status = open_keys(f, file, &columns[COLUMNS]);
    for (size_t from = 0; from < f->n[0] && status == ORR_OK; from += ORR_MOST_ROWS) {
        size_t n = f->n[0] - from < ORR_MOST_ROWS ? f->n[0] - from : ORR_MOST_ROWS;
        orr_rows rows;
        status = read_rows(f, columns, from, n, &rows);
        if (status == ORR_OK)
            status = take(user, &rows);
    }
    for (size_t k = 0; k <= COLUMNS; k++)
        orr_h5_column_close(&columns[k]);
    return status;
}

static orr_status read(orr_particle_file *f, orr_take_rows *take, void *user)
{
    orr_h5_silence silence = orr_h5_begin();
    hid_t file = orr_h5_file_open(f, f->path);
    orr_status status = file < 0 ? ORR_E_FORMAT : read_all(f, file, take, user);
    orr_h5_file_close(file);
    orr_h5_end(silence);
    return status;
}

static const char *const kinds[ORR_MOST_KINDS] = {"bodies"};

const orr_particle_format orr_particles_amuse = {
    .entry =
        {"amuse", "particle sets of AMUSE, HDF5 of versions 1 and 2",
         "Portegies Zwart & McMillan 2018, doi 10.1088/978-0-7503-1320-9",
         "    Units are those in the file; sets in N-body units need 'units:', as other files\n"
         "    without units do.  Of a file with several versions of a set 'index:' chooses one,\n"
         "    from 0.  Keys become ids."},
    .kinds = kinds,
    .own_size = sizeof(own),
    .recognise = recognise,
    .open = open_file,
    .read = read,
};
