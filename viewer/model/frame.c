/* frame.c - see frame.h. */
#include "frame.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <orrery/primaries.h>

const char *frame_name(frame_kind kind)
{
    static const char *const names[FRAME_KINDS] = {"inertial", "barycentre", "body", "co-rotating"};
    return names[kind];
}

void frame_barycentre(const orr_bodies *b, double out[3])
{
    orr_state center;
    orr_barycentre(b, &center);
    memcpy(out, center.pos, sizeof center.pos);
}

/* x towards the body, z along the angular momentum of the pair. */
static bool rotate_with(orr_body body, orr_body around, frame *f)
{
    double x[3], v[3], z[3], r2 = 0, l2 = 0, gm = body.gm + around.gm;
    for (int k = 0; k < 3; k++) {
        x[k] = body.pos[k] - around.pos[k];
        v[k] = body.vel[k] - around.vel[k];
        r2 += x[k] * x[k];
    }
    for (int k = 0; k < 3; k++) {
        int i = (k + 1) % 3, j = (k + 2) % 3;
        z[k] = x[i] * v[j] - x[j] * v[i];
        l2 += z[k] * z[k];
    }
    if (!(r2 > 0) || !(l2 > 0) || !isfinite(r2) || !isfinite(l2))
        return false;
    for (int k = 0; k < 3; k++) {
        f->rotation[0][k] = x[k] / sqrt(r2);
        f->rotation[2][k] = z[k] / sqrt(l2);
        double part = gm > 0 ? body.gm / gm : 0;
        f->origin[k] = around.pos[k] + part * x[k];
    }
    for (int k = 0; k < 3; k++) {
        int i = (k + 1) % 3, j = (k + 2) % 3;
        f->rotation[1][k] =
            f->rotation[2][i] * f->rotation[0][j] - f->rotation[2][j] * f->rotation[0][i];
    }
    return true;
}

frame frame_of(frame_kind kind, const orr_bodies *b, size_t body, size_t around)
{
    frame f = {.rotation = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    if (kind == FRAME_BARYCENTRE)
        frame_barycentre(b, f.origin);
    if (kind == FRAME_BODY && body < b->n)
        memcpy(f.origin, orr_bodies_get(b, body).pos, sizeof f.origin);
    frame turning = f;
    if (kind == FRAME_CO_ROTATING && body < b->n && around < b->n && body != around &&
        rotate_with(orr_bodies_get(b, body), orr_bodies_get(b, around), &turning))
        return turning;
    return f;
}
