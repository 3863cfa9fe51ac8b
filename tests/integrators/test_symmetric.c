/* Starts in which something is zero, or would be but for rounding: pulls that cancel, bodies at
 * rest, in a line, in a plane, of the same mass, alone.  Every method of the registry runs each to
 * its end in about as many steps, and with about the energy error, as a twin of it that is a little
 * out of shape; or it refuses, with a sentence. */
#include "check.h"

#include <orrery/orrery.h>

#include <stdlib.h>

#include "simulate.h"

static const double pi = 3.14159265358979323846;

/* In a plane; at rest; outwards; along three axes. */
enum { CIRCLING, AT_REST, THROUGH, SPACE };

typedef struct problem {
    const char *name;
    double star; /* GM; 0: none; negative: a test body in its place */
    double gm;   /* of each body */
    int n;       /* on a circle, or in a line: -n */
    int motion;
    double nudge;           /* of one body along its circle; AT_REST: speed, of that of circling */
    double at[3], speed[3]; /* of the whole */
    double length, time;    /* units: all is scaled */
    double until;           /* [1/2 pi periods] */
} problem;

static const problem problems[] = {
    {"star and 1 planet", 1, 1e-5, 1, CIRCLING, 0, {0}, {0}, 1, 1, 40},
    {"star and 2 planets", 1, 1e-5, 2, CIRCLING, 0, {0}, {0}, 1, 1, 40},
    {"star and 3 planets", 1, 1e-5, 3, CIRCLING, 0, {0}, {0}, 1, 1, 20},
    {"star and 4 planets", 1, 1e-5, 4, CIRCLING, 0, {0}, {0}, 1, 1, 20},
    {"star and 5 planets", 1, 1e-5, 5, CIRCLING, 0, {0}, {0}, 1, 1, 20},
    {"star and 6 planets", 1, 1e-5, 6, CIRCLING, 0, {0}, {0}, 1, 1, 20},
    {"a ring", 1, 1e-7, 12, CIRCLING, 0, {0}, {0}, 1, 1, 10},
    {"2 planets, 1e-3 from symmetry", 1, 1e-5, 2, CIRCLING, 1e-3, {0}, {0}, 1, 1, 20},
    {"2 planets, 1e-6 from symmetry", 1, 1e-5, 2, CIRCLING, 1e-6, {0}, {0}, 1, 1, 20},
    {"2 planets, 1e-9 from symmetry", 1, 1e-5, 2, CIRCLING, 1e-9, {0}, {0}, 1, 1, 20},
    {"2 planets, 1e-12 from symmetry", 1, 1e-5, 2, CIRCLING, 1e-12, {0}, {0}, 1, 1, 20},
    {"2 planets, 1e-15 from symmetry", 1, 1e-5, 2, CIRCLING, 1e-15, {0}, {0}, 1, 1, 20},
    {"2 planets of 1e-12", 1, 1e-12, 2, CIRCLING, 0, {0}, {0}, 1, 1, 20},
    {"2 heavy planets", 1, 0.05, 2, CIRCLING, 0, {0}, {0}, 1, 1, 20},
    {"2 planets, elsewhere", 1, 1e-5, 2, CIRCLING, 0, {100, -50, 30}, {0}, 1, 1, 20},
    {"4 planets, far away", 1, 1e-5, 4, CIRCLING, 0, {1e4, -5e3, 3e3}, {0}, 1, 1, 10},
    {"2 planets, on their way", 1, 1e-5, 2, CIRCLING, 0, {0}, {3, 1, -2}, 1, 1, 20},
    {"2 planets, metres and seconds", 1, 1e-5, 2, CIRCLING, 0, {0}, {0}, 1.5e11, 5e6, 20},
    {"2 planets, tiny", 1, 1e-5, 2, CIRCLING, 0, {0}, {0}, 1e-13, 1e-9, 20},
    {"2 test bodies and a star", 1, 0, 2, CIRCLING, 0, {0}, {0}, 1, 1, 20},
    {"2 equal masses", 0, 1, 2, CIRCLING, 0, {0}, {0}, 1, 1, 10},
    {"Lagrange's triangle", 0, 1, 3, CIRCLING, 0, {0}, {0}, 1, 1, 5},
    {"a square", 0, 1, 4, CIRCLING, 0, {0}, {0}, 1, 1, 3},
    {"a pentagon", 0, 1, 5, CIRCLING, 0, {0}, {0}, 1, 1, 3},
    {"a hexagon", 0, 1, 6, CIRCLING, 0, {0}, {0}, 1, 1, 3},
    {"Euler's line", 1, 1, 2, CIRCLING, 0, {0}, {0}, 1, 1, 3},
    {"2 fall on a star", 1, 1e-3, 2, AT_REST, 0, {0}, {0}, 1, 1, 1},
    {"a stone falls", 1, 1e-9, 1, AT_REST, 0, {0}, {0}, 1, 1, 1},
    {"a square falls", 0, 1, 4, AT_REST, 0, {0}, {0}, 1, 1, 0.8},
    {"a triangle falls", 0, 1, 3, AT_REST, 0, {0}, {0}, 1, 1, 0.8},
    {"a cross falls on a star", 1, 0.1, 4, AT_REST, 0, {0}, {0}, 1, 1, 0.9},
    {"outwards along a line", 1, 0.01, 2, THROUGH, 0, {0}, {0}, 1, 1, 1},
    {"a square falls, almost at rest", 0, 1, 4, AT_REST, 1e-12, {0}, {0}, 1, 1, 0.8},
    {"a test body amid 4 masses", -1, 1, 4, CIRCLING, 0, {0}, {0}, 1, 1, 3},
    {"a test body amid 2 masses", -1, 1, 2, CIRCLING, 0, {0}, {0}, 1, 1, 10},
    {"a test body between 2 that fall", -1, 1, 2, AT_REST, 0, {0}, {0}, 1, 1, 0.8},
    {"6 planets along three axes", 1, 1e-5, 6, SPACE, 0, {0}, {0}, 1, 1, 6},
    {"a body at rest", 1, 0, 0, AT_REST, 0, {0}, {0}, 1, 1, 10},
    {"a body on its way", 1, 0, 0, AT_REST, 0, {0}, {1, 2, 3}, 1, 1, 10},
    {"2 test bodies", 0, 0, 2, CIRCLING, 0, {0}, {0}, 1, 1, 10},
};
enum { PROBLEMS = sizeof problems / sizeof *problems };

/* Bodies on a circle of radius 1, at equal distances: the speed that keeps them there. */
static double circling(const problem *q)
{
    double pull = fmax(fmax(q->star, 0), 0);
    for (int k = 1; k < q->n; k++)
        pull += q->gm / (4 * sin(pi * k / q->n));
    return sqrt(pull);
}

static void add(orr_bodies *b, const problem *q, const double pos[3], const double vel[3],
                double gm, size_t id)
{
    double L = q->length, T = q->time;
    orr_body body = {.gm = gm * L * L * L / T / T, .id = id};
    body.role = gm > 0 ? ORR_ACTIVE : ORR_TEST;
    for (int c = 0; c < 3; c++) {
        body.pos[c] = (pos[c] + q->at[c]) * L;
        body.vel[c] = (vel[c] + q->speed[c]) * L / T;
    }
    CHECK_OK(orr_bodies_add(b, body, NULL));
}

/* bent: one of the bodies is a tenth along its circle, and where nothing circles, moves. */
static orr_bodies make(const problem *q, bool bent)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, (size_t)q->n + 1));
    double speed = circling(q);
    if (q->star != 0)
        add(&b, q, (double[3]){0}, (double[3]){0}, fmax(q->star, 0), 0);
    for (int k = 0; k < q->n; k++) {
        double nudge = k == q->n - 1 ? (q->motion == AT_REST ? 0 : q->nudge) + (bent ? 0.1 : 0) : 0;
        double angle = 2 * pi * k / q->n + nudge, x = cos(angle), y = sin(angle);
        double place[3] = {x, y, 0}, v[3] = {-speed * y, speed * x, 0};
        double slow = q->motion == AT_REST ? (bent ? 0.05 : q->nudge) : 1;
        for (int c = 0; c < 3; c++) {
            v[c] = q->motion == THROUGH ? place[c] : slow * v[c];
            if (q->motion == SPACE) { /* there and back on each axis; to the next one */
                int side = k % 2 ? -1 : 1;
                place[c] = c == k / 2 ? side : bent && k == 5 ? 0.1 : 0;
                v[c] = c == (k / 2 + 1) % 3 ? side * speed : 0;
            }
        }
        add(&b, q, place, v, q->gm, (size_t)k + 1);
    }
    return b;
}

typedef struct outcome {
    orr_status status;
    bool too_many; /* steps */
    uint64_t steps, evaluations;
    double error; /* of the energy, relative */
    char why[300];
} outcome;

static double energy(orr_sim *sim)
{
    orr_conserved c;
    CHECK_OK(orr_sim_conserved(sim, &c));
    return c.kinetic + c.potential;
}

static outcome run(const orr_integrator *m, const problem *q, bool bent, uint64_t most)
{
    outcome o = {0};
    orr_bodies b = make(q, bent);
    bool fixed = !(m->traits & ORR_ADAPTIVE);
    double end = q->until * q->time;
    const orr_option longest = {"max_step", end, 0, NULL};
    orr_sim *sim = simulate(&b, m->name, fixed ? 0.02 * q->time : 0, &longest, !fixed);
    o.status = orr_sim_run_until(sim, 0);
    double before = o.status == ORR_OK ? energy(sim) : 0;
    orr_snapshot s = orr_sim_snapshot(sim);
    while (o.status == ORR_OK && s.t < end && !o.too_many) {
        o.status = orr_sim_step(sim, 1);
        s = orr_sim_snapshot(sim);
        orr_sim_counters c = orr_sim_count(sim);
        o.steps = c.steps, o.evaluations = c.evaluations;
        o.too_many = c.steps > most || c.evaluations > 40 * most;
    }
    if (o.status != ORR_OK)
        snprintf(o.why, sizeof o.why, "%s", orr_sim_message(sim));
    else if (before != 0)
        o.error = fabs(energy(sim) / before - 1);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
    return o;
}

static void all(void **state)
{
    (void)state;
    const orr_integrator *m;
    int bad = 0;
    for (size_t i = 0; (m = orr_integrator_at(i)); i++)
        for (size_t k = 0; k < PROBLEMS; k++) {
            const problem *q = &problems[k];
            outcome twin = run(m, q, true, 20000);
            outcome o = run(m, q, false, 2 * twin.steps + 100);
            bool refused = strlen(o.why) > 20 &&
                           (o.status == ORR_E_INCOMPATIBLE ||
                            (o.status == ORR_E_RANGE && strcmp(q->name, "a body on its way") == 0));
            bool good = refused || (o.status == ORR_OK && !o.too_many &&
                                    o.error <= 30 * twin.error + (m->order == 5 ? 1e-10 : 1e-12));
            if (!good || (refused && twin.status == ORR_OK) ||
                (twin.status != ORR_OK && !refused) ||
                (getenv("SHOW") && strstr(m->name, getenv("SHOW")))) {
                print_message("%s%-17s %-31s %6d %6d steps %.1e  twin %d %6d %.1e  %s\n",
                              good ? "" : "! ", m->name, q->name, (int)o.status, (int)o.steps,
                              o.error, (int)twin.status, (int)twin.steps, twin.error,
                              o.too_many ? "too many" : o.why);
                bad += !good;
            }
        }
    CHECK(bad == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
