/* feed.h - the hand-over from a simulation to the viewer, for what runs the simulation. */
#ifndef ORRERY_VIEWER_FEED_H
#define ORRERY_VIEWER_FEED_H

#include <stdatomic.h>

#include <orrery/sim.h>

#include "base/clock.h"
#include "queue.h"
#include "source.h"

/* Both sides share it; fields belong to the side that is named. */
typedef struct feed {
    orr_channel *channel;
    queue samples; /* simulation -> viewer */
    queue texts;   /* of char[FEED_TEXT]: news, simulation -> viewer */
    queue methods; /* of char[FEED_METHOD]: another method is at work */
    atomic_bool ended;
    atomic_bool abandoned; /* it is not looked at any more */
    double e0;             /* simulation: the energy at the start */
    bool has_e0, energy_tells;
    double e_change; /* simulation: the energy when the method was changed */
    bool changed, has_e_change;
    unsigned start;        /* simulation: how often it was started again */
    bool steady;           /* every energy is measured, whatever that costs */
    double energy_seconds; /* simulation: wall time spent on energies */
    double started;        /* simulation: when */
    double rate_since;     /* simulation: of the last count of steps */
    uint64_t rate_steps;
    double rate;     /* simulation: steps a second */
    char method[48]; /* viewer */
    char text[400];  /* viewer */
} feed;

enum { FEED_TEXT = 400, FEED_METHOD = 48 };

/* For a simulation of up to n bodies; false: no memory. */
bool feed_open(feed *f, size_t n);
void feed_close(feed *f);

/* Simulation: show what the simulation shows now. */
void feed_publish(feed *f, orr_sim *sim);

/* Simulation: say something; name the method. */
void feed_say(feed *f, const char *text);
/* From here on another method is at work, or it starts again: errors are counted from here too. */
void feed_method_changed(feed *f);
void feed_started_again(feed *f);
void feed_name_method(feed *f, const char *name);

/* Viewer: as in source.h. */
moment feed_latest(feed *f);
size_t feed_samples(feed *f, sample *out, size_t room);
const char *feed_method(feed *f);
const char *feed_news(feed *f);

/* A source that shows a feed; the caller runs the simulation, and keeps the feed.  NULL: no
 * memory. */
source *source_of_feed(feed *f, const subject *about);

/* Title, units, names and colours of a scenario; it must outlive the subject. */
/* The poles of oblate bodies, from the forces. */
void subject_find_poles(const orr_scenario *s, subject *out);

void subject_of_scenario(const orr_scenario *s, subject *out);

#endif
