/* checkpoint.h - all that a stopped run needs to go on, in one file beside the output:
 *
 *     magic, size of the head, head, sum of the head, one image a simulation
 *
 * Each item of the head has its size before it; images have sums of their own.  checkpoint_writer.h puts it
 * on the disk. */
#ifndef ORRERY_RUN_CHECKPOINT_H
#define ORRERY_RUN_CHECKPOINT_H

#include "measure.h"
#include "schedule.h"

enum { MOST_SETS = 64 };

/* One simulation: the run itself, its shadow, or a member of an ensemble. */
typedef struct saved_run {
    measured m;
    uint64_t events;       /* that are in the file */
    int64_t status;        /* orr_status; a member that failed has no image */
    double apart, lost_at; /* of a shadow */
    size_t image_size;
    void *image;
} saved_run;

typedef struct checkpoint {
    char *output;   /* the file that is written now */
    char *scenario; /* its path, and the text */
    char *yaml;
    size_t yaml_size;
    char *sets[MOST_SETS]; /* what the command line changed */
    size_t n_sets;
    char *until;     /* "": nothing */
    char *shadow;    /* its kind; "": none */
    int64_t member;  /* -1: none */
    uint64_t bodies; /* hash of the scenario's, to notice another table */
    orr_writer_place place;
    schedule frames, checks, marks;
    double t;                      /* [time] of the state; of the slowest member */
    uint64_t unwritten;            /* events */
    saved_run *runs;               /* the run and perhaps its shadow, or all members */
    size_t n_runs, n_expect;       /* expectations of all members, one after the other */
    unsigned char *attended, *met; /* [n_expect] */
    char *texts;                   /* [n_expect][512] */
} checkpoint;

/* Where the checkpoint of an output file is. */
void orr_checkpoint_path(const char *output, const char *wish, char path[4200]);

/* NAME.h5 of NAME.0003.h5, which continues it and has no checkpoint of its own; else the name. */
void orr_checkpoint_first(const char *output, char path[4200]);

/* The file that the run was writing, in the folder of its first one, which may have moved. */
void orr_checkpoint_output(const checkpoint *c, const char *first, char path[4200]);

/* Where the scenario is, and so its tables: where it was, or beside the output. */
void orr_checkpoint_scenario(const checkpoint *c, const char *first, char path[4200]);

/* The end of the run as text for --until, to the bit. */
void orr_checkpoint_until(const orr_scenario *s, char out[64]);
/* What was changed of the scenario when it was read; borrowed from c. */
orr_scenario_changes orr_checkpoint_changes(const checkpoint *c, bool plugins);

/* The head as bytes, to be freed; NULL: no memory. */
void *orr_checkpoint_pack(const checkpoint *c, size_t *size);

/* Does the file begin like a checkpoint, of this version or another? */
bool orr_checkpoint_is_one(const char *path);

/* Reads one; everything in it is to be freed by orr_checkpoint_free().  ORR_E_FILE, with a text:
 * there is none, or it is damaged; ORR_E_NO_MEMORY. */
orr_status orr_checkpoint_read(const char *path, checkpoint *c, char *why, size_t size);
void orr_checkpoint_free(checkpoint *c);
void orr_checkpoint_free_runs(saved_run *runs, size_t n);

#endif
