/* IAS15: implicit integrator with adaptive steps, 15th order, on Gauss-Radau spacings.
 *
 * Everhart 1985, doi 10.1007/978-94-009-5400-7_17 (the method); Rein & Spiegel 2015, MNRAS 446,
 * 1424, doi 10.1093/mnras/stu2164 (error control down to round-off); Pham, Rein & Spiegel 2024,
 * Open J. Astrophys. 7, doi 10.21105/astro.2401.02849 (the step criterion).
 *
 * In a step, with tau = (t - t0)/h from 0 to 1, the acceleration is a polynomial, in two forms:
 *
 *     a = a0 + b0 tau + b1 tau^2 + ... + b6 tau^7                                            (b)
 *     a = a0 + g0 tau + g1 tau (tau - tau1) + ... + g6 tau (tau - tau1) ... (tau - tau6)     (g)
 *
 * g_k follows from the accelerations at nodes 0 .. k + 1; then the b's change by c_kj times the
 * change of g_k.  Positions and velocities at the nodes are integrals of (b): iterate until b6
 * stands still. The b's of the last step, carried forward by Taylor's theorem, start the next. */
#include "shared/adaptive.h"

#include <string.h>

#include "core/math/reproducible.h"

enum { NODES = 8, ORDERS = NODES - 1, MOST_ITERATIONS = 12 };

/* Gauss-Radau on [0, 1], of degree 8, with the left end. */
static const double tau[NODES] = {0,
                                  0.0562625605369221464656521910318,
                                  0.180240691736892364987579942780,
                                  0.352624717113169637373907769648,
                                  0.547153626330555383001448554766,
                                  0.734210177215410531523210605558,
                                  0.885320946839095768090359771030,
                                  0.977520613561287501891174488626};

typedef struct ias15 {
    orr_adaptive adaptive;
    bool have_b;                                  /* from a step before */
    double h_b;                                   /* [time] the step that b belongs to */
    double *x0, *v0, *a0, *acc, *x0_low, *v0_low; /* [3 n] */
    double *raw;                                  /* [3 stride] */
    double *b, *g, *expected;                     /* [ORDERS][3 n] */
    double *was, *missed;     /* b of the last step, and what its forecast missed */
    double c[ORDERS][ORDERS]; /* from g to b */
    double node[NODES];       /* tau, rounded so that all differences are exact */
} ias15;

/* tau (tau - tau1) ... (tau - tau_k) = tau sum_j c_kj tau^j */
static void expand_products(double c[ORDERS][ORDERS], const double *node)
{
    memset(c, 0, sizeof(double[ORDERS][ORDERS]));
    c[0][0] = 1;
    for (int k = 1; k < ORDERS; k++)
        for (int j = 0; j <= k; j++)
            c[k][j] = (j > 0 ? c[k - 1][j - 1] : 0) - node[k] * c[k - 1][j];
}

static orr_status prepare(void *state, orr_problem *p)
{
    ias15 *self = state;
    const size_t n = orr_motion_length(p);
    double **vectors[] = {&self->x0,     &self->v0,     &self->a0, &self->acc,
                          &self->x0_low, &self->v0_low, &self->raw};
    double **matrices[] = {&self->b, &self->g, &self->expected, &self->was, &self->missed};
    for (size_t k = 0; k < sizeof vectors / sizeof *vectors; k++)
        orr_keep(p->memory, vectors[k], n);
    for (size_t k = 0; k < sizeof matrices / sizeof *matrices; k++)
        orr_keep(p->memory, matrices[k], ORDERS * n);
    self->have_b = false;
    self->h_b = 0;
    for (int k = 0; k < NODES; k++)
        self->node[k] = ldexp(rint(ldexp(tau[k], 52)), -52);
    expand_products(self->c, self->node);
    return orr_adaptive_prepare(&self->adaptive, p);
}

/* ---- the polynomial ---- */

/* Polynomials are kept without padding, [3 n]; bodies are laid out by stride. */
static size_t unknowns(const orr_problem *p)
{
    return 3 * p->bodies->n;
}

static void pack(const orr_bodies *b, const double *from, double *to)
{
    for (size_t axis = 0; axis < 3; axis++)
        memcpy(to + axis * b->n, from + axis * b->stride, b->n * sizeof *to);
}

static void unpack(const orr_bodies *b, const double *from, double *to)
{
    for (size_t axis = 0; axis < 3; axis++)
        memcpy(to + axis * b->stride, from + axis * b->n, b->n * sizeof *to);
}

/* out = x0 + tau h v0 + (tau h)^2 (a0 / 2 + sum_k b_k tau^(k+1) / ((k + 2)(k + 3))) */
static void positions(const ias15 *self, size_t n, double at, double h, double *restrict out)
{
    const double *restrict x0 = self->x0, *restrict v0 = self->v0, *restrict a0 = self->a0;
    const double *restrict b = self->b, *restrict low = self->x0_low;
    double w[ORDERS], s = at * h, power = s * s;
    for (int k = 0; k < ORDERS; k++)
        w[k] = (power *= at) / (double)((k + 2) * (k + 3));
    for (size_t i = 0; i < n; i++) {
        double sum = w[6] * b[6 * n + i] + w[5] * b[5 * n + i] + w[4] * b[4 * n + i] +
                     w[3] * b[3 * n + i] + w[2] * b[2 * n + i] + w[1] * b[n + i] + w[0] * b[i];
        out[i] = x0[i] + (s * v0[i] + (s * s / 2 * a0[i] + sum + low[i]));
    }
}

/* out = v0 + tau h (a0 + sum_k b_k tau^(k+1) / (k + 2)) */
static void velocities(const ias15 *self, size_t n, double at, double h, double *restrict out)
{
    const double *restrict v0 = self->v0, *restrict a0 = self->a0, *restrict b = self->b;
    double w[ORDERS], s = at * h, power = s;
    for (int k = 0; k < ORDERS; k++)
        w[k] = (power *= at) / (double)(k + 2);
    for (size_t i = 0; i < n; i++) {
        double sum = w[6] * b[6 * n + i] + w[5] * b[5 * n + i] + w[4] * b[4 * n + i] +
                     w[3] * b[3 * n + i] + w[2] * b[2 * n + i] + w[1] * b[n + i] + w[0] * b[i];
        out[i] = v0[i] + (s * a0[i] + sum);
    }
}

/* The acceleration at node k corrects g_(k-1), and that b_0 .. b_(k-1).  k is a constant wherever
 * this is called, so that the loops over orders vanish.  Divided by exact differences of nodes, not
 * multiplied by rounded inverses: the same rounding error in every step would be a drift. */
static inline __attribute__((always_inline)) void correct(ias15 *self, size_t n, const int k,
                                                          const double *restrict acc, double *worst)
{
    const double *restrict a0 = self->a0;
    double *restrict b = self->b, *restrict g = self->g, apart[NODES];
    double most = 0;
    for (int j = 0; j < k; j++)
        apart[j] = self->node[k] - self->node[j];
    for (size_t i = 0; i < n; i++) {
        double fresh = (acc[i] - a0[i]) / apart[0];
        for (int j = 1; j < k; j++)
            fresh = (fresh - g[(size_t)(j - 1) * n + i]) / apart[j];
        double change = fresh - g[(size_t)(k - 1) * n + i];
        g[(size_t)(k - 1) * n + i] = fresh;
        for (int j = 0; j < k - 1; j++)
            b[(size_t)j * n + i] += self->c[k - 1][j] * change;
        b[(size_t)(k - 1) * n + i] += change;
        double size = fabs(change);
        most = size > most ? size : most;
    }
    *worst = most;
}

static void correct_at(ias15 *self, size_t n, int k, const double *acc, double *worst)
{
    switch (k) {
    case 1:
        correct(self, n, 1, acc, worst);
        break;
    case 2:
        correct(self, n, 2, acc, worst);
        break;
    case 3:
        correct(self, n, 3, acc, worst);
        break;
    case 4:
        correct(self, n, 4, acc, worst);
        break;
    case 5:
        correct(self, n, 5, acc, worst);
        break;
    case 6:
        correct(self, n, 6, acc, worst);
        break;
    default:
        correct(self, n, 7, acc, worst);
    }
}

/* The g's that belong to the b's, by dividing off tau - tau1, tau - tau2, ... (Horner). */
static void newton_form(ias15 *self, size_t n)
{
    const double *restrict b = self->b;
    double *restrict g = self->g;
    for (size_t i = 0; i < n; i++) {
        double q[ORDERS];
        for (size_t k = 0; k < ORDERS; k++)
            q[k] = b[k * n + i];
        for (int k = 0; k < ORDERS - 1; k++)
            for (int j = ORDERS - 2; j >= k; j--)
                q[j] += self->node[k + 1] * q[j + 1];
        for (size_t k = 0; k < ORDERS; k++)
            g[k * n + i] = q[k];
    }
}

/* And back, by multiplying: at the end of a step, since the b's have gathered rounded c's. */
static void power_form(ias15 *self, size_t n)
{
    const double *restrict g = self->g;
    double *restrict b = self->b;
    for (size_t i = 0; i < n; i++) {
        double q[ORDERS];
        for (size_t k = 0; k < ORDERS; k++)
            q[k] = g[k * n + i];
        for (int k = ORDERS - 2; k >= 0; k--)
            for (int j = k; j < ORDERS - 1; j++)
                q[j] -= self->node[k + 1] * q[j + 1];
        for (size_t k = 0; k < ORDERS; k++)
            b[k * n + i] = q[k];
    }
}

/* Carry the polynomial of the last step on into one of length h, corrected by what such a forecast
 * missed last time. */
static void forecast(ias15 *self, size_t n, double h)
{
    const double farthest = 16; /* of the last step: beyond that its polynomial says nothing */
    if (!self->have_b || fabs(h) > farthest * fabs(self->h_b)) {
        memset(self->b, 0, ORDERS * n * sizeof(double));
        memset(self->expected, 0, ORDERS * n * sizeof(double));
        return;
    }
    static const double choose[ORDERS][ORDERS] = {
        {1, 2, 3, 4, 5, 6, 7},   {0, 1, 3, 6, 10, 15, 21}, {0, 0, 1, 4, 10, 20, 35},
        {0, 0, 0, 1, 5, 15, 35}, {0, 0, 0, 0, 1, 6, 21},   {0, 0, 0, 0, 0, 1, 7},
        {0, 0, 0, 0, 0, 0, 1}}; /* [k][j]: j + 1 over k + 1 */
    const double *restrict was = self->was, *restrict missed = self->missed;
    double *restrict b = self->b, *restrict expected = self->expected;
    double ratio = h / self->h_b, power = 1;
    for (size_t k = 0; k < ORDERS; k++) {
        power *= ratio;
        for (size_t i = 0; i < n; i++) {
            double sum = choose[k][6] * was[6 * n + i] + choose[k][5] * was[5 * n + i] +
                         choose[k][4] * was[4 * n + i] + choose[k][3] * was[3 * n + i] +
                         choose[k][2] * was[2 * n + i] + choose[k][1] * was[n + i] +
                         choose[k][0] * was[i];
            expected[k * n + i] = power * sum;
            b[k * n + i] = expected[k * n + i] + missed[k * n + i];
        }
    }
}

static double largest(size_t n, const double *x)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        double size = fabs(x[i]);
        most = size > most ? size : most;
    }
    return most;
}

/* Iterate the polynomial of a step of length h.  *converged: the last iteration changed b6 by less
 * than round-off, or no less than the one before. */
static orr_status iterate(ias15 *self, orr_problem *p, double h, bool *converged,
                          orr_step_report *report)
{
    const orr_bodies *bodies = p->bodies;
    const size_t n = unknowns(p);
    double last = INFINITY, change = 0, scale = 0;
    *converged = false;
    for (int round = 0; round < MOST_ITERATIONS && !*converged; round++) {
        for (int k = 1; k < NODES; k++) {
            positions(self, n, self->node[k], h, self->acc);
            unpack(bodies, self->acc, bodies->pos);
            if (p->velocity_forces) {
                velocities(self, n, self->node[k], h, self->acc);
                unpack(bodies, self->acc, bodies->vel);
            }
            ORR_TRY(orr_accelerate(p, p->t + self->node[k] * h, self->raw, report));
            pack(bodies, self->raw, self->acc);
            correct_at(self, n, k, self->acc, &change);
        }
        scale = largest(n, self->acc);
        *converged = change <= 1e-16 * scale || (round > 1 && change >= last);
        last = change;
    }
    *converged = *converged && change <= 1e-12 * scale; /* false for NaN */
    return ORR_OK;
}

/* True if what changes the pull on body i during the step is no more than rounding makes of pulls
 * that cancel: then its derivatives are noise, the same in any step, however short.  Divided
 * differences over the nodes make of errors of 1/2 in the accelerations up to 2.6e4 in a b. */
static bool is_noise(const ias15 *self, const orr_problem *p, size_t i, double acc)
{
    const size_t n = p->bodies->n;
    double most = 0;
    for (size_t k = 0; k < 3 * ORDERS; k++)
        most = fmax(most, fabs(self->b[k * n + i]));
    return most <= 1e5 * orr_pull_noise(p, i, acc);
}

/* Length of a step whose error is the tolerance: (5040 tolerance)^(1/7) times the shortest time
 * scale of a body, sqrt(2) |a| / sqrt(|a'|^2 + |a| |a''|), at the end of the step h.  Where pulls
 * cancel, as in the middle of a symmetric figure, |a| says nothing; then the same ratio of the next
 * derivatives, at a fifth, sets a floor (an addition to the paper).  A body on which all pulls
 * cancel down to rounding says nothing at all. */
static double wanted(const ias15 *self, const orr_problem *p, double h)
{
    const orr_bodies *b = p->bodies;
    const size_t n = 3 * b->n;
    const double accuracy = orr_exp(orr_log(5040 * self->adaptive.tolerance) / 7);
    const double floor = 0.04;
    double least = INFINITY;
    for (size_t i = 0; i < b->n; i++) {
        double size[4] = {0}; /* squares of a, a', a'', a''' times powers of h */
        for (size_t axis = 0; axis < 3; axis++) {
            size_t at = axis * b->n + i;
            double d[4] = {0};
            for (int k = ORDERS - 1; k >= 0; k--) {
                double bk = self->b[(size_t)k * n + at];
                d[0] += bk;
                d[1] += (k + 1) * bk;
                d[2] += (k + 1) * k * bk;
                d[3] += (k + 1) * k * (k - 1) * bk;
            }
            d[0] += self->a0[at];
            for (int k = 0; k < 4; k++)
                size[k] += d[k] * d[k];
        }
        if (size[0] == 0 && size[1] == 0 && size[2] == 0)
            continue; /* nothing pulls it */
        double square = 2 * size[0] / (size[1] + sqrt(size[0] * size[2]));
        double next = floor * 2 * size[1] / (size[2] + sqrt(size[1] * size[3]));
        if (next > square)
            square = next;
        if (square < least || isnan(square)) {
            bool shrinks = square * accuracy * accuracy < 1;
            if (shrinks && is_noise(self, p, i, sqrt(size[0])))
                continue;
            least = square;
        }
    }
    return sqrt(least) * fabs(h) * accuracy;
}

/* Positions and velocities at the end: the leading terms h v0 and h a0 without any rounding, then
 * the rest, smallest first. */
static void advance(ias15 *self, orr_problem *p, double h)
{
    const size_t n = unknowns(p);
    const orr_motion *motion = &self->adaptive.motion;
    const double *a0 = self->a0, *b = self->b;
    power_form(self, n);
    for (size_t i = 0; i < n; i++) {
        double x = b[6 * n + i] / 72 + b[5 * n + i] / 56 + b[4 * n + i] / 42 + b[3 * n + i] / 30 +
                   b[2 * n + i] / 20 + b[n + i] / 12 + b[i] / 6 + a0[i] / 2;
        self->acc[i] = h * x + self->v0_low[i];
    }
    unpack(p->bodies, self->v0, self->raw);
    orr_drift_exactly(motion, p, h, self->raw);
    unpack(p->bodies, self->acc, self->raw);
    orr_drift(motion, p, h, self->raw);
    for (size_t i = 0; i < n; i++)
        self->acc[i] = b[6 * n + i] / 8 + b[5 * n + i] / 7 + b[4 * n + i] / 6 + b[3 * n + i] / 5 +
                       b[2 * n + i] / 4 + b[n + i] / 3 + b[i] / 2;
    unpack(p->bodies, self->a0, self->raw);
    orr_kick_exactly(motion, p, h, self->raw);
    unpack(p->bodies, self->acc, self->raw);
    orr_kick(motion, p, h, self->raw);
}

static void put_back(const ias15 *self, orr_problem *p)
{
    unpack(p->bodies, self->x0, p->bodies->pos);
    unpack(p->bodies, self->v0, p->bodies->vel);
}

static void remember(ias15 *self, size_t n, double h)
{
    for (size_t k = 0; k < ORDERS * n; k++) {
        self->missed[k] = self->have_b ? self->b[k] - self->expected[k] : 0;
        self->was[k] = self->b[k];
    }
    self->have_b = true;
    self->h_b = h;
}

static orr_status step(void *state, orr_problem *p, double h_limit, orr_step_report *report)
{
    ias15 *self = state;
    orr_adaptive *adaptive = &self->adaptive;
    const orr_motion *motion = &adaptive->motion;
    const size_t n = unknowns(p);
    /* A step may be four times the one before, or a quarter: beyond that the forecast of the b's is
     * worth nothing (1/4: safety_factor of Rein & Spiegel).  One that was rejected is cut to what
     * its own error asks for, but by no more than fifty at once: the error of a step that was far
     * too long, whose series has not converged, is a guess. */
    const double most_change = 4, most_cut = 50;
    pack(p->bodies, p->bodies->pos, self->x0);
    pack(p->bodies, p->bodies->vel, self->v0);
    if (motion->compensated) {
        pack(p->bodies, motion->pos_low, self->x0_low);
        pack(p->bodies, motion->vel_low, self->v0_low);
    }
    ORR_TRY(orr_accelerate(p, p->t, self->raw, report));
    pack(p->bodies, self->raw, self->a0);
    double first = adaptive->h > 0 ? 0 : 0.05 * orr_time_scale(p, self->raw, NULL);
    double h = orr_adaptive_begin(adaptive, h_limit, isfinite(first) ? first : 1);
    for (;; report->rejected++) {
        if (orr_adaptive_too_short(adaptive, p->t, h) && h < fabs(h_limit))
            return ORR_E_STEP_TOO_SMALL;
        double signed_h = copysign(h, h_limit);
        bool converged;
        forecast(self, n, signed_h);
        newton_form(self, n);
        ORR_TRY(iterate(self, p, signed_h, &converged, report));
        double next = wanted(self, p, h);
        put_back(self, p);
        if (converged && next >= h / most_change) {
            bool told = next < most_change * h; /* by the step itself, even if it was cut */
            next = fmin(next, most_change * h);
            advance(self, p, signed_h);
            remember(self, n, signed_h);
            orr_adaptive_accept(adaptive, h, next, told ? (double)INFINITY : h_limit);
            report->h_done = signed_h;
            return ORR_OK;
        }
        h = next < h / 2 ? fmax(next, h / most_cut) : h / 2;
    }
}

static const orr_field fields[] = {
    ORR_ADAPTIVE_FIELDS(1e-9, 1e-13, "of the last term of a step; 1e-9 reaches round-off"),
    ORR_STATE_VALUE(ias15, have_b),
    ORR_STATE_VALUE(ias15, h_b),
    ORR_STATE_VALUE(ias15, c),
    ORR_STATE_VALUE(ias15, node),
    ORR_STATE_KEPT(ias15, x0),
    ORR_STATE_KEPT(ias15, v0),
    ORR_STATE_KEPT(ias15, a0),
    ORR_STATE_KEPT(ias15, acc),
    ORR_STATE_KEPT(ias15, x0_low),
    ORR_STATE_KEPT(ias15, v0_low),
    ORR_STATE_KEPT(ias15, raw),
    ORR_STATE_KEPT(ias15, b),
    ORR_STATE_KEPT(ias15, g),
    ORR_STATE_KEPT(ias15, expected),
    ORR_STATE_KEPT(ias15, was),
    ORR_STATE_KEPT(ias15, missed),
    {0}};

const orr_integrator orr_integrator_ias15 = {
    .name = "ias15",
    .summary = "Gauss-Radau, 15th order: round-off for any force, velocities and time included.",
    .reference = "10.1093/mnras/stu2164",
    .kind = "Gauss-Radau",
    .order = 15,
    .traits = ORR_ADAPTIVE | ORR_COUPLES_BODIES | ORR_SEEKS_DIGITS | ORR_TAKES_VELOCITY_FORCES,
    .fields = fields,
    .state_size = sizeof(ias15),
    .prepare = prepare,
    .step = step,
};
