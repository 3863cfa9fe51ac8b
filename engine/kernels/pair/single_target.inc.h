/* single_target.inc.h - acceleration, jerk and snap of one body; sources lie across the lanes.
 *
 *     alpha = r.v / R^2     beta = (v.v + r.a) / R^2 + alpha^2
 *     a_i   += GM r / R^3                                             =: A
 *     jerk_i += GM v / R^3 - 3 alpha A                                =: J
 *     snap_i += GM a / R^3 - 6 alpha J - 3 beta A
 *
 * with r, v, a the differences of positions, velocities, accelerations (Nitadori & Makino 2008, New
 * Astron. 13, 498, doi 10.1016/j.newast.2008.01.010).  For block time steps, where few bodies move
 * in the field of all.  Eight partial sums, always added in the same order. */

#include "kernels/kernels.h"
#include "kernels/simd.h"

typedef struct focus_sums {
    vec acc[3][VECS], jerk[3][VECS], snap[3][VECS];
} focus_sums;

static inline __attribute__((always_inline)) void focus_block(const orr_p2p *g, int snap, size_t i,
                                                              size_t block, size_t first,
                                                              size_t last, int masked,
                                                              focus_sums *s)
{
    for (size_t k = 0; k < VECS; k++) {
        size_t j = block + k * VEC_DOUBLES;
        vec_mask m = vec_lanes((int64_t)j);
        m = (m != (int64_t)i) & (m >= (int64_t)first) & (m < (int64_t)last);
        vec dx = vec_load(g->x + j) - g->x[i];
        vec dy = vec_load(g->y + j) - g->y[i];
        vec dz = vec_load(g->z + j) - g->z[i];
        vec ux = vec_load(g->vx + j) - g->vx[i];
        vec uy = vec_load(g->vy + j) - g->vy[i];
        vec uz = vec_load(g->vz + j) - g->vz[i];
        vec r2 = (dx * dx + dy * dy) + (dz * dz + vec_set(g->eps2));
        vec inverse = 1.0 / r2;
        vec w = vec_load(g->gm + j) * ((inverse * inverse) * vec_sqrt(r2));
        vec alpha = ((dx * ux + dy * uy) + dz * uz) * inverse;
        if (masked) {
            w = vec_keep(w, m);
            alpha = vec_keep(alpha, m);
        }
        vec ax = w * dx, ay = w * dy, az = w * dz, alpha3 = 3.0 * alpha;
        vec jx = w * ux - alpha3 * ax, jy = w * uy - alpha3 * ay, jz = w * uz - alpha3 * az;
        s->acc[0][k] += ax;
        s->acc[1][k] += ay;
        s->acc[2][k] += az;
        s->jerk[0][k] += jx;
        s->jerk[1][k] += jy;
        s->jerk[2][k] += jz;
        if (!snap)
            continue;
        vec bx = vec_load(g->bx + j) - g->bx[i];
        vec by = vec_load(g->by + j) - g->by[i];
        vec bz = vec_load(g->bz + j) - g->bz[i];
        vec u2 = ((ux * ux + uy * uy) + uz * uz) + ((dx * bx + dy * by) + dz * bz);
        vec beta3 = 3.0 * (u2 * inverse + alpha * alpha);
        if (masked)
            beta3 = vec_keep(beta3, m);
        vec alpha6 = 2.0 * alpha3;
        s->snap[0][k] += w * bx - alpha6 * jx - beta3 * ax;
        s->snap[1][k] += w * by - alpha6 * jy - beta3 * ay;
        s->snap[2][k] += w * bz - alpha6 * jz - beta3 * az;
    }
}

static inline __attribute__((always_inline)) void focus_all(const orr_p2p *g, int snap, size_t i,
                                                            size_t first, size_t last)
{
    focus_sums s = {{{{0}}}, {{{0}}}, {{{0}}}};
    for (size_t block = first / 8 * 8; block < last; block += 8) {
        if (block >= first && block + 8 <= last && (i < block || i >= block + 8))
            focus_block(g, snap, i, block, first, last, 0, &s);
        else
            focus_block(g, snap, i, block, first, last, 1, &s);
    }
    g->ax[i] += vec_sum8(s.acc[0]);
    g->ay[i] += vec_sum8(s.acc[1]);
    g->az[i] += vec_sum8(s.acc[2]);
    if (g->jx) { /* it is wanted */
        g->jx[i] += vec_sum8(s.jerk[0]);
        g->jy[i] += vec_sum8(s.jerk[1]);
        g->jz[i] += vec_sum8(s.jerk[2]);
    }
    if (!snap)
        return;
    g->sx[i] += vec_sum8(s.snap[0]);
    g->sy[i] += vec_sum8(s.snap[1]);
    g->sz[i] += vec_sum8(s.snap[2]);
}

static void focus(const orr_p2p *g, int snap, size_t i, size_t first, size_t last)
{
    if (snap)
        focus_all(g, 1, i, first, last);
    else
        focus_all(g, 0, i, first, last);
}

/* Taylor's theorem, body by body: out[m] = sum_k f[m + k] dt^k / k!, for m < outputs. */
static void predict(size_t n, size_t stride, const double *dt, size_t terms,
                    const double *const f[], size_t outputs, double *const out[])
{
    static const double inverse[] = {0, 1, 1. / 2, 1. / 3, 1. / 4, 1. / 5, 1. / 6, 1. / 7};
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t i = 0; i < n; i += VEC_DOUBLES) {
            vec h = vec_load(dt + i);
            size_t at = axis * stride + i;
            for (size_t m = 0; m < outputs; m++) {
                vec y = vec_load(f[terms - 1] + at);
                for (size_t k = terms - 1; k-- > m;)
                    y = vec_load(f[k] + at) + (h * inverse[k - m + 1]) * y;
                vec_store(out[m] + at, y);
            }
        }
}
