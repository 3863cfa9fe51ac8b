/* eight_lanes.inc.h - a block of eight lanes: turning, shifting and summing over its planets. */
#include "kernels/simd.h"

typedef struct oct {
    vec v[VECS];
} oct;

typedef struct oct3 {
    oct c[3];
} oct3;

#define EACH(m) for (int m = 0; m < VECS; m++)

MELT oct oct_load(const double *p)
{
    oct o;
    EACH(m)
        o.v[m] = vec_load(p + m * VEC_DOUBLES);
    return o;
}

MELT void oct_store(double *p, oct o)
{
    EACH(m)
        vec_store(p + m * VEC_DOUBLES, o.v[m]);
}

/* Lanes s, s + 1, ... of a followed by b. */
MELT vec slide(vec a, vec b, int s)
{
#if VEC_DOUBLES == 8
    switch (s) {
    case 1:
        return __builtin_shufflevector(a, b, 1, 2, 3, 4, 5, 6, 7, 8);
    case 2:
        return __builtin_shufflevector(a, b, 2, 3, 4, 5, 6, 7, 8, 9);
    case 3:
        return __builtin_shufflevector(a, b, 3, 4, 5, 6, 7, 8, 9, 10);
    case 4:
        return __builtin_shufflevector(a, b, 4, 5, 6, 7, 8, 9, 10, 11);
    case 5:
        return __builtin_shufflevector(a, b, 5, 6, 7, 8, 9, 10, 11, 12);
    case 6:
        return __builtin_shufflevector(a, b, 6, 7, 8, 9, 10, 11, 12, 13);
    case 7:
        return __builtin_shufflevector(a, b, 7, 8, 9, 10, 11, 12, 13, 14);
    default:
        return a;
    }
#elif VEC_DOUBLES == 4
    switch (s) {
    case 1:
        return __builtin_shufflevector(a, b, 1, 2, 3, 4);
    case 2:
        return __builtin_shufflevector(a, b, 2, 3, 4, 5);
    case 3:
        return __builtin_shufflevector(a, b, 3, 4, 5, 6);
    default:
        return a;
    }
#else
    return s == 1 ? __builtin_shufflevector(a, b, 1, 2) : a;
#endif
}

/* Lane l gets lane l + k, round and round within groups of `width` lanes. */
MELT oct turn(oct q, int width, int k)
{
    oct out;
#if VEC_DOUBLES == 8
    vec a = q.v[0];
    if (width == 8)
        out.v[0] = slide(a, a, k);
    else if (width == 4)
        out.v[0] = k == 1   ? __builtin_shufflevector(a, a, 1, 2, 3, 0, 5, 6, 7, 4)
                   : k == 2 ? __builtin_shufflevector(a, a, 2, 3, 0, 1, 6, 7, 4, 5)
                   : k == 3 ? __builtin_shufflevector(a, a, 3, 0, 1, 2, 7, 4, 5, 6)
                            : a;
    else
        out.v[0] = k == 1 ? __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6) : a;
#else
    EACH(m) {
#if VEC_DOUBLES == 4
        if (width == 2) {
            out.v[m] = k == 1 ? __builtin_shufflevector(q.v[m], q.v[m], 1, 0, 3, 2) : q.v[m];
            continue;
        }
#endif
        int group = width / VEC_DOUBLES, base = m / group * group;
        int first = base + (m - base + k / VEC_DOUBLES) % group;
        int second = base + (m - base + k / VEC_DOUBLES + 1) % group;
        out.v[m] = slide(q.v[first], q.v[second], k % VEC_DOUBLES);
    }
#endif
    return out;
}

/* The sum over the lanes of a group, in every lane, with the same bits. */
MELT oct total(oct q, int width)
{
    for (int k = width / 2; k > 0; k /= 2) {
        oct t = turn(q, width, k);
        EACH(m)
            q.v[m] += t.v[m];
    }
    return q;
}

/* Lane l of a group gets the sum of lanes 0 .. l (up) or l .. width - 1 (down). */
MELT oct running(oct q, int width, int up)
{
    for (int k = 1; k < width; k *= 2) {
        oct t = turn(q, width, up ? width - k : k);
        EACH(m) {
            vec_mask place = vec_lanes(m * VEC_DOUBLES) & (width - 1);
            q.v[m] += vec_keep(t.v[m], up ? (vec_mask)(place >= k) : (vec_mask)(place < width - k));
        }
    }
    return q;
}

/* Lane l gets lane l - 1 (up) or l + 1; the first or last gets edge. */
MELT oct neighbour(oct q, int width, int up, oct edge)
{
    oct t = turn(q, width, up ? width - 1 : 1);
    EACH(m) {
        vec_mask place = vec_lanes(m * VEC_DOUBLES) & (width - 1);
        t.v[m] = vec_select((vec_mask)(place == (up ? 0 : width - 1)), edge.v[m], t.v[m]);
    }
    return t;
}

/* x + d + *low, and in *low what rounding takes from it. */
MELT vec add(vec x, vec d, vec *low)
{
    return vec_two_sum(x, d + *low, low);
}

MELT vec square3(const oct3 *x, int m)
{
    vec v[3] = {x->c[0].v[m], x->c[1].v[m], x->c[2].v[m]};
    return dot(v, v);
}
