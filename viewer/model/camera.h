/* camera.h - where the eye is, and how places become pixels.  Pure.
 *
 * The eye looks at `target` from `distance`, with the axis `north` upright.  Differences to the
 * target are taken in doubles and only then become floats, so a moon of Neptune stands as still as
 * the Sun: from 1e-6 to 1e6 times the size of a system nothing trembles. */
#ifndef ORRERY_VIEWER_CAMERA_H
#define ORRERY_VIEWER_CAMERA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct camera {
    double target[3]; /* [length], in the frame that is shown */
    double distance;  /* [length], > 0 */
    double yaw;       /* [rad] round north */
    double pitch;     /* [rad] above the equator: pi/2 looks down on it from the north */
    double north[3];  /* unit vector */
} camera;

enum { CAMERA_RIGHT, CAMERA_UP, CAMERA_BACK };

/* Axes of the eye: right, up, and back from the target to it, in rows. */
void camera_axes(const camera *c, double axes[3][3]);

/* Turn by angles [rad]; pitch stops at the poles. */
void camera_turn(camera *c, double yaw, double pitch);

/* Come nearer (factor < 1) or go away, towards the place under a pixel: (x, y) from the centre of
 * the picture, in units of half its height. */
void camera_zoom(camera *c, double factor, double x, double y);

/* Shift by a part of half the picture's height. */
void camera_pan(camera *c, double x, double y);

/* How far away the eye stands so that a sphere of this radius fills the picture's height. */
double camera_distance_for(double radius);

/* ---- projection ---- */

/* All that is needed for one picture: view = axes (p - center), in pixels by focal/depth. */
typedef struct lens {
    double axes[3][3], center[3], distance, near;
    double focal, x0, y0;                    /* [pixels] */
    double x_least, y_least, x_most, y_most; /* the part of the picture that is drawn to */
} lens;

lens camera_lens(const camera *c, double x, double y, double width, double height);

/* The same for places that a rotation F and a shift o bring to the frame: F (p - o). */
lens lens_through(const lens *l, const double rotation[3][3], const double origin[3]);

/* A place in view: right, up, and depth before the eye; all [length]. */
static inline void lens_view(const lens *l, const double p[3], double v[3])
{
    double d[3] = {p[0] - l->center[0], p[1] - l->center[1], p[2] - l->center[2]};
    for (int k = 0; k < 3; k++)
        v[k] = l->axes[k][0] * d[0] + l->axes[k][1] * d[1] + l->axes[k][2] * d[2];
    v[2] = l->distance - v[2];
}

/* Pixels of what lies before the eye; false: it does not. */
static inline bool lens_project(const lens *l, const double v[3], double *x, double *y)
{
    if (!(v[2] > l->near))
        return false;
    double scale = l->focal / v[2];
    *x = l->x0 + v[0] * scale;
    *y = l->y0 - v[1] * scale;
    return true;
}

/* Cut a line to what lies before the eye and in the picture; gives pixels.  part[0] and part[1]
 * tell which stretch of it is left, 0 .. 1.  False: nothing is. */
bool lens_line(const lens *l, const double a[3], const double b[3], double margin, double x[2],
               double y[2], double part[2]);

#endif
