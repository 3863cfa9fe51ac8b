/* bodies.h - the state: structure of arrays.
 *
 * pos and vel are one 64-byte-aligned block each, laid out x | y | z, each part `stride` long, so
 * the same memory is three arrays to a kernel and one flat vector to an integrator:
 *
 *     pos: [x0 x1 .. xn-1 pad][y0 y1 .. yn-1 pad][z0 z1 .. zn-1 pad]      stride = 0 (mod 8)
 *
 * Padding has gm 0 and a far, finite position, so kernels need no remainder loops.  Bodies are
 * sorted by role: [0, n_active) attract and are attracted by all but tests, then n_passive bodies
 * that feel and act on active ones only, then massless test bodies that feel active ones. */
#ifndef ORRERY_BODIES_H
#define ORRERY_BODIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/status.h>
#include <orrery/units.h>

#ifdef __cplusplus
extern "C" {
#endif

/* No coordinate, speed or radius may exceed this in the units of the problem (gm: its square):
 * their powers must stay finite, and padding must stay farther away than any body. */
#define ORR_LARGEST 1e50

typedef enum orr_role { ORR_ACTIVE, ORR_PASSIVE, ORR_TEST } orr_role;

/* One body by value, and all of them as arrays: pos, vel [3], gm, radius, id, spin [3], with their
 * units and ranges in body_fields.def. */
#define ORR_BODY_MEMBER_1(type, name) type name;
#define ORR_BODY_MEMBER_3(type, name) type name[3];
#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    ORR_BODY_MEMBER_##components(type, name)
typedef struct orr_body {
#include <orrery/body_fields.def>
    orr_role role;
} orr_body;
#undef ORR_BODY_FIELD

#define ORR_BODY_FIELD(type, name, components, padding, dimension, moves, hashed, least, most,     \
                       doc)                                                                        \
    type *name; /* [components * stride] */
typedef struct orr_bodies {
    size_t n, n_active, n_passive; /* n counts all */
    size_t stride, capacity;
#include <orrery/body_fields.def>
} orr_bodies;
#undef ORR_BODY_FIELD

/* A line of body_fields.def, for what writes, reads or shows all fields. */
typedef struct orr_body_field {
    const char *name, *doc;
    orr_dimension dim;
    size_t components;     /* 1 or 3 */
    bool is_integer;       /* uint64_t, else double; either way 8 bytes */
    bool moves;            /* with every step; else at events and edits only */
    size_t in_body, array; /* offset in orr_body, and of the pointer in orr_bodies */
} orr_body_field;

/* Iterate with i from 0 until NULL. */
ORR_API const orr_body_field *orr_body_field_at(size_t i);

/* The array of a field, [components * stride]. */
ORR_API void *orr_bodies_array(const orr_bodies *b, const orr_body_field *field);

/* Make room for capacity bodies.  Owns its arrays until orr_bodies_free(). */
ORR_API ORR_CHECKED orr_status orr_bodies_init(orr_bodies *b, size_t capacity);

/* Release the arrays; b may be all zeros or NULL. */
ORR_API void orr_bodies_free(orr_bodies *b);

/* Add a body after the last one of its role; later ones move up.  Grows when full.
 * index (may be NULL) gets its place.  ORR_E_ARGUMENT if a value is NaN or out of the range of its
 * field (body_fields.def), or a test body has gm; ORR_E_NO_MEMORY: b is unchanged. */
ORR_API ORR_CHECKED orr_status orr_bodies_add(orr_bodies *b, orr_body body, size_t *index);

/* Add n bodies of a role at once, all zeros but for their ids, which count from `id`; *first gets
 * the place of the first.  Who fills them in asks orr_bodies_valid() after.  ORR_E_NO_MEMORY: b is
 * unchanged. */
ORR_API ORR_CHECKED orr_status orr_bodies_extend(orr_bodies *b, size_t n, orr_role role,
                                                 uint64_t id, size_t *first);

/* How many of the n bodies from `first` on are such as orr_bodies_add() takes, up to the first that
 * is not. */
ORR_API size_t orr_bodies_valid(const orr_bodies *b, size_t first, size_t n);

/* Make room for that many more bodies at once, or give back what is spare. */
ORR_API ORR_CHECKED orr_status orr_bodies_reserve(orr_bodies *b, size_t more);
ORR_API ORR_CHECKED orr_status orr_bodies_shrink(orr_bodies *b);

/* Remove a body; the order of the others stays. */
ORR_API ORR_CHECKED orr_status orr_bodies_remove(orr_bodies *b, size_t index);

/* One body by value; index must be below n. */
ORR_API orr_body orr_bodies_get(const orr_bodies *b, size_t index);

/* Overwrite position and velocity of one body; index must be below n. */
ORR_API void orr_bodies_move(orr_bodies *b, size_t index, const double pos[3], const double vel[3]);

/* The role of the body at index. */
ORR_API orr_role orr_bodies_role(const orr_bodies *b, size_t index);

/* The index of the body with this id, or n if there is none. */
ORR_API size_t orr_bodies_find(const orr_bodies *b, uint64_t id);

/* Copy src into dst (dst is initialised, its old content freed) with capacity exactly n. */
ORR_API ORR_CHECKED orr_status orr_bodies_copy(orr_bodies *dst, const orr_bodies *src);

/* Overwrite dst with src.  ORR_E_ARGUMENT if dst has not room for all: it is then unchanged. */
ORR_API ORR_CHECKED orr_status orr_bodies_assign(orr_bodies *dst, const orr_bodies *src);

/* A hash of the exact bits of positions, velocities, gm and ids, and of fields such as spin where
 * some body has one (body_fields.def): equal states, equal hashes. */
ORR_API uint64_t orr_bodies_hash(const orr_bodies *b);

#ifdef __cplusplus
}
#endif

#endif
