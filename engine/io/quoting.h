/* quoting.h - text from outside (names, titles, paths) in what others read: one function for each
 * form. */
#ifndef ORRERY_IO_QUOTING_H
#define ORRERY_IO_QUOTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <orrery/status.h>

/* A field of CSV (RFC 4180): quoted where it has to be. */
void orr_write_csv(FILE *out, const char *text);

/* A scalar of YAML 1.2, always in double quotes. */
void orr_write_yaml(FILE *out, const char *text);

/* A string of JSON (RFC 8259), in its quotes; what is not UTF-8 becomes U+FFFD. */
void orr_write_json(FILE *out, const char *text);

/* Text or an attribute of XML and HTML; what may not stand there becomes U+FFFD. */
void orr_write_xml(FILE *out, const char *text);

/* For a terminal: what would steer it, turn the direction of writing, or is not UTF-8 is shown as
 * \x1b or \u202e.  Lines end as they do. */
void orr_write_terminal(FILE *out, const char *text);

/* The fewest digits that give this number back. */
const char *orr_shortest(double value, char text[32]);

/* Why this cannot be the name of a body: false, and a sentence, if it is empty, longer than `most`
 * bytes, not UTF-8, or has control characters. */
bool orr_is_name(const char *text, size_t most, char *why, size_t size);

#endif
