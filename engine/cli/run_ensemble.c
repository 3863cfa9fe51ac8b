/* run_ensemble.c - all members of an ensemble to every output time, one file for all.  A member
 * that fails is recorded and left behind; the others go on. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ensemble.h"
#include "measure.h"
#include "progress.h"
#include "schedule.h"

typedef struct member {
    orr_scenario s;
    orr_sim *sim; /* NULL: could not be made */
    orr_status status;
    measured m;
    size_t events; /* seen so far */
} member;

typedef struct crowd {
    const arguments *a;
    const orr_scenario *s;
    size_t n, failed, missed, events, unwritten;
    member *members;
    orr_sim **sims;               /* [n] */
    orr_status *status;           /* [n] */
    orr_bodies *bodies;           /* [n] initial, until the writer is open */
    orr_snapshot *now;            /* [n] */
    orr_diagnostics *diagnostics; /* [n] */
    orr_writer *writer;
    schedule frames, checks;
    double direction, started;
    int threads;
    char detail[800];
} crowd;

/* For the signal handler only. */
static crowd *volatile running;

static void on_signal(int number)
{
    (void)number;
    for (size_t k = 0; running && k < running->n; k++)
        if (running->sims[k])
            orr_sim_request_stop(running->sims[k]);
}

static bool allocate(crowd *c)
{
    c->members = calloc(c->n, sizeof *c->members);
    c->sims = calloc(c->n, sizeof(orr_sim *));
    c->status = calloc(c->n, sizeof *c->status);
    c->bodies = calloc(c->n, sizeof *c->bodies);
    c->now = calloc(c->n, sizeof *c->now);
    c->diagnostics = calloc(c->n, sizeof *c->diagnostics);
    return c->members && c->sims && c->status && c->bodies && c->now && c->diagnostics;
}

static void release(crowd *c)
{
    for (size_t k = 0; k < c->n; k++) {
        if (c->sims)
            orr_sim_destroy(c->sims[k]);
        if (c->members)
            orr_scenario_free(&c->members[k].s);
    }
    free(c->members), free(c->sims), free(c->status), free(c->bodies), free(c->now);
    free(c->diagnostics);
}

/* The bodies, times and names must be those of the scenario itself: one file holds all. */
static bool same_shape(const orr_scenario *a, const orr_scenario *b)
{
    return a->bodies.n == b->bodies.n && a->bodies.n_active == b->bodies.n_active &&
           a->bodies.n_passive == b->bodies.n_passive && a->t_end == b->t_end &&
           a->output.every == b->output.every && a->output.diagnostics == b->output.diagnostics &&
           memcmp(a->bodies.id, b->bodies.id, a->bodies.n * sizeof *a->bodies.id) == 0 &&
           a->units.length == b->units.length && a->units.time == b->units.time;
}

static exit_code load_members(crowd *c)
{
    for (size_t k = 0; k < c->n; k++) {
        orr_diagnosis why;
        orr_status status = load_member(c->a, c->s, k, &c->members[k].s, &why);
        if (status == ORR_OK && !same_shape(&c->members[k].s, c->s)) {
            print_error(
                "member %zu has other bodies, times or units than the scenario; vary numbers "
                "of bodies and options of the integrator",
                k);
            return EXIT_SCENARIO;
        }
        if (status != ORR_OK) {
            print_error("member %zu of the ensemble:", k);
            print_diagnosis(&why);
            return EXIT_SCENARIO;
        }
        c->bodies[k] = c->members[k].s.bodies; /* lent */
    }
    return EXIT_OK;
}

static exit_code lost_file(crowd *c)
{
    snprintf(c->detail, sizeof c->detail, "%s", orr_writer_message(c->writer));
    return EXIT_FILES;
}

/* Record who failed since the last look. */
static exit_code count_failures(crowd *c, double t)
{
    for (size_t k = 0; k < c->n; k++) {
        member *m = &c->members[k];
        if (m->status != ORR_OK || c->status[k] == ORR_OK || c->status[k] == ORR_E_STOPPED)
            continue;
        m->status = c->status[k];
        c->failed++;
        if (!given(c->a, "quiet"))
            print_warning("member %zu failed: %s", k,
                          c->sims[k] ? orr_sim_message(c->sims[k]) : orr_status_text(m->status));
        if (orr_writer_member_failed(c->writer, k, m->status, t) != ORR_OK)
            return lost_file(c);
    }
    return EXIT_OK;
}

static void diagnose(crowd *c, size_t k, bool first)
{
    member *m = &c->members[k];
    orr_diagnostics *d = &c->diagnostics[k];
    if (m->status == ORR_OK && measure(c->sims[k], c->direction * m->s.step, first, &m->m, d))
        return;
    *d = (orr_diagnostics){.energy_error = NAN, .step_size = NAN};
    d->conserved.kinetic = d->conserved.potential = NAN;
    for (int i = 0; i < 3; i++) {
        d->conserved.momentum[i] = d->conserved.angular_momentum[i] = NAN;
        d->conserved.center_of_mass[i] = NAN;
    }
}

/* Events of all members since the last look, into the file. */
static exit_code write_events(crowd *c)
{
    for (size_t k = 0; k < c->n; k++) {
        member *m = &c->members[k];
        size_t n = 0;
        const orr_event *e = c->sims[k] ? orr_sim_events(c->sims[k], &n) : NULL;
        for (; m->events < n; m->events++, c->events++) {
            orr_status status = orr_writer_event(c->writer, k, &e[m->events]);
            if (status != ORR_OK && status != ORR_E_RANGE)
                return lost_file(c);
            c->unwritten += status == ORR_E_RANGE;
            m->m.lost += e[m->events].energy;
        }
    }
    return EXIT_OK;
}

static exit_code attend(crowd *c, double t)
{
    double at = c->direction * t + 0.0;
    exit_code code = count_failures(c, at);
    if (code == EXIT_OK)
        code = write_events(c);
    if (code != EXIT_OK)
        return code;
    if (due(&c->checks) <= t) {
        for (size_t k = 0; k < c->n; k++)
            diagnose(c, k, t == 0);
        if (orr_writer_diagnose_members(c->writer, at, c->diagnostics) != ORR_OK)
            return lost_file(c);
        done(&c->checks);
    }
    if (due(&c->frames) <= t) {
        for (size_t k = 0; k < c->n; k++) {
            c->now[k] = (orr_snapshot){0};
            if (c->members[k].status == ORR_OK)
                c->now[k] = orr_sim_snapshot(c->sims[k]);
        }
        if (orr_writer_append_members(c->writer, at, c->now) != ORR_OK)
            return lost_file(c);
        done(&c->frames);
    }
    return EXIT_OK;
}

static bool was_stopped(const crowd *c)
{
    for (size_t k = 0; k < c->n; k++)
        if (c->status[k] == ORR_E_STOPPED)
            return true;
    return false;
}

static exit_code follow(crowd *c)
{
    bool talk = !given(c->a, "quiet") && isatty(STDERR_FILENO);
    for (double t = 0; isfinite(t); t = fmin(due(&c->frames), due(&c->checks))) {
        orr_sims_run_until(c->sims, c->n, c->direction * t + 0.0, c->threads, c->status);
        if (was_stopped(c)) {
            print_warning("interrupted; outputs up to the one before are in the file");
            return EXIT_INTERRUPTED;
        }
        exit_code code = attend(c, t);
        if (code != EXIT_OK)
            return code;
        if (talk)
            fprintf(stderr, "\r\033[K%.1f %% of %zu members", 100 * t / c->frames.span, c->n);
    }
    if (talk)
        fputs("\r\033[K", stderr);
    return EXIT_OK;
}

/* Expectations hold for every member that did not fail, at the end. */
static void expect(crowd *c)
{
    for (size_t k = 0; k < c->n; k++) {
        member *m = &c->members[k];
        for (size_t i = 0; m->status == ORR_OK && i < m->s.n_expect; i++) {
            char text[512];
            if (orr_expectation_met(&m->s, &m->s.expect[i], orr_sim_snapshot(c->sims[k]).bodies,
                                    &m->m.watch, text, sizeof text))
                continue;
            c->missed++;
            print_error("member %zu, line %d: expectation missed: %s", k, m->s.expect[i].line,
                        text);
        }
    }
}

static void summarise(const crowd *c, exit_code code, const char *path)
{
    double seconds = wall_clock() - c->started, worst = 0;
    unsigned long long steps = 0, hash = 0;
    for (size_t k = 0; k < c->n; k++) {
        const member *m = &c->members[k];
        if (!c->sims[k])
            continue;
        steps += orr_sim_count(c->sims[k]).steps;
        if (m->status == ORR_OK) {
            worst = fmax(worst, m->m.watch.energy_error_max);
            hash = hash * 31 + orr_bodies_hash(orr_sim_snapshot(c->sims[k]).bodies);
        }
    }
    if (given(c->a, "json")) {
        char text[24];
        snprintf(text, sizeof text, "%016llx", hash);
        json_begin(ending(code));
        json_text("file", path);
        json_number("members", (double)c->n);
        json_number("failed", (double)c->failed);
        json_number("steps", (double)steps);
        json_number("wall_seconds", seconds);
        json_number("energy_error_max", worst);
        json_text("state_hash", text);
        json_end();
        return;
    }
    if (given(c->a, "quiet"))
        return;
    char took[32];
    printf("%s\n", *c->s->title ? c->s->title : c->s->path);
    printf("  ensemble      %zu members of %zu bodies, %zu failed\n", c->n, c->s->bodies.n,
           c->failed);
    printf("  simulated     %.10g %s each, %llu steps in all by %s\n",
           c->direction * c->frames.span, c->s->units.dimensionless ? "" : c->s->units.time_name,
           steps, c->s->integrator->name);
    printf("  took          %s (%.3g steps/s, %s kernels)\n", human_seconds(seconds, took),
           (double)steps / seconds, orr_isa());
    if (c->events)
        printf("  events        %zu, in /events\n", c->events);
    if (c->unwritten)
        print_warning("%zu events found no room in /events", c->unwritten);
    printf("  energy error  %.2e at most (relative, over all members)\n", worst);
    printf("  output        %s (%llu snapshots)\n", path, (unsigned long long)c->frames.k);
}

static exit_code begin(crowd *c)
{
    orr_diagnosis why;
    orr_provenance provenance = provenance_of(c->a, c->threads);
    orr_status status =
        orr_writer_open_ensemble(value_of(c->a, "output"), c->s, c->bodies, &provenance,
                                 given(c->a, "force"), &c->writer, &why);
    if (status != ORR_OK) {
        print_error("%s", why.text);
        return EXIT_FILES;
    }
    for (size_t k = 0; k < c->n; k++) {
        c->status[k] = orr_sim_from_scenario(&c->members[k].s, 1, &c->sims[k], &why);
        if (c->status[k] != ORR_OK && c->status[k] != ORR_E_NO_MEMORY)
            print_warning("member %zu: %s", k, why.text);
    }
    return EXIT_OK;
}

exit_code run_ensemble(const arguments *a, const orr_scenario *s)
{
    crowd c = {.a = a, .s = s, .n = s->ensemble.members, .direction = s->t_end < 0 ? -1 : 1};
    long threads = 0;
    const char *wish = value_of(a, "threads");
    if (wish && !parse_count("threads", wish, 1, 4096, &threads))
        return EXIT_USAGE;
    c.threads = (int)threads;
    c.started = wall_clock();
    c.frames = (schedule){.every = s->output.every, .span = fabs(s->t_end)};
    c.checks = (schedule){.every = s->output.diagnostics, .span = fabs(s->t_end)};
    for (size_t k = 0; k < s->n_expect; k++)
        if (!isnan(s->expect[k].at) || orr_scenario_needs_initial(s)) {
            print_error(
                "%s:%d: in an ensemble, expectations are about the end, and not relative to "
                "the start",
                s->path, s->expect[k].line);
            return EXIT_SCENARIO;
        }
    exit_code code = EXIT_NUMERICAL;
    if (!allocate(&c))
        print_error("out of memory for %zu members", c.n);
    else
        code = load_members(&c);
    if (code == EXIT_OK && given(a, "dry-run")) {
        printf("%s: would run %zu members of %zu bodies with %s\n", s->path, c.n, s->bodies.n,
               s->integrator->name);
        release(&c);
        return EXIT_OK;
    }
    if (code == EXIT_OK)
        code = begin(&c);
    if (code != EXIT_OK) {
        release(&c);
        return code;
    }
    running = &c;
    catch_interrupts(on_signal);
    code = follow(&c);
    running = NULL;
    char path[4096];
    snprintf(path, sizeof path, "%s", orr_writer_path(c.writer));
    orr_diagnosis why;
    if (orr_writer_close(c.writer, ending(code), wall_clock() - c.started, &why) != ORR_OK &&
        code == EXIT_OK) {
        print_diagnosis(&why);
        code = EXIT_FILES;
    }
    if (*c.detail)
        print_error("%s", c.detail);
    summarise(&c, code, path);
    if (code == EXIT_OK)
        expect(&c);
    if (code == EXIT_OK && c.failed == c.n) {
        print_error("every member failed");
        code = EXIT_NUMERICAL;
    }
    code = code == EXIT_OK && c.missed ? EXIT_MISSED : code;
    release(&c);
    return code;
}
