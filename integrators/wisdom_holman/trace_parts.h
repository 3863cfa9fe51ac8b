/* trace_parts.h - what the parts of TRACE share among themselves.
 *
 *     trace.c              the method: the star, its planets, and what comes before and after
 *     trace_encounters.c   what is integrated by an accurate method instead of split
 *     trace_tests.c        test bodies in the field of the planets
 *
 * "Planets" are all bodies with mass but the star: active and passive ones. */
#ifndef ORRERY_TRACE_PARTS_H
#define ORRERY_TRACE_PARTS_H

#include "shared/hits.h"
#include "wh_planets.h"

/* Bodies without mass.  They feel active planets and the star, and nothing feels them. */
typedef struct orr_trace_tests {
    size_t n, stride, first; /* index of the first one in the bodies */
    double *mu;              /* [stride] */
    double *q, *w, *q0, *w0; /* [3 stride] coordinates, and those at the start of the step */
    unsigned char *near;     /* [n planets] that it is close to, in this step */
    unsigned char *special;  /* [n] close to a planet: 1, to the star: 2 */
} orr_trace_tests;

/* What planets did in the step that stands. */
typedef struct orr_trace_path {
    bool whole;        /* not split: one of them was close to the star */
    double jump[2][3]; /* [length] of all coordinates, before and after the drift */
} orr_trace_path;

typedef struct orr_trace {
    double hill_radii, pericentre_steps, restitution, tell_within, remove_beyond;
    int collisions; /* orr_hit_rule */
    int by;         /* index into ORR_TRACE_CHILDREN */
    orr_hits hits;
    orr_wh_system s;    /* democratic heliocentric: who is the star, the centre of mass */
    size_t n, n_active; /* planets, of which active (they come first) */
    size_t stride;
    size_t *body;        /* [n] index in the bodies */
    double *gm, *mu;     /* [stride] */
    double *gm0;         /* at the start of the step */
    double *q, *w;       /* [3 stride] */
    double *q0, *w0;     /* at the start of the step */
    double *qd, *wd;     /* at the start of its drift */
    unsigned char *near; /* [n n] pairs that are close, above the diagonal */
    unsigned char *in;   /* [n] somebody is close to this one */
    orr_trace_tests tests;
} orr_trace;

/* Methods for encounters: accurate, adaptive, for any force. */
#define ORR_TRACE_CHILDREN "ias15|bulirsch-stoer|dop853|verner9|rkn12"

/* Vector at + c stride, c = 0, 1, 2. */
static inline double orr_square3(const double *v, size_t at, size_t stride)
{
    return v[at] * v[at] + v[at + stride] * v[at + stride] +
           v[at + 2 * stride] * v[at + 2 * stride];
}

/* Squared distance below which somebody is close to the star in steps h. */
double orr_trace_at_star2(const orr_trace *self, double h);

/* Squared Hill radius of planet k at q [3 stride]. */
double orr_trace_hill2(const orr_trace *self, const double *q, size_t k);

/* The least squared distance of two that go straight on for up to a step h forwards or backwards:
 * d, v [3] their separation and its rate. */
double orr_trace_least2(const double d[3], const double v[3], double h);

/* The bodies with mass in b, their centre of mass at rest at the origin, from coordinates q, w; star
 * gets where the star is. */
void orr_trace_place_at_rest(const orr_trace *self, const orr_bodies *b, const double *q,
                             const double *w, const double *gm, double star[3]);

/* ---- trace_encounters.c ---- */

/* An encounter: some planets and perhaps one test body, by an accurate method, about a star that
 * stands still. */
typedef struct orr_encounter {
    size_t n_planets;
    size_t *who; /* [n_planets] */
    bool has_test;
    size_t test;               /* which one, */
    const unsigned char *near; /* and to which planets it is close */
    orr_bodies bodies;         /* the planets, then the test body: before and after */
} orr_encounter;

/* The planets with in[k], at the start of the drift, and a test body (NULL: none; its `test` and
 * `near` are to be set, with where it is as the last of the bodies). */
orr_status orr_encounter_make(orr_encounter *e, const orr_trace *self, orr_arena *scratch,
                              const unsigned char *in, bool has_test);
orr_status orr_encounter_run(const orr_trace *self, orr_problem *p, orr_encounter *e, double h,
                             orr_hits *hits, orr_step_report *report);

/* The bodies with mass and room for `tests` others, with all that a force may look at; where they
 * are is to be filled in. */
orr_status orr_trace_massive(const orr_trace *self, orr_problem *p, size_t tests, orr_bodies *out);

/* Bodies over time h [time] in inertial coordinates with all forces of p, whose bodies b replaces
 * meanwhile.  tests: contacts are those of test bodies with others; else of all. */
orr_status orr_trace_inertial(const orr_trace *self, orr_problem *p, orr_bodies *b, bool tests,
                              double h, orr_hits *hits, orr_step_report *report);

/* ---- trace_tests.c ---- */

/* star, velocity: where the star is, and how fast the centre of mass. */
orr_status orr_trace_tests_prepare(orr_trace *self, orr_problem *p, const double star[3],
                                   const double velocity[3]);
void orr_trace_tests_give(const orr_trace *self, const orr_bodies *b, const double star[3],
                          const double velocity[3]);

/* The step h of the test bodies, after that of the planets. */
orr_status orr_trace_tests_step(orr_trace *self, orr_problem *p, const orr_trace_path *path,
                                double h, orr_step_report *report);

/* Test body k is about to be taken out of the bodies. */
void orr_trace_tests_forget(orr_trace *self, size_t k);

#endif
