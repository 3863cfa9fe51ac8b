/* planets.c - Wisdom-Holman: time per step of one system, of many at once, of test particles, and
 * what energy error a second buys.  The yardstick is a chain of dependent fused multiply-adds,
 * timed in the same run: it tells the clock, and how far a step is from the arithmetic it consists
 * of. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/isa.h>
#include <orrery/scenario.h>

#include "bench.h"
#include "yardsticks.h"

static const double step = 5; /* [day] */
enum { STEPS = 200000, CHAIN = 10000000 };

typedef struct setting {
    const char *coordinates, *scheme, *corrector, *relativity;
} setting;

static orr_scenario load(const char *name)
{
    char path[512];
    orr_scenario s;
    orr_diagnosis why;
    static const char *const set[] = {"expect=[]"};
    const orr_scenario_changes changes = {.set = set, .n_set = 1};
    snprintf(path, sizeof path, "%s/scenarios/%s.yaml", SOURCE_DIR, name);
    if (orr_scenario_load(path, &changes, &s, &why) != ORR_OK) {
        fprintf(stderr, "%s: %s\n", path, why.text);
        exit(1);
    }
    return s;
}

/* Only the first n bodies, or more: copies of the last planet farther and farther out. */
static void resize(orr_bodies *b, size_t n)
{
    while (b->n > n)
        if (orr_bodies_remove(b, b->n - 1) != ORR_OK)
            exit(1);
    while (b->n < n) {
        orr_body last = orr_bodies_get(b, b->n - 1);
        for (int c = 0; c < 3; c++) {
            last.pos[c] *= 1.25;
            last.vel[c] /= sqrt(1.25);
        }
        last.id++;
        if (orr_bodies_add(b, last, NULL) != ORR_OK)
            exit(1);
    }
}

static void choose(orr_sim *sim, const setting *k)
{
    const orr_option o[] = {{"coordinates", 0, 0, k->coordinates},
                            {"scheme", 0, 0, k->scheme},
                            {"corrector", 0, 0, k->corrector},
                            {"relativity", 0, 0, k->relativity}};
    if (orr_sim_set_integrator(sim, orr_integrator_find("wh"), o, 4) != ORR_OK) {
        fprintf(stderr, "%s\n", orr_sim_message(sim));
        exit(1);
    }
}

static orr_sim *simulate(const char *scenario, size_t bodies, int threads, const setting *k)
{
    orr_scenario s = load(scenario);
    orr_diagnosis why;
    orr_sim *sim;
    if (bodies)
        resize(&s.bodies, bodies);
    s.step = step;
    if (orr_sim_from_scenario(&s, threads, &sim, &why) != ORR_OK) {
        fprintf(stderr, "%s\n", why.text);
        exit(1);
    }
    choose(sim, k);
    orr_scenario_free(&s);
    return sim;
}

static void run_steps(orr_sim *sim, double steps)
{
    if (orr_sim_run_until(sim, orr_sim_snapshot(sim).t + step * steps) != ORR_OK) {
        fprintf(stderr, "%s\n", orr_sim_message(sim));
        exit(1);
    }
}

static void run_one(void *user)
{
    run_steps(user, STEPS);
}

static void run_few(void *user)
{
    run_steps(user, STEPS / 10);
}

static volatile double sink;

static void run_chain(void *user)
{
    (void)user;
#ifdef BENCH_YARDSTICKS
    sink = yardstick_chain(CHAIN);
#endif
}

static void single_systems(void)
{
    static const struct {
        const char *name;
        size_t bodies;
        setting k;
    } all[] = {
        {"democratic heliocentric", 9, {"democratic-heliocentric", "leapfrog", "none", "none"}},
        {"the same with relativity",
         9,
         {"democratic-heliocentric", "leapfrog", "none", "potential"}},
        {"jacobi, corrector 17", 9, {"jacobi", "leapfrog", "17", "none"}},
        {"jacobi, corrector 17, relativity", 9, {"jacobi", "leapfrog", "17", "potential"}},
        {"lazy modified kick, corrector 17", 9, {"jacobi", "lazy", "17", "none"}},
        {"modified kick, corrector 17", 9, {"jacobi", "modified-kick", "17", "none"}},
        {"whds", 9, {"whds", "leapfrog", "none", "none"}},
        {"barycentric", 9, {"barycentric", "leapfrog", "none", "none"}},
        {"saba-10-6-4", 9, {"jacobi", "saba-10-6-4", "none", "none"}},
        {"2 planets, jacobi", 3, {"jacobi", "leapfrog", "none", "none"}},
        {"4 planets, jacobi", 5, {"jacobi", "leapfrog", "none", "none"}},
        {"16 planets, democratic", 17, {"democratic-heliocentric", "leapfrog", "none", "none"}},
        {"16 planets, jacobi", 17, {"jacobi", "leapfrog", "none", "none"}},
        {"24 planets, democratic", 25, {"democratic-heliocentric", "leapfrog", "none", "none"}},
        {"24 planets, jacobi", 25, {"jacobi", "leapfrog", "none", "none"}},
    };
    enum { N = sizeof all / sizeof *all };
    bench_case cases[N + 1] = {{"dependent fused multiply-add", run_chain, NULL, CHAIN}};
    for (size_t k = 0; k < N; k++)
        cases[k + 1] = (bench_case){all[k].name, run_one,
                                    simulate("planets", all[k].bodies, 1, &all[k].k), STEPS};
    bench_compare("planets", "s/step", true, false, 9, 1, 7, cases, N + 1, NULL);
    for (size_t k = 0; k < N; k++)
        orr_sim_destroy(cases[k + 1].user);
}

/* The first of `all` on every instruction set. */
static void instruction_sets(void)
{
    const setting k = {"democratic-heliocentric", "leapfrog", "none", "none"};
    const char *names[] = {"avx512", "avx2", "portable"}, *before = orr_isa();
    double first = 0;
    for (int i = 0; i < 3; i++) {
        if (orr_isa_select(names[i]) != ORR_OK)
            continue;
        orr_sim *sim = simulate("planets", 9, 1, &k);
        double best = INFINITY;
        for (int r = 0; r < 5; r++) {
            double t = bench_clock(false);
            run_few(sim);
            best = fmin(best, (bench_clock(false) - t) / (STEPS / 10));
        }
        first = first > 0 ? first : best;
        char name[64];
        snprintf(name, sizeof name, "democratic, %s", names[i]);
        bench_value("planets", name, "s/step", 9, best, first);
        orr_sim_destroy(sim);
    }
    if (orr_isa_select(before) != ORR_OK)
        exit(1);
}

enum { MEMBERS = 64 };

typedef struct crowd {
    orr_sim *sims[MEMBERS];
    int threads;
} crowd;

static void run_crowd(void *user)
{
    crowd *c = user;
    orr_status status[MEMBERS] = {0};
    double t = orr_sim_snapshot(c->sims[0]).t + step * STEPS / 20;
    orr_sims_run_until(c->sims, MEMBERS, t, c->threads, status);
    for (int k = 0; k < MEMBERS; k++)
        if (status[k] != ORR_OK)
            exit(1);
}

static void ensembles(void)
{
    static const struct {
        const char *name;
        size_t bodies;
        int threads;
        setting k;
    } all[] = {
        {"64 systems of 8 planets, democratic",
         9,
         1,
         {"democratic-heliocentric", "leapfrog", "none", "none"}},
        {"64 systems of 8 planets, jacobi", 9, 1, {"jacobi", "leapfrog", "none", "none"}},
        {"64 systems of 4 planets, democratic",
         5,
         1,
         {"democratic-heliocentric", "leapfrog", "none", "none"}},
        {"64 systems of 2 planets, democratic",
         3,
         1,
         {"democratic-heliocentric", "leapfrog", "none", "none"}},
        {"8 planets, democratic, two threads",
         9,
         2,
         {"democratic-heliocentric", "leapfrog", "none", "none"}},
    };
    enum { N = sizeof all / sizeof *all };
    static crowd crowds[N];
    bench_case cases[N];
    for (size_t k = 0; k < N; k++) {
        for (int m = 0; m < MEMBERS; m++)
            crowds[k].sims[m] = simulate("planets", all[k].bodies, 1, &all[k].k);
        crowds[k].threads = all[k].threads;
        cases[k] = (bench_case){all[k].name, run_crowd, &crowds[k], (double)MEMBERS * STEPS / 20};
    }
    bench_compare("planets", "s/step", true, true, 9, 1, 5, cases, N, NULL);
    for (size_t k = 0; k < N; k++)
        for (int m = 0; m < MEMBERS; m++)
            orr_sim_destroy(crowds[k].sims[m]);
}

static void run_belt(void *user)
{
    run_steps(user, 200);
}

static void particles(void)
{
    static const setting k = {"democratic-heliocentric", "leapfrog", "none", "none"};
    static const setting j = {"jacobi", "leapfrog", "none", "none"};
    double amount = 200. * 5000;
    bench_case cases[] = {
        {"5000 particles, democratic", run_belt, simulate("asteroid-belt", 0, 1, &k), amount},
        {"5000 particles, jacobi", run_belt, simulate("asteroid-belt", 0, 1, &j), amount},
        {"5000 particles, two threads", run_belt, simulate("asteroid-belt", 0, 2, &k), amount}};
    bench_compare("planets", "s/particle", true, true, 5009, 1, 9, cases, 3, NULL);
    for (int c = 0; c < 3; c++)
        orr_sim_destroy(cases[c].user);
}

/* Ten thousand years, looked at 400 times: the time and the greatest energy error. */
static void work_precision(void)
{
    static const struct {
        const char *name;
        double step;
        setting k;
    } all[] = {
        {"jacobi, corrector 17", 4, {"jacobi", "leapfrog", "17", "none"}},
        {"jacobi, corrector 17", 5, {"jacobi", "leapfrog", "17", "none"}},
        {"modified kick, corrector 17", 6, {"jacobi", "modified-kick", "17", "none"}},
        {"lazy, corrector 17", 6, {"jacobi", "lazy", "17", "none"}},
        {"saba-10-4", 16, {"jacobi", "saba-10-4", "none", "none"}},
        {"saba-10-6-4", 16, {"jacobi", "saba-10-6-4", "none", "none"}},
        {"sabac4", 10, {"jacobi", "sabac4", "none", "none"}},
        {"democratic", 5, {"democratic-heliocentric", "leapfrog", "none", "none"}},
    };
    double first = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        orr_scenario s = load("planets");
        orr_diagnosis why;
        orr_sim *sim;
        orr_conserved c;
        s.step = all[i].step;
        if (orr_sim_from_scenario(&s, 1, &sim, &why) != ORR_OK)
            exit(1);
        choose(sim, &all[i].k);
        double e0 = 0, worst = 0, seconds = 0, years = 1e4 * 365.25;
        for (int look = 0; look <= 400; look++) {
            double t = bench_clock(false);
            if (orr_sim_run_until(sim, years * look / 400) != ORR_OK)
                exit(1);
            seconds += bench_clock(false) - t;
            if (orr_sim_conserved(sim, &c) != ORR_OK)
                exit(1);
            if (look == 0)
                e0 = c.kinetic + c.potential;
            worst = fmax(worst, fabs((c.kinetic + c.potential) / e0 - 1));
        }
        orr_sim_counters count = orr_sim_count(sim);
        first = first > 0 ? first : seconds;
        char name[64];
        snprintf(name, sizeof name, "%s, %g d", all[i].name, all[i].step);
        bench_work("Sun + 8 planets, 1e4 yr", name, 9, seconds, &count, worst, seconds / first);
        orr_sim_destroy(sim);
        orr_scenario_free(&s);
    }
}

void bench_planets(void)
{
    single_systems();
    instruction_sets();
    ensembles();
    particles();
    work_precision();
}
