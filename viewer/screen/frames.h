/* frames.h - pictures without a window: one, a folder of them, or a film. */
#ifndef ORRERY_VIEWER_FRAMES_H
#define ORRERY_VIEWER_FRAMES_H

#include "viewer.h"

typedef struct frames_job {
    const char *film;    /* a folder, or a file for ffmpeg; NULL: none */
    const char *picture; /* one PNG, of the time `at`; NULL: none */
    double at;           /* [time] */
    int width, height, fps;
    double scale; /* pixels of a plain screen's pixel */
    long frames;  /* how many; 0: to the end of the run */
    bool quiet;
} frames_job;

/* False: why says what went wrong; what was written before is whole. */
bool frames_make(viewer *v, const frames_job *job, char *why, int size);

/* Ask frames_make() to end with the picture that it is at.  Async-signal-safe. */
void frames_stop(void);

#endif
