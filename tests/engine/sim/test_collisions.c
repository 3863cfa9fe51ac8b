/* Contacts, approaches and removal for every method: right times against formulas, what is kept, the
 * order of events, and bits that do not depend on who looks. */
#include "check.h"
#include "simulate.h"

#include <orrery/primaries.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head_on_by_every_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
