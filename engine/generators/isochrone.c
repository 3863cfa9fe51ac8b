/* Henon's isochrone: phi = -GM/(b + sqrt(b^2 + r^2)), in equilibrium.  Henon 1959,
 * 1959AnAp...22..126H; Binney & Tremaine 2008, eq. 2.49 */
#include "spherical_make.h"

#include <math.h>

typedef struct isochrone {
    double radius, truncation;
} isochrone;

static double profile(const void *model, double r, double *slope)
{
    (void)model;
    /* with s = sqrt(1 + r^2): rho ~ (3 (1 + s) s^2 - r^2 (1 + 3 s)) / ((1 + s)^3 s^3)
     *                             = (1 + 2 s) / ((1 + s)^2 s^3) */
    double s = sqrt(1 + r * r), rate = r * r / s; /* d s/d ln r */
    *slope = rate * (2 / (1 + 2 * s) - 2 / (1 + s) - 3 / s);
    return (1 + 2 * s) / ((1 + s) * (1 + s) * s * s * s);
}

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    const isochrone *self = state;
    const orr_component whole = {profile, NULL, 1};
    return orr_make_spherical(&whole, 1e5, self->radius, self->truncation, context, gm, emit, user);
}

static const orr_field fields[] = {
    {.name = "radius",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(isochrone, radius),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "scale radius b; half the mass lies within 3.060 of it"},
    {.name = "truncation",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(isochrone, truncation),
     .max = 1e300,
     .role = ORR_OPTION,
     .doc = "no body beyond; the mass is that of those within, velocities are those of the whole "
            "model (0: none is left out)"},
    {0}};

const orr_generator orr_generator_isochrone = {
    .name = "isochrone",
    .summary = "Henon's isochrone, in equilibrium.",
    .reference = "1959AnAp...22..126H",
    .traits = ORR_SELF_BOUND,
    .fields = fields,
    .state_size = sizeof(isochrone),
    .make = make,
};
