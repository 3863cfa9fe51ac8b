/* far.h - expansions of gravity about the centres of cells, order p = 2 ... 8.
 *
 * Cartesian Taylor expansions about centres of mass.  Two kinds: `harmonic` for 1/r, whose rows are
 * folded to the (p+1)^2 components with k_z in {0, 1} (a component with k_z >= 2 equals
 * -(k_x+2, k_y, k_z-2) - (k_x, k_y+2, k_z-2)), and `full` for Plummer's law 1/sqrt(r^2 + eps^2),
 * with all of the (p+1)(p+2)(p+3)/6.
 * Dehnen 2014, doi 10.1186/s40668-014-0001-7; Potter, Stadel & Teyssier 2017.
 *
 *     M_m  = sum GM_i (-r_i)^m / m!                              multipoles, r from the centre z
 *     M'_m = sum_{k<=m} M_k (-d)^(m-k) / (m-k)!                  M2M, d = z_child - z_parent
 *     F_n += sum_{|m| <= p-|n|} M_m D_{n+m}(R)                   M2L, R = z_target - z_source
 *     F'_n = sum_k F_{n+k} d^k / k!                              L2L, d = z_child - z_parent
 *     phi  = -sum F_n r^n / n!, a_i = sum F_{n+e_i} r^n / n!     L2P
 *
 * M2P sums the same terms as M2L with r = 0: |m| <= p for the potential, p-1 for accelerations, p-2
 * for tides.  The centre of a source is its centre of mass: components of order 1 are not kept.
 *
 * Numbers are kept without a unit: lengths over cells->length, masses over cells->mass, moments of
 * order n also over size^n and GM.  So nothing leaves the range of floats, in any units.
 * Multipoles are floats, with centre, GM and size in the same row; pairs are computed in float and
 * summed in float over one list; lists are added up in double, locals are doubles.
 * Same bits on every instruction set. */
#ifndef ORRERY_KERNELS_GRAVITY_FAR_H
#define ORRERY_KERNELS_GRAVITY_FAR_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/gravity/near.h"

enum { ORR_LEAST_ORDER = 2, ORR_MOST_ORDER = 8 };

typedef enum orr_expansion { ORR_HARMONIC, ORR_FULL } orr_expansion;

/* Cells as arrays.  Not every member is needed by every function; see there. */
typedef struct orr_far_cells {
    /* Centres [length]: of sources the centre of mass, to the rounding of doubles; of targets any
     * point. */
    const double *z[3];
    /* Scale of the row [length], 2^-50 `length` or more: about the largest distance of a body from
     * the centre (for one body: any). */
    const double *size;
    const double *gm;  /* [length3/time2] of sources: the sum of their bodies, > 0 */
    double length;     /* unit [length]: a power of two, about the extent of all cells */
    double mass;       /* unit [length3/time2]: the largest gm (that of the root), > 0 */
    float *multipoles; /* rows of orr_far_multipoles() floats, 64-byte aligned */
    double *locals;    /* rows of orr_far_locals() doubles, 64-byte aligned; zeroed by the caller */
} orr_far_cells;

/* Floats in a row of multipoles, doubles in a row of locals: both a multiple of 64 bytes. */
size_t orr_far_multipoles(orr_expansion kind, int p);
size_t orr_far_locals(orr_expansion kind, int p);

/* The kernels of one kind and order.  Lists may have any length, 0 included.  Targets and sources
 * of a call have the same length and mass. */
typedef struct orr_far_kernels {
    /* Multipoles of cell c from bodies [begin, begin + n), n > 0: the whole row is set. */
    void (*p2m)(const orr_far_cells *cells, size_t c, const double *x, const double *y,
                const double *z, const double *gm, size_t begin, size_t n);
    /* Multipoles of the parent from its children [first, first + n), n in 1 ... 8: the whole row
     * is set. */
    void (*m2m)(const orr_far_cells *cells, size_t parent, size_t first, size_t n);
    /* What orders an expansion has, Dehnen 2014 eq. 9: P_n over GM size^n, n = 0 ... p.  For the
     * harmonic kind of the trace-free part, which is what pulls. */
    void (*power)(const orr_far_cells *cells, size_t c, float *out /* [p + 1] */);
    /* Locals of target t += sources[list[0 .. n)]; no source's centre is that of the target. Of
     * targets z, size, length, mass, locals are read, of sources multipoles. */
    void (*m2l)(const orr_far_cells *targets, size_t t, const orr_far_cells *sources,
                const uint32_t *list, size_t n, double eps);
    /* Locals of children [first, first + n), n in 1 ... 8, += those of their parent. */
    void (*l2l)(const orr_far_cells *cells, size_t parent, size_t first, size_t n);
    /* At packed bodies, from the locals of cell c: of `at` tx .. n_targets, want are read, ax ..
     * tides added to. */
    void (*l2p)(const orr_far_cells *cells, size_t c, orr_near *at);
    /* The same straight from the multipoles of sources[list[0 .. n)], no centre at a body; reads
     * center and scale of `at`, too. */
    void (*m2p)(const orr_far_cells *sources, const uint32_t *list, size_t n, double eps,
                orr_near *at);
} orr_far_kernels;

/* NULL for another p.  Of the selected instruction set: orr_kernels_selected()->far(kind, p). */
typedef const orr_far_kernels *orr_far_choose(orr_expansion kind, int p);

extern orr_far_choose orr_far_portable, orr_far_avx2, orr_far_avx512;

/* By order. */
extern const orr_far_kernels orr_far_harmonic_portable[], orr_far_harmonic_avx2[],
    orr_far_harmonic_avx512[], orr_far_full_portable[], orr_far_full_avx2[], orr_far_full_avx512[];

#endif
