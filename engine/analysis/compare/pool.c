/* pool.c - several trials at once; the thread of the caller looks at the clock and stops those that
 * take too long. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "analysis/work.h"
#include "base/clock.h"
#include "comparing.h"

bool orr_compare_must_end(comparing *w)
{
    int go_on = ORR_COMPARISON_WHOLE;
    bool cancelled = orr_is_cancelled(w->def.cancel);
    if (cancelled || orr_clock() - w->started > w->c.seconds_total)
        atomic_compare_exchange_strong(
            &w->stop, &go_on,
            cancelled ? (int)ORR_COMPARISON_CANCELLED : (int)ORR_COMPARISON_OUT_OF_TIME);
    return atomic_load(&w->stop) != ORR_COMPARISON_WHOLE;
}

void orr_compare_expose(comparing *w, size_t k, orr_sim *sim)
{
    pthread_mutex_lock(&w->lock);
    w->work[k].sim = sim;
    pthread_mutex_unlock(&w->lock);
}

void orr_compare_tell(const comparing *w, const orr_comparison_progress *p)
{
    if (w->def.progress)
        w->def.progress(w->def.progress_user, p);
}

typedef struct trial_queue {
    comparing *w;
    size_t order[ORR_MOST_TRIALS]; /* short ones first: if the time ends, most are there */
    atomic_size_t next, done;
} trial_queue;

static void run_one(comparing *w, size_t k)
{
    orr_trial *t = &w->trials[k];
    atomic_store(&w->work[k].started, 1 + (int)(10 * (orr_clock() - w->started)));
    if (orr_compare_must_end(w)) {
        t->outcome = ORR_TRIAL_CUT_OFF;
        snprintf(t->why, sizeof t->why,
                 atomic_load(&w->stop) == ORR_COMPARISON_CANCELLED
                     ? "interrupted"
                     : "not begun within the budget of %g s",
                 w->c.seconds_total);
    } else {
        orr_compare_run_trial(w, k);
    }
    atomic_store(&w->work[k].finished, 1);
}

static void *work(void *user)
{
    trial_queue *queue = user;
    for (;;) {
        size_t k = atomic_fetch_add(&queue->next, 1);
        if (k >= queue->w->c.n)
            return NULL;
        run_one(queue->w, queue->order[k]);
        atomic_fetch_add(&queue->done, 1);
    }
}

/* Stops those that take too long, or all. */
static void watch(comparing *w)
{
    double now = orr_clock() - w->started;
    orr_compare_must_end(w);
    for (size_t k = 0; k < w->c.n; k++) {
        trial_work *t = &w->work[k];
        int start = atomic_load(&t->started);
        bool over =
            start > 0 && now > 0.1 * (start - 1) + 2 * w->c.seconds_each; /* it runs twice */
        pthread_mutex_lock(&w->lock);
        if (t->sim && (over || atomic_load(&w->stop)))
            orr_sim_request_stop(t->sim);
        pthread_mutex_unlock(&w->lock);
    }
}

/* Insertion sort: by the time that they will take, else as planned. */
static void put_in_order(trial_queue *queue)
{
    const comparing *w = queue->w;
    for (size_t k = 0; k < w->c.n; k++) {
        size_t at = k;
        for (; at > 0 && w->work[queue->order[at - 1]].expected > w->work[k].expected; at--)
            queue->order[at] = queue->order[at - 1];
        queue->order[at] = k;
    }
}

/* [s]: by what is forecast of those that have not begun, and half of those under way. */
static double time_left(const comparing *w)
{
    double sum = 0, now = orr_clock() - w->started;
    for (size_t k = 0; k < w->c.n; k++) {
        const trial_work *t = &w->work[k];
        int start = atomic_load(&t->started);
        double since = now - 0.1 * (start - 1);
        sum += start == 0 ? t->expected : t->finished ? 0 : fmax(0, t->expected - since);
    }
    return fmin(sum / w->c.threads, w->c.seconds_total - now);
}

void orr_compare_run_all(comparing *w)
{
    pthread_t threads[MOST_THREADS];
    trial_queue queue = {.w = w};
    int made = 0;
    size_t all = w->c.n, done;
    put_in_order(&queue);
    for (; made < w->c.threads; made++)
        if (pthread_create(&threads[made], NULL, work, &queue) != 0)
            break;
    if (made == 0)
        work(&queue);
    while ((done = atomic_load(&queue.done)) < all) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL); /* twenty looks a second */
        watch(w);
        orr_compare_tell(w, &(orr_comparison_progress){.stage = ORR_COMPARING_RUNS,
                                                       .part = (double)done / (double)all,
                                                       .done = done,
                                                       .all = all,
                                                       .seconds_left = time_left(w)});
    }
    for (int k = 0; k < made; k++)
        pthread_join(threads[k], NULL);
}
