/* subject.h - what stays the same while a simulation is shown: names, colours, units. */
#ifndef ORRERY_VIEWER_SUBJECT_H
#define ORRERY_VIEWER_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/bodies.h>
#include <orrery/dates.h>

enum { SUBJECT_POLES = 8 };

/* The pole of a body's equator. */
typedef struct subject_pole {
    uint64_t body;     /* id */
    double north[3];   /* unit vector in the axes of the run, at t = 0 */
    double flattening; /* J2 */
} subject_pole;

typedef struct subject {
    char title[256];
    size_t n; /* most bodies that there will be */
    const char *(*name)(const void *names, uint64_t id);
    const void *names;
    const uint32_t *colors; /* [n_colors] by id, 0xRRGGBB, 0: none; may be NULL */
    size_t n_colors;
    char length_unit[24], time_unit[24]; /* "" for problems without units */
    double length_si, time_si;           /* 1 without units */
    bool has_epoch;
    orr_date epoch;
    char axes[16];                     /* of the coordinates: "icrf", "ecliptic"; "" unknown */
    subject_pole poles[SUBJECT_POLES]; /* that forces know */
    size_t n_poles;
    double t_first, t_last; /* of the run [time] */
    bool live;              /* else a file */
    bool steered;           /* takes orders and keeps to the clock of the viewer */
} subject;

/* km/s in the units of the run; 1 without units. */
static inline double subject_speed_unit(const subject *s)
{
    return *s->length_unit ? 1000 * s->time_si / s->length_si : 1;
}

#endif
