/* images.h - images of a box whose sides are joined, see orrery/boundary.h. */
#ifndef ORRERY_CORE_IMAGES_H
#define ORRERY_CORE_IMAGES_H

#include <stddef.h>

#include <orrery/boundary.h>

/* Bring a body into the box, at time t; true if it was outside. */
bool orr_wrap(const orr_boundary *boundary, double t, double pos[3], double vel[3]);

/* The images that pull, without the box itself: n of the k-th; false behind the last. */
bool orr_ghost_at(const orr_boundary *boundary, size_t k, int n[3]);

#endif
