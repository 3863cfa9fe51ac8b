/* gravity.c - gravity of many bodies: the force `fmm` against `direct` and a plain pair kernel, at
 * several accuracies, for Plummer spheres; instruction sets; threads; memory.
 *
 * N = 1e4, 1e5, 1e6, or what the environment says: ORR_BENCH_BODIES="1e7". */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/force_error.h>
#include <orrery/orrery.h>

#include "base/arena.h"
#include "base/team.h"
#include "bench.h"
#include "yardsticks.h"

/* Summation of all pairs up to here; beyond it, time is that of so many bodies times N^2. */
enum { MOST_DIRECT = 100000, PART = 32768, SAMPLE = 1000 };

static const double accuracies[] = {2e-2, 1e-2, 5e-3, 3e-3, 2e-3, 1e-3, 7e-4, 5e-4, 3e-4,
                                    2e-4, 1e-4, 5e-5, 2e-5, 1e-5, 5e-6, 2e-6, 1e-6};
enum { ACCURACIES = sizeof accuracies / sizeof *accuracies };

typedef struct sphere {
    orr_bodies bodies;
    double *acc;
} sphere;

/* One way to find accelerations of a sphere. */
typedef struct way {
    const sphere *on;
    const orr_force *force; /* NULL: the pair kernel */
    orr_option option;
    const char *isa;
    int threads;
    orr_arena scratch; /* kept from call to call, as in a run */
    char name[64];
} way;

/* ---- spheres ---- */

static double uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return ((double)(*state >> 12) + 0.5) * 0x1p-52;
}

/* Plummer 1911: equal masses, total GM 1, Henon units, the innermost 0.999 of the mass. */
static sphere make(size_t n)
{
    const double scale = 3 * acos(-1) / 16;
    sphere s;
    uint64_t state = 1;
    if (orr_bodies_init(&s.bodies, n) != ORR_OK)
        exit(1);
    for (size_t k = 0; k < n; k++) {
        orr_body b = {.gm = 1.0 / (double)n, .id = k};
        double r = scale / sqrt(pow(0.999 * uniform(&state), -2.0 / 3) - 1);
        double up = 2 * uniform(&state) - 1, angle = 2 * acos(-1) * uniform(&state);
        double flat = r * sqrt(1 - up * up);
        b.pos[0] = flat * cos(angle), b.pos[1] = flat * sin(angle), b.pos[2] = r * up;
        if (orr_bodies_add(&s.bodies, b, NULL) != ORR_OK)
            exit(1);
    }
    s.acc = orr_allocate_large(3 * s.bodies.stride * sizeof(double));
    if (!s.acc)
        exit(1);
    return s;
}

static void release(sphere *s)
{
    orr_bodies_free(&s->bodies);
    free(s->acc);
}

/* ---- ways ---- */

static void accelerate(way *w, const orr_bodies *bodies)
{
    void *state = calloc(1, w->force->state_size);
    orr_eval r = {.want = ORR_WANT_ACC, .threads = w->threads, .acc = w->on->acc};
    if (!state || orr_isa_select(w->isa) != ORR_OK)
        exit(1);
    orr_fields_defaults(w->force->fields, state);
    memset(r.acc, 0, 3 * bodies->stride * sizeof *r.acc);
    orr_arena_reset(&w->scratch);
    if ((w->option.name && orr_fields_set(w->force->fields, state, &w->option) != ORR_OK) ||
        w->force->add(state, bodies, &r, &w->scratch) != ORR_OK)
        exit(1);
    free(state);
}

static void run_all(void *user)
{
    way *w = user;
    accelerate(w, &w->on->bodies);
}

/* The first PART bodies on each other. */
static void run_part(void *user)
{
    way *w = user;
    orr_bodies part = w->on->bodies;
    part.n = part.n_active = PART;
    accelerate(w, &part);
}

#ifdef BENCH_YARDSTICKS
/* At least PART bodies, so that n = 0 (mod 16). */
static void run_pairs(void *user)
{
    way *w = user;
    const orr_bodies *b = &w->on->bodies;
    size_t s = b->stride;
    yardstick_rsqrt(&(orr_p2p){.x = b->pos,
                               .y = b->pos + s,
                               .z = b->pos + 2 * s,
                               .gm = b->gm,
                               .eps2 = 1e-12,
                               .ax = w->on->acc,
                               .ay = w->on->acc + s,
                               .az = w->on->acc + 2 * s},
                    b->n < PART ? b->n / 16 * 16 : PART);
}
#endif

static way by_fmm(const sphere *s, double accuracy)
{
    way w = {.on = s,
             .force = orr_force_find("fmm"),
             .option = {"accuracy", accuracy, 0, NULL},
             .isa = orr_kernels_at(0)->name,
             .threads = 1,
             .scratch = {.is_scratch = true}};
    snprintf(w.name, sizeof w.name, "fmm, accuracy %g", accuracy);
    return w;
}

/* Rows of other units for one accuracy: what error is left, and what memory it took. */
static void weigh(const way *w)
{
    orr_option option = w->option;
    orr_force_choice gravity = {.type = w->force, .options = &option, .n_options = 1};
    const orr_scenario s = {.bodies = w->on->bodies, .forces = &gravity, .n_forces = 1};
    orr_force_error e;
    if (orr_scenario_force_error(&s, SAMPLE, false, 1, &e) != ORR_OK)
        exit(1);
    const struct {
        const char *what;
        double value;
    } rows[] = {{"rms", e.rms}, {"median", e.median}, {"99 %", e.most_99}, {"largest", e.largest}};
    char name[96];
    size_t n = w->on->bodies.n;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        snprintf(name, sizeof name, "%s: %s", w->name, rows[k].what);
        bench_value("gravity", name, "error", n, rows[k].value, e.accuracy);
    }
    snprintf(name, sizeof name, "%s: scratch", w->name);
    bench_value("gravity", name, "bytes/body", n, (double)orr_arena_held(&w->scratch) / (double)n,
                200);
}

/* ---- what is measured ---- */

/* One thread, CPU time: every accuracy beside `direct` and the pair kernel. */
static void against_direct(const sphere *s)
{
    size_t n = s->bodies.n, count = 0;
    bool whole = n <= MOST_DIRECT;
    way ways[ACCURACIES + 2];
    bench_case cases[ACCURACIES + 2];
    double bodies = (double)n, share = whole ? bodies : PART * (PART / bodies);
    ways[count] = (way){.on = s,
                        .force = orr_force_find("direct"),
                        .isa = orr_kernels_at(0)->name,
                        .threads = 1,
                        .scratch = {.is_scratch = true}};
    cases[count] = (bench_case){whole ? "direct" : "direct, extrapolated from 32768",
                                whole ? run_all : run_part, &ways[count], share};
    count++;
#ifdef BENCH_YARDSTICKS
    ways[count] = (way){.on = s};
    double part = n < PART ? (double)(n / 16 * 16) : PART;
    cases[count] = (bench_case){n < PART ? "rsqrt14 pairs" : "rsqrt14 pairs, from 32768", run_pairs,
                                &ways[count], part * part / bodies};
    count++;
#endif
    size_t first = count, step = n > 1000000 ? 4 : n > 100000 ? 2 : 1;
    for (size_t k = step - 1; k < ACCURACIES; k += step, count++) {
        ways[count] = by_fmm(s, accuracies[k]);
        cases[count] = (bench_case){ways[count].name, run_all, &ways[count], bodies};
    }
    bench_compare("gravity", "bodies/s", false, false, n, 1,
                  n > MOST_DIRECT ? 3
                  : n > 10000     ? 5
                                  : 9,
                  cases, count, NULL);
    for (size_t k = 0; k < count; k++) {
        if (k >= first)
            weigh(&ways[k]);
        orr_arena_free(&ways[k].scratch);
    }
}

/* One accuracy with every instruction set. */
static void sets(const sphere *s, double accuracy)
{
    way ways[4];
    bench_case cases[4];
    size_t count = 0;
    const orr_kernels *kernels;
    size_t most = s->bodies.n > 10000 ? 2 : 4; /* the portable one is slow */
    for (; count < most && (kernels = orr_kernels_at(count)); count++) {
        ways[count] = by_fmm(s, accuracy);
        ways[count].isa = kernels->name;
        snprintf(ways[count].name, sizeof ways[count].name, "fmm %g, %s", accuracy, kernels->name);
        cases[count] = (bench_case){ways[count].name, run_all, &ways[count], (double)s->bodies.n};
    }
    bench_compare("gravity-sets", "bodies/s", false, false, s->bodies.n, 1, 5, cases, count, NULL);
    for (size_t k = 0; k < count; k++)
        orr_arena_free(&ways[k].scratch);
}

/* One thread against all of them, wall time. */
static void threads(const sphere *s, double accuracy)
{
    way one = by_fmm(s, accuracy), many = one;
    many.threads = orr_processors();
    snprintf(one.name, sizeof one.name, "fmm %g, one thread", accuracy);
    snprintf(many.name, sizeof many.name, "fmm %g, %d threads", accuracy, many.threads);
    double n = (double)s->bodies.n;
    bench_case cases[2] = {{one.name, run_all, &one, n}, {many.name, run_all, &many, n}};
    bench_compare("gravity-threads", "bodies/s", false, true, s->bodies.n, many.threads,
                  s->bodies.n > 100000 ? 3 : 15, cases, 2, NULL);
    orr_arena_free(&one.scratch);
    orr_arena_free(&many.scratch);
}

static void one_size(size_t n)
{
    sphere s = make(n);
    against_direct(&s);
    for (double accuracy = 1e-3; n < 1000000 && accuracy > 5e-6; accuracy /= 10)
        sets(&s, accuracy);
    threads(&s, 3e-4);
    if (n <= 1000000)
        threads(&s, 1e-5);
    release(&s);
}

void bench_gravity(void)
{
    const char *text = getenv("ORR_BENCH_BODIES");
    char *end;
    if (!text)
        text = "1e4 1e5 1e6";
    for (double n; (n = strtod(text, &end)) >= 1000 && n <= 1e9; text = end)
        one_size((size_t)n);
    if (orr_isa_select(orr_kernels_at(0)->name) != ORR_OK)
        exit(1);
}
