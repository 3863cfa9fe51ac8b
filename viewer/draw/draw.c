/* draw.c - the canvas, and all that is done to it; see draw.h. */
#include "draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/team.h"
#include "draw_band.h"

const draw_theme draw_theme_dark = {.glow = 0.25f, .exposure = 1};
const draw_theme draw_theme_light = {
    .light = true, .paper = {0.93f, 0.93f, 0.91f}, .ink = 0.22f, .exposure = 2.4f};

bool canvas_resize(canvas *c, int width, int height)
{
    if (c->width == width && c->height == height && c->pixels)
        return true;
    canvas_free(c);
    if (width < 1 || height < 1 || width > DRAW_MOST_ROWS || height > DRAW_MOST_ROWS)
        return false;
    size_t n = (size_t)width * (size_t)height;
    size_t cells = (size_t)(width / CELL + 2) * (size_t)(height / CELL + 2);
    c->pixels = calloc(n + 1, sizeof *c->pixels);
    /* not a multiple of 4096 bytes: a processor takes such neighbours of a pixel for the pixel that
     * it has just written, and waits */
    size_t stride = (size_t)width + (width * (int)sizeof(v4) % 4096 < 1024 ? 128 : 0);
    size_t bytes = (stride * (size_t)height * sizeof(v4) + 127) / 64 * 64;
    c->light = aligned_alloc(64, bytes);
    c->lit = calloc((size_t)tiles_of(width) * (size_t)height + 1, 1);
    for (int k = 0; k < 2; k++)
        c->small[k] = aligned_alloc(64, (cells * sizeof(v4) + 127) / 64 * 64);
    if (c->light)
        memset(c->light, 0, bytes);
    if (!c->pixels || !c->light || !c->lit || !c->small[0] || !c->small[1]) {
        canvas_free(c);
        return false;
    }
    c->width = width;
    c->height = height;
    c->stride = stride;
    return true;
}

void canvas_free(canvas *c)
{
    free(c->pixels), free(c->light), free(c->lit), free(c->sorted), free(c->strips),
        free(c->counts), free(c->small[0]), free(c->small[1]);
    *c = (canvas){0};
}

/* ---- all of it ---- */

/* Bands are narrower than the share of a thread: bodies crowd in the middle. */
static int bands_for(int threads)
{
    return threads > 1 ? 4 * threads : 1;
}

typedef struct band_tasks {
    canvas *c;
    const draw_list *l;
    const draw_theme *theme;
    int n;
} band_tasks;

static void sky_task(void *context, size_t phase, size_t k)
{
    const band_tasks *t = context;
    band b = band_of(t->c, (int)k, t->n);
    (void)phase;
    draw_sky_lines(&b, t->l);
    draw_sky_discs(&b, t->l);
}

static void develop_task(void *context, size_t phase, size_t k)
{
    const band_tasks *t = context;
    band b = band_of(t->c, (int)k, t->n);
    (void)phase;
    for (int y = b.y0; y < b.y1; y++)
        draw_develop_row(t->c, t->theme, y);
    draw_paint(&b, t->l);
}

static void overlay_task(void *context, size_t phase, size_t k)
{
    const band_tasks *t = context;
    band b = band_of(t->c, (int)k, t->n);
    (void)phase;
    memset(t->c->pixels + (size_t)b.y0 * (size_t)b.width, 0,
           (size_t)(b.y1 - b.y0) * (size_t)b.width * sizeof *t->c->pixels);
    draw_paint(&b, t->l);
}

void canvas_render(canvas *c, const draw_list *l, const draw_theme *theme, int threads)
{
    band_tasks t = {c, l, theme, bands_for(threads)};
    draw_sky_points(c, l, threads);
    orr_team_run(threads, 1, (size_t)t.n, sky_task, &t);
    if (theme->glow > 0)
        draw_spread(c, threads);
    orr_team_run(threads, 1, (size_t)t.n, develop_task, &t);
}

void canvas_render_overlay(canvas *c, const draw_list *l, int threads)
{
    band_tasks t = {.c = c, .l = l, .n = bands_for(threads)};
    orr_team_run(threads, 1, (size_t)t.n, overlay_task, &t);
}
