/* overlaps.c - no two bodies that feel each other may touch at the start. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "internal.h"

/* At the second of the pair, as it stands in the files; the first one's place is told. */
static orr_status overlap(loader *l, const orr_body *first, const orr_body *second, double apart)
{
    const orr_yaml *at = orr_node_of_body(l, second->id), *other = orr_node_of_body(l, first->id);
    char unit[64], place[300] = "", how_far[120] = "at the same place";
    orr_units_name(&l->s->units, ORR_LENGTH, unit, sizeof unit);
    if (apart > 0)
        snprintf(how_far, sizeof how_far, "%.6g%s%s apart, radii sum to %.6g", apart,
                 *unit ? " " : "", unit, first->radius + second->radius);
    if (at && other && at != other && !other->source->argument) {
        bool here = at->source == other->source;
        snprintf(place, sizeof place, " ('%s' is on line %d%s%.200s)",
                 orr_names_get(&l->s->names, first->id), other->line, here ? "" : " of ",
                 here ? "" : other->source->file);
    }
    return orr_yaml_fail(
        &l->doc, at, ORR_E_FORMAT, "'%s' and '%s'%s overlap at the start: %s; move one of them%s",
        orr_names_get(&l->s->names, second->id), orr_names_get(&l->s->names, first->id), place,
        how_far, apart > 0 ? " or make their radii smaller" : "");
}

/* Gravity that is softened is finite where two points coincide. */
static bool is_softened(const orr_scenario *s)
{
    const orr_force_choice *gravity = &s->forces[0];
    for (size_t k = 0; k < gravity->n_options; k++)
        if (strcmp(gravity->options[k].name, "softening") == 0)
            return gravity->options[k].number > 0;
    return false;
}

/* Bodies in the order of x.  A scenario in which everything has the same x is checked as far as a
 * bounded effort goes. */
static orr_status sweep(loader *l, const orr_keyed *order, double largest)
{
    const orr_bodies *b = &l->s->bodies;
    const bool softened = is_softened(l->s);
    size_t effort = 0;
    orr_status status = ORR_OK;
    for (size_t m = 0; m < b->n && status == ORR_OK; m++)
        for (size_t k = m + 1; k < b->n && effort < 50000000; k++, effort++) {
            size_t i = order[m].value, j = order[k].value;
            double x = orr_double_of_key(order[m].key);
            if (orr_double_of_key(order[k].key) - x > 2 * largest)
                break;
            if (b->gm[i] == 0 && b->gm[j] == 0)
                continue;
            if (softened && b->radius[i] == 0 && b->radius[j] == 0)
                continue;
            orr_body p = orr_bodies_get(b, i), q = orr_bodies_get(b, j);
            /* those that touch, as at the end of a run that stopped there, do not overlap */
            double d2 = 0, touch = (1 - 1e-9) * (p.radius + q.radius);
            for (int c = 0; c < 3; c++)
                d2 += (p.pos[c] - q.pos[c]) * (p.pos[c] - q.pos[c]);
            if (d2 > touch * touch)
                continue;
            status = p.id < q.id ? overlap(l, &p, &q, sqrt(d2)) : overlap(l, &q, &p, sqrt(d2));
            break;
        }
    return status;
}

orr_status orr_check_overlaps(loader *l)
{
    const orr_bodies *b = &l->s->bodies;
    double largest = 0;
    for (size_t i = 0; i < b->n; i++)
        largest = fmax(largest, b->radius[i]);
    if (largest == 0 && is_softened(l->s))
        return ORR_OK;
    orr_keyed *order = malloc((b->n + 1) * sizeof *order);
    orr_keyed *room = malloc((b->n + 1) * sizeof *room);
    if (!order || !room) {
        free(order), free(room);
        return ORR_E_NO_MEMORY;
    }
    for (size_t i = 0; i < b->n; i++)
        order[i] = (orr_keyed){orr_key_of_double(b->pos[i]), i};
    orr_sort_keyed(order, room, b->n);
    free(room);
    orr_status status = sweep(l, order, largest);
    free(order);
    return status;
}
