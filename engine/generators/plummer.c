/* Plummer's sphere in equilibrium (or colder), by the method of
 * Aarseth, Henon & Wielen 1974, 1974A&A....37..183A. */
#include <orrery/generator.h>

#include <math.h>

#include "random.h"

typedef struct plummer {
    double radius, virial_ratio;
} plummer;

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    const plummer *self = state;
    orr_random r = orr_random_seeded(context->seed);
    double scale_v = sqrt(gm / self->radius) * sqrt(2 * self->virial_ratio);
    for (size_t k = 0; k < context->count; k++) {
        /* radius from the enclosed mass; the outermost 0.1 %, beyond 39 radii, are left out */
        double root = orr_cbrt(0.999 * orr_random_uniform(&r));
        double x = root / sqrt(1 - root * root);
        /* speed in units of the escape speed: g(q) = q^2 (1 - q^2)^(7/2) < 0.1 */
        double q, y;
        do {
            q = orr_random_uniform(&r);
            y = 0.1 * orr_random_uniform(&r);
            double u = 1 - q * q;
            y /= u * u * u * sqrt(u);
        } while (y > q * q);
        double v = q * sqrt(2 / sqrt(1 + x * x));
        double pos[3], vel[3];
        orr_random_direction(&r, pos);
        orr_random_direction(&r, vel);
        for (int c = 0; c < 3; c++) {
            pos[c] *= self->radius * x;
            vel[c] *= scale_v * v;
        }
        ORR_TRY(emit(user, pos, vel, 1));
    }
    return ORR_OK;
}

static const orr_field fields[] = {
    {.name = "radius",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(plummer, radius),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "scale radius; half the mass lies within 1.305 of it"},
    {.name = "virial_ratio",
     .offset = offsetof(plummer, virial_ratio),
     .fallback = 0.5,
     .max = 10,
     .role = ORR_OPTION,
     .doc = "kinetic over potential energy: 0.5 is equilibrium, 0 cold"},
    {0}};

const orr_generator orr_generator_plummer = {
    .name = "plummer",
    .summary = "Plummer's model of a star cluster, in equilibrium.",
    .reference = "1974A&A....37..183A",
    .traits = ORR_SELF_BOUND,
    .fields = fields,
    .state_size = sizeof(plummer),
    .make = make,
};
