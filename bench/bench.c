/* bench.c - orrery-bench [SUITE ...] [-o FILE.csv], orrery-bench --against OLD.csv NEW.csv */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <orrery/orrery.h>

static FILE *csv;

orr_scenario bench_scenario(const char *text)
{
    orr_scenario s;
    orr_diagnosis why;
    if (orr_scenario_parse("bench.yaml", text, strlen(text), NULL, &s, &why) != ORR_OK) {
        fprintf(stderr, "%s\n", why.text);
        exit(1);
    }
    return s;
}

double bench_clock(bool wall)
{
    struct timespec t;
    clock_gettime(wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void row(const char *suite, const char *name, const char *unit, size_t n_bodies, int threads,
                double median, double best, double spread, double ratio)
{
    printf("%-12s %-34s N=%-7zu t=%-2d %12.4g %-14s best %10.4g  +-%4.1f %%  ratio %.3f\n", suite,
           name, n_bodies, threads, median, unit, best, 100 * spread, ratio);
    fflush(stdout);
    if (csv)
        fprintf(csv, "%s,\"%s\",%zu,%d,%s,%.6g,%.6g,%.4f,%.4f\n", suite, name, n_bodies, threads,
                unit, median, best, spread, ratio);
}

void bench_compare(const char *suite, const char *unit, bool per_unit, bool wall, size_t n_bodies,
                   int threads, int repeats, const bench_case *cases, size_t n, double *best)
{
    double times[BENCH_MOST_CASES][64], reference = 0;
    if (repeats > 64)
        repeats = 64;
    for (int k = -1; k < repeats; k++) /* -1: warm-up */
        for (size_t c = 0; c < n; c++) {
            double t = bench_clock(wall);
            cases[c].work(cases[c].user);
            if (k >= 0)
                times[c][k] = bench_clock(wall) - t;
        }
    for (size_t c = 0; c < n; c++) {
        qsort(times[c], (size_t)repeats, sizeof times[c][0], by_value);
        double fastest = times[c][0], middle = times[c][repeats / 2];
        double value = per_unit ? fastest / cases[c].amount : cases[c].amount / fastest;
        double median = per_unit ? middle / cases[c].amount : cases[c].amount / middle;
        double spread = (times[c][3 * repeats / 4] - times[c][repeats / 4]) / (2 * middle);
        if (c == 0)
            reference = value;
        if (best)
            best[c] = value;
        row(suite, cases[c].name, unit, n_bodies, threads, median, value, spread,
            value / reference);
    }
}

void bench_value(const char *suite, const char *name, const char *unit, size_t n_bodies,
                 double value, double reference)
{
    row(suite, name, unit, n_bodies, 1, value, value, 0, reference != 0 ? value / reference : NAN);
}

void bench_work(const char *problem, const char *method, size_t n_bodies, double seconds,
                const orr_sim_counters *count, double error, double ratio)
{
    printf("%-36s %-30s %9.4f s  %9llu steps %10llu evaluations  %8.3g us/step  error %.1e  "
           "ratio %.3f\n",
           problem, method, seconds, (unsigned long long)count->steps,
           (unsigned long long)count->evaluations, 1e6 * seconds / (double)count->steps, error,
           ratio);
    fflush(stdout);
    if (!csv)
        return;
    fprintf(csv, "precision,\"%s: %s\",%zu,1,s,%.6g,%.6g,,%.4f\n", problem, method, n_bodies,
            seconds, seconds, ratio);
    fprintf(csv, "precision,\"%s: %s\",%zu,1,error,%.3g,%.3g,,\n", problem, method, n_bodies, error,
            error);
    fprintf(csv, "precision,\"%s: %s\",%zu,1,evaluations,%llu,%llu,,\n", problem, method, n_bodies,
            (unsigned long long)count->evaluations, (unsigned long long)count->evaluations);
}

static void machine(char *out, size_t size)
{
    FILE *in = fopen("/proc/cpuinfo", "r");
    char line[256];
    snprintf(out, size, "unknown");
    while (in && fgets(line, sizeof line, in))
        if (strncmp(line, "model name", 10) == 0) {
            char *name = strchr(line, ':');
            line[strcspn(line, "\n")] = 0;
            snprintf(out, size, "%s", name ? name + 2 : "?");
            break;
        }
    if (in)
        fclose(in);
}

static const struct {
    const char *name;
    void (*run)(void);
} suites[] = {{"kernels", bench_kernels},         {"busy", bench_busy},
              {"integrators", bench_integrators}, {"io", bench_io},
              {"checkpoints", bench_checkpoints}, {"precision", bench_precision},
              {"planets", bench_planets},         {"viewer", bench_viewer},
              {"gravity", bench_gravity}};
enum { SUITES = sizeof suites / sizeof *suites };

int main(int argc, char **argv)
{
    bool chosen[SUITES] = {false}, any = false;
    if (argc == 4 && strcmp(argv[1], "--against") == 0)
        return bench_against(argv[2], argv[3]);
    bool movable = argc == 2 && strcmp(argv[1], "busy") == 0;
    if (!movable &&
        !getenv("OMP_PROC_BIND")) { /* threads stay where they are; the runtime reads it at start */
        setenv("OMP_PROC_BIND", "true", 1);
        execv("/proc/self/exe", argv);
    }
    for (int k = 1; k < argc; k++) {
        if (strcmp(argv[k], "-o") == 0 && k + 1 < argc) {
            csv = fopen(argv[++k], "w");
            if (!csv) {
                perror(argv[k]);
                return 1;
            }
            continue;
        }
        bool known = false;
        for (size_t s = 0; s < SUITES; s++)
            if (strcmp(argv[k], suites[s].name) == 0)
                chosen[s] = any = known = true;
        if (!known) {
            fprintf(stderr, "usage: orrery-bench [kernels] [busy] [integrators] [io] [precision] "
                            "[planets] [viewer] [gravity] "
                            "[-o FILE.csv]\n"
                            "       orrery-bench --against OLD.csv NEW.csv\n");
            return 1;
        }
    }
    char cpu[128], date[32];
    machine(cpu, sizeof cpu);
    time_t now = time(NULL);
    struct tm utc;
    strftime(date, sizeof date, "%Y-%m-%d", gmtime_r(&now, &utc));
    orr_build b = orr_build_info();
    printf("%s, %s, %s, kernels %s\n", cpu, b.compiler, b.flags, orr_isa());
    if (csv)
        fprintf(csv,
                "# cpu: %s; compiler: %s; flags: %s; kernels: %s; version %s; date %s\n"
                "suite,name,n,threads,unit,median,best,spread,ratio\n",
                cpu, b.compiler, b.flags, orr_isa(), b.version, date);
    for (size_t s = 0; s < SUITES; s++)
        if (!any || chosen[s])
            suites[s].run();
    if (csv && fclose(csv) != 0) {
        perror("csv");
        return 1;
    }
    return 0;
}
