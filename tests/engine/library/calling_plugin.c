/* calling_plugin.c - a force that does nothing but call the library that loads it. */
#include <orrery/force.h>

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    (void)state;
    (void)r;
    return orr_bodies_role(b, 0) == ORR_ACTIVE && orr_arena_alloc(scratch, 64) ? ORR_OK
                                                                               : ORR_E_NO_MEMORY;
}

static const orr_field fields[] = {{0}};

ORR_API extern const int orrery_force_version;
ORR_API const int orrery_force_version = ORR_FORCE_VERSION;
ORR_API extern const orr_force orrery_force;
ORR_API const orr_force orrery_force = {
    .name = "calling", .summary = "Calls the library.", .fields = fields, .add = add};
