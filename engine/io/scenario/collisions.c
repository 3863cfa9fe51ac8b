/* collisions.c - `collisions:`, and the options of methods that said the same before it.
 *
 *     collisions: merge
 *     collisions: { do: bounce, restitution: 0.5, within: [3 hill, 0.1 au], remove_beyond: 100 au }
 *
 * In 0.1 the methods trace and wh had options of their own for some of it, and output files hold
 * scenarios with them; moved_options says where each stands now. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "internal.h"

static const double most_hill_radii = 1000;

/* ---- what it says ---- */

/* "3 hill": false, if the text is no such thing; *number is then what it is not. */
static bool is_hill(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    return end != text && strcmp(end + strspn(end, " "), "hill") == 0;
}

static orr_status read_within(loader *l, const orr_yaml *node, orr_within *out)
{
    *out = (orr_within){0};
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    if (is_hill(node->text, &out->hill)) {
        if (out->hill > 0 && out->hill <= most_hill_radii)
            return ORR_OK;
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "'within' must be more than 0 and at most %g Hill radii",
                             most_hill_radii);
    }
    out->hill = 0;
    orr_status status = orr_read_positive(l, node, ORR_LENGTH, &out->distance);
    if (status == ORR_E_FORMAT && !*l->doc.why->hint)
        snprintf(l->doc.why->hint, sizeof l->doc.why->hint,
                 "a distance, such as 0.1 au, or a number of Hill radii: 3 hill");
    return status;
}

/* One value or a list. */
static orr_status read_all_within(loader *l, orr_yaml *node, orr_collisions *c)
{
    bool list = node->kind == ORR_LIST;
    size_t n = list ? node->n : 1;
    orr_within *within = orr_arena_alloc(l->doc.memory, (n + 1) * sizeof *within);
    if (!within)
        return ORR_E_NO_MEMORY;
    if (node->kind == ORR_MAP)
        return orr_need_kind(l, node, ORR_LIST);
    const orr_yaml *item = list ? node->first : node;
    for (size_t k = 0; k < n; k++, item = item->next)
        ORR_TRY(read_within(l, item, &within[k]));
    c->within = within;
    c->n_within = n;
    return ORR_OK;
}

static orr_status read_at_least_zero(loader *l, const orr_yaml *node, orr_dimension dim,
                                     double most, double *out)
{
    ORR_TRY(orr_read_quantity(l, node, dim, out));
    if (*out >= 0 && *out <= most)
        return ORR_OK;
    return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'%s' must lie between 0 (never) and %g",
                         node->key, most);
}

static orr_status read_hill_radii(loader *l, const orr_yaml *node, double *out)
{
    if (node->kind != ORR_SCALAR || !is_hill(node->text, out))
        return read_at_least_zero(l, node, ORR_DIMENSIONLESS, most_hill_radii, out);
    if (*out >= 0 && *out <= most_hill_radii)
        return ORR_OK;
    return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                         "'%s' must lie between 0 (never) and %g Hill radii", node->key,
                         most_hill_radii);
}

/* A number, or the name of a law. */
static orr_status read_coefficient(loader *l, const orr_yaml *node, orr_collisions *c)
{
    if (node->kind == ORR_SCALAR && strcmp(node->text, "bridges") == 0) {
        const orr_units *u = &l->s->units;
        if (u->dimensionless)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                                 "'bridges' is a law of speeds in cm/s, and this problem has no "
                                 "units: give a number");
        c->restitution = 1;
        c->restitution_speed = ORR_BRIDGES_SPEED / u->length * u->time;
        return ORR_OK;
    }
    ORR_TRY(orr_read_quantity(l, node, ORR_DIMENSIONLESS, &c->restitution));
    if (!(c->restitution >= 0 && c->restitution <= 1))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "'restitution' must lie between 0 (nothing of the normal velocity is "
                             "left) and 1 (all of it), or be bridges");
    return ORR_OK;
}

/* Bounce alone has one; that of the file is left out where the command line says something else. */
static orr_status read_restitution(loader *l, const orr_yaml *rule, const orr_yaml *node,
                                   orr_collisions *c)
{
    ORR_TRY(read_coefficient(l, node, c));
    if (c->rule == ORR_CONTACT_BOUNCE)
        return ORR_OK;
    if (rule && rule->source != node->source)
        return orr_note(l, "'collisions.restitution: %.40s' is left out: it goes with do: bounce",
                        node->text);
    return orr_yaml_fail_key(&l->doc, node, ORR_E_FORMAT,
                             "'restitution' has no effect here: it goes with do: bounce");
}

static bool has_radii(const orr_scenario *s)
{
    for (size_t i = 0; i < s->bodies.n; i++)
        if (s->bodies.radius[i] > 0)
            return true;
    return false;
}

orr_status orr_read_collisions(loader *l, orr_yaml *map)
{
    orr_collisions *c = &l->s->collisions;
    *c = orr_collisions_default();
    if (!map)
        return ORR_OK;
    ORR_TRY(orr_need_kind(l, map, ORR_MAP));
    orr_yaml *rule = orr_yaml_get(map, "do"), *restitution = orr_yaml_get(map, "restitution"),
             *within = orr_yaml_get(map, "within"), *beyond = orr_yaml_get(map, "remove_beyond"),
             *hill = orr_yaml_get(map, "remove_within_hill"),
             *resolve = orr_yaml_get(map, "resolve"), *record = orr_yaml_get(map, "record");
    size_t chosen = ORR_CONTACT_IGNORE;
    if (rule)
        ORR_TRY(orr_read_word(l, ORR_IN_COLLISIONS, rule, &chosen));
    c->rule = (orr_contact_rule)chosen;
    if (restitution)
        ORR_TRY(read_restitution(l, rule, restitution, c));
    if (within)
        ORR_TRY(read_all_within(l, within, c));
    if (beyond)
        ORR_TRY(read_at_least_zero(l, beyond, ORR_LENGTH, ORR_LARGEST, &c->remove_beyond));
    if (hill)
        ORR_TRY(read_hill_radii(l, hill, &c->remove_within_hill));
    size_t how = ORR_RESOLVE_AUTO;
    bool recorded = true;
    if (resolve)
        ORR_TRY(orr_read_word(l, ORR_IN_COLLISIONS, resolve, &how));
    c->resolve = (orr_resolve)how;
    if (record)
        ORR_TRY(orr_read_bool(l, record, &recorded));
    c->unrecorded = !recorded;
    if (c->rule != ORR_CONTACT_IGNORE && !has_radii(l->s))
        return orr_note(l, "'collisions: %s' has no effect: no body has a radius", rule->text);
    return ORR_OK;
}

/* ---- a word in place of the map ---- */

orr_status orr_spread_collisions(loader *l)
{
    orr_yaml *node = orr_yaml_get(l->doc.root, "collisions");
    if (!node || node->kind != ORR_SCALAR)
        return ORR_OK;
    orr_yaml *word = orr_arena_alloc(l->doc.memory, sizeof *word);
    if (!word)
        return ORR_E_NO_MEMORY;
    *word = *node;
    word->key = "do";
    word->next = NULL;
    node->kind = ORR_MAP;
    node->first = word;
    node->n = 1;
    return ORR_OK;
}

/* ---- where the options of trace and wh stand now ---- */

typedef struct moved_option {
    const char *old, *now;
    const char *nothing; /* the value that does nothing */
    bool keeps_value;
    const char *behind; /* its value, or instead of it */
} moved_option;

static const moved_option moved_options[] = {
    {"collisions", "do", "ignore", true, ""},
    {"restitution", "restitution", "1", true, ""},
    {"record_within_hill", "within", "0", true, " hill"},
    {"remove_beyond", "remove_beyond", "0", true, ""},
    {"remove_within_hill", "remove_within_hill", "0", true, ""},
    {"remove_hits", "do", "false", false, "remove"},
};

/* Does the old option say what does nothing?  "0 au" is 0, "no" is false. */
static bool is_nothing(const orr_yaml *node, const moved_option *m)
{
    char *end;
    double number = strtod(node->text, &end), none = strtod(m->nothing, NULL);
    if (*m->nothing == '0' || *m->nothing == '1')
        return end != node->text && number == none;
    if (strcmp(m->nothing, "false") != 0)
        return strcmp(node->text, m->nothing) == 0;
    static const char *const off[] = {"false", "no", "off", "False", "FALSE"};
    for (size_t k = 0; k < LENGTH_OF(off); k++)
        if (strcmp(node->text, off[k]) == 0)
            return true;
    return false;
}

static bool says(const orr_yaml *node, const char *value)
{
    if (node->kind == ORR_SCALAR)
        return strcmp(node->text, value) == 0;
    for (const orr_yaml *item = node->first; item; item = item->next)
        if (item->kind == ORR_SCALAR && strcmp(item->text, value) == 0)
            return true;
    return false;
}

/* The map `collisions:`, made if there is none. */
static orr_yaml *collisions_map(loader *l, const orr_yaml *like)
{
    orr_yaml **slot = &l->doc.root->first;
    while (*slot && strcmp((*slot)->key, "collisions") != 0)
        slot = &(*slot)->next;
    if (*slot)
        return *slot;
    orr_yaml *map = *slot = orr_arena_alloc(l->doc.memory, sizeof *map);
    if (!map)
        return NULL;
    *map = (orr_yaml){.kind = ORR_MAP,
                      .key = "collisions",
                      .line = like->line,
                      .column = like->column,
                      .key_line = like->key_line,
                      .key_column = like->key_column,
                      .source = like->source};
    l->doc.root->n++;
    return map;
}

/* The value that the old option gives the new key, or where both are there, why not: *text NULL. */
static orr_status value_of(loader *l, const orr_yaml *old, const moved_option *m, char **text)
{
    const orr_yaml *map = orr_yaml_find(l->doc.root, "collisions");
    bool is_map = map && map->kind == ORR_MAP;
    const orr_yaml *now = is_map ? orr_yaml_find(map, m->now) : NULL,
                   *rule = is_map ? orr_yaml_find(map, "do") : NULL;
    size_t size = strlen(old->text) + strlen(m->behind) + 1;
    *text = orr_arena_alloc(l->doc.memory, size);
    if (!*text)
        return ORR_E_NO_MEMORY;
    snprintf(*text, size, "%s%s", m->keeps_value ? old->text : "", m->behind);
    bool idle = strcmp(m->now, "restitution") == 0 && !(rule && says(rule, "bounce"));
    bool nothing = is_nothing(old, m);
    bool wins =
        now && !nothing && !says(now, *text) && (old->source->argument || !now->source->argument);
    if (wins)
        return orr_yaml_fail_key(&l->doc, old, ORR_E_FORMAT,
                                 "'integrator.%s: %.40s' and 'collisions.%s' say different things; "
                                 "the first has moved to the second: leave it out",
                                 m->old, old->text, m->now);
    if (now || idle || nothing)
        *text = NULL;
    return ORR_OK;
}

/* Put an old option, which is no part of its map any more, where it stands now. */
static orr_status move(loader *l, orr_yaml *old, const moved_option *m)
{
    char *text;
    if (old->kind != ORR_SCALAR)
        return orr_yaml_fail_key(&l->doc, old, ORR_E_FORMAT,
                                 "'%s' of the integrator is a key of the top level now: "
                                 "collisions: { %s: ... }",
                                 m->old, m->now);
    ORR_TRY(value_of(l, old, m, &text));
    if (!text)
        return ORR_OK;
    orr_yaml *map = collisions_map(l, old);
    if (!map)
        return ORR_E_NO_MEMORY;
    old->text = text;
    old->key = m->now;
    old->next = map->first;
    map->first = old;
    map->n++;
    return orr_note(l, "'integrator.%s' stands at the top level now: collisions: { %s: %s }",
                    m->old, m->now, text);
}

orr_status orr_move_collisions(loader *l)
{
    orr_yaml *map = orr_yaml_find(l->doc.root, "integrator");
    if (!map || map->kind != ORR_MAP)
        return ORR_OK;
    for (size_t k = 0; k < LENGTH_OF(moved_options); k++)
        for (orr_yaml **slot = &map->first; *slot; slot = &(*slot)->next) {
            orr_yaml *old = *slot;
            if (strcmp(old->key, moved_options[k].old) != 0)
                continue;
            *slot = old->next;
            map->n--;
            ORR_TRY(move(l, old, &moved_options[k]));
            break;
        }
    return ORR_OK;
}
