/* Bodies that hold at another date than the start: who is integrated from the start must pass that
 * date with the elements that were given for it. */
#include "check.h"

#include <orrery/elements.h>
#include <orrery/scenario.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/math/reproducible.h"

#define DEG (ORR_PI / 180)

#define HEAD                                                                                       \
    "epoch: 2000-01-01T12:00 TDB\n"                                                                \
    "units: { length: au, mass: Msun, time: day, angle: deg }\n"                                   \
    "integrator: { method: ias15 }\n"                                                              \
    "run: { to: 10 yr }\n"

#define PLANETS                                                                                    \
    "  - { name: Sun, mass: 1, position: [-0.004, 0.003, 0], velocity: [0, -5e-6, 1e-7] }\n"       \
    "  - { name: Jupiter, mass: 1e-3, position: [4, 3, 0.1], velocity: [-4.5e-3, 5.8e-3, 1e-4] "   \
    "}\n"                                                                                          \
    "  - { name: Saturn, mass: 3e-4, position: [6.4, 6.6, -0.3], velocity: [-4.3e-3, 3.9e-3, "     \
    "1e-4] }\n"

static orr_scenario parse(const char *text)
{
    orr_scenario s;
    orr_diagnosis why;
    const orr_scenario_changes changes = {.n_set = 0};
    orr_status status = orr_scenario_parse(SOURCE_DIR "/scenarios/test.yaml", text, strlen(text),
                                           &changes, &s, &why);
    if (status != ORR_OK)
        print_error("%s:%d:%d: %s\n", why.file, why.line, why.column, why.text);
    CHECK_OK(status);
    return s;
}

static void refuse(const char *text, const char *says)
{
    orr_scenario s;
    orr_diagnosis why;
    orr_status status =
        orr_scenario_parse(SOURCE_DIR "/scenarios/test.yaml", text, strlen(text), NULL, &s, &why);
    if (status == ORR_OK || !strstr(why.text, says))
        print_error("wanted '%s', got %d %d:%d %s\n", says, status, why.line, why.column, why.text);
    CHECK(status == ORR_E_FORMAT && strstr(why.text, says) && why.line > 0);
}

static uint64_t id_of(const orr_scenario *s, const char *name)
{
    for (size_t k = 0; k < s->names.n; k++)
        if (strcmp(orr_names_get(&s->names, k), name) == 0)
            return k;
    fail_msg("no body '%s'", name);
    return 0;
}

static orr_body get(const orr_scenario *s, const orr_bodies *b, const char *name)
{
    return orr_bodies_get(b, orr_bodies_find(b, id_of(s, name)));
}

/* Osculating elements of a body about another, n bodies' barycentre, in the axes of the file. */
static orr_elements elements(const orr_scenario *s, const orr_bodies *b, const char *name,
                             const char *around, const char *and)
{
    orr_body body = get(s, b, name), one = get(s, b, around);
    double gm = one.gm;
    orr_state rel;
    if (and) {
        orr_body two = get(s, b, and);
        gm += two.gm;
        for (int c = 0; c < 3; c++) {
            one.pos[c] = (one.gm * one.pos[c] + two.gm * two.pos[c]) / gm;
            one.vel[c] = (one.gm * one.vel[c] + two.gm * two.vel[c]) / gm;
        }
    }
    for (int c = 0; c < 3; c++) {
        rel.pos[c] = body.pos[c] - one.pos[c];
        rel.vel[c] = body.vel[c] - one.vel[c];
    }
    orr_elements el;
    CHECK_OK(orr_elements_from_state(&rel, gm + body.gm, &el));
    return el;
}

static double turn(double a, double b)
{
    return fabs(remainder(a - b, 2 * ORR_PI));
}

static orr_sim *start(orr_scenario *s)
{
    orr_sim *sim = NULL;
    orr_diagnosis why;
    CHECK_OK(orr_sim_from_scenario(s, 1, &sim, &why));
    return sim;
}

static void check_elements(orr_elements el, double a, double e, double i, double Omega,
                           double omega, double M, double within)
{
    orr_orbit o = orr_orbit_of(&el, 1);
    double off = fabs(o.a / a - 1);
    off = fmax(off, fabs(el.e - e));
    off = fmax(off, turn(el.i, i * DEG));
    off = fmax(off, turn(el.Omega, Omega * DEG) * sin(i * DEG));
    off = fmax(off, turn(el.omega, omega * DEG) * sin(i * DEG) * e);
    off = fmax(off, turn(o.M, M * DEG) * e);
    if (!(off < within))
        print_error("off by %.2e\n", off);
    CHECK(off < within);
}

/* RA from Earth on 1986-04-11, as JPL has it, is 224.70 deg; from elements carried on a two-body
 * orbit to J2000 it was 209.0. */
static void halley(void **state)
{
    (void)state;
    orr_scenario s = parse("include: [solar-system.yaml]\n"
                           "run: { to: 1986-04-11 }\n"
                           "bodies:\n"
                           "  - { name: Halley, role: test, orbit: { around: Sun, plane: ecliptic, "
                           "q: 0.587104 au, e: 0.967277, i: 162.2422 deg, omega: 111.8657 deg, "
                           "Omega: 58.8600 deg, T: JD 2446470.958888889 } }\n");
    CHECK(s.n_brought == 1 && s.brought[0].by_pericentre && s.brought[0].id == 11);
    CHECK(s.brought[0].apart > 0.01 && s.brought[0].apart < 0.1);
    CHECK(s.n_notes == 1 && strstr(s.notes[0], "Halley") && strstr(s.notes[0], "1986-02-09"));
    orr_sim *sim = start(&s);
    CHECK_OK(orr_sim_run_until(sim, s.t_end));
    const orr_bodies *b = orr_sim_snapshot(sim).bodies;
    orr_body comet = get(&s, b, "Halley"), earth = get(&s, b, "Earth");
    double ra = atan2(comet.pos[1] - earth.pos[1], comet.pos[0] - earth.pos[0]) / DEG;
    CHECK_NEAR(ra + 360, 224.70, 0.02);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

/* Test bodies and planets, before and after the start, about a star, a planet and a barycentre. */
static void pass_with_their_elements(void **state)
{
    (void)state;
    orr_scenario s = parse(
        HEAD "bodies:\n"
             "  - { name: Before, role: test, orbit: { around: Sun, epoch: 1998-03-01, a: 2.7, e: "
             "0.2, i: 10, Omega: 80, omega: 70, M: 30 } }\n" PLANETS
             "  - { name: After, role: test, epoch: 700 day, orbit: { around: [Sun, Jupiter], a: "
             "20, e: 0.1, i: 30, Omega: 200, omega: 10, M: -30 } }\n"
             "  - { name: Planet, mass: 2e-4, orbit: { around: Sun, epoch: 800 day, a: 1.4, e: "
             "0.1, i: 3, Omega: 20, omega: 30, M: 200 } }\n"
             "  - { name: Moon, mass: 1e-7, orbit: { around: Planet, epoch: 800 day, a: 0.01, e: "
             "0.05, i: 40, Omega: 50, omega: 60, M: 70 } }\n"
             "  - { name: Old, mass: 1e-4, orbit: { around: Sun, epoch: -600 day, a: 12, e: 0.05, "
             "i: 5, Omega: 90, omega: 10, M: 20 } }\n"
             "  - { name: Probe, role: test, epoch: 300 day, relative_to: Planet, position: [0.02, "
             "0, 0], velocity: [0, 2e-3, 1e-3] }\n");
    orr_scenario plain = parse(HEAD "bodies:\n" PLANETS);
    const char *const names[] = {"Before", "Sun",  "Jupiter", "Saturn", "After",
                                 "Planet", "Moon", "Old",     "Probe"};
    print_message("%zu brought, consistent to %.2e\n", s.n_brought, s.brought_error);
    CHECK(s.bodies.n == 9 && s.n_brought == 6 && s.brought_error < 1e-11);
    for (size_t k = 0; k < 9; k++)
        assert_string_equal(orr_names_get(&s.names, k), names[k]);
    for (int k = 1; k < 4; k++) { /* given for the start: not a bit changes */
        orr_body a = get(&s, &s.bodies, names[k]), b = get(&plain, &plain.bodies, names[k]);
        assert_memory_equal(a.pos, b.pos, sizeof a.pos);
        assert_memory_equal(a.vel, b.vel, sizeof a.vel);
    }
    orr_bodies copy = {0};
    CHECK_OK(orr_bodies_copy(&copy, &s.bodies));
    orr_sim *sim = start(&s);
    CHECK_OK(orr_sim_run_until(sim, 300));
    const orr_bodies *b = orr_sim_snapshot(sim).bodies;
    orr_body probe = get(&s, b, "Probe"), planet = get(&s, b, "Planet");
    CHECK_NEAR(probe.pos[0] - planet.pos[0], 0.02, 1e-12);
    CHECK_NEAR(probe.vel[1] - planet.vel[1], 2e-3, 1e-13);
    CHECK_OK(orr_sim_run_until(sim, 700));
    b = orr_sim_snapshot(sim).bodies;
    check_elements(elements(&s, b, "After", "Sun", "Jupiter"), 20, 0.1, 30, 200, 10, -30, 1e-12);
    CHECK_OK(orr_sim_run_until(sim, 800));
    b = orr_sim_snapshot(sim).bodies;
    check_elements(elements(&s, b, "Planet", "Sun", NULL), 1.4, 0.1, 3, 20, 30, 200, 1e-12);
    check_elements(elements(&s, b, "Moon", "Planet", NULL), 0.01, 0.05, 40, 50, 60, 70, 1e-10);
    orr_sim_destroy(sim);
    s.bodies = copy;
    sim = start(&s);
    CHECK_OK(orr_sim_run_until(sim, -600));
    b = orr_sim_snapshot(sim).bodies;
    check_elements(elements(&s, b, "Old", "Sun", NULL), 12, 0.05, 5, 90, 10, 20, 1e-12);
    double t = -671.5; /* 1998-03-01 */
    CHECK_OK(orr_sim_run_until(sim, t));
    b = orr_sim_snapshot(sim).bodies;
    check_elements(elements(&s, b, "Before", "Sun", NULL), 2.7, 0.2, 10, 80, 70, 30, 1e-12);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    orr_scenario_free(&plain);
}

/* The resolved scenario holds the states at the start, to the bit. */
static void resolved_needs_no_sweep(void **state)
{
    (void)state;
    orr_scenario s =
        parse(HEAD "bodies:\n" PLANETS "  - { name: P, mass: 1e-5, orbit: { around: Sun, epoch: "
                   "2001-01-01, a: 1.5, e: 0.1, M: 3 } }\n");
    orr_scenario again = parse(s.resolved);
    CHECK(s.n_brought == 1 && again.n_brought == 0);
    CHECK(orr_bodies_hash(&s.bodies) == orr_bodies_hash(&again.bodies));
    orr_scenario_free(&s);
    orr_scenario_free(&again);
}

/* Forces that act on the body itself act on the way, too. */
static void with_forces(void **state)
{
    (void)state;
    orr_scenario s = parse(
        HEAD "forces:\n"
             "  - { force: relativity }\n"
             "  - { force: radiation, of: Sun, on: Grain, beta: 0.3 }\n"
             "  - { force: nongravitational, of: Sun, on: Rock, A1: 1e-9 au/day2, A2: -2e-9 "
             "au/day2, r0: "
             "1 au }\n"
             "bodies:\n" PLANETS
             "  - { name: Grain, role: test, orbit: { around: Sun, epoch: -300 day, a: 1.2, e: "
             "0.15, i: 4, Omega: 10, omega: 20, M: 30 } }\n"
             "  - { name: Rock, role: test, orbit: { around: Sun, epoch: -200 day, a: 0.8, e: "
             "0.25, i: 8, Omega: 10, omega: 20, M: 30 } }\n");
    CHECK(s.n_brought == 2 && s.brought[0].apart > 0.1 && s.brought[1].apart > 1e-6);
    orr_sim *sim = start(&s);
    CHECK_OK(orr_sim_run_until(sim, -200));
    const orr_bodies *b = orr_sim_snapshot(sim).bodies;
    check_elements(elements(&s, b, "Rock", "Sun", NULL), 0.8, 0.25, 8, 10, 20, 30, 1e-12);
    CHECK_OK(orr_sim_run_until(sim, -300));
    b = orr_sim_snapshot(sim).bodies;
    check_elements(elements(&s, b, "Grain", "Sun", NULL), 1.2, 0.15, 4, 10, 20, 30, 1e-12);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

/* A splitting method's own relativity is not lost on the way. */
static void with_the_methods_own_force(void **state)
{
    (void)state;
    static const char body[] = "bodies:\n  - { name: Sun, mass: 1 }\n"
                               "  - { name: M, role: test, orbit: { around: Sun, epoch: -900 day, "
                               "a: 0.39, e: 0.2, M: 30 } }\n";
    char text[1000];
    double x[2];
    for (int k = 0; k < 2; k++) {
        snprintf(text, sizeof text, HEAD "%s%s",
                 k ? "forces: [{ force: relativity-potential }]\n" : "", body);
        if (!k) {
            char *method = strstr(text, "ias15 }");
            memmove(method + 48, method + 7, strlen(method + 7) + 1);
            memcpy(method, "wh, step: 1 day, relativity: potential }        ", 48);
        }
        orr_scenario s = parse(text);
        CHECK(s.n_brought == 1 && s.brought[0].apart > 1e-9);
        x[k] = orr_bodies_get(&s.bodies, 1).pos[0];
        orr_scenario_free(&s);
    }
    CHECK(x[0] == x[1]);
}

/* Where nothing but the primary pulls, two-body motion is exact, and nobody is swept. */
static void two_bodies_alone(void **state)
{
    (void)state;
    orr_scenario s =
        parse(HEAD "bodies:\n  - { name: Sun, mass: 1 }\n"
                   "  - { name: A, role: test, orbit: { around: Sun, q: 0.5, e: 1, T: 2000-02-20 "
                   "} }\n"
                   "  - { name: B, role: test, epoch: 100 day, relative_to: Sun, position: [1, 0, "
                   "0], velocity: [0, 0.017, 0] }\n"
                   "  - { name: C, role: test, orbit: { around: Sun, q: 0.5, e: 1, T: 49.5 day } "
                   "}\n");
    CHECK(s.n_brought == 0 && s.n_notes == 0);
    orr_body a = orr_bodies_get(&s.bodies, 1), c = orr_bodies_get(&s.bodies, 3);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(a.pos[k], c.pos[k], 1e-15);
    orr_sim *sim = start(&s);
    CHECK_OK(orr_sim_run_until(sim, 49.5));
    orr_body now = orr_bodies_get(orr_sim_snapshot(sim).bodies, 1);
    CHECK_NEAR(now.pos[0], 0.5, 1e-13); /* at its pericentre */
    CHECK_NEAR(now.pos[1], 0, 1e-13);
    CHECK_OK(orr_sim_run_until(sim, 100));
    now = orr_bodies_get(orr_sim_snapshot(sim).bodies, 2);
    CHECK_NEAR(now.pos[0], 1, 1e-13);
    CHECK_NEAR(now.vel[1], 0.017, 1e-15);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

/* T with an epoch, and T after the start, is a phase only. */
static void pericentre_as_phase(void **state)
{
    (void)state;
    static const char *const times[] = {"T: 2000-01-31T12:00", "T: 2000-01-31T12:00, epoch: 0 day",
                                        "T: 30 day"};
    double x[3];
    for (int k = 0; k < 3; k++) {
        char text[1500];
        snprintf(text, sizeof text,
                 HEAD "bodies:\n" PLANETS
                      "  - { name: A, role: test, orbit: { around: Sun, a: 4, e: 0.6, %s } }\n",
                 times[k]);
        orr_scenario s = parse(text);
        CHECK(s.n_brought == (k == 0) && s.n_notes == (k == 0));
        x[k] = get(&s, &s.bodies, "A").pos[0];
        orr_scenario_free(&s);
    }
    CHECK(x[1] == x[2] && x[0] != x[1] && fabs(x[0] - x[1]) < 1e-3);
}

/* Many dates of a table: enough for the crowd to come back in groups. */
static void table_of_many_dates(void **state)
{
    (void)state;
    enum { ROWS = 150 };
    char folder[] = "/tmp/orrery-epochs-XXXXXX", path[100], text[2000];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/t.csv", folder);
    FILE *out = fopen(path, "w");
    CHECK(out != NULL);
    fputs("name, a [au], e, i [deg], Omega [deg], omega [deg], M [deg], epoch [JD]\n", out);
    double t[ROWS];
    for (int k = 0; k < ROWS; k++) {
        t[k] = k % 2 ? 3.25 * k : -2.5 * k;
        fprintf(out, "b%d, %.17g, 0.1, %d, 20, 30, %d, %.17g\n", k, 2 + 0.01 * k, 5 + k % 20,
                (7 * k) % 360, 2451545 + t[k]);
    }
    fclose(out);
    snprintf(text, sizeof text,
             HEAD "bodies:\n" PLANETS "groups: [{ table: %s, around: Sun, role: test }]\n", path);
    for (int side = -1; side <= 1; side += 2) {
        orr_scenario s = parse(text);
        CHECK(s.n_brought == ROWS - 1); /* one holds at the start */
        orr_sim *sim = start(&s);
        for (int k = 0; k < ROWS; k++) {
            if (t[k] * side <= 0 || (k > 20 && k % 10 > 1))
                continue;
            char name[20];
            snprintf(name, sizeof name, "b%d", k);
            CHECK_OK(orr_sim_run_until(sim, t[k]));
            const orr_bodies *b = orr_sim_snapshot(sim).bodies;
            check_elements(elements(&s, b, name, "Sun", NULL), 2 + 0.01 * k, 0.1, 5 + k % 20, 20,
                           30, (7 * k) % 360, 1e-11);
        }
        orr_sim_destroy(sim);
        orr_scenario_free(&s);
    }
    unlink(path);
    rmdir(folder);
}

/* A ring about a planet that comes from another date moves with it. */
static void followers(void **state)
{
    (void)state;
    orr_scenario s = parse(
        HEAD "bodies:\n" PLANETS
             "  - { name: P, mass: 1e-4, epoch: 2001-01-01, orbit: { around: Sun, a: 1.5, e: 0.1, "
             "M: 3 } }\n"
             "  - { name: Moon, mass: 1e-8, relative_to: P, position: [0.01, 0, 0], velocity: [0, "
             "1.7e-3, 0] }\n"
             "groups:\n"
             "  - { generate: ring, around: P, count: 5, radius: 0.001 au, role: test, name: r "
             "}\n");
    orr_body p = get(&s, &s.bodies, "P"), moon = get(&s, &s.bodies, "Moon");
    CHECK_NEAR(moon.pos[0] - p.pos[0], 0.01, 1e-15);
    CHECK_NEAR(moon.vel[1] - p.vel[1], 1.7e-3, 1e-16);
    orr_body r = get(&s, &s.bodies, "r-1");
    CHECK_NEAR(hypot(r.pos[0] - p.pos[0], r.pos[1] - p.pos[1]), 0.001, 1e-12);
    orr_sim *sim = start(&s);
    CHECK_OK(orr_sim_run_until(sim, 365.5));
    orr_elements el = elements(&s, orr_sim_snapshot(sim).bodies, "P", "Sun", NULL);
    CHECK_NEAR(orr_orbit_of(&el, 1).a, 1.5, 1e-11);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

/* A run that starts at another time than the epoch: that is when states hold that say no more. */
static void start_is_not_the_epoch(void **state)
{
    (void)state;
    orr_scenario s = parse(
        "include: [solar-system.yaml]\nrun: { from: 100 day, to: 300 day }\n"
        "bodies:\n"
        "  - { name: A, role: test, orbit: { around: Sun, a: 2.5 au, e: 0.1, i: 10 deg, M: 7 deg } "
        "}\n"
        "  - { name: B, role: test, orbit: { around: Sun, epoch: 250 day, a: 2.5 au, e: 0.1, i: 10 "
        "deg, M: 7 deg } }\n"
        "  - { name: C, role: test, orbit: { around: Sun, epoch: 100 day, a: 2.5 au, e: 0.1, i: 10 "
        "deg, M: 7 deg } }\n");
    CHECK(s.n_brought == 1 && s.brought[0].t == 250);
    orr_sim *sim = start(&s);
    const orr_bodies *b = orr_sim_snapshot(sim).bodies;
    check_elements(elements(&s, b, "A", "Sun", NULL), 2.5, 0.1, 10, 0, 0, 7, 1e-13);
    check_elements(elements(&s, b, "C", "Sun", NULL), 2.5, 0.1, 10, 0, 0, 7, 1e-13);
    CHECK_OK(orr_sim_run_until(sim, 250));
    b = orr_sim_snapshot(sim).bodies;
    check_elements(elements(&s, b, "B", "Sun", NULL), 2.5, 0.1, 10, 0, 0, 7, 1e-12);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

/* A companion nearly as heavy as the star, and a planet, from two dates. */
static void binary(void **state)
{
    (void)state;
    orr_scenario s = parse(
        HEAD "bodies:\n"
             "  - { name: A, mass: 1 }\n"
             "  - { name: B, mass: 0.8, orbit: { around: A, epoch: 3000 day, a: 20, e: 0.3, i: "
             "10, M: 30 } }\n"
             "  - { name: P, mass: 1e-3, orbit: { around: A, epoch: 100 day, a: 1, e: 0.1, i: "
             "20, M: 3 } }\n");
    CHECK(s.n_brought == 2 && s.brought_error < 1e-10);
    orr_sim *sim = start(&s);
    CHECK_OK(orr_sim_run_until(sim, 100));
    check_elements(elements(&s, orr_sim_snapshot(sim).bodies, "P", "A", NULL), 1, 0.1, 20, 0, 0, 3,
                   1e-10);
    CHECK_OK(orr_sim_run_until(sim, 3000));
    check_elements(elements(&s, orr_sim_snapshot(sim).bodies, "B", "A", NULL), 20, 0.3, 10, 0, 0,
                   30, 1e-10);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

static void errors(void **state)
{
    (void)state;
    refuse(HEAD "bodies:\n" PLANETS
                "  - { name: A, role: test, epoch: 3 day, orbit: { around: Sun, a: 1, epoch: 4 "
                "day } }\n",
           "not both");
    refuse("units: { G: 1 }\nintegrator: { method: ias15 }\nrun: { to: 1 }\nbodies:\n"
           "  - { name: S, mass: 1 }\n"
           "  - { name: A, role: test, orbit: { around: S, a: 1, epoch: 1990-01-01 } }\n",
           "epoch");
    refuse(HEAD "bodies:\n" PLANETS
                "  - { name: Ball, mass: 1e-9, radius: 0.01 au, relative_to: Jupiter, position: "
                "[0.3, 0, 0], velocity: [0, 0.0009, 0] }\n"
                "  - { name: Hit, role: test, epoch: 20 day, relative_to: Ball, position: [0.2, 0, "
                "0], velocity: [0.02, 0, 0] }\n",
           "touch");
    refuse(HEAD "recenter: true\nforces: [{ force: external, model: point, GM: 1e-5 }]\n"
                "bodies:\n" PLANETS
                "  - { name: A, role: test, orbit: { around: Sun, a: 1, epoch: 4 day } }\n",
           "recenter");
    refuse(HEAD "bodies:\n" PLANETS
                "  - { name: A, role: test, orbit: { around: Sun, a: 1, epoch: 1e9 yr } }\n",
           "millions of steps");
    refuse(HEAD
           "bodies:\n" /* three stars, and no state at the start can be found */
           "  - { name: A, mass: 1 }\n"
           "  - { name: B, mass: 0.8, orbit: { around: A, epoch: 3000 day, a: 2, e: 0.3, M: 30 "
           "} }\n"
           "  - { name: P, mass: 0.5, orbit: { around: A, epoch: -3000 day, a: 4, e: 0.1, M: 3 "
           "} }\n",
           "no state at the start");
}

/* Numbers that are dates without the word that says so. */
static void numbers_that_are_dates(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"T: 2451545 day", "Write JD 2451545"},  {"T: 51544.5", "Write MJD 51544.5"},
        {"epoch: 51544.5", "Write MJD 51544.5"}, {"epoch: JD 51544.5", "before 4411 B.C."},
        {"T: 51544.5 JD", "before 4411 B.C."},   {"T: 2001.5 yr", "or a year?"},
    };
    char text[3000];
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        snprintf(text, sizeof text,
                 HEAD "bodies:\n" PLANETS
                      "  - { name: A, role: test, orbit: { around: Sun, a: 1, %s } }\n",
                 wrong[k][0]);
        refuse(text, wrong[k][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_that_are_dates),
        cmocka_unit_test(halley),
        cmocka_unit_test(pass_with_their_elements),
        cmocka_unit_test(resolved_needs_no_sweep),
        cmocka_unit_test(with_forces),
        cmocka_unit_test(with_the_methods_own_force),
        cmocka_unit_test(two_bodies_alone),
        cmocka_unit_test(pericentre_as_phase),
        cmocka_unit_test(table_of_many_dates),
        cmocka_unit_test(followers),
        cmocka_unit_test(binary),
        cmocka_unit_test(start_is_not_the_epoch),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
