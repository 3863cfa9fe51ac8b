/* precision.c - work against precision: what methods cost on the problems by which they are judged,
 * and the error that they leave. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/scenario.h>

#include "bench.h"

/* The error of a finished run: of energy, or of position. */
typedef double measure(orr_sim *sim, const orr_bodies *start);

typedef struct problem {
    const char *name;
    const char *file, *text; /* of the gallery, or the scenario itself */
    const char *without[3];  /* bodies to leave out */
    const char *until;       /* replaces run.to */
    measure *error;
    const char *methods[12]; /* what stands in integrator: { method: ... } */
} problem;

static double energy(orr_sim *sim)
{
    orr_conserved c;
    if (orr_sim_conserved(sim, &c) != ORR_OK)
        exit(1);
    return c.kinetic + c.potential;
}

static double energy_at_start;

static double energy_error(orr_sim *sim, const orr_bodies *start)
{
    (void)start;
    return fabs(energy(sim) / energy_at_start - 1);
}

/* How far body 1 is from where it began, seen from body 0: after whole periods. */
static double return_error(orr_sim *sim, const orr_bodies *start)
{
    orr_body a = orr_bodies_get(orr_sim_snapshot(sim).bodies, 0), a0 = orr_bodies_get(start, 0);
    orr_body b = orr_bodies_get(orr_sim_snapshot(sim).bodies, 1), b0 = orr_bodies_get(start, 1);
    double sum = 0;
    for (int c = 0; c < 3; c++)
        sum += pow((b.pos[c] - a.pos[c]) - (b0.pos[c] - a0.pos[c]), 2);
    return sqrt(sum);
}

/* Against the quadruple-precision solution at t = 50 (references: Pythagorean problem). */
static double pythagorean_error(orr_sim *sim, const orr_bodies *start)
{
    (void)start;
    static const double want[3][2] = {{-2.701461409265525, -3.797222682722448},
                                      {1.505938192420681, 0.960813424938376},
                                      {0.416126291622770, 1.509682869682768}};
    double worst = 0;
    for (size_t i = 0; i < 3; i++)
        for (int c = 0; c < 2; c++) {
            orr_body b = orr_bodies_get(orr_sim_snapshot(sim).bodies, i);
            worst = fmax(worst, fabs(b.pos[c] - want[i][c]));
        }
    return worst;
}

#define CLUSTER(count)                                                                             \
    "units: { G: 1 }\nintegrator: { method: hermite6 }\nrun: { to: 1 }\nrecenter: true\n"          \
    "groups:\n  - { generate: plummer, name: star, count: " #count                                 \
    ", mass: 1, radius: 0.5890486225480862, seed: 1 }\n"

/* a = 1, total GM = 1, from the apocentre; a thousand periods */
static const char binary[] =
    "units: { G: 1 }\nintegrator: { method: taylor }\nrun: { to: 6283.185307179586 }\nbodies:\n"
    "  - { name: A, mass: 0.5, position: [-0.995, 0, 0], velocity: [0, -0.0354440602504168, 0] }\n"
    "  - { name: B, mass: 0.5, position: [0.995, 0, 0], velocity: [0, 0.0354440602504168, 0] }\n";

static const problem problems[] = {
    {.name = "Sun and 8 planets, 1000 yr",
     .file = "solar-system",
     .without = {"Moon", "Pluto"},
     .until = "1000 yr",
     .error = energy_error,
     .methods = {"ias15", "taylor", "bulirsch-stoer", "rkn12", "verner9", "dop853",
                 "gauss12, step: 6 day", "blanes-moan6, step: 1.5 day", "kahan-li8, step: 3 day",
                 "leapfrog, step: 0.05 day"}},
    {.name = "Sun and 4 giants, 1e5 yr",
     .file = "outer-planets",
     .without = {"Pluto"},
     .until = "1e5 yr",
     .error = energy_error,
     .methods = {"ias15", "taylor", "bulirsch-stoer", "gauss12, step: 300 day",
                 "blanes-moan6, step: 60 day"}},
    {.name = "binary, e = 0.99, 1000 orbits",
     .text = binary,
     .until = "6283.185307179586",
     .error = return_error,
     .methods = {"ias15", "taylor", "bulirsch-stoer", "dop853", "regularized",
                 "regularized, tolerance: 1e-12"}},
    {.name = "Pythagorean problem to t = 50",
     .file = "pythagorean",
     .until = "50",
     .error = pythagorean_error,
     .methods = {"ias15", "taylor", "bulirsch-stoer", "dop853", "regularized",
                 "regularized, form: ttl"}},
    {.name = "Plummer sphere, N = 1024, to t = 1",
     .text = CLUSTER(1024),
     .until = "1",
     .error = energy_error,
     .methods = {"hermite4", "hermite6", "hermite6, tolerance: 0.4", "leapfrog, step: 0.0001"}},
    {.name = "Plummer sphere, N = 1024, to t = 10",
     .text = CLUSTER(1024),
     .until = "10",
     .error = energy_error,
     .methods = {"hermite4", "hermite6"}},
    {.name = "Plummer sphere, N = 4096, to t = 1",
     .text = CLUSTER(4096),
     .until = "1",
     .error = energy_error,
     .methods = {"hermite4", "hermite6", "hermite6, tolerance: 0.9"}},
};

static void leave_out(orr_scenario *s, const char *name)
{
    for (size_t i = 0; i < s->bodies.n; i++)
        if (strcmp(orr_names_get(&s->names, s->bodies.id[i]), name) == 0 &&
            orr_bodies_remove(&s->bodies, i) != ORR_OK)
            exit(1);
}

/* One run; CPU time, error, and what was counted. */
static double run(const problem *p, const char *method, double *error, orr_sim_counters *count,
                  size_t *n)
{
    char set[160], path[512];
    const char *list[] = {set, "recenter=true", "expect=[]"};
    const orr_scenario_changes changes = {.set = list, .n_set = 3, .until = p->until};
    orr_scenario s;
    orr_diagnosis why;
    orr_sim *sim;
    snprintf(set, sizeof set, "integrator={ method: %s }", method);
    snprintf(path, sizeof path, SOURCE_DIR "/scenarios/%s.yaml", p->file ? p->file : "");
    orr_status status =
        p->file ? orr_scenario_load(path, &changes, &s, &why)
                : orr_scenario_parse(p->name, p->text, strlen(p->text), &changes, &s, &why);
    for (int k = 0; status == ORR_OK && k < 3 && p->without[k]; k++)
        leave_out(&s, p->without[k]);
    orr_bodies start = {0};
    double end = status == ORR_OK ? s.t_end : 0;
    if (status == ORR_OK)
        status = orr_bodies_copy(&start, &s.bodies);
    if (status == ORR_OK)
        status = orr_sim_from_scenario(&s, 1, &sim, &why);
    if (status != ORR_OK) {
        fprintf(stderr, "%s: %s\n", p->name, why.text);
        exit(1);
    }
    energy_at_start = energy(sim);
    double t = bench_clock(false);
    status = orr_sim_run_until(sim, end);
    t = bench_clock(false) - t;
    if (status != ORR_OK)
        fprintf(stderr, "%s: %s\n", p->name, orr_sim_message(sim));
    *error = p->error(sim, &start);
    *count = orr_sim_count(sim);
    *n = start.n;
    orr_sim_destroy(sim);
    orr_bodies_free(&start);
    orr_scenario_free(&s);
    return t;
}

static void judge(const problem *p, const char *method, double *first)
{
    double best = INFINITY, error = 0;
    orr_sim_counters count;
    size_t n;
    for (int repeat = 0; repeat < 3; repeat++)
        best = fmin(best, run(p, method, &error, &count, &n));
    *first = *first > 0 ? *first : best;
    bench_work(p->name, method, n, best, &count, error, best / *first);
}

/* Every method of the registry, at two steps or tolerances. */
static void every_method(void)
{
    const problem kepler = {.name = "ellipse, e = 0.5, 100 orbits",
                            .file = "kepler",
                            .until = "100 yr",
                            .error = return_error};
    const orr_integrator *m;
    double first = 0;
    judge(&kepler, "leapfrog, step: 0.001 yr", &first);
    for (size_t k = 0; (m = orr_integrator_at(k)); k++)
        for (int fine = 0; fine < 2; fine++) {
            char method[96];
            const orr_field *tolerance = orr_field_find(m->fields, "tolerance");
            if (tolerance)
                snprintf(method, sizeof method, "%s, tolerance: %g", m->name,
                         tolerance->fallback * (fine                        ? 1
                                                : m->order <= 6 && m->order ? 4
                                                                            : 1e4));
            else
                snprintf(method, sizeof method, "%s, step: %s yr", m->name,
                         fine ? "0.002" : "0.008");
            judge(&kepler, method, &first);
        }
}

void bench_precision(void)
{
    every_method();
    for (size_t k = 0; k < sizeof problems / sizeof *problems; k++) {
        double first = 0;
        for (size_t m = 0; problems[k].methods[m]; m++)
            judge(&problems[k], problems[k].methods[m], &first);
    }
}
