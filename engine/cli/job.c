/* job.c - see job.h. */
#include "job.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static orr_sim *volatile running; /* for the signal handlers only */
static volatile sig_atomic_t checkpoint_wanted, interrupted;

static const double view_every = 1.0 / 30; /* [s] */

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
    if (running)
        orr_sim_request_stop(running); /* a second signal ends the program at once */
}

/* A batch system's word that time is short, or a user's: SIGUSR1. */
static void on_request(int number)
{
    (void)number;
    checkpoint_wanted = 1;
}

/* ---- what happens at a time that is due ---- */

static exit_code file_trouble(job *j)
{
    snprintf(j->detail, sizeof j->detail, "%s", orr_writer_message(j->writer));
    return EXIT_FILES;
}

static exit_code diagnose(job *j, bool first)
{
    double h = j->s->step > 0 ? j->s->step : orr_sim_count(j->sim).last;
    orr_diagnostics d;
    if (!measure(j->sim, j->direction * h, first, &j->m, &d)) {
        snprintf(j->detail, sizeof j->detail, "out of memory for the energy");
        return EXIT_NUMERICAL;
    }
    j->energy_tells = j->energy_tells || d.conserved.potential != 0;
    j->p.energy_error = j->energy_tells ? d.energy_error : NAN;
    j->energy_off =
        fabs(d.energy_error) / fmax(1, j->m.e0 != 0 ? d.conserved.kinetic / fabs(j->m.e0) : 1);
    if (j->shadow.sim) {
        if (shadow_follow(&j->shadow, orr_sim_snapshot(j->sim)) != ORR_OK) {
            snprintf(j->detail, sizeof j->detail, "the shadow: %s", orr_sim_message(j->shadow.sim));
            return EXIT_NUMERICAL;
        }
        d.shadow = j->shadow.apart;
    }
    return orr_writer_diagnose(j->writer, &d) == ORR_OK ? EXIT_OK : file_trouble(j);
}

static exit_code write_frame(job *j)
{
    orr_snapshot now = orr_sim_snapshot(j->sim);
    return orr_writer_append(j->writer, &now) == ORR_OK ? EXIT_OK : file_trouble(j);
}

static double expected_at(const job *j, size_t k)
{
    const orr_expectation *e = &j->s->expect[k];
    return j->attended[k] ? INFINITY : isnan(e->at) ? j->frames.span : fabs(e->at - j->s->t_start);
}

static void check_expectations(job *j, double t)
{
    for (size_t k = 0; k < j->s->n_expect; k++)
        if (expected_at(j, k) <= t) {
            orr_snapshot now = orr_sim_snapshot(j->sim);
            j->met[k] = orr_expectation_met(j->s, &j->s->expect[k], &now, &j->m.watch, j->texts[k],
                                            sizeof j->texts[k]);
            j->attended[k] = true;
        }
}

static double next_time(const job *j)
{
    double t = fmin(due(&j->frames), due(&j->checks));
    if (j->keeper.marks.every > 0)
        t = fmin(t, due(&j->keeper.marks));
    for (size_t k = 0; k < j->s->n_expect; k++)
        t = fmin(t, expected_at(j, k));
    return t;
}

/* Events since the last look, into the file. */
static exit_code write_events(job *j)
{
    size_t n;
    const orr_event *e = orr_sim_events(j->sim, &n);
    for (; j->events < n; j->events++) {
        orr_status status = orr_writer_event(j->writer, 0, &e[j->events]);
        j->m.lost += e[j->events].energy;
        if (status != ORR_OK && status != ORR_E_RANGE)
            return file_trouble(j);
        j->unwritten += status == ORR_E_RANGE;
    }
    return EXIT_OK;
}

static exit_code attend(job *j, double t)
{
    exit_code code = write_events(j);
    if (code == EXIT_OK && due(&j->checks) <= t) {
        code = diagnose(j, t == 0);
        done(&j->checks);
    }
    if (code == EXIT_OK && due(&j->frames) <= t) {
        code = write_frame(j);
        done(&j->frames);
    }
    if (j->keeper.marks.every > 0 && due(&j->keeper.marks) <= t) {
        done(&j->keeper.marks);
        checkpoint_wanted = 1;
    }
    check_expectations(j, t);
    return code;
}

/* When the last snapshot was written; negative: none was. */
static double last_frame(const job *j)
{
    return j->frames.k == 0 ? -1
           : j->frames.over ? j->frames.span
                            : (double)(j->frames.k - 1) * j->frames.every;
}

/* The state at the moment of the interruption, so that it is not lost.  Where a step of many small
 * ones failed it may lie before what was written. */
static exit_code write_last(job *j)
{
    exit_code code = write_events(j);
    if (j->direction * (orr_sim_snapshot(j->sim).t - j->s->t_start) < last_frame(j))
        return code;
    if (code == EXIT_OK)
        code = diagnose(j, false);
    return code == EXIT_OK ? write_frame(j) : code;
}

/* ---- checkpoints ---- */

/* The shadow beside the run, where there is one. */
static bool save_shadow(job *j, saved_run *to)
{
    shadow *w = &j->shadow;
    if (!w->sim)
        return true;
    *to = (saved_run){.apart = w->apart, .lost_at = w->lost_at};
    if (orr_sim_save(w->sim, &to->image, &to->image_size) == ORR_OK)
        return true;
    print_warning("no checkpoint: the shadow: %s", orr_sim_message(w->sim));
    return false;
}

/* All of the run at the last whole step; failing costs a warning, since the run can go on, unless
 * it is the output that cannot be written. */
static exit_code save_checkpoint(job *j, bool wait)
{
    checkpoint c = j->keeper.origin;
    checkpoint_wanted = 0;
    if (!j->keeper.on)
        return EXIT_OK;
    if (write_events(j) != EXIT_OK || orr_writer_flush(j->writer) != ORR_OK)
        return file_trouble(j);
    c.n_runs = j->shadow.sim ? 2 : 1;
    c.runs = calloc(c.n_runs, sizeof *c.runs);
    orr_status status =
        c.runs ? orr_sim_save(j->sim, &c.runs->image, &c.runs->image_size) : ORR_E_NO_MEMORY;
    if (status != ORR_OK)
        print_warning("no checkpoint: %s", c.runs ? orr_sim_message(j->sim) : "out of memory");
    if (status != ORR_OK || !save_shadow(j, c.runs + 1)) {
        checkpoint_free_runs(c.runs, c.n_runs);
        keeper_start(&j->keeper, orr_sim_count(j->sim).steps); /* tried again when it is due */
        return EXIT_OK;
    }
    c.runs->m = j->m;
    c.runs->events = j->events;
    c.unwritten = j->unwritten;
    c.t = orr_sim_snapshot(j->sim).t;
    c.output = (char *)(uintptr_t)orr_writer_path(j->writer);
    c.place = orr_writer_tell(j->writer);
    c.frames = j->frames, c.checks = j->checks, c.marks = j->keeper.marks;
    c.n_expect = j->s->n_expect;
    c.attended = (unsigned char *)j->attended, c.met = (unsigned char *)j->met; /* of one byte */
    c.texts = j->texts[0];
    keeper_keep(&j->keeper, &c, orr_sim_count(j->sim).steps, wait);
    return EXIT_OK;
}

/* About once a millisecond, whatever a step costs. */
static bool time_to_look(job *j, double *now)
{
    if (++j->looks < j->next_look)
        return false;
    *now = wall_clock();
    double since = *now - j->looked;
    if (since < 5e-4 && j->stride < (uint64_t)1 << 20)
        j->stride *= 2;
    else if (since > 2e-3 && j->stride > 1)
        j->stride /= 2;
    j->looked = *now;
    j->next_look = j->looks + j->stride;
    return true;
}

/* After every step: the progress line, and whether a checkpoint or a picture is due before the next
 * output. */
static void watch_step(const orr_sim *sim, void *user)
{
    job *j = user;
    double now;
    progress_step(sim, &j->p);
    if (j->keeper.on && orr_sim_count(sim).steps >= j->keeper.next_step) {
        checkpoint_wanted = 1;
        orr_sim_request_stop(running);
    }
    if ((!j->keeper.on && !j->view) || !time_to_look(j, &now))
        return;
    if (keeper_due(&j->keeper, now, 0))
        checkpoint_wanted = 1;
    if ((j->keeper.on && checkpoint_wanted) || (j->view && now >= j->next_view))
        orr_sim_request_stop(running);
}

/* Let the window have the state of the whole step where the run is. */
static void show(job *j)
{
    j->next_view = wall_clock() + view_every;
    if (atomic_load(&j->view->abandoned))
        j->view = NULL; /* the window was closed; the run goes on */
    else if (orr_sim_run_until(j->sim, orr_sim_snapshot(j->sim).t) == ORR_OK)
        feed_publish(j->view, j->sim);
}

/* The run was stopped: for a checkpoint or a picture alone (true), or by the user, or its output
 * cannot be written. */
static bool pauses(job *j, exit_code *code)
{
    if (checkpoint_wanted || interrupted)
        *code = save_checkpoint(j, interrupted);
    if (*code != EXIT_OK)
        return false;
    if (j->view)
        show(j);
    if (!interrupted)
        return true;
    double t = orr_sim_snapshot(j->sim).t; /* show the state there again */
    return orr_sim_run_until(j->sim, t) != ORR_OK;
}

static exit_code follow(job *j)
{
    for (double t = j->resumed ? next_time(j) : 0; isfinite(t); t = next_time(j)) {
        orr_status status = orr_sim_run_until(j->sim, time_after(j->s, t));
        if (status == ORR_E_STOPPED) {
            exit_code code = EXIT_OK;
            if (pauses(j, &code))
                continue;
            code = code == EXIT_OK ? write_last(j) : code;
            return code == EXIT_OK ? EXIT_INTERRUPTED : code;
        }
        if (status != ORR_OK) {
            snprintf(j->detail, sizeof j->detail, "%s", orr_sim_message(j->sim));
            if (status == ORR_E_COLLISION) {
                exit_code code = write_last(j);
                return code == EXIT_OK ? EXIT_INTERRUPTED : code;
            }
            if (status == ORR_E_STEP_TOO_SMALL) { /* the state of the last whole step is there */
                exit_code code = write_last(j);
                return code == EXIT_OK ? EXIT_NUMERICAL : code;
            }
            return EXIT_NUMERICAL;
        }
        exit_code code = attend(j, t);
        if (code != EXIT_OK)
            return code;
        bool over = !isfinite(next_time(j)); /* then the last state stays shown, for the summary */
        if (!over && (checkpoint_wanted ||
                      keeper_due(&j->keeper, wall_clock(), orr_sim_count(j->sim).steps)))
            code = save_checkpoint(j, false);
        if (code != EXIT_OK)
            return code;
    }
    return EXIT_OK;
}

/* The checkpoint of a run that has ended, from which it can be made longer. */
static void keep_last(job *j)
{
    double t = orr_sim_snapshot(j->sim).t;
    if (save_checkpoint(j, true) != EXIT_OK)
        print_warning("no checkpoint: %s", j->detail);
    if (orr_sim_run_until(j->sim, t) != ORR_OK) /* shown again, for the summary */
        print_warning("%s", orr_sim_message(j->sim));
}

/* ---- around it ---- */

/* "in 400 steps of 1 day" */
static void tell_steps(const job *j)
{
    orr_sim_counters count = orr_sim_count(j->sim);
    const char *unit = j->s->units.dimensionless ? "" : j->s->units.time_name,
               *gap = *unit ? " " : "";
    unsigned long long n = count.steps;
    if (j->s->step > 0)
        printf(" in %llu steps of %.6g%s%s by %s\n", n, j->s->step, gap, unit,
               j->s->integrator->name);
    else if (n == 0) /* outputs lie within the first one */
        printf(" in less than a whole step (%llu force evaluations) by %s\n",
               (unsigned long long)count.evaluations, j->s->integrator->name);
    else
        printf(" in %llu steps (%.3g to %.3g%s%s, %llu rejected) by %s\n", n, count.shortest,
               count.longest, gap, unit, (unsigned long long)count.rejected,
               j->s->integrator->name);
}

/* A result that is none. */
static void beware_of_energy(const job *j)
{
    if (!(j->energy_off > MUCH_ENERGY) || !is_conservative(j->s))
        return;
    const char *remedy = j->s->step > 0 ? "take a shorter step" : "lower the tolerance";
    print_warning(
        "an energy error of %.3g: this is no solution of the problem; %s or another method "
        "(`orrery check` recommends, `orrery compare` shows how they do)",
        j->m.watch.energy_error_final, remedy);
}

static void summarise(const job *j, exit_code code, double seconds, const char *path)
{
    orr_sim_counters count = orr_sim_count(j->sim);
    orr_snapshot now = orr_sim_snapshot(j->sim);
    const char *unit = j->s->units.dimensionless ? "" : j->s->units.time_name;
    double rate = (double)(count.steps - j->steps_before) / seconds;
    if (given(j->a, "json")) {
        json_begin(ending(code));
        json_text("file", path);
        json_number("bodies", (double)now.bodies->n);
        json_number("t", now.t);
        json_number("steps", (double)count.steps);
        json_number("evaluations", (double)count.evaluations);
        json_number("rejected", (double)count.rejected);
        json_number("shortest_step", count.shortest);
        json_number("longest_step", count.longest);
        json_number("wall_seconds", seconds);
        json_number("steps_per_second", rate);
        json_number("events", (double)j->events);
        json_number("energy_error", j->energy_tells ? j->m.watch.energy_error_final : NAN);
        json_number("energy_error_max", j->energy_tells ? j->m.watch.energy_error_max : NAN);
        if (j->shadow.sim) {
            json_number("shadow_distance", j->shadow.apart);
            json_number("positions_lost_at", j->shadow.lost_at);
        }
        char hash[24];
        snprintf(hash, sizeof hash, "%016llx", (unsigned long long)orr_bodies_hash(now.bodies));
        json_text("state_hash", hash);
        json_end();
        return;
    }
    if (given(j->a, "quiet"))
        return;
    char took[32];
    print_text("%s\n", *j->s->title ? j->s->title : j->s->path);
    printf("  bodies        %zu (%zu active, %zu passive, %zu test)\n", now.bodies->n,
           now.bodies->n_active, now.bodies->n_passive,
           now.bodies->n - now.bodies->n_active - now.bodies->n_passive);
    double ran = now.t - j->s->t_start;
    double reached = fmax(j->direction * ran, last_frame(j)); /* what is shown may lie before */
    double years = reached * j->s->units.time / 31557600;     /* Julian */
    printf("  simulated     %.10g%s%s", j->direction * reached + 0.0, *unit ? " " : "", unit);
    if (*unit && years >= 2 && strcmp(unit, "yr") != 0)
        printf(" (%.6g yr)", years);
    tell_steps(j);
    printf("  took          %s (%.3g steps/s, %s kernels)\n", human_seconds(seconds, took), rate,
           orr_isa());
    if (j->events)
        printf("  events        %zu, in /events\n", j->events);
    if (j->energy_tells)
        printf("  energy error  %.2e at the end, %.2e at most (relative)\n",
               j->m.watch.energy_error_final, j->m.watch.energy_error_max);
    else
        puts("  energy error  - (nothing massive moves under a force)");
    if (j->shadow.sim)
        shadow_say(&j->shadow, &j->s->units);
    print_text("  output        %s (%llu snapshots)\n", path, (unsigned long long)j->frames.k);
}

static exit_code report_expectations(const job *j)
{
    size_t missed = 0;
    bool json = given(j->a, "json"), quiet = given(j->a, "quiet");
    for (size_t k = 0; k < j->s->n_expect; k++) {
        missed += !j->met[k];
        if (json) {
            json_begin("expectation");
            json_text("file", j->s->expect[k].file);
            json_number("line", j->s->expect[k].line);
            json_number("met", j->met[k]);
            json_text("text", j->texts[k]);
            json_end();
        } else if (!j->met[k]) {
            print_at_expectation(&j->s->expect[k], "expectation missed: %s", j->texts[k]);
        } else if (!quiet) {
            print_text("  as expected   %s\n", j->texts[k]);
        }
    }
    return missed ? EXIT_MISSED : EXIT_OK;
}

static exit_code finish(job *j, exit_code code)
{
    double seconds = wall_clock() - j->started;
    char path[4096];
    snprintf(path, sizeof path, "%s", orr_writer_path(j->writer));
    orr_diagnosis why;
    if (code == EXIT_OK && j->keeper.to_the_end && j->keeper.on)
        keep_last(j);
    keeper_wait(&j->keeper);
    bool kept = !j->keeper.to_the_end && keeper_has_one(&j->keeper);
    if (code == EXIT_OK && kept && orr_writer_sync(j->writer) != ORR_OK)
        code = file_trouble(j); /* the checkpoint goes only when all else is on the disk */
    orr_status status = orr_writer_close(j->writer, ending(code), seconds, &why);
    j->writer = NULL;
    progress_end(&j->p);
    bool there = access(path, F_OK) == 0;
    if (code == EXIT_NUMERICAL || code == EXIT_FILES)
        print_error(there ? "%s\n       what was good is in '%s'" : "%s", j->detail, path);
    if (code == EXIT_FILES && !there && keeper_has_one(&j->keeper))
        print_warning("its checkpoint is left: `orrery resume -o NEW.h5 %s` goes on from there",
                      j->keeper.first);
    if (status != ORR_OK && (code == EXIT_OK || code == EXIT_INTERRUPTED)) {
        print_diagnosis(&why);
        code = EXIT_FILES;
    }
    if (j->unwritten)
        print_warning("%zu events found no room in /events of '%s'", j->unwritten, path);
    if (code == EXIT_OK && kept)
        keeper_remove(&j->keeper);
    if (code == EXIT_INTERRUPTED)
        keeper_say(&j->keeper);
    if (code == EXIT_INTERRUPTED)
        print_warning("%s; the state at t = %.10g%s%s is the last in '%s'",
                      *j->detail ? j->detail : "interrupted", orr_sim_snapshot(j->sim).t,
                      j->s->units.dimensionless ? "" : " ",
                      j->s->units.dimensionless ? "" : j->s->units.time_name, path);
    summarise(j, code, seconds, path);
    fflush(stdout);
    if (!given(j->a, "quiet"))
        beware_of_energy(j);
    return code == EXIT_OK ? report_expectations(j) : code;
}

exit_code job_prepare(job *j, long *threads)
{
    orr_scenario *s = j->s;
    const char *wish = value_of(j->a, "threads");
    if (wish && !parse_count("threads", wish, 1, 4096, threads))
        return EXIT_USAGE;
    size_t n = s->n_expect + 1;
    j->attended = calloc(n, sizeof *j->attended);
    j->met = calloc(n, sizeof *j->met);
    j->texts = calloc(n, sizeof *j->texts);
    orr_status status = j->attended && j->met && j->texts ? ORR_OK : ORR_E_NO_MEMORY;
    if (status == ORR_OK && orr_scenario_needs_initial(s))
        status = orr_bodies_copy(&j->initial, &s->bodies);
    if (status != ORR_OK) {
        print_error("%s", orr_status_text(status));
        return EXIT_NUMERICAL;
    }
    j->m.watch.initial = j->initial.n ? &j->initial : NULL;
    return EXIT_OK;
}

/* From the first step to the last. */
exit_code job_go(job *j)
{
    const orr_scenario *s = j->s;
    interrupted = checkpoint_wanted = 0;
    j->looked = wall_clock();
    j->stride = 1;
    j->steps_before = orr_sim_count(j->sim).steps;
    keeper_start(&j->keeper, j->steps_before);
    j->p = progress_begin(given(j->a, "quiet"), given(j->a, "json"), s->t_start, s->t_end,
                          s->units.dimensionless ? "" : s->units.time_name);
    orr_sim_observe(j->sim, watch_step, j);
    running = j->sim;
    catch_interrupts(on_signal);
    signal(SIGUSR1, on_request);
    if (j->view)
        show(j);
    exit_code code = follow(j);
    if (j->view) { /* the last state, for those who still look */
        show(j);
        if (j->view)
            atomic_store(&j->view->ended, true);
    }
    code = finish(j, code);
    running = NULL;
    return code;
}

void job_clean_up(job *j)
{
    orr_sim_destroy(j->sim);
    keeper_end(&j->keeper);
    shadow_end(&j->shadow);
    orr_bodies_free(&j->initial);
    free(j->attended), free(j->met), free(j->texts);
}
