/* Symplectic epicycle integrator: Hill's equations for a small patch that goes around a planet with
 * the angular speed Omega (x outwards, y along the orbit, z up)
 *
 *     x'' = 2 Omega y' + 3 Omega^2 x + a_x,   y'' = -2 Omega x' + a_y,   z'' = -Omega_z^2 z + a_z
 *
 * split into epicycles, which are followed exactly, and kicks by the forces a.  Epicycle, kick,
 * epicycle: second order, symplectic, reversible, one evaluation a step.
 * Quinn, Perrine, Richardson & Barnes 2010, doi 10.1088/0004-6256/139/2/803;
 * Rein & Tremaine 2011, doi 10.1111/j.1365-2966.2011.18939.x
 *
 * With the guiding centre X = 4 x + 2 y'/Omega, Y = y - 2 x'/Omega, which moves by -3/2 Omega X, the
 * pair (x - X, x'/Omega) turns by the angle Omega t.  It is turned by three shears, so that rounding
 * lets no epicycle grow. */
#include <math.h>

#include "core/math/reproducible.h"
#include "shared/motion.h"

typedef struct sei {
    double omega, vertical; /* [1/time]; vertical frequency over omega */
    double *acc;
} sei;

static orr_status prepare(void *state, orr_problem *p)
{
    sei *self = state;
    orr_keep(p->memory, &self->acc, orr_motion_length(p));
    return orr_kept(p->memory);
}

/* A turn as three shears, and how far a guiding centre drifts in y, in parts of X. */
typedef struct turn {
    double shear, across; /* tan of half the angle, sin of the angle */
    double frequency;     /* 0: no turn, a straight way */
    double t;
} turn;

static turn turn_of(double frequency, double t)
{
    double s, c, whole, unused;
    orr_sincos(frequency * t / 2, &s, &c);
    orr_sincos(frequency * t, &whole, &unused);
    return (turn){.shear = s / c, .across = whole, .frequency = frequency, .t = t};
}

/* *p + i *q turns by minus the angle. */
static inline void turn_pair(const turn *a, double *p, double *q)
{
    *p += a->shear * *q;
    *q -= a->across * *p;
    *p += a->shear * *q;
}

/* In the plane. */
static inline void epicycle(const turn *a, double *x, double *y, double *vx, double *vy)
{
    double w = a->frequency, X = 4 * *x + 2 * *vy / w, Y = *y - 2 * *vx / w;
    double p = *x - X, q = *vx / w;
    turn_pair(a, &p, &q);
    *x = X + p;
    *y = Y + (2 * q - 1.5 * w * a->t * X);
    *vx = w * q;
    *vy = -1.5 * w * X - 2 * w * p;
}

static inline void swing(const turn *a, double *z, double *vz)
{
    double q = *vz / a->frequency;
    turn_pair(a, z, &q);
    *vz = a->frequency * q;
}

static inline void straight(double t, double *x, double v)
{
    *x += t * v;
}

/* pos and vel [n], `stride` apart. */
static void drift(const sei *self, double t, double *pos, double *vel, size_t n, size_t stride)
{
    double *x = pos, *y = pos + stride, *z = pos + 2 * stride;
    double *vx = vel, *vy = vel + stride, *vz = vel + 2 * stride;
    const turn plane = turn_of(self->omega, t), up = turn_of(self->omega * self->vertical, t);
    for (size_t i = 0; i < n && plane.frequency > 0; i++)
        epicycle(&plane, &x[i], &y[i], &vx[i], &vy[i]);
    for (size_t i = 0; i < n && !(plane.frequency > 0); i++) {
        straight(t, &x[i], vx[i]);
        straight(t, &y[i], vy[i]);
    }
    for (size_t i = 0; i < n && up.frequency > 0; i++)
        swing(&up, &z[i], &vz[i]);
    for (size_t i = 0; i < n && !(up.frequency > 0); i++)
        straight(t, &z[i], vz[i]);
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    sei *self = state;
    const orr_bodies *b = p->bodies;
    const orr_motion plain = {0};
    drift(self, h / 2, b->pos, b->vel, b->n, b->stride);
    ORR_TRY(orr_accelerate(p, p->t + h / 2, self->acc, report));
    orr_kick(&plain, p, h, self->acc);
    drift(self, h / 2, b->pos, b->vel, b->n, b->stride);
    report->h_done = h;
    return ORR_OK;
}

/* Epicycles are linear: a small change goes its own way. */
static void carry(const void *state, double t, double dx[3], double dv[3])
{
    drift(state, t, dx, dv, 1, 1);
}

/* Of the tide and of the planet's pull towards the plane: with the energy of motion in the turning
 * frame it is conserved, body by body (Jacobi's constant). */
static double potential(const void *state, const orr_problem *p)
{
    const sei *self = state;
    const orr_bodies *b = p->bodies;
    double w2 = self->omega * self->omega, up2 = w2 * self->vertical * self->vertical, sum = 0;
    for (size_t i = 0; i < b->n_active + b->n_passive; i++) {
        double x = b->pos[i], z = b->pos[i + 2 * b->stride];
        sum += b->gm[i] * (up2 * z * z - 3 * w2 * x * x) / 2;
    }
    return sum;
}

static const orr_field fields[] = {
    ORR_STATE_ROOM(sei, acc),
    {.name = "Omega",
     .dim = {0, 0, -1, 1},
     .offset = offsetof(sei, omega),
     .max = 1e300,
     .role = ORR_OPTION,
     .doc = "angular speed of the patch around its planet, 2 pi over the period; 0: no planet, and "
            "this is leapfrog"},
    {.name = "vertical",
     .offset = offsetof(sei, vertical),
     .fallback = 1,
     .max = 1000,
     .role = ORR_OPTION,
     .doc = "frequency of oscillation through the plane, over Omega"},
    {0}};

const orr_integrator orr_integrator_sei = {
    .name = "sei",
    .summary =
        "Symplectic epicycles: Hill's equations in a patch of a disc or a ring; second order.",
    .reference = "10.1088/0004-6256/139/2/803",
    .kind = "splitting",
    .order = 2,
    .evaluations = 1,
    .traits =
        ORR_SYMPLECTIC | ORR_REVERSIBLE | ORR_TAKES_BOUNDARY | ORR_TAKES_CONTACTS | ORR_SHEARS,
    .fields = fields,
    .state_size = sizeof(sei),
    .prepare = prepare,
    .step = step,
    .carry = carry,
    .potential = potential,
};
