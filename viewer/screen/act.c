/* act.c - what people ask for: keys, buttons, the pointer. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "viewer.h"

static void change_frame(viewer *v, double unused)
{
    (void)unused;
    v->frame_kind = (v->frame_kind + 1) % FRAME_KINDS;
    if (!v->has_selected && (v->frame_kind == FRAME_BODY || v->frame_kind == FRAME_CO_ROTATING)) {
        v->frame_kind = FRAME_INERTIAL;
        viewer_say(v, "inertial frame (select a body for its own, and for the co-rotating one)");
    } else {
        char text[80];
        snprintf(text, sizeof text, "frame: %s", frame_name(v->frame_kind));
        viewer_say(v, text);
    }
    viewer_forget_trails(v);
    if (v->frame_kind != FRAME_INERTIAL && !v->follow)
        memset(v->camera.target, 0, sizeof v->camera.target);
    viewer_fetch(v);
}

static void look_at_center(viewer *v, double unused)
{
    (void)unused;
    const pane *p = &v->panes[0];
    double center[3];
    v->follow = false;
    if (!p->now.bodies)
        return;
    frame_barycentre(p->now.bodies, center);
    frame_apply(&p->frame, center, v->camera.target);
}

static void select_next(viewer *v, double direction)
{
    const pane *p = &v->panes[0];
    if (!p->now.bodies)
        return;
    size_t n = p->now.bodies->n, i = viewer_selected(v, p);
    if (i == SIZE_MAX)
        i = direction > 0 ? n - 1 : 0;
    viewer_select_index(v, p, (i + n + (size_t)((int)direction + (int)n)) % n);
}

/* 1, 2, 5, 10, ... */
static void change_rate(viewer *v, double direction)
{
    double size = fabs(v->rate), sign = v->rate < 0 ? -1 : 1;
    double power = pow(10, floor(log10(size) + 1e-9)), digit = size / power;
    if (direction > 0)
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
            *p->last_word = 0;
            if (p->source->subject.live) {
                p->starts++;
                viewer_forget_graphs(p);
            }
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
}

static void go_to_pane_time(viewer *v)
{
    moment m = v->panes[0].source->latest(v->panes[0].source);
    v->t = m.bodies ? m.t : v->t;
}

static void step(viewer *v, double direction)
{
    if (v->panes[0].source->subject.live && direction < 0) {
        viewer_say(v, "a running simulation has no step back; replay its file");
        return;
    }
    give_order(v, (order){.kind = ORDER_ONE, .factor = direction});
    if (!v->panes[0].source->subject.live)
        go_to_pane_time(v);
}

static void split(viewer *v, double unused)
{
    (void)unused;
    if (v->n_panes == 2) {
        viewer_close_last(v);
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

static bool is_live(const viewer *v)
{
    return v->panes[0].source->subject.live;
}

/* ---- one function for each line of actions.def ---- */

static void pause_or_go_on(viewer *v, double unused)
{
    (void)unused;
    const pane *first = &v->panes[0];
    if (!first->source->subject.steered) {
        viewer_say(v, "this run is not led from here: `orrery view SCENARIO` is");
        return;
    }
    v->paused = !v->paused;
    if (!v->paused && first->now.ended && !is_live(v) && v->t == first->source->subject.t_last)
        give_order(v, (order){.kind = ORDER_RESTART});
    if (v->paused && is_live(v)) /* stand still where it is */
        for (int k = 0; k < v->n_panes; k++)
            v->panes[k].source->want(v->panes[k].source, v->t = first->now.t);
}

static void change_fastest(viewer *v, double unused)
{
    (void)unused;
    if (!v->panes[0].source->subject.steered)
        return;
    v->fastest = !v->fastest;
    if (!v->fastest)
        v->t = v->panes[0].now.t;
}

static void reverse(viewer *v, double unused)
{
    (void)unused;
    if (is_live(v)) {
        viewer_say(v, "a running simulation goes one way; replay its file");
        return;
    }
    v->rate = -v->rate;
    v->paused = false;
}

static void restart(viewer *v, double unused)
{
    (void)unused;
    give_order(v, (order){.kind = ORDER_RESTART});
}

static void take_method(viewer *v, double number)
{
    order o = {.kind = ORDER_METHOD};
    snprintf(o.text, sizeof o.text, "%s", input_method((action)(ACTION_METHOD_0 + (int)number)));
    give_order(v, o);
}

static void change_step(viewer *v, double factor)
{
    give_order(v, (order){.kind = ORDER_STEP_SIZE, .factor = factor});
}

static void show_trails(viewer *v, double unused)
{
    (void)unused;
    toggle(v, &v->settings.trails, "trails");
}

static void show_orbits(viewer *v, double unused)
{
    (void)unused;
    toggle(v, &v->settings.orbits, "orbits");
}

static void show_names(viewer *v, double unused)
{
    (void)unused;
    toggle(v, &v->settings.labels, "names");
}

static void show_graphs(viewer *v, double unused)
{
    (void)unused;
    v->settings.graphs = !v->settings.graphs;
}

static void next_element(viewer *v, double unused)
{
    (void)unused;
    v->element = (v->element + 1) % VIEWER_ELEMENTS;
    for (int k = 0; k < v->n_panes; k++)
        graph_clear(&v->panes[k].elements);
}

static void show_plane(viewer *v, double unused)
{
    (void)unused;
    toggle(v, &v->settings.grid, "plane of reference");
}

static void change_sizes(viewer *v, double unused)
{
    settings *s = &v->settings;
    (void)unused;
    s->true_size = !s->true_size;
    viewer_say(v, s->true_size ? "true sizes" : "sizes that can be seen");
}

static void change_colors(viewer *v, double unused)
{
    static const char *const news[] = {"own colours", "colours by speed",
                                       "colours along the line of sight: blue comes, red goes"};
    (void)unused;
    v->tint = (v->tint + 1) % TINT_KINDS;
    viewer_say(v, news[v->tint]);
}

static void change_theme(viewer *v, double unused)
{
    (void)unused;
    v->settings.light = !v->settings.light;
}

static void show_writing(viewer *v, double unused)
{
    (void)unused;
    v->hud = !v->hud;
}

static void follow(viewer *v, double unused)
{
    (void)unused;
    v->follow = v->has_selected && !v->follow;
    viewer_say(v, v->follow         ? "following"
                  : v->has_selected ? "not following"
                                    : "select a body first: click it, or Tab");
}

static void go_home(viewer *v, double unused)
{
    viewer_go_home(v);
    if (v->frame_kind != FRAME_INERTIAL)
        look_at_center(v, unused);
}

static void come_nearer(viewer *v, double factor)
{
    camera_zoom(&v->camera, 1 / factor, 0, 0);
}

static void turn_right(viewer *v, double angle)
{
    camera_turn(&v->camera, angle, 0);
}

static void turn_up(viewer *v, double angle)
{
    camera_turn(&v->camera, 0, angle);
}

static void change_fullscreen(viewer *v, double unused)
{
    (void)unused;
    v->wants_fullscreen = true;
}

static void change_font(viewer *v, double by)
{
    v->settings.font_size = fmax(9, fmin(48, v->settings.font_size + by));
}

static void take_screenshot(viewer *v, double unused)
{
    (void)unused;
    v->wants_screenshot = true;
}

static void record(viewer *v, double unused)
{
    (void)unused;
    v->wants_record = true;
}

static void show_help(viewer *v, double unused)
{
    (void)unused;
    v->help = !v->help;
}

/* One thing after the other, from the last that was opened. */
static void escape(viewer *v, double unused)
{
    (void)unused;
    if (v->help)
        v->help = false;
    else if (v->has_selected)
        viewer_select_index(v, &v->panes[0], SIZE_MAX);
    else if (v->settings.fullscreen)
        v->wants_fullscreen = true;
    else
        viewer_say(v, "Q closes the window; H shows all keys");
}

static void quit(viewer *v, double unused)
{
    (void)unused;
    v->quit = true;
}

void viewer_act(viewer *v, action a)
{
    static const struct {
        void (*function)(viewer *v, double by);
        double by;
    } table[ACTIONS] = {
#define ACTION(name, key, help, function, by) [ACTION_##name] = {function, by},
#include "actions.def"
#undef ACTION
    };
    if (a > ACTION_NONE && a < ACTIONS)
        table[a].function(v, table[a].by);
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
    for (size_t k = 0; k < v->n_names[v->focus] && i == SIZE_MAX; k++) {
        const label *l = &v->names[v->focus][k];
        if (x >= l->x0 && x <= l->x1 && y >= l->y0 && y <= l->y1)
            i = l->body;
    }
    viewer_select_index(v, p, i);
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
    if (v->follow || v->n_panes > 1) /* the middle stays, in both halves */
        px = py = 0;
    camera_zoom(&v->camera, factor, px, py);
    const pane *p = &v->panes[v->follow ? 0 : k];
    size_t i = viewer_selected(v, p);
    if (v->follow && i != SIZE_MAX) /* not through its surface */
        v->camera.distance = fmax(v->camera.distance, 1.5 * p->now.bodies->radius[i]);
}

void viewer_scrub(viewer *v, double x)
{
    const subject *s = &v->panes[0].source->subject;
    if (s->live) {
        viewer_say(v, "a running simulation cannot be pulled back and forth; replay its file");
        return;
    }
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
