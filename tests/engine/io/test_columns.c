/* The tables beside the snapshots: every column of columns.def is written from its member, in the
 * units of the file, and read back; through reopening and the next file. */
#include "check.h"

#include <orrery/io.h>

#include <stdlib.h>
#include <unistd.h>

#include "io/hdf5/columns.h"
#include "temporary_folder.h"

static const char text[] = "units: { length: au, mass: Msun, time: day }\n"
                           "integrator: { method: leapfrog, step: 1 day }\nrun: { to: 10 day }\n"
                           "bodies:\n  - { name: Sun, mass: 1 }\n"
                           "  - { name: \"A, B\", mass: 1 Mearth, orbit: { around: Sun, a: 1 } }\n";

static orr_scenario scenario(void)
{
    orr_scenario s;
    orr_diagnosis why;
    CHECK_OK(orr_scenario_parse("t.yaml", text, strlen(text), NULL, &s, &why));
    return s;
}

/* A number of its own in each member that a column is of. */
static orr_event_row filled(int k)
{
    orr_event_row row = {.event = {.kind = (orr_event_kind)(1 + k % 5), .a = 1, .b = 0},
                         .member = 0};
    for (size_t c = 0; c < ORR_EVENT_COLUMNS; c++)
        for (int i = 0; i < orr_event_columns[c].components; i++)
            if (orr_event_columns[c].kind == ORR_COLUMN_DOUBLE)
                ((double *)(void *)((char *)&row + orr_event_columns[c].offset))[i] =
                    k + (double)c / 64 + i / 1024.;
    return row;
}

static bool same(const orr_event_row *a, const orr_event_row *b, double tolerance)
{
    bool good = a->event.kind == b->event.kind && a->event.a == b->event.a &&
                a->event.b == b->event.b && a->member == b->member;
    for (size_t c = 0; c < ORR_EVENT_COLUMNS; c++)
        for (int i = 0; i < orr_event_columns[c].components; i++) {
            size_t at = orr_event_columns[c].offset + 8 * (size_t)i;
            double x, y;
            memcpy(&x, (const char *)a + at, 8), memcpy(&y, (const char *)b + at, 8);
            if (orr_event_columns[c].kind == ORR_COLUMN_DOUBLE)
                good = good && fabs(x - y) <= (orr_event_columns[c].times_G ? tolerance : 0) * x;
        }
    return good;
}

/* No member of orr_event is left out, but padding: so every byte of a record is of some column. */
static void every_member_has_a_column(void **state)
{
    (void)state;
    unsigned char covered[sizeof(orr_event_row)] = {0};
    for (size_t c = 0; c < ORR_EVENT_COLUMNS; c++)
        memset(covered + orr_event_columns[c].offset, 1,
               (size_t)orr_column_bytes(&orr_event_columns[c]));
    size_t missing = 0;
    for (size_t k = 0; k < sizeof covered; k++)
        missing += !covered[k];
    CHECK(missing == 4); /* behind `kind` */
}

static void events_come_back(void **state)
{
    (void)state;
    enum { EVENTS = 66 }; /* as many as there is room for */
    orr_scenario s = scenario();
    orr_diagnosis why;
    orr_writer *w;
    orr_reader *r;
    orr_snapshot now = {.bodies = &s.bodies};
    char path[100];
    snprintf(path, sizeof path, "%s/e.h5", folder);
    CHECK_OK(orr_writer_open(path, &s, &s.bodies, &(orr_provenance){0}, false, &w, &why));
    CHECK_OK(orr_writer_append(w, &now));
    orr_writer_place place = {0};
    for (int k = 0; k < EVENTS; k++) {
        orr_event_row row = filled(k);
        if (k == 40) { /* closed, and opened again */
            place = orr_writer_tell(w);
            CHECK(place.events == 40);
            CHECK_OK(orr_writer_close(w, "stopped", 0, &why));
            CHECK_OK(
                orr_writer_reopen(path, &s, &s.bodies, &(orr_provenance){0}, &place, &w, &why));
        }
        CHECK_OK(orr_writer_event(w, 0, &row.event));
    }
    CHECK(orr_writer_event(w, 0, &(orr_event){.kind = ORR_COLLISION}) == ORR_E_RANGE);
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));

    CHECK_OK(orr_reader_open(path, &r, &why));
    CHECK(orr_reader_info(r)->n_events == EVENTS);
    for (int k = EVENTS; k-- > 0;) {
        orr_event_row want = filled(k), got = {0};
        CHECK_OK(orr_reader_event(r, (size_t)k, &got.event, &got.member, &why));
        CHECK(same(&want, &got, 1e-15));
    }
    char unit[64];
    orr_reader_unit(r, "events/mass_after_b", unit, sizeof unit);
    assert_string_equal(unit, "Msun");
    orr_reader_unit(r, "events/velocity_a", unit, sizeof unit);
    assert_string_equal(unit, "au day-1");
    orr_reader_unit(r, "events/angle", unit, sizeof unit);
    assert_string_equal(unit, "rad");
    CHECK(orr_reader_has(r, "events/speed") && !orr_reader_has(r, "events/nonsense"));
    orr_reader_close(r);
    orr_scenario_free(&s);
}

/* As text: names with commas, masses without G, kinds as words. */
static void events_as_csv(void **state)
{
    (void)state;
    char path[100], csv[100], line[4000];
    orr_reader *r;
    orr_diagnosis why;
    snprintf(path, sizeof path, "%s/e.h5", folder);
    snprintf(csv, sizeof csv, "%s/e.csv", folder);
    CHECK_OK(orr_reader_open(path, &r, &why));
    CHECK_OK(orr_export(r, path, ORR_EXPORT_EVENTS, SIZE_MAX, csv, false, &why));
    CHECK(orr_export(r, path, ORR_EXPORT_EVENTS, SIZE_MAX, csv, false, &why) == ORR_E_EXISTS);
    double G = orr_reader_G(r);
    orr_reader_close(r);
    FILE *in = fopen(csv, "r");
    CHECK(in && fgets(line, sizeof line, in) && fgets(line, sizeof line, in));
    CHECK(strstr(line, "time [day],type,a,b,separation [au],energy [") == line);
    CHECK(strstr(line, ",mass_a [Msun],") && strstr(line, ",velocity_b_z [au day-1],"));
    CHECK(!strstr(line, "member"));
    size_t columns = 1, commas = 0, cut = strcspn(line, "\n");
    for (size_t k = 0; k < cut; k++)
        columns += line[k] == ',';
    CHECK(fgets(line, sizeof line, in) && strstr(line, "0,collision,\"A, B\",Sun,") == line);
    for (char *p = line; *p; p++)
        commas += *p == ',';
    CHECK(commas == columns); /* one of the name */
    const char *at = line + strlen("0,collision,\"A, B\",Sun,");
    double mass = 0; /* the third number from there */
    for (int k = 0; k < 3; k++, at += strcspn(at, ",") + 1)
        mass = strtod(at, NULL);
    CHECK_NEAR(mass * G, filled(0).event.gm[0], 1e-15);
    fclose(in);
}

/* Diagnostics: each column from its member. */
static void observables_come_back(void **state)
{
    (void)state;
    orr_scenario s = scenario();
    orr_diagnosis why;
    orr_writer *w;
    orr_reader *r;
    char path[100];
    for (int shadow = 0; shadow < 2; shadow++) {
        orr_diagnostics d = {.t = 3, .step = 7};
        for (size_t c = 0; c < ORR_OBSERVABLES; c++)
            for (int i = 0; i < orr_observables[c].components; i++)
                ((double *)(void *)((char *)&d + orr_observables[c].offset))[i] =
                    (double)c + i / 8. + 1;
        snprintf(path, sizeof path, "%s/o%d.h5", folder, shadow);
        CHECK_OK(orr_writer_open(path, &s, &s.bodies, &(orr_provenance){.shadow = shadow}, false,
                                 &w, &why));
        CHECK_OK(orr_writer_diagnose(w, &d));
        CHECK_OK(orr_writer_close(w, "finished", 0, &why));
        CHECK_OK(orr_reader_open(path, &r, &why));
        for (size_t c = 0; c < ORR_OBSERVABLES; c++)
            for (int i = 0; i < orr_observables[c].components; i++) {
                double value = 0;
                bool there =
                    orr_reader_column(r, orr_observables[c].name, i, &value, &why) == ORR_OK;
                CHECK(there == (shadow || c != ORR_OBSERVABLE_shadow_distance));
                CHECK(!there || value == (double)c + i / 8. + 1);
            }
        orr_reader_close(r);
    }
    orr_scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_has_a_column), cmocka_unit_test(events_come_back),
        cmocka_unit_test(events_as_csv), cmocka_unit_test(observables_come_back)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
