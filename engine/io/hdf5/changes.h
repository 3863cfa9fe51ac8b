/* changes.h - masses and radii that change on the way: a log beside the snapshots.
 *
 *     /particles/all/gm, mass, radius                 as they are where the file begins
 *     /particles/all/changes/{time, member, body, gm, mass, radius, ..., checksum}
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
#include "io/body_fields.h"

typedef struct orr_change {
    double time;
    int64_t member, body;
    orr_body now; /* of its fields those that last, see orr_lasting_field_at() */
    double mass;
    uint64_t checksum; /* of the row, as of a snapshot; see h5.h */
} orr_change;

/* The log in an open file.  It has a column for each further field (such as spin) that a body has,
 * or can get in a collision; since 1.3. */
typedef struct orr_change_log {
    orr_column columns[ORR_MOST_FIELDS + 5];
    hid_t set[ORR_MOST_FIELDS + 5]; /* 0 or less: no such column */
    size_t n;
} orr_change_log;

/* With no column open. */
orr_change_log orr_changes_none(void);

/* Is there a column for the k-th of the fields that last? */
bool orr_changes_has(const orr_change_log *log, size_t k);

/* Make /changes in the group `all` with so many empty rows, with columns for all fields that last
 * but those that are left out. */
bool orr_changes_create(orr_change_log *log, hid_t all, const orr_units *u, size_t rows,
                        const bool left_out[ORR_MOST_FIELDS]);

/* Open it again; its number of rows, 0 if it is not whole. */
size_t orr_changes_open(orr_change_log *log, hid_t file);
bool orr_changes_close(orr_change_log *log);

/* Write row k, with its checksum. */
bool orr_changes_write(orr_change_log *log, size_t k, const orr_change *row);

/* Rows [k, rows) are not written. */
bool orr_changes_clear(orr_change_log *log, size_t k, size_t rows);

/* [bytes] of a row with all columns. */
double orr_changes_bytes(void);

/* All written rows of a file, to be freed by the caller; none in files before 1.2.  *damaged: the
 * time of the first that is not as it was written (and ends the list), or NaN.  has[k] (may be
 * NULL): the k-th field is told.  ORR_E_NO_MEMORY, ORR_E_FORMAT: the columns do not fit each other.
 */
orr_status orr_changes_read(hid_t file, orr_change **rows, size_t *n, double *damaged,
                            bool has[ORR_MOST_FIELDS]);

#endif
