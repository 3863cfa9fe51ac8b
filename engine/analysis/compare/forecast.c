/* forecast.c - how long it will take: each run is tried for a moment, and its way so far
 * tells of the whole. */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "comparing.h"

/* [s] for one trial at most, and a part of the budget for all of them. */
static const double moment = 0.02, part_of_budget = 0.1;

typedef struct stopwatch {
    orr_sim *sim;
    double deadline;
} stopwatch;

static void look(const orr_sim *sim, void *user)
{
    stopwatch *watch = user;
    (void)sim;
    if (orr_clock() > watch->deadline)
        orr_sim_request_stop(watch->sim);
}

/* [s] of one processor for the whole run, and for one look at the energy; 0: it does not begin. */
static double whole_run(const comparing *w, const char *const *sets, size_t n, double most,
                        double *energy)
{
    orr_scenario s = {0};
    orr_sim *sim = NULL;
    orr_diagnosis why;
    double took = 0;
    *energy = 0;
    if (orr_compare_load(w, sets, n, &s, &why) == ORR_OK &&
        orr_sim_from_scenario(&s, 1, &sim, &why) == ORR_OK) {
        double start = orr_clock();
        stopwatch watch = {sim, start + most};
        orr_conserved ignored;
        orr_sim_observe(sim, look, &watch);
        orr_status status = orr_sim_run_until(sim, s.t_end);
        double t = orr_sim_snapshot(sim).t - s.t_start, elapsed = orr_clock() - start;
        if (status == ORR_OK || (status == ORR_E_STOPPED && t != 0))
            took = elapsed * orr_scenario_span(&s) / fabs(t);
        start = orr_clock();
        if (orr_sim_conserved(sim, &ignored) == ORR_OK)
            *energy = orr_clock() - start;
    }
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return took;
}

/* [s] until where the bodies are is known: the same way twice, by several threads at best. */
static double reference_time(const comparing *w, double most)
{
    char set[160];
    const char *sets[2] = {set, "expect=[]"};
    double energy, tolerance;
    const char *method = orr_compare_reference_method(w, &tolerance);
    if (!method)
        return 0;
    snprintf(set, sizeof set, "integrator={ method: %s, tolerance: %.3g }", method, tolerance);
    return 2 * fmin(w->c.seconds_each, whole_run(w, sets, 2, most, &energy));
}

double orr_comparison_forecast(orr_comparison *c)
{
    comparing *w = orr_comparing_of(c);
    double most = fmin(moment, part_of_budget * c->seconds_total / (double)(c->n + 1)), sum = 0;
    double longest = 0;
    orr_compare_begin(w);
    for (size_t k = 0; k < c->n && !orr_compare_must_end(w); k++) {
        trial_work *t = &w->work[k];
        const char *sets[SETS] = {t->set[0], t->set[1], t->set[2]};
        double energy, once = whole_run(w, sets, SETS, most, &energy);
        /* with measuring, and again for the time: short ones several times */
        t->expected = fmin(c->seconds_each, once + orr_compare_most_energies(w) * energy) +
                      fmin(c->seconds_each, fmax(once, fmin(5 * once, 0.2)));
        sum += t->expected;
        longest = fmax(longest, t->expected);
        orr_compare_tell(w, &(orr_comparison_progress){.stage = ORR_COMPARING_FORECAST,
                                                       .part = (double)(k + 1) / (double)c->n,
                                                       .seconds_left = NAN});
    }
    w->forecast = true;
    return reference_time(w, most) + fmax(longest, sum / c->threads);
}
