/* kinds.h - what a file is, by its first bytes: an error about the wrong one says which it is. */
#ifndef ORRERY_IO_KINDS_H
#define ORRERY_IO_KINDS_H

#include <stddef.h>

#include <orrery/status.h>

typedef enum orr_file_kind {
    ORR_FILE_UNKNOWN, /* none of these, or damaged */
    ORR_FILE_MISSING, /* there is nothing of that name */
    ORR_FILE_FOLDER,
    ORR_FILE_SPECIAL, /* a pipe, a device */
    ORR_FILE_EMPTY,
    ORR_FILE_OUTPUT, /* HDF5 */
    ORR_FILE_CHECKPOINT,
    ORR_FILE_SCENARIO,
    ORR_FILE_TABLE,
    ORR_FILE_TEXT,   /* some other text */
    ORR_FILE_FOREIGN /* a picture, a film, an archive, a web page */
} orr_file_kind;

enum { ORR_KIND_BYTES = 4096 }; /* enough of a file to tell */

/* By the first n bytes; *what says it in words, "a picture (PNG)". */
orr_file_kind orr_kind_of_bytes(const char *start, size_t n, const char **what);
orr_file_kind orr_kind_of_file(const char *path, const char **what);

#endif
