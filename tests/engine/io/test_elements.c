/* What scenarios, files and options say of osculating elements; the shortest decimals. */
#include "check.h"

#include <orrery/io.h>

#include <stdlib.h>
#include <unistd.h>

#include "io/decimal.h"
#include "io/scenario/internal.h"

static const char text[] = "units: { length: au, mass: Msun, time: day }\nframe: icrf\n"
                           "integrator: { method: ias15 }\nrun: { to: 4 day }\n"
                           "forces: [ { force: radiation, beta: 0.5 } ]\n"
                           "output: { every: 1 day%s }\n"
                           "bodies:\n  - { name: Sun, mass: 1 }\n"
                           "  - { name: \"A, B\", mass: 1 Mearth, orbit: { around: Sun, a: 1 } }\n"
                           "  - { name: Dust, role: test, orbit: { around: Sun, a: 2 } }\n";

static orr_status load(const char *output, orr_scenario *s, orr_diagnosis *why)
{
    char all[1500];
    int n = snprintf(all, sizeof all, text, output);
    return orr_scenario_parse("t.yaml", all, (size_t)n, NULL, s, why);
}

/* A word for an element is the same word for the scenario's reader. */
static void one_name_for_a_thing(void **state)
{
    (void)state;
    for (int k = 0; k < EL_COUNT; k++) {
        const char *key = orr_element_keys[k];
        size_t q = orr_orbital_find(key, strlen(key));
        CHECK(q < ORR_ORBITALS);
        orr_dimension want = orr_element_dimension(k), got = orr_orbital_at(q)->dim;
        CHECK(memcmp(&want, &got, sizeof got) == 0);
    }
    size_t n = 0, orbitals = 0;
    for (; orr_quantity_at(n); n++)
        orbitals += orr_orbital_find(orr_quantity_at(n)->name, strlen(orr_quantity_at(n)->name)) <
                    ORR_ORBITALS;
    CHECK(orbitals == ORR_ORBITALS);
}

static void choices(void **state)
{
    (void)state;
    orr_scenario s;
    orr_diagnosis why;
    CHECK_OK(load("", &s, &why));
    CHECK(s.output.elements.n_quantities == 0);
    orr_scenario_free(&s);

    CHECK_OK(load(", elements: true", &s, &why));
    const orr_element_choice *c = &s.output.elements;
    CHECK(c->n_quantities == 6 && !c->of && c->about.kind == ORR_ABOUT_BODIES);
    CHECK(c->about.n_ids == 1 && c->about.ids[0] == 0 && !c->about.has_plane);
    CHECK(c->about.n_pressures == 1 && c->about.pressures[0].on_tests &&
          c->about.pressures[0].of == 0 && c->about.pressures[0].beta == 0.5);
    assert_string_equal(c->centre, "Sun");
    assert_string_equal(c->plane, "reference");
    orr_scenario_free(&s);

    CHECK_OK(load(", elements: { quantities: [T, period], of: Dust, around: [Sun, \"A, B\"], "
                  "plane: { pole: [10 deg, 80 deg] }, gm: full }",
                  &s, &why));
    c = &s.output.elements;
    CHECK(c->n_quantities == 2 && c->n_of == 1 && c->of[0] == 2 && c->about.n_ids == 2);
    CHECK(c->about.n_pressures == 0 && c->about.has_plane);
    assert_string_equal(c->centre, "the barycentre of Sun and A, B");
    assert_string_equal(c->yaml, "{ quantities: [T, P], around: [\"Sun\", \"A, B\"], of: \"Dust\", "
                                 "plane: { pole: [10 deg, 80 deg] }, gm: full }");
    char again[600];
    snprintf(again, sizeof again, ", elements: %s", c->yaml);
    orr_scenario t;
    CHECK_OK(load(again, &t, &why)); /* its text says the same */
    assert_string_equal(t.output.elements.yaml, c->yaml);
    CHECK(strstr(s.resolved, c->yaml) != NULL);
    orr_scenario_free(&t);
    orr_scenario_free(&s);
}

static void refusals(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {", elements: maybe", "truth value"},
        {", elements: [a, x]", "there is no element 'x'"},
        {", elements: [a, a]", "named twice"},
        {", elements: []", "empty"},
        {", elements: { quantity: a }", "unknown key"},
        {", elements: { of: [Sun, Sun] }", "named twice"},
        {", elements: { around: Dust }", "no mass"},
        {", elements: { around: Nobody }", "there is no body 'Nobody'"},
        {", elements: { gm: none }", "there is no GM"},
        {", elements: { plane: [1] }", "must be"}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        orr_scenario s;
        orr_diagnosis why;
        CHECK(load(wrong[k][0], &s, &why) == ORR_E_FORMAT);
        if (!strstr(why.text, wrong[k][1]))
            print_error("%s: %s\n", wrong[k][0], why.text);
        CHECK(strstr(why.text, wrong[k][1]) && why.line == 6);
    }
}

/* ---- a file ---- */

static char path[64];

static void write_file(const char *output)
{
    orr_scenario s;
    orr_diagnosis why;
    orr_writer *w;
    orr_sim *sim;
    const orr_provenance p = {"orrery run", "here", "2026-01-01T00:00:00Z", 1};
    CHECK_OK(load(output, &s, &why));
    CHECK_OK(orr_writer_open(path, &s, &s.bodies, &p, true, &w, &why));
    CHECK_OK(orr_sim_from_scenario(&s, 1, &sim, &why));
    for (int k = 0; k <= 4; k++) {
        CHECK_OK(orr_sim_run_until(sim, k));
        orr_snapshot now = orr_sim_snapshot(sim);
        CHECK_OK(orr_writer_append(w, &now));
    }
    orr_sim_destroy(sim);
    CHECK_OK(orr_writer_close(w, "finished", 1, &why));
    orr_scenario_free(&s);
}

static void stored(void **state)
{
    (void)state;
    orr_reader *r;
    orr_diagnosis why;
    double values[3], t;
    uint64_t ids[3];
    write_file(", elements: { quantities: [e, T], of: [Dust, Sun] }");
    CHECK_OK(orr_reader_open(path, &r, &why));
    const orr_file_info *i = orr_reader_info(r);
    CHECK(i->n_elements == 2);
    assert_string_equal(i->elements, "e, T about Sun, plane reference");
    orr_element_choice c;
    CHECK_OK(orr_reader_choose(r, NULL, &c, &why));
    CHECK(c.n_quantities == 2 && c.n_of == 2 && c.of[0] == 2 && c.of[1] == 0);
    CHECK(c.about.n_pressures == 1 && c.about.pressures[0].of == 0);
    for (size_t k = 0; k < 5; k++) {
        orr_centres centres = {0};
        orr_elements el;
        double mu, all[ORR_ORBITALS];
        size_t e = orr_orbital_find("e", 1);
        CHECK_OK(orr_reader_elements(r, k, e, values, ids, &why));
        CHECK(ids[0] == 2 && ids[1] == 0 && isnan(values[1]));
        CHECK_OK(orr_reader_read(r, k, &t, &why));
        CHECK_OK(orr_centres_find(&centres, &c.about, orr_reader_bodies(r)));
        CHECK_OK(orr_osculating(&centres, 2, &el, &mu));
        CHECK_BITS(values[0], el.e);
        orr_orbitals(&el, mu, t, all);
        CHECK_OK(orr_reader_elements(r, k, orr_orbital_find("T", 1), values, NULL, &why));
        CHECK_BITS(values[0], all[orr_orbital_find("T", 1)]);
        orr_centres_free(&centres);
    }
    CHECK(orr_reader_elements(r, 0, orr_orbital_find("a", 1), values, NULL, &why) ==
          ORR_E_ARGUMENT);
    CHECK(strstr(why.text, "'a' is not stored"));
    CHECK(orr_reader_elements(r, 99, 0, values, NULL, &why) == ORR_E_ARGUMENT);
    CHECK(orr_reader_elements(r, 0, ORR_ORBITALS, values, NULL, &why) == ORR_E_ARGUMENT);
    orr_element_choice_free(&c);
    orr_reader_close(r);
}

static void options(void **state)
{
    (void)state;
    orr_reader *r;
    orr_diagnosis why;
    orr_element_choice c;
    write_file("");
    CHECK_OK(orr_reader_open(path, &r, &why));
    CHECK(orr_reader_info(r)->n_elements == 0 && !*orr_reader_info(r)->elements);
    CHECK_OK(orr_reader_choose(r, NULL, &c, &why));
    CHECK(c.n_quantities == 6 && !c.of && c.about.n_ids == 1);
    orr_element_choice_free(&c);
    const orr_element_options o = {.quantities = "Q,P,n",
                                   .of = "A, B",
                                   .around = "[Sun, 'A, B']",
                                   .plane = "{ pole: [10 deg, 80 deg] }",
                                   .gm = "full"};
    CHECK_OK(orr_reader_choose(r, &o, &c, &why));
    CHECK(c.n_quantities == 3 && c.n_of == 1 && c.of[0] == 1 && c.about.n_ids == 2);
    CHECK(c.about.has_plane && c.about.n_pressures == 0);
    orr_element_choice_free(&c);
    static const struct {
        orr_element_options o;
        const char *file, *text;
    } wrong[] = {{{.quantities = "a,"}, "--elements", "there is no element ''"},
                 {{.around = "A,Dust"}, "--around", "there is no body 'A'"},
                 {{.around = "[A"}, "--around", "not YAML"},
                 {{.of = "Sun,Sun"}, "--of", "named twice"},
                 {{.plane = "tilted"}, "--plane", "there is no plane"},
                 {{.plane = ""}, "--plane", "there is no plane"},
                 {{.plane = "{ pole: [0, 120 deg] }"}, "--plane", "between -90 and 90 deg"},
                 {{.gm = "{}"}, "--gm", "must be a single value"}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        CHECK(orr_reader_choose(r, &wrong[k].o, &c, &why) == ORR_E_FORMAT);
        if (!strstr(why.text, wrong[k].text) || strcmp(why.file, wrong[k].file) != 0)
            print_error("%zu: %s: %s\n", k, why.file, why.text);
        assert_string_equal(why.file, wrong[k].file);
        CHECK(strstr(why.text, wrong[k].text) != NULL);
    }
    orr_reader_close(r);
    unlink(path);
}

/* ---- decimals ---- */

static const char *decimal(const orr_powers *p, double value)
{
    static char out[ORR_LONGEST_DECIMAL + 1];
    size_t n = orr_decimal(p, value, out);
    CHECK(n < ORR_LONGEST_DECIMAL);
    out[n] = 0;
    return out;
}

static void decimals(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "1",
                                        "-1",
                                        "0.1",
                                        "0.3",
                                        "100",
                                        "123456789",
                                        "1e+17",
                                        "12345678901234568",
                                        "1e+22",
                                        "0.0001",
                                        "1e-05",
                                        "1.5e-07",
                                        "5e-324",
                                        "2.2250738585072014e-308",
                                        "1.7976931348623157e+308",
                                        "9007199254740992",
                                        "4.35",
                                        "-0.00012345",
                                        "299792458",
                                        "149597870700",
                                        "6.6743e-11",
                                        "2.9591220828559115e-04",
                                        "1e+100",
                                        "1e-100",
                                        "9.5367431640625e-07",
                                        "1.2345678901234567"};
    orr_powers *p = malloc(sizeof *p);
    CHECK(p != NULL);
    orr_powers_fill(p);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        double value = strtod(texts[k], NULL);
        double back = strtod(decimal(p, value), NULL);
        CHECK_BITS(back, value);
        if (strchr(texts[k], 'e') || strlen(texts[k]) < 16)
            CHECK(strlen(decimal(p, value)) <= strlen(texts[k]));
    }
    assert_string_equal(decimal(p, -0.0), "-0");
    assert_string_equal(decimal(p, INFINITY), "inf");
    assert_string_equal(decimal(p, -INFINITY), "-inf");
    assert_string_equal(decimal(p, NAN), "nan");
    assert_string_equal(decimal(p, 0.1), "0.1");
    assert_string_equal(decimal(p, 1e17), "1e+17");
    assert_string_equal(decimal(p, 1e16), "10000000000000000");
    assert_string_equal(decimal(p, -123.25), "-123.25");
    assert_string_equal(decimal(p, 1e-5), "1e-05");
    assert_string_equal(decimal(p, 0.00012), "0.00012");
    assert_string_equal(decimal(p, 5e-324), "5e-324");
    /* any bits: back to them, and no digits that are not needed */
    uint64_t seed = 7;
    for (int k = 0; k < 300000; k++) {
        uint64_t bits = (uint64_t)(check_random(&seed) * 0x1p52) << 12 ^
                        (uint64_t)(check_random(&seed) * 0x1p52);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (k % 2)
            value = (check_random(&seed) - 0.5) * 100;
        if (!isfinite(value))
            continue;
        const char *got = decimal(p, value);
        CHECK_BITS(strtod(got, NULL), value);
        size_t n = 0;
        for (const char *c = got; *c && *c != 'e'; c++)
            n += *c >= '0' && *c <= '9' && (n > 0 || *c != '0');
        if (n > 1 && k < 60000 && strchr(got, '.')) {
            char shorter[40];
            snprintf(shorter, sizeof shorter, "%.*e", (int)n - 2, value);
            CHECK(strtod(shorter, NULL) != value);
        }
    }
    free(p);
}

int main(void)
{
    strcpy(path, "/tmp/orrery-elements-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_name_for_a_thing),
                                       cmocka_unit_test(choices),
                                       cmocka_unit_test(refusals),
                                       cmocka_unit_test(stored),
                                       cmocka_unit_test(options),
                                       cmocka_unit_test(decimals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
