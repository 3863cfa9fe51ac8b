/* io.c - snapshots against plain write() of the same bytes; flushed snapshots of a small system;
 * memory for each body; elements as text; a large catalogue read. */
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

/* ---- a catalogue of a million rows ---- */

static char catalogue[64];

/* Lines as in MPCORB.DAT, with elements from a simple generator. */
static double write_catalogue(size_t rows)
{
    FILE *out = fopen(catalogue, "w");
    if (!out)
        exit(1);
    uint64_t x = 1;
    for (size_t k = 1; k <= rows; k++) {
        double u[7];
        for (int j = 0; j < 7; j++) {
            x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            u[j] = (double)(x >> 12) * 0x1p-52;
        }
        fprintf(out,
                "%05zu   %5.2f  0.15 K205V %9.5f  %9.5f  %9.5f  %9.5f  %9.7f %11.8f %11.7f  0 "
                "MPO492748  6751 115 1801-2019 0.60 M-v 30h MPCLINUX   0000 %8zu Body%-15zu"
                "20190915\n",
                k % 100000, 3 + 17 * u[0], 360 * u[1], 360 * u[2], 360 * u[3], 30 * u[4],
                0.4 * u[5], 0.2, 1.8 + 2 * u[6], k, k);
    }
    double size = (double)ftell(out);
    fclose(out);
    return size;
}

static void read_bytes(void *user)
{
    (void)user;
    char line[400];
    FILE *in = fopen(catalogue, "r");
    while (in && fgets(line, sizeof line, in))
        ;
    if (in)
        fclose(in);
}

static void read_rows(void *user)
{
    size_t rows = *(const size_t *)user;
    char text[600];
    snprintf(text, sizeof text,
             "units: { length: au, mass: Msun, time: day }\nframe: ecliptic\nepoch: JD 2459000.5\n"
             "integrator: { method: leapfrog, step: 1 day }\nrun: { to: 1 day }\n"
             "bodies: [ { name: Sun, mass: 1 } ]\n"
             "groups: [ { catalogue: mpcorb, file: %s, around: Sun, first: %zu } ]\n",
             catalogue, rows);
    orr_scenario s = bench_scenario(text);
    orr_scenario_free(&s);
}

/* Peak memory of a process that reads so many rows. */
static double reading_peak(size_t rows)
{
    pid_t child = fork();
    if (child == 0) {
        read_rows(&rows);
        _exit(0);
    }
    int status;
    struct rusage use;
    wait4(child, &status, 0, &use);
    return 1024.0 * (double)use.ru_maxrss;
}

static void bench_catalogue(void)
{
    size_t rows = 1000000;
    snprintf(catalogue, sizeof catalogue, "orrery-bench-%ld.dat", (long)getpid());
    double size = write_catalogue(rows);
    double each = (reading_peak(rows) - reading_peak(rows / 4)) / (0.75 * (double)rows);
    bench_value("io", "peak memory for each row of a catalogue", "bytes", rows, each,
                size / (double)rows);
    bench_case cases[2] = {{"fgets() of MPCORB-like rows", read_bytes, NULL, 1},
                           {"MPCORB-like rows as bodies", read_rows, &rows, 1}};
    bench_compare("io", "s", true, false, rows, 1, 3, cases, 2, NULL);
    unlink(catalogue);
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
    bench_catalogue();
}
