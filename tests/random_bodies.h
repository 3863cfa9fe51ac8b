/* random_bodies.h - bodies for tests. */
#ifndef ORRERY_TESTS_RANDOM_BODIES_H
#define ORRERY_TESTS_RANDOM_BODIES_H

#include <orrery/bodies.h>

#include "check.h"

/* active, passive and test bodies in a unit cube with speeds of order one. */
static inline orr_bodies random_bodies(size_t active, size_t passive, size_t test, uint64_t seed)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, active + passive + test));
    for (size_t k = 0; k < active + passive + test; k++) {
        orr_body body = {.id = k};
        for (int c = 0; c < 3; c++) {
            body.pos[c] = check_random(&seed);
            body.vel[c] = check_random(&seed) - 0.5;
        }
        body.role = k < active ? ORR_ACTIVE : k < active + passive ? ORR_PASSIVE : ORR_TEST;
        body.gm = body.role == ORR_TEST ? 0 : check_random(&seed) / (double)(active + passive);
        CHECK_OK(orr_bodies_add(&b, body, NULL));
    }
    return b;
}

#endif
