/* whole_file.h - a text file that appears whole or not at all: it is written as NAME.part-PID, so
 * that a full disk or a failure on the way leaves neither half a file nor the loss of an older. */
#ifndef ORRERY_CLI_WHOLE_FILE_H
#define ORRERY_CLI_WHOLE_FILE_H

#include <stdbool.h>
#include <stdio.h>

typedef struct {
    FILE *out; /* NULL once closed */
    char path[4200], part[4300];
} whole_file;

/* False, and a message, if it cannot be written, or is there and `force` is not given. */
bool whole_file_begin(whole_file *w, const char *path, bool force);

/* All is on the disk, under w->part; false, and a message, if not. */
bool whole_file_close(whole_file *w);

/* Gives the file its name, or removes what was written (`keep` false: the caller has said why). */
bool whole_file_end(whole_file *w, bool keep);

#endif
