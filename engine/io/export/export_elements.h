/* export_elements.h - osculating elements as CSV; for export.c, which makes the file. */
#ifndef ORRERY_IO_EXPORT_ELEMENTS_H
#define ORRERY_IO_EXPORT_ELEMENTS_H

#include <stdio.h>

#include <orrery/io.h>

/* The rows of snapshots [first, last).  What goes wrong with `out` is left to its caller. */
orr_status orr_elements_csv(FILE *out, orr_reader *r, const orr_element_choice *c, size_t first,
                            size_t last, orr_element_rows *rows, orr_diagnosis *why);

#endif
