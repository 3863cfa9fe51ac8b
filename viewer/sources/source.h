/* source.h - where pictures come from: a simulation on its way, or a file.
 *
 * The viewer owns the clock: it wants the state at a time, and shows what the source has got.  A
 * simulation runs in a thread of its own and never waits for drawing; a file is read at once. */
#ifndef ORRERY_VIEWER_SOURCE_H
#define ORRERY_VIEWER_SOURCE_H

#include <orrery/scenario.h>
#include <orrery/snapshot.h>

#include "viewer/model/subject.h"

/* A row of the graphs. */
typedef struct sample {
    double t, energy_error, step_size, steps_per_second; /* energy_error: NAN if it is not known */
    double error_since; /* of the method that is at work now; NAN: the same, or not known */
    uint64_t step;
    unsigned start; /* how often the simulation had been started again */
} sample;

/* Where few bodies were on the way from one picture to the next. */
enum { SOURCE_TRACKED = 64 };
typedef struct track {
    double t;
    unsigned start; /* as in sample */
    size_t n;
    double pos[3][SOURCE_TRACKED];
} track;

/* What a source has to show now; borrowed until it is asked again. */
typedef struct moment {
    double t;
    uint64_t step;
    const orr_bodies *bodies; /* NULL: nothing yet */
    size_t frame, n_frames;   /* of a file */
    bool ended;               /* t will not go on beyond this */
    bool growing;             /* a file that is still written */
} moment;

typedef enum order_kind {
    ORDER_METHOD,    /* go on with another method: text */
    ORDER_STEP_SIZE, /* go on with steps `factor` times as long */
    ORDER_ONE,       /* one step (of a file: one snapshot), in the direction of factor */
    ORDER_RESTART
} order_kind;

typedef struct order {
    order_kind kind;
    double factor;
    char text[48];
} order;

typedef struct source source;
struct source {
    subject subject;
    void (*want)(source *s, double t); /* +-INFINITY: as fast as it can */
    moment (*latest)(source *s);
    size_t (*samples)(source *s, sample *out, size_t room); /* those that are new */
    /* Optional: follow bodies every so much time [time]; the places since the last call. */
    void (*follow)(source *s, double every);
    bool (*next_track)(source *s, track *out); /* false: there is none */
    bool (*give)(source *s, const order *o);   /* false: it cannot do that */
    const char *(*method)(source *s);
    /* What it has to say (a method refused, the run failed); NULL: nothing new. */
    const char *(*news)(source *s);
    void (*close)(source *s); /* frees it */
};

/* A simulation of a scenario, in a thread.  Takes the scenario (which is empty afterwards).
 * method: instead of the scenario's; NULL: that.
 * steady: show wanted times only and measure every energy, so that pictures can be repeated. */
source *source_open_scenario(orr_scenario *s, const char *method, int threads, bool steady,
                             orr_diagnosis *why);

/* An HDF5 file with all its segments, also one that is still being written; of an ensemble one
 * member. */
source *source_open_file(const char *path, size_t member, orr_diagnosis *why);

#endif
