#include "guard.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli.h"

static char unfinished[4300]; /* a file that goes with a breakdown; "": there is none */

void guard_removes(const char *path)
{
    snprintf(unfinished, sizeof unfinished, "%s", path ? path : "");
}

/* Everything here runs in signal handlers. */

static void give_up(void)
{
    static const char text[] = "orrery: error: the HDF5 library broke down: a file is damaged\n";
    if (*unfinished)
        unlink(unfinished);
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    _exit(EXIT_FILES);
}

/* Crashes elsewhere stay crashes. */
static void on_crash(int number)
{
    if (orr_io_in_hdf5())
        give_up();
    signal(number, SIG_DFL); /* and again */
}

/* In builds with AddressSanitizer: what it finds inside HDF5 is not ours to mend. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void on_report(void)
{
    if (orr_io_in_hdf5())
        give_up();
}

/* [bytes] of memory that this process has. */
static double resident(void)
{
    char text[100];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = 0;
    const char *second = strchr(text, ' ');
    double pages = 0;
    for (second = second ? second + 1 : ""; *second >= '0' && *second <= '9'; second++)
        pages = 10 * pages + (*second - '0');
    return 4096 * pages;
}

/* Besides the snapshots: the program and HDF5 with their caches take tens of MB for a whole file,
 * so that 500 MB is a bound that none reaches.  The snapshots: compression makes at best an eighth
 * of doubles that were not made to be compressed. */
static double most_memory(double size)
{
    return 5e8 + 8 * size;
}

/* Every half second of CPU time.  What a whole file says of itself is read in less than the time
 * and memory that its size allows; a long work gets on all the while, block by block. */
static void on_tick(int number)
{
    static double since, before; /* which opening was noticed, and the memory then */
    static int ticks;
    double size = orr_io_opening();
    (void)number;
    if (size == 0 || (uint64_t)size != (uint64_t)since)
        before = resident(); /* of another file */
    if (size == 0 || size != since) {
        since = size, ticks = 0;
    }
    if (size > 0 && (++ticks > 20 + size / 1e7 || resident() - before > most_memory(size)))
        give_up();
}

void guard_against_damaged_files(void)
{
    static char stack[65536]; /* one of its own: recursion may have used up the other */
    const stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    const struct itimerval often = {.it_interval.tv_usec = 500000, .it_value.tv_usec = 500000};
    struct sigaction crash = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK},
                     tick = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(on_report);
    sigemptyset(&crash.sa_mask);
    sigemptyset(&tick.sa_mask);
    sigaltstack(&own, NULL);
    sigaction(SIGSEGV, &crash, NULL);
    sigaction(SIGBUS, &crash, NULL);
    sigaction(SIGFPE, &crash, NULL);
    sigaction(SIGVTALRM, &tick, NULL);
    setitimer(ITIMER_VIRTUAL, &often, NULL);
}
