/* origin.h - where a run comes from, as text in its output file (/scenario/origin): what
 * `orrery resume` needs of a run that was killed before its first checkpoint.
 *
 * One item a line: a word, a blank, the value, with \n and \\ for what is special in it. */
#ifndef ORRERY_CLI_ORIGIN_H
#define ORRERY_CLI_ORIGIN_H

#include "checkpoint.h"

/* The scenario's path, options, end, shadow and member of a checkpoint that is to be, and the
 * path of --checkpoint (or NULL).  To be freed; NULL: no memory. */
char *origin_write(const checkpoint *c, const char *elsewhere);

/* Back into an empty *c, which checkpoint_free() frees in any case; elsewhere is "" if there was
 * none.  False: it is damaged, or there is no memory. */
bool origin_read(const char *text, checkpoint *c, char elsewhere[4200]);

#endif
