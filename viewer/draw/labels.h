/* labels.h - names beside bodies, never one over another or over the boxes that are in the list
 * already.  Pure. */
#ifndef ORRERY_VIEWER_LABELS_H
#define ORRERY_VIEWER_LABELS_H

#include "viewer/model/scene.h"

/* Write the names of spots, the weightiest first, right, left, below or above of the body; where
 * there is no room, a name is left out.  Returns how many are written. */
size_t labels_draw(const scene_view *v, scene_spot *spots, size_t n, font *f, float size,
                   uint32_t color, draw_list *l);

#endif
