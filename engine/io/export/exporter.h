/* exporter.h - what an export is made of; private to engine/io/export.
 *
 *     export.c            which snapshots, the file under its name; csv, paraview
 *     export_h5.c         yt, gadget
 *     export_particles.c  tipsy, nemo
 *     export_tables.c     events and diagnostics as csv
 *     export_elements.c   orbital elements as csv */
#ifndef ORRERY_IO_EXPORTER_H
#define ORRERY_IO_EXPORTER_H

#include <orrery/io.h>

#include "export_elements.h"

typedef struct orr_exporter {
    orr_reader *r;
    const orr_bodies
        *living; /* at the snapshot that was read last: the reader's, or some of them */
    orr_bodies some;
    size_t *place; /* [n_bodies] of each of them in the file */
    const orr_file_info *info;
    const char *source, *path;
    orr_export_kind kind;
    const orr_element_choice *elements; /* csv: these instead of states */
    orr_element_rows rows;
    size_t first, last; /* snapshots [first, last) */
    orr_diagnosis *why;
} orr_exporter;

/* Keep the sentence, with one detail, and hand the code on. */
orr_status orr_export_fail(const orr_exporter *e, orr_status code, const char *format,
                           const char *detail);

/* Snapshot k into e->living, without bodies that are no more. */
orr_status orr_export_living(orr_exporter *e, size_t k, double *t);

/* Each writes snapshots [e->first, e->last) into the file `part`. */
orr_status orr_export_h5(orr_exporter *e, const char *part);
orr_status orr_export_nemo(orr_exporter *e, const char *part);
/* Beside it e->path with .param, its units; never over an existing one, unless forced. */
orr_status orr_export_tipsy(orr_exporter *e, const char *part, bool force);

/* cgs factors; a dimensionless file is exported as if in cm, s, g. */
typedef struct orr_export_scales {
    double cm, s, g; /* of one unit of length, time, mass */
    bool bare;       /* it has no units */
} orr_export_scales;
orr_export_scales orr_export_cgs(const orr_exporter *e);

#endif
