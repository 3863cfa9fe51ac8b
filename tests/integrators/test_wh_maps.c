/* The maps of Wisdom-Holman, every scheme in every kind of coordinates with and without relativity,
 * where nothing hides their faults: one or two planets, under strong relativity.  A symmetric map
 * goes back the way it came; a symplectic one keeps its energy error bounded; and the error follows
 * the step with an even power, at least the second. */
#include "check.h"

#include <orrery/orrery.h>

#include <stdlib.h>

#include "random_bodies.h"
#include "simulate.h"

typedef struct map {
    const char *coordinates, *scheme, *corrector, *relativity;
} map;

static orr_bodies system_of(size_t planets)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 3));
    const orr_body bodies[] = {
        {.gm = 1, .pos = {0.1, 0.2, 0.3}, .vel = {0.01, 0, 0.02}},
        {.gm = 3e-3, .pos = {0.9, 0.2, 0.25}, .vel = {0, 1.2, 0.1}, .id = 1},
        {.gm = 2e-3, .pos = {-2.1, -1.0, 0.4}, .vel = {0.35, -0.6, -0.05}, .id = 2}};
    for (size_t k = 0; k <= planets; k++)
        CHECK_OK(orr_bodies_add(&b, bodies[k], NULL));
    return b;
}

static orr_sim *simulation_at(const orr_bodies *b, const map *m, double step, double speed_of_light)
{
    const orr_option o[] = {{"coordinates", 0, 0, m->coordinates},
                            {"scheme", 0, 0, m->scheme},
                            {"corrector", 0, 0, m->corrector},
                            {"relativity", 0, 0, m->relativity}};
    return simulate_with(b, "wh", step, o, 4, speed_of_light);
}

/* The speed of light is 25: pericentres turn by 2 degrees an orbit, some 4e4 times as far as
 * Mercury's. */
static orr_sim *simulation(const orr_bodies *b, const map *m, double step)
{
    return simulation_at(b, m, step, 25);
}

static double energy(orr_sim *sim)
{
    orr_conserved c;
    CHECK_OK(orr_sim_conserved(sim, &c));
    return c.kinetic + c.potential;
}

typedef struct course {
    double most, growth; /* relative energy error: the greatest; of the mean, from third to third */
} course;

/* And the simulation is destroyed. */
static course watch(orr_sim *sim, double end)
{
    enum { LOOKS = 150 };
    course c = {0};
    double start = 0, mean[3] = {0};
    CHECK_OK(orr_sim_run_until(sim, 0));
    start = energy(sim);
    for (int k = 0; k < LOOKS; k++) {
        CHECK_OK(orr_sim_run_until(sim, end * (k + 0.37 * (k % 3)) / LOOKS));
        double error = energy(sim) / start - 1;
        c.most = fmax(c.most, fabs(error));
        mean[3 * k / LOOKS] += 3 * error / LOOKS;
    }
    c.growth = fabs(mean[2] - mean[0]);
    orr_sim_destroy(sim);
    return c;
}

static course follow(const orr_bodies *b, const map *m, double step, double end)
{
    return watch(simulation(b, m, step), end);
}

/* There and back, relative to the size of the system. */
static double returns(const orr_bodies *b, const map *m, double step, int steps)
{
    orr_sim *sim = simulation(b, m, step);
    double worst = 0;
    CHECK_OK(orr_sim_run_until(sim, steps * step));
    CHECK_OK(orr_sim_run_until(sim, 0));
    const orr_bodies *now = orr_sim_snapshot(sim).bodies;
    for (size_t k = 0; k < 3 * b->stride; k++)
        if (k % b->stride < b->n)
            worst = fmax(worst, fabs(now->pos[k] - b->pos[k]));
    orr_sim_destroy(sim);
    return worst;
}

/* All combinations, one by one; false: no more. */
static bool combination(int number, map *m, char text[2][64])
{
    static const char *const relativity[] = {"none", "potential"};
    const orr_integrator *wh = orr_integrator_find("wh");
    const orr_field *kinds = orr_field_find(wh->fields, "coordinates");
    const orr_field *schemes = orr_field_find(wh->fields, "scheme");
    int kind = number / 2 % 4, scheme = number / 8;
    if (!orr_field_choice(schemes, scheme, text[1], 64))
        return false;
    CHECK(orr_field_choice(kinds, kind, text[0], 64));
    *m = (map){text[0], text[1], scheme < 4 && number / 2 % 2 ? "7" : "none",
               relativity[number % 2]};
    return true;
}

static bool takes(const map *m)
{
    bool commutator = strstr(m->scheme, "abac") || strstr(m->scheme, "babc") ||
                      strcmp(m->scheme, "modified-kick") == 0 || strcmp(m->scheme, "lazy") == 0;
    return strcmp(m->coordinates, "jacobi") == 0 || !commutator;
}

/* Of the energy error in the step, at least.  Two orders of the interaction are right where a kick
 * solves all of it, as in Jacobi coordinates; elsewhere jumps and pulls, or jumps and relativity,
 * do not commute, and a kick is of second order, however fine the scheme.  Composition under a
 * corrector leaves errors of several kinds that are as small as each other. */
static double least_order(const map *m)
{
    if (strcmp(m->scheme, "composition") == 0 && strcmp(m->corrector, "none") != 0)
        return 0.5;
    bool fourth =
        strstr(m->scheme, "-4") || ((strstr(m->scheme, "abac") || strstr(m->scheme, "babc")) &&
                                    m->scheme[strlen(m->scheme) - 1] != '1');
    return fourth && strcmp(m->coordinates, "jacobi") == 0 ? 3.6 : 1.7;
}

static void every_map(void **state)
{
    (void)state;
    char text[2][64];
    map m;
    int seen = 0, bad = 0;
    for (int number = 0; combination(number, &m, text); number++) {
        if (!takes(&m))
            continue;
        for (size_t planets = 1; planets <= 2; planets++) {
            orr_bodies b = system_of(planets);
            double step = 0.05, end = 100;
            course c = follow(&b, &m, step, 3 * end), coarse = follow(&b, &m, 2 * step, end),
                   fine = follow(&b, &m, step, end);
            double back = returns(&b, &m, step, 1000);
            double order = log2(coarse.most / fine.most);
            bool round_off = coarse.most < 1e-13;
            bool good = back < 1e-7 && (c.growth < 0.3 * c.most || c.growth < 3e-13) &&
                        (round_off || order > least_order(&m));
            if (!good || getenv("SHOW"))
                print_message("%s%-12s %-24s corrector %-4s relativity %-9s %zu: error %.1e, "
                              "growth %.1e, step^%.2f, back %.1e\n",
                              good ? "" : "! ", m.scheme, m.coordinates, m.corrector, m.relativity,
                              planets, c.most, c.growth, order, back);
            bad += !good;
            seen++;
            orr_bodies_free(&b);
        }
    }
    print_message("%d maps\n", seen);
    CHECK(bad == 0 && seen > 200);
}

/* Several systems at once, of 1 to 11 planets, in democratic coordinates with relativity: the bits
 * of each alone, with every instruction set. */
static void together(void **state)
{
    (void)state;
    enum { N = 11 };
    const char *names[] = {"portable", "avx2", "avx512"}, *before = orr_isa();
    const map m = {"democratic-heliocentric", "leapfrog", "none", "potential"};
    for (size_t planets = 1; planets <= 11; planets++) {
        uint64_t want[N] = {0};
        for (int isa = 0; isa < 3; isa++) {
            if (orr_isa_select(names[isa]) != ORR_OK)
                continue;
            orr_sim *all[N];
            orr_status status[N] = {0};
            for (size_t k = 0; k < N; k++) {
                orr_bodies b = random_planets(planets, 0, k + 1);
                all[k] = simulation(&b, &m, 0.1);
                orr_sim *alone = simulation(&b, &m, 0.1);
                CHECK_OK(orr_sim_run_until(alone, 20));
                uint64_t hash = orr_bodies_hash(orr_sim_snapshot(alone).bodies);
                want[k] = want[k] ? want[k] : hash;
                CHECK(hash == want[k]);
                orr_sim_destroy(alone);
                orr_bodies_free(&b);
            }
            orr_sims_run_until(all, N, 20, 1, status);
            for (size_t k = 0; k < N; k++) {
                CHECK_OK(status[k]);
                CHECK(orr_bodies_hash(orr_sim_snapshot(all[k]).bodies) == want[k]);
                orr_sim_destroy(all[k]);
            }
        }
    }
    CHECK_OK(orr_isa_select(before));
}

/* The Sun and Mercury at steps of 5 days: with the whole jump from before relativity, the energy
 * error grew by 1.2e-14 a step. */
static void sun_and_mercury(void **state)
{
    (void)state;
    static const char *const kinds[] = {"jacobi", "democratic-heliocentric", "whds", "barycentric"};
    enum { STEPS = 1000000 };
    const double au = 149597870.7, day = 86400; /* [km] [s] */
    for (int kind = 0; kind < 4; kind++)
        for (int together = 0; together < 2; together++) { /* with test bodies, which watch */
            orr_bodies b;
            CHECK_OK(orr_bodies_init(&b, 3));
            const double gm = 2.95912208e-4;
            orr_body mercury = {.pos = {0.3075}, .vel = {0, 0.03406}, .gm = 1.66e-7 * gm, .id = 1};
            CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = gm}, NULL));
            CHECK_OK(orr_bodies_add(&b, mercury, NULL));
            orr_body test = {.pos = {0, 1}, .vel = {-0.0172}, .id = 2, .role = ORR_TEST};
            if (together)
                CHECK_OK(orr_bodies_add(&b, test, NULL));
            map m = {kinds[kind], "leapfrog", "none", "potential"};
            orr_sim *sim = simulation_at(&b, &m, 5, 299792.458 / au * day);
            course c = watch(sim, together ? STEPS / 10 * 5. : STEPS * 5.);
            print_message("%-24s %s: error %.1e, growth %.1e\n", kinds[kind],
                          together ? "and a test body" : "", c.most, c.growth);
            CHECK(c.growth < 1e-9 && c.most < 4e-9);
            orr_bodies_free(&b);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_map), cmocka_unit_test(together),
                                       cmocka_unit_test(sun_and_mercury)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
