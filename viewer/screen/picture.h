/* picture.h - pictures and films into files. */
#ifndef ORRERY_VIEWER_PICTURE_H
#define ORRERY_VIEWER_PICTURE_H

#include <stdbool.h>

#include "viewer/draw/draw.h"

/* Write a PNG.  It appears under its name when it is whole; false: why says what went wrong. */
bool picture_write(const canvas *c, const char *path, char *why, int size);

/* A film: an MP4 by ffmpeg, or a folder of PNGs. */
typedef struct film film;

/* path ends in .mp4 (or another ending that ffmpeg knows), or is a folder, made if it is not there.
 * NULL: why says what is wrong. */
film *film_open(const char *path, int width, int height, int fps, char *why, int size);
/* False: why says what went wrong (a full disk, another size of picture). */
bool film_add(film *f, const canvas *c, char *why, int size);
/* False: the film is not whole.  Frees f. */
bool film_close(film *f, char *why, int size);
/* Can ffmpeg be run? */
bool film_has_ffmpeg(void);

#endif
