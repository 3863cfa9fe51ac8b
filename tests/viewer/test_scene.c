/* Frames, who moves around whom, trails, names, graphs, dates, keys: what needs no pixels. */
#include "check.h"

#include <orrery/primaries.h>
#include <orrery/scenario.h>

#include "viewer/model/calendar.h"
#include "viewer/model/frame.h"
#include "viewer/draw/graph.h"
#include "viewer/screen/input.h"
#include "viewer/draw/labels.h"

static orr_scenario load(const char *name)
{
    char path[512];
    orr_scenario s;
    orr_diagnosis why;
    snprintf(path, sizeof path, "%s/scenarios/%s.yaml", SOURCE_DIR, name);
    CHECK_OK(orr_scenario_load(path, NULL, &s, &why));
    return s;
}

static size_t named(const orr_scenario *s, const char *name)
{
    for (size_t i = 0; i < s->bodies.n; i++)
        if (strcmp(orr_names_get(&s->names, s->bodies.id[i]), name) == 0)
            return i;
    fail_msg("no body %s", name);
    return 0;
}

static void who_moves_around_whom(void **state)
{
    (void)state;
    size_t around[200];
    orr_scenario s = load("solar-system");
    orr_primaries_find(&s.bodies, 0, s.bodies.n, around);
    for (size_t i = 0; i < s.bodies.n; i++) {
        const char *name = orr_names_get(&s.names, s.bodies.id[i]);
        if (strcmp(name, "Sun") == 0)
            CHECK(around[i] == SIZE_MAX);
        else if (strcmp(name, "Moon") == 0)
            CHECK(around[i] == named(&s, "Earth"));
        else
            CHECK(around[i] == named(&s, "Sun"));
    }
    size_t one;
    orr_primaries_find(&s.bodies, named(&s, "Moon"), named(&s, "Moon") + 1, &one);
    CHECK(one == named(&s, "Earth"));
    orr_scenario_free(&s);

    s = load("two-suns"); /* each planet has its own sun */
    orr_primaries_find(&s.bodies, 0, s.bodies.n, around);
    for (size_t i = 0; i < s.bodies.n; i++) {
        const char *name = orr_names_get(&s.names, s.bodies.id[i]);
        if (strlen(name) == 2) {
            const char sun[2] = {name[0], 0};
            CHECK(around[i] == named(&s, sun));
        }
    }
    orr_scenario_free(&s);

    s = load("figure-eight"); /* equals move around nobody */
    orr_primaries_find(&s.bodies, 0, s.bodies.n, around);
    for (size_t i = 0; i < 3; i++)
        CHECK(around[i] == SIZE_MAX);
    orr_scenario_free(&s);
}

static void frames(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 3));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 3, .pos = {1, 1, 0}, .vel = {0, -0.1, 0}}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .pos = {1, 5, 0}, .vel = {-2, 0, 0.5}, .id = 1},
                            NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.pos = {9, 9, 9}, .id = 2, .role = ORR_TEST}, NULL));
    double out[3];
    frame f = frame_of(FRAME_INERTIAL, &b, 1, 0);
    frame_apply(&f, (double[]){9, 9, 9}, out);
    CHECK(out[0] == 9 && out[1] == 9 && out[2] == 9);
    f = frame_of(FRAME_BODY, &b, 1, 0);
    frame_apply(&f, (double[]){1, 5, 0}, out);
    CHECK(out[0] == 0 && out[1] == 0 && out[2] == 0);
    f = frame_of(FRAME_BARYCENTRE, &b, 1, 0);
    frame_apply(&f, (double[]){1, 2, 0}, out);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(out[k], 0, 1e-15);
    f = frame_of(FRAME_CO_ROTATING, &b, 1, 0);
    frame_apply(&f, (double[]){1, 5, 0}, out);
    const double body[3] = {3, 0, 0}, heavy[3] = {-1, 0, 0};
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(out[k], body[k], 1e-14);
    frame_apply(&f, (double[]){1, 1, 0}, out);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(out[k], heavy[k], 1e-14);
    /* what cannot be is the inertial frame: nobody there, or on top of each other */
    f = frame_of(FRAME_CO_ROTATING, &b, 1, SIZE_MAX);
    CHECK(f.rotation[0][0] == 1 && f.origin[0] == 0);
    orr_bodies_move(&b, 1, (double[]){1, 1, 0}, (double[]){0, 0, 0});
    f = frame_of(FRAME_CO_ROTATING, &b, 1, 0);
    CHECK(f.rotation[0][0] == 1 && f.origin[0] == 0);
    orr_bodies_free(&b);
}

static void trail_places(void **state)
{
    (void)state;
    trails t;
    CHECK(trails_create(&t, 3));
    trails_set_length(&t, 0, 1);
    CHECK(t.room >= 100);
    for (int k = 0; k <= 100000; k++) { /* far more often than there are places */
        double now = k * 1e-4, p[3] = {now, 0, 0};
        trails_add(&t, 0, now, p);
    }
    const trail_place *newest = trails_get(&t, 0, 0), *oldest = NULL;
    CHECK_NEAR(newest->t, 10, 1.0 / (double)(t.room - 4));
    for (size_t k = 0; trails_get(&t, 0, k); k++) {
        const trail_place *place = trails_get(&t, 0, k);
        CHECK(!oldest || place->t < oldest->t);
        CHECK(place->pos[0] == place->t);
        oldest = place;
    }
    CHECK(oldest->t <= 9.01); /* a whole length is kept */
    trails_add(&t, 0, 9.9, (double[]){0, 0, 0});
    trails_add(&t, 0, 9.8, (double[]){0, 0, 0}); /* backwards: a new trail */
    CHECK(trails_get(&t, 0, 1) == NULL || trails_get(&t, 0, 1)->t < 10.01);
    CHECK(trails_get(&t, 1, 0) == NULL); /* no length, no places */
    trails_add(&t, 7, 0, (double[]){0, 0, 0});
    CHECK(trails_get(&t, 7, 0) == NULL);
    trails_clear(&t);
    CHECK(trails_get(&t, 0, 0) == NULL);
    trails_free(&t);
    CHECK(trails_create(&t, 1000000)); /* too many: none, and nothing breaks */
    trails_add(&t, 5, 0, (double[]){0, 0, 0});
    CHECK(t.room == 0 && trails_get(&t, 5, 0) == NULL);
    trails_free(&t);
}

static void graphs(void **state)
{
    (void)state;
    static graph g;
    graph_clear(&g);
    for (int k = 0; k < 100000; k++)
        graph_add(&g, k, k == 4 ? (double)NAN : k);
    CHECK(g.n <= GRAPH_ROOM && g.n > GRAPH_ROOM / 4);
    for (int k = 1; k < g.n; k++)
        CHECK(g.t[k] > g.t[k - 1] && g.value[k] == g.t[k]);
    CHECK(g.t[0] == 0 && g.t[g.n - 1] > 99900);
    graph_add(&g, 50000, 1); /* back in time: what was after is forgotten */
    CHECK(g.t[g.n - 1] <= 50000);
    for (int k = 0; k < 40; k++)
        graph_mark(&g, k, "leapfrog with a long name");
    CHECK(g.n_marks == GRAPH_MARKS && g.mark_t[GRAPH_MARKS - 1] == 39);
    char text[32];
    number_text(0, text);
    assert_string_equal(text, "0");
    number_text(-3.14159e-12, text);
    assert_string_equal(text, "-3.1e-12");
    number_text(123.456, text);
    assert_string_equal(text, "123.5");
}

static void dates(void **state)
{
    (void)state;
    const struct {
        double jd;
        const char *text;
    } known[] = {{2451545.0, "2000-01-01 12:00"},
                 {0, "4713-01-01 BC 12:00"},
                 {2451545.0 + 146097.0 * 250, "year 102000"},
                 {NAN, "?"}};
    char text[64];
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        orr_date d = orr_date_from_jd(known[k].jd, ORR_TDB);
        calendar_text(&d, text);
        assert_string_equal(text, known[k].text);
    }
    for (double jd = 1721425.5; jd < 5e6; jd += 1234.25) { /* as the reader of dates has it */
        orr_date d = orr_date_from_jd(jd, ORR_TT), back;
        char message[200];
        calendar_text(&d, text);
        CHECK_OK(orr_date_read(text, ORR_TT, &back, message, sizeof message));
        CHECK_NEAR(orr_date_after(&back, &d, 1), 0, 30);
    }
}

static void keys(void **state)
{
    (void)state;
    int listed = 0;
    char key[24];
    const char *text;
    static const int all[] = {
#define ACTION(name, key, help, function, by) key,
#include "viewer/screen/actions.def"
#undef ACTION
    };
    for (size_t a = 0; a < sizeof all / sizeof *all; a++) {
        CHECK(input_action(all[a]) == (action)(a + 1)); /* and no other has this key */
        for (size_t b = 0; b < a; b++)
            CHECK(all[a] != all[b]);
    }
    CHECK(input_action('T') == input_action('t') && input_action('t') == ACTION_TRAILS);
    CHECK(input_action('=') == ACTION_NEARER && input_action('?') == ACTION_HELP);
    CHECK(input_action(0) == ACTION_NONE && input_action(12345) == ACTION_NONE);
    while (input_help(listed, key, &text)) {
        CHECK(*key && *key != '?' && *text);
        listed++;
    }
    CHECK(listed > 30);
    assert_string_equal(input_method(ACTION_METHOD_1), "euler"); /* a teacher's keys */
    assert_string_equal(input_method(ACTION_METHOD_2), "leapfrog");
    assert_string_equal(input_method(ACTION_METHOD_3), "rk4");
    CHECK(input_method(ACTION_PAUSE) == NULL);
    for (int k = 1; k <= 9; k++)
        CHECK(orr_integrator_find(input_method((action)(ACTION_METHOD_0 + k))) != NULL);
}

static const char *long_name(const void *names, uint64_t id)
{
    (void)names, (void)id;
    return "a body with quite a long name";
}

/* Fifty bodies in a crowd: some names are written, the heaviest one's among them, and no letter of
 * one stands over a letter of another. */
/* Two pictures side by side: what reaches over the seam is cut there. */
static void nothing_crosses_the_seam(void **state)
{
    (void)state;
    enum { WIDTH = 200, HEIGHT = 100 };
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 3));
    for (uint64_t id = 0; id < 3; id++)
        CHECK_OK(orr_bodies_add(
            &b, (orr_body){.gm = 1, .pos = {(double)id - 1, 0, 0}, .radius = 0.4, .id = id}, NULL));
    subject s = {.n = 3, .length_si = 1, .time_si = 1};
    canvas c = {0};
    CHECK(canvas_resize(&c, WIDTH, HEIGHT));
    double pulled[2];
    for (int empty = 0; empty < 2; empty++) { /* with and without a left picture */
        draw_list l = {0};
        scene_spot spots[SCENE_MOST_SPOTS];
        for (int k = empty; k < 2; k++) {
            scene_view v = {.bodies = &b,
                            .subject = &s,
                            .frame = frame_of(FRAME_INERTIAL, &b, 0, 0),
                            .camera = {.distance = 2.2, .pitch = 1.5, .north = {0, 0, 1}},
                            .north = {0, 0, 1},
                            .x = k * WIDTH / 2,
                            .width = WIDTH / 2,
                            .height = HEIGHT,
                            .look = {.scale = 1, .selected = SIZE_MAX}};
            size_t n = scene_build(&v, 1, &l, spots);
            for (size_t i = 0; i < n; i++)
                CHECK(spots[i].x >= v.x && spots[i].x < v.x + v.width);
        }
        draw_theme theme = draw_theme_dark;
        theme.glow = 0;
        canvas_render(&c, &l, &theme, 1);
        pulled[empty] = 0;
        for (int y = 0; y < HEIGHT; y++)
            for (int x = WIDTH / 2; x < WIDTH; x++)
                pulled[empty] += (double)(c.pixels[y * WIDTH + x] & 0xffffff) * (x + 1) * (y + 7);
        double left = 0, edge = 0;
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH / 2; x++)
                left += (c.pixels[y * WIDTH + x] & 0xffffff) > 0;
        for (int y = 0; y < HEIGHT; y++)
            edge += (c.pixels[y * WIDTH + WIDTH / 2] & 0xffffff) > 0x202020;
        CHECK(empty ? left == 0 : left > 0);
        CHECK(edge > 3); /* the disc on the left of it is there, cut off */
        draw_list_free(&l);
    }
    CHECK(pulled[0] == pulled[1]);
    canvas_free(&c);
    orr_bodies_free(&b);
}

static void colors_by_velocity(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 100));
    for (uint64_t id = 0; id < 100; id++) /* all drift; one half comes, one half goes */
        CHECK_OK(orr_bodies_add(
            &b,
            (orr_body){
                .gm = 1, .pos = {(double)id, 0, 0}, .vel = {7, 0, id < 50 ? 17 : 3}, .id = id},
            NULL));
    lens l = {.axes = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    tint t = tint_for(TINT_SPEED, &b, &l, 1);
    CHECK_NEAR(t.mean[0], 7, 1e-12);
    CHECK_NEAR(t.most, 10, 1e-12); /* 7, made round */
    CHECK_NEAR(tint_place(&t, &b, 0), 0.7, 1e-12);
    t = tint_for(TINT_APPROACH, &b, &l, 1000); /* a unit of a thousand: round in it */
    CHECK_NEAR(t.most, 10, 1e-12);
    CHECK_NEAR(tint_place(&t, &b, 0), 0.15, 1e-12); /* towards the eye: blue */
    CHECK_NEAR(tint_place(&t, &b, 99), 0.85, 1e-12);
    uint32_t comes = tint_color(TINT_APPROACH, 0), goes = tint_color(TINT_APPROACH, 1);
    CHECK((comes & 255) > (comes >> 16) && (goes & 255) < (goes >> 16));
    b.vel[3] = NAN;
    CHECK(tint_place(&t, &b, 3) >= 0 && tint_place(&t, &b, 3) <= 1);
    orr_bodies_free(&b);
}

static void names_do_not_overlap(void **state)
{
    (void)state;
    char why[200];
    font *f = font_load(NULL, why, sizeof why);
    if (!f) {
        print_message("%s\n", why);
        skip();
    }
    orr_bodies b;
    subject s = {.name = long_name};
    scene_spot spots[50];
    draw_list l = {0};
    CHECK_OK(orr_bodies_init(&b, 50));
    for (size_t k = 0; k < 50; k++) {
        CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .id = k}, NULL));
        spots[k] = (scene_spot){k, 300 + 17 * (float)(k % 10), 200 + 9 * (float)(k / 10), 3,
                                k == 33 ? 10 : 1};
    }
    scene_view v = {
        .bodies = &b, .subject = &s, .width = 800, .height = 500, .look = {.selected = SIZE_MAX}};
    label names[SCENE_MOST_SPOTS];
    size_t written = labels_draw(&v, spots, 50, f, 14, 0xffffffff, &l, names);
    CHECK(written >= 3 && written < 50);
    CHECK(spots[0].body == 33);
    CHECK(l.n_items > 0 && fabsf(l.items[0].y0 - spots[0].y) < 40); /* its name is the first */
    size_t letters = l.n_items / written;
    for (size_t i = 0; i < l.n_items; i++)
        for (size_t j = 0; j < i; j++) {
            const draw_item *p = &l.items[i], *q = &l.items[j];
            if (i / letters == j / letters)
                continue; /* of the same name */
            bool apart = p->x0 + (float)p->shape->width <= q->x0 ||
                         q->x0 + (float)q->shape->width <= p->x0 ||
                         p->y0 + (float)p->shape->height <= q->y0 ||
                         q->y0 + (float)q->shape->height <= p->y0;
            CHECK(apart);
        }
    draw_list_clear(&l); /* and none over a panel */
    draw_add_box(&l, 330, 150, 400, 300, 0xff000000);
    CHECK(labels_draw(&v, spots, 50, f, 14, 0xffffffff, &l, names) > 0);
    for (size_t i = 1; i < l.n_items; i++) {
        const draw_item *p = &l.items[i];
        CHECK(p->x0 + (float)p->shape->width <= 330 || p->x0 >= 400 || p->y0 >= 300 ||
              p->y0 + (float)p->shape->height <= 150);
    }
    draw_list_free(&l);
    orr_bodies_free(&b);
    font_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(who_moves_around_whom),
                                       cmocka_unit_test(frames),
                                       cmocka_unit_test(trail_places),
                                       cmocka_unit_test(graphs),
                                       cmocka_unit_test(dates),
                                       cmocka_unit_test(keys),
                                       cmocka_unit_test(nothing_crosses_the_seam),
                                       cmocka_unit_test(colors_by_velocity),
                                       cmocka_unit_test(names_do_not_overlap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
