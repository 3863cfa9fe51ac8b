/* reference.c - where the bodies really are: Kepler's formula for two, else the best method for
 * round-off at two tolerances, whose difference tells how good it is. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/splitting.h>

#include "base/clock.h"
#include "comparing.h"
#include "run/measure.h"

double orr_compare_position_error(const orr_reference *r, const orr_bodies *b, size_t k)
{
    const double *want = r->pos + 3 * r->n * k;
    double sum = 0;
    if (!r->there || b->n != r->n)
        return NAN;
    for (size_t i = 0; i < b->n; i++)
        for (size_t c = 0; c < 3; c++) {
            double d = b->pos[i + c * b->stride] - want[3 * i + c];
            sum += d * d;
        }
    return sqrt(sum / (double)b->n) / r->size;
}

/* Of a budget for all: not more than this for each of the two runs. */
static const double part_of_all = 0.25;

static bool is_plain(const orr_scenario *s)
{
    if (s->n_forces != 1)
        return false;
    for (size_t k = 0; k < s->forces[0].n_options; k++)
        if (strcmp(s->forces[0].options[k].name, "softening") == 0 &&
            s->forces[0].options[k].number != 0)
            return false;
    return true;
}

/* Two bodies: the one about the other by Kepler's formula from the start, their centre of mass on a
 * straight line. */
static void two_bodies(comparing *w)
{
    const orr_bodies *b = &w->def.scenario->bodies;
    orr_reference *r = &w->c.reference;
    double gm = b->gm[0] + b->gm[1], part[2] = {-b->gm[1] / gm, b->gm[0] / gm};
    for (size_t k = 0; k < TIMES; k++) {
        double lanes[7][8] __attribute__((aligned(64))) = {{0}};
        double *x[3] = {lanes[0], lanes[1], lanes[2]}, *v[3] = {lanes[3], lanes[4], lanes[5]};
        for (size_t i = 0; i < 3; i++) {
            x[i][0] = b->pos[1 + i * b->stride] - b->pos[i * b->stride];
            v[i][0] = b->vel[1 + i * b->stride] - b->vel[i * b->stride];
        }
        for (size_t lane = 1; lane < 8; lane++)
            x[0][lane] = 1; /* spare ones are somewhere */
        lanes[6][0] = gm;
        orr_kepler(1, x, v, lanes[6], w->times[k]);
        for (size_t i = 0; i < 3; i++) {
            const double *p = b->pos + i * b->stride, *u = b->vel + i * b->stride;
            double center = (b->gm[0] * p[0] + b->gm[1] * p[1]) / gm;
            double drift = (b->gm[0] * u[0] + b->gm[1] * u[1]) / gm;
            for (size_t j = 0; j < 2; j++)
                w->pos[6 * k + 3 * j + i] = center + drift * w->times[k] + part[j] * x[i][0];
        }
        r->floor[k] = 1e-15;
    }
    r->analytic = r->converged = r->there = true;
    snprintf(r->method, sizeof r->method, "Kepler's formula");
}

/* Looks at the clock after each step. */
typedef struct limit {
    comparing *w;
    orr_sim *sim;
    double deadline;
    double part; /* of the whole: the same way is gone twice */
} limit;

static void watch(const orr_sim *sim, void *user)
{
    limit *l = user;
    double now = orr_clock();
    double done = fabs(orr_sim_snapshot(sim).t - l->w->def.scenario->t_start) /
                  orr_scenario_span(l->w->def.scenario);
    if (now > l->deadline || orr_compare_must_end(l->w))
        orr_sim_request_stop(l->sim);
    orr_compare_tell(l->w, &(orr_comparison_progress){.stage = ORR_COMPARING_REFERENCE,
                                                      .part = l->part + fmin(1, done) / 2,
                                                      .seconds_left = NAN});
}

/* Run a method at a tolerance; keeps positions (first), or how far they are from those kept. */
static orr_status follow(comparing *w, const char *method, double tolerance, bool first,
                         double seconds)
{
    char set[160];
    const char *sets[2] = {set, "expect=[]"};
    orr_reference *r = &w->c.reference;
    orr_scenario s;
    orr_sim *sim;
    orr_diagnosis why;
    snprintf(set, sizeof set, "integrator={ method: %s, tolerance: %.3g }", method, tolerance);
    orr_status status = orr_compare_load(w, sets, 2, &s, &why);
    if (status != ORR_OK) {
        snprintf(r->why, sizeof r->why, "%.250s", why.text);
        return status;
    }
    status = orr_sim_from_scenario(&s, w->c.threads, &sim, &why);
    limit l = {.w = w, .sim = sim, .deadline = orr_clock() + seconds, .part = first ? 0 : 0.5};
    if (status == ORR_OK)
        orr_sim_observe(sim, watch, &l);
    for (size_t k = 0; k < TIMES && status == ORR_OK; k++) {
        status = orr_sim_run_until(sim, w->def.scenario->t_start + w->times[k]);
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        if (status != ORR_OK)
            snprintf(r->why, sizeof r->why, "%.250s", orr_sim_message(sim));
        for (size_t i = 0; status == ORR_OK && first && i < b->n; i++)
            for (size_t d = 0; d < 3; d++)
                w->pos[3 * (r->n * k + i) + d] = b->pos[i + d * b->stride];
        if (status == ORR_OK && !first)
            r->floor[k] = fmax(orr_compare_position_error(r, b, k), 1e-16);
        if (status == ORR_E_STOPPED)
            snprintf(r->why, sizeof r->why, "%s %s", method,
                     atomic_load(&w->stop) == ORR_COMPARISON_CANCELLED
                         ? "was interrupted"
                         : "would take longer than the budget");
    }
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return status;
}

static bool has_formula(const comparing *w)
{
    const orr_bodies *b = &w->def.scenario->bodies;
    return is_plain(w->def.scenario) && b->n == 2 && b->gm[0] + b->gm[1] > 0 && b->n_passive == 0;
}

const char *orr_compare_reference_method(const comparing *w, double *tolerance)
{
    const orr_bodies *b = &w->def.scenario->bodies;
    bool few = (double)b->n * (double)b->n < 1000;
    const char *method = is_plain(w->def.scenario) && few && b->n_passive == 0 ? "taylor" : "ias15";
    *tolerance = orr_field_find(orr_integrator_find(method)->fields, "tolerance")->fallback;
    return has_formula(w) ? NULL : method;
}

void orr_compare_find_reference(comparing *w)
{
    orr_reference *r = &w->c.reference;
    const orr_bodies *b = &w->def.scenario->bodies;
    r->n = b->n;
    r->size = orr_system_size(b);
    r->size = r->size > 0 ? r->size : 1;
    if ((double)b->n * TIMES > 2e7) {
        snprintf(r->why, sizeof r->why, "too many bodies to keep where each is at every time");
        return;
    }
    r->pos = w->pos = malloc(3 * TIMES * b->n * sizeof *w->pos);
    if (!w->pos) {
        snprintf(r->why, sizeof r->why, "out of memory");
        return;
    }
    double tolerance, seconds = fmin(w->c.seconds_each, part_of_all * w->c.seconds_total);
    const char *method = orr_compare_reference_method(w, &tolerance);
    if (!method) {
        two_bodies(w);
        return;
    }
    r->there = follow(w, method, tolerance, true, seconds) == ORR_OK;
    if (!r->there)
        return;
    /* looser by so much that truncation is still near round-off */
    bool twice = follow(w, method, 100 * tolerance, false, seconds) == ORR_OK;
    r->converged = twice && r->floor[TIMES - 1] < 1e-3;
    for (size_t k = 0; k < TIMES && !twice; k++)
        r->floor[k] = NAN;
    snprintf(r->method, sizeof r->method, "%s at tolerances %.1g and %.1g", method, tolerance,
             100 * tolerance);
}
