/* checkpoint.h - all that a stopped run needs to go on: one small file beside the output,
 * NAME.checkpoint, written whole under another name and then given its own, so that there always is
 * a whole one. */
#ifndef ORRERY_CLI_CHECKPOINT_H
#define ORRERY_CLI_CHECKPOINT_H

#include "measure.h"
#include "schedule.h"

enum { MOST_SETS = MOST_VALUES };

typedef struct checkpoint {
    char *output;   /* the file that is written now */
    char *scenario; /* its path, and the text */
    char *yaml;
    size_t yaml_size;
    char *sets[MOST_SETS]; /* what the command line changed */
    size_t n_sets;
    char *until;    /* "": nothing */
    int64_t member; /* -1: none */
    orr_writer_place place;
    schedule frames, checks;
    measured m;
    uint64_t events, unwritten;
    size_t n_expect;
    unsigned char *attended, *met; /* [n_expect] */
    char *texts;                   /* [n_expect][512] */
    void *image;                   /* of the simulation */
    size_t image_size;
} checkpoint;

/* Where the checkpoint of an output file is. */
void checkpoint_path(const char *output, const char *wish, char path[4200]);

bool checkpoint_write(const char *path, const checkpoint *c, char *why, size_t size);

/* Reads one; everything in it is to be freed by checkpoint_free(). */
bool checkpoint_read(const char *path, checkpoint *c, char *why, size_t size);
void checkpoint_free(checkpoint *c);

#endif
