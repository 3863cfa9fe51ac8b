/* spherical_make.h - the generator of one spherical component by itself: draws `count` bodies and
 * gives them units. */
#ifndef ORRERY_GENERATORS_SPHERICAL_MAKE_H
#define ORRERY_GENERATORS_SPHERICAL_MAKE_H

#include <orrery/generator.h>

#include "spherical.h"

/* length: of one unit of r; speed: of one unit of velocity; r_cut in units of r. */
static inline orr_status orr_emit_spherical(const orr_spherical *s, size_t count, uint64_t seed,
                                            double length, double speed, double r_cut,
                                            orr_emit_fn *emit, void *user)
{
    orr_random random = orr_random_seeded(seed);
    for (size_t k = 0; k < count; k++) {
        double pos[3], vel[3];
        orr_spherical_draw(s, r_cut, &random, pos, vel);
        for (int c = 0; c < 3; c++) {
            pos[c] *= length;
            vel[c] *= speed;
        }
        ORR_TRY(emit(user, pos, vel, 1));
    }
    return ORR_OK;
}

/* A model of one component, of scale `length`, held by its own gravity: as far as 1e5 scales. */
static inline orr_status orr_make_spherical(const orr_component *c, double r_most, double length,
                                            double truncation, const orr_generator_context *context,
                                            double gm, orr_emit_fn *emit, void *user)
{
    orr_spherical s = {0};
    double cut = truncation > 0 ? truncation / length : INFINITY;
    orr_status status = orr_spherical_make(c, 1, 0, 1e-5, r_most, &s);
    /* the group's mass is that of what is drawn; what lies beyond would add none of its own */
    double within = status == ORR_OK ? orr_spherical_mass(&s, cut) : 1;
    if (status == ORR_OK)
        status = orr_emit_spherical(&s, context->count, context->seed, length,
                                    sqrt(gm / within / length), cut, emit, user);
    orr_spherical_free(&s);
    return status;
}

#endif
