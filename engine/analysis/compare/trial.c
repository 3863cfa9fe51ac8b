/* trial.c - one method with one step or tolerance: once with measuring, and once for the time that
 * it takes. */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "comparing.h"
#include "run/measure.h"

/* Energies are looked at this often, but not for more than so many pairs of bodies. */
static const double most_looks = 20000, most_pairs = 4e9;

/* A relative energy error beyond this means nothing. */
static const double wild = 100;

static bool over_budget(const comparing *w, size_t k)
{
    double started = 0.1 * (atomic_load(&w->work[k].started) - 1);
    return atomic_load(&w->stop) != ORR_COMPARISON_WHOLE ||
           orr_clock() - w->started > started + w->c.seconds_each;
}

/* How a run ended that did not come to its end. */
static void note(const comparing *w, orr_trial *t, orr_status status, const orr_sim *sim)
{
    if (status == ORR_E_STOPPED) {
        t->outcome = ORR_TRIAL_CUT_OFF;
        snprintf(t->why, sizeof t->why,
                 atomic_load(&w->stop) == ORR_COMPARISON_CANCELLED
                     ? "interrupted"
                     : "took more than the budget of %g s",
                 fmin(w->c.seconds_each, w->c.seconds_total));
        return;
    }
    t->outcome = status == ORR_E_INCOMPATIBLE ? ORR_TRIAL_SKIPPED
                 : status == ORR_E_NOT_FINITE ? ORR_TRIAL_DIVERGED
                                              : ORR_TRIAL_FAILED;
    snprintf(t->why, sizeof t->why, "%.380s", orr_sim_message(sim));
}

/* Energies between times k - 1 and k, at whole steps. */
static orr_status measured_way(const comparing *w, size_t trial, orr_sim *sim, measured *m,
                               size_t k, double stride)
{
    orr_trial *t = &w->trials[trial];
    double from = k ? w->times[k - 1] : 0, to = w->times[k], worst = 0, sign = to < from ? -1 : 1;
    orr_diagnostics d;
    for (double i = floor(fabs(from) / stride) + 1;; i++) {
        double at = sign * i * stride;
        bool last = k == 0 || fabs(at) >= fabs(to) * (1 - 1e-12);
        orr_status status = orr_sim_run_until(sim, w->def.scenario->t_start + (last ? to : at));
        if (status != ORR_OK)
            return status;
        if (!orr_measure(sim, 0, k == 0, m, &d))
            return ORR_E_NO_MEMORY;
        t->energy_rms += d.energy_error * d.energy_error;
        worst = fabs(d.energy_error) > fabs(worst) ? d.energy_error : worst;
        t->steps++; /* for now: of looks */
        if (last)
            break;
        if (over_budget(w, trial))
            return ORR_E_STOPPED;
    }
    const double *l = d.conserved.angular_momentum;
    double change = 0, size = 0;
    for (int i = 0; i < 3; i++) {
        change += (l[i] - m->l0[i]) * (l[i] - m->l0[i]);
        size += m->l0[i] * m->l0[i];
    }
    t->energy[k] = worst;
    t->energy_end = d.energy_error;
    t->momentum[k] = sqrt(size > 0 ? change / size : change);
    t->position[k] = orr_compare_position_error(&w->c.reference, orr_sim_snapshot(sim).bodies, k);
    t->energy_max = fmax(t->energy_max, fabs(worst));
    t->momentum_max = fmax(t->momentum_max, t->momentum[k]);
    t->n = k + 1;
    if (fabs(worst) > wild) {
        t->outcome = ORR_TRIAL_DIVERGED;
        snprintf(t->why, sizeof t->why, "the energy is off by a factor of %.2g at t = %.4g",
                 fabs(worst), w->times[k]);
    }
    return ORR_OK;
}

double orr_compare_most_energies(const comparing *w)
{
    double n = (double)w->def.scenario->bodies.n;
    return fmax(TIMES, fmin(most_looks, most_pairs / (n * n)));
}

/* On whole steps where there are any, as often as is useful. */
static double looks(const comparing *w, const orr_scenario *s)
{
    double span = orr_scenario_span(s), most = orr_compare_most_energies(w);
    return s->step > 0 ? s->step * ceil(span / s->step / most) : span / fmin(most, 4000);
}

static orr_status make(const comparing *w, size_t k, orr_scenario *s, orr_sim **sim)
{
    orr_trial *t = &w->trials[k];
    orr_diagnosis why;
    orr_status status = orr_compare_load_trial(w, k, s, &why);
    if (status == ORR_OK)
        status = orr_sim_from_scenario(s, 1, sim, &why);
    if (status != ORR_OK) {
        t->outcome = ORR_TRIAL_SKIPPED;
        snprintf(t->why, sizeof t->why, "%.300s%s%.90s", why.text, *why.hint ? "; " : "", why.hint);
    }
    return status;
}

static void count(orr_trial *t, const orr_sim *sim)
{
    orr_sim_counters counters = orr_sim_count(sim);
    t->steps = counters.steps;
    t->evaluations = counters.evaluations;
}

static orr_status with_measuring(comparing *w, size_t k)
{
    orr_trial *t = &w->trials[k];
    orr_scenario s = {0};
    orr_sim *sim = NULL;
    measured m = {0};
    orr_status status = make(w, k, &s, &sim);
    if (status != ORR_OK) {
        orr_scenario_free(&s);
        return status;
    }
    if (s.step > 0)
        t->parameter = s.step;
    double stride = looks(w, &s);
    orr_compare_expose(w, k, sim);
    for (size_t i = 0; i < TIMES && status == ORR_OK && t->outcome == ORR_TRIAL_DONE; i++)
        status = measured_way(w, k, sim, &m, i, stride);
    orr_compare_expose(w, k, NULL);
    if (status != ORR_OK)
        note(w, t, status, sim);
    t->energy_rms = sqrt(t->energy_rms / (double)(t->steps ? t->steps : 1));
    count(t, sim);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return status == ORR_OK && t->outcome != ORR_TRIAL_DONE ? ORR_E_NOT_FINITE : status;
}

static void for_the_time(comparing *w, size_t k)
{
    enum { MOST_AGAIN = 5 };
    const double enough = 0.2; /* [s] in all: short ones again */
    orr_trial *t = &w->trials[k];
    orr_scenario s = {0};
    orr_sim *sim = NULL;
    orr_status status = make(w, k, &s, &sim);
    double least = INFINITY, all = 0;
    for (int i = 0; i < MOST_AGAIN && status == ORR_OK && (i == 0 || all < enough); i++) {
        if (i > 0) {
            orr_sim_destroy(sim);
            orr_scenario_free(&s);
            sim = NULL;
            status = make(w, k, &s, &sim);
        }
        double start = orr_thread_clock();
        orr_compare_expose(w, k, sim);
        if (status == ORR_OK)
            status = orr_sim_run_until(sim, s.t_end);
        orr_compare_expose(w, k, NULL);
        double took = orr_thread_clock() - start;
        least = fmin(least, took);
        all += took;
    }
    if (status == ORR_OK) {
        t->seconds = least;
        count(t, sim);
    } else if (sim) {
        note(w, t, status, sim);
    }
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

void orr_compare_run_trial(comparing *w, size_t k)
{
    orr_trial *t = &w->trials[k];
    t->kept = orr_compare_recall(w, k);
    if (t->kept)
        return;
    t->outcome = ORR_TRIAL_DONE;
    if (with_measuring(w, k) == ORR_OK)
        for_the_time(w, k);
    if (t->outcome != ORR_TRIAL_CUT_OFF && t->outcome != ORR_TRIAL_SKIPPED)
        orr_compare_keep(w, k); /* with another limit they may finish; a refusal is quickly found */
}
