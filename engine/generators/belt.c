/* A belt: a, e and i uniform in given ranges, all angles uniform. */
#include <orrery/generator.h>

#include "emit_orbit.h"

typedef struct belt {
    double a[2], e[2], i[2];
} belt;

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    (void)gm;
    const belt *self = state;
    orr_random r = orr_random_seeded(context->seed);
    for (size_t k = 0; k < context->count; k++) {
        double a = orr_random_between(&r, self->a[0], self->a[1]);
        double e = orr_random_between(&r, self->e[0], self->e[1]);
        double i = orr_random_between(&r, self->i[0], self->i[1]);
        ORR_TRY(orr_emit_orbit(&r, a, e, i, context->mu, emit, user));
    }
    return ORR_OK;
}

static const orr_field fields[] = {{.name = "a",
                                    .type = ORR_RANGE,
                                    .dim = {1, 0, 0, 0},
                                    .offset = offsetof(belt, a),
                                    .min = 1e-300,
                                    .max = 1e300,
                                    .role = ORR_OPTION | ORR_REQUIRED,
                                    .doc = "semi-major axes, [lowest, highest]"},
                                   {.name = "e",
                                    .type = ORR_RANGE,
                                    .offset = offsetof(belt, e),
                                    .max = 0.999999,
                                    .role = ORR_OPTION,
                                    .doc = "eccentricities, [lowest, highest]"},
                                   {.name = "i",
                                    .type = ORR_RANGE,
                                    .dim = {0, 0, 0, 1},
                                    .offset = offsetof(belt, i),
                                    .max = ORR_PI,
                                    .role = ORR_OPTION,
                                    .doc = "inclinations, [lowest, highest]"},
                                   {0}};

const orr_generator orr_generator_belt = {
    .name = "belt",
    .summary = "A belt of orbits with elements uniform in ranges around a primary.",
    .reference = "Murray & Dermott 1999, ch. 7",
    .traits = ORR_NEEDS_PRIMARY,
    .fields = fields,
    .state_size = sizeof(belt),
    .make = make,
};
