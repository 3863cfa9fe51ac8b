/* settings.h - what is remembered between starts. */
#ifndef ORRERY_VIEWER_SETTINGS_H
#define ORRERY_VIEWER_SETTINGS_H

#include <stdbool.h>

typedef struct settings {
    bool trails, orbits, labels, graphs, grid, true_size, light;
    bool trail_in_time; /* its length is a time [unit of the run], else in orbits */
    double trail_orbits, trail_time;
    double font_size;  /* [pixels of a plain screen] */
    int width, height; /* of the window */
    bool fullscreen;
} settings;

settings settings_default(void);

/* From $XDG_STATE_HOME/orrery/viewer (~/.local/state/orrery/viewer); what is not there, or wrong,
 * stays as it is. */
void settings_load(settings *s);

/* What is to be kept of a window: what was loaded, and of what it began with (options of one call
 * included) what was changed in it. */
settings settings_changed(const settings *loaded, const settings *begun, const settings *now);

/* As on the first day. */
void settings_forget(void);

/* False: it could not be written. */
bool settings_save(const settings *s);

#endif
