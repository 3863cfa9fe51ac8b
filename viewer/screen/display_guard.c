/* display_guard.c - see display_guard.h.  Xlib is looked up at run time: SDL loads it where it
 * needs it, and the program does without it elsewhere. */
#include "display_guard.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

/* As in Xlib.h; displays and events are only handed through. */
typedef int io_error_fn(void *display);
typedef int error_fn(void *display, void *event);
typedef io_error_fn *set_io_error_fn(io_error_fn *handler);
typedef error_fn *set_error_fn(error_fn *handler);

static jmp_buf *jump_to;
static void (*on_error)(void);
static bool broken;
static io_error_fn *io_before;

static int lose(void *display)
{
    (void)display;
    if (jump_to)
        longjmp(*jump_to, 1);
    return 0;
}

static int complain(void *display, void *event)
{
    (void)display, (void)event;
    broken = true;
    if (on_error)
        on_error();
    return 0;
}

/* A function of the Xlib that is loaded already; NULL: there is none. */
static void *function_of_xlib(const char *name)
{
    void *library = dlopen("libX11.so.6", RTLD_NOW | RTLD_NOLOAD);
    return library ? dlsym(library, name) : NULL;
}

static void set_handlers(io_error_fn *io, error_fn *error)
{
    set_io_error_fn *set_io = NULL;
    set_error_fn *set_error = NULL;
    *(void **)&set_io = function_of_xlib("XSetIOErrorHandler");
    *(void **)&set_error = function_of_xlib("XSetErrorHandler");
    if (set_io)
        io_before = set_io(io);
    if (set_error)
        set_error(error);
}

void display_guard_begin(jmp_buf *lost, void (*on_broken)(void))
{
    broken = false;
    jump_to = lost;
    on_error = on_broken;
    set_handlers(lose, complain);
}

bool display_guard_is_broken(void)
{
    return broken;
}

void display_guard_end(void)
{
    set_handlers(io_before, complain); /* errors of what was asked for last may still come */
    jump_to = NULL;
    on_error = NULL;
}
