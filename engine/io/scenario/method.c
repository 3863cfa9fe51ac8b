/* method.c - `integrator:`.
 *
 * `--set integrator.method=taylor` changes the method alone, and what the file says beside it is
 * meant for its own.  What the new method cannot take - a step, an option - is left out with a
 * note, unless it was given by hand, too: then it is an error. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <orrery/orbit_scales.h>

#include "internal.h"

static bool is_taken(const orr_integrator *type, const char *key)
{
    if (strcmp(key, "step") == 0)
        return !(type->traits & ORR_ADAPTIVE);
    const orr_field *f = orr_field_find(type->fields, key);
    return strcmp(key, "method") == 0 || (f && f->role & ORR_OPTION);
}

/* Was it an option of any method?  Others are unknown keys, and are to be reported. */
static bool is_option_of_some(const char *key)
{
    const orr_integrator *type;
    for (size_t i = 0; (type = orr_integrator_at(i)); i++) {
        const orr_field *f = orr_field_find(type->fields, key);
        if (f && f->role & ORR_OPTION)
            return true;
    }
    return strcmp(key, "step") == 0;
}

orr_status orr_adapt_to_method(loader *l)
{
    orr_yaml *map = orr_yaml_get(l->doc.root, "integrator"), *method = orr_yaml_get(map, "method");
    const orr_integrator *type =
        method && method->kind == ORR_SCALAR ? orr_integrator_find(method->text) : NULL;
    if (!type || !method->source->argument)
        return ORR_OK;
    for (orr_yaml **slot = &map->first; *slot;) {
        const orr_yaml *child = *slot;
        if (child->source->argument || is_taken(type, child->key) ||
            !is_option_of_some(child->key)) {
            slot = &(*slot)->next;
            continue;
        }
        ORR_TRY(orr_note(
            l, "'integrator.%.60s: %.40s' is left out: %s %s", child->key,
            child->kind == ORR_SCALAR ? child->text : "...", type->name,
            strcmp(child->key, "step") == 0 ? "chooses its own steps" : "has no such option"));
        *slot = child->next;
        map->n--;
    }
    return ORR_OK;
}

orr_status orr_read_integrator(loader *l, orr_yaml *map)
{
    orr_scenario *s = l->s;
    if (!map)
        return orr_yaml_fail(
            &l->doc, NULL, ORR_E_FORMAT,
            "'integrator:' is missing; write integrator: { method: leapfrog, step: "
            "1 day } (`orrery list integrators` names them)");
    ORR_TRY(orr_need_kind(l, map, ORR_MAP));
    orr_yaml *method = orr_yaml_get(map, "method"), *step = orr_yaml_get(map, "step");
    if (!method)
        return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT,
                             "'method' is missing (`orrery list integrators` names them)");
    const char *names[128];
    size_t n = 0, chosen;
    const orr_integrator *type;
    while ((type = orr_integrator_at(n)) && n < LENGTH_OF(names))
        names[n++] = type->name;
    ORR_TRY(orr_read_choice(l, method, "integrator", names, n, &chosen));
    s->integrator = orr_integrator_at(chosen);
    ORR_TRY(orr_read_options(l, map, s->integrator->fields, &s->integrator_options,
                             &s->n_integrator_options));
    if (s->integrator->traits & ORR_ADAPTIVE) {
        if (step)
            return orr_yaml_fail(&l->doc, step, ORR_E_FORMAT,
                                 "%s chooses its own steps; leave out 'step', or bound them with "
                                 "first_step, min_step, max_step (`orrery list %s`)",
                                 s->integrator->name, s->integrator->name);
        return ORR_OK;
    }
    if (!step) {
        l->needs_step = map;
        return ORR_OK;
    }
    return orr_read_positive(l, step, ORR_TIME, &s->step);
}

orr_status orr_check_step(loader *l)
{
    if (!l->needs_step)
        return ORR_OK;
    const char *unit = l->s->units.dimensionless ? "" : l->s->units.time_name;
    orr_yaml_fail(&l->doc, l->needs_step, ORR_E_FORMAT,
                  "'step' is missing: %s takes steps of a fixed length", l->s->integrator->name);
    orr_orbit_scales orbits = orr_orbit_scales_of(&l->s->bodies);
    double enough = orr_leapfrog_step(&orbits);
    if (enough > 0)
        snprintf(l->doc.why->hint, sizeof l->doc.why->hint,
                 "of these orbits leapfrog would need --set integrator.step='%.3g%s%s'", enough,
                 *unit ? " " : "", unit);
    return ORR_E_FORMAT;
}
