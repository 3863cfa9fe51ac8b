/* listener.h - who hears what a run has to say. */
#ifndef ORRERY_RUN_LISTENER_H
#define ORRERY_RUN_LISTENER_H

#include <orrery/run.h>

#include "base/refuse.h"

typedef struct orr_listener {
    void *user;
    orr_run_text_fn *message, *warning; /* NULL: nobody */
} orr_listener;

void orr_run_tell(const orr_listener *to, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void orr_warn(const orr_listener *to, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
