/* The zonal harmonics of an oblate body: J2 to J6, with its pole.  For a body at x from the centre,
 * with s = x.z/r the sine of the latitude over the equator, the potential beside GM/r is
 *
 *     Phi = GM sum over n  J_n R^n P_n(s) / r^(n+1),
 *     -grad Phi = GM sum  J_n R^n / r^(n+2) [ P'_(n+1)(s) x/r - P'_n(s) z ],
 *
 * with Legendre's polynomials, (n+1) P_n + s P'_n = P'_(n+1).  The body pushes back, so that
 * momentum stays; it does not turn.  Murray & Dermott 1999, Solar System Dynamics, section 4.5.
 *
 * A body that always shows another the same face, as the Moon does, may have its equator's
 * ellipticity too: with e1 towards the other, along the equator, and e2 across,
 *
 *     Phi = -3 GM C22 R^2 ((x.e1)^2 - (x.e2)^2) / r^5.
 *
 * The axes are those of the moment: Phi is an energy for the body that is faced (whose pull along
 * the axes makes no torque), while a third body sees axes that others turn. */
#include <orrery/force.h>

#include <math.h>
#include <string.h>

#include "body.h"
#include "core/math/reproducible.h"

enum { FIRST = 2, LAST = 6 };

typedef struct harmonics {
    double of, towards, J[LAST + 1], C22, radius, ra, dec, ra_rate, dec_rate;
    double fixed[3];      /* the pole, if it does not move */
    int last;             /* the highest degree that is there */
    size_t center, faced; /* faced: SIZE_MAX, nobody */
} harmonics;

/* Towards the pole at time t. */
static void pole_at(const harmonics *self, double t, double z[3])
{
    double sa, ca, sd, cd;
    orr_sincos(self->ra + self->ra_rate * t, &sa, &ca);
    orr_sincos(self->dec + self->dec_rate * t, &sd, &cd);
    z[0] = cd * ca, z[1] = cd * sa, z[2] = sd;
}

static void pole(const harmonics *self, double t, double z[3])
{
    if (self->ra_rate == 0 && self->dec_rate == 0)
        memcpy(z, self->fixed, sizeof self->fixed);
    else
        pole_at(self, t, z);
}

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    harmonics *self = state;
    (void)memory;
    ORR_TRY(orr_force_body(p, self->of, &self->center));
    if (!(self->radius > 0))
        self->radius = p->bodies->radius[self->center];
    if (!(self->radius > 0)) {
        p->reason = "a harmonic needs a radius: give it here, or to the body";
        return ORR_E_INCOMPATIBLE;
    }
    self->faced = SIZE_MAX;
    if (self->towards >= 0)
        ORR_TRY(orr_force_body(p, self->towards, &self->faced));
    if ((self->C22 != 0 && self->faced == SIZE_MAX) || self->faced == self->center) {
        p->reason = "C22 needs another body that it is turned to: 'towards'";
        return ORR_E_INCOMPATIBLE;
    }
    self->last = FIRST;
    for (int n = FIRST; n <= LAST; n++)
        self->last = self->J[n] != 0 ? n : self->last;
    pole_at(self, 0, self->fixed);
    return ORR_OK;
}

/* P_n(s) and P'_n(s) for n up to `last`. */
static void legendre(int last, double s, double P[LAST + 2], double dP[LAST + 2])
{
    static const double inverse[LAST + 2] = {0, 1, 1. / 2, 1. / 3, 1. / 4, 1. / 5, 1. / 6, 1. / 7};
    P[0] = 1, P[1] = s, dP[0] = 0, dP[1] = 1;
    for (int n = 2; n <= last; n++) {
        P[n] = ((2 * n - 1) * s * P[n - 1] - (n - 1) * P[n - 2]) * inverse[n];
        dP[n] = n * P[n - 1] + s * dP[n - 1];
    }
}

/* The sums of J_n R^n/r^n P'_(n+1) and J_n R^n/r^n P'_n, for s and R/r. */
static inline void sums(const harmonics *self, double s, double ratio, double *radial,
                        double *axial)
{
    if (self->last == 2) {
        double first = self->J[2] * (ratio * ratio);
        *radial = first * (7.5 * s * s - 1.5);
        *axial = first * (3 * s);
        return;
    }
    double P[LAST + 2], dP[LAST + 2], power = ratio;
    legendre(self->last + 1, s, P, dP);
    *radial = *axial = 0;
    for (int n = FIRST; n <= self->last; n++) {
        power *= ratio;
        *radial += self->J[n] * power * dP[n + 1];
        *axial += self->J[n] * power * dP[n];
    }
}

/* Axes of the equator: towards the body that is faced, and across. */
static void equator(const harmonics *self, const orr_bodies *b, const double z[3], double e1[3],
                    double e2[3])
{
    orr_from_to(b->pos, b, self->center, self->faced, e1);
    double up = orr_dot(e1, z), size;
    for (int c = 0; c < 3; c++)
        e1[c] -= up * z[c];
    size = sqrt(orr_dot(e1, e1));
    for (int c = 0; c < 3; c++)
        e1[c] /= size;
    orr_cross(z, e1, e2);
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    const harmonics *self = state;
    double z[3], e1[3] = {0}, e2[3] = {0}, back[3] = {0}, gm = b->gm[self->center];
    size_t center = self->center, stride = b->stride;
    (void)scratch;
    if (!(r->want & ORR_WANT_ACC))
        return ORR_OK;
    pole(self, r->t, z);
    if (self->C22 != 0)
        equator(self, b, z, e1, e2);
    for (size_t i = 0; i < b->n; i++) {
        double x[3], radial, axial;
        if (i == center)
            continue;
        double u = 1 / sqrt(orr_from_to(b->pos, b, center, i, x));
        sums(self, orr_dot(x, z) * u, self->radius * u, &radial, &axial);
        double outwards = u * u * u * radial, along = u * u * axial, first = 0, second = 0;
        if (self->C22 != 0) {
            double p = orr_dot(x, e1), q = orr_dot(x, e2), u5 = u * u * u * u * u;
            double scale = 3 * self->C22 * self->radius * self->radius * u5;
            first = 2 * scale * p;
            second = -2 * scale * q;
            outwards -= 5 * scale * (p * p - q * q) * u * u;
        }
        for (size_t c = 0; c < 3; c++) { /* over GM; what the body feels back is summed once */
            double a = outwards * x[c] - along * z[c] + first * e1[c] + second * e2[c];
            r->acc[i + c * stride] += gm * a;
            back[c] += b->gm[i] * a;
        }
    }
    for (size_t c = 0; c < 3; c++)
        r->acc[center + c * stride] -= back[c];
    return ORR_OK;
}

static orr_status energy(const void *state, const orr_bodies *b, double t, int threads,
                         orr_arena *scratch, double *out)
{
    const harmonics *self = state;
    double z[3], e1[3] = {0}, e2[3] = {0}, P[LAST + 2], dP[LAST + 2];
    (void)threads, (void)scratch;
    pole(self, t, z);
    if (self->C22 != 0)
        equator(self, b, z, e1, e2);
    *out = 0;
    for (size_t i = 0; i < b->n_active + b->n_passive; i++) {
        double x[3], sum = 0;
        if (i == self->center)
            continue;
        double u = 1 / sqrt(orr_from_to(b->pos, b, self->center, i, x));
        double ratio = self->radius * u, power = ratio;
        legendre(self->last + 1, orr_dot(x, z) * u, P, dP);
        for (int n = FIRST; n <= self->last; n++) {
            power *= ratio;
            sum += self->J[n] * power * P[n];
        }
        if (self->C22 != 0) {
            double p = orr_dot(x, e1) * u, q = orr_dot(x, e2) * u;
            sum -= 3 * self->C22 * (self->radius * u) * (self->radius * u) * (p * p - q * q);
        }
        *out += b->gm[i] * b->gm[self->center] * u * sum;
    }
    return ORR_OK;
}

#define ZONAL(n)                                                                                   \
    {                                                                                              \
        .name = "J" #n, .offset = offsetof(harmonics, J[n]), .min = -1, .max = 1,                  \
        .role = ORR_OPTION, .doc = "zonal harmonic of degree " #n                                  \
    }

static const orr_field fields[] = {
    {.name = "of",
     .type = ORR_BODY,
     .offset = offsetof(harmonics, of),
     .fallback = -1,
     .role = ORR_OPTION,
     .doc = "the oblate body (none named: the heaviest)"},
    ZONAL(2),
    ZONAL(3),
    ZONAL(4),
    ZONAL(5),
    ZONAL(6),
    {.name = "C22",
     .offset = offsetof(harmonics, C22),
     .min = -1,
     .max = 1,
     .role = ORR_OPTION,
     .doc = "ellipticity of the equator of a body that always shows another the same face"},
    {.name = "towards",
     .type = ORR_BODY,
     .offset = offsetof(harmonics, towards),
     .fallback = -1,
     .role = ORR_OPTION,
     .doc = "C22: the body that its long axis points to"},
    {.name = "radius",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(harmonics, radius),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "equatorial radius that the harmonics refer to (0: that of the body)"},
    {.name = "pole_ra",
     .dim = {0, 0, 0, 1},
     .offset = offsetof(harmonics, ra),
     .role = ORR_OPTION,
     .doc = "direction of the pole at t = 0: angle in the xy plane (right ascension)"},
    {.name = "pole_dec",
     .dim = {0, 0, 0, 1},
     .offset = offsetof(harmonics, dec),
     .fallback = 1.57079632679489662,
     .role = ORR_OPTION,
     .doc = "and above it (declination)"},
    {.name = "pole_ra_rate",
     .dim = {0, 0, -1, 1},
     .offset = offsetof(harmonics, ra_rate),
     .role = ORR_OPTION,
     .doc = "how the pole moves"},
    {.name = "pole_dec_rate",
     .dim = {0, 0, -1, 1},
     .offset = offsetof(harmonics, dec_rate),
     .role = ORR_OPTION,
     .doc = "the same"},
    ORR_STATE_VALUE(harmonics, fixed),
    ORR_STATE_VALUE(harmonics, last),
    ORR_STATE_VALUE(harmonics, center),
    ORR_STATE_VALUE(harmonics, faced),
    {0}};

const orr_force orr_force_harmonics = {
    .name = "harmonics",
    .summary = "Zonal harmonics J2 to J6 of an oblate body with its pole.",
    .reference = "Murray & Dermott 1999, section 4.5",
    .traits = ORR_CONSERVATIVE | ORR_TIME_DEPENDENT,
    .fields = fields,
    .state_size = sizeof(harmonics),
    .prepare = prepare,
    .add = add,
    .energy = energy,
};
