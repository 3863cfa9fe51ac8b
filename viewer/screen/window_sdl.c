/* window_sdl.c - see window.h; the only file that knows SDL. */
#include "window.h"

#include <SDL.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "display_guard.h"
#include "gl.h"
#include "picture.h"

typedef struct window {
    viewer *v;
    SDL_Window *window;
    SDL_GLContext context; /* either a GPU draws ... */
    gl *gl;
    SDL_Renderer *renderer; /* ... or our pixels are copied */
    SDL_Texture *texture;
    SDL_GameController *pad;
    canvas canvas;
    film *film;
    char film_path[4200];
    canvas film_canvas;   /* of the film's size, which stays when the window's changes */
    uint64_t film_begun;  /* on SDL's counter */
    uint64_t film_frames; /* so far */
    const char *stem;
    double scale; /* pixels of a plain screen's pixel */
    bool dragging, moved, panning;
    int fingers;
    double press_x, press_y;
    uint64_t last;
} window;

enum { FILM_RATE = 30 }; /* pictures a second */

static volatile sig_atomic_t closing;

static double seconds_since(uint64_t then)
{
    return (double)(SDL_GetPerformanceCounter() - then) / (double)SDL_GetPerformanceFrequency();
}

void window_close(void)
{
    closing = 1;
}

/* ---- opening ---- */

static bool make_texture(window *w)
{
    if (w->gl)
        return true;
    if (w->texture)
        SDL_DestroyTexture(w->texture);
    w->texture = SDL_CreateTexture(w->renderer, SDL_PIXELFORMAT_ARGB8888,
                                   SDL_TEXTUREACCESS_STREAMING, w->canvas.width, w->canvas.height);
    return w->texture != NULL;
}

/* The size of the picture follows the window's; without memory it stays as it was. */
static bool fit(window *w)
{
    int width, height, plain_width, plain_height;
    if (w->gl)
        SDL_GL_GetDrawableSize(w->window, &width, &height);
    else if (SDL_GetRendererOutputSize(w->renderer, &width, &height) != 0)
        return false;
    SDL_GetWindowSize(w->window, &plain_width, &plain_height);
    w->scale = plain_width > 0 ? (double)width / plain_width : 1;
    width = width < 1 ? 1 : width;
    height = height < 1 ? 1 : height;
    if ((w->gl || w->texture) && w->canvas.width == width && w->canvas.height == height)
        return true;
    canvas fresh = {0};
    if (!canvas_resize(&fresh, width, height))
        return w->gl ? w->canvas.pixels != NULL : w->texture != NULL;
    canvas_free(&w->canvas);
    w->canvas = fresh;
    if (!(SDL_GetWindowFlags(w->window) & (SDL_WINDOW_FULLSCREEN_DESKTOP | SDL_WINDOW_MAXIMIZED))) {
        w->v->settings.width = plain_width;
        w->v->settings.height = plain_height;
    }
    return make_texture(w);
}

static SDL_Window *make_window(const window *w, Uint32 more)
{
    settings *s = &w->v->settings;
    char title[300];
    SDL_Rect usable; /* of the screen, without bars of the desktop */
    if (SDL_GetDisplayUsableBounds(0, &usable) == 0 && usable.w > 200 && usable.h > 150) {
        const int title_bar = 40; /* pixels */
        s->width = s->width < usable.w ? s->width : usable.w;
        s->height = s->height < usable.h - title_bar ? s->height : usable.h - title_bar;
    }
    snprintf(title, sizeof title, "%s - Orrery", w->v->panes[0].source->subject.title);
    return SDL_CreateWindow(title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, s->width,
                            s->height,
                            more | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI |
                                (s->fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0));
}

/* A window in which a GPU draws; emulated: also one that is none.  False, with nothing left behind:
 * there is none. */
static bool open_gl(window *w, bool emulated, char *why, int size)
{
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
    w->window = make_window(w, SDL_WINDOW_OPENGL | SDL_WINDOW_HIDDEN);
    w->context = w->window ? SDL_GL_CreateContext(w->window) : NULL;
    if (!w->context)
        snprintf(why, (size_t)size, "no OpenGL 3.3 here: %s", SDL_GetError());
    else if (!emulated && gl_is_emulated(SDL_GL_GetProcAddress))
        snprintf(why, (size_t)size, "no GPU");
    else
        w->gl = gl_open(SDL_GL_GetProcAddress, why, size);
    if (w->gl) {
        SDL_GL_SetSwapInterval(1);
        SDL_ShowWindow(w->window);
        return true;
    }
    if (w->context)
        SDL_GL_DeleteContext(w->context);
    if (w->window)
        SDL_DestroyWindow(w->window);
    w->context = NULL;
    w->window = NULL;
    return false;
}

/* A window into which our own pixels are copied. */
static bool open_plain(window *w)
{
    SDL_SetHint(SDL_HINT_RENDER_DRIVER, "software");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"); /* through OpenGL it would be slower */
    w->window = make_window(w, 0);
    w->renderer = w->window ? SDL_CreateRenderer(w->window, -1, 0) : NULL;
    return w->renderer != NULL;
}

static bool open_window(window *w, window_renderer renderer, char *why, int size)
{
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    SDL_SetHint(SDL_HINT_APP_NAME, "Orrery");
    bool chosen = SDL_GetHint(SDL_HINT_VIDEODRIVER) != NULL;
    bool good = SDL_Init(SDL_INIT_VIDEO) == 0;
    const char *driver = good ? SDL_GetCurrentVideoDriver() : NULL;
    /* SDL falls back to drivers that show nothing */
    if (!good || (!chosen && (strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0))) {
        snprintf(why, (size_t)size,
                 "there is no display (%s); --frames, --movie and --picture work without one",
                 good ? "neither X11 nor Wayland" : SDL_GetError());
        return false;
    }
    SDL_InitSubSystem(SDL_INIT_GAMECONTROLLER); /* nothing is lost without one */
    if (renderer != WINDOW_SOFTWARE && open_gl(w, renderer == WINDOW_OPENGL, why, size))
        return fit(w);
    if (renderer == WINDOW_OPENGL)
        return false;
    if (open_plain(w) && fit(w))
        return true;
    snprintf(why, (size_t)size, "cannot open a window: %s", SDL_GetError());
    return false;
}

/* ---- files ---- */

/* The first name that is free: stem-0001.png, ... */
static void free_name(const char *stem, const char *ending, char path[4200])
{
    for (int k = 1; k < 10000; k++) {
        snprintf(path, 4200, "%.4000s-%04d%s", stem, k, ending);
        if (access(path, F_OK) != 0)
            return;
    }
}

static void screenshot(window *w)
{
    char path[4200], why[400], text[4300];
    free_name(w->stem, ".png", path);
    bool good = picture_write(&w->canvas, path, why, sizeof why);
    snprintf(text, sizeof text, good ? "%.300s" : "no screenshot: %.300s", good ? path : why);
    viewer_say(w->v, text);
}

static void end_recording(window *w, const char *because)
{
    char why[400] = "", text[4700];
    bool good = film_close(w->film, why, sizeof why);
    w->film = NULL;
    canvas_free(&w->film_canvas);
    w->v->recording = false;
    snprintf(text, sizeof text, "%.200s%s%.180s", because, *because ? "; " : "",
             good ? w->film_path : why);
    viewer_say(w->v, text);
}

static void toggle_recording(window *w)
{
    char why[400];
    if (w->film) {
        end_recording(w, "recorded");
        return;
    }
    free_name(w->stem, film_has_ffmpeg() ? ".mp4" : "-frames", w->film_path);
    if (canvas_resize(&w->film_canvas, w->canvas.width, w->canvas.height))
        w->film =
            film_open(w->film_path, w->canvas.width, w->canvas.height, FILM_RATE, why, sizeof why);
    else
        snprintf(why, sizeof why, "out of memory for a film");
    w->v->recording = w->film != NULL;
    w->film_begun = SDL_GetPerformanceCounter();
    w->film_frames = 0;
    if (!w->film)
        viewer_say(w->v, why);
}

/* ---- events ---- */

static int key_of(const SDL_Keysym *key)
{
    bool shift = key->mod & KMOD_SHIFT, control = key->mod & KMOD_CTRL;
    switch (key->sym) {
    case SDLK_TAB:
        return shift ? KEY_SHIFT_TAB : KEY_TAB;
    case SDLK_BACKSPACE:
        return KEY_BACKSPACE;
    case SDLK_ESCAPE:
        return KEY_ESCAPE;
    case SDLK_HOME:
        return KEY_HOME;
    case SDLK_LEFT:
        return KEY_LEFT;
    case SDLK_RIGHT:
        return KEY_RIGHT;
    case SDLK_UP:
        return KEY_UP;
    case SDLK_DOWN:
        return KEY_DOWN;
    case SDLK_F11:
        return KEY_F11;
    default:
        break;
    }
    if (control && (key->sym == '=' || key->sym == '+' || key->sym == SDLK_KP_PLUS))
        return KEY_CONTROL_PLUS;
    if (control && (key->sym == '-' || key->sym == SDLK_KP_MINUS))
        return KEY_CONTROL_MINUS;
    if (control && key->sym == 'c')
        return 'q';
    return 0; /* characters come as text, whatever the keyboard */
}

static void act(window *w, int key)
{
    if (key)
        viewer_act(w->v, input_action(key));
}

static void press(window *w, double x, double y, bool pan)
{
    w->press_x = x;
    w->press_y = y;
    w->moved = false;
    w->panning = pan;
    w->dragging = !viewer_press(w->v, x, y);
}

static void move(window *w, double x, double y, double dx, double dy)
{
    if (w->v->dragging_bar) {
        viewer_scrub(w->v, x);
        return;
    }
    if (!w->dragging)
        return;
    if (hypot(x - w->press_x, y - w->press_y) > 4 * w->scale)
        w->moved = true;
    if (w->moved)
        viewer_drag(w->v, dx, dy, w->panning);
}

static void release(window *w, double x, double y, bool twice, bool plain)
{
    if (w->dragging && !w->moved && plain)
        viewer_click(w->v, x, y, twice);
    w->dragging = w->v->dragging_bar = false;
}

static void on_finger(window *w, const SDL_Event *e)
{
    double x = (double)e->tfinger.x * w->canvas.width, y = (double)e->tfinger.y * w->canvas.height;
    if (e->type == SDL_FINGERDOWN) {
        if (++w->fingers == 1)
            press(w, x, y, false);
        else
            w->dragging = false;
    } else if (e->type == SDL_FINGERUP) {
        w->fingers -= w->fingers > 0;
        if (w->fingers == 0)
            release(w, x, y, false, true);
    } else if (w->fingers == 1)
        move(w, x, y, (double)e->tfinger.dx * w->canvas.width,
             (double)e->tfinger.dy * w->canvas.height);
}

static void on_pad_button(window *w, int pressed)
{
    static const struct {
        int button;
        action action;
    } table[] = {{SDL_CONTROLLER_BUTTON_A, ACTION_PAUSE},
                 {SDL_CONTROLLER_BUTTON_B, ACTION_HELP},
                 {SDL_CONTROLLER_BUTTON_X, ACTION_FOLLOW},
                 {SDL_CONTROLLER_BUTTON_Y, ACTION_NEXT},
                 {SDL_CONTROLLER_BUTTON_LEFTSHOULDER, ACTION_SLOWER},
                 {SDL_CONTROLLER_BUTTON_RIGHTSHOULDER, ACTION_FASTER},
                 {SDL_CONTROLLER_BUTTON_DPAD_RIGHT, ACTION_FORWARD},
                 {SDL_CONTROLLER_BUTTON_DPAD_LEFT, ACTION_BACKWARD},
                 {SDL_CONTROLLER_BUTTON_START, ACTION_RESTART},
                 {SDL_CONTROLLER_BUTTON_BACK, ACTION_HOME}};
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        if (table[k].button == pressed)
            viewer_act(w->v, table[k].action);
}

static double stick(const window *w, SDL_GameControllerAxis axis)
{
    double value = SDL_GameControllerGetAxis(w->pad, axis) / 32768.0;
    return fabs(value) < 0.15 ? 0 : value; /* sticks do not rest at zero */
}

static void read_pad(window *w, double seconds)
{
    if (!w->pad)
        return;
    camera_turn(&w->v->camera, -2 * seconds * stick(w, SDL_CONTROLLER_AXIS_LEFTX),
                -2 * seconds * stick(w, SDL_CONTROLLER_AXIS_LEFTY));
    camera_zoom(&w->v->camera, exp(2 * seconds * stick(w, SDL_CONTROLLER_AXIS_RIGHTY)), 0, 0);
    camera_pan(&w->v->camera, seconds * stick(w, SDL_CONTROLLER_AXIS_RIGHTX), 0);
}

static void on_event(window *w, const SDL_Event *e)
{
    double s = w->scale;
    switch (e->type) {
    case SDL_QUIT:
        w->v->quit = true;
        break;
    case SDL_KEYDOWN:
        act(w, key_of(&e->key.keysym));
        break;
    case SDL_TEXTINPUT:
        if (!(SDL_GetModState() & KMOD_CTRL) && e->text.text[0] > 0 && e->text.text[1] == 0)
            act(w, e->text.text[0]);
        break;
    case SDL_MOUSEBUTTONDOWN:
        press(w, e->button.x * s, e->button.y * s,
              e->button.button != SDL_BUTTON_LEFT || (SDL_GetModState() & KMOD_SHIFT));
        break;
    case SDL_MOUSEMOTION:
        move(w, e->motion.x * s, e->motion.y * s, e->motion.xrel * s, e->motion.yrel * s);
        break;
    case SDL_MOUSEBUTTONUP:
        release(w, e->button.x * s, e->button.y * s, e->button.clicks > 1,
                e->button.button == SDL_BUTTON_LEFT);
        break;
    case SDL_MOUSEWHEEL: {
        int x, y;
        SDL_GetMouseState(&x, &y);
        double turns = e->wheel.preciseY * (e->wheel.direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1);
        viewer_zoom(w->v, x * s, y * s, exp(-0.15 * turns));
        break;
    }
    case SDL_FINGERDOWN:
    case SDL_FINGERUP:
    case SDL_FINGERMOTION:
        on_finger(w, e);
        break;
    case SDL_MULTIGESTURE:
        if (e->mgesture.numFingers == 2)
            viewer_zoom(w->v, (double)e->mgesture.x * w->canvas.width,
                        (double)e->mgesture.y * w->canvas.height, exp(-4.0 * e->mgesture.dDist));
        break;
    case SDL_CONTROLLERDEVICEADDED:
        w->pad = w->pad ? w->pad : SDL_GameControllerOpen(e->cdevice.which);
        break;
    case SDL_CONTROLLERDEVICEREMOVED:
        if (w->pad && !SDL_GameControllerGetAttached(w->pad)) {
            SDL_GameControllerClose(w->pad);
            w->pad = NULL;
        }
        break;
    case SDL_CONTROLLERBUTTONDOWN:
        on_pad_button(w, e->cbutton.button);
        break;
    case SDL_RENDER_DEVICE_RESET:
        SDL_DestroyTexture(w->texture);
        w->texture = NULL; /* made again below */
        break;
    default:
        break;
    }
}

/* ---- pictures ---- */

/* Our own pixels: what is copied into a window, and into files. */
static void render(window *w)
{
    canvas_render(&w->canvas, &w->v->list, viewer_theme(w->v), w->v->threads);
}

/* As many pictures of the film as are due by the clock: it is as long as the time it shows, however
 * fast the window draws. */
static bool record(window *w, char *why, int size)
{
    uint64_t due = (uint64_t)(seconds_since(w->film_begun) * FILM_RATE) + 1;
    if (due <= w->film_frames)
        return true;
    viewer *v = w->v;
    int width = (int)v->width, height = (int)v->height;
    bool other = w->film_canvas.width != width || w->film_canvas.height != height;
    if (other)
        viewer_draw(v, w->film_canvas.width, w->film_canvas.height, (float)w->scale);
    canvas_render(&w->film_canvas, &v->list, viewer_theme(v), v->threads);
    if (other) /* what the window shows, and where its buttons are */
        viewer_draw(v, width, height, (float)w->scale);
    for (; w->film_frames < due; w->film_frames++)
        if (!film_add(w->film, &w->film_canvas, why, size))
            return false;
    return true;
}

/* Screenshots and films have the pixels that --picture makes, whatever draws the window. */
static void keep_pictures(window *w)
{
    viewer *v = w->v;
    char why[400];
    if (!v->wants_screenshot && !v->wants_record && !w->film)
        return;
    if (v->wants_screenshot) {
        if (w->gl)
            render(w);
        screenshot(w);
    }
    if (w->film && !record(w, why, sizeof why))
        end_recording(w, why);
    if (v->wants_record)
        toggle_recording(w);
    v->wants_screenshot = v->wants_record = false;
}

/* Without its context a GPU shows nothing more: from now on our own pixels are copied. */
static bool leave_gl(window *w)
{
    gl_close(w->gl);
    SDL_GL_DeleteContext(w->context);
    SDL_DestroyWindow(w->window);
    w->gl = NULL;
    w->context = NULL;
    viewer_say(w->v, "OpenGL failed: drawing without it");
    return open_plain(w) && make_texture(w);
}

static void present(window *w)
{
    if (!fit(w))
        return;
    viewer_draw(w->v, w->canvas.width, w->canvas.height, (float)w->scale);
    if (w->gl) {
        keep_pictures(w);
        canvas_render_overlay(&w->canvas, &w->v->list, w->v->threads);
        if (gl_render(w->gl, &w->v->list, viewer_theme(w->v), &w->canvas))
            SDL_GL_SwapWindow(w->window);
        else if (!leave_gl(w))
            w->v->quit = true;
        return;
    }
    render(w);
    keep_pictures(w);
    if (!w->texture && !make_texture(w))
        return;
    SDL_UpdateTexture(w->texture, NULL, w->canvas.pixels, w->canvas.width * 4);
    SDL_RenderCopy(w->renderer, w->texture, NULL, NULL);
    SDL_RenderPresent(w->renderer);
}

/* A frame takes a sixtieth of a second at least; a film's pictures are a thirtieth apart.  Where
 * nothing changes, nothing is drawn, and events are waited for. */
static void keep_pace(window *w, bool drawn)
{
    double least = w->film || (w->v->fastest && !w->v->paused) ? 1.0 / FILM_RATE : 1.0 / 60;
    if (!drawn) {
        SDL_WaitEventTimeout(NULL, 50);
        return;
    }
    double left = least - seconds_since(w->last);
    if (left > 0.001)
        SDL_Delay((Uint32)(1000 * left));
}

static void show_frames(window *w)
{
    viewer *v = w->v;
    bool drawn = false;
    w->last = SDL_GetPerformanceCounter();
    SDL_StartTextInput();
    while (!v->quit && !closing) {
        SDL_Event e;
        bool asked = false;
        for (; SDL_PollEvent(&e); asked = true)
            on_event(w, &e);
        double seconds = seconds_since(w->last);
        w->last = SDL_GetPerformanceCounter();
        if (drawn)
            v->fps += ((seconds > 0 ? 1 / seconds : 0) - v->fps) * 0.05;
        read_pad(w, seconds);
        viewer_pass(v, fmin(seconds, 0.25)); /* after a pause nothing jumps */
        viewer_fetch(v);
        if (v->wants_fullscreen) {
            v->settings.fullscreen = !v->settings.fullscreen;
            SDL_SetWindowFullscreen(w->window,
                                    v->settings.fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
            v->wants_fullscreen = false;
        }
        drawn = asked || w->pad || w->film || viewer_has_changed(v);
        if (drawn)
            present(w);
        keep_pace(w, drawn);
    }
}

static void close_window(window *w)
{
    if (w->pad)
        SDL_GameControllerClose(w->pad);
    gl_close(w->gl);
    if (w->context)
        SDL_GL_DeleteContext(w->context);
    if (w->texture)
        SDL_DestroyTexture(w->texture);
    if (w->renderer)
        SDL_DestroyRenderer(w->renderer);
    if (w->window)
        SDL_DestroyWindow(w->window);
    SDL_Quit();
}

/* False: display or window are gone; nothing of X or SDL may be touched any more, nor given back.
 */
static bool show_guarded(window *w)
{
    jmp_buf lost;
    if (setjmp(lost) != 0)
        return false;
    display_guard_begin(&lost, window_close);
    show_frames(w);
    if (!display_guard_is_broken())
        close_window(w);
    display_guard_end();
    return !display_guard_is_broken();
}

bool window_show(viewer *v, const char *stem, window_renderer renderer, char *why, int size)
{
    window w = {.v = v, .stem = stem, .scale = 1};
    bool good = open_window(&w, renderer, why, size);
    if (!good)
        close_window(&w);
    else if (!show_guarded(&w)) {
        snprintf(why, (size_t)size, "the window or its display is gone");
        good = false;
    }
    if (w.film)
        end_recording(&w, "");
    canvas_free(&w.canvas);
    return good;
}
