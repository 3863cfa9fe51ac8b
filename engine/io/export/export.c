/* export.c - one snapshot (or all) in the form another program opens.
 *
 *     csv       one line a body and snapshot, or an event, or a row of diagnostics, units in the
 *               header
 *     yt        a `ytdata` container: yt.load(file) without arguments
 *     gadget    GADGET HDF5 with a /Units group: pynbody.load(file) without arguments
 *     paraview  an XDMF sidecar beside the file itself, time axis included
 *
 * A body that is no more at a snapshot (it merged, or was taken out) is left out, and masses are
 * those at that snapshot.  Files appear under their names only when they are complete. */
#include <orrery/io.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export_elements.h"
#include "export_tables.h"
#include "io/body_fields.h"
#include "io/hdf5/h5.h"
#include "io/quoting.h"

typedef struct exporter {
    orr_reader *r;
    orr_bodies living; /* at the snapshot that was read last */
    size_t *place;     /* [n_bodies] of each of them in the file */
    const orr_file_info *info;
    const char *source, *path;
    orr_export_kind kind;
    const orr_element_choice *elements; /* csv: these instead of states */
    orr_element_rows rows;
    size_t first, last; /* snapshots [first, last) */
    orr_diagnosis *why;
} exporter;

static orr_status fail(const exporter *e, orr_status code, const char *format, const char *detail)
{
    *e->why = (orr_diagnosis){0};
    snprintf(e->why->file, sizeof e->why->file, "%s", e->path);
    snprintf(e->why->text, sizeof e->why->text, format, detail);
    return code;
}

/* Snapshot k, without bodies that are no more. */
static orr_status read_living(exporter *e, size_t k, double *t)
{
    ORR_TRY(orr_reader_read(e->r, k, t, e->why));
    const orr_bodies *b = orr_reader_bodies(e->r);
    orr_bodies *living = &e->living;
    living->n = living->n_active = living->n_passive = 0;
    for (size_t i = 0; i < b->n; i++) {
        orr_body body = orr_bodies_get(b, i);
        if (isnan(body.pos[0]))
            continue;
        e->place[living->n] = i;
        if (orr_bodies_add(living, body, NULL) != ORR_OK)
            return fail(e, ORR_E_FORMAT, "%s", "damaged: the state of a body is not finite");
    }
    return ORR_OK;
}

/* ---- csv ---- */

static void bracketed(char *out, size_t size, const char *name, const char *unit)
{
    snprintf(out, size, *unit ? "%s [%s]" : "%s", name, unit);
}

static void csv_number(FILE *out, double x)
{
    char text[32];
    fputc(',', out);
    fputs(x == 0 ? "0" : orr_shortest(x, text), out); /* most are test bodies */
}

/* Does the file tell this field of its bodies?  unit[64] gets its unit. */
static bool tells_field(exporter *e, const orr_body_field *f, char *unit)
{
    static const char *const places[] = {"particles/all/%s", "particles/all/changes/%s",
                                         "particles/all/%s/value"};
    for (size_t k = f->moves ? 2 : 0; k < (f->moves ? 3 : 2); k++) {
        char path[100];
        snprintf(path, sizeof path, places[k], f->name);
        orr_reader_unit(e->r, path, unit, 64);
        if (orr_reader_has(e->r, path))
            return true;
    }
    return false;
}

/* Further fields, such as spin: headings, and who is told. */
static void field_headings(exporter *e, FILE *out, bool told[ORR_MOST_FIELDS])
{
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_extra_field_at(k)); k++) {
        char unit[64], name[80], heading[160];
        told[k] = tells_field(e, f, unit);
        for (size_t c = 0; c < f->components && told[k]; c++) {
            snprintf(name, sizeof name, f->components > 1 ? "%s_%c" : "%s", f->name,
                     (int)('x' + c));
            bracketed(heading, sizeof heading, name, unit);
            fprintf(out, ",%s", heading);
        }
    }
}

static orr_status write_states(exporter *e, FILE *out)
{
    const orr_file_info *i = e->info;
    const struct {
        const char *name, *unit;
    } columns[] = {{"t", i->time_unit},   {"x", i->length_unit},  {"y", i->length_unit},
                   {"z", i->length_unit}, {"vx", i->speed_unit},  {"vy", i->speed_unit},
                   {"vz", i->speed_unit}, {"mass", i->mass_unit}, {"radius", i->length_unit}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    for (int k = 0; k < COLUMNS; k++) {
        char heading[80];
        bracketed(heading, sizeof heading, columns[k].name, columns[k].unit);
        fprintf(out, "%s%s", heading, k == 0 ? ",name," : k < COLUMNS - 1 ? "," : "");
    }
    bool told[ORR_MOST_FIELDS];
    const orr_body_field *f;
    field_headings(e, out, told);
    fputc('\n', out);
    double G = orr_reader_G(e->r);
    orr_status status = ORR_OK;
    for (size_t k = e->first; k < e->last && status == ORR_OK; k++) {
        double t;
        status = read_living(e, k, &t);
        for (size_t m = 0; m < e->living.n && status == ORR_OK; m++) {
            orr_body b = orr_bodies_get(&e->living, m);
            fprintf(out, "%.17g,", t);
            orr_write_csv(out, orr_reader_name(e->r, e->place[m]));
            fprintf(out, ",%.17g,%.17g,%.17g,%.17g,%.17g,%.17g", b.pos[0], b.pos[1], b.pos[2],
                    b.vel[0], b.vel[1], b.vel[2]);
            csv_number(out, b.gm > 0 ? b.gm / G : 0);
            csv_number(out, b.radius);
            for (size_t x = 0; (f = orr_extra_field_at(x)); x++)
                for (size_t c = 0; c < f->components && told[x]; c++)
                    csv_number(out, orr_body_values(&b, f)[c]);
            fputc('\n', out);
        }
    }
    return status;
}

static orr_status write_csv(exporter *e, const char *part)
{
    FILE *out = fopen(part, "w");
    if (!out)
        return fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    fputs("# ", out);
    orr_write_terminal(out, e->source);
    fputs(": ", out);
    char title[sizeof e->info->title]; /* the comment is one line */
    snprintf(title, sizeof title, "%s", e->info->title);
    for (char *p = title; *p; p++)
        *p = *p == '\n' ? ' ' : *p;
    orr_write_terminal(out, title);
    fputc('\n', out);
    orr_status status = e->kind == ORR_EXPORT_EVENTS        ? orr_events_csv(out, e->r, e->why)
                        : e->kind == ORR_EXPORT_DIAGNOSTICS ? orr_diagnostics_csv(out, e->r, e->why)
                        : e->elements ? orr_elements_csv(out, e->r, e->elements, e->first, e->last,
                                                         &e->rows, e->why)
                                      : write_states(e, out);
    bool good = !ferror(out);
    good = fclose(out) == 0 && good;
    if (status == ORR_OK && !good)
        return fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    return status;
}

/* ---- HDF5 forms ---- */

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

/* cgs factors; a dimensionless file is exported as if in cm, s, g. */
typedef struct scales {
    double cm, s, g; /* of one unit of length, time, mass */
} scales;

static scales cgs(const exporter *e)
{
    bool bare = !*e->info->length_unit;
    double cm = bare ? 1 : 100 * e->info->length_si, s = bare ? 1 : e->info->time_si;
    /* mass unit such that GM = G m: exported masses are GM / G_cgs in gram */
    return (scales){cm, s, bare ? 1 : cm * cm * cm / (s * s) / (1000 * ORR_G_SI)};
}

static bool ytdata(exporter *e, hid_t file, double t)
{
    const orr_bodies *b = &e->living;
    scales u = cgs(e);
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

static bool gadget(exporter *e, hid_t file, double t)
{
    const orr_bodies *b = &e->living;
    scales u = cgs(e);
    double *rows = malloc(3 * b->n * sizeof *rows);
    uint32_t *ids = malloc(b->n * sizeof *ids);
    bool good = rows && ids;
    hid_t header = H5Gcreate2(file, "Header", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t units = H5Gcreate2(file, "Units", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t stars = H5Gcreate2(file, "PartType1", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    int count[6] = {0, (int)b->n, 0, 0, 0, 0}, none[6] = {0};
    double table[6] = {0};
    good = good && orr_h5_attribute_int(header, "NumPart_ThisFile", count, 6) &&
           orr_h5_attribute_int(header, "NumPart_Total", count, 6) &&
           orr_h5_attribute_int(header, "NumPart_Total_HighWord", none, 6) &&
           doubles_attribute(header, "MassTable", table, 6) &&
           orr_h5_attribute_double(header, "Time", t) &&
           orr_h5_attribute_double(header, "Redshift", 0) &&
           orr_h5_attribute_double(header, "BoxSize", 0) &&
           orr_h5_attribute_double(header, "Omega0", 0) &&
           orr_h5_attribute_double(header, "OmegaLambda", 0) &&
           orr_h5_attribute_double(header, "HubbleParam", 1) &&
           orr_h5_attribute_int(header, "NumFilesPerSnapshot", (int[]){1}, 1) &&
           orr_h5_attribute_int(header, "Flag_Sfr", (int[]){0}, 1) &&
           orr_h5_attribute_double(units, "UnitLength_in_cm", u.cm) &&
           orr_h5_attribute_double(units, "UnitMass_in_g", u.g) &&
           orr_h5_attribute_double(units, "UnitVelocity_in_cm_per_s", u.cm / u.s);
    const double *parts[2] = {b->pos, b->vel};
    const char *names[2] = {"Coordinates", "Velocities"};
    for (int p = 0; p < 2 && good; p++) {
        for (size_t i = 0; i < b->n; i++)
            for (size_t c = 0; c < 3; c++)
                rows[3 * i + c] = parts[p][c * b->stride + i];
        good = put(stars, names[p], H5T_NATIVE_DOUBLE, 2, b->n, rows, NULL);
    }
    for (size_t i = 0; good && i < b->n; i++)
        ids[i] = (uint32_t)b->id[i];
    good = good && put(stars, "Masses", H5T_NATIVE_DOUBLE, 1, b->n, b->gm, NULL) &&
           put(stars, "ParticleIDs", H5T_NATIVE_UINT32, 1, b->n, ids, NULL);
    H5Gclose(header), H5Gclose(units), H5Gclose(stars);
    free(rows), free(ids);
    return good;
}

static orr_status write_h5(exporter *e, const char *part)
{
    double t;
    ORR_TRY(read_living(e, e->first, &t));
    if (e->living.n == 0)
        return fail(e, ORR_E_FORMAT, "%s", "at this snapshot there is no body any more");
    orr_h5_silence silence = orr_h5_begin();
    errno = 0;
    hid_t file = H5Fcreate(part, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    bool good = file >= 0 && (e->kind == ORR_EXPORT_YT ? ytdata(e, file, t) : gadget(e, file, t));
    if (file >= 0)
        good = H5Fclose(file) >= 0 && good;
    orr_h5_end(silence);
    return good ? ORR_OK
                : fail(e, ORR_E_FILE, "cannot write: %s", errno ? strerror(errno) : "HDF5 refused");
}

/* ---- ParaView: XDMF 2, reading the output file in place ---- */

/* A dataset of the file that a snapshot is in, by the name that it has in the same folder. */
static void xdmf_dataset(FILE *out, const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    orr_write_xml(out, slash ? slash + 1 : file);
    fprintf(out, ":/%s</DataItem>", path);
}

/* Vectors of all bodies: a row of [time][body][3]. */
static void xdmf_rows(FILE *out, const exporter *e, const orr_frame_place *at, const char *path)
{
    const orr_file_info *i = e->info;
    fprintf(out,
            "<DataItem ItemType=\"HyperSlab\" Dimensions=\"%zu 3\"><DataItem Dimensions=\"3 3\" "
            "Format=\"XML\">%zu 0 0 1 1 1 1 %zu 3</DataItem><DataItem Format=\"HDF\" "
            "NumberType=\"Float\" Precision=\"%d\" Dimensions=\"%zu %zu 3\">",
            i->n_bodies, at->row, i->n_bodies, i->float_positions ? 4 : 8, at->rows, i->n_bodies);
    xdmf_dataset(out, at->path, path);
    fputs("</DataItem>", out);
}

/* Numbers that stand in the file in no such order: here. */
static void xdmf_numbers(FILE *out, const double *x, size_t stride, size_t n, size_t width)
{
    fprintf(out, "<DataItem Format=\"XML\" NumberType=\"Float\" Precision=\"8\" Dimensions=\"%zu",
            n);
    fprintf(out, width > 1 ? " %zu\">" : "\">", width);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < width; c++)
            fprintf(out, "%.17g ", x[i + c * stride]);
    fputs("</DataItem>", out);
}

static void xdmf_constant(FILE *out, const exporter *e, const orr_frame_place *at, const char *name,
                          const double *start, const double *now)
{
    size_t n = e->living.n;
    fprintf(out, "    <Attribute Name=\"%s\" AttributeType=\"Scalar\" Center=\"Node\">", name);
    if (n < e->info->n_bodies || memcmp(start, now, n * sizeof *now) != 0 ||
        e->info->n_files > 1) { /* a later file begins with other masses */
        xdmf_numbers(out, now, 0, n, 1);
    } else {
        fprintf(out,
                "<DataItem Format=\"HDF\" NumberType=\"Float\" Precision=\"8\" Dimensions=\"%zu\">",
                n);
        char path[80];
        snprintf(path, sizeof path, "particles/all/%s", name);
        xdmf_dataset(out, at->path, path);
    }
    fputs("</Attribute>\n", out);
}

static orr_status xdmf_frame(FILE *out, exporter *e, size_t k, const double *gm,
                             const double *radius)
{
    double t;
    orr_frame_place at;
    const orr_bodies *b = &e->living;
    ORR_TRY(read_living(e, k, &t));
    ORR_TRY(orr_reader_place(e->r, k, &at, e->why));
    bool all = b->n == e->info->n_bodies;
    fprintf(out, "  <Grid Name=\"%zu\"><Time Value=\"%.17g\"/>\n", k, t);
    fprintf(out, "    <Topology TopologyType=\"Polyvertex\" NumberOfElements=\"%zu\"/>\n", b->n);
    fputs("    <Geometry GeometryType=\"XYZ\">", out);
    if (all)
        xdmf_rows(out, e, &at, "particles/all/position/value");
    else
        xdmf_numbers(out, b->pos, b->stride, b->n, 3);
    fputs("</Geometry>\n    <Attribute Name=\"velocity\" AttributeType=\"Vector\" "
          "Center=\"Node\">",
          out);
    if (all)
        xdmf_rows(out, e, &at, "particles/all/velocity/value");
    else
        xdmf_numbers(out, b->vel, b->stride, b->n, 3);
    fputs("</Attribute>\n", out);
    xdmf_constant(out, e, &at, "gm", gm, b->gm);
    xdmf_constant(out, e, &at, "radius", radius, b->radius);
    fputs("  </Grid>\n", out);
    return ORR_OK;
}

static orr_status write_xdmf(exporter *e, const char *part)
{
    size_t bytes = e->info->n_bodies * sizeof(double);
    double *start = malloc(2 * bytes);
    FILE *out = start ? fopen(part, "w") : NULL;
    if (!out) {
        free(start);
        return fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    }
    memcpy(start, orr_reader_bodies(e->r)->gm, bytes);
    memcpy(start + e->info->n_bodies, orr_reader_bodies(e->r)->radius, bytes);
    fputs("<?xml version=\"1.0\"?>\n<Xdmf Version=\"2.0\"><Domain>\n"
          "<Grid Name=\"run\" GridType=\"Collection\" CollectionType=\"Temporal\">\n",
          out);
    orr_status status = ORR_OK;
    for (size_t k = e->first; k < e->last && status == ORR_OK; k++)
        status = xdmf_frame(out, e, k, start, start + e->info->n_bodies);
    fputs("</Grid></Domain></Xdmf>\n", out);
    free(start);
    bool good = !ferror(out);
    good = fclose(out) == 0 && good;
    if (status == ORR_OK && !good)
        return fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    return status;
}

static orr_status export(exporter *e, size_t k, bool force)
{
    const char *path = e->path;
    orr_export_kind kind = e->kind;
    bool all = k == SIZE_MAX, table = kind == ORR_EXPORT_EVENTS || kind == ORR_EXPORT_DIAGNOSTICS;
    e->first = all ? 0 : k;
    e->last = all ? e->info->n_frames : k + 1;
    if (!table && (e->last > e->info->n_frames || e->first >= e->last))
        return fail(e, ORR_E_ARGUMENT, "%s", "there is no such snapshot in the file");
    if (all && (kind == ORR_EXPORT_YT || kind == ORR_EXPORT_GADGET))
        return fail(e, ORR_E_ARGUMENT, "%s", "this form holds one snapshot; choose it");
    if (e->info->n_members && kind == ORR_EXPORT_PARAVIEW)
        return fail(e, ORR_E_ARGUMENT, "%s",
                    "an ensemble has no form that ParaView reads; export members as csv");
    if (!force && access(path, F_OK) == 0)
        return fail(e, ORR_E_EXISTS, "%s", "this file exists already; replace it with --force");
    char part[4200];
    if (snprintf(part, sizeof part, "%.4000s.part-%ld", path, (long)getpid()) >= (int)sizeof part)
        return fail(e, ORR_E_FILE, "%s", "the path is too long");
    e->place = malloc(e->info->n_bodies * sizeof *e->place);
    if (!e->place ||
        orr_bodies_init(&e->living, e->elements || table ? 0 : e->info->n_bodies) != ORR_OK) {
        free(e->place);
        return fail(e, ORR_E_NO_MEMORY, "%s", "out of memory");
    }
    orr_status status = kind == ORR_EXPORT_CSV || table ? write_csv(e, part)
                        : kind == ORR_EXPORT_PARAVIEW   ? write_xdmf(e, part)
                                                        : write_h5(e, part);
    if (status == ORR_OK && rename(part, path) != 0)
        status = fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    if (status != ORR_OK)
        unlink(part);
    orr_bodies_free(&e->living);
    free(e->place);
    return status;
}

orr_status orr_export(orr_reader *r, const char *source, orr_export_kind kind, size_t k,
                      const char *path, bool force, orr_diagnosis *why)
{
    exporter e = {.r = r,
                  .info = orr_reader_info(r),
                  .source = source,
                  .path = path,
                  .kind = kind,
                  .why = why};
    return export(&e, k, force);
}

orr_status orr_export_elements(orr_reader *r, const char *source, const orr_element_choice *choice,
                               size_t k, const char *path, bool force, orr_element_rows *rows,
                               orr_diagnosis *why)
{
    exporter e = {.r = r,
                  .info = orr_reader_info(r),
                  .source = source,
                  .path = path,
                  .kind = ORR_EXPORT_CSV,
                  .elements = choice,
                  .why = why};
    orr_status status = export(&e, k, force);
    if (rows)
        *rows = e.rows;
    return status;
}
