/* far.h - expansions of gravity about the centres of cells, order p = 2 ... 8.
 *
 * Cartesian Taylor expansions about centres of mass.  Two kinds: `harmonic` for 1/r, whose rows are
 * folded to the (p+1)^2 components with k_z in {0, 1} (a component with k_z >= 2 equals
 * -(k_x+2, k_y, k_z-2) - (k_x, k_y+2, k_z-2)), and `full` for Plummer's law, with all of the
 * (p+1)(p+2)(p+3)/6.  Straight-line code of both is made at build time by a generator of ours.
 * Dehnen 2014, doi 10.1186/s40668-014-0001-7; Potter, Stadel & Teyssier 2017.
 *
 *     M_m  = sum GM_i (-r_i)^m / m!                              multipoles, r from the centre z
 *     M'_m = sum_{k<=m} M_k (-d)^(m-k) / (m-k)!                  M2M, d = z_child - z_parent
 *     F_n += sum_{|m| <= p-|n|} M_m D_{n+m}(R)                   M2L, R = z_target - z_source
 *     F'_n = sum_k F_{n+k} d^k / k!                              L2L, d = z_child - z_parent
 *     phi  = -sum F_n r^n / n!, a_i = sum F_{n+e_i} r^n / n!     L2P
 *
 * Rows are floats, padded to 64 bytes and scaled by powers of the cell's size and by its GM (stored
 * beside them), so that no number leaves the range of floats in any units.  Same bits on every
 * instruction set. */
#ifndef ORRERY_KERNELS_GRAVITY_FAR_H
#define ORRERY_KERNELS_GRAVITY_FAR_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/gravity/near.h"

enum { ORR_LEAST_ORDER = 2, ORR_MOST_ORDER = 8 };

typedef enum orr_expansion { ORR_HARMONIC, ORR_FULL } orr_expansion;

/* Cells as arrays.  size: scales the row, > 0 [length]; gm > 0. */
typedef struct orr_far_cells {
    const double *z[3]; /* centres [length] */
    const double *size; /* [length] */
    const double *gm;   /* [length3/time2] */
    float *multipoles;  /* rows of orr_far_row() floats */
    float *locals;      /* likewise, of the target's tree */
} orr_far_cells;

/* Floats in a row, a multiple of 16. */
size_t orr_far_row(orr_expansion kind, int p);

/* What orders an expansion has, see Dehnen 2014 eq. 9: P_n = sqrt(n! sum_{|m|=n} m! M_m^2), scaled
 * by GM size^n, n = 0 ... p. */
typedef struct orr_far_kernels {
    /* multipoles of cell c from bodies [begin, begin + n) */
    void (*p2m)(const orr_far_cells *cells, size_t c, const double *x, const double *y,
                const double *z, const double *gm, size_t begin, size_t n);
    /* added to those of the parent */
    void (*m2m)(const orr_far_cells *cells, size_t child, size_t parent);
    void (*power)(const orr_far_cells *cells, size_t c, float *out /* [p + 1] */);
    /* locals of target t += sources[0 .. n) */
    void (*m2l)(const orr_far_cells *targets, size_t t, const orr_far_cells *sources,
                const uint32_t *list, size_t n, double eps);
    void (*l2l)(const orr_far_cells *cells, size_t parent, size_t child);
    /* at packed bodies (see near.h: tx .. n_targets, want, ax .. tides), from the locals of cell c */
    void (*l2p)(const orr_far_cells *cells, size_t c, orr_near *at);
    /* the same straight from the multipoles of sources[0 .. n) */
    void (*m2p)(const orr_far_cells *sources, const uint32_t *list, size_t n, double eps,
                orr_near *at);
} orr_far_kernels;

/* NULL for another p. */
typedef const orr_far_kernels *orr_far_choose(orr_expansion kind, int p);

#endif
