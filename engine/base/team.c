/* team.c - a team of OpenMP threads whose members take tasks one by one.
 *
 * OpenMP's own loops end with barriers, at which threads spin.  Where another process works on one
 * of the processors, each barrier then lasts a time slice of the scheduler (3 ms): a force of
 * 4096 bodies has sixteen, and took ten times as long as with one thread.  Here OpenMP only brings
 * the threads together.  Each has a range of the tasks of a phase, begins at its front (the same
 * tasks every time, so that their data stays in its caches), and then takes from the end of the
 * others' ranges.  The thread that does the last task of a phase opens the next.
 *
 * What remains is a thread that loses its processor in the middle of a task, and the end of the
 * parallel region, which OpenMP leaves only when every thread has been there.  So each region is
 * weighed: the processor time that went into its tasks is what one thread would have needed.  Where
 * regions keep taking longer than that, the team sits out. */
#include "team.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

static void work_alone(size_t phases, size_t tasks, orr_task *task, void *context)
{
    for (size_t phase = 0; phase < phases; phase++)
        for (size_t k = 0; k < tasks; k++)
            task(context, phase, k);
}

#ifndef _OPENMP

int orr_processors(void)
{
    return 1;
}

void orr_team_run(int threads, size_t phases, size_t tasks, orr_task *task, void *context)
{
    (void)threads;
    work_alone(phases, tasks, task, context);
}

void orr_team_play(int threads, size_t phases, size_t tasks, orr_task *task, void *context)
{
    (void)threads;
    work_alone(phases, tasks, task, context);
}

#else

#include <omp.h>
#include <sched.h>

#include "clock.h"
#include "parallel.h"

enum {
    MOST_THREADS = 256,
    MOST_TASKS = 1 << 20, /* of a phase: what the 20 bits of an end of a range can hold */
    MOST_PHASES = 1 << 24,
    SPINS = 200 /* looks before a waiting thread offers its processor to others: some 2 us */
};

/* [ns] How far behind one thread a team may fall, all in all, before it sits out; what it was ahead
 * counts up to as much.  Longer than a time slice: a single disturbance does not matter. */
static const int64_t patience = 5000000;
/* [ns] How long it sits out: longer each time in a row, so that trying costs a few percent. */
static const int64_t shortest_rest = 100000000, longest_rest = 3200000000;

/* What this process has seen of the machine; every simulation in it shares the processors. */
static _Atomic int64_t ahead, rests_until, rest = shortest_rest;

int orr_processors(void)
{
    return omp_get_max_threads();
}

/* ---- what is left of a phase ---- */

/* The tasks that a thread still has: phase, begin, end in one word, so that it changes as one.  On
 * cache lines of their own. */
typedef struct range {
    _Alignas(64) _Atomic uint64_t word;
} range;

typedef struct team {
    size_t phases, tasks;
    orr_task *task;
    void *context;
    int members;
    _Alignas(64) atomic_size_t phase;  /* that is being done */
    _Alignas(64) atomic_size_t done;   /* tasks of all phases */
    _Alignas(64) _Atomic int64_t work; /* [ns] of processor time in tasks */
    range ranges[MOST_THREADS];
} team;

static uint64_t word_of(size_t phase, size_t begin, size_t end)
{
    return (uint64_t)phase << 40 | (uint64_t)begin << 20 | (uint64_t)end;
}

static void open_phase(team *t, size_t phase)
{
    size_t members = (size_t)t->members;
    for (size_t m = 0; m < members && phase < t->phases; m++)
        atomic_store_explicit(
            &t->ranges[m].word,
            word_of(phase, t->tasks * m / members, t->tasks * (m + 1) / members),
            memory_order_release); /* with it, what the phases before have written */
    atomic_store_explicit(&t->phase, phase, memory_order_release);
}

/* Take one task of a range: the owner from its front, others from its end. */
static bool take(range *r, bool own, size_t *phase, size_t *k)
{
    enum { MASK = (1 << 20) - 1 };
    uint64_t word = atomic_load_explicit(&r->word, memory_order_relaxed);
    for (;;) {
        size_t begin = word >> 20 & MASK, end = word & MASK;
        if (begin >= end)
            return false;
        *phase = word >> 40;
        *k = own ? begin : end - 1;
        uint64_t rest_of = own ? word_of(*phase, begin + 1, end) : word_of(*phase, begin, end - 1);
        if (atomic_compare_exchange_weak_explicit(&r->word, &word, rest_of, memory_order_acquire,
                                                  memory_order_relaxed))
            return true;
    }
}

static bool take_any(team *t, int member, size_t *phase, size_t *k)
{
    for (int m = 0; m < t->members; m++)
        if (take(&t->ranges[(member + m) % t->members], m == 0, phase, k))
            return true;
    return false;
}

/* All tasks of this phase are taken; some are not done. */
static void wait_for_next(team *t, size_t phase)
{
    for (int k = 0; atomic_load_explicit(&t->phase, memory_order_acquire) == phase; k++)
        if (k >= SPINS)
            sched_yield(); /* to one that has such a task and no processor, above all */
}

static void serve(team *t, int member)
{
    size_t phase, k;
    int64_t from = orr_thread_clock_ns(), work = 0;
    while ((phase = atomic_load_explicit(&t->phase, memory_order_acquire)) < t->phases) {
        if (take_any(t, member, &phase, &k)) {
            t->task(t->context, phase, k);
            if (atomic_fetch_add_explicit(&t->done, 1, memory_order_acq_rel) + 1 ==
                (phase + 1) * t->tasks)
                open_phase(t, phase + 1);
            continue;
        }
        work += orr_thread_clock_ns() - from;
        wait_for_next(t, phase);
        from = orr_thread_clock_ns();
    }
    work += orr_thread_clock_ns() - from;
    atomic_fetch_add_explicit(&t->work, work, memory_order_relaxed);
}

/* ---- is a team worth it? ---- */

static bool may_play(void)
{
    int64_t until = atomic_load_explicit(&rests_until, memory_order_relaxed);
    return until == 0 || orr_clock_ns() >= until;
}

static void weigh(int64_t elapsed, int64_t work)
{
    int64_t sum = atomic_load_explicit(&ahead, memory_order_relaxed) + work - elapsed;
    if (sum > patience) {
        sum = patience;
        atomic_store_explicit(&rest, shortest_rest, memory_order_relaxed);
    }
    if (sum < -patience) {
        int64_t length = atomic_load_explicit(&rest, memory_order_relaxed);
        atomic_store_explicit(&rests_until, orr_clock_ns() + length, memory_order_relaxed);
        atomic_store_explicit(&rest, length < longest_rest ? 2 * length : longest_rest,
                              memory_order_relaxed);
        sum = 0;
    }
    atomic_store_explicit(&ahead, sum, memory_order_relaxed);
}

void orr_team_play(int threads, size_t phases, size_t tasks, orr_task *task, void *context)
{
    if (threads > MOST_THREADS)
        threads = MOST_THREADS;
    if (threads < 2 || tasks < 2 || tasks >= MOST_TASKS || phases >= MOST_PHASES) {
        work_alone(phases, tasks, task, context);
        return;
    }
    int64_t start = orr_clock_ns();
    team t = {.phases = phases, .tasks = tasks, .task = task, .context = context};
    t.members = (size_t)threads < tasks ? threads : (int)tasks;
    open_phase(&t, 0);
    ORR_PARALLEL(t.members)
    serve(&t, omp_get_thread_num());
    weigh(orr_clock_ns() - start, atomic_load(&t.work));
}

void orr_team_run(int threads, size_t phases, size_t tasks, orr_task *task, void *context)
{
    if (threads > 1 && tasks > 1 && may_play())
        orr_team_play(threads, phases, tasks, task, context);
    else
        work_alone(phases, tasks, task, context);
}

#endif
