/* part_internal.h - what an open file is made of; shared by read.c, which opens and checks
 * it, and part_read.c, which reads from it. */
#ifndef ORRERY_IO_H5_PART_INTERNAL_H
#define ORRERY_IO_H5_PART_INTERNAL_H

#include "changes.h"
#include "part.h"

struct orr_part {
    hid_t file, position, velocity, time, sums; /* sums < 0: format 1.0 had none */
    orr_bodies bodies;                          /* gm and radius as the file begins */
    orr_change *changes;                        /* of all members, in the order of snapshots */
    bool logged[ORR_MOST_FIELDS];               /* fields that last which they tell */
    size_t n_changes;
    double damaged;        /* time of a change that is not whole; NaN: all are */
    orr_event_row *events; /* a block of /events; NULL: none was asked for */
    size_t first_event, n_read_events, room_events;
    hid_t event[ORR_EVENT_COLUMNS];
    char *names;
    size_t name_size; /* bytes of one name, the final 0 included */
    double *buffer;   /* [members or 1][n][3] */
    size_t member;    /* that is shown, of an ensemble */
    orr_file_info info;
    char path[4096];
};

orr_status orr_part_fail(const orr_part *r, orr_diagnosis *why, orr_status code, const char *format,
                         ...) __attribute__((format(printf, 4, 5)));

/* A fixed-length text dataset of one element, or of n elements, to be freed; NULL if it is anything
 * else.  *size: bytes of each. */
char *orr_part_texts(hid_t file, const char *path, hsize_t n, size_t *size);

/* A text attribute of an object; "" if it is not there. */
void orr_part_attribute(hid_t file, const char *path, const char *name, char *buffer, size_t size);

/* Which elements are stored, into r->info. */
void orr_part_find_elements(orr_part *r);

/* particles/all/NAME [n] or [n][components], or of an ensemble the row of the selected member. */
bool orr_part_array(orr_part *r, const char *name, hid_t type, size_t n, size_t components,
                    void *out);

/* Fields of the bodies that last, as the file begins, of the selected member.  ORR_E_FORMAT: no
 * masses or radii. */
orr_status orr_part_fields(orr_part *r);

double orr_part_time(orr_part *r, size_t k);

/* Times and energy errors of the selected member, into r->info. */
orr_status orr_part_summarise(orr_part *r, orr_diagnosis *why);

#endif
