#include "clock.h"

#include <time.h>

static int64_t read_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t orr_clock_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

int64_t orr_thread_clock_ns(void)
{
    return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

double orr_clock(void)
{
    return 1e-9 * (double)orr_clock_ns();
}

double orr_thread_clock(void)
{
    return 1e-9 * (double)orr_thread_clock_ns();
}
