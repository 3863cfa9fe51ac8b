/* checkpoints.c - what a checkpoint costs: the copy of the state that the run waits for, the same
 * with write() and fsync() (a thread of its own does that), and back. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

typedef struct saved {
    orr_sim *sim;
    void *data, *other;
    size_t size;
    char path[64];
} saved;

static void need(orr_status status, const orr_sim *sim)
{
    if (status == ORR_OK)
        return;
    fprintf(stderr, "%s\n", orr_sim_message(sim));
    exit(1);
}

static void plain_copy(void *user)
{
    saved *w = user;
    void *copy = malloc(w->size);
    if (!copy)
        exit(1);
    memcpy(copy, w->data, w->size);
    free(w->other); /* after it was used, or the compiler would leave the copy out */
    w->other = copy;
}

static void save(void *user)
{
    saved *w = user;
    free(w->other);
    need(orr_sim_save(w->sim, &w->other, &w->size), w->sim);
}

static void save_and_sync(void *user)
{
    saved *w = user;
    save(w);
    int fd = open(w->path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    for (size_t at = 0; at < w->size;) {
        ssize_t n = write(fd, (char *)w->other + at, w->size - at);
        if (n <= 0)
            exit(1);
        at += (size_t)n;
    }
    if (fsync(fd) != 0 || close(fd) != 0)
        exit(1);
}

static void restore(void *user)
{
    saved *w = user;
    need(orr_sim_restore(w->sim, w->data, w->size), w->sim);
}

void bench_checkpoints(void)
{
    static const char *const methods[] = {"leapfrog", "wh", "ias15", "taylor"};
    const size_t n = 100000;
    for (size_t k = 0; k < sizeof methods / sizeof *methods; k++) {
        char text[500], names[4][64];
        snprintf(text, sizeof text,
                 "units: { length: au, mass: Msun, time: day }\n"
                 "integrator: { method: %s%s }\nrun: { to: 100 day }\n"
                 "bodies: [ { name: Sun, mass: 1 }, { name: Jupiter, mass: 1e-3, orbit: { around: "
                 "Sun, a: 5.2 } } ]\n"
                 "groups: [ { generate: belt, name: b, around: Sun, count: %zu, a: [2, 3], role: "
                 "test } ]\n",
                 methods[k], k < 2 ? ", step: 1 day" : "", n - 2);
        orr_scenario s = bench_scenario(text);
        saved w = {.path = ""};
        orr_diagnosis why;
        if (orr_sim_from_scenario(&s, 0, &w.sim, &why) != ORR_OK) {
            fprintf(stderr, "%s\n", why.text);
            exit(1);
        }
        snprintf(w.path, sizeof w.path, "orrery-bench-%ld.checkpoint", (long)getpid());
        need(orr_sim_run_until(w.sim, 5), w.sim);
        need(orr_sim_save(w.sim, &w.data, &w.size), w.sim);
        static const char *const what[] = {"plain copy", "save", "save, write, sync", "restore"};
        for (int c = 0; c < 4; c++)
            snprintf(names[c], sizeof names[c], "%s: %s", methods[k], what[c]);
        const bench_case cases[] = {{names[0], plain_copy, &w, 1},
                                    {names[1], save, &w, 1},
                                    {names[2], save_and_sync, &w, 1},
                                    {names[3], restore, &w, 1}};
        bench_value("checkpoints", methods[k], "bytes", n, (double)w.size, 0);
        bench_compare("checkpoints", "s", true, true, n, 1, 9, cases, 4, NULL);
        unlink(w.path);
        free(w.data), free(w.other);
        orr_sim_destroy(w.sim);
        orr_scenario_free(&s);
    }
}
