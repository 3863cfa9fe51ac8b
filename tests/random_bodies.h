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

/* A star of GM 1 somewhere, planets at growing distances from 1 on, test bodies among them, all
 * nearly on circles; periods from 6.3 on. */
static inline orr_bodies random_planets(size_t planets, size_t test, uint64_t seed)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 1 + planets + test));
    const orr_body star = {.gm = 1, .pos = {0.3, -0.1, 0.2}, .vel = {0.01, 0.02, -0.03}};
    CHECK_OK(orr_bodies_add(&b, star, NULL));
    for (size_t k = 0; k < planets + test; k++) {
        bool massless = k >= planets;
        double a = massless ? 1.2 + 3 * check_random(&seed) : pow(1.4, (double)k);
        double angle = 6.28 * check_random(&seed), tilt = 0.2 * (check_random(&seed) - 0.5);
        double speed = (1 + 0.2 * (check_random(&seed) - 0.5)) / sqrt(a);
        double p[3] = {a * cos(angle), a * sin(angle), a * tilt};
        double v[3] = {-speed * sin(angle), speed * cos(angle), 0};
        orr_body body = {.id = k + 1, .role = massless ? ORR_TEST : ORR_ACTIVE};
        for (int c = 0; c < 3; c++)
            body.pos[c] = star.pos[c] + p[c], body.vel[c] = star.vel[c] + v[c];
        body.gm = massless ? 0 : 1e-4 * (0.1 + check_random(&seed));
        CHECK_OK(orr_bodies_add(&b, body, NULL));
    }
    return b;
}

#endif
