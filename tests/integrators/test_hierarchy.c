/* Wisdom-Holman on trees: moons of planets, planets of both stars, pairs of pairs. */
#include "check.h"

#include <orrery/orrery.h>

#include "wisdom_holman/wh_hierarchy.h"
#include "simulate.h"

typedef struct member {
    double gm, a, e, angle, tilt;
} member;

/* One more on an ellipse about the centre of mass of a group of n, which
 * stays where it is, starting at its apocentre. */
static void attach(orr_bodies *b, const size_t *group, size_t n, member m)
{
    double gm = 0, x[3] = {0}, v[3] = {0};
    for (size_t k = 0; k < n; k++) {
        orr_body i = orr_bodies_get(b, group[k]);
        gm += i.gm;
        for (int c = 0; c < 3; c++)
            x[c] += i.gm * i.pos[c], v[c] += i.gm * i.vel[c];
    }
    double speed = sqrt((gm + m.gm) / m.a * (1 - m.e) / (1 + m.e)), r = m.a * (1 + m.e);
    double p[3] = {r * cos(m.angle), r * sin(m.angle), r * m.tilt};
    double u[3] = {-speed * sin(m.angle), speed * cos(m.angle), 0};
    orr_body body = {.gm = m.gm, .id = b->n};
    double on = gm / (gm + m.gm), back = m.gm / (gm + m.gm);
    for (int c = 0; c < 3; c++) {
        body.pos[c] = x[c] / gm + on * p[c], body.vel[c] = v[c] / gm + on * u[c];
        for (size_t k = 0; k < n; k++) {
            b->pos[group[k] + (size_t)c * b->stride] -= back * p[c];
            b->vel[group[k] + (size_t)c * b->stride] -= back * u[c];
        }
    }
    CHECK_OK(orr_bodies_add(b, body, NULL));
}

/* Star, planet, its moon, a second planet with two moons, a third planet. */
static orr_bodies moons(double scale)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 7));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .pos = {0.1, 0.2, -0.1}, .vel = {0.01, 0, 0}},
                            NULL));
    attach(&b, (size_t[]){0}, 1, (member){.gm = 3e-4 * scale, .a = 1, .e = 0.05, .angle = 1});
    attach(&b, (size_t[]){1}, 1, (member){.gm = 1e-6 * scale, .a = 0.01, .e = 0.1, .tilt = 0.2});
    attach(&b, (size_t[]){0}, 1, (member){.gm = 1e-3 * scale, .a = 2.5, .e = 0.04, .angle = 4});
    attach(&b, (size_t[]){3}, 1, (member){.gm = 1e-7 * scale, .a = 0.03, .angle = 2});
    attach(&b, (size_t[]){3}, 1, (member){.gm = 2e-7 * scale, .a = 0.06, .angle = 5, .tilt = 0.1});
    attach(&b, (size_t[]){0}, 1, (member){.gm = 1e-4 * scale, .a = 6, .e = 0.1, .angle = 3});
    return b;
}

/* Two stars, each with two planets, one of which has a moon; a planet about both. */
static orr_bodies both_stars(void)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 8));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
    attach(&b, (size_t[]){0}, 1, (member){.gm = 0.8, .a = 40, .e = 0.3, .angle = 1, .tilt = 0.1});
    attach(&b, (size_t[]){0}, 1, (member){.gm = 1e-4, .a = 1, .angle = 2});
    attach(&b, (size_t[]){0}, 1, (member){.gm = 1e-4, .a = 2, .e = 0.1, .angle = 3, .tilt = 0.1});
    attach(&b, (size_t[]){1}, 1, (member){.gm = 2e-4, .a = 1.3, .e = 0.05, .angle = 4});
    attach(&b, (size_t[]){1}, 1, (member){.gm = 1e-4, .a = 3, .angle = 5, .tilt = 0.1});
    attach(&b, (size_t[]){5}, 1, (member){.gm = 1e-7, .a = 0.02, .angle = 6});
    attach(&b, (size_t[]){0, 1}, 2, (member){.gm = 1e-4, .a = 300, .angle = 6});
    return b;
}

static double energy(orr_sim *sim)
{
    orr_conserved c;
    CHECK_OK(orr_sim_conserved(sim, &c));
    return c.kinetic + c.potential;
}

static double apart(const orr_sim *s, const orr_sim *o, size_t i)
{
    orr_body p = orr_bodies_get(orr_sim_snapshot(s).bodies, i);
    orr_body q = orr_bodies_get(orr_sim_snapshot(o).bodies, i);
    return sqrt(pow(p.pos[0] - q.pos[0], 2) + pow(p.pos[1] - q.pos[1], 2) +
                pow(p.pos[2] - q.pos[2], 2));
}

static bool is_tree(const orr_bodies *b)
{
    orr_wh_hierarchy t;
    return orr_wh_hierarchy_make(&t, b) && !orr_wh_hierarchy_is_chain(&t);
}

/* Who moves around whom is found whatever the order of the bodies; chains are told as such. */
static void trees(void **state)
{
    (void)state;
    orr_bodies m = moons(1), s = both_stars(), chain;
    orr_wh_hierarchy t;
    CHECK(orr_wh_hierarchy_make(&t, &m) && !orr_wh_hierarchy_is_chain(&t));
    /* the moon's orbit is the tightest, and its planet is the heavier side */
    CHECK(t.body[t.joint[0].first] == 1 && t.body[t.joint[0].middle] == 2);
    CHECK_NEAR(orr_wh_hierarchy_strength(&t, 0), 3e-4 + 1e-6, 1e-18);
    CHECK(t.body[t.joint[1].first] == 3 && t.body[t.joint[1].middle] == 4);
    CHECK(t.joint[5].first == 0 && t.joint[5].last == 7);
    CHECK(is_tree(&s));
    CHECK_OK(orr_bodies_init(&chain, 3));
    CHECK_OK(orr_bodies_add(&chain, (orr_body){.gm = 1}, NULL));
    attach(&chain, (size_t[]){0}, 1, (member){.gm = 0.5, .a = 1});
    attach(&chain, (size_t[]){0, 1}, 2, (member){.gm = 1, .a = 10});
    CHECK(orr_wh_hierarchy_make(&t, &chain) && orr_wh_hierarchy_is_chain(&t));
    orr_bodies_free(&m);
    orr_bodies_free(&s);
    orr_bodies_free(&chain);
}

static double worst_energy(const orr_bodies *b, double step, const char *scheme, double end)
{
    const orr_option o[] = {{"scheme", 0, 0, scheme}};
    orr_sim *sim = simulate(b, "wh", step, o, 1);
    CHECK_OK(orr_sim_run_until(sim, 0));
    double start = energy(sim), worst = 0;
    for (int k = 1; k <= 50; k++) {
        CHECK_OK(orr_sim_run_until(sim, end * k / 50));
        worst = fmax(worst, fabs(energy(sim) / start - 1));
    }
    orr_sim_destroy(sim);
    return worst;
}

/* Orders in the step: two also for a scheme of higher order in small masses, since a moon feels the
 * star and its planet alike. */
static void orders(void **state)
{
    (void)state;
    static const struct {
        const char *scheme;
        double step, order;
    } cases[] = {{"leapfrog", 0.008, 2}, {"saba2", 0.016, 2}};
    orr_bodies b = moons(0.1);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double e1 = worst_energy(&b, cases[k].step, cases[k].scheme, 20);
        double e2 = worst_energy(&b, cases[k].step / 2, cases[k].scheme, 20);
        print_message("%-12s %.2e %.2e: order %.2f\n", cases[k].scheme, e1, e2, log2(e1 / e2));
        CHECK_NEAR(log2(e1 / e2), cases[k].order, 0.5);
    }
    orr_bodies_free(&b);
}

/* Against ias15: places of all, and the energy. */
static void against_the_truth(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        orr_bodies b = k ? both_stars() : moons(1);
        const orr_option o[] = {{"scheme", 0, 0, "saba-10-6-4"}};
        double end = k ? 300 : 60;
        orr_sim *sim = simulate(&b, "wh", 0.02, o, 1), *truth = simulate(&b, "ias15", 0, NULL, 0);
        CHECK_OK(orr_sim_run_until(sim, 0));
        double start = energy(sim), off = 0;
        CHECK_OK(orr_sim_run_until(sim, end));
        CHECK_OK(orr_sim_run_until(truth, end));
        for (size_t i = 0; i < b.n; i++)
            off = fmax(off, apart(sim, truth, i));
        print_message("%s: energy %.1e, places %.1e\n", k ? "both stars" : "moons",
                      fabs(energy(sim) / start - 1), off);
        CHECK(fabs(energy(sim) / start - 1) < 1e-14);
        CHECK(off < 1e-9);
        orr_sim_destroy(sim);
        orr_sim_destroy(truth);
        orr_bodies_free(&b);
    }
}

/* Two close pairs far from each other: but for tides, all is in the Kepler orbits. */
static void a_pair_of_pairs(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 4));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
    attach(&b, (size_t[]){0}, 1, (member){.gm = 0.7, .a = 1, .e = 0.5});
    attach(&b, (size_t[]){0, 1}, 2, (member){.gm = 1, .a = 1e4, .angle = 1});
    attach(&b, (size_t[]){2}, 1, (member){.gm = 0.9, .a = 2, .e = 0.3, .tilt = 0.3});
    CHECK(is_tree(&b));
    orr_sim *sim = simulate(&b, "wh", 3, NULL, 0), *truth = simulate(&b, "ias15", 0, NULL, 0);
    CHECK_OK(orr_sim_run_until(sim, 60));
    CHECK_OK(orr_sim_run_until(truth, 60));
    for (size_t i = 0; i < 4; i++)
        CHECK_NEAR(apart(sim, truth, i), 0, 3e-9);
    orr_sim_destroy(sim);
    orr_sim_destroy(truth);
    orr_bodies_free(&b);
}

/* Bits: step by step, many at once, watched or not; and back again. */
static void bits_and_back(void **state)
{
    (void)state;
    orr_bodies b = moons(1);
    const orr_option o[] = {
        {"scheme", 0, 0, "lazy"}, {"corrector", 0, 0, "17"}, {"relativity", 0, 0, "potential"}};
    orr_sim *one = simulate(&b, "wh", 0.01, o, 3), *many = simulate(&b, "wh", 0.01, o, 3);
    CHECK_OK(orr_sim_run_until(one, 0));
    CHECK_OK(orr_sim_run_until(many, 0));
    double start = energy(one);
    for (int k = 0; k < 300; k++)
        CHECK_OK(orr_sim_run_until(one, k * 0.0171));
    CHECK_OK(orr_sim_run_until(one, 10));
    CHECK_OK(orr_sim_run_until(many, 10));
    CHECK(orr_bodies_hash(orr_sim_snapshot(one).bodies) ==
          orr_bodies_hash(orr_sim_snapshot(many).bodies));
    CHECK_NEAR(energy(one) / start, 1, 1e-9);
    CHECK_OK(orr_sim_run_until(one, 0));
    for (size_t i = 0; i < b.n; i++) {
        orr_body was = orr_bodies_get(&b, i), is = orr_bodies_get(orr_sim_snapshot(one).bodies, i);
        for (int c = 0; c < 3; c++)
            CHECK_NEAR(is.pos[c], was.pos[c], 1e-12);
    }
    orr_sim_destroy(one);
    orr_sim_destroy(many);
    orr_bodies_free(&b);
}

static void refused(const orr_bodies *b, const orr_option *o, size_t n, const char *why)
{
    orr_sim *sim = simulate(b, "wh", 0.01, o, n);
    CHECK(orr_sim_run_until(sim, 1) == ORR_E_INCOMPATIBLE);
    CHECK(strstr(orr_sim_message(sim), why) != NULL);
    orr_sim_destroy(sim);
}

static void refusals(void **state)
{
    (void)state;
    orr_bodies b = moons(1);
    refused(&b, (orr_option[]){{"scheme", 0, 0, "modified-kick"}}, 1, "moons of planets");
    CHECK_OK(orr_bodies_add(&b, (orr_body){.role = ORR_TEST, .id = 9, .pos = {4, 0, 0}}, NULL));
    refused(&b, NULL, 0, "without test bodies");
    orr_bodies_free(&b);
    CHECK_OK(orr_bodies_init(&b, 3)); /* three stars without room */
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
    attach(&b, (size_t[]){0}, 1, (member){.gm = 0.5, .a = 1, .e = 0.3});
    attach(&b, (size_t[]){0, 1}, 2, (member){.gm = 1, .a = 2});
    refused(&b, NULL, 0, "no hierarchy");
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(trees),
                                       cmocka_unit_test(orders),
                                       cmocka_unit_test(against_the_truth),
                                       cmocka_unit_test(a_pair_of_pairs),
                                       cmocka_unit_test(bits_and_back),
                                       cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
