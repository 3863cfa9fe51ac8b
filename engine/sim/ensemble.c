/* ensemble.c - many simulations to the same time.
 *
 * Where the method can advance several at once (planets interleaved in the registers), members go
 * in groups; the groups are shared out to threads.  Others go one by one.  No member's bits depend
 * on the others. */
#include "collisions_internal.h"

#include <math.h>

#include "base/team.h"

enum { GROUP = 16 }; /* members that go together */

/* Whole steps of all that are still on their way, together. */
static bool step_together(orr_sim *const *sims, size_t n, double t_end, orr_status *status)
{
    void *states[GROUP];
    orr_problem *problems[GROUP];
    size_t who[GROUP], count = 0;
    uint64_t steps = 0;
    const orr_sim *leader = NULL;
    for (size_t k = 0; k < n; k++) {
        orr_sim *sim = sims[k];
        if (status[k] != ORR_OK || sim->method->traits & ORR_ADAPTIVE || !sim->method->together ||
            orr_contacts_look(sim))
            continue;
        uint64_t own = orr_sim_steps_to(sim, t_end);
        if (own == 0)
            continue;
        leader = leader ? leader : sim;
        if (sim->method != leader->method || sim->step != leader->step)
            continue;
        steps = count == 0 || own < steps ? own : steps;
        states[count] = sim->state;
        problems[count] = &sim->problem;
        who[count++] = k;
    }
    if (count < 2)
        return false;
    orr_status each[GROUP] = {0};
    orr_step_report reports[GROUP] = {{0}};
    for (size_t k = 0; k < count; k++)
        problems[k]->t = sims[who[k]]->t.high;
    double h = t_end < leader->t.high ? -leader->step : leader->step;
    if (leader->method->together(states, problems, count, h, steps, each, reports) != ORR_OK)
        return false;
    for (size_t k = 0; k < count; k++)
        status[who[k]] = orr_sim_stepped(sims[who[k]], each[k], &reports[k], steps);
    return true;
}

/* Somebody was asked to stop. */
static bool must_stop(orr_sim *const *sims, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (sims[k] && atomic_load(&sims[k]->stop)) /* one that could not be made is NULL */
            return true;
    return false;
}

static void run_group(orr_sim *const *sims, size_t n, double t_end, orr_status *status)
{
    for (size_t k = 0; k < n; k++)
        if (status[k] == ORR_OK) {
            orr_sim_return_to_grid(sims[k]);
            status[k] = orr_sim_prepare(sims[k]);
        }
    while (!must_stop(sims, n) && step_together(sims, n, t_end, status))
        ;
    /* what is left, and the landing, each on its own; also to say that it was stopped */
    for (size_t k = 0; k < n; k++)
        if (status[k] == ORR_OK)
            status[k] = orr_sim_run_until(sims[k], t_end);
}

typedef struct group_tasks {
    orr_sim *const *sims;
    size_t n;
    double t_end;
    orr_status *status;
} group_tasks;

static void run_task(void *context, size_t phase, size_t k)
{
    const group_tasks *t = context;
    size_t first = k * GROUP, count = t->n - first < GROUP ? t->n - first : GROUP;
    (void)phase;
    run_group(t->sims + first, count, t->t_end, t->status + first);
}

void orr_sims_run_until(orr_sim *const *sims, size_t n, double t_end, int threads,
                        orr_status *status)
{
    group_tasks t = {sims, n, t_end, status};
    for (size_t k = 0; k < n; k++)
        if (status[k] == ORR_OK && !isfinite(t_end))
            status[k] = orr_sim_fail(sims[k], ORR_E_ARGUMENT, "the end time is not finite");
    orr_team_run(threads ? threads : orr_processors(), 1, (n + GROUP - 1) / GROUP, run_task, &t);
}
