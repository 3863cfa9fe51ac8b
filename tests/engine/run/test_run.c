/* A run by its public interface: to its end, stopped and resumed with the same bits, watched, two at
 * once, ensembles; and what is refused. */
#include "check.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <orrery/orrery.h>
#include <orrery/run.h>

#include "temporary_folder.h"

#define HEAD                                                                                       \
    "units: { length: au, mass: Msun, time: yr }\n"                                                \
    "bodies:\n  - { name: Sun, mass: 1 }\n"                                                        \
    "  - { name: Earth, mass: 3e-6, orbit: { around: Sun, a: 1, e: 0.1 } }\n"                      \
    "  - { name: Jupiter, mass: 1e-3, orbit: { around: Sun, a: 5.2, e: 0.05 } }\n"

#define PLANETS                                                                                    \
    HEAD "integrator: { method: leapfrog, step: 0.001 yr }\nrun: { to: 20 yr }\n"                  \
         "output: { every: 0.25 yr, diagnostics: 0.1 yr, checkpoint: 0.002 s }\n"

static const char unexpected[] = PLANETS;

static const char planets[] =
    PLANETS "expect:\n  - { quantity: energy_error, below: 1e-4 }\n"
            "  - { quantity: distance, of: [Sun, Earth], below: 2, at: 3 yr }\n"
            "  - { quantity: distance, of: [Sun, Jupiter], below: 1, at: 7 yr }\n";

static const char adaptive[] =
    HEAD "integrator: { method: ias15 }\nrun: { from: 1 yr, to: -30 yr }\n"
         "output: { every: 0.7 yr, checkpoint: 0.002 s }\n";

static const char ensemble[] =
    HEAD "integrator: { method: wh, step: 0.01 yr }\nrun: { to: 300 yr }\n"
         "output: { every: 10 yr, diagnostics: 5 yr, checkpoint: 0.002 s }\n"
         "ensemble: { vary: { bodies.Jupiter.mass: [1e-3, 2e-3, 3e-3, 4e-3, 5e-3] } }\n"
         "expect:\n  - { quantity: distance, of: [Sun, Jupiter], below: 6, at: 17 yr }\n"
         "  - { quantity: energy_error, below: 1e-30 }\n";

/* ---- helpers ---- */

static char heard[4000];

static void hear(void *user, const char *text)
{
    (void)user;
    size_t used = strlen(heard);
    snprintf(heard + used, sizeof heard - used, "%s\n", text);
}

static void named(const char *name, char path[200])
{
    snprintf(path, 200, "%s/%s", folder, name);
}

static void parse(const char *text, orr_scenario *s)
{
    orr_diagnosis why;
    if (orr_scenario_parse("t.yaml", text, strlen(text), NULL, s, &why) != ORR_OK)
        print_error("%s\n", why.text);
    CHECK(s->path);
}

static orr_run *create(const char *text, const char *name, orr_run_def *def)
{
    orr_scenario s = {0};
    orr_diagnosis why;
    orr_run *run = NULL;
    char path[200];
    named(name, path);
    parse(text, &s);
    def->scenario = &s;
    def->output = path;
    def->replace = true;
    def->warning = hear;
    orr_status status = orr_run_create(def, &run, &why);
    if (status != ORR_OK)
        print_error("%s\n", why.text);
    CHECK_OK(status);
    CHECK(!s.path && !s.memory); /* taken */
    def->scenario = NULL;
    return run;
}

static orr_run *resume(const char *name, orr_run_def *def)
{
    orr_diagnosis why;
    orr_run *run = NULL;
    char path[200];
    named(name, path);
    orr_status status = orr_run_resume(path, def, &run, &why);
    if (status != ORR_OK)
        print_error("%s\n", why.text);
    CHECK_OK(status);
    return run;
}

/* Everything in both files that a reader tells. */
static void same_files(const char *a, const char *b)
{
    char path[2][200];
    orr_reader *r[2];
    orr_diagnosis why;
    double t[2];
    named(a, path[0]), named(b, path[1]);
    for (int k = 0; k < 2; k++)
        CHECK_OK(orr_reader_open(path[k], &r[k], &why));
    const orr_file_info *i[2] = {orr_reader_info(r[0]), orr_reader_info(r[1])};
    size_t members = i[0]->n_members ? i[0]->n_members : 1, rows = i[0]->n_diagnostics;
    CHECK(i[0]->n_frames == i[1]->n_frames && rows == i[1]->n_diagnostics);
    CHECK(i[0]->n_frames > 10 && strcmp(i[0]->state, i[1]->state) == 0);
    double *column[2] = {calloc(rows, sizeof(double)), calloc(rows, sizeof(double))};
    for (size_t m = 0; m < members; m++) {
        for (int k = 0; k < 2 && i[0]->n_members; k++)
            CHECK_OK(orr_reader_select(r[k], m, &why));
        for (size_t f = 0; f < i[0]->n_frames; f++) {
            for (int k = 0; k < 2; k++)
                CHECK_OK(orr_reader_read(r[k], f, &t[k], &why));
            CHECK_BITS(t[0], t[1]);
            CHECK(orr_bodies_hash(orr_reader_bodies(r[0])) ==
                  orr_bodies_hash(orr_reader_bodies(r[1])));
        }
        for (int k = 0; k < 2; k++)
            CHECK_OK(orr_reader_column(r[k], "energy_error", 0, column[k], &why));
        CHECK(memcmp(column[0], column[1], rows * sizeof(double)) == 0);
    }
    free(column[0]), free(column[1]);
    orr_reader_close(r[0]), orr_reader_close(r[1]);
}

static bool is_there(const char *name)
{
    char path[200];
    named(name, path);
    return access(path, F_OK) == 0;
}

/* ---- to its end ---- */

/* With the bits of a simulation alone. */
static uint64_t alone(const char *text)
{
    orr_scenario s;
    orr_sim *sim;
    orr_diagnosis why;
    parse(text, &s);
    CHECK_OK(orr_sim_from_scenario(&s, 1, &sim, &why));
    CHECK_OK(orr_sim_run_until(sim, s.t_end));
    uint64_t hash = orr_bodies_hash(orr_sim_snapshot(sim).bodies);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return hash;
}

static void to_its_end(void **state)
{
    (void)state;
    orr_run_def def = orr_run_def_default();
    orr_run *run = create(planets, "whole.h5", &def);
    CHECK(orr_run_result(run)->end == ORR_RUN_GOES_ON && is_there("whole.h5"));
    CHECK(strstr(orr_run_output(run), "whole.h5") && orr_run_scenario(run)->step == 0.001);
    CHECK_OK(orr_run_go(run));
    const orr_run_report *r = orr_run_result(run);
    CHECK(r->end == ORR_RUN_FINISHED && *r->reason == 0 && r->members == 0 && r->bodies == 3);
    CHECK(r->frames == 81 && r->t == 20 && r->reached == 20 && r->count.steps == 20000);
    CHECK(r->energy_tells && r->energy_error_max > 0 && r->energy_error_max < 1e-4);
    CHECK(r->energy_error_max >= r->energy_error_final && r->energy_lost == 0);
    CHECK(!r->has_checkpoint && !is_there("whole.h5.checkpoint") && *r->checkpoint);
    CHECK(r->expected == 3 && r->missed == 1 && r->state_hash == alone(planets));
    CHECK(orr_run_expected(run, 0, 0).met && !orr_run_expected(run, 0, 2).met);
    CHECK(orr_run_expected(run, 0, 1).measured && strstr(orr_run_expected(run, 0, 1).text, "dist"));
    CHECK(orr_run_go(run) == ORR_E_ARGUMENT); /* once */
    orr_run_destroy(run);
    orr_run_destroy(NULL);
}

/* ---- stopped, and resumed ---- */

typedef struct watcher {
    orr_run *run;
    double at; /* fraction where it stops */
    size_t calls, shown, most_shown;
    double last;
} watcher;

static void watch(void *user, const orr_run_progress *p)
{
    watcher *w = user;
    CHECK(p->fraction >= w->last && p->fraction <= 1 && p->wall_seconds >= 0);
    w->last = p->fraction;
    w->calls++;
    if (p->fraction >= w->at && w->run)
        orr_run_request_stop(w->run, "enough");
}

static void stop_and_resume(const char *text, const char *shadow)
{
    orr_run_def def = orr_run_def_default();
    def.shadow = shadow;
    def.checkpoint_every = 0;
    orr_run *run = create(text, "a.h5", &def);
    CHECK_OK(orr_run_go(run));
    uint64_t want = orr_run_result(run)->state_hash;
    double apart = orr_run_result(run)->shadow_distance;
    orr_run_destroy(run);

    double at = 0.2;
    watcher w = {.at = at};
    def = orr_run_def_default();
    def.shadow = shadow, def.progress = watch, def.user = &w;
    w.run = run = create(text, "b.h5", &def);
    orr_status status = orr_run_go(run);
    int times = 0;
    while (status == ORR_E_STOPPED) {
        const orr_run_report *r = orr_run_result(run);
        CHECK(r->end == ORR_RUN_STOPPED && strcmp(r->reason, "enough") == 0 && r->has_checkpoint);
        orr_run_destroy(run);
        at += 0.25, times++;
        w = (watcher){.at = at};
        def = orr_run_def_default();
        def.progress = watch, def.user = &w, def.threads = 1 + times % 2;
        w.run = run = resume("b.h5", &def);
        CHECK(orr_run_result(run)->end == ORR_RUN_GOES_ON);
        status = orr_run_go(run);
    }
    CHECK_OK(status);
    CHECK(times >= 2 && w.calls > 0 && orr_run_result(run)->state_hash == want);
    CHECK_BITS(orr_run_result(run)->shadow_distance, apart);
    orr_run_destroy(run);
    same_files("a.h5", "b.h5");
    CHECK(!is_there("b.h5.checkpoint") && !is_there("b.h5.lock"));
}

static void stopped_and_resumed(void **state)
{
    (void)state;
    stop_and_resume(planets, NULL);
    stop_and_resume(adaptive, NULL);
    stop_and_resume(ensemble, NULL);
    stop_and_resume(planets, "step");
    stop_and_resume(adaptive, "ulp");
    CHECK(*heard == 0);
}

static void stopped_before_it_went(void **state)
{
    (void)state;
    orr_run_def def = orr_run_def_default();
    orr_run *run = create(planets, "c.h5", &def);
    orr_run_request_stop(run, NULL);
    orr_run_request_checkpoint(run);
    CHECK(orr_run_go(run) == ORR_E_STOPPED);
    CHECK(strcmp(orr_run_result(run)->reason, "stopped on request") == 0);
    CHECK(orr_run_result(run)->count.steps < 100);
    orr_run_destroy(run);
    def = orr_run_def_default();
    run = resume("c.h5", &def); /* and one that never goes can be resumed again */
    orr_run_destroy(run);
    run = resume("c.h5", &def);
    CHECK_OK(orr_run_go(run));
    CHECK(orr_run_result(run)->state_hash == alone(planets));
    orr_run_destroy(run);
}

/* A run that never went, or that was killed before its first checkpoint, begins again. */
static void begins_again(void **state)
{
    (void)state;
    orr_run_def def = orr_run_def_default();
    orr_run *run = create(planets, "d.h5", &def);
    orr_run_destroy(run);
    CHECK(is_there("d.h5") && !is_there("d.h5.checkpoint"));
    def = orr_run_def_default();
    *heard = 0;
    def.message = hear;
    run = resume("d.h5", &def);
    CHECK(strstr(heard, "begins again"));
    *heard = 0;
    CHECK_OK(orr_run_go(run));
    CHECK(orr_run_result(run)->state_hash == alone(planets));
    orr_run_destroy(run);
}

static void to_another_end(void **state)
{
    (void)state;
    orr_diagnosis why;
    char path[200];
    double t;
    orr_run_def def = orr_run_def_default();
    def.keep_checkpoint = true;
    orr_run *run = create(unexpected, "e.h5", &def);
    CHECK_OK(orr_run_go(run));
    CHECK(orr_run_result(run)->t == 20 && orr_run_result(run)->has_checkpoint);
    orr_run_destroy(run);
    named("e.h5", path);
    CHECK_OK(orr_run_checkpoint_time(path, NULL, &t, &why));
    CHECK_NEAR(t, 20, 0.002);
    def = orr_run_def_default();
    CHECK_OK(orr_run_resume(path, &def, &run, &why));
    CHECK(!run); /* nothing is left to be done */
    def.until = "-3 yr";
    CHECK(orr_run_resume(path, &def, &run, &why) == ORR_E_ARGUMENT &&
          strstr(why.text, "turn round"));
    def.until = "25 yr";
    run = resume("e.h5", &def);
    CHECK_OK(orr_run_go(run));
    CHECK(orr_run_result(run)->t == 25 && orr_run_result(run)->frames == 101);
    orr_run_destroy(run);
    CHECK(orr_run_checkpoint_time(path, NULL, &t, &why) == ORR_E_FILE && !*why.text);
}

/* ---- watched ---- */

static bool picture(void *user, orr_sim *sim)
{
    watcher *w = user;
    orr_conserved c;
    CHECK_OK(orr_sim_conserved(sim, &c));
    CHECK(c.kinetic > 0);
    return ++w->shown < w->most_shown;
}

static void shown(void **state)
{
    (void)state;
    for (size_t most = 1; most < 100000; most *= 40) {
        watcher w = {.at = 2, .most_shown = most};
        orr_run_def def = orr_run_def_default();
        def.user = &w, def.show = picture, def.show_every = 1e-3, def.progress = watch;
        orr_run *run = create(planets, "f.h5", &def);
        CHECK_OK(orr_run_go(run));
        CHECK(w.shown >= (most < 2 ? 1 : 2) && w.shown <= most); /* at the start and at the end */
        CHECK(orr_run_result(run)->state_hash == alone(planets));
        orr_run_destroy(run);
    }
}

/* ---- at once ---- */

typedef struct task {
    const char *text, *name;
    uint64_t hash;
} task;

static void *run_task(void *user)
{
    task *t = user;
    orr_run_def def = orr_run_def_default();
    def.threads = 1;
    orr_run *run = create(t->text, t->name, &def);
    CHECK_OK(orr_run_go(run));
    t->hash = orr_run_result(run)->state_hash;
    orr_run_destroy(run);
    return NULL;
}

static void two_at_once(void **state)
{
    (void)state;
    task tasks[3] = {{planets, "1.h5", 0}, {adaptive, "2.h5", 0}, {planets, "3.h5", 0}};
    pthread_t threads[3];
    for (int k = 0; k < 3; k++)
        CHECK(pthread_create(&threads[k], NULL, run_task, &tasks[k]) == 0);
    for (int k = 0; k < 3; k++)
        CHECK(pthread_join(threads[k], NULL) == 0);
    CHECK(tasks[0].hash == alone(planets) && tasks[2].hash == tasks[0].hash);
    CHECK(tasks[1].hash == alone(adaptive));
    same_files("1.h5", "3.h5");
}

static void *stop_it(void *user)
{
    usleep(3000);
    orr_run_request_checkpoint(user);
    usleep(3000);
    orr_run_request_stop(user, "by another thread");
    return NULL;
}

static void stopped_by_another_thread(void **state)
{
    (void)state;
    const char *texts[2] = {planets, ensemble};
    for (int k = 0; k < 2; k++) {
        pthread_t thread;
        orr_run_def def = orr_run_def_default();
        def.checkpoint_every = 1000;
        orr_run *run = create(texts[k], "g.h5", &def);
        CHECK(pthread_create(&thread, NULL, stop_it, run) == 0);
        orr_status status = orr_run_go(run);
        CHECK(pthread_join(thread, NULL) == 0);
        CHECK(status == ORR_E_STOPPED || status == ORR_OK); /* a fast machine was done */
        orr_run_destroy(run);
    }
}

/* ---- ensembles ---- */

static void members(void **state)
{
    (void)state;
    orr_run_def def = orr_run_def_default();
    orr_run *run = create(ensemble, "h.h5", &def);
    CHECK_OK(orr_run_go(run));
    const orr_run_report *r = orr_run_result(run);
    CHECK(r->members == 5 && r->failed == 0 && r->frames == 31 && r->reached == 300);
    CHECK(r->expected == 10 && r->missed == 5); /* of every member, at its time */
    uint64_t steps = 0;
    for (size_t k = 0; k < 5; k++) {
        orr_run_member m = orr_run_member_result(run, k);
        CHECK(m.status == ORR_OK && m.now.t == 300 && m.n_expect == 2 && m.energy_error_max > 0);
        CHECK_NEAR(m.now.bodies->gm[2] / m.now.bodies->gm[0], 1e-3 * (double)(k + 1), 1e-12);
        CHECK(orr_run_expected(run, k, 0).met && !orr_run_expected(run, k, 1).met);
        steps += m.count.steps;
    }
    CHECK(steps == r->count.steps && steps == 5 * 30000);
    orr_run_destroy(run);
}

/* ---- what cannot be ---- */

static orr_status refused(const char *text, orr_run_def *def, const char *say)
{
    orr_scenario s = {0};
    orr_diagnosis why;
    orr_run *run;
    double bytes;
    if (text)
        parse(text, &s);
    def->scenario = text ? &s : NULL;
    if (!def->output)
        CHECK(orr_run_check(def, &bytes, &why) != ORR_OK && *why.text);
    orr_status status = orr_run_create(def, &run, &why);
    CHECK(!run && *why.text && !s.memory);
    if (!strstr(why.text, say))
        print_error("'%s' is not in '%s'\n", say, why.text);
    CHECK(strstr(why.text, say));
    *def = orr_run_def_default();
    return status;
}

static void refusals(void **state)
{
    (void)state;
    char path[200];
    orr_diagnosis why;
    orr_run *run, *other;
    orr_run_def def = orr_run_def_default();
    CHECK(refused(NULL, &def, "needs a scenario") == ORR_E_ARGUMENT);
    def.shadow = "ulp";
    CHECK(refused(ensemble, &def, "an ensemble has no shadow") == ORR_E_ARGUMENT);
    def.show = picture;
    CHECK(refused(ensemble, &def, "an ensemble has no window") == ORR_E_ARGUMENT);
    def.shadow = "upl";
    CHECK(refused(planets, &def, "did you mean 'ulp'") == ORR_E_ARGUMENT);
    def.shadow = "step";
    CHECK(refused(adaptive, &def, "no half of it") == ORR_E_ARGUMENT);
    def.threads = -1;
    CHECK(refused(planets, &def, "threads") == ORR_E_ARGUMENT);
    def.output = "/nowhere/x.h5";
    CHECK(refused(planets, &def, "/nowhere/x.h5") == ORR_E_FILE);
    other = create(planets, "i.h5", &def);
    named("i.h5", path);
    def = orr_run_def_default();
    def.output = path;
    def.replace = true;
    CHECK(refused(planets, &def, "i.h5") == ORR_E_BUSY);
    CHECK(orr_run_resume(path, &def, &run, &why) == ORR_E_BUSY);
    orr_run_destroy(other);
    def.output = path;
    CHECK(refused(planets, &def, "exists already") == ORR_E_EXISTS);
    def.output = path, def.replace = true, def.checkpoint = path;
    CHECK(refused(planets, &def, "the output file itself") == ORR_E_EXISTS);
    CHECK(orr_run_resume("/nowhere/x.h5", &def, &run, &why) == ORR_E_FILE);
    CHECK(strstr(why.text, "there is no file"));
    CHECK(orr_run_resume(SOURCE_DIR "/scenarios/kepler.yaml", &def, &run, &why) == ORR_E_FILE);
    CHECK(strstr(why.text, "is a scenario"));
    CHECK(orr_run_resume("/nowhere/x.h5", &def, &run, NULL) == ORR_E_FILE);
    CHECK(orr_run_resume(NULL, &def, &run, &why) == ORR_E_ARGUMENT);
    CHECK(orr_run_resume(path, NULL, &run, &why) == ORR_E_ARGUMENT);
    CHECK(orr_run_create(NULL, &run, NULL) == ORR_E_ARGUMENT && !run);
    def = orr_run_def_default();
    def.checkpoint_every = NAN;
    CHECK(refused(planets, &def, "checkpoint_every") == ORR_E_ARGUMENT);
    orr_scenario s;
    CHECK(orr_scenario_parse("x.yaml", "?", 1, NULL, &s, NULL) == ORR_E_FORMAT);
    CHECK(orr_scenario_load("/nowhere/x.yaml", NULL, &s, NULL) == ORR_E_FILE);
    orr_reader *reader;
    CHECK(orr_reader_open("/nowhere/x.h5", &reader, NULL) == ORR_E_FILE && !reader);
}

/* ---- a scenario of a file ---- */

static void restarts(void **state)
{
    (void)state;
    char path[200], *text[2] = {NULL, NULL};
    size_t size[2];
    double t;
    orr_reader *r;
    orr_scenario s;
    orr_diagnosis why;
    orr_run_def def = orr_run_def_default();
    orr_run *run = create(planets, "j.h5", &def);
    CHECK_OK(orr_run_go(run));
    orr_run_destroy(run);
    named("j.h5", path);
    CHECK_OK(orr_reader_open(path, &r, &why));
    FILE *out = open_memstream(&text[0], &size[0]);
    CHECK_OK(orr_run_restart_scenario(r, path, 40, NULL, out, &why));
    fclose(out);
    parse(text[0], &s);
    CHECK(s.t_start == 10 && s.t_end == 20 && s.bodies.n == 3);
    CHECK_OK(orr_reader_read(r, 40, &t, &why));
    CHECK_BITS(s.bodies.pos[1], orr_reader_bodies(r)->pos[1]);
    orr_scenario_free(&s);
    out = open_memstream(&text[1], &size[1]);
    CHECK_OK(orr_run_repeat_scenario(r, path, out, &why));
    fclose(out);
    CHECK(alone(text[1]) == alone(planets));
    free(text[1]);
    out = open_memstream(&text[1], &size[1]);
    CHECK(orr_run_restart_scenario(r, path, 1000, NULL, out, &why) != ORR_OK && *why.text);
    fclose(out);
    free(text[0]), free(text[1]);
    orr_reader_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(to_its_end),
                                       cmocka_unit_test(stopped_and_resumed),
                                       cmocka_unit_test(stopped_before_it_went),
                                       cmocka_unit_test(begins_again),
                                       cmocka_unit_test(to_another_end),
                                       cmocka_unit_test(shown),
                                       cmocka_unit_test(two_at_once),
                                       cmocka_unit_test(stopped_by_another_thread),
                                       cmocka_unit_test(members),
                                       cmocka_unit_test(refusals),
                                       cmocka_unit_test(restarts)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
