/* export_h5.c - one snapshot as HDF5 for yt (a `ytdata` container) and pynbody (GADGET).
 *
 * yt 4.1 takes the container without arguments.  pynbody takes GADGET's with the group /Units;
 * columns have the attributes of GADGET-4 besides.  `dimensionless` there says that the run had no
 * units: then a scenario that reads the file has none either. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exporter.h"
#include "io/hdf5/h5.h"

static bool put(hid_t group, const char *name, hid_t type, int rank, hsize_t n, const void *data,
                const char *unit)
{
    const hsize_t dims[2] = {n, 3};
    hid_t d = orr_h5_dataset(group, name, type, rank, dims);
    bool good =
        d >= 0 && orr_h5_write(d, type, data) && (!unit || orr_h5_attribute_text(d, "units", unit));
    return orr_h5_close(d) && good;
}

static bool doubles_attribute(hid_t object, const char *name, const double *values, hsize_t n)
{
    hid_t space = H5Screate_simple(1, &n, NULL);
    hid_t a = H5Acreate2(object, name, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT);
    bool good = a >= 0 && H5Awrite(a, H5T_NATIVE_DOUBLE, values) >= 0;
    if (a >= 0)
        H5Aclose(a);
    H5Sclose(space);
    return good;
}

orr_export_scales orr_export_cgs(const orr_exporter *e)
{
    bool bare = !*e->info->length_unit;
    double cm = bare ? 1 : 100 * e->info->length_si, s = bare ? 1 : e->info->time_si;
    /* mass unit such that GM = G m: exported masses are GM / G_cgs in gram */
    return (orr_export_scales){cm, s, bare ? 1 : cm * cm * cm / (s * s) / (1000 * ORR_G_SI), bare};
}

static bool ytdata(orr_exporter *e, hid_t file, double t)
{
    const orr_bodies *b = e->living;
    orr_export_scales u = orr_export_cgs(e);
    double low[3], high[3], *column = malloc(b->n * sizeof *column);
    if (!column)
        return false;
    bool good = orr_h5_attribute_text(file, "data_type", "yt_data_container") &&
                orr_h5_attribute_text(file, "container_type", "all_data") &&
                orr_h5_attribute_text(file, "con_args", "()") &&
                orr_h5_attribute_text(file, "geometry", "cartesian") &&
                orr_h5_attribute_double(file, "current_time", t * u.s) &&
                orr_h5_attribute_text(file, "current_time_units", "s") &&
                orr_h5_attribute_int(file, "dimensionality", (int[]){3}, 1) &&
                orr_h5_attribute_int(file, "domain_dimensions", (int[]){1, 1, 1}, 3) &&
                orr_h5_attribute_int(file, "periodicity", (int[]){0, 0, 0}, 3) &&
                orr_h5_attribute_int(file, "cosmological_simulation", (int[]){0}, 1);
    const char *base[] = {"length", "mass", "time", "velocity", "magnetic"};
    const char *base_units[] = {"cm", "g", "s", "cm/s", "gauss"};
    const double base_values[] = {u.cm, u.g, u.s, u.cm / u.s, 1};
    for (int k = 0; k < 5; k++) {
        char name[48];
        snprintf(name, sizeof name, "%s_unit", base[k]);
        good = good && orr_h5_attribute_double(file, name, base_values[k]);
        snprintf(name, sizeof name, "%s_unit_units", base[k]);
        good = good && orr_h5_attribute_text(file, name, base_units[k]);
    }
    hid_t all = H5Gcreate2(file, "all", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    good = good && orr_h5_attribute_int(all, "num_elements", (int[]){(int)b->n}, 1);
    for (size_t c = 0; c < 3; c++) {
        char name[48], axis[2] = {(char)('x' + c), 0};
        low[c] = INFINITY, high[c] = -INFINITY;
        for (size_t i = 0; i < b->n; i++) {
            column[i] = b->pos[c * b->stride + i] * u.cm;
            low[c] = fmin(low[c], column[i]);
            high[c] = fmax(high[c], column[i]);
        }
        double margin = 0.05 * (high[c] - low[c]) + 1e-6 * (fabs(high[c]) + u.cm);
        low[c] -= margin, high[c] += margin;
        snprintf(name, sizeof name, "particle_position_%s", axis);
        good = good && put(all, name, H5T_NATIVE_DOUBLE, 1, b->n, column, "cm") &&
               H5Lcreate_hard(all, name, all, axis, H5P_DEFAULT, H5P_DEFAULT) >= 0;
        for (size_t i = 0; i < b->n; i++)
            column[i] = b->vel[c * b->stride + i] * u.cm / u.s;
        snprintf(name, sizeof name, "particle_velocity_%s", axis);
        good = good && put(all, name, H5T_NATIVE_DOUBLE, 1, b->n, column, "cm/s");
    }
    for (size_t i = 0; i < b->n; i++)
        column[i] = b->gm[i] * u.g;
    good = good && put(all, "particle_mass", H5T_NATIVE_DOUBLE, 1, b->n, column, "g");
    for (size_t i = 0; i < b->n; i++)
        column[i] = (double)b->id[i];
    good = good && put(all, "particle_index", H5T_NATIVE_DOUBLE, 1, b->n, column, "dimensionless");
    H5Gclose(all);
    good = good && doubles_attribute(file, "domain_left_edge", low, 3) &&
           doubles_attribute(file, "domain_right_edge", high, 3) &&
           orr_h5_attribute_text(file, "domain_left_edge_units", "cm") &&
           orr_h5_attribute_text(file, "domain_right_edge_units", "cm");
    free(column);
    return good;
}

/* ---- gadget ---- */

static bool flags(hid_t header)
{
    static const char *const off[] = {
        "Flag_Sfr",    "Flag_Cooling", "Flag_Feedback",    "Flag_StellarAge",
        "Flag_Metals", "Flag_IC_Info", "Flag_Entropy_ICs", NULL};
    bool good = orr_h5_attribute_int(header, "Flag_DoublePrecision", (int[]){1}, 1);
    for (size_t k = 0; off[k]; k++)
        good = good && orr_h5_attribute_int(header, off[k], (int[]){0}, 1);
    return good;
}

static bool gadget_header(const orr_exporter *e, hid_t header, double t)
{
    int count[6] = {0, (int)e->living->n, 0, 0, 0, 0}, none[6] = {0};
    double table[6] = {0};
    return orr_h5_attribute_int(header, "NumPart_ThisFile", count, 6) &&
           orr_h5_attribute_int(header, "NumPart_Total", count, 6) &&
           orr_h5_attribute_int(header, "NumPart_Total_HighWord", none, 6) &&
           doubles_attribute(header, "MassTable", table, 6) &&
           orr_h5_attribute_double(header, "Time", t) &&
           orr_h5_attribute_double(header, "Redshift", 0) &&
           orr_h5_attribute_double(header, "BoxSize", 0) &&
           orr_h5_attribute_double(header, "Omega0", 0) &&
           orr_h5_attribute_double(header, "OmegaLambda", 0) &&
           orr_h5_attribute_double(header, "HubbleParam", 1) &&
           orr_h5_attribute_int(header, "NumFilesPerSnapshot", (int[]){1}, 1) && flags(header);
}

/* Which powers of the units a column has, as GADGET-4 writes it, and what one of it is in cgs. */
static bool scaling(hid_t column, double length, double mass, double speed, double cgs)
{
    return orr_h5_attribute_double(column, "a_scaling", 0) &&
           orr_h5_attribute_double(column, "h_scaling", 0) &&
           orr_h5_attribute_double(column, "length_scaling", length) &&
           orr_h5_attribute_double(column, "mass_scaling", mass) &&
           orr_h5_attribute_double(column, "velocity_scaling", speed) &&
           orr_h5_attribute_double(column, "to_cgs", cgs);
}

static bool gadget_column(hid_t stars, const char *name, int rank, hsize_t n, const double *data,
                          const double power[3], double cgs)
{
    const hsize_t dims[2] = {n, 3};
    hid_t d = orr_h5_dataset(stars, name, H5T_NATIVE_DOUBLE, rank, dims);
    bool good = d >= 0 && orr_h5_write(d, H5T_NATIVE_DOUBLE, data) &&
                scaling(d, power[0], power[1], power[2], cgs);
    return orr_h5_close(d) && good;
}

/* Positions, velocities, masses: numbers in the units of the run, which /Units gives.  Masses are
 * such that G times them is GM. */
static bool gadget_columns(const orr_exporter *e, hid_t stars, double *rows)
{
    const orr_bodies *b = e->living;
    const orr_export_scales u = orr_export_cgs(e);
    const double *parts[2] = {b->pos, b->vel};
    static const char *const names[2] = {"Coordinates", "Velocities"};
    static const double powers[2][3] = {{1, 0, 0}, {0, 0, 1}}, mass_power[3] = {0, 1, 0};
    const double cgs[2] = {u.cm, u.cm / u.s};
    bool good = true;
    for (int p = 0; p < 2 && good; p++) {
        for (size_t i = 0; i < b->n; i++)
            for (size_t c = 0; c < 3; c++)
                rows[3 * i + c] = parts[p][c * b->stride + i];
        good = gadget_column(stars, names[p], 2, b->n, rows, powers[p], cgs[p]);
    }
    const double G = u.bare ? orr_reader_G(e->r) : 1;
    for (size_t i = 0; i < b->n; i++)
        rows[i] = b->gm[i] / G;
    return good && gadget_column(stars, "Masses", 1, b->n, rows, mass_power, u.g);
}

static bool gadget_ids(const orr_exporter *e, hid_t stars)
{
    const orr_bodies *b = e->living;
    uint32_t *ids = malloc(b->n * sizeof *ids);
    for (size_t i = 0; ids && i < b->n; i++)
        ids[i] = (uint32_t)b->id[i];
    bool good = ids && put(stars, "ParticleIDs", H5T_NATIVE_UINT32, 1, b->n, ids, NULL);
    free(ids);
    return good;
}

static bool gadget(const orr_exporter *e, hid_t file, double t)
{
    const orr_export_scales u = orr_export_cgs(e);
    double *rows = malloc(3 * e->living->n * sizeof *rows);
    hid_t header = H5Gcreate2(file, "Header", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t units = H5Gcreate2(file, "Units", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t stars = H5Gcreate2(file, "PartType1", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    bool good = rows && gadget_header(e, header, t) &&
                orr_h5_attribute_double(units, "UnitLength_in_cm", u.cm) &&
                orr_h5_attribute_double(units, "UnitMass_in_g", u.g) &&
                orr_h5_attribute_double(units, "UnitVelocity_in_cm_per_s", u.cm / u.s) &&
                (!u.bare || orr_h5_attribute_int(units, "dimensionless", (int[]){1}, 1)) &&
                gadget_columns(e, stars, rows) && gadget_ids(e, stars);
    H5Gclose(header), H5Gclose(units), H5Gclose(stars);
    free(rows);
    return good;
}

orr_status orr_export_h5(orr_exporter *e, const char *part)
{
    double t;
    ORR_TRY(orr_export_living(e, e->first, &t));
    if (e->living->n == 0)
        return orr_export_fail(e, ORR_E_FORMAT, "%s", "at this snapshot there is no body any more");
    orr_h5_silence silence = orr_h5_begin();
    errno = 0;
    hid_t file = H5Fcreate(part, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    bool good = file >= 0 && (e->kind == ORR_EXPORT_YT ? ytdata(e, file, t) : gadget(e, file, t));
    if (file >= 0)
        good = H5Fclose(file) >= 0 && good;
    orr_h5_end(silence);
    return good ? ORR_OK
                : orr_export_fail(e, ORR_E_FILE, "cannot write: %s",
                                  errno ? strerror(errno) : "HDF5 refused");
}
