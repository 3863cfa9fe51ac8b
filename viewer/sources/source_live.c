/* source_live.c - a simulation in a thread of its own, always on the way to the wanted time.
 *
 * It shows whatever time was reached every sixtieth of a second, so a picture never waits for a
 * step, and no step for a picture.  Looking does not change the trajectory (see sim.h). */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <orrery/orbit_scales.h>

#include "feed.h"

/* Of a live source: in use, or one of its two sides has gone. */
enum { IN_USE, THREAD_ENDED, ORPHANED };

typedef struct live {
    source source; /* first */
    feed feed;
    orr_scenario scenario; /* names and colours; its bodies moved into the simulation */
    orr_bodies initial;
    orr_sim *sim;
    const orr_integrator *method;
    double default_step; /* [time] for methods that need one where the scenario has none */
    double step;         /* [time] of methods with fixed steps, now */
    pthread_t thread;
    _Atomic double wanted;
    atomic_bool quit;
    atomic_int fate; /* of this block: the thread's end, or an impatient closer, whoever is later,
                        frees it */
    queue orders;
    pthread_mutex_t idle_mutex; /* only to sleep */
    pthread_cond_t idle;
    int threads;
    queue tracks;
    _Atomic double track_every; /* [time]; 0: nobody asks */
    double tracked;             /* [time] the last one */
    double deadline;            /* of this stretch of steps, on orr_clock() */
} live;

/* ---- the thread ---- */

/* Places on whole steps, for trails: a picture comes every sixtieth of a second, and bodies may
 * have gone round between two.  Methods with coordinates of their own show none between pictures.
 */
static void track_bodies(live *l, const orr_sim *sim)
{
    double every = atomic_load_explicit(&l->track_every, memory_order_relaxed);
    orr_snapshot now = orr_sim_snapshot(sim);
    if (l->feed.steady) /* pictures that can be repeated hang on no clock */
        return;
    if (!(every > 0) || fabs(now.t - l->tracked) < every || now.bodies->n > SOURCE_TRACKED ||
        l->method->steps || l->method->traits & ORR_LAZY_SYNC)
        return;
    track t = {.t = now.t, .start = l->feed.start, .n = now.bodies->n};
    for (size_t c = 0; c < 3; c++)
        memcpy(t.pos[c], now.bodies->pos + c * now.bodies->stride, t.n * sizeof **t.pos);
    l->tracked = now.t;
    queue_put(&l->tracks, &t); /* if nobody takes them, there is a gap */
}

static void watch(const orr_sim *sim, void *user)
{
    live *l = user;
    track_bodies(l, sim);
    if (atomic_load(&l->quit) || orr_clock() >= l->deadline)
        orr_sim_request_stop(l->sim);
}

static void name_method(live *l)
{
    char text[FEED_METHOD], unit[10] = "";
    if (*l->source.subject.time_unit)
        snprintf(unit, sizeof unit, " %.8s", l->source.subject.time_unit);
    if (l->method->traits & ORR_ADAPTIVE)
        snprintf(text, sizeof text, "%s", l->method->name);
    else
        snprintf(text, sizeof text, "%.20s, step %.4g%s", l->method->name, l->step, unit);
    feed_name_method(&l->feed, text);
}

/* The scenario's own method has the scenario's options. */
static orr_status set_method(live *l, const orr_integrator *type)
{
    bool own = type == l->scenario.integrator;
    return orr_sim_set_integrator(l->sim, type, own ? l->scenario.integrator_options : NULL,
                                  own ? l->scenario.n_integrator_options : 0);
}

/* Does the simulation take this method ("": the scenario's own)?  If not it goes on as before. */
static void change_method(live *l, const char *name)
{
    const orr_integrator *type = *name ? orr_integrator_find(name) : l->scenario.integrator;
    double now = orr_sim_snapshot(l->sim).t;
    if (!type)
        return;
    orr_status status = set_method(l, type);
    if (status == ORR_OK && !(type->traits & ORR_ADAPTIVE)) {
        l->step = l->step > 0 ? l->step : l->default_step;
        status = orr_sim_set_step(l->sim, l->step);
    }
    if (status == ORR_OK)
        status = orr_sim_run_until(l->sim, now); /* prepares it */
    if (status != ORR_OK) {
        feed_say(&l->feed, orr_sim_message(l->sim));
        if (set_method(l, l->method) != ORR_OK)
            feed_say(&l->feed, orr_sim_message(l->sim));
        return;
    }
    l->method = type;
    feed_method_changed(&l->feed);
    feed_publish(&l->feed, l->sim); /* the energy from which its error is counted */
    name_method(l);
}

static void change_step(live *l, double factor)
{
    if (l->method->traits & ORR_ADAPTIVE) {
        feed_say(&l->feed, "this method chooses its steps itself");
        return;
    }
    double step = l->step * factor;
    if (!(step > 1e-300) || orr_sim_set_step(l->sim, step) != ORR_OK)
        return;
    l->step = step;
    feed_method_changed(&l->feed);
    feed_publish(&l->feed, l->sim);
    name_method(l);
}

/* From the first state, with the method of now. */
static void restart(live *l)
{
    orr_sim *fresh = NULL;
    orr_diagnosis why;
    feed_started_again(&l->feed); /* the viewer takes no samples from before */
    if (orr_bodies_copy(&l->scenario.bodies, &l->initial) != ORR_OK ||
        orr_sim_from_scenario(&l->scenario, l->threads, &fresh, &why) != ORR_OK) {
        feed_say(&l->feed, "it cannot be started again: out of memory");
        return;
    }
    orr_sim_destroy(l->sim);
    l->sim = fresh;
    orr_sim_observe(l->sim, watch, l);
    const orr_integrator *method = l->method;
    l->method = l->scenario.integrator;
    if (method != l->method)
        change_method(l, method->name);
    else if (!(method->traits & ORR_ADAPTIVE))
        change_step(l, 1);
    atomic_store(&l->feed.ended, false);
}

static void one_step(live *l, double direction)
{
    l->deadline = INFINITY;
    if (orr_sim_step(l->sim, direction < 0 ? -1 : 1) != ORR_OK)
        feed_say(&l->feed, orr_sim_message(l->sim));
    /* show it: some methods keep velocities half a step behind */
    else if (orr_sim_run_until(l->sim, orr_sim_snapshot(l->sim).t) != ORR_OK)
        feed_say(&l->feed, orr_sim_message(l->sim));
    atomic_store(&l->wanted, orr_sim_snapshot(l->sim).t);
}

/* Does what the viewer asked for; true if anything. */
static bool obey(live *l)
{
    order o;
    bool any = false;
    for (; queue_take(&l->orders, &o); any = true) {
        if (o.kind == ORDER_METHOD)
            change_method(l, o.text);
        else if (o.kind == ORDER_STEP_SIZE)
            change_step(l, o.factor);
        else if (o.kind == ORDER_ONE)
            one_step(l, o.factor);
        else
            restart(l);
    }
    return any;
}

/* Until there is a call, unless there was one since `wanted` was looked at. */
static void sleep_a_little(live *l, double wanted)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 20000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&l->idle_mutex);
    if (atomic_load(&l->wanted) == wanted && !atomic_load(&l->quit) && queue_empty(&l->orders))
        pthread_cond_timedwait(&l->idle, &l->idle_mutex, &until);
    pthread_mutex_unlock(&l->idle_mutex);
}

static void release(live *l);

static void *simulate(void *user)
{
    live *l = user;
    double end = l->source.subject.t_last;
    feed_publish(&l->feed, l->sim);
    while (!atomic_load(&l->quit)) {
        if (obey(l))
            feed_publish(&l->feed, l->sim);
        double now = orr_sim_snapshot(l->sim).t, wanted = atomic_load(&l->wanted);
        double target = end < 0 ? fmax(wanted, end) : fmin(wanted, end);
        if (atomic_load(&l->feed.ended) || target == now ||
            (end < 0 ? target > now : target < now)) {
            sleep_a_little(l, wanted); /* the clock stands still, or it is ahead already */
            continue;
        }
        l->deadline = l->feed.steady ? INFINITY : orr_clock() + 1.0 / 60;
        orr_status status = orr_sim_run_until(l->sim, target);
        if (status == ORR_E_STOPPED) { /* show the state of the whole step where it stands */
            l->deadline = INFINITY;
            status = orr_sim_run_until(l->sim, orr_sim_snapshot(l->sim).t);
        }
        if (status != ORR_OK)
            feed_say(&l->feed, orr_sim_message(l->sim));
        if (status == ORR_OK || status == ORR_E_STEP_TOO_SMALL || status == ORR_E_COLLISION)
            feed_publish(&l->feed, l->sim);
        if (status != ORR_OK || orr_sim_snapshot(l->sim).t == end)
            atomic_store(&l->feed.ended, true);
    }
    if (atomic_exchange(&l->fate, THREAD_ENDED) == ORPHANED)
        release(l);
    return NULL;
}

/* ---- the source ---- */

static void wake(live *l)
{
    pthread_mutex_lock(&l->idle_mutex);
    pthread_cond_signal(&l->idle);
    pthread_mutex_unlock(&l->idle_mutex);
}

static void want(source *s, double t)
{
    live *l = (live *)s;
    if (atomic_exchange(&l->wanted, t) != t)
        wake(l);
}

static moment latest(source *s)
{
    return feed_latest(&((live *)s)->feed);
}

static size_t samples(source *s, sample *out, size_t room)
{
    return feed_samples(&((live *)s)->feed, out, room);
}

static void follow(source *s, double every)
{
    atomic_store(&((live *)s)->track_every, every);
}

static bool next_track(source *s, track *out)
{
    return queue_take(&((live *)s)->tracks, out);
}

static bool give(source *s, const order *o)
{
    live *l = (live *)s;
    bool taken = queue_put(&l->orders, o);
    wake(l);
    return taken;
}

static const char *method(source *s)
{
    return feed_method(&((live *)s)->feed);
}

static const char *news(source *s)
{
    return feed_news(&((live *)s)->feed);
}

static void release(live *l)
{
    orr_sim_destroy(l->sim);
    feed_close(&l->feed);
    queue_free(&l->orders);
    queue_free(&l->tracks);
    orr_bodies_free(&l->initial);
    orr_scenario_free(&l->scenario);
    pthread_mutex_destroy(&l->idle_mutex);
    pthread_cond_destroy(&l->idle);
    free(l);
}

static void close_source(source *s)
{
    live *l = (live *)s;
    struct timespec until;
    atomic_store(&l->quit, true);
    wake(l);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec +=
        100000000; /* a step of many bodies takes longer, and a window closes at once */
    if (until.tv_nsec >= 1000000000)
        until.tv_nsec -= 1000000000, until.tv_sec++;
    if (pthread_timedjoin_np(l->thread, NULL, &until) == 0) {
        release(l);
        return;
    }
    pthread_t thread = l->thread;
    if (atomic_exchange(&l->fate, ORPHANED) == THREAD_ENDED) {
        pthread_join(thread, NULL);
        release(l);
    } else
        pthread_detach(thread);
}

source *source_open_scenario(orr_scenario *s, const char *method_name, int threads, bool steady,
                             orr_diagnosis *why)
{
    *why = (orr_diagnosis){.text = "out of memory"};
    live *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->scenario = *s;
    *s = (orr_scenario){0};
    s = &l->scenario;
    pthread_mutex_init(&l->idle_mutex, NULL);
    pthread_cond_init(&l->idle, NULL);
    l->source = (source){.want = want,
                         .latest = latest,
                         .samples = samples,
                         .follow = follow,
                         .next_track = next_track,
                         .give = give,
                         .method = method,
                         .news = news,
                         .close = close_source};
    subject_of_scenario(s, &l->source.subject);
    l->method = s->integrator;
    l->step = s->step;
    orr_orbit_scales orbits = orr_orbit_scales_of(&s->bodies);
    l->default_step = orr_leapfrog_step(&orbits);
    l->default_step = l->default_step > 0 ? l->default_step : orr_scenario_span(s) / 10000;
    if (!queue_create(&l->orders, 64, sizeof(order)) ||
        !queue_create(&l->tracks, 1024, sizeof(track)) || !feed_open(&l->feed, s->bodies.n) ||
        orr_bodies_copy(&l->initial, &s->bodies) != ORR_OK ||
        orr_sim_from_scenario(s, threads, &l->sim, why) != ORR_OK)
        goto failed;
    if (orr_sim_run_until(l->sim, s->t_start) != ORR_OK) { /* does the method take these bodies? */
        snprintf(why->text, sizeof why->text, "%.700s", orr_sim_message(l->sim));
        goto failed;
    }
    orr_sim_observe(l->sim, watch, l);
    l->threads = threads;
    l->feed.steady = steady;
    l->deadline = INFINITY;
    name_method(l);
    if (method_name)
        change_method(l, method_name);
    if (method_name && strcmp(l->method->name, method_name) != 0) {
        const char *text = feed_news(&l->feed);
        snprintf(
            why->text, sizeof why->text, "%.700s",
            text ? text : "there is no integrator of that name; see `orrery list integrators`");
        goto failed;
    }
    if (pthread_create(&l->thread, NULL, simulate, l) != 0) {
        snprintf(why->text, sizeof why->text, "no thread for the simulation");
        goto failed;
    }
    return &l->source;
failed:
    release(l);
    return NULL;
}
