/* Time scales of systems whose orbits are known. */
#include "check.h"

#include <orrery/orbit_scales.h>

static const double turn = 6.283185307179586;

static void add(orr_bodies *b, double gm, double x, double vy)
{
    size_t n = b->n;
    CHECK_OK(orr_bodies_add(b, (orr_body){.gm = gm, .pos = {x}, .vel = {0, vy}, .id = n}, NULL));
}

/* A star of GM 1; a planet of 1e-3 at 1 with e = 0.5; its moon at 0.001 on a circle. */
static void star_planet_moon(void **state)
{
    (void)state;
    orr_bodies b = {0};
    const double planet = 1e-3, v = sqrt((1 + planet) * (2 / 0.5 - 1)), moon = sqrt(planet / 1e-3);
    CHECK_OK(orr_bodies_init(&b, 3));
    add(&b, 1, 0, 0);
    add(&b, planet, 0.5, v);
    orr_orbit_scales s = orr_orbit_scales_of(&b);
    CHECK(s.has_orbit && s.dominated && !s.cluster && s.n_bound == 1 && s.n_satellites == 0);
    CHECK_NEAR(s.mass_ratio, 1000, 1e-9);
    CHECK_NEAR(s.shortest.period, turn / sqrt(1 + planet), 1e-12);
    CHECK_NEAR(s.shortest.e, 0.5, 1e-12);
    /* a circle through the pericentre, at the speed that the planet has there */
    CHECK_NEAR(s.shortest.peri_time, turn * 0.5 / v, 1e-12);
    CHECK_NEAR(orr_orbit_step(&s, 1), floor(s.shortest.peri_time * 10) / 10, 1e-12);
    CHECK(orr_leapfrog_step(&s) <= s.shortest.peri_time / 250);
    CHECK(orr_leapfrog_step(&s) > 0.9 * s.shortest.peri_time / 250);
    add(&b, 0, 0.501, v + moon);
    s = orr_orbit_scales_of(&b);
    CHECK(s.n_bound == 2 && s.n_satellites == 1 && s.first_satellite.body == 2 &&
          s.first_satellite.around == 1 && s.shortest.body == 2);
    CHECK_NEAR(s.first_satellite.period, turn * 1e-3, 1e-9);
    orr_bodies_free(&b);
}

static void nothing_to_tell(void **state)
{
    (void)state;
    orr_bodies b = {0};
    CHECK_OK(orr_bodies_init(&b, 2));
    orr_orbit_scales s = orr_orbit_scales_of(&b);
    CHECK(!s.has_orbit && !s.dominated && orr_leapfrog_step(&s) == 0);
    add(&b, 1, 0, 0);
    add(&b, 1e-3, 1, 2); /* faster than sqrt(2): it leaves */
    s = orr_orbit_scales_of(&b);
    CHECK(!s.has_orbit && s.n_bound == 0 && s.n_unbound == 1 && s.first_unbound == 1);
    orr_bodies_free(&b);
}

/* Many bodies of the same mass are no system of orbits. */
static void cluster(void **state)
{
    (void)state;
    for (size_t n = 50; n <= 51; n++) {
        orr_bodies b = {0};
        CHECK_OK(orr_bodies_init(&b, n));
        for (size_t i = 0; i < n; i++)
            add(&b, 1, (double)i, 0.1 * (double)i);
        orr_orbit_scales s = orr_orbit_scales_of(&b);
        CHECK(s.cluster == (n == 51) && s.has_orbit == !s.cluster);
        orr_bodies_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(star_planet_moon),
                                       cmocka_unit_test(nothing_to_tell),
                                       cmocka_unit_test(cluster)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
