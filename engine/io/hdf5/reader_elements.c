/* reader_elements.c - which elements are wanted of an output file: what the scenario in it says,
 * and what a user says instead. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/io.h>

#include "base/arena.h"
#include "io/scenario/internal.h"

/* A value that did not come out of YAML. */
static orr_yaml *scalar(loader *l, const orr_yaml_source *source, const char *text, size_t length)
{
    orr_yaml *node = orr_arena_alloc(l->doc.memory, sizeof *node);
    char *copy = orr_arena_alloc(l->doc.memory, length + 1);
    if (!node || !copy)
        return NULL;
    memcpy(copy, text, length);
    *node = (orr_yaml){.kind = ORR_SCALAR, .text = copy, .quoted = true, .source = source};
    return node;
}

static orr_yaml_source *argument(loader *l, const char *option, const char *text)
{
    orr_yaml_source *source = orr_arena_alloc(l->doc.memory, sizeof *source);
    if (source)
        *source = (orr_yaml_source){option, text, strlen(text), true};
    return source;
}

/* A value as in a scenario. */
static orr_status read_yaml(loader *l, const char *option, const char *text, orr_yaml **out)
{
    size_t size = strlen(text) + 8;
    char *line = orr_arena_alloc(l->doc.memory, size);
    orr_yaml_source *source = line ? argument(l, option, line) : NULL;
    orr_yaml *root;
    if (!source)
        return ORR_E_NO_MEMORY;
    snprintf(line, size, "v: %s", text);
    source->size = strlen(line);
    ORR_TRY(orr_yaml_parse_source(&l->doc, source, &root));
    *out = root->first;
    return ORR_OK;
}

/* "A,B", or one name that has commas itself, or a list as in YAML. */
static orr_status read_list(loader *l, const char *option, const char *text, orr_yaml **out)
{
    orr_yaml_source *source = argument(l, option, text);
    orr_yaml *list = source ? scalar(l, source, text, strlen(text)) : NULL;
    if (!list)
        return ORR_E_NO_MEMORY;
    if (*text == '[')
        return read_yaml(l, option, text, out);
    *out = list;
    if (!strchr(text, ',') || orr_names_find(&l->s->names, &l->index, text) < l->s->names.n)
        return ORR_OK;
    *list = (orr_yaml){.kind = ORR_LIST, .source = source};
    orr_yaml **next = &list->first;
    for (const char *p = text;; p++) {
        size_t n = strcspn(p, ",");
        *next = scalar(l, source, p, n);
        if (!*next)
            return ORR_E_NO_MEMORY;
        next = &(*next)->next;
        list->n++;
        p += n;
        if (!*p)
            return ORR_OK;
    }
}

/* ---- what the file says ---- */

static orr_status read_names(loader *l, orr_reader *r)
{
    size_t n = orr_reader_info(r)->n_bodies;
    for (size_t i = 0; i < n; i++) {
        char other[64];
        snprintf(other, sizeof other, "\x01 %zu", i); /* of a damaged file: named twice */
        orr_status status = orr_names_add(&l->s->names, &l->index, orr_reader_name(r, i));
        if (status == ORR_E_EXISTS)
            status = orr_names_add(&l->s->names, &l->index, other);
        ORR_TRY(status);
    }
    l->ids = orr_reader_bodies(r)->id;
    l->n_explicit = n;
    return ORR_OK;
}

/* The id of the body that a force names; -1: none. */
static double named(const loader *l, const orr_yaml *node)
{
    size_t k = node && node->kind == ORR_SCALAR
                   ? orr_names_find(&l->s->names, &l->index, node->text)
                   : l->s->names.n;
    return k < l->s->names.n ? (double)l->ids[k] : -1;
}

/* What the member of an ensemble that is read has of its own. */
static orr_status set_forces(loader *l, orr_reader *r)
{
    char set[400];
    for (size_t j = 0; orr_reader_parameter(r, j, set, sizeof set); j++)
        if (strncmp(set, "forces.", 7) == 0)
            ORR_TRY(orr_yaml_set(&l->doc, set, set));
    return ORR_OK;
}

static orr_status read_light(loader *l, orr_yaml *forces, orr_about *out)
{
    for (orr_yaml *node = forces ? forces->first : NULL; node; node = node->next) {
        const orr_yaml *name = orr_yaml_get(node, "force"), *beta = orr_yaml_get(node, "beta");
        if (!name || name->kind != ORR_SCALAR || strcmp(name->text, "radiation") != 0 || !beta ||
            beta->kind != ORR_SCALAR)
            continue;
        ORR_TRY(orr_add_pressure(l, out, named(l, orr_yaml_get(node, "of")),
                                 named(l, orr_yaml_get(node, "on")), strtod(beta->text, NULL)));
    }
    return ORR_OK;
}

/* The part of the resolved scenario that is not bodies. */
static orr_status read_header(loader *l, orr_reader *r)
{
    char *text = orr_reader_scenario(r, true), *end = text ? strstr(text, "\nbodies:") : NULL;
    if (!end) {
        free(text);
        return ORR_OK; /* such as a file without one: nothing is known */
    }
    *end = 0;
    size_t size = strlen(text);
    char *copy = orr_arena_alloc(l->doc.memory, size + 1);
    if (copy)
        memcpy(copy, text, size + 1);
    free(text);
    if (!copy)
        return ORR_E_NO_MEMORY;
    orr_yaml_source *source = argument(l, "the scenario in the file", copy);
    if (!source)
        return ORR_E_NO_MEMORY;
    source->size = size;
    ORR_TRY(orr_yaml_parse_source(&l->doc, source, &l->doc.root));
    return set_forces(l, r);
}

/* ---- both together ---- */

static orr_status read_options(loader *l, const orr_element_options *o, orr_yaml *at[5])
{
    if (o->quantities)
        ORR_TRY(read_list(l, "--elements", o->quantities, &at[0]));
    if (o->of)
        ORR_TRY(read_list(l, "--of", o->of, &at[1]));
    if (o->around)
        ORR_TRY(read_list(l, "--around", o->around, &at[2]));
    if (o->plane)
        ORR_TRY(read_yaml(l, "--plane", o->plane, &at[3]));
    if (o->gm)
        ORR_TRY(read_yaml(l, "--gm", o->gm, &at[4]));
    return ORR_OK;
}

static orr_status choose(loader *l, orr_reader *r, const orr_element_options *options,
                         orr_element_choice *out)
{
    static const char *const keys[] = {"quantities", "of", "around", "plane", "gm"};
    orr_yaml *at[5] = {NULL};
    ORR_TRY(read_names(l, r));
    ORR_TRY(read_header(l, r));
    orr_yaml *root = l->doc.root;
    orr_yaml *stored = orr_yaml_get(orr_yaml_get(root, "output"), "elements");
    for (size_t k = 0; k < 5; k++)
        at[k] = orr_yaml_get(stored, keys[k]);
    if (options)
        ORR_TRY(read_options(l, options, at));
    ORR_TRY(read_light(l, orr_yaml_get(root, "forces"), &out->about));
    return orr_read_choice_parts(
        l, at[0], at[1], &(orr_about_nodes){.around = at[2], .plane = at[3], .gm = at[4]}, out);
}

orr_status orr_reader_choose(orr_reader *r, const orr_element_options *options,
                             orr_element_choice *out, orr_diagnosis *why)
{
    const orr_file_info *info = orr_reader_info(r);
    *out = (orr_element_choice){0};
    *why = (orr_diagnosis){0};
    orr_arena *memory = calloc(1, sizeof *memory);
    orr_scenario s = {.bodies = *orr_reader_bodies(r)};
    snprintf(s.frame, sizeof s.frame, "%s", info->frame);
    s.units.dimensionless = !*info->length_unit;
    s.units.length = info->length_si, s.units.time = info->time_si, s.units.mass = 1;
    loader l = {.s = &s,
                .doc = {.source = {.file = "", .argument = true}, .memory = memory, .why = why}};
    orr_status status = memory ? choose(&l, r, options, out) : ORR_E_NO_MEMORY;
    out->memory = memory;
    if (status != ORR_OK && !*why->text)
        snprintf(why->text, sizeof why->text, "%s", orr_status_text(status));
    orr_names_free(&s.names);
    orr_name_index_free(&l.index);
    if (status != ORR_OK)
        orr_element_choice_free(out);
    return status;
}

void orr_element_choice_free(orr_element_choice *c)
{
    if (c->memory)
        orr_arena_free(c->memory);
    free(c->memory);
    *c = (orr_element_choice){0};
}
