/* saved.c - a run as a checkpoint, and back. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run_internal.h"

uint64_t orr_run_steps(const orr_run *r)
{
    uint64_t steps = 0;
    for (size_t k = 0; k < r->n; k++)
        steps += r->sims[k] ? orr_sim_count(r->sims[k]).steps : 0;
    return steps;
}

/* ---- out ---- */

/* "member 3: " in an ensemble. */
static const char *who(const orr_run *r, size_t k, char text[40])
{
    *text = 0;
    if (r->ensemble)
        snprintf(text, 40, "member %zu: ", k);
    return text;
}

static bool save_member(orr_run *r, size_t k, saved_run *to)
{
    char text[40];
    const run_member *m = &r->members[k];
    *to = (saved_run){.m = m->m, .events = m->events, .status = m->status};
    if (m->status != ORR_OK || orr_sim_save(r->sims[k], &to->image, &to->image_size) == ORR_OK)
        return true;
    orr_warn(&r->listener, "no checkpoint: %s%s", who(r, k, text), orr_sim_message(r->sims[k]));
    return false;
}

/* The shadow beside the run, where there is one. */
static bool save_shadow(orr_run *r, saved_run *to)
{
    const shadow *w = &r->shadow;
    if (!w->sim)
        return true;
    *to = (saved_run){.apart = w->apart, .lost_at = w->lost_at};
    if (orr_sim_save(w->sim, &to->image, &to->image_size) == ORR_OK)
        return true;
    orr_warn(&r->listener, "no checkpoint: the shadow: %s", orr_sim_message(w->sim));
    return false;
}

/* The state of all, in c->runs. */
static bool save_all(orr_run *r, checkpoint *c)
{
    c->n_runs = r->n + (r->shadow.sim ? 1 : 0);
    c->runs = calloc(c->n_runs, sizeof *c->runs);
    if (!c->runs)
        orr_warn(&r->listener, "no checkpoint: out of memory");
    bool good = c->runs;
    c->t = INFINITY; /* of the slowest */
    for (size_t k = 0; k < r->n && good; k++) {
        good = save_member(r, k, &c->runs[k]);
        if (r->members[k].status == ORR_OK && !(fabs(orr_sim_snapshot(r->sims[k]).t) > fabs(c->t)))
            c->t = orr_sim_snapshot(r->sims[k]).t;
    }
    return good && save_shadow(r, c->runs + r->n);
}

orr_status orr_run_save(orr_run *r, bool wait)
{
    checkpoint c = r->origin;
    atomic_store(&r->checkpoint_wanted, false);
    if (!r->checkpoints.on)
        return ORR_OK;
    if (!r->ensemble)
        ORR_TRY(orr_run_write_events(r));
    orr_status status = orr_writer_flush(r->writer);
    if (status != ORR_OK)
        return orr_run_lost_file(r, status);
    if (!save_all(r, &c)) {
        orr_checkpoint_free_runs(c.runs, c.n_runs);
        orr_checkpoints_start(&r->checkpoints, orr_run_steps(r)); /* tried again when it is due */
        return ORR_OK;
    }
    c.unwritten = r->unwritten;
    c.output = (char *)(uintptr_t)orr_writer_path(r->writer);
    c.place = orr_writer_tell(r->writer);
    c.frames = r->frames, c.checks = r->checks, c.marks = r->checkpoints.marks;
    c.n_expect = r->n * r->n_expect;
    c.attended = (unsigned char *)r->measured, c.met = (unsigned char *)r->met; /* of one byte */
    c.texts = r->texts[0];
    orr_checkpoints_keep(&r->checkpoints, &c, orr_run_steps(r), wait);
    return ORR_OK;
}

/* ---- back ---- */

/* Ensembles of before had no expectations in their checkpoints: all were about the end. */
static bool is_of_this_scenario(const orr_run *r, const checkpoint *c)
{
    size_t n_expect = r->n * r->n_expect;
    return c->n_runs == r->n + (*c->shadow ? 1 : 0) &&
           (c->n_expect == n_expect || (r->ensemble && c->n_expect == 0));
}

orr_status orr_run_recall(orr_run *r, const checkpoint *c, bool to_another_end, orr_diagnosis *why)
{
    r->frames = c->frames, r->checks = c->checks;
    if (c->marks.every > 0)
        r->checkpoints.marks = c->marks;
    if (c->n_runs == 0)
        return ORR_OK; /* it was killed before its first checkpoint */
    if (r->ensemble && c->n_runs != r->n)
        return orr_refuse(ORR_E_FILE, why, "the checkpoint has %zu members, the scenario %zu",
                          c->n_runs, r->n);
    if (!is_of_this_scenario(r, c))
        return orr_refuse(ORR_E_FILE, why, "the checkpoint is not of this scenario");
    for (size_t k = 0; k < r->n; k++) {
        run_member *m = &r->members[k];
        const orr_bodies *initial = m->m.watch.initial;
        m->m = c->runs[k].m;
        m->m.watch.initial = initial;
        m->events = (size_t)c->runs[k].events;
        m->status = r->status[k] = r->ensemble ? (orr_status)c->runs[k].status : ORR_OK;
        r->events += m->events;
        r->failed += m->status != ORR_OK;
    }
    r->unwritten = (size_t)c->unwritten;
    for (size_t j = 0; j < c->n_expect; j++) {
        const orr_expectation *e = &r->members[j / r->n_expect].s->expect[j % r->n_expect];
        r->measured[j] = c->attended[j] != 0 && !(to_another_end && isnan(e->at)); /* at the end */
        r->met[j] = c->met[j] != 0;
        memcpy(r->texts[j], c->texts + 512 * j, 512);
        r->texts[j][511] = 0;
    }
    return ORR_OK;
}

static orr_status restore_one(orr_sim *sim, const saved_run *from, const char *name,
                              orr_diagnosis *why)
{
    orr_status status = orr_sim_restore(sim, from->image, from->image_size);
    if (status == ORR_OK)
        return ORR_OK;
    return orr_refuse(status == ORR_E_NO_MEMORY ? status : ORR_E_FILE, why, "%s%.500s", name,
                      orr_sim_message(sim));
}

orr_status orr_run_restore(orr_run *r, const checkpoint *c, orr_diagnosis *why)
{
    char text[40];
    if (c->n_runs == 0)
        return orr_run_populate(r, why);
    for (size_t k = 0; k < r->n; k++) {
        run_member *m = &r->members[k];
        if (m->status != ORR_OK)
            continue;
        orr_status status =
            orr_sim_from_scenario(m->s, r->ensemble ? 1 : r->def.threads, &r->sims[k], why);
        if (status != ORR_OK)
            return orr_run_unfit(status);
        ORR_TRY(restore_one(r->sims[k], &c->runs[k], who(r, k, text), why));
        double t = orr_sim_snapshot(r->sims[k]).t;
        if (r->direction * (t - r->s.t_start) > r->frames.span)
            return orr_refuse(ORR_E_FILE, why, "the run is at t = %.10g already", t);
    }
    if (!r->shadow.sim)
        return ORR_OK;
    r->shadow.apart = c->runs[r->n].apart, r->shadow.lost_at = c->runs[r->n].lost_at;
    return restore_one(r->shadow.sim, &c->runs[r->n], "the shadow: ", why);
}
