/* scenario.h - the parsed configuration: plain structs, no YAML in sight. */
#ifndef ORRERY_SCENARIO_H
#define ORRERY_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/bodies.h>
#include <orrery/boundary.h>
#include <orrery/collisions.h>
#include <orrery/dates.h>
#include <orrery/force.h>
#include <orrery/integrator.h>
#include <orrery/isa.h>
#include <orrery/osculating.h>
#include <orrery/sim.h>
#include <orrery/snapshot.h>
#include <orrery/status.h>
#include <orrery/units.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Names of bodies by id; ids count from 0 in the order of the file. */
typedef struct orr_names {
    char *text;    /* all names, each ended by 0 */
    size_t *start; /* [n] offsets into text */
    size_t n, length, text_capacity, start_capacity;
} orr_names;

/* The name of body id; "?" if there is none.  Fits orr_name_fn with user = the names. */
ORR_API const char *orr_names_get(const void *names, uint64_t id);

typedef struct orr_force_choice {
    const orr_force *type;
    const char *plugin; /* the file it came from; NULL: it is built in */
    orr_option *options;
    size_t n_options;
} orr_force_choice;

/* Which elements, of whom, about what.  What it points to belongs to `memory`, or to the scenario.
 */
typedef struct orr_element_choice {
    size_t n_quantities; /* 0: nothing is asked for */
    size_t quantities[ORR_ORBITALS];
    const uint64_t *of; /* [n_of] ids; NULL: all bodies */
    size_t n_of;
    orr_about about;
    const char *centre; /* the name of what they are about: "Sun", "the barycentre of A and B" */
    const char *plane;  /* as written: "ecliptic" */
    const char *yaml;   /* all of it as a flow map; NULL: it is not of a scenario */
    void *memory;
} orr_element_choice;

typedef enum orr_compression { ORR_UNCOMPRESSED, ORR_GZIP } orr_compression;

typedef struct orr_output {
    char *file;
    double every, diagnostics; /* [time], > 0 */
    bool float_positions;      /* positions and velocities as 4-byte floats */
    orr_compression compression;
    double checkpoint;           /* [s] of wall time between checkpoints; 0: not by the clock */
    double checkpoint_time;      /* [time] of the simulation between them; 0: not by that */
    uint64_t checkpoint_steps;   /* 0: not by steps */
    double segment_bytes;        /* a file larger than this is continued in NAME.0001.h5, ... */
    orr_element_choice elements; /* of every snapshot */
} orr_output;

/* One line of `expect:`.  See orr_quantity_list() for what can be expected. */
typedef struct orr_expectation {
    int quantity;    /* index into the list of quantities */
    uint64_t of[2];  /* ids of bodies */
    orr_about about; /* of osculating elements */
    bool has_of;
    double at;               /* [time]; NAN: at the end */
    double value[3], within; /* |obtained - value| <= within, if has_value */
    double below, above;     /* NAN: no such bound */
    bool has_value;
    const char *file; /* where it stands: the scenario, one that it includes, or an option */
    int line;         /* 0: in an option */
} orr_expectation;

/* `ensemble:`: copies of the scenario in which some values differ. */
typedef struct orr_ensemble {
    size_t members; /* 0: the scenario is no ensemble */
    size_t parameters;
    char **paths;    /* [parameters] "bodies.Earth.mass" */
    char **values;   /* [members * parameters] what member k has there, as YAML: "1.5 Mearth" */
    double *numbers; /* the same, the number alone */
} orr_ensemble;

/* A body that was given for another date than the start, and brought from there. */
typedef struct orr_brought {
    uint64_t id;
    double t;     /* [time] when its elements or its state hold */
    double apart; /* [length] from where two-body motion would have put it; NAN: about whom? */
    bool by_pericentre; /* the date is that of its pericentre, for want of an `epoch:` */
} orr_brought;

/* A file that a scenario was read from, besides its own: a table, an included file, a plugin. */
typedef struct orr_input {
    const char *path;
    const struct orr_input *next;
} orr_input;

typedef struct orr_scenario {
    char *path, *title, *description;
    char *yaml; /* the text as given, with length yaml_size */
    size_t yaml_size;
    char *resolved; /* the same with all defaults and numbers, as YAML */
    orr_units units;
    bool has_epoch;
    orr_date epoch;     /* which is t = 0 */
    double epoch_jd;    /* the same, to 40 microseconds */
    char time_scale[8]; /* its name */
    char frame[16];
    char *origin;
    char note[160]; /* on its dates: see orr_leap_seconds_note() */

    const orr_integrator *integrator;
    orr_option *integrator_options;
    size_t n_integrator_options;
    double step; /* [time]; 0: the integrator chooses */

    orr_force_choice *forces; /* gravity first */
    size_t n_forces;

    /* [time] after the epoch, which is t = 0: the initial state is of t_start, the run ends at
     * t_end, which may be before it */
    double t_start, t_end;
    orr_output output;
    orr_collisions collisions;
    orr_boundary boundary;
    orr_bodies bodies; /* initial state, in the units of the scenario */
    orr_names names;
    uint32_t *colors; /* [n_colors] by id, 0xRRGGBB, 0: none; NULL if none has one */
    size_t n_colors;
    orr_expectation *expect;
    size_t n_expect;
    orr_ensemble ensemble;
    size_t n_without_velocity; /* bodies with a position other than 0 that are silent about it */
    uint64_t first_without_velocity;
    orr_brought *brought; /* [n_brought] by other forces than one body's pull */
    size_t n_brought;
    double brought_error; /* what the states at the start of those with mass agree to, relative */
    char **notes; /* [n_notes] what was decided where the files say nothing, a sentence each */
    size_t n_notes;
    const orr_input *inputs;

    void *memory; /* private: holds what the pointers above point to */
} orr_scenario;

/* Read a time as the scenario would: a date in any scale, or "30 day", or a number of its time
 * units.  Gives it in [time] after the epoch.  message: see orr_time_read(). */
ORR_API ORR_CHECKED orr_status orr_time_from_text(const orr_scenario *s, const char *text,
                                                  double *t, char *message, size_t size);

/* [time] From the start of the run to its end, > 0. */
ORR_API double orr_scenario_span(const orr_scenario *s);

/* Called while something takes long: what it is, and how much is done, 0 .. 1. */
typedef void orr_loading_fn(void *user, const char *what, double done);

/* A time of the scenario for people: "1986-04-11T00:00:00 TDB", or "t = 12.5 day" where there is no
 * epoch. */
ORR_API void orr_scenario_date(const orr_scenario *s, double t, char *text, size_t size);

/* What a caller changes before a scenario is read. */
typedef struct orr_scenario_changes {
    const char *const *set; /* "key.path=value" */
    size_t n_set, n_varied; /* the last n_varied come from `ensemble: vary:` */
    const char *until;      /* replaces run.to */
    size_t most_bodies;     /* 0: 100 million; fewer for fuzzing */
    double most_steps;  /* to other dates at which bodies hold; 0: 20 million; fewer for fuzzing */
    bool no_files;      /* refuse tables (for fuzzing) */
    bool no_ensemble;   /* read as if there were no `ensemble:` */
    bool allow_plugins; /* `forces: [{ plugin: FILE }]` runs code from that file */
    orr_loading_fn *progress; /* optional */
    void *progress_user;
} orr_scenario_changes;

/* Read a scenario file.  Gives *out, to be released by orr_scenario_free().  On error *why says
 * where, what, and what would be right, and *out is empty.  ORR_E_FILE: unreadable; ORR_E_FORMAT:
 * wrong; ORR_E_NO_MEMORY. */
ORR_API ORR_CHECKED orr_status orr_scenario_load(const char *path,
                                                 const orr_scenario_changes *changes,
                                                 orr_scenario *out, orr_diagnosis *why);

/* The same from text in memory; path is used in messages and to find tables. */
ORR_API ORR_CHECKED orr_status orr_scenario_parse(const char *path, const char *text, size_t size,
                                                  const orr_scenario_changes *changes,
                                                  orr_scenario *out, orr_diagnosis *why);
ORR_API void orr_scenario_free(orr_scenario *s);

/* Member k of an ensemble, as a scenario of its own; s was loaded from a file with these changes.
 */
ORR_API ORR_CHECKED orr_status orr_scenario_member(const orr_scenario *s, size_t k,
                                                   const orr_scenario_changes *changes,
                                                   orr_scenario *out, orr_diagnosis *why);

/* Build the simulation.  Takes the bodies out of the scenario (s->bodies is then empty), so that
 * they are not kept twice; names stay and must outlive the simulation.  threads: 0 for all. */
ORR_API ORR_CHECKED orr_status orr_sim_from_scenario(orr_scenario *s, int threads, orr_sim **out,
                                                     orr_diagnosis *why);

/* Files that groups can be read from, `catalogue: NAME`: iterate with i from 0 until NULL. */
typedef struct orr_catalogue_entry {
    const char *name, *summary, *reference;
    const char *doc; /* its conventions, in lines */
} orr_catalogue_entry;
ORR_API const orr_catalogue_entry *orr_catalogue_at(size_t i);

/* Snapshots of other N-body codes that groups can be read from, `snapshot: FILE`, the same way. */
ORR_API const orr_catalogue_entry *orr_snapshot_format_at(size_t i);

/* ---- expectations ---- */

/* What can be expected: quantities of a run, then those of an orbit (osculating.h); NULL: no more.
 */
ORR_API const orr_quantity *orr_quantity_at(size_t i);

/* What a run must remember for its expectations. */
typedef struct orr_watch {
    double energy_error_max, energy_error_final, angular_momentum_error_max;
    const orr_bodies *initial; /* NULL unless some expectation needs it */
} orr_watch;

/* True if some expectation compares with the initial state. */
ORR_API bool orr_scenario_needs_initial(const orr_scenario *s);

/* Measure one expectation on the state shown now.  Returns true if it is met; text gets "quantity:
 * expected ..., obtained ...". */
ORR_API bool orr_expectation_met(const orr_scenario *s, const orr_expectation *e,
                                 const orr_snapshot *now, const orr_watch *watch, char *text,
                                 size_t size);

#ifdef __cplusplus
}
#endif

#endif
