/* graph.c - see graph.h. */
#include "graph.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void graph_clear(graph *g)
{
    g->n = g->skipped = g->n_marks = 0;
    g->stride = 1;
}

void graph_add(graph *g, double t, double value)
{
    if (isnan(value) || isnan(t))
        return;
    while (g->n > 1 && (t - g->t[g->n - 1]) * (g->t[1] - g->t[0]) < 0)
        g->n--;
    if (g->n > 0 && t == g->t[g->n - 1])
        return;
    if (g->n > 0 && ++g->skipped < g->stride)
        return;
    g->skipped = 0;
    if (g->n == GRAPH_ROOM) { /* keep every second */
        for (int k = 0; 2 * k < GRAPH_ROOM; k++) {
            g->t[k] = g->t[2 * k];
            g->value[k] = g->value[2 * k];
        }
        g->n = GRAPH_ROOM / 2;
        g->stride = g->stride ? 2 * g->stride : 2;
    }
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

void number_text(double value, char out[32])
{
    double size = fabs(value);
    if (value == 0)
        snprintf(out, 32, "0");
    else if (size < 1e-3 || size >= 1e6)
        snprintf(out, 32, "%.1e", value);
    else
        snprintf(out, 32, "%.4g", value);
}

/* What is drawn of a value. */
static double shown(const graph_look *look, double value)
{
    return look->logarithmic ? log10(fmax(fabs(value), 1e-17)) : value;
}

static void range_of(const graph *g, const graph_look *look, double *low, double *high)
{
    *low = INFINITY, *high = -INFINITY;
    for (int k = 0; k < g->n; k++) {
        double v = shown(look, g->value[k]);
        if (look->logarithmic && g->value[k] == 0)
            continue; /* exactly none: below any decade */
        *low = fmin(*low, v);
        *high = fmax(*high, v);
    }
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

static void write_axis(const graph_look *look, double low, double high, float x0, float y0,
                       float y1, font *f, draw_list *l)
{
    for (int k = 0; k < 3; k++) {
        double v = k == 0 ? low : k == 1 ? (low + high) / 2 : high;
        float y = y1 - (y1 - y0) * (float)k / 2;
        char text[32];
        if (look->logarithmic)
            snprintf(text, sizeof text, "1e%.0f", floor(v));
        else
            snprintf(text, sizeof text, "%.5g", v);
        if (look->logarithmic && v != floor(v))
            continue;
        draw_add_text(l, f, look->size * 0.85f, x0 - 6 - font_width(f, look->size * 0.85f, text),
                      y + look->size * 0.28f, text, look->inks->dim);
        draw_add_stroke(l, x0, y, look->x + look->width - 10, y, 1,
                        (look->inks->line & 0xffffff) | 0x40000000u);
    }
}

void graph_draw(const graph *g, const graph_look *look, font *f, draw_list *l)
{
    float size = look->size, x0 = look->x + size * 4.6f, x1 = look->x + look->width - 10;
    float y0 = look->y + size * 2.1f, y1 = look->y + look->height - size * 0.9f;
    double low, high;
    draw_add_box(l, look->x, look->y, look->x + look->width, look->y + look->height,
                 look->inks->panel);
    char title[96], last[32] = "";
    if (g->n)
        number_text(g->value[g->n - 1], last);
    snprintf(title, sizeof title, "%s  %s", look->title, last);
    draw_add_text(l, f, size, look->x + 10, look->y + size * 1.3f, title, look->inks->text);
    range_of(g, look, &low, &high);
    write_axis(look, low, high, x0, y0, y1, f, l);
    if (g->n < 2)
        return;
    double t0 = fmin(g->t[0], g->t[g->n - 1]), t1 = fmax(g->t[0], g->t[g->n - 1]);
    for (int k = 0; k < g->n_marks; k++) {
        if (g->mark_t[k] < t0 || g->mark_t[k] > t1)
            continue;
        float x = x0 + (x1 - x0) * (float)((g->mark_t[k] - t0) / (t1 - t0));
        draw_add_stroke(l, x, y0, x + 0.001f, y1, 1, look->inks->accent);
        if (x + font_width(f, size * 0.8f, g->mark_text[k]) < x1 && x > x0 + 2)
            draw_add_text(l, f, size * 0.8f, x + 3, y0 + size * 0.6f, g->mark_text[k],
                          look->inks->accent);
    }
    float before_x = 0, before_y = 0;
    bool pen = false;
    for (int k = 0; k < g->n; k++) {
        double v = fmax(low, fmin(high, shown(look, g->value[k])));
        float x = x0 + (x1 - x0) * (float)((g->t[k] - t0) / (t1 - t0));
        float y = y1 - (y1 - y0) * (float)((v - low) / (high - low));
        if (pen)
            draw_add_stroke(l, before_x, before_y, x, y, 1.3f, look->color);
        before_x = x, before_y = y, pen = true;
    }
    if (look->now >= t0 && look->now <= t1) {
        float x = x0 + (x1 - x0) * (float)((look->now - t0) / (t1 - t0));
        draw_add_stroke(l, x, y0, x + 0.001f, y1, 1, look->inks->text);
    }
}
