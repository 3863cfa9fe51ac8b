/* cmd_resume.c - `orrery resume`: go on where a run was stopped, or died. */
#include "cli/run_command.h"

/* The run has ended, and its checkpoint is that of its end. */
static exit_code nothing_left(const arguments *a)
{
    char first[4200];
    orr_run_first_file(a->words[0], first);
    if (given(a, "json")) {
        json_begin("finished");
        json_text("file", first);
        json_end();
    } else if (!given(a, "quiet")) {
        printf(
            "'%s' is finished: nothing is left to be done (with --until T, and a checkpoint that "
            "was kept, it is made longer)\n",
            first);
    }
    return EXIT_OK;
}

static exit_code run(const arguments *a)
{
    char now[64];
    orr_run_def def;
    run_command c;
    orr_diagnosis why;
    exit_code code = define_run(&c, a, &def);
    if (code != EXIT_OK)
        return code;
    def.allow_plugins = given(a, "allow-plugins");
    if (given(a, "until"))
        def.until = or_today(value_of(a, "until"), now);
    orr_status status = orr_run_resume(a->words[0], &def, &c.run, &why);
    if (status != ORR_OK)
        return cannot_run(status, &why);
    if (!c.run)
        return nothing_left(a);
    code = go(&c);
    orr_run_destroy(c.run);
    return code;
}

const command command_resume = {
    .name = "resume",
    .summary = "go on with a run that was stopped or died",
    .usage = "resume [options] FILE.h5",
    .help =
        "A run writes a checkpoint beside its output every minute, when it is stopped by "
        "Ctrl-C or\n"
        "SIGTERM, and on SIGUSR1. This goes on from the last one, with the bits of a run that "
        "was never\n"
        "stopped: in the same file, whatever the number of threads, the instruction set, the "
        "compiler or\n"
        "the machine, by the same version of the program. A run that was killed before its first\n"
        "checkpoint begins again at its start, in the same file. When a run has ended its "
        "checkpoint "
        "is gone,\n"
        "unless it was told to keep it; then `orrery resume FILE.h5 --until T` makes it longer.\n\n"
        "Only one process writes a file: while a run goes on, NAME.h5.lock beside its output tells "
        "which.",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_OUTPUT,
    .run = run,
};
