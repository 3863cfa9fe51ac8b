/* splitting.c - the threaded front of the Wisdom-Holman kernels. */
#include <orrery/splitting.h>

#include "base/team.h"
#include "kernels/kernels.h"

void orr_split(const orr_planets *p, const orr_splitting_op *ops, size_t n, uint64_t repeat)
{
    orr_kernels_selected()->split->split(p, 0, p->blocks, ops, n, repeat);
}

void orr_kepler(size_t n, double *const x[3], double *const v[3], const double *mu, double h)
{
    orr_kernels_selected()->split->kepler(n, x, v, mu, h);
}

/* Each task keeps its particles in the first-level cache; fewer of them are not worth a team. */
enum { BLOCKS_A_TASK = 8, PARALLEL_FROM = 16 };

typedef struct particle_tasks {
    const orr_particles *p;
    const orr_field_of_planets *f;
    size_t n;
} particle_tasks;

static void advance(void *context, size_t phase, size_t k)
{
    const particle_tasks *t = context;
    size_t last = (k + 1) * BLOCKS_A_TASK;
    (void)phase;
    orr_kernels_selected()->split->particles(t->p, t->f, t->n, k * BLOCKS_A_TASK,
                                             last < t->p->blocks ? last : t->p->blocks);
}

void orr_split_particles(const orr_particles *p, const orr_field_of_planets *f, size_t n,
                         int threads)
{
    particle_tasks t = {p, f, n};
    size_t tasks = (p->blocks + BLOCKS_A_TASK - 1) / BLOCKS_A_TASK;
    orr_team_run(tasks < PARALLEL_FROM ? 1 : threads, 1, tasks, advance, &t);
}
