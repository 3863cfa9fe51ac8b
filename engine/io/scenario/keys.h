/* keys.h - the keys of a scenario, from keys.def. */
#ifndef ORRERY_IO_SCENARIO_KEYS_H
#define ORRERY_IO_SCENARIO_KEYS_H

#include <stddef.h>

#include <orrery/collisions.h> /* the words of `do:` */
#include <orrery/field.h>

#include "yaml.h"

typedef enum orr_part {
#define ORR_PART(id, name, where, doc, example) ORR_IN_##id,
#include "keys.def"
    ORR_IN_NOTHING /* also how many parts there are */
} orr_part;

typedef struct orr_part_doc {
    const char *name, *where, *doc, *example;
} orr_part_doc;

typedef struct orr_key_doc {
    orr_part part;
    const char *key; /* "*": any */
    orr_part inside; /* of the map, or of the maps in the list, that is its value */
    const char *value, *fallback, *doc;
} orr_key_doc;

const orr_part_doc *orr_part_at(size_t i); /* NULL behind the last */
const orr_key_doc *orr_key_at(size_t i);

/* The i-th integrator, force or generator whose options are keys of this part, with its fields
 * (NULL: none here); false behind the last. */
bool orr_owner_at(orr_part part, size_t i, const char **name, const orr_field **fields);

/* The line of a key; NULL: there is none. */
const orr_key_doc *orr_key_find(orr_part part, const char *key);

/* A hint in doc->why: how a part of this name is written.  Nothing, if there is no such part. */
void orr_show_example(const orr_yaml_doc *doc, const char *name);

/* An error for the first key anywhere in the scenario that does not stand in the tables. */
orr_status orr_check_keys(const orr_yaml_doc *doc);

/* An error for the first key that was not read, once all is; what stands under
 * `skipped` does not count. */
orr_status orr_check_read(const orr_yaml_doc *doc, const orr_yaml *skipped);

#endif
