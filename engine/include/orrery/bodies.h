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

#include <stddef.h>
#include <stdint.h>

#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* No coordinate, speed or radius may exceed this in the units of the problem (gm: its square):
 * their powers must stay finite, and padding must stay farther away than any body. */
#define ORR_LARGEST 1e50

typedef enum orr_role { ORR_ACTIVE, ORR_PASSIVE, ORR_TEST } orr_role;

typedef struct orr_body {
    double pos[3], vel[3]; /* [length], [length/time] */
    double gm;             /* G times mass [length3/time2], >= 0; 0 for test bodies */
    double radius;         /* [length], >= 0; 0 is a point */
    uint64_t id;           /* stable name of the body */
    orr_role role;
} orr_body;

typedef struct orr_bodies {
    size_t n, n_active, n_passive; /* n counts all */
    size_t stride, capacity;
    double *pos, *vel; /* [3 * stride] */
    double *gm, *radius;
    uint64_t *id;
} orr_bodies;

/* Make room for capacity bodies.  Owns its arrays until orr_bodies_free(). */
ORR_API ORR_CHECKED orr_status orr_bodies_init(orr_bodies *b, size_t capacity);

/* Release the arrays; b may be all zeros or NULL. */
ORR_API void orr_bodies_free(orr_bodies *b);

/* Add a body after the last one of its role; later ones move up.  Grows when full.
 * index (may be NULL) gets its place.  ORR_E_ARGUMENT if a value exceeds ORR_LARGEST or is NaN, gm
 * or radius is negative, or a test body has gm; ORR_E_NO_MEMORY: b is unchanged. */
ORR_API ORR_CHECKED orr_status orr_bodies_add(orr_bodies *b, orr_body body, size_t *index);

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

/* A hash of the exact bits of positions, velocities, gm and ids: equal states, equal hashes. */
ORR_API uint64_t orr_bodies_hash(const orr_bodies *b);

#ifdef __cplusplus
}
#endif

#endif
