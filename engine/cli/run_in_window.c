/* run_in_window.c - a run in a thread, and a window that shows it. */
#include <pthread.h>
#include <string.h>

#include "run_command.h"
#include "viewer/screen/window.h"

typedef struct runner {
    run_command *c;
    exit_code code;
} runner;

static void on_signal(int number)
{
    (void)number;
    window_close();
}

static void *run_beside(void *user)
{
    runner *r = user;
    r->code = go(r->c);
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

/* The output's name without its ending: pictures are called after it. */
static void name_pictures(const char *output, char stem[300])
{
    snprintf(stem, 300, "%.250s", output);
    char *dot = strrchr(stem, '.');
    if (dot && dot > stem)
        *dot = 0;
}

exit_code go_in_window(run_command *c)
{
    char why[500], stem[300];
    feed f;
    pthread_t thread;
    subject about;
    runner r = {.c = c};
    const orr_scenario *s = orr_run_scenario(c->run);
    size_t n = orr_run_result(c->run)->bodies; /* they moved into the simulation */
    font *letters = font_load(NULL, why, sizeof why);
    if (!letters || !feed_open(&f, n)) {
        print_warning("no window: %s; the run goes on", letters ? "out of memory" : why);
        font_free(letters);
        return go(c);
    }
    subject_of_scenario(s, &about);
    about.n = n;
    feed_name_method(&f, s->integrator->name);
    name_pictures(orr_run_output(c->run), stem);
    c->view = &f;
    if (pthread_create(&thread, NULL, run_beside, &r) != 0) {
        c->view = NULL;
        r.code = go(c);
    } else {
        look(&f, &about, letters, stem);
        pthread_join(thread, NULL);
    }
    feed_close(&f);
    font_free(letters);
    return r.code;
}
