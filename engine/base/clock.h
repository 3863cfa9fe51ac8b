/* clock.h - how late it is: for limits on time, and for how long things took. */
#ifndef ORRERY_BASE_CLOCK_H
#define ORRERY_BASE_CLOCK_H

#include <stdint.h>

/* [s] since some moment; never goes back. */
double orr_clock(void);

/* [s] of processor time that the calling thread has used. */
double orr_thread_clock(void);

/* The same in [ns]: whole numbers, which threads can add up without a lock. */
int64_t orr_clock_ns(void);
int64_t orr_thread_clock_ns(void);

#endif
