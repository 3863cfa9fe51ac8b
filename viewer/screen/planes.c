/* planes.c - against which plane the orbit of a body is told. */
#include <math.h>
#include <string.h>

#include <orrery/planes.h>

#include "viewer.h"

const char *viewer_plane_name(viewer_plane p)
{
    static const char *const names[] = {"file", "ecliptic", "invariable"};
    return names[p];
}

bool viewer_has_plane(const viewer *v, viewer_plane p)
{
    const char *axes = v->panes[0].source->subject.axes;
    return p != PLANE_ECLIPTIC || strcmp(axes, "icrf") == 0 || strcmp(axes, "ecliptic") == 0;
}

/* Rows: the axes of the plane in those of the file. */
static void plane_axes(const viewer *v, double rows[3][3])
{
    const double arcsec = 4.84813681109536e-6;
    memset(rows, 0, 9 * sizeof **rows);
    rows[0][0] = rows[1][1] = rows[2][2] = 1;
    if (v->plane == PLANE_ECLIPTIC && strcmp(v->panes[0].source->subject.axes, "icrf") == 0) {
        double e = orr_plane_find("ecliptic")->obliquity * arcsec;
        rows[1][1] = rows[2][2] = cos(e);
        rows[1][2] = sin(e);
        rows[2][1] = -sin(e);
    } else if (v->plane == PLANE_INVARIABLE) { /* x: its node on the plane of the file */
        double across = hypot(v->north[0], v->north[1]);
        memcpy(rows[2], v->north, sizeof rows[2]);
        if (across > 0)
            rows[0][0] = -v->north[1] / across, rows[0][1] = v->north[0] / across;
        for (int k = 0; k < 3; k++)
            rows[1][k] = rows[2][(k + 1) % 3] * rows[0][(k + 2) % 3] -
                         rows[2][(k + 2) % 3] * rows[0][(k + 1) % 3];
    }
}

bool viewer_orbit(const viewer *v, const pane *p, size_t i, size_t around, orr_elements *el,
                  orr_orbit *o)
{
    const orr_bodies *b = p->now.bodies;
    orr_body one = orr_bodies_get(b, i), other = orr_bodies_get(b, around);
    double rows[3][3], mu = one.gm + other.gm;
    orr_state rel = {{0}, {0}};
    plane_axes(v, rows);
    for (int k = 0; k < 3; k++)
        for (int c = 0; c < 3; c++) {
            rel.pos[k] += rows[k][c] * (one.pos[c] - other.pos[c]);
            rel.vel[k] += rows[k][c] * (one.vel[c] - other.vel[c]);
        }
    if (!(mu > 0) || orr_elements_from_state(&rel, mu, el) != ORR_OK)
        return false;
    *o = orr_orbit_of(el, mu);
    return true;
}
