/* emit_orbit.h - hand out a body on a Keplerian orbit with a random phase. */
#ifndef ORRERY_GENERATORS_EMIT_ORBIT_H
#define ORRERY_GENERATORS_EMIT_ORBIT_H

#include <orrery/elements.h>
#include <orrery/generator.h>

#include "random.h"

/* a, e, i given; node, pericentre and mean anomaly uniform. */
static inline orr_status orr_emit_orbit(orr_random *r, double a, double e, double i, double mu,
                                        orr_emit_fn *emit, void *user)
{
    orr_elements el = {.q = a * (1 - e), .e = e, .i = i};
    el.Omega = orr_random_between(r, 0, 2 * ORR_PI);
    el.omega = orr_random_between(r, 0, 2 * ORR_PI);
    ORR_TRY(orr_true_from_mean(e, orr_random_between(r, -ORR_PI, ORR_PI), &el.f));
    orr_state s;
    ORR_TRY(orr_state_from_elements(&el, mu, &s));
    return emit(user, s.pos, s.vel, 1);
}

#endif
