/* draw.h - a draw list, and the picture that it makes: no window, no SDL, no GPU.
 *
 * The sky is light: points, lines and halos add to a buffer of floats (1 is a full pixel), discs
 * cover what is behind them, what is bright glows, and a curve maps the sum to what a screen can
 * show.  The overlay (labels, head-up display, graphs) is painted over it as it is.
 *
 * Threads share the rows of the picture, and every pixel is done by one of them in the order of the
 * list: the picture is the same for any number of threads. */
#ifndef ORRERY_VIEWER_DRAW_H
#define ORRERY_VIEWER_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

typedef struct draw_color {
    float r, g, b; /* linear light */
} draw_color;

/* Places in pixels, x to the right, y down, (0, 0) the corner of the first one. */
typedef struct draw_point {
    float x, y;
    draw_color light; /* of all its pixels together */
} draw_point;

typedef struct draw_line {
    float x[2], y[2], width;
    draw_color light[2];
} draw_line;

typedef struct draw_disc {
    float x, y, radius, halo; /* halo: radius of the light around it; 0: none */
    draw_color light;
    float sun[3]; /* towards what lights it, in axes right, up, to the viewer; all 0: it shines */
    float x_least, x_most; /* the columns that it may touch: there may be another picture beside */
} draw_disc;

typedef enum draw_kind { DRAW_BOX, DRAW_STROKE, DRAW_RING, DRAW_GLYPH } draw_kind;

/* Of the overlay; color is 0xAARRGGBB. */
typedef struct draw_item {
    draw_kind kind;
    float x0, y0, x1, y1,
        width; /* box: two corners; stroke: two ends; ring: centre and radius x1 */
    const glyph *shape;
    uint32_t color;
} draw_item;

enum { DRAW_MOST_PARTS = 16 };

typedef struct draw_list draw_list;
struct draw_list {
    draw_point *points;
    draw_line *lines;
    draw_disc *discs; /* far ones first */
    draw_item *items;
    size_t n_points, n_lines, n_discs, n_items;
    size_t room_points, room_lines, room_discs, room_items;
    bool short_of_memory; /* something could not be added */
    draw_list *parts;     /* [DRAW_MOST_PARTS] of threads; NULL until they are needed */
};

void draw_list_clear(draw_list *l);
void draw_list_free(draw_list *l);

/* An empty list for thread k, owned by l; NULL without memory.  draw_join() appends its lines. */
draw_list *draw_part(draw_list *l, int k);
void draw_join(draw_list *l, const draw_list *part);

/* Room for n points whose content is written by the caller; NULL: no memory. */
draw_point *draw_points(draw_list *l, size_t n);
void draw_add_line(draw_list *l, const draw_line *line);
void draw_add_disc(draw_list *l, const draw_disc *disc);
void draw_add_box(draw_list *l, float x0, float y0, float x1, float y1, uint32_t color);
void draw_add_stroke(draw_list *l, float x0, float y0, float x1, float y1, float width,
                     uint32_t color);
void draw_add_ring(draw_list *l, float x, float y, float radius, float width, uint32_t color);
/* Text with its baseline at y; returns where it ends.  Glyphs must outlive the list. */
float draw_add_text(draw_list *l, font *f, float size, float x, float y, const char *text,
                    uint32_t color);

typedef struct draw_theme {
    bool light;       /* ink on paper, for projectors; else light on black */
    draw_color paper; /* linear */
    float ink;        /* the brightest channel of full ink */
    float glow;       /* share of light that spreads; 0: none */
    float exposure;
} draw_theme;

extern const draw_theme draw_theme_dark, draw_theme_light;

typedef struct canvas {
    int width, height;
    uint32_t *pixels;   /* [height][width] 0xffRRGGBB */
    size_t stride;      /* vectors of light from one row to the next */
    float *light;       /* [height][stride][4], dark between pictures; private, as are the next */
    uint8_t *lit;       /* [height][tiles of 16 pixels]: there is light */
    float *small[2];    /* the glow, in cells of 4 x 4 pixels */
    draw_point *sorted; /* points by strips of rows */
    uint16_t *strips;   /* of each point of the list: the row below it over 16; see draw.c */
    size_t *counts;
    size_t room_sorted, room_strips, room_counts;
} canvas;

enum { DRAW_MOST_ROWS = 16384 };

/* Make the canvas this large, up to 16384 a side; false: no memory, and it is empty. */
bool canvas_resize(canvas *c, int width, int height);
void canvas_free(canvas *c);
void canvas_render(canvas *c, const draw_list *l, const draw_theme *theme, int threads);

/* Painting of the overlay alone into pixels with alpha, for a GPU to put over its own sky. */
void canvas_render_overlay(canvas *c, const draw_list *l, int threads);

/* sRGB 0xRRGGBB to light, as the screen undoes it. */
draw_color draw_light_of(uint32_t rgb, float scale);

#endif
