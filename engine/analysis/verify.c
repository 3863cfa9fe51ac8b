/* verify.c - solving problems with published answers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "known_problems.h"
#include "work.h"

const orr_known_problem *orr_known_problem_at(size_t i)
{
    const orr_problem_entry *e = orr_problem_entry_at(i);
    return e ? &e->problem : NULL;
}

double orr_answer_digits(const orr_answer *a)
{
    const double of_double = 16;
    double off = fabs(a->obtained - a->expected) / a->scale;
    return off > 0 ? fmin(of_double, -log10(off)) : isnan(off) ? -INFINITY : of_double;
}

static orr_status load(const orr_problem_entry *e, const char *gallery, orr_scenario *s,
                       orr_diagnosis *why)
{
    const orr_known_problem *p = &e->problem;
    char set[200], path[4400];
    const char *sets[2] = {"expect=[]", set};
    orr_scenario_changes changes = {.set = sets, .n_set = 1, .until = e->until};
    if (!p->scenario)
        return orr_scenario_parse("built-in", orr_sun_and_mercury, strlen(orr_sun_and_mercury),
                                  NULL, s, why);
    if (!gallery)
        return orr_refuse(ORR_E_FILE, why, "the gallery of scenarios is not installed");
    if (p->method) {
        snprintf(set, sizeof set, "integrator={ method: %s }", p->method);
        changes.n_set = 2;
    }
    snprintf(path, sizeof path, "%.4000s/%s.yaml", gallery, p->scenario);
    return orr_scenario_load(path, &changes, s, why);
}

static orr_status find_places(const orr_measurement *m, const reference_place *places)
{
    for (size_t k = 0; 3 * k < m->n; k++) {
        const reference_place *want = &places[k];
        ORR_TRY(orr_sim_run_until(m->sim, want->t));
        orr_body b = orr_bodies_get(orr_sim_snapshot(m->sim).bodies, want->body);
        double r2 = 0;
        for (int c = 0; c < 3; c++)
            r2 += want->pos[c] * want->pos[c];
        for (size_t c = 0; c < 3; c++)
            m->out[3 * k + c] =
                (orr_answer){.expected = want->pos[c], .obtained = b.pos[c], .scale = sqrt(r2)};
    }
    return ORR_OK;
}

/* All numbers of the problem, of a scenario that is loaded. */
static orr_status measure(const orr_problem_entry *e, const orr_scenario *s,
                          const orr_solving *solving, orr_solution *out, orr_diagnosis *why)
{
    orr_sim *sim;
    ORR_TRY(orr_sim_of(s, 1, &sim, why));
    orr_attention attention = {.sim = sim,
                               .what = e->problem.name,
                               .from = s->t_start,
                               .to = s->t_end,
                               .progress = solving->progress,
                               .user = solving->progress_user,
                               .cancel = solving->cancel};
    orr_measurement m = {.sim = sim, .t_end = s->t_end, .out = out->answers, .n = out->n};
    orr_sim_observe(sim, orr_attend, &attention);
    orr_status status = e->places ? find_places(&m, e->places) : e->measure(&m);
    if (status != ORR_OK)
        orr_refuse_of_sim(status, sim, why);
    orr_sim_destroy(sim);
    return status;
}

orr_status orr_known_problem_solve(const orr_known_problem *p, const char *gallery,
                                   const orr_solving *solving, orr_solution *out,
                                   orr_diagnosis *why)
{
    const orr_problem_entry *e = (const orr_problem_entry *)p; /* it is the first in it */
    double start = orr_clock();
    orr_scenario s;
    *why = (orr_diagnosis){0};
    *out = (orr_solution){.n = p->n, .digits = -INFINITY};
    for (size_t k = 0; k < p->n && e->expected; k++)
        out->answers[k] = (orr_answer){.expected = e->expected[k], .scale = fabs(e->expected[k])};
    ORR_TRY(load(e, gallery, &s, why));
    orr_status status =
        measure(e, &s, solving ? solving : &(orr_solving){.cancel = NULL}, out, why);
    orr_scenario_free(&s);
    out->seconds = orr_clock() - start;
    if (status != ORR_OK)
        return status;
    out->digits = INFINITY;
    for (size_t k = 0; k < p->n; k++) {
        double digits = orr_answer_digits(&out->answers[k]);
        if (digits < out->digits) {
            out->digits = digits;
            out->worst = k;
        }
    }
    out->good = out->digits >= p->digits;
    return ORR_OK;
}
