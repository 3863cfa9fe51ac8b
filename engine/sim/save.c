/* save.c - the state of a simulation as one block of bytes, in parts and fields with names:
 *
 *     [header] [item][bytes] [item][bytes] ...        all multiples of 8 bytes long
 *
 *     BODIES   one per field of body_fields.def that is not zero for all: its values, component by
 *              component
 *     PART     the simulation itself, the method, each force; then what is in it:
 *       VALUE    an option or a value, by the name in the part's field table
 *       BLOCK    memory that the part keeps (orr_keep): its bytes; ROOM: only how many there are
 *       SLOTS    a field of pointers: block and offset of each
 *       REST     what no field names, where it is not zero
 *     EVENTS   one per member of orr_event: its values
 *     MASSIVE  the saved state of the massive bodies alone, where they are a simulation of their
 *              own (test_bodies.c)
 *
 * Reading (restore.c) goes by names, so that fields may come, go and move, and a state that another
 * version has saved is taken where it means the same.  Equal states have equal bytes. */
#include "saved_state.h"

#include <stdlib.h>
#include <string.h>

#include <orrery/version.h>

#include "base/hash.h"

/* ---- what there is ---- */

static const orr_field of_simulation[] = {
    ORR_STATE_FIELD(ORR_STATE, "time", orr_sim, t),
    ORR_STATE_FIELD(ORR_STATE, "time_shown", orr_sim, problem.t),
    ORR_STATE_FIELD(ORR_STATE, "last_step", orr_sim, last),
    ORR_STATE_FIELD(ORR_STATE, "free_step", orr_sim, free),
    ORR_STATE_FIELD(ORR_STATE, "unsynchronised", orr_sim, unsynchronised),
    ORR_STATE_FIELD(ORR_STATE, "goal", orr_sim, goal),
    ORR_STATE_FIELD(ORR_STATE, "is_partial", orr_sim, is_partial),
    ORR_STATE_FIELD(ORR_STATE, "velocity_forces", orr_sim, problem.velocity_forces),
    ORR_STATE_FIELD(ORR_STATE, "softening", orr_sim, problem.softening),
    ORR_STATE_FIELD(ORR_STATE, "leg_open", orr_sim, leg.open),
    ORR_STATE_FIELD(ORR_STATE, "leg_returns", orr_sim, leg.returns),
    ORR_STATE_FIELD(ORR_STATE, "leg_cut", orr_sim, leg.cut),
    ORR_STATE_FIELD(ORR_STATE, "events_carried", orr_sim, n_carried),
    ORR_STATE_FIELD(ORR_STATE, "leg_direction", orr_sim, leg.direction),
    ORR_STATE_FIELD(ORR_STATE, "leg_length", orr_sim, leg.h),
    ORR_STATE_FIELD(ORR_STATE, "leg_end", orr_sim, leg.end),
    ORR_STATE_FIELD(ORR_STATE, "steps", orr_sim, counters.steps),
    ORR_STATE_FIELD(ORR_STATE, "evaluations", orr_sim, counters.evaluations),
    ORR_STATE_FIELD(ORR_STATE, "rejected", orr_sim, counters.rejected),
    ORR_STATE_FIELD(ORR_STATE, "step_last", orr_sim, counters.last),
    ORR_STATE_FIELD(ORR_STATE, "step_shortest", orr_sim, counters.shortest),
    ORR_STATE_FIELD(ORR_STATE, "step_longest", orr_sim, counters.longest),
    {0}};

const orr_field orr_event_fields[] = {ORR_STATE_VALUE(orr_event, t),
                                      ORR_STATE_VALUE(orr_event, kind),
                                      ORR_STATE_VALUE(orr_event, a),
                                      ORR_STATE_VALUE(orr_event, b),
                                      ORR_STATE_VALUE(orr_event, separation),
                                      ORR_STATE_VALUE(orr_event, energy),
                                      ORR_STATE_VALUE(orr_event, gm),
                                      ORR_STATE_VALUE(orr_event, radius),
                                      ORR_STATE_VALUE(orr_event, pos),
                                      ORR_STATE_VALUE(orr_event, vel),
                                      ORR_STATE_VALUE(orr_event, gm_after),
                                      ORR_STATE_VALUE(orr_event, radius_after),
                                      ORR_STATE_VALUE(orr_event, speed),
                                      ORR_STATE_VALUE(orr_event, angle),
                                      {0}};

size_t orr_sim_parts(orr_sim *sim, orr_part parts[ORR_MOST_PARTS])
{
    size_t n = 0;
    parts[n++] = (orr_part){.role = "simulation",
                            .name = "",
                            .fields = of_simulation,
                            .state = sim,
                            .size = sizeof *sim};
    parts[n++] = (orr_part){.role = "method",
                            .name = sim->method->name,
                            .version = sim->method->state_version,
                            .fields = sim->method->fields,
                            .state = sim->state,
                            .size = sim->method->state_size,
                            .home = &sim->state,
                            .memory = &sim->memory};
    for (size_t k = 0; k < sim->n_forces; k++)
        parts[n++] = (orr_part){.role = "force",
                                .name = sim->forces[k].type->name,
                                .version = sim->forces[k].type->state_version,
                                .fields = sim->forces[k].type->fields,
                                .state = sim->forces[k].state,
                                .size = sim->forces[k].type->state_size,
                                .home = &sim->forces[k].state,
                                .memory = &sim->force_memory};
    return n;
}

size_t orr_field_size(const orr_field *f)
{
    if (!(f->role & ORR_OPTION))
        return f->size;
    switch (f->type) {
    case ORR_DOUBLE:
    case ORR_BODY:
        return sizeof(double);
    case ORR_RANGE:
        return 2 * sizeof(double);
    case ORR_INT:
    case ORR_CHOICE:
        return sizeof(int);
    case ORR_BOOL:
        return sizeof(bool);
    }
    return 0;
}

unsigned char *orr_unnamed_bytes(const orr_part *part)
{
    unsigned char *unnamed = malloc(part->size + 1);
    if (!unnamed)
        return NULL;
    memset(unnamed, 1, part->size);
    for (const orr_field *f = part->fields; f && f->name; f++)
        memset(unnamed + f->offset, 0, orr_field_size(f));
    return unnamed;
}

uint64_t orr_layout_here(void)
{
    const struct {
        uint16_t order;
        unsigned char sizes[6];
    } layout = {0x0102,
                {sizeof(void *), sizeof(size_t), sizeof(int), sizeof(double), sizeof(bool),
                 sizeof(orr_event_kind)}};
    uint64_t word;
    memcpy(&word, &layout, sizeof word);
    return word;
}

/* FNV-1a over words, in four lanes: to notice damage. */
static uint64_t sum_of(const unsigned char *data, size_t size)
{
    const uint64_t start = ORR_HASH_START;
    uint64_t lane[4] = {start, start + 1, start + 2, start + 3}, sum = start, word[4];
    size_t k = 0;
    for (; k + sizeof word <= size; k += sizeof word) {
        memcpy(word, data + k, sizeof word);
        for (int i = 0; i < 4; i++)
            lane[i] = orr_hash_word_mixed(lane[i], word[i]);
    }
    for (int i = 0; i < 4; i++)
        sum = orr_hash_word(sum, lane[i]);
    return orr_hash_bytes(sum, data + k, size - k);
}

uint64_t orr_saved_sum(const saved_header *h, const unsigned char *data, size_t size)
{
    saved_header zero = *h;
    zero.sum = 0;
    return sum_of((const unsigned char *)&zero, sizeof zero) ^
           sum_of(data + sizeof zero, size - sizeof zero);
}

/* ---- out ---- */

/* Everything is gone through twice: to count the bytes, and to write them. */
typedef struct writer {
    unsigned char *out; /* NULL: only count */
    size_t size;
    void *massive; /* their saved state; NULL: there is none */
    size_t massive_size;
} writer;

/* Begin an item; gives the place of its bytes, or NULL while they are only counted. */
static unsigned char *put(writer *w, saved_kind kind, const char *name, unsigned version,
                          size_t size)
{
    size_t whole = (size + 7) / 8 * 8, at = w->size + sizeof(saved_item);
    if (w->out) {
        saved_item item = {.kind = kind, .version = version, .size = size};
        snprintf(item.name, sizeof item.name, "%.47s", name);
        memcpy(w->out + w->size, &item, sizeof item);
        memset(w->out + at + size, 0, whole - size);
    }
    w->size = at + whole;
    return w->out ? w->out + at : NULL;
}

static void put_bytes(writer *w, saved_kind kind, const char *name, const void *data, size_t size)
{
    unsigned char *to = put(w, kind, name, 0, size);
    if (to && size)
        memcpy(to, data, size);
}

static bool any_set(const orr_bodies *b, const orr_body_field *f)
{
    const unsigned char *from = orr_bodies_array(b, f);
    uint64_t seen = 0, word;
    for (size_t c = 0; c < f->components; c++)
        for (size_t i = 0; i < b->n && !seen; i++) {
            memcpy(&word, from + 8 * (c * b->stride + i), 8);
            seen |= word;
        }
    return seen != 0;
}

/* A field that is zero for all bodies is left out. */
static void put_bodies(writer *w, const orr_bodies *b)
{
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_body_field_at(k)); k++) {
        if (!any_set(b, f))
            continue;
        unsigned char *to = put(w, SAVED_BODIES, f->name, 0, f->components * b->n * 8);
        const unsigned char *from = orr_bodies_array(b, f);
        for (size_t c = 0; to && c < f->components; c++)
            memcpy(to + 8 * c * b->n, from + 8 * c * b->stride, 8 * b->n);
    }
}

static void put_events(writer *w, const orr_event *events, size_t n)
{
    for (const orr_field *f = orr_event_fields; f->name; f++) {
        unsigned char *to = put(w, SAVED_EVENTS, f->name, 0, n * f->size);
        for (size_t k = 0; to && k < n; k++)
            memcpy(to + k * f->size, (const char *)&events[k] + f->offset, f->size);
    }
}

/* The block of an arena that a pointer leads into; -1: none. */
static int block_at(const orr_arena *arena, const unsigned char *p)
{
    for (size_t k = 0; arena && k < arena->n_blocks; k++) {
        const orr_block *b = &arena->blocks[k];
        if (p == b->data || (p > b->data && p < b->data + b->size))
            return (int)k;
    }
    return -1;
}

/* What is known of an arena's blocks while the parts that use it are written. */
typedef struct claims {
    const orr_arena *arena;
    int *number; /* in the part that is being written, from 1; 0: not in it */
    bool *claimed;
    int n; /* in that part */
} claims;

static void claim(writer *w, claims *c, const orr_field *f, int block)
{
    c->claimed[block] = true;
    if (f->role == ORR_UNSAVED || c->number[block])
        return;
    const orr_block *b = &c->arena->blocks[block];
    const uint64_t size = b->size;
    c->number[block] = ++c->n;
    if (f->role == ORR_ROOM)
        put_bytes(w, SAVED_ROOM, f->name, &size, sizeof size);
    else
        put_bytes(w, SAVED_BLOCK, f->name, b->data, b->size);
}

/* A field of pointers: first the blocks that no other field has put, then where each leads. */
static bool put_pointers(writer *w, claims *c, const orr_field *f, const unsigned char *state)
{
    enum { MOST = 64 };
    size_t n = f->size / sizeof(void *);
    saved_slot slots[MOST] = {{0}};
    for (size_t k = 0; k < n; k++) {
        unsigned char *p;
        memcpy(&p, state + f->offset + k * sizeof p, sizeof p);
        int block = p ? block_at(c->arena, p) : -1;
        if (f->role == ORR_UNSAVED) {
            if (block >= 0)
                claim(w, c, f, block);
            continue;
        }
        if (n > MOST || (p && block < 0))
            return false;
        if (!p)
            continue;
        claim(w, c, f, block);
        slots[k] =
            (saved_slot){(uint64_t)c->number[block], (uint64_t)(p - c->arena->blocks[block].data)};
    }
    if (f->role != ORR_UNSAVED)
        put_bytes(w, SAVED_SLOTS, f->name, slots, n * sizeof *slots);
    return true;
}

static orr_status put_rest(writer *w, const orr_part *part)
{
    unsigned char *unnamed = orr_unnamed_bytes(part), seen = 0;
    const unsigned char *state = part->state;
    size_t n = 0;
    if (!unnamed)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < part->size; k++)
        if (unnamed[k])
            n++, seen |= state[k];
    unsigned char *to = seen ? put(w, SAVED_REST, "", (unsigned)part->size, n) : NULL;
    for (size_t k = 0; to && k < part->size; k++)
        if (unnamed[k])
            *to++ = state[k];
    free(unnamed);
    return ORR_OK;
}

static orr_status put_part(orr_sim *sim, writer *w, const orr_part *part, claims *c)
{
    char what[100];
    const unsigned char *state = part->state;
    snprintf(what, sizeof what, "%s %s", part->role, part->name);
    put(w, SAVED_PART, what, part->version, 0);
    c->n = 0;
    for (size_t k = 0; c->arena && k < c->arena->n_blocks; k++)
        c->number[k] = 0;
    for (const orr_field *f = part->fields; f && f->name; f++) {
        bool pointers = f->role & (ORR_KEPT | ORR_ROOM | ORR_UNSAVED);
        if (!pointers)
            put_bytes(w, SAVED_VALUE, f->name, state + f->offset, orr_field_size(f));
        else if (!put_pointers(w, c, f, state))
            return orr_sim_fail(sim, ORR_E_INCOMPATIBLE,
                                "%s '%s' cannot be saved: '%s' leads to memory that is not its own",
                                part->role, part->name, f->name);
    }
    return part->home ? put_rest(w, part) : ORR_OK;
}

static claims claims_on(const orr_arena *arena)
{
    return (claims){.arena = arena,
                    .number = calloc(arena->n_blocks + 1, sizeof(int)),
                    .claimed = calloc(arena->n_blocks + 1, sizeof(bool))};
}

static orr_status put_parts(orr_sim *sim, writer *w, claims of[2])
{
    orr_part parts[ORR_MOST_PARTS];
    size_t n = orr_sim_parts(sim, parts);
    for (size_t k = 0; k < n; k++) {
        claims none = {0}, *c = parts[k].memory == &sim->memory         ? &of[0]
                                : parts[k].memory == &sim->force_memory ? &of[1]
                                                                        : &none;
        ORR_TRY(put_part(sim, w, &parts[k], c));
    }
    for (int a = 0; a < 2; a++)
        for (size_t k = 0; k < of[a].arena->n_blocks; k++)
            if (!of[a].claimed[k])
                return orr_sim_fail(sim, ORR_E_INCOMPATIBLE,
                                    "%s keeps memory that none of its fields names, and cannot be "
                                    "saved",
                                    a == 0 ? sim->method->name : "a force");
    return ORR_OK;
}

static orr_status put_all(orr_sim *sim, writer *w)
{
    claims of[2] = {claims_on(&sim->memory), claims_on(&sim->force_memory)};
    bool room = of[0].number && of[0].claimed && of[1].number && of[1].claimed;
    orr_status status = room ? ORR_OK : ORR_E_NO_MEMORY;
    if (room) {
        put_bodies(w, &sim->bodies);
        status = put_parts(sim, w, of);
        put_events(w, sim->events, sim->n_events);
        if (w->massive)
            put_bytes(w, SAVED_MASSIVE, "", w->massive, w->massive_size);
    }
    for (int a = 0; a < 2; a++)
        free(of[a].number), free(of[a].claimed);
    return status == ORR_E_NO_MEMORY ? orr_sim_fail(sim, status, "out of memory for a saved state")
                                     : status;
}

static orr_status save_all(orr_sim *sim, writer w, void **data, size_t *size)
{
    w.size = sizeof(saved_header);
    ORR_TRY(put_all(sim, &w));
    saved_header h = {.layout = orr_layout_here(),
                      .size = w.size,
                      .n = sim->bodies.n,
                      .n_active = sim->bodies.n_active,
                      .n_passive = sim->bodies.n_passive,
                      .n_events = sim->n_events};
    memcpy(h.magic, SAVED_MAGIC, sizeof h.magic);
    snprintf(h.version, sizeof h.version, "%.23s", ORR_VERSION);
    unsigned char *out = orr_allocate_large(w.size);
    if (!out)
        return orr_sim_fail(sim, ORR_E_NO_MEMORY, "out of memory for a saved state");
    w.out = out, w.size = sizeof h;
    orr_status status = put_all(sim, &w);
    if (status != ORR_OK) {
        free(out);
        return status;
    }
    h.sum = orr_saved_sum(&h, out, h.size);
    memcpy(out, &h, sizeof h);
    *data = out;
    *size = h.size;
    return ORR_OK;
}

orr_status orr_sim_save(orr_sim *sim, void **data, size_t *size)
{
    writer w = {0};
    *data = NULL;
    orr_sim_return_to_grid(sim);
    sim->problem.t = sim->t.high;
    ORR_TRY(orr_sim_prepare(sim));
    ORR_TRY(orr_sim_save_massive(sim, &w.massive, &w.massive_size));
    orr_status status = save_all(sim, w, data, size);
    free(w.massive);
    bool shown = sim->massive && sim->leg.open && !orr_sim_is_inside_leg(sim);
    if (status == ORR_OK && !shown && (status = orr_sim_show_massive(sim, sim->t.high)) != ORR_OK) {
        free(*data);
        *data = NULL;
    }
    return status;
}
