/* Ephemerides of motions that are known: circles, straight lines, light that takes its time. */
#include "check.h"
#include "scenario_of_text.h"

#include <orrery/ephemeris.h>

#include <stdlib.h>

static const double turn = 6.283185307179586, au = 149597870700.0, light = 299792458.0;

/* A massless planet on a circle of 1 au around a star, from x on, and a rock that rests far out. */
static const char circle[] =
    "units: { length: au, mass: Msun, time: day }\nframe: icrf\nepoch: 2000-01-01T12:00:00 TDB\n"
    "integrator: { method: taylor }\nrun: { to: 1 yr }\nrecenter: false\nbodies:\n"
    "  - { name: Sun, mass: 1 }\n"
    "  - { name: Earth, role: test, orbit: { around: Sun, a: 1 au } }\n";

/* Radians a day. */
static double motion_of(const orr_scenario *s)
{
    return sqrt(s->bodies.gm[0]);
}

/* Times in any order, on both sides of the start. */
static void places(void **state)
{
    (void)state;
    orr_scenario s = good(circle);
    const double times[] = {100, -50, 0, 365.25, -50, 20};
    const uint64_t both[] = {1, 0};
    orr_ephemeris_def def = {.scenario = &s,
                             .times = times,
                             .n_times = 6,
                             .bodies = both,
                             .n_bodies = 2,
                             .center = ORR_ORIGIN};
    orr_ephemeris e;
    orr_diagnosis why;
    double n = motion_of(&s);
    CHECK_OK(orr_ephemeris_compute(&def, &e, &why));
    CHECK(s.bodies.n == 2); /* it was not taken */
    CHECK(e.n_times == 6 && e.n_bodies == 2);
    for (size_t k = 0; k < 6; k++) {
        const orr_place *p = &e.places[2 * k];
        CHECK(p[0].there && p[1].there && isnan(p->ra) && isnan(p->light_time));
        CHECK_NEAR(p->pos[0], cos(n * times[k]), 1e-13);
        CHECK_NEAR(p->pos[1], sin(n * times[k]), 1e-13);
        CHECK_NEAR(p->vel[1], n * cos(n * times[k]), 1e-14);
        CHECK_NEAR(p->distance, 1, 1e-13);
        CHECK_NEAR(p[1].distance, 0, 1e-15);
    }
    orr_ephemeris_free(&e);
    /* from the planet itself: it is not there, the star on the other side; on the ecliptic */
    def.center = 1;
    def.plane = orr_plane_find("ecliptic");
    CHECK_OK(orr_ephemeris_compute(&def, &e, &why));
    double tilt = def.plane->obliquity * turn / 1296000;
    CHECK(!e.places[0].there && isnan(e.places[0].pos[0]));
    CHECK_NEAR(e.places[1].pos[1], -sin(n * 100) * cos(tilt), 1e-13);
    CHECK_NEAR(e.places[1].pos[2], sin(n * 100) * sin(tilt), 1e-13);
    orr_ephemeris_free(&e);
    orr_scenario_free(&s);
}

/* From the star, at rest: the planet where it was when the light left.  From the planet: the star,
 * ahead of where it is by the constant of aberration. */
static void light_takes_time(void **state)
{
    (void)state;
    orr_scenario s = good(circle);
    const double t = 80, n = motion_of(&s);
    const uint64_t planet = 1, star = 0;
    orr_ephemeris_def def = {.scenario = &s,
                             .times = &t,
                             .n_times = 1,
                             .bodies = &planet,
                             .n_bodies = 1,
                             .center = 0,
                             .apparent = true};
    orr_ephemeris e;
    orr_diagnosis why;
    double delay = au / light / 86400; /* [day] */
    CHECK_OK(orr_ephemeris_compute(&def, &e, &why));
    CHECK_NEAR(e.places->light_time, delay, 1e-12);
    CHECK_NEAR(e.places->ra, n * (t - delay), 1e-12);
    CHECK_NEAR(e.places->dec, 0, 1e-15);
    CHECK_NEAR(e.places->distance, 1, 1e-12);
    CHECK_NEAR(e.places->pos[0], cos(e.places->ra), 1e-12);
    orr_ephemeris_free(&e);
    def.bodies = &star;
    def.center = 1;
    CHECK_OK(orr_ephemeris_compute(&def, &e, &why));
    double beta = n * au / 86400 / light, shift = atan(beta / sqrt(1 - beta * beta));
    CHECK_NEAR(shift * 1296000 / turn, 20.496, 0.005); /* ["]: the constant of aberration */
    CHECK_NEAR(e.places->ra, n * t + turn / 2 + (-shift), 1e-12);
    orr_ephemeris_free(&e);
    /* fifty years on, the equinox has gone back by 50.29" a year, 46.1" of them in right ascension
     * near the equator; nutation is below 20" */
    double later = 50 * 365.25, ra[2];
    def.times = &later;
    for (int k = 0; k < 2; k++) {
        def.of_date = k == 1;
        CHECK_OK(orr_ephemeris_compute(&def, &e, &why));
        ra[k] = e.places->ra;
        orr_ephemeris_free(&e);
    }
    CHECK_NEAR(remainder(ra[1] - ra[0], turn) * 1296000 / turn, 50 * 46.1, 25);
    orr_scenario_free(&s);
}

static void refusals(void **state)
{
    (void)state;
    orr_scenario s = good(circle),
                 plain = good("units: { G: 1 }\nintegrator: { method: taylor }\n"
                              "run: { to: 1 }\nbodies:\n  - { name: A, mass: 1 }\n");
    const double t = 1, never = NAN;
    const uint64_t star = 0, nobody = 7;
    const orr_ephemeris_def fine = {
        .scenario = &s, .times = &t, .n_times = 1, .bodies = &star, .n_bodies = 1, .center = 1};
    orr_ephemeris_def bad[6] = {fine, fine, fine, fine, fine, fine};
    static const char *const says[] = {"units",     "origin",    "'epoch:'",
                                       "no body 7", "no body 7", "finite"};
    orr_diagnosis why;
    bad[0].scenario = &plain, bad[0].apparent = true;
    bad[1].center = ORR_ORIGIN, bad[1].apparent = true;
    bad[2].scenario = &plain, bad[2].of_date = true, bad[2].center = 0;
    bad[3].bodies = &nobody;
    bad[4].center = 7;
    bad[5].times = &never;
    CHECK_OK(orr_ephemeris_check(&fine, &why));
    for (size_t k = 0; k < 6; k++) {
        orr_ephemeris e;
        CHECK(orr_ephemeris_compute(&bad[k], &e, &why) == ORR_E_ARGUMENT);
        if (!strstr(why.text, says[k]))
            print_error("case %zu: %s\n", k, why.text);
        CHECK(strstr(why.text, says[k]) && !e.places);
    }
    orr_scenario_free(&s);
    orr_scenario_free(&plain);
}

typedef struct listener {
    int calls, cancel;
    double last;
} listener;

static void listen(void *user, const char *what, double done)
{
    listener *l = user;
    CHECK(strcmp(what, "integrating") == 0 && done >= l->last && done <= 1);
    l->last = done;
    if (++l->calls == 3)
        l->cancel = 1;
}

static void cancelled(void **state)
{
    (void)state;
    orr_scenario s = good(circle);
    const double t = 3652.5;
    const uint64_t planet = 1;
    listener l = {0};
    orr_ephemeris_def def = {.scenario = &s,
                             .times = &t,
                             .n_times = 1,
                             .bodies = &planet,
                             .n_bodies = 1,
                             .center = 0,
                             .progress = listen,
                             .progress_user = &l};
    orr_ephemeris e;
    orr_diagnosis why;
    CHECK_OK(orr_ephemeris_compute(&def, &e, &why));
    CHECK(l.calls > 10 && l.last == 1);
    orr_ephemeris_free(&e);
    l = (listener){0};
    def.cancel = &l.cancel;
    CHECK(orr_ephemeris_compute(&def, &e, &why) == ORR_E_STOPPED);
    CHECK(l.calls == 3 || l.calls == 4); /* soon */
    CHECK(!e.places && *why.text);
    orr_scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(places), cmocka_unit_test(light_takes_time),
                                       cmocka_unit_test(refusals), cmocka_unit_test(cancelled)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
