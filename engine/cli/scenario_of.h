/* scenario_of.h - an output file as a scenario again. */
#ifndef ORRERY_CLI_SCENARIO_OF_H
#define ORRERY_CLI_SCENARIO_OF_H

#include "cli.h"

/* The scenario with all its values, as the file holds it, and all bodies as they are in snapshot k,
 * to the last bit.  For k > 0 time begins anew there: the epoch and the end are those of what is
 * left. */
exit_code write_scenario_of(orr_reader *r, const char *path, size_t k, FILE *out);

#endif
