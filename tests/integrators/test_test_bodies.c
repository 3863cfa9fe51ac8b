/* Test bodies never change a bit of what massive bodies do: under every registered method, none,
 * one, seven and 300 of them, some of which meet planets or graze the star; over many steps, with
 * outputs between steps, forwards and backwards. */
#include "check.h"

#include "simulate.h"

#include <stdlib.h>

enum { MASSIVE = 5, OUTPUTS = 24 };

static void on_circle(orr_body *body, double r, double angle, double speed)
{
    double v = speed / sqrt(r);
    body->pos[0] = r * cos(angle), body->pos[1] = r * sin(angle);
    body->vel[0] = -v * sin(angle), body->vel[1] = v * cos(angle);
}

/* A star and four planets, two of which come close to each other. */
static orr_bodies planets(void)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, MASSIVE));
    const double r[] = {0, 1, 1.09, 2.3, 4.1}, angle[] = {0, 0.3, 0.1, 2, 4};
    for (int k = 0; k < MASSIVE; k++) {
        orr_body body = {.gm = k ? 1e-4 * k : 1, .id = (uint64_t)k};
        if (k)
            on_circle(&body, r[k], angle[k], 1 - 0.02 * k);
        body.pos[2] = 0.01 * k;
        CHECK_OK(orr_bodies_add(&b, body, NULL));
    }
    return b;
}

/* n test bodies: the first meets a planet, the second falls close to the star, the third is far
 * away. */
static void add_tests(orr_bodies *b, int n)
{
    uint64_t seed = 12;
    for (int k = 0; k < n; k++) {
        orr_body body = {.id = 100 + (uint64_t)k, .role = ORR_TEST};
        double r = 0.5 + 4 * check_random(&seed), angle = 6.28 * check_random(&seed);
        on_circle(&body, r, angle, 0.8 + 0.4 * check_random(&seed));
        body.pos[2] = 0.1 * (check_random(&seed) - 0.5);
        if (k == 0) { /* round the second planet, close */
            orr_body planet = orr_bodies_get(b, 2);
            body = planet;
            body.gm = 0, body.role = ORR_TEST, body.id = 100;
            body.pos[0] += 0.008;
            body.vel[1] += 0.9 * sqrt(planet.gm / 0.008);
        } else if (k == 1) {
            on_circle(&body, 1.7, 1, 0.12);
        } else if (k == 2) {
            on_circle(&body, 55, 1, 1.2);
        }
        CHECK_OK(orr_bodies_add(b, body, NULL));
    }
}

/* The massive part of every output: positions, velocities. */
typedef struct record {
    orr_status status;
    double value[OUTPUTS][2][3][MASSIVE];
} record;

static void note(const orr_sim *sim, double value[2][3][MASSIVE])
{
    const orr_bodies *b = orr_sim_snapshot(sim).bodies;
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < MASSIVE; i++) {
            value[0][c][i] = b->pos[i + c * b->stride];
            value[1][c][i] = b->vel[i + c * b->stride];
        }
}

static void watch(const orr_integrator *method, int n_tests, record *out)
{
    const bool adaptive = method->traits & ORR_ADAPTIVE;
    const double step = method->traits & ORR_COUPLES_BODIES ? 0.002 : 0.02; /* to converge */
    orr_bodies b = planets();
    add_tests(&b, n_tests);
    orr_sim *sim = simulate(&b, method->name, adaptive ? 0 : step, NULL, 0);
    out->status = ORR_OK;
    for (int k = 0; k < OUTPUTS && out->status == ORR_OK; k++) {
        double t = k < OUTPUTS / 2 ? 0.137 * k * k / 4 : 0.137 * (OUTPUTS - k) * 3 / 2 - 0.5;
        out->status = orr_sim_run_until(sim, t);
        note(sim, out->value[k]);
    }
    if (out->status != ORR_OK)
        print_message("%s with %d: %s\n", method->name, n_tests, orr_sim_message(sim));
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

static void never_change_a_bit(void **state)
{
    const int counts[] = {1, 7, 300};
    size_t checked = 0;
    record *alone = malloc(sizeof *alone), *with = malloc(sizeof *with);
    (void)state;
    for (size_t m = 0; orr_integrator_at(m); m++) {
        const orr_integrator *method = orr_integrator_at(m);
        watch(method, 0, alone);
        CHECK_OK(alone->status);
        for (int k = 0; k < 3; k++) {
            watch(method, counts[k], with);
            if (with->status == ORR_E_ARGUMENT && strcmp(method->name, "regularized") == 0)
                continue; /* takes 64 bodies at most */
            CHECK_OK(with->status);
            for (int o = 0; o < OUTPUTS; o++)
                for (int part = 0; part < 2; part++)
                    for (int c = 0; c < 3; c++)
                        for (int i = 0; i < MASSIVE; i++)
                            if (alone->value[o][part][c][i] != with->value[o][part][c][i]) {
                                print_error("%s, %d test bodies, output %d: %s of body %d\n",
                                            method->name, counts[k], o, part ? "velocity" : "place",
                                            i);
                                fail();
                            }
            checked++;
        }
    }
    print_message("%zu runs, bit for bit as without test bodies\n", checked);
    free(alone);
    free(with);
}

static void same_massive(const orr_integrator *m, const char *when, const orr_sim *alone,
                         const orr_sim *with)
{
    double a[2][3][MASSIVE], b[2][3][MASSIVE];
    note(alone, a);
    note(with, b);
    CHECK_BITS(orr_sim_snapshot(alone).t, orr_sim_snapshot(with).t);
    if (memcmp(a, b, sizeof a) != 0) {
        print_error("%s: other massive bodies %s\n", m->name, when);
        fail();
    }
}

/* The last step of both, looked at inside. */
static void same_inside(const orr_integrator *m, orr_sim *alone, orr_sim *with, int direction)
{
    const size_t stride[2] = {orr_sim_snapshot(alone).bodies->stride,
                              orr_sim_snapshot(with).bodies->stride};
    double *pos[2], *vel[2],
        t = orr_sim_snapshot(alone).t - 0.1 * direction * orr_sim_count(with).last;
    orr_sim *sims[2] = {alone, with};
    for (int k = 0; k < 2; k++) {
        pos[k] = malloc(3 * stride[k] * sizeof(double));
        vel[k] = malloc(3 * stride[k] * sizeof(double));
        CHECK_OK(orr_sim_state_at(sims[k], t, pos[k], vel[k]));
    }
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < MASSIVE; i++)
            if (pos[0][i + c * stride[0]] != pos[1][i + c * stride[1]] ||
                vel[0][i + c * stride[0]] != vel[1][i + c * stride[1]]) {
                print_error("%s: another state inside the last step\n", m->name);
                fail();
            }
    for (int k = 0; k < 2; k++)
        free(pos[k]), free(vel[k]);
}

/* Whole steps, states inside them, back within a step and on, turned round, saved and restored. */
static void whatever_is_done(void **state)
{
    (void)state;
    for (size_t m = 0; orr_integrator_at(m); m++) {
        const orr_integrator *method = orr_integrator_at(m);
        double step = method->traits & ORR_ADAPTIVE ? 0 : 0.004;
        orr_bodies b = planets(), more = planets();
        add_tests(&more, 7);
        orr_sim *alone = simulate(&b, method->name, step, NULL, 0);
        orr_sim *with = simulate(&more, method->name, step, NULL, 0);
        const double times[] = {0.31, 0.35, 0.349, 0.3491, 0.36, 0.2, 0.1, 0.5};
        for (int k = 0; k < 8; k++) {
            CHECK_OK(orr_sim_run_until(alone, times[k]));
            CHECK_OK(orr_sim_run_until(with, times[k]));
            same_massive(method, "there and back", alone, with);
        }
        for (int k = 0; k < 6; k++) {
            CHECK_OK(orr_sim_step(alone, k < 4 ? 1 : -1));
            CHECK_OK(orr_sim_step(with, k < 4 ? 1 : -1));
            if (!(method->traits & ORR_LAZY_SYNC))
                same_massive(method, "after a whole step", alone, with);
            same_inside(method, alone, with, k < 4 ? 1 : -1);
        }
        void *data;
        size_t size;
        orr_sim *again = simulate(&more, method->name, step, NULL, 0);
        CHECK_OK(orr_sim_run_until(with, 0.77));
        CHECK_OK(orr_sim_run_until(alone, 0.77));
        CHECK_OK(orr_sim_save(with, &data, &size));
        CHECK_OK(orr_sim_restore(again, data, size));
        free(data);
        CHECK_OK(orr_sim_run_until(alone, 1.1));
        CHECK_OK(orr_sim_run_until(with, 1.1));
        CHECK_OK(orr_sim_run_until(again, 1.1));
        same_massive(method, "after a pause", alone, again);
        CHECK(orr_bodies_hash(orr_sim_snapshot(with).bodies) ==
              orr_bodies_hash(orr_sim_snapshot(again).bodies));
        orr_sim_destroy(alone);
        orr_sim_destroy(with);
        orr_sim_destroy(again);
        orr_bodies_free(&b);
        orr_bodies_free(&more);
    }
}

/* A test body under trace goes where a planet of no mass to speak of goes, in encounters and near
 * the star. */
static void tests_go_where_tiny_planets_go(void **state)
{
    (void)state;
    double worst[2] = {0};
    for (int which = 0; which < 2; which++) {
        orr_bodies b = planets(), tiny = planets();
        add_tests(&b, 2);
        orr_body body = orr_bodies_get(&b, MASSIVE + (size_t)which), same = body;
        same.role = ORR_ACTIVE, same.gm = 1e-20;
        CHECK_OK(orr_bodies_add(&tiny, same, NULL));
        orr_sim *sim = simulate(&b, "trace", 0.01, NULL, 0);
        orr_sim *other = simulate(&tiny, "trace", 0.01, NULL, 0);
        orr_sim *truth = simulate(&b, "ias15", 0, NULL, 0);
        for (int k = 1; k < 30; k++) {
            CHECK_OK(orr_sim_run_until(sim, 0.1 * k));
            CHECK_OK(orr_sim_run_until(other, 0.1 * k));
            CHECK_OK(orr_sim_run_until(truth, 0.1 * k));
            orr_body a = orr_bodies_get(orr_sim_snapshot(sim).bodies, MASSIVE + (size_t)which);
            orr_body t = orr_bodies_get(orr_sim_snapshot(truth).bodies, MASSIVE + (size_t)which);
            orr_body p = orr_bodies_get(orr_sim_snapshot(other).bodies, MASSIVE);
            for (int c = 0; c < 3; c++) {
                worst[0] = fmax(worst[0], fabs(a.pos[c] - t.pos[c]));
                worst[1] = fmax(worst[1], fabs(p.pos[c] - t.pos[c]));
            }
        }
        orr_sim_destroy(sim);
        orr_sim_destroy(other);
        orr_sim_destroy(truth);
        orr_bodies_free(&b);
        orr_bodies_free(&tiny);
    }
    print_message("trace from ias15: test bodies %.1e, tiny planets %.1e\n", worst[0], worst[1]);
    CHECK(worst[0] < 1e-4 && worst[0] < 3 * worst[1] + 1e-6);
}

/* Passive bodies under trace, against ias15: they feel and act on active bodies, not each other. */
static void passive_bodies(void **state)
{
    (void)state;
    orr_bodies b = planets();
    for (int k = 0; k < 6; k++) {
        orr_body body = {.gm = 3e-5, .id = 50 + (uint64_t)k, .role = ORR_PASSIVE};
        on_circle(&body, 3 + 0.004 * k, 1 + 0.002 * k, 1); /* inside each other's Hill spheres */
        CHECK_OK(orr_bodies_add(&b, body, NULL));
    }
    orr_sim *sim = simulate(&b, "trace", 0.01, NULL, 0);
    orr_sim *truth = simulate(&b, "ias15", 0, NULL, 0);
    orr_conserved before, after;
    CHECK_OK(orr_sim_run_until(sim, 0));
    CHECK_OK(orr_sim_conserved(sim, &before));
    CHECK_OK(orr_sim_run_until(sim, 10));
    CHECK_OK(orr_sim_run_until(truth, 10));
    CHECK_OK(orr_sim_conserved(sim, &after));
    double worst = 0, push = 0;
    for (size_t i = 0; i < b.n; i++)
        for (int c = 0; c < 3; c++)
            worst = fmax(worst, fabs(orr_bodies_get(orr_sim_snapshot(sim).bodies, i).pos[c] -
                                     orr_bodies_get(orr_sim_snapshot(truth).bodies, i).pos[c]));
    for (int c = 0; c < 3; c++)
        push = fmax(push, fabs(after.momentum[c] - before.momentum[c]));
    double energy = (after.kinetic + after.potential) / (before.kinetic + before.potential) - 1;
    print_message("passive bodies under trace: %.1e from ias15, energy %.1e, momentum %.1e\n",
                  worst, energy, push);
    CHECK(worst < 1e-4 && fabs(energy) < 1e-7 && push < 1e-16);
    orr_sim_destroy(sim);
    orr_sim_destroy(truth);
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_change_a_bit),
        cmocka_unit_test(whatever_is_done),
        cmocka_unit_test(tests_go_where_tiny_planets_go),
        cmocka_unit_test(passive_bodies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
