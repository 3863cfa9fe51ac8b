/* Every task once, phase after phase, whatever the number of threads.  What a team loses beside
 * other processes is measured by `orrery-bench kernels`. */
#include "check.h"

#include <stdatomic.h>

#include "base/team.h"

enum { TASKS = 777, PHASES = 41 };

typedef struct tally {
    atomic_int done[PHASES][TASKS];
    atomic_int of_phase[PHASES];
    size_t tasks;
    atomic_bool early; /* a task ran before its phase was open */
} tally;

static void count(void *context, size_t phase, size_t k)
{
    tally *t = context;
    if (phase > 0 && atomic_load(&t->of_phase[phase - 1]) != (int)t->tasks)
        atomic_store(&t->early, true);
    atomic_fetch_add(&t->done[phase][k], 1);
    atomic_fetch_add(&t->of_phase[phase], 1);
}

static void every_task_once_in_order(void **state)
{
    (void)state;
    static tally t;
    const size_t sizes[] = {0, 1, 2, 3, 16, TASKS};
    for (int threads = 1; threads <= 300; threads = threads < 9 ? threads + 1 : threads * 3)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            memset(&t, 0, sizeof t);
            t.tasks = sizes[s];
            orr_team_play(threads, PHASES, t.tasks, count, &t);
            CHECK(!atomic_load(&t.early));
            for (size_t p = 0; p < PHASES; p++)
                for (size_t k = 0; k < TASKS; k++)
                    CHECK(atomic_load(&t.done[p][k]) == (k < t.tasks));
        }
}

/* What a phase wrote is seen by the next, without any other synchronisation. */
static void sum_neighbours(void *context, size_t phase, size_t k)
{
    double(*x)[TASKS] = context, *from = x[phase % 2], *to = x[(phase + 1) % 2];
    to[k] = 0.5 * from[k] + 0.25 * from[(k + 1) % TASKS] + 0.25 * from[(k + TASKS - 1) % TASKS];
}

static void phases_see_each_other(void **state)
{
    (void)state;
    static double x[2][TASKS], want[2][TASKS];
    for (int threads = 1; threads <= 8; threads++) {
        for (size_t k = 0; k < TASKS; k++)
            x[0][k] = (double)(k * k % 1009);
        orr_team_play(threads, PHASES, TASKS, sum_neighbours, x);
        if (threads == 1)
            memcpy(want, x, sizeof x);
        CHECK(memcmp(want, x, sizeof x) == 0);
    }
}

/* A task may use a team of its own. */
static void inner(void *context, size_t phase, size_t k)
{
    (void)phase, (void)k;
    atomic_fetch_add((atomic_int *)context, 1);
}

static void outer(void *context, size_t phase, size_t k)
{
    (void)phase, (void)k;
    orr_team_play(3, 2, 5, inner, context);
}

static void teams_may_nest(void **state)
{
    (void)state;
    atomic_int n = 0;
    orr_team_play(4, 3, 10, outer, &n);
    CHECK(atomic_load(&n) == 3 * 10 * 2 * 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_task_once_in_order),
                                       cmocka_unit_test(phases_see_each_other),
                                       cmocka_unit_test(teams_may_nest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
