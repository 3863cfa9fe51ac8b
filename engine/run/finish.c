/* finish.c - the end of a run: its last checkpoint, its file closed, its report. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "run_internal.h"

static orr_run_end end_of(orr_status status)
{
    return status == ORR_OK            ? ORR_RUN_FINISHED
           : status == ORR_E_STOPPED   ? ORR_RUN_STOPPED
           : status == ORR_E_COLLISION ? ORR_RUN_COLLISION
           : status == ORR_E_FILE      ? ORR_RUN_FILES
                                       : ORR_RUN_NUMERICAL;
}

/* What the file says of itself. */
static const char *state_of(orr_run_end end)
{
    return end == ORR_RUN_FINISHED                              ? "finished"
           : end == ORR_RUN_STOPPED || end == ORR_RUN_COLLISION ? "stopped"
                                                                : "failed";
}

/* The checkpoint of a run that has ended, from which it can be made longer; what is shown stays
 * shown, for the report. */
static void keep_last(orr_run *r)
{
    if (orr_run_save(r, true) != ORR_OK) {
        orr_warn(&r->listener, "no checkpoint: %s", r->why.text);
        r->why = (orr_diagnosis){0};
    }
    for (size_t k = 0; k < r->n; k++) {
        if (r->members[k].status != ORR_OK)
            continue;
        orr_status status = ORR_E_STOPPED; /* a request that came too late: it is asked again */
        for (int i = 0; i < 2 && status == ORR_E_STOPPED; i++)
            status = orr_sim_run_until(r->sims[k], r->s.t_end);
        if (status != ORR_OK)
            orr_warn(&r->listener, "%s", orr_sim_message(r->sims[k]));
    }
}

orr_status orr_run_finish(orr_run *r, orr_status status)
{
    orr_diagnosis why;
    if (status == ORR_OK && r->checkpoints.to_the_end && r->checkpoints.on)
        keep_last(r);
    orr_checkpoints_wait(&r->checkpoints);
    bool kept = !r->checkpoints.to_the_end && orr_checkpoints_has_one(&r->checkpoints);
    orr_status synced = status == ORR_OK && kept ? orr_writer_sync(r->writer) : ORR_OK;
    if (synced != ORR_OK) /* the checkpoint goes only when all else is on the disk */
        status = orr_run_lost_file(r, synced);
    snprintf(r->path, sizeof r->path, "%s", orr_writer_path(r->writer));
    orr_status closed =
        orr_writer_close(r->writer, state_of(end_of(status)), orr_clock() - r->started, &why);
    r->writer = NULL;
    if (closed != ORR_OK &&
        (status == ORR_OK || status == ORR_E_STOPPED || status == ORR_E_COLLISION)) {
        status = closed == ORR_E_NO_MEMORY ? closed : ORR_E_FILE;
        r->why = why;
    }
    if (status == ORR_OK && kept)
        orr_checkpoints_remove(&r->checkpoints);
    if (status == ORR_OK && r->failed == r->n)
        status = orr_refuse(ORR_E_NO_CONVERGENCE, &r->why, "every member failed");
    r->over = orr_clock();
    r->report.end = end_of(status);
    orr_run_fill_report(r);
    return status;
}

/* ---- the report ---- */

static void add_member(const orr_run *r, size_t k, orr_run_report *out)
{
    const run_member *m = &r->members[k];
    if (!r->sims[k])
        return;
    orr_sim_counters c = orr_sim_count(r->sims[k]);
    if (k == 0)
        out->count = c;
    else
        out->count.steps += c.steps, out->count.evaluations += c.evaluations,
            out->count.rejected += c.rejected;
    if (m->status != ORR_OK)
        return;
    const orr_watch *w = &m->m.watch;
    bool none = isnan(w->energy_error_max); /* in a shearing sheet */
    out->energy_error_final = none ? NAN : fmax(out->energy_error_final, w->energy_error_final);
    out->energy_error_max = none ? NAN : fmax(out->energy_error_max, w->energy_error_max);
    out->energy_lost += m->energy_off > ORR_RUN_MUCH_ENERGY && orr_is_conservative(m->s);
    uint64_t hash = orr_bodies_hash(orr_sim_snapshot(r->sims[k]).bodies);
    out->state_hash = r->ensemble ? out->state_hash * 31 + hash : hash;
}

static void count_expectations(const orr_run *r, orr_run_report *out)
{
    for (size_t j = 0; j < r->n * r->n_expect; j++) {
        bool failed = r->members[j / r->n_expect].status != ORR_OK;
        out->expected += failed ? 0 : 1;
        out->missed += !failed && !r->met[j];
    }
}

void orr_run_fill_report(orr_run *r)
{
    const orr_sim *first = r->sims[0];
    orr_run_report *out = &r->report;
    const orr_bodies *b = r->ensemble ? &r->s.bodies : orr_sim_snapshot(first).bodies;
    *out = (orr_run_report){.end = out->end,
                            .reason = r->why.text,
                            .output = orr_run_output(r),
                            .first = r->first,
                            .checkpoint = r->checkpoints.on ? r->checkpoints.path : "",
                            .checkpoint_beside = !r->checkpoints.elsewhere,
                            .has_checkpoint = orr_checkpoints_has_one(&r->checkpoints),
                            .members = r->ensemble ? r->n : 0,
                            .failed = r->failed,
                            .bodies = b->n,
                            .active = b->n_active,
                            .passive = b->n_passive,
                            .steps_before = r->steps_before,
                            .wall_seconds = (r->over > 0 ? r->over : orr_clock()) - r->started,
                            .frames = r->frames.k,
                            .events = r->events,
                            .unwritten = r->unwritten,
                            .energy_tells = r->energy_tells,
                            .has_shadow = r->shadow.sim != NULL,
                            .shadow = r->origin.shadow,
                            .shadow_distance = r->shadow.apart,
                            .shadow_size = r->shadow.size,
                            .positions_lost_at = r->shadow.lost_at};
    double frame = orr_run_last_frame(r), reached = fmax(frame, 0);
    out->t = r->s.t_start + r->direction * reached;
    if (!r->ensemble) { /* what is shown may lie before the last frame */
        out->t = orr_sim_snapshot(first).t;
        reached = fmax(r->direction * (out->t - r->s.t_start), frame);
    }
    out->reached = r->direction * reached + 0.0;
    for (size_t k = 0; k < r->n; k++)
        add_member(r, k, out);
    count_expectations(r, out);
}

/* ---- what can be asked ---- */

const orr_run_report *orr_run_result(const orr_run *r)
{
    return &r->report;
}

const orr_diagnosis *orr_run_diagnosis(const orr_run *r)
{
    return &r->why;
}

const orr_scenario *orr_run_scenario(const orr_run *r)
{
    return &r->s;
}

const char *orr_run_output(const orr_run *r)
{
    return r->writer ? orr_writer_path(r->writer) : r->path;
}

orr_run_member orr_run_member_result(const orr_run *r, size_t k)
{
    const run_member *m = &r->members[k];
    const orr_watch *w = &m->m.watch;
    orr_run_member out = {.status = m->status,
                          .message = "",
                          .scenario = m->s,
                          .energy_error_final = w->energy_error_final,
                          .energy_error_max = w->energy_error_max,
                          .angular_momentum_error_max = w->angular_momentum_error_max,
                          .events = m->events,
                          .n_expect = r->n_expect};
    if (m->status != ORR_OK)
        out.message = r->sims[k] ? orr_sim_message(r->sims[k]) : orr_status_text(m->status);
    if (r->sims[k]) {
        out.now = orr_sim_snapshot(r->sims[k]);
        out.count = orr_sim_count(r->sims[k]);
    }
    return out;
}

orr_run_expectation orr_run_expected(const orr_run *r, size_t k, size_t i)
{
    size_t j = k * r->n_expect + i;
    return (orr_run_expectation){.asked = &r->members[k].s->expect[i],
                                 .measured = r->measured[j],
                                 .met = r->met[j],
                                 .text = r->texts[j]};
}
