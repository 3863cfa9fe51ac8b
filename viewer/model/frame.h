/* frame.h - what stays still in the picture.  Pure.
 *
 * A frame takes a place p to F (p - o): F is a rotation, o the place that stays at the origin. */
#ifndef ORRERY_VIEWER_FRAME_H
#define ORRERY_VIEWER_FRAME_H

#include <orrery/bodies.h>

typedef enum frame_kind {
    FRAME_INERTIAL,    /* as the scenario has it */
    FRAME_BARYCENTRE,  /* the centre of mass stays */
    FRAME_BODY,        /* a body stays */
    FRAME_CO_ROTATING, /* two bodies stay on a line through their barycentre */
    FRAME_KINDS
} frame_kind;

typedef struct frame {
    double rotation[3][3], origin[3];
} frame;

/* The frame of this moment; body and around are indices (of co-rotating frames both, of a body's
 * the first).  What cannot be (no such body, a straight line) is the inertial frame. */
frame frame_of(frame_kind kind, const orr_bodies *b, size_t body, size_t around);

/* The centre of mass. */
void frame_barycentre(const orr_bodies *b, double out[3]);

static inline void frame_apply(const frame *f, const double p[3], double out[3])
{
    double d[3] = {p[0] - f->origin[0], p[1] - f->origin[1], p[2] - f->origin[2]};
    for (int k = 0; k < 3; k++)
        out[k] = f->rotation[k][0] * d[0] + f->rotation[k][1] * d[1] + f->rotation[k][2] * d[2];
}

const char *frame_name(frame_kind kind);

#endif
