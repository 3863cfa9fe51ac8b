/* sweep.c - the simulation that takes bodies to other dates and back, and how they are set down. */
#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/primaries.h>

#include "core/kepler.h"

/* ---- states ---- */

bool orr_held_among(const orr_held *held, const orr_bodies *bodies, orr_state *out)
{
    orr_state sum = held->around.shift;
    for (size_t k = 0; k < held->around.n; k++) {
        size_t i = orr_bodies_find(bodies, held->around.ids[k]);
        if (i == bodies->n)
            return false;
        orr_body b = orr_bodies_get(bodies, i);
        double weight = held->around.barycentre ? b.gm / held->around.gm : 1;
        for (int c = 0; c < 3; c++) {
            sum.pos[c] += weight * b.pos[c];
            sum.vel[c] += weight * b.vel[c];
        }
    }
    for (int c = 0; c < 3; c++) {
        out->pos[c] = sum.pos[c] + held->state.pos[c];
        out->vel[c] = sum.vel[c] + held->state.vel[c];
    }
    return true;
}

orr_state orr_held_later(const orr_held *held, double time)
{
    const orr_state *s = &held->state;
    double k[4];
    orr_kepler_any(s->pos, s->vel, held->mu, time, k);
    orr_state out;
    for (int c = 0; c < 3; c++) {
        out.pos[c] = s->pos[c] + (k[0] * s->pos[c] + k[1] * s->vel[c]);
        out.vel[c] = s->vel[c] + (k[2] * s->pos[c] + k[3] * s->vel[c]);
    }
    return out;
}

/* ---- the simulation ---- */

static orr_status fail(orr_sweep *w, orr_status status, const char *text)
{
    char date[100];
    if (status == ORR_E_NO_MEMORY)
        return status;
    orr_scenario_date(w->l->s, w->reason->t, date, sizeof date);
    return orr_yaml_fail(&w->l->doc, w->reason->node, ORR_E_FORMAT,
                         "bodies cannot be brought to the start from %s, where '%s' holds: %s",
                         date, orr_names_get(&w->l->s->names, w->reason->id), text);
}

/* The way there in steps as they were so far: a slip in a year must not take for ever.  On the way
 * back dates cut steps short, so they only count. */
static bool is_too_far(orr_sweep *w, double t)
{
    enum { FEWEST = 50 };
    const orr_scenario_changes *changes = w->l->changes;
    double most = changes && changes->most_steps > 0 ? changes->most_steps : 2e7;
    double done = fabs(t - w->t0), span = fabs(w->far - w->t0);
    w->steps++;
    return w->steps > most || (!w->returns && w->steps > FEWEST && span / done * w->steps > most);
}

static orr_status too_far(orr_sweep *w)
{
    char text[200], begin[100];
    orr_scenario_date(w->l->s, w->t0, begin, sizeof begin);
    snprintf(text, sizeof text,
             "between the start, %s, and there are millions of steps; is that date right?", begin);
    return fail(w, ORR_E_FORMAT, text);
}

/* Where two bodies touch on the way the states behind are not what the elements meant. */
static void on_step(const orr_sim *sim, void *user)
{
    orr_sweep *w = user;
    orr_snapshot now = orr_sim_snapshot(sim);
    const orr_bodies *b = now.bodies;
    const orr_scenario_changes *changes = w->l->changes;
    if (changes && changes->progress) {
        double span = fabs(w->far - w->t0), done = fabs(now.t - w->t0);
        changes->progress(changes->progress_user, "bringing bodies to the start",
                          (w->returns ? 2 * span - done : done) / (2 * span));
    }
    if (is_too_far(w, now.t)) {
        w->too_far = true;
        orr_sim_request_stop(w->sim);
    }
    if (!w->before)
        return;
    size_t found[2], length = 3 * b->stride;
    if (!w->touch && orr_sweep_touch(b, w->before, now.t - w->t_before, found)) {
        w->touch = true;
        w->touched[0] = b->id[found[0]];
        w->touched[1] = b->id[found[1]];
        w->t_before = now.t;
        orr_sim_request_stop(w->sim);
        return;
    }
    memcpy(w->before, b->pos, length * sizeof(double));
    memcpy(w->before + length, b->vel, length * sizeof(double));
    w->t_before = now.t;
}

/* Only what acts on and from bodies that are on the way. */
static bool acts(const orr_force_choice *f, const orr_bodies *b)
{
    for (size_t k = 0; k < f->n_options; k++) {
        const orr_field *field = orr_field_find(f->type->fields, f->options[k].name);
        if (field && field->type == ORR_BODY && f->options[k].number >= 0 &&
            orr_bodies_find(b, (uint64_t)f->options[k].number) == b->n)
            return false;
    }
    return true;
}

/* A splitting method may bring a force of its own. */
static orr_status add_own_force(const orr_scenario *s, orr_sim *sim)
{
    for (size_t k = 0; k < s->n_integrator_options; k++)
        if (strcmp(s->integrator_options[k].name, "relativity") == 0 &&
            strcmp(s->integrator_options[k].text, "none") != 0)
            return orr_sim_add_force(sim, orr_force_find("relativity-potential"), NULL, 0);
    return ORR_OK;
}

static orr_status add_forces(orr_sweep *w, const bool *takes_part)
{
    const orr_scenario *s = w->l->s;
    for (size_t k = 0; k < s->n_forces; k++)
        if (takes_part[k])
            ORR_TRY(orr_sim_add_force(w->sim, s->forces[k].type, s->forces[k].options,
                                      s->forces[k].n_options));
    return add_own_force(s, w->sim);
}

/* Room for the states before each step, where somebody has a radius. */
static orr_status watch(orr_sweep *w)
{
    orr_snapshot now = orr_sim_snapshot(w->sim);
    const orr_bodies *b = now.bodies;
    bool radii = false;
    for (size_t i = 0; i < b->n && w->watches; i++)
        radii = radii || b->radius[i] > 0;
    free(w->before);
    w->before = radii ? malloc(6 * b->stride * sizeof(double)) : NULL;
    if (radii && !w->before)
        return ORR_E_NO_MEMORY;
    if (radii) {
        memcpy(w->before, b->pos, 3 * b->stride * sizeof(double));
        memcpy(w->before + 3 * b->stride, b->vel, 3 * b->stride * sizeof(double));
    }
    w->t_before = w->t;
    orr_sim_observe(w->sim, on_step, w);
    return ORR_OK;
}

orr_status orr_sweep_begin(orr_sweep *w, orr_bodies *bodies)
{
    enum { MOST_FORCES = 64, CROWD = 2000 };
    const orr_scenario *s = w->l->s;
    bool takes_part[MOST_FORCES] = {false};
    orr_sim_destroy(w->sim);
    w->sim = NULL;
    if (bodies->n == 0)
        return ORR_OK;
    for (size_t k = 0; k < s->n_forces && k < MOST_FORCES; k++)
        takes_part[k] = acts(&s->forces[k], bodies);
    orr_sim_def def = orr_sim_def_default();
    def.bodies = bodies;
    def.G = s->units.G;
    def.t = w->t;
    def.threads = def.bodies->n > CROWD ? 0 : 1;
    if (!s->units.dimensionless)
        def.speed_of_light = ORR_SPEED_OF_LIGHT / s->units.length * s->units.time;
    def.name = orr_names_get;
    def.name_user = &s->names;
    orr_status status = orr_sim_create(&def, &w->sim);
    if (status != ORR_OK)
        return fail(w, status, orr_status_text(status));
    const orr_option first = {.name = "first_step", .number = w->h};
    status = orr_sim_set_integrator(w->sim, orr_integrator_find("ias15"), &first, w->h > 0);
    if (status == ORR_OK)
        status = add_forces(w, takes_part);
    if (status != ORR_OK)
        return fail(w, status, orr_sim_message(w->sim));
    return watch(w);
}

static orr_status touching(orr_sweep *w)
{
    char date[100], text[400];
    const orr_names *names = &w->l->s->names;
    orr_scenario_date(w->l->s, w->t_before, date, sizeof date);
    snprintf(text, sizeof text,
             "on the way '%s' and '%s' touch, near %s; leave out a radius, or give the state at "
             "the start",
             orr_names_get(names, w->touched[0]), orr_names_get(names, w->touched[1]), date);
    return fail(w, ORR_E_FORMAT, text);
}

orr_status orr_sweep_to(orr_sweep *w, double t)
{
    w->t = t;
    if (!w->sim)
        return ORR_OK;
    orr_status status = orr_sim_run_until(w->sim, t);
    if (status == ORR_OK)
        on_step(w->sim, w); /* the rest of a step that leads beyond t */
    if (w->too_far)
        return too_far(w);
    if (w->touch)
        return touching(w);
    if (status != ORR_OK)
        return fail(w, status, orr_sim_message(w->sim));
    orr_sim_counters counters = orr_sim_count(w->sim);
    if (counters.steps > 0)
        w->h = counters.last;
    return ORR_OK;
}

const orr_bodies *orr_sweep_bodies(const orr_sweep *w)
{
    return w->sim ? orr_sim_snapshot(w->sim).bodies : NULL;
}

/* What an absolute state is compared with: the orbit about the heaviest body. */
static void find_reference(orr_held *held, double own_gm, const orr_bodies *b)
{
    if (held->around.n > 0 || b->n_active == 0)
        return;
    orr_body body = orr_bodies_get(b, orr_heaviest_body(b));
    held->reference = body.id;
    held->has_reference = body.id != held->id;
    held->mu = own_gm + body.gm;
    for (int c = 0; c < 3; c++) {
        held->carried.pos[c] = held->state.pos[c] - body.pos[c];
        held->carried.vel[c] = held->state.vel[c] - body.vel[c];
    }
}

static double size(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* By how much body i is not where it should be. */
static orr_state shift_to(orr_sweep *w, const orr_bodies *b, size_t i, const orr_state *there)
{
    orr_body now = orr_bodies_get(b, i);
    orr_state d;
    for (int c = 0; c < 3; c++) {
        d.pos[c] = there->pos[c] - now.pos[c];
        d.vel[c] = there->vel[c] - now.vel[c];
    }
    w->missed = fmax(w->missed, size(d.pos) / fmax(size(there->pos), 1e-300));
    w->missed = fmax(w->missed, size(d.vel) / fmax(size(there->vel), 1e-300));
    return d;
}

/* Move a body, and with it those that are given relative to it: their orbits about it stay. */
static void move_along(const orr_sweep *w, orr_bodies *b, uint64_t id, orr_state by)
{
    size_t i = orr_bodies_find(b, id);
    if (i == b->n)
        return;
    orr_body body = orr_bodies_get(b, i);
    for (int c = 0; c < 3; c++) {
        body.pos[c] += by.pos[c];
        body.vel[c] += by.vel[c];
    }
    orr_bodies_move(b, i, body.pos, body.vel);
    for (size_t k = 0; k < w->l->n_held; k++) {
        const orr_held *moon = &w->l->held[k];
        if (w->core[moon->id] && moon->around.n == 1 && moon->around.ids[0] == id)
            move_along(w, b, moon->id, by);
    }
}

static orr_status set_down(orr_sweep *w, orr_bodies *b, orr_held *held, bool *done)
{
    orr_state state;
    *done = orr_held_among(held, b, &state);
    if (!*done)
        return ORR_OK;
    find_reference(held, w->l->s->bodies.gm[w->index[held->id]], b);
    size_t i = w->core[held->id] ? orr_bodies_find(b, held->id) : b->n;
    if (i < b->n) {
        move_along(w, b, held->id, shift_to(w, b, i, &state));
        return ORR_OK;
    }
    orr_body body = orr_bodies_get(&w->l->s->bodies, w->index[held->id]);
    memcpy(body.pos, state.pos, sizeof body.pos);
    memcpy(body.vel, state.vel, sizeof body.vel);
    orr_status status = orr_bodies_add(b, body, NULL);
    return status == ORR_OK ? status : fail(w, status, orr_status_text(status));
}

/* Those first whose primaries are there; then those that wait for them. */
static orr_status set_all_down(orr_sweep *w, orr_bodies *b, orr_held **held, size_t n)
{
    for (size_t left = n, still = 0; left > 0; left = still) {
        still = 0;
        for (size_t k = 0; k < left; k++) {
            bool done;
            ORR_TRY(set_down(w, b, held[k], &done));
            if (done)
                continue;
            orr_held *waits = held[k];
            held[k] = held[still];
            held[still++] = waits;
        }
        if (still == left)
            return ORR_OK; /* their turn comes when their primaries are known */
    }
    return ORR_OK;
}

static orr_status copy_bodies(const orr_sweep *from, orr_bodies *b)
{
    return from->sim ? orr_bodies_copy(b, orr_sweep_bodies(from)) : orr_bodies_init(b, 8);
}

orr_status orr_sweep_add(orr_sweep *w, const orr_sweep *from, const orr_bodies *more)
{
    orr_bodies b = {0};
    orr_status status = copy_bodies(from, &b);
    if (status == ORR_OK)
        status = orr_bodies_reserve(&b, more->n);
    for (size_t i = 0; i < more->n && status == ORR_OK; i++)
        status = orr_bodies_add(&b, orr_bodies_get(more, i), NULL);
    if (status == ORR_OK)
        status = orr_sweep_begin(w, &b);
    orr_bodies_free(&b);
    return status;
}

orr_status orr_sweep_join(orr_sweep *w, const orr_sweep *from, orr_held **held, size_t n)
{
    orr_bodies b = {0};
    orr_status status = copy_bodies(from, &b);
    if (status == ORR_OK)
        status = orr_bodies_reserve(&b, n);
    if (status == ORR_OK)
        status = set_all_down(w, &b, held, n);
    if (status == ORR_OK)
        status = orr_sweep_begin(w, &b);
    orr_bodies_free(&b);
    return status;
}

void orr_sweep_end(orr_sweep *w)
{
    orr_sim_destroy(w->sim);
    free(w->before);
    *w = (orr_sweep){0};
}
