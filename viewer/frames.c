/* frames.c - see frames.h. */
#include "frames.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "picture.h"

static volatile sig_atomic_t stopped;

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
static void lay_trails(viewer *v, double t)
{
    enum { LOOKS = 700 };
    const pane *p = &v->panes[0];
    double longest = 0, first = p->source->subject.t_first;
    for (size_t i = 0; p->trails.room && i < p->trails.n; i++)
        longest = fmax(longest, p->trails.length[i]);
    double back = fmin(longest, fabs(t - first)), sign = t < first ? -1 : 1;
    for (int k = 1; k < LOOKS / 4 && !stopped && v->settings.graphs; k++) /* for the graphs */
        go_to(v, first + (t - sign * back - first) * k / (LOOKS / 4));
    for (int k = 0; k <= LOOKS && !stopped && v->settings.trails; k++)
        go_to(v, t - sign * back * pow(1 - (double)k / LOOKS, 3));
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
    double last = s->t_last;
    bool good = true, terminal = isatty(STDERR_FILENO) && !job->quiet;
    long k = 0;
    for (; good && !stopped && (job->frames == 0 || k < job->frames); k++) {
        catch_up(v);
        good = draw(v, job, c, why, size) && film_add(f, c, why, size);
        if (terminal && k % 10 == 0)
            fprintf(stderr, "\r\033[Kpicture %ld, t = %.6g", k + 1, v->t);
        if (v->t == last || v->panes[0].now.ended)
            stopped = 1;
        viewer_pass(v, 1.0 / job->fps);
    }
    if (terminal)
        fputs("\r\033[K", stderr);
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
        catch_up(v);
        lay_trails(v, job->at);
        good = draw(v, job, &c, why, size) && picture_write(&c, job->picture, why, size);
    }
    if (job->film && good)
        good = make_film(v, job, &c, why, size);
    canvas_free(&c);
    return good;
}
