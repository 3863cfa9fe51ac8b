/* A disk: surface density proportional to a^-slope, eccentricities and inclinations Rayleigh
 * distributed, as a dynamically excited planetesimal disk has them. */
#include <orrery/generator.h>

#include "emit_orbit.h"

typedef struct disk {
    double inner, outer, slope, e, i;
} disk;

/* Inverse of the cumulative number N(<a) ~ a^(2 - slope). */
static double semi_major_axis(const disk *self, double u)
{
    double k = 2 - self->slope, ratio = self->outer / self->inner;
    if (fabs(k) < 1e-12)
        return self->inner * orr_pow(ratio, u);
    return self->inner * orr_pow(1 + u * (orr_pow(ratio, k) - 1), 1 / k);
}

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    (void)gm;
    const disk *self = state;
    if (self->outer < self->inner)
        return ORR_E_ARGUMENT;
    orr_random r = orr_random_seeded(context->seed);
    for (size_t k = 0; k < context->count; k++) {
        double a = semi_major_axis(self, orr_random_uniform(&r)), e, i;
        do
            e = orr_random_rayleigh(&r, self->e);
        while (e >= 1);
        do
            i = orr_random_rayleigh(&r, self->i);
        while (i > ORR_PI);
        ORR_TRY(orr_emit_orbit(&r, a, e, i, context->mu, emit, user));
    }
    return ORR_OK;
}

static const orr_field fields[] = {{.name = "inner",
                                    .dim = {1, 0, 0, 0},
                                    .offset = offsetof(disk, inner),
                                    .min = 1e-300,
                                    .max = 1e300,
                                    .role = ORR_OPTION | ORR_REQUIRED,
                                    .doc = "smallest semi-major axis"},
                                   {.name = "outer",
                                    .dim = {1, 0, 0, 0},
                                    .offset = offsetof(disk, outer),
                                    .min = 1e-300,
                                    .max = 1e300,
                                    .role = ORR_OPTION | ORR_REQUIRED,
                                    .doc = "largest semi-major axis, at least inner"},
                                   {.name = "slope",
                                    .offset = offsetof(disk, slope),
                                    .fallback = 1,
                                    .min = -10,
                                    .max = 10,
                                    .role = ORR_OPTION,
                                    .doc = "surface density falls as a^-slope"},
                                   {.name = "e",
                                    .offset = offsetof(disk, e),
                                    .max = 0.5,
                                    .role = ORR_OPTION,
                                    .doc = "root mean square eccentricity"},
                                   {.name = "i",
                                    .dim = {0, 0, 0, 1},
                                    .offset = offsetof(disk, i),
                                    .max = 1,
                                    .role = ORR_OPTION,
                                    .doc = "root mean square inclination"},
                                   {0}};

const orr_generator orr_generator_disk = {
    .name = "disk",
    .summary = "A disk with a power-law surface density around a primary.",
    .reference = "Ida & Makino 1992, 1992Icar...96..107I (Rayleigh distributed e and i)",
    .traits = ORR_NEEDS_PRIMARY,
    .fields = fields,
    .state_size = sizeof(disk),
    .make = make,
};
