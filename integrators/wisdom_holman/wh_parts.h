/* wh_parts.h - what the planets*.c share among themselves.
 *
 *     planets.c              which is which, constants
 *     wh_coordinates.c  bodies to coordinates and back
 *     wh_particles.c    test particles
 *     wh_removal.c      when they met the star or a planet
 *     wh_batch.c     several systems at once */
#ifndef ORRERY_SHARED_PLANETS_PARTS_H
#define ORRERY_SHARED_PLANETS_PARTS_H

#include "wh_planets.h"

/* orr_keep() of `count` arrays of `length` doubles. */
void orr_keep_arrays(orr_arena *memory, double **const arrays[], size_t count, size_t length);

/* Semi-major axis of body i about the star, to sort by; infinite if unbound. */
double orr_size_of_orbit(const orr_bodies *b, size_t star, size_t i);

/* Lanes and limits of the test particles. */
orr_status orr_particles_prepare(orr_wh_system *s, orr_problem *p);

/* What became of particle k in operation o. */
orr_event orr_particle_event(const orr_wh_system *s, const orr_problem *p, size_t k, size_t o);

#endif
