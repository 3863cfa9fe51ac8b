/* scene.h - from bodies to a draw list.  Pure. */
#ifndef ORRERY_VIEWER_SCENE_H
#define ORRERY_VIEWER_SCENE_H

#include "camera.h"
#include "viewer/draw/draw.h"
#include "frame.h"
#include "subject.h"
#include "tint.h"
#include "trails.h"

enum { SCENE_MOST_DISCS = 3000, SCENE_MOST_SPOTS = 64 };

typedef struct scene_look {
    bool trails, orbits, grid, true_size, light;
    float scale;     /* pixels of what is one pixel on a plain screen */
    size_t selected; /* index; SIZE_MAX: none */
    tint_kind tint;
} scene_look;

/* What is to be drawn. */
typedef struct scene_view {
    const orr_bodies *bodies;
    double t;
    const subject *subject;
    const size_t *around; /* [n_around] or NULL: see orrery/primaries.h; of the first bodies */
    size_t n_around;
    const trails *trails; /* or NULL */
    frame frame;
    camera camera;
    double north[3];            /* of the grid, in the frame */
    double x, y, width, height; /* the part of the picture that it fills [pixels] */
    scene_look look;
} scene_view;

/* A body that may be named: where it is in the picture. */
typedef struct scene_spot {
    size_t body;
    float x, y, radius;
    double weight; /* which gets a name first */
} scene_spot;

/* Add the sky to a draw list; spots gets the bodies that are worth a name, returns how many. */
size_t scene_build(const scene_view *v, int threads, draw_list *l,
                   scene_spot spots[SCENE_MOST_SPOTS]);

/* How the bodies of a view are coloured. */
tint scene_tint(const scene_view *v);

/* The body nearest to a pixel, of those within reach of it; SIZE_MAX: none. */
size_t scene_pick(const scene_view *v, double x, double y, double reach);

/* A place in the frame as pixels; false: behind the eye. */
bool scene_project(const scene_view *v, const double p[3], double *x, double *y);

#endif
