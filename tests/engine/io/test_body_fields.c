/* A field of bodies by a line of body_fields.def, in scenarios and output files.  Built twice: with
 * the fields there are (spin), and with an engine in which ORR_TEST_BODY_FIELD adds two lines. */
#include "check.h"

#include <orrery/io.h>

#include <stdlib.h>
#include <unistd.h>

#include "io/body_fields.h"
#include "temporary_folder.h"

static const char text[] = "units: { length: au, mass: Msun, time: day }\n"
                           "integrator: { method: leapfrog, step: 1 day }\nrun: { to: 10 day }\n"
                           "output: { every: 1 day }\n%s\n"
                           "bodies:\n  - { name: Sun, mass: 1, radius: 0.01%s }\n"
                           "  - { name: Earth, mass: 1 Mearth, orbit: { around: Sun, a: 1 } }\n";

static orr_scenario scenario(const char *collisions, const char *keys)
{
    char all[2000];
    orr_scenario s;
    orr_diagnosis why;
    int n = snprintf(all, sizeof all, text, collisions, keys);
    orr_status status = orr_scenario_parse("t.yaml", all, (size_t)n, NULL, &s, &why);
    if (status != ORR_OK)
        print_error("%s\n", why.text);
    CHECK_OK(status);
    return s;
}

/* At snapshot k; what lasts changes once, in the midst. */
static double expected(const orr_body_field *f, size_t i, size_t c, int k)
{
    return (double)(i + 1) + (double)c / 8 + (f->moves ? k : k >= 3 ? 3 : 0) / 64.;
}

/* All further fields of all bodies, as they are at snapshot k. */
static void give_values(orr_bodies *b, int k)
{
    const orr_body_field *f;
    for (size_t m = 0; (f = orr_extra_field_at(m)); m++)
        for (size_t c = 0; c < f->components; c++)
            for (size_t i = 0; i < b->n; i++)
                ((double *)orr_bodies_array(b, f))[c * b->stride + i] = expected(f, i, c, k);
}

static void check_values(const char *path, int first)
{
    orr_reader *r;
    orr_diagnosis why;
    double t;
    const orr_body_field *f;
    orr_status status = orr_reader_open(path, &r, &why);
    if (status != ORR_OK)
        print_error("%s\n", why.text);
    CHECK_OK(status);
    for (size_t k = orr_reader_info(r)->n_frames; k-- > 0;) {
        CHECK_OK(orr_reader_read(r, k, &t, &why));
        const orr_bodies *b = orr_reader_bodies(r);
        for (size_t m = 0; (f = orr_extra_field_at(m)); m++)
            for (size_t c = 0; c < f->components; c++)
                for (size_t i = 0; i < b->n; i++)
                    CHECK(orr_field_value(b, f, i, c) ==
                          ((int)k < first ? 0 : expected(f, i, c, (int)k)));
    }
    orr_reader_close(r);
}

/* Written, read, gone on with; and repaired. */
static void survive_the_file(void **state)
{
    (void)state;
    orr_scenario s = scenario("", "");
    orr_writer *w;
    orr_diagnosis why;
    char path[100], copy[100];
    orr_repair_report report;
    snprintf(path, sizeof path, "%s/f.h5", folder);
    snprintf(copy, sizeof copy, "%s/g.h5", folder);
    give_values(&s.bodies, 0);
    CHECK_OK(orr_writer_open(path, &s, &s.bodies, &(orr_provenance){0}, false, &w, &why));
    for (int k = 0; k < 6; k++) {
        if (k == 4) {
            orr_writer_place place = orr_writer_tell(w);
            CHECK_OK(orr_writer_close(w, "stopped", 0, &why));
            CHECK_OK(
                orr_writer_reopen(path, &s, &s.bodies, &(orr_provenance){0}, &place, &w, &why));
        }
        give_values(&s.bodies, k);
        CHECK_OK(orr_writer_append(
            w, &(orr_snapshot){.t = k, .step = (uint64_t)k, .bodies = &s.bodies}));
    }
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));
    check_values(path, 0);
    CHECK_OK(orr_repair(path, copy, false, NULL, NULL, &report, &why));
    check_values(copy, 0);
    orr_scenario_free(&s);
}

/* Files in which no body has one are not larger; one that gets it later goes on in another file, or
 * where bodies merge, has room in its log. */
static void only_where_it_is(void **state)
{
    (void)state;
    for (int merges = 0; merges < 2; merges++) {
        orr_scenario s = scenario(merges ? "collisions: merge" : "", "");
        orr_writer *w;
        orr_reader *r;
        orr_diagnosis why;
        char path[100];
        const orr_body_field *f;
        snprintf(path, sizeof path, "%s/o%d.h5", folder, merges);
        CHECK_OK(orr_writer_open(path, &s, &s.bodies, &(orr_provenance){0}, false, &w, &why));
        for (int k = 0; k < 5; k++) {
            if (k >= 2)
                give_values(&s.bodies, k);
            CHECK_OK(orr_writer_append(w, &(orr_snapshot){.t = k, .bodies = &s.bodies}));
        }
        CHECK_OK(orr_writer_close(w, "finished", 0, &why));
        CHECK_OK(orr_reader_open(path, &r, &why));
        for (size_t m = 0; (f = orr_extra_field_at(m)); m++) {
            char name[100];
            snprintf(name, sizeof name, "particles/all/%s%s", f->name, f->moves ? "/value" : "");
            CHECK(!orr_reader_has(r, name));
            snprintf(name, sizeof name, "particles/all/changes/%s", f->name);
            CHECK(f->moves || orr_reader_has(r, name) == merges);
        }
        bool all_last = !orr_moving_field_at(0);
        CHECK(orr_reader_info(r)->n_files == (merges && all_last ? 1 : 2));
        CHECK(orr_reader_info(r)->n_frames == 5);
        orr_reader_close(r);
        check_values(path, 2);
        orr_scenario_free(&s);
    }
}

/* A key of `bodies:` by its name, which the resolved text has too. */
static void a_key_of_scenarios(void **state)
{
    (void)state;
    const orr_body_field *f;
    for (size_t m = 0; (f = orr_extra_field_at(m)); m++) {
        char keys[200];
        bool angle = f->dim.angle != 0;
        snprintf(keys, sizeof keys, f->components == 3 ? ", %s: [1%s, 2%s, -3%s]" : ", %s: 1%s",
                 f->name, angle ? " rad" : "", angle ? " rad" : "", angle ? " rad" : "");
        orr_scenario s = scenario("", keys), again;
        orr_diagnosis why;
        CHECK(orr_field_value(&s.bodies, f, 0, 0) == 1 && orr_field_value(&s.bodies, f, 1, 0) == 0);
        CHECK(f->components == 1 || orr_field_value(&s.bodies, f, 0, 2) == -3);
        CHECK_OK(orr_scenario_parse("r.yaml", s.resolved, strlen(s.resolved), NULL, &again, &why));
        CHECK(orr_field_value(&again.bodies, f, 0, 0) == 1);
        orr_scenario_free(&again);
        orr_scenario_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(survive_the_file),
                                       cmocka_unit_test(only_where_it_is),
                                       cmocka_unit_test(a_key_of_scenarios)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
