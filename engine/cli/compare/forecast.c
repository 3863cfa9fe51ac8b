/* How long it will take: each run is tried for a moment, and its way so far tells of the whole. */
#include <math.h>
#include <unistd.h>

#include "cli/progress.h"
#include "compare.h"

/* [s] for one trial at most, and a part of the budget for all of them. */
static const double moment = 0.02, part_of_budget = 0.1;

/* [s] that a plot takes, in two formats (measured with gnuplot 5.4). */
static const double a_plot = 0.5;

typedef struct stopwatch {
    orr_sim *sim;
    double deadline;
} stopwatch;

static void look(const orr_sim *sim, void *user)
{
    stopwatch *w = user;
    (void)sim;
    if (wall_clock() > w->deadline)
        orr_sim_request_stop(w->sim);
}

/* [s] of one processor for the whole run, and for one look at the energy; 0: it does not begin. */
static double whole_run(const comparison *c, const char *const *sets, size_t n, double most,
                        double *energy)
{
    orr_scenario s = {0};
    orr_sim *sim = NULL;
    orr_diagnosis why;
    double took = 0;
    *energy = 0;
    if (load_changed(c, sets, n, &s, &why) == ORR_OK &&
        orr_sim_from_scenario(&s, 1, &sim, &why) == ORR_OK) {
        double start = wall_clock();
        stopwatch w = {sim, start + most};
        orr_conserved ignored;
        orr_sim_observe(sim, look, &w);
        orr_status status = orr_sim_run_until(sim, s.t_end);
        double t = orr_sim_snapshot(sim).t - s.t_start, elapsed = wall_clock() - start;
        if (status == ORR_OK || (status == ORR_E_STOPPED && t != 0))
            took = elapsed * orr_scenario_span(&s) / fabs(t);
        start = wall_clock();
        if (orr_sim_conserved(sim, &ignored) == ORR_OK)
            *energy = wall_clock() - start;
    }
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return took;
}

/* [s] until where the bodies are is known: the same way twice, by several threads at best. */
static double reference_time(const comparison *c, double most)
{
    char set[160];
    const char *sets[2] = {set, "expect=[]"};
    double energy, tolerance;
    const char *method = reference_method(c, &tolerance);
    if (!method)
        return 0;
    snprintf(set, sizeof set, "integrator={ method: %s, tolerance: %.3g }", method, tolerance);
    return 2 * fmin(c->budget, whole_run(c, sets, 2, most, &energy));
}

double forecast(comparison *c)
{
    double most = fmin(moment, part_of_budget * c->total / (double)(c->n + 1)), sum = 0;
    double longest = 0;
    for (size_t k = 0; k < c->n && !must_end(c); k++) {
        trial *t = c->trials[k];
        const char *sets[3] = {t->set[0], t->set[1], t->set[2]};
        double energy, once = whole_run(c, sets, 3, most, &energy);
        /* with measuring, and again for the time: short ones several times */
        t->expected = fmin(c->budget, once + most_energies(c) * energy) +
                      fmin(c->budget, fmax(once, fmin(5 * once, 0.2)));
        sum += t->expected;
        longest = fmax(longest, t->expected);
    }
    return reference_time(c, most) + fmax(longest, sum / c->threads) + N_FIGURES * a_plot;
}
