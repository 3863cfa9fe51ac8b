/* export_particles.c - snapshots as other N-body codes read them: TIPSY and NEMO, both with G = 1.
 *
 * Masses are then GM in the units of length and time of the run, which gives the same motion.
 * TIPSY has floats; its standard form is big-endian, and a file of parameters beside it says what
 * its units are (pynbody reads that).  The layouts are in io/particles/tipsy.c and nemo.c. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exporter.h"

/* ---- bytes ---- */

static void put_u32(FILE *out, uint32_t x)
{
    const unsigned char bytes[4] = {(unsigned char)(x >> 24), (unsigned char)(x >> 16),
                                    (unsigned char)(x >> 8), (unsigned char)x};
    fwrite(bytes, 1, 4, out);
}

/* Big-endian; false: out of the range of floats. */
static bool put_float(FILE *out, double x)
{
    float value = (float)x;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_u32(out, bits);
    return isfinite(value);
}

static void put_double(FILE *out, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    put_u32(out, (uint32_t)(bits >> 32));
    put_u32(out, (uint32_t)bits);
}

static orr_status finish(const orr_exporter *e, FILE *out, orr_status status)
{
    bool good = !ferror(out);
    good = fclose(out) == 0 && good;
    return status == ORR_OK && !good
               ? orr_export_fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno))
               : status;
}

/* ---- TIPSY ---- */

/* dKpcUnit and dMsolUnit: what 1 is in kpc and in solar masses, where G = 1. */
static orr_status write_parameters(const orr_exporter *e, bool force)
{
    const double kpc = 1e3 * 648000 / 3.14159265358979323846 * ORR_AU;
    const double L = e->info->length_si, T = e->info->time_si;
    char path[4200];
    if (snprintf(path, sizeof path, "%.4100s.param", e->path) >= (int)sizeof path)
        return orr_export_fail(e, ORR_E_FILE, "%s", "the path is too long");
    FILE *out = fopen(path, force ? "w" : "wx");
    if (!out)
        return orr_export_fail(e, errno == EEXIST ? ORR_E_EXISTS : ORR_E_FILE,
                               "cannot write its .param: %s", strerror(errno));
    fprintf(out, "# units of a TIPSY file with G = 1: 1 is %s, %.9g km/s\n", e->info->length_unit,
            L / T / 1000);
    fprintf(out, "dKpcUnit = %.17g\ndMsolUnit = %.17g\n", L / kpc,
            L * L * L / (T * T) / ORR_GM_SUN);
    return finish(e, out, ORR_OK);
}

static orr_status write_tipsy(orr_exporter *e, FILE *out)
{
    double t;
    bool fits = true;
    ORR_TRY(orr_export_living(e, e->first, &t));
    const orr_bodies *b = e->living;
    const uint32_t header[6] = {(uint32_t)b->n, 3, 0, (uint32_t)b->n, 0, 0};
    put_double(out, t);
    for (size_t k = 0; k < 6; k++)
        put_u32(out, header[k]);
    for (size_t i = 0; i < b->n; i++) {
        fits = put_float(out, b->gm[i]) && fits;
        for (size_t c = 0; c < 3; c++)
            fits = put_float(out, b->pos[c * b->stride + i]) && fits;
        for (size_t c = 0; c < 3; c++)
            fits = put_float(out, b->vel[c * b->stride + i]) && fits;
        for (size_t c = 0; c < 2; c++) /* softening, potential */
            fits = put_float(out, 0) && fits;
    }
    return fits ? ORR_OK
                : orr_export_fail(e, ORR_E_RANGE, "%s",
                                  "a value is too large for the floats of TIPSY, above 3.4e38: "
                                  "choose other units for the run");
}

orr_status orr_export_tipsy(orr_exporter *e, const char *part, bool force)
{
    FILE *out = fopen(part, "w");
    if (!out)
        return orr_export_fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    ORR_TRY(finish(e, out, write_tipsy(e, out)));
    return *e->info->length_unit ? write_parameters(e, force) : ORR_OK;
}

/* ---- NEMO, in the byte order of this machine ---- */

enum { ONE = 0x0992, MANY = 0x0b92, CARTESIAN = 66306 };

/* An item without its data; dims ends with 0, and is NULL for one value. */
static void begin_item(FILE *out, const char *type, const char *tag, const int32_t *dims)
{
    const uint16_t magic = dims ? MANY : ONE;
    fwrite(&magic, sizeof magic, 1, out);
    fwrite(type, 1, strlen(type) + 1, out);
    if (tag)
        fwrite(tag, 1, strlen(tag) + 1, out);
    for (size_t k = 0; dims && (k == 0 || dims[k - 1]); k++)
        fwrite(&dims[k], sizeof *dims, 1, out);
}

static void write_bodies(FILE *out, const orr_bodies *b)
{
    const int32_t n = (int32_t)b->n, one[] = {n, 0}, phase[] = {n, 2, 3, 0}, cartesian = CARTESIAN;
    begin_item(out, "i", "CoordSystem", NULL);
    fwrite(&cartesian, sizeof cartesian, 1, out);
    begin_item(out, "d", "Mass", one);
    fwrite(b->gm, sizeof *b->gm, b->n, out);
    begin_item(out, "d", "PhaseSpace", phase);
    for (size_t i = 0; i < b->n; i++) {
        double row[6];
        for (size_t c = 0; c < 3; c++) {
            row[c] = b->pos[c * b->stride + i];
            row[3 + c] = b->vel[c * b->stride + i];
        }
        fwrite(row, sizeof row, 1, out);
    }
    begin_item(out, "i", "Key", one);
    for (size_t i = 0; i < b->n; i++) {
        const int32_t key = (int32_t)b->id[i];
        fwrite(&key, sizeof key, 1, out);
    }
}

static orr_status write_snapshots(orr_exporter *e, FILE *out)
{
    for (size_t k = e->first; k < e->last && !ferror(out); k++) {
        double t;
        ORR_TRY(orr_export_living(e, k, &t));
        const int32_t n = (int32_t)e->living->n;
        if (n == 0)
            continue; /* NEMO knows no snapshot of nothing */
        begin_item(out, "(", "SnapShot", NULL);
        begin_item(out, "(", "Parameters", NULL);
        begin_item(out, "i", "Nobj", NULL);
        fwrite(&n, sizeof n, 1, out);
        begin_item(out, "d", "Time", NULL);
        fwrite(&t, sizeof t, 1, out);
        begin_item(out, ")", NULL, NULL);
        begin_item(out, "(", "Particles", NULL);
        write_bodies(out, e->living);
        begin_item(out, ")", NULL, NULL);
        begin_item(out, ")", NULL, NULL);
    }
    return ORR_OK;
}

orr_status orr_export_nemo(orr_exporter *e, const char *part)
{
    FILE *out = fopen(part, "w");
    if (!out)
        return orr_export_fail(e, ORR_E_FILE, "cannot write: %s", strerror(errno));
    return finish(e, out, write_snapshots(e, out));
}
