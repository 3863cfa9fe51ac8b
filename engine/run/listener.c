#include "listener.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(orr_run_text_fn *fn, void *user, const char *format, va_list list)
{
    char text[2048];
    if (!fn)
        return;
    vsnprintf(text, sizeof text, format, list);
    fn(user, text);
}

void orr_tell(const orr_listener *to, const char *format, ...)
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

orr_status orr_refuse(orr_diagnosis *why, orr_status status, const char *format, ...)
{
    va_list list;
    memset(why, 0, sizeof *why);
    va_start(list, format);
    vsnprintf(why->text, sizeof why->text, format, list);
    va_end(list);
    return status;
}
