/* parallel.h - the only place that names OpenMP's pragmas; team.c alone opens a parallel region, so
 * that there is one answer to the question how threads share work and wait. */
#ifndef ORRERY_BASE_PARALLEL_H
#define ORRERY_BASE_PARALLEL_H

#define ORR_PRAGMA(x) _Pragma(#x)

/* A block that every thread of a team runs. */
#define ORR_PARALLEL(threads) ORR_PRAGMA(omp parallel num_threads(threads))

#endif
