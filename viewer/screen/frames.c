/* frames.c - see frames.h. */
#include "frames.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "viewer/sources/feed.h"
#include "picture.h"

static volatile sig_atomic_t stopped;

/* One line on a terminal that updates; a plain line every ten seconds elsewhere. */
typedef struct teller {
    bool quiet, terminal, open;
    double start, last;
} teller;

static teller teller_begin(const frames_job *job)
{
    double now = orr_clock();
    return (teller){
        .quiet = job->quiet, .terminal = isatty(STDERR_FILENO), .start = now, .last = now};
}

static void tell(teller *w, const char *what, double done, double all)
{
    double now = orr_clock(), elapsed = now - w->start;
    if (w->quiet || elapsed < 1 || now - w->last < (w->terminal ? 0.2 : 10))
        return;
    w->last = now;
    fprintf(stderr, "%s%s %.0f", w->terminal ? "\r\033[K" : "", what, done);
    if (all > 0 && done > 0)
        fprintf(stderr, " of %.0f, %.0f s left", all, elapsed * fmax(0, all - done) / done);
    fputs(w->terminal ? "" : "\n", stderr);
    w->open = w->terminal;
}

static void teller_end(teller *w)
{
    if (w->open)
        fputs("\r\033[K", stderr);
    w->open = false;
}

void frames_stop(void)
{
    stopped = 1;
}

/* Until the simulation is where the clock is. */
static void catch_up(viewer *v)
{
    const struct timespec pause = {.tv_nsec = 200000};
    viewer_fetch(v);
    while (!viewer_arrived(v) && !stopped) {
        nanosleep(&pause, NULL);
        viewer_fetch(v);
    }
}

static void go_to(viewer *v, double t)
{
    v->t = t;
    for (int k = 0; k < v->n_panes; k++)
        v->panes[k].source->want(v->panes[k].source, t);
    catch_up(v);
}

/* On the way to a time trails are laid: looks get denser towards it, so that the long trails of
 * slow bodies and the short ones of fast bodies all have their places. */
static void lay_trails(viewer *v, double t, teller *w)
{
    enum { LOOKS = 700 };
    const pane *p = &v->panes[0];
    double longest = 0, first = p->source->subject.t_first;
    for (size_t i = 0; p->trails.room && i < p->trails.n; i++)
        longest = fmax(longest, p->trails.length[i]);
    double back = fmin(longest, fabs(t - first)), sign = t < first ? -1 : 1;
    bool graphs = v->settings.graphs && fabs(t - first) > back,
         some = v->settings.trails && back > 0;
    for (int k = 1; k < LOOKS / 4 && !stopped && graphs; k++) {
        go_to(v, first + (t - sign * back - first) * k / (LOOKS / 4));
        tell(w, "on the way to the picture: look", k, LOOKS + LOOKS / 4);
    }
    for (int k = 0; k <= LOOKS && !stopped && some; k++) {
        go_to(v, t - sign * back * pow(1 - (double)k / LOOKS, 3));
        tell(w, "on the way to the picture: look", LOOKS / 4 + k, LOOKS + LOOKS / 4);
    }
    go_to(v, t);
}

static bool draw(viewer *v, const frames_job *job, canvas *c, char *why, int size)
{
    viewer_draw(v, job->width, job->height, (float)job->scale);
    if (v->list.short_of_memory) {
        snprintf(why, (size_t)size, "out of memory for the picture");
        return false;
    }
    canvas_render(c, &v->list, viewer_theme(v), v->threads);
    return true;
}

static bool make_film(viewer *v, const frames_job *job, canvas *c, char *why, int size)
{
    film *f = film_open(job->film, job->width, job->height, job->fps, why, size);
    if (!f)
        return false;
    const subject *s = &v->panes[0].source->subject;
    double last = s->t_last, per_picture = fabs(v->rate) / job->fps;
    double all = job->frames > 0   ? (double)job->frames
                 : per_picture > 0 ? ceil(fabs(last - v->t) / per_picture) + 1
                                   : 0;
    teller w = teller_begin(job);
    bool good = true;
    long k = 0;
    for (; good && !stopped && (job->frames == 0 || k < job->frames); k++) {
        catch_up(v);
        good = draw(v, job, c, why, size) && film_add(f, c, why, size);
        tell(&w, "picture", (double)k + 1, all);
        if (v->t == last || v->panes[0].now.ended)
            stopped = 1;
        viewer_pass(v, 1.0 / job->fps);
    }
    teller_end(&w);
    char ending[400] = "";
    bool closed = film_close(f, ending, sizeof ending);
    if (good && !closed)
        snprintf(why, (size_t)size, "%s", ending);
    return good && closed;
}

bool frames_make(viewer *v, const frames_job *job, char *why, int size)
{
    canvas c = {0};
    bool good = true;
    stopped = 0;
    v->steady = true;
    if (!canvas_resize(&c, job->width, job->height)) {
        snprintf(why, (size_t)size, "out of memory for a picture of %d x %d", job->width,
                 job->height);
        return false;
    }
    if (job->picture) {
        teller w = teller_begin(job);
        catch_up(v);
        lay_trails(v, job->at, &w);
        teller_end(&w);
        good = draw(v, job, &c, why, size) && picture_write(&c, job->picture, why, size);
    }
    if (job->film && good)
        good = make_film(v, job, &c, why, size);
    canvas_free(&c);
    return good;
}
