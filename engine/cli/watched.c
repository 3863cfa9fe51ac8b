/* watched.c - see watched.h. */
#include "watched.h"

#include <pthread.h>
#include <string.h>

#include "viewer/screen/window.h"

typedef struct runner {
    job *j;
    exit_code code;
} runner;

static void on_signal(int number)
{
    (void)number;
    window_close();
}

static void *run_job(void *user)
{
    runner *r = user;
    r->code = job_go(r->j);
    catch_interrupts(on_signal); /* the run is over; now they are for the window */
    if (r->code == EXIT_INTERRUPTED)
        window_close(); /* who stops the run does not want to look at it */
    return NULL;
}

/* The window, until it is closed. */
static void look(feed *f, const subject *about, font *letters, const char *stem)
{
    char why[500];
    settings kept = settings_default();
    settings_load(&kept);
    viewer v;
    source *s = source_of_feed(f, about);
    if (!s || !viewer_open(&v, s, &kept, letters, 1)) {
        atomic_store(&f->abandoned, true);
        print_warning("no window: out of memory; the run goes on");
        return;
    }
    v.fastest = true;
    if (!window_show(&v, stem, WINDOW_AUTO, why, sizeof why))
        print_warning("no window: %s; the run goes on", why);
    else if (!settings_save(&v.settings))
        print_warning("the viewer's settings could not be kept");
    viewer_close(&v);
}

exit_code watched_go(job *j)
{
    char why[500], stem[300];
    feed f;
    pthread_t thread;
    subject about;
    runner r = {.j = j};
    font *letters = font_load(NULL, why, sizeof why);
    if (!letters || !feed_open(&f, orr_sim_snapshot(j->sim).bodies->n)) {
        print_warning("no window: %s; the run goes on", letters ? "out of memory" : why);
        font_free(letters);
        return job_go(j);
    }
    subject_of_scenario(j->s, &about);
    about.n = orr_sim_snapshot(j->sim).bodies->n; /* they moved into the simulation */
    feed_name_method(&f, j->s->integrator->name);
    snprintf(stem, sizeof stem, "%.250s", orr_writer_path(j->writer));
    char *dot = strrchr(stem, '.');
    if (dot && dot > stem)
        *dot = 0;
    j->view = &f;
    if (pthread_create(&thread, NULL, run_job, &r) != 0) {
        j->view = NULL;
        r.code = job_go(j);
    } else {
        look(&f, &about, letters, stem);
        pthread_join(thread, NULL);
    }
    feed_close(&f);
    font_free(letters);
    return r.code;
}
