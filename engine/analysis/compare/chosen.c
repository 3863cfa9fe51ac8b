/* chosen.c - which runs stand beside each other: those that did about the same work. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "comparing.h"

const orr_trial *orr_compare_nearest(const orr_comparison *c, const char *method,
                                     double evaluations)
{
    const orr_trial *best = NULL;
    for (size_t k = 0; k < c->n; k++) {
        const orr_trial *t = &c->trials[k];
        if (t->outcome != ORR_TRIAL_DONE || strcmp(t->method->name, method) != 0 ||
            t->evaluations == 0)
            continue;
        double far = fabs(log((double)t->evaluations / evaluations));
        if (!best || far < fabs(log((double)best->evaluations / evaluations)))
            best = t;
    }
    return best;
}

/* The last time until which b's energy error is below the greatest that a ever has. */
double orr_compare_crossing(const orr_comparison *c, const orr_trial *a, const orr_trial *b)
{
    for (size_t k = TIMES - 1; k > 0; k--)
        if (fabs(b->energy[k]) <= a->energy_max)
            return k + 1 < TIMES ? c->times[k + 1] : INFINITY;
    return 0;
}

bool orr_compare_classroom_pair(const orr_comparison *c, const orr_trial *pair[2])
{
    int best = 0;
    pair[0] = NULL;
    for (size_t k = 0; k < c->n; k++) { /* from the longest step on: there they cross first */
        const orr_trial *a = &c->trials[k];
        if (a->outcome != ORR_TRIAL_DONE || strcmp(a->method->name, "leapfrog") != 0)
            continue;
        const orr_trial *b = orr_compare_nearest(c, "rk4", (double)a->evaluations);
        if (!b || fabs(log((double)b->evaluations / (double)a->evaluations)) > 0.3)
            continue;
        double cross = orr_compare_crossing(c, a, b);
        bool crosses = cross > 0 && isfinite(cross);
        int rank = !crosses                                                            ? 1
                   : a->growth == ORR_GROWTH_BOUNDED && b->growth == ORR_GROWTH_LINEAR ? 3
                                                                                       : 2;
        if (rank > best) {
            best = rank;
            pair[0] = a, pair[1] = b;
        }
    }
    return pair[0] != NULL;
}

static int by_energy(const void *a, const void *b)
{
    double x = (*(const orr_trial *const *)a)->energy_max,
           y = (*(const orr_trial *const *)b)->energy_max;
    return (x > y) - (x < y);
}

/* The work is that of the pair that the conclusions tell of, or the middle of all. */
size_t orr_comparison_typical(const orr_comparison *c, const orr_trial **out, size_t most)
{
    const orr_trial *all[ORR_MOST_TRIALS];
    double sum = 0;
    size_t n = 0, found = 0;
    for (size_t k = 0; k < c->n; k++)
        if (c->trials[k].outcome == ORR_TRIAL_DONE && c->trials[k].evaluations > 0) {
            sum += log((double)c->trials[k].evaluations);
            n++;
        }
    double work = exp(sum / (double)(n ? n : 1));
    const orr_trial *pair[2];
    if (orr_compare_classroom_pair(c, pair))
        work = (double)pair[0]->evaluations;
    for (size_t k = 0; k < c->n && found < ORR_MOST_TRIALS; k++) {
        const orr_integrator *m = c->trials[k].method;
        if (k > 0 && c->trials[k - 1].method == m)
            continue;
        const orr_trial *t = orr_compare_nearest(c, m->name, work);
        for (size_t i = k; !t && i < c->n && c->trials[i].method == m; i++)
            t = c->trials[i].n > 2 ? &c->trials[i] : NULL; /* cut off: as far as it came */
        if (t)
            all[found++] = t;
    }
    if (found > most) { /* the best of them */
        qsort(all, found, sizeof *all, by_energy);
        found = most;
    }
    memcpy(out, all, found * sizeof *all);
    return found;
}
