/* cmd_run.c - `orrery run`: the main job. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <orrery/advise.h>

#include "cli/ensemble.h"
#include "cli/watched.h"

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

/* Where the output goes.  A member of an ensemble has a name of its own: the ensemble's file, which
 * may hold all of them already, is not to be replaced by one. */
static const char *output_of(const arguments *a, const orr_scenario *s, char path[4200])
{
    const char *wish = value_of(a, "output"), *member = value_of(a, "member");
    const char *file = s->output.file, *dot = strrchr(file, '.'), *slash = strrchr(file, '/');
    if (wish || !member)
        return wish ? wish : file;
    if (!dot || (slash && dot < slash))
        dot = file + strlen(file);
    snprintf(path, 4200, "%.*s.member-%ld%.20s", dot - file < 4000 ? (int)(dot - file) : 4000, file,
             atol(member), dot);
    return path;
}

static bool is_an_ensemble(const char *path)
{
    orr_reader *r;
    orr_diagnosis ignored;
    if (access(path, F_OK) != 0 || orr_reader_open(path, &r, &ignored) != ORR_OK)
        return false;
    bool is_one = orr_reader_info(r)->n_members > 0;
    orr_reader_close(r);
    return is_one;
}

static exit_code start(job *j, uint64_t bodies)
{
    orr_scenario *s = j->s;
    long threads = 0;
    char own[4200];
    const char *output = output_of(j->a, s, own);
    exit_code code = job_prepare(j, &threads);
    if (code != EXIT_OK)
        return code;
    if (given(j->a, "member") && is_an_ensemble(output)) {
        print_error("'%s' holds an ensemble; one of its members does not replace it: choose "
                    "another output with -o",
                    output);
        return EXIT_FILES;
    }
    if (!keeper_begin(&j->keeper, j->a, s, bodies, output))
        return EXIT_FILES;
    orr_status status;
    orr_provenance provenance = provenance_of(j->a, threads);
    provenance.shadow = j->shadow.sim != NULL;
    provenance.origin = j->keeper.text;
    orr_diagnosis why;
    status =
        orr_writer_open(output, s, &s->bodies, &provenance, given(j->a, "force"), &j->writer, &why);
    if (status != ORR_OK) {
        print_error("%s", why.text);
        return EXIT_FILES;
    }
    warn_of_writer(j->writer);
    keeper_leave_older(&j->keeper, given(j->a, "force"));
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

void warn_of_writer(const orr_writer *w)
{
    if (*orr_writer_warning(w))
        print_warning("%s", orr_writer_warning(w));
}

static void warn(const orr_scenario *s)
{
    orr_advice advice = orr_scenario_advise(s);
    print_notes(s);
    for (size_t k = 0; k < advice.n_warnings; k++)
        print_warning("%s", advice.warnings[k]);
}

void promise_output(const arguments *a, const orr_scenario *s, const orr_bodies *bodies,
                    const char *output)
{
    char size[32];
    double rows[2], every[2] = {s->output.every, s->output.diagnostics};
    for (int k = 0; k < 2; k++) /* the end as well, where it is none of the regular times */
        rows[k] = ceil(orr_scenario_span(s) / every[k] * (1 - 1e-12)) + 1;
    print_text("and write %.0f snapshots and %.0f rows of diagnostics, %s%s, to %s\n", rows[0],
               rows[1], s->output.compression == ORR_GZIP ? "at most " : "",
               human_bytes(orr_output_bytes(s, bodies, given(a, "shadow")), size), output);
}

static exit_code dry_run(const arguments *a, const orr_scenario *s)
{
    char own[4200];
    const char *unit = s->units.dimensionless ? "" : s->units.time_name, *gap = *unit ? " " : "";
    print_text("%s: would run %zu bodies with %s", s->path, s->bodies.n, s->integrator->name);
    if (s->step > 0)
        printf(", step %.10g%s%s", s->step, gap, unit);
    printf(", to t = %.10g%s%s", s->t_end, gap, unit);
    if (s->step > 0)
        printf(" (%.4g steps)\n", orr_scenario_span(s) / s->step);
    else
        printf(" (steps of its own choice)\n");
    promise_output(a, s, &s->bodies, output_of(a, s, own));
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
        code = dry_run(a, &s);
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
        code = start(&j, bodies);
    if (code == EXIT_OK)
        code = given(a, "view") ? watched_go(&j) : job_go(&j);
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
