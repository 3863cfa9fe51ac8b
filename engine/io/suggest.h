/* suggest.h - "did you mean". */
#ifndef ORRERY_IO_SUGGEST_H
#define ORRERY_IO_SUGGEST_H

#include <stddef.h>

#include <orrery/status.h>

/* The name nearest to wrong, or NULL if none is near (more than a third of it would change). */
ORR_API const char *orr_nearest(const char *wrong, const char *const *names, size_t n);

/* Write "did you mean 'x'?" or "there is: a, b, c" into buffer. */
ORR_API void orr_suggest(const char *wrong, const char *const *names, size_t n, char *buffer,
                         size_t size);

#endif
