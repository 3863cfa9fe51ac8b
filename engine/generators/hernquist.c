/* Hernquist's model of an elliptical galaxy, a bulge or a halo: rho ~ 1/(r (r + a)^3), in
 * equilibrium.  Hernquist 1990, doi 10.1086/168845 */
#include "spherical_make.h"

#include <math.h>

typedef struct hernquist {
    double radius, truncation;
} hernquist;

static double profile(const void *model, double r, double *slope)
{
    (void)model;
    double w = 1 + r;
    *slope = -1 - 3 * r / w;
    return 1 / (r * w * w * w);
}

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    const hernquist *self = state;
    const orr_component whole = {profile, NULL, 1};
    return orr_make_spherical(&whole, 1e5, self->radius, self->truncation, context, gm, emit, user);
}

static const orr_field fields[] = {
    {.name = "radius",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(hernquist, radius),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "scale radius a; half the mass lies within 2.414 of it"},
    {.name = "truncation",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(hernquist, truncation),
     .max = 1e300,
     .role = ORR_OPTION,
     .doc = "no body beyond; the mass is that of those within, velocities are those of the whole "
            "model (0: none is left out)"},
    {0}};

const orr_generator orr_generator_hernquist = {
    .name = "hernquist",
    .summary = "Hernquist's model of a galaxy or halo, in equilibrium.",
    .reference = "10.1086/168845",
    .traits = ORR_SELF_BOUND,
    .fields = fields,
    .state_size = sizeof(hernquist),
    .make = make,
};
