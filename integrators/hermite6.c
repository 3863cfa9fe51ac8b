/* Hermite's scheme of sixth order with individual block time steps: star clusters to more digits,
 * at less cost than the fourth order wants for them.  The snap costs little: square root and
 * division set the pace of a pair.  Nitadori & Makino 2008, New Astron. 13, 498, doi
 * 10.1016/j.newast.2008.01.010 */
#include "shared/blocks.h"

#include "core/math/reproducible.h"

/* From acc, jerk and snap at both ends the acceleration is a quintic. */
static void correct(double dt, const double *f, const double *then, double *dx, double *dv,
                    double higher[4])
{
    const double v0 = f[1], a0 = f[2], j0 = f[3], s0 = f[4];
    const double a1 = then[0], j1 = then[1], s1 = then[2];
    *dv = dt / 2 * (a0 + a1) + dt * dt / 10 * (j0 - j1) + dt * dt * dt / 120 * (s0 + s1);
    *dx = dt / 2 * (v0 + (v0 + *dv)) + dt * dt / 10 * (a0 - a1) + dt * dt * dt / 120 * (j0 + j1);

    /* a = sum_k c_k (tau / h)^k about the middle of the step, h = dt / 2; sums and differences of
     * the ends give even and odd terms */
    const double h = dt / 2;
    double j_odd = h * (j1 - j0), s_even = h * h * (s1 + s0);
    double a_odd = a1 - a0, j_even = h * (j1 + j0), s_odd = h * h * (s1 - s0);
    double c5 = (s_odd - 3 * (j_even - a_odd)) / 16, c3 = (j_even - a_odd) / 4 - 2 * c5;
    double c4 = (s_even - j_odd) / 16;
    higher[0] = (6 * c3 + 24 * c4 + 60 * c5) / (h * h * h);
    higher[1] = (24 * c4 + 120 * c5) / (h * h * h * h);
    higher[2] = 120 * c5 / (h * h * h * h * h);
}

static double criterion(double eta, const double *size)
{
    const double a = size[0], j = size[1], s = size[2], a3 = size[3], a4 = size[4], a5 = size[5];
    double low = sqrt(a * s + j * j), high = sqrt(a3 * a5 + a4 * a4);
    return high > 0 ? eta * orr_cbrt(low / high) : INFINITY;
}

static const orr_hermite scheme = {.derivatives = 6,
                                   .want = ORR_WANT_SNAP,
                                   .noise = 6000,
                                   .coarse_from = 0.4,
                                   .correct = correct,
                                   .criterion = criterion};

static orr_status step(void *self, orr_problem *p, double h, orr_step_report *report)
{
    return orr_blocks_step(&scheme, self, p, h, report);
}

static const orr_field fields[] = {
    ORR_BLOCKS_FIELDS(
        0.75,
        "eta of the generalised Aarseth criterion; for planets and lasting binaries take 0.2"),
    {0}};

const orr_integrator orr_integrator_hermite6 = {
    .name = "hermite6",
    .summary = "Hermite scheme of sixth order, block steps: star clusters to many digits.",
    .reference = "10.1016/j.newast.2008.01.010",
    .kind = "Hermite",
    .order = 6,
    .traits = ORR_ADAPTIVE | ORR_NEEDS_JERK | ORR_NEEDS_SUBSETS,
    .fields = fields,
    .state_size = sizeof(orr_blocks),
    .prepare = orr_blocks_prepare,
    .step = step,
};
