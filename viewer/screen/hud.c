/* hud.c - the writing over the picture: time, method, error, scale, the selected body, graphs,
 * the bar with its buttons, help. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <orrery/osculating.h>
#include <orrery/primaries.h>

#include "viewer/model/calendar.h"
#include "viewer/draw/labels.h"
#include "viewer.h"

static const double G_si = 6.67430e-11, au = 149597870700.0, parsec = 3.0856775814913673e16,
                    degree = 57.29577951308232;

/* A column of lines. */
typedef struct writer {
    viewer *v;
    inks inks;
    float size, x, y, line;
    float width; /* of the widest so far */
    float most;  /* no line is wider; 0: any */
} writer;

/* The text, or as much of it as fits, with dots. */
static void shorten(writer *w, const char *text, char out[260])
{
    snprintf(out, 260, "%.250s", text);
    for (size_t n = strlen(out);
         w->most > 0 && n > 0 && font_width(w->v->font, w->size, out) > w->most;) {
        do
            n--;
        while (n > 0 && ((unsigned char)out[n] & 0xc0) == 0x80); /* whole letters */
        strcpy(out + n, "\u2026");
    }
}

static void write_line(writer *w, uint32_t color, const char *text)
{
    char fits[260];
    shorten(w, text, fits);
    float end = draw_add_text(&w->v->list, w->v->font, w->size, w->x, w->y, fits, color);
    w->width = fmaxf(w->width, end - w->x);
    w->y += w->line;
}

/* A panel under lines that are written already: the box goes before them in the list. */
static void put_under(const writer *w, size_t first, float top)
{
    draw_list *l = &w->v->list;
    size_t n = l->n_items;
    float pad = 0.7f * w->size;
    draw_add_box(l, w->x - pad, top, w->x + w->width + pad, w->y - w->line + 0.6f * w->size,
                 w->inks.panel);
    if (l->n_items == n || first >= n)
        return;
    draw_item box = l->items[n];
    memmove(l->items + first + 1, l->items + first, (n - first) * sizeof *l->items);
    l->items[first] = box;
}

/* ---- numbers with units ---- */

static void length_text(const subject *s, double value, char out[64])
{
    char number[32];
    double metres = value * s->length_si;
    const char *unit = "";
    if (*s->length_unit) {
        bool far = fabs(metres) >= 0.02 * au;
        double in = far ? metres / au : fabs(metres) < 10000 ? metres : metres / 1000;
        unit = far ? " au" : fabs(metres) < 10000 ? " m" : " km";
        if (fabs(metres) > 1e5 * au) {
            double parsecs = metres / parsec, size = fabs(parsecs);
            in = parsecs / (size >= 1e6 ? 1e6 : size >= 1e3 ? 1e3 : 1);
            unit = size >= 1e6 ? " Mpc" : size >= 1e3 ? " kpc" : " pc";
        }
        number_text(in, number);
    } else
        number_text(value, number);
    snprintf(out, 64, "%s%s", number, unit);
}

/* What people measure time in, the largest first [s]; years are Julian. */
static const struct {
    double seconds;
    const char *name;
} units[] = {{31557600e6, "Myr"}, {31557600e3, "kyr"}, {31557600, "yr"}, {86400, "d"},
             {3600, "h"},         {60, "min"},         {1, "s"}};

/* In seconds to years, whatever people would take. */
static void time_span_text(const subject *s, double value, char out[64])
{
    char number[32];
    if (!*s->time_unit) {
        number_text(value, number);
        snprintf(out, 64, "%s", number);
        return;
    }
    double seconds = value * s->time_si;
    size_t k = 0;
    while (k + 1 < sizeof units / sizeof *units && fabs(seconds) < 1.9 * units[k].seconds)
        k++;
    number_text(seconds / units[k].seconds, number);
    snprintf(out, 64, "%s %s", number, units[k].name);
}

/* Rates are round in the unit of the run; else in the largest unit of which it is a whole number.
 */
static void rate_text(const subject *s, double rate, char out[64])
{
    bool plain = fabs(rate) >= 0.0099 && fabs(rate) < 1e4;
    if (*s->time_unit && plain) {
        snprintf(out, 64, "%.4g %s", rate, s->time_unit);
        return;
    }
    for (size_t k = 0; *s->time_unit && k < sizeof units / sizeof *units; k++) {
        double value = rate * s->time_si / units[k].seconds;
        if (fabs(value) > 0.9 && fabs(value) < 1e6 &&
            fabs(value - round(value)) < 1e-9 * fabs(value)) {
            snprintf(out, 64, "%.0f %s", value, units[k].name);
            return;
        }
    }
    time_span_text(s, rate, out);
}

static void clock_text(const subject *s, double t, char out[160])
{
    char date[64], span[64];
    time_span_text(s, t, span);
    if (s->has_epoch) {
        orr_date now = orr_date_plus(&s->epoch, t, s->time_si);
        calendar_text(&now, date);
        snprintf(out, 160, "%s %s   %s%s", date, orr_timescale_at(now.scale)->name,
                 t >= 0 ? "+" : "", span);
    } else
        snprintf(out, 160, "t = %s", span);
}

static void mass_text(const subject *s, double gm, char out[64])
{
    char number[32];
    const char *unit = " kg";
    if (!*s->time_unit) {
        number_text(gm, number);
        snprintf(out, 64, "GM %s", number);
        return;
    }
    double si = gm * pow(s->length_si, 3) / (s->time_si * s->time_si), value = si / G_si;
    const double sun = 1.3271244e20, jupiter = 1.2668653e17, earth = 3.986004e14; /* IAU 2015 */
    if (si > 0.01 * sun)
        value = si / sun, unit = " Msun";
    else if (si > 0.05 * jupiter)
        value = si / jupiter, unit = " Mjup";
    else if (si > 1e-3 * earth)
        value = si / earth, unit = " Mearth";
    number_text(value, number);
    snprintf(out, 64, "mass %s%s", number, unit);
}

/* ---- corner: what runs, and how well ---- */

static void write_pane(viewer *v, int k, float scale)
{
    pane *p = &v->panes[k];
    const subject *s = &p->source->subject;
    float size = (float)v->settings.font_size * scale;
    writer w = {v,           viewer_inks(v), size, (float)(v->width * k / v->n_panes) + size,
                1.7f * size, 1.35f * size};
    char text[256], number[64];
    size_t first = v->list.n_items;
    float top = 0.4f * size;
    w.most = (float)v->width / (float)v->n_panes - 2 * size;
    if (k == 0) {
        w.size = 1.25f * size;
        write_line(&w, w.inks.text, s->title);
        w.size = size;
        clock_text(s, p->now.t, text);
        write_line(&w, w.inks.text, text);
        rate_text(s, v->rate, number);
        if (v->fastest && s->live && !s->steered)
            snprintf(text, sizeof text, "\u25b6 run on its way");
        else if (v->fastest && s->live)
            snprintf(text, sizeof text, "%s as fast as it can",
                     v->paused ? "\u275a\u275a" : "\u25b6");
        else
            snprintf(text, sizeof text, "%s %s a second",
                     v->paused                 ? "\u275a\u275a"
                     : v->rate < 0 && !s->live ? "\u25c0"
                                               : "\u25b6",
                     number);
        if (s->live && !v->steady && !v->paused && !p->now.ended &&
            fabs(v->t - p->now.t) > fabs(v->rate) * 0.1 && !v->fastest)
            strcat(text, "  (this machine is slower)");
        if (!v->steady)
            write_line(&w, w.inks.dim, text);
    }
    const char *method = p->source->method(p->source);
    snprintf(text, sizeof text, "%s%s", v->n_panes > 1 && k == v->focus ? "\u25cf " : "", method);
    write_line(&w, v->n_panes > 1 ? w.inks.accent : w.inks.dim, text);
    if (!isnan(p->last.energy_error) && s->live) {
        number_text(p->last.energy_error, number);
        snprintf(text, sizeof text, "energy error %s", number);
        write_line(&w, fabs(p->last.energy_error) > 1e-2 ? w.inks.alarm : w.inks.dim, text);
        if (!isnan(p->last.error_since) && p->since.n > 1) {
            number_text(p->last.error_since, number);
            snprintf(text, sizeof text, "since the last change %s", number);
            write_line(&w, w.inks.dim, text);
        }
    }
    if (s->live && !v->steady) {
        number_text(p->last.steps_per_second, number);
        snprintf(text, sizeof text, "step %llu, %s steps/s", (unsigned long long)p->last.step,
                 number);
        write_line(&w, w.inks.dim, text);
    }
    if (!s->live) {
        bool last = p->now.frame + 1 >= p->now.n_frames;
        snprintf(text, sizeof text, "snapshot %zu of %zu%s", p->now.frame + 1, p->now.n_frames,
                 p->now.growing && last ? " so far: waiting for the next"
                 : p->now.growing       ? " so far"
                 : last && !v->steady   ? ": the end"
                                        : "");
        write_line(&w, w.inks.dim, text);
    }
    if (p->now.ended && *p->last_word && !v->steady) {
        snprintf(text, sizeof text, "ended: %.*s%s", 90, p->last_word,
                 strlen(p->last_word) > 90 ? " ..." : "");
        write_line(&w, w.inks.alarm, text);
    }
    if (k == 0 && !v->steady && v->fps > 0) {
        snprintf(text, sizeof text, "%.0f pictures/s", v->fps);
        write_line(&w, w.inks.dim, text);
    }
    if (k == 0 && v->frame_kind != FRAME_INERTIAL) {
        snprintf(text, sizeof text, "frame: %s", frame_name(v->frame_kind));
        write_line(&w, w.inks.accent, text);
    }
    if (k == 0 && v->recording)
        write_line(&w, w.inks.alarm, "\u25cf recording (R ends it)");
    put_under(&w, first, top);
}

/* ---- the selected body ---- */

static float write_selected(viewer *v, float scale)
{
    pane *p = &v->panes[v->focus];
    size_t i = viewer_selected(v, p), around = SIZE_MAX;
    float size = (float)v->settings.font_size * scale * 0.93f, width = 19 * size;
    if (i == SIZE_MAX || !v->details)
        return 0;
    const orr_bodies *b = p->now.bodies;
    const subject *s = &p->source->subject;
    orr_body body = orr_bodies_get(b, i);
    orr_primaries_find(b, i, i + 1, &around);
    orr_elements el;
    orr_orbit o;
    bool orbit = around < b->n && viewer_orbit(v, p, i, around, &el, &o);
    int lines = orbit ? 13 : 4;
    double pane_width = (float)v->width / (float)v->n_panes;
    /* in a small picture who it is must do */
    bool small = width > 0.4 * pane_width || 1.38f * size * (float)lines > 0.6 * v->height;
    lines = small ? 1 : lines;
    float x = (float)(v->width * (v->focus + 1) / v->n_panes) - width - size, y = size;
    if (width > 0.6 * pane_width) /* the picture comes first */
        return 0;
    writer w = {v, viewer_inks(v), size, x + 0.8f * size, y + 1.5f * size, 1.38f * size};
    draw_add_box(&v->list, x, y, x + width, y + (float)lines * w.line + 1.5f * size, w.inks.panel);
    char text[200], number[64];
    w.most = width - 1.6f * size;
    w.size = 1.15f * size;
    snprintf(text, sizeof text, "%.60s%s", s->name(s->names, body.id),
             v->follow ? "  (followed)" : "");
    write_line(&w, w.inks.accent, text);
    if (small)
        return y + w.line + 2 * size;
    w.size = size;
    mass_text(s, body.gm, number);
    write_line(&w, w.inks.text, body.gm > 0 ? number : "test particle");
    length_text(s, body.radius, number);
    snprintf(text, sizeof text, "radius %s", body.radius > 0 ? number : "0 (a point)");
    write_line(&w, w.inks.text, text);
    double speed =
        sqrt(body.vel[0] * body.vel[0] + body.vel[1] * body.vel[1] + body.vel[2] * body.vel[2]);
    if (*s->time_unit)
        snprintf(text, sizeof text, "speed %.5g km/s", speed * s->length_si / s->time_si / 1000);
    else
        snprintf(text, sizeof text, "speed %.5g", speed);
    write_line(&w, w.inks.text, text);
    if (!orbit)
        return y + (float)lines * w.line + 2 * size;
    viewer_plane kind = viewer_plane_for(v, p, around);
    const char *plane = kind == PLANE_FILE ? s->axes : viewer_plane_name(kind);
    snprintf(text, sizeof text, "orbit about %.50s%s%s%s", s->name(s->names, b->id[around]),
             *plane ? " (" : "", plane, *plane ? " plane)" : "");
    write_line(&w, w.inks.dim, text);
    length_text(s, orr_separation(b, i, around), number);
    snprintf(text, sizeof text, "distance  %s", number);
    write_line(&w, w.inks.text, text);
    length_text(s, el.e == 1 ? el.q : o.a, number);
    snprintf(text, sizeof text, "%s  %s", el.e == 1 ? "q" : "a", number);
    write_line(&w, w.inks.text, text);
    snprintf(text, sizeof text, "e  %.6f", el.e);
    write_line(&w, w.inks.text, text);
    snprintf(text, sizeof text, "i  %.4f\u00b0", el.i * degree);
    write_line(&w, w.inks.text, text);
    snprintf(text, sizeof text, "\u03a9  %.3f\u00b0", el.Omega * degree);
    write_line(&w, w.inks.text, text);
    snprintf(text, sizeof text, "\u03c9  %.3f\u00b0", el.omega * degree);
    write_line(&w, w.inks.text, text);
    snprintf(text, sizeof text, "M  %.2f\u00b0", el.e < 1 ? o.M * degree : NAN);
    write_line(&w, w.inks.text, el.e < 1 ? text : "M  - (unbound)");
    time_span_text(s, o.period, number);
    snprintf(text, sizeof text, "period  %s", el.e < 1 ? number : "none (unbound)");
    write_line(&w, w.inks.text, text);
    return y + (float)lines * w.line + 2 * size;
}

/* A ring around the selected body. */
static void ring_selected(viewer *v, const scene_spot *spots, size_t n, const pane *p, float scale)
{
    size_t i = viewer_selected(v, p);
    for (size_t k = 0; k < n; k++)
        if (spots[k].body == i && spots[k].radius < 400 * scale)
            draw_add_ring(&v->list, spots[k].x, spots[k].y, spots[k].radius + 6 * scale,
                          1.2f * scale, viewer_inks(v).accent);
}

/* ---- scale bar ---- */

static void write_scale(viewer *v, float scale, float bottom)
{
    scene_view view = viewer_view(v, 0, scale);
    lens l = camera_lens(&view.camera, view.x, view.y, view.width, view.height);
    const subject *s = view.subject;
    float size = (float)v->settings.font_size * scale * 0.87f;
    double per_pixel = v->camera.distance / l.focal, unit = 1; /* [length] */
    if (*s->length_unit) { /* round in the unit that is written */
        double metres = 150 * scale * per_pixel * s->length_si;
        unit = metres > 2e5 * au ? parsec : metres >= 0.02 * au ? au : metres >= 10000 ? 1000 : 1;
        unit /= s->length_si;
    }
    double most = 170 * scale * per_pixel / unit, power = pow(10, floor(log10(most)));
    double length = (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1) * power * unit;
    float width = (float)(length / per_pixel), x = size * 1.2f;
    uint32_t color = viewer_inks(v).dim;
    char text[64];
    draw_add_stroke(&v->list, x, bottom, x + width, bottom, 1.5f * scale, color);
    draw_add_stroke(&v->list, x, bottom - 5 * scale, x + 0.001f, bottom, 1.5f * scale, color);
    draw_add_stroke(&v->list, x + width, bottom - 5 * scale, x + width + 0.001f, bottom,
                    1.5f * scale, color);
    length_text(s, length, text);
    draw_add_text(&v->list, v->font, size, x + width + 0.6f * size, bottom + 0.3f * size, text,
                  color);
}

/* ---- graphs ---- */

static void write_graphs(viewer *v, float scale, float bottom, float top)
{
    inks i = viewer_inks(v);
    float size = (float)v->settings.font_size * scale * 0.8f, width = 29 * size, height = 12 * size;
    for (int k = 0; k < v->n_panes; k++) {
        pane *p = &v->panes[k];
        float right = (float)(v->width * (k + 1) / v->n_panes) - 1.2f * size, y = bottom - height;
        if (width > (float)v->width / (float)v->n_panes * 0.7f || y < top)
            continue;
        uint32_t blue = v->settings.light ? 0xff00508a : 0xff6cc1ff;
        graph_look look = {.title = "relative energy error",
                           .unit_t = p->source->subject.time_unit,
                           .second = &p->since,
                           .second_title = "since the last change",
                           .second_color = blue,
                           .value = p->source->subject.live ? p->last.energy_error
                                                            : graph_at(&p->errors, p->now.t),
                           .logarithmic = true,
                           .now = p->source->subject.live ? NAN : p->now.t,
                           .x = right - width,
                           .y = y,
                           .width = width,
                           .height = height,
                           .size = size,
                           .inks = &i,
                           .color = i.accent};
        if (p->errors.n > 1) {
            graph_draw(&p->errors, &look, v->font, &v->list);
            y -= height + 0.6f * size;
        }
        const char *name;
        look.value = viewer_element(v, p, &name);
        if (isnan(look.value) || p->elements.n < 2 || y < (k == v->n_panes - 1 ? top : 0))
            continue;
        look.title = name;
        look.second = NULL;
        look.logarithmic = false;
        look.now = NAN;
        look.y = y;
        look.color = blue;
        graph_draw(&p->elements, &look, v->font, &v->list);
    }
}

/* ---- the bar ---- */

static float add_button(viewer *v, float x, float y, float size, const char *shape, action a)
{
    float width = font_width(v->font, size, shape) + 1.1f * size;
    inks i = viewer_inks(v);
    draw_add_box(&v->list, x, y, x + width, y + 1.7f * size, i.panel);
    draw_add_text(&v->list, v->font, size, x + 0.55f * size, y + 1.2f * size, shape, i.text);
    if (v->n_buttons < VIEWER_BUTTONS)
        v->buttons[v->n_buttons++] = (button){x, y, x + width, y + 1.7f * size, a};
    return x + width + 3;
}

static float write_bar(viewer *v, float scale)
{
    pane *p = &v->panes[0];
    const subject *s = &p->source->subject;
    float size = (float)v->settings.font_size * scale, y = (float)v->height - 2.3f * size, x = size;
    inks i = viewer_inks(v);
    v->n_buttons = 0;
    v->bar_x0 = v->bar_x1 = 0;
    if (v->steady)
        return (float)v->height - 1.6f * size;
    const struct {
        const char *shape;
        action action;
        bool for_files; /* only */
    } buttons[] = {{"\u25c0\u25c0", ACTION_SLOWER, false},
                   {"\u2190", ACTION_BACKWARD, true},
                   {v->paused ? "\u25b6" : "\u275a\u275a", ACTION_PAUSE, false},
                   {"\u2192", ACTION_FORWARD, false},
                   {"\u25b6\u25b6", ACTION_FASTER, false}};
    for (size_t k = 0; k < sizeof buttons / sizeof *buttons && s->steered; k++)
        if (!buttons[k].for_files || !s->live)
            x = add_button(v, x, y, size, buttons[k].shape, buttons[k].action);
    float help = font_width(v->font, size, "H  help") + 1.1f * size;
    add_button(v, (float)v->width - help - size, y, size, "H  help", ACTION_HELP);
    v->bar_x0 = x + size;
    v->bar_x1 = (float)v->width - help - 2.5f * size;
    v->bar_y0 = y + 0.7f * size;
    v->bar_y1 = v->bar_y0 + 0.35f * size;
    double span = s->t_last - s->t_first;
    float part = span != 0 ? (float)fmax(0, fmin(1, (p->now.t - s->t_first) / span)) : 0;
    float at = v->bar_x0 + part * (v->bar_x1 - v->bar_x0);
    if (v->bar_x1 > v->bar_x0 + 20) {
        draw_add_box(&v->list, v->bar_x0, v->bar_y0, v->bar_x1, v->bar_y1,
                     (i.line & 0xffffff) | 0x80000000u);
        draw_add_box(&v->list, v->bar_x0, v->bar_y0, at, v->bar_y1, i.accent);
        if (!s->live)
            draw_add_ring(&v->list, at, (v->bar_y0 + v->bar_y1) / 2, 0.32f * size, 0.5f * size,
                          i.accent);
    }
    return y - 0.7f * size;
}

/* ---- help ---- */

static void write_help(viewer *v, float scale)
{
    inks i = viewer_inks(v);
    float size = (float)v->settings.font_size * scale;
    int n = 0;
    char key[24];
    const char *text;
    while (input_help(n, key, &text))
        n++;
    int rows = (n + 1) / 2 + 7;
    float line = 1.4f * size;
    while ((float)rows * line > (float)v->height * 0.94f && size > 7)
        size *= 0.94f, line = 1.4f * size;
    float width = 54 * size, x = ((float)v->width - width) / 2,
          y = ((float)v->height - (float)rows * line) / 2;
    draw_add_box(&v->list, x - 1.5f * size, y - size, x + width + 1.5f * size,
                 y + (float)rows * line + 0.4f * size, (i.panel & 0xffffff) | 0xf4000000u);
    writer w = {v, i, size, x, y + size, line};
    w.size = 1.2f * size;
    write_line(&w, i.accent, "Orrery viewer");
    w.size = size;
    write_line(&w, i.dim,
               "drag: turn    right or shift drag: move    wheel, pinch: nearer, farther    "
               "click: select    double click: follow");
    write_line(&w, i.dim,
               "game pad: left stick turns, right stick moves nearer and sideways; A pause, B "
               "help, shoulders: rate");
    w.y += 0.4f * line;
    for (int k = 0; input_help(k, key, &text); k++) {
        float column = x + (k < (n + 1) / 2 ? 0 : width / 2 + size);
        float at = w.y + (float)(k < (n + 1) / 2 ? k : k - (n + 1) / 2) * line;
        draw_add_text(&v->list, v->font, size, column, at, key, i.accent);
        draw_add_text(&v->list, v->font, size, column + 6.2f * size, at, text, i.text);
    }
    w.y += (float)((n + 1) / 2) * line + 0.4f * line;
    write_line(&w, i.dim, "methods of a running simulation (the graph shows what follows):");
    char list[300] = "0 the scenario's own";
    for (int a = ACTION_METHOD_1; a <= ACTION_METHOD_9; a++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "   %d %s", a - ACTION_METHOD_0,
                 input_method((action)a));
    }
    write_line(&w, i.text, list);
}

static void write_news(viewer *v, float scale)
{
    if (!(v->news_left > 0) || v->steady)
        return;
    inks i = viewer_inks(v);
    float size = (float)v->settings.font_size * scale, width = font_width(v->font, size, v->news);
    while (width > (float)v->width * 0.95f && size > 6)
        size *= 0.92f, width = font_width(v->font, size, v->news);
    float x = ((float)v->width - width) / 2, y = 2.2f * size;
    draw_add_box(&v->list, x - size, y - 1.3f * size, x + width + size, y + 0.7f * size, i.panel);
    draw_add_text(&v->list, v->font, size, x, y, v->news, i.text);
}

static void write_names(viewer *v, float scale, scene_spot spots[][SCENE_MOST_SPOTS],
                        const size_t n_spots[])
{
    for (int k = 0; k < v->n_panes; k++) {
        v->n_names[k] = 0;
        if (!v->panes[k].now.bodies || !v->settings.labels)
            continue;
        scene_view view = viewer_view(v, k, scale);
        v->n_names[k] = labels_draw(&view, spots[k], n_spots[k], v->font,
                                    (float)v->settings.font_size * scale * 0.9f, viewer_inks(v).dim,
                                    &v->list, v->names[k]);
    }
}

static void write_panels(viewer *v, float scale)
{
    float bottom = write_bar(v, scale), top = 0;
    for (int k = 0; k < v->n_panes; k++)
        if (v->panes[k].now.bodies)
            write_pane(v, k, scale);
    if (v->panes[0].now.bodies) {
        top = write_selected(v, scale);
        write_scale(v, scale, bottom);
        hud_legend(v, scale, bottom);
    }
    if (v->settings.graphs)
        write_graphs(v, scale, bottom + 0.4f * (float)v->settings.font_size * scale, top);
    write_news(v, scale);
}

void hud_draw(viewer *v, float scale, scene_spot spots[][SCENE_MOST_SPOTS], const size_t n_spots[])
{
    for (int k = 0; k < v->n_panes; k++) {
        if (!v->panes[k].now.bodies)
            continue;
        scene_view view = viewer_view(v, k, scale);
        ring_selected(v, spots[k], n_spots[k], &v->panes[k], scale);
        if (k > 0)
            draw_add_stroke(&v->list, (float)view.x, 0, (float)view.x + 0.001f, (float)v->height, 1,
                            viewer_inks(v).line);
    }
    v->n_buttons = 0;
    v->bar_x0 = v->bar_x1 = 0;
    if (v->hud && v->height >= 120 && v->width >= 160)
        write_panels(v, scale);
    write_names(v, scale, spots, n_spots); /* after the panels, which they keep clear of */
    if (v->help)
        write_help(v, scale);
}
