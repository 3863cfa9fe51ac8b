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

static const struct {
    const char *old, *name;
} renamed[] = {
#define ORR_FORCE(name)
#define ORR_OLD_FORCE(old, name) {#old, #name},
#include "forces.def"
#undef ORR_OLD_FORCE
#undef ORR_FORCE
};

const orr_force *orr_force_find(const char *name)
{
    for (size_t k = 0; k < sizeof renamed / sizeof *renamed; k++)
        if (strcmp(renamed[k].old, name) == 0)
            name = renamed[k].name;
    for (size_t i = 0; all[i]; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}
