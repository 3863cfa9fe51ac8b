/* corrections.c - states at the start of bodies with mass that hold at other dates, where masses
 * are alike: what is sought is the state relative to the primary.  Bodies go there, miss what they
 * were given for by some amount, and that is taken back to the start on the two-body orbits of what
 * is and of what should be. */
#include <math.h>

#include "passage.h"

bool orr_has_converged(int pass, double now, double before)
{
    /* the rounding of the way is reached where it no longer improves */
    const double close_enough = 1e-10, closest = 2e-16;
    return now <= closest || (pass > 1 && now <= close_enough && now > 0.5 * before);
}

static orr_state on_orbit(const orr_held *held, const orr_state *at, double time)
{
    orr_held orbit = *held;
    orbit.state = *at;
    if (held->around.n > 0)
        return orr_held_later(&orbit, time);
    for (int c = 0; c < 3; c++) /* relative to no body: it moves straight on */
        orbit.state.pos[c] += time * at->vel[c];
    return orbit.state;
}

/* The core at the start, from p->last. */
static void place_core(orr_passage *p)
{
    const loader *l = p->l;
    for (size_t k = 0; k < l->n_held; k++)
        p->known[l->held[k].id] = false;
    for (bool more = true; more;) {
        more = false;
        for (size_t k = 0; k < l->n_held; k++) {
            orr_held held = l->held[k];
            bool ready = p->core[held.id] && !p->known[held.id];
            for (size_t m = 0; m < held.around.n && ready; m++)
                ready = p->known[held.around.ids[m]];
            orr_state at;
            held.state = p->last[k];
            if (!ready || !orr_held_among(&held, p->bodies, &at))
                continue;
            p->known[held.id] = more = true;
            orr_bodies_move(p->bodies, p->index[held.id], at.pos, at.vel);
        }
    }
}

/* What `held` missed, taken back to the start. */
static void take_back(orr_passage *p, const orr_held *held, const orr_bodies *b)
{
    orr_state there, is = held->state, *last = &p->last[held - p->l->held];
    size_t i = orr_bodies_find(b, held->id);
    if (i == b->n || !orr_held_among(held, b, &there))
        return;
    orr_body now = orr_bodies_get(b, i);
    double off[2] = {0}, size[2] = {0}, age = p->l->s->t_start - held->t;
    for (int c = 0; c < 3; c++) {
        double dx = now.pos[c] - there.pos[c], dv = now.vel[c] - there.vel[c];
        is.pos[c] += dx;
        is.vel[c] += dv;
        off[0] += dx * dx;
        off[1] += dv * dv;
        size[0] += there.pos[c] * there.pos[c];
        size[1] += there.vel[c] * there.vel[c];
    }
    for (int m = 0; m < 2; m++)
        p->missed = fmax(p->missed, off[m] > 0 ? sqrt(off[m] / fmax(size[m], off[m])) : 0);
    orr_state from = on_orbit(held, &is, age), to = on_orbit(held, &held->state, age);
    for (int c = 0; c < 3; c++) {
        last->pos[c] += to.pos[c] - from.pos[c];
        last->vel[c] += to.vel[c] - from.vel[c];
    }
}

static orr_status there(orr_passage *p, bool after)
{
    size_t n = orr_choose(p, after, true);
    if (n == 0)
        return ORR_OK;
    orr_sweep w;
    orr_status status = orr_set_out(p, &w);
    for (size_t k = n; k-- > 0 && status == ORR_OK;) {
        status = orr_sweep_to(&w, p->part[k]->t);
        if (status == ORR_OK && !p->watches)
            take_back(p, p->part[k], orr_sweep_bodies(&w));
    }
    orr_sweep_end(&w);
    return status;
}

orr_status orr_by_corrections(orr_passage *p, double *error)
{
    const loader *l = p->l;
    double before = INFINITY;
    for (size_t k = 0; k < l->n_held; k++)
        p->last[k] = p->guess[k];
    for (int pass = 0; pass < ORR_MOST_PASSES; pass++) {
        p->missed = 0;
        place_core(p);
        ORR_TRY(there(p, false));
        ORR_TRY(there(p, true));
        *error = p->missed;
        if (orr_has_converged(pass, *error, before)) {
            p->watches = true;
            ORR_TRY(there(p, false));
            return there(p, true);
        }
        before = *error;
    }
    return ORR_OK;
}
