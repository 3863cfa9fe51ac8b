/* draw_band.h - private to draw*.c: rows of a canvas that one thread draws. */
#ifndef ORRERY_VIEWER_DRAW_BAND_H
#define ORRERY_VIEWER_DRAW_BAND_H

#include <math.h>

#include "draw.h"

typedef float v4 __attribute__((vector_size(16))); /* red, green, blue, and nothing */

enum {
    CELL = 4, /* pixels a side of a cell of the glow */
    TILE = 16 /* pixels of a row that are dark or lit together: most of a sky is dark */
};

/* fmaxf() and fminf() care for NaN, and are calls. */
static inline float larger(float a, float b)
{
    return a > b ? a : b;
}

static inline float smaller(float a, float b)
{
    return a < b ? a : b;
}

/* The rows that one thread draws, and where. */
typedef struct band {
    const canvas *c;
    v4 *light;
    uint8_t *lit;
    size_t stride;
    int y0, y1, width, tiles; /* rows y0 <= y < y1 */
} band;

static inline v4 vector(draw_color c)
{
    return (v4){c.r, c.g, c.b, 0};
}

static inline v4 *pixel(const band *b, int x, int y)
{
    return b->light + (size_t)y * b->stride + (size_t)x;
}

/* ceilf() is a call on older processors; |x| below 2^31. */
static inline int ceiling(float x)
{
    int below = (int)x; /* or above, if x is negative */
    return below + (x > (float)below);
}

/* There will be light at pixels x0 <= x < x1 of a row, at least one. */
static inline void mark_lit(const band *b, int x0, int x1, int y)
{
    uint8_t *row = b->lit + (size_t)y * (size_t)b->tiles;
    for (int tile = x0 / TILE; tile <= (x1 - 1) / TILE; tile++)
        row[tile] = 1;
}

static inline int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

static inline int tiles_of(int width)
{
    return (width + TILE - 1) / TILE;
}

/* The k-th of n equal parts. */
static inline band band_of(const canvas *c, int k, int n)
{
    return (band){.c = c,
                  .light = (v4 *)c->light,
                  .lit = c->lit,
                  .stride = c->stride,
                  .width = c->width,
                  .tiles = tiles_of(c->width),
                  .y0 = (int)((long)c->height * k / n),
                  .y1 = (int)((long)c->height * (k + 1) / n)};
}

/* How a line runs along its longer axis: a column (or row) u has its centre at v = v0 + slope u. */
typedef struct run {
    bool steep;
    int first, last; /* columns first <= u < last: the next line goes on at last */
    float v0, slope, half, start, inverse;
} run;

static inline bool draw_find_run(const float xs[2], const float ys[2], float width, int columns,
                                 int rows, run *r)
{
    float dx = xs[1] - xs[0], dy = ys[1] - ys[0];
    r->steep = fabsf(dy) > fabsf(dx);
    float u0 = r->steep ? ys[0] : xs[0], u1 = r->steep ? ys[1] : xs[1];
    float v0 = r->steep ? xs[0] : ys[0], v1 = r->steep ? xs[1] : ys[1];
    float du = u1 - u0;
    int most = r->steep ? rows : columns;
    if (!(fabsf(du) > 1e-6f) || !(fabsf(du) < 1e7f) || !(fabsf(v0) + fabsf(v1) < 1e7f))
        return false;
    r->slope = (v1 - v0) / du;
    r->v0 = v0 - r->slope * u0;
    r->half = 0.5f * width * sqrtf(1 + r->slope * r->slope) + 0.5f;
    r->start = u0;
    r->inverse = 1 / du;
    /* centres of pixels at u + 1/2, half open whichever way the line runs */
    float low = smaller(u0, u1), high = larger(u0, u1);
    r->first = clamp(ceiling(low - 0.5f), 0, most);
    r->last = clamp(ceiling(high - 0.5f), 0, most);
    return r->first < r->last;
}

/* The pixels across a run at column u, of those from least to most: first <= i < last.  Gives where
 * its centre is, in centres of pixels. */
static inline float draw_across(const run *r, int u, int least, int most, int *first, int *last)
{
    float v = r->v0 + r->slope * ((float)u + 0.5f) - 0.5f;
    *first = clamp(ceiling(v - r->half), least, most);
    *last = clamp(ceiling(v + r->half), least, most);
    return v;
}

/* How much of pixel i is covered. */
static inline float draw_coverage(const run *r, float v, int i)
{
    return smaller(1, r->half - fabsf((float)i - v));
}

/* draw_points.c: all points of a list. */
void draw_sky_points(canvas *c, const draw_list *l, int threads);

/* draw_sky.c: lines, and bodies over them. */
void draw_sky_lines(const band *b, const draw_list *l);
void draw_sky_discs(const band *b, const draw_list *l);

/* draw_develop.c: what is bright spreads; then light becomes pixels, and the canvas is dark again.
 */
void draw_spread(canvas *c, int threads);
void draw_develop_row(const canvas *c, const draw_theme *theme, int y);

/* draw_overlay.c: what is painted over the sky. */
void draw_paint(const band *b, const draw_list *l);

#endif
