/* Boxes whose sides are joined: bodies that leave, images that pull, epicycles in a sheet. */
#include "check.h"

#include <orrery/orrery.h>
#include <stdlib.h>

static const double omega = 0.7, pi = 3.14159265358979323846;

static orr_bodies some_bodies(size_t n, double size, double speed, double gm, uint64_t seed)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, n));
    for (size_t k = 0; k < n; k++) {
        orr_body one = {.id = k, .gm = gm};
        for (int c = 0; c < 3; c++) {
            one.pos[c] = size * (check_random(&seed) - 0.5);
            one.vel[c] = speed * (check_random(&seed) - 0.5);
        }
        CHECK_OK(orr_bodies_add(&b, one, NULL));
    }
    return b;
}

/* Takes the bodies. */
static orr_sim *simulation(orr_bodies *b, const char *method, double step, double w,
                           double vertical, bool gravity)
{
    orr_sim_def def = orr_sim_def_default();
    def.bodies = b;
    def.step = step;
    def.threads = 1;
    orr_sim *sim;
    const orr_option options[] = {{"Omega", w, 0, NULL}, {"vertical", vertical, 0, NULL}};
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(method), options, w > 0 ? 2 : 0));
    if (gravity)
        CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    return sim;
}

/* Hill's equations without forces. */
static void epicycle(const orr_body *from, double w, double vertical, double t, double pos[3],
                     double vel[3])
{
    double x = from->pos[0], vx = from->vel[0], vy = from->vel[1], s = sin(w * t), c = cos(w * t);
    double center = 4 * x + 2 * vy / w, p = x - center, q = vx / w, wz = w * vertical;
    pos[0] = center + p * c + q * s;
    pos[1] = from->pos[1] - 2 * q - 1.5 * w * center * t + 2 * (q * c - p * s);
    vel[0] = w * (q * c - p * s);
    vel[1] = -1.5 * w * center - 2 * w * (p * c + q * s);
    pos[2] = from->pos[2] * cos(wz * t) + from->vel[2] / wz * sin(wz * t);
    vel[2] = from->vel[2] * cos(wz * t) - wz * from->pos[2] * sin(wz * t);
}

static orr_body body_at(const orr_sim *sim, size_t i)
{
    return orr_bodies_get(orr_sim_snapshot(sim).bodies, i);
}

/* ---- epicycles ---- */

static void epicycles_are_exact(void **unused)
{
    (void)unused;
    const double vertical = 3.6, end = 1000 * 2 * pi / omega;
    orr_bodies b = some_bodies(5, 2, 1, 0, 11), was = {0};
    CHECK_OK(orr_bodies_copy(&was, &b));
    orr_sim *sim = simulation(&b, "sei", 0.3, omega, vertical, false);
    CHECK_OK(orr_sim_run_until(sim, end));
    for (size_t i = 0; i < was.n; i++) {
        const orr_body from = orr_bodies_get(&was, i), to = body_at(sim, i);
        double pos[3], vel[3];
        epicycle(&from, omega, vertical, end, pos, vel);
        for (int c = 0; c < 3; c++) {
            bool along = c == 1; /* it drifts by up to 2e4 */
            CHECK_NEAR(to.pos[c], pos[c], along ? 1e-6 : 1e-10);
            CHECK_NEAR(to.vel[c], vel[c], 1e-10);
        }
    }
    orr_bodies_free(&was);
    orr_sim_destroy(sim);
}

static void epicycles_go_back(void **unused)
{
    (void)unused;
    orr_bodies b = some_bodies(40, 2, 1, 1e-3, 5), was = {0};
    CHECK_OK(orr_bodies_copy(&was, &b));
    orr_sim *sim = simulation(&b, "sei", 0.05, omega, 1, true);
    CHECK_OK(orr_sim_run_until(sim, 20));
    CHECK_OK(orr_sim_run_until(sim, 0));
    for (size_t k = 0; k < 3 * was.stride; k++)
        if (k % was.stride < was.n) {
            CHECK_NEAR(orr_sim_snapshot(sim).bodies->pos[k], was.pos[k], 1e-8);
            CHECK_NEAR(orr_sim_snapshot(sim).bodies->vel[k], was.vel[k], 1e-8);
        }
    orr_bodies_free(&was);
    orr_sim_destroy(sim);
}

/* The pull of two bodies on each other and the tide: Jacobi's constant, and order 2. */
static void energy_in_open_space(void **unused)
{
    (void)unused;
    double error[2];
    for (int k = 0; k < 2; k++) {
        orr_bodies b;
        CHECK_OK(orr_bodies_init(&b, 2));
        CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .id = 0}, NULL));
        orr_body moon = {.gm = 1e-3, .pos = {0.4, 0, 0.05}, .vel = {0, 1.2, 0}, .id = 1};
        CHECK_OK(orr_bodies_add(&b, moon, NULL));
        orr_sim *sim = simulation(&b, "sei", k == 0 ? 0.01 : 0.005, 0.3, 1, true);
        orr_conserved first, now;
        CHECK_OK(orr_sim_conserved(sim, &first));
        double e0 = first.kinetic + first.potential;
        error[k] = 0;
        for (int m = 1; m <= 100; m++) {
            CHECK_OK(orr_sim_run_until(sim, 0.1 * m));
            CHECK_OK(orr_sim_conserved(sim, &now));
            error[k] = fmax(error[k], fabs((now.kinetic + now.potential) / e0 - 1));
        }
        orr_sim_destroy(sim);
    }
    CHECK(error[0] < 2e-3);
    CHECK_NEAR(error[0] / error[1], 4, 0.5);
}

/* ---- bodies that leave ---- */

static double into(double x, double size)
{
    return x - size * floor(x / size + 0.5);
}

/* A free body is where its analytic way is, seen modulo the sheared boxes: x and the speed in y
 * change together. */
static void ways_go_on_across_a_sheet(void **unused)
{
    (void)unused;
    const double size[3] = {3, 5, 0.8};
    orr_bodies b = some_bodies(30, 0.8, 3, 0, 3), was = {0};
    CHECK_OK(orr_bodies_copy(&was, &b));
    orr_sim *sim = simulation(&b, "sei", 0.04, omega, 1.5, false);
    orr_boundary box = {.kind = ORR_SHEARING_SHEET, .size = {size[0], size[1], size[2]}};
    CHECK_OK(orr_sim_set_boundary(sim, &box));
    double crossed = 0;
    for (int k = 1; k <= 20; k++) {
        const double t = 1.7 * k; /* between steps */
        CHECK_OK(orr_sim_run_until(sim, t));
        for (size_t i = 0; i < was.n; i++) {
            const orr_body from = orr_bodies_get(&was, i), to = body_at(sim, i);
            double pos[3], vel[3];
            epicycle(&from, omega, 1.5, t, pos, vel);
            double n = floor(pos[0] / size[0] + 0.5);
            crossed += fabs(n);
            CHECK_NEAR(to.pos[0], pos[0] - n * size[0], 1e-11);
            double y = pos[1] + n * 1.5 * omega * size[0] * t;
            CHECK_NEAR(into(to.pos[1] - y, size[1]), 0, 1e-11);
            CHECK_NEAR(to.vel[0], vel[0], 1e-11);
            CHECK_NEAR(to.vel[1], vel[1] + n * 1.5 * omega * size[0], 1e-11);
            for (int c = 0; c < 2; c++)
                CHECK(fabs(to.pos[c]) <= size[c] / 2);
        }
    }
    CHECK(crossed > 100);
    orr_bodies_free(&was);
    orr_sim_destroy(sim);
}

/* Free bodies in a periodic box stay as many everywhere, and keep their energy to the last bit. */
static void a_periodic_box_stays_uniform(void **unused)
{
    (void)unused;
    enum { N = 8000, CELLS = 64 };
    orr_bodies b = some_bodies(N, 1, 1, 1e-6, 8);
    orr_sim *sim = simulation(&b, "leapfrog", 0.125, 0, 1, false);
    orr_boundary box = {.kind = ORR_PERIODIC, .size = {1, 1, 1}};
    CHECK_OK(orr_sim_set_boundary(sim, &box));
    orr_conserved first, last;
    CHECK_OK(orr_sim_conserved(sim, &first));
    CHECK_OK(orr_sim_run_until(sim, 20));
    CHECK_OK(orr_sim_conserved(sim, &last));
    CHECK_BITS(first.kinetic, last.kinetic);
    double count[CELLS] = {0}, chi2 = 0;
    for (size_t i = 0; i < N; i++) {
        const orr_body one = body_at(sim, i);
        size_t cell = 0;
        for (int c = 0; c < 3; c++) {
            CHECK(one.pos[c] >= -0.5 && one.pos[c] < 0.5);
            cell = 4 * cell + (size_t)(4 * (one.pos[c] + 0.5));
        }
        count[cell]++;
    }
    for (int k = 0; k < CELLS; k++)
        chi2 += pow(count[k] - N / CELLS, 2) / (N / CELLS);
    CHECK(chi2 > 30 && chi2 < 110); /* 63 +- 11 */
    orr_sim_destroy(sim);
}

/* ---- images that pull ---- */

/* Of two bodies in a box, by hand. */
static void images_pull(void **unused)
{
    (void)unused;
    const double size[3] = {4, 6, 5}, t = 2.3, h = 1e-3;
    const orr_body two[2] = {{.gm = 0.3, .pos = {0.5, 0.2, 0.1}, .id = 0},
                             {.gm = 0.7, .pos = {-1.1, 2, -0.4}, .id = 1}};
    for (int sheet = 0; sheet < 2; sheet++) {
        orr_bodies b;
        CHECK_OK(orr_bodies_init(&b, 2));
        for (int k = 0; k < 2; k++)
            CHECK_OK(orr_bodies_add(&b, two[k], NULL));
        orr_sim_def def = orr_sim_def_default();
        def.bodies = &b, def.step = h, def.threads = 1, def.t = t;
        orr_sim *sim;
        const orr_option option = {"Omega", 1e-9, 0, NULL}; /* no tide to speak of ... */
        CHECK_OK(orr_sim_create(&def, &sim));
        CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(sheet ? "sei" : "leapfrog"),
                                        &option, (size_t)sheet));
        CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
        orr_boundary box = {.kind = sheet ? ORR_SHEARING_SHEET : ORR_PERIODIC,
                            .size = {size[0], size[1], size[2]},
                            .ghosts = {2, 1, 0}};
        CHECK_OK(orr_sim_set_boundary(sim, &box));
        CHECK_OK(orr_sim_step(sim, 1));
        for (int i = 0; i < 2; i++) {
            double a[3] = {0}, v[3];
            for (int nx = -2; nx <= 2; nx++)
                for (int ny = -1; ny <= 1; ny++)
                    for (int j = 0; j < 2; j++) {
                        double d[3], r2 = 0;
                        for (int c = 0; c < 3; c++)
                            d[c] = two[j].pos[c] - two[i].pos[c];
                        d[0] += nx * size[0], d[1] += ny * size[1];
                        for (int c = 0; c < 3; c++)
                            r2 += d[c] * d[c];
                        for (int c = 0; c < 3 && r2 > 0; c++)
                            a[c] += two[j].gm * d[c] / (r2 * sqrt(r2));
                    }
            const orr_body now = body_at(sim, (size_t)i);
            for (int c = 0; c < 3; c++) {
                v[c] = now.vel[c] / h;
                CHECK_NEAR(v[c], a[c], 2e-6);
            }
        }
        orr_sim_destroy(sim);
    }
}

/* Images of a sheet have moved by the time: a body feels its neighbour beyond the side there. */
static void images_of_a_sheet_move(void **unused)
{
    (void)unused;
    const double h = 1e-4, w = 0.5, size = 8, t = 1.234;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(
        orr_bodies_add(&b, (orr_body){.gm = 0, .pos = {3.9}, .id = 0, .role = ORR_TEST}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .pos = {-3.9, 1}, .id = 1}, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b, def.step = h, def.threads = 1, def.t = t;
    orr_sim *sim;
    const orr_option option = {"Omega", w, 0, NULL};
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("sei"), &option, 1));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    orr_boundary box = {.kind = ORR_SHEARING_SHEET, .size = {size, size}, .ghosts = {1, 1, 0}};
    CHECK_OK(orr_sim_set_boundary(sim, &box));
    CHECK_OK(orr_sim_step(sim, 1));
    double a[3] = {0};
    for (int nx = -1; nx <= 1; nx++)
        for (int ny = -1; ny <= 1; ny++) {
            double dx = -7.8 + nx * size, r2;
            double dy = 1 + ny * size - remainder(nx * 1.5 * w * size * t, size);
            r2 = dx * dx + dy * dy;
            a[0] += dx / (r2 * sqrt(r2));
            a[1] += dy / (r2 * sqrt(r2));
        }
    const orr_body now = body_at(sim, 1); /* test bodies come last */
    CHECK_NEAR(now.vel[0] / h, a[0] + 3 * w * w * 3.9, 2e-3);
    CHECK_NEAR(now.vel[1] / h, a[1], 2e-3);
    orr_sim_destroy(sim);
}

/* A tree's images are those of all pairs, to its accuracy: of active, passive and test bodies, and
 * their energy. */
static void images_by_a_tree(void **unused)
{
    (void)unused;
    const double h = 1e-3;
    orr_bodies sums[2];
    double energy[2];
    for (int k = 0; k < 2; k++) {
        uint64_t seed = 77;
        orr_bodies b;
        CHECK_OK(orr_bodies_init(&b, 900));
        for (size_t i = 0; i < 900; i++) {
            orr_body one = {.id = i, .gm = 1, .role = (orr_role)(i % 3)};
            one.gm = one.role == ORR_TEST ? 0 : check_random(&seed);
            for (int c = 0; c < 3; c++)
                one.pos[c] = (c < 2 ? 8 : 1) * (check_random(&seed) - 0.5);
            CHECK_OK(orr_bodies_add(&b, one, NULL));
        }
        orr_sim_def def = orr_sim_def_default();
        def.bodies = &b, def.step = h, def.threads = 1, def.t = 3.21;
        orr_sim *sim;
        const orr_option o = {"Omega", 0.4, 0, NULL}, soft = {"softening", 0.05, 0, NULL};
        CHECK_OK(orr_sim_create(&def, &sim));
        CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("sei"), &o, 1));
        CHECK_OK(orr_sim_add_force(sim, orr_force_find(k ? "fmm" : "direct"), &soft, 1));
        orr_boundary box = {.kind = ORR_SHEARING_SHEET, .size = {8, 8}, .ghosts = {1, 2, 0}};
        CHECK_OK(orr_sim_set_boundary(sim, &box));
        orr_conserved c;
        CHECK_OK(orr_sim_conserved(sim, &c));
        energy[k] = c.potential;
        CHECK_OK(orr_sim_step(sim, 1));
        sums[k] = (orr_bodies){0};
        CHECK_OK(orr_bodies_copy(&sums[k], orr_sim_snapshot(sim).bodies));
        orr_sim_destroy(sim);
    }
    double off = 0, all = 0;
    for (size_t k = 0; k < 3 * sums[0].stride; k++)
        if (k % sums[0].stride < sums[0].n) {
            off += pow(sums[1].vel[k] - sums[0].vel[k], 2);
            all += pow(sums[0].vel[k], 2);
        }
    CHECK(sqrt(off / all) < 5e-4);
    CHECK(off > 0); /* it was the tree */
    CHECK_NEAR(energy[1] / energy[0], 1, 1e-4);
    orr_bodies_free(&sums[0]);
    orr_bodies_free(&sums[1]);
}

/* Momentum and, but for images that come and go at the sides, energy. */
static void a_periodic_box_keeps_its_momentum(void **unused)
{
    (void)unused;
    orr_bodies b = some_bodies(60, 1, 1, 1e-3, 4);
    orr_sim *sim = simulation(&b, "leapfrog", 0.002, 0, 1, true);
    orr_boundary box = {.kind = ORR_PERIODIC, .size = {1, 1, 1}, .ghosts = {2, 2, 2}};
    CHECK_OK(orr_sim_set_boundary(sim, &box));
    orr_conserved first, last;
    CHECK_OK(orr_sim_conserved(sim, &first));
    CHECK_OK(orr_sim_run_until(sim, 1));
    CHECK_OK(orr_sim_conserved(sim, &last));
    for (int c = 0; c < 3; c++)
        CHECK_NEAR(first.momentum[c], last.momentum[c], 1e-14);
    double e = first.kinetic + first.potential;
    CHECK_NEAR((last.kinetic + last.potential) / e, 1, 2e-3);
    orr_sim_destroy(sim);
}

/* ---- saved and gone on with ---- */

static orr_sim *ring_patch(void)
{
    orr_bodies b = some_bodies(100, 3, 0.5, 1e-5, 9);
    orr_sim *sim = simulation(&b, "sei", 0.05, omega, 1, true);
    orr_boundary box = {.kind = ORR_SHEARING_SHEET, .size = {3, 3, 0}, .ghosts = {1, 1, 0}};
    CHECK_OK(orr_sim_set_boundary(sim, &box));
    return sim;
}

static void same_bits_after_a_resume(void **unused)
{
    (void)unused;
    orr_sim *whole = ring_patch(), *first = ring_patch(), *second = ring_patch();
    CHECK_OK(orr_sim_run_until(whole, 10));
    CHECK_OK(orr_sim_run_until(first, 3.333)); /* between two steps */
    void *data;
    size_t size;
    CHECK_OK(orr_sim_save(first, &data, &size));
    CHECK_OK(orr_sim_restore(second, data, size));
    CHECK_OK(orr_sim_run_until(second, 10));
    CHECK(orr_bodies_hash(orr_sim_snapshot(whole).bodies) ==
          orr_bodies_hash(orr_sim_snapshot(second).bodies));
    free(data);
    orr_sim_destroy(whole);
    orr_sim_destroy(first);
    orr_sim_destroy(second);
}

/* ---- what cannot be ---- */

static void refusals(void **unused)
{
    (void)unused;
    static const struct {
        const char *method;
        double omega;
        orr_boundary box;
        const char *says; /* NULL: it is good */
    } tries[] = {
        {"leapfrog", 0, {ORR_PERIODIC, {1, 1, 0}, {1, 1, 0}, 0}, NULL},
        {"yoshida4", 0, {ORR_PERIODIC, {1, 0, 0}, {0}, 0}, NULL},
        {"ias15", 0, {ORR_PERIODIC, {1, 1, 1}, {0}, 0}, "ias15"},
        {"wh", 0, {ORR_PERIODIC, {1, 1, 1}, {0}, 0}, "wh"},
        {"hermite4", 0, {ORR_PERIODIC, {1, 1, 1}, {0}, 0}, "hermite4"},
        {"leapfrog", 0, {ORR_PERIODIC, {0}, {0}, 0}, "one direction"},
        {"leapfrog", 0, {ORR_PERIODIC, {-1, 1, 1}, {0}, 0}, "length"},
        {"leapfrog", 0, {ORR_PERIODIC, {NAN, 1, 1}, {0}, 0}, "length"},
        {"leapfrog", 0, {ORR_PERIODIC, {1, 1, 1}, {51, 0, 0}, 0}, "ghosts"},
        {"leapfrog", 0, {ORR_SHEARING_SHEET, {1, 1, 1}, {0}, 0}, "sei"},
        {"sei", 0, {ORR_SHEARING_SHEET, {1, 1, 1}, {0}, 0}, "Omega"},
        {"sei", 1, {ORR_SHEARING_SHEET, {1, 0, 1}, {0}, 0}, "x and y"},
        {"sei", 1, {ORR_PERIODIC, {1, 1, 1}, {0}, 0}, "shearing_sheet"},
        {"sei", 1, {ORR_SHEARING_SHEET, {1, 1, 0}, {0}, 0}, NULL},
    };
    for (size_t k = 0; k < sizeof tries / sizeof *tries; k++) {
        orr_bodies b = some_bodies(3, 0.5, 1, 0.1, k);
        orr_sim *sim = simulation(&b, tries[k].method, 0.1, tries[k].omega, 1, true);
        orr_status status = orr_sim_set_boundary(sim, &tries[k].box);
        if (!tries[k].says)
            CHECK_OK(status);
        else if (status == ORR_OK || !strstr(orr_sim_message(sim), tries[k].says))
            fail_msg("try %zu: %d, %s", k, (int)status, orr_sim_message(sim));
        orr_sim_destroy(sim);
    }
    /* a method that cannot, chosen later */
    orr_sim *sim = ring_patch();
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("leapfrog"), NULL, 0));
    CHECK(orr_sim_run_until(sim, 1) == ORR_E_INCOMPATIBLE);
    orr_sim_destroy(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epicycles_are_exact),
        cmocka_unit_test(epicycles_go_back),
        cmocka_unit_test(energy_in_open_space),
        cmocka_unit_test(ways_go_on_across_a_sheet),
        cmocka_unit_test(a_periodic_box_stays_uniform),
        cmocka_unit_test(images_pull),
        cmocka_unit_test(images_of_a_sheet_move),
        cmocka_unit_test(images_by_a_tree),
        cmocka_unit_test(a_periodic_box_keeps_its_momentum),
        cmocka_unit_test(same_bits_after_a_resume),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
