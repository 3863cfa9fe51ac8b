/* viewer.c - pictures of 1e4 bodies with trails, 1e5 and 1e6 points; a jump in a large file; a live
 * run with a viewer looking on, against one alone. */
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <orrery/io.h>

#include "bench.h"
#include "viewer/sources/feed.h"
#include "viewer/screen/viewer.h"

enum { WIDTH = 1280, HEIGHT = 720 };

static orr_scenario plummer(size_t n)
{
    char text[500];
    snprintf(
        text, sizeof text,
        "units: { G: 1 }\nintegrator: { method: leapfrog, step: 0.001 }\nrun: { to: 1e6 }\n"
        "output: { every: 1 }\ngravity: { solver: direct, softening: 0.01 }\n"
        "groups: [ { generate: plummer, name: star, count: %zu, mass: 1, radius: 1, seed: 1 } ]\n",
        n);
    return bench_scenario(text);
}

/* A source of given bodies: each look shows them a little later. */
typedef struct still {
    source source;
    orr_bodies bodies;
    double t;
} still;

static void want(source *s, double t)
{
    ((still *)s)->t = t;
}

static moment latest(source *s)
{
    still *b = (still *)s;
    return (moment){.t = b->t, .bodies = &b->bodies};
}

static size_t samples(source *s, sample *out, size_t room)
{
    (void)s, (void)out, (void)room;
    return 0;
}

static bool give(source *s, const order *o)
{
    (void)s, (void)o;
    return false;
}

static const char *method(source *s)
{
    (void)s;
    return "bench";
}

static const char *news(source *s)
{
    (void)s;
    return NULL;
}

static void close_still(source *s)
{
    orr_bodies_free(&((still *)s)->bodies);
}

typedef struct picture {
    viewer v;
    still s;
    orr_scenario scenario;
    canvas c;
} picture;

static void open_picture(picture *p, size_t n, font *f, int threads)
{
    settings defaults = settings_default();
    memset(p, 0, sizeof *p);
    p->scenario = plummer(n);
    p->s.source = (source){.want = want,
                           .latest = latest,
                           .samples = samples,
                           .give = give,
                           .method = method,
                           .news = news,
                           .close = close_still};
    subject_of_scenario(&p->scenario, &p->s.source.subject);
    p->s.bodies = p->scenario.bodies;
    p->scenario.bodies = (orr_bodies){0};
    if (!viewer_open(&p->v, &p->s.source, &defaults, f, threads) ||
        !canvas_resize(&p->c, WIDTH, HEIGHT))
        exit(1);
    p->v.settings.trail_in_time = true;
    p->v.settings.trail_time = 1;
    p->v.rate = 1;
}

/* Bodies move on straight lines: what matters is that trails have places. */
static void draw(void *user)
{
    picture *p = user;
    orr_bodies *b = &p->s.bodies;
    for (size_t i = 0; i < b->n && b->n <= 10000; i++)
        for (size_t c = 0; c < 3; c++)
            b->pos[i + c * b->stride] += 0.02 * b->vel[i + c * b->stride];
    viewer_pass(&p->v, 0.02);
    viewer_fetch(&p->v);
    viewer_draw(&p->v, WIDTH, HEIGHT, 1);
    canvas_render(&p->c, &p->v.list, viewer_theme(&p->v), p->v.threads);
}

static void close_picture(picture *p)
{
    viewer_close(&p->v);
    canvas_free(&p->c);
    orr_scenario_free(&p->scenario);
}

static void bench_pictures(font *f)
{
    static const size_t sizes[] = {10, 10000, 100000, 1000000};
    static const char *const names[] = {"10 bodies", "1e4 bodies with trails", "1e5 bodies",
                                        "1e6 bodies"};
    static picture p[2];
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        char other[80];
        snprintf(other, sizeof other, "%s, one thread", names[k]);
        open_picture(&p[0], sizes[k], f, 2);
        open_picture(&p[1], sizes[k], f, 1);
        for (int i = 0; i < 60; i++) { /* until the trails are there */
            draw(&p[0]);
            draw(&p[1]);
        }
        bench_case cases[] = {{names[k], draw, &p[0], 1}, {other, draw, &p[1], 1}};
        bench_compare("viewer", "picture", true, true, sizes[k], 2, 40, cases, 2, NULL);
        close_picture(&p[0]);
        close_picture(&p[1]);
    }
}

/* ---- a jump in a file ---- */

typedef struct jump {
    source *s;
    double t;
} jump;

static void seek(void *user)
{
    jump *j = user;
    j->t = j->t > 0 ? 0 : 15;
    j->s->want(j->s, j->t);
    if (!j->s->latest(j->s).bodies)
        exit(1);
}

static void bench_seek(void)
{
    char path[64];
    orr_diagnosis why;
    orr_writer *w;
    orr_scenario s = plummer(100000);
    const orr_provenance p = {"bench", "", "", 1};
    snprintf(path, sizeof path, "orrery-bench-%ld.h5", (long)getpid());
    s.t_end = 20;
    bool good = orr_writer_open(path, &s, &s.bodies, &p, true, &w, &why) == ORR_OK;
    for (int k = 0; k < 20 && good; k++) {
        const orr_snapshot now = {.t = k, .bodies = &s.bodies};
        good = orr_writer_append(w, &now) == ORR_OK;
    }
    if (!good || orr_writer_close(w, "finished", 0, &why) != ORR_OK)
        exit(1);
    jump j = {.s = source_open_file(path, 0, &why)};
    if (!j.s)
        exit(1);
    bench_case cases[] = {{"jump in a file of 1e5 bodies", seek, &j, 1}};
    bench_compare("viewer", "jump", true, true, 100000, 1, 20, cases, 1, NULL);
    j.s->close(j.s);
    unlink(path);
    orr_scenario_free(&s);
}

/* ---- a live run: steps a second ---- */

typedef struct live {
    orr_sim *sim;
    source *s;
    picture *view;
    orr_scenario scenario;
} live;

enum { STEPS = 600 };

static void alone(void *user)
{
    live *l = user;
    for (int k = 0; k < STEPS; k++)
        if (orr_sim_step(l->sim, 1) != ORR_OK)
            exit(1);
}

/* The same steps in the source's thread, with thirty pictures a second. */
static void watched(void *user)
{
    live *l = user;
    viewer *v = &l->view->v;
    const struct timespec pause = {.tv_nsec = 33000000 - 5000000};
    uint64_t first = l->s->latest(l->s).step;
    v->t += STEPS * 0.001;
    l->s->want(l->s, v->t);
    while (l->s->latest(l->s).step < first + STEPS) {
        viewer_fetch(v);
        viewer_draw(v, WIDTH, HEIGHT, 1);
        canvas_render(&l->view->c, &v->list, viewer_theme(v), v->threads);
        nanosleep(&pause, NULL);
    }
}

static void bench_live(font *f)
{
    cpu_set_t
        all; /* threads are pinned for the other benches; here there are two programs in one */
    CPU_ZERO(&all);
    for (int k = 0; k < CPU_SETSIZE; k++)
        CPU_SET((size_t)k, &all);
    sched_setaffinity(0, sizeof all, &all);
    orr_diagnosis why;
    static picture view;
    settings defaults = settings_default();
    live l = {.view = &view};
    orr_scenario s = plummer(1000), other = plummer(1000);
    source *shown = source_open_scenario(&other, NULL, 1, false, &why);
    if (!shown || orr_sim_from_scenario(&s, 1, &l.sim, &why) != ORR_OK ||
        !viewer_open(&view.v, shown, &defaults, f, 1) || !canvas_resize(&view.c, WIDTH, HEIGHT))
        exit(1);
    l.s = shown;
    bench_case cases[] = {{"1000 bodies, steps alone", alone, &l, STEPS},
                          {"with 30 pictures a second", watched, &l, STEPS}};
    bench_compare("viewer", "step", true, true, 1000, 1, 7, cases, 2, NULL);
    viewer_close(&view.v);
    canvas_free(&view.c);
    orr_sim_destroy(l.sim);
    orr_scenario_free(&s);
}

void bench_viewer(void)
{
    char why[400];
    font *f = font_load(NULL, why, sizeof why);
    if (!f) {
        fprintf(stderr, "%s\n", why);
        exit(1);
    }
    bench_pictures(f);
    bench_seek();
    bench_live(f);
    font_free(f);
}
