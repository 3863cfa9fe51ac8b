/* origin.h - where a run comes from, as text in its output file (/scenario/origin): what
 * `orrery resume` needs of a run that was killed before its first checkpoint.
 *
 * One item a line: a word, a blank, the value, with \n and \\ for what is special in it. */
#ifndef ORRERY_RUN_ORIGIN_H
#define ORRERY_RUN_ORIGIN_H

#include "checkpoint.h"

/* Where the run keeps its checkpoints. */
typedef struct origin {
    char checkpoint[4200]; /* --checkpoint; "": beside the output */
    double every;          /* [s] of wall time between them; 0: not by the clock */
} origin;

/* The scenario's path, options, end, shadow and member of a checkpoint that is to be.  To be freed;
 * NULL: no memory. */
char *orr_origin_write(const checkpoint *c, const origin *o);

/* Back into an empty *c, which orr_checkpoint_free() frees in any case.  False: it is damaged, or there
 * is no memory. */
bool orr_origin_read(const char *text, checkpoint *c, origin *o);

#endif
