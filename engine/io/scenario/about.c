/* about.c - which elements, of whom, about what, in which plane:
 *
 *     { quantities: [a, e, i], of: [A, B], around: Sun, plane: ecliptic, gm: full }
 *
 * as `output: { elements: ... }`, in `expect:`, and on the command line. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/primaries.h>

#include "io/quoting.h"
#include "internal.h"

enum { MOST_NAMED = 8 }; /* bodies, in a text for people */

static const char *const centre_words[] = {"barycentre", "jacobi", "primary"};
static const orr_about_kind centre_kinds[] = {ORR_ABOUT_BARYCENTRE, ORR_ABOUT_JACOBI,
                                              ORR_ABOUT_PRIMARY};

/* What is asked for where nothing is said: an orbit that the scenario can read again. */
static const char *const default_quantities[] = {"a", "e", "i", "Omega", "omega", "M"};

static orr_status read_id(loader *l, const orr_yaml *node, uint64_t *id)
{
    size_t found;
    ORR_TRY(orr_find_body(l, node, l->s->names.n, &found));
    *id = l->ids ? l->ids[found] : found;
    return ORR_OK;
}

/* One name or a list of names. */
static orr_status read_ids(loader *l, const orr_yaml *node, const uint64_t **ids, size_t *n)
{
    bool list = node->kind == ORR_LIST;
    size_t count = list ? node->n : 1;
    if (count == 0)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "the list of bodies is empty");
    uint64_t *all = orr_arena_alloc(l->doc.memory, count * sizeof *all);
    if (!all)
        return ORR_E_NO_MEMORY;
    *n = 0;
    for (const orr_yaml *item = list ? node->first : node; item; item = list ? item->next : NULL) {
        ORR_TRY(read_id(l, item, &all[*n]));
        for (size_t k = 0; k < *n && *n < 1000; k++)
            if (all[k] == all[*n])
                return orr_yaml_fail(&l->doc, item, ORR_E_FORMAT, "'%.60s' is named twice",
                                     item->text);
        ++*n;
    }
    *ids = all;
    return ORR_OK;
}

/* ---- light ---- */

orr_status orr_add_pressure(loader *l, orr_about *about, double of, double on, double beta)
{
    const orr_bodies *b = &l->s->bodies;
    size_t n = about->n_pressures;
    orr_pressure *all = orr_arena_alloc(l->doc.memory, (n + 1) * sizeof *all);
    if (!all)
        return ORR_E_NO_MEMORY;
    if (n)
        memcpy(all, about->pressures, n * sizeof *all);
    all[n] = (orr_pressure){.of = of >= 0 ? (uint64_t)of
                                  : b->n  ? b->id[orr_heaviest_body(b)]
                                          : 0,
                            .on = on >= 0 ? (uint64_t)on : 0,
                            .on_tests = on < 0,
                            .beta = beta};
    about->pressures = all;
    about->n_pressures = n + 1;
    return ORR_OK;
}

/* What the scenario's forces say. */
static orr_status read_pressures(loader *l, orr_about *about)
{
    for (size_t k = 0; k < l->s->n_forces; k++) {
        const orr_force_choice *f = &l->s->forces[k];
        double value[3] = {-1, -1, 0};
        static const char *const names[] = {"of", "on", "beta"};
        if (strcmp(f->type->name, "radiation") != 0)
            continue;
        for (size_t o = 0; o < f->n_options; o++)
            for (int j = 0; j < 3; j++)
                if (strcmp(f->options[o].name, names[j]) == 0)
                    value[j] = f->options[o].number;
        ORR_TRY(orr_add_pressure(l, about, value[0], value[1], value[2]));
    }
    return ORR_OK;
}

/* ---- about what ---- */

static orr_status read_centre(loader *l, const orr_yaml *node, orr_about *out)
{
    const orr_bodies *b = &l->s->bodies;
    if (node && node->kind == ORR_SCALAR &&
        orr_names_find(&l->s->names, &l->index, node->text) == l->s->names.n)
        for (size_t k = 0; k < LENGTH_OF(centre_words); k++)
            if (strcmp(node->text, centre_words[k]) == 0) {
                out->kind = centre_kinds[k];
                return ORR_OK;
            }
    out->kind = ORR_ABOUT_BODIES;
    if (node) {
        ORR_TRY(read_ids(l, node, &out->ids, &out->n_ids));
        double gm = 0;
        for (size_t k = 0; k < out->n_ids; k++) {
            size_t i = orr_bodies_find(b, out->ids[k]);
            gm += i < b->n ? b->gm[i] : 0;
        }
        return gm > 0 ? ORR_OK
                      : orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                                      "nothing orbits what has no mass: name bodies with mass");
    }
    size_t most = orr_dominant_body(b, ORR_PART_CENTRE);
    uint64_t *id = orr_arena_alloc(l->doc.memory, sizeof *id);
    if (!id)
        return ORR_E_NO_MEMORY;
    if (most == SIZE_MAX)
        return orr_yaml_fail(&l->doc, NULL, ORR_E_FORMAT,
                             "no body holds more than 60 %% of the mass, so say what elements are "
                             "about: a body, a list [A, B], barycentre, jacobi or primary");
    *id = b->id[most];
    out->ids = id;
    out->n_ids = 1;
    return ORR_OK;
}

orr_status orr_read_about(loader *l, const orr_about_nodes *nodes, orr_about *out)
{
    static const char *const masses[] = {"effective", "full"};
    size_t full = 0;
    const orr_pressure *pressures = out->pressures;
    size_t n_pressures = out->n_pressures;
    *out = (orr_about){.pressures = pressures, .n_pressures = n_pressures};
    if (nodes->gm)
        ORR_TRY(orr_read_choice(l, nodes->gm, "GM", masses, 2, &full));
    if (full)
        out->n_pressures = 0;
    else
        ORR_TRY(read_pressures(l, out));
    ORR_TRY(read_centre(l, nodes->around, out));
    if (!nodes->plane)
        return ORR_OK;
    if (nodes->plane->kind == ORR_SCALAR && strcmp(nodes->plane->text, "invariable") == 0) {
        out->invariable = true;
        return ORR_OK;
    }
    orr_plane plane;
    ORR_TRY(orr_read_plane(l, nodes->plane, &plane));
    static const double same[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    out->has_plane = memcmp(plane.m, same, sizeof same) != 0;
    memcpy(out->plane, plane.m, sizeof out->plane);
    return ORR_OK;
}

/* ---- which ---- */

static orr_status read_quantity(loader *l, const orr_yaml *node, orr_element_choice *out)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    size_t k = orr_orbital_find(node->text, strlen(node->text));
    if (k == ORR_ORBITALS) {
        const char *names[ORR_ORBITALS];
        for (size_t j = 0; j < ORR_ORBITALS; j++)
            names[j] = orr_orbital_at(j)->name;
        orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "there is no element '%.60s'", node->text);
        orr_yaml_hint(&l->doc, node->text, names, ORR_ORBITALS);
        return ORR_E_FORMAT;
    }
    for (size_t j = 0; j < out->n_quantities; j++)
        if (out->quantities[j] == k)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'%.60s' is named twice", node->text);
    out->quantities[out->n_quantities++] = k;
    return ORR_OK;
}

static orr_status read_quantities(loader *l, const orr_yaml *node, orr_element_choice *out)
{
    if (!node) {
        for (size_t k = 0; k < LENGTH_OF(default_quantities); k++)
            out->quantities[out->n_quantities++] =
                orr_orbital_find(default_quantities[k], strlen(default_quantities[k]));
        return ORR_OK;
    }
    bool list = node->kind == ORR_LIST;
    if (list && node->n == 0)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "the list of elements is empty");
    for (const orr_yaml *item = list ? node->first : node; item; item = list ? item->next : NULL)
        ORR_TRY(read_quantity(l, item, out));
    return ORR_OK;
}

/* ---- as text ---- */

/* The unit of a bare angle, where the file states one for all; else "". */
static const char *unit_of_angles(const loader *l, const char *text)
{
    char *end;
    const orr_unit *u;
    strtod(text, &end);
    if (end == text || *end)
        return "";
    for (size_t k = 0; (u = orr_unit_at(k)); k++)
        if (u->dim.angle == 1 && u->si == l->s->units.angle)
            return u->name;
    return "";
}

/* A plane as YAML on one line, its angles with units. */
static void write_node(FILE *out, const loader *l, const orr_yaml *node)
{
    bool map = node->kind == ORR_MAP;
    if (node->kind == ORR_SCALAR) {
        if (node->quoted)
            orr_write_yaml(out, node->text);
        else
            fprintf(out, *unit_of_angles(l, node->text) ? "%s %s" : "%s", node->text,
                    unit_of_angles(l, node->text));
        return;
    }
    fputs(map ? "{ " : "[", out);
    for (const orr_yaml *item = node->first; item; item = item->next) {
        if (map)
            fprintf(out, "%s: ", item->key);
        write_node(out, l, item);
        fputs(item->next ? ", " : "", out);
    }
    fputs(map ? " }" : "]", out);
}

static const char *name_of(const loader *l, uint64_t id)
{
    if (!l->ids)
        return orr_names_get(&l->s->names, id);
    for (size_t k = 0; k < l->s->names.n; k++)
        if (l->ids[k] == id)
            return orr_names_get(&l->s->names, k);
    return "?";
}

static void write_ids(FILE *out, const loader *l, const uint64_t *ids, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        fputs(k ? ", " : n > 1 ? "[" : "", out);
        orr_write_yaml(out, name_of(l, ids[k]));
    }
    fputs(n > 1 ? "]" : "", out);
}

static const char *kind_word(orr_about_kind kind)
{
    for (size_t k = 0; k < LENGTH_OF(centre_kinds); k++)
        if (centre_kinds[k] == kind)
            return centre_words[k];
    return "";
}

static void write_choice(FILE *out, const loader *l, const orr_element_choice *c,
                         const orr_yaml *plane, bool full)
{
    for (size_t k = 0; k < c->n_quantities; k++)
        fprintf(out, "%s%s", k ? ", " : "{ quantities: [", orr_orbital_at(c->quantities[k])->name);
    fputs("], around: ", out);
    if (c->about.kind == ORR_ABOUT_BODIES)
        write_ids(out, l, c->about.ids, c->about.n_ids);
    else
        fputs(kind_word(c->about.kind), out);
    if (c->of) {
        fputs(", of: ", out);
        write_ids(out, l, c->of, c->n_of);
    }
    if (plane) {
        fputs(", plane: ", out);
        write_node(out, l, plane);
    }
    fprintf(out, ", gm: %s }", full ? "full" : "effective");
}

/* "Sun", "the barycentre of A and B" */
static void write_centre(FILE *out, const loader *l, const orr_about *a)
{
    if (a->kind == ORR_ABOUT_BARYCENTRE)
        fputs("the barycentre of all", out);
    else if (a->kind == ORR_ABOUT_JACOBI)
        fputs("the barycentre of those before it", out);
    else if (a->kind == ORR_ABOUT_PRIMARY)
        fputs("its primary", out);
    else if (a->n_ids > MOST_NAMED)
        fprintf(out, "the barycentre of %zu bodies", a->n_ids);
    else if (a->n_ids > 1)
        fputs("the barycentre of ", out);
    for (size_t k = 0; k < a->n_ids && a->n_ids <= MOST_NAMED; k++)
        fprintf(out, "%s%s",
                k == 0              ? ""
                : k + 1 == a->n_ids ? " and "
                                    : ", ",
                name_of(l, a->ids[k]));
}

/* What write() prints, as a text in the arena. */
static orr_status keep_texts(loader *l, orr_element_choice *c, const orr_yaml *plane, bool full)
{
    const char **to[3] = {&c->yaml, &c->centre, &c->plane};
    for (int k = l->ids ? 1 : 0; k < 3; k++) { /* of a file, the text stands in it */
        char *text = NULL, *copy;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        if (!out)
            return ORR_E_NO_MEMORY;
        if (k == 0)
            write_choice(out, l, c, plane, full);
        else if (k == 1)
            write_centre(out, l, &c->about);
        else if (plane)
            write_node(out, l, plane);
        else
            fputs("reference", out);
        bool good = fclose(out) == 0;
        copy = good ? orr_arena_alloc(l->doc.memory, size + 1) : NULL;
        if (copy)
            memcpy(copy, text, size + 1);
        free(text);
        if (!copy)
            return ORR_E_NO_MEMORY;
        *to[k] = copy;
    }
    return ORR_OK;
}

/* ---- all of it ---- */

orr_status orr_read_choice_parts(loader *l, orr_yaml *quantities, orr_yaml *of,
                                 const orr_about_nodes *about, orr_element_choice *out)
{
    ORR_TRY(read_quantities(l, quantities, out));
    if (of)
        ORR_TRY(read_ids(l, of, &out->of, &out->n_of));
    ORR_TRY(orr_read_about(l, about, &out->about));
    bool full = about->gm && strcmp(about->gm->text, "full") == 0;
    return keep_texts(l, out, about->plane, full);
}

orr_status orr_read_element_choice(loader *l, orr_yaml *node, orr_element_choice *out)
{
    static const char *const keys[] = {"quantities", "of", "around", "plane", "gm"};
    *out = (orr_element_choice){0};
    if (node->kind == ORR_SCALAR && orr_orbital_find(node->text, strlen(node->text)) < ORR_ORBITALS)
        return orr_read_choice_parts(l, node, NULL, &(orr_about_nodes){0}, out);
    if (node->kind == ORR_SCALAR) {
        bool yes;
        ORR_TRY(orr_read_bool(l, node, &yes));
        return yes ? orr_read_choice_parts(l, NULL, NULL, &(orr_about_nodes){0}, out) : ORR_OK;
    }
    if (node->kind == ORR_LIST)
        return orr_read_choice_parts(l, node, NULL, &(orr_about_nodes){0}, out);
    orr_yaml *at[LENGTH_OF(keys)];
    for (size_t k = 0; k < LENGTH_OF(keys); k++)
        at[k] = orr_yaml_get(node, keys[k]);
    return orr_read_choice_parts(
        l, at[0], at[1], &(orr_about_nodes){.around = at[2], .plane = at[3], .gm = at[4]}, out);
}
