/* viewer.c - see viewer.h. */
#include "viewer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed.h"
#include "primaries.h"

enum { MOST_AROUND = 5000 }; /* bodies whose orbits are known all the time */

static const double lag = 0.12; /* [s] that the clock may be ahead of a simulation */

/* ---- opening ---- */

static void forget_graphs(pane *p)
{
    graph_clear(&p->errors);
    graph_clear(&p->elements);
}

static bool open_pane(viewer *v, source *s)
{
    pane *p = &v->panes[v->n_panes];
    *p = (pane){.source = s, .trails_t = NAN, .looked = -INFINITY};
    p->last.energy_error = NAN;
    forget_graphs(p);
    size_t n = s->subject.n;
    if (n <= MOST_AROUND)
        p->around = malloc((n + 1) * sizeof *p->around);
    if (!trails_create(&p->trails, n) || (n <= MOST_AROUND && !p->around)) {
        free(p->around);
        return false;
    }
    v->n_panes++;
    return true;
}

static void find_around(pane *p, bool now)
{
    double clock = feed_clock();
    if (!p->around || !p->now.bodies ||
        (!now && p->n_around == p->now.bodies->n && clock - p->looked < 0.25))
        return;
    p->n_around = p->now.bodies->n;
    p->looked = clock;
    primaries_find(p->now.bodies, 0, p->n_around, p->around);
}

/* The first state: of a simulation as soon as its thread has begun, of a file at once, unless
 * nothing is in it yet. */
static void first_moment(pane *p)
{
    const struct timespec pause = {.tv_nsec = 500000};
    p->now = p->source->latest(p->source);
    while (!p->now.bodies && p->source->subject.live) {
        nanosleep(&pause, NULL);
        p->now = p->source->latest(p->source);
    }
}

/* The direction of the angular momentum: orbits are seen from above. */
static void find_north(const orr_bodies *b, double north[3], bool *flat)
{
    double center[3], l[3] = {0}, size = 0, velocity[3] = {0}, gm = 0;
    frame_barycentre(b, center);
    for (size_t i = 0; i < b->n; i++) {
        gm += b->gm[i];
        for (size_t c = 0; c < 3; c++)
            velocity[c] += b->gm[i] * b->vel[i + c * b->stride];
    }
    *flat = true;
    for (size_t i = 0; i < b->n; i++) {
        orr_body body = orr_bodies_get(b, i);
        double w = gm > 0 ? body.gm : 1;
        *flat = *flat && body.pos[2] == 0 && body.vel[2] == 0;
        for (int k = 0; k < 3; k++) {
            int a = (k + 1) % 3, d = (k + 2) % 3;
            double u = gm > 0 ? velocity[d] / gm : 0, s = gm > 0 ? velocity[a] / gm : 0;
            l[k] += w * ((body.pos[a] - center[a]) * (body.vel[d] - u) -
                         (body.pos[d] - center[d]) * (body.vel[a] - s));
        }
    }
    for (int k = 0; k < 3; k++)
        size += l[k] * l[k];
    for (int k = 0; k < 3; k++)
        north[k] = size > 0 && isfinite(size) && !*flat ? l[k] / sqrt(size) : k == 2;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* From where everything is seen: all of few bodies with their orbits, nine tenths of many. */
static double radius_of_all(const pane *p, const double center[3])
{
    enum { MOST = 4096 };
    static double r[MOST];
    const orr_bodies *b = p->now.bodies;
    size_t n = 0, every = b->n / MOST + 1;
    for (size_t i = 0; i < b->n; i += every) {
        double r2 = 0, farthest;
        orr_elements el;
        orr_orbit o;
        for (size_t c = 0; c < 3; c++)
            r2 += pow(b->pos[i + c * b->stride] - center[c], 2);
        farthest = sqrt(r2);
        if (p->around && p->around[i] < b->n && primaries_orbit(b, i, p->around[i], &el, &o) &&
            el.e < 1 && o.a * (1 + el.e) < 4 * farthest) /* comets go where they go */
            farthest = fmax(farthest, o.a * (1 + el.e));
        if (isfinite(farthest))
            r[n++] = farthest;
    }
    qsort(r, n, sizeof *r, by_size);
    double radius = n == 0 ? 1 : n <= 60 ? r[n - 1] : r[n * 9 / 10];
    return radius > 0 ? radius : 1;
}

/* How long body i takes to go round, if nothing is known but how far out and how fast it is. */
static double turn_of(const orr_bodies *b, size_t i, const double center[3])
{
    double r2 = 0, v2 = 0;
    for (size_t c = 0; c < 3; c++) {
        r2 += pow(b->pos[i + c * b->stride] - center[c], 2);
        v2 += pow(b->vel[i + c * b->stride], 2);
    }
    return 6.283185307179586 * sqrt(r2 / v2);
}

/* How fast the clock goes at first: a typical orbit takes eight seconds, a file is played with
 * thirty snapshots a second. */
static double first_rate(const pane *p)
{
    const subject *s = &p->source->subject;
    double span = s->t_last - s->t_first, rate = span / 60;
    if (!s->live)
        return p->now.n_frames > 1 ? span / (double)(p->now.n_frames - 1) * 30 : span / 10;
    const orr_bodies *b = p->now.bodies;
    static double periods[MOST_AROUND];
    double center[3];
    size_t n = 0;
    for (size_t i = 0; p->around && i < p->n_around; i++) {
        orr_elements el;
        orr_orbit o;
        if (p->around[i] < b->n && primaries_orbit(b, i, p->around[i], &el, &o) && el.e < 1)
            periods[n++] = o.period;
    }
    frame_barycentre(b, center);
    for (size_t i = 0; n == 0 && i < b->n && i < MOST_AROUND; i++) {
        double turn = turn_of(b, i, center);
        if (turn > 0 && isfinite(turn))
            periods[i] = turn;
        else
            periods[i] = fabs(span) / 8;
    }
    if (n == 0)
        n = b->n < MOST_AROUND ? b->n : MOST_AROUND;
    qsort(periods, n, sizeof *periods, by_size);
    rate = fmin(fabs(rate) * 6, periods[n / 2] / 8);
    /* one, two or five of something */
    double power = pow(10, floor(log10(rate))), digit = rate / power;
    rate = (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10) * power;
    return span < 0 ? -rate : rate;
}

bool viewer_open(viewer *v, source *s, const settings *remembered, font *f, int threads)
{
    *v = (viewer){.settings = *remembered, .font = f, .threads = threads, .hud = true};
    if (!open_pane(v, s)) {
        s->close(s);
        return false;
    }
    pane *p = &v->panes[0];
    v->t = s->subject.t_first;
    s->want(s, v->t);
    first_moment(p);
    const orr_bodies *b = p->now.bodies;
    v->camera = (camera){.north = {0, 0, 1}, .pitch = 0.6, .distance = 1};
    v->rate = 1;
    if (b) {
        bool flat;
        find_around(p, true);
        find_north(b, v->north, &flat);
        memcpy(v->camera.north, v->north, sizeof v->north);
        if (flat)
            v->camera.pitch = 1.5707963267948966;
        frame_barycentre(b, v->camera.target);
        /* from aside a disc is not as high as it is wide */
        v->camera.distance =
            camera_distance_for((flat ? 1.15 : 0.9) * radius_of_all(p, v->camera.target));
        v->rate = first_rate(p);
    }
    v->home = v->camera;
    viewer_fetch(v);
    return true;
}

bool viewer_add(viewer *v, source *s)
{
    if (v->n_panes == VIEWER_PANES || !open_pane(v, s)) {
        s->close(s);
        return false;
    }
    s->want(s, v->t);
    first_moment(&v->panes[v->n_panes - 1]);
    return true;
}

static void close_pane(pane *p)
{
    p->source->close(p->source);
    trails_free(&p->trails);
    free(p->around);
    *p = (pane){0};
}

void viewer_close(viewer *v)
{
    while (v->n_panes)
        close_pane(&v->panes[--v->n_panes]);
    draw_list_free(&v->list);
}

/* ---- selection ---- */

size_t viewer_selected(const viewer *v, const pane *p)
{
    if (!v->has_selected || !p->now.bodies)
        return SIZE_MAX;
    size_t i = orr_bodies_find(p->now.bodies, v->selected);
    return i < p->now.bodies->n ? i : SIZE_MAX;
}

static size_t around_of(const pane *p, size_t i)
{
    size_t around = SIZE_MAX;
    if (!p->now.bodies || i >= p->now.bodies->n)
        return SIZE_MAX;
    if (p->around && i < p->n_around)
        return p->around[i];
    primaries_find(p->now.bodies, i, i + 1, &around);
    return around;
}

static void select_index(viewer *v, const pane *p, size_t i)
{
    v->has_selected = p->now.bodies && i < p->now.bodies->n;
    if (v->has_selected)
        v->selected = p->now.bodies->id[i];
    else
        v->follow = false;
    for (int k = 0; k < v->n_panes; k++)
        graph_clear(&v->panes[k].elements);
}

bool viewer_select(viewer *v, const char *name)
{
    const pane *p = &v->panes[0];
    const subject *s = &p->source->subject;
    for (size_t i = 0; p->now.bodies && i < p->now.bodies->n; i++)
        if (strcmp(s->name(s->names, p->now.bodies->id[i]), name) == 0) {
            select_index(v, p, i);
            return true;
        }
    return false;
}

double viewer_element(const viewer *v, const pane *p, const char **name)
{
    static const char *const names[] = {"eccentricity", "semi-major axis", "inclination [deg]",
                                        "distance"};
    *name = names[v->element % 4];
    size_t i = viewer_selected(v, p), around = around_of(p, i);
    orr_elements el;
    orr_orbit o;
    if (i == SIZE_MAX || around == SIZE_MAX || !primaries_orbit(p->now.bodies, i, around, &el, &o))
        return NAN;
    double r2 = 0;
    for (size_t c = 0; c < 3; c++) {
        const double *x = p->now.bodies->pos + c * p->now.bodies->stride;
        r2 += pow(x[i] - x[around], 2);
    }
    const double values[] = {el.e, o.a, el.i * 57.29577951308232, sqrt(r2)};
    return values[v->element % 4];
}

/* ---- time ---- */

void viewer_say(viewer *v, const char *text)
{
    snprintf(v->news, sizeof v->news, "%.399s", text);
    v->news_left = 5;
}

void viewer_pass(viewer *v, double seconds)
{
    v->news_left -= seconds;
    if (v->paused)
        return;
    const subject *s = &v->panes[0].source->subject;
    if (v->fastest && s->live) {
        for (int k = 0; k < v->n_panes; k++)
            v->panes[k].source->want(v->panes[k].source, v->rate < 0 ? -INFINITY : INFINITY);
        return;
    }
    double t = v->t + v->rate * seconds, sign = v->rate < 0 ? -1 : 1;
    for (int k = 0; k < v->n_panes && !v->steady; k++) /* not far ahead of who is slowest */
        t = sign * fmin(sign * t, fmax(sign * v->t, sign * (v->panes[k].now.t + v->rate * lag)));
    double low = fmin(s->t_first, s->t_last), high = fmax(s->t_first, s->t_last);
    v->t = fmax(low, fmin(high, t));
    for (int k = 0; k < v->n_panes; k++)
        v->panes[k].source->want(v->panes[k].source, v->t);
}

/* A body's period, or a typical time where there is none. */
static double period_of(const pane *p, size_t i)
{
    orr_elements el;
    orr_orbit o;
    size_t around = p->around && i < p->n_around ? p->around[i] : SIZE_MAX;
    if (around < p->now.bodies->n && primaries_orbit(p->now.bodies, i, around, &el, &o) && el.e < 1)
        return o.period;
    return 0;
}

static void follow_trails(viewer *v, pane *p)
{
    const orr_bodies *b = p->now.bodies;
    const subject *s = &p->source->subject;
    if (p->trails.room == 0 || p->trails_t == p->now.t)
        return;
    double usual = fabs(v->rate) * 6;
    if (!isnan(p->trails_t) &&
        fabs(p->now.t - p->trails_t) > 0.3 * fabs(s->t_last - s->t_first) + 1e-300 && !s->live)
        trails_clear(&p->trails); /* somebody pulled the bar */
    for (size_t i = 0; i < b->n && i < p->trails.n; i++) {
        double period = period_of(p, i), at[3];
        trails_set_length(&p->trails, i,
                          v->settings.trail_in_time
                              ? v->settings.trail_time
                              : v->settings.trail_orbits * (period > 0 ? period : usual));
        frame_apply(&p->frame, orr_bodies_get(b, i).pos, at);
        trails_add(&p->trails, i, p->now.t, at);
    }
    p->trails_t = p->now.t;
}

static void fetch_pane(viewer *v, pane *p)
{
    sample rows[64];
    moment now = p->source->latest(p->source);
    if (!now.bodies)
        return;
    bool changed_size = p->now.bodies && now.bodies->n != p->n_around;
    if (changed_size) /* indices are others now */
        trails_clear(&p->trails);
    p->now = now;
    find_around(p, changed_size || v->steady);
    size_t i = viewer_selected(v, p);
    p->frame = frame_of(v->frame_kind, now.bodies, i, around_of(p, i));
    follow_trails(v, p);
    for (size_t n; (n = p->source->samples(p->source, rows, 64));)
        for (size_t k = 0; k < n; k++) {
            p->last = rows[k];
            graph_add(&p->errors, rows[k].t, rows[k].energy_error);
        }
    const char *name, *news = p->source->news(p->source);
    graph_add(&p->elements, now.t, viewer_element(v, p, &name));
    if (news)
        viewer_say(v, news);
}

void viewer_fetch(viewer *v)
{
    for (int k = 0; k < v->n_panes; k++)
        fetch_pane(v, &v->panes[k]);
    pane *p = &v->panes[0];
    if (!p->now.bodies)
        return;
    if ((v->fastest || v->paused) && p->source->subject.live)
        v->t = p->now.t; /* it sets the time, until the clock goes on from there */
    if (p->now.ended && !v->paused && !v->steady &&
        v->rate * (p->now.t - p->source->subject.t_first) >= 0 &&
        (p->source->subject.live || p->now.frame + 1 == p->now.n_frames) &&
        fabs(v->t - p->now.t) <= fabs(v->rate) * lag) {
        v->paused = true;
        if (v->news_left <= 0)
            viewer_say(v, p->source->subject.steered ? "the end; Backspace starts again"
                                                     : "the run is over; Q closes the window");
    }
    size_t i = viewer_selected(v, p);
    if (v->follow && i != SIZE_MAX)
        frame_apply(&p->frame, orr_bodies_get(p->now.bodies, i).pos, v->camera.target);
}

bool viewer_arrived(const viewer *v)
{
    for (int k = 0; k < v->n_panes; k++) {
        const pane *p = &v->panes[k];
        if (p->source->subject.live && p->now.t != v->t && !p->now.ended)
            return false;
    }
    return true;
}

/* ---- pictures ---- */

const draw_theme *viewer_theme(const viewer *v)
{
    return v->settings.light ? &draw_theme_light : &draw_theme_dark;
}

inks viewer_inks(const viewer *v)
{
    if (v->settings.light)
        return (inks){0xff14181f, 0xff515b68, 0xd8ffffff, 0xff9098a4, 0xff8a3c00, 0xffb00020};
    return (inks){0xffe9edf3, 0xff98a4b3, 0xb40c121b, 0xff5b6877, 0xffffb454, 0xffff7b72};
}

scene_view viewer_view(const viewer *v, int k, float scale)
{
    const pane *p = &v->panes[k];
    return (scene_view){.bodies = p->now.bodies,
                        .t = p->now.t,
                        .subject = &p->source->subject,
                        .around = p->n_around == p->now.bodies->n ? p->around : NULL,
                        .trails = &p->trails,
                        .frame = p->frame,
                        .camera = v->camera,
                        .north = {v->north[0], v->north[1], v->north[2]},
                        .x = v->width * k / v->n_panes,
                        .y = 0,
                        .width = v->width / v->n_panes,
                        .height = v->height,
                        .look = {.trails = v->settings.trails,
                                 .orbits = v->settings.orbits && v->frame_kind != FRAME_CO_ROTATING,
                                 .grid = v->settings.grid,
                                 .true_size = v->settings.true_size,
                                 .light = v->settings.light,
                                 .scale = scale,
                                 .selected = viewer_selected(v, p)}};
}

void viewer_draw(viewer *v, int width, int height, float scale)
{
    scene_spot spots[VIEWER_PANES][SCENE_MOST_SPOTS];
    size_t n_spots[VIEWER_PANES] = {0};
    v->width = width;
    v->height = height;
    draw_list_clear(&v->list);
    for (int k = 0; k < v->n_panes; k++)
        if (v->panes[k].now.bodies) {
            scene_view view = viewer_view(v, k, scale);
            n_spots[k] = scene_build(&view, v->threads, &v->list, spots[k]);
        }
    hud_draw(v, scale, spots, n_spots);
    if (v->list.short_of_memory)
        viewer_say(v, "out of memory: not all is drawn");
}

/* ---- what people ask for ---- */

static void change_frame(viewer *v)
{
    v->frame_kind = (v->frame_kind + 1) % FRAME_KINDS;
    if (!v->has_selected && (v->frame_kind == FRAME_BODY || v->frame_kind == FRAME_CO_ROTATING)) {
        v->frame_kind = FRAME_INERTIAL;
        viewer_say(v, "inertial frame (select a body for its own, and for the co-rotating one)");
    } else {
        char text[80];
        snprintf(text, sizeof text, "frame: %s", frame_name(v->frame_kind));
        viewer_say(v, text);
    }
    for (int k = 0; k < v->n_panes; k++) {
        trails_clear(&v->panes[k].trails);
        v->panes[k].trails_t = NAN;
    }
    if (v->frame_kind != FRAME_INERTIAL && !v->follow)
        memset(v->camera.target, 0, sizeof v->camera.target);
    viewer_fetch(v);
}

static void look_at_center(viewer *v)
{
    const pane *p = &v->panes[0];
    double center[3];
    v->follow = false;
    if (!p->now.bodies)
        return;
    frame_barycentre(p->now.bodies, center);
    frame_apply(&p->frame, center, v->camera.target);
}

static void select_next(viewer *v, int direction)
{
    const pane *p = &v->panes[0];
    if (!p->now.bodies)
        return;
    size_t n = p->now.bodies->n, i = viewer_selected(v, p);
    if (i == SIZE_MAX)
        i = direction > 0 ? n - 1 : 0;
    select_index(v, p, (i + n + (size_t)(direction + (int)n)) % n);
}

/* 1, 2, 5, 10, ... */
static void change_rate(viewer *v, bool faster)
{
    double size = fabs(v->rate), sign = v->rate < 0 ? -1 : 1;
    double power = pow(10, floor(log10(size) + 1e-9)), digit = size / power;
    if (faster)
        digit = digit < 1.5 ? 2 : digit < 3.5 ? 5 : 10;
    else
        digit = digit > 3.5 ? 2 : digit > 1.5 ? 1 : 0.5;
    v->fastest = false;
    double rate = digit * power;
    if (rate > 1e-30 && rate < 1e30)
        v->rate = sign * rate;
}

static void give_order(viewer *v, order o)
{
    pane *p = &v->panes[o.kind == ORDER_METHOD || o.kind == ORDER_STEP_SIZE ? v->focus : 0];
    if (o.kind == ORDER_ONE)
        v->paused = true;
    if (o.kind == ORDER_RESTART || o.kind == ORDER_ONE) { /* all together */
        for (int k = 0; k < v->n_panes; k++) {
            p = &v->panes[k];
            if (o.kind == ORDER_RESTART) /* before the order: what was wanted until now is over */
                p->source->want(p->source, p->source->subject.t_first);
            if (!p->source->give(p->source, &o) || o.kind != ORDER_RESTART)
                continue;
            trails_clear(&p->trails);
            p->trails_t = NAN;
            if (p->source->subject.live)
                forget_graphs(p);
            v->t = p->source->subject.t_first;
            v->rate = p->source->subject.t_last < v->t ? -fabs(v->rate) : fabs(v->rate);
            v->paused = false;
        }
        return;
    }
    if (!p->source->give(p->source, &o)) {
        viewer_say(v, p->source->subject.live
                          ? "this run is not led from here: `orrery view SCENARIO` is"
                          : "this is a file: its method is what it was");
        return;
    }
    graph_mark(&p->errors, p->now.t, o.kind == ORDER_STEP_SIZE ? "step" : *o.text ? o.text : "own");
}

static void go_to_pane_time(viewer *v)
{
    moment m = v->panes[0].source->latest(v->panes[0].source);
    v->t = m.bodies ? m.t : v->t;
}

static void step(viewer *v, int direction)
{
    if (v->panes[0].source->subject.live && direction < 0) {
        viewer_say(v, "a running simulation has no step back; replay its file");
        return;
    }
    give_order(v, (order){.kind = ORDER_ONE, .factor = direction});
    if (!v->panes[0].source->subject.live)
        go_to_pane_time(v);
}

static void split(viewer *v)
{
    if (v->n_panes == 2) {
        close_pane(&v->panes[1]);
        v->n_panes = 1;
        v->focus = 0;
        return;
    }
    orr_diagnosis why = {0};
    bool live = v->panes[0].source->subject.live;
    const char *other = strncmp(v->panes[0].source->method(v->panes[0].source), "leapfrog", 8) == 0
                            ? "rk4"
                            : "leapfrog";
    source *s = live && v->open_again ? v->open_again(v->user, other, &why) : NULL;
    if (!s) {
        viewer_say(v, *why.text ? why.text : "two methods need a scenario that runs here");
        return;
    }
    if (!viewer_add(v, s)) {
        viewer_say(v, "out of memory");
        return;
    }
    v->focus = 1;
    give_order(v, (order){.kind = ORDER_RESTART});
    viewer_say(v, "two methods, one clock; click a side, then 0 to 9 change its method");
}

static void toggle(viewer *v, bool *flag, const char *name)
{
    char text[64];
    *flag = !*flag;
    snprintf(text, sizeof text, "%s %s", name, *flag ? "on" : "off");
    viewer_say(v, text);
}

static void change_trails(viewer *v, double factor)
{
    char text[64];
    settings *s = &v->settings;
    if (s->trail_in_time) {
        s->trail_time *= factor;
        snprintf(text, sizeof text, "trails: %.3g %s", s->trail_time,
                 v->panes[0].source->subject.time_unit);
    } else {
        s->trail_orbits = fmax(0.05, fmin(50, s->trail_orbits * factor));
        snprintf(text, sizeof text, "trails: %.2g orbits", s->trail_orbits);
    }
    viewer_say(v, text);
}

static void change_font(viewer *v, double by)
{
    v->settings.font_size = fmax(9, fmin(48, v->settings.font_size + by));
}

void viewer_act(viewer *v, action a)
{
    settings *s = &v->settings;
    bool live = v->panes[0].source->subject.live;
    const char *method = input_method(a);
    if (method) {
        order o = {.kind = ORDER_METHOD};
        snprintf(o.text, sizeof o.text, "%s", method);
        give_order(v, o);
        return;
    }
    switch (a) {
    case ACTION_PAUSE:
        if (!v->panes[0].source->subject.steered) {
            viewer_say(v, "this run is not led from here: `orrery view SCENARIO` is");
            break;
        }
        v->paused = !v->paused;
        if (!v->paused && v->panes[0].now.ended && !live &&
            v->t == v->panes[0].source->subject.t_last)
            give_order(v, (order){.kind = ORDER_RESTART});
        if (v->paused && live) /* stand still where it is */
            for (int k = 0; k < v->n_panes; k++)
                v->panes[k].source->want(v->panes[k].source, v->t = v->panes[0].now.t);
        break;
    case ACTION_FORWARD:
        step(v, 1);
        break;
    case ACTION_BACKWARD:
        step(v, -1);
        break;
    case ACTION_SLOWER:
        change_rate(v, false);
        break;
    case ACTION_FASTER:
        change_rate(v, true);
        break;
    case ACTION_FASTEST:
        if (!v->panes[0].source->subject.steered)
            break;
        v->fastest = !v->fastest;
        if (!v->fastest)
            v->t = v->panes[0].now.t;
        break;
    case ACTION_REVERSE:
        if (live)
            viewer_say(v, "a running simulation goes one way; replay its file");
        else {
            v->rate = -v->rate;
            v->paused = false;
        }
        break;
    case ACTION_RESTART:
        give_order(v, (order){.kind = ORDER_RESTART});
        break;
    case ACTION_STEP_SHORTER:
        give_order(v, (order){.kind = ORDER_STEP_SIZE, .factor = 0.5});
        break;
    case ACTION_STEP_LONGER:
        give_order(v, (order){.kind = ORDER_STEP_SIZE, .factor = 2});
        break;
    case ACTION_SPLIT:
        split(v);
        break;
    case ACTION_TRAILS:
        toggle(v, &s->trails, "trails");
        break;
    case ACTION_TRAIL_SHORTER:
        change_trails(v, 0.7071);
        break;
    case ACTION_TRAIL_LONGER:
        change_trails(v, 1.4142);
        break;
    case ACTION_ORBITS:
        toggle(v, &s->orbits, "orbits");
        break;
    case ACTION_LABELS:
        toggle(v, &s->labels, "names");
        break;
    case ACTION_GRAPHS:
        s->graphs = !s->graphs;
        break;
    case ACTION_ELEMENT:
        v->element = (v->element + 1) % 4;
        for (int k = 0; k < v->n_panes; k++)
            graph_clear(&v->panes[k].elements);
        break;
    case ACTION_GRID:
        toggle(v, &s->grid, "plane of reference");
        break;
    case ACTION_SIZES:
        s->true_size = !s->true_size;
        viewer_say(v, s->true_size ? "true sizes" : "sizes that can be seen");
        break;
    case ACTION_THEME:
        s->light = !s->light;
        break;
    case ACTION_HUD:
        v->hud = !v->hud;
        break;
    case ACTION_NEXT:
        select_next(v, 1);
        break;
    case ACTION_PREVIOUS:
        select_next(v, -1);
        break;
    case ACTION_FOLLOW:
        v->follow = v->has_selected && !v->follow;
        viewer_say(v, v->follow         ? "following"
                      : v->has_selected ? "not following"
                                        : "select a body first: click it, or Tab");
        break;
    case ACTION_FRAME:
        change_frame(v);
        break;
    case ACTION_CENTER:
        look_at_center(v);
        break;
    case ACTION_HOME:
        v->camera = v->home;
        if (v->frame_kind != FRAME_INERTIAL)
            look_at_center(v);
        v->follow = false;
        break;
    case ACTION_NEARER:
        camera_zoom(&v->camera, 1 / 1.25, 0, 0);
        break;
    case ACTION_FARTHER:
        camera_zoom(&v->camera, 1.25, 0, 0);
        break;
    case ACTION_LEFT:
        camera_turn(&v->camera, -0.08, 0);
        break;
    case ACTION_RIGHT:
        camera_turn(&v->camera, 0.08, 0);
        break;
    case ACTION_UP:
        camera_turn(&v->camera, 0, 0.08);
        break;
    case ACTION_DOWN:
        camera_turn(&v->camera, 0, -0.08);
        break;
    case ACTION_FULLSCREEN:
        v->wants_fullscreen = true;
        break;
    case ACTION_FONT_LARGER:
        change_font(v, 1);
        break;
    case ACTION_FONT_SMALLER:
        change_font(v, -1);
        break;
    case ACTION_SCREENSHOT:
        v->wants_screenshot = true;
        break;
    case ACTION_RECORD:
        v->wants_record = true;
        break;
    case ACTION_HELP:
        v->help = !v->help;
        break;
    case ACTION_ESCAPE:
        if (v->help)
            v->help = false;
        else
            select_index(v, &v->panes[0], SIZE_MAX);
        break;
    case ACTION_QUIT:
        v->quit = true;
        break;
    default:
        break;
    }
}

/* ---- the pointer ---- */

static int pane_at(const viewer *v, double x)
{
    int k = (int)(x * v->n_panes / fmax(1, v->width));
    return k < 0 ? 0 : k >= v->n_panes ? v->n_panes - 1 : k;
}

void viewer_click(viewer *v, double x, double y, bool twice)
{
    v->focus = pane_at(v, x);
    const pane *p = &v->panes[v->focus];
    if (!p->now.bodies)
        return;
    scene_view view = viewer_view(v, v->focus, 1);
    size_t i = scene_pick(&view, x, y, 14);
    select_index(v, p, i);
    if (twice && v->has_selected) {
        v->follow = true;
        viewer_fetch(v);
    }
}

void viewer_drag(viewer *v, double dx, double dy, bool pan)
{
    if (pan) {
        v->follow = false;
        camera_pan(&v->camera, -2 * dx / v->height, 2 * dy / v->height);
    } else
        camera_turn(&v->camera, -dx * 0.006, dy * 0.006);
}

void viewer_zoom(viewer *v, double x, double y, double factor)
{
    int k = pane_at(v, x);
    double w = v->width / v->n_panes, half = fmin(v->height, w) / 2;
    double px = (x - w * (k + 0.5)) / half, py = (v->height / 2 - y) / half;
    camera_zoom(&v->camera, factor, v->follow ? 0 : px, v->follow ? 0 : py);
}

void viewer_scrub(viewer *v, double x)
{
    const subject *s = &v->panes[0].source->subject;
    if (s->live)
        return;
    double part = (x - v->bar_x0) / fmax(1, v->bar_x1 - v->bar_x0);
    v->t = s->t_first + fmax(0, fmin(1, part)) * (s->t_last - s->t_first);
    v->panes[0].source->want(v->panes[0].source, v->t);
}

bool viewer_press(viewer *v, double x, double y)
{
    for (int k = 0; k < v->n_buttons; k++) {
        const button *b = &v->buttons[k];
        if (x >= b->x0 && x < b->x1 && y >= b->y0 && y < b->y1) {
            viewer_act(v, b->action);
            return true;
        }
    }
    if (x >= v->bar_x0 - 6 && x <= v->bar_x1 + 6 && y >= v->bar_y0 - 8 && y <= v->bar_y1 + 8 &&
        v->bar_x1 > v->bar_x0) {
        v->dragging_bar = !v->panes[0].source->subject.live;
        viewer_scrub(v, x);
        return true;
    }
    return false;
}
