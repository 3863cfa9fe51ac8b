/* Several trials at once; somebody who looks at the clock stops those that take too long. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "cli/progress.h"
#include "compare.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER; /* of trial.sim */
static atomic_int interrupted;

static void on_interrupt(int signal)
{
    (void)signal;
    atomic_store(&interrupted, 1);
}

void watch_for_interrupts(void)
{
    catch_interrupts(on_interrupt);
}

bool must_end(comparison *c)
{
    int go_on = GO_ON, why = atomic_load(&interrupted) ? STOP_INTERRUPTED : STOP_BUDGET;
    if (why == STOP_INTERRUPTED || wall_clock() - c->started > c->total)
        atomic_compare_exchange_strong(&c->stop, &go_on, why);
    return atomic_load(&c->stop) != GO_ON;
}

void expose(trial *t, orr_sim *sim)
{
    pthread_mutex_lock(&guard);
    t->sim = sim;
    pthread_mutex_unlock(&guard);
}

typedef struct crew {
    comparison *c;
    size_t order[MOST_TRIALS]; /* short ones first: if the time ends, most are there */
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
        trial *t = c->trials[w->order[k]];
        atomic_store(&t->started, 1 + (int)(10 * (wall_clock() - c->started)));
        if (must_end(c)) {
            t->outcome = CUT_OFF;
            snprintf(t->why, sizeof t->why,
                     atomic_load(&c->stop) == STOP_INTERRUPTED
                         ? "interrupted"
                         : "not begun within the budget of %g s",
                     c->total);
        } else {
            run_trial(c, t);
        }
        atomic_store(&t->finished, 1);
        atomic_fetch_add(&w->done, 1);
    }
}

static void watch(crew *w)
{
    comparison *c = w->c;
    double now = wall_clock() - c->started;
    must_end(c);
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

/* Insertion sort: by the time that they will take, else as planned. */
static void put_in_order(crew *w)
{
    const comparison *c = w->c;
    for (size_t k = 0; k < c->n; k++) {
        size_t at = k;
        for (; at > 0 && c->trials[w->order[at - 1]]->expected > c->trials[k]->expected; at--)
            w->order[at] = w->order[at - 1];
        w->order[at] = k;
    }
}

/* [s]: by what is forecast of those that have not begun, and half of those under way. */
static double time_left(const comparison *c)
{
    double sum = 0;
    for (size_t k = 0; k < c->n; k++) {
        const trial *t = c->trials[k];
        int start = atomic_load(&t->started);
        double since = wall_clock() - c->started - 0.1 * (start - 1);
        sum += start == 0 ? t->expected : t->finished ? 0 : fmax(0, t->expected - since);
    }
    return fmin(sum / c->threads, c->total - (wall_clock() - c->started));
}

bool run_all(comparison *c)
{
    enum { MOST_THREADS = 64 };
    pthread_t threads[MOST_THREADS];
    static crew w;
    w.c = c;
    put_in_order(&w);
    int n = c->threads < MOST_THREADS ? c->threads : MOST_THREADS, made = 0;
    bool quiet = given(c->a, "quiet");
    double said = wall_clock();
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
        double now = wall_clock();
        char text[32];
        if (quiet || now - said < (look.terminal ? 0.2 : 10))
            continue;
        said = now;
        fprintf(stderr, "%s%zu of %zu runs done, about %s left%s", look.terminal ? "\r\033[K" : "",
                done, c->n, human_seconds(time_left(c), text), look.terminal ? "" : "\n");
        look.line_open = look.terminal;
    }
    for (int k = 0; k < made; k++)
        pthread_join(threads[k], NULL);
    progress_end(&look);
    return !atomic_load(&c->stop);
}
