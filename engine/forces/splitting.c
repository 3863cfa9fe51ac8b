/* splitting.c - the threaded front of the Wisdom-Holman kernels. */
#include <orrery/splitting.h>

#include "base/parallel.h"
#include "kernels/kernels.h"

void orr_split(const orr_planets *p, const orr_splitting_op *ops, size_t n, uint64_t repeat)
{
    orr_kernels_selected()->split->split(p, 0, p->blocks, ops, n, repeat);
}

void orr_kepler(size_t n, double *const x[3], double *const v[3], const double *mu, double h)
{
    orr_kernels_selected()->split->kepler(n, x, v, mu, h);
}

/* Each task keeps its particles in the first-level cache. */
enum { BLOCKS_A_TASK = 8, PARALLEL_FROM = 4 };

void orr_split_particles(const orr_particles *p, const orr_field_of_planets *f, size_t n,
                         int threads)
{
    const orr_split_kernels *kernels = orr_kernels_selected()->split;
    size_t tasks = (p->blocks + BLOCKS_A_TASK - 1) / BLOCKS_A_TASK;
    (void)threads;
    if (tasks < PARALLEL_FROM) {
        kernels->particles(p, f, n, 0, p->blocks);
        return;
    }
    ORR_PARALLEL_FOR(threads)
    for (size_t t = 0; t < tasks; t++) {
        size_t last = (t + 1) * BLOCKS_A_TASK;
        kernels->particles(p, f, n, t * BLOCKS_A_TASK, last < p->blocks ? last : p->blocks);
    }
}
