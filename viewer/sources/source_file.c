/* source_file.c - replays an HDF5 file: shows what it holds and nothing between.
 *
 * A file that is still written is opened anew every second to see what came, also in the files in
 * which a long run goes on.  The old handle is closed first: HDF5 gives a second handle of one
 * process the first one's view of the file, in which what another process wrote is not there. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <orrery/io.h>

#include "feed.h"

typedef struct replay {
    source source; /* first */
    char path[4096], method[80], news[400];
    bool has_news;
    orr_reader *reader;
    double *times;                     /* [n_frames], in the order of the file */
    size_t n_frames, n_samples, taken; /* taken: samples handed out so far */
    double *errors, *error_times;      /* [n_samples] */
    uint32_t *colors;
    size_t shown;    /* frame; SIZE_MAX: none yet */
    double t;        /* of it */
    orr_bodies kept; /* of the last snapshot that could be read */
    double kept_t;
    struct stat seen;                 /* the file, when it was opened */
    bool gone;                        /* it cannot be read any more: said once */
    size_t member;                    /* of an ensemble */
    double direction, wanted, looked; /* looked: at the file, on orr_clock() */
    bool growing;
} replay;

static const char *name_of(const void *user, uint64_t id)
{
    const replay *r = user;
    const char *name =
        r->reader ? orr_reader_name(r->reader, orr_bodies_find(orr_reader_bodies(r->reader), id))
                  : NULL;
    return name ? name : "";
}

static void close_run(replay *r)
{
    orr_reader_close(r->reader);
    free(r->times), free(r->errors), free(r->error_times);
    r->reader = NULL;
    r->times = r->errors = r->error_times = NULL;
    r->n_frames = r->n_samples = 0;
}

/* The run as it is now. */
static bool open_run(replay *r, orr_diagnosis *why)
{
    if (orr_reader_open(r->path, &r->reader, why) != ORR_OK ||
        (r->member && orr_reader_select(r->reader, r->member, why) != ORR_OK))
        return false;
    const orr_file_info *info = orr_reader_info(r->reader);
    r->n_frames = info->n_frames;
    r->times = malloc((info->n_frames + 1) * sizeof *r->times);
    r->errors = malloc((info->n_diagnostics + 1) * sizeof *r->errors);
    r->error_times = malloc((info->n_diagnostics + 1) * sizeof *r->error_times);
    if (!r->times || !r->errors || !r->error_times) {
        *why = (orr_diagnosis){.text = "out of memory"};
        return false;
    }
    if (info->n_frames && orr_reader_times(r->reader, r->times, why) != ORR_OK)
        return false;
    orr_diagnosis ignored; /* a file without diagnostics has no graph of them */
    if (info->n_diagnostics &&
        orr_reader_column(r->reader, "time", 0, r->error_times, &ignored) == ORR_OK &&
        orr_reader_column(r->reader, "energy_error", 0, r->errors, &ignored) == ORR_OK)
        r->n_samples = info->n_diagnostics;
    if (*info->missing) {
        r->has_news = true; /* what is there can be shown */
        snprintf(r->news, sizeof r->news, "the run goes on in '%.150s', which is not there",
                 info->missing);
    }
    r->growing = strcmp(info->state, "running") == 0;
    return true;
}

/* From when to when it goes, so far. */
static void find_span(replay *r)
{
    subject *s = &r->source.subject;
    s->t_first = r->n_frames ? r->times[0] : 0;
    s->t_last = r->n_frames ? r->times[r->n_frames - 1] : 0;
    r->direction = s->t_last < s->t_first ? -1 : 1;
}

static void say(replay *r, const char *text)
{
    r->has_news = true;
    snprintf(r->news, sizeof r->news, "%.390s", text);
}

/* The file is another one than when it was opened: it grew, was cut off, or was replaced. */
static bool has_changed(const replay *r, const struct stat *now)
{
    return now->st_size != r->seen.st_size || now->st_ino != r->seen.st_ino ||
           now->st_mtim.tv_sec != r->seen.st_mtim.tv_sec ||
           now->st_mtim.tv_nsec != r->seen.st_mtim.tv_nsec;
}

/* Once a second: what came since the last look, or what has become of the file.  If it cannot be
 * read now, it can later; the last snapshot that was read stays. */
static void look_again(replay *r)
{
    struct stat now;
    orr_diagnosis why;
    if (orr_clock() - r->looked < 1)
        return;
    r->looked = orr_clock();
    if (stat(r->path, &now) != 0) {
        if (!r->gone)
            say(r, "the file is gone: what was read last stays");
        r->gone = true;
        return;
    }
    bool waits = r->growing && r->reader && *orr_reader_info(r->reader)->missing;
    if (r->reader && !r->gone && !waits && !has_changed(r, &now))
        return;
    if (r->reader && !r->growing && !r->gone)
        say(r, "the file has changed: it is read again");
    close_run(r);
    r->seen = now;
    r->shown = SIZE_MAX;
    if (!open_run(r, &why)) {
        close_run(r);
        if (!r->gone)
            say(r, why.text);
        r->gone = true;
        return;
    }
    r->gone = false;
    /* between two files of the run the next one is not there yet */
    r->growing = r->growing || *orr_reader_info(r->reader)->missing;
    find_span(r);
}

/* The last snapshot that is not later than the wanted time. */
static size_t frame_at(const replay *r, double t)
{
    size_t low = 0, high = r->n_frames; /* times[low] is not later, times[high] is */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (r->direction * r->times[middle] <= r->direction * t)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void want(source *s, double t)
{
    replay *r = (replay *)s;
    r->wanted = t;
}

/* Snapshot k; where it cannot be read, the last one that could. */
static const orr_bodies *read_frame(replay *r, size_t k)
{
    orr_diagnosis why;
    if (k != r->shown) {
        r->shown = k;
        if (orr_reader_read(r->reader, k, &r->t, &why) != ORR_OK) {
            say(r, why.text);
            r->t = r->kept_t;
        } else {
            const orr_bodies *b = orr_reader_bodies(r->reader);
            if (orr_bodies_assign(&r->kept, b) == ORR_OK || orr_bodies_copy(&r->kept, b) == ORR_OK)
                r->kept_t = r->t;
        }
    }
    return r->kept.n ? &r->kept : NULL;
}

static moment latest(source *s)
{
    replay *r = (replay *)s;
    look_again(r);
    moment m = {.n_frames = r->n_frames, .growing = r->growing};
    if (r->n_frames == 0) {
        m.ended = !r->growing && !r->gone;
        m.bodies = r->kept.n ? &r->kept : NULL;
        m.t = r->kept_t;
        return m;
    }
    m.frame = frame_at(r, r->wanted);
    m.bodies = read_frame(r, m.frame);
    m.t = r->t;
    m.step = m.frame;
    m.ended = m.frame + 1 == r->n_frames && !r->growing;
    return m;
}

static size_t samples(source *s, sample *out, size_t room)
{
    replay *r = (replay *)s;
    size_t n = 0, stride = r->n_samples / 8192 + 1; /* more than the graph has columns */
    for (; n < room && r->taken < r->n_samples; r->taken += stride)
        out[n++] = (sample){
            .t = r->error_times[r->taken], .energy_error = r->errors[r->taken], .error_since = NAN};
    return n;
}

static bool give(source *s, const order *o)
{
    replay *r = (replay *)s;
    if (r->n_frames == 0 || (o->kind != ORDER_ONE && o->kind != ORDER_RESTART))
        return false;
    size_t k = frame_at(r, r->wanted);
    if (o->kind == ORDER_RESTART)
        k = 0;
    else if (o->factor > 0)
        k += k + 1 < r->n_frames;
    else
        k -= k > 0;
    r->wanted = r->times[k];
    return true;
}

static const char *method(source *s)
{
    return ((replay *)s)->method;
}

static const char *news(source *s)
{
    replay *r = (replay *)s;
    bool has = r->has_news;
    r->has_news = false;
    return has ? r->news : NULL;
}

static void close_source(source *s)
{
    replay *r = (replay *)s;
    close_run(r);
    orr_bodies_free(&r->kept);
    free(r->colors);
    free(r);
}

/* Of a file with few bodies: of many the scenario is long. */
static void find_poles(replay *r)
{
    const size_t most = 1000000; /* bytes of text */
    char *text = r->source.subject.n < 10000 ? orr_reader_scenario(r->reader, true) : NULL;
    orr_scenario s;
    orr_diagnosis why;
    if (text && strlen(text) < most &&
        orr_scenario_parse(r->path, text, strlen(text), NULL, &s, &why) == ORR_OK) {
        subject_find_poles(&s, &r->source.subject);
        orr_scenario_free(&s);
    }
    free(text);
}

static void describe(replay *r)
{
    orr_reader *reader = r->reader;
    const orr_file_info *i = orr_reader_info(reader);
    subject *s = &r->source.subject;
    bool units = *i->length_unit && strcmp(i->length_unit, "1") != 0;
    *s = (subject){.n = i->n_bodies,
                   .name = name_of,
                   .names = r,
                   .length_si = units ? i->length_si : 1,
                   .time_si = units ? i->time_si : 1,
                   .steered = true,
                   .has_epoch = i->has_epoch,
                   .epoch = i->epoch};
    snprintf(s->title, sizeof s->title, "%.255s", *i->title ? i->title : r->path);
    snprintf(s->axes, sizeof s->axes, "%.15s", i->frame);
    if (units) {
        snprintf(s->length_unit, sizeof s->length_unit, "%s", i->length_unit);
        snprintf(s->time_unit, sizeof s->time_unit, "%s", i->time_unit);
    }
    find_poles(r);
    snprintf(r->method, sizeof r->method, "%s", i->method);
    find_span(r);
    const orr_bodies *b = orr_reader_bodies(reader);
    uint32_t *by_index = orr_reader_colors(reader);
    uint64_t most = 0;
    for (size_t k = 0; k < b->n; k++)
        most = b->id[k] > most ? b->id[k] : most;
    if (by_index && most < 100000000)
        r->colors = calloc((size_t)most + 1, sizeof *r->colors);
    for (size_t k = 0; k < b->n && r->colors; k++)
        r->colors[b->id[k]] = by_index[k];
    free(by_index);
    s->colors = r->colors;
    s->n_colors = r->colors ? (size_t)most + 1 : 0;
}

source *source_open_file(const char *path, size_t member, orr_diagnosis *why)
{
    *why = (orr_diagnosis){.text = "out of memory"};
    replay *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->source = (source){.want = want,
                         .latest = latest,
                         .samples = samples,
                         .give = give,
                         .method = method,
                         .news = news,
                         .close = close_source};
    snprintf(r->path, sizeof r->path, "%s", path);
    r->shown = SIZE_MAX;
    r->member = member;
    r->looked = orr_clock();
    (void)stat(path, &r->seen); /* if it is not there, opening says so */
    if (!open_run(r, why)) {
        close_source(&r->source);
        return NULL;
    }
    if (r->n_frames == 0 && !r->growing) {
        *why = (orr_diagnosis){.text = "no snapshot is in this file"};
        snprintf(why->file, sizeof why->file, "%.500s", path);
        close_source(&r->source);
        return NULL;
    }
    describe(r);
    r->wanted = r->source.subject.t_first;
    return &r->source;
}
