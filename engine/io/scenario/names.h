/* names.h - the names of bodies, with a hash index while a scenario is read. */
#ifndef ORRERY_IO_NAMES_H
#define ORRERY_IO_NAMES_H

#include <orrery/scenario.h>

typedef struct orr_name_index {
    size_t *slots; /* id + 1; 0 is empty */
    size_t capacity;
} orr_name_index;

enum { ORR_LONGEST_NAME = 80 };

/* Append a name; its id is names->n - 1.  ORR_E_EXISTS if it is there already. */
orr_status orr_names_add(orr_names *names, orr_name_index *index, const char *name);

/* The id of a name, or names->n. */
size_t orr_names_find(const orr_names *names, const orr_name_index *index, const char *name);

void orr_names_free(orr_names *names);
void orr_name_index_free(orr_name_index *index);

#endif
