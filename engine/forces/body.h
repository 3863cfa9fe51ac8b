/* body.h - what forces about one body share: finding it, vectors from it, action and reaction. */
#ifndef ORRERY_FORCES_BODY_H
#define ORRERY_FORCES_BODY_H

#include <orrery/bodies.h>
#include <orrery/primaries.h>
#include <orrery/problem.h>

static inline double orr_dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static inline void orr_cross(const double a[3], const double b[3], double out[3])
{
    for (int c = 0; c < 3; c++)
        out[c] = a[(c + 1) % 3] * b[(c + 2) % 3] - a[(c + 2) % 3] * b[(c + 1) % 3];
}

/* out = vector i of an array laid out like bodies->pos; returns its square. */
static inline double orr_vector(const double *v, const orr_bodies *b, size_t i, double out[3])
{
    for (size_t c = 0; c < 3; c++)
        out[c] = v[i + c * b->stride];
    return orr_dot(out, out);
}

/* out = vector j - vector i; returns its square. */
static inline double orr_from_to(const double *v, const orr_bodies *b, size_t i, size_t j,
                                 double out[3])
{
    for (size_t c = 0; c < 3; c++)
        out[c] = v[j + c * b->stride] - v[i + c * b->stride];
    return orr_dot(out, out);
}

/* Body i is accelerated by a, and pushes back at `center`. */
static inline void orr_push_apart(const orr_bodies *b, size_t center, size_t i, const double a[3],
                                  double *out)
{
    for (size_t c = 0; c < 3; c++) {
        out[i + c * b->stride] += a[c];
        out[center + c * b->stride] -= b->gm[i] / b->gm[center] * a[c];
    }
}

/* The index of the body with an id, or of the heaviest if id is -1.  ORR_E_INCOMPATIBLE with
 * p->reason if it is not there or has no mass. */
static inline orr_status orr_force_body(orr_problem *p, double id, size_t *out)
{
    const orr_bodies *b = p->bodies;
    size_t found = id >= 0 ? orr_bodies_find(b, (uint64_t)id) : orr_heaviest_body(b);
    *out = found;
    if (found < b->n_active && b->gm[found] > 0)
        return ORR_OK;
    p->reason = found < b->n ? "the body that the force is of must be active and have mass"
                             : "the body that the force is of is no more";
    return ORR_E_INCOMPATIBLE;
}

/* The bodies [*first, *last) that feel a force: the one with an id, or all test bodies if id is -1.
 */
static inline orr_status orr_force_targets(orr_problem *p, double id, size_t *first, size_t *last)
{
    const orr_bodies *b = p->bodies;
    *first = id >= 0 ? orr_bodies_find(b, (uint64_t)id) : b->n_active + b->n_passive;
    *last = id >= 0 ? *first + 1 : b->n;
    if (id < 0 || *first < b->n)
        return ORR_OK;
    *last = *first; /* it is no more: no body feels it */
    return ORR_OK;
}

#endif
