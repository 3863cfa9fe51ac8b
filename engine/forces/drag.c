/* Drag against a medium at rest, or that moves with a body: a = -(rate + per_length |v|) v. */
#include <orrery/force.h>

#include <math.h>

#include "body.h"

typedef struct drag {
    double of, on, rate, per_length;
    size_t medium, first, last; /* medium SIZE_MAX: at rest */
} drag;

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    drag *self = state;
    (void)memory;
    self->medium = SIZE_MAX;
    if (self->of >= 0)
        ORR_TRY(orr_force_body(p, self->of, &self->medium));
    return orr_force_targets(p, self->on, &self->first, &self->last);
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    const drag *self = state;
    (void)scratch;
    for (size_t i = self->first; i < self->last && r->want & ORR_WANT_ACC; i++) {
        double v[3];
        if (i == self->medium)
            continue;
        double v2 = self->medium == SIZE_MAX ? orr_vector(b->vel, b, i, v)
                                             : orr_from_to(b->vel, b, self->medium, i, v);
        double k = self->rate + self->per_length * sqrt(v2);
        for (size_t c = 0; c < 3; c++)
            r->acc[i + c * b->stride] -= k * v[c];
    }
    return ORR_OK;
}

static const orr_field fields[] = {
    {.name = "rate",
     .dim = {0, 0, -1, 0},
     .offset = offsetof(drag, rate),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "linear part"},
    {.name = "per_length",
     .dim = {-1, 0, 0, 0},
     .offset = offsetof(drag, per_length),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "quadratic part: drag coefficient, density and area over twice the mass"},
    {.name = "of",
     .type = ORR_BODY,
     .offset = offsetof(drag, of),
     .fallback = -1,
     .role = ORR_OPTION,
     .doc = "the medium moves with this body (none named: it is at rest)"},
    {.name = "on",
     .type = ORR_BODY,
     .offset = offsetof(drag, on),
     .fallback = -1,
     .role = ORR_OPTION,
     .doc = "the body that feels it (none named: all test bodies)"},
    ORR_STATE_VALUE(drag, medium),
    ORR_STATE_VALUE(drag, first),
    ORR_STATE_VALUE(drag, last),
    {0}};

const orr_force orr_force_drag = {
    .name = "drag",
    .summary = "Linear and quadratic drag on one body or on all test bodies.",
    .reference = "Murray & Dermott 1999, section 2.9",
    .traits = ORR_VELOCITY,
    .fields = fields,
    .state_size = sizeof(drag),
    .prepare = prepare,
    .add = add,
};
