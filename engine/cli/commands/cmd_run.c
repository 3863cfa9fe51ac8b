/* cmd_run.c - `orrery run`: the main job. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/advise.h>

#include "cli/run_command.h"

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

static void warn(const orr_scenario *s)
{
    orr_advice advice = orr_scenario_advise(s);
    print_notes(s);
    for (size_t k = 0; k < advice.n_warnings; k++)
        print_warning("%s", advice.warnings[k]);
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

static exit_code dry_run(const orr_run_def *def)
{
    double bytes;
    orr_diagnosis why;
    orr_status status = orr_run_check(def, &bytes, &why);
    if (status != ORR_OK)
        return cannot_run(status, &why);
    tell_plan(def->scenario, def->output, bytes);
    return EXIT_OK;
}

static exit_code begin(run_command *c, orr_run_def *def)
{
    orr_diagnosis why;
    if (def->member >= 0 && is_an_ensemble(def->output)) {
        print_error("'%s' holds an ensemble; one of its members does not replace it: choose "
                    "another output with -o",
                    def->output);
        return EXIT_FILES;
    }
    orr_status status = orr_run_create(def, &c->run, &why);
    if (status != ORR_OK)
        return cannot_run(status, &why);
    exit_code code = given(c->a, "view") ? go_in_window(c) : go(c);
    orr_run_destroy(c->run);
    return code;
}

static exit_code run(const arguments *a)
{
    char own[4200];
    const char *sets[MOST_VALUES];
    orr_scenario s = {0};
    orr_run_def def;
    run_command c;
    exit_code code = define_run(&c, a, &def);
    if (code == EXIT_OK)
        code = load(a, &s);
    if (code != EXIT_OK)
        return code;
    if (!given(a, "quiet"))
        warn(&s);
    orr_scenario_changes changes = changes_of(a, sets);
    def.scenario = &s;
    def.changes = &changes;
    def.member = given(a, "member") ? atol(value_of(a, "member")) : -1;
    def.shadow = value_of(a, "shadow");
    def.replace = given(a, "force");
    def.output = output_of(a, &s, own);
    code = given(a, "dry-run") ? dry_run(&def) : begin(&c, &def);
    orr_scenario_free(&s);
    return code;
}

const command command_run = {
    .name = "run",
    .summary = "run a scenario to its end",
    .usage = "run [options] SCENARIO",
    .help = "Runs a scenario file (or one of the gallery, by its name) and writes an HDF5 file.\n"
            "Ctrl-C stops after the present step and writes the last state.\n\n"
            "  orrery run solar-system --until '10 yr' -o ten.h5\n"
            "  orrery run my.yaml --set integrator.step='0.5 day' --set bodies.1.mass='2 Mjup'",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_SCENARIO,
    .run = run,
};
