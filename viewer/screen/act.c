/* act.c - what people ask for: keys, buttons, the pointer. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "viewer.h"

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
    viewer_forget_trails(v);
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
    viewer_select_index(v, p, (i + n + (size_t)(direction + (int)n)) % n);
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
        v->element = (v->element + 1) % VIEWER_ELEMENTS;
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
        viewer_go_home(v);
        if (v->frame_kind != FRAME_INERTIAL)
            look_at_center(v);
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
        else if (v->has_selected)
            viewer_select_index(v, &v->panes[0], SIZE_MAX);
        else if (s->fullscreen)
            v->wants_fullscreen = true;
        else
            viewer_say(v, "Q closes the window; H shows all keys");
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
