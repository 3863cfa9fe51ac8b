/* cmd_run.c - `orrery run`: the main job. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "ensemble.h"
#include "measure.h"
#include "progress.h"
#include "schedule.h"
#include "shadow.h"

static orr_sim *volatile running; /* for the signal handler only */

static void on_signal(int number)
{
    (void)number;
    if (running)
        orr_sim_request_stop(running); /* a second signal ends the program at once */
}

typedef struct job {
    const arguments *a;
    orr_scenario *s;
    orr_sim *sim;
    orr_writer *writer;
    orr_bodies initial;
    progress p;
    schedule frames, checks;
    double direction, started;
    measured m;
    shadow shadow;
    bool *attended, *met; /* by expectation */
    char (*texts)[512];
    size_t events, unwritten; /* seen so far; for which there was no room */
    char detail[800];         /* why it failed */
} job;

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
    j->p.energy_error = d.energy_error;
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
    return j->attended[k] ? INFINITY : isnan(e->at) ? j->frames.span : fabs(e->at);
}

static void check_expectations(job *j, double t)
{
    for (size_t k = 0; k < j->s->n_expect; k++)
        if (expected_at(j, k) <= t) {
            j->met[k] = orr_expectation_met(j->s, &j->s->expect[k], orr_sim_snapshot(j->sim).bodies,
                                            &j->m.watch, j->texts[k], sizeof j->texts[k]);
            j->attended[k] = true;
        }
}

static double next_time(const job *j)
{
    double t = fmin(due(&j->frames), due(&j->checks));
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
    check_expectations(j, t);
    return code;
}

/* The state at the moment of the interruption, so that it is not lost. */
static exit_code write_last(job *j)
{
    exit_code code = write_events(j);
    if (code == EXIT_OK)
        code = diagnose(j, false);
    return code == EXIT_OK ? write_frame(j) : code;
}

static exit_code follow(job *j)
{
    for (double t = 0; isfinite(t); t = next_time(j)) {
        orr_status status = orr_sim_run_until(j->sim, j->direction * t + 0.0); /* never -0 */
        if (status == ORR_E_STOPPED) {
            exit_code code = write_last(j);
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
    }
    return EXIT_OK;
}

/* ---- around it ---- */

static void summarise(const job *j, exit_code code, double seconds, const char *path)
{
    orr_sim_counters count = orr_sim_count(j->sim);
    orr_snapshot now = orr_sim_snapshot(j->sim);
    const char *unit = j->s->units.dimensionless ? "" : j->s->units.time_name;
    double rate = (double)count.steps / seconds;
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
        json_number("energy_error", j->m.watch.energy_error_final);
        json_number("energy_error_max", j->m.watch.energy_error_max);
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
    printf("%s\n", *j->s->title ? j->s->title : j->s->path);
    printf("  bodies        %zu (%zu active, %zu passive, %zu test)\n", now.bodies->n,
           now.bodies->n_active, now.bodies->n_passive,
           now.bodies->n - now.bodies->n_active - now.bodies->n_passive);
    double years = fabs(now.t) * j->s->units.time / 31557600; /* Julian */
    printf("  simulated     %.10g%s%s", now.t, *unit ? " " : "", unit);
    if (*unit && years >= 2 && strcmp(unit, "yr") != 0)
        printf(" (%.6g yr)", years);
    if (j->s->step > 0)
        printf(" in %llu steps of %.6g by %s\n", (unsigned long long)count.steps, j->s->step,
               j->s->integrator->name);
    else
        printf(" in %llu steps (%.3g to %.3g, %llu rejected) by %s\n",
               (unsigned long long)count.steps, count.shortest, count.longest,
               (unsigned long long)count.rejected, j->s->integrator->name);
    printf("  took          %s (%.3g steps/s, %s kernels)\n", human_seconds(seconds, took), rate,
           orr_isa());
    if (j->events)
        printf("  events        %zu, in /events\n", j->events);
    printf("  energy error  %.2e at the end, %.2e at most (relative)\n",
           j->m.watch.energy_error_final, j->m.watch.energy_error_max);
    if (j->shadow.sim)
        shadow_say(&j->shadow, &j->s->units);
    printf("  output        %s (%llu snapshots)\n", path, (unsigned long long)j->frames.k);
}

static exit_code report_expectations(const job *j)
{
    size_t missed = 0;
    bool json = given(j->a, "json"), quiet = given(j->a, "quiet");
    for (size_t k = 0; k < j->s->n_expect; k++) {
        missed += !j->met[k];
        if (json) {
            json_begin("expectation");
            json_number("line", j->s->expect[k].line);
            json_number("met", j->met[k]);
            json_text("text", j->texts[k]);
            json_end();
        } else if (!j->met[k]) {
            orr_diagnosis d = {.line = j->s->expect[k].line, .column = 1};
            snprintf(d.file, sizeof d.file, "%s", j->s->path);
            snprintf(d.text, sizeof d.text, "expectation missed: %.700s", j->texts[k]);
            print_diagnosis(&d);
        } else if (!quiet) {
            printf("  as expected   %s\n", j->texts[k]);
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
    orr_status status = orr_writer_close(j->writer, ending(code), seconds, &why);
    j->writer = NULL;
    progress_end(&j->p);
    if (code == EXIT_NUMERICAL || code == EXIT_FILES)
        print_error("%s\n       what was good is in '%s'", j->detail, path);
    if (status != ORR_OK && code == EXIT_OK) {
        print_diagnosis(&why);
        code = EXIT_FILES;
    }
    if (j->unwritten)
        print_warning("%zu events found no room in /events of '%s'", j->unwritten, path);
    if (code == EXIT_INTERRUPTED)
        print_warning("%s; the state at t = %.10g is the last in '%s'",
                      *j->detail ? j->detail : "interrupted", orr_sim_snapshot(j->sim).t, path);
    summarise(j, code, seconds, path);
    return code == EXIT_OK ? report_expectations(j) : code;
}

orr_provenance provenance_of(const arguments *a, long threads)
{
    static char host[256], stamp[40];
    gethostname(host, sizeof host - 1);
    time_t now = time(NULL);
    struct tm utc;
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    long all = sysconf(_SC_NPROCESSORS_ONLN);
    return (orr_provenance){.command_line = a->command_line,
                            .host = host,
                            .start = stamp,
                            .threads = (int)(threads ? threads : all)};
}

static exit_code start(job *j)
{
    orr_scenario *s = j->s;
    long threads = 0;
    const char *wish = value_of(j->a, "threads");
    if (wish && !parse_count("threads", wish, 1, 4096, &threads))
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

    orr_provenance provenance = provenance_of(j->a, threads);
    provenance.shadow = j->shadow.sim != NULL;
    orr_diagnosis why;
    status = orr_writer_open(value_of(j->a, "output"), s, &s->bodies, &provenance,
                             given(j->a, "force"), &j->writer, &why);
    if (status != ORR_OK) {
        print_error("%s", why.text);
        return EXIT_FILES;
    }
    status = orr_sim_from_scenario(s, (int)threads, &j->sim, &why);
    if (status == ORR_OK) { /* does the method take these bodies? */
        status = orr_sim_run_until(j->sim, 0);
        snprintf(why.text, sizeof why.text, "%.500s", orr_sim_message(j->sim));
    }
    if (status != ORR_OK) {
        orr_diagnosis ignored;
        char path[4096];
        snprintf(path, sizeof path, "%s", orr_writer_path(j->writer));
        if (orr_writer_close(j->writer, "failed", 0, &ignored) == ORR_OK)
            unlink(path); /* nothing is in it */
        print_diagnosis(&why);
        return EXIT_SCENARIO;
    }
    return EXIT_OK;
}

static void warn(const orr_scenario *s)
{
    orr_advice advice = orr_scenario_advise(s);
    for (size_t k = 0; k < advice.n_warnings; k++)
        print_warning("%s", advice.warnings[k]);
}

static exit_code dry_run(const orr_scenario *s, const char *output)
{
    printf("%s: would run %zu bodies with %s", s->path, s->bodies.n, s->integrator->name);
    if (s->step > 0)
        printf(", step %.10g", s->step);
    printf(", to t = %.10g%s%s", s->t_end, s->units.dimensionless ? "" : " ",
           s->units.dimensionless ? "" : s->units.time_name);
    if (s->step > 0)
        printf(" (%.4g steps)\n", fabs(s->t_end) / s->step);
    else
        printf(" (steps of its own choice)\n");
    char size[32];
    double rows = floor(fabs(s->t_end) / s->output.every) + 3;
    printf("and write %.0f snapshots, %s, to %s\n", rows - 2,
           human_bytes(rows * (double)s->bodies.n * (s->output.float_positions ? 24 : 48), size),
           output ? output : s->output.file);
    return EXIT_OK;
}

/* Member K of an ensemble in place of the ensemble. */
static exit_code take_member(const arguments *a, orr_scenario *s)
{
    orr_scenario own = {0};
    orr_diagnosis why;
    long k;
    exit_code code = EXIT_USAGE;
    if (s->ensemble.members == 0)
        print_error("'%s' is not an ensemble: it has no members", s->path);
    else if (parse_count("member", value_of(a, "member"), 0, (long)s->ensemble.members - 1, &k)) {
        code = load_member(a, s, (size_t)k, &own, &why) == ORR_OK ? EXIT_OK : EXIT_SCENARIO;
        if (code != EXIT_OK)
            print_diagnosis(&why);
    }
    orr_scenario_free(s);
    *s = own;
    return code;
}

static exit_code load(const arguments *a, orr_scenario *s)
{
    exit_code code = load_scenario(a, a->words[0], s);
    return code == EXIT_OK && given(a, "member") ? take_member(a, s) : code;
}

static exit_code run(const arguments *a)
{
    orr_scenario s;
    exit_code code = load(a, &s);
    if (code != EXIT_OK)
        return code;
    if (!given(a, "quiet"))
        warn(&s);
    if (s.ensemble.members && !given(a, "member")) {
        if (given(a, "shadow"))
            print_error("an ensemble has no shadow; take one of its members: --member K");
        code = given(a, "shadow") ? EXIT_USAGE : run_ensemble(a, &s);
        orr_scenario_free(&s);
        return code;
    }
    if (given(a, "dry-run")) {
        code = dry_run(&s, value_of(a, "output"));
        orr_scenario_free(&s);
        return code;
    }
    job j = {.a = a, .s = &s, .direction = s.t_end < 0 ? -1 : 1, .started = wall_clock()};
    j.frames = (schedule){.every = s.output.every, .span = fabs(s.t_end)};
    j.checks = (schedule){.every = s.output.diagnostics, .span = fabs(s.t_end)};
    if (given(a, "shadow")) {
        orr_scenario copy;
        code = load(a, &copy);
        if (code == EXIT_OK)
            code = shadow_begin(&j.shadow, &copy, value_of(a, "shadow"));
    }
    if (code == EXIT_OK)
        code = start(&j);
    if (code == EXIT_OK) {
        j.p = progress_begin(given(a, "quiet"), given(a, "json"), s.t_end,
                             s.units.dimensionless ? "" : s.units.time_name);
        orr_sim_observe(j.sim, progress_step, &j.p);
        running = j.sim;
        catch_interrupts(on_signal);
        code = finish(&j, follow(&j));
        running = NULL;
    }
    orr_sim_destroy(j.sim);
    shadow_end(&j.shadow);
    orr_bodies_free(&j.initial);
    free(j.attended), free(j.met), free(j.texts);
    orr_scenario_free(&s);
    return code;
}

static const option_doc options[] = {
    {'o', "output", "FILE", "write there instead of the scenario's output.file"},
    {'f', "force", NULL, "replace an existing output file"},
    {0, "allow-plugins", NULL, "let the scenario load forces from shared libraries"},
    {0, "set", "KEY.PATH=VALUE", "change a value of the scenario; may be repeated"},
    {0, "until", "T", "end there instead of at run.to: a time, a date, or 'today'"},
    {0, "shadow", "KIND",
     "error bars: a copy beside it with half the 'step', or moved by an 'ulp'"},
    {0, "member", "K", "run member K of an ensemble alone, from 0"},
    {'n', "dry-run", NULL, "read and check everything, run nothing"},
    {'t', "threads", "N", "use N threads (the results do not depend on it)"},
    {'q', "quiet", NULL, "only errors"},
    {0, "json", NULL, "machine-readable lines on standard output"},
    {0}};

const command command_run = {
    .name = "run",
    .summary = "run a scenario to its end",
    .usage = "run [options] SCENARIO",
    .help = "Runs a scenario file (or one of the gallery, by its name) and writes an HDF5 file.\n"
            "Ctrl-C stops after the present step and writes the last state.\n\n"
            "  orrery run solar-system --until '10 yr' -o ten.h5\n"
            "  orrery run my.yaml --set integrator.step='0.5 day' --set bodies.1.mass='2 Mjup'",
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = run,
};
