/* collisions_many.h - what the files of contacts inside a step share.
 *
 *     collisions_many.c   runs of such steps
 *     collisions_ways.c   where bodies and their images are in the step, and when two of them touch
 *     collisions_meet.c   who may touch whom; contacts in their order */
#ifndef ORRERY_SIM_COLLISIONS_MANY_H
#define ORRERY_SIM_COLLISIONS_MANY_H

#include "collisions_cells.h"
#include "collisions_internal.h"
#include "collisions_queue.h"

/* An image of the box in this step: at s [time] of it shifted by `shift`, and by speed s in y.  Of
 * two opposite ones only one is looked at: a body meets the image of another where the other meets
 * the opposite image of it. */
typedef struct orr_image {
    double shift[3], speed;
} orr_image;

enum { ORR_MOST_IMAGES = 64 };

/* How long a contact lasts, in parts of the step: spheres that lie on each other would bounce lower
 * and lower without end (Luding & McNamara 1998, doi 10.1007/s100350050017). */
#define ORR_CONTACT_LASTS (1.0 / 64)

/* The present ways of all bodies: from samples[0] at begin to samples[1] at the end of the step. */
typedef struct orr_many {
    orr_sim *sim;
    orr_contacts *c;
    orr_bodies *b;
    double h, shear; /* [time], [1/time] */
    orr_sample *from, *to;
    double *begin;                     /* [n] [time] since the start of the step */
    uint32_t *age;                     /* [n] contacts in this step so far */
    bool *gone;                        /* [n] */
    orr_image images[ORR_MOST_IMAGES]; /* the first is the box itself */
    uint32_t n_images;
    orr_box domain; /* around all boxes */
    orr_box *boxes; /* [n] of bodies, as they stand in the cells */
    orr_grid cells;
    uint32_t *strays; /* [n] bodies whose ways leave their boxes */
    size_t n_strays, contacts;
} orr_many;

/* ---- collisions_ways.c ---- */

/* The images of this step that may matter. */
void orr_find_images(orr_many *m);
/* Where body i goes from its last contact on, with its radius; margin: wider by this part of it. */
orr_box orr_box_of_way(const orr_many *m, size_t i, double margin);
orr_box orr_box_shifted(const orr_many *m, const orr_box *one, uint32_t image);
/* Body i, as part of the image, at s of the step. */
void orr_place_at(const orr_many *m, size_t i, uint32_t image, double s, double pos[3],
                  double vel[3]);
/* When i and the image of j touch next, approaching: since the start of the step; NaN: not in it. */
double orr_next_touch(const orr_many *m, size_t i, size_t j, uint32_t image);

/* ---- collisions_meet.c ---- */

/* All contacts of the step whose ends are sampled: changes samples[1] and the bodies' masses. */
orr_status orr_meet_all(orr_many *m);

#endif
