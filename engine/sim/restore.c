/* restore.c - back from a saved state (save.c has its form).
 *
 * All is read into a draft, by the names of parts and fields; the simulation changes only when
 * nothing was missing.  An option that the saved state lacks keeps its present value.  A state is
 * refused, with who saved it and why, where something that was saved has no place here, or
 * something that is needed was not saved. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/version.h>

#include "collisions_internal.h"
#include "saved_state.h"

typedef struct reader {
    orr_sim *sim;
    saved_header h;
    const unsigned char *at, *end;
    orr_part parts[ORR_MOST_PARTS];
    size_t n_parts, begun; /* begun - 1: the part that is being read */
    bool *seen;            /* its fields */
    size_t first_block;    /* of its blocks in the arena */
    void *states[ORR_MOST_PARTS];
    orr_arena memory, force_memory;
    orr_bodies bodies;
    orr_event *events;
    orr_sim *massive;
} reader;

static orr_status contradiction(reader *r)
{
    return orr_sim_fail(r->sim, ORR_E_FORMAT, "the saved state contradicts itself");
}

static orr_status no_memory(reader *r)
{
    return orr_sim_fail(r->sim, ORR_E_NO_MEMORY, "out of memory for a saved state");
}

/* "the state was saved by orrery 0.1.0, " and what is wrong with that. */
static orr_status refuse(reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static orr_status refuse(reader *r, const char *format, ...)
{
    char why[500], version[sizeof r->h.version] = "";
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    for (size_t k = 0; k + 1 < sizeof version && isgraph((unsigned char)r->h.version[k]); k++)
        version[k] = r->h.version[k];
    return orr_sim_fail(r->sim, ORR_E_FORMAT, "the state was saved by orrery %s, %s", version, why);
}

static bool all_zero(const unsigned char *p, size_t n)
{
    unsigned char seen = 0;
    for (size_t k = 0; k < n; k++)
        seen |= p[k];
    return seen == 0;
}

/* ---- bodies and events ---- */

static orr_status take_bodies(reader *r, const saved_item *item, const unsigned char *from)
{
    const orr_body_field *f;
    size_t n = (size_t)r->h.n, k = 0;
    while ((f = orr_body_field_at(k)) && strncmp(f->name, item->name, sizeof item->name) != 0)
        k++;
    if (!f)
        return all_zero(from, item->size)
                   ? ORR_OK
                   : refuse(r, "with '%.47s' of the bodies, which this version does not know",
                            item->name);
    if (item->size != f->components * n * 8)
        return contradiction(r);
    unsigned char *to = orr_bodies_array(&r->bodies, f);
    for (size_t c = 0; c < f->components; c++)
        memcpy(to + 8 * c * r->bodies.stride, from + 8 * c * n, 8 * n);
    return ORR_OK;
}

static orr_status take_events(reader *r, const saved_item *item, const unsigned char *from)
{
    const orr_field *f = orr_event_fields;
    size_t n = (size_t)r->h.n_events;
    while (f->name && strncmp(f->name, item->name, sizeof item->name) != 0)
        f++;
    if (!f->name)
        return all_zero(from, item->size)
                   ? ORR_OK
                   : refuse(r, "with '%.47s' of events, which this version does not know",
                            item->name);
    if (item->size != n * f->size)
        return contradiction(r);
    for (size_t k = 0; k < n; k++)
        memcpy((char *)&r->events[k] + f->offset, from + k * f->size, f->size);
    return ORR_OK;
}

/* Room for them all; what the saved state does not tell of them is zero. */
static orr_status begin(reader *r)
{
    const saved_header *h = &r->h;
    if (h->n == 0 || h->n > h->size / 8 || h->n_active > h->n ||
        h->n_passive > h->n - h->n_active || h->n_events > h->size / 8)
        return contradiction(r);
    if (orr_bodies_init(&r->bodies, (size_t)h->n) != ORR_OK)
        return no_memory(r);
    r->bodies.n = (size_t)h->n;
    r->bodies.n_active = (size_t)h->n_active;
    r->bodies.n_passive = (size_t)h->n_passive;
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_body_field_at(k)); k++)
        for (size_t c = 0; c < f->components; c++)
            memset((char *)orr_bodies_array(&r->bodies, f) + 8 * c * r->bodies.stride, 0,
                   8 * r->bodies.n);
    r->events = calloc((size_t)h->n_events + 1, sizeof *r->events);
    return r->events ? ORR_OK : no_memory(r);
}

/* ---- parts ---- */

static const orr_part *present(const reader *r)
{
    return &r->parts[r->begun - 1];
}

static orr_arena *memory_of(reader *r, const orr_part *part)
{
    return part->memory == &r->sim->memory ? &r->memory : &r->force_memory;
}

/* Who it is: "whose method 'ias15'" */
static const char *whose(const orr_part *part, char text[100])
{
    snprintf(text, 100, "whose %s%s%.60s%s", part->role, *part->name ? " '" : "", part->name,
             *part->name ? "'" : "");
    return text;
}

/* Nothing is missing of the part that was read last. */
static orr_status end_part(reader *r)
{
    char who[100];
    if (r->begun == 0)
        return ORR_OK;
    const orr_part *part = present(r);
    size_t k = 0;
    for (const orr_field *f = part->fields; f && f->name; f++, k++) {
        if (r->seen[k] || f->role == ORR_UNSAVED)
            continue;
        if (!(f->role & ORR_OPTION))
            return refuse(r, "%s did not keep '%s', without which this version cannot go on",
                          whose(part, who), f->name);
        memcpy((char *)r->states[r->begun - 1] + f->offset, (const char *)part->state + f->offset,
               orr_field_size(f));
    }
    free(r->seen);
    r->seen = NULL;
    return ORR_OK;
}

static orr_status begin_part(reader *r, const saved_item *item)
{
    char what[100], who[100];
    ORR_TRY(end_part(r));
    if (r->begun == r->n_parts)
        return orr_sim_fail(r->sim, ORR_E_FORMAT,
                            "the state is that of another method or other forces: '%.47s' is none "
                            "of this simulation",
                            item->name);
    const orr_part *part = &r->parts[r->begun++];
    snprintf(what, sizeof what, "%s %s", part->role, part->name);
    if (strncmp(what, item->name, sizeof item->name - 1) != 0)
        return orr_sim_fail(r->sim, ORR_E_FORMAT,
                            "the state is that of another method or other forces: '%.47s', where "
                            "this simulation has '%.60s'",
                            item->name, what);
    if (item->version != part->version)
        return refuse(r,
                      "%s keeps its state in another way (number %u, here %u): end that run with "
                      "that version, or start it anew",
                      whose(part, who), (unsigned)item->version, part->version);
    size_t n = 0;
    while (part->fields && part->fields[n].name)
        n++;
    r->seen = calloc(n + 1, sizeof *r->seen);
    r->states[r->begun - 1] = calloc(1, part->size + 1);
    r->first_block = part->memory ? memory_of(r, part)->n_blocks : 0;
    return r->seen && r->states[r->begun - 1] ? ORR_OK : no_memory(r);
}

/* The field of the present part that the item is of; NULL, with a message: there is none. */
static const orr_field *field_of(reader *r, const saved_item *item, size_t size)
{
    const orr_part *part = present(r);
    char who[100];
    size_t k = 0;
    for (const orr_field *f = part->fields; f && f->name; f++, k++) {
        if (f->role == ORR_UNSAVED || strncmp(f->name, item->name, sizeof item->name - 1) != 0)
            continue;
        bool pointers = f->role == ORR_KEPT || f->role == ORR_ROOM;
        if (pointers == (item->kind == SAVED_SLOTS) && orr_field_size(f) == size) {
            r->seen[k] = true;
            return f;
        }
        (void)refuse(r, "%s keeps '%.47s' in another form", whose(part, who), item->name);
        return NULL;
    }
    (void)refuse(r, "%s kept '%.47s', which this version does not know", whose(part, who),
                 item->name);
    return NULL;
}

static orr_status take_value(reader *r, const saved_item *item, const unsigned char *from)
{
    const orr_field *f = field_of(r, item, item->size);
    if (!f)
        return ORR_E_FORMAT;
    memcpy((char *)r->states[r->begun - 1] + f->offset, from, item->size);
    return ORR_OK;
}

static orr_status take_block(reader *r, const saved_item *item, const unsigned char *from)
{
    enum { MOST_ROOM = 1 << 24 }; /* of any size, in a forged state */
    uint64_t size = item->size;
    bool room = item->kind == SAVED_ROOM;
    if (!present(r)->memory || (room && size != sizeof size))
        return contradiction(r);
    if (room)
        memcpy(&size, from, sizeof size);
    if (size > MOST_ROOM && size > 64 * r->h.size)
        return contradiction(r);
    orr_arena *memory = memory_of(r, present(r));
    void *to =
        room ? orr_arena_alloc(memory, (size_t)size) : orr_arena_alloc_raw(memory, (size_t)size);
    if (!to)
        return no_memory(r);
    if (!room && size)
        memcpy(to, from, (size_t)size);
    return ORR_OK;
}

static orr_status take_slots(reader *r, const saved_item *item, const unsigned char *from)
{
    const orr_part *part = present(r);
    const orr_field *f = field_of(r, item, item->size / sizeof(saved_slot) * sizeof(void *));
    if (!f)
        return ORR_E_FORMAT;
    if (!part->memory)
        return contradiction(r);
    const orr_arena *arena = memory_of(r, part);
    for (size_t k = 0; k < item->size / sizeof(saved_slot); k++) {
        saved_slot slot;
        unsigned char *p = NULL;
        memcpy(&slot, from + k * sizeof slot, sizeof slot);
        if (slot.block > arena->n_blocks - r->first_block)
            return contradiction(r);
        if (slot.block) {
            const orr_block *b = &arena->blocks[r->first_block + slot.block - 1];
            if (slot.offset > 0 && slot.offset >= b->size)
                return contradiction(r);
            p = b->data + slot.offset;
        }
        memcpy((char *)r->states[r->begun - 1] + f->offset + k * sizeof p, &p, sizeof p);
    }
    return ORR_OK;
}

static orr_status take_rest(reader *r, const saved_item *item, const unsigned char *from)
{
    char who[100];
    const orr_part *part = present(r);
    unsigned char *unnamed = orr_unnamed_bytes(part), *state = r->states[r->begun - 1];
    size_t n = 0;
    if (!unnamed)
        return no_memory(r);
    for (size_t k = 0; k < part->size; k++)
        n += unnamed[k];
    bool fits = part->home && item->version == part->size && item->size == n;
    for (size_t k = 0; fits && k < part->size; k++)
        if (unnamed[k])
            state[k] = *from++;
    free(unnamed);
    return fits ? ORR_OK
                : refuse(r, "%s keeps its state in another form (%u bytes, here %zu)",
                         whose(part, who), (unsigned)item->version, part->size);
}

static orr_status take_item(reader *r, const saved_item *item, const unsigned char *from)
{
    if (item->kind == SAVED_BODIES)
        return take_bodies(r, item, from);
    if (item->kind == SAVED_EVENTS)
        return take_events(r, item, from);
    if (item->kind == SAVED_PART)
        return begin_part(r, item);
    if (item->kind == SAVED_MASSIVE)
        return r->massive || r->sim->alone
                   ? contradiction(r)
                   : orr_sim_restore_massive(r->sim, from, item->size, &r->massive);
    if (r->begun == 0)
        return contradiction(r);
    switch (item->kind) {
    case SAVED_VALUE:
        return take_value(r, item, from);
    case SAVED_BLOCK:
    case SAVED_ROOM:
        return take_block(r, item, from);
    case SAVED_SLOTS:
        return take_slots(r, item, from);
    case SAVED_REST:
        return take_rest(r, item, from);
    default:
        return contradiction(r);
    }
}

static orr_status take_all(reader *r)
{
    ORR_TRY(begin(r));
    while (r->at < r->end) {
        saved_item item;
        if ((size_t)(r->end - r->at) < sizeof item)
            return contradiction(r);
        memcpy(&item, r->at, sizeof item);
        item.name[sizeof item.name - 1] = 0;
        r->at += sizeof item;
        size_t left = (size_t)(r->end - r->at);
        if (item.size > left || (item.size + 7) / 8 * 8 > left)
            return contradiction(r);
        ORR_TRY(take_item(r, &item, r->at));
        r->at += (item.size + 7) / 8 * 8;
    }
    ORR_TRY(end_part(r));
    if (r->begun < r->n_parts)
        return orr_sim_fail(
            r->sim, ORR_E_FORMAT,
            "the state is that of another method or other forces: it has no %s '%s'",
            r->parts[r->begun].role, r->parts[r->begun].name);
    return ORR_OK;
}

/* ---- the whole ---- */

/* A state of this form; else what it is instead. */
static orr_status look_at(orr_sim *sim, const void *data, size_t size, saved_header *h)
{
    const size_t kind = sizeof h->magic - 2; /* "ORRIMG" */
    if (size < sizeof h->magic || memcmp(data, SAVED_MAGIC, kind) != 0)
        return orr_sim_fail(sim, ORR_E_FORMAT, "this is no saved state");
    if (memcmp(data, SAVED_MAGIC, sizeof h->magic) != 0)
        return orr_sim_fail(sim, ORR_E_FORMAT,
                            "the state was saved by another version of orrery, in a form that this "
                            "one (%s) does not read: end that run with that version, or go on from "
                            "its last snapshot (`orrery export --for scenario` makes one of it)",
                            ORR_VERSION);
    if (!orr_saved_is_whole(data, size))
        return orr_sim_fail(sim, ORR_E_FORMAT, "the saved state is damaged");
    memcpy(h, data, sizeof *h);
    if (h->layout != orr_layout_here())
        return orr_sim_fail(sim, ORR_E_FORMAT,
                            "the state was saved on another kind of machine, whose numbers have "
                            "other sizes or another order of bytes");
    return ORR_OK;
}

bool orr_saved_is_whole(const void *data, size_t size)
{
    saved_header h;
    if (size >= sizeof h.magic && memcmp(data, SAVED_MAGIC, sizeof h.magic - 2) == 0 &&
        memcmp(data, SAVED_MAGIC, sizeof h.magic) != 0)
        return true; /* of another version: nobody can tell */
    if (size < sizeof h)
        return false;
    memcpy(&h, data, sizeof h);
    bool whole = memcmp(h.magic, SAVED_MAGIC, sizeof h.magic) == 0 && h.size == size;
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    whole = whole && orr_saved_sum(&h, data, size) == h.sum;
#endif
    return whole;
}

static void forget(reader *r)
{
    for (size_t k = 0; k < r->begun; k++)
        free(r->states[k]);
    free(r->seen);
    free(r->events);
    orr_sim_destroy(r->massive);
    orr_bodies_free(&r->bodies);
    orr_arena_free(&r->memory);
    orr_arena_free(&r->force_memory);
}

/* The draft becomes the simulation, which leaves its old memory to the draft. */
static void exchange(reader *r)
{
    orr_sim *sim = r->sim;
    for (size_t k = 0; k < r->n_parts; k++) {
        const orr_part *part = &r->parts[k];
        for (const orr_field *f = part->fields; !part->home && f->name; f++)
            memcpy((char *)sim + f->offset, (char *)r->states[k] + f->offset, orr_field_size(f));
        if (!part->home)
            continue;
        void *old = *part->home;
        *part->home = r->states[k];
        r->states[k] = old;
    }
    orr_bodies bodies = sim->bodies;
    orr_arena memory = sim->memory, force_memory = sim->force_memory;
    orr_event *events = sim->events;
    sim->bodies = r->bodies, r->bodies = bodies;
    sim->memory = r->memory, r->memory = memory;
    sim->force_memory = r->force_memory, r->force_memory = force_memory;
    sim->events = r->events, r->events = events;
    orr_sim *massive = sim->massive;
    sim->massive = r->massive, r->massive = massive;
    sim->leg.ahead = false;
    sim->n_events = (size_t)r->h.n_events;
    sim->room_events = sim->n_events + 1;
}

orr_status orr_sim_restore(orr_sim *sim, const void *data, size_t size)
{
    reader r = {.sim = sim, .memory = {.remembers = true}, .force_memory = {.remembers = true}};
    ORR_TRY(look_at(sim, data, size, &r.h));
    r.at = (const unsigned char *)data + sizeof r.h;
    r.end = (const unsigned char *)data + size;
    r.n_parts = orr_sim_parts(sim, r.parts);
    orr_status status = take_all(&r);
    if (status == ORR_OK) {
        exchange(&r);
        orr_saved_free(&sim->grid);
        sim->watched = 0;
        sim->n_removed = 0;
        sim->problem.removal = orr_contacts_removal(sim);
        orr_contacts_forget(sim);
        if (sim->contacts)
            sim->contacts->fresh = sim->counters.steps == 0;
        sim->prepared = true;
        status = orr_boundary_check(sim);
    }
    forget(&r);
    return status;
}
