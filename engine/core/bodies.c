/* bodies.c - arrays of bodies.  All that loops over a body's data expands body_fields.def. */
#include <orrery/bodies.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* Padding sits so far away that its pull is far below round-off, and near enough that no power of
 * the distance that kernels form overflows. */
#define ORR_FAR 1e60

static size_t round8(size_t n)
{
    return (n + 7) / 8 * 8;
}

static void *new_array(size_t count, size_t size)
{
    if (count > ((size_t)-1 / 2) / size)
        return NULL;
    return aligned_alloc(64, (count * size + 63) / 64 * 64);
}

orr_status orr_bodies_init(orr_bodies *b, size_t capacity)
{
    *b = (orr_bodies){0};
    if (capacity > (size_t)1 << 48)
        return ORR_E_NO_MEMORY;
    size_t stride = round8(capacity ? capacity : 1);
    orr_bodies fresh = {.stride = stride, .capacity = stride};
    bool complete = true;
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    fresh.name = new_array(stride * (components), sizeof(type));                                   \
    complete = complete && fresh.name;                                                             \
    for (size_t k = 0; fresh.name && k < stride * (components); k++)                               \
        fresh.name[k] = (type)(padding);
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
    if (!complete) {
        orr_bodies_free(&fresh);
        return ORR_E_NO_MEMORY;
    }
    *b = fresh;
    return ORR_OK;
}

void orr_bodies_free(orr_bodies *b)
{
    if (!b)
        return;
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    free(b->name);
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
    *b = (orr_bodies){0};
}

static void make_padding(orr_bodies *b, size_t index)
{
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    for (size_t c = 0; c < (components); c++)                                                      \
        b->name[c * b->stride + index] = (type)(padding);
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
}

/* Copy the bodies of src into dst, whose stride may differ; dst has room. */
static void copy_into(orr_bodies *dst, const orr_bodies *src)
{
    size_t n = src->n;
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    for (size_t c = 0; n && c < (components); c++)                                                 \
        memcpy(dst->name + c * dst->stride, src->name + c * src->stride, n * sizeof(type));
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
    dst->n = n;
    dst->n_active = src->n_active;
    dst->n_passive = src->n_passive;
}

orr_status orr_bodies_assign(orr_bodies *dst, const orr_bodies *src)
{
    if (src->n > dst->capacity)
        return ORR_E_ARGUMENT;
    size_t before = dst->n;
    copy_into(dst, src);
    for (size_t i = src->n; i < before; i++)
        make_padding(dst, i);
    return ORR_OK;
}

orr_status orr_bodies_copy(orr_bodies *dst, const orr_bodies *src)
{
    orr_bodies fresh;
    ORR_TRY(orr_bodies_init(&fresh, src->n));
    copy_into(&fresh, src);
    orr_bodies_free(dst);
    *dst = fresh;
    return ORR_OK;
}

static orr_status resize(orr_bodies *b, size_t capacity)
{
    orr_bodies fresh;
    if (round8(capacity ? capacity : 1) == b->capacity)
        return ORR_OK;
    ORR_TRY(orr_bodies_init(&fresh, capacity));
    copy_into(&fresh, b);
    orr_bodies_free(b);
    *b = fresh;
    return ORR_OK;
}

orr_status orr_bodies_reserve(orr_bodies *b, size_t more)
{
    return b->capacity - b->n >= more ? ORR_OK : resize(b, b->n + more);
}

orr_status orr_bodies_shrink(orr_bodies *b)
{
    return resize(b, b->n);
}

/* Move bodies [from, n) to begin at `to`, within capacity. */
static void shift(orr_bodies *b, size_t to, size_t from)
{
    size_t count = b->n - from;
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    for (size_t c = 0; c < (components); c++)                                                      \
        memmove(b->name + c * b->stride + to, b->name + c * b->stride + from, count * sizeof(type));
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
}

static bool is_valid(const orr_body *body)
{
    bool within = true; /* false for NaN */
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    for (size_t c = 0; c < (components); c++) {                                                    \
        double x = (double)((const type *)&body->name)[c];                                         \
        within = within && x >= (double)(least) && x <= (double)(most);                            \
    }
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
    return within && (body->role == ORR_ACTIVE || body->role == ORR_PASSIVE ||
                      (body->role == ORR_TEST && body->gm == 0));
}

/* Where the next body of a role goes. */
static size_t end_of(const orr_bodies *b, orr_role role)
{
    return role == ORR_ACTIVE    ? b->n_active
           : role == ORR_PASSIVE ? b->n_active + b->n_passive
                                 : b->n;
}

orr_status orr_bodies_add(orr_bodies *b, orr_body body, size_t *index)
{
    if (!is_valid(&body))
        return ORR_E_ARGUMENT;
    if (b->n == b->capacity)
        ORR_TRY(resize(b, b->capacity + b->capacity / 2 + 8));
    size_t at = end_of(b, body.role);
    shift(b, at + 1, at);
    b->n++;
    b->n_active += body.role == ORR_ACTIVE;
    b->n_passive += body.role == ORR_PASSIVE;
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    for (size_t c = 0; c < (components); c++)                                                      \
        b->name[c * b->stride + at] = ((const type *)&body.name)[c];
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
    if (index)
        *index = at;
    return ORR_OK;
}

orr_status orr_bodies_extend(orr_bodies *b, size_t n, orr_role role, uint64_t id, size_t *first)
{
    size_t at = end_of(b, role);
    ORR_TRY(orr_bodies_reserve(b, n));
    shift(b, at + n, at);
    b->n += n;
    b->n_active += role == ORR_ACTIVE ? n : 0;
    b->n_passive += role == ORR_PASSIVE ? n : 0;
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    for (size_t c = 0; c < (components); c++)                                                      \
        memset(b->name + c * b->stride + at, 0, n * sizeof(type));
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
    for (size_t k = 0; k < n; k++)
        b->id[at + k] = id + k;
    *first = at;
    return ORR_OK;
}

size_t orr_bodies_valid(const orr_bodies *b, size_t first, size_t n)
{
    size_t k = 0;
    while (k < n) {
        orr_body body = orr_bodies_get(b, first + k);
        if (!is_valid(&body))
            break;
        k++;
    }
    return k;
}

orr_status orr_bodies_remove(orr_bodies *b, size_t index)
{
    if (index >= b->n)
        return ORR_E_ARGUMENT;
    orr_role role = orr_bodies_role(b, index);
    shift(b, index, index + 1);
    b->n--;
    b->n_active -= role == ORR_ACTIVE;
    b->n_passive -= role == ORR_PASSIVE;
    make_padding(b, b->n);
    return ORR_OK;
}

orr_role orr_bodies_role(const orr_bodies *b, size_t index)
{
    if (index < b->n_active)
        return ORR_ACTIVE;
    return index < b->n_active + b->n_passive ? ORR_PASSIVE : ORR_TEST;
}

orr_body orr_bodies_get(const orr_bodies *b, size_t index)
{
    orr_body body = {.role = orr_bodies_role(b, index)};
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    for (size_t c = 0; c < (components); c++)                                                      \
        ((type *)&body.name)[c] = b->name[c * b->stride + index];
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
    return body;
}

void orr_bodies_move(orr_bodies *b, size_t index, const double pos[3], const double vel[3])
{
    for (size_t c = 0; c < 3; c++) {
        b->pos[c * b->stride + index] = pos[c];
        b->vel[c * b->stride + index] = vel[c];
    }
}

size_t orr_bodies_find(const orr_bodies *b, uint64_t id)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->id[i] == id)
            return i;
    return b->n;
}

/* A field that is hashed where it is set begins with its name, so that equal values in two such
 * fields are told apart. */
static uint64_t absorb_name(uint64_t h, const char *name)
{
    uint64_t word = 0;
    memcpy(&word, name, strlen(name) < sizeof word ? strlen(name) : sizeof word);
    return orr_hash_words(h, &word, 1);
}

static bool any_set(const void *array, size_t components, size_t stride, size_t n)
{
    const uint64_t sign = UINT64_C(1) << 63; /* -0 is zero */
    uint64_t seen = 0;
    for (size_t c = 0; c < components; c++)
        for (size_t i = 0; i < n; i++) {
            uint64_t word;
            memcpy(&word, (const char *)array + 8 * (c * stride + i), 8);
            seen |= word & ~sign;
        }
    return seen != 0;
}

/* Vectors component by component (all x, all y, all z), then numbers, then what not every body
 * has. */
uint64_t orr_bodies_hash(const orr_bodies *b)
{
    enum { NEVER, ALWAYS, WHERE_SET };
    uint64_t h = ORR_HASH_START ^ b->n;
    for (size_t c = 0; c < 3; c++) {
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    if ((hashed) == ALWAYS && (components) == 3)                                                   \
        h = orr_hash_words(h, b->name + c * b->stride, b->n);
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
    }
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    if ((hashed) == ALWAYS && (components) == 1)                                                   \
        h = orr_hash_words(h, b->name, b->n);
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    if ((hashed) == WHERE_SET && any_set(b->name, components, b->stride, b->n)) {                  \
        h = absorb_name(h, #name);                                                                 \
        for (size_t c = 0; c < (components); c++)                                                  \
            h = orr_hash_words(h, b->name + c * b->stride, b->n);                                  \
    }
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
    return h;
}

#define BRACES(...)                                                                                \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
static const orr_body_field fields[] = {
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    {#name,          doc,     BRACES dimension,         (components),                              \
     (type)0.5 == 0, (moves), offsetof(orr_body, name), offsetof(orr_bodies, name)},
#include <orrery/body_fields.def>
#undef ORR_BODY_FIELD
};

const orr_body_field *orr_body_field_at(size_t i)
{
    return i < sizeof fields / sizeof *fields ? &fields[i] : NULL;
}

void *orr_bodies_array(const orr_bodies *b, const orr_body_field *field)
{
    void *array;
    memcpy(&array, (const char *)b + field->array, sizeof array);
    return array;
}
