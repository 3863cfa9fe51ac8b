/* Wisdom-Holman: orders in step and masses, coordinates, particles, relativity, refusals, bits. */
#include "check.h"

#include <orrery/collisions.h>

#include <orrery/orrery.h>

#include <stdlib.h>

#include "random_bodies.h"
#include "simulate.h"
#include "base/arena.h"
#include "wisdom_holman/wh_planets.h"

/* Star and three planets with masses in proportion to eps. */
static orr_bodies system_of(double eps, size_t test)
{
    orr_bodies b = random_planets(3, test, 11);
    for (size_t k = 1; k < b.n_active; k++)
        b.gm[k] *= eps;
    return b;
}

static double greatest_energy_error(const orr_bodies *b, double step, const orr_option *o, size_t n)
{
    orr_sim *sim = simulate(b, "wh", step, o, n);
    orr_conserved c;
    CHECK_OK(orr_sim_run_until(sim, 0));
    CHECK_OK(orr_sim_conserved(sim, &c));
    double start = c.kinetic + c.potential, worst = 0;
    for (int k = 1; k <= 100; k++) {
        CHECK_OK(orr_sim_run_until(sim, k * 1.3));
        CHECK_OK(orr_sim_conserved(sim, &c));
        worst = fmax(worst, fabs((c.kinetic + c.potential) / start - 1));
    }
    orr_sim_destroy(sim);
    return worst;
}

/* The energy error of each scheme, where the masses rule and where their squares do: orders in the
 * step, measured; eps is the scale of planetary masses (1: 1e-4 of the star). */
static void orders(void **state)
{
    (void)state;
    static const struct {
        const char *scheme, *corrector, *coordinates;
        double eps, step; /* the larger of two steps, a factor of 2 apart */
        double order;     /* of the error in the step */
        double power;     /* of the (relative) error in the masses, when these shrink by 4 */
    } cases[] = {
        {"leapfrog", "none", "jacobi", 0.03, 0.125, 2, 2},
        {"leapfrog", "none", "democratic-heliocentric", 0.3, 0.125, 2, 2},
        {"leapfrog", "none", "whds", 0.3, 0.125, 2, 2},
        {"leapfrog", "none", "barycentric", 0.3, 0.125, 2, 2},
        {"leapfrog", "3", "jacobi", 0.3, 0.25, 4, 2},
        {"leapfrog", "5", "jacobi", 0.3, 0.25, 6, 2},
        {"leapfrog", "17", "jacobi", 30, 0.125, 2, 3},
        {"leapfrog", "17", "whds", 30, 0.125, 2, 3},
        {"modified-kick", "17", "jacobi", 30, 0.0625, 4, 3},
        {"lazy", "17", "jacobi", 30, 0.0625, 4, 3},
        {"composition", "17", "jacobi", 30, 0.0625, 4, 3},
        {"saba2", "none", "jacobi", 0.3, 0.25, 4, 2},
        {"saba3", "none", "jacobi", 30, 0.125, 2, 3},
        {"sabac2", "none", "jacobi", 0.3, 0.25, 4, 2},
        {"sabac4", "none", "jacobi", 30, 0.125, 4, 3},
        {"saba-8-4", "none", "jacobi", 30, 0.125, 4, 3},
        {"saba-10-4", "none", "jacobi", 30, 0.125, 4, 3},
        {"saba-8-6-4", "none", "democratic-heliocentric", 30, 0.5, 11, 2.3},
        {"saba-10-6-4", "none", "jacobi", 30, 1, 10, 2},
        {"sbab2", "none", "jacobi", 0.3, 0.25, 4, 2},
        {"sbab3", "none", "jacobi", 30, 0.125, 2, 3},
        {"sbabc3", "none", "jacobi", 30, 0.0625, 4, 3},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const orr_option o[] = {{"scheme", 0, 0, cases[k].scheme},
                                {"corrector", 0, 0, cases[k].corrector},
                                {"coordinates", 0, 0, cases[k].coordinates}};
        orr_bodies b = system_of(cases[k].eps, 0), light = system_of(cases[k].eps / 4, 0);
        double e1 = greatest_energy_error(&b, cases[k].step, o, 3);
        double e2 = greatest_energy_error(&b, cases[k].step / 2, o, 3);
        double e3 = greatest_energy_error(&light, cases[k].step, o, 3);
        double order = log2(e1 / e2), power = log2(e1 / e3) / 2;
        print_message("%-14s %-5s %-24s step^%.2f mass^%.2f  (%.1e)\n", cases[k].scheme,
                      cases[k].corrector, cases[k].coordinates, order, power, e1);
        CHECK_NEAR(order, cases[k].order, 0.3);
        CHECK_NEAR(power, cases[k].power, 0.45);
        orr_bodies_free(&b);
        orr_bodies_free(&light);
    }
}

/* Bodies to coordinates and back, with nothing done between. */
static void coordinates_round_trip(void **state)
{
    (void)state;
    for (size_t planets = 0; planets <= 19; planets++)
        for (int kind = 0; kind < 4; kind++) {
            orr_bodies b = random_planets(planets, 13, planets), before = {0};
            CHECK_OK(orr_bodies_copy(&before, &b));
            orr_arena memory = {0};
            orr_problem p = {.bodies = &b, .memory = &memory, .scratch = &memory, .threads = 1};
            orr_wh_system s;
            CHECK_OK(orr_wh_prepare(&s, &p, (orr_coordinates)kind, 0));
            memset(b.pos, 0, 3 * b.stride * sizeof(double));
            orr_wh_give(&s, &p);
            double size = pow(1.4, (double)planets) + 4;
            for (size_t k = 0; k < 3 * b.stride; k++) {
                if (k % b.stride >= b.n)
                    continue;
                CHECK_NEAR(b.pos[k], before.pos[k], 2e-15 * size);
                CHECK_NEAR(b.vel[k], before.vel[k], 2e-15);
            }
            orr_arena_free(&memory);
            orr_bodies_free(&b);
            orr_bodies_free(&before);
        }
}

static double distance(const orr_sim *a, const orr_sim *b, size_t i)
{
    const orr_body p = orr_bodies_get(orr_sim_snapshot(a).bodies, i);
    const orr_body q = orr_bodies_get(orr_sim_snapshot(b).bodies, i);
    return sqrt(pow(p.pos[0] - q.pos[0], 2) + pow(p.pos[1] - q.pos[1], 2) +
                pow(p.pos[2] - q.pos[2], 2));
}

/* All bodies, test particles too, come near the true orbits with the square of the step, in every
 * kind of coordinates; and particles leave the planets' bits alone. */
static void follows_the_truth(void **state)
{
    (void)state;
    const char *kinds[] = {"jacobi", "democratic-heliocentric", "whds", "barycentric"};
    orr_bodies b = system_of(3, 12), alone = system_of(3, 0);
    orr_sim *truth = simulate(&b, "ias15", 0, NULL, 0);
    CHECK_OK(orr_sim_run_until(truth, 20));
    for (int kind = 0; kind < 4; kind++) {
        const orr_option o[] = {{"coordinates", 0, 0, kinds[kind]}};
        double worst[2] = {0};
        for (int fine = 0; fine < 2; fine++) {
            double step = fine ? 0.025 : 0.05;
            orr_sim *sim = simulate(&b, "wh", step, o, 1),
                    *planets = simulate(&alone, "wh", step, o, 1);
            CHECK_OK(orr_sim_run_until(sim, 20));
            CHECK_OK(orr_sim_run_until(planets, 20));
            for (size_t k = 0; k < b.n; k++) {
                worst[fine] = fmax(worst[fine], distance(sim, truth, k));
                if (k < alone.n)
                    CHECK_BITS(orr_sim_snapshot(sim).bodies->pos[k],
                               orr_sim_snapshot(planets).bodies->pos[k]);
            }
            orr_sim_destroy(sim);
            orr_sim_destroy(planets);
        }
        print_message("%-24s %.1e %.1e\n", kinds[kind], worst[0], worst[1]);
        CHECK(worst[1] < 1e-4);
        CHECK_NEAR(log2(worst[0] / worst[1]), 2, 0.25);
    }
    orr_sim_destroy(truth);
    orr_bodies_free(&b);
    orr_bodies_free(&alone);
}

/* The pericentre of a test planet turns by 6 pi GM/(a (1 - e^2) c^2) an orbit. */
static void relativity_precesses(void **state)
{
    (void)state;
    const char *kinds[] = {"jacobi", "democratic-heliocentric", "whds", "barycentric"};
    for (int kind = 0; kind < 4; kind++)
        for (int massless = 0; massless < 2; massless++) {
            const orr_option o[] = {{"coordinates", 0, 0, kinds[kind]},
                                    {"relativity", 0, 0, "potential"}};
            double e = 0.3;
            orr_bodies b;
            CHECK_OK(orr_bodies_init(&b, 2));
            CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
            orr_body planet = {.pos = {1 - e}, .vel = {0, sqrt((1 + e) / (1 - e))}, .id = 1};
            planet.role = massless ? ORR_TEST : ORR_ACTIVE;
            planet.gm = massless ? 0 : 1e-9;
            CHECK_OK(orr_bodies_add(&b, planet, NULL));
            orr_sim *sim = simulate(&b, "wh", 0.05, o, 2); /* c = 100 */
            double mean[2] = {0}, orbit_time = 6.283185307179586;
            for (int k = 0; k < 400; k++) { /* over orbits 0 to 10, and 90 to 100 */
                int late = k >= 200;
                CHECK_OK(orr_sim_run_until(sim, ((late ? 90 : 0) + k % 200 * 0.05) * orbit_time));
                orr_body s = orr_bodies_get(orr_sim_snapshot(sim).bodies, 0);
                orr_body w = orr_bodies_get(orr_sim_snapshot(sim).bodies, 1);
                double x = w.pos[0] - s.pos[0], y = w.pos[1] - s.pos[1];
                double u = w.vel[0] - s.vel[0], v = w.vel[1] - s.vel[1], h = x * v - y * u;
                mean[late] += atan2(-h * u - y / hypot(x, y), h * v - x / hypot(x, y)) / 200;
            }
            double angle = mean[1] - mean[0];
            double want = 90 * 6 * 3.141592653589793 / ((1 - e * e) * 1e4);
            CHECK_NEAR(angle / want, 1, 0.003);
            orr_sim_destroy(sim);
            orr_bodies_free(&b);
        }
}

/* Every scheme in every kind of coordinates it takes, 0 to 20 planets with and without particles:
 * looking changes nothing, nor does the instruction set. */
static void same_bits(void **state)
{
    (void)state;
    const orr_integrator *wh = orr_integrator_find("wh");
    const orr_field *kinds = orr_field_find(wh->fields, "coordinates");
    const orr_field *schemes = orr_field_find(wh->fields, "scheme");
    const char *names[] = {"portable", "avx2", "avx512"}, *before = orr_isa();
    char kind[64], scheme[64];
    size_t planets = 0, combinations = 0;
    for (int i = 0; orr_field_choice(kinds, i, kind, sizeof kind); i++)
        for (int j = 0; orr_field_choice(schemes, j, scheme, sizeof scheme); j++) {
            bool jacobi_only = j == 1 || j == 2 || strstr(scheme, "abc") || strstr(scheme, "bac");
            if (i > 0 && jacobi_only)
                continue;
            planets = (planets + 1) % 21;
            orr_bodies b = random_planets(planets, jacobi_only ? 0 : planets % 3 * 5, planets);
            const orr_option o[] = {{"coordinates", 0, 0, kind},
                                    {"scheme", 0, 0, scheme},
                                    {"corrector", 0, 0, j < 4 ? "7" : "none"},
                                    {"relativity", 0, 0, j % 2 ? "potential" : "none"}};
            uint64_t want = 0;
            for (int k = 0; k < 3; k++) {
                if (orr_isa_select(names[k]) != ORR_OK)
                    continue;
                orr_sim *sim = simulate(&b, "wh", 0.1, o, 4);
                for (double t = 0.03; k && t < 3; t += 0.47) /* the others are watched */
                    CHECK_OK(orr_sim_run_until(sim, t));
                CHECK_OK(orr_sim_run_until(sim, 3.14));
                uint64_t got = orr_bodies_hash(orr_sim_snapshot(sim).bodies);
                want = want ? want : got;
                if (got != want)
                    print_error("%s, %s, %zu planets, %s\n", kind, scheme, planets, names[k]);
                CHECK(got == want);
                orr_sim_destroy(sim);
            }
            combinations++;
            orr_bodies_free(&b);
        }
    print_message("%zu combinations\n", combinations);
    CHECK(combinations > 80);
    CHECK_OK(orr_isa_select(before));
}

/* One particle leaves, one falls into the star, one meets a planet, one stays: three events, once
 * each and in order, whoever looks on; who is gone is not a number, and the others do not notice.
 */
static void removals(void **state)
{
    (void)state;
    const char *kinds[] = {"jacobi", "democratic-heliocentric", "whds", "barycentric"};
    for (int kind = 0; kind < 4; kind++)
        for (int watched = 0; watched < 2; watched++) {
            orr_bodies b;
            CHECK_OK(orr_bodies_init(&b, 6));
            CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .radius = 0.05}, NULL));
            const orr_body others[] = {
                {.pos = {1, 0, 0}, .vel = {0, 1, 0}, .gm = 1e-3, .id = 1},
                {.pos = {3, 0, 0}, .vel = {0.9, 0, 0}, .id = 10, .role = ORR_TEST},
                {.pos = {0, 2, 0}, .vel = {0.02, 0, 0}, .id = 11, .role = ORR_TEST},
                {.pos = {cos(0.5), sin(0.5), 0},
                 .vel = {sin(0.5), -cos(0.5), 0},
                 .id = 12,
                 .role = ORR_TEST},
                {.pos = {0, 0, 2}, .vel = {0.7, 0, 0}, .id = 13, .role = ORR_TEST}};
            for (int k = 0; k < 5; k++)
                CHECK_OK(orr_bodies_add(&b, others[k], NULL));
            const orr_option o[] = {{"coordinates", 0, 0, kinds[kind]}};
            orr_collisions rules = orr_collisions_default();
            rules.rule = ORR_CONTACT_REMOVE, rules.remove_beyond = 10;
            rules.remove_within_hill = 1;
            orr_sim *sim = simulate(&b, "wh", 0.01, o, 1);
            CHECK_OK(orr_sim_set_collisions(sim, &rules));
            for (double t = 0.005; watched && t < 60; t += 1.234567)
                CHECK_OK(orr_sim_run_until(sim, t));
            CHECK_OK(orr_sim_run_until(sim, 60));
            size_t n;
            const orr_event *e = orr_sim_events(sim, &n);
            for (size_t k = 0; n != 3 && k < n; k++)
                print_error("%g: %d %d %d %g\n", e[k].t, (int)e[k].a, (int)e[k].b, (int)e[k].kind,
                            e[k].separation);
            CHECK(n == 3);
            for (size_t k = 0; k < n; k++) {
                if (kind == 0 && !watched)
                    print_message("t = %.2f: %d hits %d, kind %d, %.4f apart\n", e[k].t,
                                  (int)e[k].a, (int)e[k].b, (int)e[k].kind, e[k].separation);
                CHECK(k == 0 || e[k].t > e[k - 1].t);
                orr_event_kind want = e[k].a == 10   ? ORR_ESCAPE
                                      : e[k].a == 11 ? ORR_REMOVAL
                                                     : ORR_ENCOUNTER;
                CHECK(e[k].kind == want && e[k].a >= 10 && e[k].a <= 12);
                CHECK(e[k].b == (e[k].a == 12 ? 1 : 0));
                /* 10: from 3 to 10 with a speed between 0.9 and 0.5; 11: free fall from 2 */
                if (e[k].a == 10)
                    CHECK(e[k].t > 7 / 0.9 && e[k].t < 14 && e[k].separation > 10);
                if (e[k].a == 11)
                    CHECK_NEAR(e[k].t, 3.141592653589793, 0.03);
                if (e[k].a == 12) /* it goes the other way round */
                    CHECK(e[k].separation < 0.0694 && e[k].t > 0.2 && e[k].t < 0.25);
            }
            const orr_bodies *now = orr_sim_snapshot(sim).bodies;
            for (size_t i = 0; i < now->n; i++)
                CHECK(isnan(now->pos[i]) == (now->id[i] >= 10 && now->id[i] <= 12));
            orr_conserved c;
            CHECK_OK(orr_sim_conserved(sim, &c));
            CHECK(isfinite(c.kinetic + c.potential));
            CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("wh"), o, 1)); /* afresh */
            CHECK_OK(orr_sim_run_until(sim, 61));
            orr_sim_events(sim, &n);
            CHECK(n == 3);
            orr_sim_destroy(sim);
            orr_bodies_free(&b);
        }
}

/* Long steps: particles that go the other way meet the planet between kicks, others pass through
 * the star; none gets away, and the times are those of the meetings. */
static void between_kicks(void **state)
{
    (void)state;
    const char *kinds[] = {"jacobi", "democratic-heliocentric", "whds", "barycentric"};
    for (int kind = 0; kind < 4; kind++) {
        orr_bodies b;
        CHECK_OK(orr_bodies_init(&b, 42));
        CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .radius = 0.01}, NULL));
        orr_body planet = {.pos = {1, 0, 0}, .vel = {0, 1, 0}, .gm = 1e-6, .radius = 0.01, .id = 1};
        CHECK_OK(orr_bodies_add(&b, planet, NULL));
        for (uint64_t k = 0; k < 40; k++) {
            double f = 0.5 + 0.11 * (double)k, r = 1 + 0.05 * (double)k;
            orr_body back = {.pos = {cos(f), sin(f), 0}, .vel = {sin(f), -cos(f), 0}};
            orr_body fall = {.pos = {0, 0, r}, .vel = {0.05 / r, 0, 0}};
            orr_body body = k < 20 ? back : fall;
            body.id = 10 + k, body.role = ORR_TEST;
            CHECK_OK(orr_bodies_add(&b, body, NULL));
        }
        const orr_option o[] = {{"coordinates", 0, 0, kinds[kind]}};
        orr_collisions rules = orr_collisions_default();
        rules.rule = ORR_CONTACT_REMOVE;
        orr_sim *sim = simulate(&b, "wh", 0.2, o, 1);
        CHECK_OK(orr_sim_set_collisions(sim, &rules));
        CHECK_OK(orr_sim_run_until(sim, 10));
        size_t n;
        const orr_event *e = orr_sim_events(sim, &n);
        CHECK(n == 40);
        for (size_t k = 0; k < n; k++) {
            double i = (double)e[k].a - 10, r = 1 + 0.05 * i;
            CHECK(e[k].kind == ORR_REMOVAL && (k == 0 || e[k].t >= e[k - 1].t));
            CHECK(e[k].b == (i < 20 ? 1 : 0));
            CHECK_NEAR(e[k].separation, 0.01, 1e-6);
            if (i < 20) /* 2 sin(x/2) = 0.01 before they would meet */
                CHECK_NEAR(e[k].t, (0.5 + 0.11 * i) / 2 - 0.005, 1e-5);
            else /* free fall, nearly straight */
                CHECK_NEAR(e[k].t, 1.1107 * pow(r, 1.5), 0.01);
        }
        orr_sim_destroy(sim);
        orr_bodies_free(&b);
    }
}

static void refused(const orr_bodies *b, const orr_option *o, size_t n, const char *part)
{
    orr_sim *sim = simulate(b, "wh", 0.1, o, n);
    CHECK(orr_sim_run_until(sim, 1) == ORR_E_INCOMPATIBLE);
    if (!strstr(orr_sim_message(sim), part))
        print_error("'%s' does not say '%s'\n", orr_sim_message(sim), part);
    CHECK(strstr(orr_sim_message(sim), part));
    orr_sim_destroy(sim);
}

static void refusals(void **state)
{
    (void)state;
    orr_bodies b = random_planets(3, 2, 1);
    refused(&b, (orr_option[]){{"scheme", 0, 0, "saba3"}, {"corrector", 0, 0, "3"}}, 2,
            "correctors");
    refused(&b, (orr_option[]){{"scheme", 0, 0, "lazy"}, {"coordinates", 0, 0, "whds"}}, 2,
            "jacobi");
    refused(&b, (orr_option[]){{"scheme", 0, 0, "sabac2"}}, 1, "test bodies");
    b.gm[1] = 0.2;
    refused(&b, NULL, 0, "no body dominates");
    b.gm[1] = 1e-4;
    for (int c = 0; c < 3; c++)
        b.pos[5 + (size_t)c * b.stride] = b.pos[2 + (size_t)c * b.stride];
    refused(&b, NULL, 0, "the same place");
    orr_bodies_free(&b);
    b = random_bodies(3, 1, 0, 1);
    refused(&b, NULL, 0, "passive");
    orr_bodies_free(&b);
}

/* Events tell places and velocities from the origin, also where the star is elsewhere and moves. */
static void events_from_the_origin(void **state)
{
    (void)state;
    orr_event event[2];
    static const char *const methods[] = {"wh", "ias15"};
    for (int m = 0; m < 2; m++) {
        orr_bodies b;
        orr_sim *sim;
        orr_sim_def def = orr_sim_def_default();
        orr_collisions merge = orr_collisions_default();
        const orr_option democratic = {.name = "coordinates", .text = "democratic-heliocentric"};
        merge.rule = ORR_CONTACT_MERGE;
        CHECK_OK(orr_bodies_init(&b, 3));
        CHECK_OK(orr_bodies_add(
            &b,
            (orr_body){.gm = 1, .radius = 0.05, .id = 0, .pos = {3, 1, 0}, .vel = {0.1, 0.2, 0}},
            NULL));
        CHECK_OK(orr_bodies_add(
            &b, (orr_body){.gm = 0.01, .id = 1, .pos = {8, 1, 0}, .vel = {0.1, 0.65, 0}}, NULL));
        CHECK_OK(orr_bodies_add(
            &b, (orr_body){.role = ORR_TEST, .id = 2, .pos = {3, 3, 0}, .vel = {0.15, 0.2, 0}},
            NULL));
        def.bodies = &b;
        def.step = 0.01;
        CHECK_OK(orr_sim_create(&def, &sim));
        CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(methods[m]), &democratic, m == 0));
        CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
        CHECK_OK(orr_sim_set_collisions(sim, &merge));
        CHECK_OK(orr_sim_run_until(sim, 5));
        size_t n;
        const orr_event *e = orr_sim_events(sim, &n);
        CHECK(n == 1);
        event[m] = *e;
        orr_sim_destroy(sim);
    }
    CHECK_NEAR(event[0].t, event[1].t, 1e-4);
    for (int k = 0; k < 2; k++)
        for (int c = 0; c < 3; c++) {
            CHECK_NEAR(event[0].pos[k][c], event[1].pos[k][c], 1e-3);
            CHECK_NEAR(event[0].vel[k][c], event[1].vel[k][c], 3e-2);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(orders),
                                       cmocka_unit_test(coordinates_round_trip),
                                       cmocka_unit_test(follows_the_truth),
                                       cmocka_unit_test(relativity_precesses),
                                       cmocka_unit_test(same_bits),
                                       cmocka_unit_test(between_kicks),
                                       cmocka_unit_test(refusals),
                                       cmocka_unit_test(removals),
                                       cmocka_unit_test(events_from_the_origin)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
