/* A ring: bodies evenly spaced on one circular orbit. */
#include <orrery/elements.h>
#include <orrery/generator.h>

#include "core/math/reproducible.h"

typedef struct ring {
    double radius, i, Omega, arc[2];
} ring;

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    (void)gm;
    const ring *self = state;
    orr_elements el = {.q = self->radius, .i = self->i, .Omega = self->Omega};
    for (size_t k = 0; k < context->count; k++) {
        orr_state s;
        double part = (double)k / (double)context->count;
        if (self->arc[1] > self->arc[0] && context->count > 1) /* both ends are occupied */
            el.f = self->arc[0] +
                   (self->arc[1] - self->arc[0]) * (double)k / (double)(context->count - 1);
        else
            el.f = self->arc[0] + 2 * ORR_PI * part;
        ORR_TRY(orr_state_from_elements(&el, context->mu, &s));
        ORR_TRY(emit(user, s.pos, s.vel, 1));
    }
    return ORR_OK;
}

static const orr_field fields[] = {
    {.name = "radius",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(ring, radius),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "radius of the ring"},
    {.name = "i",
     .dim = {0, 0, 0, 1},
     .offset = offsetof(ring, i),
     .min = 0,
     .max = ORR_PI,
     .role = ORR_OPTION,
     .doc = "inclination"},
    {.name = "Omega",
     .dim = {0, 0, 0, 1},
     .offset = offsetof(ring, Omega),
     .role = ORR_OPTION,
     .doc = "longitude of the ascending node"},
    {.name = "arc",
     .type = ORR_RANGE,
     .dim = {0, 0, 0, 1},
     .offset = offsetof(ring, arc),
     .min = 0,
     .max = 2 * ORR_PI,
     .role = ORR_OPTION,
     .doc = "angles from the node between which bodies stand; default: "
            "all round"},
    {0}};

const orr_generator orr_generator_ring = {
    .name = "ring",
    .summary = "Bodies evenly spaced on one circular orbit, or an arc of it, around a primary.",
    .reference = "Maxwell 1859, On the stability of the motion of Saturn's rings",
    .traits = ORR_NEEDS_PRIMARY,
    .fields = fields,
    .state_size = sizeof(ring),
    .make = make,
};
