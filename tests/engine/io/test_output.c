/* The output file: written, read back, refused, cut off. */
#include "check.h"

#include <orrery/io.h>

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "temporary_folder.h"

static const char *in_folder(const char *name)
{
    static char path[4][200];
    static int k;
    k = (k + 1) % 4;
    snprintf(path[k], sizeof path[k], "%s/%s", folder, name);
    return path[k];
}

static orr_scenario scenario(const char *output)
{
    char text[1000];
    snprintf(text, sizeof text,
             "title: Test\nunits: { length: au, mass: Msun, time: day }\n"
             "integrator: { method: leapfrog, step: 1 day }\nrun: { to: 100 day }\n"
             "output: { every: 10 day, diagnostics: 5 day%s }\n"
             "bodies:\n  - { name: Sun, mass: 1, radius: 1 Rsun, color: '#ffcc00' }\n"
             "  - { name: \"Earth, \xc3\xa9\", mass: 1 Mearth, orbit: { around: Sun, a: 1 } }\n"
             "  - { name: Dust, role: test, position: [2, 0, 0.5], velocity: [0, 0.01, 0] }\n",
             output);
    orr_scenario s;
    orr_diagnosis why;
    orr_status status = orr_scenario_parse("t.yaml", text, strlen(text), NULL, &s, &why);
    if (status != ORR_OK)
        print_error("%s\n", why.text);
    CHECK_OK(status);
    return s;
}

static const orr_provenance provenance = {"orrery run t.yaml", "here", "2026-01-01T00:00:00Z", 1};

/* Run to the end (or `stop` snapshots), writing as the program does. */
static void run(orr_scenario *s, const char *path, int stop, const char *ending)
{
    orr_writer *w;
    orr_sim *sim;
    orr_diagnosis why;
    orr_status status = orr_writer_open(path, s, &s->bodies, &provenance, false, &w, &why);
    if (status != ORR_OK)
        print_error("%s\n", why.text);
    CHECK_OK(status);
    CHECK_OK(orr_sim_from_scenario(s, 1, &sim, &why));
    for (int k = 0; k <= 20 && k / 2 < stop; k++) {
        CHECK_OK(orr_sim_run_until(sim, 5 * k));
        orr_diagnostics d = {.t = 5 * k, .energy_error = -1e-9 * k, .step_size = 1};
        CHECK_OK(orr_sim_conserved(sim, &d.conserved));
        CHECK_OK(orr_writer_diagnose(w, &d));
        orr_snapshot now = orr_sim_snapshot(sim);
        if (k % 2 == 0)
            CHECK_OK(orr_writer_append(w, &now));
    }
    CHECK_OK(orr_writer_close(w, ending, 1.5, &why));
    orr_sim_destroy(sim);
}

static void round_trip(void **state)
{
    (void)state;
    const char *forms[] = {"", ", precision: float", ", compression: gzip"};
    for (int form = 0; form < 3; form++) {
        orr_scenario s = scenario(forms[form]);
        const char *path = in_folder(form == 0 ? "a.h5" : form == 1 ? "b.h5" : "c.h5");
        orr_body before = orr_bodies_get(&s.bodies, 1);
        run(&s, path, 99, "finished");
        orr_reader *r;
        orr_diagnosis why;
        CHECK_OK(orr_reader_open(path, &r, &why));
        const orr_file_info *i = orr_reader_info(r);
        CHECK(i->n_bodies == 3 && i->n_active == 2 && i->n_frames == 11 && i->n_diagnostics == 21);
        assert_string_equal(i->state, "finished");
        assert_string_equal(i->title, "Test");
        assert_string_equal(i->method, "leapfrog");
        assert_string_equal(i->speed_unit, "au day-1");
        assert_string_equal(orr_reader_name(r, 1), "Earth, \xc3\xa9");
        CHECK(i->t_last == 100 && i->energy_error_max == 2e-8 && i->wall_seconds == 1.5);
        double t, times[21];
        CHECK_OK(orr_reader_read(r, 0, &t, &why));
        orr_body after = orr_bodies_get(orr_reader_bodies(r), 1);
        CHECK(t == 0 && after.gm == before.gm);
        for (int c = 0; c < 3; c++)
            CHECK_NEAR(after.vel[c], before.vel[c], form == 1 ? 1e-9 : 0);
        CHECK_OK(orr_reader_column(r, "time", 0, times, &why));
        CHECK(times[20] == 100);
        CHECK_OK(orr_reader_column(r, "angular_momentum", 2, times, &why));
        CHECK_NEAR(times[20] / times[0], 1, 1e-14);
        CHECK(orr_reader_read(r, 11, &t, &why) == ORR_E_ARGUMENT);
        CHECK(orr_reader_column(r, "nonsense", 0, times, &why) == ORR_E_FORMAT);
        char *text = orr_reader_scenario(r, false);
        CHECK(text && strcmp(text, s.yaml) == 0);
        free(text);
        orr_reader_close(r);
        orr_scenario_free(&s);
    }
}

static void stopped_early(void **state)
{
    (void)state;
    orr_scenario s = scenario("");
    run(&s, in_folder("stopped.h5"), 3, "stopped");
    orr_reader *r;
    orr_diagnosis why;
    CHECK_OK(orr_reader_open(in_folder("stopped.h5"), &r, &why));
    CHECK(orr_reader_info(r)->n_frames == 3 && orr_reader_info(r)->t_last == 20);
    assert_string_equal(orr_reader_info(r)->state, "stopped");
    orr_reader_close(r);
    orr_scenario_free(&s);
}

static void segments(void **state)
{
    (void)state;
    orr_scenario s = scenario(", segment: 10 kB");
    s.output.segment_bytes = 2000; /* some snapshots, three rows of diagnostics */
    run(&s, in_folder("long.h5"), 99, "finished");
    double last = -1;
    size_t total = 0;
    int count = 1;
    for (; count < 50; count++) { /* by their own names: each alone */
        orr_reader *r;
        orr_diagnosis why;
        char name[32];
        snprintf(name, sizeof name, "long.%04d.h5", count);
        if (access(in_folder(name), F_OK) != 0)
            break;
        CHECK_OK(orr_reader_open(in_folder(name), &r, &why));
        const orr_file_info *i = orr_reader_info(r);
        total += i->n_frames;
        CHECK(i->segment == count && i->n_files == 1);
        if (i->n_frames) {
            CHECK(i->t_first > last);
            last = i->t_last;
        }
        assert_string_equal(i->state, last == 100 ? "finished" : "continued");
        orr_reader_close(r);
    }
    CHECK(total > 5 && total < 11 && last == 100 && count > 3);
    /* by its first name it is one run */
    orr_reader *r;
    orr_diagnosis why;
    double t, times[21], errors[21];
    CHECK_OK(orr_reader_open(in_folder("long.h5"), &r, &why));
    const orr_file_info *i = orr_reader_info(r);
    CHECK(i->n_frames == 11 && i->n_diagnostics == 21 && (int)i->n_files == count && !*i->missing);
    CHECK(i->t_first == 0 && i->t_last == 100 && i->energy_error_max == 2e-8);
    assert_string_equal(i->state, "finished");
    CHECK_OK(orr_reader_times(r, times, &why));
    for (size_t k = 11; k-- > 0;) { /* backwards, through all files */
        CHECK_OK(orr_reader_read(r, k, &t, &why));
        CHECK(t == 10 * (double)k && times[k] == t && orr_reader_check(r, k) == ORR_ROW_WHOLE);
        orr_frame_place at;
        CHECK_OK(orr_reader_place(r, k, &at, &why));
        CHECK(at.row < at.rows && strstr(at.path, "long."));
    }
    CHECK_OK(orr_reader_column(r, "time", 0, times, &why));
    CHECK_OK(orr_reader_column(r, "energy_error", 0, errors, &why));
    for (int k = 0; k < 21; k++)
        CHECK(times[k] == 5 * k && errors[k] == -1e-9 * k);
    orr_reader_close(r);
    CHECK(rename(in_folder("long.0002.h5"), in_folder("away.h5")) == 0);
    CHECK(orr_reader_open(in_folder("long.h5"), &r, &why) == ORR_E_FILE);
    CHECK(strstr(why.text, "long.0002.h5"));
    orr_scenario_free(&s);
}

/* Bodies that become heavier and lighter, and go: masses as they are at each snapshot, whether or
 * not the log has room for it. */
static void masses(void **state)
{
    (void)state;
    for (int form = 0; form < 2; form++) {
        orr_scenario s = scenario("");
        orr_writer *w;
        orr_reader *r;
        orr_diagnosis why;
        orr_bodies b = {0};
        const char *path = in_folder(form ? "m1.h5" : "m0.h5");
        CHECK_OK(orr_bodies_copy(&b, &s.bodies));
        CHECK_OK(orr_writer_open(path, &s, &s.bodies, &provenance, false, &w, &why));
        double gm[11][3], t;
        for (int k = 0; k < 11; k++) {
            if (form) /* more than the log of one file holds */
                b.gm[0] = 1 + k, b.radius[b.n - 1] = 0.1 * k;
            else if (k % 4 == 3)
                b.gm[0] *= 1 + 1e-15 * k;
            if (k == 5)
                CHECK_OK(orr_bodies_remove(&b, 1));
            orr_snapshot now = {.t = 10 * k, .bodies = &b};
            CHECK_OK(orr_writer_append(w, &now));
            for (size_t i = 0; i < 3; i++)
                gm[k][i] = k >= 5 && i ? 0 : b.gm[i];
        }
        CHECK_OK(orr_writer_close(w, "finished", 1, &why));
        CHECK_OK(orr_reader_open(path, &r, &why));
        CHECK(orr_reader_info(r)->n_frames == 11 && !orr_reader_info(r)->masses_damaged);
        CHECK((orr_reader_info(r)->n_files > 1) == (form == 1));
        const orr_bodies *now = orr_reader_bodies(r);
        for (size_t m = 0; m < 22; m++) {
            size_t k = 7 * m % 11; /* in any order */
            CHECK_OK(orr_reader_read(r, k, &t, &why));
            for (size_t i = 0; i < 2; i++)
                CHECK_BITS(now->gm[i], k >= 5 && i ? 0 : gm[k][i]);
            CHECK(isnan(now->pos[1]) == (k >= 5) && isfinite(now->pos[2]));
            if (form)
                CHECK(now->radius[2] == 0.1 * (double)k);
        }
        orr_reader_close(r);
        orr_bodies_free(&b);
        orr_scenario_free(&s);
    }
}

static size_t files_in_folder(void)
{
    DIR *d = opendir(folder);
    size_t n = 0;
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static void refusals_leave_nothing(void **state)
{
    (void)state;
    orr_scenario s = scenario("");
    orr_writer *w;
    orr_diagnosis why;
    const char *path = in_folder("old.h5");
    FILE *old = fopen(path, "w");
    fputs("precious", old);
    fclose(old);
    size_t before = files_in_folder();
    CHECK(orr_writer_open(path, &s, &s.bodies, &provenance, false, &w, &why) == ORR_E_EXISTS);
    CHECK(strstr(why.text, "--force"));
    CHECK(orr_writer_open("/nowhere/x.h5", &s, &s.bodies, &provenance, false, &w, &why) ==
          ORR_E_FILE);
    CHECK(strstr(why.text, "No such file"));
    /* a limit on file size stands for a full disk: both fail when room is reserved */
    struct rlimit limit, tight;
    getrlimit(RLIMIT_FSIZE, &limit);
    tight = limit;
    tight.rlim_cur = 3000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    CHECK(orr_writer_open(in_folder("full.h5"), &s, &s.bodies, &provenance, false, &w, &why) ==
          ORR_E_FILE);
    CHECK(orr_writer_open(path, &s, &s.bodies, &provenance, true, &w, &why) == ORR_E_FILE);
    setrlimit(RLIMIT_FSIZE, &limit);
    CHECK(files_in_folder() == before);
    char content[16] = "";
    old = fopen(path, "r");
    CHECK(fgets(content, sizeof content, old) && strcmp(content, "precious") == 0);
    fclose(old);
    CHECK_OK(orr_writer_open(path, &s, &s.bodies, &provenance, true, &w, &why)); /* forced */
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));
    orr_scenario_free(&s);
}

static void damaged_files(void **state)
{
    (void)state;
    orr_scenario s = scenario("");
    run(&s, in_folder("whole.h5"), 99, "finished");
    FILE *in = fopen(in_folder("whole.h5"), "rb");
    static char bytes[200000];
    size_t size = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    CHECK(size > 1000 && size < sizeof bytes);
    orr_reader *r;
    orr_diagnosis why;
    for (size_t cut = 0; cut < size; cut += size / 60 + 1) {
        FILE *out = fopen(in_folder("cut.h5"), "wb");
        fwrite(bytes, 1, cut, out);
        fclose(out);
        CHECK(orr_reader_open(in_folder("cut.h5"), &r, &why) == ORR_E_FORMAT && *why.text);
    }
    /* HDF5 1.10 itself reads behind its buffers on some damaged headers: it gets away with it, but
     * not under a sanitizer */
#if defined(__clang__)
#define UNDER_ASAN __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#else
#define UNDER_ASAN 0
#endif
#if UNDER_ASAN
    const int flips = 0;
#else
    const int flips = 400;
#endif
    uint64_t seed = 1;
    for (int k = 0; k < flips; k++) { /* flipped bytes: an error or a file, never a crash */
        size_t at = (size_t)(check_random(&seed) * (double)size);
        char kept = bytes[at];
        bytes[at] = (char)(check_random(&seed) * 256);
        FILE *out = fopen(in_folder("flip.h5"), "wb");
        fwrite(bytes, 1, size, out);
        fclose(out);
        bytes[at] = kept;
        if (orr_reader_open(in_folder("flip.h5"), &r, &why) == ORR_OK) {
            double t;
            if (orr_reader_info(r)->n_frames > 0 && orr_reader_read(r, 0, &t, &why) != ORR_OK)
                CHECK(*why.text);
            orr_reader_close(r);
        } else {
            CHECK(*why.text);
        }
    }
    CHECK(orr_reader_open("/nowhere.h5", &r, &why) == ORR_E_FILE);
    CHECK(orr_reader_open("/tmp", &r, &why) == ORR_E_FILE);
    CHECK(orr_reader_open("/dev/null", &r, &why) == ORR_E_FILE);
    orr_scenario_free(&s);
}

static void exports(void **state)
{
    (void)state;
    orr_reader *r;
    orr_diagnosis why;
    CHECK_OK(orr_reader_open(in_folder("a.h5"), &r, &why));
    const char *path = in_folder("a.csv");
    CHECK_OK(orr_export(r, "a.h5", ORR_EXPORT_CSV, SIZE_MAX, path, false, &why));
    FILE *in = fopen(path, "r");
    char line[400];
    int lines = 0;
    while (fgets(line, sizeof line, in)) {
        if (lines == 1)
            assert_string_equal(line, "t [day],name,x [au],y [au],z [au],vx [au day-1],vy [au "
                                      "day-1],vz [au day-1],mass [Msun],radius [au]\n");
        if (lines == 3)
            CHECK(strncmp(line, "0,\"Earth, \xc3\xa9\",1,", 16) == 0);
        lines++;
    }
    fclose(in);
    CHECK(lines == 2 + 33);
    CHECK(orr_export(r, "a.h5", ORR_EXPORT_CSV, 0, path, false, &why) == ORR_E_EXISTS);
    CHECK(orr_export(r, "a.h5", ORR_EXPORT_YT, 99, path, true, &why) == ORR_E_ARGUMENT);
    CHECK(orr_export(r, "a.h5", ORR_EXPORT_YT, SIZE_MAX, path, true, &why) == ORR_E_ARGUMENT);
    CHECK(orr_export(r, "a.h5", ORR_EXPORT_CSV, 0, "/nowhere/a.csv", false, &why) == ORR_E_FILE);
    for (int kind = ORR_EXPORT_YT; kind <= ORR_EXPORT_PARAVIEW; kind++)
        CHECK_OK(orr_export(r, "a.h5", (orr_export_kind)kind, 10, in_folder("x"), true, &why));
    orr_reader_close(r);
}

/* Generated bodies have no colour, whatever lies behind the colours of the others in memory. */
static void colors(void **state)
{
    (void)state;
    static const char text[] =
        "units: { length: au, mass: Msun, time: day }\nrun: { to: 1 day }\n"
        "integrator: { method: leapfrog, step: 1 day }\noutput: { every: 1 day }\n"
        "bodies: [{ name: Sun, mass: 1, color: '#ffcc00' }, { name: Planet, role: test, orbit: { "
        "around: Sun, a: 1 } }]\n"
        "groups: [{ generate: belt, name: rock, around: Sun, count: 5000, a: [2, 3], role: test, "
        "seed: 1 }]\n";
    orr_scenario s;
    orr_diagnosis why;
    orr_writer *w;
    orr_reader *r;
    CHECK_OK(orr_scenario_parse("c.yaml", text, sizeof text - 1, NULL, &s, &why));
    CHECK(s.n_colors == 2);
    CHECK_OK(orr_writer_open(in_folder("colors.h5"), &s, &s.bodies, &provenance, false, &w, &why));
    const orr_snapshot now = {.bodies = &s.bodies};
    double times[2];
    CHECK_OK(orr_writer_append(w, &now));
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));
    CHECK_OK(orr_reader_open(in_folder("colors.h5"), &r, &why));
    uint32_t *c = orr_reader_colors(r);
    CHECK(c && c[0] == 0xffcc00);
    for (size_t i = 1; i < orr_reader_bodies(r)->n; i++)
        CHECK(c[i] == 0);
    CHECK_OK(orr_reader_times(r, times, &why));
    CHECK(orr_reader_info(r)->n_frames == 1 && times[0] == 0);
    free(c);
    orr_reader_close(r);
    orr_scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(colors),
                                       cmocka_unit_test(round_trip),
                                       cmocka_unit_test(stopped_early),
                                       cmocka_unit_test(segments),
                                       cmocka_unit_test(masses),
                                       cmocka_unit_test(exports),
                                       cmocka_unit_test(refusals_leave_nothing),
                                       cmocka_unit_test(damaged_files)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
