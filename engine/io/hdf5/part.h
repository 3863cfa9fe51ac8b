/* part.h - one file of a run, for run.c, which puts them together.  All is as in the part of
 * orrery/io.h about reading, but of this file alone. */
#ifndef ORRERY_IO_H5_PART_H
#define ORRERY_IO_H5_PART_H

#include <orrery/io.h>

typedef struct orr_part orr_part;

orr_status orr_part_open(const char *path, orr_part **out, orr_diagnosis *why);
void orr_part_close(orr_part *r);
const char *orr_part_path(const orr_part *r);

const orr_file_info *orr_part_info(const orr_part *r);
const orr_bodies *orr_part_bodies(const orr_part *r); /* gm and radius as the file begins */
const char *orr_part_name(const orr_part *r, size_t index);
uint32_t *orr_part_colors(orr_part *r);
double orr_part_G(orr_part *r); /* NAN: no body tells */
char *orr_part_scenario(orr_part *r, bool resolved);
char *orr_part_origin(orr_part *r);

bool orr_part_parameter(orr_part *r, size_t j, char *set, size_t size);

orr_status orr_part_select(orr_part *r, size_t k, orr_diagnosis *why);
orr_status orr_part_times(orr_part *r, double *values, orr_diagnosis *why);
orr_status orr_part_column(orr_part *r, const char *name, int component, double *values,
                           orr_diagnosis *why);
orr_status orr_part_event(orr_part *r, size_t k, orr_event *out, uint64_t *member,
                          orr_diagnosis *why);

/* The unit of a dataset, such as "events/energy"; "": it has none, or is not there. */
void orr_part_unit(orr_part *r, const char *dataset, char *unit, size_t size);
bool orr_part_has(orr_part *r, const char *dataset);

/* Snapshot k into bodies that are as many. */
orr_status orr_part_read(orr_part *r, size_t k, orr_bodies *into, double *t, orr_diagnosis *why);
orr_status orr_part_elements(orr_part *r, size_t k, size_t quantity, double *values, uint64_t *ids,
                             orr_diagnosis *why);
orr_row_state orr_part_check(orr_part *r, size_t k);

#endif
