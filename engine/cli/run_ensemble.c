/* run_ensemble.c - all members of an ensemble to every output time, one file for all.  A member
 * that fails is recorded and left behind; the others go on. */
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "crowd.h"
#include "ensemble.h"
#include "progress.h"

static crowd *volatile running;                    /* for the signal handlers only */
static atomic_bool checkpoint_wanted, interrupted; /* set by them, and by threads */

static void stop_all(void)
{
    for (size_t k = 0; running && k < running->n; k++)
        if (running->sims[k] && running->members[k].status == ORR_OK)
            orr_sim_request_stop(running->sims[k]);
}

static void on_signal(int number)
{
    (void)number;
    interrupted = true;
    stop_all();
}

/* Somebody's word (SIGUSR1), or the clock's (SIGALRM): members are on many threads, and their steps
 * may be long. */
static void on_request(int number)
{
    (void)number;
    checkpoint_wanted = true;
    stop_all();
}

static void ring_in(double seconds)
{
    struct itimerval once = {.it_value = {.tv_sec = (time_t)seconds}};
    once.it_value.tv_usec = (suseconds_t)((seconds - floor(seconds)) * 1e6) + 1;
    if (seconds > 0)
        setitimer(ITIMER_REAL, &once, NULL);
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
    keeper_end(&c->keeper);
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
           a->bodies.n_passive == b->bodies.n_passive && a->t_start == b->t_start &&
           a->t_end == b->t_end && a->output.every == b->output.every &&
           a->output.diagnostics == b->output.diagnostics &&
           memcmp(a->bodies.id, b->bodies.id, a->bodies.n * sizeof *a->bodies.id) == 0 &&
           a->units.length == b->units.length && a->units.time == b->units.time;
}

static exit_code load_members(crowd *c)
{
    for (size_t k = 0; k < c->n; k++) {
        orr_diagnosis why;
        orr_scenario_changes changes;
        if (c->from)
            changes = checkpoint_changes(c->from, given(c->a, "allow-plugins"));
        orr_status status = c->from ? orr_scenario_member(c->s, k, &changes, &c->members[k].s, &why)
                                    : load_member(c->a, c->s, k, &c->members[k].s, &why);
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
    if (m->status == ORR_OK && measure(c->sims[k], c->direction * m->s.step, first, &m->m, d)) {
        c->energy_tells = c->energy_tells || d->conserved.potential != 0;
        return;
    }
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
    double at = time_after(c->s, t);
    exit_code code = count_failures(c, at);
    /* only then, so that checkpoints do not change their order */
    if (code == EXIT_OK && fmin(due(&c->checks), due(&c->frames)) <= t)
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
    if (c->keeper.marks.every > 0 && due(&c->keeper.marks) <= t) {
        done(&c->keeper.marks);
        checkpoint_wanted = true;
    }
    return EXIT_OK;
}

/* True if some did not come to the time that they were to reach; they may go on. */
static bool were_stopped(crowd *c)
{
    bool some = false;
    for (size_t k = 0; k < c->n; k++)
        if (c->status[k] == ORR_E_STOPPED) {
            c->status[k] = ORR_OK;
            some = true;
        }
    return some;
}

static double next_time(const crowd *c)
{
    double t = fmin(due(&c->frames), due(&c->checks));
    return c->keeper.marks.every > 0 ? fmin(t, due(&c->keeper.marks)) : t;
}

/* A checkpoint, if it is time or the end for now. */
static void save_if_due(crowd *c)
{
    if (checkpoint_wanted || interrupted || keeper_due(&c->keeper, wall_clock(), crowd_steps(c))) {
        checkpoint_wanted = false;
        crowd_save(c, interrupted);
        ring_in(c->keeper.every);
    }
}

static exit_code follow(crowd *c)
{
    bool talk = !given(c->a, "quiet") && isatty(STDERR_FILENO);
    for (double t = c->from && c->from->n_runs ? next_time(c) : 0; isfinite(t); t = next_time(c)) {
        orr_sims_run_until(c->sims, c->n, time_after(c->s, t), c->threads, c->status);
        exit_code code = EXIT_OK;
        if (!were_stopped(c))
            code = attend(c, t);
        else
            code = count_failures(c, time_after(c->s, t));
        if (code == EXIT_OK && isfinite(next_time(c)))
            save_if_due(c);
        if (code == EXIT_OK && interrupted && isfinite(next_time(c))) {
            print_warning("interrupted; outputs up to the one before are in the file");
            code = EXIT_INTERRUPTED;
        }
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
            orr_snapshot now = orr_sim_snapshot(c->sims[k]);
            if (orr_expectation_met(&m->s, &m->s.expect[i], &now, &m->m.watch, text, sizeof text))
                continue;
            c->missed++;
            print_at_expectation(&m->s.expect[i], "member %zu: expectation missed: %s", k, text);
        }
    }
}

static void summarise(const crowd *c, exit_code code, const char *path)
{
    double seconds = wall_clock() - c->started, worst = 0;
    unsigned long long steps = crowd_steps(c), hash = 0;
    size_t off = 0;
    double rate = (double)(steps - c->steps_before) / seconds;
    for (size_t k = 0; k < c->n; k++) {
        const member *m = &c->members[k];
        if (!c->sims[k])
            continue;
        if (m->status == ORR_OK) {
            off += m->m.watch.energy_error_final > MUCH_ENERGY;
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
        json_number("energy_error_max", c->energy_tells ? worst : NAN);
        json_text("state_hash", text);
        json_end();
        return;
    }
    if (given(c->a, "quiet"))
        return;
    char took[32];
    print_text("%s\n", *c->s->title ? c->s->title : c->s->path);
    printf("  ensemble      %zu members of %zu bodies, %zu failed\n", c->n, c->s->bodies.n,
           c->failed);
    printf("  simulated     %.10g %s each, %llu steps in all by %s\n",
           c->direction * c->frames.span, c->s->units.dimensionless ? "" : c->s->units.time_name,
           steps, c->s->integrator->name);
    printf("  took          %s (%.3g steps/s, %s kernels)\n", human_seconds(seconds, took), rate,
           orr_isa());
    if (c->events)
        printf("  events        %zu, in /events\n", c->events);
    if (c->unwritten)
        print_warning("%zu events found no room in /events", c->unwritten);
    if (c->energy_tells)
        printf("  energy error  %.2e at most (relative, over all members)\n", worst);
    else
        puts("  energy error  - (nothing massive moves under a force)");
    fflush(stdout);
    if (off > 0 && is_conservative(c->s))
        print_warning("%zu member%s an energy error above %g: that is no solution of the problem; "
                      "take a shorter step or another method (`orrery check` recommends)",
                      off, off == 1 ? " has" : "s have", MUCH_ENERGY);
    print_text("  output        %s (%llu snapshots)\n", path, (unsigned long long)c->frames.k);
}

void crowd_populate(crowd *c)
{
    orr_diagnosis why;
    for (size_t k = 0; k < c->n; k++) {
        c->status[k] = orr_sim_from_scenario(&c->members[k].s, 1, &c->sims[k], &why);
        if (c->status[k] != ORR_OK && c->status[k] != ORR_E_NO_MEMORY)
            print_warning("member %zu: %s", k, why.text);
    }
}

static exit_code begin(crowd *c)
{
    orr_diagnosis why;
    const char *wish = value_of(c->a, "output");
    if (!keeper_begin(&c->keeper, c->a, c->s, orr_bodies_hash(&c->s->bodies),
                      wish ? wish : c->s->output.file))
        return EXIT_FILES;
    orr_provenance provenance = provenance_of(c->a, c->threads);
    provenance.origin = c->keeper.text;
    orr_status status =
        orr_writer_open_ensemble(value_of(c->a, "output"), c->s, c->bodies, &provenance,
                                 given(c->a, "force"), &c->writer, &why);
    if (status != ORR_OK) {
        print_error("%s", why.text);
        return EXIT_FILES;
    }
    warn_of_writer(c->writer);
    keeper_leave_older(&c->keeper, given(c->a, "force"));
    crowd_populate(c);
    return EXIT_OK;
}

/* For checkpoints by steps; members are on many threads. */
static void count_step(const orr_sim *sim, void *user)
{
    member *m = user;
    uint64_t steps = orr_sim_count(sim).steps;
    m->all->steps += steps - m->steps;
    m->steps = steps;
    if (m->all->steps >= m->all->keeper.next_step)
        on_request(0);
}

static void count_steps(crowd *c)
{
    c->steps = c->steps_before;
    for (size_t k = 0; k < c->n && c->keeper.every_steps > 0; k++)
        if (c->sims[k]) {
            c->members[k].all = c;
            c->members[k].steps = orr_sim_count(c->sims[k]).steps;
            orr_sim_observe(c->sims[k], count_step, &c->members[k]);
        }
}

/* What an ensemble cannot have. */
static bool can_be_expected(const orr_scenario *s)
{
    for (size_t k = 0; k < s->n_expect; k++)
        if (!isnan(s->expect[k].at) || orr_scenario_needs_initial(s)) {
            print_at_expectation(&s->expect[k], "in an ensemble, expectations are about the end, "
                                                "and not relative to the start");
            return false;
        }
    return true;
}

/* From where they are to the end; closes the file and says how it went. */
static exit_code go(crowd *c)
{
    c->steps_before = c->from ? crowd_steps(c) : 0;
    interrupted = false;
    checkpoint_wanted = false;
    running = c;
    catch_interrupts(on_signal);
    signal(SIGUSR1, on_request);
    signal(SIGALRM, on_request);
    keeper_start(&c->keeper, c->steps_before);
    count_steps(c);
    ring_in(c->keeper.every);
    exit_code code = follow(c);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    if (code == EXIT_OK && c->keeper.to_the_end) {
        crowd_save(c, true);
        orr_sims_run_until(c->sims, c->n, c->s->t_end, c->threads, c->status); /* shown again */
    }
    running = NULL;
    keeper_wait(&c->keeper);
    char path[4096];
    snprintf(path, sizeof path, "%s", orr_writer_path(c->writer));
    bool kept = !c->keeper.to_the_end && keeper_has_one(&c->keeper);
    if (code == EXIT_OK && kept && orr_writer_sync(c->writer) != ORR_OK)
        code = lost_file(c);
    orr_diagnosis why;
    orr_status status = orr_writer_close(c->writer, ending(code), wall_clock() - c->started, &why);
    c->writer = NULL;
    if (status != ORR_OK && (code == EXIT_OK || code == EXIT_INTERRUPTED)) {
        print_diagnosis(&why);
        code = EXIT_FILES;
    }
    if (code == EXIT_OK && kept)
        keeper_remove(&c->keeper);
    if (code == EXIT_INTERRUPTED)
        keeper_say(&c->keeper);
    if (*c->detail)
        print_error("%s", c->detail);
    summarise(c, code, path);
    if (code == EXIT_OK)
        expect(c);
    if (code == EXIT_OK && c->failed == c->n) {
        print_error("every member failed");
        code = EXIT_NUMERICAL;
    }
    return code == EXIT_OK && c->missed ? EXIT_MISSED : code;
}

static exit_code prepare(crowd *c)
{
    const orr_scenario *s = c->s;
    long threads = 0;
    const char *wish = value_of(c->a, "threads");
    if (wish && !parse_count("threads", wish, 1, 4096, &threads))
        return EXIT_USAGE;
    c->threads = (int)threads;
    c->started = wall_clock();
    c->direction = s->t_end < s->t_start ? -1 : 1;
    c->frames = (schedule){.every = s->output.every, .span = orr_scenario_span(s)};
    c->checks = (schedule){.every = s->output.diagnostics, .span = orr_scenario_span(s)};
    if (!keeper_configure(&c->keeper, c->a, s))
        return EXIT_USAGE;
    if (!can_be_expected(s))
        return EXIT_SCENARIO;
    if (allocate(c))
        return load_members(c);
    print_error("out of memory for %zu members", c->n);
    return EXIT_NUMERICAL;
}

exit_code run_ensemble(const arguments *a, const orr_scenario *s)
{
    crowd c = {.a = a, .s = s, .n = s->ensemble.members};
    exit_code code = prepare(&c);
    bool dry = given(a, "dry-run");
    if (code == EXIT_OK && dry) {
        const char *wish = value_of(a, "output");
        print_text("%s: would run %zu members of %zu bodies with %s\n", s->path, c.n, s->bodies.n,
                   s->integrator->name);
        promise_output(a, s, c.bodies, wish ? wish : s->output.file);
    }
    if (code == EXIT_OK && !dry)
        code = begin(&c);
    if (code == EXIT_OK && !dry)
        code = go(&c);
    release(&c);
    return code;
}

exit_code resume_ensemble(const arguments *a, const checkpoint *from, const orr_scenario *s)
{
    crowd c = {.a = a, .s = s, .n = s->ensemble.members, .from = from};
    exit_code code = prepare(&c);
    if (code == EXIT_OK && !keeper_go_on(&c.keeper, a, from))
        code = EXIT_FILES;
    if (code == EXIT_OK && !crowd_restore(&c)) {
        orr_diagnosis ignored;
        if (orr_writer_close(c.writer, "stopped", 0, &ignored) != ORR_OK)
            print_diagnosis(&ignored);
        code = EXIT_FILES;
    }
    if (code == EXIT_OK)
        code = go(&c);
    release(&c);
    return code;
}
