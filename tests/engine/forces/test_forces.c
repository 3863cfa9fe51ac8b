/* What each force does to an orbit, against textbook formulas. */
#include "check.h"

#include <orrery/orrery.h>

#include <stdlib.h>

#include "base/arena.h"
#include "random_bodies.h"

/* A body of mass gm on an ellipse (a = 1 at apocentre 1 + e) about one of GM 1, inclined about x.
 */
static orr_sim *orbit(double gm, double e, double tilt, const char *method, const char *force,
                      const orr_option *o, size_t n)
{
    orr_bodies b;
    double r = 1 + e, v = sqrt((1 + gm) * (1 - e) / (1 + e));
    orr_body body = {.id = 1, .gm = gm, .role = gm > 0 ? ORR_ACTIVE : ORR_TEST, .radius = 0.01};
    body.pos[0] = r, body.vel[1] = v * cos(tilt), body.vel[2] = v * sin(tilt);
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .radius = 0.1}, NULL));
    CHECK_OK(orr_bodies_add(&b, body, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    def.threads = 1;
    def.speed_of_light = 200;
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(method), NULL, 0));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find(force), o, n));
    return sim;
}

/* The elements of body 1 about body 0 at time t, the mean over an orbit (angles near those at 0).
 */
static void mean_elements(orr_sim *sim, double t, double *a, double *pomega, double *Omega)
{
    enum { SAMPLES = 200 };
    *a = *pomega = *Omega = 0;
    for (int k = 0; k < SAMPLES; k++) {
        orr_state relative;
        orr_elements el;
        CHECK_OK(orr_sim_run_until(sim, t + 6.283185307179586 * k / SAMPLES));
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        for (size_t c = 0; c < 3; c++) {
            relative.pos[c] = b->pos[1 + c * b->stride] - b->pos[c * b->stride];
            relative.vel[c] = b->vel[1 + c * b->stride] - b->vel[c * b->stride];
        }
        double mu = b->gm[0] + b->gm[1];
        CHECK_OK(orr_elements_from_state(&relative, mu, &el));
        orr_orbit o = orr_orbit_of(&el, mu);
        *a += o.a / SAMPLES;
        *pomega += remainder(o.pomega - 3.14159265, 6.283185307179586) / SAMPLES;
        *Omega += remainder(el.Omega, 6.283185307179586) / SAMPLES;
    }
}

/* How fast the means change over ten orbits. */
static void drift(orr_sim *sim, double rate[3])
{
    double before[3], after[3];
    const double span = 62.83185307179586;
    mean_elements(sim, 0, &before[0], &before[1], &before[2]);
    mean_elements(sim, span, &after[0], &after[1], &after[2]);
    for (int k = 0; k < 3; k++)
        rate[k] = (after[k] - before[k]) / span;
    orr_sim_destroy(sim);
}

/* Pericentres turn by 6 pi GM/(c^2 a (1 - e^2)) an orbit: in three descriptions. */
static void relativity(void **state)
{
    (void)state;
    const double e = 0.2, want = 3 / (200. * 200 * (1 - e * e));
    const struct {
        const char *force, *method;
        orr_option option;
    } cases[] = {{"relativity", "ias15", {"model", 0, 0, "eih"}},
                 {"relativity", "dop853", {"model", 0, 0, "1pn"}},
                 {"relativity-potential", "rkn12", {"of", 0, 0, NULL}}};
    for (int k = 0; k < 3; k++) {
        double rate[3];
        drift(orbit(0, e, 0, cases[k].method, cases[k].force, &cases[k].option, 1), rate);
        print_message("%s: %.4e, expected %.4e\n", cases[k].force, rate[1], want);
        CHECK_NEAR(rate[1] / want, 1, 1e-3);
    }
}

/* The energy of the Lagrangian stays, of three bodies of like masses; momentum only to 1/c^4. */
static void einstein_infeld_hoffmann(void **state)
{
    (void)state;
    double off[2];
    for (int k = 0; k < 2; k++) {
        orr_bodies b;
        CHECK_OK(orr_bodies_init(&b, 3));
        const orr_body bodies[] = {{.gm = 1, .pos = {-1, 0, 0}, .vel = {0, -0.4, 0.1}},
                                   {.gm = 0.7, .pos = {1, 0.2, 0}, .vel = {0.1, 0.5, 0}, .id = 1},
                                   {.gm = 0.3, .pos = {0, 4, 1}, .vel = {-0.6, 0, 0}, .id = 2}};
        for (int i = 0; i < 3; i++)
            CHECK_OK(orr_bodies_add(&b, bodies[i], NULL));
        orr_sim_def def = orr_sim_def_default();
        def.bodies = &b;
        def.threads = 1;
        def.speed_of_light = k ? 200 : 100;
        orr_sim *sim;
        orr_conserved c;
        CHECK_OK(orr_sim_create(&def, &sim));
        CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("ias15"), NULL, 0));
        CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
        CHECK_OK(orr_sim_add_force(sim, orr_force_find("relativity"), NULL, 0));
        CHECK_OK(orr_sim_conserved(sim, &c));
        double e0 = c.kinetic + c.potential;
        off[k] = 0;
        for (int i = 1; i <= 50; i++) {
            CHECK_OK(orr_sim_run_until(sim, i * 0.2));
            CHECK_OK(orr_sim_conserved(sim, &c));
            off[k] = fmax(off[k], fabs((c.kinetic + c.potential) / e0 - 1));
        }
        orr_sim_destroy(sim);
    }
    print_message("energy off by %.1e, with twice the speed of light %.1e\n", off[0], off[1]);
    CHECK_NEAR(log2(off[0] / off[1]), 4, 0.3); /* what order 1/c^2 leaves out */
}

/* dOmega/dt = -3/2 n J2 (R/p)^2 cos i, and the pericentre. */
static void oblateness(void **state)
{
    (void)state;
    const double J2 = 1e-3, R = 0.1, i = 0.5, e = 0.1, p = 1 - e * e;
    const orr_option o[] = {{"J2", J2, 0, NULL}};
    double rate[3], k = 1.5 * J2 * R * R / (p * p);
    drift(orbit(1e-6, e, i, "ias15", "harmonics", o, 1), rate);
    print_message("node %.4e, expected %.4e\n", rate[2], -k * cos(i));
    CHECK_NEAR(rate[2] / (-k * cos(i)), 1, 2e-3);
    double omega = k * (2 - 2.5 * sin(i) * sin(i)); /* pomega = Omega + omega */
    CHECK_NEAR(rate[1] / (omega - k * cos(i)), 1, 5e-3);
}

/* Orbits that shrink or grow: rates of the semi-major axis on circles. */
static void slow_changes(void **state)
{
    (void)state;
    const double gm = 1e-3, k2 = 0.3, tau = 0.05, R = 0.1, spin = 3;
    const orr_option light[] = {{"beta", 0.001, 0, NULL}},
                     asteroid[] = {{"A2", 1e-6, 0, NULL}, {"r0", 1, 0, NULL}},
                     comet[] = {{"A2", 1e-6, 0, NULL},
                                {"r0", 1, 0, NULL},
                                {"law", 0, 0, "marsden"}},
                     drag[] = {{"rate", 1e-6, 0, NULL}}, wind[] = {{"per_length", 1e-6, 0, NULL}},
                     bulge[] = {{"k2", k2, 0, NULL},
                                {"tau", tau, 0, NULL},
                                {"spin", spin, 0, NULL},
                                {"of", 0, 0, NULL},
                                {"by", 1, 0, NULL}};
    const struct {
        const char *force;
        const orr_option *o;
        size_t n;
        double gm, want;
    } cases[] = {
        {"radiation", light, 1, 0, -2 * 0.001 / 200}, /* -2 beta GM/(c a) */
        {"nongravitational", asteroid, 2, 0, 2e-6},   /* 2 A2/n */
        {"nongravitational", comet, 3, 0, 2e-6 * 0.1112620426 * pow(2, -4.6142)},
        {"drag", drag, 1, 0, -2e-6},
        {"drag", wind, 1, 0, -2e-6},
        {"tides", bulge, 5, gm,
         2 * 3 * k2 * gm * tau * pow(R, 5) * (spin - sqrt(1 + gm)) * (1 + gm) / sqrt(1 + gm)}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double rate[3];
        drift(orbit(cases[k].gm, 0, 0, "ias15", cases[k].force, cases[k].o, cases[k].n), rate);
        print_message("%-10s da/dt = %.4e, expected %.4e\n", cases[k].force, rate[0],
                      cases[k].want);
        CHECK_NEAR(rate[0] / cases[k].want, 1, 3e-3);
    }
}

/* How forces fall with distance: tides as r^-7, C22 as r^-4. */
static void powers(void **state)
{
    (void)state;
    const orr_option tides[] = {{"k2", 0.3, 0, NULL}, {"of", 0, 0, NULL}},
                     figure[] = {
                         {"C22", 0.1, 0, NULL}, {"of", 0, 0, NULL}, {"towards", 1, 0, NULL}};
    for (int which = 0; which < 2; which++) {
        const orr_force *f = orr_force_find(which ? "harmonics" : "tides");
        double pull[2];
        for (int k = 0; k < 2; k++) {
            void *self = calloc(1, f->state_size);
            orr_bodies b;
            orr_arena memory = {0};
            CHECK_OK(orr_bodies_init(&b, 2));
            CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .radius = 0.1}, NULL));
            CHECK_OK(orr_bodies_add(
                &b, (orr_body){.gm = 0.01, .id = 1, .pos = {k ? 1.2 : 0.6, k ? 1.6 : 0.8, 0}},
                NULL));
            orr_fields_defaults(f->fields, self);
            for (int i = 0; i < 2 + which; i++)
                CHECK_OK(orr_fields_set(f->fields, self, which ? &figure[i] : &tides[i]));
            orr_problem p = {.bodies = &b, .speed_of_light = 1};
            CHECK_OK(f->prepare(self, &p, &memory));
            double acc[24] __attribute__((aligned(64))) = {0};
            orr_eval r = {.want = ORR_WANT_ACC, .acc = acc};
            CHECK_OK(f->add(self, &b, &r, &memory));
            pull[k] = hypot(acc[1], acc[1 + b.stride]);
            CHECK(acc[1] * b.pos[1] < 0); /* inwards: the long axis points to the body */
            if (which)                    /* 9 GM C22 R^2/r^4 along the long axis */
                CHECK_NEAR(pull[k] * pow(k ? 2 : 1, 4), 9 * 0.1 * 0.01, 1e-15);
            free(self);
            orr_arena_free(&memory);
            orr_bodies_free(&b);
        }
        CHECK_NEAR(log2(pull[0] / pull[1]), which ? 4 : 7, 1e-12);
    }
}

/* The pull of a figure with J2 to J4 and C22 on a third body, and on the one that is faced, is
 * -grad of the energy; the pole stands aslant. */
static void figure(void **state)
{
    (void)state;
    const orr_force *f = orr_force_find("harmonics");
    const orr_option o[] = {{"of", 0, 0, NULL},        {"towards", 1, 0, NULL},
                            {"C22", 0.02, 0, NULL},    {"J2", 0.1, 0, NULL},
                            {"J4", -0.03, 0, NULL},    {"pole_ra", 0.4, 0, NULL},
                            {"pole_dec", 1.1, 0, NULL}};
    void *self = calloc(1, f->state_size);
    orr_bodies b;
    orr_arena memory = {0};
    CHECK_OK(orr_bodies_init(&b, 3));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1.3, .radius = 0.5}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 0.2, .id = 1, .pos = {2, -0.7, 0.4}}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 0.1, .id = 2, .pos = {0.5, 1.1, -0.8}}, NULL));
    orr_fields_defaults(f->fields, self);
    for (size_t i = 0; i < sizeof o / sizeof *o; i++)
        CHECK_OK(orr_fields_set(f->fields, self, &o[i]));
    orr_problem p = {.bodies = &b, .speed_of_light = 1};
    CHECK_OK(f->prepare(self, &p, &memory));
    double acc[24] __attribute__((aligned(64))) = {0};
    orr_eval r = {.want = ORR_WANT_ACC, .acc = acc};
    CHECK_OK(f->add(self, &b, &r, &memory));
    for (size_t body = 1; body < 3; body++) {
        b.gm[3 - body] = 0; /* the energy of the other changes with the axes */
        for (size_t c = 0; c < 3; c++) {
            double *x = &b.pos[body + c * b.stride], x0 = *x, e[2], h = 1e-5;
            for (int s = 0; s < 2; s++) {
                *x = x0 + (s ? h : -h);
                CHECK_OK(f->energy(self, &b, 0, 1, &memory, &e[s]));
            }
            *x = x0;
            CHECK_NEAR(b.gm[body] * acc[body + c * b.stride], -(e[1] - e[0]) / (2 * h), 1e-10);
        }
        b.gm[3 - body] = body == 1 ? 0.1 : 0.2;
    }
    free(self);
    orr_arena_free(&memory);
    orr_bodies_free(&b);
}

/* -grad of each external potential, by differences. */
static void potentials(void **state)
{
    (void)state;
    const char *models[] = {"point",       "plummer",        "hernquist", "nfw",
                            "logarithmic", "miyamoto-nagai", "sheet"};
    const orr_force *f = orr_force_find("external");
    for (size_t k = 0; k < sizeof models / sizeof *models; k++) {
        void *self = calloc(1, f->state_size);
        orr_bodies b;
        orr_arena scratch = {0};
        CHECK_OK(orr_bodies_init(&b, 1));
        CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .pos = {0.7, -0.5, 0.4}}, NULL));
        orr_fields_defaults(f->fields, self);
        const orr_option o[] = {{"model", 0, 0, models[k]}, {"GM", 1.3, 0, NULL},
                                {"a", 0.6, 0, NULL},        {"b", 0.2, 0, NULL},
                                {"v", 1.1, 0, NULL},        {"q", 0.8, 0, NULL},
                                {"f", 0.9, 0, NULL}};
        for (size_t i = 0; i < sizeof o / sizeof *o; i++)
            CHECK_OK(orr_fields_set(f->fields, self, &o[i]));
        double acc[24] __attribute__((aligned(64))) = {0};
        orr_eval r = {.want = ORR_WANT_ACC, .acc = acc};
        CHECK_OK(f->add(self, &b, &r, &scratch));
        for (size_t c = 0; c < 3; c++) {
            double *x = &b.pos[c * b.stride], x0 = *x, e[2], h = 1e-5;
            for (int s = 0; s < 2; s++) {
                *x = x0 + (s ? h : -h);
                CHECK_OK(f->energy(self, &b, 0, 1, &scratch, &e[s]));
            }
            *x = x0;
            CHECK_NEAR(acc[c * b.stride], -(e[1] - e[0]) / (2 * h), 1e-9);
        }
        free(self);
        orr_arena_free(&scratch);
        orr_bodies_free(&b);
    }
}

static void refused(const char *force, const orr_option *o, size_t n, double light,
                    const char *part)
{
    orr_bodies b;
    orr_sim *sim;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.id = 1, .role = ORR_TEST, .pos = {1, 0, 0}}, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    def.speed_of_light = light;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("ias15"), NULL, 0));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find(force), o, n));
    CHECK(orr_sim_run_until(sim, 1) == ORR_E_INCOMPATIBLE);
    CHECK(strstr(orr_sim_message(sim), part));
    orr_sim_destroy(sim);
}

static void refusals(void **state)
{
    (void)state;
    refused("relativity", NULL, 0, 0, "speed of light");
    refused("harmonics", (orr_option[]){{"J2", 0.1, 0, NULL}}, 1, 1, "radius");
    refused("harmonics", (orr_option[]){{"of", 1, 0, NULL}, {"radius", 1, 0, NULL}}, 2, 1,
            "must be active");
    refused("tides", (orr_option[]){{"of", 7, 0, NULL}}, 1, 1, "no more");
    refused("harmonics", (orr_option[]){{"C22", 0.1, 0, NULL}, {"radius", 1, 0, NULL}}, 2, 1,
            "towards");
    refused("external", (orr_option[]){{"model", 0, 0, "nfw"}}, 1, 1, "'a'");
}

/* Gravity that does not say that it is Newton's is not taken for it. */
static void other_gravity(void **state)
{
    (void)state;
    static const orr_field none[] = {{0}};
    const orr_force *direct = orr_force_find("direct");
    const orr_force law = {.name = "law",
                           .traits = ORR_SELF_GRAVITY,
                           .fields = none,
                           .state_size = direct->state_size,
                           .add = direct->add};
    orr_bodies b = random_planets(2, 0, 1);
    orr_sim_def def = orr_sim_def_default();
    orr_sim *sim;
    def.bodies = &b;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("wh"), NULL, 0));
    CHECK(orr_sim_add_force(sim, &law, NULL, 0) == ORR_E_INCOMPATIBLE);
    CHECK(strstr(orr_sim_message(sim), "cannot take that of force 'law'"));
    CHECK_OK(orr_sim_add_force(sim, direct, NULL, 0));
    orr_sim_destroy(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relativity), cmocka_unit_test(einstein_infeld_hoffmann),
        cmocka_unit_test(oblateness), cmocka_unit_test(slow_changes),
        cmocka_unit_test(potentials), cmocka_unit_test(powers),
        cmocka_unit_test(figure),     cmocka_unit_test(other_gravity),
        cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
