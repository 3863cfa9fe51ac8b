/* graph.c - see graph.h. */
#include "graph.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void graph_clear(graph *g)
{
    g->n = g->skipped = g->n_marks = 0;
    g->stride = 1;
    g->tears = false;
}

void graph_add(graph *g, double t, double value)
{
    if (isnan(value) || isnan(t))
        return;
    while (g->n > 1 && (t - g->t[g->n - 1]) * (g->t[1] - g->t[0]) < 0)
        g->n--;
    if (g->n > 0 && t == g->t[g->n - 1])
        return;
    g->tears = g->tears || (g->n > 0 && g->gap > 0 && fabs(t - g->last_t) > g->gap);
    g->last_t = t;
    if (g->n > 0 && ++g->skipped < g->stride)
        return;
    g->skipped = 0;
    if (g->n == GRAPH_ROOM) { /* keep every second */
        for (int k = 0; 2 * k < GRAPH_ROOM; k++) {
            g->t[k] = g->t[2 * k];
            g->value[k] = g->value[2 * k];
            g->torn[k] = g->torn[2 * k] || (k > 0 && g->torn[2 * k - 1]);
        }
        g->n = GRAPH_ROOM / 2;
        g->stride = g->stride ? 2 * g->stride : 2;
    }
    g->torn[g->n] = g->tears;
    g->tears = false;
    g->t[g->n] = t;
    g->value[g->n++] = value;
}

void graph_mark(graph *g, double t, const char *text)
{
    if (g->n_marks == GRAPH_MARKS) {
        memmove(g->mark_t, g->mark_t + 1, sizeof g->mark_t - sizeof *g->mark_t);
        memmove(g->mark_text, g->mark_text + 1, sizeof g->mark_text - sizeof *g->mark_text);
        g->n_marks--;
    }
    g->mark_t[g->n_marks] = t;
    snprintf(g->mark_text[g->n_marks++], sizeof *g->mark_text, "%s", text);
}

double graph_at(const graph *g, double t)
{
    double way = g->n > 1 && g->t[g->n - 1] < g->t[0] ? -1 : 1;
    int k = g->n - 1;
    while (k > 0 && way * g->t[k] > way * t)
        k--;
    return k < 0 ? NAN : g->value[k];
}

void number_text(double value, char out[32])
{
    double size = fabs(value);
    if (value == 0)
        snprintf(out, 32, "0");
    else if (size < 1e-3 || size >= 1e6)
        snprintf(out, 32, "%.1e", value);
    else
        snprintf(out, 32, size >= 1e4 ? "%.0f" : "%.4g", value);
}

/* What is drawn of a value. */
static double shown(const graph_look *look, double value)
{
    return look->logarithmic ? log10(fmax(fabs(value), 1e-17)) : value;
}

/* The range of what is drawn, wide enough to be looked at. */
static void range_of(const graph *g, const graph_look *look, double *low, double *high)
{
    for (int k = 0; k < g->n; k++) {
        double v = shown(look, g->value[k]);
        if (look->logarithmic && g->value[k] == 0)
            continue; /* exactly none: below any decade */
        *low = fmin(*low, v);
        *high = fmax(*high, v);
    }
}

static void widen(const graph_look *look, double *low, double *high)
{
    if (!(*low <= *high))
        *low = look->logarithmic ? -17 : 0, *high = look->logarithmic ? -15 : 1;
    if (look->logarithmic) {
        *low = floor(*low), *high = ceil(*high);
        *high = fmax(*high, *low + 2);
    } else if (*high - *low < 1e-12 * fmax(fabs(*low), fabs(*high)) || *high == *low) {
        double margin = fmax(fabs(*low) * 1e-6, 1e-12);
        *low -= margin, *high += margin;
    } else {
        double margin = 0.08 * (*high - *low);
        *low -= margin, *high += margin;
    }
}

/* One, two or five of a power of ten: at most `most` of them in the range. */
double graph_tick(double range, int most)
{
    double step = pow(10, floor(log10(range / most)));
    static const double round_ones[] = {1, 2, 5, 10};
    for (int k = 0; k < 4; k++)
        if (range / (round_ones[k] * step) <= most)
            return round_ones[k] * step;
    return 10 * step;
}

/* A tick's number, with as many digits as tell it from its neighbours. */
static void tick_text(double value, double step, char out[32])
{
    if (fabs(value) < 0.5 * step) {
        snprintf(out, 32, "0");
        return;
    }
    double size = fabs(value);
    int digits = (int)fmin(15, fmax(1, floor(log10(size) + 1e-9) - floor(log10(step) + 1e-9) + 1));
    if (size >= 1e6 || size < 1e-3)
        snprintf(out, 32, "%.*e", digits - 1, value);
    else
        snprintf(out, 32, "%.*f", (int)fmax(0, -floor(log10(step) + 1e-9)), value);
}

enum { MOST_TICKS = 12 };

/* Where things are in the picture. */
typedef struct area {
    float x0, x1, y0, y1;
    double t0, t1, low, high;
} area;

static float x_of(const area *a, double t)
{
    return a->x0 + (a->x1 - a->x0) * (float)((t - a->t0) / (a->t1 - a->t0));
}

static float y_of(const area *a, double v)
{
    return a->y1 - (a->y1 - a->y0) * (float)((v - a->low) / (a->high - a->low));
}

static void write_values(const graph_look *look, const area *a, font *f, draw_list *l)
{
    float size = look->size * 0.85f;
    double step =
        look->logarithmic ? ceil((a->high - a->low) / 4) : graph_tick(a->high - a->low, 4);
    double first = ceil(a->low / step - 1e-9) * step;
    for (int k = 0; k < MOST_TICKS && first + k * step <= a->high + 1e-9 * step; k++) {
        double v = first + k * step;
        char text[32];
        float y = y_of(a, v);
        if (look->logarithmic)
            snprintf(text, sizeof text, "1e%d", (int)lround(v));
        else
            tick_text(v, step, text);
        draw_add_text(l, f, size, a->x0 - 6 - font_width(f, size, text), y + look->size * 0.28f,
                      text, look->inks->dim);
        draw_add_stroke(l, a->x0, y, a->x1, y, 1, (look->inks->line & 0xffffff) | 0x40000000u);
    }
}

static void write_times(const graph_look *look, const area *a, font *f, draw_list *l)
{
    float size = look->size * 0.8f, free_from = a->x0 - 4;
    double step = graph_tick(a->t1 - a->t0, 5);
    if (!(step > 0) || !isfinite(step))
        return;
    const char *unit = look->unit_t && *look->unit_t ? look->unit_t : "t";
    float unit_at = a->x1 - font_width(f, size, unit);
    draw_add_text(l, f, size, unit_at, a->y1 + 1.15f * size, unit, look->inks->dim);
    double first = ceil(a->t0 / step - 1e-9) * step;
    for (int k = 0; k < MOST_TICKS && first + k * step <= a->t1 + 1e-9 * step; k++) {
        double t = first + k * step;
        char text[32];
        tick_text(t, step, text);
        float x = x_of(a, t), width = font_width(f, size, text);
        draw_add_stroke(l, x, a->y1 - 3, x + 0.001f, a->y1, 1, look->inks->line);
        if (x - width / 2 < free_from || x + width / 2 > unit_at - 0.4f * size)
            continue;
        draw_add_text(l, f, size, x - width / 2, a->y1 + 1.15f * size, text, look->inks->dim);
        free_from = x + width / 2 + 0.6f * size;
    }
}

/* Where something changed; names that would lie one over another are left out. */
static void write_marks(const graph *g, const graph_look *look, const area *a, font *f,
                        draw_list *l)
{
    float size = 0.8f * look->size, before = a->x0 + 2;
    for (int k = 0; k < g->n_marks; k++) {
        if (g->mark_t[k] < a->t0 || g->mark_t[k] > a->t1)
            continue;
        float x = x_of(a, g->mark_t[k]), end = x + 3 + font_width(f, size, g->mark_text[k]);
        draw_add_stroke(l, x, a->y0, x + 0.001f, a->y1, 1, look->inks->accent);
        if (end >= a->x1 || x < before)
            continue;
        draw_add_text(l, f, size, x + 3, a->y0 + 0.75f * size, g->mark_text[k], look->inks->accent);
        before = end + 4;
    }
}

/* Where nothing was looked at for too long there are dots. */
static void draw_curve(const graph *g, const graph_look *look, const area *a, uint32_t color,
                       draw_list *l)
{
    for (int k = 1; k < g->n; k++) {
        double v0 = fmax(a->low, fmin(a->high, shown(look, g->value[k - 1])));
        double v1 = fmax(a->low, fmin(a->high, shown(look, g->value[k])));
        float x = x_of(a, g->t[k]), y = y_of(a, v1);
        if (g->torn[k])
            draw_add_stroke(l, x - 1, y, x + 1, y, 2, color);
        else
            draw_add_stroke(l, x_of(a, g->t[k - 1]), y_of(a, v0), x, y, 1.3f, color);
    }
}

void graph_draw(const graph *g, const graph_look *look, font *f, draw_list *l)
{
    float size = look->size;
    area a = {.x0 = look->x + size * 4.6f,
              .x1 = look->x + look->width - 10,
              .y0 = look->y + size * 2.1f,
              .y1 = look->y + look->height - size * 1.7f,
              .low = INFINITY,
              .high = -INFINITY};
    const graph *second = look->second && look->second->n > 1 ? look->second : NULL;
    draw_add_box(l, look->x, look->y, look->x + look->width, look->y + look->height,
                 look->inks->panel);
    char text[96], last[32] = "";
    if (!isnan(look->value))
        number_text(look->value, last);
    snprintf(text, sizeof text, "%.50s  %s", look->title, last);
    float end = draw_add_text(l, f, size, look->x + 10, look->y + size * 1.3f, text,
                              second ? look->color : look->inks->text);
    if (second) {
        number_text(second->value[second->n - 1], last);
        snprintf(text, sizeof text, "%.50s  %s", look->second_title, last);
        draw_add_text(l, f, size, end + size, look->y + size * 1.3f, text, look->second_color);
        range_of(second, look, &a.low, &a.high);
    }
    range_of(g, look, &a.low, &a.high);
    widen(look, &a.low, &a.high);
    write_values(look, &a, f, l);
    if (g->n < 2)
        return;
    a.t0 = fmin(g->t[0], g->t[g->n - 1]), a.t1 = fmax(g->t[0], g->t[g->n - 1]);
    write_times(look, &a, f, l);
    write_marks(g, look, &a, f, l);
    draw_curve(g, look, &a, look->color, l);
    if (second)
        draw_curve(second, look, &a, look->second_color, l);
    if (look->now >= a.t0 && look->now <= a.t1) {
        float x = x_of(&a, look->now);
        draw_add_stroke(l, x, a.y0, x + 0.001f, a.y1, 1, look->inks->text);
    }
}
