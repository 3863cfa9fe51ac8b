/* pair.h - one pair in double: what a source does to a body of a list. */
#ifndef ORRERY_KERNELS_GRAVITY_PAIR_H
#define ORRERY_KERNELS_GRAVITY_PAIR_H

#include "kernels/gravity/near.h"

/* Adds what source j does to body i to the wanted outputs. */
void orr_near_pair(const orr_near *l, size_t i, size_t j);

#endif
