/* Fingers, wheels, game controllers and keys, as SDL reports them, on SDL's driver without a
 * screen. */
#include "check.h"

#include <SDL.h>
#include <orrery/scenario.h>
#include <pthread.h>
#include <stdlib.h>

#include "viewer/screen/window.h"

static void push(SDL_Event e)
{
    SDL_PushEvent(&e);
    SDL_Delay(60); /* a few pictures */
}

static void finger(Uint32 type, SDL_FingerID id, float x, float y, float dx, float dy)
{
    SDL_Event e = {.type = type};
    e.tfinger.touchId = 1;
    e.tfinger.fingerId = id;
    e.tfinger.x = x, e.tfinger.y = y, e.tfinger.dx = dx, e.tfinger.dy = dy;
    push(e);
}

static void key(const char *text)
{
    SDL_Event e = {.type = SDL_TEXTINPUT};
    snprintf(e.text.text, sizeof e.text.text, "%s", text);
    push(e);
}

/* What was seen after each gesture; the window's thread changes it between pictures only. */
static struct {
    double yaw, distance[3], wheel, pitch_key;
    bool paused, helped, followed, tapped;
} seen;

static void *hand(void *user)
{
    viewer *v = user;
    while (!SDL_WasInit(SDL_INIT_VIDEO))
        SDL_Delay(5);
    SDL_Delay(300);
    double yaw = v->camera.yaw;
    finger(SDL_FINGERDOWN, 1, 0.5f, 0.5f, 0, 0);
    finger(SDL_FINGERMOTION, 1, 0.6f, 0.5f, 0.1f, 0);
    finger(SDL_FINGERMOTION, 1, 0.7f, 0.5f, 0.1f, 0);
    finger(SDL_FINGERUP, 1, 0.7f, 0.5f, 0, 0);
    seen.yaw = v->camera.yaw - yaw;
    seen.distance[0] = v->camera.distance;
    finger(SDL_FINGERDOWN, 1, 0.4f, 0.5f, 0, 0);
    finger(SDL_FINGERDOWN, 2, 0.6f, 0.5f, 0, 0);
    SDL_Event pinch = {.type = SDL_MULTIGESTURE};
    pinch.mgesture.numFingers = 2;
    pinch.mgesture.x = pinch.mgesture.y = 0.5f;
    pinch.mgesture.dDist = 0.2f; /* apart: nearer */
    push(pinch);
    finger(SDL_FINGERUP, 2, 0.7f, 0.5f, 0, 0);
    finger(SDL_FINGERUP, 1, 0.3f, 0.5f, 0, 0);
    seen.distance[1] = v->camera.distance;
    SDL_Event wheel = {.type = SDL_MOUSEWHEEL};
    wheel.wheel.preciseY = -3; /* away, as a trackpad says it */
    push(wheel);
    seen.distance[2] = v->camera.distance;
    SDL_Event pad = {.type = SDL_CONTROLLERBUTTONDOWN};
    pad.cbutton.button = SDL_CONTROLLER_BUTTON_A;
    push(pad);
    seen.paused = v->paused;
    pad.cbutton.button = SDL_CONTROLLER_BUTTON_B;
    push(pad);
    seen.helped = v->help;
    push(pad);
    SDL_Event tap = {.type = SDL_KEYDOWN};
    double pitch = v->camera.pitch;
    tap.key.keysym.sym = SDLK_UP;
    push(tap);
    seen.pitch_key = v->camera.pitch - pitch;
    key("f"); /* the body was selected before */
    seen.followed = v->follow;
    finger(SDL_FINGERDOWN, 1, 0.02f, 0.5f, 0, 0); /* a tap on nothing: nobody is selected */
    finger(SDL_FINGERUP, 1, 0.02f, 0.5f, 0, 0);
    seen.tapped = !v->has_selected;
    key("\xc3\xa9"); /* means nothing */
    key("q");
    return NULL;
}

/* A viewer of a scenario; NULL: there are no letters here. */
static font *open_viewer(const char *scenario, viewer *v)
{
    char why[300], path[500];
    font *f = font_load(NULL, why, sizeof why);
    orr_scenario s;
    orr_diagnosis reason;
    settings defaults = settings_default();
    if (!f)
        return NULL;
    snprintf(path, sizeof path, "%s/scenarios/%s.yaml", SOURCE_DIR, scenario);
    CHECK_OK(orr_scenario_load(path, NULL, &s, &reason));
    source *live = source_open_scenario(&s, NULL, 1, false, &reason);
    CHECK(live && viewer_open(v, live, &defaults, f, 1));
    return f;
}

static void gestures(void **state)
{
    (void)state;
    char why[300];
    viewer v;
    pthread_t thread;
    font *f = open_viewer("solar-system", &v);
    if (!f)
        skip();
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    CHECK(viewer_select(&v, "Saturn"));
    CHECK(pthread_create(&thread, NULL, hand, &v) == 0);
    bool shown = window_show(&v, "/tmp/orrery-test-window", WINDOW_AUTO, why, sizeof why);
    if (!shown)
        print_error("%s\n", why);
    CHECK(shown);
    pthread_join(thread, NULL);
    CHECK(seen.yaw < -0.3);
    CHECK(seen.distance[1] < 0.6 * seen.distance[0]);
    CHECK_NEAR(seen.distance[2] / seen.distance[1], exp(0.45), 1e-3);
    CHECK(seen.paused && seen.helped && seen.followed && seen.tapped && seen.pitch_key > 0.05);
    CHECK(v.quit);
    viewer_close(&v);
    font_free(f);
}

/* A window that cannot be is told, and all is as before. */
static void no_window(void **state)
{
    (void)state;
    char why[300];
    viewer v;
    font *f = open_viewer("kepler", &v);
    if (!f)
        skip();
    setenv("SDL_VIDEODRIVER", "no-such-driver", 1);
    CHECK(!window_show(&v, "x", WINDOW_AUTO, why, sizeof why));
    CHECK(strstr(why, "no display"));
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    CHECK(!window_show(&v, "x", WINDOW_OPENGL, why, sizeof why)); /* which the dummy has not */
    CHECK(strstr(why, "OpenGL"));
    viewer_close(&v);
    font_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gestures), cmocka_unit_test(no_window)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
