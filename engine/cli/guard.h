/* guard.h - HDF5 1.10 breaks down on some damaged files: it crashes, never comes back, or takes all
 * memory.  The guard makes an error of that: a message, and exit code 4. */
#ifndef ORRERY_CLI_GUARD_H
#define ORRERY_CLI_GUARD_H

void guard_against_damaged_files(void);

/* A file that is to go when HDF5 breaks down; NULL: none is. */
void guard_removes(const char *path);

#endif
