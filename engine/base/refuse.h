/* refuse.h - an error in words. */
#ifndef ORRERY_BASE_REFUSE_H
#define ORRERY_BASE_REFUSE_H

#include <orrery/status.h>

/* Fills *why with a text (no place), and gives the status back. */
orr_status orr_refuse(orr_status status, orr_diagnosis *why, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
