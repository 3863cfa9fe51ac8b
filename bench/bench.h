/* bench.h - a small runner: every suite measures its own yardsticks in the same run, interleaved
 * with what it judges, so that a noisy machine spoils both alike; figures to trust are the ratios.
 */
#ifndef ORRERY_BENCH_H
#define ORRERY_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/scenario.h>
#include <orrery/sim.h>

/* One thing to time: work() does `amount` of `unit` (such as pair interactions). */
typedef struct bench_case {
    const char *name;
    void (*work)(void *user);
    void *user;
    double amount;
} bench_case;

enum { BENCH_MOST_CASES = 40 };

/* Time n cases, interleaved, `repeats` times each after one warm-up.  wall: wall clock, else CPU
 * time of the process.  Prints and stores one row a case: amount per second (or, if per_unit,
 * seconds per unit) - median, best, spread, and the ratio of best to that of case 0.  best[] may be
 * NULL. */
void bench_compare(const char *suite, const char *unit, bool per_unit, bool wall, size_t n_bodies,
                   int threads, int repeats, const bench_case *cases, size_t n, double *best);

/* A row that is not a time, such as bytes per body. */
void bench_value(const char *suite, const char *name, const char *unit, size_t n_bodies,
                 double value, double reference);

/* One finished run: what it cost, and the error that it left.  ratio: of the time, to the first
 * method of the problem. */
void bench_work(const char *problem, const char *method, size_t n_bodies, double seconds,
                const orr_sim_counters *count, double error, double ratio);

/* A scenario from its text, which must be right. */
orr_scenario bench_scenario(const char *text);

/* Wall clock, or CPU time of the process [s]. */
double bench_clock(bool wall);

/* Compare two files of results: which differences exceed the noise?  Returns the exit code. */
int bench_against(const char *old_path, const char *new_path);

void bench_kernels(void);
void bench_gravity(void);
void bench_busy(void);
void bench_integrators(void);
void bench_io(void);
void bench_checkpoints(void);
void bench_precision(void);
void bench_planets(void);
void bench_viewer(void);

#endif
