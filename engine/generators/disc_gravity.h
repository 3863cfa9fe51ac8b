/* disc_gravity.h - the pull of a razor-thin exponential disc in its plane: Freeman 1970, doi
 * 10.1086/150474, eq. 10; Binney & Tremaine 2008, eq. 2.165. */
#ifndef ORRERY_GENERATORS_DISC_GRAVITY_H
#define ORRERY_GENERATORS_DISC_GRAVITY_H

/* Square of the circular speed at R > 0, of a disc of mass 1 and scale length 1 (G = 1). */
double orr_disc_circular_square(double R);

#endif
