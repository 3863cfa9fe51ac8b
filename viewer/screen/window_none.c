/* window_none.c - where SDL2 was not there at build time. */
#include "window.h"

#include <stdio.h>

bool window_show(viewer *v, const char *stem, window_renderer renderer, char *why, int size)
{
    (void)v, (void)stem, (void)renderer;
    snprintf(why, (size_t)size,
             "this orrery was built without SDL2 (Debian: libsdl2-dev) and opens no windows; "
             "--frames, --movie and --picture work");
    return false;
}

void window_close(void)
{
}
