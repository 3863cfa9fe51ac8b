/* images.h - the pull of images of all bodies around a box (orrery/boundary.h). */
#ifndef ORRERY_FORCES_IMAGES_H
#define ORRERY_FORCES_IMAGES_H

#include <orrery/force.h>

#include "kernels/kernels.h"

/* Targets [low, high) are pulled by sources [first, last). */
typedef void orr_pull_range_fn(orr_pull *kernel, const orr_p2p *g, size_t low, size_t high,
                               size_t first, size_t last, int threads);

/* Adds to the outputs of `g` what the images at time t [time] do by this kernel: those of active
 * bodies to all bodies, those of passive ones to active bodies.  Nothing without a box. */
orr_status orr_pull_of_images(const orr_boundary *box, double t, orr_pull *kernel, const orr_p2p *g,
                              const orr_bodies *b, int threads, orr_arena *scratch,
                              orr_pull_range_fn *pull);

/* Their part of the energy times G [length5/time4], with that of bodies in the field of their own
 * images. */
orr_status orr_energy_of_images(const orr_boundary *box, double t, orr_pull *potential,
                                const orr_p2p *g, const orr_bodies *b, int threads,
                                orr_arena *scratch, orr_pull_range_fn *pull, double *out);

#endif
