/* Dehnen's family of models, rho ~ r^-gamma (r + a)^(gamma - 4), in equilibrium: gamma 0 has a core,
 * 1 is Hernquist's model, 2 is Jaffe's.  Dehnen 1993, 1993MNRAS.265..250D; Tremaine et al. 1994, doi
 * 10.1086/116883 */
#include "spherical_make.h"

#include <math.h>

typedef struct dehnen {
    double radius, gamma, truncation;
} dehnen;

static double profile(const void *model, double r, double *slope)
{
    double gamma = ((const dehnen *)model)->gamma, w = 1 + r;
    *slope = -gamma - (4 - gamma) * r / w;
    return orr_exp(-gamma * orr_log(r) - (4 - gamma) * orr_log(w));
}

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    const dehnen *self = state;
    const orr_component whole = {profile, self, 1};
    return orr_make_spherical(&whole, 1e5, self->radius, self->truncation, context, gm, emit, user);
}

static const orr_field fields[] = {
    {.name = "radius",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(dehnen, radius),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "scale radius a; half the mass lies within a/(2^(1/(3 - gamma)) - 1)"},
    {.name = "gamma",
     .offset = offsetof(dehnen, gamma),
     .fallback = 1,
     .max = 2.5,
     .role = ORR_OPTION,
     .doc = "slope of the density towards the centre"},
    {.name = "truncation",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(dehnen, truncation),
     .max = 1e300,
     .role = ORR_OPTION,
     .doc = "no body beyond; the mass is that of those within, velocities are those of the whole "
            "model (0: none is left out)"},
    {0}};

const orr_generator orr_generator_dehnen = {
    .name = "dehnen",
    .summary = "Dehnen's models of galaxies with cusps and cores, in equilibrium.",
    .reference = "1993MNRAS.265..250D",
    .traits = ORR_SELF_BOUND,
    .fields = fields,
    .state_size = sizeof(dehnen),
    .make = make,
};
