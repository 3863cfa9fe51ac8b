/* TRACE: a hundred scripted encounters, planets with planets and test bodies with planets, and a
 * comet that grazes the star, against ias15. */
#include "check.h"

#include "simulate.h"

#include <orrery/orrery.h>

#include <stdlib.h>

static double energy(orr_sim *sim)
{
    orr_conserved c;
    CHECK_OK(orr_sim_conserved(sim, &c));
    return c.kinetic + c.potential;
}

static double apart(const orr_sim *a, size_t i, const orr_sim *b, size_t j)
{
    orr_body p = orr_bodies_get(orr_sim_snapshot(a).bodies, i);
    orr_body q = orr_bodies_get(orr_sim_snapshot(b).bodies, j);
    return sqrt(pow(p.pos[0] - q.pos[0], 2) + pow(p.pos[1] - q.pos[1], 2) +
                pow(p.pos[2] - q.pos[2], 2));
}

/* Two bodies near distance 1 from the star, on their way to meet a quarter of an orbit later. */
static orr_bodies meeting(uint64_t *seed, bool massless)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 3));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
    for (int k = 0; k < 2; k++) { /* start at the place of the meeting, and go back from there */
        double angle = 0.004 * (check_random(seed) - 0.5) * k,
               r = 1 + 0.01 * k * check_random(seed);
        double up = 0.003 * (check_random(seed) - 0.5),
               speed = 1 + 0.04 * (check_random(seed) - 0.5);
        double out = 0.06 * (check_random(seed) - 0.5) * k, climb = 0.01 * k * check_random(seed);
        orr_body body = {.pos = {r * cos(angle), r * sin(angle), up},
                         .vel = {out, speed, climb},
                         .id = (uint64_t)k + 1,
                         .gm = k && massless ? 0 : 3e-6,
                         .role = k && massless ? ORR_TEST : ORR_ACTIVE};
        CHECK_OK(orr_bodies_add(&b, body, NULL));
    }
    orr_sim *back = simulate(&b, "ias15", 0, NULL, 0);
    CHECK_OK(orr_sim_run_until(back, -1.57));
    orr_bodies start = {0};
    CHECK_OK(orr_bodies_copy(&start, orr_sim_snapshot(back).bodies));
    orr_sim_destroy(back);
    orr_bodies_free(&b);
    return start;
}

static void a_hundred_encounters(void **state)
{
    (void)state;
    double worst = 0, off = 0, closest = 1;
    uint64_t seed = 77;
    for (int k = 0; k < 100; k++) {
        bool massless = k % 4 == 3;
        orr_bodies b = meeting(&seed, massless);
        const char *methods[] = {"ias15", "bulirsch-stoer", "dop853", "verner9", "rkn12"};
        const orr_option by = {"encounters_by", 0, 0, methods[k % 5]};
        orr_sim *sim = simulate(&b, "trace", 0.01, &by, 1),
                *truth = simulate(&b, "ias15", 0, NULL, 0);
        CHECK_OK(orr_sim_run_until(sim, 0));
        double before = energy(sim);
        for (double t = 1.3; t < 1.9; t += 0.02) {
            CHECK_OK(orr_sim_run_until(sim, t));
            closest = fmin(closest, apart(sim, 1, sim, 2));
        }
        CHECK_OK(orr_sim_run_until(sim, 4));
        CHECK_OK(orr_sim_run_until(truth, 4));
        worst = fmax(worst, fabs(energy(sim) / before - 1));
        off = fmax(off, fmax(apart(sim, 1, truth, 1), apart(sim, 2, truth, 2)));
        orr_sim_destroy(sim);
        orr_sim_destroy(truth);
        orr_bodies_free(&b);
    }
    print_message("100 encounters (Hill radius 0.01, closest %.4f): energy %.1e, places %.1e\n",
                  closest, worst, off);
    CHECK(closest < 0.001 && worst < 1e-9 && off < 1e-5);
}

/* There and back through an encounter. */
static void reversible(void **state)
{
    (void)state;
    uint64_t seed = 5;
    double worst = 0;
    for (int k = 0; k < 20; k++) {
        orr_bodies b = meeting(&seed, false);
        orr_sim *sim = simulate(&b, "trace", 0.02, NULL, 0),
                *start = simulate(&b, "trace", 0.02, NULL, 0);
        CHECK_OK(orr_sim_run_until(sim, 4));
        CHECK_OK(orr_sim_run_until(sim, 0));
        CHECK_OK(orr_sim_run_until(start, 0));
        worst = fmax(worst, fmax(apart(sim, 1, start, 1), apart(sim, 2, start, 2)));
        orr_sim_destroy(sim);
        orr_sim_destroy(start);
        orr_bodies_free(&b);
    }
    print_message("there and back: %.1e\n", worst);
    CHECK(worst < 1e-8);
}

/* A comet of e = 0.99 with two planets: fifty passages. */
static void close_to_the_star(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 4));
    const orr_body bodies[] = {
        {.gm = 1},
        {.gm = 1e-3, .pos = {5.2, 0, 0}, .vel = {0, sqrt(1.001 / 5.2), 0}, .id = 1},
        {.gm = 3e-6, .pos = {0, 1, 0}, .vel = {-1, 0, 0}, .id = 2},
        {.gm = 1e-9, .pos = {0, 0, 1.99}, .vel = {sqrt(0.01 / 1.99), 0, 0}, .id = 3}};
    for (int k = 0; k < 4; k++)
        CHECK_OK(orr_bodies_add(&b, bodies[k], NULL));
    orr_sim *sim = simulate(&b, "trace", 0.1, NULL, 0);
    CHECK_OK(orr_sim_run_until(sim, 0));
    double before = energy(sim), worst = 0;
    for (int k = 1; k <= 50; k++) {
        CHECK_OK(orr_sim_run_until(sim, 6.2831853 * k));
        worst = fmax(worst, fabs(energy(sim) / before - 1));
    }
    orr_body comet = orr_bodies_get(orr_sim_snapshot(sim).bodies, 3);
    orr_body star = orr_bodies_get(orr_sim_snapshot(sim).bodies, 0);
    double r2 = 0, v2 = 0;
    for (int c = 0; c < 3; c++) {
        r2 += pow(comet.pos[c] - star.pos[c], 2);
        v2 += pow(comet.vel[c] - star.vel[c], 2);
    }
    double a = 1 / (2 / sqrt(r2) - v2);
    print_message("a comet that grazes the star: energy %.1e, a = %.6f\n", worst, a);
    CHECK(worst < 1e-6);
    CHECK_NEAR(a, 1, 0.03);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

/* Forty bodies with large radii on a narrow belt: mass, momentum and angular momentum (but for
 * spin) stay, what energy is lost is counted, contacts are at the sum of the radii, each body goes
 * once; whoever looks on, the same mergers at the same times. */
static void mergers(void **state)
{
    (void)state;
    uint64_t hashes[2];
    double times[2][64];
    size_t counts[2];
    for (int watched = 0; watched < 2; watched++) {
        orr_bodies b;
        uint64_t seed = 21;
        CHECK_OK(orr_bodies_init(&b, 41));
        CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .radius = 0.005}, NULL));
        for (int k = 1; k <= 40; k++) {
            double angle = 6.28 * check_random(&seed), r = 0.99 + 0.02 * check_random(&seed);
            double speed = (1 + 0.01 * (check_random(&seed) - 0.5)) / sqrt(r);
            orr_body body = {.pos = {r * cos(angle), r * sin(angle), 0},
                             .vel = {-speed * sin(angle), speed * cos(angle), 0},
                             .gm = 1e-8 * (1 + check_random(&seed)),
                             .radius = 1e-3,
                             .id = (uint64_t)k};
            CHECK_OK(orr_bodies_add(&b, body, NULL));
        }
        orr_sim *sim = simulate(&b, "trace", 0.05, NULL, 0);
        orr_bodies_free(&b);
        const orr_option merge = {"collisions", 0, 0, "merge"};
        CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("trace"), &merge, 1));
        orr_conserved before, after;
        CHECK_OK(orr_sim_run_until(sim, 0));
        CHECK_OK(orr_sim_conserved(sim, &before));
        for (double t = 0.013; watched && t < 200; t += 3.937)
            CHECK_OK(orr_sim_run_until(sim, t));
        CHECK_OK(orr_sim_run_until(sim, 200));
        CHECK_OK(orr_sim_conserved(sim, &after));
        size_t n;
        const orr_event *e = orr_sim_events(sim, &n);
        const orr_bodies *now = orr_sim_snapshot(sim).bodies;
        double lost = 0, size = 0, momentum = 0;
        CHECK(n >= 10 && n <= 40 && now->n == 41 - n);
        counts[watched] = n;
        for (size_t k = 0; k < n; k++) {
            CHECK(e[k].kind == ORR_MERGER && (k == 0 || e[k].t >= e[k - 1].t));
            CHECK(orr_bodies_find(now, e[k].a) == now->n);
            CHECK(e[k].separation > 1.99e-3); /* the least: two that have not grown */
            if (k == 0)
                CHECK_NEAR(e[k].separation, 2e-3, 1e-8);
            times[watched][k] = e[k].t;
            lost += e[k].energy;
            size += fabs(e[k].energy);
        }
        for (int c = 0; c < 3; c++)
            momentum = fmax(momentum, fabs(after.momentum[c] - before.momentum[c]));
        double change = after.kinetic + after.potential + lost - before.kinetic - before.potential;
        print_message(
            "%zu mergers: mass %.1e, momentum %.1e, angular momentum %.1e, energy %.1e of "
            "what was lost\n",
            n, after.mass - before.mass, momentum,
            after.angular_momentum[2] / before.angular_momentum[2] - 1, change / size);
        CHECK_NEAR(after.mass, before.mass, 1e-15);
        CHECK(momentum < 1e-18);
        CHECK_NEAR(after.angular_momentum[2] / before.angular_momentum[2], 1, 1e-6);
        CHECK(fabs(change) < 1e-3 * size);
        hashes[watched] = orr_bodies_hash(now);
        orr_sim_destroy(sim);
    }
    CHECK(hashes[0] == hashes[1] && counts[0] == counts[1]);
    for (size_t k = 0; k < counts[0]; k++)
        CHECK_BITS(times[0][k], times[1][k]);
}

/* Two bodies with radii that meet, and one option more. */
static orr_sim *contact_of(const orr_bodies *b, const char *rule, double restitution, double within)
{
    orr_bodies round = {0};
    CHECK_OK(orr_bodies_copy(&round, b));
    round.radius[1] = round.radius[2] = 1e-3;
    orr_sim *sim = simulate(&round, "trace", 0.02, NULL, 0);
    const orr_option o[] = {{"collisions", 0, 0, rule},
                            {"restitution", restitution, 0, NULL},
                            {"record_within_hill", within, 0, NULL}};
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("trace"), o, 3));
    orr_bodies_free(&round);
    return sim;
}

/* Hard spheres: energy and momentum stay but for what is said to be lost; with little restitution
 * they merge in the end; bodies do not overlap. */
static void bounces(void **state)
{
    (void)state;
    const double restitutions[] = {1, 0.5, 0};
    size_t counts[3] = {0}, merged[3] = {0};
    for (int k = 0; k < 3; k++) {
        uint64_t seed = 77;
        double worst = 0, push = 0, least = 1;
        for (int i = 0; i < 20; i++) {
            orr_bodies b = meeting(&seed, i % 4 == 3);
            orr_sim *sim = contact_of(&b, "bounce", restitutions[k], 0);
            orr_conserved before, after;
            CHECK_OK(orr_sim_run_until(sim, 0));
            CHECK_OK(orr_sim_conserved(sim, &before));
            bool were_apart = apart(sim, 1, sim, 2) > 2e-3; /* one pair starts inside each other */
            for (int j = 1; j <= 150; j++) {
                CHECK_OK(orr_sim_run_until(sim, j * 0.02));
                if (orr_sim_snapshot(sim).bodies->n < 3)
                    break;
                if (were_apart)
                    least = fmin(least, apart(sim, 1, sim, 2));
            }
            CHECK_OK(orr_sim_run_until(sim, 3));
            CHECK_OK(orr_sim_conserved(sim, &after));
            size_t n;
            const orr_event *e = orr_sim_events(sim, &n);
            double change = after.kinetic + after.potential - before.kinetic - before.potential;
            for (size_t j = 0; j < n; j++) {
                CHECK(e[j].kind ==
                      (j + 1 == n && e[j].kind == ORR_MERGER ? ORR_MERGER : ORR_COLLISION));
                CHECK(j == 0 || e[j].t >= e[j - 1].t);
                CHECK(!were_apart || fabs(e[j].separation - 2e-3) < 1e-7); /* as the cubic has it */
                counts[k] += e[j].kind == ORR_COLLISION;
                merged[k] += e[j].kind == ORR_MERGER;
                change += e[j].energy;
            }
            worst = fmax(worst, fabs(change / before.potential));
            for (int c = 0; c < 3; c++)
                push = fmax(push, fabs(after.momentum[c] - before.momentum[c]));
            orr_sim_destroy(sim);
            orr_bodies_free(&b);
        }
        print_message(
            "restitution %g: %zu bounces, %zu mergers, energy %.1e, momentum %.1e, least %.6e\n",
            restitutions[k], counts[k], merged[k], worst, push, least);
        CHECK(worst < 1e-8 && push < 1e-18 && least > 2e-3 - 1e-7);
    }
    CHECK(merged[0] == 0 && counts[0] >= 10);
    CHECK(merged[1] > 10 && counts[1] > 2 * merged[1]);
    CHECK(merged[2] > 10);
}

/* Written down and nothing else: the same bits as if nobody looked; approaches as ias15 finds them;
 * the run can end there. */
static void looks(void **state)
{
    (void)state;
    uint64_t seed = 77;
    size_t touched = 0, told = 0;
    for (int i = 0; i < 20; i++) {
        orr_bodies b = meeting(&seed, i % 4 == 3);
        orr_sim *sim = contact_of(&b, "log", 1, 1), *plain = contact_of(&b, "ignore", 1, 0);
        orr_sim *stop = contact_of(&b, "stop", 1, 0), *truth = simulate(&b, "ias15", 0, NULL, 0);
        CHECK_OK(orr_sim_run_until(sim, 3));
        CHECK_OK(orr_sim_run_until(plain, 3));
        CHECK(orr_bodies_hash(orr_sim_snapshot(sim).bodies) ==
              orr_bodies_hash(orr_sim_snapshot(plain).bodies));
        size_t n, none;
        const orr_event *e = orr_sim_events(sim, &n);
        orr_sim_events(plain, &none);
        CHECK(none == 0);
        bool hit = false;
        for (size_t k = 0; k < n; k++) {
            CHECK_OK(orr_sim_run_until(truth, e[k].t));
            CHECK_NEAR(apart(truth, 1, truth, 2), e[k].separation, 2e-6);
            CHECK(e[k].a == 2 || i % 4 != 3);
            told += e[k].kind == ORR_ENCOUNTER;
            touched += e[k].kind == ORR_COLLISION;
            if (e[k].kind == ORR_ENCOUNTER) { /* closer than a little before and after */
                CHECK_OK(orr_sim_run_until(truth, e[k].t - 0.005));
                CHECK(apart(truth, 1, truth, 2) > e[k].separation);
                CHECK_OK(orr_sim_run_until(truth, e[k].t + 0.005));
                CHECK(apart(truth, 1, truth, 2) > e[k].separation);
            } else if (!hit) {
                hit = true;
                CHECK(orr_sim_run_until(stop, 3) == ORR_E_COLLISION);
                CHECK(strstr(orr_sim_message(stop), "body 2 and body 1 touched") ||
                      strstr(orr_sim_message(stop), "body 1 and body 2 touched"));
                CHECK(orr_sim_snapshot(stop).t >= e[k].t);
                CHECK(orr_sim_snapshot(stop).t - e[k].t < 0.02);
            }
        }
        while (orr_sim_snapshot(stop).t < 3) { /* on, if one wants to; it may touch again */
            orr_status status = orr_sim_run_until(stop, 3);
            CHECK(status == ORR_OK || status == ORR_E_COLLISION);
        }
        CHECK(orr_bodies_hash(orr_sim_snapshot(stop).bodies) ==
              orr_bodies_hash(orr_sim_snapshot(plain).bodies));
        orr_sim_destroy(sim);
        orr_sim_destroy(plain);
        orr_sim_destroy(stop);
        orr_sim_destroy(truth);
        orr_bodies_free(&b);
    }
    print_message("%zu contacts, %zu approaches\n", touched, told);
    CHECK(touched >= 5 && told >= 15);
}

/* Thrown out: gone from the step on in which it is too far. */
static void leaves(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 3));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1e-4, .pos = {1, 0, 0}, .vel = {0, 1, 0}, .id = 1},
                            NULL));
    CHECK_OK(orr_bodies_add(
        &b, (orr_body){.gm = 1e-6, .pos = {0, 3, 0}, .vel = {0, 1.5, 0}, .id = 2}, NULL));
    orr_sim *sim = simulate(&b, "trace", 0.1, NULL, 0);
    const orr_option o = {"remove_beyond", 10, 0, NULL};
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("trace"), &o, 1));
    CHECK_OK(orr_sim_run_until(sim, 20));
    size_t n;
    const orr_event *e = orr_sim_events(sim, &n);
    CHECK(n == 1 && e[0].kind == ORR_ESCAPE && e[0].a == 2 && e[0].b == 0);
    CHECK(e[0].separation > 10 && e[0].separation < 10.2 && orr_sim_snapshot(sim).bodies->n == 2);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

/* No body dominates: every step is an encounter of all, so two equal stars meet on their orbit as under
 * ias15. */
static void equal_stars(void **state)
{
    (void)state;
    double x[2];
    static const char *const methods[] = {"trace", "ias15"};
    for (int m = 0; m < 2; m++) {
        orr_bodies b;
        CHECK_OK(orr_bodies_init(&b, 2));
        CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .id = 0}, NULL));
        CHECK_OK(orr_bodies_add(
            &b, (orr_body){.gm = 1, .id = 1, .pos = {1, 0, 0}, .vel = {0, 0.7, 0}}, NULL));
        orr_sim_def def = orr_sim_def_default();
        orr_sim *sim;
        def.bodies = &b;
        def.step = 0.05;
        CHECK_OK(orr_sim_create(&def, &sim));
        CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(methods[m]), NULL, 0));
        CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
        CHECK_OK(orr_sim_run_until(sim, 10));
        const orr_bodies *now = orr_sim_snapshot(sim).bodies;
        x[m] = now->pos[1] - now->pos[0];
        orr_sim_destroy(sim);
    }
    CHECK_NEAR(x[0], x[1], 1e-10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_hundred_encounters),
                                       cmocka_unit_test(reversible),
                                       cmocka_unit_test(close_to_the_star),
                                       cmocka_unit_test(mergers),
                                       cmocka_unit_test(bounces),
                                       cmocka_unit_test(looks),
                                       cmocka_unit_test(leaves),
                                       cmocka_unit_test(equal_stars)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
