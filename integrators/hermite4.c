/* Hermite's scheme of fourth order with individual block time steps: the workhorse of star
 * clusters.  Makino & Aarseth 1992, PASJ 44, 141 (1992PASJ...44..141M); the step is that of
 * Aarseth's criterion. */
#include "shared/blocks.h"

/* From acc and jerk at both ends the acceleration is a cubic; its integrals correct the motion. */
static void correct(double dt, const double *f, const double *then, double *dx, double *dv,
                    double higher[4])
{
    const double v0 = f[1], a0 = f[2], j0 = f[3], a1 = then[0], j1 = then[1];
    *dv = dt / 2 * (a0 + a1) + dt * dt / 12 * (j0 - j1);
    *dx = dt / 2 * (v0 + (v0 + *dv)) + dt * dt / 12 * (a0 - a1);
    /* second and third derivative at the end */
    double a3 = (12 * (a0 - a1) + 6 * dt * (j0 + j1)) / (dt * dt * dt);
    double a2 = (-6 * (a0 - a1) - dt * (4 * j0 + 2 * j1)) / (dt * dt) + dt * a3;
    higher[0] = a2;
    higher[1] = a3;
}

static double criterion(double eta, const double *size)
{
    const double a = size[0], j = size[1], a2 = size[2], a3 = size[3];
    return sqrt(eta * (a * a2 + j * j) / (j * a3 + a2 * a2));
}

static const orr_hermite scheme = {.derivatives = 4,
                                   .want = ORR_WANT_JERK,
                                   .noise = 100,
                                   .coarse_from = 0.01,
                                   .correct = correct,
                                   .criterion = criterion};

static orr_status step(void *self, orr_problem *p, double h, orr_step_report *report)
{
    return orr_blocks_step(&scheme, self, p, h, report);
}

static const orr_field fields[] = {
    ORR_BLOCKS_FIELDS(
        0.02, "eta of Aarseth's step criterion; for planets and lasting binaries take 0.002"),
    {0}};

const orr_integrator orr_integrator_hermite4 = {
    .name = "hermite4",
    .summary = "Hermite scheme, block steps: star clusters, every body at its own pace.",
    .reference = "1992PASJ...44..141M",
    .kind = "Hermite",
    .order = 4,
    .traits = ORR_ADAPTIVE | ORR_NEEDS_JERK | ORR_NEEDS_SUBSETS,
    .fields = fields,
    .state_size = sizeof(orr_blocks),
    .prepare = orr_blocks_prepare,
    .step = step,
};
