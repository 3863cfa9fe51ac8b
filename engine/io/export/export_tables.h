/* export_tables.h - events and diagnostics as CSV; for export.c, which makes the file. */
#ifndef ORRERY_IO_EXPORT_TABLES_H
#define ORRERY_IO_EXPORT_TABLES_H

#include <stdio.h>

#include <orrery/io.h>

/* What goes wrong with `out` is left to its caller. */
orr_status orr_events_csv(FILE *out, orr_reader *r, orr_diagnosis *why);
orr_status orr_diagnostics_csv(FILE *out, orr_reader *r, orr_diagnosis *why);

#endif
