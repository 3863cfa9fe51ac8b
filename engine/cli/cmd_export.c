/* cmd_export.c - `orrery export`: the output in the form another program opens. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "io/suggest.h"
#include "scenario_of.h"

static const struct {
    const char *name, *ending;
    orr_export_kind kind;
    bool all; /* can hold all snapshots */
} kinds[] = {{"csv", "csv", ORR_EXPORT_CSV, true},
             {"yt", "yt.h5", ORR_EXPORT_YT, false},
             {"gadget", "gadget.hdf5", ORR_EXPORT_GADGET, false},
             {"paraview", "xmf", ORR_EXPORT_PARAVIEW, true},
             {"scenario", "scenario.yaml", 0, false}}; /* not by the library */

enum { N_KINDS = sizeof kinds / sizeof *kinds, SCENARIO = N_KINDS - 1 };

static int kind_of(const char *name)
{
    const char *names[N_KINDS];
    for (int k = 0; k < N_KINDS; k++) {
        names[k] = kinds[k].name;
        if (name && strcmp(name, names[k]) == 0)
            return k;
    }
    char hint[200];
    orr_suggest(name ? name : "", names, N_KINDS, hint, sizeof hint);
    print_error("%s%s%s; %s", name ? "there is no export form '" : "say what for: --for FORM",
                name ? name : "", name ? "'" : "", hint);
    return -1;
}

static exit_code export_scenario(orr_reader *r, const char *source, size_t k, const char *path,
                                 bool force)
{
    FILE *out = fopen(path, force ? "w" : "wx");
    if (!out) {
        print_error("'%s': %s", path,
                    errno == EEXIST ? "exists already; --force" : strerror(errno));
        return EXIT_FILES;
    }
    exit_code code = write_scenario_of(r, source, k, out);
    if (fclose(out) != 0 && code == EXIT_OK) {
        print_error("'%s': %s", path, strerror(errno));
        code = EXIT_FILES;
    }
    if (code != EXIT_OK)
        unlink(path);
    return code;
}

static exit_code run(const arguments *a)
{
    const char *source = a->words[0], *number = value_of(a, "snapshot");
    int kind = kind_of(value_of(a, "for"));
    long chosen = 0, member = 0;
    const char *which = value_of(a, "member");
    if (which && !parse_count("member", which, 0, 2000000000, &member))
        return EXIT_USAGE;
    if (kind < 0 || (number && !parse_count("snapshot", number, 0, 2000000000, &chosen)))
        return EXIT_USAGE;
    orr_reader *r;
    orr_diagnosis why;
    if (orr_reader_open(source, &r, &why) != ORR_OK) {
        print_diagnosis(&why);
        return EXIT_FILES;
    }
    if (which && orr_reader_select(r, (size_t)member, &why) != ORR_OK) {
        print_diagnosis(&why);
        orr_reader_close(r);
        return EXIT_USAGE;
    }
    size_t n = orr_reader_info(r)->n_frames;
    size_t k = number ? (size_t)chosen : kinds[kind].all ? SIZE_MAX : n ? n - 1 : 0;

    char path[4200];
    output_beside(a, source, kinds[kind].ending, path);
    exit_code code = EXIT_OK;
    orr_status status = ORR_OK;
    if (kind == SCENARIO)
        code = export_scenario(r, source, k, path, given(a, "force"));
    else
        status = orr_export(r, source, kinds[kind].kind, k, path, given(a, "force"), &why);
    orr_reader_close(r);
    if (code != EXIT_OK)
        return code;
    if (status != ORR_OK) {
        print_diagnosis(&why);
        return status == ORR_E_ARGUMENT ? EXIT_USAGE : EXIT_FILES;
    }
    if (!given(a, "quiet"))
        printf("wrote %s\n", path);
    return EXIT_OK;
}

static const option_doc options[] = {
    {0, "for", "FORM", "csv, yt, gadget (pynbody), paraview, scenario"},
    {0, "snapshot", "K", "which one, from 0 (default: all, or the last where one is held)"},
    {0, "member", "K", "which member of an ensemble, from 0 (default: the first)"},
    {'o', "output", "FILE", "default: the name of the source with another ending"},
    {'f', "force", NULL, "replace an existing file"},
    {'q', "quiet", NULL, "only errors"},
    {0}};

const command command_export = {
    .name = "export",
    .summary = "write CSV, or files for yt, pynbody, ParaView",
    .usage = "export --for FORM [options] FILE.h5",
    .help =
        "csv holds all snapshots, one line a body; yt and gadget hold one snapshot; paraview\n"
        "writes a small .xmf file that must stay beside the output file it describes (open it\n"
        "with the reader called \"XDMF Reader\"). scenario is a YAML file that goes on from a\n"
        "snapshot (the last, if none is given) as a run of its own: where no checkpoint is left,\n"
        "or to try another method from there.",
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_OUTPUT,
    .run = run,
};
