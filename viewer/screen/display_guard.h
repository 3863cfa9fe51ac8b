/* display_guard.h - the X server may go away, or another program may destroy the window: Xlib then
 * ends the process.  A run that goes on behind its window must not end with it. */
#ifndef ORRERY_VIEWER_DISPLAY_GUARD_H
#define ORRERY_VIEWER_DISPLAY_GUARD_H

#include <setjmp.h>
#include <stdbool.h>

/* From here on a lost connection jumps to `lost` (whose frame must still be there), after which
 * nothing of X may be touched any more, and an error of X calls `on_broken`.  Where there is no
 * Xlib nothing happens.  Of one window at a time. */
void display_guard_begin(jmp_buf *lost, void (*on_broken)(void));

/* Since then there was an error of X: the window is no more. */
bool display_guard_is_broken(void);

void display_guard_end(void);

#endif
