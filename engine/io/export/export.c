/* export.c - one snapshot (or all) in the form another program opens.
 *
 *     csv       one line a body and snapshot, or an event, or a row of diagnostics, units in the
 *               header
 *     yt        a `ytdata` container: yt.load(file) without arguments
 *     gadget    GADGET HDF5 with a /Units group: pynbody.load(file) without arguments
 *     tipsy     TIPSY, standard, with a file of parameters that says its units
 *     nemo      a snapshot of NEMO, or many
 *     paraview  an XDMF sidecar beside the file itself, time axis included
 *
 * A body that is no more at a snapshot (it merged, or was taken out) is left out, and masses are
 * those at that snapshot.  Files appear under their names only when they are complete. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export_tables.h"
#include "exporter.h"
#include "io/body_fields.h"
#include "io/quoting.h"

orr_status orr_export_fail(const orr_exporter *e, orr_status code, const char *format,
                           const char *detail)
{
    *e->why = (orr_diagnosis){0};
    snprintf(e->why->file, sizeof e->why->file, "%s", e->path);
    snprintf(e->why->text, sizeof e->why->text, format, detail);
    return code;
}

/* Those of b that are still there, as a copy. */
static orr_status take_some(orr_exporter *e, const orr_bodies *b)
{
    orr_bodies *some = &e->some;
    if (!some->capacity && orr_bodies_init(some, b->n) != ORR_OK)
        return orr_export_fail(e, ORR_E_NO_MEMORY, "%s", "out of memory");
    some->n = some->n_active = some->n_passive = 0;
    e->living = some;
    for (size_t i = 0; i < b->n; i++) {
        orr_body body = orr_bodies_get(b, i);
        if (isnan(body.pos[0]))
            continue;
        e->place[some->n] = i;
        if (orr_bodies_add(some, body, NULL) != ORR_OK)
            return orr_export_fail(e, ORR_E_FORMAT, "%s",
                                   "damaged: the state of a body is not finite");
    }
    return ORR_OK;
}

orr_status orr_export_living(orr_exporter *e, size_t k, double *t)
{
    ORR_TRY(orr_reader_read(e->r, k, t, e->why));
    const orr_bodies *b = orr_reader_bodies(e->r);
    if (orr_bodies_valid(b, 0, b->n) < b->n)
        return take_some(e, b);
    e->living = b;
    for (size_t i = 0; i < b->n; i++)
        e->place[i] = i;
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
static bool tells_field(orr_exporter *e, const orr_body_field *f, char *unit)
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
static void field_headings(orr_exporter *e, FILE *out, bool told[ORR_MOST_FIELDS])
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

static orr_status write_states(orr_exporter *e, FILE *out)
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
        status = orr_export_living(e, k, &t);
        for (size_t m = 0; m < e->living->n && status == ORR_OK; m++) {
            orr_body b = orr_bodies_get(e->living, m);
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

static orr_status write_csv(orr_exporter *e, const char *part)
{
    FILE *out = fopen(part, "w");
    if (!out)
        return orr_export_fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
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
        return orr_export_fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    return status;
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
static void xdmf_rows(FILE *out, const orr_exporter *e, const orr_frame_place *at, const char *path)
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

static void xdmf_constant(FILE *out, const orr_exporter *e, const orr_frame_place *at,
                          const char *name, const double *start, const double *now)
{
    size_t n = e->living->n;
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

static orr_status xdmf_frame(FILE *out, orr_exporter *e, size_t k, const double *gm,
                             const double *radius)
{
    double t;
    orr_frame_place at;
    ORR_TRY(orr_export_living(e, k, &t));
    const orr_bodies *b = e->living;
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

static orr_status write_xdmf(orr_exporter *e, const char *part)
{
    size_t bytes = e->info->n_bodies * sizeof(double);
    double *start = malloc(2 * bytes);
    FILE *out = start ? fopen(part, "w") : NULL;
    if (!out) {
        free(start);
        return orr_export_fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
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
        return orr_export_fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    return status;
}

static orr_status export(orr_exporter *e, size_t k, bool force)
{
    const char *path = e->path;
    orr_export_kind kind = e->kind;
    bool all = k == SIZE_MAX, table = kind == ORR_EXPORT_EVENTS || kind == ORR_EXPORT_DIAGNOSTICS;
    e->first = all ? 0 : k;
    e->last = all ? e->info->n_frames : k + 1;
    if (!table && (e->last > e->info->n_frames || e->first >= e->last))
        return orr_export_fail(e, ORR_E_ARGUMENT, "%s", "there is no such snapshot in the file");
    bool one = kind == ORR_EXPORT_YT || kind == ORR_EXPORT_GADGET || kind == ORR_EXPORT_TIPSY;
    if (all && one)
        return orr_export_fail(e, ORR_E_ARGUMENT, "%s", "this form holds one snapshot; choose it");
    if (e->info->n_members && kind == ORR_EXPORT_PARAVIEW)
        return orr_export_fail(
            e, ORR_E_ARGUMENT, "%s",
            "an ensemble has no form that ParaView reads; export members as csv");
    if (!force && access(path, F_OK) == 0)
        return orr_export_fail(e, ORR_E_EXISTS, "%s",
                               "this file exists already; replace it with --force");
    char part[4200];
    if (snprintf(part, sizeof part, "%.4000s.part-%ld", path, (long)getpid()) >= (int)sizeof part)
        return orr_export_fail(e, ORR_E_FILE, "%s", "the path is too long");
    e->place = malloc(e->info->n_bodies * sizeof *e->place);
    if (!e->place)
        return orr_export_fail(e, ORR_E_NO_MEMORY, "%s", "out of memory");
    orr_status status = kind == ORR_EXPORT_CSV || table ? write_csv(e, part)
                        : kind == ORR_EXPORT_PARAVIEW   ? write_xdmf(e, part)
                        : kind == ORR_EXPORT_TIPSY      ? orr_export_tipsy(e, part, force)
                        : kind == ORR_EXPORT_NEMO       ? orr_export_nemo(e, part)
                                                        : orr_export_h5(e, part);
    if (status == ORR_OK && rename(part, path) != 0)
        status = orr_export_fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    if (status != ORR_OK)
        unlink(part);
    orr_bodies_free(&e->some);
    free(e->place);
    return status;
}

orr_status orr_export(orr_reader *r, const char *source, orr_export_kind kind, size_t k,
                      const char *path, bool force, orr_diagnosis *why)
{
    orr_exporter e = {.r = r,
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
    orr_exporter e = {.r = r,
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
