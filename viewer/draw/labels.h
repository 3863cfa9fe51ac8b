/* labels.h - names beside bodies, never one over another or over the boxes that are in the list
 * already.  Pure. */
#ifndef ORRERY_VIEWER_LABELS_H
#define ORRERY_VIEWER_LABELS_H

#include "viewer/model/scene.h"

/* Where a name is written. */
typedef struct label {
    float x0, y0, x1, y1;
    size_t body;
} label;

/* Write the names of spots, the weightiest first, right, left, below or above of the body; where
 * there is no room, a name is left out.  Returns how many are written, into `written`. */
size_t labels_draw(const scene_view *v, scene_spot *spots, size_t n, font *f, float size,
                   uint32_t color, draw_list *l, label written[SCENE_MOST_SPOTS]);

#endif
