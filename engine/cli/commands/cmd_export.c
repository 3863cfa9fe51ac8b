/* cmd_export.c - `orrery export`: the output in the form another program opens. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "io/suggest.h"
#include <orrery/run.h>

#include "cli/whole_file.h"

static const struct {
    const char *name, *ending;
    orr_export_kind kind;
    bool all; /* can hold all snapshots */
} kinds[] = {{"csv", "csv", ORR_EXPORT_CSV, true},
             {"yt", "yt.h5", ORR_EXPORT_YT, false},
             {"gadget", "gadget.hdf5", ORR_EXPORT_GADGET, false},
             {"paraview", "xmf", ORR_EXPORT_PARAVIEW, true},
             {"tipsy", "tipsy", ORR_EXPORT_TIPSY, false},
             {"nemo", "nemo", ORR_EXPORT_NEMO, true},
             {"scenario", "scenario.yaml", 0, false}, /* not by the library */
             /* by options of their own */
             {"elements", "elements.csv", ORR_EXPORT_CSV, true},
             {"events", "events.csv", ORR_EXPORT_EVENTS, true},
             {"diagnostics", "diagnostics.csv", ORR_EXPORT_DIAGNOSTICS, true}};

enum { SCENARIO = 6, ELEMENTS, EVENTS, DIAGNOSTICS, N_KINDS, N_FORMS = ELEMENTS };

static int kind_of(const char *name)
{
    const char *names[N_FORMS];
    for (int k = 0; k < N_FORMS; k++) {
        names[k] = kinds[k].name;
        if (name && strcmp(name, names[k]) == 0)
            return k;
    }
    char hint[200];
    orr_suggest(name ? name : "", names, N_FORMS, hint, sizeof hint);
    print_error("%s%s%s; %s", name ? "there is no export form '" : "say what for: --for FORM",
                name ? name : "", name ? "'" : "", hint);
    return -1;
}

/* What was written is a scenario that runs: else it is not left there.  (A plugin would have to be
 * loaded, and with that run, to know.) */
static exit_code check_scenario(const char *path)
{
    orr_scenario s;
    orr_diagnosis why;
    orr_status status = orr_scenario_load(path, NULL, &s, &why);
    if (status == ORR_OK)
        orr_scenario_free(&s);
    if (status == ORR_OK || strstr(why.text, "--allow-plugins"))
        return EXIT_OK;
    print_error("no run can go on from there:");
    print_diagnosis(&why);
    return EXIT_SCENARIO;
}

static exit_code export_scenario(const arguments *a, orr_reader *r, size_t k, const char *path)
{
    whole_file file;
    if (!whole_file_begin(&file, path, given(a, "force")))
        return EXIT_FILES;
    if (orr_reader_info(r)->float_positions)
        print_warning("'%s' holds positions as floats: the new run begins with seven digits",
                      a->words[0]);
    orr_diagnosis why;
    exit_code code = EXIT_OK;
    if (orr_run_restart_scenario(r, a->words[0], k, value_of(a, "until"), file.out, &why) !=
        ORR_OK) {
        print_diagnosis(&why);
        code = EXIT_FILES;
    }
    if (code == EXIT_OK && !whole_file_close(&file))
        code = EXIT_FILES;
    if (code == EXIT_OK)
        code = check_scenario(file.part);
    bool kept = whole_file_end(&file, code == EXIT_OK);
    return code == EXIT_OK && !kept ? EXIT_FILES : code;
}

/* The last snapshot that is not after `text`, a time of the run or a date. */
static bool snapshot_at(orr_reader *r, const char *text, size_t *k)
{
    const orr_file_info *i = orr_reader_info(r);
    double t, *times = malloc((i->n_frames + 1) * sizeof *times);
    orr_diagnosis why = {.text = "out of memory"};
    if (!times || orr_reader_times(r, times, &why) != ORR_OK) {
        print_diagnosis(&why);
        free(times);
        return false;
    }
    bool good =
        parse_time("at", text, i->time_si, i->time_unit, i->has_epoch ? &i->epoch : NULL, &t);
    double direction = i->t_last < i->t_first ? -1 : 1;
    size_t n = 0;
    while (good && n < i->n_frames && direction * times[n] <= direction * t + 1e-12 * fabs(t))
        n++;
    free(times);
    *k = n - (n > 0);
    if (good && n == 0)
        print_error("--at %s is before the first snapshot, t = %g", text, i->t_first);
    return good && n > 0;
}

static const char *const element_options[] = {"of", "around", "plane", "gm"};

/* Options that go together, and the form that they mean; -1: they do not. */
static int form_of(const arguments *a)
{
    const char *form = value_of(a, "for");
    int chosen = -1;
    for (int k = ELEMENTS; k < N_KINDS; k++) {
        if (!given(a, kinds[k].name))
            continue;
        if (form && strcmp(form, "csv") != 0) {
            print_error("%s are written as csv, not as %s", kinds[k].name, form);
            return -1;
        }
        if (chosen >= 0) {
            print_error("--%s and --%s make a file each: one at a time", kinds[chosen].name,
                        kinds[k].name);
            return -1;
        }
        chosen = k;
    }
    if (chosen > ELEMENTS && (given(a, "snapshot") || given(a, "at"))) {
        print_error("--%s are of the whole run, not of a snapshot", kinds[chosen].name);
        return -1;
    }
    for (size_t k = 0; k < 4 && !given(a, "elements"); k++)
        if (given(a, element_options[k])) {
            print_error("--%s goes with --elements", element_options[k]);
            return -1;
        }
    return chosen >= 0 ? chosen : kind_of(form);
}

static orr_status export_elements(const arguments *a, orr_reader *r, size_t k, const char *path,
                                  orr_diagnosis *why)
{
    const char *list = value_of(a, "elements");
    orr_element_options o = {.quantities = *list ? list : NULL,
                             .of = value_of(a, "of"),
                             .around = value_of(a, "around"),
                             .plane = value_of(a, "plane"),
                             .gm = value_of(a, "gm")};
    orr_element_choice choice;
    orr_element_rows rows;
    if (orr_reader_choose(r, &o, &choice, why) != ORR_OK)
        return ORR_E_ARGUMENT;
    orr_status status =
        orr_export_elements(r, a->words[0], &choice, k, path, given(a, "force"), &rows, why);
    if (status == ORR_OK && rows.rows == 0)
        print_warning("no body has an orbit about %s: '%s' has no rows", choice.centre, path);
    if (status == ORR_OK && rows.empty > 0)
        print_warning(
            "%zu of %zu rows have empty fields: motion on a straight line has no elements",
            rows.empty, rows.rows);
    orr_element_choice_free(&choice);
    return status;
}

/* ---- every snapshot in a file of its own ---- */

/* "run.gadget.hdf5" -> "run_007.gadget.hdf5". */
static void numbered(const char *path, const char *ending, size_t k, char out[4300])
{
    size_t n = strlen(path), m = strlen(ending);
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    size_t stem = dot && (!slash || dot > slash) ? (size_t)(dot - path) : n;
    if (n > m + 1 && path[n - m - 1] == '.' && strcmp(path + n - m, ending) == 0)
        stem = n - m - 1;
    snprintf(out, 4300, "%.*s_%03zu%s", (int)stem, path, k, path + stem);
}

/* None of them is there, or all may be replaced. */
static bool may_write_all(const arguments *a, const char *path, const char *ending,
                          const char *source, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        char one[4300];
        numbered(path, ending, k, one);
        if (!may_replace(one, source, NULL))
            return false;
        if (!given(a, "force") && access(one, F_OK) == 0) {
            print_error("'%s' exists already; replace it with --force", one);
            return false;
        }
    }
    return true;
}

static exit_code export_each(const arguments *a, orr_reader *r, int kind, const char *path)
{
    size_t n = orr_reader_info(r)->n_frames;
    const char *ending = kinds[kind].ending;
    char one[4300];
    if (!may_write_all(a, path, ending, a->words[0], n))
        return EXIT_FILES;
    for (size_t k = 0; k < n; k++) {
        orr_diagnosis why;
        numbered(path, ending, k, one);
        if (orr_export(r, a->words[0], kinds[kind].kind, k, one, given(a, "force"), &why) !=
            ORR_OK) {
            print_diagnosis(&why);
            return EXIT_FILES;
        }
    }
    numbered(path, ending, 0, one);
    if (!given(a, "quiet"))
        print_text("wrote %zu files, %s and on\n", n, one);
    return EXIT_OK;
}

/* What is asked for of all snapshots that its form or the other options do not allow. */
static bool may_be_each(const arguments *a, int kind)
{
    if (!given(a, "all"))
        return true;
    if (given(a, "snapshot") || given(a, "at"))
        print_error("--all is every snapshot, --%s is one of them",
                    given(a, "at") ? "at" : "snapshot");
    else if (kind == SCENARIO)
        print_error("--all: a scenario goes on from one snapshot");
    else
        return true;
    return false;
}

static exit_code run(const arguments *a)
{
    const char *source = a->words[0], *number = value_of(a, "snapshot");
    int kind = form_of(a);
    long chosen = 0, member = 0;
    const char *which = value_of(a, "member");
    if (which && !parse_count("member", which, 0, 2000000000, &member))
        return EXIT_USAGE;
    if (kind < 0 || (number && !parse_count("snapshot", number, 0, 2000000000, &chosen)))
        return EXIT_USAGE;
    if ((number && given(a, "at")) || (kind != SCENARIO && given(a, "until"))) {
        print_error(number && given(a, "at") ? "--snapshot and --at exclude each other"
                                             : "--until is the end of a run: it goes with "
                                               "--for scenario");
        return EXIT_USAGE;
    }
    if (!may_be_each(a, kind))
        return EXIT_USAGE;
    orr_reader *r;
    orr_diagnosis why;
    if (!open_run(source, &r))
        return EXIT_FILES;
    if (which && orr_reader_select(r, (size_t)member, &why) != ORR_OK) {
        print_diagnosis(&why);
        orr_reader_close(r);
        return EXIT_USAGE;
    }
    size_t n = orr_reader_info(r)->n_frames;
    size_t k = number ? (size_t)chosen : kinds[kind].all ? SIZE_MAX : n ? n - 1 : 0;
    if (given(a, "at") && !snapshot_at(r, value_of(a, "at"), &k)) {
        orr_reader_close(r);
        return EXIT_USAGE;
    }

    char path[4200];
    output_beside(a, source, kinds[kind].ending, path);
    if (given(a, "all") && !kinds[kind].all) {
        exit_code code = export_each(a, r, kind, path);
        orr_reader_close(r);
        return code;
    }
    if (!may_replace(path, source, NULL)) {
        orr_reader_close(r);
        return EXIT_FILES;
    }
    exit_code code = EXIT_OK;
    orr_status status = ORR_OK;
    if (kind == SCENARIO)
        code = export_scenario(a, r, k, path);
    else if (kind == ELEMENTS)
        status = export_elements(a, r, k, path, &why);
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
        print_text("wrote %s\n", path);
    return EXIT_OK;
}

const command command_export = {
    .name = "export",
    .summary = "write CSV, or files for yt, pynbody, ParaView, and other N-body codes",
    .usage = "export --for FORM | --elements [LIST] | --events | --diagnostics [options] FILE.h5",
    .help =
        "  orrery export asteroids.h5 --elements a,e,i --around Sun --plane ecliptic\n\n"
        "mu is G(m1 + m2): the GM of the centre and that of the body. About a barycentre that\n"
        "the body is part of it is their sum; jacobi is about the barycentre of all with mass\n"
        "that stand before it in the scenario, primary about the body whose sphere of influence\n"
        "it is in. The centre itself has no line. A scenario reads such a file (of one snapshot)\n"
        "as a table, with `around: NAME` and `ignore: [time]`.\n\n"
        "csv and nemo hold all snapshots; yt, gadget and tipsy hold one, the last if none is\n"
        "chosen; with --all each goes into a file of its own, NAME_000, NAME_001, ... gadget is\n"
        "HDF5 with the units of the run in /Units, doubles; masses are such that G m is GM. tipsy\n"
        "(floats) and nemo (doubles) have G = 1: masses are GM in the run's units of length and\n"
        "time; NAME.tipsy.param says which. A scenario reads all three: `groups: - { snapshot:\n"
        "FILE }`, `orrery list snapshots`. csv has one line a body; paraview\n"
        "writes a small .xmf file that must stay beside the output file it describes (open it\n"
        "with the reader called \"XDMF Reader\"). scenario is a YAML file that goes on from a\n"
        "snapshot (the last, if none is given) as a run of its own: where no checkpoint is left,\n"
        "or to try another method from there. Its time goes on too: `run.from` says where it\n"
        "begins. Bodies that are no more are left out, and masses are those at that snapshot.\n"
        "A run that goes on in NAME.0001.h5, ... is one: name its first file.",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_OUTPUT,
    .run = run,
};
