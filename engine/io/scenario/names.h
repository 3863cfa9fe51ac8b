/* names.h - the names of bodies, with a hash index while a scenario is read. */
#ifndef ORRERY_IO_NAMES_H
#define ORRERY_IO_NAMES_H

#include <orrery/scenario.h>

/* Names of a large group, PREFIX-NUMBER, which are not in the hash: a million of them cost their
 * letters and no more.  All names of that form are theirs. */
typedef struct orr_name_series {
    const char *prefix; /* borrowed, as long as the index lives */
    size_t first, n;    /* their ids */
} orr_name_series;

typedef struct orr_name_index {
    size_t *slots; /* id + 1; 0 is empty */
    size_t capacity, n;
    orr_name_series *series; /* [n_series] */
    size_t n_series;
} orr_name_index;

enum { ORR_LONGEST_NAME = 80 };

/* Append a name; its id is names->n - 1.  ORR_E_EXISTS if it is there already. */
orr_status orr_names_add(orr_names *names, orr_name_index *index, const char *name);

/* Append n names PREFIX-NUMBER, by the numbers, none of which is there twice (NULL: 1 to n).
 * ORR_E_EXISTS if a name of this form is there already; *taken is its id. */
orr_status orr_names_add_series(orr_names *names, orr_name_index *index, const char *prefix,
                                const uint64_t *numbers, size_t n, size_t *taken);

/* The id of a name, or names->n. */
size_t orr_names_find(const orr_names *names, const orr_name_index *index, const char *name);

void orr_names_free(orr_names *names);
void orr_name_index_free(orr_name_index *index);

#endif
