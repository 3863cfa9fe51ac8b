/* `catalogue:` - files as JPL, the Minor Planet Center, the NASA Exoplanet Archive and Mercury have
 * them, in their own units, axes, epochs and names. */
#include "tables.h"

static const char at_2020[] = "frame: ecliptic\nepoch: JD 2458849.5";
static const char at_k205v[] = "frame: ecliptic\nepoch: JD 2459000.5";

/* Ceres at JD 2458849.5 TDB, heliocentric ecliptic, from JPL's elements (solution 48) solved apart.
 */
static const double ceres[6] = {1.007608869608855, -2.7227298037190173, -0.2714873841741357,
                                0.009201724467233, 0.002978884337224,   -0.0016021739345725};

static void check_ceres(const char *header, const char *group, double tolerance)
{
    orr_scenario s = must_read(header, group);
    orr_body b = body_named(&s, "1 Ceres (A801 AA)");
    for (int k = 0; k < 3; k++) {
        CHECK_NEAR(b.pos[k], ceres[k], tolerance);
        CHECK_NEAR(b.vel[k], ceres[k + 3], tolerance / 50);
    }
    orr_scenario_free(&s);
}

static void horizons(void **state)
{
    (void)state;
    static const char *const files[] = {"ceres-vectors.txt", "ceres-vectors.csv",
                                        "ceres-elements.txt", "ceres-elements.csv"};
    for (size_t k = 0; k < 4; k++) {
        char group[300];
        snprintf(group, sizeof group, "catalogue: horizons, file: " DATA "%s, role: test",
                 files[k]);
        check_ceres(at_2020, group, 2e-14);
        snprintf(group, sizeof group,
                 "catalogue: horizons, file: " DATA "%s, role: test, around: Sun", files[k]);
        check_ceres(at_2020, group, 2e-14);
        /* the second row, a day later: 0.0097 au farther */
        orr_scenario s = must_read("frame: ecliptic\nepoch: JD 2458850.5", group);
        orr_body b = body_named(&s, "1 Ceres (A801 AA)");
        for (int c = 0; c < 3; c++)
            CHECK_NEAR(b.pos[c], ceres[c] + ceres[c + 3], 3e-5);
        orr_scenario_free(&s);
        must_refuse("frame: ecliptic\nepoch: JD 2458849.75", group,
                    "its rows go from JD 2458849.500000000 to 2458850.500000000");
        must_refuse("epoch: JD 2458849.5", group, "write 'frame: ecliptic' or 'frame: icrf'");
        must_refuse("frame: ecliptic", group, "epoch");
    }
    /* relative to whom */
    must_refuse(at_2020,
                "catalogue: horizons, file: " DATA
                "ceres-vectors.txt, role: test, around: Sun, center: Earth",
                "relative to 'Sun'");
    must_refuse(at_2020, "catalogue: horizons, file: " DATA "ceres-vectors.txt, around: Sun",
                "role: test");
    must_refuse("frame: ecliptic\nepoch: JD 2440210.5",
                "catalogue: horizons, file: " DATA "venus-2004.txt, role: test",
                "the scenario has its Sun at the origin");
    must_refuse(at_2020, "catalogue: horizons, file: " DATA "ps.csv, role: test", "no $$SOE");
}

/* Several blocks in a file; a table of 2004, without labels, about the solar-system barycentre. */
static void horizons_files(void **state)
{
    (void)state;
    orr_scenario s =
        must_read(at_2020, "catalogue: horizons, file: " DATA "two-bodies.txt, role: test");
    CHECK(s.bodies.n == 3);
    CHECK_BITS(body_named(&s, "A copy").pos[1], body_named(&s, "1 Ceres (A801 AA)").pos[1]);
    orr_scenario_free(&s);
    s = must_read(at_2020, "catalogue: horizons, file: " DATA
                           "two-bodies.txt, role: test, where: [ 'name ~ copy' ]");
    CHECK(s.bodies.n == 2);
    orr_scenario_free(&s);

    static const char text[] =
        "units: { length: au, mass: Msun, time: day }\nframe: ecliptic\nepoch: JD 2440210.5\n"
        "integrator: { method: taylor }\nrun: { to: 1 day }\n"
        "bodies: [ { name: Sun, GM: " SUN_GM ", position: [0.001, 0, 0] } ]\n"
        "groups: [ { catalogue: horizons, file: " DATA
        "venus-2004.txt, GM: 324858.592 km3/s2 } ]\n";
    orr_diagnosis why;
    CHECK_OK(orr_scenario_parse("test.yaml", text, sizeof text - 1, NULL, &s, &why));
    orr_body venus = body_named(&s, "Venus");
    CHECK_NEAR(venus.pos[0], 6.760082873889577e-1, 1e-15);
    CHECK_NEAR(venus.pos[2], -3.516131848906173e-2, 1e-16);
    CHECK_NEAR(venus.vel[1], 1.867670219630771e-2, 1e-17);
    CHECK(venus.role == ORR_ACTIVE);
    orr_scenario_free(&s);
}

/* The same vectors in the axes of the ICRF. */
static void horizons_in_icrf(void **state)
{
    (void)state;
    static const char *const files[] = {"ceres-vectors.txt", "ceres-vectors.csv",
                                        "ceres-elements.txt"};
    const double c = 0.9174820620691818, s = 0.3977771559319137;
    for (size_t k = 0; k < 3; k++) {
        char group[300];
        snprintf(group, sizeof group, "catalogue: horizons, file: " DATA "%s, role: test",
                 files[k]);
        orr_scenario read = must_read("frame: icrf\nepoch: JD 2458849.5", group);
        orr_body b = body_named(&read, "1 Ceres (A801 AA)");
        CHECK_NEAR(b.pos[0], ceres[0], 2e-14);
        CHECK_NEAR(b.pos[1], c * ceres[1] - s * ceres[2], 2e-14);
        CHECK_NEAR(b.pos[2], s * ceres[1] + c * ceres[2], 2e-14);
        orr_scenario_free(&read);
    }
}

static void small_bodies(void **state)
{
    (void)state;
    /* JPL's Ceres above, carried from its own epoch to this one among the planets of DE405 with
     * scipy's DOP853: the Minor Planet Center prints angles to 1e-5 deg */
    static const double here[3] = {2.2059553930787356, -1.9388701338014458, -0.4676188510048911};
    orr_scenario s =
        must_read(at_k205v, "catalogue: mpcorb, file: " DATA "mpcorb.dat, around: Sun");
    CHECK(s.bodies.n == 5 && s.bodies.n_active == 1);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(body_named(&s, "1 Ceres").pos[k], here[k], 1.5e-6);
    body_named(&s, "4 Vesta"); /* behind the blank line */
    orr_scenario_free(&s);
    s = must_read(at_k205v, "catalogue: mpcorb, file: " DATA "mpcorb.dat, around: Sun, "
                            "where: [ 'H < 4', 'a > 2.5' ]");
    CHECK(s.bodies.n == 2);
    orr_scenario_free(&s);
    s = must_read(at_k205v, "catalogue: mpcorb, file: " DATA "mpcorb.dat, around: Sun, "
                            "only: [ Vesta, 2 Pallas ]");
    CHECK(s.bodies.n == 3);
    orr_scenario_free(&s);
    must_refuse(at_k205v, "catalogue: mpcorb, file: " DATA "ps.csv, around: Sun",
                "no line of this file is in the format of MPCORB");
    must_refuse(at_k205v, "catalogue: mpcorb, file: " DATA "mpcorb.dat", "need 'around:'");
    must_refuse(at_k205v,
                "catalogue: mpcorb, file: " DATA "mpcorb.dat, around: Sun, plane: ecliptic",
                "leave out 'plane'");
    must_refuse(at_k205v, "catalogue: mpcor, file: x, around: Sun", "there is no catalogue");
    must_refuse(at_k205v, "catalogue: mpcorb, around: Sun", "'file' is missing");

    s = must_read(at_k205v, "catalogue: sbdb, file: " DATA "neos.csv, around: Sun, only: [Albert]");
    CHECK(s.bodies.n == 2 && s.bodies.n_active == 1);
    body_named(&s, "719 Albert (A911 TB)");
    orr_scenario_free(&s);
    /* another file, whose headings happen to be known in part */
    must_refuse(at_k205v,
                "catalogue: sbdb, file: " DATA "ps.csv, around: Sun, columns: { pl_name: name }",
                "no column for 'a'");
    must_refuse(at_k205v, "table: " DATA "mpcorb-lines.dat, role: test, around: Sun",
                "write 'catalogue: mpcorb");
    /* who is given masses by the file */
    s = must_read(at_k205v, "catalogue: sbdb, file: " DATA "neos.csv, around: Sun, role: active, "
                            "where: [ 'name = Eros' ]");
    orr_body eros = body_named(&s, "433 Eros (A898 PA)");
    CHECK_NEAR(eros.gm, 4.463e-4 / pow(149597870.7, 3) * 86400. * 86400., 1e-25);
    CHECK_NEAR(eros.radius, 16.84 / 2 / 149597870.7, 1e-18);
    orr_scenario_free(&s);
}

static void comets(void **state)
{
    (void)state;
    /* at its pericentre, q away, with the speed of e = 0.999191 there */
    orr_scenario s = must_read("frame: ecliptic\nepoch: 2020-07-03.6813",
                               "catalogue: comets, file: " DATA "comets.txt, around: Sun, "
                               "only: [C/2020 F3], ignore: [epoch]");
    orr_body neowise = body_named(&s, "C/2020 F3 (NEOWISE)");
    CHECK_NEAR(distance(neowise.pos), 0.294707, 1e-9);
    CHECK_NEAR(distance(neowise.vel), sqrt(atof(SUN_GM) * 1.999191 / 0.294707), 1e-9);
    orr_scenario_free(&s);
    /* a parabola without an epoch of its own */
    s = must_read("frame: ecliptic\nepoch: 1994-09-20.1234",
                  "catalogue: comets, file: " DATA "comets.txt, around: Sun, only: [C/1994 R1]");
    CHECK_NEAR(distance(body_named(&s, "C/1994 R1 (Made-up)").pos), 1.02345, 1e-9);
    orr_scenario_free(&s);
    s = must_read("frame: ecliptic\nepoch: 2020-07-07",
                  "catalogue: comets, file: " DATA "comets.txt, around: Sun, only: [Halley], "
                  "ignore: [epoch]");
    CHECK(distance(body_named(&s, "1P/Halley").pos) > 34.5); /* near its aphelion, 35.1 au */
    orr_scenario_free(&s);
}

static void exoplanets(void **state)
{
    (void)state;
    const char *file = "catalogue: exoplanets, position: [9, 0, 0], file: " DATA "ps.csv";
    char group[300];
    snprintf(group, sizeof group, "%s, host: TRAPPIST-1", file);
    orr_scenario s = must_read("epoch: JD 2457322.514193", group);
    CHECK(s.bodies.n == 5 && s.bodies.n_active == 4);
    CHECK(has_note(&s, "1 of 3 rows have no mass") && has_note(&s, "2 of 3 rows have no e"));
    orr_body star = body_named(&s, "TRAPPIST-1"), b = body_named(&s, "TRAPPIST-1 b");
    CHECK_NEAR(star.gm / s.units.G, 0.0898, 1e-15);
    CHECK_NEAR(b.gm / s.units.G, 1.374 * 3.986004e14 / 1.3271244e20, 1e-20);
    /* in transit: before the star, which is on the way to the observer, at -z */
    CHECK_NEAR(b.pos[0], 9, 1e-12);
    b.pos[0] -= 9;
    CHECK_NEAR(b.pos[2] / distance(b.pos), -sin(89.728 * 3.14159265358979324 / 180), 1e-12);
    orr_scenario_free(&s);

    /* HD 80606 b: its pericentre was measured apart, at 2455204.916 +- 0.004 (Hebrard et al. 2010,
     * A&A 516, A95); so star's omega, transit and direction are understood */
    snprintf(group, sizeof group, "%s, host: HD 80606", file);
    s = must_read("epoch: JD 2455204.916", group);
    CHECK(s.bodies.n == 3); /* one of two solutions, that of default_flag 1 */
    orr_body hd = body_named(&s, "HD 80606 b");
    hd.pos[0] -= 9;
    double gm = body_named(&s, "HD 80606").gm + hd.gm, r = distance(hd.pos),
           a = cbrt(gm * pow(111.4367 / (2 * 3.14159265358979324), 2));
    CHECK_NEAR(r, a * (1 - 0.93226), 2e-4);
    orr_scenario_free(&s);
    /* going away from the observer the star moves with omega: K (cos(omega + f) + e cos omega) */
    s = must_read("epoch: JD 2455210.6428", group);
    hd = body_named(&s, "HD 80606 b");
    CHECK(hd.pos[2] < 0 && fabs(hd.pos[0] - 9) < 1e-9);
    double w = -58.97 * 3.14159265358979324 / 180, f = 3.14159265358979324 / 2 - w;
    CHECK((hd.vel[2] < 0) == (cos(w + f) + 0.93226 * cos(w) > 0));
    orr_scenario_free(&s);

    /* the fewest columns */
    char few[64];
    snprintf(few, sizeof few, "/tmp/orrery-ps-%ld.csv", (long)getpid());
    FILE *out = fopen(few, "w");
    CHECK(out && fputs("pl_name,hostname,pl_orbper,st_mass\nX b,X,3.5,1\nX c,X,9.5,1\n", out) > 0);
    fclose(out);
    snprintf(group, sizeof group, "catalogue: exoplanets, position: [9, 0, 0], file: %s", few);
    s = must_read("", group);
    CHECK(s.bodies.n == 4 && s.bodies.n_active == 2);
    CHECK(has_note(&s, "2 of 2 rows have no mass") && has_note(&s, "2 of 2 rows have no place"));
    CHECK(has_note(&s, "2 of 2 rows have no inclination"));
    orr_scenario_free(&s);
    unlink(few);

    must_refuse("epoch: JD 2455200", file, "choose a star, 'host: HD 80606'");
    snprintf(group, sizeof group, "%s, host: HD 80607", file);
    must_refuse("epoch: JD 2455200", group, "has the host 'HD 80607'");
    snprintf(group, sizeof group, "%s, host: HD 80606, where: [ 'default_flag = 0' ]", file);
    must_refuse("epoch: JD 2455200", group, "st_mass");
}

static void mercury(void **state)
{
    (void)state;
    orr_scenario s =
        must_read("epoch: JD 2451000.5", "catalogue: mercury, file: " DATA "big.in, around: Sun");
    orr_body jupiter = body_named(&s, "JUPITER");
    CHECK(s.bodies.n_active == 3);
    CHECK_NEAR(jupiter.pos[1], -1.16032004402742839, 1e-15);
    CHECK_NEAR(jupiter.vel[2], -2.52183616598876e-5, 1e-19);
    CHECK_NEAR(jupiter.gm / s.units.G, 9.54791938424326609e-4, 1e-18);
    CHECK_NEAR(jupiter.radius * 149597870.7, 69860, 100); /* of 1.33 g/cm3 */
    orr_scenario_free(&s);
    s = must_read("epoch: JD 2450400.5", "catalogue: mercury, file: " DATA "small.in, around: Sun");
    CHECK(s.bodies.n == 3 && s.bodies.n_active == 1);
    orr_body apollo = body_named(&s, "APOLLO");
    orr_state rel;
    orr_elements el;
    memcpy(rel.pos, apollo.pos, sizeof rel.pos);
    memcpy(rel.vel, apollo.vel, sizeof rel.vel);
    CHECK_OK(orr_elements_from_state(&rel, atof(SUN_GM), &el));
    const double degree = 3.14159265358979324 / 180;
    CHECK_NEAR(el.q, 1.4710345 * (1 - .5600245), 1e-13);
    CHECK_NEAR(el.i, 6.35621 * degree, 1e-14);
    CHECK_NEAR(el.Omega, 35.92313 * degree, 1e-12);
    CHECK_NEAR(el.omega, 285.63908 * degree, 1e-12);
    CHECK_NEAR(orr_orbit_of(&el, atof(SUN_GM)).M, 15.77656 * degree, 1e-12);
    orr_scenario_free(&s);
    must_refuse("epoch: JD 2451000.5", "catalogue: mercury, file: " DATA "neos.csv, around: Sun",
                "begins with");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(horizons),         cmocka_unit_test(horizons_files),
        cmocka_unit_test(horizons_in_icrf), cmocka_unit_test(small_bodies),
        cmocka_unit_test(comets),           cmocka_unit_test(exoplanets),
        cmocka_unit_test(mercury),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
