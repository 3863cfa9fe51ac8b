/* Expands forces.def; never edited. */
#include <orrery/force.h>

#include <string.h>

#define ORR_FORCE(name) extern const orr_force orr_force_##name;
#include "forces.def"
#undef ORR_FORCE

static const orr_force *const all[] = {
#define ORR_FORCE(name) &orr_force_##name,
#include "forces.def"
#undef ORR_FORCE
    NULL};

const orr_force *orr_force_at(size_t i)
{
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

const orr_force *orr_force_find(const char *name)
{
    for (size_t i = 0; all[i]; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}
