/* run.h - what `run` and `resume` share. */
#ifndef ORRERY_CLI_RUN_H
#define ORRERY_CLI_RUN_H

#include "cli.h"

/* Go on from the checkpoint of an output file. */
exit_code resume(const arguments *a);

#endif
