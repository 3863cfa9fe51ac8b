/* Contacts, approaches and removal for every method: right times against formulas, what is kept, the
 * order of events, and bits that do not depend on who looks. */
#include "check.h"
#include "simulate.h"

#include <orrery/primaries.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

static void put(orr_bodies *b, orr_role role, double gm, double radius, const double x[3],
                const double v[3])
{
    orr_body body = {.gm = gm, .radius = radius, .id = b->n + 1, .role = role};
    memcpy(body.pos, x, sizeof body.pos);
    memcpy(body.vel, v, sizeof body.vel);
    CHECK_OK(orr_bodies_add(b, body, NULL));
}

static void set_rule(orr_sim *sim, orr_contact_rule rule)
{
    orr_collisions c = orr_collisions_default();
    c.rule = rule;
    CHECK_OK(orr_sim_set_collisions(sim, &c));
}

/* A body that falls from rest at distance 1 into a star: the time when it is at x. */
static double fall_time(double gm, double x)
{
    return sqrt(1 / (2 * gm)) * (acos(sqrt(x)) + sqrt(x * (1 - x)));
}

static orr_bodies falling(double gm, orr_role role)
{
    orr_bodies b = {0};
    CHECK_OK(orr_bodies_init(&b, 2));
    put(&b, ORR_ACTIVE, 1, 0.05, (double[]){0, 0, 0}, (double[]){0, 0, 0});
    put(&b, role, gm, 0.01, (double[]){1, 0, 0}, (double[]){0, 0, 0});
    return b;
}

/* What a method may miss with steps of h on this way. */
static double tolerance(const orr_integrator *m, double h)
{
    if (strcmp(m->name, "adaptive-leapfrog") == 0)
        return 1e-4;
    if (m->traits & ORR_ADAPTIVE)
        return strncmp(m->name, "hermite", 7) == 0 ? 2e-6 : 2e-12;
    if (m->traits & ORR_OWN_GRAVITY)
        return strcmp(m->name, "wh") == 0 ? 1e-13 : 1e-4 * h;
    return m->order == 1 ? 3 * h : 5 * h * h;
}

static void test_head_on_by_every_method(void **state)
{
    (void)state;
    const double steps[] = {0.002, 0.01, 0.3};
    for (size_t k = 0; orr_integrator_at(k); k++) {
        const orr_integrator *m = orr_integrator_at(k);
        bool exact = m->traits & (ORR_ADAPTIVE | ORR_OWN_GRAVITY);
        for (size_t s = 0; s < (m->traits & ORR_ADAPTIVE ? 1 : exact ? 3 : 2); s++)
            for (int test = 0; test < 2; test++) {
                orr_bodies b = falling(test ? 0 : 1e-3, test ? ORR_TEST : ORR_ACTIVE);
                double h = m->traits & ORR_ADAPTIVE ? 0 : steps[s];
                orr_sim *sim = simulate(&b, m->name, h, NULL, 0);
                set_rule(sim, ORR_CONTACT_STOP);
                double want = fall_time(test ? 1 : 1.001, 0.06);
                orr_status status = orr_sim_run_until(sim, 3);
                size_t n;
                const orr_event *e = orr_sim_events(sim, &n);
                CHECK(status == ORR_E_COLLISION && n == 1);
                CHECK(fabs(e->t - want) < tolerance(m, h));
                CHECK(fabs(e->separation - 0.06) < 1e-13 && e->angle < 1e-6);
                CHECK(orr_sim_snapshot(sim).t == e->t);
                CHECK(orr_separation(orr_sim_snapshot(sim).bodies, 0, 1) == e->separation);
                orr_sim_destroy(sim);
                orr_bodies_free(&b);
            }
    }
}

/* A star, planets on orbits that cross and stones, all with large radii: many things happen. */
static orr_bodies crowded(void)
{
    orr_bodies b = {0};
    uint64_t seed = 5;
    CHECK_OK(orr_bodies_init(&b, 32));
    put(&b, ORR_ACTIVE, 1, 0.05, (double[]){0, 0, 0}, (double[]){0, 0, 0});
    for (int k = 0; k < 24; k++) {
        double f = 6.2831853 * check_random(&seed), r = 1 + 0.3 * check_random(&seed);
        double v = (check_random(&seed) < 0.3 ? -1 : 1) / sqrt(r);
        put(&b, k < 14 ? ORR_ACTIVE : ORR_TEST, k < 14 ? 1e-5 * (1 + k) : 0, 0.01,
            (double[]){r * cos(f), r * sin(f), 0.002 * k},
            (double[]){-v * sin(f), v * cos(f), 0.1 * check_random(&seed)});
    }
    return b;
}

static orr_sim *with_rule(const orr_bodies *b, const char *method, double h, orr_contact_rule rule)
{
    orr_sim *sim = simulate(b, method, h, NULL, 0);
    const orr_within within = {.distance = 0.05};
    orr_collisions c = orr_collisions_default();
    c.rule = rule, c.restitution = 0.5, c.within = &within, c.n_within = 1, c.remove_beyond = 4;
    CHECK_OK(orr_sim_set_collisions(sim, &c));
    return sim;
}

/* Equal bits, and the same events in the order of time, whoever looks and however often it is
 * saved and restored. */
static void test_bits(void **state)
{
    (void)state;
    const char *methods[] = {"leapfrog", "dop853", "ias15", "trace", "hermite4", "wh"};
    const double step[] = {0.05, 0, 0, 0.1, 0, 0.1};
    const orr_contact_rule rules[] = {ORR_CONTACT_MERGE, ORR_CONTACT_BOUNCE, ORR_CONTACT_LOG};
    orr_bodies b = crowded();
    for (int m = 0; m < 6; m++)
        for (int r = 0; r < 3; r++) {
            orr_sim *sims[3];
            size_t n[3];
            for (int k = 0; k < 3; k++) {
                sims[k] = with_rule(&b, methods[m], step[m], rules[r]);
                for (double t = 0.013; k == 1 && t < 3; t += 0.37)
                    CHECK_OK(orr_sim_run_until(sims[k], t));
                for (double t = 0.9; k == 2 && t < 3; t += 1.1) {
                    void *data;
                    size_t size;
                    CHECK_OK(orr_sim_run_until(sims[k], t));
                    CHECK_OK(orr_sim_save(sims[k], &data, &size));
                    orr_sim_destroy(sims[k]);
                    sims[k] = with_rule(&b, methods[m], step[m], rules[r]);
                    CHECK_OK(orr_sim_restore(sims[k], data, size));
                    free(data);
                }
                CHECK_OK(orr_sim_run_until(sims[k], 3));
                const orr_event *e = orr_sim_events(sims[k], &n[k]);
                for (size_t i = 1; i < n[k]; i++)
                    CHECK(e[i].t >= e[i - 1].t);
                const orr_event *first = orr_sim_events(sims[0], &n[0]);
                bool same = n[k] == n[0];
                for (size_t i = 0; same && i < n[0]; i++)
                    same = first[i].t == e[i].t && first[i].a == e[i].a && first[i].b == e[i].b &&
                           first[i].kind == e[i].kind;
                if (!same)
                    print_error("%s, rule %d, way %d: %zu and %zu events\n", methods[m], r, k, n[0],
                                n[k]);
                CHECK(same && n[k] > 3);
                CHECK(orr_bodies_hash(orr_sim_snapshot(sims[k]).bodies) ==
                      orr_bodies_hash(orr_sim_snapshot(sims[0]).bodies));
            }
            for (int k = 0; k < 3; k++)
                orr_sim_destroy(sims[k]);
        }
    orr_bodies_free(&b);
}

/* Test bodies that meet planets, bounce, are merged, taken out or too far away: the planets do what
 * they do alone, their own contacts included. */
static bool massive_alike(const orr_sim *alone, const orr_sim *with)
{
    const orr_bodies *a = orr_sim_snapshot(alone).bodies, *b = orr_sim_snapshot(with).bodies;
    bool same = a->n_active == b->n_active;
    for (size_t i = 0; same && i < a->n_active; i++) {
        const orr_body x = orr_bodies_get(a, i), y = orr_bodies_get(b, i);
        same = x.id == y.id && x.gm == y.gm && x.radius == y.radius &&
               memcmp(x.pos, y.pos, sizeof x.pos) == 0 && memcmp(x.vel, y.vel, sizeof x.vel) == 0 &&
               memcmp(x.spin, y.spin, sizeof x.spin) == 0;
    }
    return same;
}

static bool same_events(const orr_sim *alone, const orr_sim *with)
{
    size_t n, m, k = 0;
    const orr_event *a = orr_sim_events(alone, &n), *b = orr_sim_events(with, &m);
    for (size_t i = 0; i < m; i++) {
        if (b[i].a > 15 || b[i].b > 15)
            continue;
        if (k >= n || memcmp(&a[k].t, &b[i].t, sizeof a->t) != 0 || a[k].a != b[i].a ||
            a[k].b != b[i].b || a[k].kind != b[i].kind || a[k].energy != b[i].energy)
            return false;
        k++;
    }
    return k == n;
}

static void test_massive_apart(void **state)
{
    (void)state;
    const orr_contact_rule rules[] = {ORR_CONTACT_MERGE, ORR_CONTACT_BOUNCE, ORR_CONTACT_LOG,
                                      ORR_CONTACT_REMOVE, ORR_CONTACT_STOP};
    orr_bodies all = crowded(), alone = {0};
    CHECK_OK(orr_bodies_copy(&alone, &all));
    while (alone.n > alone.n_active)
        CHECK_OK(orr_bodies_remove(&alone, alone.n - 1));
    for (size_t m = 0; orr_integrator_at(m); m++) {
        const orr_integrator *method = orr_integrator_at(m);
        if (!(method->traits & ORR_COUPLES_BODIES) || method->traits & ORR_OWN_GRAVITY)
            continue;
        double step = method->traits & ORR_ADAPTIVE ? 0 : 0.02;
        for (int r = 0; r < 5; r++) {
            orr_sim *a = with_rule(&alone, method->name, step, rules[r]);
            orr_sim *b = with_rule(&all, method->name, step, rules[r]);
            size_t n = 0;
            for (int k = 0; k < 9; k++) {
                double t = 0.3 * k;
                orr_status of_a = orr_sim_run_until(a, t), of_b = orr_sim_run_until(b, t);
                while (of_b == ORR_E_COLLISION && of_a != of_b) /* that of a test body */
                    of_b = orr_sim_run_until(b, t);
                while (of_b == ORR_E_COLLISION && orr_sim_snapshot(b).t < orr_sim_snapshot(a).t)
                    of_b = orr_sim_run_until(b, t);
                orr_sim_events(b, &n);
                if (of_a != of_b || !massive_alike(a, b) || !same_events(a, b))
                    print_error("%s, rule %d, output %d: %s | %s\n", method->name, rules[r], k,
                                orr_sim_message(a), orr_sim_message(b));
                CHECK(of_a == of_b && massive_alike(a, b) && same_events(a, b));
            }
            CHECK(n > 5);
            orr_sim_destroy(a);
            orr_sim_destroy(b);
        }
    }
    orr_bodies_free(&all);
    orr_bodies_free(&alone);
}

/* A single step with somebody who looks is that without, with and without test bodies. */
static void test_single_steps(void **state)
{
    (void)state;
    const char *methods[] = {"ias15", "dop853", "leapfrog", "gauss8"};
    for (int m = 0; m < 4; m++)
        for (int test = 0; test < 2; test++) {
            orr_bodies b = falling(1e-3, ORR_ACTIVE);
            if (test)
                put(&b, ORR_TEST, 0, 0.01, (double[]){0, 2, 0}, (double[]){0.5, 0, 0});
            double h = m < 2 ? 0 : 0.01;
            orr_sim *plain = simulate(&b, methods[m], h, NULL, 0);
            orr_sim *looks = simulate(&b, methods[m], h, NULL, 0);
            set_rule(looks, ORR_CONTACT_STOP);
            for (int k = 0; k < 4; k++) {
                CHECK_OK(orr_sim_step(plain, 1));
                CHECK_OK(orr_sim_step(looks, 1));
                CHECK_BITS(orr_sim_snapshot(looks).t, orr_sim_snapshot(plain).t);
                CHECK(orr_sim_snapshot(looks).t > 0);
                CHECK(orr_bodies_hash(orr_sim_snapshot(looks).bodies) ==
                      orr_bodies_hash(orr_sim_snapshot(plain).bodies));
            }
            orr_sim_destroy(plain);
            orr_sim_destroy(looks);
            orr_bodies_free(&b);
        }
}

/* Mergers keep mass, momentum, centre of mass, angular momentum with spin, and volume. */
static void test_merging_keeps(void **state)
{
    (void)state;
    orr_bodies b = {0};
    CHECK_OK(orr_bodies_init(&b, 2));
    put(&b, ORR_ACTIVE, 0.75, 0.3, (double[]){0, 0, 0}, (double[]){0, 0.1, 0});
    put(&b, ORR_ACTIVE, 0.25, 0.2, (double[]){2, 0.3, 0.1}, (double[]){-0.7, 0, 0.05});
    orr_sim *sim = simulate(&b, "ias15", 0, NULL, 0);
    set_rule(sim, ORR_CONTACT_MERGE);
    orr_conserved before, after;
    CHECK_OK(orr_sim_conserved(sim, &before));
    CHECK_OK(orr_sim_run_until(sim, 6));
    CHECK_OK(orr_sim_conserved(sim, &after));
    const orr_bodies *now = orr_sim_snapshot(sim).bodies;
    size_t n;
    const orr_event *e = orr_sim_events(sim, &n);
    CHECK(now->n == 1 && n == 1 && e->kind == ORR_MERGER && now->gm[0] == 1);
    CHECK_NEAR(now->radius[0], cbrt(0.3 * 0.3 * 0.3 + 0.2 * 0.2 * 0.2), 1e-15);
    CHECK_NEAR(e->separation, 0.5, 1e-14);
    CHECK_NEAR(after.kinetic + after.potential + e->energy, before.kinetic + before.potential,
               1e-14);
    for (size_t c = 0; c < 3; c++) {
        double spin = now->spin[c * now->stride];
        CHECK_NEAR(after.momentum[c], before.momentum[c], 1e-15);
        CHECK_NEAR(after.angular_momentum[c] + spin, before.angular_momentum[c], 1e-14);
        CHECK_NEAR(after.center_of_mass[c], before.center_of_mass[c] + 6 * before.momentum[c],
                   1e-14);
    }
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

/* Closest distances of a Kepler orbit, once in a period, at pericentre. */
static void test_approaches(void **state)
{
    (void)state;
    const char *methods[] = {"ias15", "dop853", "wh", "kahan-li8"};
    for (int m = 0; m < 4; m++) {
        orr_bodies b = {0};
        CHECK_OK(orr_bodies_init(&b, 2));
        put(&b, ORR_ACTIVE, 1, 0, (double[]){0, 0, 0}, (double[]){0, 0, 0});
        put(&b, ORR_TEST, 0, 0, (double[]){1.5, 0, 0}, (double[]){0, sqrt(1.0 / 3), 0});
        orr_sim *sim = simulate(&b, methods[m], m < 2 ? 0 : 0.02, NULL, 0);
        const orr_within within = {.distance = 0.6};
        orr_collisions c = orr_collisions_default();
        c.within = &within, c.n_within = 1;
        CHECK_OK(orr_sim_set_collisions(sim, &c));
        CHECK_OK(orr_sim_run_until(sim, 20));
        size_t n;
        const orr_event *e = orr_sim_events(sim, &n);
        CHECK(n == 3); /* a = 1, e = 1/2: at half a period and on */
        for (size_t k = 0; k < n; k++) {
            CHECK(e[k].kind == ORR_ENCOUNTER);
            CHECK_NEAR(e[k].t, 3.141592653589793 * (1 + 2 * (double)k), 1e-7);
            CHECK_NEAR(e[k].separation, 0.5, 1e-8);
        }
        orr_sim_destroy(sim);
        orr_bodies_free(&b);
    }
}

/* Many: candidates come from cells.  Whoever overlaps after a step and did not before has met. */
static void test_nobody_is_forgotten(void **state)
{
    (void)state;
    enum { N = 300, STEPS = 100 };
    orr_bodies b = {0};
    uint64_t seed = 11;
    CHECK_OK(orr_bodies_init(&b, N + 1));
    put(&b, ORR_ACTIVE, 1, 0.01, (double[]){0, 0, 0}, (double[]){0, 0, 0});
    for (int k = 0; k < N; k++) {
        double f = 6.2831853 * check_random(&seed), r = 1 + 0.5 * check_random(&seed);
        double v = (1 + 0.1 * check_random(&seed)) / sqrt(r), z = 0.01 * check_random(&seed);
        put(&b, ORR_ACTIVE, 1e-9, k == 7 ? 0.3 : 0.03 * check_random(&seed),
            (double[]){r * cos(f), r * sin(f), z}, (double[]){-v * sin(f), v * cos(f), 0});
    }
    orr_sim *sim = simulate(&b, "leapfrog", 0.02, NULL, 0);
    set_rule(sim, ORR_CONTACT_LOG);
    unsigned char *was = calloc((N + 1) * (N + 1), 1);
    size_t n, met = 0;
    assert_non_null(was);
    for (int s = 0; s <= STEPS; s++) {
        CHECK_OK(orr_sim_run_until(sim, 0.02 * s));
        const orr_bodies *now = orr_sim_snapshot(sim).bodies;
        const orr_event *e = orr_sim_events(sim, &n);
        for (size_t i = 0; i <= N; i++)
            for (size_t j = 0; j < i; j++) {
                bool touch = orr_separation(now, i, j) < now->radius[i] + now->radius[j];
                bool told = false, had = was[i * (N + 1) + j];
                was[i * (N + 1) + j] = touch;
                if (!touch || had || s == 0)
                    continue;
                for (size_t k = 0; k < n; k++)
                    told = told || (e[k].a + e[k].b == now->id[i] + now->id[j] &&
                                    (e[k].a == now->id[i] || e[k].a == now->id[j]));
                CHECK(told);
                met++;
            }
    }
    if (met <= 40)
        print_error("%zu met\n", met);
    CHECK(met > 40);
    free(was);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

/* Test bodies that wh takes out by itself, many steps at once: when ias15 says so. */
static void test_stones_by_wh(void **state)
{
    (void)state;
    orr_bodies b = {0};
    uint64_t seed = 3;
    CHECK_OK(orr_bodies_init(&b, 32));
    put(&b, ORR_ACTIVE, 1, 0.05, (double[]){0, 0, 0}, (double[]){0, 0, 0});
    put(&b, ORR_ACTIVE, 1e-6, 0.001, (double[]){3, 0, 0}, (double[]){0, sqrt(1.0 / 3), 0});
    for (int k = 0; k < 20; k++)
        put(&b, ORR_TEST, 0, 0.01, (double[]){1 + check_random(&seed), 0, check_random(&seed)},
            (double[]){0, 0.1 * check_random(&seed), 0});
    const char *const methods[] = {"ias15", "wh"};
    orr_event want[20];
    for (int m = 0; m < 2; m++) {
        orr_sim *sim = simulate(&b, methods[m], m ? 0.1 : 0, NULL, 0);
        set_rule(sim, ORR_CONTACT_REMOVE);
        CHECK_OK(orr_sim_run_until(sim, 5));
        size_t n;
        const orr_event *e = orr_sim_events(sim, &n);
        CHECK(n == 20);
        for (size_t k = 0; k < n; k++) {
            CHECK(e[k].kind == ORR_REMOVAL && e[k].b == 1);
            if (m == 0)
                want[k] = e[k];
            CHECK(e[k].a == want[k].a);
            CHECK_NEAR(e[k].t, want[k].t, 1e-5);
            CHECK_NEAR(e[k].speed, want[k].speed, 1e-5);
            CHECK_NEAR(e[k].separation, 0.06, 1e-9);
        }
        orr_sim_destroy(sim);
    }
    orr_bodies_free(&b);
}

/* Two that pass each other: radii a millionth less than the least distance do not touch, a millionth
 * more do, at that distance.  The least distance is that of the approach that the method tells. */
static void test_grazing(void **state)
{
    (void)state;
    const char *const methods[] = {"ias15", "dop853", "regularized", "taylor", "gauss12", "pefrl"};
    for (size_t m = 0; m < 6; m++) {
        double least = 0;
        for (int k = 0; k < 5; k++) {
            const double off[] = {0, 1e-6, -1e-6, 1e-8, -1e-8};
            orr_bodies b = {0};
            CHECK_OK(orr_bodies_init(&b, 3));
            const double r = k == 0 ? 0 : least * (1 + off[k]);
            put(&b, ORR_ACTIVE, 1, 0.005, (double[]){0, 0, 0}, (double[]){0, 0, 0});
            put(&b, ORR_ACTIVE, 1e-3, 0.6 * r, (double[]){1, 0, 0}, (double[]){0, 1, 0});
            put(&b, ORR_ACTIVE, 1e-4, 0.4 * r, (double[]){0, 1.02, 0}, (double[]){0.99, 0, 0});
            orr_sim *sim = simulate(&b, methods[m], m < 4 ? 0 : 0.01, NULL, 0);
            orr_collisions c = orr_collisions_default();
            c.within = &(orr_within){.distance = 0.1}, c.n_within = k == 0;
            c.rule = k == 0 ? ORR_CONTACT_IGNORE : ORR_CONTACT_STOP;
            CHECK_OK(orr_sim_set_collisions(sim, &c));
            orr_status status = orr_sim_run_until(sim, 1.5);
            size_t n;
            const orr_event *e = orr_sim_events(sim, &n);
            bool touch = off[k] > 0;
            CHECK(status == (touch ? ORR_E_COLLISION : ORR_OK) && n == (k == 0 || touch));
            if (k == 0)
                least = e[0].separation;
            else if (touch)
                CHECK_NEAR(e[0].separation, r, 1e-13);
            orr_sim_destroy(sim);
            orr_bodies_free(&b);
        }
    }
}

/* Steps so long that velocities at their shortened ends are not the rates of the positions: still
 * the run stops where they touch. */
static void test_steps_too_long(void **state)
{
    (void)state;
    orr_bodies b = {0};
    const double r = 4e-5, angle = 100 * PI / 180, gm = 3e-6;
    CHECK_OK(orr_bodies_init(&b, 3));
    put(&b, ORR_ACTIVE, 1, 0.005, (double[]){0, 0, 0}, (double[]){0, 0, 0});
    put(&b, ORR_ACTIVE, gm, r, (double[]){1, 0, 0}, (double[]){0, 1, 0});
    put(&b, ORR_ACTIVE, gm, r, (double[]){cos(angle), sin(angle), 0},
        (double[]){sin(angle), -cos(angle), 0});
    const char *const methods[] = {"leapfrog", "symplectic-euler", "yoshida4", "rk4"};
    for (size_t m = 0; m < 4; m++)
        for (int k = 1; k < 40; k++) {
            orr_sim *sim = simulate(&b, methods[m], 0.0005 * k, NULL, 0);
            set_rule(sim, ORR_CONTACT_STOP);
            if (orr_sim_run_until(sim, 2) == ORR_E_COLLISION) {
                size_t n;
                const orr_event *e = orr_sim_events(sim, &n);
                CHECK_NEAR(e[n - 1].separation, 2 * r, 1e-15);
            }
            orr_sim_destroy(sim);
        }
    orr_bodies_free(&b);
}

/* Contacts of a ring that falls together are as close in time as numbers can be: a method that lands
 * on each takes steps of round-off. */
static void test_ring_becomes_one(void **state)
{
    (void)state;
    enum { N = 20 };
    const double r = 0.02, gm = 0.1, x = r / sin(PI / N);
    double sum = 0;
    for (size_t k = 1; k < N; k++)
        sum += 0.25 / sin(PI * (double)k / N);
    const char *const methods[] = {"regularized", "ias15", "taylor"};
    for (size_t m = 0; m < 3; m++) {
        orr_bodies b = {0};
        CHECK_OK(orr_bodies_init(&b, N));
        for (size_t k = 0; k < N; k++) {
            double angle = 2 * PI * (double)k / N;
            put(&b, ORR_ACTIVE, gm, r, (double[]){cos(angle), sin(angle), 0}, (double[3]){0});
        }
        orr_sim *sim = simulate(&b, methods[m], 0, NULL, 0);
        set_rule(sim, ORR_CONTACT_MERGE);
        CHECK_OK(orr_sim_run_until(sim, 2));
        size_t n;
        const orr_event *e = orr_sim_events(sim, &n);
        CHECK(n == N - 1 && orr_sim_snapshot(sim).bodies->n == 1);
        CHECK_NEAR(e[0].t, fall_time(gm * sum, x), 1e-9);
        CHECK_NEAR(orr_sim_snapshot(sim).bodies->gm[0], N * gm, 1e-14);
        orr_sim_destroy(sim);
        orr_bodies_free(&b);
    }
}

static void test_refused(void **state)
{
    (void)state;
    orr_bodies b = falling(1e-3, ORR_ACTIVE);
    orr_sim *sim = simulate(&b, "ias15", 0, NULL, 0);
    orr_collisions c = orr_collisions_default();
    c.restitution = 1.5;
    CHECK(orr_sim_set_collisions(sim, &c) == ORR_E_ARGUMENT && *orr_sim_message(sim));
    c.restitution = 1, c.remove_beyond = -1;
    CHECK(orr_sim_set_collisions(sim, &c) == ORR_E_ARGUMENT);
    c.remove_beyond = 0, c.n_within = 2;
    CHECK(orr_sim_set_collisions(sim, &c) == ORR_E_ARGUMENT);
    CHECK(orr_sim_set_collisions(sim, NULL) == ORR_E_ARGUMENT);
    CHECK(orr_sim_collisions(sim).rule == ORR_CONTACT_IGNORE);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head_on_by_every_method),
        cmocka_unit_test(test_bits),
        cmocka_unit_test(test_massive_apart),
        cmocka_unit_test(test_single_steps),
        cmocka_unit_test(test_merging_keeps),
        cmocka_unit_test(test_approaches),
        cmocka_unit_test(test_nobody_is_forgotten),
        cmocka_unit_test(test_stones_by_wh),
        cmocka_unit_test(test_grazing),
        cmocka_unit_test(test_steps_too_long),
        cmocka_unit_test(test_ring_becomes_one),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
