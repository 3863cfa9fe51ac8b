/* writer.h - what a writer is made of; shared by create.c, which makes a file with room for
 * every row, and write.c, which fills it. */
#ifndef ORRERY_IO_H5_WRITER_H
#define ORRERY_IO_H5_WRITER_H

#include <orrery/io.h>

#include "changes.h"
#include "base/clock.h"
#include "io/lock.h"

struct orr_writer {
    orr_writer_def def; /* whole: no text is NULL but those of the scenario */
    bool force, again;  /* again: it goes on; what a killed run wrote after it may be replaced */
    char path[4096], part[4200];
    int segment;
    hid_t file;
    hid_t position, velocity, time, step, sums;
    hid_t observed[ORR_OBSERVABLES], observed_time, observed_step;
    hid_t n_frames, n_diagnostics, n_events, state, wall;
    size_t n, room_frames, room_diagnostics; /* bodies (of a member); rows of this segment */
    size_t members;                          /* of an ensemble; 0: there is no member axis */
    size_t copies;                           /* members, or 1 */
    size_t longest_name;                     /* [bytes] */
    int *outcome;                            /* [members] status of each */
    double *ended;                           /* [members] time of its failure, or NaN */
    hid_t outcomes, endings;
    hid_t event[ORR_EVENT_COLUMNS];
    size_t events, room_events;
    orr_event_row pending[64]; /* the last of `events`, which are not in the file yet */
    size_t n_pending;
    orr_change_log log;
    size_t changes, room_changes;         /* rows of it */
    size_t frames, diagnostics;           /* written in this segment */
    size_t left_frames, left_diagnostics; /* rows still to come, over all segments */
    uint64_t *ids;
    double *kept[ORR_MOST_FIELDS]; /* [copies][n][components] of fields that last, as they were
                                       written last */
    double *gm, *radius;           /* [copies][n] two of them */
    bool moves[ORR_MOST_FIELDS];   /* further fields that move: some body has one */
    hid_t moving[ORR_MOST_FIELDS];
    size_t *where; /* [n] place of each body in what is to be written */
    unsigned char *role;
    double *buffer;              /* [copies][n][3] */
    hid_t element[ORR_ORBITALS]; /* of output.elements, in the order asked for */
    size_t n_elements;           /* bodies that they are of; 0: there are none */
    size_t *element_place;       /* [n_elements] index in ids */
    double *element_rows;        /* [quantities][copies][n_elements] */
    orr_centres centres;
    double next_flush, begun;
    orr_lock lock, segment_lock; /* of the run's first file, and of the one that is written */
    uint64_t had[3]; /* snapshots, diagnostics, events that a run which starts over finds */
    char message[768];
};

/* A writer without a file; bodies[members or 1] are initial states. */
orr_status orr_writer_new(const char *path, const orr_writer_def *def, const orr_bodies *bodies,
                          orr_writer **out, orr_diagnosis *why);
void orr_writer_release(orr_writer *w);

/* Make the next file of the run, w->path; on error nothing is left of it. */
orr_status orr_writer_create_segment(orr_writer *w);

/* [bytes] that the files of such a run take; w is of no use afterwards. */
double orr_writer_bytes(orr_writer *w);

/* Is the output anybody's own: an input of the run, a folder, a part of a run that goes on?  What
 * --force does not help against.  Takes the lock. */
orr_status orr_writer_claim(orr_writer *w);

/* Is that a file of the same run? */
bool orr_writer_made(const orr_writer *w, const char *path);

/* [bytes] of the longest name of its bodies. */
size_t orr_writer_longest_name(const orr_writer *w);

/* All groups and datasets of w->file, which is new; their handles are then in w. */
bool orr_writer_write_structure(orr_writer *w);
bool orr_writer_close_datasets(orr_writer *w);
bool orr_writer_set_state(orr_writer *w, const char *state);

/* /events of the file that is written. */
orr_table orr_writer_events(orr_writer *w);

/* Where each body of the file is among these: w->where, SIZE_MAX: it is no more.  b NULL: none is.
 */
void orr_writer_find_all(const orr_writer *w, const orr_bodies *b);

/* ---- elements.c: particles/all/elements/NAME/value [time](member)[body] ---- */

/* Memory for what the scenario asks for. */
orr_status orr_elements_prepare(orr_writer *w);
void orr_elements_release(orr_writer *w);
double orr_elements_bytes(const orr_writer *w); /* of a row */
bool orr_elements_create(orr_writer *w, hid_t all);
bool orr_elements_open(orr_writer *w);
bool orr_elements_close(orr_writer *w);
/* Row w->frames; members[copies]. */
orr_status orr_elements_append(orr_writer *w, const orr_snapshot *members);

/* ---- writer_fields.c: fields of bodies beside position and velocity ---- */

orr_status orr_writer_fields_prepare(orr_writer *w, const orr_bodies *bodies);
void orr_writer_fields_release(orr_writer *w);
double orr_writer_fields_bytes(const orr_writer *w); /* of those that not every file has */
double orr_writer_fields_row(const orr_writer *w);   /* of a snapshot */
bool orr_writer_fields_create(orr_writer *w, hid_t all);
bool orr_writer_moving_create(orr_writer *w, hid_t all);
bool orr_writer_fields_open(orr_writer *w);
bool orr_writer_fields_close(orr_writer *w);
/* What changed since the last snapshot goes into the log; *full: the snapshot has to begin the next
 * file, where no row for it is left, or no column. */
orr_status orr_writer_note_changes(orr_writer *w, double t, const orr_snapshot *members,
                                   bool *full);
orr_status orr_writer_append_moving(orr_writer *w, const orr_snapshot *members);

/* A dataset [rows][tail ...] of numbers, at least so many rows; -1: it is not there, or another. */
hid_t orr_writer_open_rows(const orr_writer *w, size_t rows, int n_tail, const hsize_t *tail,
                           const char *group, const char *name);

/* Keep the message and hand the code on. */
orr_status orr_writer_fail(orr_writer *w, orr_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* HDF5 hides why a write failed; errno most often knows. */
orr_status orr_writer_write_failed(orr_writer *w);

#endif
