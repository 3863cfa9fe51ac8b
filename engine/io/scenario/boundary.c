/* boundary.c - `boundary:`, a box whose sides are joined.
 *
 *     boundary: { periodic: [1 pc, 1 pc, none] }
 *     boundary: { shearing_sheet: [100 m, 100 m, none], ghosts: [1, 1, 0] } */
#include <math.h>
#include <string.h>

#include "internal.h"

/* Three lengths, of which some may be `none`. */
static orr_status read_size(loader *l, const orr_yaml *node, double size[3])
{
    if (node->kind != ORR_LIST || node->n != 3)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "'%s' is a list of three lengths, or none where the box is open: "
                             "[10 au, 10 au, none]",
                             node->key);
    const orr_yaml *item = node->first;
    for (int c = 0; c < 3; c++, item = item->next) {
        bool open = item->kind == ORR_SCALAR && strcmp(item->text, "none") == 0;
        if (!open)
            ORR_TRY(orr_read_positive(l, item, ORR_LENGTH, &size[c]));
        if (size[c] > ORR_LARGEST)
            return orr_yaml_fail(&l->doc, item, ORR_E_FORMAT, "a box of this size cannot be");
    }
    return ORR_OK;
}

static orr_status read_ghosts(loader *l, const orr_yaml *node, int ghosts[3])
{
    bool list = node->kind == ORR_LIST;
    if (node->kind == ORR_MAP || (list && node->n != 3))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "'ghosts' is a whole number, or three: [1, 1, 0]");
    const orr_yaml *item = list ? node->first : node;
    for (int c = 0; c < 3; c++, item = list ? item->next : item) {
        double number;
        ORR_TRY(orr_read_quantity(l, item, ORR_DIMENSIONLESS, &number));
        if (!(number >= 0 && number <= ORR_MOST_GHOSTS && number == floor(number)))
            return orr_yaml_fail(&l->doc, item, ORR_E_FORMAT,
                                 "'ghosts' counts images on each side: a whole number from 0 to %d",
                                 (int)ORR_MOST_GHOSTS);
        ghosts[c] = (int)number;
    }
    return ORR_OK;
}

/* All bodies are inside, and smaller than the box. */
static orr_status check_bodies(loader *l)
{
    const orr_boundary *box = &l->s->boundary;
    const orr_bodies *b = &l->s->bodies;
    char unit[64];
    orr_units_name(&l->s->units, ORR_LENGTH, unit, sizeof unit);
    for (size_t i = 0; i < b->n; i++)
        for (size_t c = 0; c < 3; c++) {
            double half = box->size[c] / 2, x = b->pos[i + c * b->stride];
            const char *name = orr_names_get(&l->s->names, b->id[i]), axis = "xyz"[c];
            if (!(half > 0))
                continue;
            if (fabs(x) > half)
                return orr_yaml_fail(
                    &l->doc, orr_node_of_body(l, b->id[i]), ORR_E_FORMAT,
                    "'%s' is outside of the box at the start: %c is %.6g%s%s, and the box reaches "
                    "from %.6g to %.6g",
                    name, axis, x, *unit ? " " : "", unit, -half, half);
            if (b->radius[i] >= half)
                return orr_yaml_fail(&l->doc, orr_node_of_body(l, b->id[i]), ORR_E_FORMAT,
                                     "'%s' does not fit into the box: its radius %.6g%s%s is half "
                                     "of the box in %c, %.6g, or more",
                                     name, b->radius[i], *unit ? " " : "", unit, axis, half);
        }
    return ORR_OK;
}

orr_status orr_read_boundary(loader *l, orr_yaml *map)
{
    orr_boundary *b = &l->s->boundary;
    *b = (orr_boundary){0};
    if (!map)
        return ORR_OK;
    ORR_TRY(orr_need_kind(l, map, ORR_MAP));
    orr_yaml *periodic = orr_yaml_get(map, "periodic"),
             *sheet = orr_yaml_get(map, "shearing_sheet");
    orr_yaml *ghosts = orr_yaml_get(map, "ghosts");
    if (!periodic == !sheet)
        return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT,
                             "'boundary' is either periodic or a shearing_sheet: "
                             "{ periodic: [10 au, 10 au, none] }");
    b->kind = periodic ? ORR_PERIODIC : ORR_SHEARING_SHEET;
    ORR_TRY(read_size(l, periodic ? periodic : sheet, b->size));
    if (periodic && !(b->size[0] > 0 || b->size[1] > 0 || b->size[2] > 0))
        return orr_yaml_fail(&l->doc, periodic, ORR_E_FORMAT, "this box is open on all sides");
    if (sheet && !(b->size[0] > 0 && b->size[1] > 0))
        return orr_yaml_fail(&l->doc, sheet, ORR_E_FORMAT,
                             "a shearing sheet is closed in x and in y; z may be none");
    for (int c = 0; c < 3; c++)
        b->ghosts[c] = b->size[c] > 0;
    if (ghosts)
        ORR_TRY(read_ghosts(l, ghosts, b->ghosts));
    return check_bodies(l);
}
