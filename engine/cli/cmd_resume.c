/* cmd_resume.c - `orrery resume`: go on where a run was stopped, or died; the work is in cmd_run.c.
 */
#include "run.h"

static const option_doc options[] = {
    {0, "checkpoint", "FILE", "read it from there (default: the file's name with .checkpoint)"},
    {0, "checkpoint-every", "SECONDS", "of wall time (default: 60; 0: none)"},
    {0, "allow-plugins", NULL, "let the scenario load forces from shared libraries"},
    {'t', "threads", "N", "use N threads (the results do not depend on it)"},
    {'q', "quiet", NULL, "only errors"},
    {0, "json", NULL, "machine-readable lines on standard output"},
    {0}};

const command command_resume = {
    .name = "resume",
    .summary = "go on with a run that was stopped or died",
    .usage = "resume [options] FILE.h5",
    .help = "A run writes a checkpoint beside its output every minute, when it is stopped by "
            "Ctrl-C or\n"
            "SIGTERM, and on SIGUSR1. This goes on from the last one, with the bits of a run that "
            "was never\n"
            "stopped: in the same file, whatever the number of threads or the instruction set, but "
            "by the\n"
            "same build of the program. When a run has ended its checkpoint is gone.",
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = resume,
};
