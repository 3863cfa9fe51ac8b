/* tint.h - what the colour of a body tells: nothing but who it is, how fast it is, or whether it
 * comes or goes. */
#ifndef ORRERY_VIEWER_TINT_H
#define ORRERY_VIEWER_TINT_H

#include <stdint.h>

#include <orrery/bodies.h>

#include "camera.h"

typedef enum tint_kind {
    TINT_OWN,      /* its own, or one of the palette */
    TINT_SPEED,    /* its speed against the mean velocity of all */
    TINT_APPROACH, /* its velocity along the line of sight: blue comes, red goes */
    TINT_KINDS
} tint_kind;

typedef struct tint {
    tint_kind kind;
    double mean[3]; /* velocity of all, by mass [length/time] */
    double back[3]; /* unit vector towards the eye, in the axes of the bodies */
    double most;    /* the end of the scale [length/time]; 0: all have one velocity */
} tint;

const char *tint_name(tint_kind kind);

/* The scale is round in units of `unit` [length/time], and nineteen of twenty bodies are within it. */
tint tint_for(tint_kind kind, const orr_bodies *b, const lens *world, double unit);

/* Where body i is on the scale: 0 .. 1. */
double tint_place(const tint *t, const orr_bodies *b, size_t i);

/* The colour of a place on the scale, 0xRRGGBB. */
uint32_t tint_color(tint_kind kind, double place);

#endif
