/* compare.h - the same scenario under several methods and steps: what `orrery compare` is made of.
 *
 *     plan.c       which methods, which steps or tolerances
 *     reference.c  where the bodies really are
 *     trial.c      one method with one step: run, measure, keep in the folder, or find there
 *     forecast.c   how long it will take
 *     pool.c       several at once, with a limit on time
 *     fit.c        orders and laws of growth
 *     words.c      what follows from it, in sentences
 *     figures.c    the plots
 *     orbits.c     one of them: the orbits, method by method
 *     report.c     report.html, report.md, results.csv, and the table on the terminal */
#ifndef ORRERY_CLI_COMPARE_H
#define ORRERY_CLI_COMPARE_H

#include <stdatomic.h>

#include "cli/cli.h"

enum { UNIFORM = 120, GEOMETRIC = 120, TIMES = UNIFORM + GEOMETRIC + 1, MOST_TRIALS = 256 };

typedef enum outcome {
    DONE,
    CUT_OFF,  /* took longer than the budget, or was interrupted */
    DIVERGED, /* left the finite numbers, or lost its way: energy error above 100 */
    FAILED,   /* the method gave up */
    SKIPPED   /* cannot run this scenario */
} outcome;

typedef enum law {
    ROUND_OFF,
    BOUNDED,
    SQUARE_ROOT,
    LINEAR,
    THREE_HALVES,
    OTHER,
    EXPONENTIAL,
    LOST, /* as large as the energy itself */
    UNKNOWN
} law;

/* One method with one step or tolerance. */
typedef struct trial {
    const orr_integrator *method;
    char set[3][160]; /* what is changed in the scenario */
    char label[96];   /* "step 0.01 yr" */
    double parameter; /* step [time] or tolerance */
    outcome outcome;
    char why[400];
    bool cached;
    size_t n;               /* times reached */
    double energy[TIMES];   /* relative error: the one farthest from 0 since the time before */
    double momentum[TIMES]; /* relative error of the angular momentum at the time */
    double position[TIMES]; /* rms distance from the reference over the size of the system */
    double energy_max, energy_rms, energy_end, momentum_max;
    double seconds; /* of one core, without measuring */
    uint64_t steps, evaluations;
    law growth;
    double slope;    /* of the logarithms, for OTHER */
    orr_sim *sim;    /* while it runs; see expose() */
    double expected; /* [s] that it will take; 0: unknown */
    atomic_int finished;
    atomic_int started; /* in tenths of a second after the start, plus 1; 0: not */
} trial;

/* Where the bodies really are. */
typedef struct reference {
    bool there, analytic, converged;
    char method[80];
    char why[300];       /* there is none */
    double *pos;         /* [TIMES][n][3] */
    double floor[TIMES]; /* its estimated error, like trial.position */
    size_t n;
    double size; /* rms distance from the centre of mass at the start */
} reference;

/* Of one method over its steps. */
typedef struct order_fit {
    const orr_integrator *method;
    double order, uncertainty, at; /* at [time]; order 0: cannot be told */
    size_t points;
} order_fit;

enum { GO_ON, STOP_INTERRUPTED, STOP_BUDGET };

typedef struct comparison {
    const arguments *a;
    const char *scenario, *folder;
    orr_scenario s;
    const char *unit; /* of time, "" if there is none */
    double period;    /* of the fastest orbit; NAN: there is none */
    double t[TIMES];
    size_t n_bodies;
    trial *trials[MOST_TRIALS];
    size_t n;
    reference truth;
    order_fit orders[MOST_TRIALS];
    size_t n_orders;
    bool energy_tells; /* something massive moves under a force */
    double budget;     /* [s] for each */
    double total;      /* [s] for all together; INFINITY: none is set */
    int threads;
    double started;
    atomic_int stop; /* one of the reasons below; 0: go on */
} comparison;

bool plan(comparison *c);
bool without_relativity(const orr_scenario *s);
void sample_times(comparison *c);

/* The scenario as a trial changes it; orr_scenario_free() it. */
orr_status load_changed(const comparison *c, const char *const *set, size_t n, orr_scenario *out,
                        orr_diagnosis *why);

/* The method for the reference and its tolerance; NULL: a formula. */
const char *reference_method(const comparison *c, double *tolerance);
/* [s], after a moment of each run. */
double forecast(comparison *c);
/* How often energies are looked at in a run, at most. */
double most_energies(const comparison *c);

/* With the positions of the reference at time k (or, for a reference that is being made, none). */
void find_reference(comparison *c);
double position_error(const reference *r, const orr_bodies *b, size_t k);

void run_trial(comparison *c, trial *t);
bool run_all(comparison *c); /* false: it was stopped */
void watch_for_interrupts(void);
bool must_end(comparison *c);        /* interrupted, or the budget is spent: sets c->stop */
void expose(trial *t, orr_sim *sim); /* so that others can stop it; NULL: no more */

void fit_growth(const comparison *c, trial *t);
void fit_orders(comparison *c);
const char *law_text(const trial *t, char text[40]);

/* What follows from it all. */
void each_sentence(const comparison *c, void (*say)(const char *sentence, void *user), void *user);

struct orr_figure;
bool write_figure(const comparison *c, const char *name, const struct orr_figure *f);
bool draw_orbits(const comparison *c, const trial *const *runs, size_t n);

enum { N_FIGURES = 7 };
extern const char *const figure_names[N_FIGURES], *const figure_titles[N_FIGURES];
bool draw_figures(const comparison *c);

bool write_reports(const comparison *c);
void print_table(const comparison *c, FILE *out);

/* leapfrog and rk4 with about the same work, if possible so that they cross; false: there are none.
 */
bool find_story(const comparison *c, const trial *pair[2]);

/* The trial of a method whose work is nearest to `evaluations`; NULL: none is done. */
const trial *nearest_in_work(const comparison *c, const char *method, double evaluations);

#endif
