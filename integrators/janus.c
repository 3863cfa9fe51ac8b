/* Janus: exactly reversible.  Positions and velocities are whole numbers of a tiny quantum; every
 * drift and kick adds a whole number that depends on the other half of the state alone, so a step
 * back subtracts the very same numbers: not a bit is lost, however long the run.
 *
 * Rein & Tamayo 2018, MNRAS 473, 3351, doi 10.1093/mnras/stx2570.  The steps are symmetric
 * compositions of leapfrog steps of the given order; the quantum is 2^-60 of `range`.  Test bodies
 * have quanta of their own, so that massive bodies do not depend on how far out they are. */
#include "shared/motion.h"

#include <math.h>
#include <string.h>

typedef struct janus {
    int order; /* index into the choices */
    double range, speed_range;
    double quantum[2], speed_quantum[2]; /* of massive, test bodies [length], [length/time]; powers
                                            of two */
    int64_t *x, *v;                      /* [3 stride] */
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

/* The bodies with mass: part 0; without: part 1. */
static size_t begin_of(const orr_bodies *b, int part)
{
    return part == 0 ? 0 : b->n_active + b->n_passive;
}

static size_t end_of(const orr_bodies *b, int part)
{
    return part == 0 ? b->n_active + b->n_passive : b->n;
}

static double largest(const orr_bodies *b, int part, const double *x)
{
    double most = 0;
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t i = begin_of(b, part); i < end_of(b, part); i++)
            most = fmax(most, fabs(x[axis * b->stride + i]));
    return most;
}

/* Whole numbers to lengths, or to velocities. */
static void show(const orr_bodies *b, const int64_t *from, const double quantum[2], double *to)
{
    for (int part = 0; part < 2; part++)
        for (size_t axis = 0; axis < 3; axis++)
            for (size_t i = begin_of(b, part); i < end_of(b, part); i++)
                to[axis * b->stride + i] = (double)from[axis * b->stride + i] * quantum[part];
}

static void take(const orr_bodies *b, const double *from, const double quantum[2], int64_t *to)
{
    for (int part = 0; part < 2; part++)
        for (size_t axis = 0; axis < 3; axis++)
            for (size_t i = begin_of(b, part); i < end_of(b, part); i++)
                to[axis * b->stride + i] = llrint(from[axis * b->stride + i] / quantum[part]);
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
    orr_step_report ignored = {0};
    for (int part = 0; part < 2; part++)
        if ((self->range > 0 && largest(b, part, b->pos) > self->range) ||
            (self->speed_range > 0 && largest(b, part, b->vel) > self->speed_range)) {
            p->reason = "a body starts beyond 'range' or 'speed_range'";
            return ORR_E_ARGUMENT;
        }
    ORR_TRY(orr_accelerate(p, p->t, self->acc, &ignored));
    for (int part = 0; part < 2; part++) {
        double x = largest(b, part, b->pos), v = largest(b, part, b->vel);
        if (part == 1) { /* they may be anywhere among the massive ones */
            x = fmax(x, largest(b, 0, b->pos));
            v = fmax(v, largest(b, 0, b->vel));
        }
        /* at rest, or almost: the speed of falling through the system */
        double fall = sqrt(x * largest(b, part, self->acc));
        if (v < 0.01 * fall)
            v = fall;
        self->quantum[part] = quantum_for(self->range > 0 ? self->range : room * x);
        self->speed_quantum[part] =
            quantum_for(self->speed_range > 0 ? self->speed_range : room * v);
    }
    take(b, b->pos, self->quantum, self->x);
    take(b, b->vel, self->speed_quantum, self->v);
    show(b, self->x, self->quantum, b->pos);
    show(b, self->v, self->speed_quantum, b->vel);
    return ORR_OK;
}

/* sum += factor rate, rounded to whole numbers; false if that leaves the range.  Rounding is
 * symmetric: -factor subtracts what factor adds. */
static bool push(const orr_bodies *b, int64_t *sum, double factor, const double quantum[2],
                 const double *rate)
{
    const double most = 4e18;
    for (int part = 0; part < 2; part++)
        for (size_t axis = 0; axis < 3; axis++)
            for (size_t i = begin_of(b, part); i < end_of(b, part); i++) {
                size_t k = axis * b->stride + i;
                double change = factor / quantum[part] * rate[k];
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
    bool good = push(b, self->x, h, self->quantum, b->vel);
    show(b, self->x, self->quantum, b->pos);
    return good;
}

static bool kick(janus *self, orr_bodies *b, double h)
{
    bool good = push(b, self->v, h, self->speed_quantum, self->acc);
    show(b, self->v, self->speed_quantum, b->vel);
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
