/* Expands integrators.def; never edited. */
#include <orrery/integrator.h>

#include <string.h>

#define ORR_INTEGRATOR(name) extern const orr_integrator orr_integrator_##name;
#include "integrators.def"
#undef ORR_INTEGRATOR

static const orr_integrator *const all[] = {
#define ORR_INTEGRATOR(name) &orr_integrator_##name,
#include "integrators.def"
#undef ORR_INTEGRATOR
    NULL};

const orr_integrator *orr_integrator_at(size_t i)
{
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

const orr_integrator *orr_integrator_find(const char *name)
{
    for (size_t i = 0; all[i]; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}
