/* scenario_of.h - an output file as a scenario again. */
#ifndef ORRERY_CLI_SCENARIO_OF_H
#define ORRERY_CLI_SCENARIO_OF_H

#include "cli.h"

/* The scenario with all its values, as the file holds it, and the bodies as they are at snapshot k,
 * to the last bit; of an ensemble, of the member that is selected.  The epoch stays, and with it
 * the time of what depends on it: the run begins at `run.from`.  Its end is `until` (as in a
 * scenario); NULL: the end of the run, or, where that is reached, as far again. */
exit_code write_continuation(orr_reader *r, const char *path, size_t k, const char *until,
                             FILE *out);

/* The run itself once more: the first snapshot is its beginning. */
exit_code write_scenario_of(orr_reader *r, const char *path, FILE *out);

#endif
