/* Accelerations that are not gravity, as orbits of comets and asteroids are fitted with them: A1
 * along the radius, A2 along the motion in the plane, A3 along the normal, times a law of distance,
 *
 *     inverse-square  (r0/r)^2                        Yarkovsky's effect, r0 = 1 au
 *     marsden         alpha (r/r0)^-m (1 + (r/r0)^n)^-k   water ice, r0 = 2.808 au
 *
 * Marsden, Sekanina & Yeomans 1973, Astron. J. 78, 211, doi 10.1086/111402; Farnocchia et al. 2013,
 * doi 10.1016/j.icarus.2013.02.004. */
#include <orrery/force.h>

#include <math.h>

#include "body.h"
#include "core/math/reproducible.h"

enum { INVERSE_SQUARE, MARSDEN };

typedef struct yarkovsky {
    double of, on, A[3], r0;
    int law; /* index into the choices below */
    size_t star, first, last;
} yarkovsky;

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    yarkovsky *self = state;
    (void)memory;
    ORR_TRY(orr_force_body(p, self->of, &self->star));
    return orr_force_targets(p, self->on, &self->first, &self->last);
}

static double strength(const yarkovsky *self, double r)
{
    double q = r / self->r0;
    if (self->law == INVERSE_SQUARE)
        return 1 / (q * q);
    return 0.1112620426 * orr_pow(q, -2.15) * orr_pow(1 + orr_pow(q, 5.093), -4.6142);
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    const yarkovsky *self = state;
    (void)scratch;
    for (size_t i = self->first; i < self->last && r->want & ORR_WANT_ACC; i++) {
        double x[3], v[3], n[3], t[3];
        if (i == self->star)
            continue;
        double distance = sqrt(orr_from_to(b->pos, b, self->star, i, x));
        orr_from_to(b->vel, b, self->star, i, v);
        orr_cross(x, v, n);
        orr_cross(n, x, t);
        double nn = sqrt(orr_dot(n, n)), tt = sqrt(orr_dot(t, t)), g = strength(self, distance);
        if (!(nn > 0))
            continue; /* on a straight line there is no plane */
        for (size_t c = 0; c < 3; c++)
            r->acc[i + c * b->stride] += g * (self->A[0] * x[c] / distance +
                                              self->A[1] * t[c] / tt + self->A[2] * n[c] / nn);
    }
    return ORR_OK;
}

#define COEFFICIENT(k, where)                                                                      \
    {                                                                                              \
        .name = "A" #k, .dim = {1, 0, -2, 0}, .offset = offsetof(yarkovsky, A) + (k - 1) * 8,      \
        .role = ORR_OPTION, .doc = where                                                           \
    }

static const orr_field fields[] = {
    COEFFICIENT(1, "along the radius, outwards"),
    COEFFICIENT(2, "across it, in the direction of motion"),
    COEFFICIENT(3, "along the orbit's normal"),
    {.name = "r0",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(yarkovsky, r0),
     .max = INFINITY,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "the distance of the law: 1 au, or 2.808 au for marsden"},
    {.name = "law",
     .type = ORR_CHOICE,
     .offset = offsetof(yarkovsky, law),
     .role = ORR_OPTION,
     .choices = "inverse-square|marsden",
     .doc = "how it falls with distance"},
    {.name = "of",
     .type = ORR_BODY,
     .offset = offsetof(yarkovsky, of),
     .fallback = -1,
     .role = ORR_OPTION,
     .doc = "the star (none named: the heaviest)"},
    {.name = "on",
     .type = ORR_BODY,
     .offset = offsetof(yarkovsky, on),
     .fallback = -1,
     .role = ORR_OPTION,
     .doc = "the body that feels it (none named: all test bodies)"},
    ORR_STATE_VALUE(yarkovsky, star),
    ORR_STATE_VALUE(yarkovsky, first),
    ORR_STATE_VALUE(yarkovsky, last),
    {0}};

const orr_force orr_force_yarkovsky = {
    .name = "yarkovsky",
    .summary = "Non-gravitational accelerations A1, A2, A3 of comets and asteroids.",
    .reference = "Marsden, Sekanina & Yeomans 1973, 10.1086/111402",
    .traits = ORR_VELOCITY,
    .fields = fields,
    .state_size = sizeof(yarkovsky),
    .prepare = prepare,
    .add = add,
};
