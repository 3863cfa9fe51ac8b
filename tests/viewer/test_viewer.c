/* The viewer without a window: a simulation that is watched has the bits of one that is not, files
 * are replayed, and every key does what the help says. */
#include "check.h"

#include <orrery/io.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "viewer/screen/frames.h"

static font *letters;
static char folder[] = "/tmp/orrery-viewer-XXXXXX";

static int set_up(void **state)
{
    char why[300];
    (void)state;
    letters = font_load(NULL, why, sizeof why);
    if (!letters)
        print_error("%s\n", why);
    return letters && mkdtemp(folder) ? 0 : -1;
}

static int clean_up(void **state)
{
    char command[100];
    (void)state;
    font_free(letters);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static orr_scenario load(const char *name, const char *set)
{
    char path[512];
    const char *sets[] = {"expect=[]", set};
    const orr_scenario_changes changes = {.set = sets, .n_set = set ? 2 : 1};
    orr_scenario s;
    orr_diagnosis why;
    snprintf(path, sizeof path, "%s/scenarios/%s.yaml", SOURCE_DIR, name);
    CHECK_OK(orr_scenario_load(path, &changes, &s, &why));
    return s;
}

static source *live(const char *name, const char *set, bool steady)
{
    orr_diagnosis why;
    orr_scenario s = load(name, set);
    source *out = source_open_scenario(&s, NULL, 1, steady, &why);
    if (!out)
        print_error("%s: %s\n", name, why.text);
    CHECK(out);
    return out;
}

static void wait_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

/* Until the clock of the viewer and the simulation agree. */
static void settle(viewer *v)
{
    viewer_fetch(v);
    for (int k = 0; k < 5000 && !viewer_arrived(v); k++) {
        wait_a_little();
        viewer_fetch(v);
    }
    CHECK(viewer_arrived(v));
}

static uint64_t plain_hash(const char *name, const char *set, double t)
{
    orr_scenario s = load(name, set);
    orr_sim *sim;
    orr_diagnosis why;
    CHECK_OK(orr_sim_from_scenario(&s, 1, &sim, &why));
    CHECK_OK(orr_sim_run_until(sim, t));
    uint64_t h = orr_bodies_hash(orr_sim_snapshot(sim).bodies);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return h;
}

/* Looked at at odd times, drawn, paused: the state at t is that of a run alone, for methods with
 * dense output, with velocities half a step behind, and of many steps at once. */
static void bits_stay(void **state)
{
    (void)state;
    static const char *const runs[][2] = {
        {"solar-system", NULL},
        {"kepler", "integrator.form=half-step"},
        {"outer-planets", "integrator={ method: wh, step: 50 day }"},
        {"pythagorean", NULL}};
    for (size_t k = 0; k < sizeof runs / sizeof *runs; k++) {
        settings defaults = settings_default();
        viewer v;
        source *s = live(runs[k][0], runs[k][1], k % 2 == 0);
        double end = s->subject.t_last, t = end * 0.011;
        CHECK(viewer_open(&v, s, &defaults, letters, 2));
        v.steady = true;
        for (int i = 1; i < 20; i++) {
            v.t = t * pow(i / 20.0, 1.7);
            s->want(s, v.t);
            if (i % 7 == 0)
                settle(&v);
            viewer_fetch(&v);
            viewer_draw(&v, 300, 200, 1);
        }
        v.t = t;
        s->want(s, t);
        settle(&v);
        CHECK(v.panes[0].now.t == t);
        CHECK(orr_bodies_hash(v.panes[0].now.bodies) == plain_hash(runs[k][0], runs[k][1], t));
        viewer_close(&v);
    }
}

static void methods_and_steps(void **state)
{
    (void)state;
    settings defaults = settings_default();
    viewer v;
    source *s = live("kepler", NULL, false);
    CHECK(viewer_open(&v, s, &defaults, letters, 1));
    assert_string_equal(s->method(s), "leapfrog, step 0.001 yr");
    v.rate = 1;
    for (int k = 0; k < 20; k++) {
        viewer_pass(&v, 0.05);
        settle(&v);
    }
    viewer_act(&v, ACTION_METHOD_1);
    viewer_act(&v, ACTION_STEP_LONGER);
    viewer_act(&v, ACTION_STEP_LONGER);
    for (int k = 0; k < 20; k++) {
        viewer_pass(&v, 0.05);
        settle(&v);
    }
    assert_string_equal(s->method(s), "euler, step 0.004 yr");
    CHECK(fabs(v.panes[0].last.energy_error) > 1e-3); /* Euler spirals */
    /* three changes between two pictures are one mark */
    CHECK(v.panes[0].errors.n_marks == 1 && strcmp(v.panes[0].errors.mark_text[0], "euler") == 0);
    CHECK(v.panes[0].last.error_since == v.panes[0].last.energy_error ||
          fabs(v.panes[0].last.error_since) > 1e-4);
    viewer_act(&v, ACTION_METHOD_9);
    viewer_act(&v, ACTION_STEP_SHORTER);
    viewer_pass(&v, 0.05);
    settle(&v);
    for (int k = 0; k < 100 && !strstr(v.news, "itself"); k++) {
        wait_a_little();
        viewer_fetch(&v);
    }
    assert_string_equal(s->method(s), "taylor");
    CHECK(strstr(v.news, "chooses its steps itself"));
    CHECK(v.panes[0].errors.n_marks == 2); /* a step that was refused is none */
    for (int k = 0; k < 10; k++) {
        viewer_pass(&v, 0.05);
        settle(&v);
    }
    CHECK(fabs(v.panes[0].last.energy_error) > 1e-3); /* Euler's error stays; its own is none */
    CHECK(fabs(v.panes[0].last.error_since) < 1e-12);
    viewer_act(&v, ACTION_METHOD_0);
    viewer_act(&v, ACTION_RESTART);
    CHECK(v.t == 0);
    for (int k = 0; k < 500 && v.panes[0].now.t != 0; k++) {
        wait_a_little();
        viewer_fetch(&v);
    }
    CHECK(v.panes[0].now.t == 0);
    v.t = 0.5;
    s->want(s, 0.5);
    settle(&v); /* with the method that it had when it was started again */
    assert_string_equal(s->method(s), "leapfrog, step 0.004 yr");
    viewer_act(&v, ACTION_FORWARD);
    double before = v.panes[0].now.t;
    for (int k = 0; k < 500 && v.panes[0].now.t == before; k++) {
        wait_a_little();
        viewer_fetch(&v);
    }
    CHECK(v.paused);
    CHECK_NEAR(v.panes[0].now.t, 0.5 + 0.004, 0.0041);
    viewer_close(&v);
}

/* A method that cannot take these bodies says why, and the old one goes on. */
static void refusals(void **state)
{
    (void)state;
    settings defaults = settings_default();
    viewer v;
    source *s = live("pythagorean", NULL, false);
    CHECK(viewer_open(&v, s, &defaults, letters, 1));
    viewer_act(&v, ACTION_METHOD_8); /* wh: nobody dominates */
    for (int k = 0; k < 500 && !*v.news; k++) {
        wait_a_little();
        viewer_fetch(&v);
    }
    CHECK(strstr(v.news, "wh"));
    assert_string_equal(s->method(s), "regularized");
    CHECK(v.panes[0].errors.n_marks == 0);
    v.t = 1;
    s->want(s, 1);
    settle(&v);
    CHECK_NEAR(v.panes[0].now.bodies->pos[0], 0.949550134839489248569, 1e-12);
    viewer_close(&v);
    orr_diagnosis why;
    orr_scenario other = load("pythagorean", NULL);
    CHECK(source_open_scenario(&other, "wh", 1, true, &why) == NULL);
    CHECK(strstr(why.text, "wh"));
    other = load("kepler", NULL);
    CHECK(source_open_scenario(&other, "leapfrgo", 1, true, &why) == NULL);
    CHECK(strstr(why.text, "no integrator"));
}

static const orr_provenance provenance = {"orrery run", "here", "2026-01-01T00:00:00Z", 1};

/* Frames 0 .. n-1 at t = 0, 10, ...; x of the first body is the number of the frame. */
static void write_frames(orr_writer *w, orr_scenario *s, int from, int to)
{
    for (int k = from; k < to; k++) {
        s->bodies.pos[0] = k;
        const orr_snapshot now = {.t = 10 * k, .step = (uint64_t)k, .bodies = &s->bodies};
        CHECK_OK(orr_writer_append(w, &now));
    }
    CHECK_OK(orr_writer_flush(w));
}

static void files(void **state)
{
    (void)state;
    char path[200];
    orr_scenario s = load("solar-system", "output.every=10 day");
    orr_writer *w;
    orr_diagnosis why;
    settings defaults = settings_default();
    viewer v;
    snprintf(path, sizeof path, "%s/a.h5", folder);
    CHECK_OK(orr_writer_open(path, &s, &s.bodies, &provenance, false, &w, &why));
    write_frames(w, &s, 0, 50);
    source *f = source_open_file(path, 0, &why); /* while it is written */
    CHECK(f);
    CHECK(viewer_open(&v, f, &defaults, letters, 1));
    CHECK(!v.panes[0].source->subject.live);
    CHECK(v.panes[0].now.n_frames == 50 && v.panes[0].now.bodies->pos[0] == 0);
    assert_string_equal(f->subject.name(f->subject.names, v.panes[0].now.bodies->id[0]), "Sun");
    CHECK(viewer_select(&v, "Moon") && !viewer_select(&v, "Vulcan"));
    v.bar_x0 = 100, v.bar_x1 = 200; /* the bar */
    viewer_scrub(&v, 150);
    viewer_fetch(&v);
    CHECK(v.panes[0].now.frame == 24);
    viewer_act(&v, ACTION_FORWARD);
    viewer_fetch(&v);
    CHECK(v.panes[0].now.frame == 25 && v.paused && v.t == 250);
    viewer_act(&v, ACTION_BACKWARD);
    viewer_act(&v, ACTION_BACKWARD);
    viewer_fetch(&v);
    CHECK(v.panes[0].now.frame == 23 && v.panes[0].now.bodies->pos[0] == 23);
    viewer_act(&v, ACTION_REVERSE);
    CHECK(!v.paused && v.rate < 0);
    v.rate = -100;
    viewer_pass(&v, 0.2);
    viewer_fetch(&v);
    CHECK(v.panes[0].now.frame == 21);
    viewer_act(&v, ACTION_METHOD_1);
    CHECK(strstr(v.news, "file"));
    viewer_act(&v, ACTION_RESTART);
    viewer_fetch(&v);
    CHECK(v.panes[0].now.frame == 0);
    write_frames(w, &s, 50, 60);
    for (int k = 0; k < 2000 && v.panes[0].now.n_frames < 60; k++) {
        wait_a_little();
        viewer_fetch(&v);
    }
    CHECK(v.panes[0].now.n_frames == 60); /* it saw it grow */
    viewer_scrub(&v, 1e9);
    viewer_fetch(&v);
    CHECK(v.panes[0].now.bodies->pos[0] == 59);
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));
    viewer_close(&v);
    orr_scenario_free(&s);
    CHECK(source_open_file("/no/such.h5", 0, &why) == NULL && *why.text);
    CHECK(source_open_file("/etc/passwd", 0, &why) == NULL && *why.text);
    CHECK(source_open_file(path, 3, &why) == NULL && strstr(why.text, "not an ensemble"));
}

/* The other process: 50 snapshots, and after each word ten more. */
static void write_for_another(const char *path, int words, int answers)
{
    orr_scenario s = load("solar-system", "output.every=10 day");
    orr_writer *w;
    orr_diagnosis why;
    char word;
    CHECK_OK(orr_writer_open(path, &s, &s.bodies, &provenance, false, &w, &why));
    int n = 50;
    write_frames(w, &s, 0, n);
    CHECK(write(answers, "", 1) == 1);
    for (; read(words, &word, 1) == 1; n += 10) {
        write_frames(w, &s, n, n + 10);
        CHECK(write(answers, "", 1) == 1);
    }
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));
    orr_scenario_free(&s);
}

static void wait_for_frames(viewer *v, size_t n)
{
    for (int k = 0; k < 2000 && v->panes[0].now.n_frames < n; k++) {
        wait_a_little();
        viewer_fetch(v);
    }
    CHECK(v->panes[0].now.n_frames == n);
}

/* What another process writes is seen; played slowly it goes on; cut off or deleted, the last
 * snapshot that was read stays, with a word. */
static void file_of_another_process(void **state)
{
    (void)state;
    char path[200], word;
    int words[2], answers[2];
    settings defaults = settings_default();
    orr_diagnosis why;
    viewer v;
    snprintf(path, sizeof path, "%s/another.h5", folder);
    CHECK(pipe(words) == 0 && pipe(answers) == 0);
    pid_t child = fork();
    if (child == 0) {
        close(words[1]);
        write_for_another(path, words[0], answers[1]);
        _exit(0);
    }
    close(words[0]), close(answers[1]);
    CHECK(read(answers[0], &word, 1) == 1);
    source *f = source_open_file(path, 0, &why);
    CHECK(f && viewer_open(&v, f, &defaults, letters, 1));
    CHECK(v.panes[0].now.n_frames == 50 && v.panes[0].now.growing);
    v.rate = 20; /* half a snapshot a second, a sixtieth of one in each picture */
    for (int k = 0; k < 180; k++) {
        viewer_pass(&v, 1.0 / 60);
        viewer_fetch(&v);
    }
    CHECK_NEAR(v.t, 60, 1e-9);
    CHECK(v.panes[0].now.frame >= 5 && v.panes[0].now.frame <= 6);
    CHECK(write(words[1], "", 1) == 1 && read(answers[0], &word, 1) == 1);
    wait_for_frames(&v, 60);
    viewer_scrub(&v, 1e9);
    viewer_fetch(&v);
    CHECK(v.panes[0].now.bodies->pos[0] == 59 && !v.panes[0].now.ended && !v.paused);
    close(words[1]);
    CHECK(waitpid(child, NULL, 0) == child);
    for (int k = 0; k < 2000 && !v.panes[0].now.ended; k++) {
        wait_a_little();
        viewer_fetch(&v);
    }
    CHECK(v.panes[0].now.ended && v.panes[0].now.bodies->pos[0] == 59);
    CHECK(truncate(path, 3000) == 0);
    *v.news = 0;
    for (int k = 0; k < 1000 && !*v.news; k++) {
        wait_a_little();
        viewer_fetch(&v);
    }
    CHECK(*v.news && v.panes[0].now.bodies->pos[0] == 59 && v.panes[0].now.t == 590);
    viewer_draw(&v, 300, 200, 1);
    CHECK(unlink(path) == 0);
    viewer_fetch(&v);
    viewer_draw(&v, 300, 200, 1);
    viewer_close(&v);
    close(answers[0]);
}

/* A file in which nothing is yet: once something is, it is looked at from where all is seen. */
static void empty_file(void **state)
{
    (void)state;
    char path[200];
    orr_scenario s = load("solar-system", "run.to=-100 day");
    orr_writer *w;
    orr_diagnosis why;
    settings defaults = settings_default();
    viewer v;
    snprintf(path, sizeof path, "%s/empty.h5", folder);
    CHECK_OK(orr_writer_open(path, &s, &s.bodies, &provenance, false, &w, &why));
    CHECK_OK(orr_writer_flush(w));
    source *f = source_open_file(path, 0, &why);
    CHECK(f && viewer_open(&v, f, &defaults, letters, 1));
    CHECK(v.panes[0].now.bodies == NULL);
    viewer_draw(&v, 300, 200, 1);
    for (int k = 0; k < 3; k++) { /* backwards in time */
        const orr_snapshot now = {.t = -10 * k, .bodies = &s.bodies};
        CHECK_OK(orr_writer_append(w, &now));
    }
    CHECK_OK(orr_writer_flush(w));
    for (int k = 0; k < 2000 && !v.panes[0].now.bodies; k++) {
        wait_a_little();
        viewer_pass(&v, 0.002);
        viewer_fetch(&v);
    }
    CHECK(v.panes[0].now.n_frames == 3 && v.rate < 0);
    CHECK(v.camera.distance > 50); /* au: Pluto is in the picture */
    viewer_act(&v, ACTION_FORWARD);
    viewer_act(&v, ACTION_FORWARD);
    viewer_fetch(&v);
    CHECK(v.t == -20 && v.panes[0].now.frame == 2);
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));
    viewer_close(&v);
    orr_scenario_free(&s);
}

/* Every key, on a simulation, on a file, twice over, drawn after each: nothing breaks, and flags
 * are as before. */
static void every_key(void **state)
{
    (void)state;
    char path[200];
    orr_diagnosis why;
    snprintf(path, sizeof path, "%s/a.h5", folder);
    for (int round = 0; round < 2; round++) {
        settings defaults = settings_default();
        viewer v;
        source *s = round ? source_open_file(path, 0, &why) : live("solar-system", NULL, false);
        CHECK(s && viewer_open(&v, s, &defaults, letters, 1));
        for (int twice = 0; twice < 2; twice++)
            for (int a = 0; a < ACTIONS; a++) {
                if (a == ACTION_FRAME || a == ACTION_FOLLOW)
                    CHECK(viewer_select(&v, "Jupiter"));
                viewer_act(&v, (action)a);
                viewer_pass(&v, 0.01);
                viewer_fetch(&v);
                viewer_draw(&v, 640, 400, 1);
                CHECK(!v.list.short_of_memory);
            }
        CHECK(v.quit && v.wants_screenshot && v.wants_record);
        CHECK(v.settings.trails == defaults.trails && v.settings.light == defaults.light);
        for (int k = 0; k < 200; k++) { /* in and out, and round */
            viewer_zoom(&v, 17, 380, k < 100 ? 0.5 : 2);
            viewer_drag(&v, 300, 200, k % 2);
            viewer_draw(&v, 3, 500, 3);
        }
        viewer_click(&v, 1, 1, true);
        viewer_close(&v);
    }
}

/* A click on a body selects it; on nothing, nobody. */
static void clicks(void **state)
{
    (void)state;
    settings defaults = settings_default();
    viewer v;
    CHECK(viewer_open(&v, live("solar-system", NULL, true), &defaults, letters, 1));
    viewer_draw(&v, 1280, 800, 1);
    scene_view view = viewer_view(&v, 0, 1);
    const orr_bodies *b = v.panes[0].now.bodies;
    for (size_t i = 0; i < b->n; i++) {
        const subject *s = view.subject;
        const char *name = s->name(s->names, b->id[i]);
        if (strcmp(name, "Neptune") && strcmp(name, "Saturn") && strcmp(name, "Sun"))
            continue; /* others stand close together here */
        double x, y;
        CHECK(scene_project(&view, orr_bodies_get(b, i).pos, &x, &y));
        viewer_click(&v, x + 3, y - 2, false);
        CHECK(v.has_selected && v.selected == b->id[i] && !v.follow);
    }
    viewer_click(&v, 5, 795, false);
    CHECK(!v.has_selected);
    CHECK(viewer_select(&v, "Moon"));
    viewer_act(&v, ACTION_FOLLOW);
    viewer_fetch(&v);
    double x, y;
    view = viewer_view(&v, 0, 1);
    CHECK(scene_project(&view, orr_bodies_get(b, viewer_selected(&v, &v.panes[0])).pos, &x, &y));
    CHECK_NEAR(x, 640, 1e-6);
    CHECK_NEAR(y, 400, 1e-6);
    viewer_close(&v);
}

static source *other_method(void *user, const char *method, orr_diagnosis *why)
{
    orr_scenario s = load("kepler", NULL);
    (void)user;
    return source_open_scenario(&s, method, 1, false, why);
}

static void two_methods(void **state)
{
    (void)state;
    settings defaults = settings_default();
    viewer v;
    CHECK(viewer_open(&v, live("kepler", NULL, false), &defaults, letters, 1));
    viewer_act(&v, ACTION_SPLIT); /* without a way to open another: a sentence */
    CHECK(v.n_panes == 1 && strstr(v.news, "scenario"));
    v.open_again = other_method;
    v.t = 0.3;
    v.panes[0].source->want(v.panes[0].source, 0.3);
    settle(&v);
    viewer_act(&v, ACTION_SPLIT);
    CHECK(v.n_panes == 2 && v.t == 0);
    v.rate = 1;
    for (int k = 0; k < 40; k++) {
        viewer_pass(&v, 0.02);
        settle(&v);
        viewer_draw(&v, 640, 400, 1);
        CHECK(v.panes[0].now.t == v.panes[1].now.t); /* one clock */
    }
    CHECK_NEAR(v.t, 0.8, 1e-9);
    assert_string_equal(v.panes[1].source->method(v.panes[1].source), "rk4, step 0.001 yr");
    CHECK(orr_bodies_hash(v.panes[0].now.bodies) != orr_bodies_hash(v.panes[1].now.bodies));
    viewer_click(&v, 100, 100, false);
    CHECK(v.focus == 0);
    viewer_act(&v, ACTION_SPLIT);
    CHECK(v.n_panes == 1);
    viewer_close(&v);
}

/* A picture is the same whenever it is made. */
static void pictures_repeat(void **state)
{
    (void)state;
    char path[2][200], command[500], why[400];
    for (int k = 0; k < 2; k++) {
        settings defaults = settings_default();
        viewer v;
        CHECK(viewer_open(&v, live("solar-system", NULL, true), &defaults, letters, k ? 1 : 3));
        snprintf(path[k], sizeof path[k], "%s/p%d.png", folder, k);
        const frames_job job = {
            .picture = path[k], .at = 3000, .width = 640, .height = 360, .fps = 30, .scale = 1};
        CHECK(frames_make(&v, &job, why, sizeof why));
        viewer_close(&v);
    }
    snprintf(command, sizeof command, "cmp %s %s", path[0], path[1]);
    CHECK(system(command) == 0);
}

static void settings_are_kept(void **state)
{
    (void)state;
    char path[200];
    settings s = settings_default(), back = settings_default();
    setenv("XDG_STATE_HOME", folder, 1);
    s.light = true;
    s.trails = false; /* of one scenario: not kept */
    s.width = 999;
    CHECK(settings_save(&s));
    settings_load(&back);
    CHECK(back.light && back.trails && back.width == 999);
    snprintf(path, sizeof path, "%s/orrery/viewer", folder);
    FILE *out = fopen(path, "w"); /* spoiled: what makes sense is taken */
    fputs("width -5\nheight 300\npaper 7\nno-such 1\nfont-size nan\ntrails x\nplane 1\n", out);
    fclose(out);
    back = settings_default();
    settings_load(&back);
    CHECK(back.width == settings_default().width && back.height == 300 && !back.light &&
          !back.grid && back.font_size == settings_default().font_size);
    setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
    CHECK(!settings_save(&s));
}

/* A body at infinity, or nowhere: it is not drawn, and the others are. */
static void strange_bodies(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 3));
    for (size_t k = 0; k < 3; k++)
        CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .id = k, .pos = {(double)k, 0, 0}}, NULL));
    subject s = {.n = 3, .name = orr_names_get, .names = &(orr_names){0}};
    scene_view v = {
        .bodies = &b,
        .subject = &s,
        .frame = frame_of(FRAME_INERTIAL, &b, 0, 0),
        .camera = {.distance = 10, .north = {0, 0, 1}, .pitch = 1.5707963267948966},
        .north = {0, 0, 1},
        .width = 400,
        .height = 300,
        .look = {.trails = true, .orbits = true, .grid = true, .scale = 1, .selected = 1}};
    scene_spot spots[SCENE_MOST_SPOTS];
    draw_list l = {0};
    size_t around[3] = {1, 2, 0};
    v.around = around;
    v.n_around = 3;
    CHECK(scene_build(&v, 1, &l, spots) == 3);
    b.pos[1] = NAN;
    b.pos[2] = INFINITY;
    draw_list_clear(&l);
    CHECK(scene_build(&v, 1, &l, spots) == 1 && spots[0].body == 0);
    CHECK(scene_pick(&v, 200, 150, 20) == 0);
    canvas c = {0};
    CHECK(canvas_resize(&c, 400, 300));
    canvas_render(&c, &l, &draw_theme_dark, 2);
    canvas_free(&c);
    draw_list_free(&l);
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bits_stay),
                                       cmocka_unit_test(methods_and_steps),
                                       cmocka_unit_test(refusals),
                                       cmocka_unit_test(files),
                                       cmocka_unit_test(file_of_another_process),
                                       cmocka_unit_test(empty_file),
                                       cmocka_unit_test(every_key),
                                       cmocka_unit_test(clicks),
                                       cmocka_unit_test(two_methods),
                                       cmocka_unit_test(pictures_repeat),
                                       cmocka_unit_test(settings_are_kept),
                                       cmocka_unit_test(strange_bodies)};
    return cmocka_run_group_tests(tests, set_up, clean_up);
}
