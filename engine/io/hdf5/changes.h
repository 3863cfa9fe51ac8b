/* changes.h - masses and radii that change on the way: a log beside the snapshots.
 *
 *     /particles/all/gm, mass, radius                 as they are where the file begins
 *     /particles/all/changes/{time, member, body, gm, mass, radius, checksum}
 *
 * A row says: from the snapshot of `time` on, the body at place `body` of the body axis (of that
 * member; 0 where there are none) has these.  Rows come in the order of snapshots; time NaN: not
 * written.  A body that is no more has gm, mass and radius 0, and its positions are NaN; of a test
 * body, which never had a mass, the NaN alone says it.  So with h5py, of a run forwards in time,
 *
 *     gm, c = np.tile(f["particles/all/gm"], (n, 1)), f["particles/all/changes"]
 *     for at, body, new in zip(c["time"], c["body"], c["gm"]): gm[t >= at, body] = new
 *
 * makes gm[time][body].  Rows have the times of snapshots, and not their numbers, so that they stay
 * right where snapshots are lost (see repair.c).  The writer finds changes by comparing what it
 * is given with what it wrote last, whoever made them.  A log that is full is one more reason to go
 * on in the next file.  (Two datasets [time][body] would cost a third of the file, for ever.) */
#ifndef ORRERY_IO_H5_CHANGES_H
#define ORRERY_IO_H5_CHANGES_H

#include "columns.h"

typedef struct orr_change {
    double time;
    int64_t member, body;
    double gm, mass, radius;
    uint64_t checksum; /* of the row, as of a snapshot; see h5.h */
} orr_change;

enum { ORR_CHANGE_COLUMNS = 7 };
extern const orr_column orr_change_columns[ORR_CHANGE_COLUMNS];

/* The open columns d of a file as a table. */
orr_table orr_changes_table(hid_t d[ORR_CHANGE_COLUMNS]);

/* Make /changes in the group `all` with so many empty rows; d gets the open columns. */
bool orr_changes_create(hid_t all, const orr_units *u, size_t rows, hid_t d[ORR_CHANGE_COLUMNS]);

/* Open them again; their number of rows, 0 if they are not all there. */
size_t orr_changes_open(hid_t file, hid_t d[ORR_CHANGE_COLUMNS]);

/* Write row k, with its checksum. */
bool orr_changes_write(hid_t d[ORR_CHANGE_COLUMNS], size_t k, const orr_change *row);

/* All written rows of a file, to be freed by the caller; none in files before 1.2.  *damaged: the
 * time of the first that is not as it was written (and ends the list), or NaN.  ORR_E_NO_MEMORY,
 * ORR_E_FORMAT: the columns do not fit each other. */
orr_status orr_changes_read(hid_t file, orr_change **rows, size_t *n, double *damaged);

#endif
