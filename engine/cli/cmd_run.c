/* cmd_run.c - `orrery run`: the main job. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ensemble.h"
#include "watched.h"

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
    exit_code code = job_prepare(j, &threads);
    if (code != EXIT_OK)
        return code;
    orr_status status;
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
        status = orr_sim_run_until(j->sim, s->t_start);
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
    print_notes(s);
    for (size_t k = 0; k < advice.n_warnings; k++)
        print_warning("%s", advice.warnings[k]);
}

static exit_code dry_run(const orr_scenario *s, const char *output)
{
    const char *unit = s->units.dimensionless ? "" : s->units.time_name, *gap = *unit ? " " : "";
    print_text("%s: would run %zu bodies with %s", s->path, s->bodies.n, s->integrator->name);
    if (s->step > 0)
        printf(", step %.10g%s%s", s->step, gap, unit);
    printf(", to t = %.10g%s%s", s->t_end, gap, unit);
    if (s->step > 0)
        printf(" (%.4g steps)\n", orr_scenario_span(s) / s->step);
    else
        printf(" (steps of its own choice)\n");
    char size[32];
    double rows = floor(orr_scenario_span(s) / s->output.every) + 3;
    print_text(
        "and write %.0f snapshots, %s, to %s\n", rows - 2,
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
        const char *alone = given(a, "shadow") ? "shadow" : given(a, "view") ? "window" : NULL;
        if (alone)
            print_error("an ensemble has no %s; take one of its members: --member K", alone);
        code = alone ? EXIT_USAGE : run_ensemble(a, &s);
        orr_scenario_free(&s);
        return code;
    }
    if (given(a, "dry-run")) {
        code = dry_run(&s, value_of(a, "output"));
        orr_scenario_free(&s);
        return code;
    }
    uint64_t bodies = orr_bodies_hash(&s.bodies); /* they will move into the simulation */
    job j = {.a = a, .s = &s, .direction = s.t_end < s.t_start ? -1 : 1, .started = wall_clock()};
    j.frames = (schedule){.every = s.output.every, .span = orr_scenario_span(&s)};
    j.checks = (schedule){.every = s.output.diagnostics, .span = orr_scenario_span(&s)};
    if (!keeper_configure(&j.keeper, a, &s))
        code = EXIT_USAGE;
    if (code == EXIT_OK && given(a, "shadow")) {
        orr_scenario copy;
        code = load(a, &copy);
        if (code == EXIT_OK)
            code = shadow_begin(&j.shadow, &copy, value_of(a, "shadow"));
    }
    if (code == EXIT_OK)
        code = start(&j);
    if (code == EXIT_OK) {
        keeper_begin(&j.keeper, a, &s, bodies, orr_writer_path(j.writer));
        code = given(a, "view") ? watched_go(&j) : job_go(&j);
    }
    job_clean_up(&j);
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
    {0, "checkpoint-every", "SECONDS",
     "of wall time; `orrery resume` goes on from there (as in the scenario; 0: none)"},
    {0, "keep-checkpoint", NULL, "also when it has ended: `orrery resume --until` makes it longer"},
    {0, "checkpoint", "FILE", "write it there (default: the output's name with .checkpoint)"},
    {0, "member", "K", "run member K of an ensemble alone, from 0"},
    {0, "view", NULL, "watch it in a window; closing that leaves the run going on"},
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
    .takes = TAKES_SCENARIO,
    .run = run,
};
