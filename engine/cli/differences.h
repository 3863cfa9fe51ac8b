/* differences.h - how two output files differ, to the last bit. */
#ifndef ORRERY_CLI_DIFFERENCES_H
#define ORRERY_CLI_DIFFERENCES_H

#include "cli.h"

/* Compares snapshots by time and id and says what is different first, and how much at most: EXIT_OK
 * if nothing is, EXIT_MISSED if something is, EXIT_FILES if a file cannot be read. */
exit_code tell_differences(const char *one, const char *other, bool quiet, bool json);

#endif
