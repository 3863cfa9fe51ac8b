/* Expands generators.def; never edited. */
#include <orrery/generator.h>

#include <string.h>

#define ORR_GENERATOR(name) extern const orr_generator orr_generator_##name;
#include "generators.def"
#undef ORR_GENERATOR

static const orr_generator *const all[] = {
#define ORR_GENERATOR(name) &orr_generator_##name,
#include "generators.def"
#undef ORR_GENERATOR
    NULL};

const orr_generator *orr_generator_at(size_t i)
{
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

const orr_generator *orr_generator_find(const char *name)
{
    for (size_t i = 0; all[i]; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}
