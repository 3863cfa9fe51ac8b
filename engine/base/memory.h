/* memory.h - how much memory there is. */
#ifndef ORRERY_BASE_MEMORY_H
#define ORRERY_BASE_MEMORY_H

/* Bytes that can be had without driving out what others use (Linux: MemAvailable), and not more than
 * the limits of this process; 0: unknown. */
double orr_memory_available(void);

#endif
