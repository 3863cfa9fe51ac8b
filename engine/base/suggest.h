/* suggest.h - "did you mean". */
#ifndef ORRERY_BASE_SUGGEST_H
#define ORRERY_BASE_SUGGEST_H

#include <stddef.h>

#include <orrery/status.h>

/* The name that was meant, or NULL: by another spelling, by another word for it (synonyms.def), by
 * its beginning or end, or by a few letters that differ (no more than a third of it). */
const char *orr_nearest(const char *wrong, const char *const *names, size_t n);

/* Write "did you mean 'x'?" or "there is: a, b, c" into buffer. */
void orr_suggest(const char *wrong, const char *const *names, size_t n, char *buffer, size_t size);

#endif
