/* io.h - HDF5 files: the writer follows a run, the reader opens what was written, also while it
 * grows.  The layout is described in README.md, "The output file". */
#ifndef ORRERY_IO_H
#define ORRERY_IO_H

#include <stdbool.h>
#include <stdint.h>

#include <orrery/scenario.h>
#include <orrery/sim.h>
#include <orrery/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the library cannot know and the file should tell. */
typedef struct orr_provenance {
    const char *command_line, *host, *start; /* start: ISO 8601 */
    int threads;
    bool shadow;        /* diagnostics tell the distance from a shadow */
    const char *origin; /* what is needed to start the run anew; NULL: nothing */
} orr_provenance;

/* What an output file is made of, besides the bodies; {.units, .segment_bytes = 0} is valid.  What
 * it points to is borrowed until the writer is closed. */
typedef struct orr_writer_def {
    orr_units units;            /* G > 0; see orr_units_named() */
    double t_start;             /* [time] of the initial state */
    size_t frames, diagnostics; /* rows to make room for, >= 1 (0: one); more of them go into
                                         further files, NAME.0001.h5, ... */
    const char *title;          /* NULL: none */
    const char *frame, *origin; /* of reference, "inertial"; of coordinates; NULL: not told */
    const char *method;         /* name of the integrator; NULL: not told */
    const orr_date *epoch;      /* of t = 0; NULL: there is none */
    orr_name_fn *name;          /* NULL: "body 0", by id; as in orr_sim_def */
    const void *name_user;
    const uint32_t *colors; /* [n_colors] by id, 0xRRGGBB, 0: none; NULL: nobody has one */
    size_t n_colors;
    bool float_positions; /* positions and velocities as 4-byte floats */
    orr_compression compression;
    double segment_bytes;               /* a file larger than this goes on in the next; 0: 4 GB */
    const orr_element_choice *elements; /* osculating, of every snapshot; NULL: none */
    orr_boundary boundary;              /* of the box that the bodies are in */
    bool bodies_merge; /* so they get fields such as spin: there is room for their changes */
    const orr_ensemble *ensemble; /* NULL: there is one member, and no axis of members */
    const char *yaml, *resolved;  /* the scenario, as given and with all defaults; NULL: none,
                                         and `orrery rerun` and `resume` refuse the file */
    size_t yaml_size;             /* [bytes] */
    const char *yaml_path;        /* files that the output must not overwrite; may be NULL */
    const orr_input *inputs;
    orr_provenance provenance;
} orr_writer_def;

/* The definition of a run of a scenario, which must outlive it. */
ORR_API orr_writer_def orr_writer_def_of(const orr_scenario *s, const orr_provenance *provenance);

typedef struct orr_writer orr_writer;

/* Create an output file, as orr_writer_open() does, of anything that moves.  bodies is the initial
 * state; of an ensemble those of all members, with the same ids.  ORR_E_ARGUMENT: the definition is
 * not valid. */
ORR_API ORR_CHECKED orr_status orr_writer_create(const char *path, const orr_writer_def *def,
                                                 const orr_bodies *bodies, bool force,
                                                 orr_writer **out, orr_diagnosis *why);

/* Create the output file of a run.  It appears under its name only when it is complete, readable
 * and has room for every row (reserved on disk).  path NULL: the scenario's own.  bodies is the
 * initial state.  force replaces an existing file; without it ORR_E_EXISTS.  From here to the close
 * nothing else, in this process or another, may write a file of that name: ORR_E_BUSY.  Other
 * errors: ORR_E_FILE.  In every case *why says what happened and nothing is left behind. */
ORR_API ORR_CHECKED orr_status orr_writer_open(const char *path, const orr_scenario *s,
                                               const orr_bodies *bodies,
                                               const orr_provenance *provenance, bool force,
                                               orr_writer **out, orr_diagnosis *why);

/* The same for an ensemble: bodies[members] are the initial states, all with the same ids. */
ORR_API ORR_CHECKED orr_status orr_writer_open_ensemble(const char *path, const orr_scenario *s,
                                                        const orr_bodies *bodies,
                                                        const orr_provenance *provenance,
                                                        bool force, orr_writer **out,
                                                        orr_diagnosis *why);

/* [bytes] that the output of such a run takes, over all its files: exact to a few hundred bytes for
 * names, times and the command line; where it is compressed, at most.  bodies as for
 * orr_writer_open() or, of an ensemble, orr_writer_open_ensemble().  NAN: no memory. */
ORR_API double orr_output_bytes(const orr_scenario *s, const orr_bodies *bodies, bool shadow);

/* Append one snapshot.  It is acknowledged (safe from a killed process) after the next flush, at
 * most half a second later, or at once with orr_writer_flush(). */
ORR_API ORR_CHECKED orr_status orr_writer_append(orr_writer *w, const orr_snapshot *s);

typedef struct orr_diagnostics {
    double t;
    uint64_t step;
    double energy_error; /* (E - E0) / |E0| */
    double step_size;    /* [time] */
    double shadow;       /* [length] rms distance from the shadow run, where there is one */
    orr_conserved conserved;
} orr_diagnostics;
ORR_API ORR_CHECKED orr_status orr_writer_diagnose(orr_writer *w, const orr_diagnostics *d);

/* The same for all members of an ensemble at time t; a member that failed (bodies NULL) has NaN. */
ORR_API ORR_CHECKED orr_status orr_writer_append_members(orr_writer *w, double t,
                                                         const orr_snapshot *s);
ORR_API ORR_CHECKED orr_status orr_writer_diagnose_members(orr_writer *w, double t,
                                                           const orr_diagnostics *d);

/* Member k failed at time t [time]: recorded at once. */
ORR_API ORR_CHECKED orr_status orr_writer_member_failed(orr_writer *w, size_t k, orr_status why,
                                                        double t);

/* Append an event (of a member; 0 where there are none) to /events, which has room for one per body
 * and 64 more in each file, at most 65536; ORR_E_RANGE, and nothing else, if it is full.  It is in
 * the file after the next flush. */
ORR_API ORR_CHECKED orr_status orr_writer_event(orr_writer *w, size_t member, const orr_event *e);

/* How far a writer is: what a resumed run needs to go on in its file. */
typedef struct orr_writer_place {
    int segment;
    uint64_t frames, diagnostics, events; /* rows of this file */
    uint64_t left_frames, left_diagnostics;
} orr_writer_place;
ORR_API orr_writer_place orr_writer_tell(const orr_writer *w);

/* Open the file of a run that was stopped, or killed, to go on from a place that it had told: rows
 * after it are written again.  The rest as for orr_writer_open(); ORR_E_FILE, ORR_E_FORMAT. */
ORR_API ORR_CHECKED orr_status orr_writer_reopen(const char *path, const orr_scenario *s,
                                                 const orr_bodies *bodies,
                                                 const orr_provenance *provenance,
                                                 const orr_writer_place *place, orr_writer **out,
                                                 orr_diagnosis *why);

/* The same for anything that moves, see orr_writer_create(); status as below, NULL where there is
 * no ensemble. */
ORR_API ORR_CHECKED orr_status orr_writer_resume(const char *path, const orr_writer_def *def,
                                                 const orr_bodies *bodies, const orr_status *status,
                                                 const orr_writer_place *place, orr_writer **out,
                                                 orr_diagnosis *why);

/* The same for an ensemble: status[members] says which had failed at that place. */
ORR_API ORR_CHECKED orr_status orr_writer_reopen_ensemble(const char *path, const orr_scenario *s,
                                                          const orr_bodies *bodies,
                                                          const orr_status *status,
                                                          const orr_provenance *provenance,
                                                          const orr_writer_place *place,
                                                          orr_writer **out, orr_diagnosis *why);

/* All that was appended is safe from a killed process; after orr_writer_sync() from a power cut. */
ORR_API ORR_CHECKED orr_status orr_writer_flush(orr_writer *w);
ORR_API ORR_CHECKED orr_status orr_writer_sync(orr_writer *w);

/* Where the run of the output `path` goes on: NAME.0001.h5, ...; segment 0 is `path` itself. */
ORR_API void orr_segment_path(const char *path, int segment, char out[4200]);

/* Name of the file that is written now; a long run goes on in NAME.0001.h5, ... */
ORR_API const char *orr_writer_path(const orr_writer *w);
/* What went wrong last; never NULL. */
ORR_API const char *orr_writer_message(const orr_writer *w);
/* Why others are not kept from writing the file (a file system without locks); "": they are. */
ORR_API const char *orr_writer_warning(const orr_writer *w);

/* state: "finished", "stopped" or "failed".  Closes and frees w in any case; a failed flush is
 * reported here. */
ORR_API ORR_CHECKED orr_status orr_writer_close(orr_writer *w, const char *state,
                                                double wall_seconds, orr_diagnosis *why);

/* ---- reading ----
 *
 * A run that goes on in further files (NAME.0001.h5, ...) is read as one when it is opened by the
 * name of its first file: snapshots, diagnostics and events are counted through.  Opened by the
 * name of a later file it is that file alone. */

typedef struct orr_reader orr_reader;

typedef struct orr_file_info {
    char title[256], state[16], format_version[16];
    char version[32], commit[48], compiler[96], flags[256], isa[16], host[96], start[40];
    char command_line[512], method[32];
    int threads;
    double wall_seconds;
    bool has_epoch;
    orr_date epoch;
    double epoch_jd;
    char time_scale[8], frame[16];
    size_t n_bodies, n_active, n_passive;
    size_t n_members;  /* of an ensemble; 0: it is none */
    size_t n_files;    /* in which the run is */
    int segment;       /* of the file that was opened; not 0: it is that part of a run alone */
    char missing[512]; /* the file in which the run goes on, if it is not there; else empty */
    size_t n_frames, room_frames, n_diagnostics, room_diagnostics, n_events;
    size_t n_lost; /* snapshots that were counted behind the last whole one, and are not whole */
    bool masses_damaged; /* the log of what masses became is not whole */
    bool float_positions;
    double t_first, t_last; /* of the frames; NAN if there are none */
    double energy_error_max, energy_error_last;
    double bytes; /* size of the files */
    char length_unit[24], time_unit[24], speed_unit[48], gm_unit[48], mass_unit[24];
    double length_si, time_si;
    size_t n_elements;  /* bodies of which osculating elements are stored; 0: none are */
    char elements[256]; /* "a, e, i about Sun, plane ecliptic" */
} orr_file_info;

/* Open a file, also one that another process is writing.  ORR_E_FILE, ORR_E_FORMAT with *why. */
ORR_API ORR_CHECKED orr_status orr_reader_open(const char *path, orr_reader **out,
                                               orr_diagnosis *why);
ORR_API const orr_file_info *orr_reader_info(const orr_reader *r);

/* The bodies: ids and names stay the same; gm and radius are those at the start until a snapshot is
 * read, then as they are at that one.  Borrowed until close. */
ORR_API const orr_bodies *orr_reader_bodies(const orr_reader *r);
ORR_API const char *orr_reader_name(const orr_reader *r, size_t index);

/* Mass is gm / G, in the units of the file; NAN: there is no mass to tell by. */
ORR_API double orr_reader_G(orr_reader *r);

/* The colours of the bodies that the scenario gave, [n_bodies] 0xRRGGBB, 0: none; NULL: no body has
 * one.  To be freed by the caller. */
ORR_API uint32_t *orr_reader_colors(orr_reader *r);

/* Ensembles: what follows is about member k (0 at first), gm and radius too. */
ORR_API ORR_CHECKED orr_status orr_reader_select(orr_reader *r, size_t k, orr_diagnosis *why);
ORR_API size_t orr_reader_selected(const orr_reader *r);

/* What is varied in an ensemble, number j, of the selected member, as --set takes it:
 * "integrator.step=0.5 day".  False: there are no more. */
ORR_API bool orr_reader_parameter(orr_reader *r, size_t j, char *set, size_t size);

/* The times [time] of all snapshots; values has room for n_frames numbers. */
ORR_API ORR_CHECKED orr_status orr_reader_times(orr_reader *r, double *values, orr_diagnosis *why);

/* Read snapshot k (below n_frames) into the reader's bodies, masses and radii as they are at that
 * time too; *t gets its time.  Who is no more (it became part of another, or was taken out) has
 * positions and velocities that are not a number, gm 0 and radius 0. */
ORR_API ORR_CHECKED orr_status orr_reader_read(orr_reader *r, size_t k, double *t,
                                               orr_diagnosis *why);

/* Where snapshot k stands: row of rows in a file; path is borrowed until the next call. */
typedef struct orr_frame_place {
    const char *path;
    size_t row, rows;
} orr_frame_place;
ORR_API ORR_CHECKED orr_status orr_reader_place(orr_reader *r, size_t k, orr_frame_place *out,
                                                orr_diagnosis *why);

/* Is snapshot k as it was written?  Files of format 1.0 cannot tell, mostly. */
typedef enum orr_row_state { ORR_ROW_LOST, ORR_ROW_UNKNOWN, ORR_ROW_WHOLE } orr_row_state;
ORR_API orr_row_state orr_reader_check(orr_reader *r, size_t k);

/* What orr_repair() found and did. */
typedef struct orr_repair_report {
    double missing_bytes;                       /* that the file was too short; zeros stand there */
    size_t counted_frames, counted_diagnostics; /* by the damaged file */
    size_t frames, diagnostics, events;         /* in the repaired one */
    size_t lost_frames;                         /* that were written and are not whole */
    double t_lost_first, t_lost_last;           /* [time] of them, where that is known; else NAN */
    char state[16];                             /* of the damaged file */
    bool has_sums; /* false: format 1.0, where a damaged snapshot may not be noticed */
} orr_repair_report;

/* Called now and then with how far it is, from 0 to 1; false stops it. */
typedef bool orr_repair_follow(double part, void *user);

/* Copy an output file, mend the copy: bytes that are missing at its end become zeros, snapshots and
 * diagnostics that are not whole are left out, the counts are set anew.  The copy is called
 * NAME.part-PID until it is complete; force replaces a file of that name.  follow may be NULL.
 * ORR_E_EXISTS, ORR_E_FILE, ORR_E_STOPPED, ORR_E_BUSY; ORR_E_FORMAT: the structure of the file is
 * gone. */
ORR_API ORR_CHECKED orr_status orr_repair(const char *path, const char *copy, bool force,
                                          orr_repair_follow *follow, void *user,
                                          orr_repair_report *report, orr_diagnosis *why);

/* One column of the diagnostics: "time", "kinetic_energy", "energy_error", ...; values has room for
 * n_diagnostics numbers (vectors: component 0..2 chosen by `component`). */
ORR_API ORR_CHECKED orr_status orr_reader_column(orr_reader *r, const char *name, int component,
                                                 double *values, orr_diagnosis *why);

/* Event k (below info->n_events), of all members; *member (may be NULL) gets whose it is.  NAN: the
 * file does not tell (before format 1.3: masses, radii, positions, velocities). */
ORR_API ORR_CHECKED orr_status orr_reader_event(orr_reader *r, size_t k, orr_event *out,
                                                uint64_t *member, orr_diagnosis *why);

/* The unit of a dataset of the file, such as "events/energy"; "": it has none, or is not there. */
ORR_API void orr_reader_unit(orr_reader *r, const char *dataset, char *unit, size_t size);
ORR_API bool orr_reader_has(orr_reader *r, const char *dataset);

/* "collision", "encounter", "escape", "merger", "removal"; "?": no such kind. */
ORR_API const char *orr_event_name(orr_event_kind kind);

/* The scenario as given, or as resolved; to be freed by the caller.  NULL on error. */
ORR_API char *orr_reader_scenario(orr_reader *r, bool resolved);

/* The provenance's origin; to be freed by the caller.  NULL: there is none. */
ORR_API char *orr_reader_origin(orr_reader *r);
ORR_API void orr_reader_close(orr_reader *r);

/* Is HDF5 at work in this thread?  Some damaged files make that library crash; a handler of SIGSEGV
 * can say so.  Async-signal-safe. */
ORR_API bool orr_io_in_hdf5(void);

/* [bytes] The size of the file whose structure is read now, by any thread, and a fraction that is
 * another one whenever that gets on; 0: none is.  HDF5 may never come back from a damaged one. */
ORR_API double orr_io_opening(void);

/* ---- elements ---- */

/* The elements that are stored of snapshot k: quantity (of osculating.h) of each body,
 * [n_elements], angles in radians; NaN: it has no orbit, or is no more.  ids (may be NULL) gets who
 * they are. */
ORR_API ORR_CHECKED orr_status orr_reader_elements(orr_reader *r, size_t k, size_t quantity,
                                                   double *values, uint64_t *ids,
                                                   orr_diagnosis *why);

/* What a user says of the elements that are wanted, as on the command line; NULL: what the file
 * stores, or the default. */
typedef struct orr_element_options {
    const char *quantities, *of; /* "a,e,i", "Earth,Mars": by commas, or as a list of YAML */
    const char *around;          /* "Sun", "A,B", "barycentre", "jacobi", "primary" */
    const char *plane, *gm;      /* "ecliptic", "{ pole: [268 deg, 64 deg] }"; "full" */
} orr_element_options;

/* Which elements, of whom, about what: options (NULL: none) over what the file stores, over the
 * default (a, e, i, Omega, omega, M of all about the body that dominates).  The radiation in its
 * forces takes its share of GM, that of the selected member in an ensemble.  ORR_E_FORMAT with *why
 * for a word that is not known; *out is to be freed by orr_element_choice_free(). */
ORR_API ORR_CHECKED orr_status orr_reader_choose(orr_reader *r, const orr_element_options *options,
                                                 orr_element_choice *out, orr_diagnosis *why);
ORR_API void orr_element_choice_free(orr_element_choice *c);

/* ---- export ---- */

typedef enum orr_export_kind {
    ORR_EXPORT_CSV,
    ORR_EXPORT_YT,
    ORR_EXPORT_GADGET,
    ORR_EXPORT_PARAVIEW,
    ORR_EXPORT_EVENTS,      /* csv: one line an event, of all members */
    ORR_EXPORT_DIAGNOSTICS, /* csv: energies and momenta of all times */
    ORR_EXPORT_TIPSY,       /* and FILE.param, its units, where the run has some */
    ORR_EXPORT_NEMO
} orr_export_kind;

/* Write snapshot k (or all: k = SIZE_MAX, for csv, paraview, nemo) of r in another program's form;
 * events and diagnostics are always all. */
ORR_API ORR_CHECKED orr_status orr_export(orr_reader *r, const char *source, orr_export_kind kind,
                                          size_t k, const char *path, bool force,
                                          orr_diagnosis *why);

typedef struct orr_element_rows {
    size_t rows, empty; /* empty: of bodies on a straight line, which has no elements */
} orr_element_rows;

/* The same for osculating elements, as CSV that a scenario reads as a table; *rows (may be NULL)
 * gets how many lines there are. */
ORR_API ORR_CHECKED orr_status orr_export_elements(orr_reader *r, const char *source,
                                                   const orr_element_choice *choice, size_t k,
                                                   const char *path, bool force,
                                                   orr_element_rows *rows, orr_diagnosis *why);

/* The libraries behind files, with their versions: "HDF5 1.10.8, libfyaml 0.7.12". */
ORR_API const char *orr_io_libraries(char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
