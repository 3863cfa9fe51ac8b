#include "listener.h"

#include <stdarg.h>
#include <stdio.h>

static void say(orr_run_text_fn *fn, void *user, const char *format, va_list list)
{
    char text[2048];
    if (!fn)
        return;
    vsnprintf(text, sizeof text, format, list);
    fn(user, text);
}

void orr_run_tell(const orr_listener *to, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    say(to->message, to->user, format, list);
    va_end(list);
}

void orr_warn(const orr_listener *to, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    say(to->warning, to->user, format, list);
    va_end(list);
}
