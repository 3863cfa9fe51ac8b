/* scenario_internal.h - the parts of the scenario reader; private to engine/io.
 *
 *     scenario.c         the whole file: order of reading, header, run, output
 *     scenario_keys.c   all keys that there are: none else, and none unread
 *     scenario_files.c   files as a whole, `include:`
 *     scenario_values.c  one value: number with unit, choice, option table
 *     scenario_method.c  `integrator:`, and what becomes of it under another method
 *     scenario_orbit.c   elements -> state, planes
 *     scenario_bodies.c  `bodies:`, who orbits whom
 *     scenario_groups.c  `groups:` by generator; table.c: by table
 *     expect.c           `expect:`, reading and measuring
 *     ensemble.c         `ensemble:`, what differs between members
 *     resolved.c         the scenario with all defaults, as YAML */
#ifndef ORRERY_IO_SCENARIO_INTERNAL_H
#define ORRERY_IO_SCENARIO_INTERNAL_H

#include <orrery/elements.h>
#include <orrery/generator.h>
#include <orrery/scenario.h>

#include "names.h"
#include "quoting.h"
#include "scenario_keys.h"
#include "yaml.h"

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

typedef struct loader {
    orr_yaml_doc doc;
    orr_scenario *s;
    orr_name_index index;
    const orr_scenario_changes *changes;
    size_t most_bodies;
    const orr_yaml *needs_step;     /* an integrator without the step that its method takes */
    size_t n_explicit;              /* bodies of `bodies:`; their ids come first */
    orr_state *states;              /* [n_explicit] by id, as far as resolved */
    double *gms;                    /* [n_explicit] */
    const orr_yaml **nodes;         /* [n_explicit] where they stand */
    const orr_yaml **group_nodes;   /* [n_groups] */
    size_t *group_starts, n_groups; /* their first ids */
} loader;

/* ---- scenario_files.c ---- */

/* The whole content of a file, to be freed by the caller. */
orr_status orr_read_file(const char *path, char **text, size_t *size, orr_diagnosis *why);
/* The path that a scalar names: relative to the file in which it stands.  NULL: no memory. */
char *orr_path_beside(loader *l, const orr_yaml *node);
orr_status orr_read_includes(loader *l, orr_yaml *root, int depth);

/* ---- scenario_values.c ---- */

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
/* One of the words that scenario_keys.def gives for this key; *out is its place there. */
orr_status orr_read_word(loader *l, orr_part part, const orr_yaml *node, size_t *out);
/* A date or a number of the problem's time units after the epoch. */
orr_status orr_read_time(loader *l, const orr_yaml *node, double *out);
/* The options in map that fields describe; other keys stay unused. */
orr_status orr_read_options(loader *l, orr_yaml *map, const orr_field *fields, orr_option **options,
                            size_t *n);

/* ---- scenario_method.c ---- */

/* Where the command line changed the method, leave out what the file says for the other one. */
orr_status orr_adapt_to_method(loader *l);
orr_status orr_read_integrator(loader *l, orr_yaml *map);
/* Once the bodies are known: a method that needs a step and has none. */
orr_status orr_check_step(loader *l);

/* ---- scenario_orbit.c ---- */

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
    double value[EL_COUNT]; /* PERI_TIME: [time] after the epoch */
    double start;           /* [time] of the initial state, after the epoch */
    double age;             /* [time] from the epoch of the elements to that of the scenario */
} orr_element_set;

/* Rotation from the plane of the elements to the axes of the file. */
typedef struct orr_plane {
    double m[3][3];
} orr_plane;

orr_status orr_read_plane(loader *l, orr_yaml *node, orr_plane *out); /* node NULL: identity */
/* Relative state; on error message says why. */
orr_status orr_elements_to_state(const orr_element_set *set, double mu, const orr_plane *plane,
                                 orr_state *out, char *message, size_t size);
/* The epoch of elements: `epoch:` inside an orbit or group. */
orr_status orr_read_age(loader *l, const orr_yaml *node, double *age);

/* ---- scenario_bodies.c ---- */

orr_status orr_read_bodies(loader *l, orr_yaml *list);
/* The id, below limit, of the body that node names. */
orr_status orr_find_body(loader *l, const orr_yaml *node, size_t limit, size_t *id);
/* What `around:` names: one body or the barycentre of a list. */
orr_status orr_read_primary(loader *l, orr_yaml *node, orr_state *state, double *gm);
/* GM from `GM:` or `mass:`; neither is an error if required. */
orr_status orr_read_gm(loader *l, orr_yaml *map, bool required, double *gm);
orr_status orr_read_role(loader *l, orr_part part, orr_yaml *node, orr_role *out);
/* Append a body with the next id. */
orr_status orr_append_body(loader *l, const orr_yaml *node, const char *name, orr_body body);
orr_status orr_check_overlaps(loader *l);
/* Where a body stands, or the group that it is of. */
const orr_yaml *orr_node_of_body(const loader *l, uint64_t id);

/* ---- scenario_groups.c, table.c ---- */

orr_status orr_read_groups(loader *l, orr_yaml *list);

typedef struct orr_group {
    orr_yaml *node;
    orr_role role;
    const char *prefix; /* of names; NULL: from the table */
    orr_state centre;   /* added to every member */
    double primary_gm;  /* 0 if there is none */
    bool has_primary;
    double gm, radius; /* of each member, where the table does not say */
    orr_plane plane;
    double age;
} orr_group;
orr_status orr_read_table(loader *l, const orr_group *group, orr_yaml *file);

/* ---- expect.c ---- */

orr_status orr_read_expectations(loader *l, orr_yaml *list);

/* ---- ensemble.c ---- */

orr_status orr_read_ensemble(loader *l, orr_yaml *map);

/* ---- resolved.c ---- */

orr_status orr_write_resolved(orr_scenario *s);

/* The force of a shared library (plugin.c), named beside a scenario; NULL with *why. */
const orr_force *orr_plugin_open(const char *scenario, const char *path, char *why, size_t size);

#endif
