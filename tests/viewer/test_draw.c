/* Pixels: the same for any number of threads, no light lost, nothing written outside. */
#include "check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/draw/draw.h"
#include "viewer/screen/picture.h"

static font *letters;

static int load_font(void **state)
{
    char why[300];
    (void)state;
    letters = font_load(NULL, why, sizeof why);
    if (!letters)
        print_message("%s: letters are not tested\n", why);
    return 0;
}

static int free_font(void **state)
{
    (void)state;
    font_free(letters);
    return 0;
}

/* A bit of everything, also where nothing should be. */
static void fill(draw_list *l, int width, int height, uint64_t seed)
{
    const float w = (float)width, h = (float)height;
    draw_point *p = draw_points(l, 3000);
    for (int k = 0; k < 3000; k++)
        p[k] = (draw_point){(float)(check_random(&seed) * 1.4 - 0.2) * w,
                            (float)(check_random(&seed) * 1.4 - 0.2) * h,
                            {0.2f, 0.3f, 0.1f}};
    p[0] = (draw_point){NAN, 3, {1, 1, 1}};
    p[1] = (draw_point){3, INFINITY, {1, 1, 1}};
    p[2] = (draw_point){-1e30f, 1e30f, {1, 1, 1}};
    p[3] = (draw_point){w, h, {1, 1, 1}};
    p[4] = (draw_point){0, 0, {1, 1, 1}};
    for (int k = 0; k < 200; k++) {
        draw_line line = {.width = 0.5f + (float)check_random(&seed) * 3};
        for (int i = 0; i < 2; i++) {
            line.x[i] = (float)(check_random(&seed) * 2 - 0.5) * w;
            line.y[i] = (float)(check_random(&seed) * 2 - 0.5) * h;
            line.light[i] = (draw_color){0.1f, (float)i, 0.3f};
        }
        if (k == 0)
            line.x[0] = NAN;
        if (k == 1)
            line.y[1] = 1e30f;
        draw_add_line(l, &line);
        draw_disc disc = {(float)check_random(&seed) * w,
                          (float)check_random(&seed) * h,
                          (float)check_random(&seed) * 9,
                          k % 3 ? 20 : 0,
                          {0.5f, 0.6f, 1},
                          {0, 0, k % 2 ? 0.6f : 0}};
        if (k == 2)
            disc.x = NAN;
        if (k == 3)
            disc.radius = 1e5f;
        draw_add_disc(l, &disc);
        draw_add_box(l, disc.x, disc.y, disc.x + 9, disc.y + 5, 0x40ff8000);
        draw_add_stroke(l, line.x[0], line.y[0], line.x[1], line.y[1], 1.5f, 0x8000ff00);
        draw_add_ring(l, disc.x, disc.y, disc.radius, 1.2f, 0xffff0000);
        if (letters)
            draw_add_text(l, letters, 13, disc.x - 20, disc.y, "Na\xc3\xafve \xce\xa9 \xff",
                          0xffffffff);
    }
}

static void any_number_of_threads(void **state)
{
    (void)state;
    const int sizes[][2] = {{1, 1}, {2, 3}, {16, 16}, {17, 31}, {640, 401}, {1280, 720}};
    for (int k = 0; k < 6; k++)
        for (int theme = 0; theme < 2; theme++) {
            canvas one = {0}, many = {0};
            draw_list l = {0};
            int w = sizes[k][0], h = sizes[k][1];
            CHECK(canvas_resize(&one, w, h) && canvas_resize(&many, w, h));
            fill(&l, w, h, (uint64_t)k);
            const draw_theme *t = theme ? &draw_theme_light : &draw_theme_dark;
            canvas_render(&one, &l, t, 1);
            for (int threads = 1; threads <= 9; threads += 2)
                for (int again = 0; again < 2; again++) {
                    canvas_render(&many, &l, t, threads);
                    CHECK(memcmp(one.pixels, many.pixels, (size_t)w * (size_t)h * 4) == 0);
                }
            draw_list_free(&l);
            canvas_free(&one);
            canvas_free(&many);
        }
}

/* Points share their light among pixels by area, whatever their place, and none of it goes astray;
 * a line of width 1 leaves as much light as it is long, also where two lines meet. */
static void light_is_kept(void **state)
{
    (void)state;
    canvas c = {0};
    CHECK(canvas_resize(&c, 64, 64));
    const draw_theme plain = {.exposure = 1}; /* no glow: pixels tell their light */
    for (int k = 0; k < 60; k++) {
        draw_list l = {0};
        float along = 0;
        if (k < 30) {
            draw_point *p = draw_points(&l, 1);
            *p = (draw_point){20 + 0.37f * (float)k, 33.3f - 0.21f * (float)k, {0.25f, 0, 0}};
        } else {
            float angle = 0.21f * (float)k, x = 32, y = 32;
            for (int i = 0; i < 6; i++) { /* pieces, each going on where the last one ended */
                draw_line line = {
                    .width = 1, .x = {x, x + 3.3f * cosf(angle)}, .y = {y, y + 3.3f * sinf(angle)}};
                line.light[0] = line.light[1] = (draw_color){0.05f, 0, 0};
                draw_add_line(&l, &line);
                x = line.x[1], y = line.y[1];
            }
            along = 6 * 3.3f;
        }
        canvas_render(&c, &l, &plain, 1);
        double sum = 0;
        for (int i = 0; i < 64 * 64; i++) {
            double level = (double)(c.pixels[i] >> 16 & 255) / 255, s = level * level;
            sum += s / (1 - s);
        }
        if (k < 30)
            CHECK_NEAR(sum, 0.25, 0.02);
        else
            CHECK_NEAR(sum, 0.05 * along, 0.05 * 2); /* ends are cut to whole columns */
        draw_list_free(&l);
    }
    canvas_free(&c);
}

/* Black is black; half-covered is half; an opaque overlay has the colour that was asked for. */
static void colors(void **state)
{
    (void)state;
    canvas c = {0};
    draw_list l = {0};
    CHECK(canvas_resize(&c, 40, 30));
    canvas_render(&c, &l, &draw_theme_dark, 2);
    for (int k = 0; k < 40 * 30; k++)
        CHECK(c.pixels[k] == 0xff000000);
    draw_add_box(&l, 10, 10, 20, 20, 0xff123456);
    draw_add_box(&l, 20, 10, 30, 20, 0x80ffffff);
    canvas_render(&c, &l, &draw_theme_dark, 2);
    CHECK(c.pixels[15 * 40 + 15] == 0xff123456);
    CHECK(c.pixels[15 * 40 + 25] == 0xff808080);
    CHECK(c.pixels[15 * 40 + 9] == 0xff000000 && c.pixels[20 * 40 + 15] == 0xff000000);
    canvas_render_overlay(&c, &l, 2); /* alone: what is not painted lets the sky through */
    CHECK(c.pixels[15 * 40 + 15] == 0xff123456);
    CHECK(c.pixels[0] == 0 && c.pixels[15 * 40 + 25] >> 24 == 0x80);
    canvas_render(&c, &l, &draw_theme_light, 2);
    CHECK((c.pixels[0] & 0xff) > 230); /* paper */
    draw_color half = draw_light_of(0xff8000, 2);
    CHECK_NEAR(half.r, 2, 1e-6);
    CHECK_NEAR(half.g, 2 * pow(128.0 / 255, 2), 1e-6);
    draw_list_free(&l);
    canvas_free(&c);
}

static void sizes_that_cannot_be(void **state)
{
    (void)state;
    canvas c = {0};
    CHECK(!canvas_resize(&c, 0, 10) && !canvas_resize(&c, 10, -1) && !canvas_resize(&c, 20000, 10));
    CHECK(c.pixels == NULL);
    CHECK(canvas_resize(&c, 30, 20));
    CHECK(canvas_resize(&c, 30, 20));
    canvas_free(&c);
}

static void letters_and_widths(void **state)
{
    (void)state;
    if (!letters)
        skip();
    draw_list l = {0};
    float end = draw_add_text(&l, letters, 20, 100, 50, "Jupiter", 0xffffffff);
    CHECK_NEAR(end - 100, font_width(letters, 20, "Jupiter"), 1e-3);
    CHECK(l.n_items == 7);
    CHECK(font_width(letters, 40, "Jupiter") > 1.8f * font_width(letters, 20, "Jupiter"));
    CHECK(font_glyph(letters, 'J', 20) == font_glyph(letters, 'J', 20));
    const char *text = "a\xc3\xa9\xe2\x98\x89\xf0\x9f\xaa\x90\xff\xc3";
    const uint32_t want[] = {'a', 0xe9, 0x2609, 0x1fa90, '?', '?', 0};
    for (int k = 0; k < 7; k++)
        CHECK(text_next(&text) == want[k]);
    char why[300];
    CHECK(font_load("/no/such/font.ttf", why, sizeof why) == NULL);
    CHECK(strstr(why, "fonts-dejavu-core"));
    CHECK(font_load("/proc/self/exe", why, sizeof why) == NULL);
    CHECK(strstr(why, "not a TrueType font"));
    draw_list_free(&l);
}

static void files(void **state)
{
    (void)state;
    char folder[] = "/tmp/orrery-draw-XXXXXX", path[200], why[400];
    canvas c = {0}, other = {0};
    draw_list l = {0};
    CHECK(mkdtemp(folder));
    CHECK(canvas_resize(&c, 33, 21) && canvas_resize(&other, 40, 21));
    canvas_render(&c, &l, &draw_theme_dark, 1);
    canvas_render(&other, &l, &draw_theme_dark, 1);
    snprintf(path, sizeof path, "%s/a.png", folder);
    CHECK(picture_write(&c, path, why, sizeof why));
    CHECK(access(path, R_OK) == 0);
    CHECK(!picture_write(&c, "/no/such/folder/a.png", why, sizeof why));
    CHECK(strstr(why, "/no/such/folder/a.png"));
    CHECK(!picture_write(&c, folder, why, sizeof why)); /* a folder is in its place */
    unlink(path);
    snprintf(path, sizeof path, "%s/film", folder);
    film *f = film_open(path, 33, 21, 30, why, sizeof why);
    CHECK(f && film_add(f, &c, why, sizeof why) && film_add(f, &c, why, sizeof why));
    CHECK(!film_add(f, &other, why, sizeof why)); /* another size */
    CHECK(strstr(why, "33 x 21"));
    CHECK(film_close(f, why, sizeof why));
    for (int k = 1; k <= 2; k++) {
        snprintf(path, sizeof path, "%s/film/frame-%06d.png", folder, k);
        CHECK(unlink(path) == 0);
    }
    snprintf(path, sizeof path, "%s/film", folder);
    CHECK(rmdir(path) == 0); /* nothing else was left */
    CHECK(film_open("/no/such/folder/film", 33, 21, 30, why, sizeof why) == NULL);
    if (film_has_ffmpeg()) {
        snprintf(path, sizeof path, "%s/a.mp4", folder);
        f = film_open(path, 33, 21, 30, why, sizeof why); /* odd sides, too */
        CHECK(f);
        for (int k = 0; k < 5; k++)
            CHECK(film_add(f, &c, why, sizeof why));
        CHECK(film_close(f, why, sizeof why));
        CHECK(unlink(path) == 0);
        f = film_open(path, 33, 21, 30, why, sizeof why);
        CHECK(f && !film_close(f, why, sizeof why)); /* no picture, no film */
        CHECK(access(path, F_OK) != 0);
    }
    CHECK(rmdir(folder) == 0);
    draw_list_free(&l);
    canvas_free(&c);
    canvas_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_number_of_threads),
                                       cmocka_unit_test(light_is_kept),
                                       cmocka_unit_test(colors),
                                       cmocka_unit_test(sizes_that_cannot_be),
                                       cmocka_unit_test(letters_and_widths),
                                       cmocka_unit_test(files)};
    return cmocka_run_group_tests(tests, load_font, free_font);
}
