/* parallel.h - the only place that names OpenMP.
 *
 * Work is split over targets: each result is computed whole, by one thread, in a fixed order, so it
 * does not depend on how many threads there are.  Small problems must not get here: even a team of
 * one costs a microsecond.  Without OpenMP the pragmas vanish and the same code runs. */
#ifndef ORRERY_BASE_PARALLEL_H
#define ORRERY_BASE_PARALLEL_H

#define ORR_PRAGMA(x) _Pragma(#x)

/* In front of a for loop whose iterations are independent and cost about the same. */
#define ORR_PARALLEL_FOR(threads) ORR_PRAGMA(omp parallel for num_threads(threads) schedule(static))

/* A block that a team runs together, and loops in it that end with a barrier.  Static: neighbouring
 * tasks go to the same thread every time, so that its data stays in its caches. */
#define ORR_PARALLEL(threads) ORR_PRAGMA(omp parallel num_threads(threads))
#define ORR_SHARED_FOR        ORR_PRAGMA(omp for schedule(static))
/* The same, dealt out one by one: for tasks of which neighbours cost alike. */
#define ORR_DEALT_FOR ORR_PRAGMA(omp for schedule(static, 1))

#ifdef _OPENMP
#include <omp.h>
static inline int orr_processors(void)
{
    return omp_get_max_threads();
}
#else
static inline int orr_processors(void)
{
    return 1;
}
#endif

#endif
