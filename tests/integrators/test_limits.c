/* What methods can take and what they refuse: forces that depend on velocity and time, collisions,
 * tolerances, ranges; and janus, which must give every bit back. */
#include "check.h"

#include <orrery/orrery.h>

#include <stdlib.h>

/* ---- x'' = -x - 2 g x' + cos(w t): a driven, damped oscillator ---- */

static const double damping = 0.1, drive = 0.7;

static orr_status add_oscillator(const orr_bodies *b, const orr_eval *r, double friction)
{
    for (size_t i = 0; i < b->n; i++)
        r->acc[i] += -b->pos[i] - 2 * friction * b->vel[i] + cos(drive * r->t);
    return ORR_OK;
}

static orr_status driven(void *self, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    (void)self, (void)scratch;
    return add_oscillator(b, r, 0);
}

static orr_status damped(void *self, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    (void)self, (void)scratch;
    return add_oscillator(b, r, damping);
}

static const orr_field none[] = {{0}};
static const orr_force driven_force = {.name = "driven",
                                       .summary = "oscillator with a drive",
                                       .reference = "test",
                                       .traits = ORR_TIME_DEPENDENT,
                                       .fields = none,
                                       .add = driven};
static const orr_force damped_force = {.name = "damped",
                                       .summary = "oscillator with a drive and friction",
                                       .reference = "test",
                                       .traits = ORR_TIME_DEPENDENT | ORR_VELOCITY,
                                       .fields = none,
                                       .add = damped};

/* Starting from x = 1 with v = 0.3: the steady motion A cos wt + B sin wt and a decaying rest. */
static double exact(double t, double g)
{
    double w = drive, k = 1 - w * w, size = k * k + 4 * g * g * w * w;
    double A = k / size, B = 2 * g * w / size, s = sqrt(1 - g * g);
    double C = 1 - A, D = (0.3 + g * C - B * w) / s;
    return A * cos(w * t) + B * sin(w * t) + exp(-g * t) * (C * cos(s * t) + D * sin(s * t));
}

static orr_sim *one_body(const orr_integrator *m, const orr_force *force, double step,
                         orr_status *status)
{
    orr_bodies b;
    orr_sim *sim;
    CHECK_OK(orr_bodies_init(&b, 1));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.pos = {1}, .vel = {0.3}, .gm = 1}, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    def.step = step;
    def.threads = 1;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, m, NULL, 0));
    *status = orr_sim_add_force(sim, force, NULL, 0);
    return sim;
}

static double oscillator_error(const orr_integrator *m, const orr_force *force, double step)
{
    orr_status status;
    orr_sim *sim = one_body(m, force, step, &status);
    CHECK_OK(status);
    status = orr_sim_run_until(sim, 5);
    if (status != ORR_OK)
        print_error("%s\n", orr_sim_message(sim));
    CHECK_OK(status);
    double x = orr_sim_snapshot(sim).bodies->pos[0];
    orr_sim_destroy(sim);
    return fabs(x - exact(5, force == &damped_force ? damping : 0));
}

/* The forces that a method's traits promise to take are integrated right; others are refused. */
static void forces(void **state)
{
    (void)state;
    const orr_integrator *m;
    for (size_t k = 0; (m = orr_integrator_at(k)); k++)
        for (int velocity = 0; velocity < 2; velocity++) {
            const orr_force *force = velocity ? &damped_force : &driven_force;
            bool takes = !(m->traits & (ORR_NEEDS_JERK | ORR_NEEDS_SERIES | ORR_NEEDS_SUBSETS |
                                        ORR_OWN_GRAVITY)) &&
                         (!velocity || m->traits & ORR_TAKES_VELOCITY_FORCES);
            if (!takes) {
                orr_status status;
                orr_sim *sim = one_body(m, force, 0.01, &status);
                CHECK(status == ORR_E_INCOMPATIBLE);
                CHECK(strstr(orr_sim_message(sim), m->name) &&
                      strstr(orr_sim_message(sim), force->name));
                orr_sim_destroy(sim);
                continue;
            }
            double coarse = oscillator_error(m, force, 0.05);
            double fine = oscillator_error(m, force, 0.025);
            if (m->traits & ORR_ADAPTIVE) {
                double bound = m->order == 2 ? 1e-2 : m->order == 5 ? 1e-7 : 1e-12;
                if (!(fine < bound))
                    print_error("%s with %s: %.2e\n", m->name, force->name, fine);
                CHECK(fine < bound);
            } else if (coarse > 1e-11) {
                if (log2(coarse / fine) < m->order - 0.6)
                    print_error("%s with %s: %.2e %.2e\n", m->name, force->name, coarse, fine);
                CHECK(log2(coarse / fine) >= m->order - 0.6);
            } else {
                CHECK(fine < 1e-11);
            }
        }
}

/* ---- collisions ---- */

static orr_sim *falling(const orr_integrator *m, const orr_option *o, size_t n)
{
    orr_bodies b;
    orr_sim *sim;
    CHECK_OK(orr_bodies_init(&b, 2));
    for (size_t k = 0; k < 2; k++)
        CHECK_OK(orr_bodies_add(&b, (orr_body){.pos = {k ? 1 : -1}, .gm = 1, .id = k}, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    def.step = 0.01;
    def.threads = 1;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, m, o, n));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    return sim;
}

/* Two points at rest fall on each other: adaptive methods stop with a sentence that names them, and
 * the state of the last good step; regularised motion bounces. */
static void collisions(void **state)
{
    (void)state;
    const orr_integrator *m;
    for (size_t k = 0; (m = orr_integrator_at(k)); k++) {
        if (!(m->traits & ORR_ADAPTIVE))
            continue;
        orr_sim *sim = falling(m, NULL, 0);
        orr_status status = orr_sim_run_until(sim, 10);
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        if (m->traits & ORR_OWN_GRAVITY) {
            CHECK_OK(status);
            CHECK(b->pos[1] - b->pos[0] > 0);
        } else {
            if (status != ORR_E_STEP_TOO_SMALL)
                print_error("%s: status %d, %s\n", m->name, status, orr_sim_message(sim));
            CHECK(status == ORR_E_STEP_TOO_SMALL);
            CHECK(strstr(orr_sim_message(sim), "body 0") && strstr(orr_sim_message(sim), "apart"));
            /* they meet at t = pi / sqrt 2; the state shown is finite, from before that */
            double t = orr_sim_snapshot(sim).t;
            if (!(t > 0.8 && t < 2.23))
                print_error("%s stopped at %.17g\n", m->name, t);
            CHECK(t > 0.8 && t < 2.23);
            CHECK(isfinite(b->pos[0]) && isfinite(b->vel[0]) && b->pos[0] < b->pos[1]);
        }
        orr_sim_destroy(sim);
    }
}

/* A force that changes far faster than anything that its bodies do. */
static orr_status shaken(void *self, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    (void)self, (void)scratch;
    for (size_t i = 0; i < b->n; i++)
        r->acc[i] += i == 0 ? 1e3 * cos(1e13 * r->t) : 0;
    return ORR_OK;
}

/* Steps that stay far below the shortest time scale end the run, with a sentence; steps that the
 * user wants so short do not, nor do those that the bodies need. */
static void no_progress(void **state)
{
    (void)state;
    static const orr_force force = {.name = "shaken",
                                    .summary = "a fast drive",
                                    .reference = "test",
                                    .traits = ORR_TIME_DEPENDENT,
                                    .fields = none,
                                    .add = shaken};
    static const char *const methods[] = {"dop853", "rkn12", "verner9"};
    for (size_t k = 0; k < sizeof methods / sizeof *methods; k++) {
        orr_sim *sim = falling(orr_integrator_find(methods[k]), NULL, 0);
        CHECK_OK(orr_sim_add_force(sim, &force, NULL, 0));
        CHECK(orr_sim_run_until(sim, 1) == ORR_E_STEP_TOO_SMALL);
        if (!strstr(orr_sim_message(sim), "no progress"))
            print_error("%s: %s\n", methods[k], orr_sim_message(sim));
        CHECK(strstr(orr_sim_message(sim), "no progress") &&
              strstr(orr_sim_message(sim), "body 0") && strstr(orr_sim_message(sim), "tolerance"));
        orr_sim_destroy(sim);
    }
    const orr_option o = {"max_step", 1e-12, 0, NULL};
    orr_sim *sim = falling(orr_integrator_find("dopri5"), &o, 1);
    CHECK_OK(orr_sim_run_until(sim, 4e-8)); /* 40000 steps */
    orr_sim_destroy(sim);
}

/* Gauss & Legendre's methods say that a step is too long, before they follow another solution. */
static void steps_too_long(void **state)
{
    (void)state;
    static const char *const methods[] = {"gauss8", "gauss12"};
    for (int k = 0; k < 2; k++)
        for (double step = 0.1; step < 20; step *= 1.25) {
            orr_bodies b;
            orr_sim *sim;
            orr_conserved c;
            CHECK_OK(orr_bodies_init(&b, 2));
            CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .id = 0}, NULL));
            orr_body planet = {
                .pos = {0.5}, .vel = {0, 1.7320508}, .gm = 1e-3, .id = 1}; /* e 0.5 */
            CHECK_OK(orr_bodies_add(&b, planet, NULL));
            orr_sim_def def = orr_sim_def_default();
            def.bodies = &b;
            def.step = step;
            CHECK_OK(orr_sim_create(&def, &sim));
            CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(methods[k]), NULL, 0));
            CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
            orr_status status = orr_sim_run_until(sim, 0);
            CHECK_OK(orr_sim_conserved(sim, &c));
            double start = c.kinetic + c.potential;
            status = orr_sim_run_until(sim, 600);
            if (status == ORR_OK) {
                CHECK_OK(orr_sim_conserved(sim, &c));
                double error = fabs((c.kinetic + c.potential) / start - 1);
                if (!(error < 0.2))
                    print_error("%s, step %g: %g\n", methods[k], step, error);
                CHECK(error < 0.2);
            } else {
                CHECK(status == ORR_E_NO_CONVERGENCE && step > 0.5);
                CHECK(strstr(orr_sim_message(sim), "step") && strstr(orr_sim_message(sim), "half"));
            }
            orr_sim_destroy(sim);
        }
}

static void shortest_steps(void **state)
{
    (void)state;
    const orr_option o = {"min_step", 1e-4, 0, NULL};
    orr_sim *sim = falling(orr_integrator_find("ias15"), &o, 1);
    CHECK(orr_sim_run_until(sim, 10) == ORR_E_STEP_TOO_SMALL);
    CHECK(orr_sim_count(sim).shortest >= 1e-4);
    orr_sim_destroy(sim);
}

/* ---- options ---- */

static void tolerances(void **state)
{
    (void)state;
    const orr_integrator *m;
    for (size_t k = 0; (m = orr_integrator_at(k)); k++) {
        const orr_field *f = orr_field_find(m->fields, "tolerance");
        CHECK(!f == !(m->traits & ORR_ADAPTIVE));
        if (!f)
            continue;
        CHECK(f->min > 0 && f->fallback >= f->min);
        orr_sim *sim = falling(m, NULL, 0);
        const double bad[] = {0, -1, 1e-30, NAN, INFINITY};
        for (int i = 0; i < 5; i++) {
            const orr_option o = {"tolerance", bad[i], 0, NULL};
            CHECK(orr_sim_set_integrator(sim, m, &o, 1) == ORR_E_ARGUMENT);
            CHECK(strstr(orr_sim_message(sim), "tolerance"));
        }
        orr_sim_destroy(sim);
    }
}

static void softening_and_regularisation(void **state)
{
    (void)state;
    orr_bodies b;
    orr_sim *sim;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.pos = {1}, .gm = 1, .id = 0}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.pos = {2}, .gm = 1, .id = 1}, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("regularized"), NULL, 0));
    const orr_option soft = {"softening", 0.1, 0, NULL};
    CHECK(orr_sim_add_force(sim, orr_force_find("direct"), &soft, 1) == ORR_E_INCOMPATIBLE);
    CHECK(strstr(orr_sim_message(sim), "softening"));
    orr_sim_destroy(sim);
}

/* ---- janus ---- */

static orr_sim *planets(const char *order)
{
    orr_bodies b;
    orr_sim *sim;
    uint64_t seed = 3;
    CHECK_OK(orr_bodies_init(&b, 5));
    for (size_t k = 0; k < 5; k++) {
        double r = (double)k, v = k ? 1 / sqrt(r) : 0, phase = 6.28 * check_random(&seed);
        CHECK_OK(orr_bodies_add(&b,
                                (orr_body){.pos = {r * cos(phase), r * sin(phase), 0.1 * r},
                                           .vel = {-v * sin(phase), v * cos(phase), 0},
                                           .gm = k ? 1e-3 : 1,
                                           .id = k},
                                NULL));
    }
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    def.step = 0.05;
    def.threads = 1;
    const orr_option o = {"order", 0, 0, order};
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("janus"), &o, 1));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    CHECK_OK(orr_sim_run_until(sim, 0)); /* onto whole numbers */
    return sim;
}

static void janus_returns_every_bit(void **state)
{
    (void)state;
    static const char *const orders[] = {"2", "4", "6", "8"};
    for (int k = 0; k < 4; k++) {
        orr_sim *sim = planets(orders[k]);
        uint64_t start = orr_bodies_hash(orr_sim_snapshot(sim).bodies);
        for (int n = 0; n < 20000; n++)
            CHECK_OK(orr_sim_step(sim, 1));
        CHECK(orr_bodies_hash(orr_sim_snapshot(sim).bodies) != start);
        for (int n = 0; n < 20000; n++)
            CHECK_OK(orr_sim_step(sim, -1));
        CHECK(orr_bodies_hash(orr_sim_snapshot(sim).bodies) == start);
        orr_sim_destroy(sim);
    }
}

static void janus_keeps_its_range(void **state)
{
    (void)state;
    const orr_option o[] = {{"range", 1.5, 0, NULL}};
    orr_sim *sim = falling(orr_integrator_find("janus"), o, 1);
    CHECK(orr_sim_run_until(sim, 100) == ORR_E_RANGE);
    CHECK(orr_sim_set_integrator(sim, orr_integrator_find("janus"), o, 1) == ORR_OK);
    CHECK(orr_sim_run_until(sim, 1) != ORR_OK); /* beyond the range at the start */
    CHECK(strstr(orr_sim_message(sim), "range"));
    orr_sim_destroy(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(forces),
                                       cmocka_unit_test(collisions),
                                       cmocka_unit_test(shortest_steps),
                                       cmocka_unit_test(no_progress),
                                       cmocka_unit_test(steps_too_long),
                                       cmocka_unit_test(tolerances),
                                       cmocka_unit_test(softening_and_regularisation),
                                       cmocka_unit_test(janus_returns_every_bit),
                                       cmocka_unit_test(janus_keeps_its_range)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
