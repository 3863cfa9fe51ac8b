/* memory.c - see memory.h; proc_meminfo(5), getrlimit(2). */
#include "memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static double system_memory(void)
{
    double kilobytes = 0;
    char line[128];
    FILE *file = fopen("/proc/meminfo", "r");
    while (file && kilobytes == 0 && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %lf kB", &kilobytes) != 1)
            kilobytes = 0;
    if (file)
        fclose(file);
    return 1024 * kilobytes;
}

/* Pages that this process has mapped. */
static double mapped(void)
{
    double pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%lf", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (double)sysconf(_SC_PAGESIZE);
}

double orr_memory_available(void)
{
    double there = system_memory();
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        double left = (double)limit.rlim_cur - mapped();
        left = left > 1 ? left : 1;
        there = there > 0 && there < left ? there : left;
    }
    return there;
}
