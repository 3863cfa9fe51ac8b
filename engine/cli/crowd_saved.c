/* crowd_saved.c - checkpoints of ensembles. */
#include <math.h>
#include <stdlib.h>

#include "crowd.h"
#include "ensemble.h"

uint64_t crowd_steps(const crowd *c)
{
    uint64_t steps = 0;
    for (size_t k = 0; k < c->n; k++)
        steps += c->sims[k] ? orr_sim_count(c->sims[k]).steps : 0;
    return steps;
}

static bool save_member(crowd *c, size_t k, saved_run *to)
{
    const member *m = &c->members[k];
    *to = (saved_run){.m = m->m, .events = m->events, .status = m->status};
    if (m->status != ORR_OK || orr_sim_save(c->sims[k], &to->image, &to->image_size) == ORR_OK)
        return true;
    print_warning("no checkpoint: member %zu: %s", k, orr_sim_message(c->sims[k]));
    return false;
}

void crowd_save(crowd *c, bool wait)
{
    checkpoint all = c->keeper.origin;
    if (!c->keeper.on)
        return;
    if (orr_writer_flush(c->writer) != ORR_OK) {
        print_warning("no checkpoint: %s", orr_writer_message(c->writer));
        keeper_start(&c->keeper, crowd_steps(c)); /* tried again when it is due */
        return;
    }
    all.n_runs = c->n;
    all.runs = calloc(c->n, sizeof *all.runs);
    bool good = all.runs != NULL;
    if (!good)
        print_warning("no checkpoint: out of memory");
    for (size_t k = 0; k < c->n && good; k++)
        good = save_member(c, k, &all.runs[k]);
    all.t = INFINITY;
    for (size_t k = 0; k < c->n && good; k++)
        if (c->members[k].status == ORR_OK && !(fabs(orr_sim_snapshot(c->sims[k]).t) > fabs(all.t)))
            all.t = orr_sim_snapshot(c->sims[k]).t;
    if (!good) {
        checkpoint_free_runs(all.runs, c->n);
        keeper_start(&c->keeper, crowd_steps(c));
        return;
    }
    all.output = (char *)(uintptr_t)orr_writer_path(c->writer);
    all.place = orr_writer_tell(c->writer);
    all.frames = c->frames, all.checks = c->checks, all.marks = c->keeper.marks;
    all.unwritten = c->unwritten;
    keeper_keep(&c->keeper, &all, crowd_steps(c), wait);
}

static bool restore_member(crowd *c, size_t k, orr_diagnosis *why)
{
    member *m = &c->members[k];
    const saved_run *from = &c->from->runs[k];
    m->m = from->m;
    m->events = (size_t)from->events;
    c->events += m->events;
    if (m->status != ORR_OK) {
        c->failed++;
        return true;
    }
    orr_status status = orr_sim_from_scenario(&m->s, 1, &c->sims[k], why);
    if (status == ORR_OK) {
        status = orr_sim_restore(c->sims[k], from->image, from->image_size);
        snprintf(why->text, sizeof why->text, "%.500s", orr_sim_message(c->sims[k]));
    }
    return status == ORR_OK;
}

bool crowd_restore(crowd *c)
{
    orr_diagnosis why;
    const checkpoint *from = c->from;
    const bool anew = from->n_runs == 0; /* it was killed before its first checkpoint */
    if (!anew && from->n_runs != c->n) {
        print_error("the checkpoint has %zu members, the scenario %zu", from->n_runs, c->n);
        return false;
    }
    for (size_t k = 0; k < c->n && !anew; k++)
        c->members[k].status = c->status[k] = (orr_status)from->runs[k].status;
    orr_provenance provenance = provenance_of(c->a, c->threads);
    provenance.origin = c->keeper.text;
    const char *fresh = value_of(c->a, "output");
    char last[4200];
    checkpoint_output(from, c->a->words[0], last);
    orr_status status =
        fresh
            ? orr_writer_open_ensemble(fresh, c->s, c->bodies, &provenance, false, &c->writer, &why)
            : orr_writer_reopen_ensemble(last, c->s, c->bodies, c->status, &provenance,
                                         &from->place, &c->writer, &why);
    for (size_t k = 0; fresh && status == ORR_OK && k < c->n; k++)
        if (c->status[k] != ORR_OK)
            status = orr_writer_member_failed(c->writer, k, c->status[k], NAN);
    if (status != ORR_OK) {
        print_diagnosis(&why);
        return false;
    }
    warn_of_writer(c->writer);
    if (fresh)
        keeper_leave_older(&c->keeper, false);
    if (anew)
        crowd_populate(c);
    for (size_t k = 0; k < c->n && !anew; k++)
        if (!restore_member(c, k, &why)) {
            print_error("member %zu: %s", k, why.text);
            return false;
        }
    c->unwritten = (size_t)from->unwritten;
    c->frames = from->frames, c->checks = from->checks;
    return true;
}
