/* camera.c - see camera.h. */
#include "camera.h"

#include <math.h>
#include <string.h>

static const double tangent = 0.3; /* of half the field of view, up and down: 33 degrees in all */

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

/* A direction across: of the x axis what is perpendicular to n, or of the y axis. */
static void across(const double n[3], double out[3])
{
    double x[3] = {fabs(n[0]) < 0.9 ? 1 : 0, fabs(n[0]) < 0.9 ? 0 : 1, 0};
    double along = x[0] * n[0] + x[1] * n[1], size = 0;
    for (int k = 0; k < 3; k++) {
        out[k] = x[k] - along * n[k];
        size += out[k] * out[k];
    }
    for (int k = 0; k < 3; k++)
        out[k] /= sqrt(size);
}

void camera_axes(const camera *c, double axes[3][3])
{
    double e1[3], e2[3];
    across(c->north, e1);
    cross(c->north, e1, e2);
    double cy = cos(c->yaw), sy = sin(c->yaw), cp = cos(c->pitch), sp = sin(c->pitch);
    for (int k = 0; k < 3; k++) {
        double out = -sy * e1[k] - cy * e2[k]; /* along the equator, to the eye */
        axes[CAMERA_RIGHT][k] = cy * e1[k] - sy * e2[k];
        axes[CAMERA_BACK][k] = cp * out + sp * c->north[k];
        axes[CAMERA_UP][k] = cp * c->north[k] - sp * out;
    }
}

void camera_turn(camera *c, double yaw, double pitch)
{
    const double pole = 1.5707963267948966;
    c->yaw = remainder(c->yaw + yaw, 4 * pole);
    c->pitch = fmax(-pole, fmin(pole, c->pitch + pitch));
}

void camera_pan(camera *c, double x, double y)
{
    double axes[3][3], scale = c->distance * tangent;
    camera_axes(c, axes);
    for (int k = 0; k < 3; k++)
        c->target[k] += scale * (x * axes[CAMERA_RIGHT][k] + y * axes[CAMERA_UP][k]);
}

void camera_zoom(camera *c, double factor, double x, double y)
{
    const double least = 1e-40, most = 1e40; /* squares stay finite */
    double distance = fmax(least, fmin(most, c->distance * factor));
    double moved = 1 - distance / c->distance;
    camera_pan(c, x * moved, y * moved);
    c->distance = distance;
}

double camera_distance_for(double radius)
{
    return radius / tangent;
}

lens camera_lens(const camera *c, double x, double y, double width, double height)
{
    lens l = {.distance = c->distance,
              .near = 1e-3 * c->distance,
              .focal = height / 2 / tangent,
              .x0 = x + width / 2,
              .y0 = y + height / 2,
              .x_least = x,
              .y_least = y,
              .x_most = x + width,
              .y_most = y + height};
    if (width < height) /* tall pictures show as much across as others do up and down */
        l.focal = width / 2 / tangent;
    camera_axes(c, l.axes);
    memcpy(l.center, c->target, sizeof l.center);
    return l;
}

lens lens_through(const lens *l, const double rotation[3][3], const double origin[3])
{
    lens out = *l;
    for (int k = 0; k < 3; k++) {
        out.center[k] = origin[k];
        for (int i = 0; i < 3; i++) {
            out.center[k] += rotation[i][k] * l->center[i];
            out.axes[i][k] = 0;
            for (int j = 0; j < 3; j++)
                out.axes[i][k] += l->axes[i][j] * rotation[j][k];
        }
    }
    return out;
}

/* Keep of the stretch s[0] .. s[1] what fulfils from + change s >= 0. */
static bool keep(double from, double change, double s[2])
{
    if (change == 0)
        return from >= 0;
    double at = -from / change;
    if (change > 0)
        s[0] = fmax(s[0], at);
    else
        s[1] = fmin(s[1], at);
    return s[0] < s[1];
}

bool lens_line(const lens *l, const double a[3], const double b[3], double margin, double x[2],
               double y[2], double part[2])
{
    double v[2][3], s[2] = {0, 1}, end[2][3];
    lens_view(l, a, v[0]);
    lens_view(l, b, v[1]);
    if (!keep(v[0][2] - l->near, v[1][2] - v[0][2], s))
        return false;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 3; k++)
            end[i][k] = v[0][k] + (v[1][k] - v[0][k]) * s[i];
    for (int i = 0; i < 2; i++) {
        double scale = l->focal / end[i][2];
        x[i] = l->x0 + end[i][0] * scale;
        y[i] = l->y0 - end[i][1] * scale;
    }
    double dx = x[1] - x[0], dy = y[1] - y[0], p[2] = {0, 1};
    if (!isfinite(dx) || !isfinite(dy) || !keep(x[0] - l->x_least + margin, dx, p) ||
        !keep(l->x_most + margin - x[0], -dx, p) || !keep(y[0] - l->y_least + margin, dy, p) ||
        !keep(l->y_most + margin - y[0], -dy, p))
        return false;
    double fx = x[0], fy = y[0];
    for (int i = 0; i < 2; i++) {
        x[i] = fx + dx * p[i];
        y[i] = fy + dy * p[i];
        part[i] = s[0] + (s[1] - s[0]) * p[i]; /* along the picture, near enough */
    }
    return true;
}
