/* planes.c - against which plane the orbit of a body is told. */
#include <math.h>
#include <string.h>

#include <orrery/planes.h>
#include <orrery/primaries.h>

#include "viewer.h"

const char *viewer_plane_name(viewer_plane p)
{
    static const char *const names[] = {"file", "ecliptic", "equator", "invariable"};
    return names[p];
}

bool viewer_has_plane(const viewer *v, viewer_plane p)
{
    const char *axes = v->panes[0].source->subject.axes;
    bool sky = strcmp(axes, "icrf") == 0 || strcmp(axes, "ecliptic") == 0;
    return p == PLANE_ECLIPTIC ? sky
                               : p != PLANE_EQUATOR || v->panes[0].source->subject.n_poles > 0;
}

static const subject_pole *pole_of(const pane *p, size_t body)
{
    const subject *s = &p->source->subject;
    for (size_t k = 0; k < s->n_poles; k++)
        if (s->poles[k].body == p->now.bodies->id[body])
            return &s->poles[k];
    return NULL;
}

viewer_plane viewer_plane_usual(const viewer *v)
{
    const double oblate = 1e-4; /* J2 of a planet; a sun has less */
    const pane *p = &v->panes[0];
    bool sky = strcmp(p->source->subject.axes, "icrf") == 0;
    size_t first = orr_dominant_body(p->now.bodies, ORR_PART_OUTWEIGHS);
    const subject_pole *pole = first < p->now.bodies->n ? pole_of(p, first) : NULL;
    return pole && pole->flattening > oblate ? PLANE_EQUATOR : sky ? PLANE_ECLIPTIC : PLANE_FILE;
}

viewer_plane viewer_plane_for(const viewer *v, const pane *p, size_t around)
{
    if (v->plane != PLANE_EQUATOR || pole_of(p, around))
        return v->plane;
    return viewer_has_plane(v, PLANE_ECLIPTIC) ? PLANE_ECLIPTIC : PLANE_FILE;
}

/* A plane with this pole; x: its node on the plane of the file. */
static void axes_of_pole(const double north[3], double rows[3][3])
{
    double across = hypot(north[0], north[1]);
    memcpy(rows[2], north, sizeof rows[2]);
    if (across > 0)
        rows[0][0] = -north[1] / across, rows[0][1] = north[0] / across;
    for (int k = 0; k < 3; k++)
        rows[1][k] = rows[2][(k + 1) % 3] * rows[0][(k + 2) % 3] -
                     rows[2][(k + 2) % 3] * rows[0][(k + 1) % 3];
}

/* Rows: the axes of the plane in those of the file. */
static void plane_axes(const viewer *v, const pane *p, size_t around, double rows[3][3])
{
    viewer_plane plane = viewer_plane_for(v, p, around);
    const double arcsec = 4.84813681109536e-6;
    memset(rows, 0, 9 * sizeof **rows);
    rows[0][0] = rows[1][1] = rows[2][2] = 1;
    if (plane == PLANE_ECLIPTIC && strcmp(v->panes[0].source->subject.axes, "icrf") == 0) {
        double e = orr_plane_find("ecliptic")->obliquity * arcsec;
        rows[1][1] = rows[2][2] = cos(e);
        rows[1][2] = sin(e);
        rows[2][1] = -sin(e);
    } else if (plane == PLANE_INVARIABLE)
        axes_of_pole(v->north, rows);
    else if (plane == PLANE_EQUATOR)
        axes_of_pole(pole_of(p, around)->north, rows);
}

bool viewer_orbit(const viewer *v, const pane *p, size_t i, size_t around, orr_elements *el,
                  orr_orbit *o)
{
    const orr_bodies *b = p->now.bodies;
    orr_body one = orr_bodies_get(b, i), other = orr_bodies_get(b, around);
    double rows[3][3], mu = one.gm + other.gm;
    orr_state rel = {{0}, {0}};
    plane_axes(v, p, around, rows);
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
