/* A sphere of uniform density with isotropic velocities; cold by default, so that it collapses.
 * van Albada 1982, 1982MNRAS.201..939V */
#include <orrery/generator.h>

#include <math.h>

#include "random.h"

typedef struct sphere {
    double radius, virial_ratio;
} sphere;

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    const sphere *self = state;
    orr_random r = orr_random_seeded(context->seed);
    /* T = virial_ratio |W|, W = -3/5 G M^2 / R; speeds uniform in a ball have <v^2> = 3/5 v_max^2
     */
    double v_max = sqrt(2 * self->virial_ratio * gm / self->radius);
    for (size_t k = 0; k < context->count; k++) {
        double pos[3], vel[3];
        double x = self->radius * orr_cbrt(orr_random_uniform(&r));
        double v = v_max * orr_cbrt(orr_random_uniform(&r));
        orr_random_direction(&r, pos);
        orr_random_direction(&r, vel);
        for (int c = 0; c < 3; c++) {
            pos[c] *= x;
            vel[c] *= v;
        }
        ORR_TRY(emit(user, pos, vel, 1));
    }
    return ORR_OK;
}

static const orr_field fields[] = {{.name = "radius",
                                    .dim = {1, 0, 0, 0},
                                    .offset = offsetof(sphere, radius),
                                    .min = 1e-300,
                                    .max = 1e300,
                                    .role = ORR_OPTION | ORR_REQUIRED,
                                    .doc = "radius of the sphere"},
                                   {.name = "virial_ratio",
                                    .offset = offsetof(sphere, virial_ratio),
                                    .max = 10,
                                    .role = ORR_OPTION,
                                    .doc = "kinetic over potential energy: 0 is cold"},
                                   {0}};

const orr_generator orr_generator_sphere = {
    .name = "sphere",
    .summary = "A sphere of uniform density, cold unless told otherwise.",
    .reference = "1982MNRAS.201..939V",
    .traits = ORR_SELF_BOUND,
    .fields = fields,
    .state_size = sizeof(sphere),
    .make = make,
};
