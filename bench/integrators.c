/* integrators.c - time per step of every method of fixed step on the Solar System of the gallery,
 * and what the engine around the arithmetic costs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/scenario.h>
#include <orrery/vector.h>

#include "base/arena.h"
#include "bench.h"
#include "kernels/kernels.h"

enum { STEPS = 200000 };

static orr_sim *solar_system(const orr_integrator *method)
{
    orr_scenario s;
    orr_diagnosis why;
    orr_sim *sim;
    static const char *const set[] = {"integrator={ method: leapfrog, step: 0.05 day }",
                                      "expect=[]"};
    const orr_scenario_changes changes = {.set = set, .n_set = 2};
    if (orr_scenario_load(SOURCE_DIR "/scenarios/solar-system.yaml", &changes, &s, &why) !=
            ORR_OK ||
        orr_sim_from_scenario(&s, 1, &sim, &why) != ORR_OK ||
        (method && orr_sim_set_integrator(sim, method, NULL, 0) != ORR_OK)) {
        fprintf(stderr, "%s\n", why.text);
        exit(1);
    }
    orr_scenario_free(&s);
    return sim;
}

static void run_engine(void *user)
{
    orr_sim *sim = user;
    orr_snapshot now = orr_sim_snapshot(sim);
    if (orr_sim_run_until(sim, now.t + 0.05 * STEPS) != ORR_OK)
        exit(1);
}

/* The same arithmetic as leapfrog, kick-drift-kick, with compensated sums, and nothing around it:
 * kernels and vector operations called directly. */
typedef struct bare {
    orr_bodies bodies;
    double *acc, *pos_low, *vel_low;
} bare;

static void run_bare(void *user)
{
    bare *s = user;
    orr_bodies *b = &s->bodies;
    size_t stride = b->stride, n = 3 * stride;
    orr_p2p g = {.x = b->pos,
                 .y = b->pos + stride,
                 .z = b->pos + 2 * stride,
                 .gm = b->gm,
                 .ax = s->acc,
                 .ay = s->acc + stride,
                 .az = s->acc + 2 * stride};
    orr_pull *pull = orr_kernels_selected()->acc;
    const double h = 0.05;
    for (int k = 0; k < STEPS; k++) {
        orr_axpy_compensated(n, b->vel, s->vel_low, h / 2, s->acc, 1);
        orr_axpy_compensated(n, b->pos, s->pos_low, h, b->vel, 1);
        memset(s->acc, 0, n * sizeof(double));
        for (size_t target = 0; target < b->n; target += 8)
            pull(&g, target, 0, b->n, 0, b->n);
        orr_axpy_compensated(n, b->vel, s->vel_low, h / 2, s->acc, 1);
    }
}

void bench_integrators(void)
{
    orr_sim *sim = solar_system(NULL);
    bare s = {0};
    if (orr_bodies_copy(&s.bodies, orr_sim_snapshot(sim).bodies) != ORR_OK)
        exit(1);
    size_t bytes = 3 * s.bodies.stride * sizeof(double);
    s.acc = aligned_alloc(64, bytes);
    s.pos_low = aligned_alloc(64, bytes);
    s.vel_low = aligned_alloc(64, bytes);
    memset(s.acc, 0, bytes), memset(s.pos_low, 0, bytes), memset(s.vel_low, 0, bytes);

    bench_case cases[BENCH_MOST_CASES] = {{"leapfrog arithmetic alone", run_bare, &s, STEPS}};
    size_t count = 1;
    const orr_integrator *method;
    for (size_t k = 0; (method = orr_integrator_at(k)) && count < BENCH_MOST_CASES; k++)
        if (!(method->traits & ORR_ADAPTIVE)) /* those: suite precision */
            cases[count++] = (bench_case){method->name, run_engine, solar_system(method), STEPS};
    bench_compare("integrators", "s/step", true, false, s.bodies.n, 1, 9, cases, count, NULL);

    for (size_t k = 1; k < count; k++)
        orr_sim_destroy(cases[k].user);
    orr_sim_destroy(sim);
    orr_bodies_free(&s.bodies);
    free(s.acc), free(s.pos_low), free(s.vel_low);
}
