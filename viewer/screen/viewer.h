/* viewer.h - what is shown and how, without a window: the state of the viewer, what people ask of
 * it, and its pictures.  A window hands events in and pixels out; so does what writes frames. */
#ifndef ORRERY_VIEWER_VIEWER_H
#define ORRERY_VIEWER_VIEWER_H

#include "viewer/draw/graph.h"
#include "viewer/draw/labels.h"
#include "input.h"
#include "viewer/model/scene.h"
#include "viewer/model/settings.h"
#include "viewer/sources/source.h"

#include <orrery/elements.h>

enum { VIEWER_MOST_AROUND = 5000 }; /* bodies whose orbits are known all the time */
enum { VIEWER_PANES = 2, VIEWER_BUTTONS = 16, VIEWER_ELEMENTS = 13 };

/* Against which plane inclinations are told. */
typedef enum viewer_plane {
    PLANE_FILE,
    PLANE_ECLIPTIC,
    PLANE_EQUATOR, /* of the body that the orbit is about */
    PLANE_INVARIABLE,
    VIEWER_PLANES
} viewer_plane;

/* One simulation in its part of the picture. */
typedef struct pane {
    source *source;
    moment now;
    trails trails;
    double trails_t;               /* of the last places */
    size_t *around;                /* [n_around]: what the first bodies move around */
    size_t n_around, n_bodies;     /* n_bodies: how many there were then */
    graph errors, since, elements; /* since: the error since the last change of method */
    sample last;
    unsigned starts;       /* how often it was started again: older samples are not taken */
    char method[64];       /* at work when we looked last */
    char last_word[400];   /* why it ended */
    bool frame_is_moving;  /* places between pictures cannot be brought into it */
    double at_selected[3]; /* where the selected body was last */
    frame frame;
    double looked; /* when `around` was found [s of orr_clock()] */
} pane;

typedef struct button {
    float x0, y0, x1, y1;
    action action;
} button;

typedef struct viewer {
    pane panes[VIEWER_PANES];
    int n_panes, focus;
    settings settings;
    camera camera, home;
    double north[3];
    frame_kind frame_kind;
    uint64_t selected; /* id */
    bool has_selected, follow;
    bool begun; /* the first state was there */
    bool paused, hud, details, help,
        steady;     /* steady: nothing that depends on the clock is written */
    double t, rate; /* the clock, and how fast it goes [time/s] */
    bool fastest;
    viewer_plane plane;
    bool plane_given;
    tint_kind tint; /* what colours tell */
    int element;    /* that is graphed, of VIEWER_ELEMENTS */
    char news[400];
    double news_left; /* [s] that it is still shown */
    double fps;
    bool recording, dragging_bar;
    int threads;
    double width, height;                        /* of the picture */
    label names[VIEWER_PANES][SCENE_MOST_SPOTS]; /* that are written in the picture */
    size_t n_names[VIEWER_PANES];
    button buttons[VIEWER_BUTTONS];
    int n_buttons;
    double seen[4];                       /* of the picture before: see viewer_has_changed() */
    float bar_x0, bar_x1, bar_y0, bar_y1; /* of the scrub bar */
    font *font;
    draw_list list;
    bool quit, wants_screenshot, wants_record, wants_fullscreen;
    /* Another source of the same scenario, for two methods side by side; NULL: there is none. */
    source *(*open_again)(void *user, const char *method, orr_diagnosis *why);
    void *user;
} viewer;

/* Show a source (taken: closed with the viewer).  False: no memory. */
bool viewer_open(viewer *v, source *s, const settings *remembered, font *f, int threads);

/* Beside it another source; false: it cannot be (then it is closed). */
bool viewer_add(viewer *v, source *s);
void viewer_close(viewer *v);

/* Let `seconds` of wall time pass. */
void viewer_pass(viewer *v, double seconds);

/* Fetch what the sources have now. */
void viewer_fetch(viewer *v);

/* Have all panes arrived at the clock's time, or at their ends? */
bool viewer_arrived(const viewer *v);

/* Is the picture another one than when this was asked last?  What is asked of it (keys, the
 * pointer) is known to the caller. */
bool viewer_has_changed(viewer *v);

/* The picture, as a draw list of this size; scale: pixels of a plain screen's pixel. */
void viewer_draw(viewer *v, int width, int height, float scale);
const draw_theme *viewer_theme(const viewer *v);

/* What people ask for. */
void viewer_act(viewer *v, action a);
void viewer_click(viewer *v, double x, double y, bool twice);
void viewer_drag(viewer *v, double dx, double dy, bool pan); /* [pixels] */
void viewer_zoom(viewer *v, double x, double y, double factor);
/* On the scrub bar, or a button?  Then it is theirs. */
bool viewer_press(viewer *v, double x, double y);
void viewer_scrub(viewer *v, double x);
void viewer_say(viewer *v, const char *text);

/* Select a body by its name; false: there is none. */
bool viewer_select(viewer *v, const char *name);

/* Index of the selected body in a pane; SIZE_MAX: none. */
size_t viewer_selected(const viewer *v, const pane *p);

const char *viewer_plane_name(viewer_plane p);
/* The plane that an orbit about a body (its index) is told against: where its equator is not known,
 * that of the axes. */
viewer_plane viewer_plane_for(const viewer *v, const pane *p, size_t around);
/* What people know inclinations by: the equator of the planet that everything moves around, else
 * the ecliptic, else the axes of the file. */
viewer_plane viewer_plane_usual(const viewer *v);
/* Not every run has an ecliptic, or bodies whose pole is known: false. */
bool viewer_has_plane(const viewer *v, viewer_plane p);

/* The orbit of body i about another against that plane; false: there is none. */
bool viewer_orbit(const viewer *v, const pane *p, size_t i, size_t around, orr_elements *el,
                  orr_orbit *o);

/* Trails begin here: the frame is another. */
void viewer_forget_trails(viewer *v);

/* The eye where all bodies are in view, as they are now. */
void viewer_go_home(viewer *v);

/* ---- first_look.c ---- */

/* The direction of the angular momentum; *flat: all is in the plane z = 0. */
void viewer_find_north(const orr_bodies *b, double north[3], bool *flat);
/* About a centre: of all of few bodies with their orbits, of nine tenths of many [length]. */
double viewer_radius_of_all(const pane *p, const double center[3]);
/* How much time is to pass in a second at first [time/s]. */
double viewer_first_rate(const pane *p);

/* ---- shared with act.c and hud.c ---- */

/* Select the body at an index of a pane; SIZE_MAX: none. */
void viewer_select_index(viewer *v, const pane *p, size_t i);
void viewer_forget_graphs(pane *p);
void viewer_close_last(viewer *v); /* of two panes */

/* What pane k fills of the picture, ready to be drawn. */
scene_view viewer_view(const viewer *v, int k, float scale);
inks viewer_inks(const viewer *v);
/* The element that is graphed, of the selected body; NAN: there is none. */
double viewer_element(const viewer *v, const pane *p, const char **name);
/* What the colours mean, over the scale at the left edge; its lowest line is at `bottom`. */
void hud_legend(viewer *v, float scale, float bottom);
void hud_draw(viewer *v, float scale, scene_spot spots[][SCENE_MOST_SPOTS], const size_t n_spots[]);

#endif
