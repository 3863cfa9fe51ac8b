/* osculating.h - the orbit of one body around another, as it is now. */
#ifndef ORRERY_IO_OSCULATING_H
#define ORRERY_IO_OSCULATING_H

#include <orrery/bodies.h>
#include <orrery/elements.h>

/* Elements and what follows from them, for mu = the sum of both GM. */
static inline orr_status orr_osculating(orr_body body, orr_body around, orr_elements *el,
                                        orr_orbit *orbit)
{
    orr_state relative;
    for (int k = 0; k < 3; k++) {
        relative.pos[k] = body.pos[k] - around.pos[k];
        relative.vel[k] = body.vel[k] - around.vel[k];
    }
    double mu = body.gm + around.gm;
    ORR_TRY(orr_elements_from_state(&relative, mu, el));
    *orbit = orr_orbit_of(el, mu);
    return ORR_OK;
}

#endif
