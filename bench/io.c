/* io.c - snapshots against plain write() of the same bytes; flushed snapshots of a small system;
 * memory for each body; elements as text. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <orrery/io.h>

#include "bench.h"

enum { FRAMES = 40 };

static char path[64];

static orr_scenario scenario(size_t n, int frames)
{
    char text[600];
    snprintf(
        text, sizeof text,
        "units: { length: au, mass: Msun, time: day }\n"
        "integrator: { method: leapfrog, step: 1 day }\nrun: { to: %d day }\n"
        "output: { every: 1 day }\nbodies: [ { name: Sun, mass: 1 } ]\n"
        "groups: [ { generate: belt, name: b, around: Sun, count: %zu, a: [2, 3], role: test } ]\n",
        frames, n - 1);
    return bench_scenario(text);
}

typedef struct stream {
    orr_scenario *s;
    char *bytes;
    size_t size;
    int frames;
    bool flushed;
} stream;

static void write_plain(void *user)
{
    stream *w = user;
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    for (int k = 0; k < w->frames; k++)
        if (write(fd, w->bytes, w->size) != (ssize_t)w->size)
            exit(1);
    close(fd);
}

static void write_snapshots(void *user)
{
    stream *w = user;
    const orr_provenance p = {"bench", "", "", 1};
    orr_writer *out;
    orr_diagnosis why;
    if (orr_writer_open(path, w->s, &w->s->bodies, &p, true, &out, &why) != ORR_OK) {
        fprintf(stderr, "%s\n", why.text);
        exit(1);
    }
    for (int k = 0; k < w->frames; k++) {
        orr_snapshot now = {.t = k, .step = (uint64_t)k, .bodies = &w->s->bodies};
        if (orr_writer_append(out, &now) != ORR_OK ||
            (w->flushed && orr_writer_flush(out) != ORR_OK))
            exit(1);
    }
    if (orr_writer_close(out, "finished", 0, &why) != ORR_OK)
        exit(1);
}

/* Peak memory of a run of n bodies with outputs, in a process of its own. */
static double peak(size_t n)
{
    int ends[2];
    if (pipe(ends) != 0)
        exit(1);
    pid_t child = fork();
    if (child == 0) {
        orr_scenario s = scenario(n, 3);
        const orr_provenance p = {"bench", "", "", 1};
        orr_writer *out;
        orr_sim *sim;
        orr_diagnosis why;
        bool good = orr_writer_open(path, &s, &s.bodies, &p, true, &out, &why) == ORR_OK &&
                    orr_sim_from_scenario(&s, 1, &sim, &why) == ORR_OK;
        for (int k = 0; k <= 3 && good; k++) {
            good = orr_sim_run_until(sim, k) == ORR_OK;
            orr_snapshot now = orr_sim_snapshot(sim);
            good = good && orr_writer_append(out, &now) == ORR_OK;
        }
        struct rusage use;
        getrusage(RUSAGE_SELF, &use);
        double bytes = good ? 1024.0 * (double)use.ru_maxrss : 0;
        _exit(write(ends[1], &bytes, sizeof bytes) == sizeof bytes ? 0 : 1);
    }
    double bytes = 0;
    if (read(ends[0], &bytes, sizeof bytes) != sizeof bytes)
        bytes = 0;
    waitpid(child, NULL, 0);
    close(ends[0]), close(ends[1]);
    return bytes;
}

/* Peak memory of this process so far [bytes]. */
static double memory_so_far(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return 1024.0 * (double)use.ru_maxrss;
}

/* A file of n bodies to CSV of elements, in a process of its own: CPU time, wall time, and what
 * that took beside an open file. */
static bool export_elements(double used[3])
{
    int ends[2];
    if (pipe(ends) != 0)
        exit(1);
    pid_t child = fork();
    if (child == 0) {
        char csv[80];
        orr_reader *r;
        orr_element_choice choice;
        orr_diagnosis why;
        snprintf(csv, sizeof csv, "%s.csv", path);
        bool good = orr_reader_open(path, &r, &why) == ORR_OK &&
                    orr_reader_choose(r, NULL, &choice, &why) == ORR_OK;
        double before = memory_so_far(), cpu = bench_clock(false), wall = bench_clock(true);
        good = good &&
               orr_export_elements(r, path, &choice, SIZE_MAX, csv, true, NULL, &why) == ORR_OK;
        double got[3] = {bench_clock(false) - cpu, bench_clock(true) - wall,
                         memory_so_far() - before};
        unlink(csv);
        _exit(good && write(ends[1], got, sizeof got) == sizeof got ? 0 : 1);
    }
    close(ends[1]);
    bool good = read(ends[0], used, 3 * sizeof *used) == 3 * sizeof *used;
    waitpid(child, NULL, 0);
    close(ends[0]);
    return good;
}

void bench_io(void)
{
    snprintf(path, sizeof path, "orrery-bench-%ld.h5", (long)getpid());
    const size_t n = 100000;
    double per_body = (peak(4 * n) - peak(n)) / (3.0 * (double)n);
    bench_value("io", "peak memory for each body", "bytes", n, per_body, 200);
    bench_value("io", "of which the output buffer", "bytes", n, 24, 200);

    orr_scenario s = scenario(n, FRAMES);
    stream w = {.s = &s, .size = 48 * n, .frames = FRAMES};
    w.bytes = calloc(1, w.size);
    double amount = (double)w.size * FRAMES;
    bench_case cases[2] = {{"plain write()", write_plain, &w, amount},
                           {"snapshots HDF5", write_snapshots, &w, amount}};
    bench_compare("io", "bytes/s", false, true, n, 1, 9, cases, 2, NULL);
    free(w.bytes);
    orr_scenario_free(&s);

    double used[3];
    s = scenario(n, 100);
    w = (stream){.s = &s, .frames = 100};
    write_snapshots(&w);
    if (export_elements(used)) { /* against what is promised, and one snapshot */
        bench_value("io", "100 snapshots to elements, CPU", "s", n, used[0], 10);
        bench_value("io", "100 snapshots to elements, wall", "s", n, used[1], 10);
        bench_value("io", "memory for it", "bytes", n, used[2], 48 * (double)n);
    }
    orr_scenario_free(&s);

    orr_scenario small = scenario(11, 20000);
    stream few = {.s = &small, .frames = 20000, .flushed = true};
    bench_case flushed = {"snapshot of 11 bodies flushed", write_snapshots, &few, 20000};
    bench_compare("io", "s/snapshot", true, false, 11, 1, 5, &flushed, 1, NULL);
    orr_scenario_free(&small);
    unlink(path);
}
