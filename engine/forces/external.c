/* A fixed potential about the origin that acts on all bodies, such as a galaxy's.
 * With R^2 = x^2 + y^2:
 *
 *     point           -GM/r
 *     plummer         -GM/sqrt(r^2 + a^2)                      Plummer 1911
 *     hernquist       -GM/(r + a)                              Hernquist 1990, 10.1086/168845
 *     nfw             -GM log(1 + r/a)/r                       Navarro et al. 1996, 10.1086/177173
 *     logarithmic     v^2/2 log(a^2 + R^2 + z^2/q^2)           Binney & Tremaine 2008, eq. 2.71a
 *     miyamoto-nagai  -GM/sqrt(R^2 + (a + sqrt(z^2 + b^2))^2)  Miyamoto & Nagai 1975
 *     sheet           f^2 z^2/2                                f^2 = 4 pi G rho
 *
 * A sheet is the matter in the plane of a galaxy. */
#include <orrery/force.h>

#include <math.h>

#include "core/math/reproducible.h"

enum { POINT, PLUMMER, HERNQUIST, NFW, LOGARITHMIC, MIYAMOTO_NAGAI, SHEET };

typedef struct external {
    int model; /* index into the choices below */
    double gm, a, b, v, q, f;
} external;

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    const external *self = state;
    (void)memory;
    bool needs_a = self->model == HERNQUIST || self->model == NFW || self->model == LOGARITHMIC;
    if (needs_a && !(self->a > 0)) {
        p->reason = "this potential needs its length 'a'";
        return ORR_E_INCOMPATIBLE;
    }
    return ORR_OK;
}

/* The potential at x, and the factors of -grad: a = -(plane x, plane y, axis z). */
static double potential(const external *self, const double x[3], double *plane, double *axis)
{
    double R2 = x[0] * x[0] + x[1] * x[1], z2 = x[2] * x[2], r2 = R2 + z2, gm = self->gm,
           a = self->a;
    switch (self->model) {
    case POINT:
    case PLUMMER: {
        double s2 = r2 + (self->model == PLUMMER ? a * a : 0), s = sqrt(s2);
        *plane = *axis = gm / (s2 * s);
        return -gm / s;
    }
    case HERNQUIST: {
        double r = sqrt(r2);
        *plane = *axis = r > 0 ? gm / (r * (r + a) * (r + a)) : 0;
        return -gm / (r + a);
    }
    case NFW: {
        double r = sqrt(r2), y = r / a, l = orr_log(1 + y);
        *plane = *axis = r > 0 ? gm * (l - y / (1 + y)) / (r2 * r) : 0;
        return r > 0 ? -gm * l / r : -gm / a;
    }
    case LOGARITHMIC: {
        double q2 = self->q * self->q, s2 = a * a + R2 + z2 / q2;
        *plane = self->v * self->v / s2;
        *axis = *plane / q2;
        return self->v * self->v / 2 * orr_log(s2);
    }
    case MIYAMOTO_NAGAI: {
        double h = sqrt(z2 + self->b * self->b), s2 = R2 + (a + h) * (a + h), s = sqrt(s2);
        *plane = gm / (s2 * s);
        *axis = h > 0 ? *plane * (a + h) / h : 0;
        return -gm / s;
    }
    default:
        *plane = 0;
        *axis = self->f * self->f;
        return *axis * z2 / 2;
    }
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    (void)scratch;
    for (size_t i = 0; i < b->n && r->want & ORR_WANT_ACC; i++) {
        const double x[3] = {b->pos[i], b->pos[i + b->stride], b->pos[i + 2 * b->stride]};
        double plane, axis;
        potential(state, x, &plane, &axis);
        for (size_t c = 0; c < 3; c++)
            r->acc[i + c * b->stride] -= (c < 2 ? plane : axis) * x[c];
    }
    return ORR_OK;
}

static orr_status energy(const void *state, const orr_bodies *b, double t, int threads,
                         orr_arena *scratch, double *out)
{
    (void)t, (void)threads, (void)scratch;
    *out = 0;
    for (size_t i = 0; i < b->n_active + b->n_passive; i++) {
        const double x[3] = {b->pos[i], b->pos[i + b->stride], b->pos[i + 2 * b->stride]};
        double plane, axis;
        *out += b->gm[i] * potential(state, x, &plane, &axis);
    }
    return ORR_OK;
}

static const orr_field fields[] = {
    {.name = "model",
     .type = ORR_CHOICE,
     .offset = offsetof(external, model),
     .role = ORR_OPTION | ORR_REQUIRED,
     .choices = "point|plummer|hernquist|nfw|logarithmic|miyamoto-nagai|sheet",
     .doc = "the potential"},
    {.name = "GM",
     .dim = {3, 0, -2, 0},
     .offset = offsetof(external, gm),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "its strength; of nfw 4 pi G rho a^3"},
    {.name = "a",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(external, a),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "its length"},
    {.name = "b",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(external, b),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "miyamoto-nagai: its height"},
    {.name = "v",
     .dim = {1, 0, -1, 0},
     .offset = offsetof(external, v),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "logarithmic: speed of circular orbits far out"},
    {.name = "q",
     .offset = offsetof(external, q),
     .fallback = 1,
     .min = 0.1,
     .max = 10,
     .role = ORR_OPTION,
     .doc = "logarithmic: flattening"},
    {.name = "f",
     .dim = {0, 0, -1, 0},
     .offset = offsetof(external, f),
     .max = INFINITY,
     .role = ORR_OPTION,
     .doc = "sheet: frequency of oscillation through the plane, per radian"},
    {0}};

const orr_force orr_force_external = {
    .name = "external",
    .summary = "A fixed potential about the origin: a galaxy, a halo, a disc, a tide.",
    .reference = "Binney & Tremaine 2008, Galactic Dynamics, section 2.2",
    .traits = ORR_CONSERVATIVE | ORR_FORCE_TAKES_BOUNDARY,
    .fields = fields,
    .state_size = sizeof(external),
    .prepare = prepare,
    .add = add,
    .energy = energy,
};
