/* legend.c - what colours mean, where they tell more than who is who. */
#include <math.h>
#include <stdio.h>

#include "viewer.h"

static void speed_text(const subject *s, double speed, char out[64])
{
    snprintf(out, 64, "%.3g%s", speed / subject_speed_unit(s), *s->length_unit ? " km/s" : "");
}

void hud_legend(viewer *v, float scale, float bottom)
{
    enum { PIECES = 64 };
    scene_view view = viewer_view(v, 0, scale);
    if (view.look.tint == TINT_OWN)
        return;
    tint t = scene_tint(&view);
    float size = (float)v->settings.font_size * scale * 0.87f, x = 1.2f * size;
    float y = bottom - 2.2f * size, width = 170 * scale, height = 0.5f * size;
    uint32_t dim = viewer_inks(v).dim;
    char least[64], most[64];
    for (int k = 0; k < PIECES; k++)
        draw_add_box(&v->list, x + width * (float)k / PIECES, y - height,
                     x + width * (float)(k + 1) / PIECES, y,
                     0xff000000u | tint_color(t.kind, (k + 0.5) / PIECES));
    speed_text(view.subject, t.kind == TINT_APPROACH ? -t.most : 0, least);
    speed_text(view.subject, t.most, most);
    float end = draw_add_text(&v->list, v->font, size, x, y - height - 0.35f * size, least, dim);
    const char *what = t.kind == TINT_APPROACH ? "comes, goes" : "speed";
    float middle = x + (width - font_width(v->font, size, what)) / 2;
    if (middle > end + size)
        draw_add_text(&v->list, v->font, size, middle, y - height - 0.35f * size, what, dim);
    draw_add_text(&v->list, v->font, size, x + width - font_width(v->font, size, most),
                  y - height - 0.35f * size, most, dim);
}
