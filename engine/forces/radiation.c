/* Radiation pressure and Poynting-Robertson drag on small bodies: with beta the ratio of the
 * pressure to the source's gravity, x and v from the source,
 *
 *     a = beta GM/r^2 [ (1 - (v.x/r)/c) x/r - v/c ].
 *
 * Burns, Lamy & Soter 1979, Icarus 40, 1, doi 10.1016/0019-1035(79)90050-2, eq. 5. */
#include <orrery/force.h>

#include <math.h>

#include "body.h"

typedef struct radiation {
    double of, on, beta, c;
    size_t source, first, last; /* bodies [first, last) feel it */
} radiation;

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    radiation *self = state;
    (void)memory;
    if (!(p->speed_of_light > 0)) {
        p->reason = "needs the speed of light: give the scenario units of length and time";
        return ORR_E_INCOMPATIBLE;
    }
    self->c = p->speed_of_light;
    ORR_TRY(orr_force_body(p, self->of, &self->source));
    return orr_force_targets(p, self->on, &self->first, &self->last);
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    const radiation *self = state;
    (void)scratch;
    for (size_t i = self->first; i < self->last && r->want & ORR_WANT_ACC; i++) {
        double x[3], v[3];
        if (i == self->source)
            continue;
        double u = 1 / sqrt(orr_from_to(b->pos, b, self->source, i, x));
        orr_from_to(b->vel, b, self->source, i, v);
        double push = self->beta * b->gm[self->source] * u * u, towards = orr_dot(v, x) * u;
        for (size_t c = 0; c < 3; c++)
            r->acc[i + c * b->stride] +=
                push * ((1 - towards / self->c) * u * x[c] - v[c] / self->c);
    }
    return ORR_OK;
}

static const orr_field fields[] = {{.name = "beta",
                                    .offset = offsetof(radiation, beta),
                                    .max = 100,
                                    .role = ORR_OPTION | ORR_REQUIRED,
                                    .doc = "radiation pressure over gravity"},
                                   {.name = "of",
                                    .type = ORR_BODY,
                                    .offset = offsetof(radiation, of),
                                    .fallback = -1,
                                    .role = ORR_OPTION,
                                    .doc = "the body that shines (none named: the heaviest)"},
                                   {.name = "on",
                                    .type = ORR_BODY,
                                    .offset = offsetof(radiation, on),
                                    .fallback = -1,
                                    .role = ORR_OPTION,
                                    .doc = "the body that feels it (none named: all test bodies)"},
                                   ORR_STATE_VALUE(radiation, c),
                                   ORR_STATE_VALUE(radiation, source),
                                   ORR_STATE_VALUE(radiation, first),
                                   ORR_STATE_VALUE(radiation, last),
                                   {0}};

const orr_force orr_force_radiation = {
    .name = "radiation",
    .summary = "Radiation pressure and Poynting-Robertson drag on one body or on all test bodies.",
    .reference = "Burns, Lamy & Soter 1979, 10.1016/0019-1035(79)90050-2",
    .traits = ORR_VELOCITY,
    .fields = fields,
    .state_size = sizeof(radiation),
    .prepare = prepare,
    .add = add,
};
