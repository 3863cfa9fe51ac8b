/* scenario_internal.h - the parts of the scenario reader; private to engine/io.
 *
 *     scenario.c         the whole file: order of reading, header, run, output
 *     scenario_files.c   files as a whole, `include:`
 *     scenario_values.c  one value: number with unit, choice, option table
 *     scenario_orbit.c   elements -> state, planes
 *     scenario_bodies.c  `bodies:`, who orbits whom
 *     scenario_groups.c  `groups:` by generator; table.c: by table
 *     scenario_about.c   which elements, of whom, about what
 *     expect.c           `expect:`, reading and measuring
 *     ensemble.c         `ensemble:`, what differs between members
 *     resolved.c         the scenario with all defaults, as YAML */
#ifndef ORRERY_IO_SCENARIO_INTERNAL_H
#define ORRERY_IO_SCENARIO_INTERNAL_H

#include <stdio.h>

#include <orrery/elements.h>
#include <orrery/generator.h>
#include <orrery/scenario.h>

#include "names.h"
#include "quoting.h"
#include "yaml.h"

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

typedef struct loader {
    orr_yaml_doc doc;
    orr_scenario *s;
    orr_name_index index;
    const orr_scenario_changes *changes;
    size_t most_bodies;
    size_t n_explicit;   /* bodies of `bodies:`; their ids come first */
    orr_state *states;   /* [n_explicit] by id, as far as resolved */
    double *gms;         /* [n_explicit] */
    const uint64_t *ids; /* of the names, where they are not their numbers */
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
/* A date or a number of the problem's time units after the epoch. */
orr_status orr_read_time(loader *l, const orr_yaml *node, double *out);
/* The same, of a passage of pericentre: a bare number that must be a Julian date is an error. */
orr_status orr_read_peri_time(loader *l, const orr_yaml *node, double *out);
/* The options in map that fields describe; other keys stay unused. */
orr_status orr_read_options(loader *l, orr_yaml *map, const orr_field *fields, orr_option **options,
                            size_t *n);
/* Complain about keys of map that are neither among names nor fields. */
orr_status orr_no_other_keys(loader *l, const orr_yaml *map, const char *const *names, size_t n,
                             const orr_field *fields);

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
orr_status orr_read_role(loader *l, orr_yaml *node, orr_role *out);
/* Append a body with the next id. */
orr_status orr_append_body(loader *l, const orr_yaml *node, const char *name, orr_body body);
orr_status orr_check_overlaps(loader *l);

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

/* ---- scenario_about.c ---- */

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

/* ---- ensemble.c ---- */

orr_status orr_read_ensemble(loader *l, orr_yaml *map);

/* ---- resolved.c ---- */

orr_status orr_write_resolved(orr_scenario *s);

/* The force of a shared library (plugin.c), named beside a scenario; NULL with *why. */
const orr_force *orr_plugin_open(const char *scenario, const char *path, char *why, size_t size);

#endif
