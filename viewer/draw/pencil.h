/* pencil.h - lines through places in the frame. */
#ifndef ORRERY_VIEWER_PENCIL_H
#define ORRERY_VIEWER_PENCIL_H

#include "viewer/model/camera.h"
#include "draw.h"

typedef struct pencil {
    const lens *l;
    draw_list *list;
    float width; /* [pixels] */
} pencil;

static inline draw_color mix(draw_color c, double s)
{
    return (draw_color){c.r * (float)s, c.g * (float)s, c.b * (float)s};
}

/* A line between two places, its light going from `from` to `to` times c. */
static inline void draw_segment(const pencil *p, const double a[3], const double b[3], draw_color c,
                                double from, double to)
{
    double x[2], y[2], part[2];
    if (!lens_line(p->l, a, b, 4, x, y, part))
        return;
    draw_line line = {.width = p->width};
    for (int k = 0; k < 2; k++) {
        line.x[k] = (float)x[k];
        line.y[k] = (float)y[k];
        line.light[k] = mix(c, from + (to - from) * part[k]);
    }
    draw_add_line(p->list, &line);
}

#endif
