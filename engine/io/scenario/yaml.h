/* yaml.h - YAML text as a tree of nodes that know where they stand.  libfyaml is behind it; nothing
 * else in Orrery sees it.  Aliases are refused (no bombs), depth and size are limited. */
#ifndef ORRERY_IO_YAML_H
#define ORRERY_IO_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/problem.h>
#include <orrery/status.h>

typedef enum orr_yaml_kind { ORR_SCALAR, ORR_LIST, ORR_MAP } orr_yaml_kind;

/* A text that nodes come from. */
typedef struct orr_yaml_source {
    const char *file, *text;
    size_t size;
    bool argument; /* of the command line: file is "--set ...", lines mean nothing */
} orr_yaml_source;

typedef struct orr_yaml {
    orr_yaml_kind kind;
    const char *text; /* of a scalar */
    bool quoted;      /* written in quotes: text, never a number */
    const char *key;  /* when inside a map */
    int line, column; /* from 1, of the value */
    int key_line, key_column;
    struct orr_yaml *first, *next; /* children, siblings */
    size_t n;                      /* children */
    bool used;                     /* it was read */
    const orr_yaml_source *source; /* where it stands */
} orr_yaml;

typedef struct orr_yaml_doc {
    orr_yaml_source source; /* of the scenario itself */
    orr_arena *memory;
    orr_yaml *root;
    orr_diagnosis *why;
} orr_yaml_doc;

/* Parse doc->source into doc->root, or another text (that lives as long as doc->memory) into *root.
 * Errors are in doc->why. */
orr_status orr_yaml_parse(orr_yaml_doc *doc);
orr_status orr_yaml_parse_source(const orr_yaml_doc *doc, const orr_yaml_source *source,
                                 orr_yaml **root);

/* Apply "a.b.c=value" (list items by number, from 0, or by their `name:`), the value being YAML;
 * label says in messages where it comes from. */
orr_status orr_yaml_set(orr_yaml_doc *doc, const char *assignment, const char *label);

/* Could the key of this node be set, being such a path?  The error is at that key. */
orr_status orr_yaml_check_path(const orr_yaml_doc *doc, const orr_yaml *at);

/* The value of a key; NULL if absent. */
orr_yaml *orr_yaml_find(const orr_yaml *map, const char *key);

/* The same, marked as used. */
orr_yaml *orr_yaml_get(orr_yaml *map, const char *key);

/* Fill doc->why for an error at this node's value (or key), with the source line, and hand the code
 * on.  node may be NULL: the file as a whole. */
orr_status orr_yaml_fail(const orr_yaml_doc *doc, const orr_yaml *node, orr_status code,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));
orr_status orr_yaml_fail_key(const orr_yaml_doc *doc, const orr_yaml *node, orr_status code,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Say in doc->why what would be right: "did you mean 'x'?", or the list if nothing is near. */
void orr_yaml_hint(const orr_yaml_doc *doc, const char *wrong, const char *const *names, size_t n);

/* An error for the first key of map that was not read; names are the keys there are.  For maps
 * whose keys are those of a user's file; all others are in keys.def. */
orr_status orr_yaml_no_unknown(const orr_yaml_doc *doc, const orr_yaml *map,
                               const char *const *names, size_t n);

#endif
