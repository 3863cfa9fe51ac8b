/* internal.h - the parts of the scenario reader; private to engine/io.
 *
 *     scenario.c         the whole file: order of reading, header, forces
 *     boundary.c    `boundary:`
 *     collisions.c  `collisions:`
 *     output.c  `run:`, `output:`
 *     keys.c    all keys that there are: none else, and none unread
 *     files.c   files as a whole, `include:`
 *     values.c  one value: number with unit, choice, option table
 *     method.c  `integrator:`, and what becomes of it under another method
 *     orbit.c   elements -> state, planes
 *     bodies.c  `bodies:`, which orbits which
 *     overlaps.c         bodies that touch at the start
 *     epochs/held.c    bodies that hold at another date, as they are read
 *     epochs/epochs.c  how they are brought to the start, with corrections.c, sweep.c, touch.c
 *     groups.c  `groups:` by generator; tables/: by table or catalogue
 *     group_orbit.c      the orbit of a group as a whole
 *     about.c   which elements, of whom, about what
 *     notes.c            what the reader decided where the files say nothing
 *     expect.c           `expect:`, reading and measuring
 *     of_many.c          quantities of all bodies, for expect.c
 *     ensemble.c         `ensemble:`, what differs between members
 *     resolved.c         the scenario with all defaults, as YAML */
#ifndef ORRERY_IO_SCENARIO_INTERNAL_H
#define ORRERY_IO_SCENARIO_INTERNAL_H

#include <stdio.h>

#include <orrery/elements.h>
#include <orrery/generator.h>
#include <orrery/planes.h>
#include <orrery/scenario.h>

#include "names.h"
#include "io/quoting.h"
#include "keys.h"
#include "yaml.h"

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

typedef struct loader {
    orr_yaml_doc doc;
    orr_scenario *s;
    orr_name_index index;
    const orr_scenario_changes *changes;
    size_t most_bodies;
    bool chooses_solver;            /* gravity by whichever solver suits the bodies */
    const orr_yaml *needs_step;     /* an integrator without the step that its method takes */
    size_t n_explicit;              /* bodies of `bodies:`; their ids come first */
    orr_state *states;              /* [n_explicit] by id, as far as resolved */
    double *gms;                    /* [n_explicit] */
    const orr_yaml **nodes;         /* [n_explicit] where they stand */
    const orr_yaml **group_nodes;   /* [n_groups] */
    size_t *group_starts, n_groups; /* their first ids */
    struct orr_whole *wholes;       /* [n_groups] */
    bool *waits;           /* [n_explicit] its state at the start is not known before the sweep */
    struct orr_held *held; /* bodies that hold at another date, or about others that do */
    size_t n_held, room_held;
    const uint64_t *ids; /* of the names, where they are not their numbers */
} loader;

/* What a state is relative to. */
typedef struct orr_primary {
    const uint64_t *ids; /* [n] in the arena of the document */
    size_t n;            /* 0: the origin */
    bool barycentre;     /* of all these, by their masses */
    bool waits;          /* one of them does: `state` is not known yet */
    double gm;           /* of all */
    orr_state state;     /* at the start, shift included */
    orr_state shift;     /* added to it at any time */
} orr_primary;

/* A body with a state, relative to others, that holds at some time. */
typedef struct orr_held {
    uint64_t id;
    double t; /* [time] when it holds */
    orr_primary around;
    orr_state state;    /* relative, at t */
    orr_state carried;  /* relative, at the start, on a two-body orbit; if has_carried */
    bool has_carried;   /* it was given by elements */
    uint64_t reference; /* if has_reference: about whom, where the state is absolute */
    bool has_reference;
    bool by_pericentre; /* t is that of a T that is a date */
    double mu;          /* [length3/time2] of that orbit */
    const orr_yaml *node;
} orr_held;

/* ---- files.c ---- */

/* The whole content of a file, to be freed by the caller. */
orr_status orr_read_file(const char *path, char **text, size_t *size, orr_diagnosis *why);
/* The path that a scalar names: relative to the file in which it stands.  NULL: no memory. */
char *orr_path_beside(loader *l, const orr_yaml *node);
orr_status orr_read_includes(loader *l, orr_yaml *root, int depth);

/* ---- values.c ---- */

orr_status orr_need_kind(loader *l, const orr_yaml *node, orr_yaml_kind kind);
orr_status orr_read_quantity(loader *l, const orr_yaml *node, orr_dimension dim, double *out);
orr_status orr_read_positive(loader *l, const orr_yaml *node, orr_dimension dim, double *out);
orr_status orr_read_count(loader *l, const orr_yaml *node, double most, size_t *out);
orr_status orr_read_bool(loader *l, const orr_yaml *node, bool *out);
orr_status orr_read_vector(loader *l, const orr_yaml *node, orr_dimension dim, double out[3]);
orr_status orr_read_text(loader *l, const orr_yaml *node, char **out);
/* A word out of a list; *out is its index. */
orr_status orr_read_choice(loader *l, const orr_yaml *node, const char *what,
                           const char *const *names, size_t n, size_t *out);
/* One of the words that keys.def gives for this key; *out is its place there. */
orr_status orr_read_word(loader *l, orr_part part, const orr_yaml *node, size_t *out);
/* A date or a number of the problem's time units after the epoch. */
orr_status orr_read_time(loader *l, const orr_yaml *node, double *out);
/* The same, of a passage of pericentre or an epoch of elements, which people have as dates: a
 * number that looks like one is an error. */
orr_status orr_read_held_time(loader *l, const orr_yaml *node, double *out);
bool orr_like_julian_date(double number);
/* "JD", "MJD" or "year" if this number of units [time] after the epoch is far away, but near if it
 * is taken so; else NULL.  bare: no unit is written. */
const char *orr_like_date(const orr_scenario *s, double number, double unit, bool bare);
/* The options in map that fields describe; other keys stay unused. */
orr_status orr_read_options(loader *l, orr_yaml *map, const orr_field *fields, orr_option **options,
                            size_t *n);

/* ---- solver.c ---- */

/* `solver: auto`: before keys are compared with options, and when the bodies are known. */
orr_status orr_take_auto_solver(loader *l);
orr_status orr_settle_auto_solver(loader *l);

/* ---- method.c ---- */

/* Where the command line changed the method, leave out what the file says for the other one. */
orr_status orr_adapt_to_method(loader *l);

orr_status orr_read_integrator(loader *l, orr_yaml *map);
/* Once the bodies are known: a method that needs a step and has none. */
orr_status orr_check_step(loader *l);

/* ---- boundary.c ---- */

/* After the bodies, which must be inside. */
orr_status orr_read_boundary(loader *l, orr_yaml *map);

/* ---- collisions.c ---- */

/* The options that methods had for them, to where they stand now. */
orr_status orr_move_collisions(loader *l);
/* `collisions: merge` is `collisions: { do: merge }`. */
orr_status orr_spread_collisions(loader *l);
/* Needs the bodies. */
orr_status orr_read_collisions(loader *l, orr_yaml *map);

/* ---- output.c ---- */

orr_status orr_read_run(loader *l, orr_yaml *map);
orr_status orr_read_output(loader *l, orr_yaml *map);

/* ---- orbit.c ---- */

/* The element keys, in this order everywhere. */
enum {
    EL_A,
    EL_Q,
    EL_P,
    EL_E,
    EL_I,
    EL_NODE,
    EL_ARGUMENT,
    EL_PERI_LONGITUDE,
    EL_MEAN,
    EL_TRUE,
    EL_ECCENTRIC,
    EL_MEAN_LONGITUDE,
    EL_PERI_TIME,
    EL_COUNT
};
extern const char *const orr_element_keys[EL_COUNT];
orr_dimension orr_element_dimension(int key);

typedef struct orr_element_set {
    bool has[EL_COUNT];
    double value[EL_COUNT]; /* PERI_TIME: [time] after the epoch of the scenario */
    bool peri_is_date;      /* T is a date: without an epoch of their own the elements hold then */
    bool has_epoch;         /* they hold at `epoch` [time] after the epoch of the scenario */
    double epoch;
} orr_element_set;

/* Rotation from the plane of the elements to the axes of the file. */
typedef struct orr_plane {
    double m[3][3];
} orr_plane;

orr_status orr_read_plane(loader *l, orr_yaml *node, orr_plane *out); /* node NULL: identity */
/* From a plane to the axes of the scenario, which are those of the ICRF or of the ecliptic. */
orr_plane orr_plane_in_axes(const loader *l, const orr_named_plane *plane);
/* When these elements hold [time]: at their epoch, at a T that is a date, or at the start. */
double orr_elements_hold_at(const orr_element_set *set, double start);
/* The relative state at time t [time] on the two-body orbit of elements that hold at `hold`; on
 * error message says why. */
orr_status orr_elements_to_state(const orr_element_set *set, double hold, double t, double mu,
                                 const orr_plane *plane, orr_state *out, char *message,
                                 size_t size);

/* ---- bodies.c ---- */

orr_status orr_read_bodies(loader *l, orr_yaml *list);
/* The id, below limit, of the body that node names. */
orr_status orr_find_body(loader *l, const orr_yaml *node, size_t limit, size_t *id);
/* What `around:` names: one body or the barycentre of a list. */
orr_status orr_read_primary(loader *l, orr_yaml *node, orr_primary *out);
/* One body as a primary, by its id. */
orr_status orr_primary_of(loader *l, uint64_t id, orr_primary *out);
/* GM from `GM:` or `mass:`; neither is an error if required. */
orr_status orr_read_gm(loader *l, orr_yaml *map, bool required, double *gm);
orr_status orr_read_role(loader *l, orr_part part, orr_yaml *node, orr_role *out);
/* Append a body with the next id, as it is at the start. */
orr_status orr_append_body(loader *l, const orr_yaml *node, const char *name, orr_body body);
/* Where a body stands, or the group that it is of. */
const orr_yaml *orr_node_of_body(const loader *l, uint64_t id);

/* '#rrggbb' */
orr_status orr_read_color(loader *l, const orr_yaml *node, uint32_t *out);
/* Of the bodies first <= id < last, all of which there must be. */
orr_status orr_set_colors(loader *l, size_t first, size_t last, uint32_t color);
/* The elements that a map gives; other keys stay unused. */
orr_status orr_read_elements(loader *l, orr_yaml *orbit, orr_element_set *set);

/* ---- overlaps.c ---- */

orr_status orr_check_overlaps(loader *l);

/* ---- epochs/held.c: bodies that are given relative to others, or at another date ---- */

/* What body.pos and body.vel are relative to, plus around->shift, at time t [time] after the epoch
 * of the scenario.  If that is the start and everything about it is known, the body is appended as
 * it is; else orr_bring_held() sets it down.  Errors are said at node: who knows the row of a table
 * says them again there. */
orr_status orr_append_state(loader *l, const orr_yaml *node, const char *name, orr_body body,
                            const orr_primary *around, double t);
/* The same for elements about `around`, counted with mu [length3/time2] in a plane. */
orr_status orr_append_orbit(loader *l, const orr_yaml *node, const char *name, orr_body body,
                            const orr_element_set *set, double mu, const orr_plane *plane,
                            const orr_primary *around);
/* The same for what was prepared before; *held goes with it. */
orr_status orr_append_held(loader *l, const orr_yaml *node, const char *name, orr_body body,
                           const orr_held *held);
orr_status orr_hold_orbit(loader *l, const orr_yaml *node, const orr_element_set *set, double mu,
                          const orr_plane *plane, const orr_primary *around, orr_held *out);
/* True if a body has to wait for orr_bring_held(). */
bool orr_must_wait(const loader *l, const orr_held *held);

/* ---- epochs/epochs.c ---- */

/* Take the bodies that hold at another date there, with the forces of the scenario, and all back to
 * the start.  Needs all bodies and forces. */
orr_status orr_bring_held(loader *l);

/* ---- group_orbit.c ---- */

/* A group as a whole, for others that move around it. */
typedef struct orr_whole {
    const char *name; /* NULL: it cannot be orbited */
    double gm;        /* of all members */
    orr_state centre; /* at the start */
} orr_whole;

/* `orbit:` of a group with the mass gm: where its centre is, added to centre.state. */
orr_status orr_read_group_orbit(loader *l, orr_yaml *orbit, double gm, orr_primary *centre);

/* ---- groups.c, tables/rows.c ---- */

orr_status orr_read_groups(loader *l, orr_yaml *list);

typedef struct orr_group {
    orr_yaml *node;
    orr_role role;
    bool role_given;
    const char *prefix; /* of names; NULL: from the table */
    orr_primary centre; /* members are relative to it */
    double gm, radius;  /* of each member, where the table does not say */
    orr_plane plane;
    bool has_epoch; /* `epoch:`, [time] */
    double epoch;
} orr_group;
/* format: NULL for a plain table. */
struct orr_catalogue;
orr_status orr_read_table(loader *l, const orr_group *group, const struct orr_catalogue *format,
                          const orr_yaml *file);

/* ---- notes.c ---- */

/* Tell the user something that is no error; the scenario keeps it. */
orr_status orr_note(loader *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- about.c ---- */

/* `around`, `plane`, `gm`, of elements that are told; NULL: the default. */
typedef struct orr_about_nodes {
    orr_yaml *around, *plane, *gm;
} orr_about_nodes;

/* Forces come before: the share of light is from them. */
orr_status orr_read_about(loader *l, const orr_about_nodes *nodes, orr_about *out);
/* `elements:` of the output. */
orr_status orr_read_element_choice(loader *l, orr_yaml *node, orr_element_choice *out);
/* The same by its parts; NULL: the default. */
orr_status orr_read_choice_parts(loader *l, orr_yaml *quantities, orr_yaml *of,
                                 const orr_about_nodes *about, orr_element_choice *out);
/* Light of body `of` (-1: of the heaviest) on body `on` (-1: on all test bodies). */
orr_status orr_add_pressure(loader *l, orr_about *about, double of, double on, double beta);

/* ---- expect.c ---- */

orr_status orr_read_expectations(loader *l, orr_yaml *list);

/* ---- of_many.c: quantities of all bodies ---- */

double orr_dispersion(const orr_scenario *s, const orr_bodies *b); /* [length/time] */
double orr_clumping(const orr_scenario *s, const orr_bodies *b);   /* NaN: no box, no memory */

/* ---- ensemble.c ---- */

orr_status orr_read_ensemble(loader *l, orr_yaml *map);

/* ---- resolved.c ---- */

orr_status orr_write_resolved(orr_scenario *s);

/* The force of a shared library (plugin.c), named beside a scenario; NULL with *why. */
const orr_force *orr_plugin_open(const char *scenario, const char *path, char *why, size_t size);

#endif
