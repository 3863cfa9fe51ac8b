/* outputs.c - what happens at a time that is due: rows of diagnostics, snapshots, expectations. */
#include <math.h>

#include "run_internal.h"

orr_status orr_run_lost_file(orr_run *r, orr_status status)
{
    return orr_refuse(status == ORR_E_NO_MEMORY ? status : ORR_E_FILE, &r->why, "%.700s",
                      orr_writer_message(r->writer));
}

/* ---- when ---- */

static double expected_at(const orr_run *r, size_t k, size_t i)
{
    const run_member *m = &r->members[k];
    const double at = m->s->expect[i].at;
    return r->measured[k * r->n_expect + i] || m->status != ORR_OK ? INFINITY
           : isnan(at)                                             ? r->frames.span
                                                                   : fabs(at - r->s.t_start);
}

double orr_run_next_time(const orr_run *r)
{
    double t = fmin(due(&r->frames), due(&r->checks));
    if (r->checkpoints.marks.every > 0)
        t = fmin(t, due(&r->checkpoints.marks));
    for (size_t k = 0; k < r->n; k++)
        for (size_t i = 0; i < r->n_expect; i++)
            t = fmin(t, expected_at(r, k, i));
    return t;
}

double orr_run_last_frame(const orr_run *r)
{
    return r->frames.k == 0 ? -1
           : r->frames.over ? r->frames.span
                            : (double)(r->frames.k - 1) * r->frames.every;
}

/* ---- what ---- */

/* A row of a member that is no more. */
static orr_diagnostics empty_row(void)
{
    orr_diagnostics d = {.energy_error = NAN, .step_size = NAN};
    d.conserved.kinetic = d.conserved.potential = NAN;
    for (int i = 0; i < 3; i++) {
        d.conserved.momentum[i] = d.conserved.angular_momentum[i] = NAN;
        d.conserved.center_of_mass[i] = NAN;
    }
    return d;
}

static orr_status diagnose_member(orr_run *r, size_t k, bool first)
{
    run_member *m = &r->members[k];
    orr_diagnostics *d = &r->rows[k];
    if (m->status != ORR_OK) {
        *d = empty_row();
        return ORR_OK;
    }
    double h = m->s->step > 0 ? m->s->step : orr_sim_count(r->sims[k]).last;
    if (!orr_measure(r->sims[k], r->direction * h, first, &m->m, d))
        return orr_refuse(ORR_E_NO_MEMORY, &r->why, "out of memory for the energy");
    r->energy_tells = r->energy_tells || d->conserved.potential != 0;
    r->energy_error = r->energy_tells && !r->ensemble ? d->energy_error : NAN;
    m->energy_off =
        fabs(d->energy_error) / fmax(1, m->m.e0 != 0 ? d->conserved.kinetic / fabs(m->m.e0) : 1);
    return ORR_OK;
}

static orr_status follow_by_shadow(orr_run *r)
{
    if (!r->shadow.sim)
        return ORR_OK;
    orr_status status = orr_shadow_follow(&r->shadow, orr_sim_snapshot(r->sims[0]));
    if (status != ORR_OK)
        return orr_refuse(status, &r->why, "the shadow: %.600s", orr_sim_message(r->shadow.sim));
    r->rows[0].shadow = r->shadow.apart;
    return ORR_OK;
}

static orr_status diagnose(orr_run *r, double at, bool first)
{
    for (size_t k = 0; k < r->n; k++)
        ORR_TRY(diagnose_member(r, k, first));
    ORR_TRY(follow_by_shadow(r));
    orr_status status = r->ensemble ? orr_writer_diagnose_members(r->writer, at, r->rows)
                                    : orr_writer_diagnose(r->writer, &r->rows[0]);
    return status == ORR_OK ? ORR_OK : orr_run_lost_file(r, status);
}

static orr_status write_frame(orr_run *r, double at)
{
    for (size_t k = 0; k < r->n; k++)
        r->now[k] =
            r->members[k].status == ORR_OK ? orr_sim_snapshot(r->sims[k]) : (orr_snapshot){0};
    orr_status status = r->ensemble ? orr_writer_append_members(r->writer, at, r->now)
                                    : orr_writer_append(r->writer, &r->now[0]);
    return status == ORR_OK ? ORR_OK : orr_run_lost_file(r, status);
}

static orr_status write_events_of(orr_run *r, size_t k)
{
    run_member *m = &r->members[k];
    size_t n = 0;
    const orr_event *e = r->sims[k] ? orr_sim_events(r->sims[k], &n) : NULL;
    for (; m->events < n; m->events++, r->events++) {
        orr_status status = orr_writer_event(r->writer, k, &e[m->events]);
        m->m.lost += e[m->events].energy;
        if (status != ORR_OK && status != ORR_E_RANGE)
            return orr_run_lost_file(r, status);
        r->unwritten += status == ORR_E_RANGE;
    }
    return ORR_OK;
}

orr_status orr_run_write_events(orr_run *r)
{
    for (size_t k = 0; k < r->n; k++)
        ORR_TRY(write_events_of(r, k));
    return ORR_OK;
}

orr_status orr_run_count_failures(orr_run *r, double at)
{
    for (size_t k = 0; k < r->n; k++) {
        run_member *m = &r->members[k];
        if (m->status != ORR_OK || r->status[k] == ORR_OK)
            continue;
        m->status = r->status[k];
        r->failed++;
        orr_run_tell(&r->listener, "member %zu failed: %s", k,
                     r->sims[k] ? orr_sim_message(r->sims[k]) : orr_status_text(m->status));
        orr_status status = orr_writer_member_failed(r->writer, k, m->status, at);
        if (status != ORR_OK)
            return orr_run_lost_file(r, status);
    }
    return ORR_OK;
}

static void check_expectations(orr_run *r, double t)
{
    for (size_t k = 0; k < r->n; k++)
        for (size_t i = 0; i < r->n_expect; i++) {
            if (!(expected_at(r, k, i) <= t))
                continue;
            const run_member *m = &r->members[k];
            size_t at = k * r->n_expect + i;
            orr_snapshot now = orr_sim_snapshot(r->sims[k]);
            r->met[at] = orr_expectation_met(m->s, &m->s->expect[i], &now, &m->m.watch,
                                             r->texts[at], sizeof r->texts[at]);
            r->measured[at] = true;
        }
}

/* ---- all of it ---- */

orr_status orr_run_attend(orr_run *r, double t)
{
    double at = time_after(&r->s, t);
    /* of an ensemble with the outputs alone, so that checkpoints do not change their order */
    if (!r->ensemble || fmin(due(&r->checks), due(&r->frames)) <= t)
        ORR_TRY(orr_run_write_events(r));
    if (due(&r->checks) <= t) {
        ORR_TRY(diagnose(r, at, t == 0));
        done(&r->checks);
    }
    if (due(&r->frames) <= t) {
        ORR_TRY(write_frame(r, at));
        done(&r->frames);
    }
    if (r->checkpoints.marks.every > 0 && due(&r->checkpoints.marks) <= t) {
        done(&r->checkpoints.marks);
        atomic_store(&r->checkpoint_wanted, true);
    }
    check_expectations(r, t);
    return ORR_OK;
}

orr_status orr_run_write_last(orr_run *r)
{
    double t = orr_sim_snapshot(r->sims[0]).t;
    ORR_TRY(orr_run_write_events(r));
    if (r->direction * (t - r->s.t_start) < orr_run_last_frame(r))
        return ORR_OK;
    ORR_TRY(diagnose(r, t, false));
    return write_frame(r, t);
}
