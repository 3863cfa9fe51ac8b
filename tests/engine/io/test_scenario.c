/* Reading scenarios: what is understood, and where errors are said to be. */
#include "check.h"

#include <orrery/elements.h>
#include <orrery/force.h>
#include <orrery/scenario.h>

#include <stdlib.h>
#include <unistd.h>

#define HEAD                                                                                       \
    "units: { length: au, mass: Msun, time: day }\n"                                               \
    "integrator: { method: leapfrog, step: 1 day }\n"                                              \
    "run: { to: 1 yr }\n"

static orr_scenario good(const char *text, const char *const *set, size_t n)
{
    orr_scenario s;
    orr_diagnosis why;
    const orr_scenario_changes changes = {.set = set, .n_set = n};
    orr_status status = orr_scenario_parse("test.yaml", text, strlen(text), &changes, &s, &why);
    if (status != ORR_OK)
        print_error("%s:%d:%d: %s\n", why.file, why.line, why.column, why.text);
    CHECK_OK(status);
    return s;
}

static int wrong_errors;

static void bad(const char *text, int line, int column, const char *says, const char *hint)
{
    orr_scenario s;
    orr_diagnosis why;
    orr_status status = orr_scenario_parse("test.yaml", text, strlen(text), NULL, &s, &why);
    if (status == ORR_OK || why.line != line || why.column != column || !strstr(why.text, says) ||
        (hint && !strstr(why.hint, hint)))
        print_error("in:\n%s\ngot %d at %d:%d: %s (%s)\nwanted %d:%d: %s (%s)\n", text, status,
                    why.line, why.column, why.text, why.hint, line, column, says, hint ? hint : "");
    wrong_errors += status == ORR_OK || why.line != line || why.column != column ||
                    !strstr(why.text, says) || (hint && !strstr(why.hint, hint));
    CHECK(s.bodies.n == 0 && s.memory == NULL); /* nothing is left */
}

static void bodies_and_defaults(void **state)
{
    (void)state;
    orr_scenario s =
        good(HEAD "bodies:\n"
                  "  - { name: Sun, mass: 1 }\n"
                  "  - { name: Dust, role: test, position: [1 au, 0, 0], velocity: [0, "
                  "30 km/s, 0] }\n"
                  "  - { name: Moon, mass: 1 Mmoon, orbit: { around: Earth, a: 384400 "
                  "km } }\n"
                  "  - { name: Earth, mass: 1 Mearth, radius: 6378 km, orbit: { around: "
                  "Sun, a: 1 au, M: 90 deg } }\n",
             NULL, 0);
    CHECK(s.bodies.n == 4 && s.bodies.n_active == 3 && s.names.n == 4);
    size_t moon = orr_bodies_find(&s.bodies, 2), earth = orr_bodies_find(&s.bodies, 3);
    assert_string_equal(orr_names_get(&s.names, 2), "Moon");
    orr_body m = orr_bodies_get(&s.bodies, moon), e = orr_bodies_get(&s.bodies, earth);
    CHECK_NEAR(e.pos[0], 0, 1e-15);
    CHECK_NEAR(e.pos[1], 1, 1e-15);
    CHECK_NEAR((m.pos[0] - e.pos[0]) * 149597870.7, 384400, 1e-6);
    CHECK_NEAR(s.bodies.gm[0], 0.00029591220819207774, 1e-18); /* GM_sun, nominal */
    CHECK(s.output.every == 365.25 / 1000 && strcmp(s.output.file, "test.h5") == 0);
    orr_bodies dust = s.bodies;
    CHECK_NEAR(dust.vel[dust.stride + 3], 30 / 149597870.7 * 86400, 1e-15);
    orr_scenario_free(&s);
}

/* Every complete set of elements gives the same orbit. */
static void element_sets(void **state)
{
    (void)state;
    const char *sets[] = {"a: 2, e: 0.5, Omega: 20 deg, omega: 30 deg, f: 60 deg",
                          "q: 1, e: 0.5, Omega: 20 deg, pomega: 50 deg, f: 60 deg",
                          "P: 17.771531752633464, e: 0.5, Omega: 20 deg, omega: 30 deg, f: 60 deg",
                          "a: 2, e: 0.5, Omega: 20 deg, omega: 30 deg, E: 0.6435011087932844 rad",
                          "a: 2, e: 0.5, Omega: 20 deg, omega: 30 deg, M: 0.34350110879328440 rad",
                          "a: 2, e: 0.5, Omega: 20 deg, pomega: 50 deg, L: 1.2161657347904491 rad",
                          "a: 2, e: 0.5, Omega: 20 deg, omega: 30 deg, T: -0.97156785349131769"};
    double first[6] = {0};
    for (size_t k = 0; k < sizeof sets / sizeof *sets; k++) {
        char text[800];
        snprintf(text, sizeof text,
                 "units: { G: 1 }\nintegrator: { method: rk4, step: 1 }\nrun: { to: 1 }\n"
                 "bodies:\n  - { name: S, mass: 1 }\n"
                 "  - { name: p, role: test, orbit: { around: S, i: 40 deg, %s } }\n",
                 sets[k]);
        orr_scenario s = good(text, NULL, 0);
        orr_body p = orr_bodies_get(&s.bodies, 1);
        for (int c = 0; c < 6; c++) {
            double value = c < 3 ? p.pos[c] : p.vel[c - 3];
            if (k == 0)
                first[c] = value;
            CHECK_NEAR(value, first[c], 2e-14);
        }
        orr_scenario_free(&s);
    }
}

static void planes_and_barycentres(void **state)
{
    (void)state;
    orr_scenario s = good(
        "frame: icrf\n" HEAD "bodies:\n"
        "  - { name: A, mass: 1, position: [1, 0, 0] }\n"
        "  - { name: B, mass: 3, position: [-1, 0, 0] }\n"
        "  - { name: p, role: test, orbit: { around: [A, B], a: 10, plane: ecliptic, f: 90 deg } "
        "}\n"
        "  - { name: q, role: test, orbit: { around: B, a: 5, plane: { pole: [0 deg, 90 deg] }, "
        "Omega: 90 deg } }\n",
        NULL, 0);
    orr_body p = orr_bodies_get(&s.bodies, 2), q = orr_bodies_get(&s.bodies, 3);
    double eps = 84381.448 / 3600 * 3.14159265358979323846 / 180; /* IAU 1976 */
    CHECK_NEAR(p.pos[0], -0.5, 1e-14);
    CHECK_NEAR(p.pos[1], 10 * cos(eps), 1e-14);
    CHECK_NEAR(p.pos[2], 10 * sin(eps), 1e-14);
    /* pole of the equator at right ascension 0: x of the plane is at right ascension 90 deg */
    CHECK_NEAR(q.pos[0], -1 - 5, 1e-14);
    orr_scenario_free(&s);
}

/* The y axis of each plane, in the equatorial and in the ecliptic frame: obliquities of IAU 1976
 * and IAU 2006. */
static void named_planes(void **state)
{
    (void)state;
    const struct {
        const char *name;
        double obliquity[2]; /* in frame icrf, ecliptic [arcsec] */
    } planes[] = {{"reference", {0, 0}},
                  {"equator", {0, -84381.448}},
                  {"ecliptic", {84381.448, 0}},
                  {"ecliptic-iau1976", {84381.448, 0}},
                  {"ecliptic-iau2006", {84381.406, -0.042}}};
    static const char *const frames[] = {"icrf", "ecliptic"};
    for (size_t k = 0; k < sizeof planes / sizeof *planes; k++)
        for (int frame = 0; frame < 2; frame++) {
            char text[500];
            snprintf(text, sizeof text,
                     "frame: %s\n" HEAD "bodies:\n  - { name: A, mass: 1 }\n"
                     "  - { name: p, role: test, orbit: { around: A, a: 1, plane: %s, f: 90 deg } "
                     "}\n",
                     frames[frame], planes[k].name);
            orr_scenario s = good(text, NULL, 0);
            orr_body p = orr_bodies_get(&s.bodies, 1);
            double turn = planes[k].obliquity[frame] / 3600 * 3.14159265358979323846 / 180;
            CHECK_NEAR(p.pos[1], cos(turn), 1e-15);
            CHECK_NEAR(p.pos[2], sin(turn), 1e-15);
            orr_scenario_free(&s);
        }
}

/* An angle without a unit is in the unit that the scenario states. */
static void bare_angles(void **state)
{
    (void)state;
    const struct {
        const char *units, *angle;
    } same[] = {{"G: 1", "90 deg"},
                {"G: 1, angle: deg", "90"},
                {"angle: deg, G: 1", "1.5707963267948966 rad"},
                {"G: 1, angle: rad", "1.5707963267948966"},
                {"G: 1, angle: arcmin", "5400"},
                {"length: au, mass: Msun, time: day, angle: turn", "0.25"}};
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        char text[600];
        snprintf(text, sizeof text,
                 "units: { %s }\nintegrator: { method: rk4, step: 1 }\nrun: { to: 1 }\n"
                 "forces: [{ force: harmonics, of: A, radius: 0.1, J2: 0.001,\n"
                 "           pole_ra: %s, pole_dec: 0, pole_ra_rate: %s }]\n"
                 "bodies:\n  - { name: A, mass: 1 }\n"
                 "  - { name: p, role: test, orbit: { around: A, a: 1, i: %s, omega: %s } }\n"
                 "expect: [{ quantity: i, of: p, around: A, value: %s, within: %s }]\n",
                 same[k].units, same[k].angle, same[k].angle, same[k].angle, same[k].angle,
                 same[k].angle, same[k].angle);
        orr_scenario s = good(text, NULL, 0);
        orr_body p = orr_bodies_get(&s.bodies, 1);
        CHECK_NEAR(p.pos[2], 1, 1e-15);
        CHECK_NEAR(s.expect[0].value[0], 1.5707963267948966, 1e-15);
        CHECK(strstr(s.resolved, "pole_ra: 1.57079632679489"));
        CHECK(strstr(s.resolved, "pole_ra_rate: 1.57079632679489"));
        orr_scenario_free(&s);
    }
}

static void set_and_until(void **state)
{
    (void)state;
    const char *set[] = {"integrator.step=0.25 day", "bodies.0.mass=2",
                         "gravity={solver: direct, softening: 1 km}", "run.to=-3 yr",
                         "output.every=1 day"};
    orr_scenario s = good(
        HEAD "bodies: [ { name: Sun, mass: 1 }, { name: p, role: test, position: [1, 0, 0] } ]\n",
        set, 5);
    CHECK(s.step == 0.25 && s.t_end == -3 * 365.25 && s.output.every == 1);
    CHECK_NEAR(s.bodies.gm[0] / s.units.G, 2, 1e-15);
    CHECK(s.forces[0].n_options == 1);
    /* the resolved form is a scenario again, and the same one */
    orr_scenario again = good(s.resolved, NULL, 0);
    CHECK(orr_bodies_hash(&again.bodies) == orr_bodies_hash(&s.bodies));
    CHECK(again.step == s.step && again.t_end == s.t_end && again.output.every == s.output.every);
    assert_string_equal(again.resolved, s.resolved);
    orr_scenario_free(&again);
    orr_scenario_free(&s);
}

/* A force by the name that it had once is the same force, and a note says so. */
static void forces_by_old_names(void **state)
{
    (void)state;
    static const char *const names[] = {"nongravitational", "yarkovsky"};
    for (size_t k = 0; k < 2; k++) {
        char text[600];
        snprintf(text, sizeof text,
                 "units: { length: au, mass: Msun, time: day }\n"
                 "integrator: { method: rk4, step: 1 day }\nrun: { to: 10 day }\n"
                 "bodies:\n  - { name: S, mass: 1 }\n"
                 "  - { name: A, role: test, position: [1, 0, 0], velocity: [0, 0.017, 0] }\n"
                 "forces:\n  - { force: %s, A2: 1e-9, r0: 1, law: marsden }\n",
                 names[k]);
        orr_scenario s = good(text, NULL, 0);
        CHECK(s.n_forces == 2 && s.forces[1].type == orr_force_find("nongravitational"));
        CHECK(s.forces[1].n_options == 3 && s.n_notes == k);
        CHECK(k == 0 || strstr(s.notes[0], "nongravitational"));
        CHECK(strstr(s.resolved, "force: nongravitational"));
        orr_scenario_free(&s);
    }
}

static void groups(void **state)
{
    (void)state;
    char table[] = "/tmp/orrery-table-XXXXXX";
    int fd = mkstemp(table);
    CHECK(fd >= 0);
    FILE *out = fdopen(fd, "w");
    fputs("# comment\n\nname, a [km], e, i [deg], H\n\"Vesta, 4\", 353268000, 0.09, 7.1, 3.2\n"
          "Ceres,413691000,0.08,10.6,3.3\r\n",
          out);
    fclose(out);
    char text[2000];
    snprintf(text, sizeof text,
             HEAD "bodies: [ { name: Sun, mass: 1 } ]\n"
                  "groups:\n"
                  "  - { table: %s, role: test, around: Sun, ignore: [H] }\n"
                  "  - { generate: belt, name: b, around: Sun, count: 7, a: [2, 3], e: [0, 0.1], "
                  "role: test }\n"
                  "  - { generate: plummer, name: c, count: 9, mass: 0.5, radius: 1 pc, seed: 2, "
                  "position: [9 pc, 0, 0] }\n",
             table);
    orr_scenario s = good(text, NULL, 0);
    CHECK(s.bodies.n == 19 && s.bodies.n_active == 10);
    assert_string_equal(orr_names_get(&s.names, 1), "Vesta, 4");
    assert_string_equal(orr_names_get(&s.names, 3), "b-1");
    orr_body ceres = orr_bodies_get(&s.bodies, orr_bodies_find(&s.bodies, 2));
    orr_state rel;
    memcpy(rel.pos, ceres.pos, sizeof rel.pos);
    memcpy(rel.vel, ceres.vel, sizeof rel.vel);
    orr_elements el;
    CHECK_OK(orr_elements_from_state(&rel, s.bodies.gm[0], &el));
    CHECK_NEAR(el.q / (1 - el.e), 413691000 / 149597870.7, 1e-14 * 3);
    double centre = 0, mass = 0;
    for (size_t i = 1; i < 10; i++)
        centre += s.bodies.gm[i] * s.bodies.pos[i], mass += s.bodies.gm[i];
    CHECK_NEAR(centre / mass / 206264.806, 9, 1e-6);
    CHECK_NEAR(mass / s.units.G, 0.5, 1e-15);
    orr_scenario_free(&s);

    out = fopen(table, "w");
    fputs("name,a,e\nx,1,0.1\ny,two,0.1\n", out);
    fclose(out);
    orr_diagnosis why;
    CHECK(orr_scenario_parse("test.yaml", text, strlen(text), NULL, &s, &why) == ORR_E_FORMAT);
    CHECK(strcmp(why.file, table) == 0 && why.line == 3 && why.column == 3);
    unlink(table);
    CHECK(orr_scenario_parse("test.yaml", text, strlen(text), NULL, &s, &why) == ORR_E_FILE);
    CHECK(strstr(why.text, table) && why.line == 6);
}

static void errors(void **state)
{
    (void)state;
    bad("", 0, 0, "empty", NULL);
    bad("# only a comment\n", 0, 0, "empty", NULL);
    bad("just text\n", 1, 1, "a scenario is a map", NULL);
    bad("a: [1, 2\n", 2, 1, "not YAML", NULL);
    bad("a: 1\n\tb: 2\n", 2, 1, "tab", NULL);
    bad("bodies: []\nbodies: []\n", 2, 1, "twice; the first is on line 1", NULL);
    bad("a: &x [1]\nb: *x\n", 2, 4, "aliases", NULL);
    bad("%YAML 1.2\n---\na: 1\n", 1, 1, "directives", NULL);
    bad("a: \xff\xfe\n", 1, 4, "not UTF-8", NULL);
    bad("a: \x01\n", 1, 4, "binary", NULL);
    bad(HEAD "bodys: []\n", 4, 1, "unknown key 'bodys'", "did you mean 'bodies'?");
    bad("integrator: { method: leapfrog, step: 1 }\n", 0, 0, "'units:' is missing", NULL);
    bad("units: { length: au, mass: Msun }\n", 1, 8, "'time' is missing", NULL);
    bad("units: { length: au, mass: Msun, time: dya }\n", 1, 40, "no unit of time", "day");
    bad("units: { G: 1 }\nintegrator: { method: leapfrogg, step: 1 }\n", 2, 23,
        "no integrator 'leapfrogg'", "leapfrog");
    bad("units: { G: 1 }\nintegrator: { method: leapfrog }\nrun: { to: 1 }\n"
        "bodies: [ { name: A, mass: 1 }, { name: B, mass: 1, orbit: { around: A, a: 1 } } ]\n",
        2, 13, "'step' is missing", "--set integrator.step='0.017'");
    bad("units: { G: 1 }\nintegrator: { method: leapfrog, step: 0 }\n", 2, 39, "greater than zero",
        NULL);
    bad("units: { G: 1 }\nintegrator: { method: leapfrog, step: 1 day }\n", 2, 39, "dimensionless",
        NULL);
    bad("units: { G: 1 }\nintegrator: { method: leapfrog, step: 1, form: kdk }\n", 2, 48,
        "no form 'kdk'", "kick-drift-kick");
    bad("units: { G: 1 }\nintegrator: { method: leapfrog, step: 1, compensatd: true }\n", 2, 42,
        "unknown key", "compensated");
    bad(HEAD, 0, 0, "there are no bodies", NULL);
    bad(HEAD "bodies: []\n", 4, 9, "there are no bodies", NULL);
    bad(HEAD "bodies: [ { mass: 1 } ]\n", 4, 11, "needs a name", NULL);
    bad(HEAD "bodies: [ { name: S } ]\n", 4, 11, "neither GM nor mass", NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1 km } ]\n", 4, 28, "is a length, but a mass", NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1 Msum } ]\n", 4, 28,
        "no unit 'Msum'; did you mean 'Msun'?", NULL);
    bad(HEAD "bodies: [ { name: S, mass: -1 } ]\n", 4, 28, "negative", NULL);
    bad(HEAD "bodies: [ { name: S, mass: 0 } ]\n", 4, 11, "mass zero", NULL);
    bad(HEAD "bodies: [ { name: S, mass: nan } ]\n", 4, 28, "not a finite number", NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1e400 } ]\n", 4, 28, "not a finite number", NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1, position: [1, inf, 0] } ]\n", 4, 45, "finite", NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1, position: [1, 2] } ]\n", 4, 41, "three components",
        NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1 }, { name: S, mass: 1, position: [1,0,0] } ]\n", 4, 41,
        "a body 'S' already", NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1 }, { name: T, mass: 1 } ]\n", 4, 33,
        "'S' is on line 4) overlap at the start: at the same place", NULL);
    bad(HEAD
        "gravity: { solver: direct, softening: 0.1 }\nbodies: [ { name: S, mass: 1, radius: 1 }, "
        "{ name: T, mass: 1 } ]\n",
        5, 44, "overlap at the start: at the same place", NULL); /* points may, discs may not */
    bad(HEAD "bodies: [ { name: S, mass: 1, radius: 1 }, { name: T, mass: 1, radius: 1, position: "
             "[1.5, 0, 0] } ]\n",
        4, 44, "'T' and 'S' ('S' is on line 4) overlap", NULL);
    bad(HEAD
        "bodies:\n  - { name: Sun, mass: 1 }\n  - { name: p, role: test, orbit: { around: Sum, "
        "a: 1 } }\n",
        6, 45, "no body 'Sum'", "Sun");
    bad(HEAD
        "bodies:\n  - { name: A, mass: 1, orbit: { around: B, a: 1 } }\n  - { name: B, mass: 1, "
        "orbit: { around: A, a: 1 } }\n",
        6, 42, "circular", NULL);
    bad(HEAD "bodies:\n  - { name: A, mass: 1, orbit: { around: A, a: 1 } }\n", 5, 42, "circular",
        NULL);
    bad(HEAD
        "bodies:\n  - { name: S, mass: 1 }\n  - { name: p, role: test, orbit: { around: S, a: 1, "
        "e: 1.5 } }\n",
        6, 35, "hyperbola", NULL);
    bad(HEAD
        "bodies:\n  - { name: S, mass: 1 }\n  - { name: p, role: test, orbit: { around: S, a: 1, "
        "q: 1 } }\n",
        6, 35, "exactly one of a", NULL);
    bad(HEAD
        "bodies:\n  - { name: S, mass: 1 }\n  - { name: p, role: test, orbit: { around: S, a: 1, "
        "M: 1 deg, f: 2 deg } }\n",
        6, 35, "only one of M", NULL);
    bad(HEAD "groups:\n  - { generate: plummer, count: 1e9, mass: 1, radius: 1 }\n", 5, 33,
        "do not fit", NULL);
    bad(HEAD "groups:\n  - { generate: plumer, count: 10, mass: 1, radius: 1 }\n", 5, 17,
        "no generator", "plummer");
    bad(HEAD "groups:\n  - { generate: plummer, count: 10, mass: 1 }\n", 5, 5,
        "'radius' is missing", NULL);
    bad(HEAD "groups:\n  - { generate: belt, count: 10, a: [1, 2], role: test }\n", 5, 5,
        "needs 'around:'", NULL);
    bad(HEAD
        "bodies: [ { name: S, mass: 1 } ]\ngroups:\n  - { generate: belt, around: S, count: 10, a: "
        "[2, 1], role: test }\n",
        6, 48, "lower bound", NULL);
    bad("units: { G: 1 }\nintegrator: { method: rk4, step: 1 }\nrun: { to: 0 }\n", 3, 12,
        "ends where it begins", NULL);
    bad("units: { G: 1 }\nintegrator: { method: rk4, step: 1 }\nrun: { to: 2050-01-01 }\n", 3, 12,
        "without units knows none", NULL);
    bad("units: { G: 1 }\nepoch: 2050-01-01\n", 2, 8, "has no dates", NULL);
    bad("units: { length: au, mass: Msun, time: day }\nepoch: 2050-02-30\n", 2, 8, "28 days", NULL);
    bad(HEAD "epoch: 2050-13-01\n", 4, 8, "no month 13", NULL);
    bad(HEAD "bodies:\n  - { name: S, mass: 1 }\n"
             "  - { name: p, role: test, orbit: { around: S, a: 1, i: 1.3 } }\n",
        6, 57, "'1.3' is an angle and has no unit: write '1.3 deg'", NULL);
    bad(HEAD "bodies:\n  - { name: S, mass: 1 }\n"
             "groups:\n  - { generate: ring, name: r, around: S, count: 5, radius: 1, role: test, "
             "i: 3 }\n",
        7, 79, "has no unit", NULL);
    bad("units: { length: au, mass: Msun, time: day, angle: au }\n", 1, 52, "no unit of angle",
        NULL);
    bad(HEAD "bodies:\n  - { name: S, mass: 1 }\n"
             "  - { name: p, role: test, orbit: { around: S, q: 1, e: 1, T: 2458240.17 } }\n",
        6, 63, "write JD 2458240.17", NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1 } ]\nexpect: [ { quantity: enrgy_error, below: 1 } ]\n",
        5, 23, "no quantity", "energy_error");
    bad(HEAD "bodies: [ { name: S, mass: 1 } ]\noutput: { every: 1e-12 }\n", 5, 18, "billion",
        NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1 } ]\noutput: { segment: 3 pebbles }\n", 5, 20,
        "is not a size", NULL);
    bad("units:\n", 1, 1, "'units' must be a map, but is empty", NULL);
    bad("units: { length: au, mass: Msun, time: day }\nintegrator: { method: leapfrog, step: }\n"
        "run: { to: 1 }\nbodies: [ { name: S, mass: 1 } ]\n",
        2, 33, "'step': there is no value", NULL);
    bad(HEAD "bodies:\n  - { name: S, mass: 1 }\n  -\n", 5, 3, "must be a map, but is empty", NULL);
    bad(HEAD "bodies: [ { name: S, mass: 1 } ]\nrecenter: maybe\n", 5, 11, "truth value", NULL);
    bad("\xff\xfeu\0n\0", 0, 0, "UTF-16", NULL);
    CHECK(wrong_errors == 0);
}

/* Included files: what the scenario says itself wins, lists are joined, errors are said where they
 * stand. */
static void includes(void **state)
{
    (void)state;
    char folder[] = "/tmp/orrery-include-XXXXXX", path[3][80];
    CHECK(mkdtemp(folder) != NULL);
    static const char main_text[] =
        "include: [base.yaml]\nrun: { to: 2 yr }\nbodies:\n"
        "  - { name: Mars, mass: 1e-7, orbit: { around: Sun, a: 1.5 } }\n";
    static const char base_text[] = "include: stars.yaml\nrun: { to: 1 yr }\n"
                                    "units: { length: au, mass: Msun, time: day }\n"
                                    "integrator: { method: leapfrog, step: 1 day }\n";
    const char *texts[3] = {main_text, base_text, "bodies:\n  - { name: Sun, mass: 1 }\n"};
    const char *names[3] = {"main.yaml", "base.yaml", "stars.yaml"};
    for (int k = 0; k < 3; k++) {
        snprintf(path[k], sizeof path[k], "%s/%s", folder, names[k]);
        FILE *out = fopen(path[k], "w");
        fputs(texts[k], out);
        fclose(out);
    }
    orr_scenario s;
    orr_diagnosis why;
    orr_status status = orr_scenario_load(path[0], NULL, &s, &why);
    if (status != ORR_OK)
        print_error("%s:%d: %s\n", why.file, why.line, why.text);
    CHECK_OK(status);
    CHECK(s.bodies.n == 2 && s.t_end == 2 * 365.25);
    assert_string_equal(orr_names_get(&s.names, 0), "Sun");
    orr_scenario_free(&s);

    FILE *out = fopen(path[2], "w");
    fputs("bodies:\n  - { name: Sun, mas: 1 }\n", out);
    fclose(out);
    CHECK(orr_scenario_load(path[0], NULL, &s, &why) == ORR_E_FORMAT);
    CHECK(strcmp(why.file, path[2]) == 0 && why.line == 2 && strstr(why.excerpt, "mas: 1"));
    out = fopen(path[2], "w");
    fputs("include: main.yaml\n", out);
    fclose(out);
    CHECK(orr_scenario_load(path[0], NULL, &s, &why) == ORR_E_FORMAT && strstr(why.text, "circle"));
    unlink(path[2]);
    CHECK(orr_scenario_load(path[0], NULL, &s, &why) == ORR_E_FILE &&
          strstr(why.text, "stars.yaml"));
    CHECK(strcmp(why.file, path[1]) == 0 && why.line == 1);
    unlink(path[0]), unlink(path[1]), rmdir(folder);
}

/* Numbers of an included file keep their meaning, and none of its lists gets lost. */
static void includes_keep_meaning(void **state)
{
    (void)state;
    static const struct {
        const char *own, *included, *wrong; /* NULL: good */
        int line;
    } cases[] = {
        {"units: { length: km, mass: Msun, time: day }\n", "", "'units' is another here", 2},
        {"units: { length: au, time: day, mass: Msun }\n", "", NULL, 0},
        {"units: { length: au, time: day, mass: Msun, angle: deg }\n", "", NULL, 0},
        {"units: { G: 1 }\n", "", "'units' is another here", 2},
        {"epoch: 2010-01-01 TDB\n", "epoch: 2000-01-01 TDB\n", "'epoch' is another here", 2},
        {"epoch: 2000-01-01T12:00 TDB\n", "epoch: J2000.0\n", NULL, 0},
        {"frame: icrf\n", "frame: ecliptic\n", "'frame' is another here", 2},
        {"frame: icrf\n", "", NULL, 0},
        {"title: mine\nbodies: [ { name: B, mass: 1, position: [9, 0, 0] } ]\n", "title: theirs\n",
         NULL, 0},
        {"forces: [ { force: drag, rate: 1 } ]\n", "forces: { force: drag, rate: 1 }\n",
         "must be a list", 5},
    };
    char folder[] = "/tmp/orrery-include-XXXXXX", path[2][80];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path[0], sizeof path[0], "%s/main.yaml", folder);
    snprintf(path[1], sizeof path[1], "%s/part.yaml", folder);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        FILE *out = fopen(path[0], "w");
        fprintf(out, "include: part.yaml\n%s", cases[k].own);
        fclose(out);
        out = fopen(path[1], "w");
        fprintf(out,
                "units: { length: au, mass: Msun, time: day }\nrun: { to: 1 yr }\n"
                "integrator: { method: leapfrog, step: 1 day }\n"
                "bodies: [ { name: S, mass: 1, position: [0, 0, 0] } ]\n%s",
                cases[k].included);
        fclose(out);
        orr_scenario s;
        orr_diagnosis why = {0};
        orr_status status = orr_scenario_load(path[0], NULL, &s, &why);
        bool good = cases[k].wrong ? status == ORR_E_FORMAT && strstr(why.text, cases[k].wrong) &&
                                         why.line == cases[k].line
                                   : status == ORR_OK;
        if (!good)
            print_error("case %zu: %s:%d: %s\n", k, why.file, why.line, why.text);
        CHECK(good);
        if (status == ORR_OK)
            orr_scenario_free(&s);
    }
    unlink(path[0]), unlink(path[1]), rmdir(folder);
}

static void set_errors(void **state)
{
    (void)state;
    const char *wrong[][2] = {{"integrator.stepp=1", "unknown key"},
                              {"novalue", "key.path=value"},
                              {"bodies.7.mass=1", "no '7' in 'bodies'"},
                              {"integrator.step=[1", "not YAML"},
                              {"integrator.step=1 km", "is a length, but a time"}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        const orr_scenario_changes changes = {.set = &wrong[k][0], .n_set = 1};
        const char *text = HEAD "bodies: [ { name: Sun, mass: 1 } ]\n";
        orr_scenario s;
        orr_diagnosis why;
        CHECK(orr_scenario_parse("t.yaml", text, strlen(text), &changes, &s, &why) != ORR_OK);
        if (!strstr(why.text, wrong[k][1]) || !strstr(why.file, "--set"))
            print_error("%s: %s: %s\n", wrong[k][0], why.file, why.text);
        CHECK(strstr(why.text, wrong[k][1]) && strstr(why.file, "--set"));
    }
}

static void files(void **state)
{
    (void)state;
    orr_scenario s;
    orr_diagnosis why;
    CHECK(orr_scenario_load("/nonexistent.yaml", NULL, &s, &why) == ORR_E_FILE);
    CHECK(strstr(why.text, "No such file"));
    CHECK(orr_scenario_load("/tmp", NULL, &s, &why) == ORR_E_FILE);
    CHECK(strstr(why.text, "folder"));
    CHECK(orr_scenario_load("/dev/null", NULL, &s, &why) == ORR_E_FORMAT);
}

/* Inputs that once broke the reader. */
static void found_by_fuzzing(void **state)
{
    (void)state;
    const char *names[] = {"directive-endless-loop.yaml", "libfyaml-leak.yaml",
                           "huge-velocity.yaml"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        char path[512];
        snprintf(path, sizeof path, "%s/tests/fuzz/found/%s", SOURCE_DIR, names[k]);
        orr_scenario s;
        orr_diagnosis why;
        CHECK(orr_scenario_load(path, NULL, &s, &why) == ORR_E_FORMAT && *why.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bodies_and_defaults),
                                       cmocka_unit_test(element_sets),
                                       cmocka_unit_test(planes_and_barycentres),
                                       cmocka_unit_test(named_planes),
                                       cmocka_unit_test(bare_angles),
                                       cmocka_unit_test(set_and_until),
                                       cmocka_unit_test(forces_by_old_names),
                                       cmocka_unit_test(groups),
                                       cmocka_unit_test(errors),
                                       cmocka_unit_test(includes),
                                       cmocka_unit_test(includes_keep_meaning),
                                       cmocka_unit_test(set_errors),
                                       cmocka_unit_test(files),
                                       cmocka_unit_test(found_by_fuzzing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
