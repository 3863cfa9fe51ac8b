/* cloud.h - many bodies as points of light. */
#ifndef ORRERY_VIEWER_CLOUD_H
#define ORRERY_VIEWER_CLOUD_H

#include <orrery/bodies.h>

#include "viewer/model/camera.h"
#include "draw.h"

/* The light of body i at the distance of the target. */
typedef draw_color cloud_light(const void *user, size_t i);

/* Bodies first <= i < last with their light (nearer ones are brighter); without a function `user` is
 * the draw_color of all.  out has room for them all, those out of sight far off. */
void cloud_project(const lens *l, const orr_bodies *b, size_t first, size_t last,
                   cloud_light *light, const void *user, int threads, draw_point *out);

#endif
