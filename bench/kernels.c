/* kernels.c - direct gravity: ours against exact, float-seeded and rsqrt14 kernels; instruction
 * sets; threads. */
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <orrery/orrery.h>

#include "base/arena.h"
#include "base/team.h"
#include "bench.h"
#include "yardsticks.h"

typedef struct setup {
    orr_bodies bodies;
    double *acc;
    orr_p2p view;
    yardstick *kernel;
    const char *isa;
    int threads;
    double softening;
    int repeats;
} setup;

static setup make(size_t n)
{
    setup s = {.softening = 1e-3, .threads = 1, .repeats = 1};
    if (orr_bodies_init(&s.bodies, n) != ORR_OK)
        exit(1);
    uint64_t state = 1;
    for (size_t k = 0; k < n; k++) {
        orr_body b = {.gm = 1.0 / (double)n, .id = k};
        for (int c = 0; c < 3; c++) {
            state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
            b.pos[c] = (double)(state >> 12) * 0x1p-52;
        }
        if (orr_bodies_add(&s.bodies, b, NULL) != ORR_OK)
            exit(1);
    }
    size_t stride = s.bodies.stride;
    s.acc = aligned_alloc(64, 3 * stride * sizeof(double));
    s.view = (orr_p2p){.x = s.bodies.pos,
                       .y = s.bodies.pos + stride,
                       .z = s.bodies.pos + 2 * stride,
                       .gm = s.bodies.gm,
                       .eps2 = 1e-6,
                       .ax = s.acc,
                       .ay = s.acc + stride,
                       .az = s.acc + 2 * stride};
    return s;
}

static void release(setup *s)
{
    orr_bodies_free(&s->bodies);
    free(s->acc);
}

static void run_yardstick(void *user)
{
    setup *s = user;
    s->kernel(&s->view, s->bodies.n);
}

static void run_ours(void *user)
{
    setup *s = user;
    if (orr_isa_select(s->isa) != ORR_OK)
        exit(1);
    orr_arena scratch = {0};
    orr_eval r = {.want = ORR_WANT_ACC, .threads = s->threads, .acc = s->acc};
    for (int k = 0; k < s->repeats; k++) {
        memset(s->acc, 0, 3 * s->bodies.stride * sizeof(double));
        if (orr_force_find("direct")->add(&s->softening, &s->bodies, &r, &scratch) != ORR_OK)
            exit(1);
    }
    orr_arena_free(&scratch);
}

/* Against the yardsticks, one thread, CPU time. */
static void against_yardsticks(size_t n)
{
    setup base = make(n), s[8];
    bench_case cases[8];
    size_t count = 0;
    double pairs = (double)n * (double)n;
#ifdef BENCH_YARDSTICKS
    const struct {
        const char *name;
        yardstick *kernel;
    } sticks[] = {{"exact sqrt and divide", yardstick_exact},
                  {"float seed and third-order step", yardstick_float},
                  {"rsqrt14 and two Newton steps", yardstick_rsqrt}};
    for (size_t k = 0; k < 3; k++, count++) {
        s[count] = base;
        s[count].kernel = sticks[k].kernel;
        cases[count] = (bench_case){sticks[k].name, run_yardstick, &s[count], pairs};
    }
#endif
    const orr_kernels *kernels;
    char names[3][48];
    for (size_t k = 0; k < 3 && (kernels = orr_kernels_at(k)); k++, count++) {
        s[count] = base;
        s[count].isa = kernels->name;
        snprintf(names[k], sizeof names[k], "orrery %s", kernels->name);
        cases[count] = (bench_case){names[k], run_ours, &s[count], pairs};
    }
    bench_compare("kernels", "pairs/s", false, false, n, 1, n > 8192 ? 5 : 15, cases, count, NULL);
    release(&base);
}

/* One thread against all of them, wall time; alone, or beside processes that never rest. */
static void threads(const char *suite, size_t n, int repeats_inside)
{
    int all = orr_processors();
    setup base = make(n), one, many;
    base.isa = orr_kernels_at(0)->name;
    base.repeats = repeats_inside;
    one = many = base;
    many.threads = all;
    double pairs = (double)n * (double)n * repeats_inside;
    char name[32];
    snprintf(name, sizeof name, "%d threads", all);
    bench_case cases[2] = {{"one thread", run_ours, &one, pairs}, {name, run_ours, &many, pairs}};
    bench_compare(suite, "pairs/s", false, true, n, all, 9, cases, 2, NULL);
    release(&base);
}

void bench_kernels(void)
{
    against_yardsticks(4096);
    against_yardsticks(16384);
    threads("threads", 16384, 1);
    const size_t sizes[] = {11, 128, 512, 1000, 1500, 2048, 2500, 4096};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        threads("threads", sizes[k], (int)(2e8 / ((double)sizes[k] * (double)sizes[k])) + 1);
    if (orr_isa_select(orr_kernels_at(0)->name) != ORR_OK)
        exit(1);
}

/* What a team loses where another process works: at most a fifth is allowed.  Alone, `orrery-bench
 * busy`, threads may move, as they do for users. */
void bench_busy(void)
{
    pid_t neighbour = fork();
    if (neighbour < 0)
        return;
    if (neighbour == 0) {
        cpu_set_t all;
        memset(&all, 0xff, sizeof all);
        (void)sched_setaffinity(0, sizeof all, &all);
        while (getppid() != 1) /* we were left behind */
            ;
        _exit(0);
    }
    threads("busy", 4096, 50);
    threads("busy", 16384, 4);
    kill(neighbour, SIGKILL);
    waitpid(neighbour, NULL, 0);
}
