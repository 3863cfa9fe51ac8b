/* saved_state.h - the form of a saved state, for save.c and restore.c. */
#ifndef ORRERY_SIM_SAVED_STATE_H
#define ORRERY_SIM_SAVED_STATE_H

#include "sim_internal.h"

#include <stdio.h>

/* The last digit counts the forms; states of older ones are refused. */
#define SAVED_MAGIC "ORRIMG5"

typedef struct saved_header {
    char magic[8], version[24]; /* of orrery, for messages */
    uint64_t layout;            /* of numbers on that machine */
    uint64_t size, sum;         /* of all bytes after this header and of it with sum = 0 */
    uint64_t n, n_active, n_passive, n_events;
} saved_header;

typedef enum saved_kind {
    SAVED_BODIES = 1,
    SAVED_PART,
    SAVED_VALUE,
    SAVED_BLOCK,
    SAVED_ROOM,
    SAVED_SLOTS,
    SAVED_REST,
    SAVED_EVENTS,
    SAVED_MASSIVE
} saved_kind;

typedef struct saved_item {
    char name[48];
    uint32_t kind;
    uint32_t version; /* PART: of the state; REST: size of the whole state */
    uint64_t size;    /* of the bytes that follow, without padding */
} saved_item;

typedef struct saved_slot {
    uint64_t block, offset; /* the blocks of a part, from 1; 0: NULL */
} saved_slot;

/* One owner of state: the simulation, the method, a force. */
typedef struct orr_part {
    const char *role, *name;
    unsigned version;
    const orr_field *fields;
    void *state;
    size_t size;
    void **home;       /* where the pointer to the state lies; NULL: the state is the simulation */
    orr_arena *memory; /* NULL: it keeps none */
} orr_part;

enum { ORR_MOST_PARTS = ORR_MOST_FORCES + 4 };

/* All parts, in the order in which they are saved.  Whoever adds state to a simulation adds a part,
 * or a line to the fields of one. */
size_t orr_sim_parts(orr_sim *sim, orr_part parts[ORR_MOST_PARTS]);

extern const orr_field orr_event_fields[];

/* [byte] in the state block. */
size_t orr_field_size(const orr_field *f);

/* For each byte of a part's state 1 if no field names it; to be freed; NULL: no memory. */
unsigned char *orr_unnamed_bytes(const orr_part *part);

/* Differs where numbers have other sizes or their bytes another order. */
uint64_t orr_layout_here(void);

uint64_t orr_saved_sum(const saved_header *h, const unsigned char *data, size_t size);

#endif
