/* ephemeris.h - where bodies are, or are seen from one of them, at given times.
 * (library orrery_analysis)
 *
 *     const double times[] = {0, 10, 20};
 *     const uint64_t mars = 4, earth = 3;
 *     orr_ephemeris_def def = {.scenario = &scenario, .times = times, .n_times = 3,
 *                              .bodies = &mars, .n_bodies = 1, .center = earth, .apparent = true};
 *     orr_ephemeris e;
 *     if (orr_ephemeris_compute(&def, &e, &why) == ORR_OK)
 *         for (size_t k = 0; k < e.n_times; k++)
 *             printf("%.6f %.6f\n", e.places[k].ra, e.places[k].dec);
 *     orr_ephemeris_free(&e); */
#ifndef ORRERY_EPHEMERIS_H
#define ORRERY_EPHEMERIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/planes.h>
#include <orrery/scenario.h>
#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In place of the id of a body: the origin of the scenario. */
#define ORR_ORIGIN UINT64_MAX

/* What is asked for; all that it points to is borrowed during the call. */
typedef struct orr_ephemeris_def {
    const orr_scenario *scenario; /* with its bodies; it is not changed */
    const double *times;          /* [n_times] [time] of the scenario, in any order, also before its
                                     start: see orr_time_from_text() for dates */
    size_t n_times;
    const uint64_t *bodies; /* [n_bodies] ids */
    size_t n_bodies;
    uint64_t center; /* id of the body from which places are counted or seen, or ORR_ORIGIN */
    const orr_named_plane *plane; /* axes of places; NULL: those of the scenario */
    bool apparent; /* as seen from the center, by light time and aberration (the bending of light by
                      the Sun, below 0.004" beyond 90 degrees from it, is left out) */
    bool of_date;  /* of apparent places: true equator and equinox of date, to half an arc second;
                      else the axes of the ICRF */
    orr_loading_fn *progress; /* optional: called after each step, with "integrating" */
    void *progress_user;
    const int *cancel; /* optional: once it is not 0 (set by another thread or by a signal handler)
                          the work ends soon with ORR_E_STOPPED */
} orr_ephemeris_def;

typedef struct orr_place {
    bool there; /* false: the body is no more, or it is the center: all numbers are NAN */
    double pos[3], vel[3]; /* [length], [length/time] from the center; of apparent places pos has
                              the direction in which the body is seen, and vel is NAN */
    double distance;       /* [length]; of apparent places that which the light has come */
    double ra, dec;        /* [rad] of apparent places: 0 .. 2 pi, -pi/2 .. pi/2; else NAN */
    double light_time;     /* [time] of apparent places; else NAN */
} orr_place;

typedef struct orr_ephemeris {
    size_t n_times, n_bodies;
    orr_place *places; /* [n_times * n_bodies] body j at time k: places[k * n_bodies + j] */
} orr_ephemeris;

/* Can this be computed?  ORR_E_ARGUMENT, and *why says what is wrong. */
ORR_API ORR_CHECKED orr_status orr_ephemeris_check(const orr_ephemeris_def *def,
                                                   orr_diagnosis *why);

/* Integrates the scenario to each time.  Gives *out, to be released by orr_ephemeris_free(); on an
 * error it is empty, and *why says what happened.  Errors: those of orr_ephemeris_check(), of
 * orr_sim_from_scenario() and orr_sim_run_until(), ORR_E_STOPPED, ORR_E_NO_MEMORY. */
ORR_API ORR_CHECKED orr_status orr_ephemeris_compute(const orr_ephemeris_def *def,
                                                     orr_ephemeris *out, orr_diagnosis *why);
ORR_API void orr_ephemeris_free(orr_ephemeris *e);

#ifdef __cplusplus
}
#endif

#endif
