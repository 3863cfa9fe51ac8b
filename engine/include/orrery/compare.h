/* compare.h - one scenario under several methods and steps: which method, which step?  What
 * `orrery compare` reports, as numbers and sentences.  (where ORR_WITH_IO)
 *
 *     orr_comparison_def def = {.scenario = &scenario};
 *     orr_comparison *c;
 *     if (orr_comparison_plan(&def, &c, &why) == ORR_OK && orr_comparison_run(c) == ORR_OK)
 *         for (size_t k = 0; k < c->n; k++)
 *             printf("%s, %s: %.1e in %.3g s\n", c->trials[k].method->name, c->trials[k].label,
 *                    c->trials[k].energy_max, c->trials[k].seconds);
 *     orr_comparison_free(c); */
#ifndef ORRERY_COMPARE_H
#define ORRERY_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/integrator.h>
#include <orrery/scenario.h>
#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum orr_comparison_limits { ORR_COMPARISON_TIMES = 241, ORR_MOST_TRIALS = 256 };

/* ---- what is asked for ---- */

typedef enum orr_comparison_stage {
    ORR_COMPARING_FORECAST,
    ORR_COMPARING_REFERENCE, /* finding where the bodies really are */
    ORR_COMPARING_RUNS
} orr_comparison_stage;

typedef struct orr_comparison_progress {
    orr_comparison_stage stage;
    double part;         /* of the stage, 0 .. 1 */
    size_t done, all;    /* runs; 0 in other stages than that of runs */
    double seconds_left; /* of the runs, as forecast; NAN in other stages */
} orr_comparison_progress;

/* Called in the thread of the caller, often: after each step of the reference. */
typedef void orr_comparison_progress_fn(void *user, const orr_comparison_progress *p);

/* All that it points to is borrowed until the comparison is freed; {.scenario = &s} is valid. */
typedef struct orr_comparison_def {
    const orr_scenario *scenario; /* with its bodies; it is not changed.  Of an ensemble what its
                                     members share; expectations are left out */
    const orr_scenario_changes *changes;  /* with which it was read; NULL: none */
    const orr_integrator *const *methods; /* [n_methods] */
    size_t n_methods;                     /* 0: the classroom's five, and the scenario's own */
    const char *const *steps;             /* [n_steps] "0.01 yr", or in its unit of time */
    size_t n_steps;                /* 0: 4, 2, 1, 1/2, 1/4 times the scenario's for each evaluation
                                       of the forces in a step */
    const char *const *tolerances; /* [n_tolerances] of adaptive methods */
    size_t n_tolerances;           /* 0: theirs, and looser ones */
    double seconds_each;           /* a single run that takes longer is cut off; 0: 60 */
    double seconds_total;          /* of all together; 0: no limit */
    int threads;                   /* how many runs at once, at most 64; 0: a thread a processor */
    const char *folder;            /* that is there: runs are kept in it, and not run again; NULL:
                                       none are kept */
    orr_comparison_progress_fn *progress; /* optional */
    void *progress_user;
    const int *cancel; /* optional: once it is not 0 (set by another thread or by a signal handler)
                          the work ends soon, with what is there */
} orr_comparison_def;

/* ---- what is found ---- */

typedef enum orr_trial_outcome {
    ORR_TRIAL_DONE,
    ORR_TRIAL_CUT_OFF,  /* took longer than the limit, or was cancelled */
    ORR_TRIAL_DIVERGED, /* left the finite numbers, or lost its way: energy error above 100 */
    ORR_TRIAL_FAILED,   /* the method gave up */
    ORR_TRIAL_SKIPPED   /* it cannot run this scenario */
} orr_trial_outcome;

/* How the energy error grows with time. */
typedef enum orr_growth {
    ORR_GROWTH_ROUND_OFF,
    ORR_GROWTH_BOUNDED,
    ORR_GROWTH_SQUARE_ROOT,
    ORR_GROWTH_LINEAR,
    ORR_GROWTH_THREE_HALVES,
    ORR_GROWTH_OTHER, /* see slope */
    ORR_GROWTH_EXPONENTIAL,
    ORR_GROWTH_LOST, /* as large as the energy itself */
    ORR_GROWTH_UNKNOWN
} orr_growth;

/* One method with one step or tolerance. */
typedef struct orr_trial {
    const orr_integrator *method;
    char label[96];   /* "step 0.01 yr" */
    double parameter; /* step [time] or tolerance */
    orr_trial_outcome outcome;
    char why[400];                         /* it did not come to the end */
    bool kept;                             /* it was found in the folder */
    size_t n;                              /* times reached */
    double energy[ORR_COMPARISON_TIMES];   /* relative error, at whole steps: the one farthest from
                                              0 since the time before */
    double momentum[ORR_COMPARISON_TIMES]; /* relative error of the angular momentum */
    double position[ORR_COMPARISON_TIMES]; /* rms distance from the reference over the size of the
                                              system; NAN: there is no reference */
    double energy_max, energy_rms, energy_end, momentum_max; /* NAN where energy tells nothing */
    double seconds;                                          /* of one core, without measuring */
    uint64_t steps, evaluations;
    orr_growth growth;
    double slope; /* of the logarithms of energy error and time */
} orr_trial;

/* Where the bodies really are. */
typedef struct orr_reference {
    bool there, analytic, converged;
    char method[80];
    char why[300];                      /* there is none */
    const double *pos;                  /* [ORR_COMPARISON_TIMES][n][3] [length] */
    double floor[ORR_COMPARISON_TIMES]; /* its estimated error, like orr_trial.position */
    size_t n;
    double size; /* [length] rms distance from the centre of mass at the start */
} orr_reference;

/* Of one method over its steps. */
typedef struct orr_fitted_order {
    const orr_integrator *method;
    double order, uncertainty; /* uncertainty INFINITY: of two steps */
    double at;                 /* [time] since the start */
    size_t points;             /* 0: it cannot be told */
} orr_fitted_order;

typedef enum orr_comparison_end {
    ORR_COMPARISON_WHOLE,
    ORR_COMPARISON_CANCELLED,
    ORR_COMPARISON_OUT_OF_TIME
} orr_comparison_end;

/* For reading. */
typedef struct orr_comparison {
    const orr_scenario *scenario;
    const char *time_unit;   /* "": there is none */
    double period;           /* [time] of the fastest orbit; NAN: there is none */
    const double *times;     /* [ORR_COMPARISON_TIMES] [time] since the start of the run */
    const orr_trial *trials; /* [n] those of a method stand together */
    size_t n;
    orr_reference reference;
    orr_fitted_order orders[ORR_MOST_TRIALS];
    size_t n_orders;
    bool energy_tells;       /* something massive moves under a force */
    bool without_relativity; /* left out of the scenario's own method, since only that has it */
    double seconds_each, seconds_total; /* INFINITY: no limit */
    int threads;
    orr_comparison_end end;
} orr_comparison;

/* ---- doing it ---- */

/* Which runs there are to be.  Gives *out.  On an error *why says what happened; its file names the
 * field of the definition that is wrong, if it is one: "steps", "tolerances".
 * ORR_E_ARGUMENT; ORR_E_INCOMPATIBLE: there is nothing to compare in the scenario; ORR_E_NO_MEMORY.
 */
ORR_API ORR_CHECKED orr_status orr_comparison_plan(const orr_comparison_def *def,
                                                   orr_comparison **out, orr_diagnosis *why);

/* [s] that it will take, after a moment of each run. */
ORR_API double orr_comparison_forecast(orr_comparison *c);

/* Finds the reference, runs all, fits orders and laws of growth.  ORR_OK: all was run; ORR_E_STOPPED:
 * see c->end, with what is there; ORR_E_NO_MEMORY.  Once a comparison. */
ORR_API ORR_CHECKED orr_status orr_comparison_run(orr_comparison *c);

/* NULL is allowed. */
ORR_API void orr_comparison_free(orr_comparison *c);

/* ---- what follows ---- */

/* "bounded", "linear", "t^1.8", ... */
ORR_API const char *orr_growth_text(const orr_trial *t, char text[40]);

/* What to use and why, one sentence or more at a time. */
typedef void orr_sentence_fn(const char *sentence, void *user);
ORR_API void orr_comparison_conclude(const orr_comparison *c, orr_sentence_fn *say, void *user);

/* Of each method the run to be shown beside others, since they did about the same work: at most
 * `most`, those with the smallest energy errors if there are more.  Returns how many. */
ORR_API size_t orr_comparison_typical(const orr_comparison *c, const orr_trial **out, size_t most);

/* The ways of the bodies in the xy plane about the body that dominates, if there is one. */
typedef struct orr_paths {
    size_t n_bodies, n; /* n: points reached; fewer than asked for where the method gave up */
    size_t points;
    size_t center; /* index of the dominant body, which rests at 0; SIZE_MAX: there is none */
    double *xy;    /* [n_bodies][2][points] [length] */
} orr_paths;

/* What a trial does over the first part of the run, `span` [time] with the sign of the run, at as
 * many points evenly.  Gives *out, to be released by orr_paths_free(). */
ORR_API ORR_CHECKED orr_status orr_comparison_paths(const orr_comparison *c, const orr_trial *t,
                                                    double span, size_t points, orr_paths *out,
                                                    orr_diagnosis *why);
ORR_API void orr_paths_free(orr_paths *p);

#ifdef __cplusplus
}
#endif

#endif
