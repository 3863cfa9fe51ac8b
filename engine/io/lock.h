/* lock.h - one writer a name.
 *
 * A lock is a file NAME.lock beside the file that it guards, so that it guards the name, whatever
 * inode stands behind it (a run with --force replaces that), and so that readers, and HDF5's own
 * locks (flock), never meet it.  The lock itself is an open-file-description lock on that file:
 * the kernel takes it away with the process, however that ends, so what is left of NAME.lock alone
 * blocks nothing.  The file says in words which process holds it.
 *
 * A file that was renamed or has a second name is known by who has it open for writing (Linux,
 * file systems of this machine). */
#ifndef ORRERY_IO_LOCK_H
#define ORRERY_IO_LOCK_H

#include <stdbool.h>

#include <orrery/status.h>

/* {0}: none is held. */
typedef struct orr_lock {
    bool held;
    int fd;
    char path[4400];   /* of the lock file */
    char warning[300]; /* why there is none, where the file system has no locks */
} orr_lock;

/* Nobody else may write what `path` names until the lock is released.  ORR_E_BUSY: somebody does;
 * *why says who.  ORR_E_FILE: there cannot be such a file.  Where the file system has no locks it
 * is ORR_OK, with a warning in the lock.  What killed writers left half made under that name
 * (NAME.part-PID) is removed. */
ORR_CHECKED orr_status orr_lock_take(orr_lock *l, const char *path, orr_diagnosis *why);

/* The same question without an answer that lasts: ORR_OK or ORR_E_BUSY.  Needs no right to write
 * anywhere. */
ORR_CHECKED orr_status orr_lock_ask(const char *path, orr_diagnosis *why);

/* Of one that is not held: nothing happens. */
void orr_lock_release(orr_lock *l);

/* NAME.h5 of NAME.0003.h5, which may continue it, NAME of NAME.0003; false: the path has no such
 * number. */
bool orr_first_of(const char *path, char first[4096]);

/* Do both paths lead to the same file? */
bool orr_is_same_file(const char *a, const char *b);

#endif
