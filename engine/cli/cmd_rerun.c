/* cmd_rerun.c - `orrery rerun`: run what a file says that it is, and compare. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "differences.h"

extern const command command_run;

/* The scenario with all its values, as the file holds it, and all bodies as they are in its first
 * snapshot, to the last bit. */
static exit_code write_scenario(orr_reader *r, const char *path, FILE *out)
{
    static const char *const roles[] = {"active", "passive", "test"};
    double t;
    orr_diagnosis why;
    char *text = orr_reader_scenario(r, true), *bodies = text ? strstr(text, "\nbodies:") : NULL;
    if (!bodies || orr_reader_info(r)->n_members > 0 || orr_reader_info(r)->float_positions) {
        print_error(
            bodies ? "'%s' is an ensemble, or holds positions as floats: it cannot be repeated "
                     "from itself"
                   : "'%s' holds no scenario",
            path);
        free(text);
        return EXIT_FILES;
    }
    if (orr_reader_read(r, 0, &t, &why) != ORR_OK || t != 0) {
        print_error("the first snapshot of '%s' is not the start of a run", path);
        free(text);
        return EXIT_FILES;
    }
    fprintf(out, "%.*s\nbodies:\n", (int)(bodies - text), text);
    const orr_bodies *b = orr_reader_bodies(r);
    for (size_t i = 0; i < b->n; i++) {
        orr_body o = orr_bodies_get(b, i);
        fprintf(out, "  - { name: \"%s\", role: %s", orr_reader_name(r, i), roles[o.role]);
        if (o.role != ORR_TEST)
            fprintf(out, ", GM: %.17g", o.gm);
        if (o.radius > 0)
            fprintf(out, ", radius: %.17g", o.radius);
        fprintf(out, ", position: [%.17g, %.17g, %.17g], velocity: [%.17g, %.17g, %.17g] }\n",
                o.pos[0], o.pos[1], o.pos[2], o.vel[0], o.vel[1], o.vel[2]);
    }
    free(text);
    return EXIT_OK;
}

static int index_of(const option_doc *options, const char *name)
{
    int k = 0;
    while (strcmp(options[k].name, name) != 0)
        k++;
    return k;
}

static void give(arguments *b, const char *option, const char *value)
{
    b->given[b->n_given] = index_of(b->options, option);
    b->values[b->n_given++] = value;
}

static exit_code run(const arguments *a)
{
    char scenario[4300], again[4300];
    const char *path = a->words[0], *wish = value_of(a, "output");
    orr_reader *r;
    orr_diagnosis why;
    snprintf(again, sizeof again, wish ? "%.4096s" : "%.4096s.rerun", wish ? wish : path);
    snprintf(scenario, sizeof scenario, "%.4096s.rerun.yaml", path);
    if (orr_reader_open(path, &r, &why) != ORR_OK) {
        print_diagnosis(&why);
        return EXIT_FILES;
    }
    FILE *out = fopen(scenario, "wx");
    if (!out)
        print_error("'%s' cannot be written, or exists", scenario);
    exit_code code = out ? write_scenario(r, path, out) : EXIT_FILES;
    if (out && fclose(out) != 0)
        code = EXIT_FILES;
    orr_reader_close(r);
    if (code == EXIT_OK) {
        char *words[] = {scenario};
        arguments b = {.options = command_run.options, .words = words, .n_words = 1};
        memcpy(b.command_line, a->command_line, sizeof b.command_line);
        give(&b, "output", again);
        give(&b, "quiet", "");
        give(&b, "checkpoint-every", "0");
        if (given(a, "force"))
            give(&b, "force", "");
        if (given(a, "threads"))
            give(&b, "threads", value_of(a, "threads"));
        if (given(a, "allow-plugins"))
            give(&b, "allow-plugins", "");
        code = command_run.run(&b);
    }
    if (out)
        unlink(scenario);
    if (code == EXIT_OK)
        code = tell_differences(path, again, given(a, "quiet"), given(a, "json"));
    if (!wish && code == EXIT_OK)
        unlink(again);
    return code;
}

static const option_doc options[] = {
    {'o', "output", "FILE", "keep the new file (default: only if it differs, as FILE.h5.rerun)"},
    {'f', "force", NULL, "replace an existing one"},
    {0, "allow-plugins", NULL, "let the scenario load forces from shared libraries"},
    {'t', "threads", "N", "use N threads (the results do not depend on it)"},
    {'q', "quiet", NULL, "say nothing if it is the same"},
    {0, "json", NULL, "machine-readable lines on standard output"},
    {0}};

const command command_rerun = {
    .name = "rerun",
    .summary = "repeat a run from what its file holds, and compare bit for bit",
    .usage = "rerun [options] FILE.h5",
    .help =
        "Takes the scenario with all its values and the first snapshot from the file, runs them\n"
        "again, and says whether every snapshot is the same to the last bit (exit code 5 if not).",
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = run,
};
