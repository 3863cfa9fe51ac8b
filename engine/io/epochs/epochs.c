/* epochs.c - bodies whose elements or states hold at another date than the start.
 *
 *      start                                       the farthest date
 *        |---- core: all that hold at the start, then ---->|
 *        |<-- all back, each set down at its date ---------|
 *
 * relative to its primary as that is then; once before the start and once after it, however many
 * dates there are.  States that are given for the start stay as they are, to the bit.
 *
 * Core are bodies with mass, and those that others are relative to.  Where one of them comes from
 * another date the others feel it on their way there, so its state at the start is found by
 * repetition: with the state from the last time it goes along, is put where its elements say, its
 * moons with it, and comes back.  Each time the error shrinks by about the ratio of the masses. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "passage.h"

/* ---- where two-body motion is exact ---- */

static bool is_newtonian(const orr_scenario *s)
{
    const orr_force_choice *f = &s->forces[0];
    for (size_t k = 0; k < s->n_integrator_options; k++)
        if (strcmp(s->integrator_options[k].name, "relativity") == 0 &&
            strcmp(s->integrator_options[k].text, "none") != 0)
            return false;
    if (s->n_forces > 1 || !f->type->is_newtonian)
        return false;
    void *state = calloc(1, f->type->state_size + 1);
    bool yes = state != NULL;
    if (yes)
        orr_fields_defaults(f->type->fields, state);
    for (size_t k = 0; k < f->n_options && yes; k++)
        yes = orr_fields_set(f->type->fields, state, &f->options[k]) == ORR_OK;
    yes = yes && f->type->is_newtonian(state);
    free(state);
    return yes;
}

/* Nothing but the primary pulls. */
static bool is_exact(const orr_passage *p, const orr_held *held)
{
    const orr_bodies *b = p->bodies;
    size_t massive = b->n_active + b->n_passive;
    if (held->around.n != 1 || !p->known[held->around.ids[0]])
        return false;
    double own = b->gm[p->index[held->id]], star = b->gm[p->index[held->around.ids[0]]];
    return star > 0 && massive == 1 + (own > 0);
}

static bool all_exact(const orr_passage *p)
{
    const loader *l = p->l;
    bool yes = is_newtonian(l->s);
    for (size_t k = 0; k < l->n_held && yes; k++)
        yes = is_exact(p, &l->held[k]);
    return yes;
}

static void carry(orr_passage *p, const orr_held *held)
{
    orr_state at =
        held->has_carried ? held->carried : orr_held_later(held, p->l->s->t_start - held->t);
    for (int c = 0; c < 3; c++) {
        at.pos[c] = held->around.state.pos[c] + at.pos[c];
        at.vel[c] = held->around.state.vel[c] + at.vel[c];
    }
    orr_bodies_move(p->bodies, p->index[held->id], at.pos, at.vel);
}

/* ---- one way there and back ---- */

static int by_time(const void *a, const void *b)
{
    const orr_held *p = *(orr_held *const *)a, *q = *(orr_held *const *)b;
    if (p->t != q->t)
        return p->t > q->t ? 1 : -1;
    return (p->id > q->id) - (p->id < q->id);
}

/* Those on one side of the start, the farthest first. */
size_t orr_choose(orr_passage *p, bool after, bool core)
{
    const loader *l = p->l;
    size_t n = 0;
    for (size_t k = 0; k < l->n_held; k++) {
        orr_held *held = p->order[after ? l->n_held - 1 - k : k];
        if (p->core[held->id] == core &&
            (after ? held->t > l->s->t_start : held->t < l->s->t_start))
            p->part[n++] = held;
    }
    return n;
}

/* The core as it is known at the start. */
static orr_status take_core(const orr_passage *p, orr_bodies *out)
{
    const orr_bodies *b = p->bodies;
    ORR_TRY(orr_bodies_init(out, 8));
    for (size_t i = 0; i < b->n; i++)
        if (p->core[b->id[i]] && p->known[b->id[i]])
            ORR_TRY(orr_bodies_add(out, orr_bodies_get(b, i), NULL));
    return ORR_OK;
}

orr_status orr_set_out(const orr_passage *p, orr_sweep *w)
{
    *w = (orr_sweep){.l = p->l,
                     .index = p->index,
                     .core = p->core,
                     .reason = p->part[0],
                     .watches = p->watches,
                     .t = p->l->s->t_start,
                     .t0 = p->l->s->t_start,
                     .far = p->part[0]->t};
    orr_bodies along = {0};
    orr_status status = take_core(p, &along);
    if (status == ORR_OK)
        status = orr_sweep_begin(w, &along);
    orr_bodies_free(&along);
    return status;
}

/* What came back. */
static void arrive(orr_passage *p, const orr_bodies *b)
{
    for (size_t i = 0; b && i < b->n; i++) {
        orr_body body = orr_bodies_get(b, i);
        if (!p->comes[body.id])
            continue;
        orr_bodies_move(p->bodies, p->index[body.id], body.pos, body.vel);
        p->known[body.id] = true;
    }
}

/* Those from k on that hold at the same date. */
static size_t same_date(const orr_passage *p, size_t k, size_t n)
{
    size_t end = k + 1;
    while (end < n && p->part[end]->t == p->part[k]->t)
        end++;
    return end;
}

static orr_status back(orr_passage *p, orr_sweep *w, size_t n)
{
    for (size_t k = 0, end; k < n; k = end) {
        end = same_date(p, k, n);
        ORR_TRY(orr_sweep_to(w, p->part[k]->t));
        ORR_TRY(orr_sweep_join(w, w, p->part + k, end - k));
    }
    ORR_TRY(orr_sweep_to(w, p->l->s->t_start));
    arrive(p, orr_sweep_bodies(w));
    return ORR_OK;
}

/* ---- many dates ----
 *
 * Each new body begins the method anew for all, which costs more than the way.  So the core goes
 * ahead alone; those of a dozen steps go from there to the last of these dates with the core only,
 * and join the crowd together. */

enum { CROWDED = 64, STEPS_APART = 20 };

/* From its date to that of the meeting; *met gets the bodies that came. */
static orr_status go_to_meeting(orr_passage *p, const orr_sweep *core, size_t k, size_t n,
                                double meeting, orr_bodies *met)
{
    orr_sweep w = *core;
    w.sim = NULL;
    w.before = NULL;
    w.reason = p->part[k];
    orr_status status = orr_sweep_join(&w, core, p->part + k, n);
    if (status == ORR_OK)
        status = orr_sweep_to(&w, meeting);
    const orr_bodies *b = orr_sweep_bodies(&w);
    for (size_t i = 0; b && i < b->n && status == ORR_OK; i++)
        if (p->comes[b->id[i]])
            status = orr_bodies_add(met, orr_bodies_get(b, i), NULL);
    orr_sweep_end(&w);
    return status;
}

static orr_status back_by_meetings(orr_passage *p, orr_sweep *core, orr_sweep *crowd,
                                   orr_bodies *met, size_t n)
{
    for (size_t k = 0, last = 0; k < n; k = last) {
        do
            last = same_date(p, last, n);
        while (last < n && fabs(p->part[last]->t - p->part[k]->t) <= STEPS_APART * core->h);
        double meeting = p->part[last - 1]->t;
        for (size_t end; k < last; k = end) {
            end = same_date(p, k, last);
            ORR_TRY(orr_sweep_to(core, p->part[k]->t));
            ORR_TRY(go_to_meeting(p, core, k, end - k, meeting, met));
        }
        ORR_TRY(orr_sweep_to(crowd, meeting));
        ORR_TRY(orr_sweep_add(crowd, crowd->sim ? crowd : core, met));
        while (met->n > 0)
            ORR_TRY(orr_bodies_remove(met, met->n - 1));
    }
    ORR_TRY(orr_sweep_to(crowd, p->l->s->t_start));
    arrive(p, orr_sweep_bodies(crowd));
    return ORR_OK;
}

static size_t count_dates(const orr_passage *p, size_t n)
{
    size_t dates = 0;
    for (size_t k = 0; k < n; k = same_date(p, k, n))
        dates++;
    return dates;
}

static orr_status all_back(orr_passage *p, orr_sweep *w, size_t n, bool core)
{
    w->returns = true;
    w->steps = 0;
    if (core || count_dates(p, n) < CROWDED)
        return back(p, w, n);
    orr_sweep crowd = *w;
    crowd.sim = NULL;
    crowd.before = NULL;
    orr_bodies met = {0};
    orr_status status = orr_bodies_init(&met, 8);
    if (status == ORR_OK)
        status = back_by_meetings(p, w, &crowd, &met, n);
    orr_sweep_end(&crowd);
    orr_bodies_free(&met);
    return status;
}

static orr_status there_and_back(orr_passage *p, bool after, bool core)
{
    size_t n = orr_choose(p, after, core);
    if (n == 0)
        return ORR_OK;
    for (size_t k = 0; k < n; k++)
        p->comes[p->part[k]->id] = true;
    orr_sweep w;
    orr_status status = orr_set_out(p, &w);
    if (status == ORR_OK)
        status = orr_sweep_to(&w, w.far);
    if (status == ORR_OK)
        status = all_back(p, &w, n, core);
    p->missed = fmax(p->missed, w.missed);
    orr_sweep_end(&w);
    for (size_t k = 0; k < n; k++)
        p->comes[p->part[k]->id] = false;
    return status;
}

/* Bodies that hold at the start, relative to others that did not. */
static void place_followers(orr_passage *p, bool core)
{
    loader *l = p->l;
    for (bool more = true; more;) {
        more = false;
        for (size_t k = 0; k < l->n_held; k++) {
            orr_held *held = &l->held[k];
            orr_state state;
            bool there = held->t == l->s->t_start && p->core[held->id] == core &&
                         (!p->known[held->id] || core);
            for (size_t m = 0; m < held->around.n && there; m++)
                there = p->known[held->around.ids[m]];
            if (!there || !orr_held_among(held, p->bodies, &state))
                continue;
            more = more || !p->known[held->id];
            p->known[held->id] = true;
            orr_bodies_move(p->bodies, p->index[held->id], state.pos, state.vel);
        }
    }
}

/* ---- bodies with mass ---- */

/* How much the states at the start changed in a pass, relative. */
static double change(orr_passage *p)
{
    const loader *l = p->l;
    double worst = 0;
    for (size_t k = 0; k < l->n_held; k++) {
        if (!p->core[l->held[k].id])
            continue;
        orr_body b = orr_bodies_get(p->bodies, p->index[l->held[k].id]);
        const orr_held *held = &l->held[k];
        double d[2] = {0}, size[2] = {0}, own[2] = {0};
        for (int c = 0; c < 3; c++) {
            d[0] += pow(b.pos[c] - p->last[k].pos[c], 2);
            d[1] += pow(b.vel[c] - p->last[k].vel[c], 2);
            size[0] += b.pos[c] * b.pos[c];
            size[1] += b.vel[c] * b.vel[c];
            own[0] += held->state.pos[c] * held->state.pos[c];
            own[1] += held->state.vel[c] * held->state.vel[c];
        }
        for (int m = 0; m < 2; m++)
            worst = fmax(worst, d[m] > 0 ? sqrt(d[m] / fmax(size[m], own[m])) : 0);
        memcpy(p->last[k].pos, b.pos, sizeof b.pos);
        memcpy(p->last[k].vel, b.vel, sizeof b.vel);
    }
    return worst;
}

static const orr_held *lost(const orr_passage *p, bool core)
{
    for (size_t k = 0; k < p->l->n_held; k++)
        if (!p->known[p->l->held[k].id] && (!core || p->core[p->l->held[k].id]))
            return &p->l->held[k];
    return NULL;
}

static orr_status not_there(const orr_passage *p, const orr_held *held)
{
    const orr_names *names = &p->l->s->names;
    char date[100];
    orr_scenario_date(p->l->s, held->t, date, sizeof date);
    return orr_yaml_fail(&p->l->doc, held->node, ORR_E_FORMAT,
                         "'%s' cannot be set down at %s: what it is relative to is not known then",
                         orr_names_get(names, held->id), date);
}

static orr_status one_pass(orr_passage *p)
{
    p->missed = 0;
    ORR_TRY(there_and_back(p, false, true));
    ORR_TRY(there_and_back(p, true, true));
    place_followers(p, true);
    return ORR_OK;
}

/* The relative states at the start, such as they are. */
static void keep_guess(orr_passage *p)
{
    const loader *l = p->l;
    p->has_guess = true;
    for (size_t k = 0; k < l->n_held; k++) {
        orr_held held = l->held[k];
        orr_body b = orr_bodies_get(p->bodies, p->index[held.id]);
        orr_state origin;
        held.state = (orr_state){{0}, {0}};
        if (!p->core[held.id] || !orr_held_among(&held, p->bodies, &origin))
            continue;
        for (int c = 0; c < 3; c++) {
            p->guess[k].pos[c] = b.pos[c] - origin.pos[c];
            p->guess[k].vel[c] = b.vel[c] - origin.vel[c];
        }
    }
}

/* *done: the states agree.  Otherwise they do not, and the other way is worth a try. */
static orr_status by_ways_back(orr_passage *p, bool *done)
{
    double before = INFINITY;
    *done = false;
    for (int pass = 0; pass < ORR_MOST_PASSES; pass++) {
        ORR_TRY(one_pass(p));
        double now = fmax(change(p), p->missed);
        if (!(now < INFINITY))
            break;
        if (!p->has_guess && !lost(p, true))
            keep_guess(p);
        if (!lost(p, true) && orr_has_converged(pass, now, before)) {
            p->l->s->brought_error = now;
            p->watches = *done = true; /* only now do bodies that touch mean something */
            return one_pass(p);
        }
        before = now;
    }
    return ORR_OK;
}

static orr_status bring_core(orr_passage *p)
{
    bool done;
    double error = INFINITY;
    orr_status status = by_ways_back(p, &done);
    if (done || status == ORR_E_NO_MEMORY)
        return status;
    const orr_held *held = lost(p, true);
    if (held && !p->has_guess)
        return not_there(p, held);
    held = NULL;
    *p->l->doc.why = (orr_diagnosis){0};
    ORR_TRY(orr_by_corrections(p, &error));
    p->l->s->brought_error = error;
    if (p->watches)
        return ORR_OK;
    for (size_t k = 0; k < p->l->n_held && !held; k++)
        held = p->core[p->l->held[k].id] ? &p->l->held[k] : NULL;
    return orr_yaml_fail(&p->l->doc, held->node, ORR_E_FORMAT,
                         "no state at the start was found that leads to these elements at their "
                         "own date: after %d tries they are missed by %.2g; give masses and states "
                         "for one date",
                         ORR_MOST_PASSES, error);
}

/* ---- the whole ---- */

static orr_status make(loader *l, orr_passage *p)
{
    orr_arena *memory = l->doc.memory;
    size_t n = l->s->bodies.n, m = l->n_held;
    *p = (orr_passage){.l = l, .bodies = &l->s->bodies};
    p->index = orr_arena_alloc(memory, n * sizeof *p->index);
    p->known = orr_arena_alloc(memory, n * sizeof *p->known);
    p->core = orr_arena_alloc(memory, n * sizeof *p->core);
    p->comes = orr_arena_alloc(memory, n * sizeof *p->comes);
    p->order = orr_arena_alloc(memory, m * sizeof *p->order);
    p->part = orr_arena_alloc(memory, m * sizeof *p->part);
    p->last = orr_arena_alloc(memory, m * sizeof *p->last);
    p->guess = orr_arena_alloc(memory, m * sizeof *p->guess);
    if (!p->index || !p->known || !p->core || !p->comes || !p->order || !p->part || !p->last ||
        !p->guess)
        return ORR_E_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        size_t id = p->bodies->id[i];
        p->index[id] = i;
        p->known[id] = true;
        p->core[id] = p->bodies->gm[i] > 0;
    }
    for (size_t k = 0; k < m; k++) {
        orr_held *held = p->order[k] = &l->held[k];
        p->known[held->id] = false;
        for (size_t j = 0; j < held->around.n; j++)
            p->core[held->around.ids[j]] = true;
    }
    qsort(p->order, m, sizeof(orr_held *), by_time);
    return ORR_OK;
}

/* How far from where a two-body orbit would have put it. */
static double apart(const orr_passage *p, const orr_held *held)
{
    orr_body b = orr_bodies_get(p->bodies, p->index[held->id]);
    double age = p->l->s->t_start - held->t, sum = 0;
    orr_held orbit = *held;
    orr_state at;
    if (held->has_reference) {
        orbit.around.ids = &held->reference;
        orbit.around.n = 1;
        orbit.state = held->carried;
        orbit.state = orr_held_later(&orbit, age);
    } else if (held->around.n == 0) {
        return NAN;
    } else {
        orbit.state = held->has_carried ? held->carried : orr_held_later(held, age);
    }
    if (!orr_held_among(&orbit, p->bodies, &at))
        return NAN;
    for (int c = 0; c < 3; c++)
        sum += (b.pos[c] - at.pos[c]) * (b.pos[c] - at.pos[c]);
    return sqrt(sum);
}

/* T and no epoch: what that is taken to mean. */
static orr_status tell(const orr_passage *p)
{
    loader *l = p->l;
    const orr_held *first = NULL;
    size_t n = 0;
    for (size_t k = 0; k < l->n_held; k++)
        if (l->held[k].by_pericentre) {
            first = first ? first : &l->held[k];
            n++;
        }
    if (n == 0)
        return ORR_OK;
    char date[100], who[60] = "";
    orr_scenario_date(l->s, first->t, date, sizeof date);
    if (n > 1)
        snprintf(who, sizeof who, " (and those of %zu more at theirs)", n - 1);
    return orr_note(
        l,
        "'%s' has its T as a date and no 'epoch:', so its elements are taken to hold at "
        "T, %s%s; if they hold at another date, write that as 'epoch:'",
        orr_names_get(&l->s->names, first->id), date, who);
}

static orr_status report(const orr_passage *p)
{
    orr_scenario *s = p->l->s;
    s->brought = orr_arena_alloc(p->l->doc.memory, p->l->n_held * sizeof *s->brought);
    if (!s->brought)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < p->l->n_held; k++) {
        const orr_held *held = &p->l->held[k];
        if (held->t == p->l->s->t_start)
            continue;
        s->brought[s->n_brought++] = (orr_brought){.id = held->id,
                                                   .t = held->t,
                                                   .apart = apart(p, held),
                                                   .by_pericentre = held->by_pericentre};
    }
    return ORR_OK;
}

orr_status orr_bring_held(loader *l)
{
    orr_passage p;
    if (l->n_held == 0)
        return ORR_OK;
    ORR_TRY(make(l, &p));
    if (all_exact(&p)) {
        for (size_t k = 0; k < l->n_held; k++)
            carry(&p, &l->held[k]);
        return ORR_OK;
    }
    ORR_TRY(bring_core(&p));
    ORR_TRY(there_and_back(&p, false, false));
    ORR_TRY(there_and_back(&p, true, false));
    place_followers(&p, false);
    if (lost(&p, false))
        return not_there(&p, lost(&p, false));
    ORR_TRY(report(&p));
    return tell(&p);
}
