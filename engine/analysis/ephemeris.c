/* ephemeris.c - places of bodies at given times, integrated from the start of the scenario both
 * ways. */
#include <orrery/ephemeris.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "apparent.h"
#include "work.h"

typedef struct work {
    const orr_ephemeris_def *def;
    double tilt;  /* from the axes of the scenario to those asked for [arcsec] */
    double light; /* [length/time] */
    orr_place *places;
} work;

/* ---- what was asked for ---- */

static orr_status not_icrf(const orr_scenario *s, orr_diagnosis *why)
{
    return orr_refuse(ORR_E_ARGUMENT, why,
                      "the axes of '%s' are not said to be ICRF; write frame: icrf if they are",
                      s->path);
}

/* The obliquity that is left to turn by; NAN: the axes of the scenario are unknown. */
static double tilt_of(const orr_scenario *s, const orr_named_plane *plane)
{
    if (!plane)
        return 0;
    if (strcmp(s->frame, "ecliptic") == 0)
        return plane->obliquity - orr_plane_find("ecliptic")->obliquity;
    return strcmp(s->frame, "icrf") == 0 ? plane->obliquity : NAN;
}

static orr_status check_apparent(const orr_ephemeris_def *def, orr_diagnosis *why)
{
    const orr_scenario *s = def->scenario;
    if (s->units.dimensionless)
        return orr_refuse(ORR_E_ARGUMENT, why, "apparent places need units of length and time");
    if (strcmp(s->frame, "icrf") != 0)
        return not_icrf(s, why);
    if (def->center == ORR_ORIGIN)
        return orr_refuse(ORR_E_ARGUMENT, why,
                          "an observer stands on a body, not at the origin: take one as center");
    return ORR_OK;
}

orr_status orr_ephemeris_check(const orr_ephemeris_def *def, orr_diagnosis *why)
{
    const orr_scenario *s = def->scenario;
    if (isnan(tilt_of(s, def->plane)))
        return not_icrf(s, why);
    if (def->apparent)
        ORR_TRY(check_apparent(def, why));
    if (def->of_date && !s->has_epoch)
        return orr_refuse(ORR_E_ARGUMENT, why,
                          "an equinox of date needs an 'epoch:' in the scenario");
    if (def->center != ORR_ORIGIN && def->center >= s->names.n)
        return orr_refuse(ORR_E_ARGUMENT, why, "there is no body %llu to count from",
                          (unsigned long long)def->center);
    for (size_t j = 0; j < def->n_bodies; j++)
        if (def->bodies[j] >= s->names.n)
            return orr_refuse(ORR_E_ARGUMENT, why, "there is no body %llu",
                              (unsigned long long)def->bodies[j]);
    for (size_t k = 0; k < def->n_times; k++)
        if (!isfinite(def->times[k]))
            return orr_refuse(ORR_E_ARGUMENT, why, "time %zu is not finite", k);
    return ORR_OK;
}

/* ---- places ---- */

static double size_of(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

static const orr_place nowhere = {.pos = {NAN, NAN, NAN},
                                  .vel = {NAN, NAN, NAN},
                                  .distance = NAN,
                                  .ra = NAN,
                                  .dec = NAN,
                                  .light_time = NAN};

/* center: index, or beyond all: the origin. */
static orr_place place_of(const work *w, const orr_bodies *b, size_t i, size_t center)
{
    orr_body body = orr_bodies_get(b, i);
    orr_place p = nowhere;
    p.there = true;
    for (size_t c = 0; c < 3 && center < b->n; c++) {
        body.pos[c] -= b->pos[center + c * b->stride];
        body.vel[c] -= b->vel[center + c * b->stride];
    }
    if (w->def->plane) {
        orr_turn_to_plane(body.pos, w->tilt);
        orr_turn_to_plane(body.vel, w->tilt);
    }
    memcpy(p.pos, body.pos, sizeof p.pos);
    memcpy(p.vel, body.vel, sizeof p.vel);
    p.distance = size_of(p.pos);
    return p;
}

static orr_place seen(const work *w, const orr_bodies *b, size_t i, size_t center, double time)
{
    const double turn = 6.283185307179586;
    const orr_scenario *s = w->def->scenario;
    orr_place p = nowhere;
    orr_sighting found = orr_apparent_place(b, center, i, w->light);
    if (w->def->of_date) {
        orr_date d = orr_date_plus(&s->epoch, time, s->units.time), tt = orr_date_in(&d, ORR_TT);
        orr_turn_to_equinox(found.direction, orr_date_jd(&tt));
    }
    p.there = true;
    p.ra = atan2(found.direction[1], found.direction[0]);
    p.ra += p.ra < 0 ? turn : 0;
    p.dec = asin(fmax(-1, fmin(1, found.direction[2])));
    p.distance = found.distance;
    p.light_time = found.light_time;
    for (int c = 0; c < 3; c++)
        p.pos[c] = found.direction[c] * found.distance;
    return p;
}

static void note_places(const work *w, const orr_bodies *b, size_t k)
{
    const orr_ephemeris_def *def = w->def;
    size_t center = def->center == ORR_ORIGIN ? SIZE_MAX : orr_bodies_find(b, def->center);
    for (size_t j = 0; j < def->n_bodies; j++) {
        size_t i = orr_bodies_find(b, def->bodies[j]);
        bool gone = i >= b->n || i == center || (def->center != ORR_ORIGIN && center >= b->n);
        w->places[k * def->n_bodies + j] = gone            ? nowhere
                                           : def->apparent ? seen(w, b, i, center, def->times[k])
                                                           : place_of(w, b, i, center);
    }
}

/* ---- running ---- */

typedef struct moment {
    double t;
    size_t k; /* which of the times */
} moment;

static int ascending(const void *a, const void *b)
{
    const moment *x = a, *y = b;
    return (x->t > y->t) - (x->t < y->t);
}

/* The n moments from `at` on, which lie on one side of the start; step +1 or -1: from near to far.
 */
static orr_status follow(const work *w, const moment *at, size_t n, ptrdiff_t step,
                         orr_diagnosis *why)
{
    const orr_ephemeris_def *def = w->def;
    orr_sim *sim;
    if (n == 0)
        return ORR_OK;
    ORR_TRY(orr_sim_of(def->scenario, 0, &sim, why));
    orr_attention attention = {.sim = sim,
                               .what = "integrating",
                               .from = def->scenario->t_start,
                               .to = at[step * (ptrdiff_t)(n - 1)].t,
                               .progress = def->progress,
                               .user = def->progress_user,
                               .cancel = def->cancel};
    orr_sim_observe(sim, orr_attend, &attention);
    orr_status status = ORR_OK;
    for (size_t i = 0; i < n && status == ORR_OK; i++) {
        const moment *m = &at[step * (ptrdiff_t)i];
        status = orr_sim_run_until(sim, m->t);
        if (status == ORR_OK)
            note_places(w, orr_sim_snapshot(sim).bodies, m->k);
    }
    if (status != ORR_OK)
        orr_refuse_of_sim(status, sim, why);
    orr_sim_destroy(sim);
    return status;
}

static orr_status follow_both_ways(const work *w, moment *moments, orr_diagnosis *why)
{
    const orr_ephemeris_def *def = w->def;
    size_t n = def->n_times, past = 0;
    for (size_t k = 0; k < n; k++)
        moments[k] = (moment){def->times[k], k};
    qsort(moments, n, sizeof *moments, ascending);
    while (past < n && moments[past].t < def->scenario->t_start)
        past++;
    ORR_TRY(follow(w, moments + past - (past > 0), past, -1, why));
    return follow(w, moments + past, n - past, 1, why);
}

orr_status orr_ephemeris_compute(const orr_ephemeris_def *def, orr_ephemeris *out,
                                 orr_diagnosis *why)
{
    const orr_scenario *s = def->scenario;
    *out = (orr_ephemeris){0};
    *why = (orr_diagnosis){0};
    ORR_TRY(orr_ephemeris_check(def, why));
    if (def->n_bodies > 0 && def->n_times > SIZE_MAX / sizeof(orr_place) / def->n_bodies)
        return orr_refuse(ORR_E_NO_MEMORY, why, "too many places");
    size_t cells = def->n_times * def->n_bodies;
    work w = {.def = def,
              .tilt = tilt_of(s, def->plane),
              .light = ORR_SPEED_OF_LIGHT / (s->units.length / s->units.time),
              .places = calloc(cells + 1, sizeof *w.places)};
    moment *moments = calloc(def->n_times + 1, sizeof *moments);
    orr_status status = w.places && moments ? follow_both_ways(&w, moments, why)
                                            : orr_refuse(ORR_E_NO_MEMORY, why,
                                                         "out of memory for %zu places", cells);
    free(moments);
    if (status != ORR_OK) {
        free(w.places);
        return status;
    }
    *out = (orr_ephemeris){.n_times = def->n_times, .n_bodies = def->n_bodies, .places = w.places};
    return ORR_OK;
}

void orr_ephemeris_free(orr_ephemeris *e)
{
    free(e->places);
    *e = (orr_ephemeris){0};
}
