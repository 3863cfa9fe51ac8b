/* group_orbit.c - `orbit:` of a group: two galaxies that meet.  The centres of mass of both are taken
 * as points, which is exact while they are far apart. */
#include <string.h>

#include "internal.h"

static const orr_whole *find_group(const loader *l, const char *name)
{
    for (size_t k = 0; k + 1 < l->n_groups; k++) /* the last one is being read */
        if (l->wholes[k].name && strcmp(l->wholes[k].name, name) == 0)
            return &l->wholes[k];
    return NULL;
}

/* What it moves around: a group before it, or bodies. */
static orr_status read_around(loader *l, orr_yaml *node, orr_whole *out)
{
    const orr_whole *group = node->kind == ORR_SCALAR ? find_group(l, node->text) : NULL;
    if (group) {
        *out = *group;
        return ORR_OK;
    }
    orr_primary bodies;
    orr_status status = orr_read_primary(l, node, &bodies);
    if (status == ORR_E_FORMAT && node->kind == ORR_SCALAR)
        return orr_yaml_fail(
            &l->doc, node, ORR_E_FORMAT,
            "there is no generated group before this one, and no body, called '%.60s'", node->text);
    ORR_TRY(status);
    if (bodies.waits)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "a group cannot move around a body that holds at another date");
    *out = (orr_whole){.gm = bodies.gm, .centre = bodies.state};
    return ORR_OK;
}

orr_status orr_read_group_orbit(loader *l, orr_yaml *orbit, double gm, orr_primary *centre)
{
    orr_element_set set = {0};
    orr_whole around = {0};
    orr_plane plane;
    orr_state relative;
    char message[300];
    ORR_TRY(orr_need_kind(l, orbit, ORR_MAP));
    if (!(gm > 0))
        return orr_yaml_fail_key(&l->doc, orbit, ORR_E_FORMAT,
                                 "a group on an orbit needs a 'mass', that of the whole group");
    if (centre->n)
        return orr_yaml_fail_key(&l->doc, orbit, ORR_E_FORMAT,
                                 "a group is 'around' a body or on an 'orbit', not both");
    ORR_TRY(orr_read_elements(l, orbit, &set));
    orr_yaml *node = orr_yaml_get(orbit, "around"), *epoch = orr_yaml_get(orbit, "epoch");
    if (!node)
        return orr_yaml_fail(&l->doc, orbit, ORR_E_FORMAT,
                             "'around' is missing: the name of the group or body that is orbited");
    if (epoch)
        return orr_yaml_fail_key(&l->doc, epoch, ORR_E_FORMAT,
                                 "the orbit of a group holds at the start; T says when it is at "
                                 "pericentre");
    ORR_TRY(read_around(l, node, &around));
    ORR_TRY(orr_read_plane(l, orr_yaml_get(orbit, "plane"), &plane));
    orr_status status = orr_elements_to_state(&set, l->s->t_start, l->s->t_start, around.gm + gm,
                                              &plane, &relative, message, sizeof message);
    if (status == ORR_E_NO_MEMORY)
        return status;
    if (status != ORR_OK)
        return orr_yaml_fail(&l->doc, orbit, ORR_E_FORMAT, "%s", message);
    for (int k = 0; k < 3; k++) {
        centre->state.pos[k] += around.centre.pos[k] + relative.pos[k];
        centre->state.vel[k] += around.centre.vel[k] + relative.vel[k];
    }
    return ORR_OK;
}
