/* source_feed.c - see feed.h. */
#include "feed.h"

#include <math.h>
#include <stdio.h>

bool feed_open(feed *f, size_t n)
{
    *f = (feed){.started = orr_clock()};
    f->rate_since = f->started;
    atomic_init(&f->ended, false);
    atomic_init(&f->abandoned, false);
    bool good = orr_channel_create(n, &f->channel) == ORR_OK;
    good = queue_create(&f->samples, 8192, sizeof(sample)) && good;
    good = queue_create(&f->texts, 8, FEED_TEXT) && good;
    good = queue_create(&f->methods, 8, FEED_METHOD) && good;
    if (!good)
        feed_close(f);
    return good;
}

void feed_close(feed *f)
{
    orr_channel_destroy(f->channel);
    f->channel = NULL;
    queue_free(&f->samples);
    queue_free(&f->texts);
    queue_free(&f->methods);
}

/* ---- the side of the simulation ---- */

/* The relative energy error; of large systems only now and then: energies take at most a twentieth
 * of the time. */
static double energy_error(feed *f, orr_sim *sim, double *since)
{
    double before = orr_clock();
    *since = NAN;
    bool needed = !f->has_e0 || (f->changed && !f->has_e_change);
    if (!needed && !f->steady && f->energy_seconds > 0.05 * (before - f->started))
        return NAN;
    orr_conserved c;
    if (orr_sim_conserved(sim, &c) != ORR_OK)
        return NAN;
    f->energy_tells = f->energy_tells || c.potential != 0;
    double energy = c.kinetic + c.potential;
    size_t n;
    const orr_event *e = orr_sim_events(sim, &n);
    for (size_t k = 0; k < n; k++)
        energy += e[k].energy; /* what mergers took */
    f->energy_seconds += orr_clock() - before;
    if (!f->has_e0) {
        f->e0 = energy;
        f->has_e0 = true;
        f->energy_seconds = 0; /* the first has to be */
    }
    if (!f->energy_tells)
        return NAN; /* nothing massive moves under a force */
    double unit = f->e0 != 0 ? fabs(f->e0) : 1;
    if (f->changed && !f->has_e_change) {
        f->e_change = energy;
        f->has_e_change = true;
    }
    if (f->changed)
        *since = (energy - f->e_change) / unit;
    return (energy - (f->e0 != 0 ? f->e0 : 0)) / unit;
}

void feed_method_changed(feed *f)
{
    f->changed = true;
    f->has_e_change = false;
}

void feed_started_again(feed *f)
{
    f->has_e0 = f->changed = f->has_e_change = false;
    f->rate_steps = 0;
    f->start++;
}

void feed_publish(feed *f, orr_sim *sim)
{
    orr_snapshot now = orr_sim_snapshot(sim);
    if (orr_channel_publish(f->channel, &now) != ORR_OK)
        return;
    orr_sim_counters count = orr_sim_count(sim);
    double clock = orr_clock();
    if (clock - f->rate_since > 0.5) {
        f->rate = (double)(count.steps - f->rate_steps) / (clock - f->rate_since);
        f->rate_since = clock;
        f->rate_steps = count.steps;
    }
    sample s = {.t = now.t,
                .start = f->start,
                .step = count.steps,
                .step_size = count.last,
                .steps_per_second = f->rate,
                .energy_error = NAN};
    s.energy_error = energy_error(f, sim, &s.error_since);
    queue_put(&f->samples, &s); /* if nobody takes them, later ones are lost: the graph has a gap */
}

void feed_say(feed *f, const char *text)
{
    char item[FEED_TEXT];
    snprintf(item, sizeof item, "%s", text);
    queue_put(&f->texts, item);
}

void feed_name_method(feed *f, const char *name)
{
    char item[FEED_METHOD];
    snprintf(item, sizeof item, "%s", name);
    queue_put(&f->methods, item);
}

/* ---- the side of the viewer ---- */

moment feed_latest(feed *f)
{
    bool ended = atomic_load(&f->ended); /* first: what is published before it is then seen */
    const orr_snapshot *s = orr_channel_latest(f->channel);
    moment m = {.ended = ended};
    if (s) {
        m.t = s->t;
        m.step = s->step;
        m.bodies = s->bodies;
    }
    return m;
}

size_t feed_samples(feed *f, sample *out, size_t room)
{
    size_t n = 0;
    while (n < room && queue_take(&f->samples, &out[n]))
        n++;
    return n;
}

const char *feed_method(feed *f)
{
    while (queue_take(&f->methods, f->method))
        ;
    return f->method;
}

const char *feed_news(feed *f)
{
    return queue_take(&f->texts, f->text) ? f->text : NULL;
}

void subject_of_scenario(const orr_scenario *s, subject *out)
{
    *out = (subject){.n = s->bodies.n,
                     .name = orr_names_get,
                     .names = &s->names,
                     .colors = s->colors,
                     .n_colors = s->n_colors,
                     .length_si = 1,
                     .time_si = 1,
                     .has_epoch = s->has_epoch,
                     .epoch = s->epoch,
                     .t_first = s->t_start,
                     .t_last = s->t_end,
                     .live = true,
                     .steered = true};
    snprintf(out->title, sizeof out->title, "%s", s->title && *s->title ? s->title : s->path);
    snprintf(out->axes, sizeof out->axes, "%.15s", s->frame);
    subject_find_poles(s, out);
    if (s->units.dimensionless)
        return;
    out->length_si = s->units.length;
    out->time_si = s->units.time;
    snprintf(out->length_unit, sizeof out->length_unit, "%s", s->units.length_name);
    snprintf(out->time_unit, sizeof out->time_unit, "%s", s->units.time_name);
}

/* ---- a feed as a source: another part of the program runs the simulation ---- */

typedef struct watched {
    source source; /* first */
    feed *feed;
} watched;

static void want(source *s, double t)
{
    (void)s, (void)t; /* it keeps its own time */
}

static moment latest(source *s)
{
    return feed_latest(((watched *)s)->feed);
}

static size_t samples(source *s, sample *out, size_t room)
{
    return feed_samples(((watched *)s)->feed, out, room);
}

static bool give(source *s, const order *o)
{
    (void)s, (void)o;
    return false;
}

static const char *method(source *s)
{
    return feed_method(((watched *)s)->feed);
}

static const char *news(source *s)
{
    return feed_news(((watched *)s)->feed);
}

static void close_watched(source *s)
{
    atomic_store(&((watched *)s)->feed->abandoned, true);
    free(s);
}

source *source_of_feed(feed *f, const subject *about)
{
    watched *w = malloc(sizeof *w);
    if (!w)
        return NULL;
    w->feed = f;
    w->source = (source){.subject = *about,
                         .want = want,
                         .latest = latest,
                         .samples = samples,
                         .give = give,
                         .method = method,
                         .news = news,
                         .close = close_watched};
    w->source.subject.steered = false;
    return &w->source;
}
