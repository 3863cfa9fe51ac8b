/* viewer.c - see viewer.h. */
#include "viewer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <orrery/osculating.h>
#include <orrery/primaries.h>

#include "viewer/sources/feed.h"

static const double lag = 0.12; /* [s] that the clock may be ahead of a simulation */

/* ---- opening ---- */

void viewer_forget_graphs(pane *p)
{
    graph_clear(&p->errors);
    graph_clear(&p->since);
    graph_clear(&p->elements);
}

static bool open_pane(viewer *v, source *s)
{
    pane *p = &v->panes[v->n_panes];
    *p = (pane){.source = s, .trails_t = NAN, .looked = -INFINITY};
    p->last.energy_error = p->last.error_since = NAN;
    viewer_forget_graphs(p);
    size_t n = s->subject.n;
    p->around = malloc((VIEWER_MOST_AROUND < n ? VIEWER_MOST_AROUND : n + 1) * sizeof *p->around);
    if (!p->around || !trails_create(&p->trails, n)) {
        free(p->around);
        return false;
    }
    v->n_panes++;
    return true;
}

/* The period of a body, 0 where there is none. */
static double period_of(const pane *p, size_t i)
{
    orr_elements el;
    orr_orbit o;
    size_t around = i < p->n_around ? p->around[i] : SIZE_MAX;
    if (around < p->now.bodies->n &&
        orr_osculating_pair(p->now.bodies, i, around, &el, &o) == ORR_OK && el.e < 1)
        return o.period;
    return 0;
}

/* Which moves around which, now and then; and how long trails are, which depends on it. */
static void find_around(const viewer *v, pane *p, bool now)
{
    double clock = orr_clock();
    if (!p->now.bodies || (!now && p->n_bodies == p->now.bodies->n && clock - p->looked < 0.25))
        return;
    p->n_bodies = p->now.bodies->n;
    p->n_around = p->n_bodies < VIEWER_MOST_AROUND ? p->n_bodies : VIEWER_MOST_AROUND;
    p->looked = clock;
    orr_primaries_find(p->now.bodies, 0, p->n_around, p->around);
    double shortest = INFINITY;
    for (size_t i = 0; p->trails.room && i < p->n_bodies; i++) {
        double own = period_of(p, i), period = v->settings.trail_in_time ? 0 : own;
        shortest = own > 0 ? fmin(shortest, own) : shortest;
        trails_set_length(&p->trails, i,
                          v->settings.trail_in_time ? v->settings.trail_time
                          : period > 0              ? v->settings.trail_orbits * period
                                                    : v->settings.trail_orbits * fabs(v->rate) * 8);
    }
    if (p->source->follow)
        p->source->follow(p->source, v->settings.trails && isfinite(shortest) ? shortest / 60 : 0);
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

bool viewer_open(viewer *v, source *s, const settings *remembered, font *f, int threads)
{
    *v = (viewer){
        .settings = *remembered, .font = f, .threads = threads, .hud = true, .details = true};
    if (!open_pane(v, s)) {
        s->close(s);
        return false;
    }
    v->camera = (camera){.north = {0, 0, 1}, .pitch = 0.6, .distance = 1};
    v->home = v->camera;
    v->north[2] = 1;
    v->t = s->subject.t_first;
    v->rate = 1;
    s->want(s, v->t);
    first_moment(&v->panes[0]);
    viewer_fetch(v);
    return true;
}

/* Once the first state is there (a file may still be empty): from where to look, and how fast the
 * clock goes. */
static void begin(viewer *v)
{
    pane *p = &v->panes[0];
    const orr_bodies *b = p->now.bodies;
    bool flat;
    v->begun = true;
    if (!v->plane_given)
        v->plane = viewer_plane_usual(v);
    v->t = p->source->subject.t_first;
    find_around(v, p, true);
    viewer_find_north(b, v->north, &flat);
    memcpy(v->camera.north, v->north, sizeof v->north);
    if (flat)
        v->camera.pitch = 1.5707963267948966;
    frame_barycentre(b, v->camera.target);
    /* from aside a disc is not as high as it is wide */
    v->camera.distance =
        camera_distance_for((flat ? 1.15 : 0.9) * viewer_radius_of_all(p, v->camera.target));
    v->rate = viewer_first_rate(p);
    find_around(v, p, true); /* trails depend on the rate, too */
    v->home = v->camera;
}

void viewer_forget_trails(viewer *v)
{
    for (int k = 0; k < v->n_panes; k++) {
        trails_clear(&v->panes[k].trails);
        v->panes[k].trails_t = NAN;
    }
}

void viewer_go_home(viewer *v)
{
    double distance = v->home.distance;
    for (int k = 0; k < v->n_panes; k++)
        if (v->panes[k].now.bodies) { /* it may have become larger */
            double radius = viewer_radius_of_all(&v->panes[k], v->home.target);
            distance = fmax(distance, camera_distance_for(0.9 * radius));
        }
    v->camera = v->home;
    v->camera.distance = distance;
    v->follow = false;
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

void viewer_close_last(viewer *v)
{
    close_pane(&v->panes[--v->n_panes]);
    v->focus = 0;
}

void viewer_close(viewer *v)
{
    while (v->n_panes)
        viewer_close_last(v);
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
    if (i < p->n_around)
        return p->around[i];
    orr_primaries_find(p->now.bodies, i, i + 1, &around);
    return around;
}

void viewer_select_index(viewer *v, const pane *p, size_t i)
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
            viewer_select_index(v, p, i);
            return true;
        }
    return false;
}

static const double degree = 57.29577951308232;

double viewer_element(const viewer *v, const pane *p, const char **name)
{
    static const struct {
        const char *element, *title; /* element NULL: how far they are apart */
        double scale;
    } shown[VIEWER_ELEMENTS] = {{"e", "eccentricity", 1},
                                {"a", "semi-major axis", 1},
                                {"i", "inclination [deg]", degree},
                                {NULL, "distance", 1},
                                {"Omega", "longitude of the node [deg]", degree},
                                {"omega", "argument of pericentre [deg]", degree},
                                {"pomega", "longitude of pericentre [deg]", degree},
                                {"M", "mean anomaly [deg]", degree},
                                {"L", "mean longitude [deg]", degree},
                                {"f", "true anomaly [deg]", degree},
                                {"q", "pericentre distance", 1},
                                {"Q", "apocentre distance", 1},
                                {"P", "period", 1}};
    *name = shown[v->element % VIEWER_ELEMENTS].title;
    const char *wanted = shown[v->element % VIEWER_ELEMENTS].element;
    size_t i = viewer_selected(v, p), around = around_of(p, i);
    orr_elements el;
    orr_orbit o;
    if (i == SIZE_MAX || around == SIZE_MAX || !viewer_orbit(v, p, i, around, &el, &o))
        return NAN;
    if (!wanted)
        return orr_separation(p->now.bodies, i, around);
    double values[ORR_ORBITALS], mu = p->now.bodies->gm[i] + p->now.bodies->gm[around];
    orr_orbitals(&el, mu, p->now.t, values);
    double value = values[orr_orbital_find(wanted, strlen(wanted))];
    return isfinite(value) ? value * shown[v->element % VIEWER_ELEMENTS].scale : NAN;
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
    for (int k = 0; k < v->n_panes && !v->steady && s->live; k++) /* not far ahead of the slowest */
        t = sign * fmin(sign * t, fmax(sign * v->t, sign * (v->panes[k].now.t + v->rate * lag)));
    double low = fmin(s->t_first, s->t_last), high = fmax(s->t_first, s->t_last);
    v->t = fmax(low, fmin(high, t));
    for (int k = 0; k < v->n_panes; k++)
        v->panes[k].source->want(v->panes[k].source, v->t);
}

static void follow_trails(pane *p)
{
    const orr_bodies *b = p->now.bodies;
    const subject *s = &p->source->subject;
    if (p->trails.room == 0 || p->trails_t == p->now.t)
        return;
    if (!isnan(p->trails_t) &&
        fabs(p->now.t - p->trails_t) > 0.3 * fabs(s->t_last - s->t_first) + 1e-300 && !s->live)
        trails_clear(&p->trails); /* the bar was pulled */
    for (size_t i = 0; i < b->n && i < p->trails.n; i++) {
        double at[3];
        frame_apply(&p->frame, orr_bodies_get(b, i).pos, at);
        trails_add(&p->trails, i, p->now.t, at);
    }
    p->trails_t = p->now.t;
}

/* Where another method, or another step, is at work: what was asked for may have been refused. */
static void mark_method(pane *p)
{
    const char *now = p->source->method(p->source);
    if (*p->method && strcmp(p->method, now) != 0 && p->source->subject.live) {
        bool same = strncmp(p->method, now, strcspn(p->method, ",")) == 0;
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(now, ","), now);
        graph_mark(&p->errors, p->now.t, same ? "step" : name);
        graph_clear(&p->since);
    }
    snprintf(p->method, sizeof p->method, "%.63s", now);
}

/* What happened between two pictures. */
static void follow_tracks(pane *p)
{
    track t;
    while (p->source->next_track && p->source->next_track(p->source, &t)) {
        if (t.start != p->starts || p->n_bodies != t.n || p->frame_is_moving)
            continue;
        for (size_t i = 0; i < t.n; i++) {
            const double pos[3] = {t.pos[0][i], t.pos[1][i], t.pos[2][i]};
            double at[3];
            frame_apply(&p->frame, pos, at);
            trails_add(&p->trails, i, t.t, at);
        }
        p->trails_t = t.t;
    }
}

static void fetch_pane(viewer *v, pane *p)
{
    sample rows[64];
    moment now = p->source->latest(p->source);
    if (!now.bodies)
        return;
    bool changed_size = p->now.bodies && now.bodies->n != p->n_bodies;
    if (changed_size) /* indices are others now */
        trails_clear(&p->trails);
    p->now = now;
    if (!v->begun)
        begin(v);
    find_around(v, p, changed_size || v->steady);
    size_t i = viewer_selected(v, p);
    p->frame = frame_of(v->frame_kind, now.bodies, i, around_of(p, i));
    p->frame_is_moving = v->frame_kind != FRAME_INERTIAL;
    follow_tracks(p);
    follow_trails(p);
    for (size_t n; (n = p->source->samples(p->source, rows, 64));)
        for (size_t k = 0; k < n; k++) {
            if (rows[k].start != p->starts)
                continue; /* measured before it was started again */
            double known = p->last.energy_error;
            p->last = rows[k];
            if (isnan(p->last.energy_error)) /* of many bodies it is measured now and then */
                p->last.energy_error = known;
            graph_add(&p->errors, rows[k].t, rows[k].energy_error);
            graph_add(&p->since, rows[k].t, rows[k].error_since);
        }
    const char *name, *news = p->source->news(p->source);
    p->elements.gap = i < p->n_bodies ? period_of(p, i) / 8 : 0;
    graph_add(&p->elements, now.t, viewer_element(v, p, &name));
    mark_method(p);
    if (news) {
        viewer_say(v, news);
        snprintf(p->last_word, sizeof p->last_word, "%.399s", news);
    }
}

/* The selected body is no more, most often because it became part of another: the one that is
 * nearest to where it was last is selected now. */
static size_t select_heir(viewer *v, const pane *p)
{
    const orr_bodies *b = p->now.bodies;
    const subject *s = &p->source->subject;
    size_t nearest = SIZE_MAX;
    double least = INFINITY;
    for (size_t k = 0; k < b->n; k++) {
        double r2 = 0;
        for (size_t c = 0; c < 3; c++)
            r2 += pow(b->pos[k + c * b->stride] - p->at_selected[c], 2);
        if (r2 < least)
            least = r2, nearest = k;
    }
    char text[300];
    bool follow = v->follow;
    if (nearest == SIZE_MAX)
        return SIZE_MAX;
    snprintf(text, sizeof text, "%.80s is no more; %s is %.80s", s->name(s->names, v->selected),
             follow ? "followed now" : "selected now", s->name(s->names, b->id[nearest]));
    viewer_select_index(v, p, nearest);
    v->follow = follow;
    viewer_say(v, text);
    return nearest;
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
    if (v->has_selected && i == SIZE_MAX)
        i = select_heir(v, p);
    if (i == SIZE_MAX)
        return;
    orr_body body = orr_bodies_get(p->now.bodies, i);
    if (!isfinite(body.pos[0] + body.pos[1] + body.pos[2]))
        return;
    memcpy(p->at_selected, body.pos, sizeof body.pos);
    if (v->follow)
        frame_apply(&p->frame, body.pos, v->camera.target);
}

bool viewer_has_changed(viewer *v)
{
    double now[4] = {v->rate, v->news_left > 0, 0, 0};
    for (int k = 0; k < v->n_panes; k++) {
        const moment *m = &v->panes[k].now;
        now[2] += (k + 1) * (m->t + (double)m->frame) + (double)m->step;
        now[3] += (double)m->n_frames + 0.25 * m->ended + 0.125 * m->growing + (m->bodies != NULL);
        now[3] += v->panes[k].errors.n + v->panes[k].since.n;
    }
    bool same = memcmp(now, v->seen, sizeof now) == 0;
    memcpy(v->seen, now, sizeof now);
    return !same;
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
                        .around = p->n_bodies == p->now.bodies->n ? p->around : NULL,
                        .n_around = p->n_around,
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
                                 .tint = v->tint,
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
