/* bodies.c - `bodies:`, and which orbits which. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/body_fields.h"
#include "io/quoting.h"
#include "internal.h"

enum { DEEPEST_HIERARCHY = 64 };

typedef enum progress { WAITING, UNDER_WAY, DONE } progress;

typedef struct spec {
    orr_yaml *node;
    orr_body body; /* without its state */
    progress progress;
    orr_held held;
} spec;

orr_status orr_read_role(loader *l, orr_part part, orr_yaml *node, orr_role *out)
{
    size_t k = 0;
    if (node)
        ORR_TRY(orr_read_word(l, part, node, &k));
    *out = (orr_role)k;
    return ORR_OK;
}

orr_status orr_read_gm(loader *l, orr_yaml *map, bool required, double *gm)
{
    orr_yaml *by_gm = orr_yaml_get(map, "GM"), *by_mass = orr_yaml_get(map, "mass");
    *gm = 0;
    if (by_gm && by_mass)
        return orr_yaml_fail_key(&l->doc, by_mass, ORR_E_FORMAT, "give GM or mass, not both");
    if (!by_gm && !by_mass) {
        if (!required)
            return ORR_OK;
        return orr_yaml_fail(
            &l->doc, map, ORR_E_FORMAT,
            "this body has neither GM nor mass (a massless body has 'role: test')");
    }
    if (by_gm)
        ORR_TRY(orr_read_quantity(l, by_gm, ORR_GM, gm));
    else
        ORR_TRY(orr_read_quantity(l, by_mass, ORR_MASS, gm));
    if (by_mass)
        *gm *= l->s->units.G;
    if (!(*gm >= 0))
        return orr_yaml_fail(&l->doc, by_gm ? by_gm : by_mass, ORR_E_FORMAT,
                             "a mass must not be negative");
    if (!isfinite(*gm))
        return orr_yaml_fail(&l->doc, by_gm ? by_gm : by_mass, ORR_E_FORMAT,
                             "this mass is too large");
    return ORR_OK;
}

orr_status orr_read_color(loader *l, const orr_yaml *node, uint32_t *out)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    char *end;
    unsigned long value = node->text[0] == '#' ? strtoul(node->text + 1, &end, 16) : 0;
    if (node->text[0] != '#' || strlen(node->text) != 7 || *end)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a color is written '#rrggbb', in quotes, such as '#ffcc00'");
    *out = (uint32_t)value;
    return ORR_OK;
}

orr_status orr_set_colors(loader *l, size_t first, size_t last, uint32_t color)
{
    orr_scenario *s = l->s;
    size_t n = last > l->n_explicit ? last : l->n_explicit;
    if (n > s->n_colors) {
        uint32_t *more = orr_arena_alloc(l->doc.memory, n * sizeof *more);
        if (!more)
            return ORR_E_NO_MEMORY;
        if (s->n_colors)
            memcpy(more, s->colors, s->n_colors * sizeof *more);
        s->colors = more;
        s->n_colors = n;
    }
    for (size_t id = first; id < last; id++)
        s->colors[id] = color;
    return ORR_OK;
}

static orr_status read_color(loader *l, const orr_yaml *node, size_t id)
{
    uint32_t color;
    ORR_TRY(orr_read_color(l, node, &color));
    return orr_set_colors(l, id, id + 1, color);
}

/* What a line of body_fields.def adds, by its name. */
static orr_status read_extra_fields(loader *l, orr_yaml *map, orr_body *out)
{
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_extra_field_at(k)); k++) {
        const orr_yaml *node = orr_yaml_get(map, f->name);
        double *to = orr_body_values(out, f);
        if (node && f->components == 3)
            ORR_TRY(orr_read_vector(l, node, f->dim, to));
        else if (node)
            ORR_TRY(orr_read_quantity(l, node, f->dim, to));
    }
    return ORR_OK;
}

/* Name, mass, radius, role: all that does not depend on other bodies. */
static orr_status read_spec(loader *l, orr_yaml *node, size_t id, spec *out)
{
    ORR_TRY(orr_need_kind(l, node, ORR_MAP));
    *out = (spec){.node = node};
    orr_yaml *name = orr_yaml_get(node, "name"), *color = orr_yaml_get(node, "color");
    orr_yaml *radius = orr_yaml_get(node, "radius");
    ORR_TRY(orr_read_role(l, ORR_IN_BODY, orr_yaml_get(node, "role"), &out->body.role));
    ORR_TRY(orr_read_gm(l, node, out->body.role != ORR_TEST, &out->body.gm));
    if (!name)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "a body needs a name");
    ORR_TRY(orr_need_kind(l, name, ORR_SCALAR));
    char wrong[120];
    if (!orr_is_name(name->text, ORR_LONGEST_NAME, wrong, sizeof wrong))
        return orr_yaml_fail(&l->doc, name, ORR_E_FORMAT, "%s", wrong);
    if (radius)
        ORR_TRY(orr_read_quantity(l, radius, ORR_LENGTH, &out->body.radius));
    ORR_TRY(read_extra_fields(l, node, &out->body));
    if (!(out->body.radius >= 0))
        return orr_yaml_fail(&l->doc, radius, ORR_E_FORMAT, "a radius must not be negative");
    if (out->body.role == ORR_TEST && out->body.gm != 0)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a test body is massless; leave out its mass, or use 'role: passive'");
    if (out->body.role != ORR_TEST && out->body.gm == 0)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a body of mass zero attracts none; write 'role: test'");
    orr_status status = orr_names_add(&l->s->names, &l->index, name->text);
    if (status == ORR_E_EXISTS)
        return orr_yaml_fail(&l->doc, name, ORR_E_FORMAT, "there is a body '%s' already",
                             name->text);
    ORR_TRY(status);
    return color ? read_color(l, color, id) : ORR_OK;
}

/* ---- primaries ---- */

static orr_status resolve(loader *l, spec *specs, size_t id, int depth);

orr_status orr_find_body(loader *l, const orr_yaml *node, size_t limit, size_t *id)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    *id = orr_names_find(&l->s->names, &l->index, node->text);
    if (*id < limit)
        return ORR_OK;
    orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "there is no body '%.60s'", node->text);
    const char *names[200];
    size_t n = 0;
    for (; n < l->n_explicit && n < LENGTH_OF(names); n++)
        names[n] = orr_names_get(&l->s->names, n);
    orr_yaml_hint(&l->doc, node->text, names, n);
    return ORR_E_FORMAT;
}

/* Where these bodies are together at the start, unless one of them waits. */
static orr_status settle_primary(loader *l, const orr_yaml *node, orr_primary *p)
{
    orr_state sum = {{0}, {0}};
    for (size_t n = 0; n < p->n; n++) {
        size_t id = p->ids[n];
        p->gm += l->gms[id];
        p->waits |= l->waits[id];
        p->state = l->states[id]; /* of one body without the rounding of a division */
        for (int k = 0; k < 3; k++) {
            sum.pos[k] += l->gms[id] * l->states[id].pos[k];
            sum.vel[k] += l->gms[id] * l->states[id].vel[k];
        }
    }
    if (!p->barycentre)
        return ORR_OK;
    if (!(p->gm > 0))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "these bodies have no mass, so no barycentre");
    for (int k = 0; k < 3; k++) {
        p->state.pos[k] = sum.pos[k] / p->gm;
        p->state.vel[k] = sum.vel[k] / p->gm;
    }
    return ORR_OK;
}

/* specs is NULL when all bodies are done. */
static orr_status primary(loader *l, spec *specs, orr_yaml *node, int depth, orr_primary *out)
{
    bool list = node->kind == ORR_LIST;
    orr_yaml *item = list ? node->first : node;
    if (!item)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "the list of bodies is empty");
    uint64_t *ids = orr_arena_alloc(l->doc.memory, (list ? node->n : 1) * sizeof *ids);
    if (!ids)
        return ORR_E_NO_MEMORY;
    *out = (orr_primary){.ids = ids, .barycentre = list};
    for (; item; item = list ? item->next : NULL) {
        size_t id;
        ORR_TRY(orr_find_body(l, item, l->n_explicit, &id));
        if (specs && specs[id].progress == UNDER_WAY)
            return orr_yaml_fail(
                &l->doc, item, ORR_E_FORMAT,
                "circular: '%s' is given relative to itself through this 'around:'", item->text);
        if (specs)
            ORR_TRY(resolve(l, specs, id, depth + 1));
        ids[out->n++] = id;
    }
    return settle_primary(l, node, out);
}

orr_status orr_primary_of(loader *l, uint64_t id, orr_primary *out)
{
    uint64_t *ids = orr_arena_alloc(l->doc.memory, sizeof *ids);
    if (!ids)
        return ORR_E_NO_MEMORY;
    *ids = id;
    *out = (orr_primary){.ids = ids, .n = 1};
    if (id < l->n_explicit)
        return settle_primary(l, NULL, out);
    orr_body body = orr_bodies_get(&l->s->bodies, orr_bodies_find(&l->s->bodies, id));
    memcpy(out->state.pos, body.pos, sizeof body.pos);
    memcpy(out->state.vel, body.vel, sizeof body.vel);
    out->gm = body.gm;
    return ORR_OK;
}

orr_status orr_read_primary(loader *l, orr_yaml *node, orr_primary *out)
{
    return primary(l, NULL, node, 0, out);
}

/* ---- states ---- */

orr_status orr_read_elements(loader *l, orr_yaml *orbit, orr_element_set *set)
{
    for (int k = 0; k < EL_COUNT; k++) {
        orr_yaml *node = orr_yaml_get(orbit, orr_element_keys[k]);
        if (!node)
            continue;
        set->has[k] = true;
        if (k != EL_PERI_TIME) {
            ORR_TRY(orr_read_quantity(l, node, orr_element_dimension(k), &set->value[k]));
            continue;
        }
        ORR_TRY(orr_read_held_time(l, node, &set->value[k]));
        set->peri_is_date = orr_date_is_meant(node->text);
    }
    return ORR_OK;
}

/* `epoch:` of the orbit, or of the body. */
static orr_status read_epoch(loader *l, orr_yaml *of_body, orr_yaml *of_orbit, bool *has,
                             double *epoch)
{
    if (of_body && of_orbit)
        return orr_yaml_fail_key(&l->doc, of_orbit, ORR_E_FORMAT,
                                 "give the epoch in the orbit or beside it, not both");
    orr_yaml *node = of_orbit ? of_orbit : of_body;
    *has = node != NULL;
    return node ? orr_read_held_time(l, node, epoch) : ORR_OK;
}

static orr_status read_orbit(loader *l, spec *specs, size_t id, orr_yaml *orbit, int depth)
{
    ORR_TRY(orr_need_kind(l, orbit, ORR_MAP));
    orr_element_set set = {0};
    ORR_TRY(orr_read_elements(l, orbit, &set));
    orr_yaml *around_node = orr_yaml_get(orbit, "around"),
             *plane_node = orr_yaml_get(orbit, "plane");
    orr_yaml *epoch = orr_yaml_get(orbit, "epoch");
    if (!around_node)
        return orr_yaml_fail(&l->doc, orbit, ORR_E_FORMAT,
                             "'around' is missing: the name of the body that is orbited");
    orr_plane plane;
    orr_primary around;
    ORR_TRY(orr_read_plane(l, plane_node, &plane));
    ORR_TRY(
        read_epoch(l, orr_yaml_get(specs[id].node, "epoch"), epoch, &set.has_epoch, &set.epoch));
    ORR_TRY(primary(l, specs, around_node, depth, &around));
    return orr_hold_orbit(l, orbit, &set, around.gm + specs[id].body.gm, &plane, &around,
                          &specs[id].held);
}

/* Position and velocity, of the start or of the body's epoch. */
static orr_status read_state(loader *l, spec *specs, size_t id, int depth)
{
    orr_yaml *node = specs[id].node, *to = orr_yaml_get(node, "relative_to");
    orr_yaml *position = orr_yaml_get(node, "position"), *velocity = orr_yaml_get(node, "velocity");
    orr_yaml *epoch = orr_yaml_get(node, "epoch");
    orr_held *held = &specs[id].held;
    *held = (orr_held){.t = l->s->t_start, .node = node};
    bool has_epoch;
    if (velocity && !position)
        return orr_yaml_fail_key(&l->doc, velocity, ORR_E_FORMAT, "a velocity without a position");
    if (position)
        ORR_TRY(orr_read_vector(l, position, ORR_LENGTH, held->state.pos));
    if (velocity)
        ORR_TRY(orr_read_vector(l, velocity, ORR_SPEED, held->state.vel));
    const double *x = held->state.pos;
    if (position && !velocity && (x[0] != 0 || x[1] != 0 || x[2] != 0) &&
        l->s->n_without_velocity++ == 0)
        l->s->first_without_velocity = id;
    if (to)
        ORR_TRY(primary(l, specs, to, depth, &held->around));
    held->mu = held->around.gm + specs[id].body.gm;
    return read_epoch(l, epoch, NULL, &has_epoch, &held->t);
}

static orr_status resolve(loader *l, spec *specs, size_t id, int depth)
{
    spec *b = &specs[id];
    if (b->progress == DONE)
        return ORR_OK;
    if (depth > DEEPEST_HIERARCHY)
        return orr_yaml_fail(&l->doc, b->node, ORR_E_FORMAT,
                             "bodies relative to bodies, more than %d levels deep",
                             DEEPEST_HIERARCHY);
    b->progress = UNDER_WAY;
    orr_yaml *orbit = orr_yaml_get(b->node, "orbit");
    if (orbit && (orr_yaml_get(b->node, "position") || orr_yaml_get(b->node, "velocity") ||
                  orr_yaml_get(b->node, "relative_to")))
        return orr_yaml_fail_key(&l->doc, orbit, ORR_E_FORMAT,
                                 "give an orbit or position and velocity, not both");
    ORR_TRY(orbit ? read_orbit(l, specs, id, orbit, depth) : read_state(l, specs, id, depth));
    const orr_held *held = &b->held;
    l->waits[id] = orr_must_wait(l, held);
    for (int k = 0; k < 3 && !l->waits[id]; k++) {
        l->states[id].pos[k] = held->around.state.pos[k] + held->state.pos[k];
        l->states[id].vel[k] = held->around.state.vel[k] + held->state.vel[k];
    }
    b->progress = DONE;
    return ORR_OK;
}

orr_status orr_append_body(loader *l, const orr_yaml *node, const char *name, orr_body body)
{
    orr_scenario *s = l->s;
    if (s->bodies.n >= l->most_bodies)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "more than %zu bodies", l->most_bodies);
    if (name) {
        orr_status status = orr_names_add(&s->names, &l->index, name);
        if (status == ORR_E_EXISTS)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                                 "there is a body '%s' already; give the group another 'name'",
                                 name);
        ORR_TRY(status);
    }
    body.id = s->bodies.n;
    orr_status status = orr_bodies_add(&s->bodies, body, NULL);
    if (status == ORR_E_ARGUMENT)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "the state of '%s' is not finite, or larger than 1e50 in these units",
                             orr_names_get(&s->names, body.id));
    return status;
}

orr_status orr_read_bodies(loader *l, orr_yaml *list)
{
    ORR_TRY(orr_need_kind(l, list, ORR_LIST));
    size_t n = list->n;
    spec *specs = orr_arena_alloc(l->doc.memory, (n + 1) * sizeof *specs);
    l->states = orr_arena_alloc(l->doc.memory, (n + 1) * sizeof *l->states);
    l->gms = orr_arena_alloc(l->doc.memory, (n + 1) * sizeof *l->gms);
    l->nodes = orr_arena_alloc(l->doc.memory, (n + 1) * sizeof *l->nodes);
    l->waits = orr_arena_alloc(l->doc.memory, (n + 1) * sizeof *l->waits);
    if (!specs || !l->states || !l->gms || !l->nodes || !l->waits)
        return ORR_E_NO_MEMORY;
    l->n_explicit = n;
    orr_yaml *node = list->first;
    for (size_t id = 0; id < n; id++, node = node->next) {
        ORR_TRY(read_spec(l, node, id, &specs[id]));
        l->gms[id] = specs[id].body.gm;
        l->nodes[id] = node;
    }
    for (size_t id = 0; id < n; id++)
        ORR_TRY(resolve(l, specs, id, 0));
    for (size_t id = 0; id < n; id++) {
        ORR_TRY(orr_append_held(l, specs[id].node, NULL, specs[id].body, &specs[id].held));
    }
    return ORR_OK;
}

const orr_yaml *orr_node_of_body(const loader *l, uint64_t id)
{
    const orr_yaml *node = id < l->n_explicit ? l->nodes[id] : NULL;
    for (size_t k = 0; k < l->n_groups && l->group_starts[k] <= id; k++)
        node = l->group_nodes[k];
    return node;
}
