/* clock.h - seconds, for limits on time and for how long things took. */
#ifndef ORRERY_BASE_CLOCK_H
#define ORRERY_BASE_CLOCK_H

/* [s] since some moment; never goes back. */
double orr_clock(void);

/* [s] of processor time that the calling thread has used. */
double orr_thread_clock(void);

#endif
