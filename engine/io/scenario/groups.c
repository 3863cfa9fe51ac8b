/* groups.c - `groups:`, many bodies from a table, a catalogue, a snapshot of another code, or a
 * generator. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/quoting.h"
#include "internal.h"
#include "io/particles/particles.h"
#include "io/tables/tables.h"

/* Role, centre, plane: what tables and generators share. */
static orr_status read_common(loader *l, orr_yaml *node, orr_group *g)
{
    orr_yaml *name = orr_yaml_get(node, "name"), *role = orr_yaml_get(node, "role");
    orr_yaml *around = orr_yaml_get(node, "around"), *plane = orr_yaml_get(node, "plane");
    orr_yaml *radius = orr_yaml_get(node, "radius_of_each");
    orr_yaml *position = orr_yaml_get(node, "position"), *velocity = orr_yaml_get(node, "velocity");
    *g = (orr_group){.node = node};
    ORR_TRY(orr_read_role(l, ORR_IN_GROUP, role, &g->role));
    g->role_given = role != NULL;
    ORR_TRY(orr_read_plane(l, plane, &g->plane));
    if (radius)
        ORR_TRY(orr_read_quantity(l, radius, ORR_LENGTH, &g->radius));
    if (!(g->radius >= 0))
        return orr_yaml_fail(&l->doc, radius, ORR_E_FORMAT, "a radius must not be negative");
    if (name) {
        char *text;
        ORR_TRY(orr_read_text(l, name, &text));
        char wrong[120];
        if (!orr_is_name(text, ORR_LONGEST_NAME - 16, wrong, sizeof wrong))
            return orr_yaml_fail(&l->doc, name, ORR_E_FORMAT, "%s", wrong);
        g->prefix = text;
    }
    if (around)
        ORR_TRY(orr_read_primary(l, around, &g->centre));
    orr_state *shift = &g->centre.shift;
    if (position)
        ORR_TRY(orr_read_vector(l, position, ORR_LENGTH, shift->pos));
    if (velocity)
        ORR_TRY(orr_read_vector(l, velocity, ORR_SPEED, shift->vel));
    for (int k = 0; k < 3; k++) {
        g->centre.state.pos[k] += shift->pos[k];
        g->centre.state.vel[k] += shift->vel[k];
    }
    return ORR_OK;
}

/* ---- generators ---- */

typedef struct emission {
    loader *l;
    const orr_group *group;
    size_t made, first_index;
    double gm_each;
} emission;

static orr_status emit(void *user, const double pos[3], const double vel[3], double weight)
{
    emission *e = user;
    orr_body body = {.gm = e->gm_each * weight, .radius = e->group->radius, .role = e->group->role};
    for (int r = 0; r < 3; r++) {
        const double *m = e->group->plane.m[r];
        body.pos[r] = m[0] * pos[0] + m[1] * pos[1] + m[2] * pos[2];
        body.vel[r] = m[0] * vel[0] + m[1] * vel[1] + m[2] * vel[2];
    }
    char name[ORR_LONGEST_NAME + 24];
    snprintf(name, sizeof name, "%s-%zu", e->group->prefix, ++e->made);
    return orr_append_state(e->l, e->group->node, name, body, &e->group->centre, e->l->s->t_start);
}

/* A self-bound group of finitely many bodies is not exactly at its centre: put it there. */
static void centre_group(loader *l, const emission *e, uint64_t first_id)
{
    orr_bodies *b = &l->s->bodies;
    double mean[6] = {0}, n = (double)e->made;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < b->n; i++) {
            if (b->id[i] < first_id)
                continue;
            for (size_t c = 0; c < 3; c++) {
                double *x = &b->pos[c * b->stride + i], *v = &b->vel[c * b->stride + i];
                double part = e->gm_each > 0 ? b->gm[i] / e->gm_each : 1;
                if (pass == 0) {
                    mean[c] += part * (*x - e->group->centre.state.pos[c]) / n;
                    mean[c + 3] += part * (*v - e->group->centre.state.vel[c]) / n;
                } else {
                    *x -= mean[c];
                    *v -= mean[c + 3];
                }
            }
        }
}

static orr_status generate(loader *l, orr_yaml *node, orr_yaml *kind)
{
    const char *names[64];
    size_t n = 0, chosen;
    const orr_generator *type;
    while ((type = orr_generator_at(n)) && n < LENGTH_OF(names))
        names[n++] = type->name;
    ORR_TRY(orr_read_choice(l, kind, "generator", names, n, &chosen));
    type = orr_generator_at(chosen);

    orr_group g;
    ORR_TRY(read_common(l, node, &g));
    orr_yaml *count = orr_yaml_get(node, "count"), *seed = orr_yaml_get(node, "seed");
    orr_generator_context context = {.G = l->s->units.G, .mu = g.centre.gm};
    orr_option *options;
    size_t n_options, number = 0;
    double gm;
    ORR_TRY(orr_read_gm(l, node, false, &gm));
    orr_yaml *orbit = orr_yaml_get(node, "orbit");
    if (orbit)
        ORR_TRY(orr_read_group_orbit(l, orbit, gm, &g.centre));
    ORR_TRY(orr_read_options(l, node, type->fields, &options, &n_options));
    if (!count)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'count' is missing: how many bodies");
    ORR_TRY(orr_read_count(l, count, 1e15, &context.count));
    if (context.count > l->most_bodies)
        return orr_yaml_fail(
            &l->doc, count, ORR_E_FORMAT,
            "%zu bodies do not fit into the memory of this machine; at most %zu do", context.count,
            l->most_bodies);
    if (context.count == 0)
        return orr_yaml_fail(&l->doc, count, ORR_E_FORMAT, "a group of zero bodies");
    if (seed) {
        ORR_TRY(orr_read_count(l, seed, 9007199254740992.0, &number));
        context.seed = number;
    }
    if (type->traits & ORR_NEEDS_PRIMARY && !(g.centre.gm > 0))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a %s needs 'around:', the name of a body with mass", type->name);
    if (type->traits & ORR_SELF_BOUND && g.centre.waits)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a %s cannot be around a body that holds at another date", type->name);
    if (type->traits & ORR_SELF_BOUND && !(gm > 0))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a %s needs a 'mass', that of the whole group", type->name);
    if (!(type->traits & ORR_SELF_BOUND) && g.role != ORR_TEST && !(gm > 0))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "give the group a 'mass' (of all members), or 'role: test'");
    if (!(type->traits & ORR_SELF_BOUND) && g.role == ORR_TEST && gm > 0)
        return orr_yaml_fail(
            &l->doc, node, ORR_E_FORMAT,
            "test bodies are massless; leave out the mass, or use 'role: passive'");
    if (!g.prefix)
        g.prefix = type->name;

    void *state = orr_arena_alloc(l->doc.memory, type->state_size);
    if (!state)
        return ORR_E_NO_MEMORY;
    orr_fields_defaults(type->fields, state);
    for (size_t k = 0; k < n_options; k++)
        ORR_TRY(orr_fields_set(type->fields, state, &options[k]));
    ORR_TRY(orr_bodies_reserve(&l->s->bodies, context.count));
    emission e = {.l = l, .group = &g};
    e.gm_each = g.role == ORR_TEST ? 0 : gm / (double)context.count;
    uint64_t first_id = l->s->bodies.n;
    orr_status status = type->make(state, &context, gm, emit, &e);
    if (status == ORR_E_ARGUMENT)
        return orr_yaml_fail(
            &l->doc, node, ORR_E_FORMAT,
            "%s cannot work with these numbers (an upper bound below a lower one?)", type->name);
    ORR_TRY(status);
    if (type->traits & ORR_SELF_BOUND)
        centre_group(l, &e, first_id);
    if (!(type->traits & ORR_NEEDS_PRIMARY))
        l->wholes[l->n_groups - 1] =
            (orr_whole){g.prefix, g.role == ORR_TEST ? 0 : gm, g.centre.state};
    return ORR_OK;
}

/* ---- tables and catalogues ---- */

static orr_status find_format(loader *l, const orr_yaml *name, const orr_catalogue **format)
{
    const char *names[32];
    size_t n = 0, chosen;
    const orr_catalogue_entry *entry;
    while ((entry = orr_catalogue_at(n)) && n < LENGTH_OF(names))
        names[n++] = entry->name;
    ORR_TRY(orr_read_choice(l, name, "catalogue", names, n, &chosen));
    *format = orr_catalogue_format(chosen);
    return ORR_OK;
}

/* Keys that mean something for one catalogue only. */
static orr_status not_for(loader *l, orr_yaml *node, const char *key, const char *catalogue,
                          const orr_catalogue *format)
{
    const orr_yaml *given = orr_yaml_get(node, key);
    if (!given || (format && strcmp(format->entry.name, catalogue) == 0))
        return ORR_OK;
    return orr_yaml_fail_key(&l->doc, given, ORR_E_FORMAT, "'%s' is for 'catalogue: %s'", key,
                             catalogue);
}

static orr_status tabulate(loader *l, orr_yaml *node)
{
    orr_group g;
    orr_yaml *file = orr_yaml_get(node, "table"), *catalogue = orr_yaml_get(node, "catalogue");
    const orr_catalogue *format = NULL;
    if (catalogue) {
        ORR_TRY(find_format(l, catalogue, &format));
        file = orr_yaml_get(node, "file");
        if (!file)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                                 "'file' is missing: where the catalogue '%s' is",
                                 format->entry.name);
    } else {
        ORR_TRY(not_for(l, node, "file", "NAME", NULL));
    }
    ORR_TRY(read_common(l, node, &g));
    ORR_TRY(orr_read_gm(l, node, false, &g.gm));
    const orr_yaml *epoch = orr_yaml_get(node, "epoch");
    g.has_epoch = epoch != NULL;
    if (epoch)
        ORR_TRY(orr_read_held_time(l, epoch, &g.epoch));
    ORR_TRY(not_for(l, node, "host", "exoplanets", format));
    ORR_TRY(not_for(l, node, "center", "horizons", format));
    if (g.role == ORR_TEST && g.gm > 0)
        return orr_yaml_fail(
            &l->doc, node, ORR_E_FORMAT,
            "test bodies are massless; leave out the mass, or use 'role: passive'");
    return orr_read_table(l, &g, format, file);
}

/* ---- snapshots of other codes ---- */

static orr_status take_snapshot(loader *l, orr_yaml *node, const orr_yaml *file)
{
    orr_group g;
    ORR_TRY(orr_need_kind(l, file, ORR_SCALAR));
    ORR_TRY(read_common(l, node, &g));
    ORR_TRY(orr_read_gm(l, node, false, &g.gm));
    if (g.centre.waits)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a snapshot cannot be around a body that holds at another date");
    return orr_read_snapshot(l, &g, file);
}

/* All members of the last group alike. */
static orr_status color_group(loader *l, orr_yaml *node)
{
    const orr_yaml *color = orr_yaml_get(node, "color");
    uint32_t value;
    if (!color)
        return ORR_OK;
    ORR_TRY(orr_read_color(l, color, &value));
    return orr_set_colors(l, l->group_starts[l->n_groups - 1], l->s->bodies.n, value);
}

orr_status orr_read_groups(loader *l, orr_yaml *list)
{
    ORR_TRY(orr_need_kind(l, list, ORR_LIST));
    l->group_nodes = orr_arena_alloc(l->doc.memory, (list->n + 1) * sizeof *l->group_nodes);
    l->group_starts = orr_arena_alloc(l->doc.memory, (list->n + 1) * sizeof *l->group_starts);
    l->wholes = orr_arena_alloc(l->doc.memory, (list->n + 1) * sizeof *l->wholes);
    if (!l->group_nodes || !l->group_starts || !l->wholes)
        return ORR_E_NO_MEMORY;
    for (orr_yaml *node = list->first; node; node = node->next) {
        ORR_TRY(orr_need_kind(l, node, ORR_MAP));
        l->group_nodes[l->n_groups] = node;
        l->group_starts[l->n_groups++] = l->s->bodies.n;
        orr_yaml *table = orr_yaml_get(node, "table"), *kind = orr_yaml_get(node, "generate");
        orr_yaml *catalogue = orr_yaml_get(node, "catalogue");
        orr_yaml *snapshot = orr_yaml_get(node, "snapshot");
        if (!table + !kind + !catalogue + !snapshot != 3)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                                 "a group has one of 'table: file.csv', 'catalogue: name', "
                                 "'snapshot: file' and 'generate: name'");
        ORR_TRY(kind       ? generate(l, node, kind)
                : snapshot ? take_snapshot(l, node, snapshot)
                           : tabulate(l, node));
        ORR_TRY(color_group(l, node));
    }
    return ORR_OK;
}
