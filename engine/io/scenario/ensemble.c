/* ensemble.c - `ensemble:`, what differs between the members.
 *
 *     ensemble:
 *       members: 100          # with random values; each grid point that often
 *       seed: 7
 *       vary:
 *         bodies.Earth.mass: [1 Mearth, 2 Mearth]                    # list
 *         bodies.Mars.orbit.a: { from: 1.4 au, to: 1.6 au, count: 5 }  # grid
 *         bodies.Mars.orbit.M: { from: 0 deg, to: 360 deg }            # random, uniform
 *         bodies.Venus.orbit.e: { mean: 0.01, sigma: 0.002 }           # random, normal
 *
 * Lists and grids are combined, the last one running fastest; `members` copies of each combination
 * draw their random values one after the other from one generator. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/math/reproducible.h"
#include "generators/random.h"
#include "internal.h"

enum { MOST_PARAMETERS = 32, MOST_MEMBERS = 1000000 };

typedef enum variation_kind { LIST, GRID, UNIFORM, NORMAL } variation_kind;

typedef struct variation {
    variation_kind kind;
    const orr_yaml *node;
    size_t count;       /* LIST, GRID */
    double first, last; /* or mean and sigma */
    const char *unit;   /* of both, behind the number */
} variation;

/* "1.5 au" into 1.5 and "au". */
static orr_status split(loader *l, const orr_yaml *node, double *number, const char **unit)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    char *end;
    *number = strtod(node->text, &end);
    while (*end == ' ')
        end++;
    bool days =
        end > node->text && (strncasecmp(end, "JD", 2) == 0 || strncasecmp(end, "MJD", 3) == 0);
    if (orr_date_is_meant(node->text) && !days)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a range of dates counts days: 2451545.0 JD TDB (and a sigma, 3 JD "
                             "TDB); single dates go into a list");
    if (end == node->text || !isfinite(*number))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "this must be a number, with or without "
                             "a unit, such as 1.5 au");
    *unit = end;
    return ORR_OK;
}

static orr_status read_pair(loader *l, orr_yaml *map, const char *a, const char *b, variation *v)
{
    orr_yaml *low = orr_yaml_get(map, a), *high = orr_yaml_get(map, b);
    const char *unit = "";
    if (!low || !high)
        return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT, "'%s' goes with '%s'", low ? a : b,
                             low ? b : a);
    ORR_TRY(split(l, low, &v->first, &v->unit));
    ORR_TRY(split(l, high, &v->last, &unit));
    if (v->first == 0 && !*v->unit) /* 0 is 0 in any unit */
        v->unit = unit;
    if (strcmp(unit, v->unit) != 0 && !(v->last == 0 && !*unit))
        return orr_yaml_fail(&l->doc, high, ORR_E_FORMAT, "write '%s' and '%s' in the same unit", a,
                             b);
    return ORR_OK;
}

static orr_status read_variation(loader *l, orr_yaml *node, variation *v)
{
    *v = (variation){.node = node};
    if (node->kind == ORR_LIST) {
        v->kind = LIST;
        v->count = node->n;
        if (node->n == 0)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "the list of values is empty");
        for (const orr_yaml *item = node->first; item; item = item->next)
            ORR_TRY(orr_need_kind(l, item, ORR_SCALAR));
        return ORR_OK;
    }
    ORR_TRY(orr_need_kind(l, node, ORR_MAP));
    orr_yaml *count = orr_yaml_get(node, "count");
    if (orr_yaml_get(node, "mean") || orr_yaml_get(node, "sigma")) {
        v->kind = NORMAL;
        ORR_TRY(read_pair(l, node, "mean", "sigma", v));
    } else {
        v->kind = count ? GRID : UNIFORM;
        ORR_TRY(read_pair(l, node, "from", "to", v));
    }
    if (count) {
        ORR_TRY(orr_read_count(l, count, MOST_MEMBERS, &v->count));
        if (v->count < 1 || v->kind != GRID)
            return orr_yaml_fail(&l->doc, count, ORR_E_FORMAT,
                                 "'count' is at least 1, and goes with 'from' and 'to'");
    }
    return ORR_OK;
}

/* A standard normal number (Box & Muller 1958, doi 10.1214/aoms/1177706645). */
static double normal(orr_random *r)
{
    double s, c, radius = sqrt(-2 * orr_log(orr_random_uniform(r)));
    orr_sincos(2 * ORR_PI * orr_random_uniform(r), &s, &c);
    return radius * c;
}

static double value_of(const variation *v, size_t place, orr_random *r)
{
    switch (v->kind) {
    case GRID:
        return v->count > 1 && place == v->count - 1
                   ? v->last
                   : v->first +
                         (v->last - v->first) * (double)place / fmax(1, (double)v->count - 1);
    case UNIFORM:
        return orr_random_between(r, v->first, v->last);
    default:
        return v->first + v->last * normal(r);
    }
}

static orr_status fill(loader *l, orr_ensemble *e, const variation *all, size_t copies,
                       uint64_t seed)
{
    orr_random random = orr_random_seeded(seed);
    size_t n = e->members * e->parameters;
    e->values = orr_arena_alloc(l->s->memory, n * sizeof *e->values + 1);
    e->numbers = orr_arena_alloc(l->s->memory, n * sizeof *e->numbers + 1);
    if (!e->values || !e->numbers)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < e->members; k++) {
        size_t rest = k / copies; /* which point of the grid: the last parameter runs fastest */
        for (size_t j = e->parameters; j-- > 0;) {
            const variation *v = &all[j];
            size_t place = v->count ? rest % v->count : 0;
            rest = v->count ? rest / v->count : rest;
            char text[200], digits[32];
            const orr_yaml *item = v->kind == LIST ? v->node->first : NULL;
            for (size_t i = 0; item && i < place; i++)
                item = item->next;
            double number = item ? strtod(item->text, NULL) : value_of(v, place, &random);
            snprintf(text, sizeof text, "%s %.100s", orr_shortest(number, digits),
                     item ? "" : v->unit);
            const char *from = item ? item->text : text;
            char *copy = orr_arena_alloc(l->s->memory, strlen(from) + 1);
            if (!copy)
                return ORR_E_NO_MEMORY;
            strcpy(copy, from);
            e->values[k * e->parameters + j] = copy;
            e->numbers[k * e->parameters + j] = number;
        }
    }
    return ORR_OK;
}

orr_status orr_read_ensemble(loader *l, orr_yaml *map)
{
    ORR_TRY(orr_need_kind(l, map, ORR_MAP));
    orr_yaml *members = orr_yaml_get(map, "members"), *seed = orr_yaml_get(map, "seed");
    orr_yaml *vary = orr_yaml_get(map, "vary");
    if (!vary)
        return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT,
                             "'vary' is missing: what differs between the members?");
    ORR_TRY(orr_need_kind(l, vary, ORR_MAP));
    if (vary->n == 0 || vary->n > MOST_PARAMETERS)
        return orr_yaml_fail(&l->doc, vary, ORR_E_FORMAT, "vary 1 to %d values, not %zu",
                             MOST_PARAMETERS, vary->n);
    size_t copies = 1, number = 0, points = 1;
    variation all[MOST_PARAMETERS];
    bool random = false;
    orr_ensemble *e = &l->s->ensemble;
    e->paths = orr_arena_alloc(l->s->memory, vary->n * sizeof *e->paths);
    if (!e->paths)
        return ORR_E_NO_MEMORY;
    for (orr_yaml *node = vary->first; node; node = node->next) {
        variation *v = &all[e->parameters];
        e->paths[e->parameters++] = (char *)node->key; /* lives in the same arena */
        node->used = true;
        ORR_TRY(orr_yaml_check_path(&l->doc, node));
        ORR_TRY(read_variation(l, node, v));
        random |= v->kind == UNIFORM || v->kind == NORMAL;
        points *= v->count ? v->count : 1;
        if (points > MOST_MEMBERS)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                                 "that is more than a million members");
    }
    if (members)
        ORR_TRY(orr_read_count(l, members, MOST_MEMBERS, &copies));
    if (copies == 0)
        return orr_yaml_fail(&l->doc, members, ORR_E_FORMAT, "an ensemble has at least one member");
    if (random && !members)
        return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT,
                             "'members' is missing: how many random copies?");
    if (!random && members)
        return orr_yaml_fail(
            &l->doc, members, ORR_E_FORMAT,
            "nothing is random, so the lists and grids tell the number of members; "
            "leave out 'members'");
    if (seed)
        ORR_TRY(orr_read_count(l, seed, 9e15, &number));
    if (points * copies > MOST_MEMBERS)
        return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT, "that is more than a million members");
    e->members = points * copies;
    return fill(l, e, all, copies, number);
}

orr_status orr_scenario_member(const orr_scenario *s, size_t k, const orr_scenario_changes *changes,
                               orr_scenario *out, orr_diagnosis *why)
{
    orr_diagnosis unread;
    why = why ? why : &unread;
    const orr_ensemble *e = &s->ensemble;
    size_t given = changes ? changes->n_set : 0, n = given + e->parameters;
    orr_scenario_changes own = changes ? *changes : (orr_scenario_changes){0};
    char **sets = calloc(n + 1, sizeof *sets);
    orr_status status = sets ? ORR_OK : ORR_E_NO_MEMORY;
    for (size_t j = 0; j < e->parameters && status == ORR_OK; j++) {
        const char *value = e->values[k * e->parameters + j];
        size_t size = strlen(e->paths[j]) + strlen(value) + 2;
        sets[given + j] = malloc(size);
        if (!sets[given + j])
            status = ORR_E_NO_MEMORY;
        else
            snprintf(sets[given + j], size, "%s=%s", e->paths[j], value);
    }
    for (size_t j = 0; j < given && status == ORR_OK; j++)
        sets[j] = (char *)changes->set[j];
    own.set = (const char *const *)sets;
    own.n_set = n;
    own.n_varied = e->parameters;
    own.no_ensemble = true;
    if (status == ORR_OK)
        status = orr_scenario_parse(s->path, s->yaml, s->yaml_size, &own, out, why);
    for (size_t j = 0; sets && j < e->parameters; j++)
        free(sets[given + j]);
    free(sets);
    return status;
}
