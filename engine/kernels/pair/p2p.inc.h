/* p2p.inc.h - gravity between pairs of bodies, with Plummer softening.
 *
 *     d = r_j - r_i     R^2 = d.d + eps^2     w = d.(v_j - v_i)
 *     a_i   = sum_j GM_j d / R^3
 *     jerk_i = sum_j GM_j [ (v_j - v_i) - 3 (w / R^2) d ] / R^3
 *     phi_i = - sum_j GM_j / R
 *
 * 1/R^3 is formed as (1/R^2)^2 R: division and square root do not wait for each other.  (Measured
 * on Zen 5, AVX-512: 4.0 against 3.8 Gpairs/s for 1/(R^2 R), and 3.1 for rsqrt14 with two Newton
 * steps; see bench/kernels.c.)  No fused multiply-add: the divider sets the pace, and a machine
 * without FMA gets the same bits at full speed.
 *
 * With a changeover radius H, 1/R^3 becomes 1/H^3 of a polynomial within it: the mass of Wendland's
 * C2 kernel inside of r, over r^3 (Wendland 1995; Dehnen & Aly 2012, MNRAS 425, 1068).
 *
 * Targets lie across the lanes and sources are taken one by one in order, so what a target gets
 * does not depend on the width of a vector. */

#include "kernels/kernels.h"
#include "kernels/simd.h"

enum { ACC = 1, JERK = 2, PHI = 4, CHANGEOVER = 8 };

static inline vec inverse_cube(vec r2)
{
    vec inverse = 1.0 / r2;
    return (inverse * inverse) * vec_sqrt(r2);
}

/* 1 / R^3, Newton's beyond H. */
static inline vec far_cube(vec r2, double inverse_h)
{
    vec inverse = 1.0 / r2, root = vec_sqrt(r2), u = root * inverse_h;
    vec inside = 14.0 + (u * u) * (-84.0 + u * (140.0 + u * (-90.0 + 21.0 * u)));
    double h3 = inverse_h * inverse_h * inverse_h;
    return vec_select((vec_mask)(u < 1.0), inside * h3, (inverse * inverse) * root);
}

/* One target block, sources [first, last).  masked: some of them are in the block, skip self. */
static inline __attribute__((always_inline)) void
accumulate(const orr_p2p *g, int want, size_t target, size_t first, size_t last, int masked,
           vec acc[3][VECS], vec jerk[3][VECS], vec phi[VECS])
{
    vec eps2 = vec_set(g->eps2);
    for (size_t j = first; j < last; j++) {
        vec gm = vec_set(g->gm[j]);
        for (size_t k = 0; k < VECS; k++) {
            size_t i = target + k * VEC_DOUBLES;
            vec_mask other = vec_lanes((int64_t)i) != (int64_t)j;
            vec dx = g->x[j] - vec_load(g->x + i);
            vec dy = g->y[j] - vec_load(g->y + i);
            vec dz = g->z[j] - vec_load(g->z + i);
            vec r2 = (dx * dx + dy * dy) + (dz * dz + eps2);
            if (want & PHI) {
                vec term = gm / vec_sqrt(r2);
                phi[k] -= masked ? vec_keep(term, other) : term;
            }
            if (!(want & ACC))
                continue;
            vec s = gm * (want & CHANGEOVER ? far_cube(r2, g->inverse_h) : inverse_cube(r2));
            if (masked)
                s = vec_keep(s, other);
            acc[0][k] += s * dx;
            acc[1][k] += s * dy;
            acc[2][k] += s * dz;
            if (!(want & JERK))
                continue;
            vec ux = g->vx[j] - vec_load(g->vx + i);
            vec uy = g->vy[j] - vec_load(g->vy + i);
            vec uz = g->vz[j] - vec_load(g->vz + i);
            vec c = 3.0 * ((dx * ux + dy * uy) + dz * uz) / r2;
            if (masked)
                c = vec_keep(c, other);
            jerk[0][k] += s * (ux - c * dx);
            jerk[1][k] += s * (uy - c * dy);
            jerk[2][k] += s * (uz - c * dz);
        }
    }
}

static inline void add_lanes(double *out, const vec sum[VECS], size_t target, size_t low,
                             size_t high)
{
    if (low <= target && target + 8 <= high) {
        for (size_t k = 0; k < VECS; k++) {
            double *p = out + target + k * VEC_DOUBLES;
            vec_store(p, vec_load(p) + sum[k]);
        }
        return;
    }
    for (size_t lane = 0; lane < 8; lane++)
        if (target + lane >= low && target + lane < high)
            out[target + lane] += sum[lane / VEC_DOUBLES][lane % VEC_DOUBLES];
}

static inline __attribute__((always_inline)) void
pull(const orr_p2p *g, int want, size_t target, size_t low, size_t high, size_t first, size_t last)
{
    vec acc[3][VECS] = {{{0}}}, jerk[3][VECS] = {{{0}}}, phi[VECS] = {{0}};
    size_t before = target < first ? first : target < last ? target : last;
    size_t within = target + 8 < before ? before : target + 8 < last ? target + 8 : last;
    accumulate(g, want, target, first, before, 0, acc, jerk, phi);
    accumulate(g, want, target, before, within, 1, acc, jerk, phi);
    accumulate(g, want, target, within, last, 0, acc, jerk, phi);
    if (want & ACC) {
        add_lanes(g->ax, acc[0], target, low, high);
        add_lanes(g->ay, acc[1], target, low, high);
        add_lanes(g->az, acc[2], target, low, high);
    }
    if (want & JERK) {
        add_lanes(g->jx, jerk[0], target, low, high);
        add_lanes(g->jy, jerk[1], target, low, high);
        add_lanes(g->jz, jerk[2], target, low, high);
    }
    if (want & PHI)
        add_lanes(g->phi, phi, target, low, high);
}

static void pull_acc(const orr_p2p *g, size_t target, size_t low, size_t high, size_t first,
                     size_t last)
{
    pull(g, ACC, target, low, high, first, last);
}

static void pull_acc_jerk(const orr_p2p *g, size_t target, size_t low, size_t high, size_t first,
                          size_t last)
{
    pull(g, ACC | JERK, target, low, high, first, last);
}

static void pull_far(const orr_p2p *g, size_t target, size_t low, size_t high, size_t first,
                     size_t last)
{
    pull(g, ACC | CHANGEOVER, target, low, high, first, last);
}

static void pull_phi(const orr_p2p *g, size_t target, size_t low, size_t high, size_t first,
                     size_t last)
{
    pull(g, PHI, target, low, high, first, last);
}

/* Newton's third law: bodies i across the lanes, j one by one; the pull on j is gathered in eight
 * partial sums that are always added in the same order. */
static inline __attribute__((always_inline)) void mutual_all(const orr_p2p *g, int want, size_t i0,
                                                             size_t i1, size_t j0, size_t j1)
{
    vec eps2 = vec_set(g->eps2);
    for (size_t j = j0; j < j1; j++) {
        vec xj = vec_set(g->x[j]), yj = vec_set(g->y[j]), zj = vec_set(g->z[j]);
        vec gmj = vec_set(g->gm[j]);
        vec back[3][VECS] = {{{0}}};
        for (size_t i = i0; i < i1; i += 8)
            for (size_t k = 0; k < VECS; k++) {
                size_t at = i + k * VEC_DOUBLES;
                vec dx = xj - vec_load(g->x + at);
                vec dy = yj - vec_load(g->y + at);
                vec dz = zj - vec_load(g->z + at);
                vec r2 = (dx * dx + dy * dy) + (dz * dz + eps2);
                vec w = want & CHANGEOVER ? far_cube(r2, g->inverse_h) : inverse_cube(r2);
                vec on_i = gmj * w, on_j = vec_load(g->gm + at) * w;
                vec_store(g->ax + at, vec_load(g->ax + at) + on_i * dx);
                vec_store(g->ay + at, vec_load(g->ay + at) + on_i * dy);
                vec_store(g->az + at, vec_load(g->az + at) + on_i * dz);
                back[0][k] += on_j * dx;
                back[1][k] += on_j * dy;
                back[2][k] += on_j * dz;
            }
        g->ax[j] -= vec_sum8(back[0]);
        g->ay[j] -= vec_sum8(back[1]);
        g->az[j] -= vec_sum8(back[2]);
    }
}

static void mutual(const orr_p2p *g, size_t i0, size_t i1, size_t j0, size_t j1)
{
    mutual_all(g, ACC, i0, i1, j0, j1);
}

static void mutual_far(const orr_p2p *g, size_t i0, size_t i1, size_t j0, size_t j1)
{
    mutual_all(g, ACC | CHANGEOVER, i0, i1, j0, j1);
}
