/* trail_lines.h - trails as lines that fade. */
#ifndef ORRERY_VIEWER_TRAIL_LINES_H
#define ORRERY_VIEWER_TRAIL_LINES_H

#include "pencil.h"
#include "viewer/model/trails.h"

/* Where a body is now, and how its trail looks. */
typedef struct trail_head {
    trail_place place;
    draw_color color;
    double scale; /* pixels of a plain screen's pixel */
} trail_head;

/* What body i's head is; called by several threads. */
typedef trail_head trail_head_fn(const void *user, size_t i);

/* Draw the trails of bodies 0 .. n-1, in their order whatever the threads. */
void trail_lines_draw(const pencil *p, const trails *all, size_t n, trail_head_fn *head,
                      const void *user, int threads);

#endif
