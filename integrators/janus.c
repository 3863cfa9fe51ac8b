/* Janus: exactly reversible.  Positions and velocities are whole numbers of a tiny quantum; every
 * drift and kick adds a whole number that depends on the other half of the state alone, so a step
 * back subtracts the very same numbers: not a bit is lost, however long the run.
 *
 * Rein & Tamayo 2018, MNRAS 473, 3351, doi 10.1093/mnras/stx2570.  The steps are symmetric
 * compositions of leapfrog steps of the given order; the quantum is 2^-60 of `range`. */
#include "shared/motion.h"

#include <math.h>
#include <string.h>

typedef struct janus {
    int order; /* index into the choices */
    double range, speed_range;
    double quantum, speed_quantum; /* [length], [length/time]; powers of two */
    int64_t *x, *v;                /* [3 stride] */
    double *acc;
} janus;

/* First halves of palindromes, w[0] .. w[n-1]: order 2; Suzuki 1990 (doi
 * 10.1016/0375-9601(90)90962-N); Kahan & Li 1997 (doi 10.1090/S0025-5718-97-00873-9), 9 and 17
 * stages. */
static const double order2[] = {1};
static const double order4[] = {0.41449077179437573714, 0.41449077179437573714,
                                -0.65796308717750294857};
static const double order6[] = {0.39216144400731413928, 0.33259913678935943860,
                                -0.70624617255763935981, 0.082213596293550800230,
                                0.79854399093482996340};
static const double order8[] = {
    0.13020248308889008087881763, 0.56116298177510838456196441,  -0.38947496264484728640807860,
    0.15884190655515560089621075, -0.39590389413323757733623154, 0.18453964097831570709183254,
    0.25837438768632204729397911, 0.29501172360931029887096624,  -0.60550853383003451169892108};
static const struct {
    const double *w;
    int n;
} methods[] = {{order2, 1}, {order4, 3}, {order6, 5}, {order8, 9}};

static double weight(int order, int k)
{
    int n = methods[order].n;
    return methods[order].w[k < n ? k : 2 * n - 2 - k];
}

/* A power of two, 2^60 of which cover the range. */
static double quantum_for(double range)
{
    int exponent;
    (void)frexp(range, &exponent);
    return ldexp(1, exponent - 60);
}

static double largest(const orr_bodies *b, const double *x)
{
    double most = 0;
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t i = 0; i < b->n; i++)
            most = fmax(most, fabs(x[axis * b->stride + i]));
    return most;
}

static void show(const janus *self, orr_bodies *b)
{
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t k = axis * b->stride; k < axis * b->stride + b->n; k++) {
            b->pos[k] = (double)self->x[k] * self->quantum;
            b->vel[k] = (double)self->v[k] * self->speed_quantum;
        }
}

static orr_status prepare(void *state, orr_problem *p)
{
    janus *self = state;
    orr_bodies *b = p->bodies;
    const size_t n = orr_motion_length(p);
    orr_keep(p->memory, &self->x, n);
    orr_keep(p->memory, &self->v, n);
    orr_keep(p->memory, &self->acc, n);
    ORR_TRY(orr_kept(p->memory));
    const double room = 64; /* for escapes and close encounters */
    double x = largest(b, b->pos), v = largest(b, b->vel);
    if ((self->range > 0 && x > self->range) || (self->speed_range > 0 && v > self->speed_range)) {
        p->reason = "a body starts beyond 'range' or 'speed_range'";
        return ORR_E_ARGUMENT;
    }
    /* at rest, or almost: the speed of falling through the system */
    orr_step_report ignored = {0};
    ORR_TRY(orr_accelerate(p, p->t, self->acc, &ignored));
    double fall = sqrt(x * largest(b, self->acc));
    if (v < 0.01 * fall)
        v = fall;
    self->quantum = quantum_for(self->range > 0 ? self->range : room * x);
    self->speed_quantum = quantum_for(self->speed_range > 0 ? self->speed_range : room * v);
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t k = axis * b->stride; k < axis * b->stride + b->n; k++) {
            self->x[k] = llrint(b->pos[k] / self->quantum);
            self->v[k] = llrint(b->vel[k] / self->speed_quantum);
        }
    show(self, b);
    return ORR_OK;
}

/* sum += factor rate, rounded to whole numbers; false if that leaves the range.  Rounding is
 * symmetric: -factor subtracts what factor adds. */
static bool push(size_t stride, size_t count, int64_t *sum, double factor, const double *rate)
{
    const double most = 4e18;
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t k = axis * stride; k < axis * stride + count; k++) {
            double change = factor * rate[k];
            if (!(fabs(change) < most))
                return false;
            int64_t whole = llrint(change);
            sum[k] += whole; /* cannot overflow: both are below 4e18 */
            if (sum[k] > (int64_t)most || sum[k] < -(int64_t)most)
                return false;
        }
    return true;
}

static bool drift(janus *self, orr_bodies *b, double h)
{
    bool good = push(b->stride, b->n, self->x, h / self->quantum, b->vel);
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t k = axis * b->stride; k < axis * b->stride + b->n; k++)
            b->pos[k] = (double)self->x[k] * self->quantum;
    return good;
}

static bool kick(janus *self, orr_bodies *b, double h)
{
    bool good = push(b->stride, b->n, self->v, h / self->speed_quantum, self->acc);
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t k = axis * b->stride; k < axis * b->stride + b->n; k++)
            b->vel[k] = (double)self->v[k] * self->speed_quantum;
    return good;
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    janus *self = state;
    bool good = true;
    double t = p->t;
    for (int k = 0; k < 2 * methods[self->order].n - 1 && good; k++) {
        double w = weight(self->order, k) * h;
        good = drift(self, p->bodies, w / 2);
        ORR_TRY(orr_accelerate(p, t + w / 2, self->acc, report));
        good = good && kick(self, p->bodies, w) && drift(self, p->bodies, w / 2);
        t += w;
    }
    report->h_done = h;
    return good ? ORR_OK : ORR_E_RANGE;
}

static const orr_field fields[] = {
    ORR_STATE_VALUE(janus, quantum),
    ORR_STATE_VALUE(janus, speed_quantum),
    ORR_STATE_KEPT(janus, x),
    ORR_STATE_KEPT(janus, v),
    ORR_STATE_ROOM(janus, acc),
    {.name = "order",
     .type = ORR_CHOICE,
     .offset = offsetof(janus, order),
     .fallback = 2,
     .role = ORR_OPTION,
     .choices = "2|4|6|8",
     .doc = "order of the composition"},
    {.name = "range",
     .type = ORR_DOUBLE,
     .dim = {1, 0, 0, 0},
     .offset = offsetof(janus, range),
     .max = 1e40,
     .role = ORR_OPTION,
     .doc = "no coordinate may exceed this; 0: 64 times the largest at the start"},
    {.name = "speed_range",
     .type = ORR_DOUBLE,
     .dim = {1, 0, -1, 0},
     .offset = offsetof(janus, speed_range),
     .max = 1e40,
     .role = ORR_OPTION,
     .doc = "the same for components of velocities"},
    {0}};

const orr_integrator orr_integrator_janus = {
    .name = "janus",
    .summary = "Whole-number arithmetic: forward and back returns every bit.",
    .reference = "10.1093/mnras/stx2570",
    .kind = "splitting",
    .order = 6,
    .evaluations = 9,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE,
    .fields = fields,
    .state_size = sizeof(janus),
    .prepare = prepare,
    .step = step,
};
