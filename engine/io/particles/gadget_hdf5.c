/* gadget_hdf5.c - HDF5 snapshots of GADGET, AREPO and SWIFT, in one file or in snap.0.hdf5, ...
 *
 *     /Header      attributes NumPart_ThisFile, NumPart_Total (and _HighWord), MassTable, Time,
 *                  Redshift, NumFilesPerSnapshot, HubbleParam, Omega0, OmegaLambda
 *     /PartTypeN   Coordinates [n][3], Velocities [n][3], ParticleIDs [n], Masses [n]
 *
 * Units stand in /Parameters (GADGET-4), /Header (AREPO), /Units (pynbody, and our own export) as
 * UnitLength_in_cm, UnitMass_in_g, UnitVelocity_in_cm_per_s, where lengths and masses go with 1/h;
 * or in /Units of SWIFT as "Unit length in cgs (U_L)" and so on, without h.  Velocities of comoving
 * runs are u = v / sqrt(a) in GADGET and AREPO, peculiar velocities v in SWIFT.
 *
 * Springel, User guide for GADGET-2, 6.2; Springel et al. 2021, doi 10.1093/mnras/stab1855 and
 * GADGET-4's manual, "Snapshot file format"; SWIFT's manual, "Snapshots" (Schaller et al. 2024). */
#include <stdlib.h>
#include <string.h>

#include "h5_columns.h"

enum { MOST_FILES = 100000 };

typedef struct own {
    size_t n_files;
    size_t per_file[ORR_MOST_KINDS]; /* of the file that is open */
    double table[ORR_MOST_KINDS];    /* masses of each particle of a kind; 0: a column has them */
    bool swift;
} own;

typedef struct columns {
    orr_h5_column pos, vel, mass, id;
} columns;

static bool recognise(const orr_particle_file *f, int64_t file)
{
    (void)f;
    if (file < 0 || !orr_h5_there(file, "Header"))
        return false;
    hid_t header = H5Gopen2(file, "Header", H5P_DEFAULT);
    bool found = header >= 0 && H5Aexists(header, "NumPart_ThisFile") > 0;
    if (header >= 0)
        H5Gclose(header);
    return found;
}

/* The path of file m of the snapshot. */
static orr_status path_of(orr_particle_file *f, size_t m, char *path, size_t size)
{
    const own *o = f->own;
    if (o->n_files == 1 && snprintf(path, size, "%s", f->path) < (int)size)
        return ORR_OK;
    if (orr_sibling(f->path, m, path, size))
        return ORR_OK;
    return orr_particles_fail(f,
                              "one of %zu files, whose names end in .0.hdf5, .1.hdf5, ...: this "
                              "name does not",
                              o->n_files);
}

/* ---- the header ---- */

static double real_of(hid_t object, const char *name)
{
    double x = 0;
    return orr_h5_attribute_reals(object, name, &x, 1) ? x : 0;
}

static orr_status read_counts(orr_particle_file *f, hid_t header, const char *name,
                              uint64_t out[ORR_MOST_KINDS])
{
    memset(out, 0, ORR_MOST_KINDS * sizeof *out);
    if (orr_h5_attribute_counts(header, name, out, ORR_MOST_KINDS) >= 1)
        return ORR_OK;
    return orr_particles_fail(f, "Header/%s is missing, or has more than %d numbers", name,
                              ORR_MOST_KINDS);
}

/* How many there are of each kind, in all files. */
static orr_status read_totals(orr_particle_file *f, hid_t header)
{
    own *o = f->own;
    uint64_t here[ORR_MOST_KINDS], total[ORR_MOST_KINDS], high[ORR_MOST_KINDS] = {0}, files = 1;
    ORR_TRY(read_counts(f, header, "NumPart_ThisFile", here));
    ORR_TRY(read_counts(f, header, "NumPart_Total", total));
    (void)orr_h5_attribute_counts(header, "NumPart_Total_HighWord", high, ORR_MOST_KINDS);
    (void)orr_h5_attribute_counts(header, "NumFilesPerSnapshot", &files, 1);
    if (files < 1 || files > MOST_FILES)
        return orr_particles_fail(f, "damaged: a snapshot of %llu files",
                                  (unsigned long long)files);
    o->n_files = (size_t)files;
    (void)orr_h5_attribute_reals(header, "MassTable", o->table, ORR_MOST_KINDS);
    for (size_t k = 0; k < ORR_MOST_KINDS; k++) {
        total[k] += total[k] >> 32 ? 0 : high[k] << 32;
        if (files == 1 && total[k] != here[k])
            return orr_particles_fail(
                f, "its header promises %llu particles of type %zu, the file holds %llu",
                (unsigned long long)total[k], k, (unsigned long long)here[k]);
        if (total[k] >> 48)
            return orr_particles_fail(f, "damaged: it promises %llu particles of type %zu",
                                      (unsigned long long)total[k], k);
        f->n[k] = (size_t)total[k];
    }
    return ORR_OK;
}

/* UnitLength_in_cm and its kin, in this group or nowhere. */
static bool read_gadget_units(orr_particle_file *f, hid_t file, const char *group)
{
    if (!orr_h5_there(file, group))
        return false;
    hid_t g = H5Gopen2(file, group, H5P_DEFAULT);
    double cm = real_of(g, "UnitLength_in_cm"), gram = real_of(g, "UnitMass_in_g"),
           speed = real_of(g, "UnitVelocity_in_cm_per_s"), h = real_of(g, "HubbleParam");
    bool bare = real_of(g, "dimensionless") != 0; /* our own export of a run without units */
    if (f->h == 0)
        f->h = h;
    if (g >= 0)
        H5Gclose(g);
    if (bare || !(cm > 0) || !(gram > 0) || !(speed > 0))
        return false;
    f->scales.length = cm / 100, f->scales.mass = gram / 1000, f->scales.speed = speed / 100;
    return true;
}

static bool read_swift_units(orr_particle_file *f, hid_t file)
{
    if (!orr_h5_there(file, "Units"))
        return false;
    hid_t g = H5Gopen2(file, "Units", H5P_DEFAULT);
    double cm = real_of(g, "Unit length in cgs (U_L)"), gram = real_of(g, "Unit mass in cgs (U_M)"),
           s = real_of(g, "Unit time in cgs (U_t)");
    if (g >= 0)
        H5Gclose(g);
    if (!(cm > 0) || !(gram > 0) || !(s > 0))
        return false;
    f->scales = (orr_particle_scales){
        .length = cm / 100, .mass = gram / 1000, .speed = cm / 100 / s, .speed_a_power = 0};
    return true;
}

/* SWIFT says of itself whether it is comoving. */
static orr_status read_swift_cosmology(orr_particle_file *f, hid_t file)
{
    f->a = 1;
    if (!orr_h5_there(file, "Cosmology"))
        return ORR_OK;
    hid_t g = H5Gopen2(file, "Cosmology", H5P_DEFAULT);
    f->comoving = real_of(g, "Cosmological run") != 0;
    double a = real_of(g, "Scale-factor");
    f->h = real_of(g, "h");
    f->omega_m = real_of(g, "Omega_m");
    f->omega_l = real_of(g, "Omega_lambda");
    if (g >= 0)
        H5Gclose(g);
    if (!f->comoving)
        return ORR_OK;
    f->a = a;
    return a > 0 ? ORR_OK : orr_particles_fail(f, "a cosmological run without a Scale-factor");
}

static orr_status read_header(orr_particle_file *f, hid_t file)
{
    own *o = f->own;
    static const char *const groups[] = {"Parameters", "Units", "Header"};
    hid_t header = H5Gopen2(file, "Header", H5P_DEFAULT);
    orr_status status = header < 0 ? orr_particles_fail(f, "damaged: its Header cannot be opened")
                                   : read_totals(f, header);
    double redshift = 0;
    if (status == ORR_OK) {
        f->has_time = orr_h5_attribute_reals(header, "Time", &f->time, 1) == 1;
        redshift = real_of(header, "Redshift");
        f->h = real_of(header, "HubbleParam");
        f->omega_m = real_of(header, "Omega0");
        f->omega_l = real_of(header, "OmegaLambda");
    }
    if (header >= 0)
        H5Gclose(header);
    ORR_TRY(status);
    f->scales = (orr_particle_scales){.h_power = -1, .speed_a_power = 0.5};
    o->swift = read_swift_units(f, file);
    if (o->swift)
        return read_swift_cosmology(f, file);
    for (size_t k = 0; k < LENGTH_OF(groups) && !(f->scales.length > 0); k++)
        (void)read_gadget_units(f, file, groups[k]);
    return orr_particles_expansion(f, redshift);
}

/* ---- columns ---- */

static void close_columns(columns *c)
{
    orr_h5_column_close(&c->pos);
    orr_h5_column_close(&c->vel);
    orr_h5_column_close(&c->mass);
    orr_h5_column_close(&c->id);
}

static orr_status check_length(orr_particle_file *f, const orr_h5_column *c, const char *name,
                               size_t kind, size_t n, bool needed)
{
    if (c->dataset <= 0)
        return needed ? orr_particles_fail(f, "there is no PartType%zu/%s", kind, name) : ORR_OK;
    if (c->rows == n)
        return ORR_OK;
    return orr_particles_fail(f, "PartType%zu/%s has %llu rows, the header promises %zu", kind,
                              name, (unsigned long long)c->rows, n);
}

static orr_status open_columns(orr_particle_file *f, hid_t file, size_t kind, size_t n, columns *c)
{
    char group[32];
    snprintf(group, sizeof group, "PartType%zu", kind);
    if (!orr_h5_there(file, group))
        return orr_particles_fail(f, "there is no %s, the header promises %zu particles", group, n);
    hid_t g = H5Gopen2(file, group, H5P_DEFAULT);
    orr_status status =
        g < 0 ? orr_particles_fail(f, "damaged: %s cannot be opened", group) : ORR_OK;
    if (status == ORR_OK)
        status = orr_h5_column_open(f, g, "Coordinates", 3, &c->pos);
    if (status == ORR_OK)
        status = orr_h5_column_open(f, g, "Velocities", 3, &c->vel);
    if (status == ORR_OK)
        status = orr_h5_column_open(f, g, "ParticleIDs", 1, &c->id);
    if (status == ORR_OK)
        status = orr_h5_column_open(f, g, "Masses", 1, &c->mass);
    if (status == ORR_OK && c->mass.dataset <= 0) /* black holes of SWIFT */
        status = orr_h5_column_open(f, g, "DynamicalMasses", 1, &c->mass);
    if (g >= 0)
        H5Gclose(g);
    if (status == ORR_OK)
        status = check_length(f, &c->pos, "Coordinates", kind, n, true);
    if (status == ORR_OK)
        status = check_length(f, &c->vel, "Velocities", kind, n, true);
    if (status == ORR_OK)
        status = check_length(f, &c->id, "ParticleIDs", kind, n, false);
    if (status == ORR_OK)
        status = check_length(f, &c->mass, "Masses", kind, n, false);
    return status;
}

/* ---- the files of a snapshot, one after the other ---- */

/* What is done with some particles of a kind in a file, n > 0 of them. */
typedef orr_status each_fn(orr_particle_file *f, const columns *c, size_t kind, size_t first,
                           size_t n, orr_take_rows *take, void *user);

static orr_status walk_file(orr_particle_file *f, hid_t file, size_t before[ORR_MOST_KINDS],
                            each_fn *each, orr_take_rows *take, void *user)
{
    uint64_t here[ORR_MOST_KINDS];
    hid_t header = recognise(f, file) ? H5Gopen2(file, "Header", H5P_DEFAULT) : -1;
    if (header < 0)
        return orr_particles_fail(f, "one of its files has no Header");
    orr_status status = read_counts(f, header, "NumPart_ThisFile", here);
    H5Gclose(header);
    ORR_TRY(status);
    for (size_t k = 0; k < ORR_MOST_KINDS; k++) {
        columns c = {{0}, {0}, {0}, {0}};
        if (here[k] > f->n[k] - before[k])
            return orr_particles_fail(
                f, "its header promises %zu particles of type %zu, the files hold more", f->n[k],
                k);
        status = here[k] ? open_columns(f, file, k, (size_t)here[k], &c) : ORR_OK;
        if (status == ORR_OK && here[k])
            status = each(f, &c, k, before[k], (size_t)here[k], take, user);
        close_columns(&c);
        ORR_TRY(status);
        before[k] += (size_t)here[k];
    }
    return ORR_OK;
}

static orr_status walk_files(orr_particle_file *f, each_fn *each, orr_take_rows *take, void *user)
{
    const own *o = f->own;
    size_t before[ORR_MOST_KINDS] = {0};
    for (size_t m = 0; m < o->n_files; m++) {
        char path[4200];
        ORR_TRY(path_of(f, m, path, sizeof path));
        hid_t file = orr_h5_file_open(f, path);
        if (file < 0)
            return ORR_E_FORMAT;
        orr_status status = walk_file(f, file, before, each, take, user);
        orr_h5_file_close(file);
        ORR_TRY(status);
    }
    for (size_t k = 0; k < ORR_MOST_KINDS; k++)
        if (before[k] != f->n[k])
            return orr_particles_fail(
                f, "its header promises %zu particles of type %zu, the files hold %zu", f->n[k], k,
                before[k]);
    return ORR_OK;
}

static orr_status look(orr_particle_file *f, const columns *c, size_t kind, size_t first, size_t n,
                       orr_take_rows *take, void *user)
{
    (void)first, (void)n, (void)take, (void)user;
    const own *o = f->own;
    f->has_id = f->has_id && c->id.dataset > 0;
    f->has_mass[kind] = f->has_mass[kind] && (c->mass.dataset > 0 || o->table[kind] != 0);
    return ORR_OK;
}

static orr_status open_all(orr_particle_file *f)
{
    orr_h5_silence silence = orr_h5_begin();
    hid_t file = orr_h5_file_open(f, f->path);
    orr_status status = file < 0 ? ORR_E_FORMAT : read_header(f, file);
    orr_h5_file_close(file);
    f->has_id = true;
    for (size_t k = 0; k < ORR_MOST_KINDS; k++)
        f->has_mass[k] = true;
    if (status == ORR_OK)
        status = walk_files(f, look, NULL, NULL);
    orr_h5_end(silence);
    return status;
}

static orr_status hand_on(orr_particle_file *f, const columns *c, size_t kind, size_t first,
                          size_t n, orr_take_rows *take, void *user)
{
    const own *o = f->own;
    const orr_buffers *b = &f->rows;
    bool constant = c->mass.dataset <= 0 && o->table[kind] != 0;
    for (size_t from = 0; f->wanted[kind] && from < n; from += ORR_MOST_ROWS) {
        size_t some = n - from < ORR_MOST_ROWS ? n - from : ORR_MOST_ROWS;
        ORR_TRY(orr_h5_column_reals(f, &c->pos, from, some, b->pos));
        ORR_TRY(orr_h5_column_reals(f, &c->vel, from, some, b->vel));
        if (c->id.dataset > 0)
            ORR_TRY(orr_h5_column_ids(f, &c->id, from, some, b->id));
        if (c->mass.dataset > 0)
            ORR_TRY(orr_h5_column_reals(f, &c->mass, from, some, b->mass));
        for (size_t k = 0; constant && k < some; k++)
            b->mass[k] = o->table[kind];
        const orr_rows rows = {.kind = kind,
                               .first = first + from,
                               .n = some,
                               .pos = b->pos,
                               .vel = b->vel,
                               .mass = constant || c->mass.dataset > 0 ? b->mass : NULL,
                               .id = c->id.dataset > 0 ? b->id : NULL};
        ORR_TRY(take(user, &rows));
    }
    return ORR_OK;
}

static orr_status read(orr_particle_file *f, orr_take_rows *take, void *user)
{
    orr_h5_silence silence = orr_h5_begin();
    orr_status status = walk_files(f, hand_on, take, user);
    orr_h5_end(silence);
    return status;
}

const orr_particle_format orr_particles_gadget_hdf5 = {
    .entry =
        {"gadget-hdf5", "HDF5 snapshots of GADGET, AREPO and SWIFT, also of several files",
         "Springel et al. 2021, doi 10.1093/mnras/stab1855; Schaller et al. 2024, "
         "doi 10.1093/mnras/stae922",
         "    Units are those of /Parameters, /Units or /Header, where they stand there; else\n"
         "    'units: gadget' are kpc/h, 1e10 Msun/h, km/s.  Of several files name the first,\n"
         "    snap.0.hdf5.  Types: gas, halo, disk, bulge, stars, boundary, neutrinos; or "
         "PartType1."},
    .kinds = orr_gadget_kinds,
    .own_size = sizeof(own),
    .recognise = recognise,
    .open = open_all,
    .read = read,
};
