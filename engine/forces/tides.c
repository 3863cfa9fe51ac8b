/* Tides with a constant time lag: a body deforms under the pull of others, a little late, and the
 * bulge pulls back.  With k its Love number of degree 2, R its radius, M its mass and Omega its
 * spin, a body of mass m at x is accelerated by
 *
 *     -3 k G m R^5/r^8 { [ 1 + 3 tau (x.v)/r^2 ] x  -  tau [ Omega x x - v + (x.v)/r^2 x ] },
 *
 * and pushes back.  The spin stays as it is given.  Hut 1981, Astron. Astrophys. 99, 126, eq. 8,
 * 1981A&A....99..126H; Mignard 1979, doi 10.1007/BF00907581. */
#include <orrery/force.h>

#include <math.h>

#include "body.h"
#include "core/math/reproducible.h"

typedef struct tides {
    double of, by, k2, tau, radius, spin, ra, dec;
    double omega[3]; /* [1/time] */
    size_t center, first, last;
} tides;

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    tides *self = state;
    double sa, ca, sd, cd;
    (void)memory;
    ORR_TRY(orr_force_body(p, self->of, &self->center));
    self->first = 0;
    self->last = p->bodies->n_active;
    if (self->by >= 0)
        ORR_TRY(orr_force_targets(p, self->by, &self->first, &self->last));
    if (!(self->radius > 0))
        self->radius = p->bodies->radius[self->center];
    if (!(self->radius > 0)) {
        p->reason = "tides need a radius: give it here, or to the body";
        return ORR_E_INCOMPATIBLE;
    }
    orr_sincos(self->ra, &sa, &ca);
    orr_sincos(self->dec, &sd, &cd);
    self->omega[0] = self->spin * cd * ca;
    self->omega[1] = self->spin * cd * sa;
    self->omega[2] = self->spin * sd;
    return ORR_OK;
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    const tides *self = state;
    (void)scratch;
    double R5 = self->radius * self->radius * self->radius * self->radius * self->radius;
    for (size_t i = self->first; i < self->last && r->want & ORR_WANT_ACC; i++) {
        double x[3], v[3], a[3], turn[3];
        if (i == self->center || b->gm[i] == 0)
            continue;
        double r2 = orr_from_to(b->pos, b, self->center, i, x);
        orr_from_to(b->vel, b, self->center, i, v);
        orr_cross(self->omega, x, turn);
        double out = orr_dot(x, v) / r2;
        double scale = -3 * self->k2 * b->gm[i] * R5 / (r2 * r2 * r2 * r2);
        for (int c = 0; c < 3; c++)
            a[c] = scale *
                   ((1 + 3 * self->tau * out) * x[c] - self->tau * (turn[c] - v[c] + out * x[c]));
        orr_push_apart(b, self->center, i, a, r->acc);
    }
    return ORR_OK;
}

static const orr_field fields[] = {
    {.name = "of",
     .type = ORR_BODY,
     .offset = offsetof(tides, of),
     .fallback = -1,
     .role = ORR_OPTION,
     .doc = "the body that deforms (none named: the heaviest)"},
    {.name = "by",
     .type = ORR_BODY,
     .offset = offsetof(tides, by),
     .fallback = -1,
     .role = ORR_OPTION,
     .doc = "the body that raises the tide (none named: all active ones)"},
    {.name = "k2",
     .offset = offsetof(tides, k2),
     .max = 10,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "Love number of degree 2"},
    {.name = "tau",
     .dim = {0, 0, 1, 0},
     .offset = offsetof(tides, tau),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "time lag of the bulge"},
    {.name = "radius",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(tides, radius),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "of the body that deforms (0: as given there)"},
    {.name = "spin",
     .dim = {0, 0, -1, 1},
     .offset = offsetof(tides, spin),
     .role = ORR_OPTION,
     .doc = "rate of rotation"},
    {.name = "pole_ra",
     .dim = {0, 0, 0, 1},
     .offset = offsetof(tides, ra),
     .role = ORR_OPTION,
     .doc = "direction of the spin: angle in the xy plane"},
    {.name = "pole_dec",
     .dim = {0, 0, 0, 1},
     .offset = offsetof(tides, dec),
     .fallback = 1.57079632679489662,
     .role = ORR_OPTION,
     .doc = "and above it"},
    ORR_STATE_VALUE(tides, omega),
    ORR_STATE_VALUE(tides, center),
    ORR_STATE_VALUE(tides, first),
    ORR_STATE_VALUE(tides, last),
    {0}};

const orr_force orr_force_tides = {
    .name = "tides",
    .summary = "Tides with a constant time lag: orbits that shrink, grow and become round.",
    .reference = "Hut 1981, 1981A&A....99..126H",
    .traits = ORR_VELOCITY,
    .fields = fields,
    .state_size = sizeof(tides),
    .prepare = prepare,
    .add = add,
};
