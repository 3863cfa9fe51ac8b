/* date_reader.h - the text of a date on its way to an instant, and the words in it. */
#ifndef ORRERY_CORE_DATE_READER_H
#define ORRERY_CORE_DATE_READER_H

#include <stddef.h>

#include "calendar.h"

enum { MOST_TEXT = 100 };

typedef struct orr_date_reader {
    char text[MOST_TEXT + 1]; /* without blanks at either end */
    const char *p;
    orr_date date; /* day, and seconds of the decimals of a day */
    bool bc, ad;   /* "B.C.", "A.D." */
    bool has_decimals, has_zone;
    bool has_scale;   /* before the number: "JDTDB" */
    int minute, zone; /* of the day; east of Greenwich [min] */
    double second;
    char *message;
    size_t size;
} orr_date_reader;

/* "'text' is not a date: " and why; the status for it. */
__attribute__((format(printf, 2, 3))) orr_status orr_date_refuse(orr_date_reader *r,
                                                                 const char *format, ...);
/* No form of a date that is known. */
orr_status orr_date_no_form(orr_date_reader *r);

/* How many digits or letters p begins with. */
size_t orr_count_digits(const char *p);
size_t orr_count_letters(const char *p);

void orr_skip_blanks(orr_date_reader *r);
long orr_take_whole(orr_date_reader *r);                  /* at most 9 digits */
double orr_take_decimals(orr_date_reader *r);             /* ".729", or 0 */
double orr_take_day_decimals(orr_date_reader *r);         /* the same of a day [s] */
bool orr_take_word(orr_date_reader *r, const char *word); /* whatever the case */
/* " TDB", "(TDB)" or nothing, up to the end. */
orr_status orr_take_scale(orr_date_reader *r);

/* "Mar", "March", "Sept"; 0: none.  n: the length of the word. */
int orr_month_named(const char *p, size_t n);
const char *orr_month_name(long month);
bool orr_scale_named(const char *name, size_t n, orr_timescale *scale);

#endif
