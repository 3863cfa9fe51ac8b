/* draw_overlay.c - boxes, strokes, rings and letters over the sky; see draw_band.h. */
#include "draw_band.h"

static inline void blend(uint32_t *at, uint32_t color, uint32_t alpha) /* alpha 0 .. 255 */
{
    uint32_t a = (color >> 24) * alpha / 255, rest = 255 - a, old = *at, out = 0;
    for (int shift = 0; shift < 24; shift += 8)
        out |= (((color >> shift & 255) * a + (old >> shift & 255) * rest + 127) / 255) << shift;
    *at = out | (a + (old >> 24) * rest / 255) << 24;
}

static void paint_box(const band *b, const draw_item *item)
{
    int x0 = clamp((int)lroundf(item->x0), 0, b->width),
        x1 = clamp((int)lroundf(item->x1), 0, b->width);
    int y0 = clamp((int)lroundf(item->y0), b->y0, b->y1),
        y1 = clamp((int)lroundf(item->y1), b->y0, b->y1);
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            blend(&b->c->pixels[(size_t)y * (size_t)b->width + (size_t)x], item->color, 255);
}

static void paint_stroke(const band *b, const draw_item *item)
{
    run r;
    const float xs[2] = {item->x0, item->x1}, ys[2] = {item->y0, item->y1};
    if (!draw_find_run(xs, ys, item->width, b->width, b->c->height, &r))
        return;
    if (r.steep) {
        r.first = clamp(r.first, b->y0, b->y1);
        r.last = clamp(r.last, b->y0, b->y1);
    }
    int least = r.steep ? 0 : b->y0, most = r.steep ? b->width : b->y1, i, last;
    for (int u = r.first; u < r.last; u++) {
        float v = draw_across(&r, u, least, most, &i, &last);
        for (; i < last; i++) {
            int x = r.steep ? i : u, y = r.steep ? u : i;
            blend(&b->c->pixels[(size_t)y * (size_t)b->width + (size_t)x], item->color,
                  (uint32_t)(larger(0, draw_coverage(&r, v, i)) * 255));
        }
    }
}

static void paint_ring(const band *b, const draw_item *item)
{
    float reach = item->x1 + item->width;
    int y0 = clamp((int)floorf(item->y0 - reach), b->y0, b->y1),
        y1 = clamp((int)ceilf(item->y0 + reach), b->y0, b->y1);
    int x0 = clamp((int)floorf(item->x0 - reach), 0, b->width),
        x1 = clamp((int)ceilf(item->x0 + reach), 0, b->width);
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++) {
            float off =
                fabsf(hypotf((float)x + 0.5f - item->x0, (float)y + 0.5f - item->y0) - item->x1);
            float cover = item->width / 2 + 0.5f - off;
            if (cover > 0)
                blend(&b->c->pixels[(size_t)y * (size_t)b->width + (size_t)x], item->color,
                      (uint32_t)(smaller(1, cover) * 255));
        }
}

static void paint_glyph(const band *b, const draw_item *item)
{
    const glyph *g = item->shape;
    if (!(fabsf(item->x0) < 1e6f && fabsf(item->y0) < 1e6f))
        return;
    int left = (int)item->x0, top = (int)item->y0;
    int y0 = clamp(top, b->y0, b->y1), y1 = clamp(top + g->height, b->y0, b->y1);
    int x0 = clamp(left, 0, b->width), x1 = clamp(left + g->width, 0, b->width);
    for (int y = y0; y < y1; y++) {
        const uint8_t *coverage = g->coverage + (y - top) * g->width - left;
        for (int x = x0; x < x1; x++)
            if (coverage[x])
                blend(&b->c->pixels[(size_t)y * (size_t)b->width + (size_t)x], item->color,
                      coverage[x]);
    }
}

void draw_paint(const band *b, const draw_list *l)
{
    static void (*const paint[])(const band *, const draw_item *) = {[DRAW_BOX] = paint_box,
                                                                     [DRAW_STROKE] = paint_stroke,
                                                                     [DRAW_RING] = paint_ring,
                                                                     [DRAW_GLYPH] = paint_glyph};
    for (size_t k = 0; k < l->n_items; k++)
        paint[l->items[k].kind](b, &l->items[k]);
}
