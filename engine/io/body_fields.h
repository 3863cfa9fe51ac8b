/* body_fields.h - the fields of bodies (orrery/body_fields.def) as files and scenarios see them.
 *
 * Position and velocity, GM, radius and id have names and places of their own in both.  All others
 * have the name that the list gives them: a key of `bodies:`, a column of the output file, there
 * where some body has a value other than zero. */
#ifndef ORRERY_IO_BODY_FIELDS_H
#define ORRERY_IO_BODY_FIELDS_H

#include <stdio.h>

#include <orrery/bodies.h>

enum { ORR_MOST_FIELDS = 12 }; /* of each of the lists below */

/* Fields without a place of their own; NULL behind the last. */
const orr_body_field *orr_extra_field_at(size_t i);

/* Those that change at events only, which the file has as they are where it begins, and in a log:
 * GM, radius, then further ones. */
enum { ORR_LASTING_GM, ORR_LASTING_RADIUS };
const orr_body_field *orr_lasting_field_at(size_t i);

/* Further ones that change with every step: in each snapshot. */
const orr_body_field *orr_moving_field_at(size_t i);

/* The components of a field of a body by value. */
double *orr_body_values(orr_body *body, const orr_body_field *field);

/* Component c of body i. */
double orr_field_value(const orr_bodies *b, const orr_body_field *field, size_t i, size_t c);

/* All fields that last, of as many bodies in the same order. */
void orr_copy_lasting_fields(orr_bodies *to, const orr_bodies *from);

/* Has some body a value other than zero? */
bool orr_field_is_set(const orr_bodies *b, const orr_body_field *field);

/* A body of a scenario: "  - { name: ..., GM: ..., position: ..., velocity: ... }\n" in the units
 * of the scenario; color 0: none. */
void orr_write_body(FILE *out, const char *name, const orr_body *body, unsigned color);

#endif
