/* cmd_rerun.c - `orrery rerun`: run what a file says that it is, and compare. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/run.h>

#include "cli/differences.h"
#include "cli/whole_file.h"

extern const command command_run;

/* Where the run is repeated: beside the file, or where temporary files are, if nothing can be
 * written there (an archive). */
static void beside(const char *path, char stem[4300])
{
    const char *slash = strrchr(path, '/'), *temporary = getenv("TMPDIR");
    char folder[4096];
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash + 1 - path) : 2,
             slash ? path : "./");
    if (access(folder, W_OK) == 0)
        snprintf(stem, 4300, "%.4096s.rerun", path);
    else
        snprintf(stem, 4300, "%.2000s/%.2000s.rerun", temporary && *temporary ? temporary : "/tmp",
                 slash ? slash + 1 : path);
}

static exit_code run(const arguments *a)
{
    char scenario[4400], again[4300];
    const char *path = a->words[0], *wish = value_of(a, "output");
    orr_reader *r;
    beside(path, again);
    snprintf(scenario, sizeof scenario, "%s-%ld.yaml", again, (long)getpid());
    if (wish)
        snprintf(again, sizeof again, "%.4200s", wish);
    if (!open_run(path, &r))
        return EXIT_FILES;
    whole_file out;
    if (!may_replace(again, path, NULL) || !whole_file_begin(&out, scenario, false)) {
        orr_reader_close(r);
        return EXIT_FILES;
    }
    orr_diagnosis why;
    exit_code code = EXIT_OK;
    if (orr_run_repeat_scenario(r, path, out.out, &why) != ORR_OK) {
        print_diagnosis(&why);
        code = EXIT_FILES;
    }
    if (!whole_file_end(&out, code == EXIT_OK) && code == EXIT_OK)
        code = EXIT_FILES;
    orr_reader_close(r);
    if (code == EXIT_OK) {
        char *words[] = {scenario};
        arguments b = {.words = words, .n_words = 1};
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
    unlink(scenario);
    if (code == EXIT_OK)
        code = tell_differences(path, again, given(a, "quiet"), given(a, "json"));
    for (int k = 0; !wish && code == EXIT_OK; k++) { /* the files in which it goes on, too */
        char part[4200];
        orr_segment_path(again, k, part);
        if (unlink(part) != 0)
            break;
    }
    return code;
}

const command command_rerun = {
    .name = "rerun",
    .summary = "repeat a run from what its file holds, and compare bit for bit",
    .usage = "rerun [options] FILE.h5",
    .help =
        "Takes the scenario with all its values and the first snapshot from the file, runs them\n"
        "again, and says whether every snapshot is the same to the last bit (exit code 5 if not).",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_OUTPUT,
    .run = run,
};
