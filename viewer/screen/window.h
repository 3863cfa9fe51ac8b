/* window.h - the viewer in a window of SDL2. */
#ifndef ORRERY_VIEWER_WINDOW_H
#define ORRERY_VIEWER_WINDOW_H

#include "viewer.h"

typedef enum window_renderer { WINDOW_AUTO, WINDOW_SOFTWARE, WINDOW_OPENGL } window_renderer;

/* Shows v until the person has enough.  stem: how the names of screenshots and films begin.
 * renderer: how pixels get to the screen.  False: there is no window; why says the reason and what
 * to do. */
bool window_show(viewer *v, const char *stem, window_renderer renderer, char *why, int size);

/* Close the window soon.  Async-signal-safe. */
void window_close(void);

#endif
