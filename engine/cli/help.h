/* help.h - how help is laid out: 100 columns. */
#ifndef ORRERY_CLI_HELP_H
#define ORRERY_CLI_HELP_H

#include "cli.h"

enum { HELP_WIDTH = 100 };

/* The rest of a line that has `at` columns already, broken at blanks and going on `indent` in. */
void print_wrapped(const char *text, int at, int indent);

/* "  left          middle         text that goes on below itself" */
void print_row(const char *left, int left_width, const char *middle, int middle_width,
               const char *text);

/* `orrery help scenario [PART or KEY ...]` (help_scenario.c) */
exit_code print_scenario_help(char **words, int n);

#endif
