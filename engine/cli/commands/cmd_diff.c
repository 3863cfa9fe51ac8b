/* cmd_diff.c - `orrery diff`: are two runs the same? */
#include "cli/differences.h"

static exit_code run(const arguments *a)
{
    return tell_differences(a->words[0], a->words[1], given(a, "quiet"), given(a, "json"));
}

const command command_diff = {
    .name = "diff",
    .summary = "are two output files the same, to the last bit?",
    .usage = "diff [options] A.h5 B.h5",
    .help =
        "Compares positions and velocities snapshot by snapshot, bodies by their ids: what is\n"
        "different first, and how far a body is from itself at most. Exit code 5 if something is.",
    .least_words = 2,
    .most_words = 2,
    .takes = TAKES_OUTPUT,
    .run = run,
};
