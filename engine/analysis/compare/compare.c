/* compare.c - a comparison from its plan to its end. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "analysis/work.h"
#include "base/clock.h"
#include "plan.h"

/* [s] that a single run may take, where nobody says more. */
static const double usual_limit = 60;

comparing *orr_comparing_of(const orr_comparison *c)
{
    return (comparing *)(uintptr_t)c; /* it is the first in it, and was never const */
}

orr_status orr_compare_load(const comparing *w, const char *const *set, size_t n, orr_scenario *out,
                            orr_diagnosis *why)
{
    const orr_scenario *s = w->def.scenario;
    orr_scenario_changes changes = {0};
    if (w->def.changes)
        changes = *w->def.changes;
    const char **sets = calloc(changes.n_set + n + 1, sizeof *sets);
    if (!sets)
        return orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    for (size_t k = 0; k < changes.n_set; k++)
        sets[k] = changes.set[k];
    for (size_t k = 0; k < n; k++)
        sets[changes.n_set + k] = set[k];
    changes.set = sets;
    changes.n_set += n;
    changes.no_ensemble = true;
    changes.progress = NULL; /* other threads load, too */
    orr_status status = orr_scenario_parse(s->path, s->yaml, s->yaml_size, &changes, out, why);
    free(sets);
    return status;
}

orr_status orr_compare_load_trial(const comparing *w, size_t k, orr_scenario *out,
                                  orr_diagnosis *why)
{
    const trial_work *t = &w->work[k];
    const char *sets[SETS] = {t->set[0], t->set[1], t->set[2]};
    return orr_compare_load(w, sets, SETS, out, why);
}

static void set_limits(comparing *w)
{
    const orr_comparison_def *def = &w->def;
    long processors = def->threads > 0 ? def->threads : sysconf(_SC_NPROCESSORS_ONLN);
    w->c.threads = processors < 1 ? 1 : processors > MOST_THREADS ? MOST_THREADS : (int)processors;
    w->c.seconds_total = def->seconds_total > 0 ? def->seconds_total : INFINITY;
    w->c.seconds_each =
        def->seconds_each > 0 ? def->seconds_each : fmin(usual_limit, w->c.seconds_total);
}

orr_status orr_comparison_plan(const orr_comparison_def *def, orr_comparison **out,
                               orr_diagnosis *why)
{
    comparing *w = calloc(1, sizeof *w);
    *out = NULL;
    *why = (orr_diagnosis){0};
    if (!w)
        return orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    pthread_mutex_init(&w->lock, NULL);
    w->def = *def;
    w->trials = calloc(ORR_MOST_TRIALS, sizeof *w->trials);
    w->work = calloc(ORR_MOST_TRIALS, sizeof *w->work);
    w->c.trials = w->trials;
    w->c.times = w->times;
    set_limits(w);
    orr_status status = w->trials && w->work ? orr_compare_plan(w, why)
                                             : orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    if (status != ORR_OK) {
        orr_comparison_free(&w->c);
        return status;
    }
    *out = &w->c;
    return ORR_OK;
}

void orr_compare_begin(comparing *w)
{
    if (!w->begun)
        w->started = orr_clock();
    w->begun = true;
}

/* Where nothing massive moves under a force, its error is none. */
static void forget_energy(comparing *w)
{
    for (size_t k = 0; k < w->c.n && !w->c.energy_tells; k++) {
        orr_trial *t = &w->trials[k];
        t->energy_max = t->energy_rms = t->energy_end = NAN;
        t->growth = ORR_GROWTH_UNKNOWN;
    }
}

orr_status orr_comparison_run(orr_comparison *c)
{
    comparing *w = orr_comparing_of(c);
    orr_compare_begin(w);
    if (!w->forecast)
        (void)orr_comparison_forecast(c);
    orr_compare_find_reference(w);
    orr_compare_run_all(w);
    for (size_t k = 0; k < c->n; k++)
        orr_compare_fit_growth(c, &w->trials[k]);
    orr_compare_fit_orders(c);
    forget_energy(w);
    c->end = (orr_comparison_end)atomic_load(&w->stop);
    return c->end == ORR_COMPARISON_WHOLE ? ORR_OK : ORR_E_STOPPED;
}

void orr_comparison_free(orr_comparison *c)
{
    if (!c)
        return;
    comparing *w = orr_comparing_of(c);
    pthread_mutex_destroy(&w->lock);
    free(w->trials);
    free(w->work);
    free(w->pos);
    free(w);
}
