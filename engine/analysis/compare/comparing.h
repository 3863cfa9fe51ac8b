/* comparing.h - a comparison under way.
 *
 *     plan.c       which methods, which steps or tolerances
 *     reference.c  where the bodies really are
 *     trial.c      one method with one step: run, measure
 *     kept.c       what was found, in a folder
 *     forecast.c   how long it will take
 *     pool.c       several at once, with a limit on time
 *     fit.c        orders and laws of growth
 *     chosen.c     which runs stand beside each other
 *     words.c      what follows from it, in sentences
 *     paths.c      the ways of the bodies, for figures
 *     compare.c    all of it in order */
#ifndef ORRERY_ANALYSIS_COMPARING_H
#define ORRERY_ANALYSIS_COMPARING_H

#include <pthread.h>
#include <stdatomic.h>

#include <orrery/compare.h>

enum { UNIFORM = 120, GEOMETRIC = 120, TIMES = ORR_COMPARISON_TIMES, MOST_THREADS = 64, SETS = 3 };
_Static_assert(UNIFORM + GEOMETRIC + 1 == ORR_COMPARISON_TIMES, "the times");

/* Of a trial, while it is not finished. */
typedef struct trial_work {
    char set[SETS][160]; /* what is changed in the scenario */
    double expected;     /* [s] that it will take; 0: unknown */
    orr_sim *sim;        /* while it runs; under the lock, so that others can stop it */
    atomic_int finished;
    atomic_int started; /* in tenths of a second after the start, plus 1; 0: not */
} trial_work;

typedef struct comparing {
    orr_comparison c; /* first: what the caller sees */
    orr_comparison_def def;
    double times[TIMES];
    orr_trial *trials;
    trial_work *work; /* [ORR_MOST_TRIALS], as trials */
    double *pos;      /* of the reference */
    bool begun, forecast;
    double started;  /* when the clock began */
    atomic_int stop; /* an orr_comparison_end; WHOLE: go on */
    pthread_mutex_t lock;
} comparing;

comparing *orr_comparing_of(const orr_comparison *c);

/* The clock starts, if it does not run. */
void orr_compare_begin(comparing *w);

/* The scenario with the changes of the comparison, and with n more; orr_scenario_free() it. */
orr_status orr_compare_load(const comparing *w, const char *const *set, size_t n, orr_scenario *out,
                            orr_diagnosis *why);

/* The scenario as trial k changes it. */
orr_status orr_compare_load_trial(const comparing *w, size_t k, orr_scenario *out,
                                  orr_diagnosis *why);

/* The method for the reference and its tolerance; NULL: a formula. */
const char *orr_compare_reference_method(const comparing *w, double *tolerance);
void orr_compare_find_reference(comparing *w);
/* Rms distance from the reference at time k over the size of the system; NAN: there is none. */
double orr_compare_position_error(const orr_reference *r, const orr_bodies *b, size_t k);

/* How often energies are looked at in a run, at most. */
double orr_compare_most_energies(const comparing *w);
void orr_compare_run_trial(comparing *w, size_t k);

/* What was found earlier, under a name that tells what it belongs to. */
bool orr_compare_recall(const comparing *w, size_t k);
void orr_compare_keep(const comparing *w, size_t k);

void orr_compare_run_all(comparing *w);
bool orr_compare_must_end(comparing *w); /* cancelled, or the time is spent: sets w->stop */
void orr_compare_expose(comparing *w, size_t k, orr_sim *sim); /* NULL: no more */
void orr_compare_tell(const comparing *w, const orr_comparison_progress *p);

void orr_compare_fit_growth(const orr_comparison *c, orr_trial *t);
void orr_compare_fit_orders(orr_comparison *c);

/* The trial of a method whose work is nearest to `evaluations`; NULL: none is done. */
const orr_trial *orr_compare_nearest(const orr_comparison *c, const char *method,
                                     double evaluations);
/* The last time until which b's energy error is below the greatest that a ever has; INFINITY: to
 * the end. */
double orr_compare_crossing(const orr_comparison *c, const orr_trial *a, const orr_trial *b);
/* leapfrog and rk4 with about the same work, if possible so that they cross; false: there are none.
 */
bool orr_compare_classroom_pair(const orr_comparison *c, const orr_trial *pair[2]);

#endif
