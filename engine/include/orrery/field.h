/* field.h - one description of an option or a piece of state, used five ways: scenario key,
 * default, bounds, `orrery list NAME`, and the saved state (options and ORR_STATE). */
#ifndef ORRERY_FIELD_H
#define ORRERY_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/status.h>
#include <orrery/units.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum orr_type {
    ORR_DOUBLE, /* double */
    ORR_INT,    /* int */
    ORR_BOOL,   /* bool */
    ORR_CHOICE, /* int: index into `choices` */
    ORR_RANGE,  /* double[2]: lower and upper bound, lower <= upper */
    ORR_BODY    /* double: id of a body, -1: none is named */
} orr_type;

enum orr_most_choices {
    ORR_MOST_CHOICES = 64,
    ORR_MOST_CHOICE_TEXT = 64 /* bytes of a choice's name, with its final 0 */
};

enum orr_field_role {
    ORR_OPTION = 1,
    ORR_MOVED = 64,   /* beside ORR_OPTION: scenarios say this elsewhere now, so it is not shown */
    ORR_REQUIRED = 4, /* an option that must be given */
    /* Of state that is saved: */
    ORR_STATE = 2, /* `size` bytes of any type that holds no pointer */
    ORR_KEPT = 8,  /* `size` bytes of pointers into memory of orr_keep(), saved with its contents */
    ORR_ROOM = 16, /* the same, but what it holds between steps means nothing: restored as zeros */
    ORR_UNSAVED = 32 /* `size` bytes of anything: zeros after restoring, made anew where needed */
};

typedef struct orr_field {
    const char *name;
    orr_type type;
    orr_dimension dim;   /* unit of the value; ORR_DIMENSIONLESS for pure numbers */
    size_t offset;       /* into the state block; see offsetof() */
    double fallback;     /* default (both bounds of a range) */
    double min, max;     /* inclusive bounds; min == max means unbounded */
    unsigned role;       /* ORR_OPTION (| ORR_REQUIRED), or one of state */
    const char *choices; /* for ORR_CHOICE: names separated by '|' */
    const char *doc;
    size_t size; /* [byte] of state */
} orr_field;

/* A line of a field table for state that is saved: member (a name, or a path such as b.c[2]) of the
 * struct `block`, which is at the start of the state. */
#define ORR_STATE_FIELD(role_, name_, block, member)                                               \
    {                                                                                              \
        .name = (name_), .offset = offsetof(block, member), .role = (role_),                       \
        .size = sizeof(((block *)0)->member)                                                       \
    }
#define ORR_STATE_VALUE(block, member)   ORR_STATE_FIELD(ORR_STATE, #member, block, member)
#define ORR_STATE_KEPT(block, member)    ORR_STATE_FIELD(ORR_KEPT, #member, block, member)
#define ORR_STATE_ROOM(block, member)    ORR_STATE_FIELD(ORR_ROOM, #member, block, member)
#define ORR_STATE_UNSAVED(block, member) ORR_STATE_FIELD(ORR_UNSAVED, #member, block, member)

/* An option given by name.  number for doubles, ints and bools (0 or 1); upper is the second value
 * of a range; text for choices. */
typedef struct orr_option {
    const char *name;
    double number, upper;
    const char *text;
} orr_option;

/* Find a field by name; NULL if there is none.  fields ends with a field whose name is NULL. */
ORR_API const orr_field *orr_field_find(const orr_field *fields, const char *name);

/* Write every field's default into the block `self`. */
ORR_API void orr_fields_defaults(const orr_field *fields, void *self);

/* Set one option in the block `self`.  ORR_E_UNKNOWN_NAME if no field has that name,
 * ORR_E_ARGUMENT if the value is out of bounds or not among the choices; self is then unchanged. */
ORR_API ORR_CHECKED orr_status orr_fields_set(const orr_field *fields, void *self,
                                              const orr_option *option);

/* An option as it stands in the block `self`, such that orr_fields_set() would set it again.  text
 * gets the name of a choice, to which out->text then points; out->name is that of the field.
 * ORR_E_UNKNOWN_NAME. */
ORR_API ORR_CHECKED orr_status orr_fields_get(const orr_field *fields, const void *self,
                                              const char *name, orr_option *out,
                                              char text[ORR_MOST_CHOICE_TEXT]);

/* The value of a scalar field as a number (choice: its index; range: its lower bound). */
ORR_API double orr_field_get(const orr_field *field, const void *self);

/* The name of choice k of a field, copied into buffer (at most size bytes with the final 0).
 * Returns false when there is no choice k. */
ORR_API bool orr_field_choice(const orr_field *field, int k, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
