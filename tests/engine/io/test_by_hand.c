/* Output files of programs that have no scenario: what may be left out, what is refused, going on, ensembles. */
#include "check.h"

#include <orrery/orrery.h>

#include <stdlib.h>

#include "temporary_folder.h"

static const char *in_folder(const char *name)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static orr_bodies two_bodies(void)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 4, .id = 7}, NULL));
    CHECK_OK(orr_bodies_add(
        &b, (orr_body){.pos = {1}, .vel = {0, 2}, .gm = 1e-3, .radius = 0.1, .id = 3}, NULL));
    return b;
}

static const orr_units plain = {.length = 1, .mass = 1, .time = 1, .G = 2, .dimensionless = 1};

static void append(orr_writer *w, const orr_bodies *b, double t)
{
    CHECK_OK(orr_writer_append(w, &(orr_snapshot){.t = t, .step = 5, .bodies = b}));
    CHECK_OK(orr_writer_diagnose(w, &(orr_diagnostics){.t = t, .energy_error = 1e-9}));
}

/* With nothing but units; more rows than were announced go into further files. */
static void least(void **state)
{
    (void)state;
    const char *path = in_folder("least.h5");
    orr_bodies b = two_bodies();
    orr_diagnosis why;
    orr_writer *w;
    orr_reader *r;
    CHECK_OK(orr_writer_create(path, &(orr_writer_def){.units = plain}, &b, false, &w, &why));
    append(w, &b, 0);
    append(w, &b, 1);
    append(w, &b, 2);
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));

    orr_status opened = orr_reader_open(path, &r, &why);
    if (opened)
        print_error("%s: %s\n", why.file, why.text);
    CHECK_OK(opened);
    const orr_file_info *i = orr_reader_info(r);
    assert_int_equal(i->n_frames, 3);
    assert_int_equal(i->n_files, 3);
    assert_string_equal(i->title, "");
    assert_string_equal(i->frame, "inertial");
    CHECK(!i->has_epoch);
    assert_string_equal(orr_reader_name(r, 0), "body 7");
    assert_string_equal(orr_reader_name(r, 1), "body 3");
    CHECK_BITS(orr_reader_G(r), 2);
    char *text = orr_reader_scenario(r, false);
    assert_null(text);
    double t;
    CHECK_OK(orr_reader_read(r, 2, &t, &why));
    CHECK_BITS(t, 2);
    CHECK_BITS(orr_bodies_get(orr_reader_bodies(r), 1).vel[1], 2);
    CHECK_BITS(orr_bodies_get(orr_reader_bodies(r), 1).radius, 0.1);
    orr_reader_close(r);
    orr_bodies_free(&b);
}

static void refused(void **state)
{
    (void)state;
    orr_bodies b = two_bodies(), none = {0};
    orr_diagnosis why;
    orr_writer *w;
    const orr_writer_def good = {.units = plain};
    orr_writer_def bad[4] = {good, good, good, good};
    bad[0].units.G = 0;
    bad[1].t_start = NAN;
    bad[2].yaml = "units: {}";
    bad[3].segment_bytes = -1;
    static const char *const says[] = {"units", "time", "scenario", "segment_bytes"};
    const char *path = in_folder("refused.h5");
    for (int k = 0; k < 4; k++) {
        assert_int_equal(orr_writer_create(path, &bad[k], &b, false, &w, &why), ORR_E_ARGUMENT);
        assert_null(w);
        assert_non_null(strstr(why.text, says[k]));
    }
    assert_int_equal(orr_writer_create(path, &good, &none, false, &w, &why), ORR_E_ARGUMENT);
    assert_non_null(strstr(why.text, "bodies"));
    FILE *nothing = fopen(path, "r");
    assert_null(nothing);
    orr_bodies_free(&b);
}

/* Stopped, told, and gone on with; another one's file is not taken. */
static void goes_on(void **state)
{
    (void)state;
    const char *path = in_folder("goes_on.h5");
    orr_bodies b = two_bodies();
    orr_diagnosis why;
    orr_writer *w;
    orr_writer_def def = {.units = plain, .frames = 4, .diagnostics = 4, .title = "Goes on"};
    CHECK_OK(orr_writer_create(path, &def, &b, false, &w, &why));
    append(w, &b, 0);
    append(w, &b, 1);
    orr_writer_place place = orr_writer_tell(w);
    append(w, &b, 2);
    CHECK_OK(orr_writer_close(w, "stopped", 0, &why));

    orr_writer_def other = def;
    other.yaml = other.resolved = "units: { G: 1 }";
    other.yaml_size = strlen(other.yaml);
    assert_int_equal(orr_writer_resume(path, &other, &b, NULL, &place, &w, &why), ORR_E_FORMAT);

    CHECK_OK(orr_writer_resume(path, &def, &b, NULL, &place, &w, &why));
    append(w, &b, 2.5);
    append(w, &b, 3);
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));
    orr_reader *r;
    CHECK_OK(orr_reader_open(path, &r, &why));
    assert_int_equal(orr_reader_info(r)->n_frames, 4);
    double times[4];
    CHECK_OK(orr_reader_times(r, times, &why));
    CHECK_BITS(times[2], 2.5);
    CHECK_BITS(times[3], 3);
    orr_reader_close(r);
    orr_bodies_free(&b);
}

static void ensemble(void **state)
{
    (void)state;
    const char *path = in_folder("ensemble.h5");
    orr_bodies b[2] = {two_bodies(), two_bodies()};
    b[1].pos[1] = 3;
    orr_ensemble e = {.members = 2};
    orr_diagnosis why;
    orr_writer *w;
    orr_writer_def def = {.units = plain, .frames = 1, .diagnostics = 1, .ensemble = &e};
    CHECK_OK(orr_writer_create(path, &def, b, false, &w, &why));
    const orr_snapshot now[2] = {{.bodies = &b[0]}, {.bodies = &b[1]}};
    CHECK_OK(orr_writer_append_members(w, 0, now));
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));
    orr_reader *r;
    double t;
    CHECK_OK(orr_reader_open(path, &r, &why));
    assert_int_equal(orr_reader_info(r)->n_members, 2);
    assert_int_equal(orr_reader_selected(r), 0);
    CHECK_OK(orr_reader_select(r, 1, &why));
    assert_int_equal(orr_reader_selected(r), 1);
    CHECK_OK(orr_reader_read(r, 0, &t, &why));
    CHECK_BITS(orr_bodies_get(orr_reader_bodies(r), 1).pos[0], 3);
    orr_reader_close(r);
    for (int k = 0; k < 2; k++)
        orr_bodies_free(&b[k]);
}

/* The units that a program names are those of scenarios. */
static void units(void **state)
{
    (void)state;
    orr_units u;
    CHECK_OK(orr_units_named("au", "Msun", "day", &u));
    CHECK_NEAR(u.G, 0.01720209895 * 0.01720209895, 1e-10); /* Gauss, 1809 */
    assert_string_equal(u.time_name, "day");
    assert_int_equal(orr_units_named("au", "day", "Msun", &u), ORR_E_UNKNOWN_NAME);
    assert_int_equal(orr_units_named("furlong", "Msun", "day", &u), ORR_E_UNKNOWN_NAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(least), cmocka_unit_test(refused),
                                       cmocka_unit_test(goes_on), cmocka_unit_test(ensemble),
                                       cmocka_unit_test(units)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
