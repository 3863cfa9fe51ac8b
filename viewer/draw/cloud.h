/* cloud.h - many bodies as points of light. */
#ifndef ORRERY_VIEWER_CLOUD_H
#define ORRERY_VIEWER_CLOUD_H

#include <orrery/bodies.h>

#include "viewer/model/camera.h"
#include "draw.h"

/* Bodies first <= i < last, each with this light at the distance of the target (nearer ones are
 * brighter); out has room for them all, those out of sight far off. */
void cloud_project(const lens *l, const orr_bodies *b, size_t first, size_t last, draw_color light,
                   int threads, draw_point *out);

#endif
