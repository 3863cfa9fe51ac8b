/* conserved.h - kinetic energy, momenta and centre of mass, times G. */
#ifndef ORRERY_CORE_CONSERVED_H
#define ORRERY_CORE_CONSERVED_H

#include <orrery/sim.h>

/* Fill everything but the potential; masses are gm / G.  Test bodies count nothing. */
void orr_conserved_motion(const orr_bodies *b, double G, orr_conserved *out);

#endif
