/* keys.c - is every key of a scenario one that there is, and was every key read?
 *
 * The tables are keys.def and the options of integrators, forces and generators.  The
 * first question is asked before anything is read, so that a key with a slip of the pen is not
 * reported as one that is missing; the second one afterwards, so that nothing is ignored in
 * silence. */
#include "keys.h"

#include <stdio.h>
#include <string.h>

#include <orrery/force.h>
#include <orrery/generator.h>
#include <orrery/integrator.h>

#include "io/body_fields.h"

static const orr_part_doc parts[] = {
#define ORR_PART(id, name, where, doc, example) {name, where, doc, example},
#include "keys.def"
};

static const orr_key_doc keys[] = {
#define ORR_KEY(part, key, inside, value, fallback, doc)                                           \
    {ORR_IN_##part, key, ORR_IN_##inside, value, fallback, doc},
#include "keys.def"
};

enum { N_KEYS = sizeof keys / sizeof *keys, MOST_NAMES = 400, MOST_PARTS = 4 };

const orr_part_doc *orr_part_at(size_t i)
{
    return i < ORR_IN_NOTHING ? &parts[i] : NULL;
}

void orr_show_example(const orr_yaml_doc *doc, const char *name)
{
    char *hint = doc->why->hint;
    for (size_t i = 0; i < ORR_IN_NOTHING; i++) {
        const char *example = parts[i].example, *end = strchr(example, '\n');
        if (strcmp(parts[i].name, name) != 0 || !end)
            continue;
        if (end[1] == ' ') /* a list: its first item, too */
            end = strchr(end + 1, '\n');
        snprintf(hint, 400, "for example: %.*s", (int)(end - example),
                 example);                                         /* one line more has room */
        for (char *p = strchr(hint, '\n'); p; p = strchr(p, '\n')) /* below each other */
            memmove(p + 7, p + 1, strlen(p + 1) + 1), memcpy(p, "\n      ", 7), p += 7;
        return;
    }
}

/* Fields of bodies that have no key of another name. */
static const orr_key_doc *field_key(size_t i)
{
#define POWERS(length, mass, time, angle)                                                          \
    "length^" #length " mass^" #mass " time^" #time " angle^" #angle
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    {ORR_IN_BODY, #name, ORR_IN_NOTHING, #components " of " POWERS dimension, "0", doc},
    static const orr_key_doc all[] = {
#include <orrery/body_fields.def>
    };
#undef ORR_BODY_FIELD
    const orr_body_field *f = orr_extra_field_at(i);
    for (size_t k = 0; f && k < sizeof all / sizeof *all; k++)
        if (strcmp(all[k].key, f->name) == 0)
            return &all[k];
    return NULL;
}

const orr_key_doc *orr_key_at(size_t i)
{
    return i < N_KEYS ? &keys[i] : field_key(i - N_KEYS);
}

const orr_key_doc *orr_key_find(orr_part part, const char *key)
{
    const orr_key_doc *k;
    for (size_t i = 0; (k = orr_key_at(i)); i++)
        if (k->part == part && (strcmp(k->key, "*") == 0 || strcmp(k->key, key) == 0))
            return k;
    return NULL;
}

bool orr_owner_at(orr_part part, size_t i, const char **name, const orr_field **fields)
{
    const orr_integrator *m = part == ORR_IN_INTEGRATOR ? orr_integrator_at(i) : NULL;
    const orr_generator *g = part == ORR_IN_GENERATOR ? orr_generator_at(i) : NULL;
    bool forces = part == ORR_IN_FORCE || part == ORR_IN_GRAVITY;
    const orr_force *f = forces ? orr_force_at(i) : NULL;
    bool is_here = f && !(f->traits & ORR_SELF_GRAVITY) == (part == ORR_IN_FORCE);
    *name = m ? m->name : g ? g->name : f ? f->name : NULL;
    *fields = m ? m->fields : g ? g->fields : is_here ? f->fields : NULL;
    return *name != NULL;
}

/* ---- what a map may hold ---- */

/* The keys of some parts, and options. */
typedef struct known {
    orr_part parts[MOST_PARTS];
    size_t n_parts;
    const char *names[MOST_NAMES];
    size_t n_names; /* of keys, then of options */
    bool any;       /* what a plugin takes is known when it is loaded */
    bool is_named;  /* the options are those of one method, force or generator */
} known;

static void add_part(known *k, orr_part part)
{
    k->parts[k->n_parts++] = part;
    const orr_key_doc *key;
    for (size_t i = 0; (key = orr_key_at(i)); i++)
        if (key->part == part && k->n_names < MOST_NAMES)
            k->names[k->n_names++] = key->key;
}

static void add_options(known *k, const orr_field *fields)
{
    for (const orr_field *f = fields; f && f->name && k->n_names < MOST_NAMES; f++)
        if (f->role & ORR_OPTION)
            k->names[k->n_names++] = f->name;
}

static const orr_yaml *child_of(const orr_yaml *map, const char *key)
{
    for (const orr_yaml *c = map->first; c; c = c->next)
        if (strcmp(c->key, key) == 0)
            return c;
    return NULL;
}

/* The name that `key` gives in map, if it is one of the owners of options there. */
static const orr_field *named_fields(const orr_yaml *map, orr_part part, const char *key,
                                     bool *found)
{
    const orr_yaml *wanted = child_of(map, key);
    const orr_field *fields = NULL;
    const char *name;
    *found = false;
    for (size_t i = 0; wanted && wanted->kind == ORR_SCALAR && !*found; i++) {
        if (!orr_owner_at(part, i, &name, &fields))
            return NULL;
        *found = strcmp(name, wanted->text) == 0;
    }
    return *found ? fields : NULL;
}

/* The options of what `key` names, or, where it names nothing, of all that it could name. */
static void add_options_of(known *k, const orr_yaml *map, orr_part part, const char *key)
{
    const char *name;
    const orr_field *fields = named_fields(map, part, key, &k->is_named);
    if (k->is_named)
        add_options(k, fields);
    for (size_t i = 0; !k->is_named && orr_owner_at(part, i, &name, &fields); i++)
        add_options(k, fields);
}

static bool has_key_of(const orr_yaml *map, orr_part part)
{
    for (const orr_yaml *c = map->first; c; c = c->next)
        if (orr_key_find(part, c->key))
            return true;
    return false;
}

static void collect(known *k, const orr_yaml *map, orr_part part)
{
    add_part(k, part);
    switch (part) {
    case ORR_IN_INTEGRATOR:
        add_options_of(k, map, part, "method");
        return;
    case ORR_IN_GRAVITY:
        add_options_of(k, map, part, "solver");
        return;
    case ORR_IN_FORCE:
        k->any = child_of(map, "plugin") != NULL;
        add_options_of(k, map, part, "force");
        return;
    case ORR_IN_GROUP: {
        bool generated = child_of(map, "generate") != NULL;
        bool table = !generated && has_key_of(map, ORR_IN_TABLE);
        if (child_of(map, "snapshot")) {
            add_part(k, ORR_IN_SNAPSHOT);
            return;
        }
        if (!generated)
            add_part(k, ORR_IN_TABLE);
        if (table)
            return;
        add_part(k, ORR_IN_GENERATOR);
        add_options_of(k, map, ORR_IN_GENERATOR, "generate");
        return;
    }
    default:
        return;
    }
}

/* Is it known?  *inside says of which part the maps are that it holds. */
static bool look_up(const known *k, const char *key, orr_part *inside)
{
    *inside = ORR_IN_NOTHING;
    for (size_t i = 0; i < k->n_parts; i++) {
        const orr_key_doc *found = orr_key_find(k->parts[i], key);
        if (found) {
            *inside = found->inside;
            return true;
        }
    }
    for (size_t i = 0; i < k->n_names; i++)
        if (strcmp(k->names[i], key) == 0)
            return true;
    return k->any;
}

/* "it is an option of wh": where another method, force or generator has it. */
static bool is_of_others(const orr_yaml_doc *doc, orr_part part, const char *key)
{
    char *hint = doc->why->hint;
    const size_t size = sizeof doc->why->hint;
    const char *name;
    const orr_field *fields;
    part = part == ORR_IN_GROUP ? ORR_IN_GENERATOR : part;
    for (size_t i = 0; orr_owner_at(part, i, &name, &fields); i++) {
        const orr_field *f = fields ? orr_field_find(fields, key) : NULL;
        size_t used = strlen(hint);
        if (f && f->role & ORR_OPTION)
            snprintf(hint + used, size - used, "%s%s", used ? ", " : "it is an option of ", name);
    }
    return *hint != 0;
}

/* "{ mass: 1,5 }" */
static bool is_decimal_comma(const orr_yaml *map, const orr_yaml *child)
{
    return child != map->first && child->kind == ORR_SCALAR && !*child->text &&
           strspn(child->key, "0123456789") > 0;
}

/* Is a list of maps its only form?  A map there is refused by its reader. */
static bool is_list(const known *k, const char *key)
{
    for (size_t i = 0; i < k->n_parts; i++) {
        const orr_key_doc *found = orr_key_find(k->parts[i], key);
        if (found && strncmp(found->value, "list of maps", 12) == 0)
            return true;
    }
    return false;
}

static orr_status check_map(const orr_yaml_doc *doc, const orr_yaml *map, orr_part part)
{
    known k = {0};
    collect(&k, map, part);
    for (const orr_yaml *child = map->first; child; child = child->next) {
        orr_part inside;
        if (!look_up(&k, child->key, &inside)) {
            if (is_decimal_comma(map, child))
                return orr_yaml_fail_key(doc, child, ORR_E_FORMAT,
                                         "a comma ends a value in braces; a number is written with "
                                         "a point, such as 1.5");
            orr_yaml_fail_key(doc, child, ORR_E_FORMAT, "unknown key '%s'", child->key);
            if (!k.is_named || !is_of_others(doc, part, child->key))
                orr_yaml_hint(doc, child->key, k.names, k.n_names);
            return ORR_E_FORMAT;
        }
        if (inside == ORR_IN_NOTHING)
            continue;
        if (child->kind == ORR_MAP && !is_list(&k, child->key))
            ORR_TRY(check_map(doc, child, inside));
        for (const orr_yaml *item = child->kind == ORR_LIST ? child->first : NULL; item;
             item = item->next)
            if (item->kind == ORR_MAP)
                ORR_TRY(check_map(doc, item, inside));
    }
    return ORR_OK;
}

orr_status orr_check_keys(const orr_yaml_doc *doc)
{
    return check_map(doc, doc->root, ORR_IN_TOP);
}

/* ---- was all of it read? ---- */

static orr_status check_read(const orr_yaml_doc *doc, const orr_yaml *node, const orr_yaml *skipped)
{
    for (const orr_yaml *child = node->first; child; child = child->next) {
        if (child == skipped)
            continue;
        if (node->kind == ORR_MAP && !child->used)
            return orr_yaml_fail_key(doc, child, ORR_E_FORMAT,
                                     "'%s' has no effect here, beside the other keys: leave it out",
                                     child->key);
        ORR_TRY(check_read(doc, child, skipped));
    }
    return ORR_OK;
}

orr_status orr_check_read(const orr_yaml_doc *doc, const orr_yaml *skipped)
{
    return check_read(doc, doc->root, skipped);
}
