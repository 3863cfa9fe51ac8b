#include "refuse.h"

#include <stdarg.h>
#include <stdio.h>

orr_status orr_refuse(orr_status status, orr_diagnosis *why, const char *format, ...)
{
    va_list list;
    *why = (orr_diagnosis){0};
    va_start(list, format);
    vsnprintf(why->text, sizeof why->text, format, list);
    va_end(list);
    return status;
}
