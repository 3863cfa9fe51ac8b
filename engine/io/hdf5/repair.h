/* repair.h - shared by repair.c, which mends a file, and repair_rows.c, which mends its
 * tables of rows. */
#ifndef ORRERY_IO_H5_REPAIR_H
#define ORRERY_IO_H5_REPAIR_H

#include "columns.h"

typedef struct repair {
    char part[4200];
    hid_t file;
    double t_start; /* [time] of the run; 0 before format 1.2 */
    orr_repair_report *report;
    orr_repair_follow *follow; /* NULL: none */
    void *user;
    bool stopped;   /* by `follow` */
    bool no_memory; /* for a block of rows */
    orr_diagnosis *why;
} repair;

/* How far it is, from 0 to 1; false: it is to stop. */
bool orr_repair_goes_on(repair *r, double part);

/* Rows that are whole move up to where lost ones were; report->frames, ->diagnostics, ->events tell
 * how many there are then.  False: HDF5 cannot write them, or it was stopped. */
bool orr_repair_frames(repair *r);
bool orr_repair_diagnostics(repair *r);
bool orr_repair_events(repair *r);

#endif
