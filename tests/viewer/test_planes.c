/* Against which plane inclinations are told: what people know them by, and what they ask for. */
#include "check.h"

#include <math.h>

#include <orrery/scenario.h>

#include "viewer/screen/viewer.h"
#include "viewer/sources/feed.h"

static const double degree = 57.29577951308232;
static font *letters;

static int set_up(void **state)
{
    char why[300];
    (void)state;
    letters = font_load(NULL, why, sizeof why);
    return letters ? 0 : -1;
}

static int clean_up(void **state)
{
    (void)state;
    font_free(letters);
    return 0;
}

static void open_scenario(viewer *v, const char *name, bool given, viewer_plane plane)
{
    char path[512];
    orr_scenario s;
    orr_diagnosis why;
    settings defaults = settings_default();
    snprintf(path, sizeof path, "%s/scenarios/%s.yaml", SOURCE_DIR, name);
    CHECK_OK(orr_scenario_load(path, NULL, &s, &why));
    source *from = source_open_scenario(&s, NULL, 1, true, &why);
    CHECK(from);
    CHECK(viewer_open(v, from, &defaults, letters, 1));
    if (given)
        v->plane = plane;
}

/* The inclination of a body [deg], and the plane that it is told against. */
static double inclination(viewer *v, const char *name, viewer_plane *plane)
{
    const pane *p = &v->panes[0];
    orr_elements el;
    orr_orbit o;
    CHECK(viewer_select(v, name));
    size_t i = viewer_selected(v, p);
    CHECK(i < p->n_around && p->around[i] < p->now.bodies->n);
    CHECK(viewer_orbit(v, p, i, p->around[i], &el, &o));
    *plane = viewer_plane_for(v, p, p->around[i]);
    return el.i * degree;
}

/* Moons of Jupiter against its equator, planets and the Moon against the ecliptic, by themselves. */
static void what_people_know(void **state)
{
    (void)state;
    viewer v;
    viewer_plane plane;
    open_scenario(&v, "jupiter-moons", false, 0);
    CHECK_NEAR(inclination(&v, "Io", &plane), 0.04, 0.02);
    CHECK(plane == PLANE_EQUATOR);
    CHECK_NEAR(inclination(&v, "Europa", &plane), 0.47, 0.03);
    viewer_close(&v);
    open_scenario(&v, "solar-system-de440", false, 0);
    CHECK_NEAR(inclination(&v, "Moon", &plane), 5.145, 0.2);
    CHECK(plane == PLANE_ECLIPTIC);
    CHECK_NEAR(inclination(&v, "Venus", &plane), 3.3946, 0.001);
    viewer_close(&v);
}

/* Asked for: the Sun's equator, 7.25 deg from the ecliptic; a planet whose pole nobody knows is told
 * against the ecliptic, and says so. */
static void what_is_asked_for(void **state)
{
    (void)state;
    viewer v;
    viewer_plane plane;
    open_scenario(&v, "solar-system-de440", true, PLANE_EQUATOR);
    CHECK(viewer_has_plane(&v, PLANE_EQUATOR));
    CHECK_NEAR(inclination(&v, "Earth", &plane), 7.25, 0.15);
    CHECK(plane == PLANE_EQUATOR);
    viewer_close(&v);
    open_scenario(&v, "solar-system", true, PLANE_EQUATOR);
    CHECK(!viewer_has_plane(&v, PLANE_EQUATOR));
    CHECK_NEAR(inclination(&v, "Venus", &plane), 3.3946, 0.001);
    CHECK(plane != PLANE_EQUATOR);
    viewer_close(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_people_know),
                                       cmocka_unit_test(what_is_asked_for)};
    return cmocka_run_group_tests(tests, set_up, clean_up);
}
