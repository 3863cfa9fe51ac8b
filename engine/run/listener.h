/* listener.h - who hears what a run has to say. */
#ifndef ORRERY_RUN_LISTENER_H
#define ORRERY_RUN_LISTENER_H

#include <orrery/run.h>

typedef struct orr_listener {
    void *user;
    orr_run_text_fn *message, *warning; /* NULL: nobody */
} orr_listener;

void orr_tell(const orr_listener *to, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void orr_warn(const orr_listener *to, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A diagnosis that is text alone; gives status on. */
orr_status orr_refuse(orr_diagnosis *why, orr_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
