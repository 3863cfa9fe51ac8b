/* Several trials at once; somebody who looks at the clock stops those that take too long. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "../progress.h"
#include "compare.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER; /* of trial.sim */
static atomic_int interrupted;

static void on_interrupt(int signal)
{
    (void)signal;
    atomic_store(&interrupted, 1);
}

void expose(trial *t, orr_sim *sim)
{
    pthread_mutex_lock(&guard);
    t->sim = sim;
    pthread_mutex_unlock(&guard);
}

typedef struct crew {
    comparison *c;
    atomic_size_t next, done;
} crew;

static void *work(void *user)
{
    crew *w = user;
    comparison *c = w->c;
    for (;;) {
        size_t k = atomic_fetch_add(&w->next, 1);
        if (k >= c->n)
            return NULL;
        trial *t = c->trials[k];
        atomic_store(&t->started, 1 + (int)(10 * (wall_clock() - c->started)));
        if (atomic_load(&c->stop)) {
            t->outcome = CUT_OFF;
            snprintf(t->why, sizeof t->why, "interrupted");
        } else {
            run_trial(c, t);
        }
        atomic_fetch_add(&w->done, 1);
    }
}

static void watch(crew *w)
{
    comparison *c = w->c;
    double now = wall_clock() - c->started;
    if (atomic_load(&interrupted))
        atomic_store(&c->stop, 1);
    for (size_t k = 0; k < c->n; k++) {
        trial *t = c->trials[k];
        int start = atomic_load(&t->started);
        bool over = start > 0 && now > 0.1 * (start - 1) + 2 * c->budget; /* it runs twice */
        pthread_mutex_lock(&guard);
        if (t->sim && (over || atomic_load(&c->stop)))
            orr_sim_request_stop(t->sim);
        pthread_mutex_unlock(&guard);
    }
}

bool run_all(comparison *c)
{
    enum { MOST_THREADS = 64 };
    pthread_t threads[MOST_THREADS];
    crew w = {.c = c};
    int n = c->threads < MOST_THREADS ? c->threads : MOST_THREADS, made = 0;
    bool quiet = given(c->a, "quiet");
    double start = wall_clock(), said = start;
    catch_interrupts(on_interrupt);
    for (; made < n; made++)
        if (pthread_create(&threads[made], NULL, work, &w) != 0)
            break;
    if (made == 0)
        work(&w);
    progress look = progress_begin(quiet, false, 0, 1, "");
    while (atomic_load(&w.done) < c->n) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        watch(&w);
        size_t done = atomic_load(&w.done);
        double now = wall_clock(),
               left = (now - start) * (double)(c->n - done) / fmax(1, (double)done);
        char text[32];
        if (quiet || now - said < (look.terminal ? 0.2 : 10))
            continue;
        said = now;
        fprintf(stderr, "%s%zu of %zu runs done", look.terminal ? "\r\033[K" : "", done, c->n);
        if (done > 0)
            fprintf(stderr, ", about %s left", human_seconds(left, text));
        fputs(look.terminal ? "" : "\n", stderr);
        look.line_open = look.terminal;
    }
    for (int k = 0; k < made; k++)
        pthread_join(threads[k], NULL);
    progress_end(&look);
    return !atomic_load(&c->stop);
}
