/* The halo of Navarro, Frenk & White 1996, doi 10.1086/177173, whose mass would be without bounds,
 * cut off smoothly as by McMillan & Dehnen 2007, doi 10.1111/j.1365-2966.2007.11753.x:
 *
 *     rho ~ sech(r / r_t) / (r (r + r_s)^2),   in equilibrium */
#include "spherical_make.h"

#include <math.h>

typedef struct nfw {
    double radius, truncation;
} nfw;

static double profile(const void *model, double r, double *slope)
{
    const nfw *self = model;
    double edge = self->truncation / self->radius, x = r / edge, w = 1 + r;
    double rising =
        orr_exp(-2 * x); /* tanh x = (1 - e^-2x)/(1 + e^-2x), sech x ~ e^-x / (1 + e^-2x) */
    *slope = -1 - 2 * r / w - x * (1 - rising) / (1 + rising);
    return orr_exp(-x) / (1 + rising) / (r * w * w);
}

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    const nfw *self = state;
    const orr_component whole = {profile, self, 1};
    double most = 40 * self->truncation / self->radius; /* e^-40 of it is beyond */
    return orr_make_spherical(&whole, most, self->radius, 0, context, gm, emit, user);
}

static const orr_field fields[] = {
    {.name = "radius",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(nfw, radius),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "scale radius r_s, where the slope of the density is -2"},
    {.name = "truncation",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(nfw, truncation),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "where the density begins to fall exponentially: about the virial radius"},
    {0}};

const orr_generator orr_generator_nfw = {
    .name = "nfw",
    .summary = "A halo of Navarro, Frenk and White with a soft edge, in equilibrium.",
    .reference = "10.1086/177173",
    .traits = ORR_SELF_BOUND,
    .fields = fields,
    .state_size = sizeof(nfw),
    .make = make,
};
