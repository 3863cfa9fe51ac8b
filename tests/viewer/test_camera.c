/* The camera: places become the right pixels at any distance, and nothing trembles. */
#include "check.h"

#include "viewer/model/camera.h"

static camera example(void)
{
    return (camera){
        .target = {1, 2, 3}, .distance = 10, .yaw = 0.7, .pitch = 0.4, .north = {0, 0, 1}};
}

static void axes_are_orthonormal(void **state)
{
    (void)state;
    const double norths[][3] = {{0, 0, 1}, {1, 0, 0}, {0.6, 0, -0.8}, {0, -1, 0}};
    for (int k = 0; k < 4; k++)
        for (double pitch = -1.5; pitch <= 1.5; pitch += 0.5) {
            camera c = example();
            double a[3][3];
            memcpy(c.north, norths[k], sizeof c.north);
            c.pitch = pitch;
            camera_axes(&c, a);
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    CHECK_NEAR(a[i][0] * a[j][0] + a[i][1] * a[j][1] + a[i][2] * a[j][2], i == j,
                               1e-14);
            /* right-handed: right x up = back; north is upright */
            CHECK_NEAR(a[0][1] * a[1][2] - a[0][2] * a[1][1], a[2][0], 1e-14);
            double up = 0, right = 0;
            for (int i = 0; i < 3; i++) {
                up += a[CAMERA_UP][i] * c.north[i];
                right += a[CAMERA_RIGHT][i] * c.north[i];
            }
            CHECK(up >= 0);
            CHECK_NEAR(right, 0, 1e-14);
        }
}

static void projects(void **state)
{
    (void)state;
    camera c = example();
    lens l = camera_lens(&c, 100, 50, 800, 600);
    double a[3][3], v[3], x = 0, y = 0;
    camera_axes(&c, a);
    lens_view(&l, c.target, v);
    CHECK(lens_project(&l, v, &x, &y));
    CHECK_NEAR(x, 500, 1e-12);
    CHECK_NEAR(y, 350, 1e-12);
    double p[3]; /* half the picture's height up, at the distance of the target */
    for (int k = 0; k < 3; k++)
        p[k] = c.target[k] + 10 * 0.3 * a[CAMERA_UP][k];
    lens_view(&l, p, v);
    CHECK(lens_project(&l, v, &x, &y));
    CHECK_NEAR(x, 500, 1e-10);
    CHECK_NEAR(y, 50, 1e-10);
    CHECK_NEAR(camera_distance_for(3), 10, 1e-12);
    for (int k = 0; k < 3; k++) /* behind the eye */
        p[k] = c.target[k] + 11 * a[CAMERA_BACK][k];
    lens_view(&l, p, v);
    CHECK(!lens_project(&l, v, &x, &y));
    p[0] = NAN;
    lens_view(&l, p, v);
    CHECK(!lens_project(&l, v, &x, &y));
}

/* The place under the pointer stays there, from one end of the range to the other. */
static void zooms_to_the_pointer(void **state)
{
    (void)state;
    camera c = example();
    double p[3], v[3], x = 0, y = 0, a[3][3];
    camera_axes(&c, a);
    for (int k = 0; k < 3; k++)
        p[k] = c.target[k] + 10 * 0.3 * (0.5 * a[CAMERA_RIGHT][k] - 0.25 * a[CAMERA_UP][k]);
    for (int step = 0; step < 60; step++) { /* 1.5^60 = 4e10 */
        camera_zoom(&c, 1 / 1.5, 0.5, -0.25);
        lens l = camera_lens(&c, 0, 0, 800, 600);
        lens_view(&l, p, v);
        CHECK(lens_project(&l, v, &x, &y));
        CHECK_NEAR(x, 400 + 150, 0.01);
        CHECK_NEAR(y, 300 + 75, 0.01);
    }
    for (int k = 0; k < 1000; k++)
        camera_zoom(&c, 0.5, 0, 0);
    CHECK(c.distance > 0);
    for (int k = 0; k < 3000; k++)
        camera_zoom(&c, 2, 0, 0);
    CHECK(isfinite(c.distance));
}

/* A moon of Neptune, a kilometre wide on the screen: a body that moves by a hundredth of a pixel
 * moves by that, not by none or two. */
static void nothing_trembles(void **state)
{
    (void)state;
    const double au = 1, km = 6.6845871226706e-9;
    camera c = {.target = {21.3 * au, -20.9 * au, 3.1 * au},
                .distance = 1e-2 * km,
                .north = {0, 0, 1},
                .pitch = 1.5707963267948966};
    lens l = camera_lens(&c, 0, 0, 1280, 720);
    double before = NAN, v[3], x = 0, y = 0;
    double per_pixel = c.distance / l.focal;
    for (int k = 0; k < 100; k++) {
        double p[3] = {c.target[0] + k * per_pixel, c.target[1], c.target[2]};
        lens_view(&l, p, v);
        CHECK(lens_project(&l, v, &x, &y));
        if (k)
            CHECK_NEAR(x - before, 1,
                       0.2); /* 20 au to the last bit is 1e-4 pixels here; 0.2 for rounding of p */
        before = x;
    }
}

static void cuts_lines(void **state)
{
    (void)state;
    camera c = {.distance = 10, .north = {0, 0, 1}, .pitch = 1.5707963267948966};
    lens l = camera_lens(&c, 0, 0, 800, 600);
    double x[2], y[2], part[2];
    const double a[3] = {0, 0, 0}, far[3] = {1e9, 0, 0}, behind[3] = {0.01, 0, 100},
                 off[3] = {0, 1e9, 0}, nan[3] = {NAN, 0, 0};
    CHECK(lens_line(&l, a, far, 4, x, y, part));
    CHECK_NEAR(x[0], 400, 1e-9);
    CHECK_NEAR(x[1], 804, 1e-6);
    CHECK(part[0] == 0 && part[1] > 0 && part[1] < 1e-6);
    CHECK(lens_line(&l, a, behind, 4, x, y, part)); /* up to the eye */
    CHECK(isfinite(x[1]) && x[1] <= 804 && part[1] < 0.1);
    CHECK(!lens_line(&l, far, off, 4, x, y, part)); /* passes by */
    CHECK(!lens_line(&l, a, nan, 4, x, y, part));
}

/* A lens through a frame gives the pixels of what the frame makes of a place. */
static void through_a_frame(void **state)
{
    (void)state;
    camera c = example();
    lens inside = camera_lens(&c, 0, 0, 800, 600);
    const double s = sin(0.3), k = cos(0.3), rotation[3][3] = {{k, s, 0}, {-s, k, 0}, {0, 0, 1}},
                 origin[3] = {5, -4, 1}, p[3] = {7, 1, 2};
    lens world = lens_through(&inside, rotation, origin);
    double q[3], v[3], w[3];
    for (int i = 0; i < 3; i++)
        q[i] = rotation[i][0] * (p[0] - origin[0]) + rotation[i][1] * (p[1] - origin[1]) +
               rotation[i][2] * (p[2] - origin[2]);
    lens_view(&inside, q, v);
    lens_view(&world, p, w);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(v[i], w[i], 1e-13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_are_orthonormal), cmocka_unit_test(projects),
        cmocka_unit_test(zooms_to_the_pointer), cmocka_unit_test(nothing_trembles),
        cmocka_unit_test(cuts_lines),           cmocka_unit_test(through_a_frame)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
